#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Limits: of rule texts, memory and descriptors.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use Program qw(binary eventually slurp spew);
use Test::More;

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

# Starts the program with resource limits, as prlimit(1) has them.
sub start_limited {
    my ($limits, @rest) = @_;
    local $ENV{SECANT} = "prlimit $limits " . binary();
    return Program->start(@rest);
}

# Actions, groups and parentheses, nested more deeply than the stack could follow: loaded, run, dumped
# and shown to Perl, at a cost that grows with their number, not with its square.
my $levels = 100_000;
my $list = "if %on ( " x $levels . "write - inside" . " )" x $levels;
my $context = "(!A && " x $levels . "!B" . ")" x $levels;
my $text = "(" x $levels . "x" . ")" x $levels;
my $p = start_limited("--stack=8388608", { "deep.sec" => <<"END" }, "--dump=dump");
type=SingleWithSuppress
ptype=SubStr
pattern=go
context=$context
desc=deep
action=assign %on 1; create C 100 ($list); $list; write - $text; \\
    eval %n (scalar(\@{\$main::context_list{C}{Action}})); write - %n
window=100
END
$p->feed("go");
ok(eventually(sub { slurp($p->path("out")) =~ /^inside\n\(*x\)*\n4\n/ }), "nested $levels times: is run");
$p->signal('USR1');
ok(eventually(sub { slurp($p->path("dump")) =~ /^\h*Action: .*\binside\b/m }), "is dumped");
$p->signal('TERM');
is($p->finish, 0, "the end");

# Fewer descriptors than commands started at once: none of them is lost.
my $commands = 60;
$p = start_limited("--nofile=20", { "spawn.sec" => <<'END' });
type=Single
ptype=RegExp
pattern=^run (\d+)
desc=run
action=spawn echo seen $1

type=Single
ptype=RegExp
pattern=^(seen \d+)
desc=seen
action=write - $1
END
$p->feed(map { "run $_" } 1 .. $commands);
eventually(sub { slurp($p->path("out")) =~ tr/\n// >= $commands }, 20);
is(join("", sort(split(/^/, slurp($p->path("out"))))), join("", sort(map { "seen $_\n" } 1 .. $commands)),
    "20 descriptors: $commands commands are started and heard");
$p->signal('TERM');
is($p->finish, 0, "the end");

# What a line of 64 MiB took is given back: the blocks, the copies, the batches of log and output.
SKIP: {
    skip("the sanitizers keep what was freed", 2) if binary() =~ /sanitize/;
    $p = Program->start({ "large.sec" => <<'END' });
type=Single
ptype=RegExp
pattern=^x+(.)$
desc=seen $1
action=logonly $0; write large $0; create C 1; add C $0; delete C; write - %s

type=Single
ptype=SubStr
pattern=small
desc=small
action=write - %s
END
    $p->feed("small");
    eventually(sub { slurp($p->path("out")) =~ /small/ });
    my $before = $p->memory;
    $p->feed("x" x (64 << 20) . "y", "small");
    ok(eventually(sub { slurp($p->path("out")) =~ /seen y\nsmall\n/ }), "a line of 64 MiB");
    $p->feed("small");
    ok(eventually(sub { $p->memory < $before + (40 << 20) }, 20), "its memory is given back")
        or diag("from $before to " . $p->memory);
    $p->signal('TERM');
    $p->finish;
}

# Too few descriptors: said so, and nothing is begun.  With one more a log, rules and input are read.
my ($status, $least) = (0, 4);
for (; $least < 40; $least++) {
    $p = start_limited("--nofile=$least", { "few.sec" => <<'END' }, "--notail");
type=Single
ptype=SubStr
pattern=go
desc=go
action=logonly went
END
    {
        local $SIG{PIPE} = 'IGNORE'; # it may have ended
        $p->feed("go");
    }
    $status = $p->finish;
    my $log = slurp($p->path("log"));
    last if $log =~ /: went$/m && $log !~ /Too many open files/;
    is($status >> 8, 1, "$least descriptors: exit status");
    is(slurp($p->path("err")) . $log, "Can't create the event loop (Too many open files)\n", "and a message, no other");
}
cmp_ok($least, ">", 10, "there are too few");
is($status, 0, "$least descriptors are enough");

# The soft limit is raised before that is said.
$p = start_limited("--nofile=10:40", { "none.sec" => "" }, "--notail");
is($p->finish, 0, "a low soft limit is no hindrance");

# Code in rules closes every descriptor, perhaps one that another file gets: no abort.
for my $then ("", "; write other x") {
    $p = Program->start({ "close.sec" => <<"END" });
type=Single
ptype=SubStr
pattern=go
desc=go
action=write - before; eval %o ( POSIX::close(\$_) for 3..60; 1 )$then
END
    $p->feed("go");
    eventually(sub { slurp($p->path("err")) =~ /\n/ });
    is($p->finish >> 8, 1, "all descriptors closed$then: exit status");
    like(slurp($p->path("err")), qr/^The event loop's descriptor was closed by code in rules, exiting$/m,
        "and a message");
    is(slurp($p->path("out")), "before\n", "what was written before it is there");
}

done_testing();
