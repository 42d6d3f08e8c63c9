/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant migrate`: its command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/shell_word.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/site.h"
#include "migrate/migrate.h"

static const char usage[] =
    "Usage: secant migrate --ref=COMMAND [options]\n"
    "       secant migrate --from-unit=UNIT [options]\n"
    "       secant migrate import DUMP.json --conf=PATTERN ... -o STATE\n"
    "       secant migrate switch --from-unit=UNIT\n"
    "Runs SEC and Secant with the same rules over the same logs, in the time of their lines, and\n"
    "compares everything the rules do. No action is carried out. import takes over the state of a\n"
    "running SEC (secant migrate import --help), switch prints the commands for the change.\n"
    "\n"
    "Rules and input\n"
    "  --ref=COMMAND                the SEC to compare with: sec, 'perl /opt/sec/sec'\n"
    "  --conf=PATTERN ...           rule files\n"
    "  --input=PATTERN[=CONTEXT] ...\n"
    "                               logs, also compressed\n"
    "  --from=TIME, --until=TIME    only lines from this time on; only lines before this time\n"
    "  --sample=LINES|PERCENT%      only this many of these lines, in up to ten stretches\n"
    "  --resume=FILE                record in this file what was equal, and continue from there\n"
    "  --stretches=N                number of parts to compare (10), each from a clean start\n"
    "  --reorder=SECONDS            sort lines that are up to this many seconds late\n"
    "  --from-json[=TEMPLATE]       turn JSON objects into lines (journalctl -o json and others)\n"
    "  Of SEC's options: --bufsize, --jointbuf, --cleantime, --evstoresize, --quoting,\n"
    "  --intevents, --intcontexts, --debug\n"
    "  These and all other options of SEC are given to both programs.\n"
    "  --from-unit=UNIT             take SEC and all of its options from a systemd unit, unless\n"
    "                               they are given here\n"
    "  --from-default=FILE          take them from a file such as /etc/default/sec; SEC is sec\n"
    "  --root=FOLDER                search for both in the files of another system\n"
    "\n"
    "Time\n"
    "  --time-format=FORMAT ...     format of the time in lines, as for strptime, and %f\n"
    "  --time-regex=REGEX           where the time is: group \"time\" of the pattern, or group 1\n"
    "  --timezone=ZONE              time zone, also for times in lines without one\n"
    "  --year=YEAR                  year of the first line, if times have no year\n"
    "\n"
    "Output\n"
    "  --states=N                   compare contexts, operations and pending events every N\n"
    "                               lines (100000) and at the end; 0: only at the end\n"
    "  --case=FOLDER                reduce a difference as far as possible, and write the rules\n"
    "                               and lines that still show it\n"
    "  --mask                       no addresses, names or passwords in the report and the case\n"
    "  --html=FILE                  write the report as one HTML file, to be passed on\n"
    "  --unguarded                  run even if the kernel cannot block C code in modules\n"
    "  --json                       the result as one JSON object\n"
    "  --quiet                      no progress\n"
    "  --help, -?                   this text\n"
    "\n"
    "The exit status is 0 if both do the same, 1 if they differ, 2 if the comparison failed.\n";

enum own_option {
    REF = LINES_FIELDS,
    CONF,
    INPUT,
    FROM,
    UNTIL,
    SAMPLE,
    RESUME,
    STRETCHES,
    STATES,
    CASE,
    MASK,
    HTML,
    JSON,
    UNGUARDED,
    QUIET,
    SITE
};

enum { OWN = 15 + SITE_FIELDS, SPECS = LINES_FIELDS + OWN };

static const struct option_spec own_specs[OWN] = {
    {"ref", NULL, OPTION_TEXT, REF},
    {"conf", NULL, OPTION_LIST, CONF},
    {"input", NULL, OPTION_LIST, INPUT},
    {"from", NULL, OPTION_TEXT, FROM},
    {"until", NULL, OPTION_TEXT, UNTIL},
    {"sample", NULL, OPTION_TEXT, SAMPLE},
    {"resume", NULL, OPTION_TEXT, RESUME},
    {"stretches", NULL, OPTION_INTEGER, STRETCHES},
    {"states", NULL, OPTION_INTEGER, STATES},
    {"case", NULL, OPTION_TEXT, CASE},
    {"mask", NULL, OPTION_FLAG, MASK},
    {"html", NULL, OPTION_TEXT, HTML},
    {"json", NULL, OPTION_FLAG, JSON},
    {"quiet", NULL, OPTION_FLAG, QUIET},
    {"unguarded", NULL, OPTION_FLAG, UNGUARDED},
    SITE_SPECS(SITE),
};

/* Patterns of files. */
struct patterns {
    struct bytes *items; /* owned, each of them too, with a NUL after it */
    size_t count, room;
};

/* What has been given. */
struct given {
    struct migrate_options options;
    struct options *sec;
    struct bytes from, until, ref; /* owned */
    struct patterns confs, inputs;
    struct site_given asked;
    struct site site;
    struct arena arena;     /* of the site */
    struct options *looked; /* the command line alone; `asked` lies in it */
    bool replaced[2];       /* the command line has rule files, inputs */
    struct buf passed_over; /* words of the site that it has others for */
    bool *own;              /* owned; arguments that are not for SEC */
    size_t argument_count;
    bool wrong;
};

static void refuse(struct given *given, struct bytes text)
{
    complain(text, B("\n"));
    given->wrong = true;
}

static void refuse_text(struct given *given, const char *option, struct bytes text,
                        struct bytes why)
{
    refuse_value(option, text, why);
    given->wrong = true;
}

static void replace(struct bytes *text, struct bytes with)
{
    bytes_free(*text);
    *text = bytes_dup(with);
}

static void add_pattern(struct patterns *patterns, struct bytes pattern)
{
    MEM_GROW(patterns->items, patterns->count, patterns->room, 4);
    patterns->items[patterns->count++] = bytes_make(bytes_cstr(pattern), pattern.len);
}

/* Rule files and inputs are those of the site, or those that are given. */
static void take_pattern(struct given *given, struct patterns *patterns,
                         const struct option_spec *spec, const struct option_value *value)
{
    bool of_site = value->from < given->site.options.count;
    if (!of_site || !given->replaced[spec->field == INPUT]) {
        add_pattern(patterns, value->text);
        return;
    }
    buf_cat(&given->passed_over, B(" --"), bytes_of(spec->name), B("="));
    shell_word(&given->passed_over, value->text);
}

/* How much is compared; false: the option is another one. */
static bool set_extent(struct given *given, size_t field, const struct option_value *value)
{
    struct migrate_options *options = &given->options;
    switch (field) {
    case FROM:
        replace(&given->from, value->text);
        return true;
    case UNTIL:
        replace(&given->until, value->text);
        return true;
    case SAMPLE:
        if (!sample_read(value->text, &options->sample))
            refuse_text(given, "sample", value->text, B("lines or a percentage expected"));
        return true;
    case RESUME:
        options->resume_file = bytes_cstr(value->text);
        return true;
    case STRETCHES:
        if (value->number < 1)
            refuse_text(given, "stretches", NUM(value->number), B("1 or more expected"));
        options->stretches = value->number < 1 ? 1 : (uint64_t)value->number;
        return true;
    case STATES:
        given->wrong |= value->number < 0;
        options->states = value->number > 0 ? (uint64_t)value->number : 0;
        return true;
    default:
        return false;
    }
}

/* What is told of it, and where; false: the option is another one. */
static bool set_report(struct migrate_options *options, size_t field, struct bytes text)
{
    switch (field) {
    case CASE:
        options->case_folder = bytes_cstr(text);
        return true;
    case MASK:
        options->mask = true;
        return true;
    case HTML:
        options->html = bytes_cstr(text);
        return true;
    case JSON:
        options->json = true;
        return true;
    case QUIET:
        options->quiet = true;
        return true;
    default:
        return false;
    }
}

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    for (size_t i = value->from; i < value->to && i < given->argument_count; i++)
        given->own[i] = true;
    switch (spec->field) {
    case REF:
        replace(&given->ref, value->text);
        break;
    case CONF:
        take_pattern(given, &given->confs, spec, value);
        break;
    case INPUT:
        take_pattern(given, &given->inputs, spec, value);
        break;
    case UNGUARDED:
        given->options.unguarded = true;
        break;
    default:
        if (set_extent(given, spec->field, value) ||
            set_report(&given->options, spec->field, value->text) || spec->field >= SITE)
            break; /* those of the site have been followed */
        given->wrong |= !lines_set(&given->options.lines, spec, value->text);
    }
}

/* The words of --ref, or of the site; kept to the end. */
static char **read_reference(struct given *given)
{
    bool by_default = given->asked.texts[SITE_DEFAULT].len > 0;
    char **words = site_reference(&given->site, given->ref, by_default ? B("sec") : B(""));
    if (!words)
        refuse(given, B("No SEC: --ref is missing, such as --ref=sec"));
    return words;
}

/* What is SEC's: all but our own options. */
static char **find_others(const struct given *given, char **argv)
{
    size_t count = 0;
    char **others = mem_zarray(given->argument_count + 1, sizeof(*others));
    for (size_t i = 0; i < given->argument_count; i++)
        if (!given->own[i])
            others[count++] = argv[i + 1];
    return others;
}

/* What the command line says of the site. */
static void look_at_option(void *arg, const struct option_spec *spec,
                           const struct option_value *value)
{
    struct given *given = arg;
    if (spec->field >= SITE)
        given->asked.texts[spec->field - SITE] = value->text;
    else if (spec->field == CONF || spec->field == INPUT)
        given->replaced[spec->field == INPUT] = true;
}

/* The site's options come before those of the command line; false: a complaint was made. */
static bool find_site(struct given *given, const struct option_spec *specs, int *argc, char ***argv)
{
    const struct more_options look = {specs, SPECS, look_at_option, given};
    given->looked = options_read_with(*argc, *argv, &look);
    if (!given->looked)
        return false;
    if (given->looked->help || !site_is_given(&given->asked))
        return true;
    if (!site_find(&given->asked, &given->arena, &given->site))
        return false;
    site_enter_environment(&given->site);
    *argv = site_arguments(&given->site, *argc, *argv);
    *argc += (int)given->site.options.count;
    return true;
}

/* What was taken from where, before anything comes of it. */
static void tell_site(const struct given *given)
{
    struct buf text = {0};
    if (!site_is_given(&given->asked))
        return;
    site_add_title(&given->site, &text);
    for (char *const *word = given->options.reference; *word; word++) {
        buf_add(&text, word == given->options.reference ? B("\n  SEC: ") : B(" "));
        shell_word(&text, bytes_of(*word));
    }
    buf_add(&text, B("\n  options:"));
    for (size_t i = 0; i < given->site.options.count; i++) {
        buf_char(&text, ' ');
        shell_word(&text, given->site.options.items[i]);
    }
    if (given->passed_over.len > 0)
        buf_cat(&text, B("\n  not used, the command line has others:"),
                buf_bytes(&given->passed_over));
    buf_char(&text, '\n');
    fwrite(text.ptr, 1, text.len, given->options.json ? stderr : stdout);
    fflush(stdout);
    buf_free(&text);
}

static bool hint(void)
{
    complain(B("secant migrate --help lists the options\n"));
    return false;
}

/* false: something was wrong, and has been said. */
static bool read_options(struct given *given, int argc, char **argv)
{
    struct option_spec specs[SPECS];
    memcpy(specs, lines_specs, sizeof(lines_specs));
    memcpy(specs + LINES_FIELDS, own_specs, sizeof(own_specs));
    const struct more_options more = {specs, SPECS, set_option, given};
    struct migrate_options *options = &given->options;
    if (!find_site(given, specs, &argc, &argv))
        return hint();
    given->argument_count = (size_t)argc - 1;
    given->own = mem_zarray((size_t)argc, sizeof(*given->own));
    struct options *sec = given->sec = options_read_with(argc, argv, &more);
    if (sec && sec->help)
        return true;
    time_options_enter_zone(options->lines.times);
    given->wrong |= !lines_read_limit("from", given->from, &options->from);
    given->wrong |= !lines_read_limit("until", given->until, &options->until);
    if (options->stretches > 0 && !options->resume_file)
        refuse(given, B("--stretches needs --resume"));
    if (options->from >= options->until)
        refuse(given, B("--until must be later than --from"));
    if (given->confs.count == 0)
        refuse(given, B("No rules: --conf is missing"));
    if (sec)
        sec->conf = (struct string_list){given->confs.count, given->confs.items};
    options->reference = read_reference(given);
    options->inputs = given->inputs.items;
    options->input_count = given->inputs.count;
    options->argc = argc;
    options->argv = argv;
    options->others = find_others(given, argv);
    if (site_is_given(&given->asked) && !given->replaced[1])
        given->wrong |= !site_check_inputs(given->inputs.items, given->inputs.count);
    return (sec && !given->wrong) || hint();
}

void command_migrate_usage(void)
{
    fputs(usage, stdout);
}

static int compare(int argc, char **argv)
{
    static struct given given; /* it lasts to the end of the program */
    run_prepare();
    mem_fail_with(COMMAND_FAILED);
    given.options = (struct migrate_options){
        .lines.times = time_options_new(), .from = INT64_MIN, .until = INT64_MAX, .states = 100000};
    if (!read_options(&given, argc, argv))
        return COMMAND_FAILED;
    if (given.sec->help) {
        command_migrate_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    tell_site(&given);
    return migrate_run(&given.options, given.sec);
}

/* What the first word may be; without one, SEC and Secant are compared. */
static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
} parts[] = {{"import", command_import}, {"switch", command_switch}};

int command_migrate(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof(parts) / sizeof(*parts); i++)
        if (strcmp(argv[1], parts[i].word) == 0)
            return parts[i].run(argc - 1, argv + 1);
    return compare(argc, argv);
}
