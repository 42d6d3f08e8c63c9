# SPDX-License-Identifier: GPL-2.0-or-later
# Numbered lines, all the time, as journald hands lines to rsyslogd: as datagrams to its socket.  When rsyslogd does
# not read, this waits; so nothing is lost before it.
package Feeder;
use strict;
use warnings;
use IO::Socket::UNIX;
use Program qw(slurp spew);
use Socket qw(SOCK_DGRAM);
use Time::HiRes qw(sleep);

# $first: of the first line, which comes however soon it is stopped.  About $rate lines a second.
sub start {
    my ($class, $path, $folder, $first, $rate) = @_;
    my $self = bless { last => "$folder/feeder.last" }, $class;
    unlink($self->{last});
    my $over;
    local $SIG{TERM} = sub { $over = 1 }; # before there is a process that stop may reach
    $self->{pid} = fork() // die "fork: $!";
    return $self if $self->{pid};
    eval { feed($path, $self->{last}, $first, $rate, \$over) };
    print STDERR $@;
    POSIX::_exit(length($@) ? 1 : 0);
}

# A few lines at a time, so that some are on their way together.
sub feed {
    my ($path, $last, $number, $rate, $over) = @_;
    my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $path) or die "$path: $!\n";
    do {
        my $some = 1 + int(rand(8));
        say_line($socket, sprintf("feeder: line %08d", $number++)) for 1 .. $some;
        sleep($some / $rate);
    } until $$over;
    spew($last, $number - 1);
}

sub say_line {
    my ($socket, $text) = @_;
    my $stamp = POSIX::strftime("%b %e %H:%M:%S", localtime());
    until (defined($socket->send("<13>$stamp $text"))) {
        die "the socket of rsyslogd: $!\n" unless $!{EAGAIN} || $!{EINTR} || $!{ENOBUFS};
        sleep(0.01);
    }
}

# Ends it; the number of the last line.
sub stop {
    my ($self) = @_;
    kill('TERM', $self->{pid});
    waitpid($self->{pid}, 0);
    die "the feeder ended with status $?\n" if $?;
    return slurp($self->{last});
}

sub DESTROY { kill('KILL', $_[0]{pid}) if $_[0]{pid} }

1;
