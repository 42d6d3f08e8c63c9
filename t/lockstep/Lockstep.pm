# SPDX-License-Identifier: GPL-2.0-or-later
# An unmodified SEC in virtual time: its clock is ours, and it is its own driver.
#
#     LOCKSTEP=LOG PERL5OPT=-MLockstep PERL5LIB=t/lockstep sec --input=- ...
#     LOCKSTEP='LOG1=a LOG2=b' ... sec --norwfifo --input=a --input=b ...
#
# LOG holds lines that begin with a second since the epoch; they are SEC's standard input, or come through a
# named pipe, which is made here.  A second with "@" before it is taken away.  Lines of several logs come in
# the order of time, then of the logs.  When SEC waits
# for input, the clock goes on: to the next second, or to the next line's, which is then there to be read.
# So each second is lived through once before its lines come, as on a machine that is never late.  After
# the last line the input ends.  A pause in user code moves the clock, and a late line is read at the
# clock's second.
#
# Long gaps are crossed by going from one second in which SEC has something to do to the next, which its own
# tables tell (LOCKSTEP_EACH=1: through every second).  SEC looks at its tables in the order of Perl's
# hashes, which is none; here they are given one: what is due first, then what was set first.
package Lockstep;
use strict;
use warnings;
use List::Util qw(max min);
use POSIX qw(ceil floor);

our ($now, $fraction, $each) = (0, 0);

# Each { log, feed, line => the next one, none at the end, second, order => its place among all }.
our @feeds;

# false: there is none.
sub read_line {
    my ($feed) = @_;
    my $line = readline($feed->{log}) // return 0;
    my ($second, $part) = $line =~ s/^@(\d+)(\.\d+)? // || $line =~ /^(\d+)()/ ? ($1, $2) : (0, '');
    if (!$feed->{order} || $second >= $feed->{second}) {    # a late line comes in its place
        $feed->{second} = $second;
        my $order = sprintf('%012d', $second) . substr(($part || '.') . '000000', 0, 7);
        $feed->{order} = $order if !$feed->{order} || $order gt $feed->{order};
    }
    $feed->{line} = $line;
    return 1;
}

# The feed whose line is next; undef after the last one.
sub next_feed {
    my $first;
    for my $feed (grep { defined $_->{line} } @feeds) {
        $first = $feed if !$first || $feed->{order} lt $first->{order};
    }
    return $first;
}

sub pause {
    my ($seconds) = @_;
    $fraction += $seconds;
    $now += floor($fraction);
    $fraction -= floor($fraction);
}

# SEC has nothing to read.
sub idle {
    my $next = next_feed();
    if (!$next) {
        close($_->{feed}) for @feeds;
    } elsif ($now < $next->{second}) {
        $now = $each ? $now + 1 : cleanup_before($next->{second});
        $fraction = 0;
    } else {
        syswrite($next->{feed}, $next->{line});
        read_line($next) or delete $next->{line};
    }
}

# The second, $end at the latest, of the next clean-up with something to do.  It keeps the beat of
# --cleantime, and so does what comes after it.
sub cleanup_before {
    my ($end) = @_;
    my ($last, $period) = ($main::lastcleanuptime, $main::cleantime || 1);
    my $due = min(map { tied(%$_)->first_due } \%main::corr_list, \%main::context_list);
    $due = min($due, (map { $_->[0] } @main::pending_events), next_calendar());
    my $first = $last + $period * max(1, ceil(($due - $last) / $period));
    $first = $last + $period * floor(($end - $last) / $period) if $first > $end;
    return $first > $now ? $first : min($now + 1, $end);
}

