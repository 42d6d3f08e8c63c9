# SPDX-License-Identifier: GPL-2.0-or-later
# An unmodified SEC plays a test of `secant test`: src/prove/upstream.h is the other side, and has the words that
# go back and forth.
#
#     LOCKSTEP="DESCRIPTOR SECOND HOME HERE" PERL5OPT=-MLockstepTest PERL5LIB=FOLDER sec --conf=... --input=...
#
# Rules are read in the folder HOME, and run in the folder HERE.  What rules do does not happen, but is told: of
# SEC, the actions that write and send are replaced by name, which all releases since 2.7 have in common; all else
# that reaches out goes through Perl's operators, in SEC as in user code, and these are replaced (LockstepHeld).
#
# Inputs are names only, closed: lines are put where SEC keeps those that it has read.
package LockstepTest;
use strict;
use warnings;
use Lockstep;
use LockstepHeld;

my ($descriptor, $start, $home, $here) = split(' ', delete $ENV{LOCKSTEP} // die("LockstepTest: no LOCKSTEP\n"), 4);
delete @ENV{qw(PERL5OPT PERL5LIB PERL_HASH_SEED)};
srand(1);
s/%(..)/chr(hex($1))/ge for $home, $here;
open(my $line, '+<&=', $descriptor) or die "descriptor $descriptor: $!\n";

# -- Words --

# A word is bytes, as Perl would print it.
sub as_bytes {
    my ($text) = @_;
    $text //= '';
    utf8::encode($text) if utf8::is_utf8($text) && !utf8::downgrade($text, 1);
    return $text;
}

my $told = $start;    # the second that the other side knows of

sub tell_words {
    if ($told != $Lockstep::now && $Lockstep::now) {
        $told = $Lockstep::now;
        tell_words('now', $told);
    }
    my $message = pack('N/a*', pack('(N/a*)*', map { as_bytes($_) } @_));
    while (length($message)) {
        my $written = syswrite($line, $message) // ($!{EINTR} ? 0 : leave());
        substr($message, 0, $written) = '';
    }
}

sub read_bytes {
    my ($length) = @_;
    my $text = '';
    while (length($text) < $length) {
        my $got = sysread($line, $text, $length - length($text), length($text));
        leave() unless $got || (!defined $got && $!{EINTR});
    }
    return $text;
}

sub hear_words {
    return unpack('(N/a*)*', read_bytes(unpack('N', read_bytes(4))));
}

sub ask {
    local ($!, $@);
    tell_words(@_);
    return hear_words();
}

# Nobody is there any more.
sub leave {
    POSIX::_exit(1);
}

# -- Course --

my $until = $start;

# SEC has nothing to read.
sub idle {
    if ($Lockstep::now < $until) {
        Lockstep::go_to(Lockstep::cleanup_before($until));
    } else {
        serve();
    }
}

sub next_second {
    my $next = Lockstep::cleanup_before(9**9**9);
    return $next < 9**9**9 ? $next : '';
}

# Does what it is told, until SEC has to go on.
sub serve {
    for (;;) {
        tell_words('ready', defined $main::lastcleanuptime ? next_second() : '', $main::debuglevel);
        my ($what, @words) = hear_words();
        if ($what eq 'perl') {
            my ($fine, $why) = main::SEC::call_eval($words[0], 1);
            tell_words('died', $why) unless $fine;
        } elsif ($what eq 'state') {
            show(@words);
        } elsif ($what eq 'signal') {
            my $handler = $SIG{ $words[0] };
            $handler->($words[0]) if ref $handler;
            return;
        } else {
            $until = $words[0] if $what eq 'advance';
            push(@main::readbuffer, @words) if $what eq 'line';
            return;
        }
    }
}

# -- State --

sub end_of {
    my ($element) = @_;
    return $element->{Window} ? $element->{Time} + $element->{Window} : '';
}

my %show = (
    context => sub {
        while (my ($name, $context) = each %main::context_list) {
            tell_words('item', $name, end_of($context), scalar(@{ $context->{Buffer} }), @{ $context->{Buffer} })
                unless $context->{Internal};
        }
    },
    operation => sub {
        for my $operation (values %main::corr_list) {
            my $times = $operation->{AllTimes} || $operation->{Times} || [];
            tell_words('item', $operation->{Desc}, end_of($operation), scalar(@$times));
        }
    },
    variable => sub { tell_words('item', $main::variables{ $_[0] }, '', 0) if exists $main::variables{ $_[0] } },
    pending => sub { tell_words('item', $_->[1], $_->[0], 0) for @main::pending_events },
);

sub show { $show{ $_[0] }->($_[1]) }

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
        tell_words($bare ? 'writen' : $kind, $target, $event);
        return 3;
    };
}

