/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For each part of the tree that can grant the wish, variants are written and tried.  What only
 * Perl can match waits until all are written, and is tried in a copy of the process: Perl's
 * matching has no limit of its own. */
#include "witness/sample.h"

#include "base/mem.h"
#include "base/subprocess.h"
#include "witness/sample_text.h"

enum {
    STEPS = 100 * 1000, /* of one match */
    PERL_MS = 1000,     /* of a copy of the process, which tries all lines */
    GOALS_MAX = 8,
    BESIDE_MAX = 4, /* variants that have the text before or after what is matched */
    LINES_MAX = GOALS_MAX * SAMPLE_VARIANTS + 2 * BESIDE_MAX,
    SPANS_MAX = 100,
};

struct search {
    const struct pattern *pattern;
    const struct sample_wish *wish; /* NULL: none */
    struct arena *arena;
    struct syntax syntax;
    const struct node *goals[GOALS_MAX];
    size_t goal_count;
    struct bytes lines[LINES_MAX];
    size_t line_count;
    bool for_perl;
    bool found;
    struct answer {
        size_t line; /* which one; the number of lines: none */
        ptrdiff_t offsets[2 * SPANS_MAX];
    } answer;
};

/* -- Which parts of the tree take the text -- */

static bool takes(const struct node *node, struct bytes text)
{
    bool repeat = node->kind == NODE_REPEAT && node->first->kind == NODE_SET;
    if (!repeat && node->kind != NODE_SET)
        return false;
    if (text.len > (repeat ? node->repeat.max : 1))
        return false;
    return set_has_all(repeat ? node->first->set : node->set, text);
}

static void find_goals(struct search *search, const struct node *node, bool inside)
{
    struct bytes text = search->wish->text;
    bool begins = node->kind == NODE_GROUP && node->group.capture == search->wish->group;
    inside |= begins || search->wish->group == 0;
    if (search->goal_count == GOALS_MAX)
        return;
    if (inside && (text.len > 0 ? takes(node, text) : begins)) {
        search->goals[search->goal_count++] = node;
        return;
    }
    const struct node *child = node->kind != NODE_LOOK ? node_children(node) : NULL;
    for (; child; child = child->next)
        find_goals(search, child, inside);
}

/* -- Lines -- */

static bool is_granted(const struct search *search, struct bytes line, const ptrdiff_t *offsets)
{
    if (!search->wish)
        return true;
    const ptrdiff_t *group = &offsets[2 * search->wish->group];
    bool whole = search->wish->group == 0;
    if (group[0] < 0 || group[1] < group[0])
        return false;
    struct bytes held = whole ? line : bytes_slice(line, (size_t)group[0], (size_t)group[1]);
    if (search->wish->alone)
        return bytes_eq(held, search->wish->text);
    return search->wish->text.len == 0 || bytes_find(held, search->wish->text, 0) >= 0;
}

static void try_line(struct search *search, struct bytes line)
{
    struct regex *regex = search->pattern->regex;
    search->answer.line = search->line_count;
    search->lines[search->line_count++] = line;
    if (search->for_perl)
        return;
    enum regex_answer said = regex_match_within(regex, line, STEPS, search->answer.offsets);
    search->found = said == REGEX_YES && is_granted(search, line, search->answer.offsets);
    search->for_perl = said == REGEX_UNKNOWN && !regex_uses_pcre2(regex);
}

/* In a copy of the process. */
static void try_by_perl(void *arg, void *result)
{
    const struct search *search = arg;
    struct answer *answer = result;
    for (answer->line = 0; answer->line < search->line_count; answer->line++)
        if (regex_match(search->pattern->regex, search->lines[answer->line], answer->offsets) &&
            is_granted(search, search->lines[answer->line], answer->offsets))
            return;
}

static bool end_search(struct search *search)
{
    if (!search->found && search->for_perl)
        search->found =
            subprocess_ask(PERL_MS, try_by_perl, search, &search->answer, sizeof(search->answer)) &&
            search->answer.line < search->line_count;
    return search->found;
}

static bool is_known(const struct search *search, struct bytes line)
{
    for (size_t i = 0; i < search->line_count; i++)
        if (bytes_eq(search->lines[i], line))
            return true;
    return false;
}

static void write_line(struct search *search, const struct node *goal, unsigned variant)
{
    struct buf out = {0};
    struct sample_order order = {
        .pattern = search->pattern->text,
        .syntax = &search->syntax,
        .goal = goal,
        .text = search->wish ? search->wish->text : B(""),
        .variant = variant,
    };
    bool whole = sample_write(&order, search->arena, &out);
    if (whole && !is_known(search, buf_bytes(&out)))
        try_line(search, arena_bytes(search->arena, buf_bytes(&out)));
    buf_free(&out);
}

