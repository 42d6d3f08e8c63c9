#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The event clock against SEC in virtual time: made-up rules and logs over hours to months, each once with
# either: the engine alone, then secant replay.
#
#   SECANT   the binary whose build is under test (build/secant)
#   SEC      the reference (sec, as found in PATH)
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference);
use Test::More;

my $here = dirname(abs_path(__FILE__));
my $build = dirname(binary());
$ENV{DRIVE} = "$build/lockstep/drive";

plan skip_all => "no reference: install sec or set SEC" unless defined reference();
plan skip_all => "$ENV{DRIVE} is not built" unless -x $ENV{DRIVE};

for my $mode ('', '--replay') {
    my @command = ($^X, "$here/lockstep/run.pl", "--rounds", 30, "--keep", "$build/lockstep/failed", $mode || ());
    open(my $said, '-|', @command) or die "cannot run $command[1]: $!\n";
    my @said = <$said>;
    close($said);
    ok($? == 0 && @said == 1, "30 rounds with " . ($mode ? "secant replay" : "the engine")) or diag(@said);
    note(@said);
}
done_testing();
