/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Both patterns become automata, and the pairs are looked at of a state of the one and all states
 * in which the other may be after the same text: as long as no text leads the one to its end and
 * the other has not been there, `by` has found each match of `set` before it is complete.
 *
 * What is not followed exactly (references, lookaround, what never gives back) may match nothing
 * where it is in `by`, and anything where it is in `set`: so an answer that is yes is true.
 * Assertions are letters of the text, which `by` reads only if `set` has the same one there.  A
 * match may begin anywhere, so the first states of `by` are always among the others. */
#include "witness/inclusion.h"

enum {
    STATES_MAX = 384,
    WORDS = STATES_MAX / 64,
    PAIRS_MAX = 2000,
    PIECES_MAX = 64,
    TEXT_MAX = 1000, /* of a pattern */
};

enum assertion {
    LINE_BEGINS = 'A',
    LINE_ENDS = 'z',
    WORD_EDGE = 'b',
    NO_WORD_EDGE = 'B',
    UNKNOWN = 0
};

struct state {
    enum { STATE_SPLIT, STATE_SET, STATE_ASSERT, STATE_END, STATE_NEVER } kind;
    enum assertion assertion;
    struct byte_set set;
    size_t to, other; /* other: of a split */
};

struct states {
    uint64_t words[WORDS];
};

struct automaton {
    struct bytes pattern;
    bool exact;    /* it is not to match too much; else not too little */
    bool one_line; /* there is no newline */
    size_t count, first;
    bool too_large;
    struct state states[STATES_MAX];
};

static inline bool has(const struct states *states, size_t i)
{
    return states->words[i / 64] >> (i % 64) & 1;
}

/* The first one at or after `from`; STATES_MAX: none. */
static size_t next_state(const struct states *states, size_t from)
{
    for (size_t i = from; i < STATES_MAX; i = (i / 64 + 1) * 64) {
        uint64_t word = states->words[i / 64] & (UINT64_MAX << i % 64);
        if (word)
            return i / 64 * 64 + (size_t)__builtin_ctzll(word);
    }
    return STATES_MAX;
}

/* -- From trees to automata -- */

static size_t build(struct automaton *a, const struct node *node, size_t next);

static size_t add_state(struct automaton *a, const struct state *state)
{
    if (a->count == STATES_MAX) {
        a->too_large = true;
        return 0;
    }
    a->states[a->count] = *state;
    return a->count++;
}

static size_t split(struct automaton *a, size_t to, size_t other)
{
    return add_state(a, &(struct state){.kind = STATE_SPLIT, .to = to, .other = other});
}

static size_t byte(struct automaton *a, unsigned byte, bool caseless, size_t next)
{
    struct state state = {.kind = STATE_SET, .to = next};
    set_add(&state.set, byte);
    if (caseless)
        set_add(&state.set, byte ^ ('a' ^ 'A'));
    return add_state(a, &state);
}

/* What is not followed: nothing, or any text. */
static size_t anything(struct automaton *a, size_t next)
{
    struct state state = {.kind = a->exact ? STATE_NEVER : STATE_SET};
    memset(&state.set, 0xff, sizeof(state.set));
    if (a->exact)
        return add_state(a, &state);
    size_t loop = split(a, 0, next);
    state.to = loop;
    a->states[loop].to = add_state(a, &state);
    return loop;
}

static size_t passed(struct automaton *a, size_t next)
{
    return a->exact ? anything(a, next) : next;
}

/* A line of several has newlines, and then the ends of the line are not known. */
static enum assertion assertion_of(const struct automaton *a, const struct node *node)
{
    char c = a->pattern.ptr[node->from];
    if (c == '\\')
        c = a->pattern.ptr[node->from + 1];
    if (c == 'b' || c == 'B')
        return (enum assertion)c;
    if (!a->one_line)
        return UNKNOWN;
    return c == '^' || c == 'A' ? LINE_BEGINS : strchr("$zZ", c) ? LINE_ENDS : UNKNOWN;
}

static size_t build_assertion(struct automaton *a, const struct node *node, size_t next)
{
    enum assertion assertion = assertion_of(a, node);
    if (assertion == UNKNOWN)
        return passed(a, next);
    return add_state(a, &(struct state){.kind = STATE_ASSERT, .assertion = assertion, .to = next});
}

static size_t build_repeat(struct automaton *a, const struct node *node, size_t next)
{
    uint32_t min = node->repeat.min, max = node->repeat.max;
    size_t at = next;
    if (node->first->kind == NODE_ASSERT || node->first->kind == NODE_LOOK)
        return passed(a, next);
    if (max == REPEAT_FOREVER) {
        at = split(a, 0, next);
        size_t body = build(a, node->first, at);
        a->states[at].to = body;
    } else {
        for (uint32_t i = min; i < max && !a->too_large; i++)
            at = split(a, build(a, node->first, at), next);
    }
    for (uint32_t i = 0; i < min && !a->too_large; i++)
        at = build(a, node->first, at);
    return at;
}

