/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dumps and states: an input is JSON that is taken for a dump of SEC with the rules below, and,
 * after a line "----", for a state.  "r.sec" in it is their file.  Whatever it is, what is made of a
 * dump is a state that the engine takes over. */
#include "import/import.h"
#include "limits.h"
#include "program.h"
#include "store/fields.h"
#include "store/load.h"

static const char rules[] =
    "type=SingleWithSuppress\nptype=RegExp\npattern=a (\\S+)\ndesc=a $1\naction=create C_$1 60 "
    "(write - %s $1; create D_$1 5 (logonly %s)); add C_$1 $0; alias C_$1 A_$1\nwindow=60\n\n"
    "type=Pair\nptype=RegExp\npattern=b (\\S+) (.*)\ndesc=b $1\naction=none\nptype2=RegExp\n"
    "pattern2=c $1 (\\S+)\ndesc2=d %1 $1\naction2=write - %2 $1; create E 5 (write - %1 $1 %s)\n\n"
    "type=PairWithWindow\nptype=RegExp\npattern=b (\\S+) (.*)\ndesc=b $1\naction=write - $1 $2\n"
    "ptype2=SubStr\npattern2=$1\ndesc2=d %1\naction2=write - %2\ncontext2=C_%1\nwindow=60\n\n"
    "type=SingleWithThreshold\nptype=RegExp\npattern=f (\\S+) (\\S+)\ndesc=f $1\n"
    "action=write - $1\n"
    "action2=write $1 $2\nwindow=60\nthresh=2\n\n"
    "type=SingleWith2Thresholds\nptype=RegExp\npattern=g (\\S+) (\\S+)\ndesc=g $1\n"
    "action=write - $1\nwindow=60\nthresh=2\ndesc2=h $2\naction2=write - %s\nwindow2=60\n"
    "thresh2=1\n\n"
    "type=EventGroup2\nptype=RegExp\npattern=i (\\S+)\negtoken=$1\nptype2=RegExp\n"
    "pattern2=j (\\S+)\n"
    "desc=i\ninit=logonly $1\nslide=logonly s $1\nend=logonly e\naction=logonly x $1\nwindow=60\n"
    "egptype=RegExp\negpattern=x y\n\n"
    "type=Calendar\ntime=* * * * *\ncontext=C\ndesc=k\naction=set C 5 (write - %s; reset 0)\n\n"
    "type=Single\nptype=SubStr\npattern=l\ndesc=l\naction=unalias A_1; create C_%x 9 (lcall %x -> ( "
    "sub { $n } ))\n";

static void forget(void)
{
    operations_clear(engine);
    contexts_clear(engine);
    variables_reset(engine->state.variables);
    events_clear_pending(engine->state.events);
    cache_clear(engine->state.cache);
    arena_reset(&engine->line.arena);
}

static void start(void)
{
    program_start();
    const struct bytes file = bytes_of(rules);
    program_begin(B("--bufsize=3 --intcontexts"), &file, 1);
    if (ruleset_rules(engine->rules.set) != 8)
        abort();
}

static struct bytes file_name(void)
{
    return bytes_from(bytes_of(rule_names[0]), sizeof("--conf=") - 1);
}

static json_t *read_input(struct bytes text)
{
    struct buf named = {0}, why = {0};
    while (text.len > 0) {
        ptrdiff_t at = bytes_find(text, B("r.sec"), 0);
        buf_cat(&named, bytes_slice(text, 0, at < 0 ? text.len : (size_t)at),
                at < 0 ? B("") : file_name());
        text = bytes_from(text, at < 0 ? text.len : (size_t)at + 5);
    }
    json_t *json = fields_read(buf_bytes(&named), &why);
    buf_free(&named);
    buf_free(&why);
    return json;
}

/* The engine takes it over; with that it goes on. */
static void take(json_t *state, bool made)
{
    struct state_load load = {.engine = engine, .file = B("state")};
    state_load(&load, state);
    if (made && load.contexts < json_array_size(json_object_get(state, "contexts")) &&
        load.problems.len == 0)
        abort();
    buf_free(&load.problems);
    program_dump(true);
    program_pass(100);
    program_line(0, B("b 1 2"));
    forget();
}

static void take_dump(struct bytes text)
{
    json_t *dump = read_input(text);
    struct buf told = {0}, why = {0};
    bool whole = false;
    if (!dump)
        return;
    json_t *state =
        import_make(engine, &(struct import_options){.dump = "dump"}, dump, &told, &whole, &why);
    if (!state && why.len == 0)
        abort();
    forget();
    if (state)
        take(state, true);
    json_decref(state);
    json_decref(dump);
    buf_free(&told);
    buf_free(&why);
}

static void one(struct bytes input)
{
    program_next_day();
    take_dump(take_until(&input, B("\n----\n")));
    json_t *state = read_input(input);
    if (state)
        take(state, false);
    json_decref(state);
}

FUZZ_TARGET(start, one)
