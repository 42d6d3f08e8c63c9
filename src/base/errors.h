/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Error texts as upstream prints them: untranslated, whatever the locale says. */
#ifndef SECANT_BASE_ERRORS_H
#define SECANT_BASE_ERRORS_H

#include <errno.h>

#include "base/bytes.h"

/* The text of an errno value; that of an unknown value is valid until the next call. */
static inline struct bytes error_text(int error)
{
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 32)
    const char *text = strerrordesc_np(error);
    if (text != NULL)
        return bytes_of(text);
#endif
    return bytes_of(strerror(error));
}

#endif
