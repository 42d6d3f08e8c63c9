# SPDX-License-Identifier: GPL-2.0-or-later
# What the engine under test has to do: numbered lines for some inputs, rules of every type for them, and what can be
# said of the outcome without knowing when each line came.
#
# A line is "INPUT NUMBER KIND KEY"; INPUT is one letter, NUMBER counts from 1.  No rule mixes inputs, so what comes
# of a line depends on the lines before it in its own input alone, however the inputs are interleaved.  Windows are a
# day long, except where the file name begins with "time": these outcomes depend on the clock, and have invariants.
#
# What rules write is below out/; what their commands write, whose number may be higher after a crash, below run/.
package Workload;
use strict;
use warnings;

# Kinds of lines, and how often each comes.
my @KINDS = (
    (map { ($_) x 4 } qw(fail load warn open close req ack left right note)), (map { ($_) x 2 } qw(join drop mute multi tail jump event)),
    qw(cmd pipe spawn script report delayed),
);

# Of inputs with these letters; the same seed makes the same lines.
sub new {
    my ($class, $seed, @inputs) = @_;
    my $self = bless { inputs => \@inputs, lines => { map { $_ => [] } @inputs } }, $class;
    $self->{random}{$_} = ($seed * 7919 + ord($_) * 104729) % 2147483647 || 1 for @inputs;
    return $self;
}

sub random {
    my ($self, $input, $below) = @_;
    $self->{random}{$input} = $self->{random}{$input} * 48271 % 2147483647;
    return int($self->{random}{$input} / 13) % $below;
}

# The next line of this input.
sub next_line {
    my ($self, $input) = @_;
    my $lines = $self->{lines}{$input};
    my $number = 1 + @$lines;
    my $kind = $KINDS[$self->random($input, scalar(@KINDS))];
    my $key = "k" . int($number / 150) % 200 . chr(97 + $self->random($input, 5));
    push(@$lines, "$input $number $kind $key");
    return $lines->[-1];
}

# How many there are; the numbers of those of a kind.
sub count { return scalar(@{ $_[0]{lines}{ $_[1] } }) }

sub numbers {
    my ($self, $input, $kind) = @_;
    return map { / (\d+) $kind / ? $1 : () } @{ $self->{lines}{$input} };
}

my $once = <<'END';
type=Single
ptype=RegExp
pattern=^(SEC_\w+)$
context=SEC_INTERNAL_EVENT
desc=for those who wait
action=logonly heard of $1

type=Calendar
time=* * * * *
desc=minute
action=lcall %minute %u -> ( sub { int($_[0] / 60) } ); write out/time.calendar %minute

type=Jump
continue=TakeNext
ptype=RegExp
pattern=^\w \d+ jump
cfset=further

END

my $each = <<'END';
rem=state: %last %hits %recent
type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) (\w+) (\w+)$
desc=seen
action=write out/seen.INPUT $1; lcall %gap $1 $2 -> ( sub { my ($n, $kind) = @_; my $before = $last{INPUT} // 0; \
  $last{INPUT} = $n; $hits{INPUT}{$kind}++; push(@{ $recent{INPUT} }, [$n, $kind]); \
  shift(@{ $recent{INPUT} }) if @{ $recent{INPUT} } > 9; $n == $before + 1 ? 0 : "$before $n" } ); \
  if %gap ( write out/gaps.INPUT %gap )

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d*00) \w+ (\w+)$
desc=what Perl and variables have counted
action=lcall %hits -> ( sub { join(" ", map { "$_=$hits{INPUT}{$_}" } sort(keys(%{ $hits{INPUT} }))) } ); \
  lcall %recent -> ( sub { join(" ", map { "@$_" } @{ $recent{INPUT} }) } ); write out/perl.INPUT $1 %hits; \
  write out/perl.INPUT $1 %recent; write out/sum.INPUT $1 %sumINPUT

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) note (\w+)$
desc=a variable of action lists
action=lcall %sumINPUT %sumINPUT $1 -> ( sub { no warnings; ($_[0] + $_[1]) % 1000003 } ); \
  add NOTES_INPUT $1 %sumINPUT; getsize %size NOTES_INPUT; lcall %full %size -> ( sub { $_[0] == 7 } ); \
  if %full ( shift NOTES_INPUT %first; copy NOTES_INPUT %notes; write out/notes.INPUT %first / %notes; empty NOTES_INPUT )

type=SingleWithThreshold
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) fail (\w+)$
desc=INPUT fail $2
rem=events: FAILS_INPUT
action=copy FAILS_INPUT %fails; write out/threshold.INPUT %s at $1 of %fails; reset 0
window=86400
thresh=5

type=SingleWith2Thresholds
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) load (\w+)$
desc=INPUT load $2
action=write out/thresholds.INPUT %s at $1
window=86400
thresh=3
desc2=INPUT load $2 falls
action2=write out/thresholds.INPUT never
window2=86400
thresh2=0

type=SingleWithSuppress
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) warn (\w+)$
desc=INPUT warn $2
action=write out/suppress.INPUT %s at $1
window=86400

type=Pair
continue=TakeNext
continue2=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) open (\w+)$
desc=INPUT open $2
action=write out/pair.INPUT %s at $1
ptype2=RegExp
pattern2=^INPUT (\d+) close $2$
desc2=INPUT close %2
action2=write out/pair.INPUT %s at $1, opened at %1
window=86400

type=PairWithWindow
continue=TakeNext
continue2=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) req (\w+)$
desc=INPUT req $2
action=write out/window.INPUT never
ptype2=RegExp
pattern2=^INPUT (\d+) ack $2$
desc2=INPUT ack %2
action2=write out/window.INPUT %s at $1, asked at %1
window=86400

