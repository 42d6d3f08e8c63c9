/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant replay`: its command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"
#include "cli/run.h"
#include "replay/replay.h"

static const char usage[] =
    "Usage: secant replay [options]\n"
    "Runs the rules over old logs, each line at its own time, and shows what the rules would have\n"
    "done. No action is carried out.\n"
    "\n"
    "Rules and input\n"
    "  --conf=PATTERN ...           rule files\n"
    "  --input=PATTERN[=CONTEXT] ...\n"
    "                               input files, also compressed; - is standard input\n"
    "  --from=TIME                  begin with the lines at this time\n"
    "  --warm                       also replay the lines before it, but do not show them\n"
    "  --until=TIME                 end before the lines at this time\n"
    "  --reorder=SECONDS            sort lines that are up to this many seconds late\n"
    "  --from-json[=TEMPLATE]       turn JSON objects into lines (journalctl -o json and others)\n"
    "  --state=FILE                 continue from a state (secant migrate import), at its time\n"
    "  --drain[=SECONDS]            continue after the last line until nothing is pending\n"
    "  Of SEC's options: --bufsize, --jointbuf, --cleantime, --evstoresize, --quoting,\n"
    "  --intevents, --intcontexts, --childterm, --ruleperf, --log, --debug, --dump\n"
    "\n"
    "Time\n"
    "  --time-format=FORMAT ...     format of the time in lines, as for strptime, and %f\n"
    "  --time-regex=REGEX           where the time is: group \"time\" of the pattern, or group 1\n"
    "  --timezone=ZONE              time zone, also for times in lines without one\n"
    "  --year=YEAR                  year of the first line, if times have no year\n"
    "\n"
    "Output\n"
    "  --perform                    carry out what the rules do\n"
    "  --json                       effects and summary as JSON, one object per line\n"
    "  --quiet                      show only what rules write to standard output\n"
    "  --help, -?                   this text\n"
    "\n"
    "TIME is a date, a date and a time, or seconds since 1970.\n";

enum own_option { FROM = LINES_FIELDS, UNTIL, WARM, DRAIN, PERFORM, JSON, QUIET };

enum { OWN = 7, SPECS = LINES_FIELDS + OWN };

static const struct option_spec own_specs[OWN] = {
    {"from", NULL, OPTION_TEXT, FROM},       {"until", NULL, OPTION_TEXT, UNTIL},
    {"warm", NULL, OPTION_FLAG, WARM},       {"drain", NULL, OPTION_MAYBE, DRAIN},
    {"perform", NULL, OPTION_FLAG, PERFORM}, {"json", NULL, OPTION_FLAG, JSON},
    {"quiet", NULL, OPTION_FLAG, QUIET},
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
    refuse_value(option, value, why);
    given->wrong = true;
}

static void set_drain(struct given *given, struct bytes text)
{
    given->options.drain = true;
    given->options.drain_limit = -1;
    if (text.ptr && !bytes_uint(text, false, &given->options.drain_limit))
        refuse(given, "drain", text, B("number expected"));
}

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    struct bytes *time = spec->field == FROM ? &given->from : &given->until;
    switch (spec->field) {
    case FROM:
    case UNTIL:
        bytes_free(*time);
        *time = bytes_dup(value->text);
        break;
    case WARM:
        given->options.warm = true;
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
        given->wrong |= !lines_set(&given->options.lines, spec, value->text);
    }
}

void command_replay_usage(void)
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
    const struct options *sec = given->sec = options_read_with(argc, argv, &more);
    time_options_enter_zone(given->options.lines.times);
    given->wrong |= !lines_read_limit("from", given->from, &given->options.from);
    given->wrong |= !lines_read_limit("until", given->until, &given->options.until);
    if (!given->wrong && given->options.from >= given->options.until) {
        complain(B("--until must be later than --from\n"));
        given->wrong = true;
    }
    if (sec && !sec->help && sec->conf.count == 0) {
        complain(B("No rules: --conf is missing\n"));
        given->wrong = true;
    }
    if (sec && !given->wrong)
        return true;
    complain(B("secant replay --help lists the options\n"));
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
