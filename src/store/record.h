/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of a saved state: which parts of an engine are in a snapshot, one kind after the
 * other, and how they are packed.
 *
 * A record is a byte for its kind, followed by things of that kind up to its end, each with its
 * members in the order below, packed as by base/pack.h.  Seconds are signed differences from that
 * of the head; if a thing has several times, the first is relative to the head and each other one
 * to the one before.  Rules and action lists are stored once and get the numbers 0, 1, 2 ..., by
 * which later things refer to them.  A record has SAVED_ROOM bytes or a little more; what does not
 * fit of one thing follows in records of its own.
 *
 * Nothing here needs an engine or rules.  Reading is safe with any bytes: the unpack says if they
 * were not valid.  Texts that are read are parts of the record; arrays are in the arena. */
#ifndef SECANT_STORE_RECORD_H
#define SECANT_STORE_RECORD_H

#include "base/arena.h"
#include "base/pack.h"
#include "io/place.h"

enum { SAVED_VERSION = 2, SAVED_ROOM = 1 << 15 };

enum saved_kind {
    SAVED_HEAD = 'H',
    SAVED_RULE = 'R',
    SAVED_LIST = 'L',
    SAVED_CONTEXT = 'C',
    SAVED_STORE = 'c', /* further events of the last context */
    SAVED_OPERATION = 'O',
    SAVED_TIMES = 'o', /* further events of the last operation */
    SAVED_LINES = 'l', /* of the newest events of the last operation; since version 2 */
    SAVED_QUEUED = 'E',
    SAVED_PENDING = 'P',
    SAVED_VARIABLE = 'V',
    SAVED_WINDOW = 'W',
    SAVED_PATTERN = 'G', /* of input files, as on the command line: a text */
    SAVED_INPUT = 'I',
    SAVED_MATCH = 'M',
    SAVED_CHILD = 'K',
    SAVED_PERL = 'X',
    SAVED_END = 'Z',
};

struct saved_names {
    size_t count;
    const struct bytes *items;
};

/* The first record. */
struct saved_head {
    uint64_t version; /* of all records */
    struct bytes program;
    int64_t second;               /* of the state */
    uint64_t rules;               /* hash of all rules and of the names of their files */
    int64_t cleaned;              /* the second of the last clean-up */
    int64_t touched;              /* the second that the time variables show */
    int64_t calendar;             /* the next second in which Calendar rules are checked */
    bool calendar_waits, in_turn; /* struct engine_run */
    uint64_t lines, matches;
};

/* A match variable that texts of a rule name. */
struct saved_key {
    uint8_t kind, source; /* struct var_key */
    uint64_t number;
    struct bytes name, entry;
};

struct saved_keys {
    size_t count;
    struct saved_key *items;
};

/* A rule that has counts, or that something refers to. */
struct saved_rule {
    struct bytes file;
    uint64_t number, line;   /* in the file */
    struct bytes type, name; /* name: what rem=id says, or empty */
    uint64_t mark;           /* store/mark.h */
    uint64_t twin;           /* how many rules before it in its file have the same mark */
    uint64_t matches, events;
    uint64_t nanoseconds; /* of processor time, with --ruleperf */
    int64_t acted[5];     /* of Calendar: struct last_action */
    struct saved_keys keys;
};

/* An action list that is given to contexts. */
struct saved_list {
    uint64_t rule;          /* its number + 1; 0: no rule has it any more */
    uint64_t nth;           /* index in given_lists of the rule, see store/places.h */
    uint64_t passes;        /* that its texts go through */
    struct bytes text;      /* as the rule has it; never empty */
    struct bytes file;      /* if it has no rule: the name of the file it comes from */
    struct saved_keys keys; /* if it has no rule */
};

/* Values of match variables. */
struct saved_value {
    uint64_t key; /* in the keys of the rule, or of the list */
    uint8_t kind; /* enum value_kind */
    struct bytes text;
};

struct saved_binding {
    bool there, raw_first, raw_second, second; /* struct binding */
    size_t count;
    struct saved_value *values;
};

struct saved_entry { /* of a context's store */
    int64_t time;
    struct bytes text;
};

struct saved_entries {
    size_t count;
    struct saved_entry *items;
};

struct saved_context {
    bool ending, window_given, window_compared; /* struct context */
    bool aliased;                               /* aliases differ from names */
    struct saved_names names, aliases;
    int64_t first, since, lifetime;
    int64_t due;    /* of its timer; INT64_MAX: it is not armed */
    uint64_t armed; /* how many timers of contexts were armed before it */
    uint64_t list;  /* the number of its action list + 1; 0: it has no actions */
    struct bytes desc;
    struct saved_binding bound;
    struct saved_entries store; /* the first events; others follow in SAVED_STORE */
};