# sigemul happens; it is told as well.
sub tell_signal {
    my ($theirs, $actions, $text, $i) = @_;
    my $signal = $actions->[$i + 1];
    substitute($signal, $text);
    tell_words('signal', uc($signal)) if $signal =~ /^(?:HUP|ABRT|USR1|USR2|INT|TERM)$/i;
    return $theirs->($actions, $text, $i);
}

# -- Rules --

# How often a rule has matched: as a number that tells when it grows.
package LockstepTest::Matches;

sub TIESCALAR { bless { name => $_[1], desc => $_[2], count => $_[3] }, $_[0] }
sub FETCH { $_[0]{count} }

sub STORE {
    my ($self, $count) = @_;
    LockstepTest::tell_words('rule', $self->{name}, $self->{desc}) if $count > $self->{count};
    $self->{count} = $count;
}

# Events that wait for their turn: each is its text, since 2.8 with its context.
package LockstepTest::Events;
use Tie::Array;
our @ISA = qw(Tie::StdArray);

sub PUSH {
    my ($self, @events) = @_;
    my $each = defined &main::SYNEVENT_INT_CONTEXT ? 2 : 1;
    for (my $i = 0; $i < @events; $i += $each) {
        LockstepTest::tell_words('event', $events[$i]);
    }
    return push(@$self, @events);
}

package LockstepTest;

sub watch_rules {
    my $count = 0;
    while (my ($file, $rules) = each %main::configuration) {
        for my $rule (@$rules) {
            $count++;
            tie($rule->{MatchCount}, 'LockstepTest::Matches', "$file:$rule->{LineNo}", $rule->{Desc}, $rule->{MatchCount} || 0)
                unless tied($rule->{MatchCount});
        }
    }
    return $count;
}

# -- SEC's own functions --

our $quiet = 0;

sub around {
    my ($name, $with) = @_;
    no strict 'refs';
    no warnings 'redefine';
    my $theirs = defined &{"main::$name"} ? \&{"main::$name"} : return;
    *{"main::$name"} = sub { $with->($theirs, @_) };
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

my $served = 0;

sub read_rules {
    my ($theirs, @words) = @_;
    chdir($here);
    serve() unless $served++;
    tell_words('loading');
    chdir($home);
    my $sound = $theirs->(@words);
    tell_words('loaded', $sound ? 1 : 0, watch_rules());
    chdir($here);
    return $sound;
}

sub hear_message {
    my ($theirs, $level, @parts) = @_;
    tell_words('log', $level, join(' ', @parts)) unless $quiet || $main::debuglevel < $level;
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
        qw(read_options read_config log_msg open_input open_input_file main_loop execute_write_action);
    if (@missing) {
        tell_words('stranger');
        leave();
    }
    replace_output($_, $_) for qw(write owritecl udgram ustream udpsock tcpsock);
    around('execute_sigemul_action', \&tell_signal);
    around('log_msg', \&hear_message);
    around('read_options', \&keep_inside);
    around('read_config', \&read_rules);
    around('soft_read_config', \&read_rules);
    around('open_input', \&open_quietly);
    *main::open_input_file = sub { return undef };
    tie(%main::children, 'Lockstep::Ordered');
    tie(@main::events, 'LockstepTest::Events');
    LockstepHeld::begin(\&ask);
    Lockstep::begin($start, \&idle);
}

# The end of SEC, or of user code that ends it.
END {
    tell_words($main::terminate || exists $main::terminate{$$} ? 'over' : 'left', $?) if $served;
}

1;
