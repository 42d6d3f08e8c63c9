/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reference has no name of its own, so it is put into a variable of ours for the moment. */
#include "store/reference.h"

#include "perl/keep.h"

#define PLACE "Secant::kept"

/* Runs code of ours with at most one value, and takes one; false: *why says why not. */
static bool run(struct bytes code, const struct perl_item *item, struct arena *arena,
                struct perl_list *result, struct buf *why)
{
    struct perl_value *sub;
    if (!perl_compile(code, &sub, why))
        return false;
    bool fine = perl_call(sub, item, item != NULL, PERL_SCALAR, arena, result, why);
    perl_release(sub);
    return fine;
}

static void put(struct perl_value *value)
{
    struct perl_item item = {.kind = value ? PERL_VALUE : PERL_UNDEF, .value = value};
    struct perl_list none = {0};
    struct buf why = {0};
    struct arena arena;
    arena_init(&arena);
    run(B("sub { $" PLACE " = $_[0]; 1 }"), &item, &arena, &none, &why);
    perl_list_release(&none);
    arena_free(&arena);
    buf_free(&why);
}

bool reference_keep(struct perl_value *value, struct buf *out, struct buf *why)
{
    put(value);
    bool kept = perl_keep(B("$" PLACE), out, why);
    put(NULL);
    return kept;
}

struct perl_value *reference_restore(struct bytes kept, struct arena *arena, struct bytes *text,
                                     struct buf *why)
{
    struct perl_list result = {0};
    struct perl_value *value = NULL;
    if (!perl_keep_restore(B("$" PLACE), kept, why))
        return NULL;
    if (run(B("sub { $" PLACE " }"), NULL, arena, &result, why) && result.count == 1 &&
        result.items[0].kind == PERL_VALUE) {
        value = result.items[0].value;
        *text = result.items[0].text;
        perl_retain(value);
    } else if (why->len == 0) {
        buf_add(why, B("it is no reference"));
    }
    perl_list_release(&result);
    put(NULL);
    return value;
}
