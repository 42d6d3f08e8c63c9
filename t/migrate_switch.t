#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate switch: the commands that it prints put Secant in SEC's place and back, while somebody writes the input
# all the time.  A systemctl of ours does with a unit what systemd does.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use IO::Handle;
use lib "$FindBin::Bin/lib";
use POSIX qw(WNOHANG mkfifo);
use Program qw(binary end_by eventually reference slurp spew);
use Strace qw(strace reaches_out);
use Test::More;
use Time::HiRes qw(sleep);

my $secant = abs_path(binary());
my $sec = reference() or plan skip_all => "no reference: install sec or set SEC";
`$sec --version` =~ / (\d+)\.(\d+)/ && $1 * 100 + $2 >= 208 or plan skip_all => "this SEC has no --dumpfjson";
-r "/proc/self/syscall" or plan skip_all => "no /proc/self/syscall";
my $dir = tempdir(CLEANUP => 1);
chdir($dir);
my (@running, $feeder);

END {
    my $status = $?;
    my ($pid) = slurp("$dir/pid") =~ /(\d+)/;
    kill('KILL', grep { defined } @running, $pid);
    $? = $status;
}

# The words that start SEC, and it as one program.
sub full { my ($word) = @_; return $word if $word =~ m{^/}; my ($path) = grep { -x } map { "$_/$word" } split(/:/, $ENV{PATH}); return $path }
my $command = join(' ', map { full($_) } split(' ', $sec));

make_path("bin", "root/lib/systemd/system", "root/etc/default", "root/run");
spew("bin/systemctl", <<'END');
#!/usr/bin/perl
# start, stop, restart and daemon-reload of one unit below $ROOT, whose process ID is in a file.
use strict;
use warnings;
use File::Basename qw(basename);
use Time::HiRes qw(sleep);
my ($what, $unit) = @ARGV;
my $root = $ENV{ROOT};
sub text { open(my $file, "<", $_[0]) or return ""; local $/; return <$file> // "" }
open(my $calls, ">>", "$root/calls");
print $calls "@ARGV\n";
exit(0) if $what eq "daemon-reload";
my ($pidfile) = text("$root/lib/systemd/system/$unit") =~ /^PIDFile=(.*)/m;
if ($what =~ /stop|restart/) {
    my ($pid) = text($pidfile) =~ /(\d+)/;
    if ($pid) {
        kill('TERM', $pid);
        kill('CONT', $pid);
        my $alive = sub { text("/proc/$pid/stat") =~ /\) [^ZX]/ };
        for (my $end = time() + 120; $alive->() && time() < $end;) { sleep(0.02) }
        $alive->() and kill('KILL', $pid), die "$pid does not end\n";
        unlink($pidfile);
    }
}
if ($what =~ /start/) {
    my @files = sort { basename($a) cmp basename($b) } map { glob("$root/$_/systemd/system/$unit.d/*.conf") } qw(etc run);
    my ($exec) = (map { text($_) =~ /^ExecStart=(.+)$/mg } "$root/lib/systemd/system/$unit", @files)[-1];
    exec("/bin/sh", "-c", ". '$root/etc/default/sec'; exec $exec");
}
exit(0);
END
chmod(0755, "bin/systemctl");
$ENV{PATH} = "$dir/bin:$ENV{PATH}";
$ENV{ROOT} = "$dir/root";
spew("root/lib/systemd/system/sec.service", "[Service]\nType=forking\nPIDFile=$dir/pid\nEnvironmentFile=-/etc/default/sec\nExecStart=$command \$DAEMON_ARGS\n");
spew("r.sec", <<"END");
type=Single
ptype=RegExp
pattern=^line (\\d+)
continue=TakeNext
desc=line
action=write $dir/seen \$1; eval %who (readlink("/proc/self/exe") =~ /perl/ ? "sec" : "secant"); write $dir/who %who \$1

type=Single
ptype=RegExp
pattern=^pipe (\\d+)
desc=line
action=write $dir/piped \$1

type=SingleWithThreshold
ptype=RegExp
pattern=^half (\\d+)
desc=halves
action=write $dir/whole \$1
window=3600
thresh=4
END

