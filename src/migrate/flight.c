/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/flight.h"

#include <stdlib.h>

#include "base/mem.h"

static struct flight_line *line_at(const struct flight *flight, uint64_t number)
{
    return &flight->lines[number & (flight->room - 1)];
}

/* Twice the room; it is a power of two. */
static void grow(struct flight *flight)
{
    struct flight old = *flight;
    flight->room = old.room > 0 ? 2 * old.room : 1024;
    flight->lines = mem_array(NULL, flight->room, sizeof(*flight->lines));
    for (uint64_t number = old.first; number < old.next; number++)
        *line_at(flight, number) = *line_at(&old, number);
    free(old.lines);
}

void flight_add(struct flight *flight, struct bytes text, int64_t second)
{
    if (flight->next == 0)
        flight->first = flight->next = 1;
    if (flight->next - flight->first == flight->room)
        grow(flight);
    *line_at(flight, flight->next++) = (struct flight_line){bytes_dup(text), second};
    flight->bytes += text.len;
}

void flight_land(struct flight *flight, uint64_t number)
{
    for (; flight->first < flight->next && flight->first < number; flight->first++) {
        struct flight_line *line = line_at(flight, flight->first);
        flight->bytes -= line->text.len;
        bytes_free(line->text);
    }
}

const struct flight_line *flight_find(const struct flight *flight, uint64_t number)
{
    return number >= flight->first && number < flight->next ? line_at(flight, number) : NULL;
}

void flight_free(struct flight *flight)
{
    flight_land(flight, flight->next);
    free(flight->lines);
}
