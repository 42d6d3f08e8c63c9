/* A matcher for many literals at once, for builds without Vectorscan. */
#ifndef SECANT_MATCH_LITERAL_SCAN_H
#define SECANT_MATCH_LITERAL_SCAN_H

#include "base/bytes.h"

struct literal_scan;

struct literal_scan *literal_scan_new(void);
void literal_scan_free(struct literal_scan *scan); /* NULL is allowed */
/* The text is not copied; it must not be empty. */
void literal_scan_add(struct literal_scan *scan, struct bytes text, bool caseless, uint32_t id);
/* Calls found with the id of every literal that stands in text, perhaps more than once. */
void literal_scan(const struct literal_scan *scan, struct bytes text,
                  void (*found)(void *arg, uint32_t id), void *arg);

#endif
