/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operations of a rule stand in an index of literals; those that have none stand in a list. */
#include "correlate/waiting.h"

#include "base/list.h"
#include "base/mem.h"
#include "correlate/gram_index.h"
#include "correlate/shared.h"
#include "match/filled.h"
#include "match/regex.h"

struct waiting {
    struct gram_entry entry; /* first: the index hands it out */
    struct operation *operation;
    union {
        struct buf literal; /* what a line must hold, until the operation begins */
        struct {
            uint64_t serial;             /* order of start */
            struct waiting *next, *prev; /* in the list, in order of start */
        };
    };
    struct pattern *pattern; /* the rule's own, or owned; NULL: not compiled yet */
    bool any_line;           /* each line must be tried: the prefilter tells nothing of it */
};

/* rule->index: lives as long as the rule. */
struct waiting_list {
    struct arena arena;
    struct filled filled; /* of a second pattern with values */
    struct gram_index *index;
    struct waiting *first, *last;
    uint64_t serial;           /* of the next operation */
    size_t count;              /* operations that wait, in both */
    size_t any_line;           /* of them, those that each line is to be tried against */
    struct required substring; /* the longest fixed text of a second substring with values */
};

static void list_free(void *index)
{
    struct waiting_list *list = index;
    gram_index_free(list->index);
    arena_free(&list->arena);
    free(list);
}

/* The fixed texts between the values of the rule's second pattern. */
static void read_filled(struct waiting_list *list, const struct template *t)
{
    struct bytes *texts = arena_alloc(&list->arena, (t->count + 1) * sizeof(*texts));
    size_t values = 0;
    texts[0] = B("");
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->segments[i].kind == SEG_TEXT)
            texts[values] = t->segments[i].text;
        else
            texts[++values] = B("");
    }
    filled_read(texts, values, &list->arena, &list->filled);
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

static struct waiting_list *list_of(struct rule *rule)
{
    if (rule->index)
        return rule->index;
    struct waiting_list *list = mem_zalloc(sizeof(*list));
    arena_init(&list->arena);
    list->index = gram_index_new();
    rule->index = list;
    rule->index_free = list_free;
    if (rule->pattern2_open && all_quoted(rule))
        read_filled(list, rule->pattern2_text);
    return list;
}

/* The longest text between the values of a second substring: they stand as they are. */
static size_t longest_text(const struct template *t, struct required *longest)
{
    *longest = (struct required){0};
    for (uint32_t i = 0; !t->spliced && i < t->count; i++)
        if (t->segments[i].kind == SEG_TEXT && t->segments[i].text.len > longest->text.len)
            longest->text = t->segments[i].text;
    return longest->text.len > 0;
}

size_t waiting_required(struct rule *rule, const struct required **required)
{
    struct waiting_list *list = list_of(rule);
    enum pattern_type type = rule->parts[1].pattern.type;
    if (type == PATTERN_REGEXP) {
        *required = list->filled.required;
        return list->filled.required_count;
    }
    *required = &list->substring;
    return type == PATTERN_SUBSTR && longest_text(rule->pattern2_text, &list->substring);
}

/* Puts the values into the required literal: false when one is empty, for then the pattern
 * around it may mean something else. */
static bool fill_literal(struct engine *engine, const struct rule *rule, const struct scope *scope,
                         struct buf *literal)
{
    const struct waiting_list *list = rule->index;
    const struct template *t = rule->pattern2_text;
    struct bytes *values = arena_alloc(&engine->line.arena, t->count * sizeof(*values));
    size_t count = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->segments[i].kind != SEG_MATCH)
            continue;
        values[count] = scope_value(engine, scope, t->segments[i].index).text;
        if (values[count++].len == 0)
            return false;
    }
    for (size_t i = 0; i < list->filled.count; i++) {
        const struct filled_piece *piece = &list->filled.pieces[i];
        buf_add(literal, piece->value < 0 ? piece->text : values[piece->value]);
    }
    return true;
}

static struct pattern *own_pattern(const struct rule *rule, struct bytes text)
{
    struct pattern *pattern = mem_alloc(sizeof(*pattern));
    *pattern = rule->parts[1].pattern;
    pattern->text = bytes_dup(text);
    return pattern;
}

static struct waiting *new_regexp(struct engine *engine, struct rule *rule,
                                  const struct scope *scope, struct bytes *text, struct buf *error)
{
    struct waiting_list *list = list_of(rule);
    struct waiting *w = mem_zalloc(sizeof(*w));
    struct regex *regex;
    if (list->filled.certain && fill_literal(engine, rule, scope, &w->literal)) {
        /* What a line must hold for the pattern to match it says nothing of its negation. */
        if (w->literal.len < GRAM_MINIMUM || rule->parts[1].pattern.type != PATTERN_REGEXP)
            buf_free(&w->literal);
        return w;
    }
    buf_free(&w->literal);
    *text = expand_regex(engine, rule->pattern2_text, scope);
    if (!regex_compile(*text, &regex, error)) {
        free(w);
        return NULL;
    }
    w->pattern = own_pattern(rule, *text);
    w->pattern->regex = regex;
    return w;
}

