#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate import, with made-up rules and logs (Round.pm): SEC in virtual time writes its dump in the middle
# of a log, Secant takes it over and replays the rest, and has to do what SEC does that goes on.
#
#   t/lockstep/import.pl [--seed N] [--rounds N] [--lines N] [--keep FOLDER]
#
#   SEC      the reference (sec, as found in PATH)
#   SECANT   the binary under test (build/secant)
#
# What a dump does not hold is taken from SEC as well (LockstepCut.pm), if the import has named it.  At the end it says in how
# many rounds nothing was missing, and in how many SEC did the same even with all that it knew.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use FindBin;
use Getopt::Long qw(GetOptions);
use lib "$FindBin::Bin", "$FindBin::Bin/../lib";
use JSON::PP ();
use POSIX qw(strftime);
use Program qw(binary reference spew slurp);
use Round qw(make_round);

my ($seed, $rounds, $lines, $keep) = (1, 30, 200, "import-failed");
GetOptions('seed=i' => \$seed, 'rounds=i' => \$rounds, 'lines=i' => \$lines, 'keep=s' => \$keep)
    && !@ARGV or die "usage: $0 [--seed N] [--rounds N] [--lines N] [--keep FOLDER]\n";
my $here = $FindBin::Bin;
my $sec = reference() // die "no reference: install sec or set SEC\n";
my $secant = abs_path(binary());
my $scratch = tempdir(CLEANUP => 1);
my $perl = "PERL5OPT='-MLockstepLog -MLockstepCut' PERL5LIB='$here:$here/../../perl'";

# The log in one input: [second, line]; late lines come at the second of the one before.
sub lines_of {
    my ($round) = @_;
    my ($now, @lines) = (0);
    for (split(/\n/, $round->{log})) {
        my ($second, $text) = /^(\d+) (.*)/ or die $_;
        next if $text eq "DUMP";
        $now = $second if $second > $now;
        push(@lines, [$now, strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($now)) . " $text"]);
    }
    return @lines;
}

