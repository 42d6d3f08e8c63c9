/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far patterns go (explain/reach.h, explain/hints.h): up to a newline the input is the pattern,
 * the rest is the text.  All places are inside, what is said to match does, and it ends in time. */
#include <time.h>

#include "explain/hints.h"
#include "explain/reach.h"
#include "explain/trial.h"
#include "match/regex.h"

#include "fuzz.h"

enum { MOST_SECONDS = 30 }; /* of processor time; of an ordinary input it takes milliseconds */

static void check(bool right, const char *what, struct bytes pattern, struct bytes text)
{
    if (right)
        return;
    fprintf(stderr, "%s: pattern \"%.*s\", text \"%.*s\"\n", what, (int)pattern.len, pattern.ptr,
            (int)text.len, text.ptr);
    abort();
}

static void check_places(const struct reach *r, struct bytes pattern, struct bytes text)
{
    check(r->part_from <= r->part_to && r->part_to <= pattern.len, "part", pattern, text);
    check(r->wants_from <= r->wants_to && r->wants_to <= pattern.len, "wants", pattern, text);
    check(r->rest_from <= r->rest_to && r->rest_to <= pattern.len, "rest", pattern, text);
    check(r->from <= r->to && r->to <= text.len, "place", pattern, text);
    check(r->gap_from <= r->rest_at && r->rest_at <= text.len, "gap", pattern, text);
    check(r->share >= 0 && r->share <= 1, "share", pattern, text);
}

/* wants: a place of the pattern. */
static void check_hints(bool substring, struct bytes pattern, size_t wants, struct bytes text)
{
    struct hints hints;
    struct buf form = {0};
    hints_find(substring, pattern, text, &hints);
    if (hints_any(&hints))
        check(hints_place(substring, pattern, wants, text, &hints) <= text.len, "hint's place",
              pattern, text);
    hints_time(substring, pattern, text, bytes_slice(text, text.len / 4, text.len / 2), 1000,
               &form);
    buf_free(&form);
    check(!hints_any(&hints) || (hints.from <= hints.to && hints.to <= text.len), "hint", pattern,
          text);
}

static void check_regexp(struct bytes pattern, struct bytes text)
{
    struct reach reach;
    struct buf part = {0};
    reach_regexp(pattern, text, &reach);
    check_places(&reach, pattern, text);
    reach_part(pattern, &reach, &part);
    if (reach.known && reach.part_to > reach.part_from)
        check(trial_match(buf_bytes(&part), text, NULL, NULL), "the part", pattern, text);
    if (reach.known && !reach.whole)
        check(!trial_match(pattern, text, NULL, NULL), "the whole", pattern, text);
    buf_free(&part);
    check_hints(false, pattern, reach.wants_from, text);
}

static void check_substring(struct bytes pattern, struct bytes text)
{
    struct reach reach;
    reach_substring(pattern, text, &reach);
    check_places(&reach, pattern, text);
    check(reach.whole == (bytes_find(text, pattern, 0) >= 0), "substring", pattern, text);
    check_hints(true, pattern, reach.wants_from, text);
}

static void one(struct bytes input)
{
    struct bytes pattern = take_line(&input);
    struct regex *regex = NULL;
    struct buf error = {0};
    clock_t begun = clock();
    if (regex_compile(pattern, &regex, &error))
        check_regexp(pattern, input);
    check_substring(pattern, input);
    check((clock() - begun) / CLOCKS_PER_SEC < MOST_SECONDS, "time", pattern, input);
    regex_free(regex);
    buf_free(&error);
}

static void start(void)
{
}

FUZZ_TARGET(start, one)
