/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant check`: its command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "check/course.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"
#include "cli/run.h"
#include "io/inputs.h"
#include "lint/excerpt.h"
#include "lint/settings.h"

static const char usage[] =
    "Usage: secant check [options] FILE ...\n"
    "Finds mistakes in rules without running them.\n"
    "\n"
    "Rules\n"
    "  FILE|FOLDER, --conf=PATTERN  rule files; together they form one set of rules\n"
    "  --each                       treat each file as a separate set\n"
    "  --no-settings                ignore the .secant-check files next to the rules\n"
    "  Of SEC's options: --input, --quoting, --intevents, --intcontexts, --bufsize\n"
    "  --input=FILE=CONTEXT ...     contexts of inputs, which no rule needs to create\n"
    "\n"
    "Checks\n"
    "  --list                       list the checks\n"
    "  --only=NAME,...              run only these\n"
    "  --off=NAME,...               run all but these\n"
    "  --all                        show notes as well\n"
    "  --cost                       also report what makes rules slow\n"
    "  --baseline=FILE              omit the findings that this file lists\n"
    "  --write-baseline=FILE        write the findings to such a file\n"
    "\n"
    "A log\n"
    "  --log=PATTERN[=CONTEXT] ...  run these files through the rules, as secant replay does:\n"
    "                               report what no line reaches, and the time of each rule\n"
    "  How to read its lines, as for secant replay:\n"
    "  --time-format=FORMAT ..., --time-regex=REGEX, --timezone=ZONE, --year=YEAR,\n"
    "  --reorder=SECONDS, --from-json[=TEMPLATE]\n"
    "\n"
    "Fixes\n"
    "  --fix[=NAME,...]             print fixes for the findings, or for these, as a diff\n"
    "  --write                      with --fix: change the files instead\n"
    "\n"
    "Output\n"
    "  --format=tty|gcc|json|sarif|github   the format of the report\n"
    "  -v                           show with each finding how to silence it, and all rules in\n"
    "                               the table\n"
    "  --help, -?                   this text\n"
    "\n"
    "Exit status: 0 if nothing is found, 1 if something is, 2 if the check failed.\n";

enum own_option {
    WORD = LINES_FIELDS,
    EACH,
    SETTINGS,
    LIST,
    ONLY,
    OFF,
    ALL,
    COST,
    BASELINE,
    WRITE_BASELINE,
    FIX,
    WRITE,
    FORMAT,
    VERBOSE,
    LOG
};

enum { OWN = 15, SPECS = LINES_FIELDS + OWN };

static const struct option_spec own_specs[OWN] = {
    {NULL, NULL, OPTION_WORD, WORD},
    {"each", NULL, OPTION_FLAG, EACH},
    {"settings", NULL, OPTION_SWITCH, SETTINGS},
    {"list", NULL, OPTION_FLAG, LIST},
    {"only", NULL, OPTION_LIST, ONLY},
    {"off", NULL, OPTION_LIST, OFF},
    {"all", NULL, OPTION_FLAG, ALL},
    {"cost", NULL, OPTION_FLAG, COST},
    {"baseline", NULL, OPTION_TEXT, BASELINE},
    {"write-baseline", NULL, OPTION_TEXT, WRITE_BASELINE},
    {"fix", NULL, OPTION_MAYBE, FIX},
    {"write", NULL, OPTION_FLAG, WRITE},
    {"format", NULL, OPTION_TEXT, FORMAT},
    {"v", NULL, OPTION_FLAG, VERBOSE},
    {"log", NULL, OPTION_LIST, LOG}, /* SEC's own has the same name */
};

struct names {
    struct bytes *items;
    size_t count, room;
};

/* What has been given. */
struct given {
    struct check_options options;
    struct options *sec;
    struct names words, only, off, fix, logs, inputs;
    struct lint_files files;
    struct option_spec specs[SPECS];
    bool list, wrong;
    bool no_settings;
};

static void add_name(struct names *names, struct bytes name)
{
    MEM_GROW(names->items, names->count, names->room, 8);
    names->items[names->count++] = bytes_dup(name);
}

static void add_checks(struct given *given, const char *option, struct names *names,
                       struct bytes list)
{
    struct bytes name;
    while (bytes_piece(&list, ',', &name)) {
        enum lint_name kind = lint_name_find(name);
        if (kind == LINT_NAME_NONE || kind == LINT_NAME_ERROR) {
            refuse_value(option, name,
                         kind == LINT_NAME_NONE ? B("there is no such check; --list shows them")
                                                : B("errors are always reported"));
            given->wrong = true;
        }
        add_name(names, name);
    }
}

static void set_format(struct given *given, struct bytes name)
{
    given->options.format = lint_format_find(name);
    given->options.lint.every_line = bytes_eq(name, B("json")); /* programs want each */
    if (given->options.format)
        return;
    refuse_value("format", name, B("there is no such format"));
    given->wrong = true;
}

/* What is to be done with findings, and the log. */
static void set_more(struct given *given, const struct option_spec *spec, struct bytes text)
{
    switch (spec->field) {
    case BASELINE:
        given->options.baseline = bytes_dup(text);
        break;
    case WRITE_BASELINE:
        given->options.write_baseline = bytes_dup(text);
        break;
    case FIX:
        given->options.fix = true;
        add_checks(given, "fix", &given->fix, text);
        break;
    case WRITE:
        given->options.write = true;
        break;
    case LOG:
        add_name(&given->logs, text);
        break;
    default:
        given->wrong |= !lines_set(&given->options.lines, spec, text);
    }
}

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    switch (spec->field) {
    case WORD:
        add_name(&given->words, value->text);
        break;
    case EACH:
        given->options.each = true;
        break;
    case SETTINGS:
        given->no_settings = value->number == 0;
        break;
    case LIST:
        given->list = true;
        break;
    case ONLY:
        add_checks(given, "only", &given->only, value->text);
        break;
    case OFF:
        add_checks(given, "off", &given->off, value->text);
        break;
    case COST:
        given->options.lint.cost = true;
        break;
    case ALL:
        given->options.lint.least = LINT_NOTE;
        break;
    case FORMAT:
        set_format(given, value->text);
        break;
    case VERBOSE:
        given->options.style.verbose = true;
        break;
    default:
        set_more(given, spec, value->text);
    }
}

static void add_file(struct given *given, struct bytes word)
{
    struct buf why = {0};
    if (!lint_files_add(&given->files, word, &why)) {
        struct buf seen = {0};
        visible_add(&seen, buf_bytes(&why));
        complain(B("secant check: "), buf_bytes(&seen), B("\n"));
        buf_free(&seen);
        given->options.incomplete = true;
    }
    buf_free(&why);
}

/* The words come after what --conf names. */
static void add_files(struct given *given)
{
    const struct string_list *conf = &given->sec->conf;
    for (size_t i = 0; i < conf->count; i++)
        add_file(given, conf->items[i]);
    for (size_t i = 0; i < given->words.count; i++)
        add_file(given, given->words.items[i]);
    given->options.files = &given->files;
}

/* An option that was read before. */
static void ignore_option(void *arg, const struct option_spec *spec,
                          const struct option_value *value)
{
    (void)arg;
    (void)spec;
    (void)value;
}

/* Once more, after the options that the settings have. */
static void read_again(struct given *given, int argc, char **argv)
{
    const struct more_options more = {given->specs, SPECS, ignore_option, NULL};
    const struct bytes *words;
    size_t count = settings_options(given->options.lint.settings, &words);
    if (count == 0)
        return;
    char **all = mem_zarray((size_t)argc + count + 1, sizeof(*all));
    all[0] = argv[0];
    for (size_t i = 0; i < count; i++)
        all[1 + i] = bytes_cstr(words[i]);
    memcpy(all + 1 + count, argv + 1, (size_t)argc * sizeof(*all));
    struct options *sec = options_read_with(argc + (int)count, all, &more);
    for (size_t i = 0; i < count; i++)
        free(all[1 + i]);
    free(all);
    if (!sec) {
        given->options.incomplete = true;
        return;
    }
    options_free(given->sec);
    given->sec = sec;
}

static void read_settings(struct given *given, int argc, char **argv)
{
    struct buf why = {0};
    struct settings *settings = settings_new();
    for (size_t i = 0; i < given->files.count; i++)
        settings_read(settings, given->files.names[i], &why);
    if (why.len > 0) {
        complain(buf_bytes(&why));
        given->options.incomplete = true;
    }
    given->options.lint.settings = settings;
    read_again(given, argc, argv);
    buf_free(&why);
}

void command_check_usage(void)
{
    fputs(usage, stdout);
}

static void refuse_if(struct given *given, bool wrong, struct bytes why)
{
    if (wrong)
        complain(why, B("\n"));
    given->wrong |= wrong;
}

static void refuse_mixtures(struct given *given)
{
    const struct check_options *options = &given->options;
    refuse_if(given, options->baseline.ptr && options->write_baseline.ptr,
              B("--baseline and --write-baseline cannot be combined"));
    refuse_if(given, options->write && !options->fix, B("--write needs --fix"));
    refuse_if(given, given->logs.count > 0 && options->fix,
              B("--log and --fix cannot be combined"));
    refuse_if(given, given->logs.count > 0 && options->each,
              B("--log and --each cannot be combined"));
}

/* false: something was wrong, and has been said. */
static bool read_options(struct given *given, int argc, char **argv)
{
    memcpy(given->specs, lines_specs, sizeof(lines_specs));
    memcpy(given->specs + LINES_FIELDS, own_specs, sizeof(own_specs));
    const struct more_options more = {given->specs, SPECS, set_option, given};
    given->sec = options_read_with(argc, argv, &more);
    time_options_enter_zone(given->options.lines.times);
    if (given->sec)
        refuse_mixtures(given);
    if (given->sec && !given->wrong) {
        if (given->sec->conf.count + given->words.count > 0 || given->list || given->sec->help)
            return true;
        complain(B("No rules: name a rule file\n"));
    }
    complain(B("secant check --help lists the options\n"));
    return false;
}

static void list_checks(void)
{
    for (size_t i = 0; lint_checks[i]; i++)
        printf("%-24s %-8s %s\n", lint_checks[i]->name, lint_level_name(lint_checks[i]->level),
               lint_checks[i]->summary);
}

/* Those of --input, and of --log the ones that have a context. */
static void add_inputs(struct given *given)
{
    const struct string_list *input = &given->sec->input;
    for (size_t i = 0; i < input->count; i++)
        add_name(&given->inputs, input->items[i]);
    for (size_t i = 0; i < given->logs.count; i++) {
        struct bytes pattern = given->logs.items[i], context;
        if (input_split_context(&pattern, &context))
            add_name(&given->inputs, given->logs.items[i]);
    }
}

/* Memory for as many lines is taken at once. */
static void limit_bufsize(struct given *given)
{
    enum { MOST_LINES = 10000000 };
    if (given->sec->bufsize <= MOST_LINES)
        return;
    complain(B("--bufsize can be at most "), NUM(MOST_LINES), B(" for secant check\n"));
    given->options.incomplete = true;
    given->sec->bufsize = 0;
}

static void settle(struct given *given)
{
    struct check_options *options = &given->options;
    options->fix_names = given->fix.items;
    options->fix_count = given->fix.count;
    options->logs = given->logs.items;
    options->log_count = given->logs.count;
    options->lint.only = given->only.items;
    options->lint.only_count = given->only.count;
    options->lint.off = given->off.items;
    options->lint.off_count = given->off.count;
    add_inputs(given);
    options->lint.inputs = given->inputs.items;
    options->lint.input_count = given->inputs.count;
    options->style.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
}

int command_check(int argc, char **argv)
{
    static struct given given; /* it lasts to the end of the program */
    run_prepare();
    mem_fail_with(COMMAND_FAILED);
    given.options.lint.least = LINT_WARNING;
    given.options.lines.times = time_options_new();
    given.options.format = lint_formats[0];
    if (!read_options(&given, argc, argv))
        return COMMAND_FAILED;
    if (given.sec->help || given.list) {
        if (given.list)
            list_checks();
        else
            command_check_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    add_files(&given);
    if (!given.no_settings)
        read_settings(&given, argc, argv);
    limit_bufsize(&given);
    settle(&given);
    return check_run(&given.options, given.sec, argc, argv);
}
