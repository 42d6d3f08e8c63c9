/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about what is missing, and the line with a mark below the place. */
#include "explain/why.h"

#include "base/utf8.h"
#include "explain/ended.h"
#include "explain/words.h"
#include "lang/ruleset.h"
#include "replay/show.h"

enum {
    SEEN = 40,        /* bytes of the line that a sentence quotes, */
    SEEN_CODE = 100,  /* and of the rule */
    WHOLE = 110,      /* a line up to here is shown above its mark, of others */
    BEFORE_MARK = 60, /* so much before it, */
    AFTER_MARK = 40   /* and after it */
};

/* Contexts. */

static void widen(struct bytes *range, struct bytes part)
{
    if (!part.ptr || part.len == 0)
        return;
    const char *end = part.ptr + part.len;
    if (!range->ptr) {
        *range = part;
        return;
    }
    const char *last = range->ptr + range->len > end ? range->ptr + range->len : end;
    range->ptr = range->ptr < part.ptr ? range->ptr : part.ptr;
    range->len = (size_t)(last - range->ptr);
}

struct bytes why_expression(const struct context_expr *expr)
{
    struct bytes range = {0};
    for (size_t i = 0; i < expr->count; i++)
        widen(&range, expr->items[i].source);
    return range;
}

static void add_code(struct buf *out, struct bytes text)
{
    bool whole = text.len <= SEEN_CODE;
    size_t to = whole ? text.len : SEEN_CODE;
    while (to > 0 && to < text.len && utf8_goes_on(text.ptr[to]))
        to--;
    buf_char(out, '`');
    show_plain_text(out, bytes_slice(text, 0, to));
    buf_add(out, whole ? B("`") : B(" ...`"));
}

void why_term(struct engine *engine, const struct story_term *term, int64_t now, struct buf *out)
{
    enum expr_op op = term->item->op;
    if (op == EXPR_OPERAND) {
        const struct context *context = contexts_find(engine->state.contexts, term->text);
        buf_add(out, B("context "));
        show_plain_text(out, term->text);
        buf_add(out, term->truth ? B(" exists") : B(" does not exist"));
        if (!term->truth || !context)
            return;
        if (context->window <= 0) {
            buf_add(out, B(" and never expires"));
            return;
        }
        buf_add(out, B(" until "));
        words_time(out, context->time + context->window, now);
    } else if (op == EXPR_VARSET) {
        buf_add(out, term->truth ? B("there is a cached match ") : B("there is no cached match "));
        show_plain_text(out, term->text);
    } else {
        add_code(out, term->item->source);
        buf_add(out, term->truth ? B(" is true") : B(" is false"));
    }
}

static void tell_context(struct engine *engine, const struct near *near, int64_t now,
                         struct buf *out)
{
    const struct context_expr *expr = near->rule->parts[near->part].context;
    const struct story_term *term = near->decision->terms;
    buf_add(out, B("the pattern matches, but the rule wants the context "));
    add_code(out, why_expression(expr));
    for (const char *between = ": "; term; term = term->next, between = ", ") {
        buf_add(out, bytes_of(between));
        why_term(engine, term, now, out);
    }
}

/* Patterns. */