/* Is it .* or does it end, or begin, with it? */
static bool is_open(const struct node *node, bool at_end)
{
    while (node && (node->kind == NODE_GROUP || node->kind == NODE_CONCAT)) {
        if (node->kind == NODE_GROUP && node->group.atomic)
            return false;
        node = node->first;
        while (at_end && node && node->next)
            node = node->next;
    }
    return node && node->kind == NODE_REPEAT && node->repeat.max == REPEAT_FOREVER &&
           line_set_takes_all(node->first);
}

/* What begins with ^.* may begin anywhere, and .*$ at the end is never missing. */
static bool is_void(const struct automaton *a, const struct node *node, const struct node *before)
{
    if (node->kind != NODE_ASSERT)
        return false;
    enum assertion assertion = assertion_of(a, node);
    if (!before)
        return assertion == LINE_BEGINS && node->next && is_open(node->next, false);
    return assertion == LINE_ENDS && !node->next && is_open(before, true);
}

/* whole: the row is a pattern, or one of its alternatives. */
static size_t build_row(struct automaton *a, const struct node *node, const struct node *before,
                        size_t next, bool whole)
{
    if (!node)
        return next;
    next = build_row(a, node->next, node, next, whole);
    return whole && is_void(a, node, before) ? next : build(a, node, next);
}

static size_t build_alternatives(struct automaton *a, const struct node *node, size_t next,
                                 bool whole)
{
    size_t at = build_row(a, node->first, NULL, next, whole);
    return node->next ? split(a, at, build_alternatives(a, node->next, next, whole)) : at;
}

static size_t build(struct automaton *a, const struct node *node, size_t next)
{
    switch (node->kind) {
    case NODE_BYTE:
        return byte(a, node->byte, node->caseless, next);
    case NODE_SET:
        return add_state(a, &(struct state){.kind = STATE_SET, .set = *node->set, .to = next});
    case NODE_ASSERT:
        return build_assertion(a, node, next);
    case NODE_GROUP:
        return a->exact && node->group.atomic ? anything(a, next) : build(a, node->first, next);
    case NODE_LOOK:
        return passed(a, next);
    case NODE_CONCAT:
        return build_row(a, node->first, NULL, next, false);
    case NODE_ALTERNATE:
        return build_alternatives(a, node->first, next, false);
    case NODE_REPEAT:
        return build_repeat(a, node, next);
    default:
        return anything(a, next);
    }
}

static size_t build_whole(struct automaton *a, const struct node *root, size_t next)
{
    return root->kind == NODE_ALTERNATE ? build_alternatives(a, root->first, next, true)
                                        : build_row(a, root->first, NULL, next, true);
}

/* NULL: it is not known well enough. */
static struct automaton *automaton_of(const struct line_set *set, bool exact, struct arena *arena)
{
    const struct pattern *pattern = set->pattern;
    bool text = pattern->type == PATTERN_SUBSTR;
    if ((!text && !set->root) || pattern->text.len > TEXT_MAX)
        return NULL;
    struct automaton *a = arena_alloc(arena, sizeof(*a));
    a->pattern = pattern->text;
    a->exact = exact;
    a->one_line = pattern->lines == 1;
    a->count = 0;
    a->too_large = false;
    size_t at = add_state(a, &(struct state){.kind = STATE_END});
    for (size_t i = pattern->text.len; text && i-- > 0;)
        at = byte(a, (unsigned char)pattern->text.ptr[i], false, at);
    a->first = text ? at : build_whole(a, set->root, at);
    return a->too_large ? NULL : a;
}

/* -- Texts -- */

/* The state, and all that are reached from it without text. */
static void enter(const struct automaton *a, size_t at, struct states *states)
{
    while (!has(states, at)) {
        states->words[at / 64] |= UINT64_C(1) << at % 64;
        if (a->states[at].kind != STATE_SPLIT)
            return;
        enter(a, a->states[at].other, states);
        at = a->states[at].to;
    }
}

struct pair {
    size_t at;            /* a state of `set` */
    struct states states; /* of `by` */
    struct pair *before;  /* of the same state */
    struct pair *waiting;
};

struct walk {
    const struct automaton *by, *set;
    struct arena *arena;
    struct states first; /* of `by` */
    struct pair *known[STATES_MAX], *waiting;
    size_t count;
    bool failed;
};

/* Fewer states are harder to end in. */
static bool is_known(const struct walk *walk, size_t at, const struct states *states)
{
    for (const struct pair *pair = walk->known[at]; pair; pair = pair->before) {
        bool inside = true;
        for (size_t i = 0; i < WORDS && inside; i++)
            inside = (pair->states.words[i] & ~states->words[i]) == 0;
        if (inside)
            return true;
    }
    return false;
}

