/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry point of the program. */
#include <stdlib.h>

#include "cli/advice.h"
#include "cli/commands.h"
#include "cli/run.h"

int main(int argc, char **argv, char **env)
{
    const struct cli_command *command = argc > 1 ? command_find(argv[1]) : NULL;
    if (command)
        exit(command->run(argc - 1, argv + 1));
    advise_on_word(argc, argv);
    struct program program = {.argc = argc, .argv = argv};
    /* Not returned: the engine must last as long as anything that runs at exit. */
    exit(run(&program, env));
}
