#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate import: a SEC in virtual time writes its dump in the middle of a log; Secant goes on with it, and does
# the rest as SEC does.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP ();
use lib "$FindBin::Bin/lib";
use POSIX qw(strftime);
use Program qw(binary eventually reference slurp spew);
use Test::More;

my $here = $FindBin::Bin;
my $secant = abs_path(binary());
my $sec = reference() or plan skip_all => "no reference: install sec or set SEC";
$ENV{TZ} = "UTC";
my $dir = tempdir(CLEANUP => 1);
chdir($dir);
my $began = 1e9;

sub json { return JSON::PP->new->latin1->canonical->decode($_[0]) }
sub after_cut { my ($text) = @_; $text =~ s/^.*?CUT\n//s; $text =~ s/CODE\(0x\w+\)/CODE/g; $text =~ s/^.{26}(?:SEC \(|Reading|\d+ rules|Opening|No (?:--bufsize|writers)).*\n//mg; return $text }
sub dated { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($began + $_[0])) . " $_[1]" }

sub import {
    my (@words) = @_;
    my $out = `$secant migrate import @words 2>err </dev/null`;
    return ($out, slurp("err"), $? >> 8);
}

# SEC lives through lines "SECONDS TEXT" and is cut in that second; what is told of the dump and the state, and the log and the
# output of both after it.
sub cut {
    my ($rules, $lines, $cut, @options) = @_;
    my @lines = map { [/^(\d+) (.*)/] } split(/\n/, $lines);
    my $second = $began + $cut;
    my $options = join(' ', "--conf=r.sec", "--log=log", @options);
    unlink("cut.state", "cut.json", "a", "log");
    spew("r.sec", $rules);
    spew("events", join('', map { "\@" . ($began + $_->[0]) . ' ' . dated(@$_) . "\n" } @lines));
    my $import = "$secant migrate import cut.json --conf=r.sec @options -o cut.state";
    my $out = `CUT="$second $import" LOCKSTEP='events=a' PERL5OPT='-MLockstepLog -MLockstepCut' PERL5LIB='$here/lockstep:$here/../perl' $sec --norwfifo --notail --nochildterm --input=a $options 2>err`;
    my %cut = (theirs => after_cut(slurp("log")), theirs_out => after_cut($out), told => slurp("cut.told"), status => slurp("cut.status"),
        state => eval { json(slurp("cut.state")) });
    unlink("a", "log");
    spew("a", join('', map { dated(@$_) . "\n" } grep { $_->[0] >= $cut } @lines));
    $cut{ours_out} = `$secant replay --quiet --state=cut.state --input=a $options 2>err`;
    $cut{errors} = slurp("err");
    $cut{ours} = after_cut(slurp("log"));
    return \%cut;
}

# After it both do the same, and the output has this.
sub same {
    my ($cut, $status, $name, $output) = @_;
    is($cut->{ours}, $cut->{theirs}, "$name: the log");
    is($cut->{ours_out}, $cut->{theirs_out}, "$name: the output");
    like($cut->{ours_out}, $output, "$name: what is in it");
    is("$cut->{status} $cut->{errors}", "$status ", "$name: the status") or diag($cut->{told});
}

sub rule { return join("\n", @_) . "\n\n" }

# One of each type.
my $cut = cut(rule("type=SingleWithSuppress", "ptype=RegExp", 'pattern=fail (\w+)', 'desc=$1', 'action=write - %s', "window=60"),
    "0 fail a\n10 fail b\n30 fail a\n61 fail a\n65 fail b\n80 fail b", 20);
same($cut, 0, "SingleWithSuppress", qr/\Aa\nb\n\z/);
is($cut->{state}{operations}[1]{desc}, "b", "SingleWithSuppress: in the state");

my $threshold = rule("type=SingleWithThreshold", "ptype=RegExp", 'pattern=fail (\w+) (.*)', 'desc=fail $1',
    'action=write - many $1, first $2', 'action2=write - over $1, first $2', "window=60", "thresh=3");
