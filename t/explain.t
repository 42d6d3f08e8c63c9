#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant explain: what rules do with a line, and why those that do not fire do not.
use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);
use Test::More;

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
my @misses = map { slurp("$FindBin::Bin/explain/$_") =~ s/\A(?:#.*\n|\n)+//r } qw(misses misses-public);
my $page = slurp("$FindBin::Bin/../doc/secant-explain.1") =~ s/\\-/-/gr;
my $dir = tempdir(CLEANUP => 1);
chdir($dir) or die "$dir: $!";
delete @ENV{qw(SECRC POSIXLY_CORRECT PERL_HASH_SEED)};
$ENV{TZ} = "UTC";

# Standard output, standard error and exit status.
sub run {
    my ($input, @words) = @_;
    spew("stdin", $input);
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDIN, "<", "stdin") or die "stdin: $!";
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        exec(@secant, "explain", @words) or die "$secant[0]: $!";
    }
    waitpid($pid, 0);
    return (slurp("out"), slurp("err"), $? >> 8);
}
sub single { return "type=Single\nptype=RegExp\npattern=$_[0]\ndesc=x\naction=none\n" }
sub told_by { return run("", "--conf=r.sec", @_) }

# Without line and time.
sub told {
    my ($out, $err, $status) = told_by(@_);
    return $out =~ s/\ALine  .*\nTime  .*\n//r;
}

# What fired.
spew("r.sec", <<'RULES');
type=SingleWithThreshold
ptype=RegExp
pattern=sshd\[\d+\]: Failed password for (\S+) from (\S+)
desc=guesses from $2
action=create BLOCK_$2 3600; event alarm $2; shellcmd touch done
window=60
thresh=3

type=Single
ptype=RegExp
pattern=^alarm (\S+)
context=BLOCK_$1 && !MAINTENANCE
desc=alarm for $1
action=write done alarm $1; event 30 remind $1; logonly $1 was told

type=Suppress
ptype=SubStr
pattern=DEBUG
desc=talkative

type=SingleWithSuppress
ptype=RegExp
pattern=disk (\S+) full
desc=$1 full
action=pipe '%s' mail root
window=300
RULES
spew("a.log", join("", map { "Mar  1 08:00:${_}0 web1 sshd[7]: Failed password for root from 10.0.0.9 port $_ ssh2\n" } 0 .. 3));
my @log = ("--input=a.log", "--year=2026");

my ($out, $err, $status) = told_by(@log, "--at=2");
is($out, <<'OUT', "a count");
Line  Mar  1 08:00:10 web1 sshd[7]: Failed password for root from 10.0.0.9 port 1 ssh2
Time  2026-03-01 08:00:10
Fired
  r.sec:1  SingleWithThreshold  "guesses from $2"
      counted, 2 of 3 until 08:01:00
Nothing nearly fired
  The nearest ones look for
    r.sec:9  "alarm "
    r.sec:16  "DEBUG"
    r.sec:21  "disk "
OUT
is("$status|$err", "0|", "and a rule that fired is the status");

is(told(@log, "--at=3"), <<'OUT', "the threshold: contexts, events and what became of them, effects");
Fired
  r.sec:1  SingleWithThreshold  "guesses from $2"
      matches, the actions ran (event 3 of 3)
      context BLOCK_10.0.0.9 created until 09:00:20
      event "alarm 10.0.0.9"
          r.sec:9  Single  "alarm for $1"
              matches, the actions ran
              write done: alarm 10.0.0.9
              event "remind 10.0.0.9" at 08:00:50
              log 10.0.0.9 was told
      run touch done
Nothing nearly fired
  The nearest ones look for
    r.sec:9  "alarm "
    r.sec:16  "DEBUG"
    r.sec:21  "disk "
OUT
ok(!-e "done", "nothing has happened");

($out, $err, $status) = told_by(@log, "--at=4");
like($out, qr/^No rule fired\nNearly\n  r\.sec:1  .*\n      suppressed by the operation "guesses from 10\.0\.0\.9" since 08:00:00 until 08:01:00\n/m,
     "suppressed");
