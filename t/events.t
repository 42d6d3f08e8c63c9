#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# rem=events: the lines that a threshold or a group has counted are in a context while its action runs.
#
#   SECANT   the binary under test (build/secant)
use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use lib "$FindBin::Bin/lib", "$FindBin::Bin/durable";
use Cwd qw(abs_path);
use Engine;
use Program qw(binary slurp spew);
use Test::More;

my $secant = abs_path((split(' ', binary()))[0]) // "";
plan skip_all => binary() . " is not built" unless -x $secant;
my $dir = tempdir(CLEANUP => 1);
chdir($dir) or die "$dir: $!";

sub rule { return join("\n", @_) . "\n\n" }

# What the rules do, in the time of the lines: each begins with its second.
sub played {
    my ($rules, @lines) = @_;
    spew("r.sec", $rules);
    spew("log", join('', map { my ($at, $text) = /^(\d+) (.*)/; sprintf("2026-01-01T00:%02d:%02dZ %s\n", $at / 60, $at % 60, $text) } @lines));
    my $out = `$secant replay --conf=r.sec --input=log 2>&1`;
    return $out;
}

# What rules write, with lines that come at once.
sub written {
    my ($rules, @lines) = @_;
    spew("r.sec", $rules);
    spew("in", join('', map { "$_\n" } @lines));
    return scalar `$secant --conf=r.sec --input=in --notail 2>&1`;
}

my @threshold = ('type=SingleWithThreshold', 'ptype=RegExp', 'pattern=guess (\w+)', 'desc=guesses of $1', 'window=3600', 'thresh=3');
my $show = 'action=getsize %n E_$1; copy E_$1 %x; write - %n: %x';
my @guesses = map { "guess $_" } ('a 1', 'b 1', 'a 2', 'a 3', 'a 4');
is(written(rule('rem=events: E_$1', @threshold, $show), @guesses), "3: guess a 1\nguess a 2\nguess a 3\n", "the lines of one operation, in order");
is(written(rule('rem=events: E_$1 2', @threshold, $show), @guesses), "2: guess a 2\nguess a 3\n", "no more than are asked for: the newest");
my $gone = rule('type=Single', 'ptype=SubStr', 'pattern=look', 'desc=look', 'action=exists %e E_a; exists %k KEPT; write - %e %k');
is(written(rule('rem=events: E_$1', @threshold, 'action=shift E_$1 %x; write - %x') . $gone, @guesses, 'look'), "guess a 1\n0 0\n", "it is gone after the action");
is(written(rule('rem=events: E_$1', @threshold, 'action=alias E_$1 KEPT') . $gone, @guesses, 'look'), "0 1\n", "but for another name that it got");

# A context of the name is somebody's.
my $taken = rule('type=Single', 'ptype=SubStr', 'pattern=mine', 'desc=mine', 'action=add E_a my own');
my $out = written(rule('rem=events: E_$1', @threshold, 'action=copy E_a %x; write - %x') . $taken
    . rule('type=Single', 'ptype=SubStr', 'pattern=look', 'desc=look', 'action=copy E_a %x; write - still %x'), 'mine', @guesses, 'look');
is($out, "my own\nstill my own\n", "a context that is there stays as it is");
spew("r.sec", rule('type=Single', 'ptype=SubStr', 'pattern=mine', 'desc=mine', 'action=create E_a') . rule('rem=events: E_$1', @threshold, 'action=none'));
spew("in", join("\n", 'mine', @guesses, ''));
`$secant --conf=r.sec --input=in --notail --log=log`;
like(slurp("log"), qr/: Context 'E_a' exists already, it does not get the events of the operation 'guesses of a'$/m, "and the log says so");
is(() = slurp("log") =~ /context/gi, 2, "but nothing of a context that comes and goes for an action");

# An action list may do to it, and to its operation, what it likes.
is(written(rule('rem=events: E_$1', @threshold, 'action=delete E_$1; create E_$1; add E_$1 mine') . rule('type=Single', 'ptype=SubStr', 'pattern=look', 'desc=look', 'action=copy E_a %x; write - %x'),
    @guesses, 'look'), "mine\n", "one that the action makes is the action's");
is(written(rule('rem=events: E_$1', @threshold, 'action=reset 0; copy E_$1 %x; write - %x; reset 0; obsolete E_$1') . $gone, @guesses, 'guess a 5', 'guess a 6', 'look'),
    "guess a 1\nguess a 2\nguess a 3\nguess a 4\nguess a 5\nguess a 6\n0 0\n", "the operation that ends meanwhile");
is(written(rule('rem=events: E_$1', @threshold, 'action=lcall %n -> ( sub { %main::corr_list = (); %main::context_list = (); 1 } ); write - %n') . $gone, @guesses, 'look'),
    "1\n0 0\n", "code that empties SEC's tables");

