# SPDX-License-Identifier: GPL-2.0-or-later
# Perl's operators that reach out, in code that is compiled from now on: what they would do is told, and they
# return what lets the code go on.  It is what src/perl/held.h does in C, for a Perl that is not ours.
#
# Files opened for writing, standard output and standard error are tied.  A process is one that has ended already:
# fork has only its parent's side, what the command of SEC is is seen from its caller's arguments.
#
# Not caught: -X and stat, opendir; C code of modules; system and exec with a block before the words, which
# Perl does not compile when they are replaced.
package LockstepHeld;
use strict;
use warnings;
use Fcntl qw(O_WRONLY O_RDWR O_CREAT);
use Socket ();
use Symbol qw(gensym qualify_to_ref);

my $ask = sub { (0, '') };

sub begin {
    ($ask) = @_;
    after_compiling();
    tie(*STDOUT, 'LockstepHeld::Handle', 'STDOUT');
    tie(*STDERR, 'LockstepHeld::Handle', 'STDERR');
}

# A deed of user code: the operator, what it aims at, a text, all it was given.  Of a command: what it answers.
sub deed {
    my ($function, $target, $text, @words) = @_;
    $ask->('perl', $function, $target, $text, @words);
}

sub command {
    my ($function, $gives, @words) = @_;
    return $ask->('command', $function, $gives, join(' ', @words), @words > 1 ? @words : ());
}

# -- Handles --

package LockstepHeld::Handle;

# name: of the file; undef: SEC's own, a dump or a log, which nobody asks for.
sub TIEHANDLE { my ($class, $name, %rest) = @_; return bless { name => $name, status => 0, %rest }, $class }

