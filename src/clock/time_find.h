/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the time in a line. */
#ifndef SECANT_CLOCK_TIME_FIND_H
#define SECANT_CLOCK_TIME_FIND_H

#include "clock/time_form.h"

/* What to look for: the user's forms, if there are any, else the built-in ones. */
struct time_search {
    const struct zone *zone;
    struct time_form **own; /* not owned */
    size_t own_count;
    void *regex; /* --time-regex: a pcre2_code, NULL without; not owned */
    void *match; /* a pcre2_match_data for it; readers of the same options share a thread */
    void *limit; /* a pcre2_match_context: limits its steps; neither it nor match is owned */
    uint32_t group;
};

/* What the lines of an input have in common. */
struct time_habits {
    bool at_start; /* lines begin with their time: the rest is not searched, except brackets */
    bool dated;    /* lines have dates: forms without a date are not tried */
    bool audit;    /* the last line was the audit daemon's: audit(...) is tried first */
    bool utc;      /* times without a zone are in UTC: a header of a W3C log was seen */
    bool known;
    size_t form; /* with `known`: the form of the last line */
};

enum time_found { FOUND_NONE, FOUND, FOUND_IMPOSSIBLE, FOUND_GAVE_UP };

/* Sets *form to the index of the form among the user's, or else among time_forms_known. */
enum time_found time_find(const struct time_search *search, struct time_habits *habits,
                          struct bytes line, struct time_fields *fields, size_t *form);

/* The offset after a priority such as "<34>" at the start of the line; 0 if there is none. */
size_t after_priority(struct bytes line);

/* time_json.c: finds the values of an object's keys that may be times, best first, and returns how
 * many there are. */
enum { JSON_TIMES = 4 };
size_t json_times(struct bytes line, struct bytes values[JSON_TIMES]);
/* May the value of this key be a time? */
bool is_time_key(struct bytes key);

#endif
