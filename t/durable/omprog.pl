#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Stands between rsyslogd's omprog and the program under test, and keeps a record of what they tell each other.  It is
# never killed, and ends when the program does; so rsyslogd learns what it would learn without it.
#
#   omprog.pl FOLDER PROGRAM [OPTION...]
#
#   FOLDER/told   "s LINE" was sent to the program, "a ANSWER" it has answered, "r" it was started
#   FOLDER/runs   "r PROCESS" it was started, "e STATUS" it has ended
use strict;
use warnings;
use POSIX qw(_exit);

$SIG{PIPE} = 'IGNORE';
my $folder = shift(@ARGV);
open(my $told, ">>", "$folder/told") or die "told: $!";
open(my $runs, ">>", "$folder/runs") or die "runs: $!";
pipe(my $child_in, my $in) && pipe(my $out, my $child_out) or die "pipe: $!";
syswrite($told, "r\n");
my $pid = fork() // die "fork: $!";
if (!$pid) {
    chdir($folder) or die "$folder: $!";
    open(STDIN, "<&", $child_in) && open(STDOUT, ">&", $child_out) && open(STDERR, ">>", "err") or die "open: $!";
    $SIG{PIPE} = 'DEFAULT';
    $ENV{LD_PRELOAD} = delete($ENV{PRELOAD}) if defined($ENV{PRELOAD});
    exec(@ARGV) or do { warn("exec: $!"); _exit(127) };
}
close($_) for $child_in, $child_out;
syswrite($runs, "r $pid\n");

# What one side says to the other, with this letter; whole lines.  False: it has ended.
sub pass {
    my ($from, $to, $letter) = @_;
    my $text = "";
    while (!length($text) || $text !~ /\n\z/) {
        return 0 unless sysread($from, $text, 65536, length($text));
    }
    syswrite($told, $text =~ s/^/$letter /gmr);
    for (my $done = 0; $done < length($text);) {
        $done += syswrite($to, $text, length($text) - $done, $done) // return 1;
    }
    return 1;
}

vec(my $ears = "", fileno($out), 1) = 1;
vec($ears, fileno(STDIN), 1) = 1;
for (;;) {
    select(my $heard = $ears, undef, undef, undef) >= 0 or next;
    if (vec($heard, fileno($out), 1)) {
        pass($out, \*STDOUT, "a") or last;
    } elsif (!pass(\*STDIN, $in, "s")) {
        vec($ears, fileno(STDIN), 1) = 0;
        close($in);
    }
}
waitpid($pid, 0);
syswrite($runs, "e $?\n");
