#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Children that do not read, children that end at once and peers that do not listen hold nothing up,
# and nothing that was meant for them gets lost without a word.
#
#   SECANT_LONG   set: 1,000 of each instead of 50
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Program qw(binary spew slurp eventually);
use Socket qw(SOCK_DGRAM SOL_SOCKET SO_RCVBUF);
use Test::More;
use Time::HiRes qw(time);

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];
plan skip_all => "no /proc" unless -r "/proc/self/stat";

use constant LARGE => 100_000;    # more than a pipe holds

my $count = $ENV{SECANT_LONG} ? 1000 : 50;
my $lines = 100_000;

my $rules = <<'END';
type=Single
ptype=SubStr
pattern=prepare
desc=texts
action=eval %large ( "x" x 100000 ); eval %block ( "y" x 10000 ); write marks prepared

type=Single
ptype=RegExp
pattern=^silent
desc=a child that never reads
action=pipe '%large' sleep 1000

type=Single
ptype=RegExp
pattern=^short
desc=a child that ends at once
action=pipe '%large' false

type=Single
ptype=RegExp
pattern=^stream (\d+)
desc=a peer that does not read
action=tcpsock 127.0.0.1:$1 %block

type=Single
ptype=RegExp
pattern=^datagram (\S+)
desc=a queue that is full
action=udgram $1 datagram

type=Single
ptype=RegExp
pattern=^mark (\w+)
desc=mark
action=write marks $1
END

sub marked {
    my ($p, $mark) = @_;
    $p->feed("mark $mark");
    return eventually(sub { slurp($p->path("marks")) =~ /^$mark$/m });
}

# Microseconds of CPU time for a line that matches nothing; lines per second go to the report.
sub cost {
    my ($p, $title) = @_;
    my ($cpu, $start) = ($p->cpu, time());
    my @block = map { "nothing of interest $_" } 1 .. 1000;
    $p->feed(@block) for 1 .. $lines / @block;
    ok(marked($p, $title), "lines are processed: $title");
    note(sprintf("%s: %.0f lines/s", $title, $lines / (time() - $start)));
    return 1e6 * ($p->cpu - $cpu) / $lines;
}

sub children_of {
    my ($p, $state) = @_;
    my @found;
    for my $stat (glob("/proc/[0-9]*/stat")) {
        my ($pid, $its, $parent) = slurp($stat) =~ /^(\d+) \(.*\) (\w) (\d+)/s or next;
        push @found, $pid if $parent == $p->{pid} && $its =~ $state;
    }
    return @found;
}

sub matches { return scalar(() = $_[0] =~ /$_[1]/g) }

