/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that make up clock/timestamp.h share; for nobody else. */
#ifndef SECANT_CLOCK_TIME_READER_H
#define SECANT_CLOCK_TIME_READER_H

#include "clock/time_find.h"
#include "clock/time_walk.h"
#include "clock/timestamp.h"

struct time_options {
    struct time_search search;
    struct bytes *formats; /* texts of search.own; owned, as are those */
    struct zone *zone;     /* owned */
    int64_t year;          /* 0: not given */
};

/* The text of a line's time up to its seconds, and what came after them: a line with the same text
 * differs in seconds and fraction alone. */
struct time_memory {
    char mark;     /* the time comes after the first one of these; '<': after the priority */
    size_t offset; /* from there, or from the line's begin */
    uint8_t prefix_len, suffix_len;
    char prefix[40], suffix[24];
    char after; /* what follows; '\0' at the end of a line */
    bool known;
    bool at_start;   /* the line began with the time */
    bool fraction;   /* digits of one may come after the seconds */
    bool plain;      /* neither zone nor year came after them */
    bool lacks_zone; /* but a zone could have */
    int32_t reach;   /* so many seconds from the last line the text may mean another minute */
    int64_t minute;  /* the second at which this minute began */
    size_t form;
    bool assumed_year, assumed_zone, weekday; /* how lines like it are counted */
};

/* Programs that write to one file have a form each. */
enum { TIME_MEMORIES = 4 };

enum { SAMPLES = 3 };

/* Lines that show why an input cannot be read. */
struct time_samples {
    size_t count;
    struct bytes texts[SAMPLES]; /* owned */
};

/* Which of two numbers is the day. */
struct time_order {
    bool day_first, month_first; /* lines that can be read in one way only */
    bool asked;                  /* a line can be read both ways */
    struct time_samples samples; /* of all these */
};

struct time_leap {
    bool open;
    bool first; /* no line was before it */
    int64_t second, before;
};

struct time_reader {
    const struct time_options *options;
    struct time_habits habits;
    struct time_memory memories[TIME_MEMORIES];
    size_t recent; /* of these: the one that a line had last */
    struct time_counts counts;
    uint64_t *forms; /* lines by form; owned */
    size_t form_count;

    bool begun;     /* a line had a time */
    int64_t latest; /* with `begun`: the latest second, leaps that are open left out */
    int64_t last;   /* the last line's own second */
    struct time_leap leap;

    struct time_walk walks[TURN_COUNT];
    struct time_base bases[TURN_COUNT];
    struct time_samples missing[TURN_COUNT]; /* lines that need a base */
    int64_t started;                         /* TURN_START: seconds of the starts before this one */
    struct time_order order;
    enum time_year_source year_source;

    bool surveying;
    struct time_fields surveyed; /* the last line of the file with a time */
    bool surveyed_any;
    bool ended;
    int64_t mtime; /* with `ended`: the latest one */
    struct buf refusal;
};

enum time_resolved { RESOLVED, RESOLVED_NOT, RESOLVED_IMPOSSIBLE };

struct time_resolution {
    int64_t second;
    uint32_t flags; /* of enum timestamp_flags */
    bool assumed_year, assumed_zone, weekday;
};

/* time_resolve.c: which second the fields are, with what the input has told so far. */
enum time_resolved time_resolve(struct time_reader *reader, struct time_fields *fields,
                                struct time_resolution *out);
/* Gives day and month their places, if the order is known or does not matter. */
bool time_order_apply(const struct time_order *order, struct time_fields *fields);
/* What the two numbers say of the order; keeps the line if it says nothing. */
void time_order_learn(struct time_reader *reader, const struct time_fields *fields,
                      struct bytes line);
/* Seconds since the year began, as if it were a leap year; of the day, if no date is told. */
int64_t time_of_turn(const struct time_fields *fields);
enum time_turn time_turn_of(const struct time_fields *fields, bool *lacks);
/* Hour of 24, month and day of a day of the year; false: there is no such time. */
bool time_fields_complete(struct time_fields *fields);

void time_samples_add(struct time_samples *samples, struct bytes line);
void time_samples_free(struct time_samples *samples);

#endif
