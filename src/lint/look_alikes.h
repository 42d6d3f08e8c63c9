/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters that look like ASCII characters or are invisible. */
#ifndef SECANT_LINT_LOOK_ALIKES_H
#define SECANT_LINT_LOOK_ALIKES_H

#include "base/bytes.h"

enum look_alike_kind {
    ALIKE_BLANK,
    ALIKE_NOTHING,
    ALIKE_QUOTE,
    ALIKE_DASH,
    ALIKE_SIGN,
    ALIKE_LETTER
};

struct look_alike {
    struct bytes text; /* UTF-8 */
    enum look_alike_kind kind;
    struct bytes ascii; /* what it looks like */
    struct bytes name;  /* "U+00A0 NO-BREAK SPACE" */
};

/* Returns a constant that describes the one that the text begins with, or NULL. */
const struct look_alike *look_alike_at(struct bytes text);

#endif
