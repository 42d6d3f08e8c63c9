/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCRE2 against Perl: the bytes choose a pattern and lines for it (regex_cases.h). */
#include "regex_cases.h"

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct judge judge;
static struct seen seen;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chance chance = {.data = data, .len = size, .state = size};
    struct buf pattern = {0};
    make_pattern(&chance, &pattern);
    if (!compare_pattern(&chance, &judge, buf_bytes(&pattern), &seen))
        abort();
    buf_free(&pattern);
    return 0;
}

struct command_line {
    int argc;
    char **argv;
};

static void print_counts(void)
{
    print_seen(stderr, &seen);
}

static void fuzz(void *arg)
{
    struct command_line *line = arg;
    judge_init(&judge);
    atexit(print_counts); /* the driver may end the program itself */
    LLVMFuzzerRunDriver(&line->argc, &line->argv, LLVMFuzzerTestOneInput);
    judge_free(&judge);
}

int main(int argc, char **argv, char **env)
{
    struct command_line line = {argc, argv};
    return perl_run_main(1, (char *[]){argv[0], NULL}, env, fuzz, &line);
}
