/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A form in which lines write a time, compiled from a format like strptime's, and the fields that
 * it reads. */
#ifndef SECANT_CLOCK_TIME_FORM_H
#define SECANT_CLOCK_TIME_FORM_H

#include <stdint.h>

#include "base/bytes.h"
#include "clock/zone.h"

/* What a text says; -1 stands for what it does not say. */
struct time_fields {
    int century, year, month, day, yday, weekday;
    int hour, minute, second, nanoseconds;
    int afternoon;            /* 0: AM, 1: PM; -1: the hour is one of 24 */
    int pair[2];              /* a day and a month, whichever is first */
    bool has_offset;          /* from UTC */
    bool has_epoch;           /* `whole` counts from the epoch */
    bool has_uptime;          /* `whole` counts from the start of the machine */
    int32_t offset;           /* seconds */
    const struct zone *named; /* the zone that the text names; NULL: none */
    struct bytes word;   /* with has_offset: the zone's abbreviation in the line, if it was one */
    int64_t whole;       /* seconds */
    size_t start, end;   /* in the line */
    size_t seconds_at;   /* where two digits of seconds are; 0: nowhere */
    size_t fraction_end; /* where the seconds and their fraction end */
    bool may_have_fraction; /* the form allows a fraction there */
    bool lacks_zone;        /* the form allows a zone after them, but there is none */
    bool at_start;          /* the line begins with it: see time_find.c */
};

struct time_form;

/* Compiles a format with the conversions of strptime and %f, digits of a fraction.  White space
 * matches any amount of it, or none.  Returns NULL, with the reason in *why, if the format has an
 * unknown conversion, ends with %, or is too long. */
struct time_form *time_form_new(struct bytes format, struct buf *why);
/* Compiles a built-in form, whose conversions are those of time_form.c. */
struct time_form *time_form_strict(struct bytes format);
void time_form_free(struct time_form *form);
/* Returns false if no time of this form begins with c. */
bool time_form_may_begin(const struct time_form *form, char c);
/* Reads a time of this form at `at` in the line; returns false if there is none.  Fields out of
 * their range (day 32) are read as well: see time_fields_ok. */
bool time_form_match(const struct time_form *form, const struct zone *zone, struct bytes line,
                     size_t at, struct time_fields *fields);

/* Does AM, PM or a zone follow, with or without a blank before it? */
bool time_goes_on(const struct zone *zone, struct bytes line, size_t at);

/* -- The built-in ones -- */

enum form_place {
    FORM_FREE,  /* anywhere in a line */
    FORM_START, /* only at the start of a line: elsewhere it could mean anything */
};

struct known_form {
    const char *name;
    const char *format; /* with the conversions of time_form.c's own */
    enum form_place place;
    /* Without a date: not tried in an input that has dates. */
    bool weak;
    bool begins_other; /* a longer form may begin the same way: this one is not tried first */
    struct time_form *form;
};

/* Compiled at the first call and kept until the process ends. */
const struct known_form *time_forms_known(size_t *count);
/* The forms that may begin with c: bit i stands for form i.  Call time_forms_known first. */
uint64_t time_forms_beginning(char c);

/* Are all fields in their ranges, as far as that does not depend on a year or an order that the
 * text leaves open? */
bool time_fields_ok(const struct time_fields *fields);

#endif