struct saved_time { /* an event of an operation */
    int64_t time;
    uint64_t part;
    struct bytes token; /* ptr NULL: its rule has no egpattern */
};

struct saved_times {
    bool parts, tokens; /* what the events have besides their times */
    bool more;          /* others follow in SAVED_TIMES */
    size_t count;
    struct saved_time *items;
};

struct saved_operation {
    uint64_t rule;
    bool suppressing, second_pass;
    uint64_t armed; /* as for a context, but also if the timer is not armed */
    int64_t start, since, window;
    struct bytes desc;
    struct saved_binding bound;
    struct saved_times times;
};

struct saved_event {
    int64_t due; /* of pending events */
    struct bytes text, context;
};

struct saved_variable {
    struct bytes name;
    uint8_t kind; /* enum variable_kind; CODE: text is as in perl/keep.h, or empty for code */
    struct bytes text;
};

/* Lines, oldest first. */
struct saved_window {
    enum saved_window_of { WINDOW_ALL, WINDOW_SYNTHETIC, WINDOW_SOURCE } of;
    struct bytes source;     /* of WINDOW_SOURCE */
    uint64_t size, position; /* struct window */
    size_t count;
    struct saved_line {
        bool synthetic; /* it has no source */
        struct bytes line, source;
    } * lines;
};

/* A match in the pattern match cache, as Perl would see it. */
struct saved_match {
    struct bytes name;
    bool none; /* it has set no variables */
    size_t count;
    struct saved_member {
        struct bytes name;
        uint8_t kind; /* enum value_kind */
        struct bytes text;
    } * members;
};

/* A process that a rule has started, and that had not ended yet. */
struct saved_child {
    struct bytes command, context;
    bool script; /* a SingleWithScript rule waits for it */
};

/* A variable of user code. */
struct saved_perl {
    struct bytes name, value; /* perl/keep.h */
};

/* The last record. */
struct saved_end {
    uint64_t contexts, operations, queued, pending, variables, perl;
};

/* These append to the buffer, or read from the front.  `base` is the second of the head, `armed`
 * that of the previous thing, which is updated. */
void head_pack(struct buf *out, const struct saved_head *head);
void head_unpack(struct unpack *from, struct saved_head *head);
void rule_pack(struct buf *out, const struct saved_rule *rule);
void rule_unpack(struct unpack *from, struct arena *arena, struct saved_rule *rule);
void list_pack(struct buf *out, const struct saved_list *list);
void list_unpack(struct unpack *from, struct arena *arena, struct saved_list *list);
/* Without the store and the times. */
void context_pack(struct buf *out, int64_t base, uint64_t *armed, const struct saved_context *c);
void context_unpack(struct unpack *from, struct arena *arena, int64_t base, uint64_t *armed,
                    struct saved_context *c);
void operation_pack(struct buf *out, int64_t base, uint64_t *armed,
                    const struct saved_operation *o);
void operation_unpack(struct unpack *from, struct arena *arena, int64_t base, uint64_t *armed,
                      struct saved_operation *o);
void entries_pack(struct buf *out, int64_t base, const struct saved_entries *entries);
void entries_unpack(struct unpack *from, struct arena *arena, int64_t base,
                    struct saved_entries *entries);
void times_pack(struct buf *out, int64_t base, const struct saved_times *times);
void times_unpack(struct unpack *from, struct arena *arena, int64_t base,
                  struct saved_times *times);
void event_pack(struct buf *out, int64_t base, const struct saved_event *event);
void event_unpack(struct unpack *from, int64_t base, struct saved_event *event);
void variable_pack(struct buf *out, const struct saved_variable *variable);
void variable_unpack(struct unpack *from, struct saved_variable *variable);
void window_pack(struct buf *out, const struct saved_window *window);
void window_unpack(struct unpack *from, struct arena *arena, struct saved_window *window);
void match_pack(struct buf *out, const struct saved_match *match);
void match_unpack(struct unpack *from, struct arena *arena, struct saved_match *match);
/* Where an input continues. */
void place_pack(struct buf *out, const struct input_place *place);
void place_unpack(struct unpack *from, struct input_place *place);
void child_pack(struct buf *out, const struct saved_child *child);
void child_unpack(struct unpack *from, struct saved_child *child);
void perl_value_pack(struct buf *out, const struct saved_perl *perl);
void perl_value_unpack(struct unpack *from, struct saved_perl *perl);
void end_pack(struct buf *out, const struct saved_end *end);
void end_unpack(struct unpack *from, struct saved_end *end);

#endif
