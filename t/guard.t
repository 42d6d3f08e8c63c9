#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The guard (src/guard/guard.h): what a program asks of the kernel, whatever language asks, does not happen but is
# told, unless it is the program's own business.  Perl without ours is that program: its operators, C code of its
# modules, and syscall with a number.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use File::Basename qw(dirname);
use File::Find qw(find);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX qw(WNOHANG);
use lib "$FindBin::Bin/lib";
use Program qw(binary reference slurp spew);
use Strace qw(strace reaches_out);
use Test::More;

my ($secant) = split(' ', binary());
my $run = abs_path(dirname($secant)) . "/guard/run";
plan skip_all => "$run is not built" unless -x $run;

# What changes if something gets through, and a folder that is there for it.
my $dir = abs_path(tempdir(CLEANUP => 1));
mkdir("$dir/$_") for qw(out out/folder in);
spew("$dir/out/file", "text\n");
spew("$dir/in/file", "text\n");
chdir($dir) or die "$dir: $!";
my $tcp = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', Blocking => 0) or die "socket: $@";
my $udp = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', Blocking => 0) or die "socket: $@";
my $unix = IO::Socket::UNIX->new(Listen => 5, Local => "$dir/out/socket", Blocking => 0) or die "socket: $!";
my ($tcp_port, $udp_port) = map { $_->sockport } $tcp, $udp;
my $victim = fork() // die "fork: $!";
if (!$victim) {
    $SIG{$_} = 'DEFAULT' for keys %SIG;
    sleep(3600);
    POSIX::_exit(0);
}
END { kill('KILL', $victim) if $victim }

# The program begins when it asks for this.
my $begin = 'BEGIN { $| = 1; rmdir("/dev/null/guarded"); $!{EPERM} or die "no guard: $!" } use Errno; ';

sub guarded {
    my ($code, @command) = @_;
    my $words = join(' ', map { "'" . s/'/'\\''/gr . "'" } @command, $^X, '-e', "$begin$code");
    my $told = `'$run' '$dir/in' $words 2>'$dir/err' </dev/null`;
    return ($? >> 8, slurp("$dir/err"), split(/\n/, $told));
}

my ($status, $err) = guarded('print "here\n"');
if ($status == 99) {
    chomp($err);
    plan skip_all => "the kernel has no such guard here: $err";
}
is("$status $err", "0 here\n", "a program runs");

# -- What is refused --

# All of the folder: names, sizes, modes, owners, times, texts.
sub outside {
    my @all;
    find({ no_chdir => 1, wanted => sub {
        my @stat = lstat;
        push(@all, join(' ', $_, @stat[2 .. 5, 7, 9], -f _ ? slurp($_) : ()));
    } }, "$dir/out");
    return join("\n", sort @all);
}
my $before = outside();

my $numbers = 'require "syscall.ph"; my ($old, $new) = map { "$_" } "' . $dir . '/out/file", "' . $dir . '/out/made"; ';
my $socket = 'use Socket; socket(my $s, PF_INET, SOCK_DGRAM, 0) or die; my $to = pack_sockaddr_in(' . $udp_port . ', inet_aton("127.0.0.1")); ';
my $stream = 'use Socket; socket(my $s, PF_INET, SOCK_STREAM, 0) or die; ';
my $un = 'use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die; ';