sub arguments { return "--conf=$dir/r.sec --input=$dir/log --input=$dir/fifo --pid=$dir/pid --detach --log=$dir/sec.log --dump=$dir/dump @_" }
sub defaults { spew("root/etc/default/sec", "DAEMON_ARGS=\"" . arguments(@_) . "\"\n") }
sub lines { my ($file) = @_; return scalar(() = slurp($file) =~ /\n/g) }

# Standard output, standard error, status.
sub look {
    my (@words) = @_;
    my $out = `$secant migrate switch --root=root --secant=$secant @words 2>err </dev/null`;
    return ($out, slurp("err"), $? >> 8);
}

spew("log", "");
mkfifo("fifo", 0600);

# What is in the way.
defaults();
my ($out, $err, $status) = look("--from-unit=sec");
is("$status $out", "1 ", "SEC does not run: the status");
like($err, qr{^Obstacles:\n\Q$dir\E/pid: No such file or directory; SEC is not running\n}, "SEC does not run");
spew("pid", "$$\n");
like((look("--from-unit=sec"))[1], qr{pid: process $$ is no \w+}, "another process");
spew("pid", "none\n");
like((look("--from-unit=sec"))[1], qr{pid: no process ID}, "no process ID");
unlink("pid");
system("systemctl", "start", "sec.service");
ok(eventually(sub { -s "pid" }), "SEC runs");
($out, $err, $status) = look("--from-unit=sec");
like($err, qr{SEC runs without --dumpfjson.*restart SEC}, "no --dumpfjson");
is("$status $out", "1 ", "no --dumpfjson: the status");
defaults("--dumpfjson", "--dump=/none/dump");
like((look("--from-unit=sec"))[1], qr{SEC cannot write its dump: /none is no folder}, "no folder for the dump");
defaults("--dumpfjson", "--input=-");
like((look("--from-unit=sec"))[1], qr{SEC reads standard input}, "standard input");
defaults("--dumpfjson", map { "--input=$dir/fifo" } 1 .. 7);
like((look("--from-unit=sec"))[1], qr{More than 7 inputs are named pipes}, "more pipes than a plain shell holds");
spew("in\nput", "");
defaults("--dumpfjson", "--input=$dir/in?put");
like((look("--from-unit=sec"))[1], qr{cannot handle an input with this name: \Q$dir\E/in}, "a newline in a name");
unlink("in\nput");
defaults("--dumpfjson", "--conf=$dir/bad.sec");
spew("bad.sec", "type=Single\n");
like((look("--from-unit=sec"))[1], qr{Secant rejects a rule: .*bad\.sec}, "a rule that is wrong");
defaults("--dumpfjson");
like(`$secant migrate switch --root=root --from-unit=sec --secant=/none 2>&1`, qr{/none: No such file}, "no Secant");
for my $user ("daemon", scalar(getpwnam("daemon")), "nobody-of-that-name") {
    spew("root/lib/systemd/system/own.service",
        "[Service]\nUser=$user\nExecStart=$command --conf=$dir/r.sec --input=$dir/log --dump=$dir/dump --dumpfjson\n");
    ($out, $err, $status) = look("--from-unit=own");
    next if $user =~ /^nobody/;
    is("$status $err", "0 ", "a unit without a process file, of user $user");
    like($out, qr{^ *chown \Q@{[ scalar(getpwnam("daemon")) ]}\E "\$state"$}m, "whose state it is");
}
like($err, qr{User=nobody-of-that-name: no user of this machine}, "a user that is not there");
($out, $err, $status) = look();
like($err, qr{--from-unit or --from-default is missing}, "nothing said");
is($status, 2, "nothing said: the status");

# Somebody writes the log and the pipe until there is "enough".
$feeder = fork() // die "fork: $!";
if (!$feeder) {
    open(my $log, ">>", "log");
    open(my $fifo, "+<", "fifo");
    $_->autoflush(1) for $log, $fifo;
    my $number = 0;
    while (!-e "enough") {
        print $log "line ", ++$number;
        print $fifo "pipe $number\n";
        sleep(0.001);
        print $log "\n";
        sleep(0.001);
    }
    spew("numbers", $number);
    POSIX::_exit(0);
}
push(@running, $feeder);

# A line that is not one of the numbers.
sub say_line { my ($text) = @_; open(my $log, ">>", "log"); syswrite($log, "\n$text\n"); close($log) }

