#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# rsyslogd starts Secant (omprog) and feeds it; both are killed in the middle.  Each line that reached
# Secant's standard input is processed once and in order.  Only a killed Secant leaves lines behind: those
# that were in the pipe, and those that it had read in one piece.
#
#   SECANT_LONG   set: 100,000 messages instead of 5,000
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use IO::Socket::INET;
use Program qw(binary spew slurp eventually end_by);
use Test::More;
use Time::HiRes qw(sleep stat);

my ($rsyslogd) = grep { -x } map { "$_/rsyslogd" } split(/:/, $ENV{PATH}), "/usr/sbin";
plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];
plan skip_all => "rsyslogd is not installed" unless defined($rsyslogd);

use constant PIPE => 65536;     # bytes that the pipe between feeder and Secant holds
use constant BLOCK => 65536;    # bytes that Secant reads at a time, and writes before it reads again

my $messages = $ENV{SECANT_LONG} ? 100_000 : 5_000;
my $dir = tempdir(CLEANUP => 1);
mkdir("$dir/work");
my $probe = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1) or die "listen: $!";
my $port = $probe->sockport;
close($probe);

spew("$dir/rules.sec", <<'END');
type=Single
ptype=SubStr
pattern=SEC_STARTUP
context=SEC_INTERNAL_EVENT
desc=which run is it
action=eval %run ( $ENV{RUN} )

type=Single
ptype=RegExp
pattern=^(message .*)$
desc=line
action=write out.%run $1
END

# A copy of what reaches Secant, written before it does: in.RUN, and the ends of Secant: end.RUN.
spew("$dir/run", <<"END");
#!/bin/sh
cd $dir
export RUN=\$\$
exec $^X feed.pl @{[ binary() ]} --conf=rules.sec --input=- --notail --intevents --log=log.\$RUN --pid=pid.\$RUN
END
chmod(0755, "$dir/run");
spew("$dir/feed.pl", <<'END');
use strict;
use warnings;
$SIG{PIPE} = 'IGNORE';
open(my $copy, ">", "in.$ENV{RUN}") or die "in: $!";
open(my $secant, "|-", @ARGV) or die "secant: $!";
while (sysread(STDIN, my $text, 4096)) {
    syswrite($copy, $text);
    for (my $done = 0; $done < length($text);) {
        $done += syswrite($secant, $text, length($text) - $done, $done) // last;
    }
    last if $!{EPIPE};
}
close($secant);
my $status = $?;
open(my $end, ">", "end.new") or die "end: $!";
print $end "$status\n";
close($end);
rename("end.new", "end.$ENV{RUN}");
END

spew("$dir/rsyslog.conf", <<"END");
global(workDirectory="$dir/work")
module(load="imtcp")
module(load="omprog")
template(name="message" type="string" string="%msg:2:\$%\\n")
input(type="imtcp" address="127.0.0.1" port="$port" ruleset="secant")
ruleset(name="secant") {
    action(type="omprog" binary="$dir/run" template="message" queue.type="LinkedList" queue.size="200000"
           queue.timeoutshutdown="20000" action.resumeRetryCount="-1" action.resumeInterval="1")
}
END

my $rsyslog;

sub start_rsyslog {
    $rsyslog = fork() // die "fork: $!";
    return if $rsyslog;
    open(STDIN, "<", "/dev/null");
    open(STDOUT, ">>", "$dir/rsyslog.out");
    open(STDERR, ">&", \*STDOUT);
    exec($rsyslogd, "-n", "-f", "$dir/rsyslog.conf", "-i", "$dir/rsyslog.pid") or die "$rsyslogd: $!";
}

my $connection;
my $sent = 0;

sub connect_rsyslog {
    return eventually(sub { $connection = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $port) });
}

sub send_messages {
    my ($count) = @_;
    local $SIG{PIPE} = 'IGNORE';
    for (1 .. $count) {
        $sent++;
        print $connection "<13>Nov 24 05:00:00 host test: message $sent of some length, as log messages have\n";
    }
    $connection->flush;
}

sub changed { return (stat($_[0]))[9] // 0 }
sub of_runs { return map { /(\d+)$/ } sort { changed($a) <=> changed($b) } glob("$dir/$_[0].*") }
sub lines_of { return scalar(() = slurp("$dir/$_[0]") =~ /\n/g) }
sub processed {
    my $sum = 0;
    $sum += lines_of("out.$_") for of_runs("out");
    return $sum;
}

END { kill('KILL', $rsyslog) if $rsyslog }

start_rsyslog();
ok(connect_rsyslog(), "rsyslogd listens") or die slurp("$dir/rsyslog.out");
my $part = $messages / 5;
send_messages($part);
ok(eventually(sub { processed() > $part / 2 }), "messages are processed") or die slurp("$dir/rsyslog.out");

my ($killed) = of_runs("pid");
send_messages($part);
my ($secant) = slurp("$dir/pid.$killed") =~ /^(\d+)/ or die "no process id";
kill('KILL', $secant);
send_messages($part);
ok(eventually(sub { send_messages(10); of_runs("out") > 1 }), "Secant is killed and started again");

kill('KILL', $rsyslog);
waitpid($rsyslog, 0);
ok(eventually(sub { of_runs("end") > 1 }), "without rsyslogd Secant comes to its end");
unlink("$dir/rsyslog.pid");
start_rsyslog();
ok(connect_rsyslog(), "rsyslogd is killed and started again");
send_messages($messages > $sent ? $messages - $sent : 1);
close($connection);
ok(eventually(sub { slurp("$dir/out." . (of_runs("pid"))[-1]) =~ /^message $sent /m }), "the last message is processed");
end_by('TERM', $rsyslog);
$rsyslog = undef;
my @runs = of_runs("in");
ok(eventually(sub { of_runs("end") == @runs }), "all ends when rsyslogd does");

my $received = 0;
for my $run (@runs) {
    my ($in, $out, $status) = map { slurp("$dir/$_.$run") } "in", "out", "end";
    $received += lines_of("in.$run");
    if ($run == $killed) {
        is($status & 127, 9, "the killed run: killed");
        is(substr($in, 0, length($out)), $out, "what it wrote is what it got, in order, and nothing twice");
        my $left = length($in) - length($out);
        note(sprintf("a killed Secant left %d of %d bytes", $left, length($in)));
        cmp_ok($left, "<=", PIPE + BLOCK + 4096, "no more than pipe and block hold is left");
    } else {
        is($status + 0, 0, "a run with " . lines_of("in.$run") . " lines ends well");
        is_deeply([split(/^/, $out)], [split(/^/, $in)], "and has processed each line once and in order");
    }
}
note("$sent messages were sent, $received reached Secant, " . processed() . " were processed");

done_testing();
