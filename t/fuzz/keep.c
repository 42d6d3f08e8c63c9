/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl variables that were kept: an input is the sigil of the variable and its value.
 *
 * What is restored is kept again, and JSON is made of the same bytes; what is not has changed
 * nothing. */
#include <jansson.h>

#include "fuzz.h"
#include "perl/keep.h"

static void start(void)
{
}

static struct bytes name_of(unsigned byte)
{
    static const struct bytes names[] = {B("%hits"), B("@queue"), B("$last")};
    return names[byte % 3];
}

/* Jansson reads no key with a NUL byte, and nothing that is very deep. */
static void check_json(struct bytes text)
{
    enum { DEEPEST = 2048 };
    size_t opened = 0;
    for (size_t i = 0; i < text.len; i++)
        opened += text.ptr[i] == '{' || text.ptr[i] == '[';
    if (opened >= DEEPEST || bytes_find(text, B("\\u0000"), 0) >= 0)
        return;
    json_error_t error;
    json_t *json =
        json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
    if (!json && json_error_code(&error) != json_error_numeric_overflow)
        abort();
    json_decref(json);
}

static void one(struct bytes input)
{
    struct bytes name = name_of(take_byte(&input));
    struct buf before = {0}, after = {0}, json = {0}, why = {0};
    bool was = perl_keep(name, &before, &why);
    buf_clear(&why);
    bool restored = perl_keep_restore(name, input, &why);
    if (restored != perl_keep_json(name, input, &json) || restored == (why.len > 0))
        abort();
    bool kept = perl_keep(name, &after, &why);
    if (restored ? !kept : kept != was || !bytes_eq(buf_bytes(&before), buf_bytes(&after)))
        abort();
    if (restored)
        check_json(buf_bytes(&json));
    buf_free(&before);
    buf_free(&after);
    buf_free(&json);
    buf_free(&why);
}

FUZZ_TARGET(start, one)
