#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs all tests with one or more builds and ends with one line that counts them; what was skipped is
# counted by reason before it.
#
#   t/check.pl [--jobs N] [--only NAME]... BUILD...
#
# BUILD: a folder with secant and t/check_* in it.  NAME: of a test, as signals.t.
#
# The unit tests' programs (BUILD/t/check_*) and t/*.t speak TAP; the latter find the program
# under test in $SECANT.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Copy qw(copy);
use File::Temp;
use FindBin;
use Getopt::Long qw(GetOptions);
use lib "$FindBin::Bin/lib";
use Program ();    # no signal is ignored from here on
use TAP::Harness;
use TAP::Parser::Aggregator;

use constant LIMIT => 900;    # seconds for one test; the longest takes a third
use constant MULTIPLIER => 5; # of Check's limits, 120 seconds: Check names the test in the program before LIMIT ends all
use constant NARROW => 28;    # random bits of addresses that every AddressSanitizer can bear

my ($jobs, @only) = 2;
GetOptions('jobs=i' => \$jobs, 'only=s' => \@only) && @ARGV
    or die "usage: t/check.pl [--jobs N] [--only NAME]... BUILD...\n";
my @builds = map { abs_path($_) // die "$_: $!\n" } @ARGV;
my $here = dirname(abs_path(__FILE__));
chdir(dirname($here)) or die "$here: $!\n";

# Check's own words: TAP to the standard output and nothing else; a busy machine is no failure.
$ENV{CK_TAP_LOG_FILE_NAME} = '-';
$ENV{CK_VERBOSITY} = 'silent';
$ENV{CK_TIMEOUT_MULTIPLIER} //= MULTIPLIER;

# The suppressions must be readable for a program that has become another user.
my $suppressions = File::Temp->new(TEMPLATE => 'lsanXXXX', TMPDIR => 1, UNLINK => 1);
copy("$here/lsan.supp", $suppressions->filename) or die "lsan.supp: $!\n";
chmod(0644, $suppressions->filename);
$ENV{LSAN_OPTIONS} //= "suppressions=" . $suppressions->filename . ":print_suppressions=0";

# The conformance cases first: they take as long as all others together, and hardly work.
sub tests_of {
    my ($build) = @_;
    my @units = grep { -x && !/\.d$/ } sort glob("$build/t/check_*");
    my @others = grep { $_ ne "t/conformance.t" } sort(glob("t/*.t"));
    my $name = basename($build);
    my @tests = ("t/conformance.t", @units, @others);
    my %wanted = map { $_ => 1 } @only;
    @tests = grep { $wanted{ basename($_) } } @tests if @only;
    return map { [$_, "$name: " . basename($_)] } @tests;
}

# Where the kernel scatters addresses widely (32 bits), one in four programs with Debian 12's AddressSanitizer repeats
# "DEADLYSIGNAL" for ever instead of starting.  Without random addresses all of them start.
sub steady {
    open(my $file, "<", "/proc/sys/vm/mmap_rnd_bits") or return ();
    my $bits = 0 + (<$file> // 0);
    return () if $bits <= NARROW;
    my @steady = ("setarch", "--addr-no-randomize");
    return @steady if system("@steady true 2>/dev/null") == 0;
    print "vm.mmap_rnd_bits is $bits: if sanitized programs hang, as root: sysctl vm.mmap_rnd_bits=@{[ NARROW ]}\n";
    return ();
}

my @steady = steady();

# The unit tests are programs; perl runs the others.
sub command_of {
    my ($harness, $test) = @_;
    return [@steady, $^X, "t/limited.pl", LIMIT, $test =~ /\.t$/ ? $^X : (), $test];
}

# Each reason for which tests were skipped, and how often.  A whole file, and what a program of Check
# leaves out (it says so in a comment), count as one.
my %skipped;

sub watch {
    my ($parser) = @_;
    $parser->callback(test => sub { $skipped{$_[0]->explanation || "no reason given"}++ if $_[0]->has_skip });
    $parser->callback(plan => sub { $skipped{$_[0]->explanation || "no reason given"}++ if $_[0]->has_skip });
    $parser->callback(comment => sub { $skipped{$1}++ if $_[0]->comment =~ /^SKIP\s+(.+)/ });
}

my $harness = TAP::Harness->new({jobs => $jobs, failures => 1, exec => \&command_of});
$harness->callback(made_parser => \&watch);
my $results = TAP::Parser::Aggregator->new;
$results->start;
for my $build (@builds) {
    -x "$build/secant" or die "$build/secant is not built\n";
    local $ENV{SECANT} = "$build/secant";
    my @tests = tests_of($build) or die "no such test: @only\n";
    $harness->aggregate_tests($results, @tests);
}
$results->stop;
$harness->summary($results);

# A test file that crashed or kept fewer tests than it planned has failed even if no test in it has.
my $broken = grep { my $parser = $_; $parser->has_problems && !$parser->failed } $results->parsers;
my $failed = $results->failed + $broken;
my $passed = $results->passed - $results->skipped;
print "$skipped{$_} skipped: $_\n" for sort keys %skipped;
print "$passed passed, $failed failed\n";
exit($failed || !$passed ? 1 : 0);
