#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Recorded effects: build/t/check_effects runs every action and what of Perl reaches out, and the kernel sees
# nothing of it.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $root = dirname(dirname(abs_path(__FILE__)));
my $program = ($ENV{SECANT} ? dirname((split(' ', $ENV{SECANT}))[0]) : "$root/build") . "/t/check_effects";
plan skip_all => "$program is not built" unless -x $program;
plan skip_all => "strace is not installed" unless grep { -x "$_/strace" } split(/:/, $ENV{PATH});

# Whatever writes, talks, starts, or changes something that has a name.  Of files, those opened for more
# than reading.
my @calls = qw(
    write writev pwrite64 pwritev pwritev2 sendto sendmsg sendmmsg sendfile splice
    connect bind listen accept accept4 shutdown
    fork vfork clone clone3 execve execveat kill tkill tgkill rt_sigqueueinfo pidfd_send_signal
    unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mkdir mkdirat rmdir mknod mknodat
    chmod fchmod fchmodat chown fchown lchown fchownat utime utimes futimesat utimensat truncate ftruncate
    fallocate setxattr fsetxattr flock creat open openat
    chroot setsid setpgid setpriority setuid setgid setgroups shmget shmctl msgget msgsnd semget semop
);

my $dir = tempdir(CLEANUP => 1);

# ? before a name: not every system has it.
sub trace {
    my @command = @_;
    my $calls = join(",", map { "?$_" } @calls, "access", "faccessat", "faccessat2");
    local $ENV{ASAN_OPTIONS} = join(":", $ENV{ASAN_OPTIONS} // (), "detect_leaks=0");    # not under strace
    my $status = system("strace -f -o $dir/trace -e trace=$calls @command > $dir/out 2>&1");
    open(my $fh, "<", "$dir/trace") or return (-1);
    return ($status, <$fh>);
}

my ($status, @trace) = trace("true");
plan skip_all => "strace cannot trace here" if $status != 0;

($status, @trace) = trace($program);
is($status, 0, "the program finds what it expects") or diag(qx(cat $dir/out));

# Each test is a process of its own.
my ($runs, %between, @reached) = (0);
for my $call (@trace) {
    my ($pid) = $call =~ /^(\d+) +\w+\(/ or next;
    if ($call =~ m{"/effects/(begin|end)"}) {
        $between{$pid} = $1 eq "begin";
        $runs += $between{$pid};
    } elsif ($between{$pid} && $call !~ /^\d+ +(?:f?access|openat?\([^\n]*O_RDONLY)/
             && $call !~ /^\d+ +kill\(\d+, 0\)/
             && $call !~ m{^\d+ +openat?\([^\n"]*"/dev/null", }) {
        push(@reached, $call);
    }
}
cmp_ok($runs, ">", 100, "much was run");
is_deeply(\@reached, [], "nothing reached out");

# The net has no hole: the same is seen when it happens.
($status, @trace) = trace(qq(perl -e 'open(FH, ">", "$dir/x"); syswrite(FH, "x"); unlink("$dir/x")'));
for my $call ("openat", "write", "unlink") {
    ok(scalar(grep { /^\d+ +\Q$call\E\(.*\Q$dir\E|^\d+ +$call\(\d+, "x", 1\)/ } @trace), "$call would be seen");
}

done_testing();
