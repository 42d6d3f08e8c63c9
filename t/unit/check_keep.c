/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables of user code as bytes, and back. */
#include "perl/keep.h"
#include "perl_bridge.h"

static struct buf kept, why, json;

static void begin(void)
{
    fresh();
}

static void end(void)
{
    buf_free(&kept);
    buf_free(&why);
    buf_free(&json);
    done();
}

#define GIVES(code, want) ck_assert_str_eq(value(code), want)

static void keep(const char *name)
{
    buf_clear(&kept);
    ck_assert_msg(perl_keep(bytes_of(name), &kept, &why), "%s: %.*s", name, (int)why.len, why.ptr);
}

static void restore(const char *name)
{
    ck_assert_msg(perl_keep_restore(bytes_of(name), buf_bytes(&kept), &why), "%s: %.*s", name,
                  (int)why.len, why.ptr);
}

/* As JSON. */
static struct bytes shown(const char *name)
{
    buf_clear(&json);
    ck_assert(perl_keep_json(bytes_of(name), buf_bytes(&kept), &json));
    return buf_bytes(&json);
}

/* The variable has this value, and after it was another one, too. */
static void ck_kept(const char *name, const char *code, const char *want)
{
    value(code);
    keep(name);
    ck_bytes_eq(shown(name), bytes_of(want));
    struct buf undo = {0};
    buf_cat(&undo, B("undef "), bytes_of(name), B("; 1"));
    buf_char(&undo, '\0');
    value(undo.ptr);
    buf_free(&undo);
    restore(name);
    keep(name);
    ck_bytes_eq(shown(name), bytes_of(want));
}

static void ck_refused(const char *name, const char *code, const char *want)
{
    value(code);
    buf_clear(&kept);
    buf_clear(&why);
    ck_assert(!perl_keep(bytes_of(name), &kept, &why));
    ck_bytes_eq(buf_bytes(&why), bytes_of(want));
    ck_assert_uint_eq(kept.len, 0);
}

START_TEST(scalars)
{
    ck_kept("$last", "$last = 5; 1", "5");
    ck_kept("$last", "$last = '5'; 1", "\"5\"");
    ck_kept("$last", "$last = '5'; my $n = $last + 1; 1", "\"5\"");
    ck_kept("$last", "$last = 5; my $s = \"$last\"; 1", "5");
    ck_kept("$last", "$last = -9223372036854775807 - 1; 1", "-9223372036854775808");
    ck_kept("$last", "$last = 18446744073709551615; 1", "18446744073709551615");
    ck_kept("$last", "$last = 9223372036854775808; my $n = $last * 1.5; 1", "9223372036854775808");
    ck_kept("$last", "$last = 2.5; my $n = $last | 1; 1", "2.5");
    ck_kept("$last", "$last = 0.1; my $i = int($last); $i = $last | 0; 1", "0.10000000000000001");
    ck_kept("$last", "$last = 9**9**9; 1", "\"inf\"");
    ck_kept("$last", "$last = -sin(9**9**9); 1", "\"nan\"");
    ck_kept("$last", "undef $last; 1", "null");
    ck_kept("$last", "$last = ''; 1", "\"\"");
    ck_kept("$last", "$last = \"a\\0\\n\\\"\\\\\"; 1", "\"a\\u0000\\u000a\\\"\\\\\"");
    ck_kept("$last", "$last = \"\\x{100}\"; chop $last; 1", "\"\"");
    ck_kept("$last", "$last = 1 == 1; 1", "true");
    ck_kept("$last", "$last = 1 == 2; 1", "false");
}
END_TEST

