/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands as a shell reads them: what it takes, and that reading comes to an end. */
#include "unit.h"

#include "lint/shell.h"

START_TEST(what_a_shell_takes)
{
    static const struct {
        struct bytes command;
        enum shell_syntax found;
    } cases[] = {
        {B("echo `date` >>log; (cd /; ls) | wc -l &"), SHELL_VALID},
        {B("echo \"$(id -u)\" 'a;b' \\; # it's"), SHELL_VALID},
        {B("echo `date"), SHELL_OPEN},
        {B("echo 'a"), SHELL_OPEN},
        {B("echo `(date`"), SHELL_OPEN},
        {B("echo \"`a $(b` c\""), SHELL_OPEN},
        {B("; date"), SHELL_WRONG},
        {B("echo )"), SHELL_WRONG},
        {B("echo a\0'"), SHELL_VALID},
        {B("\0"), SHELL_VALID},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        ck_assert_int_eq(shell_syntax(cases[i].command, NULL), cases[i].found);
}
END_TEST

START_TEST(a_nul_ends_the_command)
{
    struct buf shape = {0};
    shell_shape(B("ls\0; id"), &shape);
    ck_assert(bytes_eq(buf_bytes(&shape), B("w")));
    buf_free(&shape);
}
END_TEST

/* Of all short texts of what means something to a shell. */
START_TEST(reading_ends)
{
    static const char signs[] = "`($)\"'\\a |>;#\n&{<";
    enum { SIGNS = sizeof(signs), LENGTH = 5 };
    char text[LENGTH];
    size_t all = 1, open = 0;
    for (size_t i = 0; i < LENGTH; i++)
        all *= SIGNS;
    for (size_t number = 0; number < all; number++) {
        size_t rest = number;
        for (size_t i = 0; i < LENGTH; i++, rest /= SIGNS)
            text[i] = signs[rest % SIGNS];
        open += shell_syntax(bytes_make(text, LENGTH), NULL) == SHELL_OPEN;
    }
    ck_assert(open > 0 && open < all);
}
END_TEST

RUN_TESTS("shell", what_a_shell_takes, a_nul_ends_the_command, reading_ends)
