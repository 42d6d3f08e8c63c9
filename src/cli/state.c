/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant state`: its command line. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "inspect/inspect.h"

static const char usage[] =
    "Usage: secant state show FOLDER [options]\n"
    "       secant state check FOLDER [options]\n"
    "       secant state export json FOLDER [options]\n"
    "Inspects the folder in which a run keeps its state, even while it runs. show lists its\n"
    "contents; check reads every byte, and says what a start would use; export writes all of it\n"
    "as JSON, one object per line.\n"
    "\n"
    "  --generation=N               show, export: this snapshot instead of the one a start uses\n"
    "  --conf=PATTERN ...           check: also how much of the state these rules would keep\n"
    "  Of SEC's options: --bufsize, --jointbuf, --evstoresize, --intevents, --intcontexts\n"
    "  --help, -?                   this text\n"
    "\n"
    "The exit status is 0 if all is well, 1 if something is damaged or would be lost, 2 if the\n"
    "command failed.\n";

enum own_option { GENERATION, WORD };

static const struct option_spec specs[] = {
    {"generation", NULL, OPTION_INTEGER, GENERATION},
    {NULL, NULL, OPTION_WORD, WORD},
};

enum { MOST_WORDS = 3 };

/* What has been given. */
struct given {
    struct bytes words[MOST_WORDS];
    size_t count;
    int64_t generation;
    struct options *sec;
};

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    if (spec->field == GENERATION) {
        given->generation = value->number;
        return;
    }
    if (given->count < MOST_WORDS)
        given->words[given->count] = value->text;
    given->count++;
}

void command_state_usage(void)
{
    fputs(usage, stdout);
}

static bool refuse(struct bytes text)
{
    complain(text, B("\n"));
    return false;
}

/* false: what is not right has been said. */
static bool words_are_right(const struct given *given, const struct options *sec)
{
    struct bytes what = given->count > 0 ? given->words[0] : B("");
    bool export = bytes_eq(what, B("export")), check = bytes_eq(what, B("check"));
    size_t wanted = export ? 3 : 2;
    if (!export && !check && !bytes_eq(what, B("show"))) {
        complain(B("Expected show, check or export"), given->count ? B(", not '") : B(""), what,
                 given->count ? B("'\n") : B("\n"));
        return false;
    }
    if (export && given->count > 1 && !bytes_eq(given->words[1], B("json"))) {
        complain(B("A state can only be exported as json, not as '"), given->words[1], B("'\n"));
        return false;
    }
    if (given->count != wanted)
        return refuse(given->count < wanted ? B("The folder of the state is missing")
                                            : B("More than one folder"));
    if (given->generation < 0 || (check && given->generation > 0))
        return refuse(check ? B("--generation is for show and export; check reads all of them")
                            : B("--generation must be at least 1"));
    return check || sec->conf.count == 0 || refuse(B("--conf is for check only"));
}

static int look(const struct given *given, int argc, char **argv, struct options *sec)
{
    uint64_t generation = (uint64_t)given->generation;
    struct bytes what = given->words[0];
    if (bytes_eq(what, B("export")))
        return inspect_export(given->words[2], generation);
    if (bytes_eq(what, B("show")))
        return inspect_show(given->words[1], generation);
    int status = inspect_check(given->words[1]);
    if (status == INSPECT_FAILED || sec->conf.count == 0)
        return status;
    int fits = inspect_fit(given->words[1], argc, argv, sec);
    return fits > status ? fits : status;
}

int command_state(int argc, char **argv)
{
    static struct given given; /* it lasts to the end of the program */
    const struct more_options more = {specs, sizeof(specs) / sizeof(*specs), set_option, &given};
    run_prepare();
    struct options *sec = given.sec = options_read_with(argc, argv, &more);
    if (sec && sec->help) {
        command_state_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    if (!sec || !words_are_right(&given, sec)) {
        complain(B("secant state --help lists the options\n"));
        return COMMAND_FAILED;
    }
    int status = look(&given, argc, argv, sec);
    return run_flush_stdout() == 0 ? status : COMMAND_FAILED;
}
