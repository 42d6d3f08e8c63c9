# SPDX-License-Identifier: GPL-2.0-or-later
# An unmodified SEC is fed with lines and their times, as fast as it takes them, and tells what its rules do:
# src/migrate/side.h has the words that go back and forth.
#
#     LOCKSTEP="DESCRIPTOR SECOND" PERL5OPT=-MLockstepFeed PERL5LIB=FOLDER sec --conf=... --input=...
#
# Nobody waits for the other: commands end well and write nothing.
package LockstepFeed;
use strict;
use warnings;
use Lockstep;
use LockstepSec;

my ($descriptor, $start, $spread) = split(' ', delete $ENV{LOCKSTEP} // die("LockstepFeed: no LOCKSTEP\n"));
delete @ENV{qw(PERL5OPT PERL5LIB PERL_HASH_SEED PERL_PERTURB_KEYS)};
open(my $stream, '+<&=', $descriptor) or die "descriptor $descriptor: $!\n";

use constant BLOCK => 65536;    # bytes that are read or written at once

# -- Words --

my ($in, $at, $out, $tells) = ('', 0, '', 0);
my ($line, $told_line, $told_second) = (0, -1, -1);    # lines that were taken; as the other side knows

sub put { $out .= pack('N/a*', pack('(N/a*)*', map { LockstepSec::as_bytes($_) =~ s/ at \Q$0\E line / at SEC line /gr } @_)) }

# What happens during the start does so at the line 0.
sub tell_words {
    return unless $tells;
    if ($told_line != $line || $told_second != $Lockstep::now) {
        ($told_line, $told_second) = ($line, $Lockstep::now);
        put('at', $line, $Lockstep::now);
    }
    put(@_);
    flush() if length($out) > BLOCK;
}

sub flush {
    local ($!, $?);
    while (length($out)) {
        my $written = syswrite($stream, $out) // ($!{EINTR} ? 0 : leave());
        substr($out, 0, $written) = '';
    }
}

# Nothing comes back, so nobody is asked.
sub ask {
    my ($what, @words) = @_;
    local ($!, $@);
    $words[0] = '_INTERNAL_EVENT' if $what eq 'spawn' && !length($words[0] // '');
    tell_words($what, @words) unless $what eq 'find';
    return $what eq 'find' ? '' : (0, '');
}

# Nobody is there any more.
sub leave {
    POSIX::_exit(1);
}

sub fill {
    while (length($in) - $at < $_[0]) {
        flush();
        $in = substr($in, $at);
        $at = 0;
        my $got = sysread($stream, $in, BLOCK, length($in));
        leave() unless $got || (!defined $got && $!{EINTR});
    }
}

sub next_words {
    fill(4);
    my $length = unpack('N', substr($in, $at, 4));
    fill(4 + $length);
    my $words = substr($in, $at + 4, $length);
    $at += 4 + $length;
    return unpack('(N/a*)*', $words);
}

# -- Course --

my ($until, $over) = ($start, 0);    # over: SEC has been told to end

# In place of the one that reads from files.
sub read_line {
    ($_[0], $_[1]) = ();
    if ($Lockstep::now < $until) {
        Lockstep::go_to(Lockstep::cleanup_before($until));
        return;
    }
    my ($what, @words) = next_words();
    if ($what eq 'line') {
        $line++;
        ($_[0], $_[1]) = @words;
    } elsif ($what eq 'now') {
        $until = $words[0];
    } elsif ($what eq 'state') {
        tell_state();
    } elsif ($what eq 'end') {
        $over = 1;
        $SIG{TERM}->('TERM');
    } elsif ($what eq 'look') {
        put('at', $line, $told_second = $Lockstep::now);
        $told_line = $line;
    }
    return;
}

my $dump = sub { };    # SEC's own

sub tell_state {
    no warnings 'once';
    local ($LockstepSec::quiet, $LockstepHeld::caught) = (1, '');
    local ($main::dumpfile, $main::dumpfts) = ('/nonexistent/dump', 0);
    $dump->();
    tell_words('state', $LockstepHeld::caught);
}

# Dumps that others ask for.
INIT {
    no warnings qw(once redefine);
    LockstepSec::around('execute_addinput_action', \&add_input);
    $dump = \&main::dump_data_json if defined &main::dump_data_json;
    *main::dump_data_json = *main::dump_data = sub { };
}

# What need not be the same live: each once.
my %noted;

sub note {
    my ($what) = @_;
    put('note', $what) unless keys %noted > 100 || $noted{$what}++;
}

BEGIN {
    no warnings qw(once redefine);
    no strict 'refs';
    *CORE::GLOBAL::rand = sub (;$) { note('random numbers'); CORE::rand($_[0] // 1) };
    for my $name (map { "List::Util::$_" } qw(shuffle sample)) {
        my $theirs = defined &$name ? \&$name : next;
        my $noting = sub { note('random numbers'); goto &$theirs };
        &Scalar::Util::set_prototype($noting, prototype($theirs));
        *$name = $noting;
    }
}

sub add_input {
    my ($theirs, $actions, $text, $i) = @_;
    my $name = $actions->[$i + 1];
    LockstepSec::substitute($name, $text);
    note("lines of $name, an input that rules add");
    return $theirs->($actions, $text, $i);
}

sub read_rules {
    my ($theirs, @words) = @_;
    no warnings qw(once redefine);
    *main::read_line = \&read_line;
    CORE::srand(0) unless $tells;    # as Secant has it
    $tells = 1;
    tell_words('loading');
    my $sound = $theirs->(@words);
    my $rules = 0;
    $rules += @$_ for values %main::configuration;
    tell_words('loaded', $rules);
    return $sound;
}

LockstepSec::begin(second => $start, tell => \&tell_words, ask => \&ask, idle => sub { }, reading => \&read_rules,
    inputs => 1, note => \&note);

# The end of SEC, or of user code that ends it.

END {
    if ($tells) {
        note('threads') if $INC{'threads.pm'};
        tell_words($over ? 'over' : 'left', $?);
        flush();
    }
}

1;
