/* Finds which of many literals occur in a text: Vectorscan's literal mode where it is there, and a
 * matcher of our own.  Both report a literal once, or a few times, per scan. */
#ifndef SECANT_MATCH_MATCHER_H
#define SECANT_MATCH_MATCHER_H

#include "match/regex.h"

typedef void matcher_report(void *arg, uint32_t literal);

/* The literals are not empty; they must outlive the matcher. */
struct buckets;
struct buckets *buckets_new(const struct required *literals, size_t count);
void buckets_free(struct buckets *buckets);
void buckets_scan(struct buckets *buckets, struct bytes text, matcher_report *report, void *arg);

/* NULL: this machine or this set of literals is not for Vectorscan. */
struct vectorscan;
struct vectorscan *vectorscan_new(const struct required *literals, size_t count);
void vectorscan_free(struct vectorscan *vectorscan);
/* false: it could not scan all of the text. */
bool vectorscan_scan(struct vectorscan *vectorscan, struct bytes text, matcher_report *report,
                     void *arg);

#endif
