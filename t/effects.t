#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Recorded effects: build/t/check_effects runs every action and what of Perl reaches out, and the kernel sees
# nothing of it.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Strace qw(strace reaches_out);
use Test::More;

my $root = dirname(dirname(abs_path(__FILE__)));
my $program = ($ENV{SECANT} ? dirname((split(' ', $ENV{SECANT}))[0]) : "$root/build") . "/t/check_effects";
plan skip_all => "$program is not built" unless -x $program;

my $dir = tempdir(CLEANUP => 1);

sub trace { return strace("$dir/trace", "$_[0] > $dir/out 2>&1") }

my ($status, @trace) = trace("true");
plan skip_all => "strace is not there, or may not trace" if !@trace;

($status, @trace) = trace($program);
is($status, 0, "the program finds what it expects") or diag(qx(cat $dir/out));

# Each test is a process of its own.
my ($runs, %between, @reached) = (0);
for my $call (@trace) {
    my ($pid) = $call =~ /^(\d+) +\w+\(/ or next;
    if ($call =~ m{"/effects/(begin|end)"}) {
        $between{$pid} = $1 eq "begin";
        $runs += $between{$pid};
    } elsif ($between{$pid} && reaches_out($call)) {
        push(@reached, $call);
    }
}
cmp_ok($runs, ">", 100, "much was run");
is_deeply(\@reached, [], "nothing reached out");

# The net has no hole: the same is seen when it happens.
($status, @trace) = trace(qq(perl -e 'open(FH, ">", "$dir/x"); syswrite(FH, "x"); unlink("$dir/x")'));
for my $call ("openat", "write", "unlink") {
    ok(scalar(grep { /^\d+ +\Q$call\E\(.*\Q$dir\E|^\d+ +$call\(\d+, "x", 1\)/ } @trace), "$call would be seen");
}

done_testing();
