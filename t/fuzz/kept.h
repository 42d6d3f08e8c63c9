/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine (program.h) with a state of many kinds of things, for readers of what is kept of it:
 * the records of that state, and what saves and loads. */
#ifndef SECANT_T_KEPT_H
#define SECANT_T_KEPT_H

#include "limits.h"
#include "program.h"
#include "store/load.h"
#include "store/record.h"
#include "store/save.h"

static const char kept_rules[] =
    "type=SingleWithSuppress\nptype=RegExp\npattern=a (\\S+)\ndesc=a $1\ncontinue=TakeNext\n"
    "action=create C_$1 60 (write - %s $1; create D_$1 5 (logonly %s)); add C_$1 $0; "
    "alias C_$1 A_$1; assign %x $1; event 30 later $1\nwindow=60\n\n"
    "type=Pair\nptype=RegExp\npattern=b (\\S+) (.*)\ndesc=b $1\naction=none\nptype2=RegExp\n"
    "pattern2=c $1 (\\S+)\ndesc2=d %1 $1\naction2=write - %2 $1; create E 5 (write - %1 $1 %s)\n\n"
    "type=SingleWithThreshold\nptype=RegExp\npattern=f (\\S+) (\\S+)\ndesc=f $1\n"
    "action=write - $1\naction2=write - $1 $2\nwindow=60\nthresh=2\n\n"
    "type=SingleWith2Thresholds\nptype=RegExp\npattern=g (\\S+) (\\S+)\ndesc=g $1\n"
    "action=write - $1\nwindow=60\nthresh=2\ndesc2=h $2\naction2=write - %s\nwindow2=60\n"
    "thresh2=1\n\n"
    "type=EventGroup2\nptype=RegExp\npattern=i (\\S+)\negtoken=$1\nptype2=RegExp\n"
    "pattern2=j (\\S+)\n"
    "desc=i\ninit=logonly $1\nslide=logonly s $1\nend=logonly e\naction=logonly x $1\nwindow=60\n"
    "egptype=RegExp\negpattern=x y\n\n"
    "type=Calendar\ntime=* * * * *\ncontext=C\ndesc=k\naction=set C 5 (write - %s; reset 0)\n\n"
    "type=Single\nptype=RegExp\nvarmap=m; w=1\npattern=m (\\w+)\ndesc=m\naction=eval %h ({})\n";

static struct buf kept_records; /* of a sound state, each behind its length */

static void kept_put(void *arg, struct bytes record)
{
    pack_text(arg, record);
}

static void kept_save(struct buf *out)
{
    struct buf lost = {0};
    state_save(engine, kept_put, out, &lost);
    buf_free(&lost);
}

static bool kept_load(struct bytes records)
{
    struct state_load load = {.engine = engine, .file = B("f")};
    struct unpack from = unpack_of(records);
    bool good = true;
    state_load_begin(&load);
    while (good && from.at < from.end)
        good = state_load_record(&load, unpack_text(&from));
    good = state_load_end(&load) && good;
    if (!good && load.problems.len == 0)
        abort();
    buf_free(&load.problems);
    return good;
}

/* What the engine has can be saved, and an engine of the same rules takes over all of it. */
static void kept_check(void)
{
    struct buf records = {0};
    kept_save(&records);
    if (!kept_load(buf_bytes(&records)))
        abort();
    buf_free(&records);
}

/* Once, inside Perl: with the rules above, and others. */
static void kept_start(const char *more_rules)
{
    static const char *const lines[] = {"a x",   "b x y", "f x y", "g x y",
                                        "g x y", "i x",   "j y",   "m w"};
    const struct bytes files[] = {bytes_of(kept_rules), bytes_of(more_rules)};
    program_start();
    program_begin(B("--bufsize=3 --intcontexts"), files, 2);
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        program_line(0, bytes_of(lines[i]));
    kept_save(&kept_records);
    kept_check();
}

#endif
