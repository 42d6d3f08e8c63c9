# SPDX-License-Identifier: GPL-2.0-or-later
# What a program does to the outside, as the kernel sees it.
package Strace;
use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(strace reaches_out);

use constant PATIENCE => 300;    # seconds; strace waits for all that the command leaves behind

# Whatever writes, talks, starts, or changes something that has a name.
my @calls = qw(
    write writev pwrite64 pwritev pwritev2 sendto sendmsg sendmmsg sendfile splice tee vmsplice copy_file_range
    connect bind listen accept accept4 shutdown
    fork vfork clone clone3 execve execveat kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal
    unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mkdir mkdirat rmdir mknod mknodat
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat truncate ftruncate
    fallocate setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr flock creat open openat openat2
    chroot mount umount2 setsid setpgid setpriority setuid setgid setreuid setregid setresuid setresgid setgroups
    shmget shmctl msgget msgctl msgsnd semget semctl semop mq_open mq_unlink ptrace settimeofday clock_settime
);

# Traces a command of the shell, into the file; its status, and the calls above and those of access, a line
# each; none: strace is not there, or may not trace.
sub strace {
    my ($file, $command) = @_;
    return () unless grep { -x "$_/strace" } split(/:/, $ENV{PATH});
    # ? before a name: not every system has it.
    my $calls = join(",", map { "?$_" } @calls, "access", "faccessat", "faccessat2");
    local $ENV{ASAN_OPTIONS} = join(":", $ENV{ASAN_OPTIONS} // (), "detect_leaks=0");    # not under strace
    my $status = system("timeout --foreground -k 10 @{[ PATIENCE ]} strace -f -o $file -e trace=$calls $command");
    open(my $fh, "<", $file) or return ();
    my @lines = <$fh>;
    return @lines ? ($status, @lines) : ();
}

# A call that is more than to read, to ask whether something is there, to open what goes nowhere, or to start a
# thread.
sub reaches_out {
    my ($call) = @_;
    return $call =~ /^\d+ +\w+\(/ && $call !~ /^\d+ +(?:f?access|open(?:at2?)?\([^\n]*O_RDONLY)/
        && $call !~ /^\d+ +kill\(\d+, 0\)/ && $call !~ /^\d+ +clone3?\([^\n]*\bCLONE_THREAD\b/ && $call !~ m{^\d+ +open(?:at2?)?\([^\n"]*"/dev/null", };
}

1;
