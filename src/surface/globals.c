/* Options and facts of the run: $main::debuglevel, @main::conffiles, %main::inputsrc and so on.
 * Those that the engine reads at each use may be changed. */
#include "base/mem.h"
#include "surface/area.h"

enum global_kind { GLOBAL_BOOL, GLOBAL_INT, GLOBAL_SIZE, GLOBAL_TIME, GLOBAL_PATH };

/* A field of struct options. */
static const struct {
    const char *name;
    enum global_kind kind;
    size_t offset;
} fields[] = {
#define FIELD(name, kind, field) {name, kind, offsetof(struct options, field)}
    FIELD("blocksize", GLOBAL_SIZE, in.blocksize),
    FIELD("check_timeout", GLOBAL_INT, in.check_timeout),
    FIELD("childterm", GLOBAL_BOOL, childterm),
    FIELD("cleantime", GLOBAL_INT, cleantime),
    FIELD("detach", GLOBAL_BOOL, detach),
    FIELD("dumpfile", GLOBAL_PATH, dump),
    FIELD("dumpfjson", GLOBAL_BOOL, dumpfjson),
    FIELD("dumpfts", GLOBAL_BOOL, dumpfts),
    FIELD("evstoresize", GLOBAL_INT, evstoresize),
    FIELD("fromstart", GLOBAL_BOOL, fromstart),
    FIELD("input_timeout", GLOBAL_INT, in.input_timeout),
    FIELD("intcontexts", GLOBAL_BOOL, intcontexts),
    FIELD("intevents", GLOBAL_BOOL, intevents),
    FIELD("jointbuf", GLOBAL_BOOL, jointbuf),
    FIELD("keepopen", GLOBAL_BOOL, keepopen),
    FIELD("logfile", GLOBAL_PATH, log),
    FIELD("pidfile", GLOBAL_PATH, pid),
    FIELD("poll_timeout", GLOBAL_TIME, poll_timeout),
    FIELD("quoting", GLOBAL_BOOL, quoting),
    FIELD("reopen_timeout", GLOBAL_INT, in.reopen_timeout),
    FIELD("ruleperf", GLOBAL_BOOL, ruleperf),
    FIELD("rwfifo", GLOBAL_BOOL, in.rwfifo),
    FIELD("socket_timeout", GLOBAL_INT, socket_timeout),
    FIELD("syslogf", GLOBAL_PATH, syslog),
    FIELD("tail", GLOBAL_BOOL, in.tail),
    FIELD("testonly", GLOBAL_BOOL, testonly),
    FIELD("timeout_script", GLOBAL_PATH, timeout_script),
    FIELD("username", GLOBAL_PATH, user),
#undef FIELD
};

enum { FIELDS = sizeof fields / sizeof *fields };

/* Paths and what is looked at only at start are there to be read. */
static void show_field(pTHX_ const struct options *options, size_t index, SV *sv)
{
    const char *at = (const char *)options + fields[index].offset;
    const char *path;
    switch (fields[index].kind) {
    case GLOBAL_BOOL:
        show_int(aTHX_ sv, *(const bool *)at);
        break;
    case GLOBAL_INT:
        show_int(aTHX_ sv, *(const int64_t *)at);
        break;
    case GLOBAL_SIZE:
        show_int(aTHX_ sv, (int64_t) * (const size_t *)at);
        break;
    case GLOBAL_TIME:
        show_time(aTHX_ sv, *(const double *)at);
        break;
    case GLOBAL_PATH:
        path = *(const char *const *)at;
        show_text(aTHX_ sv, path ? bytes_of(path) : (struct bytes){0});
        break;
    }
}

static void take_field(pTHX_ struct options *options, size_t index, SV *sv)
{
    char *at = (char *)options + fields[index].offset;
    int64_t value = taken_int(aTHX_ sv);
    switch (fields[index].kind) {
    case GLOBAL_BOOL:
        *(bool *)at = cBOOL(SvTRUE(sv));
        break;
    case GLOBAL_INT:
        *(int64_t *)at = value > 0 ? value : 0;
        break;
    case GLOBAL_SIZE:
        if (value > 0)
            *(size_t *)at = (size_t)value;
        break;
    case GLOBAL_TIME:
        *(double *)at = SvNV(sv) >= 0 ? SvNV(sv) : 0;
        break;
    case GLOBAL_PATH:
        break;
    }
}

