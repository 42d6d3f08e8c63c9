/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant explain`: its command line. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"
#include "cli/run.h"
#include "explain/explain.h"

static const char usage[] =
    "Usage: secant explain [options] LINE\n"
    "       secant explain [options] --input=PATTERN --at=N|FILE:N|TIME\n"
    "Shows what the rules do with a line, and why others do not fire. No action is carried out.\n"
    "\n"
    "Rules and line\n"
    "  --conf=PATTERN ...           rule files\n"
    "  LINE                         the line; -: the last line of standard input\n"
    "  --input=PATTERN[=CONTEXT] ...\n"
    "                               logs to run before LINE, or that contain the line\n"
    "  --at=N, --at=FILE:N          explain line N of the log, after the lines before it\n"
    "  --at=TIME                    explain the first line at this time or later; the date can\n"
    "                               be omitted if the log covers a single day\n"
    "  --reorder=SECONDS            sort lines of the log that are up to this many seconds late\n"
    "  --from-json[=TEMPLATE]       turn JSON objects in the log into lines\n"
    "  Of SEC's options: --bufsize, --jointbuf, --cleantime, --evstoresize, --quoting,\n"
    "  --intevents, --intcontexts\n"
    "\n"
    "Time\n"
    "  --time-format=FORMAT ...     format of the time in lines, as for strptime, and %f\n"
    "  --time-regex=REGEX           where the time is: group \"time\" of the pattern, or group 1\n"
    "  --timezone=ZONE              time zone, also for times in lines without one\n"
    "  --year=YEAR                  year of the first line, if times have no year\n"
    "\n"
    "Output\n"
    "  -v                           all rules, not only those that nearly fired\n"
    "  -vv                          also the values of variables and terms\n"
    "  --json                       all of this as JSON, one object per line\n"
    "  --help, -?                   this text\n"
    "\n"
    "The exit status is 0 if a rule fired, 1 if none did, 2 if the line could not be explained.\n";

enum own_option { WORD = LINES_FIELDS, AT, RULES, VALUES, JSON };

enum { OWN = 5, SPECS = LINES_FIELDS + OWN };

static const struct option_spec own_specs[OWN] = {
    {NULL, NULL, OPTION_WORD, WORD},   {"at", NULL, OPTION_TEXT, AT},
    {"v", NULL, OPTION_FLAG, RULES},   {"vv", NULL, OPTION_FLAG, VALUES},
    {"json", NULL, OPTION_FLAG, JSON},
};

/* What has been given. */
struct given {
    struct explain_options options;
    struct options *sec;
    struct bytes at;  /* its zone may come after it */
    struct buf words; /* the first one */
    size_t word_count;
    bool wrong;
};

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    switch (spec->field) {
    case WORD:
        if (given->word_count++ == 0)
            buf_add(&given->words, value->text);
        break;
    case AT:
        bytes_free(given->at);
        given->at = bytes_dup(value->text);
        break;
    case RULES:
    case VALUES:
        given->options.depth = spec->field == RULES ? TELL_RULES : TELL_VALUES;
        break;
    case JSON:
        given->options.json = true;
        break;
    default:
        given->wrong |= !lines_set(&given->options.reading, spec, value->text);
    }
}

static void refuse(struct given *given, struct bytes text)
{
    complain(text, B("\n"));
    given->wrong = true;
}

/* 8:00 or 08:00:30, which would be taken for line 30 of a file "08:00". */
static bool read_clock(struct bytes text, int64_t *second)
{
    static const int64_t most[] = {23, 59, 59};
    int64_t number, units = 0;
    *second = 0;
    for (struct bytes part; bytes_piece(&text, ':', &part); units++) {
        if (units == 3 || part.len == 0 || part.len > 2 || (units > 0 && part.len < 2) ||
            !bytes_uint(part, false, &number) || number > most[units])
            return false;
        *second = *second * 60 + number;
    }
    *second *= units == 2 ? 60 : 1;
    return units > 1;
}

/* A time of day, N, FILE:N, or another time. */
static void read_at(struct given *given)
{
    struct explain_options *options = &given->options;
    int64_t number = 0;
    options->at_clock = read_clock(given->at, &options->at_second);
    if (options->at_clock)
        return;
    ptrdiff_t colon = bytes_rfind(given->at, B(":"));
    size_t from = colon < 0 ? 0 : (size_t)colon + 1;
    options->at_file = bytes_slice(given->at, 0, from > 0 ? from - 1 : 0);
    bool counted = bytes_uint(bytes_from(given->at, from), false, &number);
    /* "2026-03-01 08:00" ends with a number as well. */
    bool timed = !(counted && from == 0) && lines_read_time(given->at, &options->at_second);
    if (!timed && !counted)
        refuse(given, B("--at needs a line number, FILE:NUMBER, or a time"));
    else if (!timed && number == 0)
        refuse(given, B("--at: lines are counted from 1"));
    options->at_line = !timed;
    options->at_number = timed ? 0 : (uint64_t)number;
}

static void check(struct given *given)
{
    if (given->sec->conf.count == 0)
        refuse(given, B("No rules: --conf is missing"));
    if (given->word_count > 1)
        refuse(given, B("Only one line can be explained; put it in quotes"));
    if (given->at.ptr && given->word_count > 0)
        refuse(given, B("Give either a line or --at, not both"));
    if (given->at.ptr && given->sec->input.count == 0)
        refuse(given, B("--at needs a log: --input is missing"));
    if (!given->at.ptr && given->word_count == 0)
        refuse(given, given->sec->input.count == 0
                          ? B("No line given: put it after the options, or use --input and --at")
                          : B("Which line of the log? --at is missing"));
    if (given->at.ptr && !given->wrong)
        read_at(given);
    else
        given->options.lines = buf_bytes(&given->words);
}

void command_explain_usage(void)
{
    fputs(usage, stdout);
}

/* false: something was wrong, and has been said. */
static bool read_options(struct given *given, int argc, char **argv)
{
    struct option_spec specs[SPECS];
    memcpy(specs, lines_specs, sizeof(lines_specs));
    memcpy(specs + LINES_FIELDS, own_specs, sizeof(own_specs));
    const struct more_options more = {specs, SPECS, set_option, given};
    given->sec = options_read_with(argc, argv, &more);
    time_options_enter_zone(given->options.reading.times);
    if (given->sec && !given->sec->help && !given->wrong)
        check(given);
    if (given->sec && !given->wrong)
        return true;
    complain(B("secant explain --help lists the options\n"));
    return false;
}

int command_explain(int argc, char **argv)
{
    static struct given given; /* it lasts to the end of the program */
    run_prepare();
    mem_fail_with(COMMAND_FAILED);
    given.options.reading.times = time_options_new();
    if (!read_options(&given, argc, argv))
        return COMMAND_FAILED;
    if (given.sec->help) {
        command_explain_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    return explain_run(&given.options, given.sec, argc, argv);
}
