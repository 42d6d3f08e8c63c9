/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compiled regular expression: by PCRE2 where the dialect analyser proves it equal, by Perl
 * otherwise (match/dialect.h says which and why).  What matches, and what each group holds, is
 * what Perl says. */
#ifndef SECANT_MATCH_REGEX_H
#define SECANT_MATCH_REGEX_H

#include "base/bytes.h"

struct regex;
struct dialect;

/* A name and the groups that bear it, as numbers of their spans, leftmost first. */
struct regex_name {
    struct bytes name;
    const int32_t *groups;
    size_t count;
};

/* false: *error is Perl's message ($@ as it is). */
bool regex_compile(struct bytes text, struct regex **regex, struct buf *error);
/* For a text of which the dialect analyser would say that PCRE2 may take it (match/filled.h);
 * without required literals. */
struct regex *regex_compile_known(struct bytes text, const struct dialect *dialect);
void regex_free(struct regex *regex);
size_t regex_groups(const struct regex *regex); /* capture groups, without the whole match */
/* What a match has: a span for the whole, one for each group, and, in what Perl matches, more
 * for the groups with names inside (?|...). */
size_t regex_spans(const struct regex *regex);
const struct regex_name *regex_names(const struct regex *regex, size_t *count);
/* For tests.  What PCRE2 turns out to refuse, at the first match, is Perl's from then on. */
bool regex_uses_pcre2(const struct regex *regex);
/* "(?^:...)" as Perl prints a qr// object. */
struct bytes regex_text(const struct regex *regex);
/* offsets: 2 * spans entries, start and end of each; -1: no part. */
bool regex_match(struct regex *regex, struct bytes subject, ptrdiff_t *offsets);
/* The same by PCRE2 in so many steps at the most; unknown: they were not enough, or the pattern or
 * the subject is for Perl, whose matching has no limit. */
enum regex_answer { REGEX_UNKNOWN = -1, REGEX_NO, REGEX_YES };
enum regex_answer regex_match_within(struct regex *regex, struct bytes subject, uint32_t steps,
                                     ptrdiff_t *offsets);
/* Literal strings one of which every match contains (for the prefilter); count 0: none known.
 * They live as long as the regex. */
struct required {
    struct bytes text;
    bool caseless; /* ASCII letters of the text match in both cases */
};
const struct required *regex_required(const struct regex *regex, size_t *count);

#endif
