#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# A SEC that reads a file which somebody writes all the time is cut, and Secant goes on: each line is seen once, and what
# was half counted is counted on.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use IO::Handle;
use JSON::PP ();
use lib "$FindBin::Bin/lib";
use POSIX qw(WNOHANG);
use Program qw(binary eventually reference slurp spew);
use Test::More;
use Time::HiRes qw(sleep time);

my $secant = abs_path(binary());
my $sec = reference() or plan skip_all => "no reference: install sec or set SEC";
`$sec --version` =~ / (\d+)\.(\d+)/ && $1 * 100 + $2 >= 208 or plan skip_all => "this SEC has no --dumpfjson";
-r "/proc/self/syscall" or plan skip_all => "no /proc/self/syscall";
my $dir = tempdir(CLEANUP => 1);
chdir($dir);
my @running;
END { my $status = $?; kill('KILL', grep { defined } @running); $? = $status }

sub start {
    my ($name, @words) = @_;
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDIN, "<", "/dev/null");
        open(STDOUT, ">>", "$name.out");
        open(STDERR, ">>", "$name.err");
        exec(@words) or POSIX::_exit(1);
    }
    push(@running, $pid);
    return $pid;
}

sub ended {
    my ($pid) = @_;
    return eventually(sub { waitpid($pid, WNOHANG) == $pid });
}

# Numbered lines, some in two pieces, until there is a file "enough"; "rotate" has the log renamed first.  At a time
# comes a block of them; as many as one for each two seconds of a busy machine are no burden.
sub feeder {
    my ($pieces, $pause) = @_;
    my $pid = fork() // die "fork: $!";
    if ($pid) { push(@running, $pid); return $pid }
    my $number = 0;
    open(my $log, ">>", "log") or die;
    $log->autoflush(1);
    while (!-e "enough") {
        if (-e "rotate") {
            rename("log", "log.1");
            unlink("rotate");
            open($log, ">>", "log");
            $log->autoflush(1);
        }
        my $text = join('', map { "line " . ++$number . (" x" x ($number % 7)) . "\n" } 1 .. $pieces);
        my $half = $number % 3 ? 0 : int(length($text) / 2);
        print $log substr($text, 0, $half) if $half;
        sleep($pause);
        print $log substr($text, $half);
        sleep($pause);
    }
    spew("numbers", $number);
    POSIX::_exit(0);
}

sub seen { return scalar(() = slurp("seen") =~ /\n/g) }

# SEC is stopped, when it is asleep or at any time; then it writes its dump and ends.
sub cut {
    my ($pid, $asleep) = @_;
    my $times = 0;
    while (1) {
        kill('STOP', $pid);
        eventually(sub { slurp("/proc/$pid/status") =~ /^State:\s+T/m }) or return;
        last if !$asleep || slurp("/proc/$pid/syscall") =~ /^\d+ 0x0 0x0 0x0 0x0 /;
        kill('CONT', $pid);
        return if ++$times > 2000;
        sleep(0.003);
    }
    kill($_, $pid) for qw(USR1 TERM CONT);
    return ended($pid);
}

my $rules = <<'RULES';
type=Single
ptype=RegExp
pattern=^line (\d+)
continue=TakeNext
desc=line $1
action=write seen $1

type=SingleWithThreshold
ptype=RegExp
pattern=^line (\d+)
desc=half of it
action=write counted $1
window=3600
thresh=4000000
RULES

# How often which number was seen, but once.
sub wrong {
    my %count;
    $count{$_}++ for split(/\n/, slurp("seen"));
    my @wrong = map { "$_: " . ($count{$_} // 0) } grep { ($count{$_} // 0) != 1 } 1 .. slurp("numbers");
    return @wrong > 5 ? "$wrong[0], and " . @wrong . " in all" : "@wrong";
}

sub move {
    my ($name, %how) = @_;
    system("rm -f log log.1 seen counted dump cut.state enough rotate numbers *.log *.out *.err");
    spew("log", "before\n");
    spew("r.sec", $rules);
    my @options = ("--conf=r.sec", "--input=log", map { @{ $how{$_} || [] } } qw(options windows));
    my $old = start("sec", split(' ', $sec), @options, "--log=sec.log", "--pid=pid", "--dump=dump", "--dumpfjson");
    ok(eventually(sub { -s "pid" && slurp("sec.log") =~ /Opening input file log/ }), "$name: SEC runs");
    my $feeder = feeder($how{pieces}, $how{pause});
    eventually(sub { seen() > 300 });
    ok(cut($old, $how{asleep}), "$name: SEC ends");
    unlink("pid");
    my $processed = seen();
    if ($how{rotate}) {
        spew("rotate", "");
        eventually(sub { !-e "rotate" && -s "log" });
    }
    system("rm -f log.1") if $how{gone};
    my $told = `$secant migrate import dump --conf=r.sec -o cut.state @{[$how{asleep} ? "--asleep" : ""]} @{ $how{windows} || [] } 2>&1`;
    my $status = $? >> 8;
    my $new = start("secant", $secant, @options, "--log=secant.log", "--state=cut.state");
    ok(eventually(sub { seen() > $processed + 300 }), "$name: Secant goes on") or diag(slurp("secant.log"));
    spew("enough", "");
    ended($feeder);
    my $numbers = slurp("numbers");
    eventually(sub { slurp("seen") =~ /^$numbers$/m }) unless $how{gone};
    kill('USR1', $new);
    kill('TERM', $new);
    ended($new);
    return ($told, $status, $processed);
}

for my $how (["asleep", asleep => 1, pieces => 1, pause => 0.001], ["busy", pieces => 400, pause => 0.02],
    ["rotated", asleep => 1, pieces => 3, pause => 0.001, rotate => 1], ["busy, two windows", pieces => 400, pause => 0.02, windows => ["--nojointbuf", "--bufsize=3"]],
    ["busy, small blocks, rotated", pieces => 100, pause => 0.01, rotate => 1, options => ["--blocksize=100"]]) {
    my ($name, @how) = @$how;
    my ($told, $status, $processed) = move($name, @how);
    is(wrong(), "", "$name: each line once") or diag($told, slurp("secant.log"));
    is($status, 0, "$name: nothing is missing") or diag($told);
    my $state = eval { JSON::PP->new->decode(slurp("cut.state")) };
    my ($operation) = @{ $state->{operations} };
    is(scalar(@{ $operation->{events} }), $processed, "$name: the operation has counted all that SEC has processed");
    is($state->{inputs}{log}{lines}, $processed, "$name: so has the input");
}
done_testing();
