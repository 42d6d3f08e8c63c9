# SPDX-License-Identifier: GPL-2.0-or-later
# How far the program under test is, seen from outside, and what a kill can have made happen again.
#
# "high" of a kill is the last line of each input that had been processed.  "low" is the last one of which it is certain
# that the journal had it: a sync of the journal with ENTRY_DISK (powerfail.c) comes after all that was processed at the look
# before it; but not while the program does again what the one before it did.  When the power fails, it is the sync
# before that counts.  "kept" is what the newest snapshot has for certain.
package Progress;
use strict;
use warnings;

sub new {
    my ($class, $engine, $cut, $power, @inputs) = @_;
    my $zero = sub { return { map { ($_ => 0) } @inputs } };
    return bless { engine => $engine, cut => $cut, power => $power, inputs => \@inputs, syncs => 0, kills => [],
        map { ($_ => $zero->()) } qw(now low next high kept before) }, $class;
}

sub seen { return $_[0]{now}{ $_[1] } }
sub kept { return $_[0]{kept}{ $_[1] } }
sub kills { return $_[0]{kills} }

sub look {
    my ($self) = @_;
    my $files = $self->{engine}->state_files;
    my $now = { map { ($_ => $self->{engine}->last_number("out/seen.$_")) } @{ $self->{inputs} } };
    my $syncs = $self->{cut} ? $self->{cut}->syncs : 0;
    if ($syncs > $self->{syncs}) {
        foreach my $input (grep { $self->{now}{$_} > $self->{high}{$_} } @{ $self->{inputs} }) {
            $self->{low}{$input} = $self->{power} ? $self->{next}{$input} : $self->{now}{$input};
            $self->{next}{$input} = $self->{now}{$input};
        }
    }
    my ($snapshot) = sort { $b cmp $a } grep { /^snapshot\.\d+$/ } keys(%$files);
    if (defined($snapshot) && $snapshot ne ($self->{snapshot} // "")) {
        @$self{qw(snapshot kept before)} = ($snapshot, $self->{before}, { %{ $self->{low} } });
    }
    @$self{qw(syncs now)} = ($syncs, $now);
    return $files;
}

# The program has been killed.
sub killed {
    my ($self) = @_;
    my $now = { map { ($_ => $self->{engine}->last_number("out/seen.$_")) } @{ $self->{inputs} } };
    $self->{high}{$_} = $now->{$_} > $self->{high}{$_} ? $now->{$_} : $self->{high}{$_} for @{ $self->{inputs} };
    push(@{ $self->{kills} }, { low => { %{ $self->{low} } }, high => { %{ $self->{high} } } });
    $self->{now} = $now;
}

1;
