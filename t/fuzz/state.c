/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of a snapshot, as `secant state` reads them: each line of an input is a record, in
 * which \n, \\ and \xFF stand for bytes.  What is read is told as one line of JSON. */
#include "base/json_values.h"
#include "fuzz.h"
#include "inspect/thing_json.h"

static void start(void)
{
}

static unsigned digit(struct bytes text, size_t at)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = at < text.len && text.ptr[at] ? strchr(digits, text.ptr[at]) : NULL;
    return found ? (unsigned)(found - digits) : 0;
}

static void unescape(struct buf *out, struct bytes line)
{
    buf_clear(out);
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i], next = i + 1 < line.len ? line.ptr[i + 1] : '\0';
        if (c != '\\' || !next) {
            buf_char(out, c);
        } else if (next == 'x') {
            buf_char(out, (char)(digit(line, i + 2) << 4 | digit(line, i + 3)));
            i += 3;
        } else {
            buf_char(out, next == 'n' ? '\n' : next);
            i++;
        }
    }
}

static void tell(const struct saved_thing *thing)
{
    struct buf line = {0};
    json_write(&line, thing_json(thing));
    json_t *again = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, NULL);
    if (!again || bytes_chr(buf_bytes(&line), '\n', 0) >= 0)
        abort();
    json_decref(again);
    buf_free(&line);
}

static void one(struct bytes input)
{
    struct things things;
    struct saved_thing thing;
    struct buf record = {0};
    things_begin(&things);
    while (input.len > 0) {
        unescape(&record, take_line(&input));
        if (!things_take(&things, buf_bytes(&record)))
            continue;
        while (things_next(&things, &thing))
            tell(&thing);
    }
    things_end(&things);
    buf_free(&record);
}

FUZZ_TARGET(start, one)
