# SPDX-License-Identifier: GPL-2.0-or-later
# An unmodified SEC reads logs in virtual time.
#
#     LOCKSTEP=LOG PERL5OPT=-MLockstepLog PERL5LIB=t/lockstep:perl sec --input=- ...
#     LOCKSTEP='LOG1=a LOG2=b' ... sec --norwfifo --input=a --input=b ...
#
# LOG holds lines that begin with a second since the epoch; they are SEC's standard input, or come through a
# named pipe, which is made here.  A second with "@" before it is taken away.  Lines of several logs come in
# the order of time, then of the logs.  When SEC waits for input, the clock goes on: to the next second, or to
# the next line's, which is then there to be read.  So each second is lived through once before its lines come,
# as on a machine that is never late.  After the last line the input ends.  A late line is read at the clock's
# second.
#
# LOCKSTEP_EACH=1: through every second, not only those in which SEC has something to do.
package LockstepLog;
use strict;
use warnings;
use Lockstep;
use POSIX ();

my $logs = delete $ENV{LOCKSTEP} or die "LockstepLog: LOCKSTEP names no log\n";
my $each = delete $ENV{LOCKSTEP_EACH};
delete @ENV{qw(PERL5OPT PERL5LIB)};

# Each { log, feed, line => the next one, none at the end, second, order => its place among all }.
my @feeds;

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

# What is done once, in that second, before its lines come.
my ($at, $do);

sub at {
    ($at, $do) = @_;
}

# SEC has nothing to read.
sub idle {
    my $next = next_feed();
    my $second = $next ? $next->{second} : 0;
    $second = $at if defined $at && (!$next || $at < $second);
    if ($Lockstep::now < $second) {
        Lockstep::go_to($each ? $Lockstep::now + 1 : Lockstep::cleanup_before($second));
    } elsif (defined $at && $Lockstep::now >= $at) {
        undef $at;
        $do->();
    } elsif (!$next) {
        close($_->{feed}) for @feeds;
    } else {
        syswrite($next->{feed}, $next->{line});
        read_line($next) or delete $next->{line};
    }
}

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

@feeds = map { open_feed($_) } split(' ', $logs);
my $first = next_feed();
Lockstep::begin($first ? $first->{second} : 0, \&idle);
1;
