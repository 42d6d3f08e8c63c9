# SPDX-License-Identifier: GPL-2.0-or-later
# An unmodified SEC in virtual time, and in an order.  Loaded before it, by another module:
#
#     use Lockstep;
#     Lockstep::begin($second, $idle);
#
# The clock stands at $second.  When SEC waits for input, $idle is called and moves it; a pause in user code moves
# it, too.  Long gaps can be crossed by going from one second in which SEC has something to do to the next
# (cleanup_before), which its own tables tell.
#
# SEC looks at its tables in the order of Perl's hashes, which is none; here they are given one: what is due
# first, then what was set first.
package Lockstep;
use strict;
use warnings;
use List::Util qw(max min);
use POSIX qw(ceil floor);

our ($now, $fraction) = (0, 0);
our $note = sub { };    # is told of what need not be the same in real time
my $idle;

sub begin {
    (my $second, $idle) = @_;
    go_to($second);
    $^T = $second;
}

sub go_to {
    ($now, $fraction) = ($_[0], 0);
}

sub pause {
    my ($seconds) = @_;
    $note->('pauses of less than a second') if $seconds != int($seconds);
    $fraction += $seconds;
    $now += floor($fraction);
    $fraction -= floor($fraction);
}

# Alarms are set, and do not come: what they are against does not last.
my ($alarm, $interval) = (undef, 0);

sub alarm_left {
    return (0, 0) unless defined $alarm;
    my $left = $alarm - $now;
    $left = $interval - POSIX::fmod(-$left, $interval) if $left <= 0 && $interval > 0;
    return (max($left, 0), $interval);
}