# The name: variables of the match and the description.  Names of cached matches are bound, too.
is(written(rule('rem=events: E_%s', @threshold, 'action=copy E_guesses_of_$1 %x; write - %x') =~ s/desc=.*/desc=guesses_of_\$1/r, @guesses), "guess a 1\nguess a 2\nguess a 3\n", "the description in the name");

# Two thresholds: first the events of the one, then of the other.
my $two = rule('rem=events: E', 'type=SingleWith2Thresholds', 'ptype=SubStr', 'pattern=load', 'desc=load', 'action=copy E %x; write - rise %x',
    'window=10', 'thresh=2', 'desc2=load', 'action2=getsize %n E; copy E %x; write - fall %n %x', 'window2=10', 'thresh2=1');
my $told = played($two, '0 load 1', '1 load 2', '3 load 3', '4 load 4', '30 end');
like($told, qr/rise \S+ load 1\\?n?\s*.*load 2/s, "at the first threshold its events");
like($told, qr/fall 1 \S+ load 4/, "at the second one those that are left in its window");

# The window slides: what is too old is in no context.
$told = played(rule('rem=events: E', @threshold, 'desc=all', 'window=10', 'action=getsize %n E; copy E %x; write - %n %x'), '0 guess a 1', '8 guess a 2', '15 guess a 3', '16 guess a 4');
like($told, qr/3 \S+ guess a 2/, "the window has slid");
unlike($told, qr/write.*guess a 1/, "with it the oldest line");

# Groups; lines of more than one line are one event.
my $group = rule('type=EventGroup2', 'rem=events: GROUP', 'ptype=RegExp2', 'pattern=open (\d)\nread', 'ptype2=SubStr', 'pattern2=close', 'thresh2=2',
    'desc=group', 'init=getsize %n GROUP; write - init %n', 'action=getsize %n GROUP; copy GROUP %x; write - %n %x', 'window=3600');
is(written($group, 'close 1', 'open 1', 'read', 'close 2'), "init 0\n3 close 1\nopen 1\nread\nclose 2\n", "a group");

# All lists of a group but those of its events.
my $lists = rule('type=EventGroup', 'rem=events: G', 'ptype=SubStr', 'pattern=x', 'count=exists %n G; write - count %n', 'thresh=3', 'desc=group', 'window=10',
    (map { "$_=getsize %n G; write - $_ %n" } 'init', 'action', 'slide', 'end'));
$told = played($lists, '0 x 1', '8 x 2', '15 x 3', '16 x 4', '60 y');
is(join(', ', $told =~ /\b((?:count|init|action|slide|end) \d)/g), 'init 0, count 0, count 0, slide 1, count 0, count 0, action 3, end 3', "a group's lists");

# With --state: after an end and after a kill.
for my $signal ('TERM', 'KILL') {
    my $e = Engine->new(dir => tempdir(CLEANUP => 1), command => [$secant, "--conf=rules", "--input=in", "--state=state", "--journal=line"]);
    spew("$e->{dir}/rules", rule('rem=events: E_$1', @threshold, 'action=copy E_$1 %x; write out/told %x')
        . rule('type=Single', 'ptype=SubStr', 'pattern=seen', 'desc=seen', 'action=write out/seen seen'));
    spew("$e->{dir}/in", '');
    $e->start(0);
    ok($e->eventually(sub { grep { /^journal/ } keys(%{ $e->state_files }) }), "$signal: it runs");
    spew("$e->{dir}/in", "guess a 1\nguess a 2\nseen\n");
    ok($e->eventually(sub { $e->slurp("out/seen") }), "two guesses are counted");
    $e->stop($signal);
    $e->start(0);
    open(my $in, ">>", "$e->{dir}/in") or die "in: $!";
    print $in "guess a 3\n";
    close($in);
    ok($e->eventually(sub { $e->slurp("out/told") =~ /3\n/ }), "the third comes to the next run");
    is($e->slurp("out/told"), "guess a 1\nguess a 2\nguess a 3\n", "which has all three");
    $e->stop('TERM');
}

# All of it is comments to SEC; the check reports those that are wrong.
spew("r.sec", rule('rem=events:', @threshold, 'action=none') . rule('rem=events: E 0', @threshold, 'action=none') . rule('rem=events: E 10001', @threshold, 'action=none')
    . rule('rem=events: E 5 x', @threshold, 'action=none') . rule('rem=events: E', 'type=Single', 'ptype=SubStr', 'pattern=x', 'desc=x', 'action=none') . "rem=events: E\n");
my $notes = `$secant check --all r.sec 2>&1`;
is(() = $notes =~ /rem=events: the name of a context is expected/g, 4, "four of another form");
like($notes, qr/rem=events has an effect only in SingleWithThreshold/, "a rule that counts nothing");
like($notes, qr/rem=events is in no rule/, "and no rule at all");
done_testing();