sub once {
    my ($file, $from, $to) = @_;
    my %count;
    $count{$_}++ for split(/\n/, slurp($file));
    my @wrong = map { "$_: " . ($count{$_} // 0) } grep { ($count{$_} // 0) != 1 } $from .. $to;
    return @wrong > 5 ? "$wrong[0], and " . @wrong . " in all" : "@wrong";
}

sub play {
    my ($name, @from) = @_;
    system("systemctl stop sec.service");
    unlink("who", "seen", "piped", "whole");
    system("systemctl start sec.service");
    ok(eventually(sub { lines("seen") > 100 && lines("piped") > 100 }), "$name: SEC works");
    my ($text, $why, $code) = look(@from);
    is("$code $why", "0 ", "$name: it is ready");
    spew("switch.sh", $text);
    my ($first) = slurp("seen") =~ /^(\d+)/;
    say_line("half $_") for 1, 2;
    sleep(0.3);
    my $told = `sh switch.sh there 2>&1`;
    is($?, 0, "$name: there") or diag($told);
    like($told, qr{operations: 1 of 1.*inputs with a known position: 1 of 2.*Secant is running\.}s, "$name: what is told");
    ok(eventually(sub { slurp("who") =~ /secant \d+\n(?:.*\n){100}/ }), "$name: Secant works");
    say_line("half $_") for 3, 4;
    ok(eventually(sub { slurp("whole") eq "1\n" }), "$name: what was half counted is counted on");
    like((look(@from))[1], qr{runs \S+, not the Perl of a SEC; it may already be Secant}, "$name: no second time");
    my $middle = (split(/\n/, slurp("seen")))[-1];
    is(once("seen", $first, $middle), "", "$name: each line of the log once");
    my @piped = split(/\n/, slurp("piped"));
    is(once("piped", $piped[0], $piped[-1]), "", "$name: each line of the pipe once");
    my $calls = slurp("root/calls");
    $told = `sh switch.sh back 2>&1`;
    is($?, 0, "$name: back") or diag($told);
    like($told, qr{^These wait meanwhile: $feeder\n}, "$name: who waits");
    ok(eventually(sub { slurp("who") =~ /secant \d+\nsec \d+\n(?:.*\n){100}/ }), "$name: SEC works again");
    my $last = (split(/\n/, slurp("seen")))[-1];
    is(once("seen", $first, $last), "", "$name: each line of the log once, on the way back as well");
    return $text;
}

my $text = play("a unit", "--from-unit=sec");
ok(!glob("root/*/systemd/system/sec.service.d/*"), "a unit: nothing is left");
is((stat("root/run/secant-switch.state"))[2] & 0777, 0600, "a unit: the state is for nobody else");
play("a command", "--from-default=/etc/default/sec", "--ref='$command'");
SKIP: {
    # SEC is asked for its version; all else is what is printed, and a note of a thread to itself.
    my ($code, @calls) = strace("trace", "$secant migrate switch --root=root --secant=$secant --from-unit=sec >looked 2>err");
    skip "no strace", 2 unless @calls;
    like(slurp("looked"), qr/^there\(\) \{/m, "under strace it is ready as well") or diag(slurp("err"));
    my @outside = grep { reaches_out($_) && !/^\d+ +(?:write\((?:[12], "|\d+, "(?:\*|\\1\\0{0,7})", \d+\))|(?:v?fork|clone3?)\(|setsid\(|execve\([^\n]*"(?:--version|--from-unit=sec)"\])/ } @calls;
    is(join('', @outside), "", "it changes nothing");
}
spew("root/default\ntouch ran\n", slurp("root/etc/default/sec"));
unlike((look("--from-default='/default\ntouch ran\n'", "--ref='$command'"))[0], qr/^touch ran/m, "a newline in a name is no command");
spew("switch.sh", $text);
like(`sh switch.sh 2>&1`, qr{sh switch\.sh there, or sh switch\.sh back}, "neither there nor back");

# One of those who write may end by itself, before it is stopped or afterwards.
chomp(my $ended = `sh -c 'echo \$\$'`);
spew("stop.sh", $text =~ s/^case .*//msr . "files= stopped=$ended\nstop_writers\n");
is(system("sh stop.sh 2>/dev/null"), 0, "a writer that has ended is not waited for");
spew("enough", "");
end_by('CONT', $feeder);
system("systemctl", "stop", "sec.service");
done_testing();
