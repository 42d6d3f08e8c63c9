/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of commands, and `secant help`. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/slips.h"
#include "cli/arguments.h"
#include "cli/run.h"

static int command_help(int argc, char **argv);
static void help_usage(void);

static const struct cli_command commands[] = {
    {"replay", "run the rules over old logs, each line at its own time", "secant-replay",
     command_replay, command_replay_usage},
    {"test", "run tests of rules", "secant-test", command_test, command_test_usage},
    {"explain", "show what the rules do with a line, and why others did not fire", "secant-explain",
     command_explain, command_explain_usage},
    {"check", "find mistakes in rules", "secant-check", command_check, command_check_usage},
    {"migrate", "run SEC and Secant over the same logs, and compare what they do", "secant-migrate",
     command_migrate, command_migrate_usage},
    {"state", "inspect the state that secant --state keeps", "secant-state", command_state,
     command_state_usage},
    {"rules", "list, enable and test the rule packages that come with Secant", "secant-rules",
     command_rules, command_rules_usage},
    {"help", "list the commands, or the options of one", "secant", command_help, help_usage},
};

enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

const struct cli_command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

const struct cli_command *command_meant(struct bytes word)
{
    const struct cli_command *nearest = NULL;
    size_t least = slips_too_many(word);
    for (size_t i = 0; i < COMMANDS; i++)
        if (slips_fewer(word, bytes_of(commands[i].name), &least))
            nearest = &commands[i];
    return nearest;
}

static void help_usage(void)
{
    puts("Usage: secant [options]              run as SEC; secant --help lists the options\n"
         "       secant COMMAND [options]\n"
         "       secant help [COMMAND]\n"
         "\n"
         "Commands");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    puts("\nEach command has a manual page: man secant-COMMAND");
}

/* More words than one are none of ours. */
static int command_help(int argc, char **argv)
{
    const struct cli_command *asked = NULL;
    run_prepare();
    if (argc > 1 && argv[1][0] != '-' && !(asked = command_find(argv[1]))) {
        const struct cli_command *meant = command_meant(bytes_of(argv[1]));
        complain(B("secant help: there is no command '"), bytes_of(argv[1]), B("'"));
        if (meant)
            complain(B(" ("), SLIPS_ASK_WORD(bytes_of(meant->name)), B(")"));
        complain(B("; secant help lists them\n"));
        return COMMAND_FAILED;
    }
    if (asked)
        asked->usage();
    else
        help_usage();
    return run_flush_stdout() == 0 ? COMMAND_FINE : COMMAND_FAILED;
}