START_TEST(what_json_does_not_show)
{
    GIVES("$last = (1 == 2); 1", "1");
    keep("$last");
    GIVES("$last = 7", "7");
    restore("$last");
    GIVES("my $w = 0; local $SIG{__WARN__} = sub { $w++ }; my $n = $last + 0; \"[$last]$n$w\"",
          "[]00");
    GIVES("use Scalar::Util 'dualvar'; @queue = (dualvar(5, 'five'), dualvar(2.5, \"\\x{263a}\"), "
          "dualvar(18446744073709551615, 'x')); 1",
          "1");
    keep("@queue");
    restore("@queue");
    GIVES("join ' ', (map { $_ + 0 } @queue), $queue[0], $queue[1] eq \"\\x{263a}\"",
          "5 2.5 18446744073709551615 five 1");
    GIVES("@queue = ('caf\\xe9', \"caf\\xe9\\x{100}\", \"caf\\xc3\\xa9\"); chop $queue[1]; 1", "1");
    keep("@queue");
    ck_bytes_eq(shown("@queue"), B("[\"caf\\\\xe9\",\"caf\303\251\",\"caf\303\251\"]"));
    restore("@queue");
    GIVES("join ' ', map { utf8::is_utf8($_) ? length : -length } @queue", "-7 4 -5");
}
END_TEST

START_TEST(arrays_and_hashes)
{
    ck_kept("@queue", "@queue = (1, 'a', [2, [], {}], {b => [3]}); 1",
            "[1,\"a\",[2,[],{}],{\"b\":[3]}]");
    ck_kept("@queue", "@queue = (); 1", "[]");
    ck_kept("%hits", "%hits = (a => {b => {c => 1}}); 1", "{\"a\":{\"b\":{\"c\":1}}}");
    ck_kept("%hits", "%hits = (\"\\x{263a}\" => 1); 1", "{\"\342\230\272\":1}");
    ck_kept("%hits", "%hits = (\"\\xe9\" => 1); 1", "{\"\303\251\":1}");
    ck_kept("%hits", "%hits = ('' => undef); 1", "{\"\":null}");
    ck_kept("%hits", "%hits = (); 1", "{}");
    ck_kept("$last", "$last = [{a => 1}]; 1", "[{\"a\":1}]");
    ck_kept("%Mine::own", "%Mine::own = (a => 1); 1", "{\"a\":1}");
    GIVES("%hits = map { ($_, [$_ * 2]) } 1 .. 20000; 1", "1");
    keep("%hits");
    GIVES("%hits = (other => 1); 1", "1");
    restore("%hits");
    GIVES("my $n = grep { $hits{$_}[0] == 2 * $_ } 1 .. 20000; \"$n \" . keys %hits",
          "20000 20000");
}
END_TEST

START_TEST(what_an_array_has_not)
{
    GIVES("@queue = (); $queue[1] = 1; $queue[4] = 2; $#queue = 6; 1", "1");
    keep("@queue");
    ck_bytes_eq(shown("@queue"), B("[null,1,null,null,2,null,null]"));
    restore("@queue");
    GIVES("@queue . ' ' . join ' ', grep { exists $queue[$_] } 0 .. 9", "7 1 4");
    GIVES("%hits = (a => undef); @queue = (undef); 1", "1");
    keep("%hits");
    restore("%hits");
    GIVES("exists $hits{a} && !defined $hits{a} ? 1 : 0", "1");
}
END_TEST

START_TEST(what_is_shared)
{
    ck_kept("@queue", "my $s = {n => 1}; @queue = ($s, [$s], $s); 1",
            "[{\"n\":1},[{\"$ref\":\"#/0\"}],{\"$ref\":\"#/0\"}]");
    GIVES("$queue[0]{n} = 5; \"$queue[1][0]{n}$queue[2]{n}\"", "55");
    ck_kept("$last", "$last = {'a/b~' => {}}; $last->{'a/b~'}{up} = $last->{'a/b~'}; 1",
            "{\"a/b~\":{\"up\":{\"$ref\":\"#/a~1b~0\"}}}");
    GIVES("$last->{'a/b~'}{up} == $last->{'a/b~'} && delete $last->{'a/b~'}{up} ? 1 : 0", "1");
    ck_kept("@queue", "@queue = (); push @queue, \\@queue; 1", "[{\"$ref\":\"#\"}]");
    GIVES("$queue[0] == \\@queue ? 1 : 0", "1");
    ck_kept("$last", "$last = \\$last; 1", "{\"$ref\":\"#\"}");
    GIVES("my $same = $last == \\$last; undef $last; $same", "1");
    ck_kept("$last", "$last = \\\\\\'x'; 1", "{\"$scalar\":{\"$scalar\":{\"$scalar\":\"x\"}}}");
    GIVES("$$$$last = 'y'; $$$$last", "y");
}
END_TEST

