/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A regular expression, compiled by PCRE2 if the dialect analyser proves it equal, else by Perl
 * (match/dialect.h says which and why).  What matches, and what each group contains, is always as
 * in Perl. */
#ifndef SECANT_MATCH_REGEX_H
#define SECANT_MATCH_REGEX_H

#include "base/bytes.h"

struct regex;
struct dialect;

/* A name and the groups that have it, as numbers of their spans, leftmost first. */
struct regex_name {
    struct bytes name;
    const int32_t *groups;
    size_t count;
};

/* Returns false on errors; *error is then Perl's message ($@ unchanged). */
bool regex_compile(struct bytes text, struct regex **regex, struct buf *error);
/* The same for a text that is known to be equal in PCRE2 (match/filled.h); it has no required
 * literals. */
struct regex *regex_compile_known(struct bytes text, const struct dialect *dialect);
void regex_free(struct regex *regex);
size_t regex_groups(const struct regex *regex); /* capture groups, without the whole match */
/* The number of spans of a match: one for the whole, one for each group, and, if Perl matches, more
 * for named groups inside (?|...). */
size_t regex_spans(const struct regex *regex);
const struct regex_name *regex_names(const struct regex *regex, size_t *count);
/* For tests.  May change at the first match: if PCRE2 then refuses the expression, Perl takes it
 * over. */
bool regex_uses_pcre2(const struct regex *regex);
/* "(?^:...)" as Perl prints a qr// object. */
struct bytes regex_text(const struct regex *regex);
/* offsets: 2 * spans entries, start and end of each; -1: the group did not take part. */
bool regex_match(struct regex *regex, struct bytes subject, ptrdiff_t *offsets);
/* The same by PCRE2 in at most so many steps.  Returns REGEX_UNKNOWN if they were not enough, or if
 * the pattern or the subject is left to Perl, whose matching has no limit. */
enum regex_answer { REGEX_UNKNOWN = -1, REGEX_NO, REGEX_YES };
enum regex_answer regex_match_within(struct regex *regex, struct bytes subject, uint32_t steps,
                                     ptrdiff_t *offsets);
/* Literal strings of which every match contains at least one (for the prefilter); count 0: none
 * known.  They live as long as the regex. */
struct required {
    struct bytes text;
    bool caseless; /* ASCII letters of the text match in both cases */
};
const struct required *regex_required(const struct regex *regex, size_t *count);

#endif
