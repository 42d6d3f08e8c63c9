/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that make up clock/timestamp.h; not for any other. */
#ifndef SECANT_CLOCK_TIME_READER_H
#define SECANT_CLOCK_TIME_READER_H

#include "clock/time_find.h"
#include "clock/time_walk.h"
#include "clock/timestamp.h"

struct time_options {
    struct time_search search;
    struct bytes *formats; /* the texts of search.own; both are owned */
    struct zone *zone;     /* owned */
    int64_t year;          /* 0: not given */
};

/* The text of a line's time up to its seconds, and what came after them.  A line with the same text
 * differs only in its seconds and their fraction. */
struct time_memory {
    char mark;     /* the time follows the first of this character; '<': the priority */
    size_t offset; /* from there, or from the start of the line */
    uint8_t prefix_len, suffix_len;
    char prefix[40], suffix[24];
    char after; /* what follows; '\0' at the end of a line */
    bool known;
    bool at_start;   /* the line began with the time */
    bool fraction;   /* a fraction may follow the seconds */
    bool plain;      /* neither a zone nor a year followed */
    bool lacks_zone; /* no zone followed, but one could have */
    int32_t reach;   /* this far from the last line, in seconds, the text may mean another minute */
    int64_t minute;  /* the second at which this minute began */
    size_t form;
    bool assumed_year, assumed_zone, weekday; /* how lines like it are counted */
};

/* Several programs may write to one file, each in a form of its own. */
enum { TIME_MEMORIES = 4 };

enum { SAMPLES = 3 };

/* Lines that show why an input cannot be read. */
struct time_samples {
    size_t count;
    struct bytes texts[SAMPLES]; /* owned */
};

/* Which of two numbers is the day. */
struct time_order {
    bool day_first, month_first; /* seen in a line that can be read in one way only */
    bool asked;                  /* a line can be read both ways */
    struct time_samples samples; /* of all these */
};

struct time_leap {
    bool open;
    bool first; /* no line with a time came before it */
    int64_t second, before;
};

struct time_reader {
    const struct time_options *options;
    struct time_habits habits;
    struct time_memory memories[TIME_MEMORIES];
    size_t recent; /* the one that a line had last */
    struct time_counts counts;
    uint64_t *forms; /* number of lines by form; owned */
    size_t form_count;

    bool begun;     /* a line had a time */
    int64_t latest; /* with `begun`: the latest second, open leaps left out */
    int64_t last;   /* the last line's own second */
    struct time_leap leap;

    struct time_walk walks[TURN_COUNT];
    struct time_base bases[TURN_COUNT];
    struct time_samples missing[TURN_COUNT]; /* lines that need a base */
    int64_t started;                         /* TURN_START: total seconds of earlier starts */
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

/* time_resolve.c: finds the second that the fields mean, given what the input has told so far. */
enum time_resolved time_resolve(struct time_reader *reader, struct time_fields *fields,
                                struct time_resolution *out);
/* Sets day and month from the pair, if there is one.  Returns false if their order matters and is
 * not known. */
bool time_order_apply(const struct time_order *order, struct time_fields *fields);
/* Learns the order of day and month from the pair.  The first line that tells each order is kept as
 * a sample, and so is the first that leaves it open. */
void time_order_learn(struct time_reader *reader, const struct time_fields *fields,
                      struct bytes line);
/* Seconds since the start of the year, as if it were a leap year; without a date, since the start
 * of the day; or since the start of the machine. */
int64_t time_of_turn(const struct time_fields *fields);
enum time_turn time_turn_of(const struct time_fields *fields, bool *lacks);
/* Completes the fields: an hour of 24, month and day from a day of the year, defaults for the rest.
 * Returns false if there is no such date. */
bool time_fields_complete(struct time_fields *fields);

void time_samples_add(struct time_samples *samples, struct bytes line);
void time_samples_free(struct time_samples *samples);

#endif
