#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Every conformance case, once with SEC and once with Secant; one TAP line a case.
#
#   SECANT   the binary under test (build/secant)
#   SEC      the reference (sec, as found in PATH)
#   JOBS     cases at the same time (4: most of them wait)
#   ONLY     a glob of case names or an area, as in ONLY='actions/*'
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(reference);
use Test::More;

my $here = dirname(abs_path(__FILE__));
my $secant = $ENV{SECANT} || "$here/../build/secant";
my $sec = reference();

plan skip_all => "no reference: install sec or set SEC" unless defined $sec;
plan skip_all => "python3 is not installed" if system("python3 -c 1 2>/dev/null");
plan skip_all => "$secant is not built" unless -x $secant || $secant =~ / /;

exec("$here/conformance/run.py", "--tap", "--sut", $secant, "--ref", $sec, "--retries", 2,
     "--jobs", $ENV{JOBS} || 4, (map { ("--keep-env", $_) } qw(ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS)),
     $ENV{ONLY} ? ("--only", $ENV{ONLY}) : ());
die "cannot run $here/conformance/run.py: $!\n";
