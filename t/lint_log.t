#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant check --log: a log goes through the rules; what is told of it, and what of the rules does not happen.
# Times in the table vary: its form is looked at.
use strict;
use warnings;
use FindBin qw($Bin);
use JSON::PP qw(decode_json);
use Test::More;
use lib "$FindBin::Bin/lib";
use Lint qw(check rule);
use Program qw(slurp spew);

my @day = map { sprintf("Nov 27 %02d:00:00 host app: event %d\n", $_, $_) } 0 .. 23;
spew("a.log", join("", @day));
spew("a.sec", rule("event 1", "one") . "\n" . rule("nothing", "none"));
my $dead = "a.sec:9:9: note: no line matches; this rule sees 13 of 24 lines [dead-in-log]\n";

# -- Forms --

my ($out, $err, $status) = check("--log=a.log", "a.sec");
like($out, qr/\AThe log: 24 lines\n\n\Q$dead\E    pattern=nothing\n +\^{7}\n    if intended: rem=lint:off dead-in-log\n\n/,
    "a section of its own");
my ($head, @rows) = split(/\n/, $out =~ s/.*dead-in-log\n\n//sr);
like($head, qr{^ *time  +share  +lines tried  +matches  +us/try  rule +type +desc$}, "the table");
like($rows[0], qr{^ *\d+\.\d{3} s  +\d+\.\d %  +11  +11  +\d+\.\d\d  a\.sec:1  Single  one$}, "a rule in it");
is(scalar(@rows), 1, "not one that no line was tried on");
is($err, "1 file, 2 rules: 1 note\nman secant-check explains each\n", "it counts as a note");
is($status, 1, "something was told");
is((check("a.sec"))[0], "", "nothing without a log");
is((check("--log=a.log", "--off=dead-in-log", "--format=gcc", "a.sec"))[0], "", "--off");

is((check("--log=a.log", "--format=gcc", "a.sec"))[0], $dead, "gcc: the findings only");
my $sarif = decode_json((check("--log=a.log", "--format=sarif", "a.sec"))[0]);
is_deeply([map { $_->{ruleId} } @{ $sarif->{runs}[0]{results} }], ["dead-in-log"], "SARIF as well");
my @objects = map { decode_json($_) } split(/\n/, (check("--log=a.log", "--format=json", "a.sec"))[0]);
is_deeply([map { $_->{kind} } @objects], [qw(finding log cost sum)], "JSON");
is($objects[1]{lines}, 24, "lines of the log");
is_deeply({ map { $_ => $objects[2]{$_} } qw(share tried matches file rule_line rule_type rule_desc) },
    { share => 1, tried => 11, matches => 11, file => "a.sec", rule_line => 1, rule_type => "Single", rule_desc => "one" },
    "what a rule costs");
cmp_ok(abs($objects[2]{time} - 11 * $objects[2]{time_per_try}), "<", 1e-6 + $objects[2]{time} / 100, "and how long a try takes");

# -- The table --

spew("many.sec", join("\n", map { rule("event", "d$_") =~ s/\n/\ncontinue=TakeNext\n/r } 1 .. 25));
my $table = (check("--log=a.log", "many.sec"))[0];
is(scalar(() = $table =~ /many\.sec:/g), 20, "20 rules");
like($table, qr/^and 5 more \(-v\)$/m, "and how many more");
my @times = (check("--log=a.log", "-v", "many.sec"))[0] =~ /^ *(\d\.\d+) s/mg;
is(scalar(@times), 25, "-v: all");
is_deeply(\@times, [sort { $b <=> $a } @times], "the dearest first");

# A Jump's own time is not that of the rules that it leads to.
spew("jump.sec", "type=Jump\nptype=SubStr\npattern=event\ncfset=slow\n");
spew("slow.sec", "type=Options\njoincfset=slow\nprocallin=no\n\n"
    . rule('sub { my $n = 0; $n++ for 1 .. 20000; 1 }', "slow") =~ s/SubStr/PerlFunc/r);
my %cost = map { ($_->{rule_type} => $_) } grep { $_->{kind} eq "cost" } map { decode_json($_) }
    split(/\n/, (check("--log=a.log", "--format=json", "jump.sec", "slow.sec"))[0]);
cmp_ok($cost{Jump}{time}, "<", $cost{Single}{time}, "and what jumps there");

# -- How it is read --

spew("b.log.1", join("", @day[0 .. 11]));
spew("b.log", join("", @day[12 .. 23]));
is((check("--log=b.log*", "--format=gcc", "a.sec"))[0], $dead, "a rotated log");
SKIP: {
    skip("gzip is not installed", 1) if system("gzip -c a.log >c.log.gz 2>/dev/null");
    is((check("--log=c.log.gz", "--format=gcc", "a.sec"))[0], $dead, "a compressed one");
}
is((check("--log=b.log", "--log=b.log.1", "--format=gcc", "a.sec"))[0], $dead, "two");
spew("json.log", join("", map { sprintf(qq({"__REALTIME_TIMESTAMP":"%d","MESSAGE":"event %d"}\n), 1764201600000000 + $_, $_) } 0 .. 23));
like((check("--log=json.log", "--from-json", "--format=gcc", "a.sec"))[0], qr/sees 13 of 24 lines/, "JSON objects");
spew("own.log", "<27.11.2026 08-00-00> event\n<27.11.2026 08-10-00> later\n");
spew("window.sec", "type=SingleWithThreshold\nptype=RegExp\npattern=event|later\ndesc=d\naction=none\nthresh=2\nwindow=60\n");
like((check("--log=own.log", "--time-format=%d.%m.%Y %H-%M-%S", "--format=gcc", "window.sec"))[0], qr/action never runs; 2 lines match/,
    "times of a form that is given count");
spew("context.sec", rule("event", "d") =~ s/\n/\ncontext=APP\n/r);
is((check("--log=a.log=APP", "--format=gcc", "--only=dead-in-log", "context.sec"))[0], "", "the context of a log");
unlike((check("--log=a.log=APP", "--format=gcc", "--all", "context.sec"))[0] // "", qr/\[context-never-made\]/,
    "which is made by it");

# -- What does not happen --

spew("effects.sec", rule("event 1", "write") =~ s/action=.*/action=write $0.out x; shellcmd touch shell.out; sigemul TERM/r
    =~ s/\$0/effect/r . "\n" . rule("event 23", "last"));
is((check("--log=a.log", "--format=gcc", "--only=dead-in-log", "effects.sec"))[0], "", "sigemul does not end it");
ok(!-e "effect.out" && !-e "shell.out", "nothing is written, no command runs");
($out, $err, $status) = check("--log=a.log", "--format=gcc", "--only=dead-in-log", "effects.sec");
is($status, 0, "and nothing is found");

# -- What cannot be done --

($out, $err, $status) = check("--log=none.log", "--format=gcc", "a.sec");
is($err, "Can't read input file none.log (No such file or directory)\n", "a log that is not there");
is($status, 2, "is an error");
($out, $err, $status) = check("--log=none*", "--format=gcc", "a.sec");
is("$err$status", "No file matches --log\n2", "a pattern that names none");
spew("empty.log", "");
($out, $err, $status) = check("--log=empty.log", "--format=gcc", "a.sec");
is("$err$status", "The log has no lines\n2", "an empty log");
($out, $err, $status) = check("--log=a.log", "--log=none.log", "--format=gcc", "a.sec");
is("$out$status", $dead . "2", "what can be looked at is told");
spew("exit.sec", rule("sub { exit(3) }", "d") =~ s/SubStr/PerlFunc/r);
($out, $err, $status) = check("--log=a.log", "exit.sec");
is("$err$status", "Perl code in the rules ended the program with exit status 3\n2", "code that ends the program");
like((check("--log=a.log", "--fix", "a.sec"))[1], qr/^--log and --fix cannot be combined$/m, "not with --fix");
like((check("--log=a.log", "--each", "a.sec"))[1], qr/^--log and --each cannot be combined$/m, "nor with --each");

# What never ends is ended, and says where it was; the three run side by side.
my %endless = (
    loop => rule("event 1", "one") . "\n" . rule("event 2", "d") =~ s/none$/assign %x 1; \\\nwhile %x ( \\\n  assign %y 2 )/mr,
    code => rule('sub { if ($_[0] =~ /event 2/) { 1 while 1 } 0 }', "d") =~ s/SubStr/PerlFunc/r,
    event => rule("nothing", "d") . "\n" . rule("event", "d") =~ s/none/event again event/r,
);
my %line = (loop => "13", code => "1", event => "(?:7|11)");
my %told;
for my $name (keys %endless) {
    spew("$name.sec", $endless{$name});
    open($told{$name}, "-|", "$Lint::secant check --log=a.log $name.sec 2>&1; echo \$?") or die "$name: $!";
}
for my $name (sort keys %told) {
    my $pipe = $told{$name};
    like(join("", <$pipe>), qr/^$name\.sec:$line{$name}: the rules never come to an end here, at line \d+ of the log\nLeave out --log to see all other findings\n2\n\z/m, $name);
}

# -- What silences it --

spew("off.sec", rule("event 1", "one") . "\n" . rule("nothing", "none") =~ s/\n/\nrem=lint:off dead-in-log\n/r);
is((check("--log=a.log", "--format=gcc", "--all", "off.sec"))[0], "", "a comment");
is((check("--format=gcc", "--all", "off.sec"))[0], "", "which is of use without a log, too");
check("--log=a.log", "--write-baseline=known", "a.sec");
is((check("--log=a.log", "--format=gcc", "--baseline=known", "a.sec"))[0], "", "a baseline");
is((check("--format=gcc", "--baseline=known", "a.sec"))[1], "", "of which nothing is gone without a log");
done_testing();