/* Only scalars that code names exist; the others are not made. */
static SV *named_scalar(pTHX_ const char *name)
{
    char full[64];
    snprintf(full, sizeof full, "main::%s", name);
    return get_sv(full, 0);
}

static void show_named(pTHX_ const char *name, int64_t value)
{
    SV *sv = named_scalar(aTHX_ name);
    if (sv)
        show_int(aTHX_ sv, value);
}

static void show_facts(pTHX_ struct engine *engine)
{
    show_named(aTHX_ "debuglevel", log_level(engine->log));
    show_named(aTHX_ "startuptime", engine->started);
    show_named(aTHX_ "processedlines", (int64_t)engine->processed_lines);
    show_named(aTHX_ "lastcleanuptime", engine->last_cleanup);
    show_named(aTHX_ "lastconfigload", engine->rules->loaded);
    show_named(aTHX_ "JSONAVAIL", 1);
    show_named(aTHX_ "SYSLOGAVAIL", 1);
    SV *sv = named_scalar(aTHX_ "intcontextname");
    if (sv)
        show_text(aTHX_ sv, engine->place.intcontext);
    if ((sv = named_scalar(aTHX_ "SEC_VERSION")))
        show_text(aTHX_ sv, B("SEC (Simple Event Correlator) 2.9.4"));
    if ((sv = named_scalar(aTHX_ "rcfile_status")))
        show_text(aTHX_ sv, engine->options->rcfile_status);
    if ((sv = named_scalar(aTHX_ "sec_options")))
        show_text(aTHX_ sv, engine->options->all);
    if ((sv = named_scalar(aTHX_ "umask")) && engine->options->umask >= 0)
        show_int(aTHX_ sv, engine->options->umask);
}

static AV *named_array(pTHX_ const char *name, size_t count)
{
    AV *av = get_av(name, 0);
    if (av)
        array_resize(aTHX_ av, count);
    return av;
}

static void show_strings(pTHX_ const char *name, const struct string_list *list)
{
    AV *av = named_array(aTHX_ name, list->count);
    for (size_t i = 0; av && i < list->count; i++)
        show_text(aTHX_ element(aTHX_ av, i), list->items[i]);
}

static void show_files(pTHX_ const char *name, struct rule_file *const *files, size_t count)
{
    AV *av = named_array(aTHX_ name, count);
    for (size_t i = 0; av && i < count; i++)
        show_text(aTHX_ element(aTHX_ av, i), files[i]->name);
}

static void show_lists(pTHX_ struct engine *engine)
{
    const struct ruleset *rules = engine->rules;
    show_strings(aTHX_ "main::conffilepat", &engine->options->conf);
    show_strings(aTHX_ "main::inputfilepat", &engine->options->input);
    show_strings(aTHX_ "main::groupnames", &engine->options->group);
    show_files(aTHX_ "main::conffiles", rules->files, rules->file_count);
    show_files(aTHX_ "main::maincfiles", rules->main_files, rules->main_count);
    size_t count = inputs_count(engine->inputs);
    AV *av = named_array(aTHX_ "main::inputfiles", count);
    for (size_t i = 0; av && i < count; i++)
        show_text(aTHX_ element(aTHX_ av, i), inputs_at(engine->inputs, i)->name);
}

static void show_input(pTHX_ const struct input *input, HV *hash)
{
    show_int(aTHX_ member(aTHX_ hash, B("open")), input->fd >= 0);
    show_int(aTHX_ member(aTHX_ hash, B("regfile")), input->regular);
    show_int(aTHX_ member(aTHX_ hash, B("dev")), (int64_t)input->device);
    show_int(aTHX_ member(aTHX_ hash, B("inode")), (int64_t)input->inode);
    show_int(aTHX_ member(aTHX_ hash, B("lines")), (int64_t)input->lines);
    show_text(aTHX_ member(aTHX_ hash, B("context")), input->context);
}

