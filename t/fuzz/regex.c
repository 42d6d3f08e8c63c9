/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCRE2 against Perl.  The bytes choose a pattern and lines for it (regex_cases.h); after a
 * first byte 0xff the pattern stands there itself, up to a newline, and the rest chooses lines. */
#define SUBJECTS 20 /* enough for machine code, half as many as the unit test has */
#include "regex_cases.h"

#include "fuzz.h"

static struct judge judge;
static struct seen seen;

/* Loops in loops in loops take hours with lines of a dozen bytes. */
static unsigned loop_depth(const struct node *node)
{
    unsigned deepest = 0;
    for (const struct node *child = node->first; child; child = child->next) {
        unsigned depth = loop_depth(child);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + is_loop(node);
}

static bool is_quick(struct bytes pattern)
{
    struct arena arena;
    struct syntax syntax;
    size_t loops = 0;
    arena_init(&arena);
    syntax_read(pattern, &arena, &syntax);
    bool shallow = !syntax.understood || loop_depth(syntax.root) < 3;
    for (size_t i = 0; i < pattern.len; i++)
        loops += memchr("*+{", pattern.ptr[i], 3) != NULL;
    arena_free(&arena);
    return shallow && loops < (syntax.understood ? 12 : 6);
}

static void one(struct bytes input)
{
    struct buf pattern = {0};
    bool literal = input.len > 0 && (unsigned char)*input.ptr == 0xff;
    if (literal) {
        take_byte(&input);
        buf_add(&pattern, take_line(&input));
    }
    struct chance chance = {
        .data = (const uint8_t *)input.ptr, .len = input.len, .state = input.len + 1};
    if (!literal)
        make_pattern(&chance, &pattern);
    if (is_quick(buf_bytes(&pattern)) &&
        !compare_pattern(&chance, &judge, buf_bytes(&pattern), &seen))
        abort();
    buf_free(&pattern);
}

static void print_counts(void)
{
    print_seen(stderr, &seen);
}

static void start(void)
{
    judge_init(&judge);
    atexit(print_counts); /* the driver may end the program itself */
}

FUZZ_TARGET(start, one)