START_TEST(references_to_elements)
{
    GIVES("@queue = (1, 2); push @queue, \\$queue[1]; unshift @queue, \\$queue[0]; 1", "1");
    keep("@queue");
    ck_bytes_eq(shown("@queue"), B("[{\"$scalar\":1},{\"$ref\":\"#/0/$scalar\"},2,"
                                   "{\"$ref\":\"#/2\"}]"));
    GIVES("@queue = (); 1", "1");
    restore("@queue");
    GIVES("$queue[1] = 'one'; $queue[2] = 'two'; \"${$queue[0]} ${$queue[3]}\"", "one two");
}
END_TEST

START_TEST(weak_references)
{
    GIVES("use Scalar::Util qw(weaken isweak); %hits = (child => {}); $hits{child}{up} = \\%hits; "
          "weaken($hits{child}{up}); our $else = [1]; $hits{owner} = weaken($last = $else); 1",
          "1");
    keep("%hits");
    GIVES("%hits = (); 1", "1");
    restore("%hits");
    GIVES("isweak($hits{child}{up}) && $hits{child}{up} == \\%hits ? 1 : 0", "1");
    GIVES("$last = [5]; our $second = $last; weaken($last); 1", "1");
    keep("$last");
    GIVES("undef $last; undef $second; 1", "1");
    restore("$last"); /* nothing else has it now */
    GIVES("isweak($last) ? 'weak' : $last->[0]", "5");
}
END_TEST

START_TEST(what_is_not_kept)
{
    ck_refused("%none", "1", "no code has a variable %none");
    ck_refused("%hits", "%hits = (a => [1, 2, 3, sub { 1 }]); 1", "$hits{a}[3] is code");
    ck_refused("@queue", "@queue = (1, {b => *STDOUT}); 1", "$queue[1]{b} is a handle");
    ck_refused("@queue", "@queue = (1, {b => \\*STDOUT}); 1", "$queue[1]{b} is a handle");
    ck_refused("@queue", "@queue = (qr/a/); 1", "$queue[0] is a regular expression");
    ck_refused("$last", "$last = {a => bless({}, 'Some')}; 1", "$last->{a} is an object");
    ck_refused("$last", "$last = bless([], 'Some'); 1", "$last is an object");
    ck_refused("$last", "$last = sub { 1 }; 1", "$last is code");
    ck_refused("$last", "my $x = 'ab'; $last = \\substr($x, 1); 1",
               "$last is made when it is asked for");
    ck_refused("%tied",
               "package Tie { require Tie::Hash; our @ISA = 'Tie::StdHash' } "
               "tie our %tied, 'Tie'; 1",
               "%tied is tied");
    ck_refused("$last", "$last = [\\%tied]; 1", "$last->[0] is tied");
    ck_refused("%hits", "%hits = (\"a\\nb\" . 'x' x 50 => sub { 1 }); 1",
               "$hits{a?bxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...} is code");
    GIVES("undef $last; 1", "1");
}
END_TEST

START_TEST(what_cannot_be_set)
{
    GIVES("require Hash::Util; %hits = (a => 1); 1", "1");
    keep("%hits");
    GIVES("%hits = (b => 1); Hash::Util::lock_hash(%hits); 1", "1");
    ck_assert(!perl_keep_restore(B("%hits"), buf_bytes(&kept), &why));
    ck_bytes_eq(buf_bytes(&why), B("%hits is locked"));
    GIVES("Hash::Util::unlock_hash(%hits); join ' ', %hits", "b 1");
    buf_clear(&why);
    GIVES("require Tie::Hash; tie our %tied, 'Tie::StdHash'; 1", "1");
    ck_assert(!perl_keep_restore(B("%tied"), buf_bytes(&kept), &why));
    ck_bytes_eq(buf_bytes(&why), B("%tied is tied"));
    buf_clear(&why);
    ck_assert(!perl_keep_restore(B("@hits"), buf_bytes(&kept), &why));
    ck_bytes_eq(buf_bytes(&why), B("what was kept of @hits is damaged"));
}
END_TEST

