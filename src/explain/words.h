/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about rules, verdicts and deeds; each is appended to a buffer. */
#ifndef SECANT_EXPLAIN_WORDS_H
#define SECANT_EXPLAIN_WORDS_H

#include "explain/story.h"

/* "08:01:00", with the date if it is not on the day of `now`. */
void words_time(struct buf *out, int64_t second, int64_t now);
/* "ssh.sec:3"; "-" if no rule is known. */
void words_rule(struct buf *out, const struct rule *rule);
/* The text in quotes, as part of one line; a long text is cut in its middle. */
void words_quoted(struct buf *out, struct bytes text);
/* What came of a rule that matched: "counted, 3 of 5 until 08:01:00". */
void words_verdict(struct buf *out, const struct decision *decision, int64_t now);
/* What a deed did; for those other than counting and suppressing, which words_verdict tells. */
void words_deed(struct buf *out, const struct deed *deed, int64_t now);
/* "write /var/log/alerts: text" */
void words_effect(struct buf *out, const struct deed *deed);
/* "tried to delete context C, but there is none" */
void words_missing(struct buf *out, const struct deed *deed);
/* Is the deed told with the verdict? */
bool words_deed_is_told(const struct deed *deed);

#endif