type=PairWithWindow
continue=TakeNext
continue2=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) req (\w+)$
desc=INPUT soon $1
action=write out/time.soon.INPUT $1 late
ptype2=RegExp
pattern2=^INPUT (\d+) ack $2$
desc2=INPUT soon %1
action2=write out/time.soon.INPUT %1 acknowledged
window=2

type=EventGroup2
continue=TakeNext
continue2=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) left (\w+)$
thresh=2
ptype2=RegExp
pattern2=^INPUT (\d+) right (\w+)$
thresh2=2
desc=INPUT sides $2
init=write out/group.INPUT begun $2
count=add SIDES_INPUT_$2 $1
action=copy SIDES_INPUT_$2 %sides; write out/group.INPUT %s %sides
end=write out/group.INPUT never
egptype=RegExp
egpattern=1 2
window=86400

type=EventGroup
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) tail (\w+)$
desc=INPUT group $2
count=none
rem=events: TAILS_INPUT 3
action=copy TAILS_INPUT %tails; write out/group1.INPUT %s at $1 of %tails
multact=yes
thresh=2
window=86400

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) join (\w+)$
context=!ROOM_INPUT_$2
desc=a context with actions
action=create ROOM_INPUT_$2 86400 ( copy ROOM_INPUT_$2 %who; write out/room.INPUT $2 ends with %who ); \
  alias ROOM_INPUT_$2 LAST_INPUT_$2

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) join (\w+)$
desc=its store
action=add ROOM_INPUT_$2 $1; prepend LAST_INPUT_$2 <$1

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) drop (\w+)$
context=ROOM_INPUT_$2
desc=its end
action=obsolete ROOM_INPUT_$2

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) drop (\w+)$
desc=the end of operations
action=reset INPUT warn $2; reset INPUT load $2; reset INPUT group $2; reset INPUT sides $2

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) mute \w+$
desc=mute, or no longer
action=exists %muted MUTED_INPUT; if %muted ( delete MUTED_INPUT ) else ( create MUTED_INPUT ); event INPUT $1 muted

type=Suppress
ptype=RegExp
pattern=^INPUT \d+ muted$
context=MUTED_INPUT

type=Single
ptype=RegExp
pattern=^INPUT (\d+) muted$
desc=what is not muted
action=write out/muted.INPUT $1

type=Single
continue=TakeNext
ptype=RegExp2
pattern=^INPUT (\d+) multi (\w+)\nINPUT (\d+) (\w+)
desc=two lines in one
action=write out/lines.INPUT $1 and $3 $4

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) event (\w+)$
desc=an event of its own
action=event INPUT synthetic $1 $2; event INPUT synthetic $1 again

type=Single
ptype=RegExp
pattern=^INPUT synthetic (\d+) (\w+)$
desc=that event
action=write out/event.INPUT $1 $2

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) delayed \w+$
desc=an event that comes later
action=event 1 INPUT later $1

type=Single
ptype=RegExp
pattern=^INPUT later (\d+)$
desc=that event
action=write out/time.later.INPUT $1

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d*?)\d\d? \w+ \w+$
context=!HUNDRED_INPUT_$1
desc=a context that ends soon
action=create HUNDRED_INPUT_$1 2 ( getsize %size HUNDRED_INPUT_$1; write out/time.hundred.INPUT $1/%size )

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d*?)\d\d? \w+ \w+$
desc=all lines of it
action=add HUNDRED_INPUT_$1 line

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) cmd \w+$
desc=a command
action=shellcmd echo $1 >>run/cmd.INPUT

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) pipe \w+$
desc=a command that reads
action=pipe '$1' cat >>run/pipe.INPUT

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) note (\w+)$
desc=for a report
action=add REPORT_INPUT $1

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) report \w+$
desc=a report
action=add REPORT_INPUT $1; report REPORT_INPUT tail -n 1 >>run/report.INPUT; delete REPORT_INPUT

type=Single
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) spawn \w+$
desc=a command whose lines are read
action=spawn ( echo $1 >>run/spawn.INPUT; echo INPUT spawned $1 )

type=Single
ptype=RegExp
pattern=^INPUT spawned (\d+)$
desc=its line
action=write out/async.spawn.INPUT $1

type=SingleWithScript
continue=TakeNext
ptype=RegExp
pattern=^INPUT (\d+) script \w+$
script=echo $1 >>run/script.INPUT; exit `expr $1 % 2`
desc=INPUT script
action=write out/async.script.INPUT $1
action2=write out/async.script.INPUT $1

END

my $further = <<'END';
type=Options
joincfset=further
procallin=no

type=Single
ptype=RegExp
pattern=^(\w) (\d+) jump (\w+)$
desc=in another file
action=write out/jump.$1 $2 $3
END

# The rule files: name => text.
sub rules {
    my ($self) = @_;
    return ("all.sec" => $once . join("", map { $each =~ s/INPUT/$_/gr } @{ $self->{inputs} }), "further.sec" => $further);
}

# Requests => the line that acknowledges each.
sub acknowledged {
    my ($self, $input) = @_;
    my (%open, %by);
    for (@{ $self->{lines}{$input} }) {
        my (undef, $number, $kind, $key) = split(/ /);
        push(@{ $open{$key} }, $number) if $kind eq "req";
        $by{$_} = $number for $kind eq "ack" ? @{ delete($open{$key}) // [] } : ();
    }
    return \%by;
}

# Lines of these kinds start a command that leaves their number in run/KIND.INPUT.
sub commands { return qw(cmd pipe report spawn script) }

1;
