/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts sentences together: the text of each and, at the same time, its key. */
#include "explain/brief.h"
#include "explain/words.h"
#include "lang/rule_text.h"
#include "lang/ruleset.h"
#include "replay/show.h"

enum { LONGEST_FIELD = 120 };

void brief_put(struct telling *t, struct bytes text)
{
    buf_add(&t->text, text);
    buf_add(&t->key, text);
}

void brief_put_shown(struct telling *t, struct bytes text)
{
    show_plain_text(&t->text, text);
    show_plain_text(&t->key, text);
}

void brief_put_quoted(struct telling *t, struct bytes text)
{
    brief_put(t, B("\""));
    brief_put_shown(t, text);
    brief_put(t, B("\""));
}

/* What was added to the text since `from` may be another one each time. */
static void end_span(struct telling *t, size_t from, enum explain_span_kind kind)
{
    struct explain_sentence *s = &t->sentence;
    if (s->span_count == EXPLAIN_SPANS) {
        buf_add(&t->key, bytes_from(buf_bytes(&t->text), from));
        return;
    }
    s->spans[s->span_count++] = (struct explain_span){from, t->text.len, kind};
    buf_char(&t->key, '#');
}

void brief_put_number(struct telling *t, int64_t number, enum explain_span_kind kind)
{
    size_t from = t->text.len;
    buf_num(&t->text, number);
    end_span(t, from, kind);
}

void brief_put_word(struct telling *t, struct bytes word)
{
    size_t from = t->text.len;
    buf_add(&t->text, word);
    end_span(t, from, EXPLAIN_WORD);
}

void brief_put_time(struct telling *t, int64_t second, int64_t now)
{
    size_t from = t->text.len;
    words_time(&t->text, second, now);
    end_span(t, from, EXPLAIN_TIME);
}

void brief_put_end(struct telling *t, const struct deed *deed, int64_t now)
{
    if (!deed || deed->until == 0)
        return;
    brief_put(t, B(", ends at "));
    brief_put_time(t, deed->until, now);
}

void brief_begin_plain(struct telling *t)
{
    buf_clear(&t->text);
    buf_clear(&t->key);
    buf_clear(&t->rule);
    buf_clear(&t->about);
    buf_clear(&t->field);
    t->sentence = (struct explain_sentence){.kind = EXPLAIN_DONE, .depth = t->depth, .gist = B("")};
    for (unsigned i = 0; i < t->depth; i++)
        brief_put(t, B("  "));
}

void brief_put_gist(struct telling *t, const char *gist)
{
    t->sentence.gist = bytes_of(gist);
    brief_put(t, t->sentence.gist);
}

void brief_put_name(struct telling *t, const struct rule *rule)
{
    struct buf name = {0};
    words_rule(&name, rule);
    brief_put(t, buf_bytes(&name));
    buf_free(&name);
}

void brief_put_rule(struct telling *t, const struct rule *rule)
{
    words_rule(&t->rule, rule);
    brief_put_name(t, rule);
    brief_put(t, B(" "));
    brief_put(t, bytes_of(rule->type->name));
    brief_put(t, B(": "));
}

void brief_begin(struct telling *t, const struct rule *rule)
{
    brief_begin_plain(t);
    if (rule)
        brief_put_rule(t, rule);
}

void brief_set_about(struct telling *t, const char *what, struct bytes name)
{
    buf_cat(&t->about, bytes_of(what), B(" "), name);
}

void brief_add_field(struct telling *t, const struct rule *rule, const char *name, size_t part)
{
    struct buf room = {0};
    struct keyword field;
    struct bytes keyword = numbered_keyword(name, part, &room);
    if (rule_keyword(rule, keyword, &field) && field.value.len <= LONGEST_FIELD) {
        buf_cat(&t->field, t->field.len > 0 ? B("  ") : B(""), keyword, B("="));
        show_plain_text(&t->field, field.value);
    }
    buf_free(&room);
}

void brief_say(struct telling *t)
{
    t->sentence.text = buf_bytes(&t->text);
    t->sentence.key = buf_bytes(&t->key);
    t->sentence.rule = buf_bytes(&t->rule);
    t->sentence.about = buf_bytes(&t->about);
    t->sentence.field = buf_bytes(&t->field);
    t->say(t->arg, &t->sentence);
}