static struct bytes in_words(struct bytes atom)
{
    static const struct {
        struct bytes atom, words;
    } known[] = {
        {B("^"), B("the start of the line")},
        {B("\\A"), B("the start of the line")},
        {B("$"), B("the end of the line")},
        {B("\\z"), B("the end of the line")},
        {B("\\Z"), B("the end of the line")},
        {B("\\b"), B("the start or end of a word")},
        {B("\\d"), B("a digit")},
        {B("\\d+"), B("digits")},
        {B("\\s"), B("white space")},
        {B("\\s+"), B("white space")},
        {B("\\S+"), B("something without white space")},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (bytes_eq(atom, known[i].atom))
            return known[i].words;
    return (struct bytes){0};
}

static void add_wanted(struct buf *out, const struct near *near)
{
    const struct reach *r = &near->reach;
    struct bytes wanted = bytes_slice(near->pattern, r->wants_from, r->wants_to);
    struct bytes words = near->substring ? B("") : in_words(wanted);
    add_code(out, wanted);
    if (words.len > 0)
        buf_cat(out, B(" ("), words, B(")"));
}

static void add_there(struct buf *out, struct bytes text)
{
    if (text.len == 0) {
        buf_add(out, B("but the line ends there"));
        return;
    }
    buf_add(out, B("but the line has "));
    words_quoted(out, text.len > SEEN ? bytes_slice(text, 0, SEEN) : text);
}

/* Something is in the way, and after it the pattern goes on. */
static void tell_gap(struct buf *out, const struct near *near)
{
    const struct reach *r = &near->reach;
    struct bytes there = bytes_slice(near->subject, r->gap_from, r->rest_at);
    if (r->wants_from == r->wants_to) {
        buf_add(out, B("would match without the "));
        words_quoted(out, there);
        buf_add(out, B(" at the mark"));
        return;
    }
    buf_add(out, B("matches except for "));
    add_wanted(out, near);
    if (there.len == 0) {
        buf_add(out, B(", which is missing at the mark"));
        return;
    }
    buf_add(out, B(", where the line has "));
    words_quoted(out, there);
}

/* What was tried and matched. */
static void tell_hints(struct buf *out, const struct near *near)
{
    const struct hints *h = &near->hints;
    const char *and = "would match";
    if (h->regex)
        buf_add(out, B("would match as RegExp: a SubStr is taken literally"));
    if (h->caseless) {
        buf_cat(out, bytes_of(and), B(" if case did not matter"));
        and = ", and";
    }
    if (h->blanks) {
        buf_cat(out, bytes_of(and), B(" if blanks did not matter"));
        and = ", and";
    }
    if (h->begin) {
        buf_cat(out, bytes_of(and), B(" without its `^`: the matching text begins after "));
        words_quoted(out, bytes_slice(near->subject, 0, h->from));
        and = ", and";
    }
    if (h->end) {
        buf_cat(out, bytes_of(and), B(" without its `$`: the matching text is followed by "));
        words_quoted(out, bytes_from(near->subject, h->to));
    }
}

static void tell_reach(struct buf *out, const struct near *near)
{
    const struct reach *r = &near->reach;
    if (near->form.len > 0) {
        buf_add(out, B("expects the time in another format: the line has "));
        words_quoted(out, near->time);
        buf_add(out, B(", and would match with "));
        words_quoted(out, near->form);
    } else if (hints_any(&near->hints)) {
        tell_hints(out, near);
    } else if (!r->known && (near->why == NEAR_TAKEN || near->why == NEAR_NOT_ENTERED)) {
        buf_add(out, B("was not tried: that would take too long"));
    } else if (!r->known) {
        buf_add(out, B("does not match; finding out where would take too long"));
    } else if (near->time.len > 0) {
        buf_add(out, B("expects the time in another format: the line has "));
        words_quoted(out, near->time);
        buf_add(out, B(", and what comes after it matches"));
    } else if (r->rest_from < r->rest_to) {
        tell_gap(out, near);
    } else if (r->part_from == r->part_to) {
        buf_add(out, B("does not match: the line has no "));
        add_wanted(out, near);
    } else if (r->anywhere) {
        buf_add(out, B("matches up to the mark, after which there is no "));
        add_wanted(out, near);
    } else {
        buf_add(out, B("matches up to the mark, then wants "));
        add_wanted(out, near);
        buf_add(out, B(", "));
        add_there(out, bytes_from(near->subject, r->to));
    }
}

/* The place of the mark; false: there is none. */
static bool mark_of(const struct near *near, size_t *mark)
{
    const struct reach *r = &near->reach;
    if (near->why == NEAR_NO_FIRST || near->pattern.len == 0 || !r->known || near->matches ||
        near_is_negated(near))
        return false;
    if (near->time.len > 0 || hints_any(&near->hints)) {
        *mark = near->mark;
        return true;
    }
    *mark = r->rest_from < r->rest_to ? r->gap_from : r->to;
    return r->part_from < r->part_to || r->rest_from < r->rest_to;
}

/* How wide show_plain_text makes it. */
static size_t columns(struct bytes text)
{
    struct buf shown = {0};
    show_plain_text(&shown, text);
    size_t count = utf8_count(buf_bytes(&shown));
    buf_free(&shown);
    return count;
}

static void add_indent(struct buf *out, size_t indent)
{
    for (size_t i = 0; i < indent; i++)
        buf_char(out, ' ');
}

static void add_mark(struct buf *out, struct bytes text, size_t mark, size_t indent)
{
    bool whole = text.len <= WHOLE;
    size_t from = mark > BEFORE_MARK && !whole ? mark - BEFORE_MARK : 0;
    size_t to = text.len - mark > AFTER_MARK && !whole ? mark + AFTER_MARK : text.len;
    while (from > 0 && utf8_goes_on(text.ptr[from]))
        from--;
    while (to < text.len && utf8_goes_on(text.ptr[to]))
        to++;
    struct bytes dots = from > 0 ? B("... ") : B("");
    add_indent(out, indent);
    buf_add(out, dots);
    for (size_t i = from; i < to; i++)
        if (text.ptr[i] == '\t')
            buf_char(out, ' '); /* the mark would be elsewhere */
        else
            show_plain_text(out, bytes_slice(text, i, i + 1));
    buf_add(out, to < text.len ? B(" ...\n") : B("\n"));
    add_indent(out, indent + dots.len + columns(bytes_slice(text, from, mark)));
    buf_add(out, B("^\n"));
}

static void tell_negated(struct buf *out, const struct near *near)
{
    buf_add(out, B("its pattern must not match, and does: "));
    words_quoted(out, bytes_slice(near->subject, near->reach.from, near->reach.to));
}

/* Whose fault it is. */

static void add_name_of(struct buf *out, const struct rule *rule)
{
    words_rule(out, rule);
    buf_cat(out, B(" ("), bytes_of(rule->type->name), B(")"));
}

/* How a rule keeps the line from those after it. */
static struct bytes taking(const struct decision *taker)
{
    switch (taker->verdict) {
    case VERDICT_DROPPED:
        return B(" matched before: the later rules of its file do not get the line");
    case VERDICT_JUMPED_TO_END:
        return B(" sent the line into other files, where its matching ended");
    default:
        return taker->rule->parts[taker->part].what_next == NEXT_ENDMATCH
                   ? B(" ended all matching of the line")
                   : B(" matched before and has no `continue`");
    }
}

/* What of the pattern of a rule that the line did not come to does not match; false: it does. */
static bool tell_pattern_of(struct buf *out, const struct near *near)
{
    if (near->matches || near->pattern.len == 0 || near_is_negated(near))
        return false;
    buf_add(out, near->substring ? B("its substring ") : B("its pattern "));
    tell_reach(out, near);
    return true;
}

static void tell_taken(struct buf *out, const struct near *near)
{
    bool passed = near->decision && near->decision->verdict == VERDICT_PASSED;
    if (tell_pattern_of(out, near))
        buf_add(out, B("; and it was "));
    buf_add(out, passed ? B("not tried: ") : B("not reached: "));
    if (near->other && near->decision) {
        add_name_of(out, near->other);
        buf_add(out,
                passed ? B(" sent the line on to a later rule") : taking(near->decision->taker));
    } else {
        buf_add(out, B("an earlier rule took the line"));
    }
    buf_add(out, near->matches ? B("; this rule's pattern does match") : B(""));
}

static void tell_not_entered(struct buf *out, const struct near *near)
{
    if (tell_pattern_of(out, near))
        buf_add(out, B("; and "));
    buf_add(out, B("no Jump rule sent the line into "));
    if (near->name.len > 0)
        buf_cat(out, B("the file set "), near->name);
    else
        buf_add(out, near->rule->file->name);
    if (near->other) {
        buf_add(out, B(", and "));
        words_rule(out, near->other);
        buf_add(out, B(", which could, did not match"));
    }
    buf_add(out, near->matches ? B("; this rule's pattern does match") : B(""));
}

static void tell_cache(struct buf *out, const struct near *near)
{
    buf_add(out, near->why == NEAR_CACHE ? B("there is no cached match ")
                                         : B("there must be no cached match, but there is "));
    buf_add(out, near->name);
    if (!near->other)
        return;
    buf_add(out, near->why == NEAR_CACHE ? B("; it would come from ") : B("; it came from "));
    add_name_of(out, near->other);
}

static void tell_function(struct buf *out, const struct near *near)
{
    const struct deed *deed = near->decision ? near->decision->deeds : NULL;
    while (deed && deed->kind != DEED_LOG)
        deed = deed->next;
    if (!near->decision || !near->decision->tried) {
        buf_add(out, B("its Perl function was not called"));
    } else if (deed) {
        buf_add(out, B("its Perl function died: "));
        show_plain_text(out, deed->text);
    } else {
        buf_add(out, near->rule->parts[near->part].pattern.type == PATTERN_NPERLFUNC
                         ? B("its Perl function returned true, where it must return false")
                         : B("its Perl function returned nothing or a false value"));
    }
}

static void tell_second(struct buf *out, const struct near *near)
{
    buf_add(out, B("the operation "));
    words_quoted(out, near->name);
    buf_add(out, B(" waits for `"));
    show_plain_text(out, near->pattern);
    buf_add(out, B("`, which "));
    tell_reach(out, near);
}

static void tell_no_first(struct buf *out, const struct near *near, int64_t now)
{
    const struct ended *last = ended_of(near->rule);
    buf_add(out, B("its second pattern matches, but no operation of the rule waits for it"));
    if (!last)
        return;
    buf_add(out, B("; the last one, "));
    words_quoted(out, last->name);
    buf_add(out, B(", ended at "));
    words_time(out, last->second, now);
}

static void tell_why(struct engine *engine, const struct near *near, int64_t now, struct buf *out)
{
    switch (near->why) {
    case NEAR_CONTEXT:
        tell_context(engine, near, now, out);
        return;
    case NEAR_TAKEN:
        tell_taken(out, near);
        return;
    case NEAR_NOT_ENTERED:
        tell_not_entered(out, near);
        return;
    case NEAR_HELD:
        words_verdict(out, near->decision, now);
        return;
    case NEAR_NO_FIRST:
        tell_no_first(out, near, now);
        return;
    case NEAR_SECOND:
        tell_second(out, near);
        return;
    case NEAR_PATTERN:
        buf_add(out, near->substring ? B("its substring ") : B("its pattern "));
        tell_reach(out, near);
        return;
    case NEAR_NEGATED:
        tell_negated(out, near);
        return;
    case NEAR_CACHE:
    case NEAR_CACHED:
        tell_cache(out, near);
        return;
    case NEAR_FUNCTION:
        tell_function(out, near);
        return;
    case NEAR_NEVER:
        buf_add(out, B("its pattern is FALSE and never matches"));
        return;
    case NEAR_CALENDAR:
        buf_add(out, B("Calendar rules match times, not lines"));
    }
}

void why_tell_briefly(struct engine *engine, const struct near *near, int64_t now, struct buf *out)
{
    if (near->rule->type->numbered && near->why != NEAR_HELD)
        buf_cat(out, B("pattern "), NUM(near->part + 1), B(": "));
    tell_why(engine, near, now, out);
}

void why_tell(struct engine *engine, const struct near *near, int64_t now, size_t indent,
              struct buf *out)
{
    size_t mark;
    add_indent(out, indent);
    why_tell_briefly(engine, near, now, out);
    buf_char(out, '\n');
    if (near->decision && near->decision->verdict == VERDICT_CONTEXT_FIRST &&
        near->why != NEAR_CONTEXT) {
        add_indent(out, indent);
        buf_add(out, B("and its context, which is evaluated first, does not hold\n"));
    }
    if (mark_of(near, &mark))
        add_mark(out, near->subject, mark, indent + 2);
}
