/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage/determinism.h"

#include <stdlib.h>

#include "perl/interp.h"

void pin_hashes(struct buf *seed)
{
    const char *given = getenv("PERL_HASH_SEED");
    buf_add(seed, given ? bytes_of(given) : B("0"));
    setenv("PERL_HASH_SEED", "0", 0);
    setenv("PERL_PERTURB_KEYS", "0", 0);
}

void pin_perl(void)
{
    struct buf error = {0};
    bool truth;
    perl_number_code();
    perl_eval_true(B("srand(0)"), &truth, &error);
    buf_free(&error);
}

static bool is_interrupted(struct engine *engine)
{
    return engine->hooks.interrupted && engine->hooks.interrupted(engine);
}

bool advance_to(struct engine *engine, int64_t second)
{
    while (!engine_advance(engine, second))
        if (is_interrupted(engine) || !engine_handle_signals(engine))
            return false;
    return !is_interrupted(engine);
}
