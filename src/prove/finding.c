/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/finding.h"

#include "base/json_values.h"

enum { MOST_FINDINGS = 50 };

struct inquiry {
    const struct evidence *evidence;
    const struct failure *failure;
    const struct traced *traced;
};

static const struct passage *passage_at(const struct inquiry *q, size_t i)
{
    return &q->evidence->timeline.passages[i];
}

static size_t passages(const struct inquiry *q)
{
    return q->evidence->timeline.passage_count;
}

/* -- The cause -- */

/* Without what is another one each time that the same is to be said; of the nearest rule its
 * name, since the place where its pattern ends is the line's. */
static void add_cause(struct buf *out, const struct explain_sentence *sentence)
{
    size_t at = 0;
    if (sentence->kind == EXPLAIN_NEAREST) {
        buf_cat(out, sentence->gist, B(" "), sentence->rule, B("\n"));
        return;
    }
    for (size_t i = 0; i < sentence->span_count; i++) {
        const struct explain_span *span = &sentence->spans[i];
        if (span->kind == EXPLAIN_COUNT)
            continue;
        buf_cat(out, bytes_slice(sentence->text, at, span->from), B("#"));
        at = span->to;
    }
    buf_cat(out, bytes_from(sentence->text, at), B("\n"));
}

/* Does the sentence say why, and better than the one before it? */
static bool says_more(const struct explain_sentence *sentence,
                      const struct explain_sentence *before, bool unexpected)
{
    switch (sentence->kind) {
    case EXPLAIN_DONE:
        return !before ||
               (before->kind == EXPLAIN_DONE && before->about.len > 0 && sentence->about.len == 0);
    case EXPLAIN_MISSED:
        return !unexpected;
    case EXPLAIN_NEAREST:
    case EXPLAIN_UNTAKEN:
        return !unexpected && (!before || before->kind != EXPLAIN_MISSED);
    case EXPLAIN_WAY:
        break;
    }
    return false;
}

static const struct explain_sentence *reason_of(const struct passage *passage, bool unexpected)
{
    const struct explain_sentence *found = NULL;
    for (size_t i = 0; i < passage->said_count; i++)
        if (says_more(&passage->said[i], found, unexpected))
            found = &passage->said[i];
    return found;
}

/* Two failures have the same cause if what was wrong is the same and the last lines of both have
 * the same story. */
static void put_cause(const struct inquiry *q, json_t *object, const struct passage *last,
                      const struct explain_sentence *reason)
{
    struct buf cause = {0};
    buf_cat(&cause, q->failure->reason, B("\n"));
    for (size_t i = 0; i < last->said_count; i++)
        add_cause(&cause, &last->said[i]);
    json_put_text(object, "because", bytes_trim(reason->text));
    json_put_text(object, "cause", buf_bytes(&cause));
    buf_free(&cause);
}

/* -- What others may have in common with it -- */

/* Of the rule and what became of it, whatever the values. */
static json_t *finding_of(const struct inquiry *q, const struct explain_sentence *sentence)
{
    struct buf key = {0};
    buf_cat(&key, q->traced->unexpected ? B("did ") : B("lacked "), sentence->rule, B(" "),
            sentence->gist);
    json_t *finding = json_object();
    json_put_text(finding, "key", buf_bytes(&key));
    json_put_text(finding, "text", bytes_trim(sentence->text));
    buf_free(&key);
    return finding;
}

static bool is_finding(const struct inquiry *q, const struct explain_sentence *sentence)
{
    if (q->traced->unexpected)
        return sentence->kind == EXPLAIN_DONE && sentence->about.len == 0;
    return sentence->kind == EXPLAIN_MISSED;
}

/* The one that says most first.  Where no rule took the line, that is all. */
static void put_findings(const struct inquiry *q, json_t *object,
                         const struct explain_sentence *reason)
{
    json_t *list = json_array();
    json_array_append_new(list, finding_of(q, reason));
    bool alone = reason->kind == EXPLAIN_NEAREST || reason->kind == EXPLAIN_UNTAKEN;
    for (size_t i = passages(q); i-- > 0 && !alone;) {
        const struct passage *passage = passage_at(q, i);
        bool looks = q->traced->unexpected ? q->traced->base[i] : q->traced->chosen[i];
        for (size_t k = 0; looks && k < passage->said_count; k++)
            if (is_finding(q, &passage->said[k]) && json_array_size(list) < MOST_FINDINGS)
                json_array_append_new(list, finding_of(q, &passage->said[k]));
    }
    json_put(object, "findings", list);
}

/* -- What it rests on -- */

/* Once, if two sentences have the same. */
static void add_field(json_t *notes, const struct explain_sentence *sentence)
{
    struct buf note = {0};
    struct bytes before = json_bytes(json_array_get(notes, 0));
    if (sentence->field.len > 0 && sentence->rule.len > 0) {
        buf_cat(&note, sentence->rule, B(" has  "), sentence->field);
        if (!bytes_eq(buf_bytes(&note), before))
            json_array_append_new(notes, json_of(buf_bytes(&note)));
    }
    buf_free(&note);
}

