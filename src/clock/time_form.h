/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A form in which lines write a time, compiled from a text like strptime's, and what it reads. */
#ifndef SECANT_CLOCK_TIME_FORM_H
#define SECANT_CLOCK_TIME_FORM_H

#include <stdint.h>

#include "base/bytes.h"
#include "clock/zone.h"

/* What a text says; -1: it does not say it. */
struct time_fields {
    int century, year, month, day, yday, weekday;
    int hour, minute, second, nanoseconds;
    int afternoon;            /* of AM and PM; -1: the hour is one of 24 */
    int pair[2];              /* a day and a month, whichever is first */
    bool has_offset;          /* from UTC */
    bool has_epoch;           /* `whole` counts from the epoch */
    bool has_uptime;          /* `whole` counts from the start of the machine */
    int32_t offset;           /* seconds */
    const struct zone *named; /* of a text with the name of a zone; NULL: none */
    struct bytes word;   /* with has_offset: the zone's abbreviation in the line, if it was one */
    int64_t whole;       /* seconds */
    size_t start, end;   /* in the line */
    size_t seconds_at;   /* where two digits of seconds are; 0: nowhere */
    size_t fraction_end; /* where these and their fraction end */
    bool may_have_fraction; /* digits may come there */
    bool lacks_zone;        /* a zone may come after them, and did not */
    bool at_start;          /* the line begins with it: see time_find.c */
};

struct time_form;

/* Conversions: those of strptime, and %f, digits of a fraction.  White space stands for any or
 * none. NULL, with the reason in *why, if a conversion does not exist. */
struct time_form *time_form_new(struct bytes format, struct buf *why);
/* A built-in one: see time_form.c. */
struct time_form *time_form_strict(struct bytes format);
void time_form_free(struct time_form *form);
/* false: no time of this form begins with c. */
bool time_form_may_begin(const struct time_form *form, char c);
/* The line says a time from `at` on.  Fields out of their range (day 32) are read: see
 * time_fields_ok. */
bool time_form_match(const struct time_form *form, const struct zone *zone, struct bytes line,
                     size_t at, struct time_fields *fields);

/* AM, PM or a zone is there, after a blank or without. */
bool time_goes_on(const struct zone *zone, struct bytes line, size_t at);

/* -- The built-in ones -- */

enum form_place {
    FORM_FREE,  /* anywhere in a line */
    FORM_START, /* only where a line begins: elsewhere it may be anything */
};

struct known_form {
    const char *name;
    const char *format; /* with the conversions of time_form.c's own */
    enum form_place place;
    /* Without a date: not tried in an input that has dates. */
    bool weak;
    bool begins_other; /* a longer form may be there: not tried first */
    struct time_form *form;
};

/* Compiled at the first call, kept to the end of the process. */
const struct known_form *time_forms_known(size_t *count);
/* Those of which one may begin with c: bit i is form i. */
uint64_t time_forms_beginning(char c);

/* All fields are in their ranges, as far as that does not depend on a year or an order that the
 * text leaves open. */
bool time_fields_ok(const struct time_fields *fields);

#endif
