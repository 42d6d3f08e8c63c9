#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The demo shows the same alerts each time, without a complaint of the engine, whatever form the time
# has in the lines.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

my $root = dirname(dirname(abs_path(__FILE__)));
my $secant = $ENV{SECANT} || "$root/build/secant";
plan skip_all => "$secant is not built" unless -x $secant;

open(my $fh, "<", "$root/rules/demo/expected") or die "expected: $!";
my @expected = <$fh>;

foreach my $form (qw(syslog iso short-iso)) {
    my @shown = split(/^/, `$root/rules/demo/run.sh $secant $form 2>&1`);
    is($?, 0, "$form: the demo ends well");
    s/2026-03-03T(\d\d:\d\d:\d\d)(?:\.\d{6})?\+00:?00/Mar  3 $1/ foreach @shown;
    is($shown[$_] // "(nothing)\n", $expected[$_], "$form: line " . ($_ + 1)) for 0 .. $#expected;
    is(scalar(@shown), scalar(@expected), "$form: nothing more is shown");
}

done_testing();
