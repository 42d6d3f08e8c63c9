#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Lockstep: made-up rules and logs with times, once with SEC in virtual time and once with Secant's event clock;
# exit status, log, standard output and dumps must be the same.
#
#   t/lockstep/run.pl [--seed N] [--rounds N] [--lines N] [--keep FOLDER] [--each] [--replay] [--coverage]
#
#   SEC      the reference (sec, as found in PATH)
#   SECANT   the binary under test, for --replay (build/secant)
#   DRIVE    the engine with an event clock (build/lockstep/drive)
#
# --replay takes `secant replay` in place of the engine alone, with one to three inputs in several forms of time;
# dumps are left out, since it records them.  (They are compared with a SEC of version 2.9.4 only.)
# A round that differs is kept in FOLDER (lockstep-failed): rules, log, command, and what both said.
# --each lets SEC live through every second instead of those in which it has something to do: the check on the
# driver, too slow for gaps of months.
# --coverage says at the end how many rounds touched what.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use FindBin;
use Getopt::Long qw(GetOptions);
use lib "$FindBin::Bin", "$FindBin::Bin/../lib";
use Coverage qw(touched);
use Program qw(binary reference spew slurp);
use Round qw(make_round);

my ($seed, $rounds, $lines, $keep, $each, $replay, $coverage) = (1, 30, 200, "lockstep-failed", "", "", "");
GetOptions('seed=i' => \$seed, 'rounds=i' => \$rounds, 'lines=i' => \$lines, 'keep=s' => \$keep, 'each' => \$each,
    'replay' => \$replay, 'coverage' => \$coverage)
    && !@ARGV or die "usage: $0 [--seed N] [--rounds N] [--lines N] [--keep FOLDER] [--each] [--replay] [--coverage]\n";
my $here = $FindBin::Bin;
my $sec = reference() // die "no reference: install sec or set SEC\n";
# Dumps of other versions look otherwise.
my @compared = ("status", "log", "out", `$sec --version` =~ / 2\.9\.4\b/ && !$replay ? "dumps" : ());
my $drive = abs_path($ENV{DRIVE} || "$here/../../build/lockstep/drive") // die "drive is not built\n";
my $secant = abs_path(binary());
# One for all: rounds set the seed of rand, so that names made up after them are not this process's alone.
my $scratch = tempdir(CLEANUP => 1);
my %rounds_that;    # touch what it names

# Runs a command in a folder of its own; its log, standard output and dumps.
sub run_one {
    my ($who, $folder, $round, $command) = @_;
    my $options = join(' ', (map { "--conf=../$_" } sort keys %{ $round->{rules} }), "--intevents",
        "--nochildterm", "--log=log", "--dump=dump", "--dumpfts", @{ $round->{options} }, $replay ? inputs_named($round) : ());
    mkdir("$folder/$who");
    spew("$folder/$who/command", "TZ='$round->{zone}' $command $options\n");
    # Limits, should a round not end: half a GB a file, and some minutes.
    system("cd '$folder/$who' && ulimit -f 1000000 && TZ='$round->{zone}' timeout 300 env $command $options >out 2>err </dev/null");
    my $status = $?;
    my $log = slurp("$folder/$who/log");
    $log =~ s/^(?:\w{3} ){2}[ \d]\d [\d:]{8} \d+: (?:SEC \(Simple|Opening input file|No writers on input pipe).*\n//mg;
    $log =~ s/CODE\(0x\w+\)/CODE/g;
    $log =~ s/^.*: (?:SIGUSR1 received: dumping|Dump to |Can't write to dumpfile).*\n//mg if $replay;
    return { status => $status, log => $log, out => slurp("$folder/$who/out"),
        dumps => join("\n", map { s{.*/}{}r, dumped($_) } sort glob("$folder/$who/dump*")) };
}

# What a dump says of the engine, in no order: not what it says of process and input.
sub dumped {
    my $text = slurp($_[0]) =~ s/CODE\(0x\w+\)/CODE/gr;
    return grep { !/^(?:PWD=|_=|Program version|User time|System time|Process ID|- \(status|Content of input buffer|-*$|\d{9,} \w+ |\d{9,} DUMP$)/ }
        sort(split(/\n/, $text));
}

# Options that name the inputs.
sub inputs_named {
    my $inputs = $_[0]{inputs};
    return map { "--input=$_" . ($inputs->{$_}[0] ? "=$inputs->{$_}[0]" : '') } sort keys %$inputs;
}

sub run_round {
    my ($number) = @_;
    my $folder = "$scratch/$number";
    mkdir($folder);
    my $round = make_round($number, $lines);
    spew("$folder/$_", $round->{rules}{$_}) for keys %{ $round->{rules} };
    spew("$folder/events", $round->{log});
    mkdir("$folder/secant");
    for my $name (sort keys %{ $round->{inputs} }) {
        my $text = $round->{inputs}{$name}[1];
        spew("$folder/events.$name", $text);
        spew("$folder/secant/$name", $text =~ s/^@\S+ //mgr);
    }
    my $events = $replay ? join(' ', map { "../events.$_=$_" } sort keys %{ $round->{inputs} }) : '../events';
    my $virtual = "LOCKSTEP='$events' " . ($each ? "LOCKSTEP_EACH=1 " : "") . "PERL5OPT=-MLockstepLog PERL5LIB='$here:$here/../../perl' $sec "
        . ($replay ? '--norwfifo --notail' : '--input=- --notail');
    my $theirs = run_one("sec", $folder, $round, $virtual);
    my $ours = run_one("secant", $folder, $round,
        $replay ? "'$secant' replay --quiet" : "'$drive' ../events --input=- --notail");
    my $seen = () = $ours->{log} =~ /\n/g;
    my @differ = grep { $theirs->{$_} ne $ours->{$_} } @compared;
    push(@differ, "nothing happened") if $theirs->{status} || $seen < 20;
    if (@differ) {
        make_path($keep);
        remove_tree("$keep/$number");
        system("cp", "-r", $folder, "$keep/$number");
    }
    $rounds_that{$_}++ for $coverage ? touched($round, "$folder/sec", $replay) : ();
    remove_tree($folder);
    return ($seen, @differ);
}

my ($failed, $sum) = (0, 0);
$| = 1;
for my $number ($seed .. $seed + $rounds - 1) {
    my ($seen, @differ) = run_round($number);
    $sum += $seen;
    $failed++ if @differ;
    print "seed $number: @differ (kept in $keep/$number)\n" if @differ;
}
print "$rounds rounds, $sum messages, $failed differ\n";
printf("%6d %s\n", $rounds_that{$_}, $_) for sort keys %rounds_that;
exit($failed ? 1 : 0);