same(cut($threshold, "0 fail a x y\n10 fail a z\n30 fail a last\n100 end", 20), 0, "SingleWithThreshold", qr/\Amany a, first x y\nover a/);
same(cut($threshold, "0 fail a x y\n10 fail a z\n15 fail a last\n40 fail a last\n100 end", 20), 0, "SingleWithThreshold, reached", qr/\Aover a, first x y\n\z/);
same(cut($threshold, "0 fail a x y\n10 fail a z\n65 fail a q\n66 fail a last\n100 end", 20), 0, "SingleWithThreshold, slides", qr/\Amany a, first x y\n/);

my $two = rule("type=SingleWith2Thresholds", "ptype=RegExp", 'pattern=load (\w+) (\d+)', 'desc=load $1', 'action=write - high $1 $2',
    "window=60", "thresh=2", 'desc2=low $1 since $2', 'action2=write - %s', "window2=30", "thresh2=1");
same(cut($two, "0 load a 1\n30 load a 2\n40 load a 3\n200 end", 20), 0, "SingleWith2Thresholds, 1st", qr/\Ahigh a 1\nlow a since 1\n\z/);
same(cut($two, "0 load a 1\n1 load a 2\n5 load a 3\n30 load a 4\n50 load a 5\n200 end", 20), 0, "SingleWith2Thresholds, 2nd", qr/\Alow a since 1\n\z/);

my $pair = sub { return rule("type=$_[0]", "ptype=RegExp", 'pattern=down (\S+) for (.*)', 'desc=down $1', 'action=write - late $1: $2', "ptype2=RegExp",
    'pattern2=up $1 as (\w+)', 'desc2=up %1 as $1', 'action2=write - %s after %2; create S_%1 50 (write - $1 of %1, %s)', "window=$_[1]") };
same(cut($pair->("Pair", 0), "0 down a.b for x%y\n5 down c for d\n30 up a.b as new\n40 up axb as none\n50 up c as old\n200 end", 20), 0,
    "Pair", qr/\Aup a\.b as new after x%y\nup c as old after d\nnew of a\.b, up a\.b as new\nold of c, up c as old\n\z/);
same(cut($pair->("PairWithWindow", 60), "0 down a.b for \$x\n5 down c for d\n30 up a.b as new\n200 end", 20), 0, "PairWithWindow", qr/\Aup a\.b as new after \$x\nlate c: d\n/);
$cut = cut($pair->("Pair", 0) =~ s/as \(\\w\+\)/as (\\S+)/r, "0 down a for b\n10 up a as \$5%\n70 end", 20);
same($cut, 0, "a context of both matches", qr/\A\$5% of a, up a as \$5%\n\z/);

my $group = rule("type=EventGroup2", "ptype=RegExp", 'pattern=one (\w+)', "thresh=2", 'egtoken=$1', "ptype2=RegExp", 'pattern2=two (\w+)', 'count2=write - count $1',
    "desc=group", 'init=write - init $1', 'slide=write - slide $1', 'end=write - end $1', 'action=write - all $1', "window=60", "egptype=RegExp", 'egpattern=^x y 2', "multact=yes");
same(cut($group, "0 one x\n10 one y\n30 two z\n50 two q\n200 end", 20), 0, "EventGroup", qr/\Acount z\nall x\ncount q\nall x\nslide x\n.*end x\n\z/s);

# Contexts.
my $create = rule("type=Single", "ptype=RegExp", 'pattern=make (\w+) (\S+)', 'desc=making $1 of $2',
    'action=create C_$1 60 (write - %s, $2, 100%%; create D_$1 30 (write - inner %s)); alias C_$1 A_$1; add C_$1 $0')
    . rule("type=Single", "ptype=RegExp", 'pattern=show (\w+)', "context=A_\$1", 'desc=show', 'action=getsize %n C_$1; copy A_$1 %c; getctime %q A_$1; write - %n %c %q');
$cut = cut($create, "0 make a \$1%x\n10 make b (y;z)\n30 show a\n200 end", 20);
same($cut, 0, "contexts", qr/\A1 .* make a \$1%x \S+\nmaking a of \$1%x, \$1%x, 100%\nmaking b of \(y;z\), \(y;z\), 100%\ninner making a/);
like($cut->{told}, qr/Not in the dump, but recovered:\n  contexts\.C_a: %s in its actions is "making a of \$1%x", made from r.sec, rule at line 1\n/, "contexts: what is told");