START_TEST(the_variable_stays_the_same)
{
    GIVES("%hits = (a => 1, b => 2, c => 3); our $alias = \\%hits; 1", "1");
    keep("%hits");
    GIVES("%hits = (z => 1); 1", "1");
    restore("%hits");
    GIVES("$alias == \\%hits && $alias->{b} == 2 ? 1 : 0", "1");
    GIVES("keys %hits; our @two = scalar each %hits; push @two, scalar each %hits; 1", "1");
    keep("%hits");
    GIVES("my $third = each %hits; join '', sort @two, $third", "abc");
    GIVES("undef $last; $last = {x => 1}; 1", "1");
    keep("$last");
    GIVES("use Scalar::Util 'weaken'; weaken(our $w = $last); defined $w ? 1 : 0", "1");
    restore("$last");
    GIVES("defined $w ? 1 : 0", "0"); /* what it had is freed */
    GIVES("weaken($w = $last); 1", "1");
    GIVES("undef $last; defined $w ? 1 : 0", "0"); /* so is what it got */
}
END_TEST

START_TEST(a_list_of_a_million_links)
{
    GIVES("undef $last; $last = [$_, $last] for 1 .. 1000000; 1", "1");
    keep("$last");
    ck_assert_uint_gt(shown("$last").len, 3000000);
    GIVES("undef $last; 1", "1");
    restore("$last");
    GIVES("my $n = 0; for (my $l = $last; $l; $l = $l->[1]) { $n++ } $n", "1000000");
    GIVES("while ($last) { $last = $last->[1] } 1", "1");
}
END_TEST

/* Each byte changed in turn, and each end: either nothing has changed, or it is another value. */
START_TEST(damaged_bytes)
{
    GIVES("%hits = (a => [1, -2, 2.5, 'text', \"\\x{263a}\", undef, 1 == 1], b => {}); "
          "$hits{b}{up} = \\%hits; $hits{a}[9] = \\$hits{a}[0]; $hits{c} = \\\\'x'; 1",
          "1");
    keep("%hits");
    size_t refused = 0, taken = 0;
    for (size_t i = 0; i < kept.len; i++) {
        for (unsigned change = 1; change < 256; change++) {
            kept.ptr[i] = (char)((unsigned char)kept.ptr[i] ^ change);
            buf_clear(&why);
            value("%hits = (before => 1); 1");
            bool restored = perl_keep_restore(B("%hits"), buf_bytes(&kept), &why);
            ck_assert_int_eq(restored, perl_keep_json(B("%hits"), buf_bytes(&kept), &json));
            if (restored)
                taken++;
            else
                GIVES("join ' ', %hits", "before 1");
            refused += !restored;
            kept.ptr[i] = (char)((unsigned char)kept.ptr[i] ^ change);
        }
        buf_clear(&json);
        ck_assert(!perl_keep_restore(B("%hits"), bytes_slice(buf_bytes(&kept), 0, i), &why));
    }
    ck_assert_uint_gt(refused, 0);
    ck_assert_uint_gt(taken, 0);
    ck_assert(!perl_keep_restore(B("%hits"), (struct bytes){0}, &why));
    GIVES("%hits = (); 1", "1");
}
END_TEST

RUN_TESTS_IN_PERL("keep", begin, end, scalars, what_json_does_not_show, arrays_and_hashes,
                  what_an_array_has_not, what_is_shared, references_to_elements, weak_references,
                  what_is_not_kept, what_cannot_be_set, the_variable_stays_the_same,
                  a_list_of_a_million_links, damaged_bytes)
