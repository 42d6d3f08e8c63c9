/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a call of user code costs beside the call itself.
 *
 *   make build/bench/calls && build/bench/calls [ROUNDS]
 *
 * Each kind of call is timed in turn with a bare call_sv loop that passes the same arguments in
 * scalars of its own; printed are medians of ROUNDS pairs.  The texts are set again for each call.
 * For the first ":>" of a line our time includes making the hash of the match; the bare loop gets a
 * hash that is there. */
#include <stdio.h>
#include <time.h>

#include "perl/inside.h"

#include "match/cache.h"

#ifndef G_LIST
#define G_LIST G_ARRAY
#endif

enum { CALLS = 100000, MOST_ROUNDS = 99, VALUES = 5 };

static const char line[] =
    "Dec  1 00:00:00 host sshd[24631]: Failed password for ravodi0 from 192.79.213.73 port 29438 ssh2";

struct kind {
    const char *name, *text;
    size_t args;
    bool list; /* called in list context, its values are taken */
    enum {
        TEXTS,
        ENTRY,
        NEW_ENTRY
    } argument; /* texts, or a cache entry that Perl has, or not yet */
};

/* clang-format off */
static const struct kind kinds[] = {
    {"PerlFunc, no match", "sub { return 0 }", 2, true, TEXTS},
    {"PerlFunc, a regexp and a list",
     "sub { if ($_[0] =~ /sshd\\[(\\d+)\\]: Failed \\S+ for (\\S+) from ([\\d.]+) port (\\d+)/) "
     "{ return ($1, $2, $3, $4) } return 0 }", 2, true, TEXTS},
    {"->", "sub { return $_[0] >= 1024 }", 1, false, TEXTS},
    {":>", "sub { return length($_[0]->{user}) > 2 }", 1, false, ENTRY},
    {":>, the first of a line", "sub { return length($_[0]->{user}) > 2 }", 1, false, NEW_ENTRY},
    {"lcall", "sub { return ++$cnt{$_[0]} . \" from $_[1]\" }", 2, true, TEXTS},
};
/* clang-format on */

struct bench {
    const struct kind *kind;
    struct perl_value *code, *hash;
    struct bytes args[2];
    struct arena arena;
    struct cache *cache;
    struct match_vars vars;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void call_bare(pTHX_ struct bench *bench, SV *const *args)
{
    dSP;
    ENTER;
    SAVETMPS;
    PUSHMARK(SP);
    EXTEND(SP, 2);
    for (size_t i = 0; i < bench->kind->args; i++) {
        if (bench->kind->argument == TEXTS)
            sv_setpvn(args[i], bench->args[i].ptr, bench->args[i].len);
        PUSHs(args[i]);
    }
    PUTBACK;
    SSize_t count = call_sv(perl_sv(bench->code), G_EVAL | (bench->kind->list ? G_LIST : G_SCALAR));
    SPAGAIN;
    STRLEN len;
    for (SSize_t i = 0; i < count; i++)
        (void)SvPV_const(SP[-i], len);
    SP -= count;
    PUTBACK;
    FREETMPS;
    LEAVE;
}

static double time_bare(struct bench *bench)
{
    dPERL;
    SV *args[2] = {bench->kind->argument != TEXTS ? newSVsv(perl_sv(bench->hash)) : newSV(64),
                   newSV(64)};
    double start = now();
    for (int i = 0; i < CALLS; i++)
        call_bare(aTHX_ bench, args);
    SvREFCNT_dec_NN(args[0]);
    SvREFCNT_dec_NN(args[1]);
    return now() - start;
}

static void call_ours(struct bench *bench)
{
    struct perl_item args[2];
    struct perl_list result = {0};
    struct buf error = {0};
    bool truth;
    for (size_t i = 0; i < bench->kind->args; i++)
        args[i] = (struct perl_item){PERL_TEXT, bench->args[i], NULL};
    if (bench->kind->argument == NEW_ENTRY) {
        cache_clear(bench->cache);
        cache_store(bench->cache, B("SSH"), &bench->vars);
    }
    if (bench->kind->argument != TEXTS) {
        args[0].kind = PERL_VALUE;
        args[0].value = cache_hash(bench->cache, B("SSH"), &bench->arena);
    }
    if (bench->kind->list)
        perl_call(bench->code, args, bench->kind->args, PERL_LIST, &bench->arena, &result, &error);
    else
        perl_call_true(bench->code, args, bench->kind->args, &truth, &error);
    perl_list_release(&result);
    buf_free(&error);
    arena_reset(&bench->arena);
}

static double time_ours(struct bench *bench)
{
    double start = now();
    for (int i = 0; i < CALLS; i++)
        call_ours(bench);
    return now() - start;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_size);
    return values[count / 2];
}

static void run_kind(const struct kind *kind, size_t rounds)
{
    static struct varmap_entry names[] = {
        {B("SSH"), -1}, {B("pid"), 1}, {B("user"), 2}, {B("ip"), 3}, {B("port"), 4}};
    static const struct varmap map = {VALUES, names};
    static const ptrdiff_t offsets[] = {27, 32, 55, 62, 68, 81, 87, 92};
    double bare[MOST_ROUNDS], ours[MOST_ROUNDS], ratio[MOST_ROUNDS];
    struct bench bench = {.kind = kind, .cache = cache_new()};
    struct buf error = {0};
    bench.vars = (struct match_vars){.kind = VARS_GROUPS,
                                     .line = bytes_of(line),
                                     .count = 4,
                                     .inputsrc = B("-"),
                                     .offsets = offsets,
                                     .varmap = &map,
                                     .form = vars_form_new()};
    bench.args[0] = kind->list && kind->args == 2 ? bytes_of(line) : B("29438");
    bench.args[1] = B("192.79.213.73");
    cache_store(bench.cache, B("SSH"), &bench.vars);
    arena_init(&bench.arena);
    if (!perl_compile(bytes_of(kind->text), &bench.code, &error))
        return;
    struct match_vars hash = bench.vars;
    vars_to_hash(&hash, &bench.arena);
    bench.hash = hash.hash;
    for (size_t i = 0; i < rounds; i++) {
        bare[i] = time_bare(&bench);
        ours[i] = time_ours(&bench);
        ratio[i] = ours[i] / bare[i];
    }
    printf("%-30s bare %4.0f ns, in the engine %4.0f ns, %.2f times\n", kind->name,
           median(bare, rounds) / CALLS * 1e9, median(ours, rounds) / CALLS * 1e9,
           median(ratio, rounds));
    vars_release_hash(&hash);
    cache_free(bench.cache);
    vars_form_free(bench.vars.form);
    perl_release(bench.code);
    arena_free(&bench.arena);
    buf_free(&error);
}

static void run(void *arg)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        run_kind(&kinds[i], *(size_t *)arg);
}

int main(int argc, char **argv, char **env)
{
    size_t rounds = argc > 1 ? (size_t)atoi(argv[1]) : 9;
    if (rounds < 1 || rounds > MOST_ROUNDS)
        return EXIT_FAILURE;
    return perl_run_main(1, (char *[]){argv[0], NULL}, env, run, &rounds);
}
