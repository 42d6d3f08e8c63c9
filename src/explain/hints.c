/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tries patterns with one or two things changed. */
#include "explain/hints.h"

#include <time.h>

#include "base/arena.h"
#include "explain/cuts.h"
#include "explain/trial.h"

/* The pattern on its way to a changed one. */
struct copy {
    struct bytes pattern;
    struct hints change; /* which changes are wanted, */
    struct hints done;   /* and which there was something for */
    struct buf out;
    size_t at;    /* how far it is copied */
    size_t place; /* where a match is to begin for the one who asks; SIZE_MAX: nobody does */
};

void hints_quote(struct bytes substring, struct buf *out)
{
    for (size_t i = 0; i < substring.len; i++) {
        char c = substring.ptr[i];
        if (!is_word(c) && c != ' ' && (unsigned char)c < 0x80)
            buf_char(out, '\\');
        buf_char(out, c);
    }
}

static void copy_up_to(struct copy *copy, size_t to)
{
    if (copy->place >= copy->at && copy->place <= to) {
        buf_cat(&copy->out, bytes_slice(copy->pattern, copy->at, copy->place), B("\\K"));
        copy->at = copy->place;
        copy->place = SIZE_MAX;
    }
    buf_add(&copy->out, bytes_slice(copy->pattern, copy->at, to));
    copy->at = to;
}

static void replace(struct copy *copy, size_t from, size_t to, struct bytes text)
{
    if (from < copy->at)
        return;
    if (copy->place > from && copy->place < to)
        copy->place = from;
    copy_up_to(copy, from);
    buf_add(&copy->out, text);
    copy->at = to;
}

static bool is_blank_node(const struct node *node)
{
    if (node->kind == NODE_REPEAT)
        node = node->first;
    if (node->kind == NODE_BYTE)
        return node->byte == ' ' || node->byte == '\t';
    return node->kind == NODE_SET && set_has(node->set, ' ') && set_count(node->set, 8) < 8;
}

static bool is_mark(const struct node *node)
{
    return node && node->kind == NODE_BYTE && !is_word((char)node->byte);
}

static void change_blanks(struct copy *copy, const struct node *node);

/* Blanks in a row become one piece, which may be nothing next to a mark like ":" or to a blank:
 * where words meet or anything goes, no blank is a blank too few. */
static void change_sequence(struct copy *copy, const struct node *first)
{
    const struct node *before = NULL;
    for (const struct node *n = first; n; before = n, n = n->next) {
        if (!is_blank_node(n)) {
            change_blanks(copy, n);
            continue;
        }
        size_t from = n->from;
        while (n->next && is_blank_node(n->next))
            n = n->next;
        bool mark = is_mark(before) || is_mark(n->next);
        replace(copy, from, n->to, mark ? B("\\s*") : B("(?:\\s+|(?<=\\s)|(?=\\s))"));
        copy->done.blanks = true;
    }
}

static void change_blanks(struct copy *copy, const struct node *node)
{
    switch (node->kind) {
    case NODE_CONCAT:
        change_sequence(copy, node->first);
        break;
    case NODE_GROUP:
    case NODE_LOOK:
    case NODE_ALTERNATE:
    case NODE_REPEAT:
        for (const struct node *n = node->first; n; n = n->next)
            change_blanks(copy, n);
        break;
    default:
        break;
    }
}

/* Is it this assertion?  NULL: it is nothing. */
static bool is_anchor(struct bytes pattern, const struct node *node, const char *const *anchors)
{
    if (!node || node->kind != NODE_ASSERT)
        return false;
    struct bytes text = bytes_slice(pattern, node->from, node->to);
    for (; *anchors; anchors++)
        if (bytes_eq(text, bytes_of(*anchors)))
            return true;
    return false;
}

static const struct node *last_of(const struct node *concat)
{
    const struct node *last = concat->first;
    while (last && last->next)
        last = last->next;
    return last;
}

static void change_alternative(struct copy *copy, const struct node *concat)
{
    static const char *const begins[] = {"^", "\\A", NULL}, *const ends[] = {"$", "\\z", "\\Z",
                                                                             NULL};
    const struct node *last = last_of(concat);
    if (copy->change.begin && is_anchor(copy->pattern, concat->first, begins)) {
        replace(copy, concat->first->from, concat->first->to, B(""));
        copy->done.begin = true;
    }
    if (copy->change.blanks)
        change_blanks(copy, concat);
    if (copy->change.end && is_anchor(copy->pattern, last, ends)) {
        replace(copy, last->from, last->to, B(""));
        copy->done.end = true;
    }
}

