#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a test and passes on what it prints.  When it has run for too long it is ended, with all that it has started, and what
# they waited for is told: what hangs has a name then, and does not keep the others from being counted.  The same happens
# to what it leaves behind, when that could print still.
#
#   t/limited.pl SECONDS COMMAND [ARGUMENT...]
use strict;
use warnings;
use POSIX qw(WNOHANG);

use constant REST => 10;    # seconds for what the test has left behind

my ($limit, @command) = @ARGV;
@command && $limit =~ /^\d+\z/ or die "usage: t/limited.pl SECONDS COMMAND [ARGUMENT...]\n";

# All that the test starts has it in its environment, in whatever session it is.
my $mark = "SECANT_TEST=$$";

sub slurp {
    my ($name) = @_;
    open(my $file, "<", $name) or return "";
    local $/;
    return scalar(<$file>) // "";
}

sub marked { return map { /(\d+)/ } grep { slurp("$_/environ") =~ /(?:^|\0)\Q$mark\E\0/ } glob("/proc/[0-9]*") }

# What a process is, its state, and where in the kernel it waits.
sub told_of {
    my ($process) = @_;
    my ($state) = slurp("/proc/$process/stat") =~ /.*\) (\S)/s;
    my $command = slurp("/proc/$process/cmdline") =~ tr/\0\n/  /r;
    return "#   $process (" . ($state // "gone") . ", " . slurp("/proc/$process/wchan") . ") " . substr($command, 0, 200) . "\n";
}

my $pid;

sub end_all {
    my ($why) = @_;
    my @processes = marked();
    print STDERR "# @command $why\n", map { told_of($_) } @processes;
    kill('KILL', -$pid, @processes);
}

pipe(my $printed, my $out) or die "pipe: $!\n";
$pid = fork() // die "fork: $!\n";
if (!$pid) {
    setpgrp(0, 0);
    $ENV{SECANT_TEST} = getppid();
    open(STDIN, "<", "/dev/null") or die "stdin: $!\n";    # a terminal would stop it: it is not in the foreground
    open(STDOUT, ">&", $out) or die "stdout: $!\n";
    exec({ $command[0] } @command) or die "$command[0]: $!\n";
}
close($out);
for my $signal (qw(HUP INT TERM)) {
    $SIG{$signal} = sub { kill($signal, -$pid); $SIG{$signal} = 'DEFAULT'; kill($signal, $$) };
}

# The pipe ends with the last process that has it.
my ($status, $end, $open) = (undef, time() + $limit, 1);
vec(my $ears = "", fileno($printed), 1) = 1;
while (time() < $end && ($open || !defined($status))) {
    if (select(my $heard = $ears, undef, undef, $open ? 1 : 0.01) > 0) {
        my $read = sysread($printed, my $text, 65536);
        syswrite(STDOUT, $text) if $read;
        ($open, $ears) = (0, "") if defined($read) && !$read;
    }
    ($status, $end) = ($?, time() + REST) if !defined($status) && waitpid($pid, WNOHANG) == $pid;
}
end_all(defined($status) ? "has left processes behind" : "has not ended after $limit seconds") if $open || !defined($status);
$status //= waitpid($pid, 0) == $pid ? $? : 1;
exit($status & 127 ? 1 : $status >> 8);
