/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "explain/trial.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/subprocess.h"
#include "match/regex.h"

enum {
    STEPS = 200 * 1000, /* of one match */
    CHILD_MS = 1000,    /* of a child process */
};

static bool try_regex(struct trial *trial, struct regex *regex, ptrdiff_t *offsets)
{
    enum regex_answer answer = regex_match_within(regex, trial->text, STEPS, offsets);
    bool perls = answer == REGEX_UNKNOWN && !regex_uses_pcre2(regex);
    if (answer == REGEX_UNKNOWN && trial->with_perl)
        return regex_match(regex, trial->text, offsets);
    trial->unknown |= answer == REGEX_UNKNOWN;
    trial->for_perl |= perls;
    return answer == REGEX_YES;
}

/* NULL: it does not compile. */
static struct regex *compile(struct bytes pattern)
{
    struct regex *regex = NULL;
    struct buf error = {0};
    regex_compile(pattern, &regex, &error);
    buf_free(&error);
    return regex;
}

bool trial_run(struct trial *trial, struct bytes pattern, size_t group, struct trial_place *place)
{
    struct regex *regex = compile(pattern);
    if (!regex)
        return false;
    size_t spans = regex_spans(regex);
    ptrdiff_t *offsets = mem_array(NULL, 2 * spans, sizeof(*offsets));
    bool yes = try_regex(trial, regex, offsets) && group < spans && offsets[2 * group] >= 0;
    if (yes)
        *place = (struct trial_place){(size_t)offsets[0], (size_t)offsets[1],
                                      (size_t)offsets[2 * group], (size_t)offsets[2 * group + 1]};
    free(offsets);
    regex_free(regex);
    return yes;
}

size_t trial_groups(struct bytes pattern)
{
    struct regex *regex = compile(pattern);
    size_t groups = regex ? regex_groups(regex) : 0;
    regex_free(regex);
    return groups;
}

void trial_with_perl(const struct trial *trial, void (*again)(void *trial, void *result),
                     void *result, size_t size)
{
    struct trial perls = {.pattern = trial->pattern, .text = trial->text, .with_perl = true};
    if (trial->for_perl)
        subprocess_ask(CHILD_MS, again, &perls, result, size);
}

struct answer {
    bool yes;
    struct trial_place place;
};

static void find_match(void *asked, void *result)
{
    struct trial *trial = asked;
    struct answer *answer = result;
    *answer = (struct answer){0};
    answer->yes = trial_run(trial, trial->pattern, 0, &answer->place);
}

bool trial_match(struct bytes pattern, struct bytes text, size_t *from, size_t *to)
{
    struct trial trial = {.pattern = pattern, .text = text};
    struct answer answer;
    find_match(&trial, &answer);
    trial_with_perl(&trial, find_match, &answer, sizeof(answer));
    if (answer.yes && from)
        *from = answer.place.from;
    if (answer.yes && to)
        *to = answer.place.to;
    return answer.yes;
}