# Returns what is left of the one before, and its interval.
sub set_alarm {
    my ($seconds, $again) = @_;
    my @left = alarm_left();
    $note->('alarms') if $seconds > 0;
    ($alarm, $interval) = $seconds > 0 ? ($now + $seconds, $again // 0) : (undef, 0);
    return @left;
}

# The second, $end at the latest, of the next clean-up with something to do.  It keeps the beat of
# --cleantime, and so does what comes after it.
sub cleanup_before {
    my ($end) = @_;
    return $end if $end <= $now + 1;
    my ($last, $period, $due) = ($main::lastcleanuptime, $main::cleantime || 1, next_due());
    my $first = $last + $period * max(1, ceil(($due - $last) / $period));
    $first = $last + $period * floor(($end - $last) / $period) if $first > $end;
    return $first > $now ? $first : min($now + 1, $end);
}

# The second for which a clean-up has work, or the one before: SEC has its own mind of when a time is over.
sub next_due {
    my $due = min(map { tied(%$_)->first_due } \%main::corr_list, \%main::context_list);
    return min($due - ($due - 1 > $now), (map { $_->[0] } @main::pending_events), next_calendar());
}

# The first minute that begins after the last clean-up, which looked at the one it was in; the next second
# while a rule may wait for its context.
sub next_calendar {
    return 9**9**9 unless @main::calendar;
    return $now unless defined $main::lastcleanuptime;
    my ($second, $minute) = CORE::localtime($main::lastcleanuptime);
    my $waits = grep { @{ $_->{Context} } && $_->{Minutes}{$minute} } @main::calendar;
    return $main::lastcleanuptime + ($waits ? 1 : 60 - $second);
}

my $sets = 0;

# A hash in the order in which its keys came.
package Lockstep::Ordered;

sub TIEHASH { bless { value => {}, came => {}, sets => 0 }, $_[0] }
sub FETCH { $_[0]{value}{ $_[1] } }
sub EXISTS { exists $_[0]{value}{ $_[1] } }
sub SCALAR { scalar %{ $_[0]{value} } }
sub CLEAR { %{ $_[0]{$_} } = () for qw(value came) }

sub STORE {
    my ($self, $key, $value) = @_;
    my $old = $self->{value}{$key};
    # An operation in the place of one that was over, but not cleaned up yet, comes now.
    $self->{came}{$key} = ++$sets if !defined $old || (ref $value && $value != $old);
    $self->{value}{$key} = $value;
}

sub DELETE {
    my ($self, $key) = @_;
    delete $self->{came}{$key};
    return delete $self->{value}{$key};
}

sub sorted { my $came = $_[0]{came}; return sort { $came->{$a} <=> $came->{$b} } keys %$came }

sub FIRSTKEY {
    my ($self) = @_;
    $self->{walk} = [$self->sorted];
    return shift @{ $self->{walk} };
}

sub NEXTKEY { shift @{ $_[0]{walk} } }

# Makes a hash that is there already an ordered one.
sub order {
    my ($hash) = @_;
    return if tied %$hash;
    my %copy = %$hash;
    tie(%$hash, 'Lockstep::Ordered');
    %$hash = %copy;
}

# An operation or context: remembers when its time was set last.  User code that sets it to what it is changes
# nothing.
package Lockstep::Element;

# table: that it is in; names: it has there, each with when it came; queued: the second for which the table has it.
sub TIEHASH { bless { value => $_[1], table => $_[2], names => {}, queued => 9**9**9, set => ++$sets }, $_[0] }
sub FETCH { $_[0]{value}{ $_[1] } }
sub EXISTS { exists $_[0]{value}{ $_[1] } }
sub DELETE { delete $_[0]{value}{ $_[1] } }
sub SCALAR { scalar %{ $_[0]{value} } }
sub FIRSTKEY { keys %{ $_[0]{value} }; each %{ $_[0]{value} } }
sub NEXTKEY { each %{ $_[0]{value} } }

sub STORE {
    my ($self, $key, $value) = @_;
    if ($key eq 'Time' || $key eq 'Window') {
        my $same = caller() eq 'main::SEC' && ($self->{value}{$key} // '') eq $value;
        $self->{set} = ++$sets unless $same;
        $self->{value}{$key} = $value;
        $self->{table}->queue($self);
    } else {
        $self->{value}{$key} = $value;
    }
}

sub due {
    my $value = $_[0]{value};
    return $value->{Window} ? $value->{Time} + $value->{Window} + 1 : 9**9**9;
}

# The table of contexts by their names.  Its queue has the elements by the second at which they are due, or an
# earlier one: a due time that moves on is seen when that has come.
package Lockstep::Timed;
our @ISA = qw(Lockstep::Ordered);

sub TIEHASH {
    my ($class) = @_;
    my $self = Lockstep::Ordered::TIEHASH($class);
    return bless { %$self, queue => {}, seconds => [] }, $class;
}

sub STORE {
    my ($self, $key, $value) = @_;
    if (!tied %$value) {
        Lockstep::Ordered::order($value->{Aliases}) if $value->{Aliases};
        tie(%$value, 'Lockstep::Element', {%$value}, $self);
    }
    my $old = $self->{value}{$key};
    delete((tied %$old)->{names}{$key}) if $old && $old != $value;
    $self->SUPER::STORE($key, $value);
    my $element = tied %$value;
    $element->{names}{$key} = $self->{came}{$key};
    $self->queue($element);
}

sub DELETE {
    my ($self, $key) = @_;
    my $old = $self->{value}{$key};
    delete((tied %$old)->{names}{$key}) if $old;
    return $self->SUPER::DELETE($key);
}

sub CLEAR {
    my ($self) = @_;
    $self->SUPER::CLEAR;
    ($self->{queue}, $self->{seconds}) = ({}, []);
}

# `seconds` is a heap of those that are in `queue`.
sub queue {
    my ($self, $element) = @_;
    my $due = $element->due;
    return if $due >= $element->{queued} || !%{ $element->{names} };
    $element->{queued} = $due;
    my $others = $self->{queue}{$due};
    push(@{ $self->{queue}{$due} }, $element);
    return if $others;
    my $heap = $self->{seconds};
    my $at = @$heap;
    while ($at && $heap->[($at - 1) >> 1] > $due) {
        $heap->[$at] = $heap->[($at - 1) >> 1];
        $at = ($at - 1) >> 1;
    }
    $heap->[$at] = $due;
}

# Takes the first second away: the elements that it had.
sub take_first {
    my ($self) = @_;
    my $heap = $self->{seconds};
    my ($first, $last, $at) = ($heap->[0], pop(@$heap), 0);
    while ((my $child = 2 * $at + 1) < @$heap) {
        $child++ if $child + 1 < @$heap && $heap->[$child + 1] < $heap->[$child];
        last if $heap->[$child] >= $last;
        $heap->[$at] = $heap->[$child];
        $at = $child;
    }
    $heap->[$at] = $last if @$heap;
    my $elements = delete $self->{queue}{$first};
    $_->{queued} = 9**9**9 for @$elements;
    return @$elements;
}

sub first_due {
    my ($self) = @_;
    while (@{ $self->{seconds} }) {
        my $second = $self->{seconds}[0];
        my @there = grep { %{ $_->{names} } && $_->due == $second } @{ $self->{queue}{$second} };
        return $second if @there;
        $self->queue($_) for $self->take_first;
    }
    return 9**9**9;
}

# The names of all that a clean-up has to look at: what is due, and before it what will be in the next second, so
# that none of it becomes due while others take their time.
sub due_names {
    my ($self) = @_;
    my @near;
    while (@{ $self->{seconds} } && $self->{seconds}[0] <= $Lockstep::now + 1) {
        push(@near, grep { %{ $_->{names} } } $self->take_first);
    }
    $self->queue($_) for @near;
    my %due = map { $_ => $_->due <= $Lockstep::now ? $_->due : 0 } @near;
    my @names;
    for my $element (sort { $due{$a} <=> $due{$b} || $a->{set} <=> $b->{set} } @near) {
        my $came = $element->{names};
        push(@names, sort { $came->{$a} <=> $came->{$b} } keys %$came);
    }
    return @names;
}

sub FIRSTKEY {
    my ($self) = @_;
    return $self->SUPER::FIRSTKEY unless ((caller(1))[3] // '') eq 'main::process_lists';
    $self->{walk} = [$self->due_names];
    return shift @{ $self->{walk} };
}

# That of operations.  It is emptied when the rules have been read: those of Pair rules have tables of their own.
package Lockstep::Operations;
our @ISA = qw(Lockstep::Timed);

sub CLEAR {
    my ($self) = @_;
    Lockstep::Ordered::order($_) for grep { $_ } map { $_->{Operations} } map { @$_ } values %main::configuration;
    $self->SUPER::CLEAR;
}

package Lockstep;

no warnings 'once';
*CORE::GLOBAL::time = sub () { $now };
*CORE::GLOBAL::localtime = sub (;$) { CORE::localtime(@_ ? $_[0] : $now) };
*CORE::GLOBAL::gmtime = sub (;$) { CORE::gmtime(@_ ? $_[0] : $now) };
*CORE::GLOBAL::sleep = sub (;$) {
    my $seconds = int($_[0]);
    pause($seconds) unless ((caller(1))[3] // '') eq 'main::check_signals';    # at its end, for its children
    return $seconds;
};
*CORE::GLOBAL::select = sub (;*$$$) {
    return @_ ? CORE::select($_[0]) : CORE::select() if @_ < 4;
    return CORE::select($_[0], $_[1], $_[2], $_[3]) if grep { defined } @_[0 .. 2];
    (caller(1))[3] eq 'main::main_loop' ? $idle->() : pause($_[3]);
    return 0;
};
*CORE::GLOBAL::alarm = sub (_) { my ($left) = set_alarm(int($_[0])); $left > 0 && $left < 1 ? 1 : int($left + 0.5) };
{
    no warnings qw(redefine prototype);
    require Time::HiRes;
    my $clock = \&Time::HiRes::clock_gettime;
    my $fine = sub { $note->('fractions of seconds'); $now };
    my $units = sub { my ($per_second, @units) = @_; return $per_second * (set_alarm(map { $_ / $per_second } @units))[0] };
    *POSIX::time = sub { $now };
    *POSIX::alarm = sub { &CORE::GLOBAL::alarm };
    *POSIX::sleep = sub { pause(int($_[0])); 0 };
    *Time::HiRes::time = $fine;
    *Time::HiRes::gettimeofday = sub { my $second = $fine->(); wantarray ? ($second, 0) : $second };
    *Time::HiRes::clock_gettime = sub { ($_[0] // 0) =~ /^[23]$/ ? $clock->(@_) : $fine->() };    # the processor's
    *Time::HiRes::sleep = sub { pause($_[0]); $_[0] };
    *Time::HiRes::usleep = sub { pause($_[0] / 1e6); $_[0] };
    *Time::HiRes::nanosleep = sub { pause($_[0] / 1e9); $_[0] };
    *Time::HiRes::alarm = sub { $units->(1, @_) };
    *Time::HiRes::ualarm = sub { $units->(1e6, @_) };
    *Time::HiRes::setitimer = sub { my @left = set_alarm(@_[1, 2]); wantarray ? @left : $left[0] };
    *Time::HiRes::getitimer = sub { my @left = alarm_left(); wantarray ? @left : $left[0] };
}
tie(%main::corr_list, 'Lockstep::Operations');
tie(%main::context_list, 'Lockstep::Timed');
1;
