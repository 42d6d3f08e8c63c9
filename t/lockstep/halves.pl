#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# An engine that is saved in the middle of a log, and another one that goes on with its state (halves.c): with made-up rules
# and logs (Round.pm) both are equal at the cut, and all that they do, log and are at the end.
#
#   t/lockstep/halves.pl [--seed N] [--rounds N] [--lines N] [--keep FOLDER]
#
# A round that differs is kept in FOLDER (halves-failed).
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use FindBin;
use Getopt::Long qw(GetOptions);
use lib "$FindBin::Bin", "$FindBin::Bin/../lib";
use Halves qw(differences);

my ($seed, $rounds, $lines, $keep) = (1, 30, 200, "halves-failed");
GetOptions('seed=i' => \$seed, 'rounds=i' => \$rounds, 'lines=i' => \$lines, 'keep=s' => \$keep)
    && !@ARGV or die "usage: $0 [--seed N] [--rounds N] [--lines N] [--keep FOLDER]\n";
my $scratch = tempdir(CLEANUP => 1);
my $failed = 0;
for my $number ($seed .. $seed + $rounds - 1) {
    my @differs = differences("$scratch/$number", $number, $lines) or next;
    print "round $number: $_\n" for @differs;
    make_path($keep);
    system("cp", "-r", "$scratch/$number", "$keep/$number");
    $failed++;
} continue {
    remove_tree("$scratch/$number");
}
print "$rounds rounds, $failed differ\n";
exit($failed ? 1 : 0);
