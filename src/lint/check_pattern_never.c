/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regular expressions that can match nothing: text after $ or before ^, more lines than the pattern
 * looks at.
 *
 * The tree is walked with the set of states that a match can be in: at the start of the line or
 * past it, the end still to come or reached.  What a node cannot match in any of them leaves the
 * set empty; nodes that are not exactly known leave it as it is. */
#include "lint/checks.h"
#include "lint/patterns.h"
#include "match/syntax.h"

/* Bits of a set of states. */
enum { BEGIN = 1, INSIDE = 2, BEGIN_ENDED = 4, INSIDE_ENDED = 8, ALL_STATES = 15 };

struct walk {
    struct bytes pattern;
    bool one_line;
    const struct node *dead;        /* the first that nothing can come to, with what is before it */
    unsigned before;                /* the states in front of it */
    const struct node *alternative; /* the first that can match nothing */
};

static unsigned walk_node(struct walk *walk, const struct node *node, unsigned states);

/* A byte that is no newline. */
static unsigned take_byte(unsigned states)
{
    return states & (BEGIN | INSIDE) ? INSIDE : 0;
}

/* After a newline nothing is known; whether there can be one is counted elsewhere. */
static unsigned take_newline(unsigned states)
{
    return states ? ALL_STATES : 0;
}

static unsigned take_set(const struct walk *walk, const struct byte_set *set, unsigned states)
{
    if (walk->one_line || !set_has(set, '\n'))
        return take_byte(states);
    return take_newline(states);
}

static unsigned take_assertion(const struct walk *walk, const struct node *node, unsigned states)
{
    struct bytes text = bytes_slice(walk->pattern, node->from, node->to);
    if (bytes_starts(text, B("^")) || bytes_starts(text, B("\\A")))
        return states & (BEGIN | BEGIN_ENDED);
    if (bytes_starts(text, B("$")) || bytes_starts(text, B("\\z")) || bytes_starts(text, B("\\Z")))
        return (states & (BEGIN_ENDED | INSIDE_ENDED)) | (states & BEGIN ? BEGIN_ENDED : 0) |
               (states & INSIDE ? INSIDE_ENDED : 0);
    return states;
}

static unsigned walk_concat(struct walk *walk, const struct node *first, unsigned states)
{
    for (const struct node *node = first; node && states; node = node->next) {
        unsigned after = walk_node(walk, node, states);
        if (!after && !walk->dead) {
            walk->dead = node;
            walk->before = states;
        }
        states = after;
    }
    return states;
}

static unsigned walk_alternate(struct walk *walk, const struct node *first, unsigned states)
{
    unsigned all = 0;
    for (const struct node *node = first; node; node = node->next) {
        unsigned after = walk_node(walk, node, states);
        if (!after && !walk->alternative)
            walk->alternative = node;
        all |= after;
    }
    return all;
}

/* Nothing is reported of an impossible part that need not match. */
static unsigned walk_repeat(struct walk *walk, const struct node *node, unsigned states)
{
    enum { ENOUGH = 3 }; /* rounds, after which no state is new */
    uint32_t min = node->repeat.min < ENOUGH ? node->repeat.min : ENOUGH;
    for (uint32_t i = 0; i < min; i++)
        states = walk_node(walk, node->first, states);
    struct walk quiet = *walk;
    uint32_t more = node->repeat.max - node->repeat.min;
    for (uint32_t i = 0; i < ENOUGH && i < more; i++)
        states |= walk_node(&quiet, node->first, states);
    return states;
}

static unsigned walk_node(struct walk *walk, const struct node *node, unsigned states)
{
    switch (node->kind) {
    case NODE_BYTE:
        return node->byte == '\n' ? take_newline(states) : take_byte(states);
    case NODE_SET:
        return take_set(walk, node->set, states);
    case NODE_ASSERT:
        return take_assertion(walk, node, states);
    case NODE_CONCAT:
    case NODE_GROUP:
        return walk_concat(walk, node->first, states);
    case NODE_ALTERNATE:
        return walk_alternate(walk, node->first, states);
    case NODE_REPEAT:
        return walk_repeat(walk, node, states);
    case NODE_LOOK:
        return states;
    case NODE_BACKREF:
    case NODE_OPAQUE:
        break;
    }
    return take_newline(states);
}