is($status, 1, "no rule fired: 1");

# Which line.
foreach my $at (["--at", "2026-03-01 08:00:15"], ["--at=a.log:3"], ["--at=2026-03-01T08:00:20"]) {
    like((told_by(@log, @$at))[0], qr/^Time  2026-03-01 08:00:20$/m, "@$at");
}
spew("b.log", "2026-03-01T08:00:05 web1 DEBUG\n");
like((told_by(@log, "--input=b.log", "--at=b.log:1"))[0], qr/^  r\.sec:16  Suppress  "talkative"\n      matches: the later rules of its file do not get the line$/m,
     "a line of one of two logs");
like((told_by(@log, "--input=b.log", "--at=a.log:3"))[0], qr/event 3 of 3/, "and of the other, merged");
rename("a.log", "s.log.1");
spew("s.log", "Mar  1 08:00:50 web1 disk sda full\n");
like((told_by("--input=s.log*", "--year=2026", "--at=s.log:1"))[0], qr/disk sda full/, "of a rotated set: the file's own count");
like((told_by("--input=s.log*", "--year=2026", "--at=s.log.1:3"))[0], qr/event 3 of 3/, "each file of it");
system("gzip s.log.1");
like((told_by("--input=s.log*", "--year=2026", "--at=s.log:1"))[0], qr/disk sda full/, "the older one is compressed");
like((told_by("--input=s.log*", "--year=2026", "Mar  1 08:00:59 web1 sshd[7]: Failed password for root from 10.0.0.9 port 9 ssh2"))[0],
     qr/since 08:00:00 until 08:01:00/, "a line after a whole log");
like((run("disk sda full\ndisk sda full\n", "--conf=r.sec", "-"))[0], qr/suppressed by the operation "sda full"/,
     "the last line of standard input");
like((told_by("--", "-disk sda full"))[0], qr/pipe mail root: sda full|run mail root: sda full|mail root: sda full/, "a line that begins with a dash");
like((told_by("2026-03-01T08:00:00+02:00 disk sda full"))[0], qr/^Time  2026-03-01 06:00:00$/m, "the line tells its time");
like((told_by("disk sda full"))[0], qr/^Time  \d{4}-/m, "or it is now");

spew("days.log", "Mar  1 08:00:00 web1 one\nMar  1 08:00:20 web1 two\nMar  2 07:00:00 web1 three\n");
spew("day.log", "Mar  1 08:00:00 web1 one\nMar  1 08:00:20 web1 two\n");
foreach my $at (["8:00", "one"], ["08:00:00", "one"], ["08:00:10", "two"], ["07:59", "one"]) {
    like((told_by("--input=day.log", "--year=2026", "--at=$at->[0]"))[0], qr/^Line  Mar  1 08:00:\d\d web1 $at->[1]$/m, "a time of the log's day: $at->[0]");
}
is((told_by("--input=day.log", "--year=2026", "--at=08:00:21"))[1], "No line is at that time or later\n", "a time after the log");

