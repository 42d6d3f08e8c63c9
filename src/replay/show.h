/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a replay writes to standard output: effects.
 *
 * What rules write to standard output comes as it is; every other effect is a line: its time, its
 * rule, what it is, and what with.  Or each effect is a JSON object in a line of its own:
 *
 *     time     seconds since the epoch
 *     date     the same as "2026-11-27T08:00:01+01:00"
 *     file     of the rule; it and `line` are missing where no rule is known
 *     line     in that file, where the rule begins
 *     action   as effect_name has it: "write", "run", "pipe", "udpsock", "unlink" ...
 *     target   file, peer, context of a spawn's events, signal; missing if empty
 *     command  text of the command; missing if there is none
 *     text     what is written or sent; missing where nothing can be
 *     arguments    an array: all that an operator of Perl was given; missing where the target or
 *                  the command is all of it
 *
 * Texts that are not UTF-8 have U+FFFD in place of each wrong byte.
 */
#ifndef SECANT_REPLAY_SHOW_H
#define SECANT_REPLAY_SHOW_H

#include "effect/effect.h"

struct show {
    bool json, colour, quiet; /* quiet: only what rules write to standard output */
    struct buf out;           /* owned; not yet written */
    int broken;               /* standard output takes nothing any more: errno; 0: it does */
    int64_t date_second;      /* the memory of show_date */
    char date[48];
};

void show_effect(struct show *show, const struct effect *effect);
/* Does the effect write to standard output? */
bool show_is_plain(const struct effect *effect);
/* Writes what has been kept. */
void show_flush(struct show *show);

/* "2026-11-27 08:00:01", in the local zone; iso: "2026-11-27T08:00:01+01:00". */
struct bytes show_date(char out[48], int64_t second, bool iso);
/* As part of one line: no newlines, and no orders to the terminal. */
void show_plain_text(struct buf *out, struct bytes text);
/* A JSON string with its quotes. */
void show_json_text(struct buf *out, struct bytes text);

#endif
