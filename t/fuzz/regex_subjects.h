/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines for a regular expression: sampled from its tree, so that they match often, and damaged, or
 * random ones; with high bytes, UTF-8, NUL, and a newline at the end. */
#ifndef SECANT_T_REGEX_SUBJECTS_H
#define SECANT_T_REGEX_SUBJECTS_H

#include "match/syntax.h"
#include "regex_patterns.h"

/* Text that the tree can match, groups that a reference wants left aside. */
static void sample(struct chance *chance, const struct node *node, struct buf *out)
{
    unsigned n = 0;
    if (out->len > 60)
        return;
    switch (node->kind) {
    case NODE_BYTE:
        buf_char(out, (char)(node->caseless && pick(chance, 2) ? node->byte ^ 0x20 : node->byte));
        return;
    case NODE_SET:
        for (unsigned tries = 0; tries < 256; tries++) {
            static const char likely[] = "ab1 .A\n_c";
            unsigned byte = tries < 3 ? (unsigned char)likely[pick(chance, sizeof likely)]
                                      : (pick(chance, 256) + tries) & 255;
            if (set_has(node->set, byte)) {
                buf_char(out, (char)byte);
                return;
            }
        }
        return;
    case NODE_ALTERNATE:
        for (const struct node *child = node->first; child; child = child->next)
            n++;
        n = pick(chance, n);
        for (const struct node *child = node->first; child; child = child->next, n--) {
            if (n == 0)
                sample(chance, child, out);
        }
        return;
    case NODE_REPEAT:
        for (n = node->repeat.min + pick(chance, 3); n > 0 && n < 10; n--)
            sample(chance, node->first, out);
        return;
    case NODE_BACKREF:
        if (out->len > 0)
            buf_char(out, out->ptr[pick(chance, (unsigned)out->len)]);
        return;
    case NODE_LOOK:
        if (pick(chance, 3))
            return;
        break;
    default:
        break;
    }
    for (const struct node *child = node->first; child; child = child->next)
        sample(chance, child, out);
}

static bool can_be_empty(const struct node *node)
{
    switch (node->kind) {
    case NODE_BYTE:
    case NODE_SET:
        return false;
    case NODE_ALTERNATE:
        for (const struct node *child = node->first; child; child = child->next) {
            if (can_be_empty(child))
                return true;
        }
        return false;
    case NODE_REPEAT:
        return node->repeat.min == 0 || can_be_empty(node->first);
    case NODE_CONCAT:
    case NODE_GROUP:
        for (const struct node *child = node->first; child; child = child->next) {
            if (!can_be_empty(child))
                return false;
        }
        return true;
    default:
        return true;
    }
}

static bool is_loop(const struct node *node)
{
    return node->kind == NODE_REPEAT && node->repeat.max > 1;
}

/* Perl panics over a repeated class without bytes, and takes very long for loops over what can be
 * empty. */
static bool perl_is_safe(const struct node *node)
{
    if ((node->kind == NODE_SET && set_count(node->set, 1) == 0) ||
        (is_loop(node) && can_be_empty(node->first)))
        return false;
    for (const struct node *child = node->first; child; child = child->next) {
        if (!perl_is_safe(child))
            return false;
    }
    return true;
}

/* Loops in loops take time that doubles with each byte. */
static bool has_nested_loops(const struct node *node, bool in_loop)
{
    if (in_loop && is_loop(node))
        return true;
    for (const struct node *child = node->first; child; child = child->next) {
        if (has_nested_loops(child, in_loop || is_loop(node)))
            return true;
    }
    return false;
}

/* clang-format off */
static const char *const characters[] = {
    "a", "a", "a", "b", "b", "b", "c", "1", " ", ".", ":", "-", "A", "B", "_", "\n", "\xe9", "\xff", "\x85",
    "\xa0", "\xc3\xa9", "\xc3\x84", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xc2\xa0", "\xc3", "ab", "\t", "\r", "s",
};
/* clang-format on */

static void random_text(struct chance *chance, struct buf *out, unsigned most)
{
    for (unsigned n = pick(chance, most); n > 0; n--) {
        if (pick(chance, 30) == 29)
            buf_char(out, '\0');
        else
            buf_add(out, bytes_of(PICK_TEXT(chance, characters)));
    }
}

static void make_subject(struct chance *chance, const struct syntax *syntax, struct buf *out)
{
    buf_clear(out);
    unsigned kind = pick(chance, 8);
    if (pick(chance, 3) == 0)
        random_text(chance, out, pick(chance, 16) ? 4 : 100);
    if (kind > 0 && syntax->understood)
        sample(chance, syntax->root, out);
    else
        random_text(chance, out, 14);
    if (kind > 4)
        damage(chance, out);
    if (pick(chance, 3) == 0)
        random_text(chance, out, 4);
    if (pick(chance, 6) == 0)
        buf_char(out, '\n');
}

#endif
