#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of signals and faults, whose moments chance decides, again and again until the time is over
# or one of them fails.
#
#   t/soak.pl [--seconds N] [--jobs N] BUILD...
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Getopt::Long qw(GetOptions);
use Time::HiRes qw(time);

my ($seconds, $jobs) = (600, 2);
GetOptions('seconds=f' => \$seconds, 'jobs=i' => \$jobs) && @ARGV
    or die "usage: t/soak.pl [--seconds N] [--jobs N] BUILD...\n";
my @command = ($^X, dirname(abs_path(__FILE__)) . "/check.pl", "--jobs", $jobs, "--only", "faults.t",
               "--only", "signals.t", @ARGV);

# Each round is short, and at least one is run.
my ($begin, $passed, $failed) = (time(), 0, 0);
do {
    $failed = system(@command) != 0;
    $passed++ unless $failed;
} until ($failed || time() - $begin >= $seconds);

printf("%d round%s passed in %d seconds%s\n", $passed, $passed == 1 ? "" : "s", time() - $begin, $failed ? ", then one failed" : "");
exit($failed ? 1 : 0);
