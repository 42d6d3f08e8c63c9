/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random patterns with values in them, as the second patterns of Pair rules: what match/filled.h is
 * certain of must be a sound pattern, and what it says every match holds every match must hold. */
#ifndef SECANT_T_FILLED_CASES_H
#define SECANT_T_FILLED_CASES_H

#include "match/filled.h"
#include "regex_cases.h"

enum { CUTS = 2 }; /* values in one pattern, at the most */

struct filling {
    struct bytes texts[CUTS + 1];
    struct buf values[CUTS];
    size_t count; /* of values */
    struct filled filled;
    struct buf pattern, literal;
};

static void random_value(struct chance *chance, struct buf *out)
{
    static const char likely[] = "ab1zQ7x_-.:/ $^+*?()[]{}|\\#,i\n\xe9\0";
    for (unsigned n = 1 + pick(chance, 5); n > 0; n--)
        buf_char(out, likely[pick(chance, sizeof likely - 1)]);
}

static void add_quoted(struct buf *out, struct bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (!is_word(value.ptr[i]))
            buf_char(out, '\\');
        buf_char(out, value.ptr[i]);
    }
}

/* Cuts the text at random places and puts quoted values between. */
static void fill(struct chance *chance, struct bytes text, struct filling *filling)
{
    size_t from = 0;
    filling->count = 1 + pick(chance, CUTS);
    for (size_t i = 0; i < filling->count; i++) {
        size_t to = from + pick(chance, (unsigned)(text.len - from) + 1);
        filling->texts[i] = bytes_slice(text, from, to);
        buf_add(&filling->pattern, filling->texts[i]);
        random_value(chance, &filling->values[i]);
        add_quoted(&filling->pattern, buf_bytes(&filling->values[i]));
        from = to;
    }
    filling->texts[filling->count] = bytes_slice(text, from, text.len);
    buf_add(&filling->pattern, filling->texts[filling->count]);
}

static void fill_literal(struct filling *filling)
{
    for (size_t i = 0; i < filling->filled.count; i++) {
        const struct filled_piece *piece = &filling->filled.pieces[i];
        buf_add(&filling->literal,
                piece->value < 0 ? piece->text : buf_bytes(&filling->values[piece->value]));
    }
}

/* Each line that matches holds the literal; *matches counts them. */
static bool all_hold(struct question *question, const struct perl_list *answers,
                     struct bytes literal, unsigned long *matches)
{
    for (size_t i = 0; i < question->count; i++) {
        struct bytes line = question->items[i + 2].text;
        const struct perl_item *answer = &answers->items[i + 1];
        if (answer->kind == PERL_UNDEF ||
            bytes_eq(bytes_slice(answer->text, 1, answer->text.len), B("no")))
            continue;
        ++*matches;
        if (bytes_find(line, literal, 0) < 0) {
            print_quoted("  literal", literal);
            return complain("a match without its literal", question->pattern, line);
        }
    }
    return true;
}

static bool compare_filled(struct chance *chance, const struct judge *judge, struct bytes text,
                           unsigned long *certain, unsigned long *matches)
{
    struct filling filling = {0};
    struct question question = {0};
    struct buf error = {0};
    struct perl_list answers = {0};
    bool ok = true;
    arena_init(&question.arena);
    fill(chance, text, &filling);
    question.pattern = buf_bytes(&filling.pattern);
    filled_read(filling.texts, filling.count, &question.arena, &filling.filled);
    if (filling.filled.certain) {
        ++*certain;
        fill_literal(&filling);
        ok = regex_compile(question.pattern, &question.regex, &error) ||
             complain("not sound", question.pattern, text);
        if (ok && filling.filled.count > 0) {
            make_lines(chance, &question);
            ok = perl_answers(judge, &question, &answers) &&
                 all_hold(&question, &answers, buf_bytes(&filling.literal), matches);
            perl_list_release(&answers);
        }
        regex_free(question.regex);
    }
    arena_free(&question.arena);
    for (size_t i = 0; i < CUTS; i++)
        buf_free(&filling.values[i]);
    buf_free(&filling.pattern);
    buf_free(&filling.literal);
    buf_free(&error);
    return ok;
}

#endif
