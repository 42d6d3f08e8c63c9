/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations whose second pattern has a literal of its own are in an index of literals, all others
 * in a list. */
#include "correlate/second.h"

#include <assert.h>

#include "base/list.h"
#include "base/mem.h"
#include "correlate/gram_index.h"
#include "correlate/shared.h"
#include "match/filled.h"
#include "match/regex.h"

/* operation->type_data: in the index, or in the list. */
struct second {
    struct gram_entry entry; /* first: the index hands it out */
    struct operation *operation;
    struct second *next, *prev; /* in the list, in order of start */
    struct pattern *filled;     /* owned; NULL: it is the rule's own, or not compiled yet */
    bool any_line;              /* each line must be tried: the prefilter tells nothing of it */
};

static_assert(offsetof(struct second, entry) == 0, "collect casts");

/* rule_state.seconds: lives as long as the rule's state. */
struct second_index {
    struct arena arena;
    struct filled filled; /* of a second pattern with values */
    struct gram_index *literals;
    struct second *first, *last; /* the list */
    size_t count;                /* operations that wait, in both */
    size_t any_line;             /* of them, those that each line is to be tried against */
    struct required substring;   /* the longest fixed text of a second substring with values */
};

static void index_free(void *seconds)
{
    struct second_index *index = seconds;
    gram_index_free(index->literals);
    arena_free(&index->arena);
    free(index);
}

/* The fixed texts between the values of the rule's second pattern. */
static void read_filled(struct second_index *index, const struct template *t)
{
    struct bytes *texts = arena_alloc(&index->arena, (t->count + 1) * sizeof(*texts));
    size_t values = 0;
    texts[0] = B("");
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->segments[i].kind == SEG_TEXT)
            texts[values] = t->segments[i].text;
        else
            texts[++values] = B("");
    }
    filled_read(texts, values, &index->arena, &index->filled);
}

/* Values of the match cache go into the pattern as they are. */
static bool all_quoted(const struct rule *rule)
{
    const struct template *t = rule->pattern2_text;
    for (uint32_t i = 0; i < t->count; i++)
        if (t->segments[i].kind == SEG_MATCH &&
            rule->keys.keys[t->segments[i].index].kind == KEY_CACHE)
            return false;
    return true;
}

static struct second_index *index_of(struct rule_state *state)
{
    const struct rule *rule = state->rule;
    if (state->second_index)
        return state->second_index;
    struct second_index *index = mem_zalloc(sizeof(*index));
    arena_init(&index->arena);
    index->literals = gram_index_new();
    state->second_index = index;
    state->second_index_free = index_free;
    if (rule->pattern2_open && all_quoted(rule))
        read_filled(index, rule->pattern2_text);
    return index;
}

/* The longest text between the values of a second substring, which go in as they are. */
static size_t longest_text(const struct template *t, struct required *longest)
{
    *longest = (struct required){0};
    for (uint32_t i = 0; !t->spliced && i < t->count; i++)
        if (t->segments[i].kind == SEG_TEXT && t->segments[i].text.len > longest->text.len)
            longest->text = t->segments[i].text;
    return longest->text.len > 0;
}

size_t second_required(struct rule_state *state, const struct required **required)
{
    const struct rule *rule = state->rule;
    struct second_index *index = index_of(state);
    enum pattern_type type = rule->parts[1].pattern.type;
    if (type == PATTERN_REGEXP) {
        *required = index->filled.required;
        return index->filled.required_count;
    }
    *required = &index->substring;
    return type == PATTERN_SUBSTR && longest_text(rule->pattern2_text, &index->substring);
}

/* The required literal with the values in it.  false: one of them is empty, so that the pattern
 * around it may mean something else. */
static bool fill_literal(struct engine *engine, const struct rule *rule,
                         const struct filled *filled, const struct scope *scope,
                         struct bytes *literal)
{
    const struct template *t = rule->pattern2_text;
    struct bytes *values = arena_alloc(&engine->line.arena, t->count * sizeof(*values));
    struct bytes *pieces = arena_alloc(&engine->line.arena, filled->count * sizeof(*pieces));
    size_t count = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->segments[i].kind != SEG_MATCH)
            continue;
        values[count] = scope_value(engine, scope, t->segments[i].index).text;
        if (values[count++].len == 0)
            return false;
    }
    for (size_t i = 0; i < filled->count; i++) {
        const struct filled_piece *piece = &filled->pieces[i];
        pieces[i] = piece->value < 0 ? piece->text : values[piece->value];
    }
    *literal = arena_cat_parts(&engine->line.arena, pieces, filled->count);
    return true;
}

static bool fill_regexp(struct engine *engine, struct rule_state *state, const struct scope *scope,
                        struct second_text *second, struct buf *error)
{
    const struct rule *rule = state->rule;
    const struct filled *filled = &index_of(state)->filled;
    if (filled->certain && fill_literal(engine, rule, filled, scope, &second->literal))
        return true;
    second->text = expand_regex(engine, rule->pattern2_text, scope);
    return regex_compile(second->text, &second->regex, error);
}

bool second_fill(struct engine *engine, struct rule_state *state, const struct scope *scope,
                 struct second_text *second, struct buf *error)
{
    const struct rule *rule = state->rule;
    *second = (struct second_text){0};
    if (rule->pattern2_open)
        return fill_regexp(engine, state, scope, second, error);
    if (rule->pattern2_text)
        second->literal = second->text = expand(engine, rule->pattern2_text, scope);
    return true;
}

static struct pattern *filled_pattern(const struct rule *rule, struct bytes text,
                                      struct regex *regex)
{
    struct pattern *pattern = mem_alloc(sizeof(*pattern));
    *pattern = rule->parts[1].pattern;
    pattern->text = bytes_dup(text);
    pattern->regex = regex;
    return pattern;
}