/* false: the pattern has nothing to be changed so. */
static bool change_pattern(struct copy *copy, struct arena *arena)
{
    struct syntax syntax;
    syntax_read(copy->pattern, arena, &syntax);
    if (!syntax.understood)
        return false;
    if (copy->change.caseless)
        buf_add(&copy->out, B("(?i)"));
    const struct node *root = syntax.root;
    if (root->kind == NODE_ALTERNATE)
        for (const struct node *n = root->first; n; n = n->next)
            change_alternative(copy, n);
    else
        change_alternative(copy, root);
    copy_up_to(copy, copy->pattern.len);
    return copy->done.blanks == copy->change.blanks && copy->done.begin == copy->change.begin &&
           copy->done.end == copy->change.end;
}

static bool matches_changed(struct bytes pattern, struct bytes text, size_t place,
                            struct hints *hints)
{
    struct copy copy = {.pattern = pattern, .change = *hints, .place = place};
    struct arena arena;
    arena_init(&arena);
    bool matches = change_pattern(&copy, &arena) &&
                   trial_match(buf_bytes(&copy.out), text, &hints->from, &hints->to);
    arena_free(&arena);
    buf_free(&copy.out);
    return matches;
}

/* The first change that is enough: one alone, then two. */
static void try_changes(struct bytes pattern, struct bytes text, struct hints *hints)
{
    static const struct hints changes[] = {
        {.caseless = true},
        {.blanks = true},
        {.begin = true},
        {.end = true},
        {.begin = true, .end = true},
        {.caseless = true, .blanks = true},
        {.blanks = true, .begin = true},
        {.blanks = true, .end = true},
        {.caseless = true, .begin = true},
        {.caseless = true, .end = true},
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
        *hints = changes[i];
        if (matches_changed(pattern, text, SIZE_MAX, hints))
            return;
    }
    *hints = (struct hints){0};
}

/* A substring that is written as a regular expression; a "." alone, as in addresses, makes none. */
static bool is_regex(struct bytes substring)
{
    for (size_t i = 0; i < substring.len; i++)
        if (bytes_chr(B("\\*+[](){}|^$"), substring.ptr[i], 0) >= 0)
            return true;
    return false;
}

void hints_find(bool substring, struct bytes pattern, struct bytes text, struct hints *hints)
{
    struct buf quoted = {0};
    struct bytes given = pattern;
    if (substring) {
        hints_quote(pattern, &quoted);
        pattern = buf_bytes(&quoted);
    }
    try_changes(pattern, text, hints);
    if (substring && !hints_any(hints) && is_regex(given))
        hints->regex = trial_match(given, text, &hints->from, &hints->to);
    buf_free(&quoted);
}

size_t hints_place(bool substring, struct bytes pattern, size_t at, struct bytes text,
                   const struct hints *hints)
{
    struct buf quoted = {0};
    struct hints there = *hints;
    if (substring) {
        hints_quote(bytes_slice(pattern, 0, at), &quoted);
        size_t place = quoted.len;
        hints_quote(bytes_from(pattern, at), &quoted);
        pattern = buf_bytes(&quoted);
        at = place;
    }
    bool found = matches_changed(pattern, text, at, &there);
    buf_free(&quoted);
    return found && there.from <= text.len ? there.from : hints->from;
}

/* Times. */

static bool matches_with(bool substring, struct bytes pattern, struct bytes text, struct bytes time,
                         struct bytes form)
{
    struct buf changed = {0};
    size_t at = (size_t)(time.ptr - text.ptr);
    buf_cat(&changed, bytes_slice(text, 0, at), form, bytes_from(text, at + time.len));
    bool matches = substring ? bytes_find(buf_bytes(&changed), pattern, 0) >= 0
                             : trial_match(pattern, buf_bytes(&changed), NULL, NULL);
    buf_free(&changed);
    return matches;
}

bool hints_time(bool substring, struct bytes pattern, struct bytes text, struct bytes time,
                int64_t second, struct buf *form)
{
    static const char *const forms[] = {
        "%b %e %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z",  "%Y-%m-%d %H:%M:%S",   "%b %e %Y %H:%M:%S",
        "%b %d %H:%M:%S", "%a %b %e %H:%M:%S %Y", "%d/%b/%Y:%H:%M:%S %z"};
    time_t when = (time_t)second;
    struct tm tm;
    if (!localtime_r(&when, &tm))
        return false;
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        char other[64];
        size_t len = strftime(other, sizeof(other), forms[i], &tm);
        if (!matches_with(substring, pattern, text, time, bytes_make(other, len)))
            continue;
        buf_add(form, bytes_make(other, len));
        return true;
    }
    return false;
}
