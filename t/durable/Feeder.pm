# SPDX-License-Identifier: GPL-2.0-or-later
# Writes the lines of a workload into inputs, as programs and logrotate do:
#
#   plain       a file that is only appended to
#   renamed     a file that becomes FILE.1, and FILE.1 becomes FILE.2
#   compressed  the same, with FILE.1.gz
#   fifo        a FIFO; what nobody has read waits in it
#   confirmed   the standard input of the program; each line waits for "OK", and is sent again to the next program
#               if it has not come (rsyslog's omprog with confirmMessages="on")
#   rsyslog     rsyslogd, which feeds the program so
package Feeder;
use strict;
use warnings;
use Fcntl qw(O_RDWR O_NONBLOCK);
use POSIX qw(mkfifo EAGAIN);
use Time::HiRes qw(time);

use constant ATOMIC => 4096;    # bytes that a FIFO takes as a whole or not at all
use constant ANSWERS => 0.003;  # seconds that confirmed lines are sent for at a time,
use constant PATIENCE => 0.001; # and for which an answer is waited for

# In this folder; how: letter => way.
sub new {
    my ($class, $dir, $workload, %how) = @_;
    my $self = bless { dir => $dir, workload => $workload, how => \%how, open => {}, waiting => {}, first => {} }, $class;
    foreach my $input (keys %how) {
        $self->{waiting}{$input} = [];
        $self->{first}{$input} = 1;
        $self->{ends}{$input} = [];    # the last lines of old files, the oldest first
        mkfifo($self->path($input), 0600) || die "fifo: $!" if $how{$input} eq "fifo";
        $self->reopen($input) unless $self->asks($input);
    }
    return $self;
}

sub inputs { return sort(keys(%{ $_[0]{how} })) }
sub is { return $_[0]{how}{ $_[1] } eq $_[2] }
sub path { return "$_[0]{dir}/$_[1].log" }

# Whether who feeds the program waits for its answers.
sub asks { return $_[0]->is($_[1], "confirmed") || $_[0]->is($_[1], "rsyslog") }

# The option of the program for this input.
sub option {
    my ($self, $input) = @_;
    return $self->asks($input) ? "--input=-" : "--input=$input.log";
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

# The connection to rsyslogd.
sub connect {
    my ($self, $input, $connection) = @_;
    $self->{open}{$input} = $connection;
    $self->{before} = "<13>Nov 24 05:00:00 host test: ";
}

sub connected { return defined($_[0]{open}{ $_[1] }) }

# A whole number of lines at a time, for programs that look between two writes.
sub flush {
    my ($self, $input) = @_;
    my $waiting = $self->{waiting}{$input};
    my $before = $self->is($input, "rsyslog") ? $self->{before} : "";
    while (@$waiting) {
        my $text = "";
        my $taken = 0;
        while ($taken < @$waiting && length($text) + length($before) + length($waiting->[$taken]) < ATOMIC) {
            $text .= "$before$waiting->[$taken++]\n";
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
    $self->hear if $self->{out};    # what the last one has said is still in its pipe
    unshift(@{ $self->{waiting}{$input} }, $self->{sent}) if defined($self->{sent});
    @$self{qw(in out sent ready answers confirmed)} = ($in, $out, undef, 0, "", $input);
    push(@{ $self->{told} }, ["start", undef]);
    $_->blocking(0) for $in, $out;
}

# What the program was sent and has answered, in order: [line, answer], undef where there is none; "start" for each start.
sub told { return @{ $_[0]{told} } }

# Takes answers: the first one says that the program is there, each other one is that of the line that was sent.
sub hear {
    my ($self) = @_;
    sysread($self->{out}, $self->{answers}, 65536, length($self->{answers}));
    while ($self->{answers} =~ s/^(.*)\n//) {
        die "answered more than it was sent: $1\n" if $self->{ready} && !defined($self->{sent});
        $self->{told}[-1][1] = $1;
        $self->{sent} = undef;
        $self->{ready} = 1;
    }
}

# Sends line after line, each once the one before has its answer, as long as answers come.
sub confirm {
    my ($self) = @_;
    return unless $self->{out};
    my $waiting = $self->{waiting}{ $self->{confirmed} };
    local $SIG{PIPE} = 'IGNORE';
    vec(my $ears = "", fileno($self->{out}), 1) = 1;
    for (my $end = time() + ANSWERS; time() < $end;) {
        $self->hear;
        return if !$self->{ready} || (!defined($self->{sent}) && !@$waiting);
        if (!defined($self->{sent})) {
            return unless syswrite($self->{in}, "$waiting->[0]\n");    # it has been killed
            $self->{sent} = shift(@$waiting);
            push(@{ $self->{told} }, [$self->{sent}, undef]);
        }
        return unless select(my $heard = $ears, undef, undef, PATIENCE);
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