static void filled_pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    regex_free(pattern->regex);
    bytes_free(pattern->text);
    free(pattern);
}

static void second_end(struct operation *operation)
{
    struct rule_state *state = operation->state;
    struct second_index *index = state->second_index;
    struct second *second = operation->type_data;
    if (second->entry.literal)
        gram_index_remove(index->literals, &second->entry);
    else
        LIST_REMOVE(index, second);
    index->count--;
    if (second->any_line && --index->any_line == 0)
        hits_unset(&state->of->each_line, (uint32_t)state->rule->id);
    filled_pattern_free(second->filled);
    free(second);
}

/* Can the literal be looked up for the pattern?  What a line must hold for the pattern to match
 * says nothing of its negation, and a context before the pattern is asked for every operation. */
static bool indexable(const struct part *part, struct bytes literal)
{
    const struct pattern *pattern = &part->pattern;
    return literal.len >= GRAM_MINIMUM && pattern->lines == 1 && !part->context_first &&
           (pattern->type == PATTERN_REGEXP || pattern->type == PATTERN_SUBSTR);
}

void second_begin(struct operation *operation, const struct second_text *filled)
{
    assert(!operation->type_data);
    struct rule_state *state = operation->state;
    const struct rule *rule = state->rule;
    struct second_index *index = index_of(state);
    struct second *second = mem_zalloc(sizeof(*second));
    bool indexed = indexable(&rule->parts[1], filled->literal);
    second->operation = operation;
    if (filled->text.ptr)
        second->filled = filled_pattern(rule, filled->text, filled->regex);
    if (indexed)
        gram_index_add(index->literals, &second->entry, filled->literal);
    else
        LIST_APPEND(index, second);
    second->any_line = !state->second_filtered || (rule->pattern2_text && !indexed);
    operation->type_data = second;
    operation->type_data_free = second_end;
    index->count++;
    if (second->any_line && index->any_line++ == 0)
        hits_set(&state->of->each_line, (uint32_t)rule->id);
}

/* Candidates so far. */
struct collection {
    struct arena *arena;
    uint64_t from; /* the first serial that is wanted */
    struct operation **operations;
    size_t count, room;
};

static void collect(void *arg, struct gram_entry *entry)
{
    struct collection *c = arg;
    struct operation *operation = ((struct second *)entry)->operation;
    if (operation->serial < c->from)
        return;
    if (c->count == c->room) {
        size_t room = c->room ? c->room * 2 : 16;
        struct operation **wider = arena_alloc(c->arena, room * sizeof(struct operation *));
        if (c->count)
            memcpy(wider, c->operations, c->count * sizeof(struct operation *));
        c->operations = wider;
        c->room = room;
    }
    operation_retain(operation);
    c->operations[c->count++] = operation;
}

static int by_start(const void *a, const void *b)
{
    const struct operation *const *first = a, *const *second = b;
    uint64_t x = (*first)->serial, y = (*second)->serial;
    return x < y ? -1 : x > y;
}

static bool runs_code(const struct pattern *pattern)
{
    return pattern->type == PATTERN_PERLFUNC || pattern->type == PATTERN_NPERLFUNC;
}

/* All in the list have the rule's own second pattern, and it does not match this line.  User
 * code is not asked: it may count its calls, one for each operation. */
static bool none_in_list(struct engine *engine, const struct rule *rule)
{
    const struct part *part = &rule->parts[1];
    struct match_vars vars;
    return !rule->pattern2_text && !part->context_first && !runs_code(&part->pattern) &&
           !pattern_match(&part->pattern, part->varmap, &engine->line.place, &vars);
}

size_t second_candidates(struct engine *engine, const struct rule_state *state, uint64_t from,
                         struct operation ***candidates)
{
    const struct rule *rule = state->rule;
    const struct second_index *index = state->second_index;
    struct collection c = {.arena = &engine->line.arena, .from = from};
    if (!index || index->count == 0)
        return 0;
    gram_index_find(index->literals, match_text(&engine->line.place, rule->parts[1].pattern.lines),
                    collect, &c);
    if (index->first && !none_in_list(engine, rule))
        for (struct second *second = index->first; second; second = second->next)
            collect(&c, &second->entry);
    if (c.count > 1)
        qsort(c.operations, c.count, sizeof(struct operation *), by_start);
    *candidates = c.operations;
    return c.count;
}

/* A second pattern of which match/filled.h is certain. */
static struct regex *compile_certain(struct engine *engine, const struct filled *filled,
                                     struct bytes text)
{
    struct regex *regex;
    struct buf error = {0};
    if (bytes_are_ascii(text))
        return regex_compile_known(text, &filled->dialect);
    if (!regex_compile(text, &regex, &error)) {
        /* Cannot be.  A pattern that matches nothing keeps the promise that no line ends the
         * operation by mistake. */
        log_msg(engine->log, LOG_ERROR, B("Invalid regular expression '"), text, B("': "),
                buf_bytes(&error));
        regex_compile(B("(?!)"), &regex, &error);
    }
    buf_free(&error);
    return regex;
}

const struct pattern *second_pattern(struct engine *engine, const struct operation *operation)
{
    const struct rule *rule = operation->rule;
    struct second *second = operation->type_data;
    if (!rule->pattern2_text)
        return &rule->parts[1].pattern;
    if (!second->filled) {
        assert(rule->pattern2_open); /* a substring is filled in from the beginning */
        struct scope scope = operation_scope(operation);
        const struct second_index *index = operation->state->second_index;
        struct bytes text = expand_regex(engine, rule->pattern2_text, &scope);
        second->filled = filled_pattern(rule, text, compile_certain(engine, &index->filled, text));
    }
    return second->filled;
}