# What was said after the cut.
sub after_cut {
    my ($text) = @_;
    $text =~ s/^.*?CUT\n//s;
    $text =~ s/CODE\(0x\w+\)/CODE/g;
    $text =~ s/^(?:\w{3} ){2}[ \d]\d [\d:]{8} \d+: (?:SIGUSR1 received: dump|Dump to |Can't write to dumpfile|SEC \(Simple|Opening input file|No writers on|Reading configuration|\d+ rules loaded|No --bufsize|State of).*\n//mg;
    return $text;
}

sub run_in {
    my ($folder, $zone, $command) = @_;
    mkdir($folder);
    spew("$folder/command", "TZ='$zone' $command\n");
    system("cd '$folder' && ulimit -f 1000000 && TZ='$zone' timeout 300 env $command >out 2>err </dev/null");
    return { status => $?, log => after_cut(slurp("$folder/log")), out => after_cut(slurp("$folder/out")) };
}

sub one { return $_[int(rand(@_))] }

# Rules more that make contexts and operations whose texts hold values and %s.
sub more_rules {
    my @text = ('over: %s', '$1 and %s', '$2', '$1 $2', 'after $2; logonly %s', '100%% of $1', '$1$2', '$+{who} %s', '$0', '($1, $2)');
    my @name = ('M_$2', 'M_$1_$2', 'M_$1', 'M', 'M_%s', 'N_$+{who}');
    my @desc = ('more $1 $2', 'more $2', 'more', '$1', 'more $+{who}', '$0');
    my $list = sub { return join('; ', map { one('write -', 'logonly', 'add GLOBAL') . ' ' . one(@text) } 1 .. 1 + rand(2)) };
    my @rules;
    for my $number (1 .. 4) {
        my $word = one('\S+', '[a-m]\w+', '[n-z]\w+');
        my ($window, $other) = (one(60, 300, 900, 7200, 40000), one(30, 600, 9000));
        my $name = one(@name);
        my $create = one("create $name $window (@{[$list->()]})", "create $name; set $name $window (@{[$list->()]})",
            "create $name; add $name one %s; set $name $window ( @{[$list->()]}; create I_\$1 $other ( write - %s \$2 ) )");
        push(@rules, join("\n", "type=" . one('Single', "SingleWithSuppress\nwindow=$window"), "continue=TakeNext", "ptype=RegExp",
            "pattern=Z ($word) (?<who>e\\d)", "desc=" . one(@desc), "action=$create"));
        push(@rules, join("\n", "type=SingleWithThreshold", "continue=TakeNext", "ptype=RegExp", "pattern=Z ($word) (?<who>e\\d)",
            "desc=" . one(@desc) . " t$number", "action=" . $list->(), "action2=" . $list->(), "window=$window", "thresh=" . one(1 .. 9)));
        push(@rules, join("\n", "type=" . one(qw(Pair PairWithWindow)), "continue=TakeNext", "ptype=RegExp", "pattern=Z ($word) (?<who>e\\d)",
            "desc=" . one(@desc) . " p$number", "action=" . $list->(), "ptype2=RegExp", "pattern2=" . one('Z ([n-z]\\w+) $2', 'Z (\\w+) $+{who} 1', '$1 (x)?'),
            "continue2=TakeNext", "desc2=" . one('second %2 $1', '%1', 'second %s'),
            "action2=write - %1 %2 \$1 %s; create S_%2 $other (write - %s of %1 and \$1)", "window=$window"));
    }
    return map { "$_\n\n" } @rules;
}

# What was in the dumps.
my %things;

sub count_things {
    my ($folder) = @_;
    my $dump = eval { JSON::PP->new->utf8->decode(slurp("$folder/sec/cut.json")) } or return;
    my $told = slurp("$folder/sec/cut.told");
    $things{ $_->{type} =~ s/EventGroup\K\d+//r . ($_->{status} ? ", $_->{status}" : "") }++ for values %{ $dump->{operations} };
    for my $context (@{ $dump->{contexts} }) {
        $things{"contexts"}++;
        $things{"contexts with actions"}++ if $context->{action};
        $things{"contexts with two names or more"}++ if @{ $context->{name} } > 1;
        $things{"stored lines"} += @{ $context->{buffer} };
    }
    $things{"pending events"} += @{ $dump->{pendingevents} };
    $things{"contexts whose %s is certain"} += () = $told =~ /: %s in its actions is "/g;
    $things{"missing: $_->[0]"} += () = $told =~ /$_->[1]/g for (
        ["%s of a context", qr/does not tell what %s is/], ["an operation that ends", qr/it ends here/],
        ["dividing of an operation's texts", qr/actions hold values, and where/], ["dividing of a context's texts", qr/more than one way to divide/],
        ["actions in no rule", qr/actions are in no rule/], ["Calendar rules", qr/acted in the minute/], ["clean-up", qr/--cleantime/],
        ["variables", qr/it held code/], ["Perl's variables", qr/variables of its own/], ["differs from the dump", qr/not taken over as it is/]);
}

# Seeds the round, and one number more: where it is cut.
sub run_round {
    my ($number) = @_;
    my $folder = "$scratch/$number";
    mkdir($folder);
    my $round = make_round($number, $lines);
    $round->{rules}{'main.sec'} = join('', more_rules()) . $round->{rules}{'main.sec'};
    my @lines = lines_of($round);
    my $at = int(@lines / 4 + rand(@lines / 2));
    my ($before, $after) = ($lines[$at - 1][0], $lines[$at][0]);
    my $cut = $before + int(rand($after - $before + 1));
    spew("$folder/$_", $round->{rules}{$_}) for keys %{ $round->{rules} };
    spew("$folder/events", join('', map { "\@$_->[0] $_->[1]\n" } @lines));
    my $conf = join(' ', map { "--conf=../$_" } sort keys %{ $round->{rules} });
    my $options = join(' ', $conf, "--input=a=IN", "--log=log", @{ $round->{options} });
    my $import = "'$secant' migrate import cut.json $conf @{ $round->{options} } -o cut.state";
    my %did;
    for my $who (qw(sec all)) {
        my $all = $who eq "all" ? "CUT_KEEPS_ALL=1 " : "";
        $did{$who} = run_in("$folder/$who", $round->{zone},
            qq(${all}CUT="$cut $import" LOCKSTEP='../events=a' $perl $sec --norwfifo --notail --nochildterm $options));
    }
    mkdir("$folder/secant");
    spew("$folder/secant/a", join('', map { "$_->[1]\n" } grep { $_->[0] >= $cut } @lines));
    $did{secant} = run_in("$folder/secant", $round->{zone}, "'$secant' replay --quiet --state=../sec/cut.state --from=$cut $options");
    my $took = slurp("$folder/sec/cut.status");
    my @differ = grep { $did{sec}{$_} ne $did{secant}{$_} } qw(status log out);
    my $same = !grep { $did{all}{$_} ne $did{secant}{$_} } qw(status log out);
    push(@differ, "import failed") if $took eq '' || $took > 1;
    push(@differ, "differs, and nothing was named") if !$same && $took eq '0';
    if (@differ || $ENV{KEEP}) {
        make_path($keep);
        remove_tree("$keep/$number");
        system("cp", "-r", $folder, "$keep/$number");
    }
    count_things($folder);
    my $seen = () = $did{sec}{log} =~ /\n/g;
    remove_tree($folder);
    return ($seen, $took, $same, @differ);
}

my ($failed, $sum, $whole, $equal) = (0, 0, 0, 0);
$| = 1;
for my $number ($seed .. $seed + $rounds - 1) {
    my ($seen, $took, $same, @differ) = run_round($number);
    $sum += $seen;
    $whole++ if $took eq '0';
    $equal++ if $same;
    $failed++ if @differ;
    print "seed $number: @differ (kept in $keep/$number)\n" if @differ;
}
print "$rounds rounds, $sum messages after the cut, $failed differ; nothing missing in $whole, the same as SEC with all that it knew in $equal\n";
printf("%6d %s\n", $things{$_}, $_) for grep { $things{$_} } sort keys %things;
exit($failed ? 1 : 0);