struct waiting *waiting_new(struct engine *engine, struct rule *rule, const struct scope *scope,
                            struct bytes *text, struct buf *error)
{
    if (rule->pattern2_open)
        return new_regexp(engine, rule, scope, text, error);
    struct waiting *w = mem_zalloc(sizeof(*w));
    list_of(rule);
    if (!rule->pattern2_text) {
        w->pattern = &rule->parts[1].pattern;
        return w;
    }
    *text = expand(engine, rule->pattern2_text, scope);
    w->pattern = own_pattern(rule, *text);
    if (w->pattern->type == PATTERN_SUBSTR && text->len >= GRAM_MINIMUM)
        buf_add(&w->literal, *text);
    return w;
}

static void waiting_free(struct operation *operation)
{
    struct rule *rule = operation->rule;
    struct waiting *w = operation->more;
    struct waiting_list *list = rule->index;
    if (w->entry.literal)
        gram_index_remove(list->index, &w->entry);
    else
        LIST_REMOVE(list, w);
    if (w->pattern && w->pattern != &rule->parts[1].pattern) {
        if (rule->pattern2_open)
            regex_free(w->pattern->regex);
        bytes_free(w->pattern->text);
        free(w->pattern);
    }
    list->count--;
    if (w->any_line && --list->any_line == 0)
        hits_unset(&rule->file->waiting, (uint32_t)rule->id);
    free(w);
}

void waiting_begin(struct waiting *w, struct operation *operation)
{
    struct rule *rule = operation->rule;
    struct waiting_list *list = rule->index;
    const struct part *part = &rule->parts[1];
    struct buf literal = w->literal;
    w->operation = operation;
    w->next = w->prev = NULL;
    w->serial = list->serial++;
    /* A context before the pattern is asked for every operation. */
    if (literal.len && part->pattern.lines == 1 && !part->context_first)
        gram_index_add(list->index, &w->entry, buf_bytes(&literal));
    else
        LIST_APPEND(list, w);
    buf_free(&literal);
    bool known = w->entry.literal || !rule->pattern2_text;
    w->any_line = !(known && rule->second_filtered);
    operation->more = w;
    operation->more_free = waiting_free;
    list->count++;
    if (w->any_line && list->any_line++ == 0)
        hits_set(&rule->file->waiting, (uint32_t)rule->id);
}

/* Candidates under way. */
struct collection {
    struct arena *arena;
    uint64_t from; /* the first serial that is wanted */
    struct operation **operations;
    size_t count, room;
};

static void collect(void *arg, struct gram_entry *entry)
{
    struct collection *c = arg;
    if (((const struct waiting *)entry)->serial < c->from)
        return;
    if (c->count == c->room) {
        size_t room = c->room ? c->room * 2 : 16;
        struct operation **wider = arena_alloc(c->arena, room * sizeof(struct operation *));
        if (c->count)
            memcpy(wider, c->operations, c->count * sizeof(struct operation *));
        c->operations = wider;
        c->room = room;
    }
    c->operations[c->count] = ((struct waiting *)entry)->operation;
    operation_retain(c->operations[c->count++]);
}

uint64_t waiting_serial(const struct operation *operation)
{
    return ((const struct waiting *)operation->more)->serial;
}

static int by_start(const void *a, const void *b)
{
    const struct operation *const *first = a, *const *second = b;
    uint64_t x = waiting_serial(*first), y = waiting_serial(*second);
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

size_t waiting_candidates(struct engine *engine, const struct rule *rule, uint64_t from,
                          struct operation ***candidates)
{
    const struct waiting_list *list = rule->index;
    struct collection c = {.arena = &engine->line.arena, .from = from};
    if (!list || list->count == 0)
        return 0;
    gram_index_find(list->index, match_text(&engine->line.place, rule->parts[1].pattern.lines),
                    collect, &c);
    if (list->first && !none_in_list(engine, rule))
        for (struct waiting *w = list->first; w; w = w->next)
            collect(&c, &w->entry);
    if (c.count > 1)
        qsort(c.operations, c.count, sizeof(struct operation *), by_start);
    *candidates = c.operations;
    return c.count;
}

/* A second pattern of which match/filled.h is certain. */
static struct regex *compile_certain(struct engine *engine, const struct waiting_list *list,
                                     struct bytes text)
{
    struct regex *regex;
    struct buf error = {0};
    if (bytes_are_ascii(text))
        return regex_compile_known(text, &list->filled.dialect);
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

const struct pattern *waiting_pattern(struct engine *engine, const struct operation *operation)
{
    struct waiting *w = operation->more;
    const struct rule *rule = operation->rule;
    if (w->pattern)
        return w->pattern;
    struct scope scope = operation_scope(operation);
    w->pattern = own_pattern(rule, expand_regex(engine, rule->pattern2_text, &scope));
    w->pattern->regex = compile_certain(engine, rule->index, w->pattern->text);
    return w->pattern;
}
