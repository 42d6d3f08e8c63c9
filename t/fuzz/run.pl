#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs fuzz targets that were built with libFuzzer, and ends with a table.
#
#   t/fuzz/run.pl [--seconds N] [--jobs N] BUILD [TARGET...]
#
# BUILD/corpus/TARGET grows from run to run; what is found stays as BUILD/TARGET-crash-* and similar, the
# output as BUILD/TARGET.log.  Leaks are looked for at the end: after each run it takes most of the time.
# Runs are counted by the second of processor time, so that the table says the same of a busy machine.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Path qw(make_path);
use Getopt::Long qw(GetOptions);

my ($seconds, $jobs) = (60, 1);
GetOptions('seconds=i' => \$seconds, 'jobs=i' => \$jobs) && @ARGV
    or die "usage: t/fuzz/run.pl [--seconds N] [--jobs N] BUILD [TARGET...]\n";
my $here = dirname(abs_path(__FILE__));
my ($build, @targets) = @ARGV;
$build = abs_path($build) // die "$build: $!\n";
@targets = grep { $_ ne "replay" } map { basename($_, ".c") } sort glob("$here/*.c") if !@targets;

# How long inputs get; glob's and regex's texts are short, rule files are not.
my %length = (rules => 2048, check => 1500, actions => 512, options => 512, surface => 41, tail => 300, child => 300,
    glob => 60, regex => 200, explain => 300, timestamp => 512, objects => 512, merge => 800, sectest => 1500,
    upstream => 2000, sides => 2000, import => 4000, mask => 600, resume => 1200, frames => 1200,
    state => 600, entries => 400, saved => 3000, redo => 700);

# Where bytes are choices from tables, words are of no use.
my %wordless = (surface => 1);

# Of where memory was allocated a few calls are enough; to find them takes long, and so does memory that is
# always fresh.  Perl takes the handler of
# SIGABRT from libFuzzer, and keeps its hands off the sanitizer's: an abort ends with a stack and an artifact.
$ENV{ASAN_OPTIONS} = join(":", "malloc_context_size=8:handle_abort=2:quarantine_size_mb=16", $ENV{ASAN_OPTIONS} // ());
$ENV{LSAN_OPTIONS} = "suppressions=$here/../lsan.supp:print_suppressions=0";
$ENV{UBSAN_OPTIONS} = "print_stacktrace=1";
system($^X, "$here/seeds.pl", "$build/seeds") == 0 or exit 1;

sub start {
    my ($target) = @_;
    make_path("$build/corpus/$target", "$build/seeds/$target");
    my $pid = fork() // die "fork: $!\n";
    return $pid if $pid;
    open(STDOUT, ">", "$build/$target.log") or die "$build/$target.log: $!\n";
    open(STDERR, ">&", \*STDOUT);
    exec("$build/fuzz/$target", "-close_fd_mask=3", "-max_total_time=$seconds", "-timeout=60",
        "-rss_limit_mb=4096", "-detect_leaks=0", "-print_final_stats=1",
        "-max_len=" . ($length{$target} // 400), "-artifact_prefix=$build/$target-",
        $wordless{$target} ? "-use_cmp=0" : "-dict=$build/seeds/words",
        "$build/corpus/$target", "$build/seeds/$target") or die "$build/fuzz/$target: $!\n";
}

# The processor time of the children that have ended since the last call.
my $spent_before = 0;
sub spent {
    my (undef, undef, $user, $system) = times;
    my $spent = $user + $system - $spent_before;
    $spent_before = $user + $system;
    return $spent || 0.01;
}

sub report {
    my ($target, $status, $cpu) = @_;
    open(my $in, "<", "$build/$target.log") or die "$build/$target.log: $!\n";
    my ($runs, $edges) = (0, 0);
    while (<$in>) {
        ($runs, $edges) = ($1, $2) if /^#(\d+)\s.*\bcov: (\d+)/;
        $runs = $1 if /number_of_executed_units: (\d+)/;
    }
    printf("%-10s %10d runs %8.0f/s of CPU %7d edges  %s\n", $target, $runs, $runs / $cpu, $edges,
        $status ? "FOUND something: $build/$target.log" : "nothing found");
    return $status ? 1 : 0;
}

spent(); # what made the seeds
my (%running, $found);
while (@targets || %running) {
    while (@targets && keys(%running) < $jobs) {
        my $target = shift @targets;
        $running{start($target)} = $target;
    }
    my $pid = waitpid(-1, 0);
    $found += report(delete $running{$pid}, $?, spent()) if $running{$pid};
}
exit($found ? 1 : 0);
