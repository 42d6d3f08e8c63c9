/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SEC's constants in package main.  Rules name the log levels (main::LOG_WARN); the others give
 * names to the numbers that are found in $main::corr_list{...}{Type} and in saved action lists;
 * those of rule types and actions come from their descriptors. */
#include "surface/area.h"

/* Names whose values count up from zero. */
static const char *const pattern_types[] = {"SUBSTR",  "REGEXP",    "PERLFUNC", "CACHED", "NSUBSTR",
                                            "NREGEXP", "NPERLFUNC", "NCACHED",  "TVALUE", NULL};
static const char *const continuations[] = {"DONTCONT", "TAKENEXT", "GOTO", "ENDMATCH", NULL};
static const char *const expression_parts[] = {
    "OPERAND", "NEGATION", "AND", "OR", "EXPRESSION", "ECODE", "CCODE", "CCODE2", "VARSET", NULL};
static const char *const log_levels[] = {"LOG_WITHOUT_LEVEL", "LOG_CRIT", "LOG_ERR",   "LOG_WARN",
                                         "LOG_NOTICE",        "LOG_INFO", "LOG_DEBUG", NULL};

/* How many names a list has, without its NULL. */
#define NAMES(list) (sizeof(list) / sizeof(*(list)) - 1)
static_assert(NAMES(pattern_types) == PATTERN_TVALUE + 1, "enum pattern_type");
static_assert(NAMES(continuations) == NEXT_ENDMATCH + 1, "enum what_next");
static_assert(NAMES(log_levels) == LOG_DETAIL + 1, "enum log_level");

static const struct {
    const char *name;
    int value;
} numbers[] = {
    {"INVALIDVALUE", -1},          {"TERMTIMEOUT", 3},          {"BATCHREADLIMIT", 8192},
    {"DEFAULT_SOCKETTIMEOUT", 60}, {"DEFAULT_BLOCKSIZE", 8192}, {"DEFAULT_CLEANTIME", 1},
};

static const struct {
    const char *name;
    struct bytes value;
} texts[] = {
    {"EXPRSYMBOL", {"\0", 1}},
    {"SEPARATOR", {" | ", 3}},
    {"SECEVENT_INT_CONTEXT", {"SEC_INTERNAL_EVENT", 18}},
    {"SYNEVENT_INT_CONTEXT", {"_INTERNAL_EVENT", 15}},
    {"FILEVENT_INT_CONTEXT_PREF", {"_FILE_EVENT_", 12}},
    {"DEFAULT_DUMPFILE", {"/tmp/sec.dump", 13}},
};

static void define(pTHX_ const char *name, SV *value)
{
    SvREADONLY_on(value); /* else perl takes NAME->{...} for the name of a hash */
    newCONSTSUB(PL_defstash, name, value);
}

static void define_counted(pTHX_ const char *const *names)
{
    for (int i = 0; names[i]; i++)
        define(aTHX_ names[i], newSViv(i));
}

/* The level of the log as a level of syslog. */
static void define_syslog_levels(pTHX)
{
    static const char *const levels[] = {"notice", "crit", "err",  "warning",
                                         "notice", "info", "debug"};
    HV *hash = newHV();
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
        char text[24];
        struct bytes key = bytes_num(text, (int64_t)i);
        sv_setpv(member(aTHX_ hash, key), levels[i]);
    }
    define(aTHX_ "SYSLOG_LEVELS", newRV_noinc((SV *)hash));
}

static void define_constant(pTHX_ struct constant constant)
{
    if (constant.name)
        define(aTHX_ constant.name, newSViv(constant.number));
}

void constants_define(pTHX_ const struct engine *engine)
{
    for (const struct rule_type *const *type = engine->rules.parse_env.rule_types; *type; type++)
        define_constant(aTHX_(*type)->constant);
    for (const struct action_type *const *type = engine->rules.parse_env.action_types; *type;
         type++)
        define_constant(aTHX_(*type)->constant);
    define_counted(aTHX_ pattern_types);
    define_counted(aTHX_ continuations);
    define_counted(aTHX_ expression_parts);
    define_counted(aTHX_ log_levels);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        define(aTHX_ numbers[i].name, newSViv(numbers[i].value));
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        define(aTHX_ texts[i].name, perl_bytes_sv(aTHX_ texts[i].value));
    define(aTHX_ "DEFAULT_POLLTIMEOUT", newSVnv(0.1));
    define_syslog_levels(aTHX);
}
