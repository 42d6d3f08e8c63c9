/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options and facts of the run: $main::debuglevel, @main::conffiles, %main::inputsrc and so on.
 * Those that the engine reads at each use may be changed. */
#include "base/mem.h"
#include "base/version.h"
#include "surface/area.h"

enum global_kind { GLOBAL_BOOL, GLOBAL_INT, GLOBAL_SIZE, GLOBAL_TIME, GLOBAL_PATH };

/* A field of struct options. */
static const struct {
    const char *name;
    enum global_kind kind;
    size_t offset;
} fields[] = {
/* clang-format off */
#define FIELD(name, kind, field) {name, kind, offsetof(struct options, field)}
    /* clang-format on */
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

enum { FIELDS = sizeof(fields) / sizeof(*fields) };

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
        value = value < INT64_MAX / 4 ? value : INT64_MAX / 4; /* as options read numbers */
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

/* What is known otherwise; all but the debug level is there to be read. */
enum fact {
    FACT_DEBUGLEVEL,
    FACT_INTCONTEXTNAME,
    FACT_JOINTBUF,
    FACT_JSONAVAIL,
    FACT_LASTCLEANUPTIME,
    FACT_LASTCONFIGLOAD,
    FACT_PROCESSEDLINES,
    FACT_RCFILE_STATUS,
    FACT_SEC_OPTIONS,
    FACT_SEC_VERSION,
    FACT_STARTUPTIME,
    FACT_SYSLOGAVAIL,
    FACT_UMASK,
    FACTS,
};

static const char *const fact_names[FACTS] = {
    [FACT_DEBUGLEVEL] = "debuglevel",
    [FACT_INTCONTEXTNAME] = "intcontextname",
    [FACT_JOINTBUF] = "jointbuf",
    [FACT_JSONAVAIL] = "JSONAVAIL",
    [FACT_LASTCLEANUPTIME] = "lastcleanuptime",
    [FACT_LASTCONFIGLOAD] = "lastconfigload",
    [FACT_PROCESSEDLINES] = "processedlines",
    [FACT_RCFILE_STATUS] = "rcfile_status",
    [FACT_SEC_OPTIONS] = "sec_options",
    [FACT_SEC_VERSION] = "SEC_VERSION",
    [FACT_STARTUPTIME] = "startuptime",
    [FACT_SYSLOGAVAIL] = "SYSLOGAVAIL",
    [FACT_UMASK] = "umask",
};

static int64_t fact_number(const struct engine *engine, size_t fact)
{
    switch (fact) {
    case FACT_DEBUGLEVEL:
        return log_level(engine->log);
    case FACT_JOINTBUF:
        return engine->windows.joint;
    case FACT_LASTCLEANUPTIME:
        return engine->run.last_cleanup;
    case FACT_LASTCONFIGLOAD:
        return engine->rules.set->loaded;
    case FACT_PROCESSEDLINES:
        return (int64_t)engine->run.processed_lines;
    case FACT_STARTUPTIME:
        return engine->run.started;
    case FACT_UMASK:
        return engine->options->umask;
    default: /* modules that are there */
        return 1;
    }
}

static void show_fact(pTHX_ const struct engine *engine, size_t fact, SV *sv)
{
    if (fact == FACT_INTCONTEXTNAME)
        show_text(aTHX_ sv, engine->line.place.intcontext);
    else if (fact == FACT_RCFILE_STATUS)
        show_text(aTHX_ sv, engine->options->rcfile_status);
    else if (fact == FACT_SEC_OPTIONS)
        show_text(aTHX_ sv, engine->options->all);
    else if (fact == FACT_SEC_VERSION)
        show_text(aTHX_ sv, B(SEC_VERSION));
    else if (fact != FACT_UMASK || engine->options->umask >= 0)
        show_int(aTHX_ sv, fact_number(engine, fact));
}

/* Scalars that code names; the others do not exist.  They are looked up again only when Perl has
 * compiled something. */
struct global_mirrors {
    U32 compiled;
    unsigned made;
    unsigned loads;                    /* file_states.loads when rule files were shown last */
    SV *fields[FIELDS], *facts[FACTS]; /* each counted; NULL: not named */
};

static void look_up(pTHX_ const char *name, SV **sv)
{
    char full[64];
    snprintf(full, sizeof(full), "main::%s", name);
    SvREFCNT_dec(*sv);
    *sv = SvREFCNT_inc(get_sv(full, 0));
}

static struct global_mirrors *named_scalars(pTHX_ struct surface *surface)
{
    struct global_mirrors *named = surface->globals;
    if (!named)
        named = surface->globals = mem_zalloc(sizeof(*named));
    if (named->compiled == PL_cop_seqmax && named->made == surface->made)
        return named;
    named->compiled = PL_cop_seqmax;
    named->made = surface->made;
    for (size_t i = 0; i < FIELDS; i++)
        look_up(aTHX_ fields[i].name, &named->fields[i]);
    for (size_t i = 0; i < FACTS; i++)
        look_up(aTHX_ fact_names[i], &named->facts[i]);
    return named;
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
    const struct ruleset *rules = engine->rules.set;
    show_strings(aTHX_ "main::conffilepat", &engine->options->conf);
    show_strings(aTHX_ "main::inputfilepat", &engine->options->input);
    show_strings(aTHX_ "main::groupnames", &engine->options->group);
    show_files(aTHX_ "main::conffiles", rules->files, rules->file_count);
    show_files(aTHX_ "main::maincfiles", rules->main_files, rules->main_count);
    size_t count = inputs_count(engine->io.inputs);
    AV *av = named_array(aTHX_ "main::inputfiles", count);
    for (size_t i = 0; av && i < count; i++)
        show_text(aTHX_ element(aTHX_ av, i), inputs_at(engine->io.inputs, i)->source.name);
}

static void show_input(pTHX_ const struct input *input, HV *hash)
{
    show_text(aTHX_ member(aTHX_ hash, B("open")), input->fd >= 0 ? B("1") : B(""));
    show_int(aTHX_ member(aTHX_ hash, B("regfile")), input->regular);
    show_int(aTHX_ member(aTHX_ hash, B("dev")), (int64_t)input->device);
    show_int(aTHX_ member(aTHX_ hash, B("inode")), (int64_t)input->inode);
    show_int(aTHX_ member(aTHX_ hash, B("lines")), (int64_t)input->source.lines);
    show_text(aTHX_ member(aTHX_ hash, B("context")), input->source.context);
}

static void show_each_input(pTHX_ const struct inputs *inputs, HV *hash)
{
    for (size_t i = 0; i < inputs_count(inputs); i++) {
        const struct input *input = inputs_at(inputs, i);
        show_input(aTHX_ input, hash_in(aTHX_ member(aTHX_ hash, input->source.name)));
    }
}

static void show_inputs(pTHX_ struct engine *engine)
{
    HV *hash = get_hv("main::inputsrc", 0);
    if (!hash)
        return;
    show_each_input(aTHX_ engine->io.inputs, hash);
    if (HvTOTALKEYS(hash) == inputs_count(engine->io.inputs))
        return;
    hv_clear(hash); /* an input has gone */
    show_each_input(aTHX_ engine->io.inputs, hash);
}

static void show_rule(pTHX_ const struct rule_state *state, HV *hash)
{
    const struct rule *rule = state->rule;
    show_int(aTHX_ member(aTHX_ hash, B("ID")), rule->id);
    show_int(aTHX_ member(aTHX_ hash, B("Type")), rule->type->constant.number);
    show_int(aTHX_ member(aTHX_ hash, B("LineNo")), (int64_t)rule->line);
    show_text(aTHX_ member(aTHX_ hash, B("Desc")), rule->desc_text);
    show_int(aTHX_ member(aTHX_ hash, B("MatchCount")), (int64_t)state->match_count);
    show_int(aTHX_ member(aTHX_ hash, B("EventCount")), (int64_t)state->event_count);
    show_time(aTHX_ member(aTHX_ hash, B("CPUtime")), state->cpu_seconds);
}

/* Is it the name of a file that has not been read again since? */
static bool is_kept(const struct file_states *states, unsigned loads, struct bytes name)
{
    for (size_t i = 0; i < states->count; i++)
        if (bytes_eq(states->items[i]->file->name, name))
            return states->items[i]->since <= loads;
    return false;
}

/* After a reload only entries of files that were not read again are still there. */
static void drop_reloaded(pTHX_ HV *hash, const struct file_states *states, unsigned loads)
{
    if (!hash)
        return;
    hv_iterinit(hash);
    for (HE *he; (he = hv_iternext(hash));)
        if (!is_kept(states, loads, taken_text(aTHX_ hv_iterkeysv(he))))
            (void)hv_delete_ent(hash, hv_iterkeysv(he), G_DISCARD, 0);
}

/* %main::configuration: the rules of each file, %main::config_mtimes and config_ltimes. */
static void show_rules(pTHX_ const struct file_states *states, unsigned *loads)
{
    HV *rules_of = get_hv("main::configuration", 0);
    HV *modified = get_hv("main::config_mtimes", 0), *loaded = get_hv("main::config_ltimes", 0);
    /* What code wrote while the first files were loaded stays. */
    if (*loads != states->loads && *loads > 0) {
        drop_reloaded(aTHX_ rules_of, states, *loads);
        drop_reloaded(aTHX_ modified, states, *loads);
        drop_reloaded(aTHX_ loaded, states, *loads);
    }
    *loads = states->loads;
    for (size_t i = 0; i < states->count; i++) {
        const struct file_state *state = states->items[i];
        const struct rule_file *file = state->file;
        if (modified)
            show_int(aTHX_ member(aTHX_ modified, file->name), file->modified);
        if (loaded)
            show_int(aTHX_ member(aTHX_ loaded, file->name), file->loaded);
        if (!rules_of)
            continue;
        AV *list = array_in(aTHX_ member(aTHX_ rules_of, file->name));
        array_resize(aTHX_ list, file->count);
        for (size_t r = 0; r < file->count; r++)
            show_rule(aTHX_ state->rules + r, hash_in(aTHX_ element(aTHX_ list, r)));
    }
}

static void show(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    struct global_mirrors *named = named_scalars(aTHX_ surface);
    const struct file_states *states = &engine->state.files;
    for (size_t i = 0; i < FIELDS; i++) {
        if (named->fields[i])
            show_field(aTHX_ engine->options, i, named->fields[i]);
    }
    for (size_t i = 0; i < FACTS; i++) {
        if (named->facts[i])
            show_fact(aTHX_ engine, i, named->facts[i]);
    }
    show_lists(aTHX_ engine);
    show_inputs(aTHX_ engine);
    show_rules(aTHX_ states, &named->loads);
}

/* Only what was shown: code that was compiled meanwhile has seen nothing yet. */
static void take(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    const struct global_mirrors *named = surface->globals;
    for (size_t i = 0; i < FIELDS; i++) {
        if (named->fields[i])
            take_field(aTHX_ engine->options, i, named->fields[i]);
    }
    SV *level = named->facts[FACT_DEBUGLEVEL];
    if (level && taken_int(aTHX_ level) != log_level(engine->log))
        log_set_level(engine->log, (int)taken_int(aTHX_ level));
}

static void stop(pTHX_ struct surface *surface)
{
    struct global_mirrors *named = surface->globals;
    PERL_UNUSED_CONTEXT;
    for (size_t i = 0; named && i < FIELDS; i++)
        SvREFCNT_dec(named->fields[i]);
    for (size_t i = 0; named && i < FACTS; i++)
        SvREFCNT_dec(named->facts[i]);
    free(named);
}

static const char *const names[] = {"$blocksize",      "$check_timeout",   "$childterm",
                                    "$cleantime",      "$detach",          "$dumpfile",
                                    "$dumpfjson",      "$dumpfts",         "$evstoresize",
                                    "$fromstart",      "$input_timeout",   "$intcontexts",
                                    "$intevents",      "$jointbuf",        "$keepopen",
                                    "$logfile",        "$pidfile",         "$poll_timeout",
                                    "$quoting",        "$reopen_timeout",  "$ruleperf",
                                    "$rwfifo",         "$socket_timeout",  "$syslogf",
                                    "$tail",           "$testonly",        "$timeout_script",
                                    "$username",       "$debuglevel",      "$startuptime",
                                    "$processedlines", "$lastcleanuptime", "$lastconfigload",
                                    "$JSONAVAIL",      "$SYSLOGAVAIL",     "$intcontextname",
                                    "$SEC_VERSION",    "$rcfile_status",   "$sec_options",
                                    "$umask",          "@conffilepat",     "@inputfilepat",
                                    "@groupnames",     "@conffiles",       "@maincfiles",
                                    "@inputfiles",     "%inputsrc",        "%configuration",
                                    "%config_mtimes",  "%config_ltimes",   NULL};

const struct area area_globals = {names, NULL, show, take, stop};
