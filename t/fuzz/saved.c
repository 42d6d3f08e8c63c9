/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of a saved state: an input's first byte says what is changed in the records that an
 * engine of the rules of kept.h has made of a few lines.  With 0 the rest of the input is taken for
 * records, each behind its length; else it is triples: a place, in two bytes, and the byte that
 * comes there.  Whatever they are, an engine takes them or tells that it does not, and what it has
 * then can be saved, and taken over whole by an engine of the same rules. */
#include "kept.h"

static void start(void)
{
    kept_start("");
}

static void change(struct buf *records, struct bytes input)
{
    buf_add(records, buf_bytes(&kept_records));
    while (input.len > 0) {
        size_t place = take_byte(&input) << 8;
        place = (place | take_byte(&input)) % records->len;
        records->ptr[place] = (char)take_byte(&input);
    }
}

static void one(struct bytes input)
{
    struct buf records = {0};
    if (take_byte(&input) == 0)
        buf_add(&records, input);
    else
        change(&records, input);
    kept_load(buf_bytes(&records));
    kept_check();
    buf_free(&records);
    arena_reset(&engine->line.arena);
}

FUZZ_TARGET(start, one)