/* The line that began the operation that the sentence is about, before this passage. */
static void add_begin(const struct inquiry *q, json_t *notes, const struct passage *last,
                      const struct explain_sentence *held)
{
    struct buf note = {0};
    for (const struct passage *p = last; p-- > q->evidence->timeline.passages;)
        for (size_t i = 0; i < p->said_count; i++) {
            const struct explain_sentence *said = &p->said[i];
            if (!bytes_eq(said->about, held->about) || !bytes_eq(said->gist, B(EXPLAIN_BEGAN)) ||
                p->text.len == 0)
                continue;
            buf_cat(&note, B("\""), bytes_from(held->about, strlen("operation ")),
                    B("\" began at "));
            timeline_add_when(&note, p->second, q->evidence->start);
            buf_cat(&note, B(" with  "), p->text);
            json_array_append_new(notes, json_of(buf_bytes(&note)));
            buf_free(&note);
            return;
        }
}

/* The last line before this passage that the same rule counted for another operation. */
static void add_other_key(const struct inquiry *q, json_t *notes, const struct passage *last,
                          const struct explain_sentence *counted)
{
    struct buf note = {0};
    for (const struct passage *p = last; note.len == 0 && p-- > q->evidence->timeline.passages;)
        for (size_t i = 0; note.len == 0 && i < p->said_count; i++) {
            const struct explain_sentence *said = &p->said[i];
            if (!bytes_eq(said->rule, counted->rule) || p->text.len == 0 ||
                !bytes_eq(said->gist, B(EXPLAIN_COUNTED)) || bytes_eq(said->about, counted->about))
                continue;
            buf_cat(&note, said->rule, B(" counted the line at "));
            timeline_add_when(&note, p->second, q->evidence->start);
            buf_cat(&note, B(" apart, by \""), bytes_from(said->about, strlen("operation ")),
                    B("\":  "), p->text);
            json_array_append_new(notes, json_of(buf_bytes(&note)));
        }
    buf_free(&note);
}

/* Who has done what is nearest. */
static const struct explain_sentence *near_doer(const struct inquiry *q)
{
    if (q->failure->near_at == SIZE_MAX)
        return NULL;
    const struct happening *near = &q->evidence->timeline.items[q->failure->near_at];
    if (near->passage < 0 || (size_t)near->passage >= passages(q) || near->text.len == 0)
        return NULL;
    const struct passage *passage = passage_at(q, (size_t)near->passage);
    const struct explain_sentence *root = NULL; /* a rule of the line, not of an event of it */
    for (size_t i = 0; i < passage->said_count; i++) {
        const struct explain_sentence *said = &passage->said[i];
        root = said->depth > 0 ? root : said;
        if (said->kind == EXPLAIN_DONE && bytes_find(said->text, near->text, 0) >= 0)
            return root;
    }
    return NULL;
}

static void put_notes(const struct inquiry *q, json_t *object, const struct passage *last,
                      const struct explain_sentence *reason)
{
    json_t *notes = json_array();
    const struct explain_sentence *doer = near_doer(q);
    bool tells = reason->kind != EXPLAIN_DONE || q->traced->unexpected;
    if (tells)
        add_field(notes, reason);
    if (doer && !(tells && doer == reason))
        add_field(notes, doer);
    bool operations =
        reason->kind == EXPLAIN_MISSED && bytes_starts(reason->about, B("operation "));
    if (operations && bytes_eq(reason->gist, B(EXPLAIN_SUPPRESSED)))
        add_begin(q, notes, last, reason);
    else if (operations && bytes_eq(reason->gist, B(EXPLAIN_COUNTED)))
        add_other_key(q, notes, last, reason);
    json_put(object, "notes", notes);
}

/* NULL: none. */
static const struct explain_sentence *has_near(const struct passage *passage)
{
    for (size_t i = 0; i < passage->said_count; i++)
        if (passage->said[i].kind == EXPLAIN_NEAREST)
            return &passage->said[i];
    return NULL;
}

void finding_put(json_t *object, const struct evidence *evidence, const struct failure *failure,
                 const struct traced *traced)
{
    const struct inquiry q = {evidence, failure, traced};
    const struct passage *last = NULL;
    bool missing = failure->step->kind == TEST_STEP_SNAPSHOT && !traced->unexpected;
    for (size_t i = 0; i < passages(&q); i++)
        if (traced->base[i] && passage_at(&q, i)->said_count > 0 &&
            !(missing && last && has_near(last)))
            last = passage_at(&q, i);
    const struct explain_sentence *reason = last ? reason_of(last, traced->unexpected) : NULL;
    if (missing && reason && has_near(last))
        reason = has_near(last);
    if (!reason)
        return;
    put_cause(&q, object, last, reason);
    put_findings(&q, object, reason);
    put_notes(&q, object, last, reason);
}
