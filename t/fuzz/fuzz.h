/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all fuzz targets share: the way in, and reading the bytes of an input.
 *
 * A target is one t/fuzz/NAME.c.  It says fuzz(start, one): `start` runs once, inside Perl, `one`
 * with each input.  LLVMFuzzerRunDriver is libFuzzer's, or, where that is not linked in,
 * replay.c's, which runs the inputs that it is given and no others. */
#ifndef SECANT_T_FUZZ_H
#define SECANT_T_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "perl/interp.h"

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_run {
    int argc;
    char **argv;
    void (*start)(void);
    int status; /* the driver's: Perl's is what END blocks of an input made of it */
};

static inline void fuzz_in_perl(void *arg)
{
    struct fuzz_run *run = arg;
    run->start();
    run->status = LLVMFuzzerRunDriver(&run->argc, &run->argv, LLVMFuzzerTestOneInput);
}

/* start: once, before the first input; one(struct bytes input): one run. */
#define FUZZ_TARGET(start, one)                                                                    \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                   \
    {                                                                                              \
        one(bytes_make((const char *)data, size));                                                 \
        return 0;                                                                                  \
    }                                                                                              \
    int main(int argc, char **argv, char **env)                                                    \
    {                                                                                              \
        struct fuzz_run run = {argc, argv, start, EXIT_FAILURE};                                   \
        perl_run_main(1, (char *[]){argv[0], NULL}, env, fuzz_in_perl, &run);                      \
        return run.status;                                                                         \
    }

/* The bytes of an input, taken one after the other; zero once they are used up. */

static inline unsigned take_byte(struct bytes *in)
{
    if (in->len == 0)
        return 0;
    unsigned byte = (unsigned char)*in->ptr;
    *in = bytes_from(*in, 1);
    return byte;
}

static inline struct bytes take_bytes(struct bytes *in, size_t count)
{
    struct bytes taken = bytes_slice(*in, 0, count < in->len ? count : in->len);
    *in = bytes_from(*in, taken.len);
    return taken;
}

/* Up to the separator, which goes, too; all that is left where there is none. */
static inline struct bytes take_until(struct bytes *in, struct bytes separator)
{
    ptrdiff_t at = bytes_find(*in, separator, 0);
    struct bytes taken = at < 0 ? *in : bytes_slice(*in, 0, (size_t)at);
    *in = bytes_from(*in, at < 0 ? in->len : (size_t)at + separator.len);
    return taken;
}

static inline struct bytes take_line(struct bytes *in)
{
    return take_until(in, B("\n"));
}

#endif