# Variables, events, code, counts.
my $all = rule("type=Single", "ptype=SubStr", "pattern=set", "desc=set", 'action=assign %a 1 %% b; eval %h ({ n => [1, "x"] }); eval %n ( sub { 1 } ); event 50 later; cevent CTX 55 with')
    . rule("type=Single", "ptype=RegExp", 'pattern=later|with', "desc=later", 'action=write - $0 %a; lcall %x %h -> ( sub { ref($_[0]) } ); eval %y (ref($main::variables{h}) . $main::variables{h}{n}[1]); write - %y');
$cut = cut($all, "0 set\n10 other\n100 end", 20, "--intcontexts");
same($cut, 1, "variables and events", qr/\Alater 1 % b\nHASHx\nwith 1 % b\n/);
like($cut->{told}, qr/^  variables\.n: it held code/m, "variables: what may have been code");
is($cut->{state}{matches}[0]{matches}, 1, "counts of matches");

# Truth values are what they were.  SEC's dumps have them as such since Perl 5.38, and as texts before.
my $truth = rule("type=Single", "ptype=SubStr", "pattern=set", "desc=set", 'action=eval %yes ( 1 == 1 ); eval %no ( 1 == 2 ); eval %d ( [1 == 1, 1 == 2] ); eval %x ( my $x = "3.5"; my $y = $x + 1; $x )')
    . rule("type=Single", "ptype=SubStr", "pattern=show", "desc=show", 'action=eval %d ( join("|", @{ $main::variables{d} }) ); write - <%yes> <%no> <%x> <%d>');
$cut = cut($truth, "0 set\n100 show", 20);
same($cut, 0, "truth values", qr/\A<1> <> <3\.5> <1\|>\n\z/);
{
    my $dump = json(slurp("cut.json"));
    @{ $dump->{variables} }{qw(yes no d)} = (JSON::PP::true, JSON::PP::false, [JSON::PP::true, JSON::PP::false]);
    spew("truth.json", JSON::PP->new->latin1->encode($dump));
    my ($out, $err, $status) = import("truth.json", "--conf=r.sec", "-o", "truth.state");
    is("$status $err", "0 ", "truth values as such: taken over") or diag($out);
    is(`$secant replay --quiet --state=truth.state --conf=r.sec --input=a 2>err`, $cut->{theirs_out}, "truth values as such: what they are");
}

my $code = rule("type=Single", "ptype=RegExp", 'pattern=do (\w+)', 'desc=do', 'action=create C_$1 30 (lcall %x $1 -> ( sub { "<$_[0]>" } ); write - %x)');
same(cut($code, "0 do a\n100 end", 20), 0, "code in actions of a context", qr/\A<a>\n\z/);

$cut = cut(rule("type=Jump", "ptype=PerlFunc", 'pattern=sub { 1 }', "cfset=none") . rule("type=Single", "ptype=SubStr", "pattern=x", "desc=x", "action=none"), "0 x\n100 x", 20);
is($cut->{state}{matches}[0]{matches}, 1, "counts of a rule whose description has an address");
is($cut->{status}, 0, "counts of a rule whose description has an address: the status") or diag($cut->{told});

# Lines before the cut, in a window of all inputs and in one of each.
my $lines = rule("type=Single", "ptype=RegExp2", 'pattern=(one \w+)\n.*(two \w+)', 'desc=$1 $2', 'action=write - %s');
same(cut($lines, "0 one a\n30 two b\n31 one c\n32 two d", 20, @$_), 0, "windows@$_", qr/\Aone a two b\none c two d\n\z/) for [], ["--nojointbuf"], ["--bufsize=4"];

