/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCRE2 against Perl.  The bytes choose a pattern and lines for it (regex_cases.h); after a
 * first byte 0xff the pattern stands there itself, up to a newline, and the rest chooses lines. */
#define SUBJECTS 20 /* enough for machine code, half as many as the unit test has */
#include "perl/interp.h"
#include "regex_cases.h"

#include "fuzz.h"

static struct judge judge;
static struct seen seen;

static void one(struct bytes input)
{
    struct buf pattern = {0};
    bool literal = input.len > 0 && (unsigned char)*input.ptr == 0xff;
    if (literal) {
        take_byte(&input);
        buf_add(&pattern, take_line(&input));
    }
    struct chance chance = {
        .data = (const uint8_t *)input.ptr, .len = input.len, .state = input.len + 1};
    if (!literal)
        make_pattern(&chance, &pattern);
    if (!compare_pattern(&chance, &judge, buf_bytes(&pattern), &seen))
        abort();
    buf_free(&pattern);
}

static void finish(void)
{
    if (perl_alive()) /* its end has ended the process that answers */
        judge_end(&judge);
    print_seen(stderr, &seen);
}

static void start(void)
{
    judge_init(&judge);
    atexit(finish); /* the driver may end the program itself */
}

FUZZ_TARGET(start, one)
