#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The same state as text and as JSON.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use JSON::PP;
use Program qw(binary slurp);
use Test::More;

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

my $rules = <<'END';
type=Pair
continue=TakeNext
ptype=RegExp
pattern=^begin (\w+) (\S+)
desc=pair $1
action=logonly begun $1
ptype2=RegExp
pattern2=end $1
desc2=second of %1
action2=logonly ended %1 $0
window=300

type=EventGroup2
ptype=RegExp
pattern=^begin (\w+)
desc=group
action=none
ptype2=SubStr
pattern2=never
egtoken2=N
thresh2=2
egptype=SubStr
egpattern=x y
window=300

type=Single
ptype=RegExp
pattern=^state (.*)
desc=state
action=create C 100 (logonly end of %s); alias C D; add C one; add C $1; event 500 later; \
  assign %text $1; eval %list ( [1, "two"] ); eval %code ( sub { 1 } ); eval %none (); \
  getsize %number C; logonly done
END

sub dump_of {
    my (@options) = @_;
    my $p = Program->start({ "a.sec" => $rules }, "--dump=dump", @options);
    $p->feed("begin one 100%", "begin two", "state \xe4\"\\\x01");
    ok($p->logged("done"), "the state is reached");
    $p->signal('USR1');
    ok($p->logged("Dump to dump completed"), "the dump is made");
    $p->signal('USR1');
    ok($p->logged("Can't write to dumpfile: dump exists"), "and not written over");
    my $dump = slurp($p->path("dump"));
    $p->signal('TERM');
    is($p->finish, 0, "the program ends");
    return $dump;
}

my $dir = tempdir(CLEANUP => 1);
my $text = dump_of("--intcontexts");
my $json = decode_json(dump_of("--intcontexts", "--dumpfjson"));

my $time = qr/\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}/;

like($text, qr/^Program options: --conf=a\.sec --input=- --log=log --dump=dump --intcontexts$/m, "options");
is($json->{program}{options}, "--conf=a.sec --input=- --log=log --dump=dump --intcontexts --dumpfjson",
   "options (JSON)");
like($text, qr/^PATH=\Q$ENV{PATH}\E$/m, "environment");
is($json->{env}{PATH}, $ENV{PATH}, "environment (JSON)");

like($text, qr/^Rule 1 line  1 matched 1 events \(pair \$1\)\nRule 2 line 13 matched 2 events \(group\)$/m, "rules");
# As the manual page has it; %.chr0 makes the text binary for grep.
my ($search) = slurp("$FindBin::Bin/../doc/secant.1") =~ /^\.B (grep .*matched)$/m;
open(my $found, "|-", "exec " . ($search // "false") =~ s/\\//gr . " >'$dir/found'") or die "grep: $!";
print {$found} $text;
close($found);
is(() = slurp("$dir/found") =~ /^Rule \d+ line +\d+ matched /mg, 3, "how often each rule has matched, by the manual page's grep");
is_deeply($json->{rulestats}{"a.sec"}{stats}[1], { ruleline => 13, matches => 2, desc => "group" }, "rules (JSON)");

like($text, qr{^- \(status: Open, type: pipe, device/inode: -/-, received data: 3 lines, context: _FILE_EVENT_-\)$}m,
     "inputs");
is_deeply($json->{inputs}{"-"},
          { file => "-", status => "Open", type => "pipe", dev => "-", inode => "-", lines => 3, context => "_FILE_EVENT_-" },
          "inputs (JSON)");

like($text, qr/^Last 1 input source\(s\):\n-+\n-\n-+$/m, "windows");
is_deeply($json->{buffer}{lastlines}, ["state \xe4\"\\\x01"], "bytes are characters (JSON)");

like($text, qr/^Event: later\nWill be created at $time with context '_INTERNAL_EVENT'\n\nTotal: 1 elements$/m,
     "pending events");
is($json->{pendingevents}[0]{event}, "later", "pending events (JSON)");

like($text, qr/^Key: a\.sec \| 0 \| pair one\n(.+\n)*Type: Pair
Pattern: regexp for 1 line\(s\): \(\?\^:\^begin \(\\w\+\) \(\\S\+\)\)
Context:\ 
Behavior after match: take next
Description: pair one
Action: logonly begun one;\ 
Pattern2: regexp for 1 line\(s\): \(\?\^:end one\)
Context2:\ 
Behavior after match2: don't continue
Description2: second of one
Action2: logonly ended one \$0;\ 
Window: 300 seconds\n\n-+$/m, "operations");
my $pair = $json->{operations}{"a.sec | 0 | pair one"};
is($pair->{pattern2}, "regexp for 1 line(s): (?^:end one)", "operations (JSON)");
is($pair->{windowend} - $pair->{windowstart}, 300, "their windows");
like($text, qr/^2 events observed at \(checking for thresholds\):
$time \(matched by pattern #1, event group token: 1\)\n/m, "events of a group");
is(encode_json($json->{operations}{"a.sec | 1 | group"}{eventtokens}), "[1,1]", "default tokens are numbers (JSON)");

like($text, qr/^Context name: C\nContext name: D\nInitialized at: $time\nCreation time: $time\nLifetime: 100 seconds
Action on delete: logonly end of %s;  \(%s = state\)\n2 events associated with context:\none \(received at $time\)$/m,
     "contexts");
is_deeply([@{ $json->{contexts}[0] }{qw(name lifetime buffer)}], [["C", "D"], 100, ["one", "\xe4\"\\\x01"]],
          "contexts (JSON)");

like($text, qr/^%number = '2'$/m, "variables");
like($text, qr/^%none = undef$/m, "one that is undefined");
is_deeply([@{ $json->{variables} }{qw(text list code none)}], ["\xe4\"\\\x01", [1, "two"], undef, undef],
          "variables (JSON)");
is(encode_json([$json->{variables}{number}]), "[2]", "numbers are numbers (JSON)");

my $widening = <<'END';

type=Single
ptype=SubStr
pattern=widen
desc=widen
action=eval %o ( $_->{Window} = 9223372036854775807 for values %%main::corr_list; 1 ); logonly widened
END
my $p = Program->start({ "a.sec" => $rules . $widening }, "--dump=dump", "--dumpfjson");
$p->feed("begin one 100%", "widen");
ok($p->logged("widened"), "windows are made as long as can be");
$p->signal('USR1');
ok($p->logged("Dump to dump completed"), "the dump is made");
my $end = decode_json(slurp($p->path("dump")))->{operations}{"a.sec | 0 | pair one"}{windowend};
is($end, 9223372036854775807, "what ends beyond all time ends last");
$p->signal('TERM');
$p->finish;

done_testing();
