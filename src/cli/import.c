/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant migrate import`: its command line. */
#include <stdio.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "import/import.h"

static const char usage[] =
    "Usage: secant migrate import DUMP.json --conf=PATTERN ... --state=FOLDER | -o STATE\n"
    "Takes over a running SEC: converts its dump (sec --dumpfjson, kill -USR1) to a state that\n"
    "secant --state=FOLDER starts with and continues to keep in that folder, or to a file for\n"
    "secant --state=STATE, which keeps nothing. Reports what the dump lacks.\n"
    "\n"
    "  --conf=PATTERN ...           rule files, under the names that SEC knows them by\n"
    "  --state=FOLDER               a folder for the state, which must not have one yet\n"
    "  -o STATE, --output=STATE     a file for the state\n"
    "  --asleep                     SEC was asleep when it was stopped for the dump, so it had\n"
    "                               processed all it had read (secant migrate switch ensures it)\n"
    "  Of SEC's options: --bufsize, --jointbuf, --cleantime, --evstoresize, --intcontexts\n"
    "  --help, -?                   this text\n"
    "\n"
    "The exit status is 0 if the whole dump was taken over, 1 if something is missing, 2 if the\n"
    "import failed.\n";

enum own_option { OUTPUT, ASLEEP, DUMP };

static const struct option_spec specs[] = {
    {"output", "o", OPTION_TEXT, OUTPUT},
    {"asleep", NULL, OPTION_FLAG, ASLEEP},
    {NULL, NULL, OPTION_WORD, DUMP},
};

/* What has been given. */
struct given {
    struct import_options options;
    bool wrong;
    struct options *sec;
};

static void refuse(struct given *given, struct bytes text)
{
    complain(text, B("\n"));
    given->wrong = true;
}

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    if (spec->field == OUTPUT)
        given->options.state = bytes_cstr(value->text);
    else if (spec->field == ASLEEP)
        given->options.asleep = true;
    else if (given->options.dump)
        refuse(given, B("More than one dump"));
    else
        given->options.dump = bytes_cstr(value->text);
}

void command_import_usage(void)
{
    fputs(usage, stdout);
}

int command_import(int argc, char **argv)
{
    static struct given given; /* it lasts to the end of the program */
    const struct more_options more = {specs, sizeof(specs) / sizeof(*specs), set_option, &given};
    run_prepare();
    struct options *sec = given.sec = options_read_with(argc, argv, &more);
    if (sec && sec->help) {
        command_import_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    if (sec && !given.options.dump)
        refuse(&given, B("No dump file given"));
    if (sec && !given.options.state && !sec->state)
        refuse(&given, B("No place for the state: --state or -o is missing"));
    if (sec && given.options.state && sec->state)
        refuse(&given, B("Two places for the state: --state is a folder, -o a file"));
    if (sec && sec->conf.count == 0)
        refuse(&given, B("No rules: --conf is missing"));
    if (!sec || given.wrong) {
        complain(B("secant migrate import --help lists the options\n"));
        return COMMAND_FAILED;
    }
    given.options.folder = sec->state;
    given.options.argc = argc;
    given.options.argv = argv;
    return import_run(&given.options, sec);
}
