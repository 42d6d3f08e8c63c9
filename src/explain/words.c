/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences for people. */
#include "explain/words.h"

#include <time.h>

#include "base/utf8.h"
#include "lang/ruleset.h"
#include "replay/show.h"

enum { QUOTED_MOST = 60 };

static bool same_day(int64_t a, int64_t b)
{
    struct tm at, bt;
    time_t s = (time_t)a, t = (time_t)b;
    return localtime_r(&s, &at) && localtime_r(&t, &bt) && at.tm_year == bt.tm_year &&
           at.tm_yday == bt.tm_yday;
}

void words_time(struct buf *out, int64_t second, int64_t now)
{
    char date[48];
    struct bytes text = show_date(date, second, false);
    if (same_day(second, now) && text.len > strlen("HH:MM:SS"))
        text = bytes_from(text, text.len - strlen("HH:MM:SS"));
    buf_add(out, text);
}

void words_rule(struct buf *out, const struct rule *rule)
{
    if (rule)
        buf_cat(out, rule->file->name, B(":"), NUM(rule->line));
    else
        buf_add(out, B("-"));
}

void words_quoted(struct buf *out, struct bytes text)
{
    buf_char(out, '"');
    if (text.len > QUOTED_MOST) {
        size_t head = QUOTED_MOST / 2, tail = text.len - QUOTED_MOST / 2;
        while (head > 0 && utf8_goes_on(text.ptr[head]))
            head--;
        while (tail < text.len && utf8_goes_on(text.ptr[tail]))
            tail++;
        show_plain_text(out, bytes_slice(text, 0, head));
        buf_add(out, B(" ... "));
        text = bytes_from(text, tail);
    }
    show_plain_text(out, text);
    buf_char(out, '"');
}

/* Verdicts. */

static void add_until(struct buf *out, const struct deed *deed, int64_t now)
{
    if (!deed || deed->until == 0)
        return;
    buf_add(out, B(" until "));
    words_time(out, deed->until, now);
}

static void add_parts(struct buf *out, const struct deed *counted)
{
    for (size_t i = 0; i < counted->rule->part_count; i++)
        buf_cat(out, i > 0 ? B(", pattern ") : B("pattern "), NUM(i + 1), B(": "),
                NUM(counted->parts[i]), B(" (needs "), NUM(counted->rule->parts[i].threshold),
                B(")"));
}

/* Of a falling threshold fewer are wanted, and it is reached when the window ends. */
static void add_count(struct buf *out, const struct deed *counted, int64_t now)
{
    if (counted && counted->parts) {
        buf_add(out, B(", "));
        add_parts(out, counted);
    } else if (counted) {
        buf_cat(out, B(", "), NUM(counted->count), B(" of "), NUM(counted->of));
    }
    add_until(out, counted, now);
}

static void add_held(struct buf *out, const struct deed *held, int64_t now)
{
    buf_add(out, B("suppressed"));
    if (!held)
        return;
    buf_add(out, B(" by the operation "));
    words_quoted(out, held->name);
    buf_add(out, B(" since "));
    words_time(out, held->since, now);
    add_until(out, held, now);
}

void words_verdict(struct buf *out, const struct decision *decision, int64_t now)
{
    const struct deed *counted = story_deed_of(decision, DEED_COUNTED);
    switch (decision->verdict) {
    case VERDICT_ACTED:
        buf_add(out, B("matches, the actions ran"));
        if (counted && counted->parts) {
            buf_add(out, B(" ("));
            add_parts(out, counted);
            buf_char(out, ')');
        } else if (counted) {
            buf_cat(out, B(" (event "), NUM(counted->count), B(" of "), NUM(counted->of), B(")"));
        }
        break;
    case VERDICT_BEGUN:
        buf_add(out, B("matches, an operation waits for the second event"));
        add_until(out, story_deed_of(decision, DEED_BEGUN), now);
        break;
    case VERDICT_COUNTED:
        buf_add(out, B("counted"));
        add_count(out, counted, now);
        break;
    case VERDICT_DROPPED:
        buf_add(out, B("matches: the later rules of its file do not get the line"));
        break;
    case VERDICT_HELD:
        add_held(out, story_deed_of(decision, DEED_HELD), now);
        break;
    default:
        buf_add(out, bytes_of(verdict_text(decision->verdict)));
    }
}

/* Deeds. */

void words_effect(struct buf *out, const struct deed *deed)
{
    struct bytes text = deed->text;
    buf_cat(out, deed->what, B(" "));
    show_plain_text(out, deed->name);
    if (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    if (text.len > 0 && deed->name.len > 0)
        buf_add(out, B(": "));
    show_plain_text(out, text);
}

void words_missing(struct buf *out, const struct deed *deed)
{
    bool deleted = bytes_eq(deed->what, B("delete"));
    bool size = bytes_eq(deed->what, B("getsize"));
    buf_add(out, deleted ? B("tried to delete context ")
                 : size  ? B("getsize: there is no context ")
                         : B("context "));
    show_plain_text(out, deed->name);
    buf_add(out, deleted ? B(", but there is none") : size ? B("") : B(" does not exist, can't "));
    if (!deleted && !size)
        buf_add(out, deed->what);
}

static void add_context(struct buf *out, const struct deed *deed, int64_t now)
{
    buf_add(out, B("context "));
    show_plain_text(out, deed->name);
    switch (deed->kind) {
    case DEED_CONTEXT_ALIAS:
        buf_add(out, B(" is also called "));
        show_plain_text(out, deed->text);
        return;
    case DEED_CONTEXT_GONE:
        buf_add(out, B(" deleted"));
        return;
    case DEED_CONTEXT_EXPIRED:
        buf_add(out, B(" expired"));
        return;
    default:
        buf_add(out, deed->kind == DEED_CONTEXT_MADE ? B(" created") : B(" changed, lives"));
    }
    if (deed->until > 0)
        add_until(out, deed, now);
    else
        buf_add(out, B(" for ever"));
    if (deed->count > 0)
        buf_cat(out, B(", holds "), NUM(deed->count), deed->count == 1 ? B(" line") : B(" lines"));
}

void words_deed(struct buf *out, const struct deed *deed, int64_t now)
{
    switch (deed->kind) {
    case DEED_EFFECT:
        words_effect(out, deed);
        return;
    case DEED_EVENT:
    case DEED_EVENT_LATER:
        buf_add(out, B("event "));
        words_quoted(out, deed->text);
        if (deed->kind == DEED_EVENT_LATER) {
            buf_add(out, B(" at "));
            words_time(out, deed->until, now);
        }
        return;
    case DEED_BEGUN:
    case DEED_ENDED:
        buf_add(out, B("operation "));
        words_quoted(out, deed->name);
        buf_add(out, deed->kind == DEED_BEGUN ? B(" began") : B(" ended"));
        if (deed->kind == DEED_BEGUN)
            add_until(out, deed, now);
        return;
    case DEED_COUNTED:
    case DEED_HELD:
        buf_add(out, deed->kind == DEED_COUNTED ? B("counted by ") : B("suppressed by "));
        words_quoted(out, deed->name);
        return;
    case DEED_MISSING:
        words_missing(out, deed);
        return;
    case DEED_LOG:
        buf_add(out, B("log "));
        show_plain_text(out, deed->text);
        return;
    default:
        add_context(out, deed, now);
    }
}

bool words_deed_is_told(const struct deed *deed)
{
    return deed->kind == DEED_COUNTED || deed->kind == DEED_HELD;
}
