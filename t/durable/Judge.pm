# SPDX-License-Identifier: GPL-2.0-or-later
# What a killed program has left is compared with what one that nobody disturbed leaves:
#
#   - each numbered line is seen once and in order; where lines are confirmed, each one as often as it was confirmed, and
#     at most once more if it was sent and the answer did not come,
#   - what rules write is there exactly once, in order,
#   - commands ran at least once; once more for each kill before whose end the journal did not have them,
#   - what depends on the clock fits the lines: each of a hundred lines is counted once,
#   - the state at the end is the same.
package Judge;
use strict;
use warnings;
use JSON::PP ();
use List::Util qw(max min sum0);

# disturbed, calm: Engines that have ended; kills: what Progress has of each; power: each was a power failure, by cut.
sub new {
    my ($class, %self) = @_;
    return bless { problems => [], told => {}, %self }, $class;
}

sub problem { my ($self, @words) = @_; push(@{ $self->{problems} }, join("", @words)) }

sub some { return join(" ", @_ > 8 ? (@_[0 .. 7], "... (" . @_ . ")") : @_) }

# The numbers that were seen of 1 .. count.
sub numbers_seen {
    my ($self, $input, $count) = @_;
    my @all = $self->{disturbed}->lines("out/seen.$input");
    my @seen = grep { /^\d{1,9}\z/ && $_ >= 1 && $_ <= $count } @all;
    $self->problem("$input: ", @all - @seen, " lines that nobody has written") if @all != @seen;
    $self->{told}{"lines of $input"} = @seen;
    return @seen;
}

# Each of the numbers 1 .. count once and in order.
sub seen {
    my ($self, $input, $count) = @_;
    my @seen = $self->numbers_seen($input, $count);
    my %times;
    my @unordered;
    for my $i (0 .. $#seen) {
        push(@unordered, "$seen[$i - 1]>$seen[$i]") if $i && $seen[$i] <= $seen[$i - 1];
        $times{ $seen[$i] }++;
    }
    my @missing = grep { !$times{$_} } 1 .. $count;
    my @doubled = grep { $times{$_} > 1 } sort { $a <=> $b } keys(%times);
    $self->problem("$input: lines lost: ", some(@missing)) if @missing;
    $self->problem("$input: lines out of order: ", some(@unordered)) if @unordered;
    $self->problem("$input: lines twice: ", some(@doubled)) if @doubled;
    return @seen;
}

