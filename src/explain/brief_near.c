/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names the nearest of the rules that did not match, if that is informative. */
#include "explain/brief.h"
#include "explain/near.h"
#include "explain/why.h"

enum { MOST_ASIDE = 2 }; /* rules that would have matched */

#define NEAR_OF_NONE 0.25 /* where no pattern matched, the nearest one may be as far as this, */
#define NEAR_OF_SOME 0.9  /* and where one did */

static bool is_jump(const struct decision *d)
{
    return d->verdict == VERDICT_JUMPED || d->verdict == VERDICT_JUMPED_TO_END;
}

/* Has a rule matched, and has anything been told of one? */
static void look_back(const struct story_line *line, bool *matched, bool *told)
{
    *matched = *told = false;
    for (const struct decision *d = line->decisions; d; d = d->next) {
        *matched |= d->verdict > VERDICT_MATCHED && !is_jump(d);
        *told |= d->verdict == VERDICT_CONTEXT;
    }
}

bool brief_is_taken(const struct story_line *line)
{
    bool matched, told;
    look_back(line, &matched, &told);
    return matched || told;
}

/* It would have matched: no other one is nearer. */
static bool is_aside(const struct near *near)
{
    return near->why == NEAR_TAKEN || near->why == NEAR_NOT_ENTERED;
}

/* Is it worth a word, and not yet told? */
static bool is_near(const struct near *near, bool matched, bool told)
{
    switch (near->why) {
    case NEAR_TAKEN:
    case NEAR_NOT_ENTERED:
        return near->matches;
    case NEAR_NO_FIRST:
        return true;
    case NEAR_CONTEXT:
        return near->decision && near->decision->verdict == VERDICT_CONTEXT_FIRST;
    case NEAR_PATTERN:
    case NEAR_SECOND:
        if (matched || told)
            return near->reach.share >= NEAR_OF_SOME && near->rule->action;
        return near->score >= NEAR_OF_NONE;
    case NEAR_NEGATED:
        return !matched && !told;
    default:
        return false;
    }
}

static void put_why(struct telling *t, const struct near *near, int64_t now, struct buf *why)
{
    if (is_aside(near)) {
        t->sentence.gist = B("aside");
    } else {
        brief_put_gist(t, "nearest");
        brief_put(t, B(": "));
    }
    brief_put_rule(t, near->rule);
    why_tell(t->engine, near, now, 0, why);
    struct bytes rest = buf_bytes(why), first = {0};
    bytes_piece(&rest, '\n', &first);
    brief_put(t, first);
    if (t->depth == 0 && (near->why == NEAR_PATTERN || near->why == NEAR_SECOND))
        t->sentence.mark = rest;
}

static void say_near(struct telling *t, const struct near *near, int64_t now)
{
    struct buf why = {0};
    brief_begin_plain(t);
    t->sentence.kind = EXPLAIN_NEAREST;
    put_why(t, near, now, &why);
    if (near->why == NEAR_PATTERN)
        brief_add_field(t, near->rule, "pattern", near->part);
    brief_say(t);
    buf_free(&why);
}

static void tell_nears(struct telling *t, const struct story_line *line, bool matched, bool told)
{
    struct arena arena;
    struct near *list;
    size_t asides = 0, others = 0;
    arena_init(&arena);
    size_t count = near_find(t->engine, line, &arena, &list);
    for (size_t i = 0; i < count; i++) {
        bool aside = is_aside(&list[i]);
        if (!is_near(&list[i], matched, told) ||
            (aside ? asides == MOST_ASIDE : asides + others > 0))
            continue;
        *(aside ? &asides : &others) += 1;
        say_near(t, &list[i], line->second);
    }
    arena_free(&arena);
}

void brief_tell_rest(struct telling *t, const struct story_line *line)
{
    bool matched, told;
    look_back(line, &matched, &told);
    if (!matched && !told) {
        brief_begin_plain(t);
        t->sentence.kind = EXPLAIN_UNTAKEN;
        brief_put_gist(t, "no rule matched");
        brief_say(t);
    }
    if (t->nearest)
        tell_nears(t, line, matched, told);
}