/* -- Newlines -- */

static uint64_t least_newlines(const struct node *node)
{
    uint64_t sum = 0, least = UINT64_MAX;
    switch (node->kind) {
    case NODE_BYTE:
        return node->byte == '\n';
    case NODE_SET:
        return set_has(node->set, '\n') && set_count(node->set, 2) == 1;
    case NODE_CONCAT:
    case NODE_GROUP:
        for (const struct node *child = node->first; child; child = child->next)
            sum += least_newlines(child);
        return sum;
    case NODE_ALTERNATE:
        for (const struct node *child = node->first; child; child = child->next) {
            uint64_t newlines = least_newlines(child);
            least = newlines < least ? newlines : least;
        }
        return least;
    case NODE_REPEAT:
        return node->repeat.min > 0 ? node->repeat.min * least_newlines(node->first) : 0;
    default:
        return 0;
    }
}

/* -- Findings -- */

/* NULL: all of the pattern. */
static struct bytes place(const struct walk *walk, const struct node *node)
{
    return node ? bytes_slice(walk->pattern, node->from, node->to) : walk->pattern;
}

static struct bytes what_happens(const struct pattern *pattern)
{
    return pattern->type == PATTERN_NREGEXP ? B(", so every line matches")
                                            : B(", so no line can match");
}

static void tell_dead(struct lint *lint, const struct rule *rule, const struct walk *walk,
                      struct bytes end)
{
    struct bytes at = place(walk, walk->dead);
    bool ended = !(walk->before & (BEGIN | INSIDE));
    struct lint_finding *found =
        ended ? lint_tell(lint, rule, at, B("'"), at, B("' comes after the end of the line"), end)
              : lint_tell(lint, rule, at, B("`^` (start of line) comes after other text"), end);
    if (bytes_starts(walk->pattern, B("=^")))
        lint_hint(lint, found, B("one `=` too many"));
    else
        lint_hint(lint, found,
                  ended ? B("for a literal $ write \\$") : B("for a literal ^ write \\^"));
}

static bool sets_multiline(struct bytes pattern)
{
    for (ptrdiff_t at = 0; (at = bytes_find(pattern, B("(?"), (size_t)at)) >= 0; at += 2)
        for (size_t i = (size_t)at + 2;
             i < pattern.len && (is_alpha(pattern.ptr[i]) || strchr("^-", pattern.ptr[i])); i++)
            if (pattern.ptr[i] == 'm')
                return true;
    return false;
}

static void look_at_tree(struct lint *lint, const struct rule *rule,
                         const struct lint_pattern *pattern, const struct node *root)
{
    struct walk walk = {.pattern = pattern->text, .one_line = pattern->pattern->lines == 1};
    uint64_t newlines = least_newlines(root);
    struct bytes end = what_happens(pattern->pattern);
    if (newlines >= pattern->pattern->lines) {
        struct lint_finding *found =
            lint_tell(lint, rule, pattern->text, B("the pattern needs "), NUM(newlines + 1),
                      B(" lines but looks at "), NUM(pattern->pattern->lines), end);
        lint_hint(lint, found, B("add the number of lines to the type: ptype=RegExp"),
                  NUM(newlines + 1));
        return;
    }
    if (sets_multiline(pattern->text))
        return;
    if (!walk_node(&walk, root, BEGIN | INSIDE))
        tell_dead(lint, rule, &walk, end);
    else if (walk.alternative)
        lint_tell(lint, rule, place(&walk, walk.alternative), B("the alternative '"),
                  place(&walk, walk.alternative), B("' can never match"));
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    struct arena arena;
    arena_init(&arena);
    while (patterns_next(rule, &text, &found)) {
        struct syntax syntax;
        if (!pattern_is_regexp(found.pattern) || !found.pattern->regex)
            continue;
        arena_reset(&arena);
        syntax_read(found.text, &arena, &syntax);
        if (syntax.understood)
            look_at_tree(lint, rule, &found, syntax.root);
    }
    arena_free(&arena);
}

const struct lint_check check_pattern_never = {
    .name = "pattern-never",
    .level = LINT_WARNING,
    .summary = "A regular expression, or an alternative in it, that can never match",
    .rule = look,
};
