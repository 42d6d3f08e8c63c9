# SPDX-License-Identifier: GPL-2.0-or-later
# Writes the lines of a workload into inputs, as programs and logrotate do:
#
#   plain       a file that is only appended to
#   renamed     a file that becomes FILE.1, and FILE.1 becomes FILE.2
#   compressed  the same, with FILE.1.gz
#   fifo        a FIFO; what nobody has read waits in it
#   confirmed   the standard input of the program; each line waits for "OK", and is sent again to the next program
#               if it has not come (rsyslog's omprog with confirmMessages="on")
package Feeder;
use strict;
use warnings;
use Fcntl qw(O_RDWR O_NONBLOCK);
use POSIX qw(mkfifo EAGAIN);

use constant ATOMIC => 4096;    # bytes that a FIFO takes as a whole or not at all

# In this folder; how: letter => way.
sub new {
    my ($class, $dir, $workload, %how) = @_;
    my $self = bless { dir => $dir, workload => $workload, how => \%how, open => {}, waiting => {}, first => {} }, $class;
    foreach my $input (keys %how) {
        $self->{waiting}{$input} = [];
        $self->{first}{$input} = 1;
        $self->{ends}{$input} = [];    # the last lines of old files, the oldest first
        mkfifo($self->path($input), 0600) || die "fifo: $!" if $how{$input} eq "fifo";
        $self->reopen($input) unless $how{$input} eq "confirmed";
    }
    return $self;
}

sub inputs { return sort(keys(%{ $_[0]{how} })) }
sub is { return $_[0]{how}{ $_[1] } eq $_[2] }
sub path { return "$_[0]{dir}/$_[1].log" }

# The option of the program for this input.
sub option {
    my ($self, $input) = @_;
    return $self->is($input, "confirmed") ? "--input=-" : "--input=$input.log";
}

sub reopen {
    my ($self, $input) = @_;
    my $path = $self->path($input);
    my $ok = $self->is($input, "fifo") ? sysopen($self->{open}{$input}, $path, O_RDWR | O_NONBLOCK)
                                       : open($self->{open}{$input}, ">>", $path);
    $ok or die "$path: $!";
    $self->{first}{$input} = $self->{workload}->count($input) + 1;
}

# Whether all of its lines have been written (and confirmed).
sub empty { return !@{ $_[0]{waiting}{ $_[1] } } && !defined($_[0]{sent}) }

# So many more lines, if earlier ones do not wait.
sub feed {
    my ($self, $input, $count) = @_;
    my $waiting = $self->{waiting}{$input};
    push(@$waiting, $self->{workload}->next_line($input)) while @$waiting < $count;
    return $self->is($input, "confirmed") ? $self->confirm() : $self->flush($input);
}

# A whole number of lines at a time, for programs that look between two writes.
sub flush {
    my ($self, $input) = @_;
    my $waiting = $self->{waiting}{$input};
    while (@$waiting) {
        my $text = "";
        my $taken = 0;
        while ($taken < @$waiting && length($text) + length($waiting->[$taken]) < ATOMIC) {
            $text .= "$waiting->[$taken++]\n";
        }
        my $written = syswrite($self->{open}{$input}, $text);
        return if !defined($written) && $! == EAGAIN;
        defined($written) && $written == length($text) or die "$input: $!";
        splice(@$waiting, 0, $taken);
    }
}

# The pipes of a new program: what the last one has not confirmed is sent again.
sub attach {
    my ($self, $in, $out) = @_;
    my ($input) = grep { $self->is($_, "confirmed") } $self->inputs;
    unshift(@{ $self->{waiting}{$input} }, $self->{sent}) if defined($self->{sent});
    @$self{qw(in out sent ready answers confirmed)} = ($in, $out, undef, 0, "", $input);
    $_->blocking(0) for $in, $out;
}

# Takes answers; sends the next line once the one before has its own.
sub confirm {
    my ($self) = @_;
    return unless $self->{out};
    my $waiting = $self->{waiting}{ $self->{confirmed} };
    for (;;) {
        sysread($self->{out}, $self->{answers}, 65536, length($self->{answers}));
        while ($self->{answers} =~ s/^(.*)\n//) {
            die "answered '$1'\n" unless $1 eq "OK";
            $self->{ready} = 1;
            $self->{sent} = undef;
        }
        return if !$self->{ready} || defined($self->{sent}) || !@$waiting;
        return unless syswrite($self->{in}, "$waiting->[0]\n");
        $self->{sent} = shift(@$waiting);
    }
}

# Lets the input become an old file, as logrotate does, with a few more lines of a writer that has not noticed yet.
sub rotate {
    my ($self, $input) = @_;
    my $path = $self->path($input);
    my $suffix = $self->is($input, "compressed") ? ".gz" : "";
    rename("$path.$_$suffix", "$path." . ($_ + 1) . $suffix) || die "$path: $!" for reverse(1 .. @{ $self->{ends}{$input} });
    rename($path, "$path.1") or die "$path: $!";
    $self->feed($input, 3);
    $self->reopen($input);
    push(@{ $self->{ends}{$input} }, $self->first($input) - 1);
    system("gzip", "$path.1") == 0 or die "gzip: $?" if $suffix;
}

# Old files with no line after this one are removed, but the newest two.
sub forget {
    my ($self, $input, $number) = @_;
    my $ends = $self->{ends}{$input};
    my $suffix = $self->is($input, "compressed") ? ".gz" : "";
    while (@$ends > 2 && $ends->[0] <= $number) {
        unlink($self->path($input) . "." . @$ends . $suffix) or die "$input: $!";
        shift(@$ends);
    }
}

# The number of the first line of the present file.
sub first { return $_[0]{first}{ $_[1] } }

sub rotates { return $_[0]->is($_[1], "renamed") || $_[0]->is($_[1], "compressed") }

1;
