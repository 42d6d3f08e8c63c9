/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which patterns PCRE2 may take.
 *
 * The reader has already sorted out all syntax in which the engines differ.  This file is about
 * differences in behaviour: groups that are set in one iteration of a loop and not in the next,
 * loops over the empty string, lookbehind, and loops that Perl ends after 65535 iterations. */
#include "match/dialect.h"

#include "match/literals.h"
#include "match/syntax.h"

#define LOOP_ROUNDS 60000 /* Perl ends a loop over a group after 65535 rounds */
#define BEHIND_MAX 255    /* bytes that a lookbehind may be long */

/* What a part of the pattern can match. */
struct shape {
    size_t min, max;
    size_t captures; /* groups inside */
    bool caseless;   /* holds a literal in (?i) */
    bool inexact;    /* holds more than literals, sets, and loops and groups of them */
    bool atomic;     /* holds a possessive loop */
    bool counted;    /* holds a quantifier after a literal */
};

struct check {
    const char *unequal;
    bool long_loop;
};

static struct shape check_node(struct check *check, const struct node *node);

static void unequal(struct check *check, const char *why)
{
    if (!check->unequal)
        check->unequal = why;
}

static size_t add(size_t a, size_t b)
{
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static size_t multiply(size_t a, size_t b)
{
    return b != 0 && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

static void inherit(struct shape *shape, const struct shape *part)
{
    shape->captures += part->captures;
    shape->caseless |= part->caseless;
    shape->inexact |= part->inexact;
    shape->atomic |= part->atomic;
    shape->counted |= part->counted;
}

static bool is_one_byte(const struct node *node)
{
    return node->kind == NODE_BYTE || node->kind == NODE_SET;
}

static struct shape check_concat(struct check *check, const struct node *node)
{
    struct shape shape = {0};
    for (const struct node *child = node->first; child; child = child->next) {
        if (is_one_byte(child)) {
            shape.min = add(shape.min, 1);
            shape.max = add(shape.max, 1);
            shape.caseless |= child->caseless;
            continue;
        }
        struct shape part = check_node(check, child);
        shape.min = add(shape.min, part.min);
        shape.max = add(shape.max, part.max);
        inherit(&shape, &part);
    }
    return shape;
}

static struct shape check_alternate(struct check *check, const struct node *node)
{
    struct shape shape = {.min = SIZE_MAX};
    for (const struct node *child = node->first; child; child = child->next) {
        struct shape part = check_node(check, child);
        shape.min = part.min < shape.min ? part.min : shape.min;
        shape.max = part.max > shape.max ? part.max : shape.max;
        inherit(&shape, &part);
    }
    return shape;
}

static struct shape check_repeat(struct check *check, const struct node *node)
{
    const struct node *body = node->first;
    bool loop = node->repeat.max > 1;
    struct shape shape = check_node(check, body);
    if (loop && shape.min == 0)
        unequal(check, "a loop over what can be empty");
    if (shape.max == 0)
        unequal(check, "a quantifier after what is empty");
    bool last_round = body->kind == NODE_GROUP && body->group.capture && shape.captures == 1;
    if (loop && shape.captures > 0 && !last_round)
        unequal(check, "a capture group inside of a loop");
    /* Perl 5.36 does not find t<<<< with t+(?:<{2}){2}. */
    if (node->repeat.min > 1 && shape.counted)
        unequal(check, "a quantifier inside of a counted loop");
    if (node->repeat.max > LOOP_ROUNDS && !is_one_byte(body))
        check->long_loop = true;
    shape.counted |=
        node->repeat.min > 0 && (body->kind != NODE_SET || set_count(body->set, 2) < 2);
    shape.min = multiply(shape.min, node->repeat.min);
    shape.max =
        multiply(shape.max, node->repeat.max == REPEAT_FOREVER ? SIZE_MAX : node->repeat.max);
    return shape;
}

static struct shape check_look(struct check *check, const struct node *node)
{
    struct shape body = check_node(check, node->first);
    /* Perl 5.36 then refuses matches that begin with another byte than the lookaround wants. */
    if (!node->look.negative && body.min == 0)
        unequal(check, "a positive lookaround that can be empty");
    if (body.captures > 0)
        unequal(check, "a capture group inside of a lookaround");
    if (node->look.behind && (body.min != body.max || body.max > BEHIND_MAX || body.inexact))
        unequal(check, "a lookbehind of more than one length");
    if (node->look.behind && (body.caseless || body.atomic))
        unequal(check, "a lookbehind with (?i) or a possessive loop");
    return (struct shape){.captures = body.captures, .inexact = true};
}

/* PCRE2 10.42 takes wrong turns after some atomic groups, and its machine code in some of them:
 * only a possessive loop over one byte is simple enough. */
static struct shape check_group(struct check *check, const struct node *node)
{
    const struct node *body = node->first;
    struct shape shape = check_node(check, body);
    shape.captures += node->group.capture != 0;
    shape.atomic |= node->group.atomic;
    if (node->group.atomic && (body->kind != NODE_REPEAT || !is_one_byte(body->first)))
        unequal(check, "an atomic group");
    return shape;
}

static struct shape check_node(struct check *check, const struct node *node)
{
    switch (node->kind) {
    case NODE_BYTE:
    case NODE_SET:
        return (struct shape){.min = 1, .max = 1, .caseless = node->caseless};
    case NODE_CONCAT:
        return check_concat(check, node);
    case NODE_ALTERNATE:
        return check_alternate(check, node);
    case NODE_REPEAT:
        return check_repeat(check, node);
    case NODE_LOOK:
        return check_look(check, node);
    case NODE_GROUP:
        return check_group(check, node);
    case NODE_ASSERT:
        return (struct shape){.inexact = true};
    case NODE_BACKREF:
    case NODE_OPAQUE:
        break;
    }
    return (struct shape){.max = SIZE_MAX, .inexact = true};
}

void dialect_read(struct bytes text, struct arena *arena, struct dialect *dialect)
{
    struct syntax syntax;
    syntax_read(text, arena, &syntax);
    *dialect = (struct dialect){
        .why = syntax.unequal,
        .longest = SIZE_MAX,
        .groups = syntax.groups,
        .names = syntax.names,
        .name_count = syntax.name_count,
    };
    if (!syntax.understood)
        return;
    struct check check = {.unequal = syntax.unequal};
    check_node(&check, syntax.root);
    dialect->why = check.unequal;
    dialect->equal = !check.unequal;
    if (check.long_loop)
        dialect->longest = LOOP_ROUNDS;
    dialect->required_count = literals_find(&syntax, arena, &dialect->required);
}
