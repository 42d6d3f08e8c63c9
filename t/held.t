#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# What Perl code in rules does to the outside is held alike in Secant (src/perl/held.h) and in another SEC
# (perl/LockstepHeld.pm): told with the same words, and answered so that the code goes on in the same way.  None of
# it comes to the kernel.
#
#   SECANT   the binary under test (build/secant)
#   SEC      the command of SEC
use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use lib "$FindBin::Bin/lib";
use Program qw(binary reference slurp spew);
use Test::More;

my ($secant, $sec) = (binary(), reference());
plan skip_all => "no SEC: install sec or set SEC" unless $sec;
plan skip_all => "$secant is not built" unless -x $secant;
my $dir = tempdir(CLEANUP => 1);
chdir($dir) or die "$dir: $!";
mkdir("out");
spew("out/file", "text\n");

# A name, and code whose value is told as well.
my @deeds = (
    ['update', q{open(my $f, '+<', 'out/file') or return $!; my $l = readline($f); print $f 'x'; close($f); $l}],
    ['update2', q{open(F, '+< out/file') or return $!; my $l = <F>; print F 'x'; close(F); $l}],
    ['memory', q{open(my $f, '>', \my $m); print $f 'x'; close $f; $m}],
    ['anon', q{open(my $f, '+>', undef) or return "$!"; print $f 'x'; 1}],
    ['dupfile', q{open(my $f, '>', 'out/a'); open(my $g, '>&', $f) or return "$!"; print $g 'x'; 1}],
    ['dupout', q{open(my $g, '>&', STDOUT) or return "$!"; print $g 'x'; 1}],
    ['dupout2', q{open(my $g, '>&STDOUT') or return "$!"; print $g 'x'; 1}],
    ['dupnum', q{open(my $g, '>&=', 2) or return "$!"; print $g 'x'; 1}],
    ['flock', q{open(my $f, '<', 'out/file'); flock($f, 2) ? 'yes' : "$!"}],
    ['syscall', q{my $p='out/m'; syscall(83, $p, 0700) // "undef $!"}],
    ['dbmopen', q{my %h; eval { dbmopen(%h, 'out/db', 0600) } ? 'yes' : "no $!"}],
    ['shm', q{shmget(77, 100, 01600) // "undef $!"}],
    ['msg', q{msgget(77, 01600) // "undef $!"}],
    ['sem', q{semget(77, 1, 01600) // "undef $!"}],
    ['posixopen', q{my $fd = POSIX::open('out/m', POSIX::O_WRONLY()|POSIX::O_CREAT(), 0600); defined $fd ? 'fd' : "$!"}],
    ['posixcreat', q{my $fd = POSIX::creat('out/m', 0600); defined $fd ? 'fd' : "$!"}],
    ['posixwrite', q{my $fd = POSIX::open('out/file', POSIX::O_RDONLY()); POSIX::write(1, 'abc', 2)}],
    ['mkfifo', q{POSIX::mkfifo('out/m', 0600)}],
    ['lchown', q{POSIX::lchown(1, 1, 'out/file')}],
    ['nice', q{POSIX::nice(1)}],
    ['hutime', q{require Time::HiRes; Time::HiRes::utime(1, 1, 'out/file')}],
    ['tmpfile', q{require IO::File; IO::File->new_tmpfile ? 'yes' : "no $!"}],
    ['iofile', q{require IO::File; my $f = IO::File->new('out/x', O_WRONLY|O_CREAT) or return "$!"; $f->print('x'); $f->close; 1}],
    ['syslog', q{require Sys::Syslog; Sys::Syslog::openlog('x', '', 'user'); Sys::Syslog::syslog('info', 'hello %s', 'you'); Sys::Syslog::closelog(); 1}],
    ['aton', q{require Socket; Socket::inet_ntoa(Socket::inet_aton('no.such.host'))}],
    ['aton4', q{require Socket; Socket::inet_ntoa(Socket::inet_aton('127.0.0.3'))}],
    ['ghbn', q{join '.', unpack 'C4', scalar gethostbyname('no.such.host')}],
    ['ghbn4', q{join '.', unpack 'C4', scalar gethostbyname('127.0.0.3')}],
    ['ghbnl', q{my @x = gethostbyname('127.0.0.3'); scalar @x}],
    ['ghba', q{my @x = gethostbyaddr(pack('C4', 127,0,0,1), 2); scalar @x}],
    ['gai', q{require Socket; my ($e, @r) = Socket::getaddrinfo('no.such.host', 80); "$e " . @r}],
    ['ioctl', q{open(my $f, '<', 'out/file'); my $x = ''; ioctl($f, 0x1234, $x) || "no $!"}],
    ['setpgrp', q{setpgrp(0, 0) ? 1 : 0}],
    ['listen', q{require IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1', LocalPort => 0) or return "no $@"; $s->accept ? 'yes' : "no $!"}],
    ['tcp', q{require IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => '10.0.0.1', PeerPort => 25, Proto => 'tcp') or return "no $@"; print $s "hello"; $s->syswrite('more'); my $l = <$s>; $s->peerhost . (defined $l ? $l : 'undef')}],
    ['udp', q{require IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => '10.0.0.1', PeerPort => 25, Proto => 'udp') or return "no $@"; $s->send('hello')}],
    ['unix', q{require IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => '/run/x') or return "no $!"; print $s 'x'; 1}],
    ['syswrite', q{open(my $f, '>', 'out/a'); syswrite($f, 'abcdef', 3, 1)}],
    ['printf', q{open(my $f, '>>', 'out/a'); printf $f '%s-%s', 'a', 'b'; 1}],
    ['sysopenT', q{use Fcntl; sysopen(my $f, 'out/file', O_RDONLY|O_TRUNC) or return "$!"; 1}],
    ['sysopenA', q{use Fcntl; sysopen(my $f, 'out/file', O_WRONLY|O_APPEND) or return "$!"; print $f 'x'; 1}],
    ['listopen', q{open(my $f, '-|', 'ls', '-l') or return "$!"; my @x = <$f>; close($f); "@x"}],
    ['listto', q{open(my $f, '|-', 'cat', 'x') or return "$!"; print $f 'x'; close($f); $?}],
    ['spipe', q{open(my $f, 'ls |') or return "$!"; my @x = <$f>; close($f) ? 1 : 0}],
    ['fork', q{my $p = fork(); defined $p ? (waitpid($p, 0) == $p ? 'waited' : 'no') : 'undef'}],
    ['system', q{system('ls', 'x') . system('ls >x')}],
    ['systemof', q{system { '/bin/ls' } 'ls', 'x'}],
    ['systemvar', q{my $p = '/bin/ls'; system $p 'ls', 'y'}],
    ['systemparen', q{my $p = '/bin/ls'; system({ $p } 'ls', 'z')}],
    ['execof', q{join ',', exec { '/bin/ls' } 'ls', 'x'}],
    ['execthen', q{exec('ls', 'x'); "$!"}],
    ['qx', q{my $x = `ls`; "[$x]"}],
    ['exec', q{no warnings; exec('ls') ? 1 : "no $!"}],
    ['kill', q{kill('HUP', 1) . kill(0, $$)}],
    ['truncate', q{truncate('out/file', 0) ? 1 : 0}],
    ['renames', q{join ',', rename('out/file', 'out/q'), link('out/file','out/l'), symlink('a','out/s'), mkdir('out/d'), rmdir('out/d'), unlink('out/file','out/b'), chmod(0, 'out/file'), chown(1,1,'out/file'), utime(1,1,'out/file')}],
    ['chroot', q{chroot('/tmp') ? 1 : 0}],
    ['copy', q{require File::Copy; File::Copy::copy('out/file', 'out/c') ? 1 : "no $!"}],
    ['temp', q{require File::Temp; my ($f, $n) = eval { File::Temp::tempfile(DIR => 'out', TEMPLATE=>'aXXXX') }; $@ ? 'no' : 'yes'}],
    ['stat', q{-s 'out/file'}],
    ['setsockopt', q{require Socket; socket(my $s, Socket::PF_INET(), Socket::SOCK_DGRAM(), 0) or return "no"; setsockopt($s, Socket::SOL_SOCKET(), Socket::SO_BROADCAST(), 1) ? 1 : 0}],
    ['sendto', q{require Socket; socket(my $s, Socket::PF_INET(), Socket::SOCK_DGRAM(), 0) or return "no"; send($s, 'abc', 0, Socket::pack_sockaddr_in(9, Socket::inet_aton('127.0.0.1')))}],
    ['oddaddress', q{socket(my $s, 2, 2, 0) or return "no"; send($s, 'abc', 0, pack('S', 2)) . send($s, 'abc', 0, 'x' x 16)}],
    ['dup2', q{POSIX::dup2(1, 2)}],
    ['say', q{use feature 'say'; say STDERR 'x'; 1}],
    ['warn', q{warn "x\n"; 1}],
    ['closeout', q{close(STDOUT); open(STDOUT, '>', 'out/so'); print STDOUT 'x'; 1}],
);

my ($rules, $log) = ("", "");
for my $i (0 .. $#deeds) {
    my ($name, $code) = @{ $deeds[$i] };
    $rules .= "type=Single\nptype=RegExp\npattern=go $name\$\ndesc=$name\n"
        . "action=lcall %x -> ( sub { $code } ); write /result $name %x\n\n";
    $log .= sprintf("Nov 28 06:%02d:%02d host go %s\n", $i / 60, $i % 60, $name);
}
spew("r.sec", $rules);
spew("log", $log);

my $text = `$secant migrate --unguarded --quiet --ref='$sec' --conf=r.sec --input=log 2>&1 </dev/null`;
is($?, 0, "both do the same") or diag($text);
like($text, qr/^  rules that matched: (\d+) of \1$/m, "all of it");
unlike($text, qr/could not be held/, "all was held") or diag($text);
is_deeply([glob("out/*")], ["out/file"], "no file was made");
is(slurp("out/file"), "text\n", "none was changed");

done_testing();
