#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The demo tells the same story each time, without a complaint of the engine.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

my $root = dirname(dirname(abs_path(__FILE__)));
my $secant = $ENV{SECANT} || "$root/build/secant";
plan skip_all => "$secant is not built" unless -x $secant;

my @told = split(/^/, `$root/rules/demo/run.sh $secant 2>&1`);
is($?, 0, "the demo ends well");

open(my $fh, "<", "$root/rules/demo/expected") or die "expected: $!";
my @expected = <$fh>;
is($told[$_] // "(nothing)\n", $expected[$_], "line " . ($_ + 1)) for 0 .. $#expected;
is(scalar(@told), scalar(@expected), "nothing more is told");

done_testing();
