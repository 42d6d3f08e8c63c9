/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands: what `secant` does when its first word is one of these names.  With any other
 * first word, or none, it is SEC.
 *
 * A command exits with 0 if all is well, with 1 if it has found something, and with 2 if it could
 * not do what it was asked for.  Data go to standard output, all else to standard error.
 */
#ifndef SECANT_CLI_COMMANDS_H
#define SECANT_CLI_COMMANDS_H

#include "base/bytes.h"

struct cli_command {
    const char *name;
    const char *summary; /* one line */
    const char *page;    /* the manual page, of section 1 */
    /* argv[0] is the command's name.  Returns the exit status. */
    int (*run)(int argc, char **argv);
    void (*usage)(void); /* prints what --help does */
};

enum { COMMAND_FINE, COMMAND_FOUND, COMMAND_FAILED };

/* NULL: there is no command of this name. */
const struct cli_command *command_find(const char *name);
/* The one that was meant by a misspelt word; NULL: none. */
const struct cli_command *command_meant(struct bytes word);

/* Each in a file of its own. */
int command_check(int argc, char **argv);
void command_check_usage(void);
int command_explain(int argc, char **argv);
void command_explain_usage(void);
int command_import(int argc, char **argv); /* secant migrate import */
void command_import_usage(void);
int command_switch(int argc, char **argv); /* secant migrate switch */
void command_switch_usage(void);
int command_migrate(int argc, char **argv);
void command_migrate_usage(void);
int command_replay(int argc, char **argv);
void command_replay_usage(void);
int command_rules(int argc, char **argv);
void command_rules_usage(void);
int command_state(int argc, char **argv);
void command_state_usage(void);
int command_test(int argc, char **argv);
void command_test_usage(void);

#endif
