/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outcome of a test: one JSON object, in one line.
 *
 *     file, line, name, row, tags    of the test; row: 0 if it has no table
 *     status      "passed", "failed", "error": it could not run
 *     seconds     that it took; of a test that ran once more to be traced, that run alone
 *     failures    of each: line, column, length, step (its text in the file), expected, reason,
 *                 brief: the reason without the effect, if it has one,
 *                 nearest {when, text, mark [from, to]}, if something is,
 *                 trace [{when, line (of the test file), text (the log line; "": time alone),
 *                 said [...]}], with until and times if lines are gathered into one, near [...]:
 *                 rules that nearly took it, explain: a command that tells more, if none did,
 *                 trace_before: so many lines before these are left out,
 *                 because: what of the trace says most; cause: equal if that of another failure
 *                 is the same; findings [{key, text}]: it, and others of the trace that may be why,
 *                 and as: where a failure is that was told before and has the same cause, or one
 *                 of the findings as its first, which then is shared,
 *                 notes [...]: fields of the rule in question, the line that began an operation,
 *                 done ["08:00:05  ssh.sec:1  run mail ..."]: what else was,
 *                 done_more: so many after these are left out
 *     notes       on its rules, if it failed: of each file, line, text (prove/notes.h adds more)
 *     snapshots   that are to be others: line, length (of the block, in lines), text
 *     coverage    what it has reached of the rules, if that was asked for: see prove/cover.h
 *     messages    why it could not run
 *
 * Texts that are not UTF-8 have U+FFFD in place of each wrong byte. */
#ifndef SECANT_PROVE_OUTCOME_H
#define SECANT_PROVE_OUTCOME_H

#include "prove/judge.h"

/* Judges the test and appends its outcome without a newline.  Returns false if there are
 * failures. */
bool outcome_add(struct buf *out, struct evidence *evidence, double seconds);
/* Appends the outcome of a test that could not run to its end, and why. */
void outcome_add_error(struct buf *out, const struct test *test, struct bytes message,
                       double seconds);

#endif
