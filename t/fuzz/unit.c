/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units and files of variables, which root lets us read: an input is a file of variables and, after a
 * line "----", a unit with drop-ins, each after such a line.  Whatever they are, a command is words
 * without NUL bytes, and a value that is quoted for a shell is read back as it was. */
#include "base/shell_word.h"
#include "fuzz.h"
#include "site/unit_file.h"
#include "site/unit_words.h"

static void start(void)
{
}

static void check_quoted(struct bytes value)
{
    struct arena arena;
    struct buf text = {0}, why = {0};
    arena_init(&arena);
    struct environment again = {.arena = &arena};
    buf_add(&text, B("A="));
    shell_word(&text, value);
    if (!environment_read_shell(&again, B("f"), buf_bytes(&text), &why) ||
        !bytes_eq(environment_get(&again, B("A")), value))
        abort();
    environment_free(&again);
    buf_free(&text);
    buf_free(&why);
    arena_free(&arena);
}

static void check_words(const struct word_list *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (bytes_chr(words->items[i], '\0', 0) >= 0)
            abort();
        check_quoted(words->items[i]);
    }
}

static void read_commands(struct unit *unit, const struct environment *environment)
{
    const struct unit_line *line = NULL;
    while ((line = unit_next(unit, "Service", "ExecStart", line)) != NULL) {
        struct word_list words = {0};
        struct buf why = {0};
        if (unit_command(unit->arena, line->value, B("sec@a\\x2d-b.service"), environment, &words,
                         &why) != (why.len == 0))
            abort();
        check_words(&words);
        word_list_free(&words);
        buf_free(&why);
    }
}

static void one(struct bytes input)
{
    struct arena arena;
    struct buf why = {0};
    struct bytes variables = take_until(&input, B("\n----\n"));
    arena_init(&arena);
    struct environment environment = {.arena = &arena};
    struct unit unit = {.arena = &arena};
    environment_read_shell(&environment, B("default"), variables, &why);
    environment_read(&environment, variables);
    while (input.len > 0) {
        struct bytes text = take_until(&input, B("\n----\n"));
        if (bytes_chr(text, '\0', 0) < 0)
            unit_read(&unit, B("unit"), text);
    }
    read_commands(&unit, &environment);
    unit_setting(&unit, "Service", "Type");
    unit_free(&unit);
    environment_free(&environment);
    buf_free(&why);
    arena_free(&arena);
}

FUZZ_TARGET(start, one)