# Title, code that is true if it was done, what is told.
my @deeds = (
    # Files, by operators and by C code of modules.
    ["open to write", 'open(my $f, ">", "out/made")', "open $dir/out/made"],
    ["open to append", 'open(my $f, ">>", "out/file")', "open $dir/out/file"],
    ["open to update", 'open(my $f, "+<", "out/file")', "open $dir/out/file"],
    ["sysopen that only truncates", 'use Fcntl; sysopen(my $f, "out/file", O_RDONLY | O_TRUNC)', "open $dir/out/file"],
    ["POSIX::open", 'use POSIX; defined POSIX::open("out/made", O_WRONLY | O_CREAT, 0600)', "open $dir/out/made"],
    ["POSIX::creat", 'use POSIX; defined POSIX::creat("out/made", 0600)', "open $dir/out/made"],
    ["a temporary file", 'use IO::File; IO::File->new_tmpfile', qr{^open /tmp}],
    ["unlink", 'unlink("out/file")', "unlink $dir/out/file"],
    ["rename", 'rename("out/file", "out/made")', "rename $dir/out/file -> $dir/out/made"],
    ["link", 'link("out/file", "out/made")', "link $dir/out/file -> $dir/out/made"],
    ["symlink", 'symlink("file", "out/made")', "symlink $dir/out/made"],
    ["mkdir", 'mkdir("out/made")', "mkdir $dir/out/made"],
    ["rmdir", 'rmdir("out/folder")', qr{^(?:rmdir|unlink) $dir/out/folder$}],
    ["chmod", 'chmod(0, "out/file")', "chmod $dir/out/file"],
    ["chmod of what is open to read", 'open(my $f, "<", "out/file") or die; chmod(0, $f)', "chmod $dir/out/file"],
    ["chown", 'chown(1, 1, "out/file")', "chown $dir/out/file"],
    ["lchown", 'use POSIX; POSIX::lchown(1, 1, "out/file")', "chown $dir/out/file"],
    ["utime", 'utime(1, 1, "out/file")', "utime $dir/out/file"],
    ["utime of what is open to read", 'open(my $f, "<", "out/file") or die; utime(1, 1, $f)', "utime $dir/out/file"],
    ["Time::HiRes::utime", 'use Time::HiRes; Time::HiRes::utime(1, 1, "out/file")', "utime $dir/out/file"],
    ["truncate", 'truncate("out/file", 0)', qr{^(?:open|truncate) $dir/out/file$}],
    ["mkfifo", 'use POSIX; POSIX::mkfifo("out/made", 0600)', "mknod $dir/out/made"],
    ["flock", 'open(my $f, "<", "out/file") or die; flock($f, 1)', "flock $dir/out/file"],
    ["a lock", 'use POSIX; open(my $f, "<", "out/file") or die; my $lock = pack("ssx4qqlx4", F_RDLCK, 0, 0, 0, 0); fcntl($f, F_SETLK, $lock)',
        "fcntl $dir/out/file"],
    ["chroot", 'chroot("out")', "chroot $dir/out"],
    # By number.
    ["SYS_openat", $numbers . 'syscall(SYS_openat(), -100, $new, 65, 0600) >= 0', "open $dir/out/made"],
    ["SYS_openat below a descriptor",
        $numbers . 'opendir(my $d, "out"); my $name = "made"; syscall(SYS_openat(), fileno($d), $name, 65, 0600) >= 0', "open $dir/out/made"],
    ["SYS_mkdirat", $numbers . 'syscall(SYS_mkdirat(), -100, $new, 0700) >= 0', "mkdir $dir/out/made"],
    ["SYS_mknodat of a device", $numbers . 'syscall(SYS_mknodat(), -100, $new, 020600, 0x103) >= 0', "mknod $dir/out/made"],
    ["SYS_unlinkat", $numbers . 'syscall(SYS_unlinkat(), -100, $old, 0) >= 0', "unlink $dir/out/file"],
    ["SYS_setxattr", $numbers . 'my ($name, $value) = ("user.x", "y"); syscall(SYS_setxattr(), $old, $name, $value, 1, 0) >= 0',
        "setxattr $dir/out/file"],
    ["SYS_mount", $numbers . 'my ($none, $type) = ("none", "tmpfs"); syscall(SYS_mount(), $none, "$old", $type, 0, 0) >= 0',
        qr{^mount .*none -> $dir/out/file$}],
    ["SYS_execve", $numbers . 'my $touch = "/bin/touch"; my $argv = pack("p3", $touch, $new, undef); syscall(SYS_execve(), $touch, $argv, 0) >= 0',
        "exec /bin/touch $dir/out/made"],
    ["SYS_sethostname", $numbers . 'my $name = "other"; syscall(SYS_sethostname(), $name, 5) >= 0', "sethostname "],
    ["SYS_ptrace", $numbers . "syscall(SYS_ptrace(), 16, $victim, 0, 0) >= 0", "ptrace $victim"],
    ["SYS_shmget", $numbers . 'syscall(SYS_shmget(), 77, 4096, 01600) >= 0', "shmget 77"],
    ["a call that nobody knows", 'syscall(999) >= 0', "syscall 999"],
    # Processes.
    ["fork", 'defined fork()', "fork "],
    ["system", 'system("touch", "out/made") == 0', "fork "],
    ["a command's output", 'my $x = `touch out/made`; $? == 0', "fork "],
    ["open of a command", 'open(my $f, "|-", "touch", "out/made")', "fork "],
    ["exec", 'exec("touch", "out/made")', qr{^exec touch out/made$}],
    ["exec of a block and words", 'exec { "/bin/touch" } "touch", "out/made"', "exec touch out/made"],
    ["kill", "kill('TERM', $victim)", "kill $victim"],
    ["kill of a group", "kill('-TERM', $victim)", "kill -$victim"],
    ["setpriority", "setpriority(0, $victim, 5)", "setpriority $victim"],
    # Sockets.
    ["connect", $stream . "connect(\$s, pack_sockaddr_in($tcp_port, inet_aton('127.0.0.1')))", "connect 127.0.0.1:$tcp_port"],
    ["connect of IPv6", "use Socket qw(:DEFAULT inet_pton); socket(my \$s, PF_INET6, SOCK_STREAM, 0) or die; connect(\$s, pack_sockaddr_in6(9, inet_pton(AF_INET6, '::1')))",
        "connect ::1:9"],
    ["connect to a socket of files", $un . "connect(\$s, pack_sockaddr_un('$dir/out/socket'))", "connect $dir/out/socket"],
    ["sendto", $socket . 'send($s, "x", 0, $to)', "send 127.0.0.1:$udp_port"],
    ["sendmsg", $numbers . $socket . 'my $part = pack("PQ", my $text = "x", 1); my $msg = pack("PLx4PQPQix4", $to, length($to), $part, 1, undef, 0, 0);'
        . ' syscall(SYS_sendmsg(), fileno($s), $msg, 0) >= 0', "sendmsg 127.0.0.1:$udp_port"],
    ["bind", $socket . 'bind($s, pack_sockaddr_in(0, INADDR_ANY))', "bind 0.0.0.0:0"],
    ["bind of a socket of files", $un . 'bind($s, pack_sockaddr_un("out/made"))', "bind out/made"],
    ["listen", $stream . 'listen($s, 1)', "listen "],
    ["a socket to the kernel", 'use Socket; socket(my $s, 16, SOCK_RAW, 0)', "socket 16"],
    ["IO::Socket", "use IO::Socket::INET; IO::Socket::INET->new(PeerAddr => '127.0.0.1:$tcp_port')", "connect 127.0.0.1:$tcp_port"],
    ["a message to a multicast group", $socket . 'setsockopt($s, 0, 35, inet_aton("224.0.0.99") . INADDR_ANY)', "setsockopt 35"],
);