# What cannot be.
my @refused = (
    [["x"], qr/--conf is missing/, "no rules"],
    [["--conf=r.sec"], qr/No line/, "no line"],
    [["--conf=r.sec", "x", "y"], qr/put it in quotes/, "two lines"],
    [["--conf=r.sec", "--input=s.log"], qr/--at is missing/, "which line?"],
    [["--conf=none.sec", "x"], qr/\ACan't open [^\n]*none\.sec [^\n]*\nNo rules\n\z/, "a rule file that is not there"],
    [["--conf=r.sec", "--at=3"], qr/--input is missing/, "of which log?"],
    [["--conf=r.sec", "--input=days.log", "--year=2026", "--at=08:00:10"], qr/^A time needs a date where the log has several days: --at='2024-01-31 08:00:00'\n\z/, "a time of one of several days"],
    [["--conf=r.sec", "--input=days.log", "--year=2026", "--at=23:00"], qr/^A time needs a date where/, "one of the last day"],
    [["--conf=r.sec", "--input=days.log", "--year=2026", "--at=25:00"], qr/^--at/, "a time of no day"],
    [["--conf=r.sec", "--input=s.log", "--at=3", "x"], qr/either a line/, "a line and --at"],
    [["--conf=r.sec", "--input=s.log", "--year=2026", "--at=9"], qr/s\.log has no line 9/, "too short a log"],
    [["--conf=r.sec", "--input=s.log", "--year=2026", "--at=c.log:9"], qr/no input file c\.log/, "another file"],
    [["--conf=r.sec", "--input=s.log", "--year=2026", "--at=2027-01-01"], qr/No line is at that time/, "after the end"],
    [["--conf=r.sec", "--input=s.log", "--at=soon"], qr/--at needs/, "no place"],
    [["--conf=r.sec", "--input=s.log*", "--year=2026", "--at=1"], qr/several input files/, "a number in two files"],
    [["--conf=nowhere", "x"], qr/No rules/, "no rule file"],
    [["--conf=r.sec", "--input=nowhere", "--at=1"], qr/^Can't read input file nowhere \(.*\)\n\z/, "no log"],
    [["--conf=r.sec", "--input=timeless.log", "--at=1"], qr/^No time in timeless\.log \(.*\)\n\z/, "a log without times"],
    [["--conf=r.sec", "--input=empty.log", "--at=1"], qr/^There are no lines in the input\n\z/, "an empty log"],
    [["--conf=r.sec", "--year=x", "x"], qr/invalid for option year/, "a bad year"],
);
spew("timeless.log", "one\ntwo\n");
spew("empty.log", "");
foreach my $case (@refused) {
    my ($words, $why, $name) = @$case;
    ($out, $err, $status) = run("", @$words);
    is("$out$status", "2", "$name: status");
    like($err, $why, "$name: why");
}
spew("bad.sec", slurp("r.sec") . "\ntype=Single\nptype=RegExp\npattern=(\ndesc=x\naction=none\n");
($out, $err, $status) = run("", "--conf=bad.sec", "disk sda full");
like($err, qr/regular expression.*^Some rules were not loaded$/ms, "rules with errors are told of");
is($status, 0, "and the others explained");

# More of it.
$out = told("-v", "disk sda full");
like($out, qr/^Others\n  r\.sec:1  /m, "-v: all rules");
unlike($out, qr/\$1 = "sda"/, "without values");
$out = told("-vv", "alarm 10.0.0.9");
like($out, qr/context BLOCK_10\.0\.0\.9 does not exist$/m, "-vv: terms");
like(told("-vv", "disk sda full"), qr/^      \$1 = "sda"$/m, "-vv: match variables");
spew("r.sec", slurp("r.sec") . "\ntype=Calendar\ntime=* * * * *\ndesc=tick\naction=none\n");
like(told("-v", "x"), qr/Calendar  "tick"\n      Calendar rules match times, not lines$/m, "Calendar rules");

# JSON.
spew("a.log", join("", map { "Mar  1 08:00:${_}0 web1 sshd[7]: Failed password for root from 10.0.0.9 port $_ ssh2\n" } 0 .. 3));
($out) = told_by(@log, "--at=3", "--json");
my @objects = map { decode_json($_) } split(/\n/, $out);
is(join(" ", map { $_->{kind} } grep { $_->{kind} ne "rule" } @objects),
   "line counted context created event line effect event later log effect", "JSON: what was done, in order");
my ($alarm) = grep { $_->{kind} eq "line" && $_->{number} == 2 } @objects;
is($alarm->{from_line}, 1, "JSON: the event's line knows the one that made it");
my ($fired) = grep { $_->{kind} eq "rule" && $_->{fired} && $_->{of_line} == 2 } @objects;
is_deeply([map { "$_->{text} " . ($_->{true} ? 1 : 0) } @{ $fired->{terms} }], ["BLOCK_10.0.0.9 1", "MAINTENANCE 0"], "JSON: terms");
is($fired->{variables}{1}, "10.0.0.9", "JSON: variables");
my ($near) = grep { $_->{kind} eq "rule" && !$_->{fired} && $_->{line} == 21 } @objects;
is("$near->{why} $near->{text}", "taken disk (\\S+) full", "JSON: what did not fire");
spew("r.sec", single('^\\w+ +\\d+ \\S+ web1 x'));
my $timed = decode_json((split(/\n/, (told_by("--json", "2026-03-01T08:00:00 web1 x"))[0]))[1]);
is($timed->{would_match_with}, "Mar  1 08:00:00", "JSON: another time format");
my %members = map { map { $_ => 1 } keys %$_ } @objects, $timed;
like($page, qr/\b\Q$_\E\b/, "JSON: the page has $_") for sort keys %members;

# File sets.
spew("main.sec", <<'RULES');
type=Jump
ptype=RegExp
pattern=sshd\[
cfset=ssh

type=Single
ptype=SubStr
pattern=sshd
desc=rest
action=none
RULES
spew("set.sec", <<'RULES');
type=Options
procallin=no
joincfset=ssh

type=Single
ptype=SubStr
pattern=Failed
desc=failed
action=none
RULES
my @sets = ("--conf=main.sec", "--conf=set.sec");
like((run("", @sets, "sshd: Failed"))[0],
     qr/^  set\.sec:5  Single  "failed"\n      no Jump rule sent the line into the file set ssh, and main\.sec:1, which could, did not match; this rule's pattern does match$/m,
     "a set that was not entered");
like((run("", @sets, "sshd[1]: Failed"))[0], qr/^Fired\n  main\.sec:1  Jump.*\n.*\n  set\.sec:5  Single  "failed"\n/m, "one that was");

# An event that nobody takes, and one whose rule does not want it.
spew("r.sec", "type=Single\nptype=RegExp\npattern=^start\$\ndesc=go\naction=event gone far\n\n" .
     "type=Single\nptype=RegExp\npattern=gone FAR\ndesc=far\naction=none\n");
is(told("start"), <<'OUT', "an event that no rule matches: the nearest one");
Fired
  r.sec:1  Single  "go"
      matches, the actions ran
      event "gone far"
          no rule matches it; nearly
          r.sec:7  Single  "far"
              its pattern would match if case did not matter
                gone far
                     ^
Nothing nearly fired
  The nearest ones look for
    r.sec:7  "gone FAR"
OUT

# Events without end.
spew("r.sec", "type=Single\nptype=SubStr\npattern=go\ndesc=go\naction=event go on\n");
($out, $err, $status) = told_by("go");
like($err, qr/a thousand events/, "events that make events without end: it is said");
like($out, qr/event "go on"/, "and what began it is told");
($out) = told_by("--json", "go");
is(() = $out =~ /"kind":"line"/g, 1001, "of a thousand events");

# A pattern that takes too long.
spew("r.sec", "type=Single\nptype=RegExp\npattern=^(a|aa)+\\d(x+x+)+\\p{Alpha}{2}y\$\ndesc=slow\naction=none\n");
my $begun = time();
($out, $err, $status) = told_by("a" x 40 . "1" . "x" x 60);
is($status, 1, "a slow pattern: an answer");
cmp_ok(time() - $begun, "<", 60, "in time");

# What has no end.
($out, $err, $status) = told_by("--input=/dev/zero", "--at=1");
is("$out$err$status", "Can't read input file /dev/zero (it is a device)\n2", "a device is no log");
is(system("@secant explain --conf=r.sec - </dev/zero 2>err") >> 8, 2, "a line without end");
like(slurp("err"), qr/^Standard input has a line of more than 16 MB$/m, "and why");
# Memory is limited to what no log needs.
sub in_memory { my ($mb, $command) = @_; return system("ulimit -v $mb; exec 2>err >out; $command") >> 8 }
SKIP: {
    skip("sanitizers need more memory", 5) if in_memory(700_000, "@secant explain --conf=r.sec x") != 1;
    my $feed = 'perl -e \'my $s = "Mar  1 08:00:00 " . "x" x 65000 . "\n"; print $s for 1 .. 16000; print "the last"\'';
    is(in_memory(700_000, "$feed | @secant explain --conf=r.sec --year=2026 -"), 1, "a gigabyte of standard input");
    like(slurp("out"), qr/^Line  the last$/m, "of which the last line is explained");
    spew("long.log", "Mar  1 08:00:00 one\n");
    truncate("long.log", 2**31) or die "long.log: $!";
    is(in_memory(700_000, "@secant explain --conf=r.sec --input=long.log --year=2026 --at=2"), 2, "a log that is one line");
    is(slurp("err"), "Can't read all of input file long.log (it has a line that is too long)\n", "and why");
    is(in_memory(700_000, "@secant explain --conf=r.sec --input=long.log --year=2026 --at=1"), 1, "the line before it");
    unlink("long.log");
}
spew("r.sec", "type=Single\nptype=RegExp\npattern=(a+)+\$\ndesc=slow\naction=none\n");
($out, $err, $status) = run("a" x 1000000 . "b\n", "--conf=r.sec", "-");
is("$out$err$status", "The rules take too long with this line: gave up while trying r.sec:1\n2", "a match without end");

# Time does not go back.
spew("r.sec", single("x"));
spew("t.log", "Mar  1 08:00:00 one\n");
($out, $err) = told_by("--input=t.log", "--year=2026", "Feb 28 08:00:00 x");
is($err, "The line's time, 2026-02-28 08:00:00, is earlier than that of the lines before it; 2026-03-01 08:00:00 is used instead\n",
   "a line from before the log");
like($out, qr/^Time  2026-03-01 08:00:00$/m, "and its time");
spew("t.log", "Mar  1 08:00:00 one\nFeb 28 08:00:00 x\n2199-01-01 08:00:00 x\nMar  1 08:00:00 x\n");
($out, $err) = told_by("--input=t.log", "--year=2026", "--at=2");
is($err, "The line's time, 2026-02-28 08:00:00, is earlier than that of the lines before it; 2026-03-01 08:00:00 is used instead\n",
   "a line of the log that is late");
($out, $err) = told_by("--input=t.log", "--year=2026", "--at=3");
is($err, "The line's time, 2199-01-01 08:00:00, is more than a day later than that of all others; 2026-03-01 08:00:00 is used instead\n",
   "one that is far ahead");
($out, $err) = told_by("--input=t.log", "--year=2026", "--at=4");
is($err, "", "one that is in order");
like((told_by("--input=t.log", "--year=2026", "--at=2026-03-01 $_"))[0], qr/^Line  Mar  1 08:00:00 one$/m, "the first line at $_")
    for "08:00", "08:00:00";

# Code that changes how the program ends.
spew("r.sec", single("x") . "\n" . <<'RULES');
type=Single
ptype=SubStr
pattern=end
desc=end
action=eval %o ( eval 'END { $? = 7 }'; 1 )

type=Single
ptype=SubStr
pattern=object
desc=object
action=eval %o ( our $o = bless([], "Gone"); *Gone::DESTROY = sub { exit(7) }; 1 )
RULES
is((told_by("end"))[2], 0, "code at the end of Perl does not change the exit status");
like((told_by("object"))[0], qr/^Fired$/m, "what ends the program there does not take the answer away");

# Each kind of miss.
foreach my $block (map { split(/^==\n/m) } @misses) {
    my ($head, $rules) = split(/^--\n/m, $block, 2);
    my ($name) = $head =~ /^name: (.*)$/m;
    my ($why) = $head =~ /^why: (.*)$/m;
    my ($rule) = $head =~ /^rule: (.*)$/m;
    my @lines = $head =~ /^(?:before|line): (.*)$/mg;
    my ($main, %more) = split(/^file: (\S+)\n/m, $rules);
    spew($_, $more{$_}) for keys %more;
    spew("r.sec", $main);
    ($out) = run(join("", map { "$_\n" } @lines), (map { "--conf=$_" } "r.sec", sort keys %more), "--year=2026", "-");
    my ($first) = $out =~ /^Nearly\n(  \S.*\n(?:      .*\n)*)/m;
    like($first // $out, qr/\A  r\.sec:@{[$rule \/\/ 1]}  .*$why/s, "miss: $name");
}

# Where the mark is.
sub marked {
    my ($rules, $line) = @_;
    spew("r.sec", $rules);
    my ($out) = run("", "--conf=r.sec", "--", $line);
    my ($mark) = $out =~ /^        \Q$line\E\n( *)\^$/m;
    return defined($mark) ? substr($line, length($mark) - 8) : $out;
}
is(marked(single('unit .* says FOO now'), "unit 7 foils and says foo now"), "foo now", "mark: case, after .*");
is(marked(single('mpd:  Name: (.*)'), "gw mpd: Name: bob"), " Name: bob", "mark: blanks, a run of them");
is(marked(single('^\w+ \d+ \S+ gw: x'), "2026-03-01T08:00:00 gw: x"), "2026-03-01T08:00:00 gw: x", "mark: the time");
is(marked("type=Pair\nptype=SubStr\npattern=down\ndesc=d\naction=none\nptype2=RegExp\npattern2=port is  up\n" .
          "desc2=u\naction2=none\nwindow=60\n\n" . single('a port  is up'), "a port is up"), " is up", "mark: blanks");

# -- Code that leaves --

spew("leave.sec", "type=Single\nptype=PerlFunc\npattern=sub { exit(0) }\ndesc=leaves\naction=none\n");
is_deeply([run("", "--conf=leave.sec", "x")], ["", "Perl code in the rules ended the program with exit status 0\n", 2],
    "code that ends the program leaves the line unexplained");

# Rules that wait for SEC_STARTUP.
spew("r.sec", single("^SEC_(?:STARTUP|RESTART)\$"));
is((told_by("x"))[1], "r.sec:1 waits for SEC_STARTUP, which comes with --intevents only\n", "without --intevents");
is((told_by("--intevents", "x"))[1], "", "with --intevents");

# Of the rules that want the same cached match one is shown, with -v all of them.
spew("r.sec", "type=Single\nptype=RegExp\npattern=a (x)\nvarmap=FOUND\ndesc=a\naction=none\n\n" .
    "type=Single\nptype=Cached\npattern=FOUND\ndesc=d\naction=none\n\n" x 3);
is(scalar(() = told("a y") =~ /there is no cached match FOUND/g), 1, "a cached match that is not there is named once");
is(scalar(() = told("-v", "a y") =~ /there is no cached match FOUND/g), 3, "-v: for each rule");

# Whoever shares standard output may have made it non-blocking: a full pipe is waited for.
{
    spew("r.sec", "type=Single\nptype=SubStr\npattern=a\ndesc=d\naction=logonly\n");
    pipe(my $from, my $to) or die "pipe: $!";
    $to->blocking(0);
    my $filled = 0;
    while (my $written = syswrite($to, "-" x 512)) { $filled += $written }
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDOUT, ">&", $to);
        open(STDERR, ">", "err");
        exec(@secant, "explain", "--conf=r.sec", "a") or die "$secant[0]: $!";
    }
    close($to);
    select(undef, undef, undef, 0.5);
    my $text = do { local $/; <$from> };
    waitpid($pid, 0);
    is($?, 0, "a pipe that does not block and is full: the exit status");
    is(slurp("err"), "", "nothing went wrong");
    like(substr($text, $filled), qr/^Line  a\n.*r\.sec:1/s, "all has been written");
}

is((told_by(@log, "--at=$_"))[1], "--at: lines are counted from 1\nsecant explain --help lists the options\n", "no line: --at=$_") for "0", "a.log:0";

done_testing();
