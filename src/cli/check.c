/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant check`: its command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"
#include "cli/run.h"
#include "lint/course.h"

static const char usage[] =
    "Usage: secant check [options] FILE ...\n"
    "Looks at rules without running them: what is wrong, and what is most likely not meant.\n"
    "\n"
    "Rules\n"
    "  FILE, --conf=PATTERN ...     rule files; together they are one set of rules\n"
    "  Of SEC's options: --input, --quoting, --intevents, --intcontexts, --bufsize\n"
    "  --input=FILE=CONTEXT ...     the contexts of inputs are there without a rule\n"
    "\n"
    "Checks\n"
    "  --list                       what is looked for\n"
    "  --only=NAME,...              only these\n"
    "  --off=NAME,...               not these\n"
    "  --all                        notes as well\n"
    "\n"
    "Output\n"
    "  --format=tty|gcc             the form of the report\n"
    "  -v                           with each finding the line that silences it\n"
    "  --help, -?                   this text\n"
    "\n"
    "Exit status: 0 if nothing is found, 1 if something is, 2 if nothing could be looked at.\n";

enum own_option { WORD, LIST, ONLY, OFF, ALL, FORMAT, VERBOSE, OWN };

static const struct option_spec own_specs[OWN] = {
    {NULL, NULL, OPTION_WORD, WORD},   {"list", NULL, OPTION_FLAG, LIST},
    {"only", NULL, OPTION_LIST, ONLY}, {"off", NULL, OPTION_LIST, OFF},
    {"all", NULL, OPTION_FLAG, ALL},   {"format", NULL, OPTION_TEXT, FORMAT},
    {"v", NULL, OPTION_FLAG, VERBOSE},
};

struct names {
    struct bytes *items;
    size_t count, room;
};

/* What has been given. */
struct given {
    struct check_options options;
    struct options *sec;
    struct names files, only, off;
    bool list, wrong;
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
                         kind == LINT_NAME_NONE ? B("there is no such check; --list has them")
                                                : B("errors are told in any case"));
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
    refuse_value("format", name, B("there is no such form"));
    given->wrong = true;
}

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    switch (spec->field) {
    case WORD:
        add_name(&given->files, value->text);
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
    case ALL:
        given->options.lint.least = LINT_NOTE;
        break;
    case FORMAT:
        set_format(given, value->text);
        break;
    case VERBOSE:
        given->options.taste.verbose = true;
        break;
    default:
        break;
    }
}

/* The words come after what --conf names. */
static void add_files(struct given *given)
{
    struct string_list *conf = &given->sec->conf;
    size_t count = conf->count + given->files.count;
    struct bytes *items = arena_alloc(given->sec->arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = i < conf->count ? conf->items[i] : given->files.items[i - conf->count];
    conf->items = items;
    conf->count = count;
}

void command_check_usage(void)
{
    fputs(usage, stdout);
}

/* false: something was wrong, and has been said. */
static bool read_options(struct given *given, int argc, char **argv)
{
    const struct more_options more = {own_specs, OWN, set_option, given};
    given->sec = options_read_with(argc, argv, &more);
    if (given->sec && !given->wrong) {
        add_files(given);
        if (given->sec->conf.count > 0 || given->list || given->sec->help)
            return true;
        complain(B("No rules: name a rule file\n"));
    }
    complain(B("secant check --help has the options\n"));
    return false;
}

static void list_checks(void)
{
    for (size_t i = 0; lint_checks[i]; i++)
        printf("%-24s %-8s %s\n", lint_checks[i]->name, lint_level_name(lint_checks[i]->level),
               lint_checks[i]->summary);
}

int command_check(int argc, char **argv)
{
    static struct given given; /* it lasts to the end of the program */
    run_prepare();
    given.options.lint.least = LINT_WARNING;
    given.options.format = lint_formats[0];
    if (!read_options(&given, argc, argv))
        return COMMAND_FAILED;
    given.options.lint.only = given.only.items;
    given.options.lint.only_count = given.only.count;
    given.options.lint.off = given.off.items;
    given.options.lint.off_count = given.off.count;
    given.options.lint.inputs = given.sec->input.items;
    given.options.lint.input_count = given.sec->input.count;
    given.options.taste.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    if (given.sec->help || given.list) {
        if (given.list)
            list_checks();
        else
            command_check_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    return check_run(&given.options, given.sec, argc, argv);
}
