#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a test, and ends it with all that it has started when it has run for too long: what hangs has a name then, and does
# not keep the others from being counted.
#
#   t/limited.pl SECONDS COMMAND [ARGUMENT...]
use strict;
use warnings;

my ($limit, @command) = @ARGV;
@command && $limit =~ /^\d+\z/ or die "usage: t/limited.pl SECONDS COMMAND [ARGUMENT...]\n";

# Each process of this group: what it is, its state, and where in the kernel it waits.
sub processes_of {
    my ($group) = @_;
    my @told;
    for my $folder (glob("/proc/[0-9]*")) {
        my %of = map { ($_ => slurp("$folder/$_")) } qw(stat cmdline wchan);
        my ($id, $state, $parent, $is) = $of{stat} =~ /^(\d+) .*\) (\S) (\d+) (\d+)/s or next;
        next if $is != $group;
        $of{cmdline} =~ tr/\0\n/  /;
        push(@told, "$id (of $parent) $state $of{wchan}: " . substr($of{cmdline}, 0, 200) . "\n");
    }
    return @told;
}

sub slurp {
    my ($name) = @_;
    open(my $file, "<", $name) or return "";
    local $/;
    return scalar(<$file>) // "";
}

my $pid = fork() // die "fork: $!\n";
if (!$pid) {
    setpgrp(0, 0);
    exec({ $command[0] } @command) or die "$command[0]: $!\n";
}
setpgrp($pid, $pid);
for my $signal (qw(HUP INT TERM)) {
    $SIG{$signal} = sub { kill($signal, -$pid); $SIG{$signal} = 'DEFAULT'; kill($signal, $$) };
}
$SIG{ALRM} = sub {
    print STDERR "# @command: has not ended after $limit seconds\n", map { "#   $_" } processes_of($pid);
    kill('KILL', -$pid);
};
alarm($limit);
my $ended = waitpid($pid, 0);
exit($ended != $pid || $? & 127 ? 1 : $? >> 8);
