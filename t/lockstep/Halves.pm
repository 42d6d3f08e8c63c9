# SPDX-License-Identifier: GPL-2.0-or-later
# halves.c: an engine is saved in the middle of a log, and another one goes on.
package Halves;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use JSON::PP ();
use Program qw(binary slurp spew);
use Round qw(make_round);
our @EXPORT_OK = qw(differences driver);

sub driver { return dirname(abs_path(binary())) . "/lockstep/halves" }

# What is the run's, not the state's.
sub state_of {
    my ($text) = @_;
    my $dump = JSON::PP->new->latin1->decode($text);
    delete @$dump{qw(program env perf children)};
    delete $dump->{rulestats}{$_}{loadtime} for keys %{ $dump->{rulestats} };
    return JSON::PP->new->canonical->pretty->encode($dump) =~ s/(CODE|HASH|ARRAY)\(0x\w+\)/$1/gr;
}

sub log_of { return $_[0] =~ s/(CODE|HASH|ARRAY)\(0x\w+\)/$1/gr }

sub differences {
    my ($folder, $number, $count) = @_;
    my $round = make_round($number, $count);
    my @lines = grep { !/ DUMP$/ } split(/\n/, $round->{log});
    my $cut = int(rand(@lines));
    mkdir($folder);
    spew("$folder/$_", $round->{rules}{$_}) for keys %{ $round->{rules} };
    spew("$folder/lines", join('', map { "$_\n" } @lines));
    my $options = join(' ', (map { "--conf=$_" } sort keys %{ $round->{rules} }), "--intevents", "--debug=6", @{ $round->{options} });
    my $driver = driver();
    my $command = "TZ='$round->{zone}' timeout 300 $driver lines $cut $options >out 2>err </dev/null";
    spew("$folder/command", "$command\n");
    system("cd $folder && $command");
    my @differs = $? ? "status $?" : ();
    spew("$folder/whole.out", slurp("$folder/out") =~ s/^.*?^CUT\n//msr);
    my %same = (cut => \&state_of, log => \&log_of, out => \&log_of, end => \&state_of);
    for my $what (qw(cut log out end)) {
        my ($whole, $half) = map { eval { $same{$what}->(slurp("$folder/$_.$what")) } // "" } qw(whole half);
        push(@differs, $what) if $whole ne $half;
    }
    push(@differs, "lost") if slurp("$folder/half.lost") ne "";
    return @differs;
}

1;