/* A line with the text after or before what the pattern takes. */
static void write_beside(struct search *search, unsigned variant, bool after)
{
    struct buf out = {0};
    struct sample_order order = {
        .pattern = search->pattern->text, .syntax = &search->syntax, .variant = variant};
    if (!after)
        buf_add(&out, search->wish->text);
    if (sample_write(&order, search->arena, &out)) {
        if (after)
            buf_add(&out, search->wish->text);
        try_line(search, arena_bytes(search->arena, buf_bytes(&out)));
    }
    buf_free(&out);
}

/* The whole line is wished for: what the pattern says nothing of grants it. */
static void write_whole_lines(struct search *search)
{
    for (unsigned variant = 0; variant < BESIDE_MAX && !search->found; variant++) {
        write_beside(search, variant, true);
        if (!search->found)
            write_beside(search, variant, false);
    }
}

static void write_lines(struct search *search)
{
    for (unsigned variant = 0; variant < SAMPLE_VARIANTS; variant++) {
        if (!search->wish && !search->found)
            write_line(search, NULL, variant);
        for (size_t i = 0; search->wish && i < search->goal_count && !search->found; i++)
            write_line(search, search->goals[i], variant);
    }
    if (search->wish && search->wish->group == 0 && !search->wish->alone)
        write_whole_lines(search);
}

static void keep_answer(const struct search *search, struct sample *sample)
{
    const struct answer *answer = &search->answer;
    size_t count = regex_groups(search->pattern->regex) + 1;
    struct bytes *groups = arena_zalloc(search->arena, count * sizeof(*groups));
    sample->line = search->lines[answer->line];
    sample->count = count;
    sample->groups = groups;
    for (size_t i = 0; i < count; i++)
        if (answer->offsets[2 * i] >= 0)
            groups[i] = bytes_slice(sample->line, (size_t)answer->offsets[2 * i],
                                    (size_t)answer->offsets[2 * i + 1]);
}

static bool sample_regexp(struct search *search, struct sample *sample)
{
    const struct pattern *pattern = search->pattern;
    if (!pattern->regex || regex_spans(pattern->regex) > SPANS_MAX)
        return false;
    if (search->wish && search->wish->group > regex_groups(pattern->regex))
        return false;
    syntax_read(pattern->text, search->arena, &search->syntax);
    if (!search->syntax.understood)
        return false;
    if (search->wish)
        find_goals(search, search->syntax.root, false);
    write_lines(search);
    if (!end_search(search))
        return false;
    keep_answer(search, sample);
    return true;
}

/* A text that matches as it is, and has no groups. */
static bool take_text(struct bytes text, const struct sample_wish *wish, struct arena *arena,
                      struct sample *sample)
{
    struct bytes *whole = arena_alloc(arena, sizeof(*whole));
    *whole = arena_bytes(arena, text);
    *sample = (struct sample){*whole, 1, whole};
    return !wish;
}

bool sample_line(const struct pattern *pattern, const struct sample_wish *wish, struct arena *arena,
                 struct sample *sample)
{
    switch (pattern->type) {
    case PATTERN_SUBSTR:
        return take_text(pattern->text, wish, arena, sample);
    case PATTERN_TVALUE:
        return pattern->truth && take_text(B("any line"), wish, arena, sample);
    case PATTERN_REGEXP:
        break;
    default:
        return false;
    }
    struct search *search = mem_zalloc(sizeof(*search));
    *search = (struct search){.pattern = pattern, .wish = wish, .arena = arena};
    bool found = sample_regexp(search, sample);
    free(search);
    return found;
}

static bool regexp_matches(const struct pattern *pattern, struct bytes line)
{
    struct search search = {.pattern = pattern};
    if (!pattern->regex || regex_spans(pattern->regex) > SPANS_MAX)
        return false;
    try_line(&search, line);
    return end_search(&search);
}

bool sample_matches(const struct pattern *pattern, struct bytes line)
{
    switch (pattern->type) {
    case PATTERN_SUBSTR:
        return bytes_find(line, pattern->text, 0) >= 0;
    case PATTERN_TVALUE:
        return pattern->truth;
    case PATTERN_REGEXP:
        return regexp_matches(pattern, line);
    default:
        return false;
    }
}
