#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzz targets, without a fuzzer: each runs its seeds once and says that all is well.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Temp qw(tempdir);
use Test::More;

my $here = dirname(abs_path(__FILE__));
my $build = dirname($ENV{SECANT} || "$here/../build/secant");
my $folder = tempdir(CLEANUP => 1);
system($^X, "$here/fuzz/seeds.pl", $folder) == 0 or BAIL_OUT("t/fuzz/seeds.pl failed");

# Of many seeds every so many are enough: neighbours come from the same case.
my $most = 120;

for my $target (grep { $_ ne "replay" } map { basename($_, ".c") } sort glob("$here/fuzz/*.c")) {
    my @seeds = sort glob("$folder/$target/*");
    my $step = int(@seeds / $most) + 1;
    my @chosen = map { $seeds[$_ * $step] } 0 .. $#seeds / $step;
    push @chosen, grep { -f } glob("$here/fuzz/$target/*");
    my $output = `'$build/fuzz/$target' @chosen 2>&1 >/dev/null`;
    is($?, 0, "$target: ends well") or diag(substr($output, -4000));
    my ($runs) = $output =~ /^(\d+) runs$/m;
    is($runs, scalar @chosen, "$target: has run all its seeds");
    cmp_ok(scalar @chosen, ">", 0, "$target: has seeds");
}
done_testing();
