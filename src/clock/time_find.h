/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in a line its time is. */
#ifndef SECANT_CLOCK_TIME_FIND_H
#define SECANT_CLOCK_TIME_FIND_H

#include "clock/time_form.h"

/* What is tried: the user's forms, if he has given any, else the built-in ones. */
struct time_search {
    const struct zone *zone;
    struct time_form **own; /* not owned */
    size_t own_count;
    void *regex; /* --time-regex: a pcre2_code, NULL without; not owned */
    void *match; /* a pcre2_match_data for it: readers of the same options share a thread */
    void *limit; /* a pcre2_match_context: how many steps it may take; not owned, as match */
    uint32_t group;
};

/* What the lines of an input have in common. */
struct time_habits {
    bool at_start; /* lines begin with their time: elsewhere none is looked for but in brackets */
    bool dated;    /* lines have dates: forms without are not tried */
    bool audit;    /* the last line was the audit daemon's: its place is looked at first */
    bool utc;      /* times without a zone are in UTC: the head of a W3C log was there */
    bool known;
    size_t form; /* with `known`: the last line's */
};

enum time_found { FOUND_NONE, FOUND, FOUND_IMPOSSIBLE, FOUND_GAVE_UP };

/* form: of the user's, or of time_forms_known. */
enum time_found time_find(const struct time_search *search, struct time_habits *habits,
                          struct bytes line, struct time_fields *fields, size_t *form);

/* After "<34>", if the line begins so; else 0. */
size_t after_priority(struct bytes line);

/* time_json.c: values of an object's keys that may be times, the best first; how many. */
enum { JSON_TIMES = 4 };
size_t json_times(struct bytes line, struct bytes values[JSON_TIMES]);
/* Its value may be a time. */
bool is_time_key(struct bytes key);

#endif
