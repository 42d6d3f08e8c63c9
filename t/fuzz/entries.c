/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batches of a journal: an input is one.  What is read of it is packed and read again as the same,
 * and told as one line of JSON. */
#include "base/json_values.h"
#include "fuzz.h"
#include "inspect/entry_json.h"

static void start(void)
{
}

static json_t *checked_json(const struct entry *entry)
{
    json_t *json = entry_json(entry);
    char *text = json_dumps(json, JSON_COMPACT);
    json_t *again = json_loads(text, JSON_ALLOW_NUL, NULL);
    if (!again || strchr(text, '\n'))
        abort();
    json_decref(again);
    free(text);
    return json;
}

static void check_entry(const struct entry *entry)
{
    struct buf out = {0};
    struct entry second;
    entry_pack(&out, entry);
    struct unpack from = unpack_of(buf_bytes(&out));
    if (!entry_unpack(&from, &second) || !unpack_ended(&from))
        abort();
    json_t *one = checked_json(entry), *other = checked_json(&second);
    if (!json_equal(one, other))
        abort();
    json_decref(one);
    json_decref(other);
    entry_release(&second);
    buf_free(&out);
}

static void one(struct bytes input)
{
    struct unpack from = unpack_of(input);
    struct entry entry;
    while (entry_unpack(&from, &entry)) {
        check_entry(&entry);
        entry_release(&entry);
    }
    if (!from.failed && from.at != from.end)
        abort();
}

FUZZ_TARGET(start, one)
