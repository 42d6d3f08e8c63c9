# SPDX-License-Identifier: GPL-2.0-or-later
# What rounds of lockstep touch, to be counted: of time, as their lines tell; of rules that matched, as the
# reference's dumps tell; of actions that were taken, as its log tells.
package Coverage;
use strict;
use warnings;
use Exporter qw(import);
use List::Util qw(max min);
use POSIX ();
use Program qw(slurp);
use Time::Local qw(timegm_modern);

our @EXPORT_OK = qw(touched);

my @actions = (
    ['event at once', qr/: Creating event '/],
    ['event later (tevent, event with a delay)', qr/: Scheduling the creation of event '/],
    ['cevent', qr/: (?:Creating|Scheduling the creation of) event '.*' with context '/],
    ['context runs out', qr/: Stale context '.*' deleted/],
    ['context set', qr/: Changing settings for context '/],
    ['time of a context moved', qr/: Setting the creation time of context '/],
    ['window of an operation moved', qr/: Moving event correlation window to '/],
    ['operation reset', qr/: Terminating (?:all )?event correlation operation/],
    ['context reported', qr/: Reporting the event store of context '/],
    ['aliases', qr/: Creating alias '/],
    ['internal contexts', qr/: Creating SEC internal context '/],
);

# How far the zone is ahead of UTC at a second.
sub offset {
    my ($second) = @_;
    my ($s, $m, $h, $day, $month, $year) = localtime($second);
    return timegm_modern($s, $m, $h, $day, $month, $year + 1900) - $second;
}

sub of_zone {
    my ($second) = @_;
    my @offsets = map { offset($second + $_ * 30 * 86400) } 0 .. 12;
    my $fixed = max(@offsets) == min(@offsets);
    return ($fixed ? 'zone without changes' : 'zone with changes in a year', grep { $offsets[0] % 3600 } 'offset of parts of an hour');
}

# What is lived through from one line to the next, six hours at a time.
sub between {
    my ($from, $to) = @_;
    my @touched;
    my $close = $to - $from < 3600;
    while ($from < $to) {
        my $next = min($to, $from + 6 * 3600);
        my $moved = offset($next) - offset($from);
        my $way = $moved > 0 ? 'zone goes forward' : 'zone goes back';
        push(@touched, $way, $close ? "$way, lines less than an hour apart" : ()) if $moved;
        my ($before, $after) = map { POSIX::strftime('%m%d', localtime($_)) } $from, $next;
        push(@touched, 'midnight') if $before ne $after;
        push(@touched, 'New Year') if $before eq '1231' && $after eq '0101';
        push(@touched, '28 February to 1 March') if $before eq '0228' && $after eq '0301';
        push(@touched, '28 to 29 February') if $before eq '0228' && $after eq '0229';
        push(@touched, '29 February to 1 March') if $before eq '0229' && $after eq '0301';
        $from = $next;
    }
    return @touched;
}

sub of_time {
    my ($round) = @_;
    my @seconds = $round->{log} =~ /^(\d+)/mg;
    my @touched = of_zone($seconds[0]);
    push(@touched, 'after 19 January 2038') if $seconds[-1] >= 2**31;
    push(@touched, 'after 7 February 2106') if $seconds[-1] >= 2**32;
    my $now = $seconds[0];
    for my $second (@seconds) {
        push(@touched, 'late line') if $second < $now;
        push(@touched, 'gap of more than a day') if $second - $now > 86400;
        push(@touched, 'gap of more than 30 days') if $second - $now > 30 * 86400;
        push(@touched, between($now, $second));
        $now = max($now, $second);
    }
    return @touched;
}

# The types of rules that matched.
sub of_rules {
    my ($round, $folder) = @_;
    my %types;    # of each file, by line
    for my $name (keys %{ $round->{rules} }) {
        my $number = 0;
        my $first = 1;
        for my $line (split(/\n/, $round->{rules}{$name})) {
            $number++;
            $first = $number + 1 if $line eq '';
            $types{$name}{$first} = $1 if $line =~ /^type=(\w+)/;
        }
    }
    my %touched;
    for my $dump (glob("$folder/dump*")) {
        my $name = '';
        for my $line (split(/\n/, slurp($dump))) {
            $name = $1 if $line =~ m{^Statistics for the rules from \.\./(\S+)};
            $touched{ $types{$name}{$1} // 'none' } = 1 if $line =~ /^Rule +\d+ line +(\d+) matched +[1-9]/;
        }
    }
    return map { "rule $_" } keys %touched;
}

# $folder: of the reference.  Each name once.
sub touched {
    my ($round, $folder, $replay) = @_;
    local $ENV{TZ} = $round->{zone};
    POSIX::tzset();
    my $log = slurp("$folder/log");
    my %touched = map { $_ => 1 } of_time($round), of_rules($round, $folder);
    $touched{"action: $_->[0]"} = 1 for grep { $log =~ $_->[1] } @actions;
    $touched{ 'option ' . s/=.*//r } = 1 for @{ $round->{options} };
    my @inputs = values %{ $round->{inputs} };
    $touched{ @inputs . ' inputs' } = 1 if $replay;
    $touched{"form of time: $_->[2]"} = 1 for $replay ? @inputs : ();
    my @together = grep { $touched{'rule Calendar'} && /^(?:zone goes \w+|New Year|.* February.*|gap .* a day)$/ } keys %touched;
    return (keys %touched, map { "$_, and a Calendar rule matched" } @together);
}

1;
