/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One field of a rule at a time: its first byte says which (fields below), the rest is its text,
 * up to a newline; what follows are lines.  The rules around it have matches of both kinds,
 * contexts and variables for it to name. */
#include "limits.h"
#include "program.h"

#define RULE(type) "type=" type "\nptype=RegExp\npattern=^(\\w*) ?(?<name>\\S*)(.*)\n"

/* "\1" is where the text goes. */
/* clang-format off */
static const struct {
    char kind;
    const char *rules;
} fields[] = {
    {'A', RULE("Single")
          "varmap=entry; word=1\ncontinue=TakeNext\ndesc=d $1\naction=\1\n\n"
          RULE("PairWithWindow")
          "desc=p $1\naction=\1\nptype2=RegExp\npattern2=^end %1(.*)\ndesc2=%1 $1 %s\n"
          "action2=\1\nwindow=20\n"},
    {'C', RULE("Single")
          "varmap=entry; word=1\ncontinue=TakeNext\ncontext=\1\ndesc=d $1\n"
          "action=create $1 60; alias $1 B\n\n"
          RULE("Single")
          "context=[\1]\ndesc=e\naction=add $1 %s\n\n"
          RULE("Pair")
          "context=\1\ndesc=f\naction=none\nptype2=SubStr\npattern2=end\ncontext2=\1\ndesc2=g\n"
          "action2=none\nwindow=5\n"},
    {'D', RULE("Single")
          "varmap=entry; word=1\ncontinue=TakeNext\ndesc=\1\n"
          "action=assign %a \1; assignsq %b \1; eval %o ('%a'); event \1\n\n"
          RULE("Pair")
          "desc=\1\naction=none\nptype2=RegExp\npattern2=\1\ndesc2=\1\naction2=logonly \1\n"
          "window=20\n"},
    {'T', "type=Calendar\ntime=\1\ndesc=c\naction=logonly %t\n"},
    {'V', RULE("Single")
          "varmap=\1\ncontinue=TakeNext\ndesc=$+{name} $+{word} $:{entry:name}\n"
          "action=logonly %s\n\n"
          "type=Single\nptype=Cached\npattern=entry\n"
          "context=entry :> ( sub { $_[0]->{name} } )\ndesc=$+{name}\naction=logonly %s\n"},
    {'P', "type=Single\nptype=RegExp\npattern=\1\ncontinue=TakeNext\ndesc=$0 $1 $+{name}\n"
          "action=logonly %s\n\n"
          "type=EventGroup2\nptype=RegExp\npattern=\1\nptype2=NRegExp3\npattern2=\1\ndesc=g\n"
          "action=logonly %s\nwindow=9\negptype=RegExp\negpattern=\1\n\n"
          "type=Pair\nptype=SubStr\npattern=\1\ndesc=q\naction=none\nptype2=SubStr2\npattern2=\1\n"
          "desc2=r\naction2=none\n"},
};
/* clang-format on */

static void fill_rules(struct buf *out, const char *rules, struct bytes text)
{
    for (const char *at = rules; *at; at++) {
        if (*at == '\1')
            buf_add(out, text);
        else
            buf_char(out, *at);
    }
}

static void give_lines(struct bytes lines)
{
    static const char *const always[] = {"one two three", "two", "end one", "B x\xe9", ""};
    bool goes_on = true;
    for (size_t i = 0; goes_on && i < sizeof(always) / sizeof(*always); i++)
        goes_on = program_line(0, bytes_of(always[i]));
    for (int i = 0; goes_on && lines.len > 0 && i < 20; i++)
        goes_on = program_line(0, take_line(&lines));
    if (goes_on)
        program_pass(3600);
}

static void one(struct bytes input)
{
    char kind = (char)take_byte(&input);
    struct buf rules = {0};
    struct bytes text = take_line(&input);
    size_t field = (unsigned char)kind % (sizeof(fields) / sizeof(*fields));
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        if (fields[i].kind == kind)
            field = i;
    }
    fill_rules(&rules, fields[field].rules, text);
    struct bytes file = buf_bytes(&rules);
    program_begin(B("--bufsize=3 --intcontexts"), &file, 1);
    give_lines(input);
    program_end();
    buf_free(&rules);
}

FUZZ_TARGET(program_start, one)
