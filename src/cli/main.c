/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way in. */
#include <stdlib.h>

#include "cli/run.h"

int main(int argc, char **argv, char **env)
{
    struct program program = {.argc = argc, .argv = argv};
    /* Not returned: the engine must last as long as anything that runs at exit. */
    exit(run(&program, env));
}
