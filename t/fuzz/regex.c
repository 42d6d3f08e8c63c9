/* PCRE2 against Perl: the bytes choose a pattern and lines for it (regex_cases.h). */
#include "regex_cases.h"

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct seen seen;
    struct chance chance = {.data = data, .len = size, .state = size};
    struct buf pattern = {0};
    make_pattern(&chance, &pattern);
    if (!compare_pattern(&chance, buf_bytes(&pattern), &seen))
        abort();
    buf_free(&pattern);
    return 0;
}

struct command_line {
    int argc;
    char **argv;
};

static void fuzz(void *arg)
{
    struct command_line *line = arg;
    quiet_perl();
    LLVMFuzzerRunDriver(&line->argc, &line->argv, LLVMFuzzerTestOneInput);
}

int main(int argc, char **argv, char **env)
{
    struct command_line line = {argc, argv};
    return perl_run_main(1, (char *[]){argv[0], NULL}, env, fuzz, &line);
}
