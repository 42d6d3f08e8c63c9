/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pieces of a form of time.  Each function reads one at a place in a line and moves the place
 * past it.  If one returns false, the piece is not there, and the place is undefined.  Pieces whose
 * function returns nothing are optional. */
#ifndef SECANT_CLOCK_TIME_ITEMS_H
#define SECANT_CLOCK_TIME_ITEMS_H

#include "clock/time_form.h"

enum width { WIDE, NARROW, PADDED }; /* %d, %-d, %_d */

struct item {
    char what; /* the conversion's letter; 0: a literal; ' ': blanks */
    char literal;
    enum width width;
};

struct reading {
    struct bytes line;
    size_t at;
    const struct zone *zone;
    bool strict;
    struct time_fields *fields;
};

static inline char peek(const struct reading *r, size_t ahead)
{
    size_t at = r->at + ahead;
    return at < r->line.len ? r->line.ptr[at] : '\0';
}

bool read_digits(struct reading *r, const struct item *item, size_t width, int *value);
bool read_month(struct reading *r);
bool read_day(struct reading *r);
bool read_weekday(struct reading *r);
void read_fraction(struct reading *r);
void read_optional_fraction(struct reading *r);
bool read_offset(struct reading *r);
void read_optional_zone(struct reading *r);
bool read_zone_word(struct reading *r);
bool read_half(struct reading *r);
void read_optional_half(struct reading *r);
bool read_epoch(struct reading *r);
bool read_seconds_since_epoch(struct reading *r);
bool read_uptime(struct reading *r);
bool read_tai(struct reading *r);
bool read_pair(struct reading *r, char between);
bool read_gap(struct reading *r);
bool read_short_year(struct reading *r, const struct item *item);
bool read_seconds(struct reading *r, const struct item *item);

#endif
