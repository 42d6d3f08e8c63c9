# SPDX-License-Identifier: GPL-2.0-or-later
# Perl's operators that reach out, in code that is compiled from now on: what they would do is told, and they
# return what lets the code go on.  It is what src/perl/held.h does in C, for a Perl that is not ours.
#
# Files opened for writing, standard output and standard error are tied.  A process is one that has ended already:
# fork has only its parent's side, what the command of SEC is is seen from its caller's arguments.
#
# Not caught here: -X and stat, opendir, which only look; C code of modules but for some of Perl's own, and what is
# called as CORE::open, for which there is src/guard/guard.h; system and exec with a program before the words in files
# of code, which Perl does not compile when they are replaced (with_program).
package LockstepHeld;
use strict;
use warnings;
use Fcntl qw(O_WRONLY O_RDWR O_CREAT O_EXCL O_TRUNC);
use Scalar::Util qw(reftype);
use Socket ();
use Symbol qw(gensym qualify_to_ref);

my $ask = sub { (0, '') };
our $note = sub { };    # is told of what need not be the same live

sub begin {
    ($ask) = @_;
    hold_code();
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

# One that is read from as well: a file to be updated, a socket.  real: what it is read from.
package LockstepHeld::Update;
our @ISA = qw(LockstepHeld::Handle);

sub READLINE { return readline($_[0]{real}) }
sub READ { return CORE::read($_[0]{real}, $_[1], $_[2], $_[3] // 0) }
sub GETC { return CORE::getc($_[0]{real}) }
sub EOF { return CORE::eof($_[0]{real}) }
sub SEEK { return CORE::seek($_[0]{real}, $_[1], $_[2]) }
sub TELL { return CORE::tell($_[0]{real}) }
sub FILENO { return CORE::fileno($_[0]{real}) }
sub BINMODE { return CORE::binmode($_[0]{real}, $_[1] // ':raw') }

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

# open +<: what is read is the file.
sub opened_for_update {
    my ($handle, $mode, $name, @words) = @_;
    untie(*$handle) if tied(*$handle);
    deed('open', $name, '', @words);
    $mode =~ s/^\s*\+//;
    CORE::open(my $real, $mode, found($name)) or return;
    CORE::open($handle, '<', '/dev/null');
    tie(*$handle, 'LockstepHeld::Update', $name, real => $real);
    return 1;
}

# What a handle that is written to is another one of.
sub source_of {
    my ($what, $package) = @_;
    return 'STDOUT' if $what =~ /^=?(?:STDOUT|1)$/;
    return 'STDERR' if $what =~ /^=?(?:STDERR|2)$/;
    return if $what =~ /^=?\d+$/;
    my $tied = tied(*{ ref $what || ref \$what eq 'GLOB' ? $what : qualify_to_ref($what =~ s/^=//r, $package) });
    return $tied && $tied->isa('LockstepHeld::Handle') ? $tied->{name} : undef;
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
    return CORE::open($handle, $mode =~ /^\s*\+/ ? '+<' : $mode, \my $memory) if @words == 1 && !defined $words[0];
    if ($mode =~ /^\s*\+?>/ && $mode =~ /&/) {
        my $source = source_of($words[0], $package);
        return opened_for_writing($handle, $source, 'open', @_[1 .. $#_]) if defined $source;
    } elsif ($mode =~ /^\s*\+?>/ && !ref $words[0]) {
        return opened_for_writing($handle, $words[0], 'open', @_[1 .. $#_]);
    } elsif ($mode =~ /^\s*\+</ && $mode !~ /&/ && !ref $words[0] && $package ne 'main') {
        return opened_for_update($handle, $mode, $words[0], @_[1 .. $#_]);
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
    return opened_for_writing($handle, $name, 'sysopen', $name, $flags, @mode) if $flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
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
        $note->('fork');
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
    return 0;
}

sub system_of (&@) { my ($program, @words) = @_; $program->(); held_system(@words) }
sub exec_of (&@) { my ($program, @words) = @_; $program->(); held_exec(@words) }

# "system { $program } @words" and "system $program @words", in which the first of the words is only a name.
sub with_program {
    my ($code) = @_;
    my $operator = qr/\b(?:if|unless|for|foreach|while|until|and|or|xor|x|[gln][et]|eq|le|cmp|isa)\b/;
    return $code =~ s{(?<![\$\@%&>:\w])(system|exec)(\s*\(?\s*)(?:(\{)|(\$\w+)\s+(?!$operator)(?=[\$\@"'\w]))}
        {$2LockstepHeld::${1}_of @{[$3 // "{ $4 } "]}}gr;
}

sub compiles {
    my ($code) = @_;
    no strict;
    no warnings;
    local ($@, $SIG{__WARN__}, $SIG{__DIE__}) = ('', sub { });
    return eval "package main::SEC; sub { $code\n}";
}

# SEC compiles texts: those that do so only with a function in place of these operators get it.
sub hold_code {
    no strict 'refs';
    no warnings 'redefine';
    my $name = 'main::SEC::call_eval';    # named here, the package would have another name
    my $theirs = defined &$name ? \&$name : return;
    *$name = sub {
        my ($code, @rest) = @_;
        my $held = with_program($code // '');
        @_ = (compiles($code) ? $code : $held, @rest) if $held ne ($code // '');
        goto &$theirs;
    };
}

# -- Sockets: one end of a pair --

my %peer;    # the address, by the handle

sub name_of {
    my ($handle) = @_;
    my $tied = tied(*$handle);
    return $tied->{name} // '' if $tied && $tied->isa('LockstepHeld::Handle');
    return exists $peer{ *{$handle}{IO} // '' } ? 'socket' : *{$handle}{NAME};
}

sub address_text {
    my ($packed) = @_;
    my $family = eval { Socket::sockaddr_family($packed) } // return $packed;
    return (Socket::unpack_sockaddr_un($packed))[0] if $family == Socket::AF_UNIX();
    my $length = { Socket::AF_INET(), 16, Socket::AF_INET6(), 28 }->{$family} // return $packed;
    my $whole = substr($packed . "\0" x $length, 0, $length);
    my ($port, $address) = $length == 16 ? Socket::unpack_sockaddr_in($whole) : Socket::unpack_sockaddr_in6($whole);
    return Socket::inet_ntop($family, $address) . ":$port";
}

sub held_socket {
    $note->('sockets');
    my $handle = handle_of($_[0], scalar caller);
    CORE::socketpair($handle, my $other, Socket::AF_UNIX(), Socket::SOCK_STREAM(), 0) or return;
    CORE::open(my $real, '<&', $handle) or return;
    $peer{ *{$handle}{IO} } = undef;
    tie(*$handle, 'LockstepHeld::Update', 'socket', real => $real);
    return 1;
}

sub held_connect {
    my $handle = handle_of($_[0], scalar caller);
    my $address = address_text($_[1]);
    deed('connect', $address, '');
    $peer{ *{$handle}{IO} } = $_[1];
    (tied(*$handle) // {})->{name} = $address;
    return 1;
}

sub held_bind {
    deed('bind', address_text($_[1]), '');
    return 1;
}

sub held_getpeername {
    my $handle = handle_of($_[0], scalar caller);
    return exists $peer{ *{$handle}{IO} // '' } ? $peer{ *{$handle}{IO} } : CORE::getpeername($handle);
}

sub held_accept {
    my ($new, $socket) = map { handle_of($_, scalar caller) } @_;
    deed('accept', name_of($socket), '', name_of($new), name_of($socket));
    $! = 11;    # EAGAIN
    return;
}

# No name server is asked.
sub some_address {
    my ($name, $function) = @_;
    return $name if $name =~ /^\d+\.\d+\.\d+\.\d+$/;
    deed($function, $name, '');
    return '192.0.2.1';
}

sub held_send {
    my $handle = handle_of($_[0], scalar caller);
    my $target = defined $_[3] ? address_text($_[3]) : name_of($handle);
    deed('send', $target, $_[1]);
    return length($_[1]);
}

# -- Operators --

# Those that only tell, with what they return: how many of their words were files, or success.
my %told;
BEGIN { %told = (
    unlink => sub { scalar(@_) }, chmod => sub { $#_ }, chown => sub { @_ - 2 }, utime => sub { @_ - 2 },
    (map { $_ => sub { 1 } } qw(rename link symlink mkdir rmdir truncate listen shutdown setsockopt chroot setpgrp
        setpriority flock)),
    ioctl => sub { '0 but true' },
    (map { $_ => sub { $! = 1; undef } } qw(syscall dbmopen shmget shmctl shmread shmwrite msgget msgctl msgsnd msgrcv
        semget semctl semop)),    # EPERM
) }
my %target = (chmod => 1, chown => 2, utime => 2, setpriority => 1, dbmopen => 1);    # which word it is

sub told {
    my ($name, @words) = @_;
    my @shown = map { ref \$_ eq 'GLOB' || (reftype($_) // '') eq 'GLOB' ? name_of($_) : ref $_ ? '' : $_ // '' } @words;
    deed($name, $shown[$target{$name} // 0], '', @shown);
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
    *CORE::GLOBAL::bind = sub (*$) { goto &held_bind };
    *CORE::GLOBAL::accept = sub (**) { goto &held_accept };
    *CORE::GLOBAL::getpeername = sub (*) { goto &held_getpeername };
    *CORE::GLOBAL::gethostbyname = sub ($) { CORE::gethostbyname(some_address($_[0], 'gethostbyname')) };
    *CORE::GLOBAL::gethostbyaddr = sub ($$) { deed('gethostbyaddr', '', ''); return };
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
    hold_functions();
    for my $loader (qw(XSLoader::load DynaLoader::bootstrap)) {
        my $theirs = defined &$loader ? \&$loader : next;
        *$loader = sub {
            @_ = scalar caller unless @_;
            my @result = &$theirs;
            hold_functions();
            return wantarray ? @result : $result[0];
        };
    }
}

# -- C functions of Perl's own modules --

my $zero = sub { '0 but true' };
my $length = sub {
    my ($text, $most) = @_[1, 2];
    my $length = defined $most && $most < length($text // '') ? $most : length($text // '');
    return $length || '0 but true';
};
my %functions = (
    (map { $_ => $zero } qw(POSIX::mkfifo POSIX::lchown POSIX::nice POSIX::setpgid POSIX::setsid POSIX::setuid
        POSIX::setgid POSIX::tcsetpgrp POSIX::tcdrain POSIX::tcflow POSIX::tcflush POSIX::tcsendbreak POSIX::Termios::setattr
        IO::Handle::sync Sys::Syslog::openlog_xs Sys::Syslog::closelog_xs)),
    (map { $_ => $length } qw(POSIX::write Sys::Syslog::syslog_xs)),
    'Time::HiRes::utime' => sub { @_ > 2 ? @_ - 2 : 0 },
    'IO::File::new_tmpfile' => sub { $! = 1; undef },
);
my %aim = ('POSIX::lchown' => 2, 'Time::HiRes::utime' => 2);    # which word is the target
my %held;

# Once their modules have been loaded.
sub hold_functions {
    no warnings qw(redefine prototype);
    no strict 'refs';
    for my $name (grep { defined &$_ && !$held{$_}++ } keys %functions) {
        my $answer = $functions{$name};
        *$name = sub {
            my $text = $answer == $length ? $_[1] : '';
            deed($name, $_[$aim{$name} // 0], $text, @_);
            return $answer->(@_);
        };
    }
    hold_looks($_) for grep { defined &$_ && !$held{$_}++ } qw(Socket::inet_aton Socket::getaddrinfo);
    hold_posix() if defined &POSIX::open && !$held{POSIX}++;
}

# A name becomes an address of the documentation's.
sub hold_looks {
    my ($name) = @_;
    no strict 'refs';
    no warnings qw(redefine prototype);
    my $theirs = \&$name;
    *$name = sub {
        my ($host, @words) = @_;
        return $theirs->(@_) if !defined $host || $host !~ /[^\d.]/ || $host =~ /:/;
        deed($name, $host, '', @_);
        return $theirs->('192.0.2.1', @words);
    };
}

# Descriptors 0 to 2 are not user code's own.
sub hold_posix {
    no warnings qw(redefine prototype);
    my ($open, $close, $dup2) = (\&POSIX::open, \&POSIX::close, \&POSIX::dup2);
    *POSIX::open = sub {
        my ($name, $flags, @mode) = @_;
        $flags //= 0;
        return $open->(@_) unless $flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
        deed('POSIX::open', $name, '', @_);
        return $open->('/dev/null', $flags & ~(O_CREAT | O_EXCL | O_TRUNC), @mode);
    };
    *POSIX::close = sub { return $close->(@_) if $_[0] > 2; deed('POSIX::close', $_[0], '', @_); '0 but true' };
    *POSIX::dup2 = sub { return $dup2->(@_) if $_[1] > 2; deed('POSIX::dup2', $_[1], '', @_); '0 but true' };
}

1;