# Each of the numbers 1 .. count at least once, in the order in which they were sent: what was answered, and perhaps
# what was not.  told: [line, answer] of all that was sent, "start" for each program; most: how many lines more a kill
# may make of it.
sub confirmed {
    my ($self, $input, $count, $told, $most) = @_;
    my @seen = $self->numbers_seen($input, $count);
    my $at = $#seen;
    my ($kept, $within, @lost) = (0, 0);
    my @sent = map { $_->[0] =~ /^$input (\d+) / ? [$1, $_->[1]] : () } @$told;
    for my $i (reverse(0 .. $#sent)) {
        my $entry = $sent[$i];
        my $number = $entry->[0];
        my ($before, $are) = (0, 0);    # what was answered comes first, of the same line sent again and again
        if (!defined($entry->[1])) {
            for (my $j = $i - 1; $j >= 0 && $sent[$j][0] == $number; $j--) { $before++ if defined($sent[$j][1]) }
            $are++ while $at >= $are && $seen[$at - $are] == $number;
        }
        if ($at >= 0 && $seen[$at] == $number && (defined($entry->[1]) || $are > $before)) {
            $kept++ if !defined($entry->[1]);
            $at--;
        } else {
            push(@lost, $number) if defined($entry->[1]);
        }
    }
    $self->note_last($input, $told);
    my @wrong = grep { defined($_->[1]) && $_->[1] !~ /^(?:OK|DEFER_COMMIT)\z/ } @$told;
    $self->{times}{$input}{$_}++ for @seen;
    my $again = sum0(map { $_ - 1 } values(%{ $self->{times}{$input} }));
    my @missing = grep { !$self->{times}{$input}{$_} } 1 .. $count;
    my @unsent = @seen[0 .. $at];
    $self->{told}{"twice of $input"} = $again;
    $self->{told}{"kept of $input and not answered"} = $kept;
    $self->problem("$input: answered '$_->[1]' to '$_->[0]'") for @wrong;
    $self->problem("$input: lines lost: ", some(@missing)) if @missing;
    $self->problem("$input: confirmed and not seen, or out of order: ", some(reverse(@lost))) if @lost;
    $self->problem("$input: seen more often than sent: ", some(@unsent)) if @unsent;
    $self->problem("$input: $again lines more by ", scalar(@{ $self->{kills} }), " kills") if $again > $most * @{ $self->{kills} };
    return @seen;
}

# For each kill the lines whose effects it may let happen again: the one confirmed last, or one that the program before had
# kept and not confirmed, with which this one began.
sub note_last {
    my ($self, $input, $told) = @_;
    my ($last, $sent, $kept) = (0);
    foreach my $entry (@$told) {
        if ($entry->[0] eq "start") {
            $self->{last}{$input}{$_}++ for $last, $kept // ();
            $kept = $sent // $kept;
        } elsif ($entry->[0] =~ /^$input (\d+) /) {
            ($last, $sent, $kept) = defined($entry->[1]) ? ($1) : ($last, $1, $kept);
        }
    }
}

# How often this line was seen.
sub times { return $_[0]{times}{ $_[1] }{ $_[2] } // 1 }

# What rules have written, but for what depends on the clock or on commands.
sub written {
    my ($self) = @_;
    my %names = map { (s/.*\///r => 1) } map { glob("$_->{dir}/out/*") } @$self{qw(disturbed calm)};
    foreach my $name (grep { !/^(?:time|async)\./ } sort(keys(%names))) {
        my @is = $self->{disturbed}->lines("out/$name");
        my @should = $self->{calm}->lines("out/$name");
        $self->{told}{"lines written"} += @should;
        my $at = 0;
        $at++ while $at < @is && $at < @should && $is[$at] eq $should[$at];
        next if $at == @is && $at == @should;
        $self->problem("out/$name: line ", $at + 1, " is '", $is[$at] // "missing", "', should be '", $should[$at] // "missing", "'");
    }
}

# How often a kill can have made the effect of this line happen again.  Where each line is confirmed the journal has all
# that was done before it.
sub kills_that_allow {
    my ($self, $input, $number) = @_;
    return $self->{last}{$input}{$number} // 0 if $self->{last}{$input};
    return scalar(grep { $_->{low}{$input} < $number && $number <= $_->{high}{$input} } @{ $self->{kills} });
}

# Commands of this kind for these lines.
sub commands {
    my ($self, $kind, $input, @numbers) = @_;
    my %times;
    $times{$_}++ for $self->{disturbed}->lines("run/$kind.$input");
    my %excess = map { ($_ => (delete($times{$_}) // 0) - $self->times($input, $_)) } @numbers;
    my @missing = grep { $excess{$_} < 0 } @numbers;
    delete(@excess{ grep { $excess{$_} <= 0 } @numbers });
    my @bad = grep { $excess{$_} > $self->kills_that_allow($input, $_) } sort { $a <=> $b } keys(%excess);
    my $total = sum0(values(%excess));
    $self->{told}{"commands"} += @numbers;
    $self->{told}{"commands done again"} += $total;
    $self->problem("$kind.$input: commands that did not run: ", some(@missing)) if @missing && !$self->{at_most_once};
    $self->{told}{"commands not done"} += @missing if $self->{at_most_once};
    my @lost = $self->{at_most_once} ? grep { !$self->kills_that_allow($input, $_) } @missing : ();
    $self->problem("$kind.$input: commands that no kill can have kept from running: ", some(@lost)) if @lost;
    $self->problem("$kind.$input: run too often: ", some(map { "$_ ($excess{$_} more)" } @bad)) if @bad;
    $self->problem("$kind.$input: run twice with --at-most-once: ", some(sort { $a <=> $b } keys(%excess))) if $self->{at_most_once} && %excess;
    $self->problem("$kind.$input: run for lines that there are not: ", some(keys(%times))) if %times;
}

# With the journal written after each line, a kill lets at most the effects of one line happen again.
sub repeated_lines {
    my ($self) = @_;
    my ($again, $kills) = ($self->{told}{"commands done again"} // 0, scalar(@{ $self->{kills} }));
    $self->problem("$again commands were done again by $kills kills") if $again > $kills;
}

# What comes of commands: their lines, their status.  A program that is killed does not hear of those that run.
sub answers {
    my ($self, $kind, $input, @numbers) = @_;
    my %times;
    $times{$_}++ for $self->whole_lines("out/async.$kind.$input");
    my @missing = grep { !$times{$_} } @numbers;
    my @bad = grep { !$self->kills_near($input, $_) } @missing;
    my @doubled = grep { ($times{$_} // 0) - $self->times($input, $_) > $self->kills_near($input, $_) } @numbers;
    $self->{told}{"answers of commands not heard"} += @missing;
    $self->{told}{"answers of commands"} += @numbers - @missing;
    $self->problem("async.$kind.$input: not heard: ", some(@bad)) if @bad;
    $self->problem("async.$kind.$input: heard too often: ", some(@doubled)) if @doubled;
}

use constant IN_PROGRESS => 200;    # lines that come while a command runs

sub kills_near {
    my ($self, $input, $number) = @_;
    return scalar(grep { $_->{low}{$input} - IN_PROGRESS < $number && $number <= $_->{high}{$input} } @{ $self->{kills} });
}

# Lines of a file, and those that a power failure, or a kill within a write, may have left of others: at most one each time.
sub whole_lines {
    my ($self, $name) = @_;
    return $self->{cut} ? $self->{cut}->whole_lines("$self->{disturbed}{dir}/$name") : $self->{disturbed}->lines($name);
}

sub torn_lines {
    my ($self, $name) = @_;
    return $self->{cut} ? $self->{cut}->torn_lines("$self->{disturbed}{dir}/$name") : ();
}

# What depends on the clock.  Lines that come again after a kill do so at another second: what a timer did with them
# before it has been done, too.  answers: of a request the line that acknowledges it.
sub timed {
    my ($self, $input, $lines, $later, $requests, $answers) = @_;
    my (%hundred, %torn);
    /^(\d*)\/(\d+)$/ and $torn{ $1 || 0 } += $2 for $self->torn_lines("out/time.hundred.$input");
    for ($self->whole_lines("out/time.hundred.$input")) {
        my ($name, $size) = /^(\d*)\/(\d+)$/ or $self->problem("time.hundred.$input: '$_'");
        $hundred{ $name || 0 } += $size if defined($size);
    }
    my %should;
    $should{ int($_ / 100) }++ for @$lines;
    my $again = sub {
        my ($hundred) = @_;
        return 100 * grep { $_->{low}{$input} < 100 * $hundred + 99 && $_->{high}{$input} >= 100 * $hundred } @{ $self->{kills} };
    };
    my @wrong = grep {
        my ($is, $should) = ($hundred{$_} // 0, $should{$_} // 0);
        $is + ($torn{$_} // 0) < $should || $is > $should + $again->($_)
    } sort { $a <=> $b } keys(%{ { %hundred, %should } });
    $self->problem("time.hundred.$input: counted otherwise than they came: ",
        some(map { "$_ (" . ($hundred{$_} // 0) . " of " . ($should{$_} // 0) . ")" } @wrong)) if @wrong;
    $self->once("time.later.$input", $input, 0, {}, @$later);
    my %more = map { ($_ => $self->kills_that_allow($input, $answers->{$_})) } keys(%$answers);
    $self->once("time.soon.$input", $input, 1, \%more, @$requests);
}

# Each number begins as many lines as it was seen, or fewer where it is said; one at least, and so many more at most.
sub once {
    my ($self, $name, $input, $fewer, $more, @numbers) = @_;
    my (%times, %torn);
    /^(\d+)/ && $times{$1}++ for $self->whole_lines("out/$name");
    /^(\d+)/ && $torn{$1}++ for $self->torn_lines("out/$name");
    my @missing = grep { ($times{$_} // 0) + ($torn{$_} // 0) < ($fewer ? 1 : $self->times($input, $_)) } @numbers;
    my @doubled = grep { ($times{$_} // 0) > $self->times($input, $_) + ($more->{$_} // 0) } @numbers;
    delete(@times{@numbers});
    $self->problem("$name: missing: ", some(@missing)) if @missing;
    $self->problem("$name: doubled: ", some(@doubled)) if @doubled;
    $self->problem("$name: from nowhere: ", some(keys(%times))) if %times;
}

# Each minute once.
sub calendar {
    my ($self) = @_;
    my @minutes = $self->{disturbed}->lines("out/time.calendar");
    for my $i (1 .. $#minutes) {
        $self->problem("calendar: after minute $minutes[$i - 1] comes $minutes[$i]") if $minutes[$i] != $minutes[$i - 1] + 1;
    }
}

# What of a dump does not depend on the clock or on how inputs are interleaved; with times: what a restart keeps.
sub state_of {
    my ($text, $times) = @_;
    my $dump = JSON::PP->new->latin1->decode($text);
    my %state = map { ("context @{[ sort(@{ $_->{name} }) ]}" => $_) } @{ $dump->{contexts} };
    $state{"operation $_"} = $dump->{operations}{$_} for keys(%{ $dump->{operations} });
    foreach my $file (keys(%{ $dump->{rulestats} })) {
        $state{"rule $_->{ruleline} of $file ($_->{desc})"} = $_->{matches} for @{ $dump->{rulestats}{$file}{stats} };
    }
    my $variables = $dump->{variables} // {};
    $state{"variable $_"} = $variables->{$_} for grep { $times ? !/^\.|^[tu]$/ : /^sum/ } keys(%$variables);
    delete($state{"context SEC_INTERNAL_EVENT"});
    my $json = JSON::PP->new->canonical;
    return { map { ($_ => $json->encode([$times ? $state{$_} : timeless($state{$_})])) } keys(%state) };
}

sub timeless {
    my ($value) = @_;
    return [map { timeless($_) } @$value] if ref($value) eq "ARRAY";
    return $value if ref($value) ne "HASH";
    return { map { ($_ => /time|window(?:start|end)|cpu/ ? (ref($value->{$_}) eq "ARRAY" ? scalar(@{ $value->{$_} }) : "") : timeless($value->{$_})) }
            keys(%$value) };
}

sub states {
    my ($self, $what, $times, @dumps) = @_;
    my ($is, $should) = map { state_of($_, $times) } @dumps;
    my @differ = grep { ($is->{$_} // "") ne ($should->{$_} // "") } sort(keys(%{ { %$is, %$should } }));
    @differ = grep { !/for those who wait/ } @differ;
    @differ = grep { !/^rule .*\((?:minute|its line|\w soon .*|a context that ends soon)\)$/ } @differ unless $times;
    $self->{told}{"pieces of state"} = keys(%$should);
    $self->problem("$what: ", scalar(@differ), " differ: ", map { "\n    $_\n      is     " . cut($is->{$_}) . "\n      should " . cut($should->{$_}) } @differ > 3 ? @differ[0 .. 2] : @differ)
        if @differ;
}

sub cut { return substr($_[0] // "missing", 0, 600) }

1;
