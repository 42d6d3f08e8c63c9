#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant check: what it does grows with the rules, not with their square.
#
# Four times the rules take about four times the processor's time, and would take sixteen times as much if each were
# compared with each other one.  The lowest of several times counts, so that what else runs does not.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use List::Util qw(min);
use Test::More;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);

use constant {FEW => 2500, TIMES => 4, MOST => 5, RUNS => 3};

my $secant = abs_path(binary());
my $dir = tempdir(CLEANUP => 1);

# Each of them with what most checks look for, under names of its own.
sub rules {
    my ($count) = @_;
    my $text = "";
    for my $i (1 .. $count / 4) {
        $text .= <<"RULES";
type=SingleWithThreshold
ptype=RegExp
pattern=host$i sshd\\[\\d+\\]: Failed password for (\\S+) from ([\\d.]+) port \\d+
context=!QUIET_$i
desc=failed logins of \$1 on host$i
action=create SEEN_${i}_\$1 60; assign %count$i \$2; pipe '%s %count$i' /usr/bin/mail -s "host$i: \$1" root
window=60
thresh=5

type=Pair
ptype=SubStr
pattern=link $i down
desc=link $i down
action=create QUIET_$i; event LINK_$i is down
ptype2=SubStr
pattern2=link $i up
desc2=link $i up
action2=delete QUIET_$i
window=600

type=Single
ptype=RegExp
pattern=^LINK_$i is (\\w+)
context=SEEN_${i}_root || MISSING_$i
desc=link
action=shellcmd /bin/echo \$1 %count$i; report LOG_$i /bin/cat

type=Suppress
ptype=RegExp
pattern=daemon$i: (?:debug|info): .* took (\\d+) ms

RULES
    }
    return $text;
}

sub seconds {
    my ($file) = @_;
    my (undef, undef, @before) = times();
    system("$secant check --all '$file' >'$dir/out' 2>&1");
    my (undef, undef, @after) = times();
    return $after[0] + $after[1] - $before[0] - $before[1];
}

my %lowest;
for my $count (FEW, TIMES * FEW) {
    my $file = "$dir/$count.sec";
    spew($file, rules($count));
    $lowest{$count} = min(map { seconds($file) } 1 .. RUNS);
    like(slurp("$dir/out"), qr/^1 file, $count rules: \d+ warnings/m, "$count rules have been looked at");
}
my $ratio = $lowest{TIMES * FEW} / ($lowest{+FEW} || 0.01);
cmp_ok($ratio, "<", MOST, sprintf("%d times the rules take %.1f times as long", TIMES, $ratio));
diag(sprintf("%.2f s and %.2f s", @lowest{FEW, TIMES * FEW})) if $ratio >= MOST;
done_testing();