static void add_pair(struct walk *walk, size_t at, const struct states *states)
{
    if (walk->set->states[at].kind == STATE_SPLIT || is_known(walk, at, states))
        return;
    if (walk->set->states[at].kind == STATE_END || ++walk->count > PAIRS_MAX) {
        walk->failed = true;
        return;
    }
    struct pair *pair = arena_alloc(walk->arena, sizeof(*pair));
    *pair = (struct pair){at, *states, walk->known[at], walk->waiting};
    walk->known[at] = walk->waiting = pair;
}

/* `set` goes on to a state, and `by` to those. */
static void go(struct walk *walk, size_t to, const struct states *states)
{
    struct states reached = {0};
    if (has(states, 0)) /* its end */
        return;
    enter(walk->set, to, &reached);
    for (size_t at = next_state(&reached, 0); at < STATES_MAX; at = next_state(&reached, at + 1))
        add_pair(walk, at, states);
}

static void pass_assertion(struct walk *walk, const struct pair *pair)
{
    const struct state *state = &walk->set->states[pair->at];
    struct states states = pair->states;
    for (size_t i = 0; (i = next_state(&pair->states, i)) < STATES_MAX; i++) {
        const struct state *other = &walk->by->states[i];
        if (other->kind == STATE_ASSERT && other->assertion == state->assertion)
            enter(walk->by, other->to, &states);
    }
    go(walk, state->to, &states);
}

/* Where `by` is after any byte of the set, of which all lead to the same states. */
static void pass_bytes(struct walk *walk, const struct pair *pair, const struct byte_set *set)
{
    struct states states = walk->first;
    unsigned byte = 0;
    while (!set_has(set, byte))
        byte++;
    for (size_t i = 0; (i = next_state(&pair->states, i)) < STATES_MAX; i++) {
        const struct state *state = &walk->by->states[i];
        if (state->kind == STATE_SET && set_has(&state->set, byte))
            enter(walk->by, state->to, &states);
    }
    go(walk, walk->set->states[pair->at].to, &states);
}

/* What both have goes into `in`, the rest of the piece stays; false: one of the two is empty. */
static bool divide(struct byte_set *piece, const struct byte_set *by, struct byte_set *in)
{
    struct byte_set out;
    for (size_t i = 0; i < 4; i++) {
        in->words[i] = piece->words[i] & by->words[i];
        out.words[i] = piece->words[i] & ~by->words[i];
    }
    if (set_count(in, 1) == 0 || set_count(&out, 1) == 0)
        return false;
    *piece = out;
    return true;
}

static void pass_set(struct walk *walk, const struct pair *pair)
{
    struct byte_set pieces[PIECES_MAX + 1] = {walk->set->states[pair->at].set};
    size_t count = 1;
    if (walk->set->one_line)
        pieces[0].words[0] &= ~(UINT64_C(1) << '\n');
    if (set_count(&pieces[0], 1) == 0)
        return;
    for (size_t i = 0; (i = next_state(&pair->states, i)) < STATES_MAX; i++)
        for (size_t k = 0, old = count; walk->by->states[i].kind == STATE_SET && k < old; k++)
            if (divide(&pieces[k], &walk->by->states[i].set, &pieces[count]) &&
                ++count > PIECES_MAX) {
                walk->failed = true;
                return;
            }
    for (size_t i = 0; i < count; i++)
        pass_bytes(walk, pair, &pieces[i]);
}

static bool walk_all(const struct automaton *by, const struct automaton *set, struct arena *arena,
                     size_t *cost)
{
    struct walk *walk = arena_zalloc(arena, sizeof(*walk));
    walk->by = by;
    walk->set = set;
    walk->arena = arena;
    enter(by, by->first, &walk->first);
    go(walk, set->first, &walk->first);
    while (walk->waiting && !walk->failed) {
        const struct pair *pair = walk->waiting;
        walk->waiting = pair->waiting;
        if (set->states[pair->at].kind == STATE_ASSERT)
            pass_assertion(walk, pair);
        else
            pass_set(walk, pair);
    }
    *cost += walk->count;
    return !walk->failed;
}

bool inclusion_holds(const struct line_set *by, const struct line_set *set, struct arena *arena,
                     size_t *cost)
{
    if (by->pattern->lines != set->pattern->lines)
        return false;
    struct arena_mark mark = arena_mark(arena);
    const struct automaton *one = automaton_of(by, true, arena);
    const struct automaton *other = one ? automaton_of(set, false, arena) : NULL;
    bool holds = other && walk_all(one, other, arena, cost);
    arena_release(arena, mark);
    return holds;
}
