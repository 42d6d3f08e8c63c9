/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a comparison has kept: an input is the text of its file.  What is taken is written, and taken
 * again as the same. */
#include "base/json_values.h"
#include "fuzz.h"
#include "migrate/resume.h"

static void start(void)
{
}

static bool take(struct resume *resume, struct bytes text)
{
    struct buf why = {0};
    *resume = (struct resume){.file = "file", .stretches = {4, 0, 1000}};
    for (int i = 0; i < MARKS; i++)
        resume->marks[i] = bytes_dup(B("x"));
    bool sound = resume_read(resume, text, &why);
    if (sound != (why.len == 0))
        abort();
    buf_free(&why);
    return sound;
}

static bool read_totals(struct totals *totals, json_t *object)
{
    struct arena arena;
    struct buf errors = {0};
    struct fields fields = {.file = B("file"), .arena = &arena, .errors = &errors};
    arena_init(&arena);
    bool sound = totals_read(totals, &fields, object);
    buf_free(&fields.place);
    buf_free(&errors);
    arena_free(&arena);
    return sound;
}

/* Rules and refusals that are there twice are one afterwards, and lines too; then it is as it was. */
static void check_totals(const struct totals *totals)
{
    json_t *object = totals_json(totals), *again;
    struct totals second;
    if (!read_totals(&second, object))
        abort();
    again = totals_json(&second);
    if (!json_equal(object, again))
        abort();
    totals_free(&second);
    json_decref(object);
    json_decref(again);
}

static void one(struct bytes input)
{
    struct resume resume;
    if (take(&resume, input)) {
        if (resume.equal > resume.stretches.count)
            abort();
        check_totals(&resume.totals);
    }
    resume_free(&resume);
}

FUZZ_TARGET(start, one)