# The first minute that begins after the last clean-up, which looked at the one it was in; the next second
# while a rule may wait for its context.
sub next_calendar {
    return 9**9**9 unless @main::calendar;
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

sub TIEHASH { bless { value => $_[1], set => ++$sets }, $_[0] }
sub FETCH { $_[0]{value}{ $_[1] } }
sub EXISTS { exists $_[0]{value}{ $_[1] } }
sub DELETE { delete $_[0]{value}{ $_[1] } }
sub SCALAR { scalar %{ $_[0]{value} } }
sub FIRSTKEY { keys %{ $_[0]{value} }; each %{ $_[0]{value} } }
sub NEXTKEY { each %{ $_[0]{value} } }

sub STORE {
    my ($self, $key, $value) = @_;
    my $same = caller() eq 'main::SEC' && ($self->{value}{$key} // '') eq $value;
    $self->{set} = ++$sets if ($key eq 'Time' || $key eq 'Window') && !$same;
    $self->{value}{$key} = $value;
}

sub due {
    my $value = $_[0]{value};
    return $value->{Window} ? $value->{Time} + $value->{Window} + 1 : 9**9**9;
}

# The table of contexts by their names.
package Lockstep::Timed;
our @ISA = qw(Lockstep::Ordered);

sub STORE {
    my ($self, $key, $value) = @_;
    if (!tied %$value) {
        Lockstep::Ordered::order($value->{Aliases}) if $value->{Aliases};
        tie(%$value, 'Lockstep::Element', {%$value});
    }
    $self->SUPER::STORE($key, $value);
}

sub elements { return map { tied %$_ } values %{ $_[0]{value} } }
sub first_due { return List::Util::min(9**9**9, map { $_->due } $_[0]->elements) }

# What is not due yet comes first, so that it is not due for this clean-up even if one of the others takes its time.
sub sorted {
    my ($self) = @_;
    my %of;
    while (my ($name, $value) = each %{ $self->{value} }) {
        my $element = tied %$value;
        my $due = $element->due;
        $of{$name} = [$due > $Lockstep::now ? 0 : $due, $element->{set}, $self->{came}{$name}];
    }
    return sort { $of{$a}[0] <=> $of{$b}[0] || $of{$a}[1] <=> $of{$b}[1] || $of{$a}[2] <=> $of{$b}[2] } keys %of;
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

sub open_feed {
    my ($name, $input) = split(/=/, $_[0]);
    my $feed = {};
    open($feed->{log}, '<', $name) or die "$name: $!\n";
    if (defined $input) {
        POSIX::mkfifo($input, oct(600)) or die "$input: $!\n";
        open($feed->{feed}, '+<', $input) or die "$input: $!\n";
    } else {
        pipe(my $stdin, $feed->{feed}) or die "pipe: $!\n";
        open(STDIN, '<&', $stdin) or die "standard input: $!\n";
    }
    read_line($feed);
    return $feed;
}

my $logs = delete $ENV{LOCKSTEP} or die "Lockstep: LOCKSTEP names no log\n";
delete @ENV{qw(PERL5OPT PERL5LIB)};
$each = delete $ENV{LOCKSTEP_EACH};
@feeds = map { open_feed($_) } split(' ', $logs);
my $first = next_feed();
$now = $first->{second} if $first;
$^T = $now;

no warnings 'once';
*CORE::GLOBAL::time = sub () { $now };
*CORE::GLOBAL::localtime = sub (;$) { CORE::localtime(@_ ? $_[0] : $now) };
*CORE::GLOBAL::gmtime = sub (;$) { CORE::gmtime(@_ ? $_[0] : $now) };
*CORE::GLOBAL::sleep = sub (;$) { pause($_[0]); int($_[0]) };
*CORE::GLOBAL::select = sub (;*$$$) {
    return @_ ? CORE::select($_[0]) : CORE::select() if @_ < 4;
    return CORE::select($_[0], $_[1], $_[2], $_[3]) if grep { defined } @_[0 .. 2];
    (caller(1))[3] eq 'main::main_loop' ? idle() : pause($_[3]);
    return 0;
};
{
    no warnings qw(redefine prototype);
    require Time::HiRes;
    *Time::HiRes::time = *POSIX::time = sub { $now };
    *Time::HiRes::gettimeofday = sub { wantarray ? ($now, 0) : $now };
    *Time::HiRes::sleep = sub { pause($_[0]); $_[0] };
    *Time::HiRes::usleep = sub { pause($_[0] / 1e6); $_[0] };
}
tie(%main::corr_list, 'Lockstep::Operations');
tie(%main::context_list, 'Lockstep::Timed');
1;
