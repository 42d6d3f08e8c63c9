# SPDX-License-Identifier: GPL-2.0-or-later
# An unmodified SEC whose rules do nothing: what they would do, and what it says in its log, is told to somebody.
#
#     LockstepSec::begin(second => ..., tell => \&tell, ask => \&ask, idle => \&idle, reading => \&reading);
#
# before SEC's own code is compiled; it takes effect when that has been.
#     tell      is given words: log LEVEL TEXT; event TEXT CONTEXT; write, writen, owritecl, udgram, ustream,
#               udpsock, tcpsock TARGET TEXT; signal NAME; stranger (it is no SEC)
#     ask       the same for what has an answer (LockstepHeld)
#     idle      when SEC has nothing to do (Lockstep)
#     reading   is given the function that reads the rules, and calls it
#     inputs    if true, the log tells of inputs that are opened
#     note      is told, in words for people, what user code does that need not be the same live; may be missing
#
# The actions that write and send are replaced by name, which all releases since 2.7 have in common; all else that
# reaches out goes through Perl's operators, in SEC as in user code, and these are replaced (LockstepHeld).  Inputs
# are names only, closed.
package LockstepSec;
use strict;
use warnings;
use Lockstep;
use LockstepHeld;

my %with;

sub begin {
    %with = @_;
    $Lockstep::note = $LockstepHeld::note = $with{note} if $with{note};
    CORE::rmdir('/dev/null/guarded');    # src/guard/guard.h
}

# Words are bytes, as Perl would print them.
sub as_bytes {
    my ($text) = @_;
    $text //= '';
    utf8::encode($text) if utf8::is_utf8($text) && !utf8::downgrade($text, 1);
    return $text;
}

# -- Actions --

# Variables of action lists, in $_[0].
sub substitute {
    no strict 'refs';
    &{ defined &main::substitute_actionlist_var ? 'main::substitute_actionlist_var' : 'main::substitute_var' };
}

# One that has a target and a text, which it writes or sends.
sub replace_output {
    my ($name, $kind) = @_;
    no strict 'refs';
    no warnings 'redefine';
    return unless defined &{"main::execute_${name}_action"};
    *{"main::execute_${name}_action"} = sub {
        my ($actions, $text, $i) = @_;
        my ($target, $event) = @$actions[$i + 1, $i + 2];
        substitute($_, $text) for $target, $event;
        my $bare = $name eq 'write' && defined &main::WRITEN && $actions->[$i] == &main::WRITEN;
        $with{tell}->($bare ? 'writen' : $kind, $target, $event);
        return 3;
    };
}

# sigemul happens; it is told as well.
sub tell_signal {
    my ($theirs, $actions, $text, $i) = @_;
    my $signal = $actions->[$i + 1];
    substitute($signal, $text);
    $with{tell}->('signal', uc($signal)) if $signal =~ /^(?:HUP|ABRT|USR1|USR2|INT|TERM)$/i;
    return $theirs->($actions, $text, $i);
}

# -- Events that wait for their turn --

# Each is its text, since 2.7.6 with its context.
package LockstepSec::Events;
use Tie::Array;
our @ISA = qw(Tie::StdArray);

sub PUSH {
    my ($self, @events) = @_;
    my $each = defined &main::SYNEVENT_INT_CONTEXT ? 2 : 1;
    for (my $i = 0; $i < @events; $i += $each) {
        $with{tell}->('event', $events[$i], $each == 2 ? $events[$i + 1] : '_INTERNAL_EVENT');
    }
    return push(@$self, @events);
}

package LockstepSec;

# -- SEC's own functions --

our $quiet = 0;

sub around {
    my ($name, $around) = @_;
    no strict 'refs';
    no warnings 'redefine';
    my $theirs = defined &{"main::$name"} ? \&{"main::$name"} : return;
    *{"main::$name"} = sub { $around->($theirs, @_) };
}

# Options that would reach out, or wait for what does not come.
sub keep_inside {
    my ($theirs, @words) = @_;
    my @result = $theirs->(@words);
    no warnings 'once';
    undef $_ for $main::logfile, $main::syslogf, $main::pidfile, $main::username, $main::umask;
    $_ = 0 for $main::detach, $main::childterm, $main::testonly, $main::help, $main::version, $main::reopen_timeout,
        $main::check_timeout, $main::input_timeout;
    $main::tail = 1;
    return wantarray ? @result : $result[0];
}

sub hear_message {
    my ($theirs, $level, @parts) = @_;
    $with{tell}->('log', $level, join(' ', @parts)) unless $quiet || $main::debuglevel < $level;
}

sub open_quietly {
    my ($theirs, @words) = @_;
    local $quiet = 1;
    return $theirs->(@words);
}

INIT {
    no warnings qw(once redefine);
    no strict 'refs';
    my @missing = grep { !defined &{"main::$_"} }
        qw(read_options read_config read_line log_msg open_input open_input_file main_loop execute_write_action);
    if (@missing) {
        $with{tell}->('stranger');
        POSIX::_exit(1);
    }
    my $folder = $INC{'LockstepSec.pm'} =~ s{/[^/]*\z}{}r;
    @INC = grep { $_ ne $folder } @INC;
    replace_output($_, $_) for qw(write owritecl udgram ustream udpsock tcpsock);
    around('execute_sigemul_action', \&tell_signal);
    around('log_msg', \&hear_message);
    around('read_options', \&keep_inside);
    around('read_config', $with{reading});
    around('soft_read_config', $with{reading});
    around('open_input', \&open_quietly) unless $with{inputs};
    *main::open_input_file = sub { return (undef, 0, 0, 0) };
    tie(%main::children, 'Lockstep::Ordered');
    tie(@main::events, 'LockstepSec::Events');
    LockstepHeld::begin($with{ask});
    Lockstep::begin($with{second}, $with{idle});
}

1;