# What a dump lacks.
$cut = cut(rule("type=Single", "ptype=RegExp", 'pattern=make (\w+)', 'desc=making $1', 'action=create C 60 (write - over %s)'), "0 make a\n100 end", 20);
is($cut->{status}, 1, "%s that cannot be known: the status");
like($cut->{told}, qr/Missing:\n  contexts\.C: the dump does not have %s of its actions; it is empty when they run: write - over %s; \n/, "%s that cannot be known");
is($cut->{ours_out}, "over \n", "%s that cannot be known: it is empty");
$cut = cut(rule("type=Single", "ptype=RegExp", 'pattern=make (\w+) (\w+)', 'desc=making $1 $2', 'action=create C_$1 60 (write - over %s)'), "0 make a b\n100 end", 20);
like($cut->{told}, qr/contexts\.C_a: the dump does not have %s of/, "one value is known, the other is not");
$cut = cut(rule("type=SingleWithThreshold", "ptype=RegExp", 'pattern=x (.*) and (.*)', 'desc=x', 'action=logonly $1 $2', "window=60", "thresh=2"),
    "0 x a and b c\n30 x d and e\n100 end", 20);
is($cut->{status}, 0, "texts with one way to divide them") or diag($cut->{told});
$cut = cut(rule("type=SingleWithThreshold", "ptype=RegExp", 'pattern=x (.*) and (.*)', 'desc=x', 'action=alias $1 $2', "window=60", "thresh=2"),
    "0 x a b and c\n30 x d and e\n100 end", 20);
