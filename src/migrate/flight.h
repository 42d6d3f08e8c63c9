/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that both sides have been given, but that are not compared yet. */
#ifndef SECANT_MIGRATE_FLIGHT_H
#define SECANT_MIGRATE_FLIGHT_H

#include "base/bytes.h"

struct flight_line {
    struct bytes text; /* owned */
    int64_t second;
};

struct flight {
    struct flight_line *lines; /* owned; a ring */
    size_t room;
    uint64_t first, next; /* numbers of the first line that is kept, and of the next one to come */
    size_t bytes;         /* of all texts */
};

/* The first line is number 1. */
void flight_add(struct flight *flight, struct bytes text, int64_t second);
/* Drops the lines before this number, which have been compared. */
void flight_land(struct flight *flight, uint64_t number);
/* Returns NULL if the line is not kept. */
const struct flight_line *flight_find(const struct flight *flight, uint64_t number);
void flight_free(struct flight *flight);

#endif
