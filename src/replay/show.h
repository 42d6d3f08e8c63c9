/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the effects of a replay on standard output.
 *
 * What rules write to standard output is copied as it is; every other effect is shown as a line
 * with its time, its rule, the action and its arguments.  With JSON, each effect is an object in a
 * line of its own:
 *
 *     time     seconds since the epoch
 *     date     the same as "2026-11-27T08:00:01+01:00"
 *     file     the rule file; missing, like `line`, if no rule is known
 *     line     where in that file the rule begins
 *     action   as returned by effect_name: "write", "run", "pipe", "udpsock", "unlink" ...
 *     target   file, peer, context of a spawn's events, or signal; missing if empty
 *     command  the text of the command; missing if there is none
 *     text     what is written or sent; missing if the action writes and sends nothing
 *     arguments    an array of all arguments of a Perl operator; missing if the target or the
 *                  command is all of them
 *
 * In texts that are not UTF-8, U+FFFD replaces each wrong byte.
 */
#ifndef SECANT_REPLAY_SHOW_H
#define SECANT_REPLAY_SHOW_H

#include "effect/effect.h"

struct show {
    bool json, colour, quiet; /* quiet: only what rules write to standard output */
    struct buf out;           /* owned; not written yet */
    int broken;               /* errno if standard output cannot be written to any more; or 0 */
    int64_t date_second;      /* the second of `date`, which is kept for the next effect */
    char date[48];
};

void show_effect(struct show *show, const struct effect *effect);
/* Does the effect write to standard output? */
bool show_is_plain(const struct effect *effect);
/* Writes what has been buffered. */
void show_flush(struct show *show);

/* "2026-11-27 08:00:01", in local time; with iso "2026-11-27T08:00:01+01:00".  Returns `out`. */
struct bytes show_date(char out[48], int64_t second, bool iso);
/* Appends the text as part of one line, without newlines and control sequences. */
void show_plain_text(struct buf *out, struct bytes text);
/* Appends a JSON string with its quotes. */
void show_json_text(struct buf *out, struct bytes text);

#endif
