/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the unit tests of the bridge to Perl share: code, its values, its errors. */
#ifndef SECANT_T_PERL_BRIDGE_H
#define SECANT_T_PERL_BRIDGE_H

#include "in_perl.h"

#include "base/mem.h"

static struct arena arena;
static struct buf error;

static inline void fresh(void)
{
    arena_init(&arena);
    buf_clear(&error);
}

static inline void done(void)
{
    arena_free(&arena);
    buf_free(&error);
}

static inline const char *text_of(struct bytes b)
{
    return arena_bytes(&arena, b).ptr;
}

static inline const char *error_text(void)
{
    return text_of(buf_bytes(&error));
}

static inline struct perl_value *code(const char *text)
{
    struct perl_value *value = NULL;
    ck_assert_msg(perl_compile(bytes_of(text), &value, &error), "%s: %s", text, error_text());
    return value;
}

static inline struct perl_list eval(const char *text)
{
    struct perl_list list;
    ck_assert_msg(perl_eval_list(bytes_of(text), &arena, &list, &error), "%s: %s", text,
                  error_text());
    return list;
}

/* The only value of the text, as a C string. */
static inline const char *value(const char *text)
{
    struct perl_list list = eval(text);
    ck_assert_uint_eq(list.count, 1);
    return text_of(list.items[0].text);
}

static inline struct perl_item text_item(const char *text)
{
    return (struct perl_item){.kind = PERL_TEXT, .text = bytes_of(text)};
}

static inline struct perl_list call(struct perl_value *code, const char *argument,
                                    enum perl_want want)
{
    struct perl_list list;
    struct perl_item item = text_item(argument);
    ck_assert_msg(perl_call(code, &item, 1, want, &arena, &list, &error), "%s", error_text());
    return list;
}

#endif
