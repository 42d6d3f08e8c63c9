/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant migrate switch`: its command line. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/site.h"
#include "site/switch.h"

static const char usage[] =
    "Usage: secant migrate switch --from-unit=UNIT | --from-default=FILE [options]\n"
    "Examines how this machine runs SEC, and prints a shell script that replaces SEC with Secant,\n"
    "keeping its state and losing no line, or switches back. Changes nothing itself.\n"
    "\n"
    "  --from-unit=UNIT             the systemd unit that runs SEC\n"
    "  --from-default=FILE          the file with its options, such as /etc/default/sec\n"
    "  --root=FOLDER                search for both in the files of another system\n"
    "  --ref=COMMAND                the command that starts SEC, if neither says it\n"
    "  --secant=PROGRAM             the program that starts Secant (this program)\n"
    "  --help, -?                   this text\n"
    "\n"
    "The exit status is 0 if the script was printed, 1 if something must be corrected first,\n"
    "2 if the examination failed.\n";

enum own_option { REF, SECANT, SITE };

static const struct option_spec specs[] = {
    {"ref", NULL, OPTION_TEXT, REF},
    {"secant", NULL, OPTION_TEXT, SECANT},
    SITE_SPECS(SITE),
};

/* What has been given. */
struct given {
    struct site_given asked;
    struct bytes ref;
    struct site site;
    struct arena arena; /* of the site */
    struct switch_options options;
    struct options *looked, *sec;
};

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct given *given = arg;
    if (spec->field == REF)
        given->ref = value->text;
    else if (spec->field == SECANT)
        given->options.secant = value->text.ptr;
    else
        given->asked.texts[spec->field - SITE] = value->text;
}

void command_switch_usage(void)
{
    fputs(usage, stdout);
}

static bool fail(void)
{
    complain(B("secant migrate switch --help lists the options\n"));
    return false;
}

static bool read_site(struct given *given, int argc, char **argv)
{
    const struct more_options more = {specs, sizeof(specs) / sizeof(*specs), set_option, given};
    given->looked = options_read_with(argc, argv, &more);
    if (!given->looked)
        return fail();
    if (given->looked->help)
        return true;
    if (!site_is_given(&given->asked)) {
        complain(B("No SEC given: --from-unit or --from-default is missing\n"));
        return fail();
    }
    if (!site_find(&given->asked, &given->arena, &given->site))
        return fail();
    site_enter_environment(&given->site);
    given->options.argv = site_arguments(&given->site, argc, argv);
    given->options.argc = argc + (int)given->site.options.count;
    given->sec = options_read_with(given->options.argc, given->options.argv, &more);
    if (given->sec && given->sec->conf.count == 0)
        complain(B("SEC has no rules (--conf)\n"));
    return (given->sec && given->sec->conf.count > 0) || fail();
}

int command_switch(int argc, char **argv)
{
    static struct given given; /* it lasts to the end of the program */
    run_prepare();
    if (!read_site(&given, argc, argv))
        return COMMAND_FAILED;
    if (given.looked->help) {
        command_switch_usage();
        return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
    }
    given.options.site = &given.site;
    given.options.reference = site_reference(&given.site, given.ref, B("sec"));
    return switch_run(&given.options, given.sec);
}
