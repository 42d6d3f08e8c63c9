#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate import, with made-up rules and logs (Round.pm): SEC in virtual time writes its dump in the middle
# of a log, Secant takes it over and replays the rest, and has to do what SEC does that goes on.
#
#   t/lockstep/import.pl [--seed N] [--rounds N] [--lines N] [--keep FOLDER]
#
#   SEC      the reference (sec, as found in PATH)
#   SECANT   the binary under test (build/secant)
#
# What a dump does not hold is taken from SEC as well (LockstepCut.pm), if the import has named it.  At the end it says in how
# many rounds nothing was missing, and in how many SEC did the same even with all that it knew.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use FindBin;
use Getopt::Long qw(GetOptions);
use lib "$FindBin::Bin", "$FindBin::Bin/../lib";
use POSIX qw(strftime);
use Program qw(binary reference spew slurp);
use Round qw(make_round);

my ($seed, $rounds, $lines, $keep) = (1, 30, 200, "import-failed");
GetOptions('seed=i' => \$seed, 'rounds=i' => \$rounds, 'lines=i' => \$lines, 'keep=s' => \$keep)
    && !@ARGV or die "usage: $0 [--seed N] [--rounds N] [--lines N] [--keep FOLDER]\n";
my $here = $FindBin::Bin;
my $sec = reference() // die "no reference: install sec or set SEC\n";
my $secant = abs_path(binary());
my $scratch = tempdir(CLEANUP => 1);
my $perl = "PERL5OPT='-MLockstepLog -MLockstepCut' PERL5LIB='$here:$here/../../perl'";

# The log in one input: [second, line]; late lines come at the second of the one before.
sub lines_of {
    my ($round) = @_;
    my ($now, @lines) = (0);
    for (split(/\n/, $round->{log})) {
        my ($second, $text) = /^(\d+) (.*)/ or die $_;
        next if $text eq "DUMP";
        $now = $second if $second > $now;
        push(@lines, [$now, strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($now)) . " $text"]);
    }
    return @lines;
}

# What was said after the cut.
sub after_cut {
    my ($text) = @_;
    $text =~ s/^.*?CUT\n//s;
    $text =~ s/CODE\(0x\w+\)/CODE/g;
    $text =~ s/^(?:\w{3} ){2}[ \d]\d [\d:]{8} \d+: (?:SEC \(Simple|Opening input file|No writers on|Reading configuration|\d+ rules loaded|No --bufsize|State of).*\n//mg;
    return $text;
}

sub run_in {
    my ($folder, $zone, $command) = @_;
    mkdir($folder);
    spew("$folder/command", "TZ='$zone' $command\n");
    system("cd '$folder' && ulimit -f 1000000 && TZ='$zone' timeout 300 env $command >out 2>err </dev/null");
    return { status => $?, log => after_cut(slurp("$folder/log")), out => after_cut(slurp("$folder/out")) };
}

# Seeds the round, and one number more: where it is cut.
sub run_round {
    my ($number) = @_;
    my $folder = "$scratch/$number";
    mkdir($folder);
    my $round = make_round($number, $lines);
    my @lines = lines_of($round);
    my $at = int(@lines / 4 + rand(@lines / 2));
    my ($before, $after) = ($lines[$at - 1][0], $lines[$at][0]);
    my $cut = $before + int(rand($after - $before + 1));
    spew("$folder/$_", $round->{rules}{$_}) for keys %{ $round->{rules} };
    spew("$folder/events", join('', map { "\@$_->[0] $_->[1]\n" } @lines));
    my $conf = join(' ', map { "--conf=../$_" } sort keys %{ $round->{rules} });
    my $options = join(' ', $conf, "--input=a=IN", "--log=log", @{ $round->{options} });
    my $import = "'$secant' migrate import cut.json $conf @{ $round->{options} } -o cut.state";
    my %did;
    for my $who (qw(sec all)) {
        my $all = $who eq "all" ? "CUT_KEEPS_ALL=1 " : "";
        $did{$who} = run_in("$folder/$who", $round->{zone},
            qq(${all}CUT="$cut $import" LOCKSTEP='../events=a' $perl $sec --norwfifo --notail --nochildterm $options));
    }
    mkdir("$folder/secant");
    spew("$folder/secant/a", join('', map { "$_->[1]\n" } grep { $_->[0] >= $cut } @lines));
    $did{secant} = run_in("$folder/secant", $round->{zone}, "'$secant' replay --quiet --state=../sec/cut.state --from=$cut $options");
    my $took = slurp("$folder/sec/cut.status");
    my @differ = grep { $did{sec}{$_} ne $did{secant}{$_} } qw(status log out);
    my $same = !grep { $did{all}{$_} ne $did{secant}{$_} } qw(status log out);
    push(@differ, "import failed") if $took eq '' || $took > 1;
    push(@differ, "differs, and nothing was named") if !$same && $took eq '0';
    if (@differ || $ENV{KEEP}) {
        make_path($keep);
        remove_tree("$keep/$number");
        system("cp", "-r", $folder, "$keep/$number");
    }
    my $seen = () = $did{sec}{log} =~ /\n/g;
    remove_tree($folder);
    return ($seen, $took, $same, @differ);
}

my ($failed, $sum, $whole, $equal) = (0, 0, 0, 0);
$| = 1;
for my $number ($seed .. $seed + $rounds - 1) {
    my ($seen, $took, $same, @differ) = run_round($number);
    $sum += $seen;
    $whole++ if $took eq '0';
    $equal++ if $same;
    $failed++ if @differ;
    print "seed $number: @differ (kept in $keep/$number)\n" if @differ;
}
print "$rounds rounds, $sum messages after the cut, $failed differ; nothing missing in $whole, the same as SEC with all that it knew in $equal\n";
exit($failed ? 1 : 0);
