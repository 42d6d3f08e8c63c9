#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# False alarms of `secant migrate`: made-up rules and logs with times (t/lockstep/Round.pm), over which SEC and
# Secant must be found equal.
#
#   t/migrate/random.pl [--seed N] [--rounds N] [--lines N] [--keep FOLDER]
#
#   SEC      the reference (sec, as found in PATH)
#   SECANT   the binary under test (build/secant)
#
# A round that is found different, or not compared, is kept in FOLDER (migrate-failed).
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use FindBin;
use Getopt::Long qw(GetOptions);
use lib "$FindBin::Bin/../lockstep", "$FindBin::Bin/../lib";
use Program qw(binary reference spew slurp);
use Round qw(make_round);

my ($seed, $rounds, $lines, $keep) = (1, 20, 200, "migrate-failed");
GetOptions('seed=i' => \$seed, 'rounds=i' => \$rounds, 'lines=i' => \$lines, 'keep=s' => \$keep) && !@ARGV
    or die "usage: $0 [--seed N] [--rounds N] [--lines N] [--keep FOLDER]\n";
my $sec = reference() // die "no reference: install sec or set SEC\n";
my $secant = abs_path(binary());
my $scratch = tempdir(CLEANUP => 1);

# What migrate says; its exit status.
sub run_round {
    my ($number) = @_;
    my $folder = "$scratch/$number";
    mkdir($folder);
    my $round = make_round($number, $lines);
    spew("$folder/$_", $round->{rules}{$_}) for keys %{ $round->{rules} };
    my $inputs = $round->{inputs};
    spew("$folder/$_", $inputs->{$_}[1] =~ s/^@\S+ //mgr) for keys %$inputs;
    my $options = join(' ', (map { "--conf=$_" } sort keys %{ $round->{rules} }), '--intevents',
        (map { "--input=$_" . ($inputs->{$_}[0] ? "=$inputs->{$_}[0]" : '') } sort keys %$inputs), @{ $round->{options} });
    my $command = "TZ='$round->{zone}' timeout 300 '$secant' migrate --ref '$sec' --quiet $options";
    spew("$folder/command", "$command\n");
    my $said = `cd '$folder' && env $command 2>&1 </dev/null`;
    my $status = $? >> 8;
    spew("$folder/said", $said);
    if ($status) {
        make_path($keep);
        remove_tree("$keep/$number");
        system("cp", "-r", $folder, "$keep/$number");
    }
    remove_tree($folder);
    return ($status, $said);
}

my ($failed, $sum) = (0, 0);
$| = 1;
for my $number ($seed .. $seed + $rounds - 1) {
    my ($status, $said) = run_round($number);
    $sum += $1 =~ s/,//gr if $said =~ /([\d,]+) effects?/;
    $failed++ if $status;
    print "seed $number: status $status (kept in $keep/$number)\n" if $status;
}
print "$rounds rounds, $sum effects, $failed not equal\n";
exit($failed ? 1 : 0);
