/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of codes, and delivering messages to the listener. */
#include "lang/diag.h"

#include <assert.h>

static const struct diag_kind kinds[] = {
    [DIAG_FILE_UNREADABLE] = {"file-unreadable", SEVERITY_ERROR, "The rule file cannot be read"},
    [DIAG_NO_RULES] = {"no-rules", SEVERITY_WARNING, "The file has no valid rule"},
    [DIAG_BYTE_ORDER_MARK] = {"byte-order-mark", SEVERITY_ADVICE,
                              "The file begins with a byte order mark"},
    [DIAG_INVISIBLE_CHARACTER] = {"invisible-character", SEVERITY_ADVICE,
                                  "A character that looks like white space but is not"},
    [DIAG_LINE_FORM] = {"line-form", SEVERITY_ERROR, "A line does not have the form keyword=value"},
    [DIAG_KEYWORD_TWICE] = {"keyword-twice", SEVERITY_WARNING,
                            "A keyword is given twice in a rule; the last one counts"},
    [DIAG_RULES_JOINED] = {"rules-joined", SEVERITY_ADVICE,
                           "Two rules without an empty line between them"},
    [DIAG_KEYWORD_MISSING] = {"keyword-missing", SEVERITY_ERROR,
                              "A keyword that the rule type needs is missing"},
    [DIAG_KEYWORD_UNKNOWN] = {"keyword-unknown", SEVERITY_ERROR,
                              "The rule type does not have this keyword"},
    [DIAG_RULE_TYPE] = {"rule-type", SEVERITY_ERROR, "There is no such rule type"},
    [DIAG_FIELD_VALUE] = {"field-value", SEVERITY_ERROR, "The keyword cannot have this value"},
    [DIAG_TIME] = {"time", SEVERITY_ERROR, "The time of a Calendar rule is not valid"},
    [DIAG_OPTION_VALUE] = {"option-value", SEVERITY_WARNING,
                           "An option of the file has a value that is not valid"},
    [DIAG_PATTERN_TYPE] = {"pattern-type", SEVERITY_ERROR, "There is no such pattern type"},
    [DIAG_PATTERN_LINES] = {"pattern-lines", SEVERITY_ERROR,
                            "A pattern looks at more lines than are kept"},
    [DIAG_PATTERN] = {"pattern", SEVERITY_ERROR, "A pattern is not valid"},
    [DIAG_VARMAP] = {"varmap", SEVERITY_ERROR, "A variable map is not valid"},
    [DIAG_VARMAP_UNUSED] = {"varmap-unused", SEVERITY_WARNING,
                            "A variable map with a pattern that cannot use it"},
    [DIAG_CONTEXT] = {"context", SEVERITY_ERROR, "A context expression is not valid"},
    [DIAG_ACTION_LIST] = {"action-list", SEVERITY_ERROR, "An action list is not valid"},
    [DIAG_ACTION] = {"action", SEVERITY_ERROR, "An action is unknown or incomplete"},
    [DIAG_ACTION_EMPTY] = {"action-empty", SEVERITY_ERROR, "A parameter of an action is empty"},
    [DIAG_VARIABLE_NAME] = {"variable-name", SEVERITY_ERROR,
                            "A variable has a name that is not valid"},
    [DIAG_PERL_CODE] = {"perl-code", SEVERITY_ERROR, "Perl code does not compile to a function"},
    [DIAG_LABEL_UNKNOWN] = {"label-unknown", SEVERITY_WARNING, "There is no such label"},
    [DIAG_LABEL_BACKWARD] = {"label-backward", SEVERITY_WARNING,
                             "A label is not after the rule that goes to it"},
    [DIAG_HIDDEN_VARIABLE] = {"hidden-variable", SEVERITY_WARNING,
                              "Perl code uses a variable of SEC's that does not work here"},
    [DIAG_STATE_COMMENT] = {"state-comment", SEVERITY_ADVICE,
                            "A comment for Secant (rem=state:, id:, events:) is not valid"},
};

static_assert(sizeof(kinds) / sizeof(kinds[0]) == DIAG_STATE_COMMENT + 1, "one of each code");

const struct diag_kind *diag_kind(enum diag_code code)
{
    return (size_t)code < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[code] : NULL;
}

static int log_level_of(enum diag_code code)
{
    return kinds[code].severity == SEVERITY_ERROR ? LOG_ERROR : LOG_WARN;
}

bool diag_wanted(const struct parse_env *env, enum diag_code code)
{
    if (env->on_finding)
        return true;
    return kinds[code].severity == SEVERITY_ADVICE ? log_advises(env->log)
                                                   : log_wants(env->log, log_level_of(code));
}

void diag_to_log(struct log *log, const struct finding *finding)
{
    if (kinds[finding->code].severity == SEVERITY_ADVICE)
        log_advise(log, finding->place, finding->text);
    else
        log_msg(log, log_level_of(finding->code), finding->place, finding->text);
}

void diag_place_parts(const struct diag *diag, enum diag_code code, struct bytes at,
                      struct bytes place, const struct bytes *parts, size_t count)
{
    const struct parse_env *env = diag->env;
    if (!diag_wanted(env, code))
        return;
    struct buf text = {0};
    buf_cat_parts(&text, parts, count);
    struct finding finding = {.file = diag->file,
                              .code = code,
                              .place = place,
                              .text = buf_bytes(&text),
                              .rule_line = diag->line};
    if (source_range(&diag->file->source, at, &finding.range))
        finding.at = at;
    if (env->on_finding)
        env->on_finding(env->listener, &finding);
    else
        diag_to_log(env->log, &finding);
    buf_free(&text);
}

void diag_rule_parts(const struct diag *diag, enum diag_code code, struct bytes at,
                     const struct bytes *parts, size_t count)
{
    if (!diag_wanted(diag->env, code))
        return;
    struct buf place = {0};
    buf_cat(&place, B("Rule in "), diag->file->name, B(" at line "), NUM(diag->line), B(": "));
    diag_place_parts(diag, code, at, buf_bytes(&place), parts, count);
    buf_free(&place);
}