sub PRINT {
    my ($self, @words) = @_;
    my $text = join($, // '', @words) . ($\ // '');
    LockstepHeld::deed('print', $self->{name}, $text, $text) if defined $self->{name};
    $LockstepHeld::caught .= $text if !defined $self->{name} && defined $LockstepHeld::caught;
    return 1;
}

sub PRINTF { my ($self, $form, @words) = @_; return $self->PRINT(sprintf($form, @words)) }

sub WRITE {
    my ($self, $text, $length, $offset) = @_;
    local ($,, $\);
    my $part = substr($text, $offset // 0, $length // length($text));
    $self->PRINT($part);
    return length($part);
}

sub CLOSE { my ($self) = @_; $? = $self->{status} << 8; return !$self->{status} }
sub FILENO { return { STDOUT => 1, STDERR => 2 }->{ $_[0]{name} // '' } // 3 }
sub BINMODE { return 1 }
sub EOF { return 1 }
sub READLINE { return }
sub SEEK { return 1 }
sub TELL { return 0 }
sub UNTIE { return }

package LockstepHeld;

# The handle that an operator was given, made if it is to be; $_[1]: whose code it is.
sub handle_of {
    $_[0] = gensym() unless defined $_[0];
    return ref $_[0] ? $_[0] : qualify_to_ref($_[0], $_[1]);
}

sub opened_for_writing {
    my ($handle, $name, $function, @words) = @_;
    untie(*$handle) if tied(*$handle);
    my $own = (caller(1))[0] eq 'main' || $words[0] =~ /^\s*>>?\s*&/;
    deed($function, $name, '', @words) unless $own;
    CORE::open($handle, '>', '/dev/null');
    tie(*$handle, 'LockstepHeld::Handle', (caller(1))[0] eq 'main' ? undef : $name);
    return 1;
}

# open MODE, COMMAND: a file in memory to read from; what is printed is told.
sub opened_command {
    my ($handle, $reads, @words) = @_;
    my ($status, $output) = command('open', $reads, @words);
    if ($reads) {
        CORE::open($handle, '<', \$output);
        *{$handle}{IO} and $LockstepHeld::status{ *{$handle}{IO} } = $status;
    } else {
        CORE::open($handle, '>', '/dev/null');
        tie(*$handle, 'LockstepHeld::Handle', join(' ', @words), status => $status);
    }
    return 1;
}

our $caught;    # what SEC writes to a dump, while somebody asks for it
our %status;    # of commands that are read from, by their handles

# Where a file of the test is found.
sub found {
    my ($name) = @_;
    my ($path) = $ask->('find', $name);
    return length($path) ? $path : $name;
}

sub held_open {
    my $package = caller;
    my $handle = handle_of($_[0], $package);
    my ($mode, @words) = @_[1 .. $#_];
    return CORE::open($handle) if @_ < 2;
    if (@_ == 2 && $mode =~ /^\s*(\+?[<>]{1,2}|\|)\s*(.*?)\s*$/s) {
        ($mode, @words) = $1 eq '|' ? ('|-', $2) : ($1, $2);
        ($mode, $words[0]) = ("$mode&", $1) if $words[0] =~ /^&(.*)/s;
    } elsif (@_ == 2 && $mode =~ /^\s*(.*?)\s*\|\s*$/s) {
        ($mode, @words) = ('-|', $1);
    } elsif (@_ == 2) {
        ($mode, @words) = ('<', $mode =~ /^\s*(.*?)\s*$/s);
    }
    return opened_command($handle, $mode eq '-|' ? 1 : '', @words) if $mode =~ /^\s*(?:\|-|-\|)/;
    if ($mode =~ /^\s*\+?>/ && !ref $words[0]) {
        return opened_for_writing($handle, $words[0], 'open', $mode, @words) unless $mode =~ /&/;
        my $source = $words[0] =~ /^=?(?:STDOUT|1)$/ ? 'STDOUT' : $words[0] =~ /^=?(?:STDERR|2)$/ ? 'STDERR' : undef;
        return opened_for_writing($handle, $source, 'open', $mode, @words) if defined $source;
    }
    untie(*$handle) if tied(*$handle);
    return CORE::open($handle, $mode) unless @words;
    $words[0] = found($words[0]) if $package ne 'main' && $mode =~ /^\s*<(?!&)/ && !ref $words[0];
    return CORE::open($handle, $mode, ref $words[0] || $mode =~ /&/ ? $words[0] : "$words[0]") if @words == 1;
    return CORE::open($handle, $mode, @words);
}

sub held_sysopen {
    my ($name, $flags, @mode) = @_[1 .. $#_];
    my $package = caller;
    my $handle = handle_of($_[0], $package);
    return opened_for_writing($handle, $name, 'sysopen', $name, $flags, @mode) if $flags & (O_WRONLY | O_RDWR | O_CREAT);
    return CORE::sysopen($handle, $package eq 'main' ? $name : found($name), $flags);
}

sub held_close {
    my $handle = @_ ? handle_of($_[0], scalar caller) : select();
    my $known = delete $status{ *{$handle}{IO} // '' };
    my $fine = CORE::close($handle);
    return $fine unless defined $known;
    $? = $known << 8;
    return !$known;
}

# -- Processes --

my ($last_pid, $last_write, @ended, %ended) = (100000);

sub held_pipe {
    my ($read, $write) = map { handle_of($_, scalar caller) } @_;
    CORE::pipe($read, $write) or return;
    $last_write = $write;
    return 1;
}

# The process of a command that has ended.  What it has written is in its pipe.
sub ended_process {
    my ($status, $output) = @_;
    my $pid = ++$last_pid;
    $ended{$pid} = $status << 8;
    push(@ended, $pid);
    if (length($output // '') && $last_write) {
        fcntl($last_write, 1031, length($output)) if length($output) > 65536;    # F_SETPIPE_SZ
        syswrite($last_write, $output);
    }
    undef $last_write;
    return $pid;
}

# SEC's functions that fork are given the command, as text or words; then lines to feed it, a list or the keys of
# a table (of a script), or whether its output is read, and with which context.
sub held_fork {
    my ($command, $second, $context);
    {
        package DB;
        my @frame = caller(1);
        ($command, $second, $context) = @DB::args if @frame && $frame[3] =~ /^main::\w+_cmd$/;
    }
    if (!defined $command) {
        my ($status) = command('fork', '');
        return ended_process($status);
    }
    my @words = ref $command ? @$command : $command;
    my $kind = ref $second eq 'HASH' ? 'script' : ref $second ? 'feed' : $second ? 'spawn' : 'run';
    my @lines = ref $second eq 'HASH' ? keys %$second : ref $second ? @$second : ();
    my $text = ref $second ? join('', map { "$_\n" } @lines) : '';
    my ($status, $output) =
        $ask->($kind, $kind eq 'spawn' ? $context : '', $text, join(' ', @words), ref $command ? @words : ());
    return ended_process($status, $kind eq 'spawn' ? $output : '');
}

sub held_wait {
    my ($pid) = @_;
    $pid = $ended[0] if !defined $pid || $pid <= 0;
    return -1 unless defined $pid && exists $ended{$pid};
    @ended = grep { $_ != $pid } @ended;
    $? = delete $ended{$pid};
    return $pid;
}

sub held_system {
    my ($status) = command('system', '', @_);
    return $? = $status << 8;
}

sub held_readpipe {
    my ($status, $output) = command('qx', 1, $_[0]);
    $? = $status << 8;
    return wantarray ? $output =~ /[^\n]*\n|[^\n]+/g : $output;
}

sub held_exec {
    command('exec', '', @_);
    $! = 1;    # EPERM
    return;
}

# -- Sockets: one end of a pair --

my %peer;

sub address_text {
    my ($packed) = @_;
    my $family = eval { Socket::sockaddr_family($packed) } // return '';
    return (Socket::unpack_sockaddr_un($packed))[0] if $family == Socket::AF_UNIX();
    my ($port, $address) =
        $family == Socket::AF_INET() ? Socket::unpack_sockaddr_in($packed) : Socket::unpack_sockaddr_in6($packed);
    return Socket::inet_ntop($family, $address) . ":$port";
}

sub held_socket {
    my $handle = handle_of($_[0], scalar caller);
    return CORE::socketpair($handle, my $other, Socket::AF_UNIX(), Socket::SOCK_STREAM(), 0);
}

sub held_connect {
    my $handle = handle_of($_[0], scalar caller);
    my $address = address_text($_[1]);
    $peer{ fileno($handle) } = $address;
    deed('connect', $address, '');
    return 1;
}

sub held_send {
    my $handle = handle_of($_[0], scalar caller);
    my $target = defined $_[3] ? address_text($_[3]) : $peer{ fileno($handle) // -1 };
    deed('send', $target, $_[1]);
    return length($_[1]);
}

# -- Operators --

# Those that only tell, with what they return: how many of their words were files, or success.
my %told;
BEGIN { %told = (
    unlink => sub { scalar(@_) }, chmod => sub { $#_ }, chown => sub { @_ - 2 }, utime => sub { @_ - 2 },
    (map { $_ => sub { 1 } } qw(rename link symlink mkdir rmdir truncate bind listen shutdown setsockopt chroot
        setpgrp setpriority ioctl)),
) }

sub told {
    my ($name, @words) = @_;
    my @shown = map { ref \$_ eq 'GLOB' || ref $_ ? '' : $_ // '' } @words;
    deed($name, $shown[{ chmod => 1, chown => 2, utime => 2 }->{$name} // 0], '', @shown);
    return $told{$name}->(@words);
}

sub held_kill {
    my ($signal, @pids) = @_;
    return CORE::kill($signal, @pids) if $signal eq '0' || $signal eq 'ZERO';
    deed('kill', $pids[0], '', $signal, @pids);
    return scalar(@pids);
}

BEGIN {
    no warnings 'once';
    *CORE::GLOBAL::open = sub (*;$@) { goto &held_open };
    *CORE::GLOBAL::sysopen = sub (*$$;$) { goto &held_sysopen };
    *CORE::GLOBAL::close = sub (;*) { goto &held_close };
    *CORE::GLOBAL::pipe = sub (**) { goto &held_pipe };
    *CORE::GLOBAL::fork = sub () { goto &held_fork };
    *CORE::GLOBAL::wait = sub () { held_wait() };
    *CORE::GLOBAL::waitpid = sub ($$) { held_wait($_[0]) };
    *CORE::GLOBAL::kill = sub (@) { goto &held_kill };
    *CORE::GLOBAL::socket = sub (*$$$) { goto &held_socket };
    *CORE::GLOBAL::connect = sub (*$) { goto &held_connect };
    *CORE::GLOBAL::send = sub (*$$;$) { goto &held_send };
    *CORE::GLOBAL::accept = sub (**) { $! = 11; return };    # EAGAIN
    *CORE::GLOBAL::gethostbyname = sub ($) { return "\300\0\2\1" };
    for my $name (keys %told) {
        my $prototype = prototype("CORE::$name") // '@';
        no strict 'refs';
        *{"CORE::GLOBAL::$name"} = eval "sub ($prototype) { told('$name', \@_ ? \@_ : \$_) }" || die $@;
    }
}

# What has another syntax when it is replaced, which SEC uses in processes that are not made.
sub after_compiling {
    no warnings qw(once redefine);
    no strict 'refs';
    *CORE::GLOBAL::system = \&held_system;
    *CORE::GLOBAL::exec = \&held_exec;
    *CORE::GLOBAL::readpipe = \&held_readpipe;
    for my $name (qw(POSIX::mkfifo POSIX::setsid POSIX::setuid POSIX::setgid POSIX::setpgid POSIX::nice Sys::Syslog::openlog
        Sys::Syslog::syslog Sys::Syslog::closelog)) {
        *$name = sub { deed($name, $_[0], '', @_); return 1 } if defined &$name;
    }
}

1;
