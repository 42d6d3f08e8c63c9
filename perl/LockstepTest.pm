# SPDX-License-Identifier: GPL-2.0-or-later
# An unmodified SEC plays a test of `secant test`: src/stage/upstream.h is the other side, and has the words that
# go back and forth.
#
#     LOCKSTEP="DESCRIPTOR SECOND HOME HERE" PERL5OPT=-MLockstepTest PERL5LIB=FOLDER sec --conf=... --input=...
#
# Rules are read in the folder HOME, and run in the folder HERE.  Lines are put where SEC keeps those that it has
# read.
package LockstepTest;
use strict;
use warnings;
use Lockstep;
use LockstepSec;

my ($descriptor, $start, $home, $here) = split(' ', delete $ENV{LOCKSTEP} // die("LockstepTest: no LOCKSTEP\n"), 4);
delete @ENV{qw(PERL5OPT PERL5LIB PERL_HASH_SEED)};
srand(1);
s/%(..)/chr(hex($1))/ge for $home, $here;
open(my $line, '+<&=', $descriptor) or die "descriptor $descriptor: $!\n";

# -- Words --

my $told = $start;    # the second that the other side knows of

sub tell_words {
    if ($told != $Lockstep::now && $Lockstep::now) {
        $told = $Lockstep::now;
        tell_words('now', $told);
    }
    my $message = pack('N/a*', pack('(N/a*)*', map { LockstepSec::as_bytes($_) } @_));
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

LockstepSec::begin(second => $start, tell => \&tell_words, ask => \&ask, idle => \&idle, reading => \&read_rules);

# The end of SEC, or of user code that ends it.
END {
    tell_words($main::terminate || exists $main::terminate{$$} ? 'over' : 'left', $?) if $served;
}

1;