subtest "children and peers that do not read" => sub {
    # Children and their feeds are more than the soft limit of descriptors.
    my @limited = grep { -x "$_/prlimit" } split(/:/, $ENV{PATH});
    local $ENV{SECANT} = "prlimit --nofile=64:10000 " . binary() if @limited;
    my $p = Program->start({ "a.sec" => $rules });
    my $listener = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 5, Timeout => 120) or die "listen: $!";
    setsockopt($listener, SOL_SOCKET, SO_RCVBUF, 4096);
    my $queue = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $p->path("socket")) or die "socket: $!";

    $p->feed("prepare");
    ok(marked($p, "ready"), "it runs");
    my $alone = cost($p, "alone");
    my $before = $p->memory;

    $p->feed(("silent") x $count);
    ok(marked($p, "silent"), "$count children that never read are started");
    $p->feed(("short") x $count);
    ok(marked($p, "short"), "$count children that end at once are started");
    $p->feed("stream " . $listener->sockport);
    my $peer = $listener->accept or die "no connection: $!";
    ok(IO::Select->new($peer)->can_read(120), "the connection stands");
    $p->feed(("stream " . $listener->sockport) x 1000);
    ok(marked($p, "stream"), "1,000 events are sent to a peer that does not read");
    $p->feed(("datagram " . $p->path("socket")) x 1000);
    ok(marked($p, "datagram"), "1,000 events are sent to a queue that is full");

    my $with = cost($p, "with");
    note(sprintf("CPU time a line: %.2f us alone, %.2f us with them", $alone, $with));
    cmp_ok($with, "<", 3 * $alone + 5, "they cost hardly anything");
    SKIP: {
        skip "memory is the sanitizer's", 1 if slurp("/proc/$p->{pid}/maps") =~ /asan/;
        my $grown = $p->memory - $before;
        note(sprintf("memory: %.1f MB more", $grown / 1e6));
        cmp_ok($grown, "<", $count * (LARGE + 20_000) + 20_000_000, "memory is that of the unread feeds");
    }

    ok(eventually(sub { @{ [ children_of($p, qr/./) ] } == $count }), "children that are gone leave no zombies");
    is(scalar(children_of($p, qr/Z/)), 0, "none at all");
    my $end = qr/terminated with non-zero exitcode 1 \( false \)/;
    eventually(sub { matches(slurp($p->path("log")), $end) >= $count });
    my $log = slurp($p->path("log"));
    is(matches($log, $end), $count, "each end is reported");
    unlike($log, qr/Could not/, "nothing failed for want of descriptors");

    my ($queued, $datagram) = (0);
    $queue->blocking(0);
    $queued++ while defined($queue->recv($datagram, 100)) && length($datagram);
    my $refused = matches($log, qr/Error when sending event 'datagram' to socket/)
        - matches($log, qr/Retrying to send event 'datagram' to socket/);
    is($queued + $refused, 1000, "each datagram has come or is reported");

    $p->signal('TERM');
    is($p->finish, 0, "the end comes at once");
    my ($bytes, $text) = (0);
    $bytes += length($text) while sysread($peer, $text, 1 << 16);
    my $whole = 1001 - matches($log, qr/Error when sending event 'y+' to TCP peer/)
        - matches($log, qr/bytes of 'y+' sent to TCP peer/);
    my $parts = 0;
    $parts += $_ for $log =~ /(\d+) bytes of 'y+' sent to TCP peer/g;
    is($bytes, 10_000 * $whole + $parts, "so is each part that a peer did not get");
    my @started = slurp($p->path("log")) =~ /Child (\d+) created for command 'sleep/g;
    is(scalar(@started), $count, "the log tells of each child");
    ok(eventually(sub { !grep { kill(0, $_) } @started }), "none is left");
};

my $last = <<'END';
type=Single
ptype=SubStr
pattern=last
desc=last
action=eval %large ( "x" x 1000000 ); pipe '%large' sleep 1; wc -c >count.new; mv count.new count

type=Single
ptype=SubStr
pattern=leave
desc=leave
action=eval %large ( "x" x 1000000 ); pipe '%large' sleep 1; wc -c >count.new; mv count.new count; eval %o ( exit(3) )

type=Single
ptype=SubStr
pattern=SEC_SHUTDOWN
context=SEC_INTERNAL_EVENT
desc=shutdown
action=eval %large ( "x" x 1000000 ); pipe '%large' wc -c >count.new; mv count.new count
END
# A semicolon inside a command is protected by parentheses.
$last =~ s/((?:sleep 1; )?wc -c .* count)(;|$)/( $1 )$2/mg;

sub fed {
    my ($title, $status, $line, @options) = @_;
    my $p = Program->start({ "a.sec" => $last }, "--notail", @options);
    $p->feed($line);
    is($p->finish >> 8, $status, "$title: the program has ended");
    ok(eventually(sub { -e $p->path("count") }), "the child ends after it");
    is(slurp($p->path("count")) + 0, 1_000_001, "and has got all");
}

fed("left alone at the end", 0, "last", "--nochildterm");
fed("exit in user code", 3, "leave");
fed("during the pause of a shutdown", 0, "nothing", "--intevents");

done_testing();
