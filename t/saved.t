#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# What an engine has in mind is saved and taken over by another one (t/lockstep/halves.c), with the same rules, which makes no
# difference at all, and with others.
#
#   SECANT   the binary whose build is under test (build/secant)
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/lockstep";
use Halves qw(differences driver);
use Program qw(slurp spew);
use Test::More;

plan skip_all => driver() . " is not built" unless -x driver();
my $driver = driver();
my $dir = tempdir(CLEANUP => 1);
chdir($dir);

# Made-up rules and logs.
for my $number (1 .. 12) {
    is(join(' ', differences("$dir/$number", $number, 120)), '', "round $number: both halves are the whole") or diag(slurp("$dir/$number/half.lost"));
}

sub rule { return join("\n", @_) . "\n\n" }

# Lines "SECOND TEXT" up to CUT, and after it; the second half has other rules.  What it did, and what was lost.
sub goes_on {
    my ($before, $after, $lines, @options) = @_;
    my ($first, $second) = split(/^CUT\n/m, $lines);
    my $cut = () = $first =~ /\n/g;
    my %env = ref($options[0]) ? %{ shift(@options) } : ();
    unlink(glob("half.*"), glob("whole.*"));
    spew("r.sec", $before);
    spew("new.sec", $after);
    spew("lines", "$first$second");
    local %ENV = (%ENV, %env, TZ => "UTC", CHANGE => "cp new.sec r.sec");
    my $out = `$driver lines $cut --conf=r.sec @options 2>&1 </dev/null`;
    my $whole = $out =~ s/^.*?^CUT\n//msr;
    return { whole => $whole, half => -e "half.out" ? slurp("half.out") : "", lost => -e "half.lost" ? slurp("half.lost") : "none: $out" };
}

sub is_half {
    my ($run, $half, $lost, $name) = @_;
    is($run->{half}, $half, "$name: what it does");
    like($run->{lost}, $lost, "$name: what is told");
}

my @threshold = ("type=SingleWithThreshold", "ptype=RegExp", 'pattern=fail (\w+) (\w+)', 'desc=fail $1', "window=60", "thresh=3");
my $lines = "1000 fail a x\n1001 fail a y\nCUT\n1002 fail a z\n1200 end\n";
my $old = rule(@threshold, 'action=write - many $1, first $2');

is_half(goes_on($old, $old, $lines), "many a, first x\n", qr/\A\z/, "the same rules");
is_half(goes_on($old, rule("# moved") . rule(reverse(@threshold), 'action=write - MANY $1, first $2', "continue=TakeNext"), $lines),
    "MANY a, first x\n", qr/\A\z/, "other actions, fields and lines in another order");
is_half(goes_on($old, rule(@threshold, 'action=write - many $1, then $0'), $lines), "many a, then \n",
    qr/\Ahalf: r\.sec, line 1: its texts name match variables that were not kept; they are empty for 1 operation\n\z/, "a value that was not kept");
is_half(goes_on($old, $old =~ s/window=60/window=90/r, $lines), "",
    qr/\Ahalf: r\.sec, line 1: no rule is as this SingleWithThreshold rule was; lost with it: 1 operation, a count of 2 matches\n\z/, "another window");
