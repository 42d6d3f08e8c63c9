/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant replay`: its command line. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "replay/replay.h"

static const char usage[] =
    "Usage: secant replay [options]\n"
    "Runs the rules over logs of the past, in the time of their lines, and shows what the rules\n"
    "would have done. Nothing of it happens.\n"
    "\n"
    "Rules and input\n"
    "  --conf=PATTERN ...           rule files\n"
    "  --input=PATTERN[=CONTEXT] ...\n"
    "                               input files, compressed ones as well; - is standard input\n"
    "  --from=TIME                  begin with the lines of this time\n"
    "  --warm                       replay those before it, too, but do not show it\n"
    "  --until=TIME                 end before the lines of this time\n"
    "  --reorder=SECONDS            put lines in order that are up to so many seconds late\n"
    "  --from-json[=TEMPLATE]       make lines of JSON objects, such as journalctl -o json has\n"
    "  --drain[=SECONDS]            go on after the last line, until nothing is pending\n"
    "  Of SEC's options: --bufsize, --jointbuf, --cleantime, --evstoresize, --quoting,\n"
    "  --intevents, --intcontexts, --childterm, --ruleperf, --log, --debug, --dump\n"
    "\n"
    "Time\n"
    "  --time-format=FORMAT ...     form of the time in lines, as strptime has it, and %f\n"
    "  --time-regex=REGEX           where the time is: its group \"time\", or 1\n"
    "  --timezone=ZONE              zone of the replay, and of times in lines that do not tell it\n"
    "  --year=YEAR                  year of the first line of times that do not tell it\n"
    "\n"
    "Output\n"
    "  --perform                    do what the rules do\n"
    "  --json                       effects and summary as JSON, one object a line\n"
    "  --quiet                      only what rules write to standard output\n"
    "  --help, -?                   this text\n"
    "\n"
    "TIME is a date, a date and a time, or seconds since 1970.\n";

enum own_option {
    FROM,
    UNTIL,
    WARM,
    REORDER,
    TEMPLATE,
    DRAIN,
    FORMAT,
    REGEX,
    ZONE,
    YEAR,
    PERFORM,
    JSON,
    QUIET
};

static const struct option_spec specs[] = {
    {"from", NULL, OPTION_TEXT, FROM},           {"until", NULL, OPTION_TEXT, UNTIL},
    {"warm", NULL, OPTION_FLAG, WARM},           {"drain", NULL, OPTION_MAYBE, DRAIN},
    {"time-format", NULL, OPTION_LIST, FORMAT},  {"time-regex", NULL, OPTION_TEXT, REGEX},
    {"timezone", NULL, OPTION_TEXT, ZONE},       {"year", NULL, OPTION_TEXT, YEAR},
    {"perform", NULL, OPTION_FLAG, PERFORM},     {"json", NULL, OPTION_FLAG, JSON},
    {"quiet", NULL, OPTION_FLAG, QUIET},         {"reorder", NULL, OPTION_TEXT, REORDER},
    {"from-json", NULL, OPTION_MAYBE, TEMPLATE},
};

/* What has been given. */
struct given {
    struct replay_options options;
    struct options *sec;
    struct bytes from, until; /* owned; the zone that they are in may come after them */
    bool wrong;
};

static void refuse(struct given *given, const char *option, struct bytes value, struct bytes why)
{
    complain(B("Value \""), value, B("\" invalid for option "), bytes_of(option),
             why.len > 0 ? B(" (") : B(""), why, why.len > 0 ? B(")\n") : B("\n"));
    given->wrong = true;
}

static void set_time_option(struct given *given, const struct option_spec *spec, struct bytes text)
{
    struct time_options *times = given->options.lines.times;
    struct buf why = {0};
    bool right = spec->field == FORMAT  ? time_options_format(times, text, &why)
                 : spec->field == REGEX ? time_options_regex(times, text, &why)
                 : spec->field == ZONE  ? time_options_zone(times, text, &why)
                                        : time_options_year(times, text, &why);
    if (!right)
        refuse(given, spec->name, text, buf_bytes(&why));
    buf_free(&why);
}

static void set_drain(struct given *given, struct bytes text)
{
    given->options.drain = true;
    given->options.drain_limit = -1;
    if (text.ptr && !bytes_uint(text, false, &given->options.drain_limit))
        refuse(given, "drain", text, B("number expected"));
}

static void set_reorder(struct given *given, struct bytes text)
{
    if (!bytes_uint(text, false, &given->options.lines.reorder))
        refuse(given, "reorder", text, B("number expected"));
}

static void set_template(struct given *given, struct bytes text)
{
    struct buf why = {0};
    object_template_free(given->options.lines.template);
    given->options.lines.template = object_template_new(text, &why);
    if (why.len > 0)
        refuse(given, "from-json", text, buf_bytes(&why));
    buf_free(&why);
}

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    struct bytes *time = spec->field == FROM ? &given->from : &given->until;
    switch ((enum own_option)spec->field) {
    case FROM:
    case UNTIL:
        bytes_free(*time);
        *time = bytes_dup(value->text);
        break;
    case WARM:
        given->options.warm = true;
        break;
    case REORDER:
        set_reorder(given, value->text);
        break;
    case TEMPLATE:
        set_template(given, value->text);
        break;
    case DRAIN:
        set_drain(given, value->text);
        break;
    case PERFORM:
        given->options.perform = true;
        break;
    case JSON:
        given->options.json = true;
        break;
    case QUIET:
        given->options.quiet = true;
        break;
    default:
        set_time_option(given, spec, value->text);
    }
}

/* A date alone is its midnight, an hour without seconds has none. */
static void complete_time(struct buf *out, struct bytes text)
{
    size_t colons = 0;
    for (size_t i = 0; i < text.len; i++)
        colons += text.ptr[i] == ':';
    buf_add(out, text);
    if (colons == 0 && text.len == 10 && text.ptr[4] == '-')
        buf_add(out, B(" 00:00:00"));
    else if (colons == 1 && text.len > 2 && text.ptr[text.len - 3] == ':')
        buf_add(out, B(":00"));
}

static bool read_time(const struct time_options *options, struct bytes text, int64_t *second)
{
    struct timestamp stamp;
    struct buf whole = {0};
    if (bytes_uint(text, false, second))
        return true;
    complete_time(&whole, text);
    struct time_reader *reader = time_reader_new(options);
    time_reader_read(reader, buf_bytes(&whole), &stamp);
    *second = stamp.second;
    time_reader_free(reader);
    buf_free(&whole);
    return (stamp.flags & TIMESTAMP_OWN) && !(stamp.flags & TIMESTAMP_REFUSED);
}

static void read_limit(struct given *given, const char *name, struct bytes text, int64_t *second)
{
    if (!text.ptr)
        return;
    /* Of the options for lines only the zone is for this, and it is the process's. */
    struct time_options *plain = time_options_new();
    if (!read_time(plain, text, second))
        refuse(given, name, text, B("a date or a time expected, such as 2026-11-27 08:00:00"));
    time_options_free(plain);
}

void command_replay_usage(void)
{
    fputs(usage, stdout);
}

/* false: something was wrong, and has been said. */
static bool read_options(struct given *given, int argc, char **argv)
{
    const struct more_options more = {specs, sizeof(specs) / sizeof(*specs), set_option, given};
    const struct options *sec = given->sec = options_read_with(argc, argv, &more);
    time_options_enter_zone(given->options.lines.times);
    read_limit(given, "from", given->from, &given->options.from);
    read_limit(given, "until", given->until, &given->options.until);
    if (!given->wrong && given->options.from >= given->options.until) {
        complain(B("--until has to be later than --from\n"));
        given->wrong = true;
    }
    if (sec && !sec->help && sec->conf.count == 0) {
        complain(B("No rules: --conf is missing\n"));
        given->wrong = true;
    }
    if (sec && !given->wrong)
        return true;
    complain(B("secant replay --help has the options\n"));
    return false;
}

int command_replay(int argc, char **argv)
{
    static struct given given; /* the replay lasts to the end of the program */
    run_prepare();
    given.options = (struct replay_options){
        .lines.times = time_options_new(), .from = INT64_MIN, .until = INT64_MAX};
    if (!read_options(&given, argc, argv))
        return COMMAND_FAILED;
    if (given.sec->help) {
        command_replay_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    return replay_run(&given.options, given.sec, argc, argv);
}
