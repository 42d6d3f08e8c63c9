#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# rsyslogd starts Secant (omprog) and waits for it to confirm each line (confirmMessages="on"); Secant is killed
# in the middle, again and again.  No line is lost, and none is processed twice but those that were kept and not
# confirmed: one for each kill; with useTransactions="on", those of one transaction.  t/durable/kill.pl looks closer, and
# kills between the two.
#
#   SECANT_LONG   set: 100,000 messages and 25 kills instead of 10,000 and 4
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use IO::Socket::INET;
use Program qw(binary spew slurp eventually end_by);
use Test::More;
use Time::HiRes qw(stat);

my ($rsyslogd) = grep { -x } map { "$_/rsyslogd" } split(/:/, $ENV{PATH}), "/usr/sbin";
plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

use constant BATCH => 16;    # messages in a transaction at the most

my ($messages, $kills) = $ENV{SECANT_LONG} ? (100_000, 25) : (10_000, 4);
my ($dir, $port, $rsyslog, $connection, $sent);

END { kill('KILL', $rsyslog) if $rsyslog }

sub write_files {
    my ($transactions) = @_;
    $dir = tempdir(CLEANUP => 1);
    mkdir("$dir/work");
    my $probe = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1) or die "listen: $!";
    $port = $probe->sockport;
    close($probe);
    spew("$dir/rules.sec", <<"END");
type=Single
ptype=RegExp
pattern=^message (\\d*00)\$
continue=TakeNext
desc=standard output is not for rules
action=write - message \$1 has come

type=SingleWithThreshold
ptype=RegExp
pattern=^message (\\d+)\$
continue=TakeNext
desc=all
action=write out reached
window=86400
thresh=$messages

type=Single
ptype=RegExp
pattern=(.*)
context=!SEC_INTERNAL_EVENT
desc=line
action=write out \$1
END
    spew("$dir/run", <<"END");
#!/bin/sh
cd $dir
exec @{[ binary() ]} --conf=rules.sec --input=- --notail --intevents --log=log --pid=pid --debug=4 \\
    --state=state --confirm 2>>err
END
    chmod(0755, "$dir/run");
    spew("$dir/rsyslog.conf", <<"END");
global(workDirectory="$dir/work")
module(load="imtcp")
module(load="omprog")
template(name="message" type="string" string="%msg:2:\$%\\n")
input(type="imtcp" address="127.0.0.1" port="$port" ruleset="secant")
ruleset(name="secant") {
    action(type="omprog" binary="$dir/run" template="message" confirmMessages="on" useTransactions="$transactions"
           confirmTimeout="120000" queue.type="LinkedList" queue.size="200000" queue.dequeueBatchSize="@{[ BATCH ]}"
           queue.timeoutShutdown="60000" action.resumeRetryCount="-1" action.resumeInterval="1")
}
END
}

sub start_rsyslog {
    $rsyslog = fork() // die "fork: $!";
    if (!$rsyslog) {
        open(STDIN, "<", "/dev/null");
        open(STDOUT, ">>", "$dir/rsyslog.out");
        open(STDERR, ">&", \*STDOUT);
        exec($rsyslogd, "-n", "-f", "$dir/rsyslog.conf", "-i", "$dir/rsyslog.pid") or die "$rsyslogd: $!";
    }
    return eventually(sub { $connection = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $port) });
}

sub send_messages {
    my ($count) = @_;
    print $connection map { $sent++; "<13>Nov 24 05:00:00 host test: message $sent\n" } 1 .. $count;
    $connection->flush;
}

sub told { return "rsyslogd: " . slurp("$dir/rsyslog.out") . "log: " . slurp("$dir/log") . "err: " . slurp("$dir/err") }
sub secant { return slurp("$dir/pid") =~ /^(\d+)/ ? $1 : 0 }
sub size { return (stat("$dir/out"))[7] // 0 }

# One rsyslogd, which starts one Secant after another.
sub runs {
    my ($transactions, $twice) = @_;
    write_files($transactions);
    $sent = 0;
    ok(start_rsyslog(), "rsyslogd listens") or die told();
    my $part = int($messages / ($kills + 1));
    for my $kill (1 .. $kills) {
        my $before = size();
        send_messages($part);
        ok(eventually(sub { size() > $before + 10 * $part / 3 }), "messages are processed") or die told();
        my $killed = secant() or die "no process ID\n", told();
        kill('KILL', $killed);
        # It is missed when there is a line for it.
        my $again = eventually(sub { send_messages(1); my $now = secant(); $now && $now != $killed });
        ok($again, "Secant is killed and started again") or die told();
    }
    send_messages($messages > $sent ? $messages - $sent : 1);
    close($connection);
    my $last = eventually(sub { slurp("$dir/out") =~ /^message $sent$/m });
    ok($last, "the last message is processed") or die told();
    end_by('TERM', $rsyslog);
    $rsyslog = undef;

    my (%times, @others, @reached);
    my ($lines, $last_number, $unordered) = (0, 0, 0);
    for my $line (split(/\n/, slurp("$dir/out"))) {
        if ($line =~ /^message (\d+)$/) {
            $times{$1}++;
            $lines++;
            $unordered++ if $1 < $last_number;
            $last_number = $1;
        }
        elsif ($line eq "reached") { push(@reached, $lines + 1) }
        else { push(@others, $line) }
    }
    is_deeply([grep { !$times{$_} } 1 .. $sent], [], "no message is lost");
    my $more = 0;
    $more += $_ - 1 for values %times;
    cmp_ok($more, "<=", $kills * $twice, "no more of them come twice than may");
    is($unordered, 0, "they come in order") if $transactions eq "off";
    is_deeply(\@others, [], "rules see no marks, and no parts of lines");
    like(slurp("$dir/err"), qr/^message \d+00 has come$/m, "what rules write to standard output goes to standard error");
    is_deeply(\@reached, [$messages], "a count has gone on over all ends") or diag(told());
    note("$more messages came twice, in " . ($kills + 1) . " runs");
}

sub judge {
    my (@options) = @_;
    local $ENV{SECANT} = (split(' ', binary()))[0];
    my $told = `$^X $FindBin::Bin/durable/kill.pl --kills=15 --seed=3 --inputs=plain,fifo --calls @options 2>&1`;
    is($?, 0, "each line that was sent is accounted for") or diag($told);
    note($told);
}

subtest("killed at its calls" => sub { judge("--confirm") });
SKIP: {
    skip("rsyslogd is not installed", 4) unless defined($rsyslogd);
    SKIP: {
        skip("the judge with rsyslogd: set SECANT_LONG=1", 2) unless $ENV{SECANT_LONG};
        subtest("killed at its calls under rsyslogd" => sub { judge("--rsyslog") });
        subtest("killed at its calls in transactions" => sub { judge("--rsyslog=on") });
    }
    subtest("messages" => sub { runs("off", 1) });
    subtest("transactions" => sub { runs("on", BATCH) });
}

done_testing();