static void show_inputs(pTHX_ struct engine *engine)
{
    HV *hash = get_hv("main::inputsrc", 0);
    size_t count = inputs_count(engine->inputs);
    if (!hash)
        return;
    if (HvTOTALKEYS(hash) != count)
        hv_clear(hash);
    for (size_t i = 0; i < count; i++) {
        const struct input *input = inputs_at(engine->inputs, i);
        show_input(aTHX_ input, hash_in(aTHX_ member(aTHX_ hash, input->name)));
    }
}

static void show_rule(pTHX_ const struct rule *rule, HV *hash)
{
    show_int(aTHX_ member(aTHX_ hash, B("ID")), rule->id);
    show_int(aTHX_ member(aTHX_ hash, B("Type")), rule_type_number(rule->type));
    show_int(aTHX_ member(aTHX_ hash, B("LineNo")), (int64_t)rule->line);
    show_text(aTHX_ member(aTHX_ hash, B("Desc")), rule->desc_text);
    show_int(aTHX_ member(aTHX_ hash, B("MatchCount")), (int64_t)rule->match_count);
    show_int(aTHX_ member(aTHX_ hash, B("EventCount")), (int64_t)rule->event_count);
    show_time(aTHX_ member(aTHX_ hash, B("CPUtime")), rule->cpu_seconds);
}

/* %main::configuration: the rules of each file, %main::config_mtimes and config_ltimes. */
static void show_rules(pTHX_ const struct ruleset *rules)
{
    HV *rules_of = get_hv("main::configuration", 0);
    HV *modified = get_hv("main::config_mtimes", 0), *loaded = get_hv("main::config_ltimes", 0);
    for (size_t i = 0; i < rules->file_count; i++) {
        const struct rule_file *file = rules->files[i];
        if (modified)
            show_int(aTHX_ member(aTHX_ modified, file->name), file->modified);
        if (loaded)
            show_int(aTHX_ member(aTHX_ loaded, file->name), file->loaded);
        if (!rules_of)
            continue;
        AV *list = array_in(aTHX_ member(aTHX_ rules_of, file->name));
        array_resize(aTHX_ list, file->count);
        for (size_t r = 0; r < file->count; r++)
            show_rule(aTHX_ file->rules[r], hash_in(aTHX_ element(aTHX_ list, r)));
    }
}

static void show(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    for (size_t i = 0; i < FIELDS; i++) {
        SV *sv = named_scalar(aTHX_ fields[i].name);
        if (sv)
            show_field(aTHX_ engine->options, i, sv);
    }
    show_facts(aTHX_ engine);
    show_lists(aTHX_ engine);
    show_inputs(aTHX_ engine);
    show_rules(aTHX_ engine->rules);
}

static void take(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    for (size_t i = 0; i < FIELDS; i++) {
        SV *sv = named_scalar(aTHX_ fields[i].name);
        if (sv)
            take_field(aTHX_ engine->options, i, sv);
    }
    SV *level = named_scalar(aTHX_ "debuglevel");
    if (level && taken_int(aTHX_ level) != log_level(engine->log))
        log_set_level(engine->log, (int)taken_int(aTHX_ level));
}

static const char *const names[] = {
    "$blocksize",      "$check_timeout",   "$childterm",      "$cleantime",      "$detach",
    "$dumpfile",       "$dumpfjson",       "$dumpfts",        "$evstoresize",    "$fromstart",
    "$input_timeout",  "$intcontexts",     "$intevents",      "$jointbuf",       "$keepopen",
    "$logfile",        "$pidfile",         "$poll_timeout",   "$quoting",        "$reopen_timeout",
    "$ruleperf",       "$rwfifo",          "$socket_timeout", "$syslogf",        "$tail",
    "$testonly",       "$timeout_script",  "$username",       "$debuglevel",     "$startuptime",
    "$processedlines", "$lastcleanuptime", "$lastconfigload", "$JSONAVAIL",      "$SYSLOGAVAIL",
    "$intcontextname", "$SEC_VERSION",     "$rcfile_status",  "$sec_options",    "$umask",
    "@conffilepat",    "@inputfilepat",    "@groupnames",     "@conffiles",      "@maincfiles",
    "@inputfiles",     "%inputsrc",        "%configuration",  "%config_mtimes",  "%config_ltimes",
    NULL};

const struct area area_globals = {names, NULL, show, take};
