#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# What each signal does, told by the log.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary spew slurp);
use Test::More;

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

my $rules = <<'END';
type=Single
ptype=RegExp
pattern=^note (\w+)
desc=$1
action=create $1; assign %last $1; event 600 late $1; write out.txt $1; logonly noted $1

type=SingleWithThreshold
ptype=SubStr
pattern=count
desc=counter
action=logonly counted
window=600
thresh=2

type=Single
ptype=RegExp
pattern=^ask (\w+)
context=$1
desc=known
action=logonly $1 is known, last is %last

type=Single
ptype=RegExp
pattern=^ask (\w+)
desc=unknown
action=logonly $1 is not known, last is %last

type=Single
ptype=RegExp
pattern=^(SEC_\w+)
context=SEC_INTERNAL_EVENT
desc=internal
action=logonly event $1
END

my $more = <<'END';
type=Single
ptype=SubStr
pattern=extra
desc=extra
action=logonly first edition
END

sub begin {
    my $p = Program->start({ "a.sec" => $rules, "b.sec" => $more }, @_);
    $p->logged("SIGINT can't be used|event SEC_STARTUP|Opening input file -");
    $p->feed("note A", "count");
    ok($p->logged("noted A"), "it runs");
    return $p;
}

sub finish {
    my ($p) = @_;
    $p->signal('TERM');
    ok($p->logged("SIGTERM received: shutting down SEC"), "SIGTERM is logged");
    is($p->finish, 0, "and ends the program well");
}

subtest "SIGHUP forgets all but the window" => sub {
    my $p = begin("--intevents");
    spew($p->path("b.sec"), $more =~ s/first/second/r);
    $p->signal('HUP');
    my $log = $p->logged("event SEC_RESTART");
    like($log, qr/SIGHUP received: full restart of SEC\n.*event SEC_PRE_RESTART\n/s, "a full restart");
    like($log, qr/Reading configuration from a\.sec\n.*Reading configuration from b\.sec\n/s,
         "all rules are read");
    like($log, qr/Opening input file -\n/, "input is opened again");
    $p->feed("ask A", "extra", "count", "count");
    $log = $p->logged("counted");
    like($log, qr/^A is not known, last is \n.*second edition\n/ms,
         "contexts and variables are gone, new rules are used");
    finish($p);
};

subtest "SIGABRT keeps what belongs to unchanged rules" => sub {
    my $p = begin("--intevents");
    spew($p->path("b.sec"), $more =~ s/first/second/r);
    utime(1, 1, $p->path("b.sec"));
    $p->signal('ABRT');
    my $log = $p->logged("event SEC_SOFTRESTART");
    like($log, qr/SIGABRT received: soft restart of SEC\n.*event SEC_PRE_SOFTRESTART\n/s,
         "a soft restart");
    unlike($log, qr/Reading configuration from a\.sec/, "an unchanged file is not read");
    like($log, qr/Reading configuration from b\.sec\n/, "a changed one is");
    like($log, qr/operations started from b\.sec, number of operations: 0\n/,
         "its operations are ended");
    like($log, qr/Input file - already open\n/, "input stays open");
    $p->feed("ask A", "extra", "count");
    $log = $p->logged("counted");
    like($log, qr/^A is known, last is A\n.*second edition\n/ms, "state is kept, new rules are used");
    finish($p);
};

subtest "SIGUSR2 opens log and outputs again" => sub {
    my $p = begin("--intevents");
    rename($p->path($_), $p->path("$_.old")) for "log", "out.txt";
    $p->{seen} = 0;
    $p->signal('USR2');
    is($p->logged("event SEC_LOGROTATE") =~ /event SEC_PRE_LOGROTATE/, "", "a new log begins");
    like(slurp($p->path("log.old")),
         qr/SIGUSR2 received: closing outputs and restarting logging\n.*event SEC_PRE_LOGROTATE\n/s,
         "the old one tells why");
    $p->feed("note B", "ask A");
    like($p->logged("last is"), qr/A is known, last is B/, "nothing is forgotten");
    is(slurp($p->path("out.txt.old")) . slurp($p->path("out.txt")), "A\nB\n",
       "outputs are written to the new file");
    finish($p);
};

subtest "SIGINT goes through the levels" => sub {
    my $p = begin("--debug=5", "--nointevents");
    for my $step ([5, 6], [6, 1], [1, 2]) {
        $p->signal('INT');
        ok($p->logged("1 SIGINT signal\\(s\\) received: setting debuglevel from $step->[0] to $step->[1]"),
           "from $step->[0] to $step->[1]");
    }
    $p->signal('HUP');
    ok($p->logged("Reading configuration"), "a restart takes the option's level again");
    finish($p);
};

subtest "signals that actions emulate" => sub {
    my $p = Program->start({ "a.sec" => <<'END' }, "--debug=5");
type=Single
ptype=SubStr
pattern=all
desc=all
action=sigemul TERM; sigemul USR2; sigemul INT; sigemul ABRT
END
    $p->feed("all");
    like($p->logged("SIGTERM received"),
         qr/SIGABRT received.*SIGUSR2 received.*1 SIGINT signal.*SIGTERM received/s,
         "they are dealt with in upstream's order");
    is($p->finish, 0, "and the program ends");
};

done_testing();