@deeds = grep { $_->[0] !~ /IPv6/ } @deeds unless socket(my $six, Socket::PF_INET6(), Socket::SOCK_STREAM(), 0);

for my $deed (@deeds) {
    my ($title, $code, $expected) = @$deed;
    my ($ended, $said, @told) = guarded("sub deed { $code } exit(eval { deed() } ? 3 : \$\@ ? print(STDERR \$\@) * 4 : 0);");
    if ($said =~ /syscall\.ph/) {
        diag("$title: no syscall.ph");
        next;
    }
    is("$ended", 0, "$title: refused") or diag($said);
    like($told[0] // '', ref $expected ? $expected : qr/^\Q$expected\E$/, "$title: told");
}

# Who resolves names asks servers.
my ($ended, $said, @told) = guarded('use Socket; print inet_aton("no.such.host.example") ? "known" : "unknown"');
is($said, "unknown", "a name is not found");
is_deeply([grep { !/^connect / } @told], [], "it is told who was asked, if somebody was");
($ended, $said, @told) = guarded('require Sys::Syslog; Sys::Syslog::openlog("x", "", "user"); eval { Sys::Syslog::syslog("info", "text") }');
is_deeply([grep { !m{^connect (?:/dev/log|/var/run/syslog|/run/systemd/journal/syslog|127\.0\.0\.1:514|::1:514)$} } @told], [], "nothing is logged");

# In a thread, after other signals, without libc's help.
SKIP: {
    skip("perl has no threads", 1) unless eval { require threads };
    ($ended, $said, @told) = guarded('use threads; threads->create(sub { mkdir("out/made") })->join; exit');
    is_deeply(\@told, ["mkdir $dir/out/made"], "a thread is held");
}
($ended, $said, @told) = guarded('use POSIX; POSIX::sigprocmask(SIG_BLOCK, POSIX::SigSet->new(1 .. 31)); exit(mkdir("out/made") ? 1 : 0)');
is_deeply([$ended, @told], [0, "mkdir $dir/out/made"], "so is one that hears no signals");
($ended, $said, @told) = guarded('mkdir("out/made") for 1 .. 500; print "done"');
is($said, "done", "many in a row");
is(scalar(@told), 500, "each is told");

is(outside(), $before, "nothing outside has changed");
is($tcp->accept, undef, "nobody has connected");
is($unix->accept, undef, "nor to the socket of files");
is($udp->recv(my $text, 10), undef, "nothing was sent");
is(waitpid($victim, WNOHANG), 0, "the other process is there");

# -- What is done --

sub is_done {
    my ($title, $code, $expected) = @_;
    my ($ended, $said, @told) = guarded("$code; exit");
    is($said, $expected, $title);
    is_deeply(\@told, [], "$title: nothing is told") or diag($ended);
}

is_done("reading", 'open(my $f, "<", "out/file") or die; print readline($f), -s "out/file", "\n", join(",", sort glob("out/*"))',
    "text\n5\n" . join(",", sort glob("out/*")));
is_done("modules, memory, time", 'require List::Util; require Time::HiRes; Time::HiRes::usleep(10); my $x = "x" x 5_000_000; print length($x)', 5000000);
is_done("pipes and pairs", 'use Socket; pipe(my $r, my $w) or die; syswrite($w, "a"); sysread($r, my $x, 1);'
    . ' socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0) or die; send($a, "b", 0); recv($b, my $y, 1, 0); print $x, $y', "ab");
is_done("users", 'print scalar(getpwuid(0))', scalar(getpwuid(0)));
is_done("signals of its own", '$SIG{USR1} = sub { print "USR1 " }; kill("USR1", $$); $SIG{ALRM} = sub { print "ALRM" }; alarm(1); select(undef, undef, undef, 5)',
    "USR1 ALRM");
is_done("questions about processes", "print kill(0, $victim) ? 'there' : \$!", "there");
is_done("the null device", 'open(my $f, ">", "/dev/null") or die $!; print $f "x"; open($f, "+>>", "/dev/null") or die; print "fine"', "fine");
($ended) = guarded('require POSIX; POSIX::abort()');
is($ended, 134, "abort");

is_done("files of its folder", 'chdir("in"); open(my $f, ">", "made") or die $!; print $f "text"; close($f); rename("made", "moved") or die;'
    . ' mkdir("deep") or die; open($f, ">>", "deep/../deep/x") or die; chmod(0640, "moved") or die; utime(1, 1, "moved") or die;'
    . ' truncate("moved", 2) or die; link("moved", "again") or die; symlink("moved", "link") or die; open($f, "+<", "link") or die;'
    . ' flock($f, 2) or die; unlink("again") or die; print -s "moved"', 2);
is_deeply([sort map { s{.*/}{}r } glob("in/*")], [qw(deep file link moved)], "they are there");

# Ways out of the folder.
my @ways = (
    ["a path with ..", 'open(my $f, ">", "in/../out/file")'],
    ["a link that leads out", 'symlink("../out/file", "in/leads") or die; open(my $f, ">>", "in/leads")'],
    ["one that leads nowhere yet", 'symlink("../out/made", "in/leads2") or die; open(my $f, ">", "in/leads2")'],
    ["a folder's link", 'symlink("../out", "in/leads3") or die; open(my $f, ">", "in/leads3/made")'],
    ["another name for a file outside", 'link("out/file", "in/other")'],
    ["renaming to the outside", 'rename("in/file", "out/made")'],
    ["renaming from the outside", 'rename("out/file", "in/made")'],
    ["a device", $numbers . 'my $d = "in/device"; syscall(SYS_mknodat(), -100, $d, 020600, 0x103) >= 0'],
    ["a folder whose name begins like it", 'mkdir("inside")'],
    ["the folder itself", 'rmdir("in")'],
    ["the own descriptors, opened again", 'open(my $g, "<", "out/file") or die; open(my $f, ">>", "/proc/self/fd/" . fileno($g))'],
    ["the own memory", 'open(my $f, "+<", "/proc/self/mem")'],
);
for my $way (@ways) {
    ($ended, $said, @told) = guarded("sub deed { $way->[1] } exit(eval { deed() } ? 3 : \$\@ ? print(STDERR \$\@) * 4 : 0);");
    next if $said =~ /syscall\.ph/;
    is("$ended", 0, "$way->[0] leads nowhere") or diag($said);
    is(scalar(@told), 1, "$way->[0]: told");
}
is(outside(), $before, "still nothing outside has changed");
ok(!-e "inside", "nor beside it");

# -- Its beginning and its end --

my $words = "'$^X' -e 'mkdir(\"out/early\") or die; system(\"true\") == 0 or die; rmdir(\"out/early\") or die; print STDERR \"done\"'";
is(`'$run' '$dir/in' $words 2>&1`, "done", "before it begins everything is done");
spew("$dir/script", "#!/bin/sh\nexec '$^X' \"\$\@\"\n");
chmod(0755, "$dir/script");
is(`'$run' '$dir/in' '$dir/script' -e '$begin print STDERR mkdir("out/made") ? "made" : "not"' 2>/dev/null`, "mkdir $dir/out/made\n",
    "a program may be started by another one");

SKIP: {
    my (undef, @calls) = strace("$dir/trace", "'$run' '$dir/in' '$^X' -e '$begin open(F, \">\", \"out/made\"); unlink(\"out/file\"); exec(\"true\")' >told 2>&1");
    skip("strace is not there, or cannot trace", 2) unless @calls;
    is(slurp("told"), "open $dir/out/made\nunlink $dir/out/file\n" . join('', map { "exec true\n" } slurp("told") =~ /^exec true$/mg),
        "three deeds under strace");
    my $begun = 0;
    my ($pid) = map { m{^(\d+) +rmdir\("/dev/null/guarded"} ? $1 : () } @calls;
    my @done = grep { $_ !~ /^\d+ +write\([12],/ && reaches_out($_) && !/ = -1 EPERM| <unfinished|resumed>.* = -1 EPERM|exited/ }
        grep { /^$pid / && ($begun ||= /guarded/) } @calls;
    is_deeply(\@done, [], "none was done");
}

# -- Another SEC, and Secant beside it --

SKIP: {
    my $sec = reference() // skip("no SEC: install sec or set SEC", 6);
    my $code = "require SDBM_File; tie(my %h, 'SDBM_File', '$dir/out/made', 66, 0600) ? 1 : 0";
    spew("r.sec", "type=Single\nptype=RegExp\npattern=go\ndesc=go\naction=lcall %x -> ( sub { $code } ); write - made %x\n");
    spew("log", join('', map { "Nov 28 06:00:0$_ host go\n" } 1 .. 3));
    spew("r.sectest", "rules: r.sec\ntest: goes\n  +0s go\n  expect write - = made 0\n  nothing else\n");
    my $migrate = "$secant migrate --quiet --ref='$sec' --conf=r.sec --input=log";
    my $text = `$migrate 2>&1`;
    is($?, 0, "both are refused the same") or diag($text);
    for my $name ("SEC", "Secant") {
        like($text, qr{^What could not be intercepted was refused, and is not compared \(in $name\):\n  open $dir/out/made\.\w+, 3 times$}m, "$name is named");
    }
    like(`$secant test --with='$sec' r.sectest 2>&1`, qr{perl refused: open $dir/out/made\.}, "in tests it is a deed");
    # There can be one listener only: with another one, whose filter lets everything through.
    my $other = 'require "syscall.ph"; my $all = pack("SCCL", 6, 0, 0, 0x7fff0000); syscall(SYS_prctl(), 38, 1, 0, 0, 0);'
        . ' my $fd = syscall(SYS_seccomp(), 1, 8, my $program = pack("Sx![P]P", 1, $all)); $fd >= 0 or die; open(my $kept, "<&=", $fd);'
        . ' fcntl($kept, 2, 0); exec(@ARGV)';
    spew("other.pl", $other);
    $text = `'$^X' other.pl $migrate 2>&1`;
    skip("no syscall.ph", 2) if $text =~ /syscall\.ph/;
    like($text, qr{^The kernel cannot block .*\n--unguarded runs without it\n\z}m, "without a guard it does not run");
    spew("r.sec", "type=Single\nptype=RegExp\npattern=go\ndesc=go\naction=write - x\n");
    like(`'$^X' other.pl $migrate --unguarded 2>&1`, qr{^equal: }m, "unless that is wished");
}

done_testing();