like($cut->{told}, qr/operations\.r\.sec \| 0 \| x: its actions hold values, and where one text ends and the next begins is not certain/, "texts with two ways");
$cut = cut(rule("type=Single", "ptype=SubStr", "pattern=run", "desc=run", "action=spawn sleep 3"), "0 run\n100 end", 20);
like($cut->{told}, qr/children\.\d+: the process stays SEC's; .*: sleep 3\n/, "a child");
$cut = cut(rule("type=Single", "ptype=RegExp", 'pattern=make (\w+)', 'desc=making $1', 'action=lcall %x -> ( sub { my $s = 1; $hosts{$s}++; $s } ); create C 10')
    . rule("type=Calendar", "time=* * * * *", "context=C", "desc=minute", "action=write - minute"), "0 make a\n100 end", 20);
like($cut->{told}, qr/  r\.sec, rule at line 1: its Perl code has variables of its own, .*: \$hosts\n/, "Perl's variables");
like($cut->{told}, qr/  r\.sec, Calendar rule at line 7: a dump does not tell whether it has acted in the minute of the dump/, "a Calendar rule with a context");

# Other rules than SEC had.
$cut = cut($threshold . $create, "0 fail a x\n1 make a b\n100 end", 20);
is($cut->{status}, 0, "the same rules") or diag($cut->{told});
my @base = ("cut.json", "--conf=r.sec", "-o", "other.state");
spew("r.sec", $threshold =~ s/fail \(/error (/r . $create);
my ($out, $err, $status) = import(@base);
like($out, qr/operations\.r\.sec \| 0 \| fail a: it ends here: the rule is not the one that it began with: "[^"]*error/, "a rule with another pattern");
is($status, 1, "a rule with another pattern: the status");
spew("r.sec", $threshold . $create =~ s/100%%/200%%/r);
($out, $err, $status) = import(@base);
like($out, qr/contexts\.\w_a: its actions are in no rule; they are taken literally from the dump: write - %s, b, 100%%/, "actions that no rule has");
spew("r.sec", $create . $threshold);
($out, $err, $status) = import(@base);
like($out, qr/it ends here: rule 0 of r\.sec is no SingleWithThreshold any more/, "rules in another order");
like($out, qr/rulestats\.r\.sec: its rules are not those that the dump is of/, "rules in another order: counts");
spew("s.sec", $threshold);
($out, $err, $status) = import("cut.json", "--conf=s.sec", "-o", "other.state");
like($out, qr/it ends here: r\.sec is none of the rule files/, "another file");

# A state whose rule has moved.
spew("r.sec", $create . $threshold);
my $moved = `$secant replay --quiet --state=cut.state --conf=r.sec --input=a 2>err`;
is($moved . slurp("err"), "making a of b, b, 100%\ninner making a of b\n", "rules that have moved are found");
spew("r.sec", $create);
system("$secant replay --quiet --state=cut.state --conf=r.sec --input=a >/dev/null 2>err");
is($? >> 8, 1, "a rule that is gone: the status");
like(slurp("err"), qr/^cut\.state: operations\[0\]: no rule is as rule 0 of r\.sec was\n/, "a rule that is gone");

# An older SEC tells less of contexts.
my $dump = json(slurp("cut.json"));
delete(@$_{qw(inittime times)}) for @{ $dump->{contexts} };
spew("old.json", JSON::PP->new->latin1->encode($dump));
spew("r.sec", $threshold . $create);
($out, $err, $status) = import("old.json", "--conf=r.sec", "-o", "other.state");
is("$status $err", "0 ", "contexts without times of lines") or diag($out);
spew("r.sec", $threshold . $create . rule("type=Single", "ptype=SubStr", "pattern=trim", "desc=t", "action=trim A_a 10"));
($out, $err, $status) = import("old.json", "--conf=r.sec", "-o", "other.state");
like($out, qr/does not tell when lines were stored, which trim goes by/, "and rules that need them");

# What is no dump.
spew("r.sec", $threshold . $create);
for my $case (
    ["no JSON", "x", qr/^bad\.json: line 1, column 1: /],
    ["no object", "[]", qr/^bad\.json: no JSON object/],
    ["nothing", "{}", qr/^bad\.json: program: is missing\n/],
    ["another program", '{"program":{"version":"x","dumptime":1}}', qr/^bad\.json: program: no version of SEC\n/],
    ["a text for a time", '{"program":{"version":"SEC (Simple Event Correlator) 2.9.4","dumptime":"1"}}', qr/^bad\.json: program\.dumptime: a number expected, not "1"\n/],
) {
    my ($name, $text, $why) = @$case;
    spew("bad.json", $text);
    unlink("other.state");
    ($out, $err, $status) = import("bad.json", "--conf=r.sec", "-o", "other.state");
    like($err, $why, "$name: said");
    is($status . (-e "other.state" ? " and a state" : ""), 2, "$name: the status");
}
$dump = json(slurp("cut.json"));
$dump->{contexts}[0]{lifetime} = "x";
$_->{eventtimes}[0] = {} for values %{ $dump->{operations} };
spew("bad.json", JSON::PP->new->latin1->encode($dump));
($out, $err, $status) = import("bad.json", "--conf=r.sec", "-o", "other.state");
like($err, qr/^bad\.json: contexts\.\w_a\.lifetime: a number expected, not "x"\n/m, "a context with a fault");
like($err, qr/^bad\.json: operations\.r\.sec \| 0 \| fail a\.eventtimes\[0\]: a number expected, not \{\}\n/m, "an operation with a fault");
is($status, 1, "with faults: the status");

# Options.
for my $case (["", qr/^No dump/], ["cut.json --conf=r.sec", qr/^No place for the state: --state or -o is missing/],
    ["cut.json --conf=r.sec -o x --state=y", qr/^Two places for the state: --state is a folder, -o a file/], ["cut.json -o x", qr/^No rules/],
    ["a b --conf=r.sec -o x", qr/^More than one dump/], ["none --conf=r.sec -o x", qr/^none: No such file/]) {
    ($out, $err, $status) = import($case->[0]);
    like($err, $case->[1], "options: $case->[0]");
    is($status, 2, "options: $case->[0]: the status");
}

# The program itself starts with it, after SEC_STARTUP.
my $startup = rule("type=Single", "ptype=SubStr", "pattern=SEC_STARTUP", "desc=start", 'action=write - started; assign %a new; create OWN')
    . rule("type=Single", "ptype=SubStr", "pattern=set", "desc=set", 'action=assign %a old; create C 0 (write - bye)')
    . rule("type=Single", "ptype=SubStr", "pattern=ask", "context=C && !OWN", "desc=ask", 'action=write - %a');
cut($startup, "0 set\n100 end", 20);
spew("a", "ask\n");
$out = `$secant --conf=r.sec --input=a --notail --fromstart --intevents --state=cut.state --log=live 2>err`;
is($out . slurp("err"), "started\nold\n", "secant --state");
like(slurp("live"), qr/State of .* taken over from cut\.state: 1 context, 0 event correlation operations, 0 pending events/, "secant --state: the log");
ok(-s "cut.state", "the state is kept");
my $state = json(slurp("cut.state"));
for my $second (["far.state", 4611686018427387904], ["text.state", "1"]) {
    $state->{second} = $second->[1];
    spew($second->[0], JSON::PP->new->latin1->encode($state));
}
for my $case (["a", qr/line 1, column/], ["cut.json", qr/not a state of Secant/],
    ["far.state", qr/second: a number expected, not 4611686018427387904\)/], ["text.state", qr/second: a number expected, not "1"\)/]) {
    $out = `$secant --conf=r.sec --input=a --notail --fromstart --state=$case->[0] 2>&1`;
    is($? >> 8, 1, "secant --state=$case->[0] does not start");
    like($out, qr/Can't read the state $case->[0] \(.*$case->[1]/, "secant --state=$case->[0]: why");
}

# A folder of a state begins with it, and goes on by itself.
my $begun = rule("type=Single", "ptype=SubStr", "pattern=SEC_STATE_RESTORED", "context=C", "desc=there", 'action=write - there')
    . rule("type=SingleWithThreshold", "ptype=SubStr", "pattern=fail", "desc=fails", "action=write - three fails", "window=864000000", "thresh=3");
cut($startup . $begun, "0 set\n1 fail\n100 end", 20);
sub import_folder { return join("", import("cut.json", "--conf=r.sec", "--state=$_[0]")) }
sub run_folder { return `$secant --conf=r.sec --input=a --notail --fromstart --intevents --state=kept --log=live 2>&1` }
sub files_of { return join(" ", map { s{.*/}{}r =~ s/\d{6}/N/r } sort glob("$_[0]/*")) }
like(import_folder("kept"), qr/^  event correlation operations: 1 of 1$/m, "into a folder");
is(files_of("kept"), "imported.json lock", "into a folder: what is there then");
is(join(" ", map { sprintf("%o", (stat($_))[2] & 0777) } "kept", "kept/imported.json"), "700 600", "into a folder: for nobody else");
my $whole = slurp("kept/imported.json");
like(import_folder("kept"), qr/0$/, "into a folder, again");
is(slurp("kept/imported.json"), $whole, "into a folder, again: the same");
is(`$secant state check kept`, "A start begins with kept/imported.json, which secant migrate import has made\n", "secant state check knows");
spew("kept/journal.000001", "");    # a first start was killed before its snapshot was there
spew("a", "fail\nask\n");
is(run_folder(), "started\nthere\nold\n", "a folder: the first run begins with it");
unlike(files_of("kept"), qr/imported/, "a folder: then it has a snapshot");
unlike(slurp("live"), qr/begins empty/, "a folder: it does not begin empty");
spew("kept/imported.json", $whole);    # the first run was killed before it was removed
spew("a", "fail\nask\nfail\nask\n");
is(run_folder(), "started\nthere\nthree fails\nold\n", "a folder: the next run goes on from its snapshot");
unlike(files_of("kept"), qr/imported/, "a folder: what is old does not stay");
is(`$secant state check kept | tail -n 1` =~ /^A start continues from generation/, 1, "a folder: it is sound");
like(import_folder("kept"), qr{^kept: there is a state already; to begin anew, move it away\n2\z}m, "a folder that has a state is refused");
mkdir("others");
spew("others/precious", "x");
like(import_folder("others"), qr/^others: it has other files and no state; .*\n2\z/m, "a folder of something else is refused");
is(files_of("others"), "precious", "a folder of something else: it is as it was");
mkdir("torn");
spew("torn/imported.json", substr($whole, 0, 100));
$out = `$secant --conf=r.sec --input=a --notail --state=torn 2>&1`;
is($? >> 8, 1, "a folder with half of a file does not start");
like($out, qr{^.*Can't keep the state: \S+/torn/imported\.json: line \d+, column}m, "a folder with half of a file: why");

# Made-up rules and logs.
my $rounds = `SEC='$sec' SECANT='$secant' $^X '$here/lockstep/import.pl' --rounds 6 --lines 120 --seed 50 --keep kept 2>&1`;
like($rounds, qr/^6 rounds, \d+ messages after the cut, 0 differ; /, "made-up rules and logs");
is($?, 0, "made-up rules and logs: the status");

done_testing();
