/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the placeholders in the tree of the pattern: each is a run of literal bytes among siblings.
 *
 * The pattern is read twice, with placeholders that begin with a letter and with a digit, because
 * an escape just before a value (\x, \1) would absorb some values but not others.  A brace before a
 * value might make it a quantifier, so nothing is certain then. */
#include "match/filled.h"

#include <assert.h>

#include "match/syntax.h"

/* The stand-in of value n is one of these, then n in two digits, then WORD_END: letters and digits
 * only, so that quoting would not change it. */
static const char *const word_begins[] = {"zQ7", "7Qz"};
#define WORD_END "x7Q7z"
enum { WORD = 10, VALUES = 100 }; /* bytes of a stand-in; values that two digits can tell */
static_assert(WORD == 3 + 2 + sizeof(WORD_END) - 1, "what put_together makes");

struct search {
    struct arena *arena;
    struct bytes begin; /* of the stand-ins */
    struct buf run;     /* literal bytes of the siblings under way */
    size_t seen;        /* stand-ins found as literals */
    struct filled *filled;
    size_t best; /* length of the best literal so far */
};

/* Is there a stand-in at `at`? Its value, or -1. */
static int32_t word_at(struct bytes begin, struct bytes text, size_t at)
{
    if (text.len - at < WORD || memcmp(text.ptr + at, begin.ptr, begin.len) != 0)
        return -1;
    const char *digits = text.ptr + at + begin.len;
    return (digits[0] - '0') * 10 + digits[1] - '0';
}

static size_t words_in(struct bytes begin, struct bytes text)
{
    size_t words = 0;
    for (size_t at = 0; at < text.len; at++)
        words += word_at(begin, text, at) >= 0;
    return words;
}

static void keep_pieces(struct search *search, struct bytes run, size_t words)
{
    struct filled *filled = search->filled;
    size_t begin = 0;
    filled->pieces = arena_alloc(search->arena, (2 * words + 1) * sizeof(*filled->pieces));
    filled->count = 0;
    for (size_t at = 0; at <= run.len; at++) {
        int32_t value = at < run.len ? word_at(search->begin, run, at) : -1;
        if (value < 0 && at < run.len)
            continue;
        if (at > begin)
            filled->pieces[filled->count++] =
                (struct filled_piece){-1, arena_bytes(search->arena, bytes_slice(run, begin, at))};
        if (value < 0)
            break;
        filled->pieces[filled->count++] = (struct filled_piece){.value = value};
        begin = at + WORD;
        at = begin - 1;
    }
}

static void end_run(struct search *search, bool required)
{
    struct bytes run = buf_bytes(&search->run);
    size_t words = words_in(search->begin, run);
    search->seen += words;
    if (required && words && run.len > search->best) {
        search->best = run.len;
        keep_pieces(search, run, words);
    }
    buf_clear(&search->run);
}

static void visit_node(struct search *search, const struct node *node, bool required);

/* The children of a concatenation, or a node that is alone. */
static void visit_row(struct search *search, const struct node *first, bool required, bool alone)
{
    for (const struct node *node = first; node; node = alone ? NULL : node->next) {
        if (node->kind == NODE_BYTE && !node->caseless) {
            buf_char(&search->run, (char)node->byte);
            continue;
        }
        end_run(search, required);
        visit_node(search, node, required);
    }
    end_run(search, required);
}

static void visit_node(struct search *search, const struct node *node, bool required)
{
    switch (node->kind) {
    case NODE_CONCAT:
        visit_row(search, node->first, required, false);
        break;
    case NODE_GROUP:
        visit_row(search, node->first, required, true);
        break;
    case NODE_ALTERNATE:
    case NODE_REPEAT:
        for (const struct node *child = node->first; child; child = child->next)
            visit_row(search, child, false, true);
        break;
    default:
        break;
    }
}

/* The pattern with stand-ins; the caller's to free.  begin: of the stand-ins; without one any text
 * may stand for a value. */
static struct buf put_together(struct bytes begin, const struct bytes *texts, size_t values)
{
    struct buf pattern = {0};
    for (size_t i = 0; i <= values; i++) {
        buf_add(&pattern, texts[i]);
        if (i == values)
            break;
        if (begin.len > 0)
            buf_printf(&pattern, "%.*s%02zu" WORD_END, (int)begin.len, begin.ptr, i);
        else
            buf_add(&pattern, B("(?s:.+)"));
    }
    return pattern;
}

/* Does text end in what a number would make a quantifier: "{", "{3,"? */
static bool opens_brace(struct bytes text)
{
    size_t at = text.len;
    while (at > 0 && (is_digit(text.ptr[at - 1]) || text.ptr[at - 1] == ','))
        at--;
    return at > 0 && text.ptr[at - 1] == '{';
}

/* Reads the pattern with one kind of stand-ins: is each a literal? */
static bool read_with(const char *word, const struct bytes *texts, size_t values,
                      struct arena *arena, struct filled *filled)
{
    struct search search = {.arena = arena, .filled = filled, .begin = bytes_of(word)};
    struct buf pattern = put_together(search.begin, texts, values);
    struct bytes text = arena_bytes(arena, buf_bytes(&pattern));
    struct dialect dialect;
    struct syntax syntax;
    buf_free(&pattern);
    dialect_read(text, arena, &dialect);
    syntax_read(text, arena, &syntax);
    if (!dialect.equal || words_in(search.begin, text) != values)
        return false;
    filled->dialect = dialect;
    visit_row(&search, syntax.root, true, true);
    buf_free(&search.run);
    return search.seen == values;
}

/* What quoted values match, the stand-in for any text matches, too. */
static void read_required(const struct bytes *texts, size_t values, struct arena *arena,
                          struct filled *filled)
{
    struct buf pattern = put_together(B(""), texts, values);
    struct dialect dialect;
    dialect_read(arena_bytes(arena, buf_bytes(&pattern)), arena, &dialect);
    filled->required = dialect.required;
    filled->required_count = dialect.required_count;
    buf_free(&pattern);
}

void filled_read(const struct bytes *texts, size_t values, struct arena *arena,
                 struct filled *filled)
{
    *filled = (struct filled){0};
    filled->certain = values > 0 && values <= VALUES;
    for (size_t i = 0; i < values && filled->certain; i++)
        filled->certain = !opens_brace(texts[i]);
    for (int i = 0; i < 2 && filled->certain; i++)
        filled->certain = read_with(word_begins[i], texts, values, arena, filled);
    if (!filled->certain)
        filled->count = 0;
    else
        read_required(texts, values, arena, filled);
}
