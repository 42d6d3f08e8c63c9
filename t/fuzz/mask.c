/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Secrets: an input is a text of rules and, after a line "----", lines.
 *
 * A line stays one, the same text is masked the same way again, and what is left stays as it is. */
#include "fuzz.h"
#include "secrets/mask.h"

static void start(void)
{
}

static void check_left(struct mask *mask, struct bytes text, bool rules)
{
    struct buf out = {0};
    for (size_t i = 0; i < mask_count(mask); i++)
        mask_secret(mask, i)->left = true;
    mask_text(mask, text, rules, &out);
    if (!bytes_eq(buf_bytes(&out), text))
        abort();
    for (size_t i = 0; i < mask_count(mask); i++)
        mask_secret(mask, i)->left = false;
    buf_free(&out);
}

static void check(struct mask *mask, struct bytes text, bool rules)
{
    struct buf out = {0}, again = {0};
    check_left(mask, text, rules);
    mask_text(mask, text, rules, &out);
    mask_text(mask, text, rules, &again);
    if (!bytes_eq(buf_bytes(&out), buf_bytes(&again)))
        abort();
    if (bytes_chr(text, '\n', 0) < 0 && bytes_chr(buf_bytes(&out), '\n', 0) >= 0)
        abort();
    buf_free(&out);
    buf_free(&again);
}

static void one(struct bytes input)
{
    struct mask *mask = mask_new();
    struct bytes rules = take_until(&input, B("\n----\n")), lines = input;
    mask_learn(mask, rules, true);
    for (struct bytes rest = lines, line; bytes_piece(&rest, '\n', &line);)
        mask_learn(mask, line, false);
    check(mask, rules, true);
    for (struct bytes rest = lines, line; bytes_piece(&rest, '\n', &line);)
        check(mask, line, false);
    mask_free(mask);
}

FUZZ_TARGET(start, one)