my $named = "rem=id:failures\n";
is_half(goes_on("$named$old", "$named$old" =~ s/window=60/window=90/r =~ s/fail \(/fail +(/r, $lines), "many a, first x\n", qr/\A\z/, "a rule with a name is the same");
is_half(goes_on($old, "$named$old", $lines), "many a, first x\n", qr/\A\z/, "a rule that gets a name is the same");
is_half(goes_on("$named$old", rule("type=Single", "rem=id:failures", "ptype=SubStr", "pattern=fail", "desc=fail", "action=none"), $lines), "",
    qr/line 1: no rule is as this SingleWithThreshold rule was/, "a name that another type has now");

# Two rules that are told apart by their order.
my $twice = rule(@threshold, 'action=write - one $1', "continue=TakeNext") . rule(@threshold, 'action=write - two $2');
is_half(goes_on($twice, rule("# moved") . $twice, $lines), "one a\ntwo x\n", qr/\A\z/, "rules that correlate the same");

# Actions of contexts.
my $create = rule("type=Single", "ptype=RegExp", 'pattern=make (\w+) (\S+)', 'desc=making $1',
    'action=create C_$1 60 (write - %s of $2, 100%%; lcall %x $2 -> ( sub { "<$_[0]>" } ); create D_$1 30 (write - inner %x \(x\) %s)); add C_$1 $0');
my $other = rule("type=Single", "ptype=SubStr", "pattern=show", "desc=show", "action=getsize %n C_a; write - %n");
my $making = "1000 make a \$1%x\nCUT\n1030 show\n1300 end\n";
my $made = "1\nmaking a of \$1%x, 100%\ninner <\$1%x> (x) making a\n";
is_half(goes_on("$create$other", "$create$other", $making), $made, qr/\A\z/, "actions of contexts");
is_half(goes_on("$create$other", $other, $making), $made, qr/\Ahalf: r\.sec, line 1: no rule is as this Single rule was/, "actions of a rule that is gone");
is_half(goes_on("$create$other", ($create =~ s/write - %s of/write - NEW %s of/r) . $other, $making), $made, qr/\A\z/, "actions stay what they were");

# Once more: what was taken over can be saved again.
my $again = goes_on("$create$other", $other, $making, { TWICE => 1 });
is($again->{half}, $made, "actions of a rule that has been gone for two runs");

# Large things are in several records.
my $long = "x" x 900;
my $store = rule("type=Single", "ptype=RegExp", 'pattern=put (.*)', "desc=put", 'action=add C $1') . rule("type=Single", "ptype=SubStr", "pattern=show", "desc=show", 'action=copy C %c; lcall %n %c -> ( sub { length($_[0]) } ); write - %n');
is_half(goes_on($store, $store, join('', map { "1000 put $long$_\n" } 100 .. 299) . "CUT\n1001 show\n"), (903 * 200 + 199) . "\n", qr/\A\z/, "a large store");
my $group = rule("type=EventGroup", "ptype=RegExp", 'pattern=one (\w+)', "thresh=300", 'egtoken=$1', "desc=group", 'action=write - all', "window=60", "egptype=RegExp", 'egpattern=^\w+100 .*\w+399$');
is_half(goes_on($group, $group, join('', map { "1000 one $long$_\n" } 100 .. 398) . "CUT\n1001 one ${long}399\n"), "all\n", qr/\A\z/, "an operation with large tokens");

# Lines of events, more than a record has room for; with rules that want none, or fewer.
my @lines = ("rem=events: E 250", "type=SingleWithThreshold", "ptype=RegExp", 'pattern=one (\w+)', "desc=lines", "window=60", "thresh=300");
my $size = 'action=getsize %n E; shift E %x; copy E %y; lcall %l %x %y -> ( sub { substr($_[0], -4) . length($_[1]) } ); write - %n %l';
my $ones = join('', map { "1000 one $long$_\n" } 100 .. 398) . "CUT\n1001 one ${long}399\n";
is_half(goes_on(rule(@lines, $size), rule(@lines, $size), $ones), goes_on(rule(@lines, $size), rule(@lines, $size), $ones)->{whole}, qr/\A\z/, "lines of an operation");
is_half(goes_on(rule(@lines, $size), rule(@lines, $size) =~ s/E 250/E 7/r =~ s/write - .*/write - %n/r, $ones), "7\n", qr/\A\z/, "fewer lines");
is_half(goes_on(rule(@lines, $size), rule(@lines, 'action=write - all') =~ s/rem=.*\n//r, $ones), "all\n", qr/\A\z/, "no lines any more");
is_half(goes_on(rule(@lines, $size) =~ s/rem=.*\n//r, rule(@lines, 'action=getsize %n E; write - %n'), $ones), "1\n", qr/\A\z/, "lines from now on");

# What ends in the same second does so in the order in which its end was set.
my $groups = rule("type=EventGroup", "ptype=RegExp", 'pattern=one (\w+)', "thresh=9", 'desc=group $1', "action=none", 'end=write - end $1', "window=60");
is_half(goes_on($groups, $groups, "1000 one a\n1030 one b\n1030 one a\n1070 x\nCUT\n1200 x\n"), "end b\nend a\n", qr/\A\z/, "the order of operations");
my $three = rule("type=Single", "ptype=RegExp", 'pattern=make (\w+)', 'desc=$1', 'action=create $1 60 ( write - end %s )')
    . rule("type=Single", "ptype=RegExp", 'pattern=set (\w+)', 'desc=$1', 'action=set $1 60');
is_half(goes_on($three, $three, "1000 make a\n1000 make b\n1000 make c\n1000 set a\nCUT\n1200 x\n"), "end b\nend c\nend a\n", qr/\A\z/, "the order of contexts");

# Code in variables comes from the start.
my $code = rule("type=Single", "ptype=SubStr", "pattern=SEC_STARTUP", "desc=start", 'action=eval %f ( sub { "<$_[0]>" } ); assign %new NEW; assign %a start; create S; event 20 TICK')
    . rule("type=Single", "ptype=RegExp", 'pattern=call (\w+)', "desc=call", 'action=call %x %f $1; write - %x %a %new')
    . rule("type=Single", "ptype=SubStr", "pattern=set", "desc=set", "action=assign %a later; free %new; delete S")
    . rule("type=Single", "ptype=SubStr", "pattern=TICK", "desc=tick", "action=write - tick; event 20 TICK")
    . rule("type=Single", "ptype=SubStr", "pattern=show", "context=S", "desc=show", "action=write - there");
my $calls = "1000 set\nCUT\n1010 call a\n1011 show\n1021 x\n";
is_half(goes_on($code, $code, $calls, { STARTUP => 1 }, "--intevents"), "<a> later \ntick\n", qr/\A\z/, "what the start has made, too");
is_half(goes_on($code, "$code" =~ s/desc=set/desc=setting/r, $calls, { STARTUP => 1 }, "--intevents"), "<a> later NEW\nthere\ntick\n",
    qr/line 13: no rule is as this Single rule was/, "with other rules what the start has made stays");
like(goes_on($code, $code, $calls, "--intevents")->{lost}, qr/\Ahalf: variable %f is lost: code is not kept\n\z/, "code that the start does not make");

# Data of user code, and data in variables.
my $perl = "rem=state: %hits \@queue \$gone \$code\n" . rule("type=Single", "ptype=RegExp", 'pattern=hit (\w+)', "desc=hit",
    'action=lcall %n $1 -> ( sub { push(@queue, $_[0]); $not++; return ++$hits{$_[0]}{n} } ); write - %n; eval %h ({ n => [1, { x => "y" }] }); eval %bad ([sub { 1 }])')
    . rule("type=Single", "ptype=SubStr", "pattern=show", "desc=show", 'action=eval %x ( join(" ", @queue, $main::variables{h}{n}[1]{x}, $not // "none") ); write - %x');
my %forget = (FORGET => '%main::SEC::hits = (); @main::SEC::queue = (); $main::SEC::not = undef; 1');
my $hits = "1000 hit a\n1000 hit b\nCUT\n1001 hit a\n1002 show\n";
is_half(goes_on($perl, $perl, $hits, {%forget}), "2\na b a y 1\n", qr/\Ahalf: variable %bad is lost: code is not kept\n\z/, "variables of user code");
is_half(goes_on($perl, $perl =~ s/%hits //r, $hits, {%forget}), "1\na b a y 1\n", qr/^half: %hits of user code is lost: no rule file names it in rem=state any more$/m,
    "a variable that is no longer to be kept");

# What other versions have saved stays readable: t/saved/N.records is what a program whose records have version N has made of
# the first lines of t/saved/lines (CUT, WRITE=N.records).
chdir("$FindBin::Bin/saved");
for my $records (sort glob("*.records")) {
    my $run = "$dir/run";
    system("rm -rf $run; mkdir $run; cp * $run");
    chdir($run);
    my $run_it = sub { return goes_on(slurp("rules.sec"), slurp("rules.sec"), slurp("log"), { @_ }, "--bufsize=3") };
    is_half($run_it->(READ => $records), $run_it->()->{whole}, qr/\A\z/, $records);
    chdir("$FindBin::Bin/saved");
}
done_testing();
