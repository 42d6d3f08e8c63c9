#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant replay: logs of the past in their own time, several inputs merged, effects shown and not done.
use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use lib "$FindBin::Bin/lib";
use Program qw(binary end_by eventually slurp spew);
use Strace qw(strace reaches_out);
use Test::More;

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
my $dir = tempdir(CLEANUP => 1);
chdir($dir) or die "$dir: $!";
delete @ENV{qw(SECRC POSIXLY_CORRECT PERL_HASH_SEED)};
$ENV{TZ} = "UTC";

# Standard output, standard error and exit status of a command.
sub run {
    my ($input, @words) = @_;
    spew("stdin", $input);
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDIN, "cat stdin |") or die "stdin: $!";
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        exec(@secant, @words) or die "$secant[0]: $!";
    }
    waitpid($pid, 0);
    return (slurp("out"), slurp("err"), $? >> 8);
}
sub replay { return run("", "replay", @_) }

spew("rules.sec", <<'RULES');
type=SingleWithThreshold
ptype=RegExp
pattern=Failed password for (\S+) from (\S+)
desc=guesses from $2
action=shellcmd touch done; write done %s; write - %t %s
window=60
thresh=3

type=PairWithWindow
ptype=RegExp
pattern=link (\w+) down
desc=$1 down
action=write - %t $1 stays down
ptype2=SubStr
pattern2=link $1 up
desc2=$1 up
action2=write - %t $1 is back
window=30

type=Single
ptype=SubStr
pattern=never comes
desc=never
action=none
RULES

spew("a.log", <<'LINES');
2026-03-01T08:00:00 a sshd[1]: Failed password for root from 10.0.0.9 port 41
2026-03-01T08:00:10 a sshd[1]: link eth0 down
2026-03-01T08:00:20 a sshd[2]: Failed password for root from 10.0.0.9 port 42
2026-03-01T08:00:30 a sshd[3]: Failed password for root from 10.0.0.9 port 43
  a line that tells no time
2026-03-01T09:00:00 a other[17]: 1 of 2 from 10.0.0.9
2026-03-01T08:59:50 a other[18]: 2 of 2 from fe80::1:2:3
LINES

my ($out, $err, $status) = replay("--conf=rules.sec", "--input=a.log", "--log=log");
is($out, <<'OUT', "each window ends in its own second, effects are shown");
2026-03-01 08:00:30  rules.sec:1  run      touch done
2026-03-01 08:00:30  rules.sec:1  write    done: guesses from 10.0.0.9
Sun Mar  1 08:00:30 2026 guesses from 10.0.0.9
Sun Mar  1 08:00:41 2026 eth0 stays down
OUT
is($status, 0, "and all is well");
ok(!-e "done", "nothing has happened");
like(slurp("log"), qr/^Sun Mar  1 08:00:41 2026: Writing event 'Sun Mar  1 08:00:41 2026 eth0 stays down' to file '-'$/m,
     "the log has event time");
is($err, <<'ERR', "the table");
Lines: 7, matched 4, unmatched 3; effects: 4
Time:  2026-03-01 08:00:00 to 2026-03-01 09:00:00 (UTC)

Input a.log
  7 lines; time format: ISO 8601 (6)
  without time: 1 (14.3 %); late: 1 (14.3 %), by up to 10 s
  without zone: 6, read as UTC

Rules by matches
         3  rules.sec:1  SingleWithThreshold  guesses from $2
         1  rules.sec:9  PairWithWindow  $1 down

Rules that never matched
            rules.sec:20  Single  never

Most frequent lines that no rule matched
         2  TIME a other[N]: N of N from ADDR
         1    a line that tells no time

Perl's hashes have a fixed order: PERL_HASH_SEED=0
ERR

my $plain = "Sun Mar  1 08:00:30 2026 guesses from 10.0.0.9\nSun Mar  1 08:00:41 2026 eth0 stays down\n";
($out, $err, $status) = replay("--conf=rules.sec", "--input=a.log", "--quiet");
is($out . $err, $plain, "--quiet: only what rules write");

# Compressed files, by what is in them.
foreach my $how (["gzip", "gz"], ["xz", "xz"], ["zstd -q", "zst"], ["bzip2", "bz2"]) {
    my ($program, $ending) = @$how;
    SKIP: {
        my ($name) = split(' ', $program);
        skip("$name is not installed", 2) if system("command -v $name >/dev/null");
        system("$program -c a.log > z.$ending; cp z.$ending disguised");
        is((replay("--conf=rules.sec", "--input=z.$ending", "--quiet"))[0], $plain, "$ending");
        is((run(slurp("disguised"), "replay", "--conf=rules.sec", "--input=-", "--quiet"))[0], $plain,
           "$ending through a pipe");
    }
}
spew("cut.gz", substr(`gzip -c a.log`, 0, 100));
($out, $err, $status) = replay("--conf=rules.sec", "--input=cut.gz", "--input=a.log", "--quiet");
is($status, 1, "a damaged file is a flaw");
is($out, $plain, "what can be read is replayed");
like($err, qr/^Can't read all of input file cut\.gz \(.+\)$/m, "and the rest is told of");

# What the log calls code is the same in each run, addresses are not.
spew("code.sec", <<'RULES');
type=Single
ptype=PerlFunc
pattern=sub { return $_[0] =~ /sshd/ ? rand() : () }
desc=d
action=lcall %a $1 -> ( sub { join(" ", keys %ENV) . $_[0] } ); lcall %b -> ( sub { [1] } )
RULES
my @logs = map {
    unlink("log");
    replay("--conf=code.sec", "--input=a.log", "--log=log", "--quiet");
    slurp("log") =~ s/^[^\n]*\n//r =~ s/\bARRAY\(0x\w+\)/ARRAY/gr;
} 1, 2;
like($logs[0], qr/CODE\(0x\d\)/, "code is told by numbers");
is($logs[0], $logs[1], "the log of two runs is the same");

# Code in rules may change the environment.
spew("env.sec", "type=Single\nptype=RegExp\npattern=.\ndesc=d\naction=eval %o (delete \$ENV{PERL_HASH_SEED}; 1)\n");
for my $how ([], ["--json"]) {
    ($out, $err, $status) = replay("--conf=env.sec", "--input=a.log", @$how);
    is($status, 0, "without the seed in the environment: @$how");
    like($out . $err, qr/PERL_HASH_SEED=0$|"perl_hash_seed":"0"/m, "it is told");
}

# libarchive is loaded when it is needed: without it (here is one of no bytes) the other inputs are read.
mkdir("lib");
spew("lib/libarchive.so.13", "");
system("gzip -c a.log > whole.gz");
{
    local $ENV{LD_LIBRARY_PATH} = `pwd` =~ s{\n}{/lib}r;
    ($out, $err, $status) = replay("--conf=rules.sec", "--input=whole.gz", "--input=a.log", "--quiet");
    is($status, 1, "without libarchive: a flaw");
    like($err, qr/^Can't read all of input file whole\.gz \(.*libarchive.*\)$/m, "that is named");
    is($out, $plain, "and what is not compressed is read");
    ($out, $err, $status) = replay("--conf=rules.sec", "--input=a.log", "--quiet");
    is($status, 0, "which needs no such library");
}

# Rotated sets and merging.
spew("show.sec", "type=Single\nptype=RegExp\npattern=(\\w+)\$\ndesc=\$1\naction=write - %t \$+{_inputsrc} \$1\n");
spew("s.2", "Dec 31 23:59:58 h one\n");
system("gzip -c s.2 > s.2.gz; rm s.2");
spew("s.1", "Dec 31 23:59:59 h two\n");
spew("s", "Jan  1 00:00:01 h four\nJan  1 00:00:01 h five\n");
utime(1767312000, 1767312000, "s");    # 2026-01-02
utime(1767225601, 1767225601, "s.1", "s.2.gz");
spew("t", "2026-01-01T00:00:00.5+00:00 h three\n2026-01-01T00:00:01+00:00 h six\n");
is((replay("--conf=show.sec", "--input=s*[0-9z]", "--input=s", "--input=t", "--quiet"))[0], <<'OUT', "one set, two inputs");
Wed Dec 31 23:59:58 2025 s one
Wed Dec 31 23:59:59 2025 s two
Thu Jan  1 00:00:00 2026 t three
Thu Jan  1 00:00:01 2026 s four
Thu Jan  1 00:00:01 2026 s five
Thu Jan  1 00:00:01 2026 t six
OUT

# Dates and numbers of rotation; names that only look like it.
sub lines_at { my ($name, @seconds) = @_; spew($name, join("", map { "2026-01-01T00:00:0${_}Z x s$_\n" } @seconds)) }
lines_at("app.log-20260101", 1);
lines_at("app.log-20260102", 2);
lines_at("app.log", 3);
lines_at("10.0.0.1", 4);
lines_at("10.0.0.2", 5);
lines_at("v.10", 6);
lines_at("v.9", 7);
is((replay("--conf=show.sec", "--input=app.log*", "--input=10.0.0.*", "--input=v.*", "--quiet"))[0], join("", map {
    "Thu Jan  1 00:00:0$_->[0] 2026 $_->[1] s$_->[0]\n"
} [1, "app.log"], [2, "app.log"], [3, "app.log"], [4, "10.0.0.1"], [5, "10.0.0.2"], [6, "v"], [7, "v"]), "names");

# A link to a file of its own set; a pipe with a name, of which no byte is lost.
symlink("app.log-20260102", "app.log-20260103") or die "link: $!";
is((replay("--conf=show.sec", "--input=app.log*", "--quiet"))[0], join("", map { "Thu Jan  1 00:00:0$_ 2026 app.log s$_\n" } 1 .. 3),
   "a file with two names in a set is read once");
system("mkfifo fifo") == 0 or die "mkfifo: $?";
{
    my $pid = fork() // die "fork: $!";
    exec("cat t > fifo") if !$pid;
    my ($piped, undef, $how) = replay("--conf=show.sec", "--input=fifo", "--quiet");
    is("$how $piped", "0 Thu Jan  1 00:00:00 2026 fifo three\nThu Jan  1 00:00:01 2026 fifo six\n", "a pipe with a name");
    is(end_by(0, $pid), 0, "whose writer has written all");
}

# More inputs than files may be open, and as many as may.
mkdir("many");
lines_at("many/n$_-x", 1, 2) for 1 .. 100;
unshift(@secant, "/bin/sh", "-c", 'ulimit -n 100; exec "$@"', "sh");
($out, $err, $status) = replay("--conf=show.sec", "--input=many/*", "--quiet");
is("$status $out$err", "2 Too many inputs: 100, but only 100 files may be open at once (ulimit -n)\n", "too many inputs");
$secant[2] =~ s/-n/-Sn/;
($out, $err, $status) = replay("--conf=show.sec", "--input=many/*", "--quiet");
is("$status " . (() = $out =~ /\n/g) . $err, "0 200", "a soft limit grows");
splice(@secant, 0, 4);

# Lines that are late, ahead, or tell no time, across many blocks.
spew("long.log", join("", map { sprintf("2026-01-01T%02d:%02d:%02dZ x %s l%d\n  trace t%d\n", $_ / 3600, $_ / 60 % 60, $_ % 60, "y" x 90, $_, $_) }
    0 .. 4999) . "2066-01-01T00:00:00Z x odd\n2026-01-01T01:23:20Z x last\n");
($out, $err) = replay("--conf=show.sec", "--input=long.log");
is(scalar(() = $out =~ /\n/g), 10002, "each line comes");
is(join(" ", $out =~ /^\w+ \w+  1 (\S+) .*(?:t2500|odd|last)$/mg), "00:41:40 01:23:19 01:23:20", "at its time, or the last one's");
like($err, qr/^  1 odd:/m, "odd lines are told of");

# Lines that are late, and are held for it.
spew("line.sec", "type=Single\nptype=RegExp\npattern=^(.*)\$\ndesc=d\naction=write - %t|\$1\n");
sub came { return join(" ", map { "$1$2" if /^\w+ \w+ +\d+ [\d:]+:(\d\d) .*([a-z]\d?)$/ } split(/\n/, $_[0])) }
sub second { return sprintf("2026-01-01T00:00:%sZ %s\n", @_) }
spew("r.log", second("00", "a") . second("05.5", "b") . "  b1\n" . second("03", "c") . "  c1\n" . second("05.25", "d") .
    second(40, "e") . second(20, "f"));
spew("q.log", second("04", "x") . second("05.375", "y"));
($out, $err) = replay("--conf=line.sec", "--input=[rq].log");
is(came($out), "00a 04x 05y 05b 05b1 05c 05c1 05d 40e 40f", "without --reorder late lines come late");
like($err, qr/^Input r\.log\n.*\n.*; late: 2 .*, by up to 20 s\n\n/m, "and are counted");
($out, $err) = replay("--conf=line.sec", "--input=[rq].log", "--reorder=10");
is(came($out), "00a 03c 03c1 04x 05d 05y 05b 05b1 20f 40e", "--reorder: each at its own time, with what belongs to it");
like($err, qr/^Input r\.log\n.*\n.*; late: 0 .*\n  put in order: 3\n/m, "which the table tells");
spew("r.log", second("00", "a") . second("20", "b") . second("08", "c") . second("40", "d") . second("19", "e"));
($out, $err) = replay("--conf=line.sec", "--input=r.log", "--reorder=10");
is(came($out), "00a 08c 20b 20e 40d", "later lines come at the clock's time");
like($err, qr/; late: 1 .*, by up to 1 s\n  put in order: 1\n/, "and are told of");
system("gzip -c r.log > r.gz");
is(came((replay("--conf=line.sec", "--input=r.gz", "--reorder=100", "--quiet"))[0]), "00a 08c 19e 20b 40d", "the end lets go of all");

# Lines that are JSON objects.
spew("j.log", <<'LINES');
{"__REALTIME_TIMESTAMP":"1772352003500000","_SOURCE_REALTIME_TIMESTAMP":"1772352000400000","_HOSTNAME":"gw","SYSLOG_IDENTIFIER":"sshd","_PID":"42","MESSAGE":"Failed password\nfor root\n"}
{"__REALTIME_TIMESTAMP":"1772352001500000","_HOSTNAME":"gw","_COMM":"cron","MESSAGE":[72,105]}
{"__REALTIME_TIMESTAMP":"1772352002500000","_HOSTNAME":"gw","_COMM":"big","MESSAGE":null}
{"time":"2026-03-01T08:00:05Z","log":{"level":"warn"},"msg":"caf\u00e9"}
not one
LINES
($out, $err) = replay("--conf=line.sec", "--input=j.log", "--from-json");
is($out, <<'OUT', "--from-json: of the journal what journalctl shows, others as they are");
Sun Mar  1 08:00:00 2026|2026-03-01T08:00:00+00:00 gw sshd[42]: Failed password for root
Sun Mar  1 08:00:01 2026|2026-03-01T08:00:01+00:00 gw cron: Hi
Sun Mar  1 08:00:02 2026|2026-03-01T08:00:02+00:00 gw big: 
Sun Mar  1 08:00:05 2026|{"time":"2026-03-01T08:00:05Z","log":{"level":"warn"},"msg":"caf\u00e9"}
Sun Mar  1 08:00:05 2026|not one
OUT
like($err, qr/^  made from JSON objects: 3; left unchanged: 2\n  1 with a value that was too long for journalctl/m, "the table tells of them");
($out) = replay("--conf=line.sec", "--input=j.log", "--from-json=%{log.level|_COMM}: %{msg|MESSAGE}%( (%{_PID})%)", "--reorder=60", "--quiet");
is($out, <<"OUT", "--from-json with a template");
Sun Mar  1 08:00:00 2026|: Failed password for root (42)
Sun Mar  1 08:00:01 2026|cron: Hi
Sun Mar  1 08:00:02 2026|big: 
Sun Mar  1 08:00:05 2026|warn: caf\xc3\xa9
Sun Mar  1 08:00:05 2026|not one
OUT
# Each text lasts while a window of one line points to it.
spew("old.sec", "type=Single\nptype=RegExp2\npattern=^.*?(\\w+)\\n.*?(\\w+)\$\ndesc=d\naction=write - \$1 \$2\n\n" .
    "type=Single\nptype=RegExp\npattern=\\w\ncontinue=TakeNext\ndesc=d\naction=none\n");
spew("k$_.log", join("", map { "{\"time\":" . (1772352000 + $_) . ",\"m\":\"$_\"}\n" } 0 .. 3)) for 1, 2;
is((replay("--conf=old.sec", "--input=k?.log", "--from-json=%{m}", "--quiet", "--nojointbuf", "--bufsize=2"))[0],
   join("", map { "$_->[0] $_->[1]\n" x 2 } [0, 1], [1, 2], [2, 3]), "lines before");

# An input that is silent for long does not hold up the others: what they let end, ends.
spew("quiet.log", "2026-03-01T07:00:00 q began\n2026-03-01T12:00:00 q ended\n");
is((replay("--conf=rules.sec", "--input=quiet.log", "--input=a.log", "--quiet"))[0], $plain, "beside a silent input");

# Lines that tell no year, or the day in an order that nothing shows.
spew("old", "Feb 28 23:59:59 h one\nFeb 29 00:00:00 h two\n  at trace three\n");
utime(1772352000, 1772352000, "old");    # 2026-03-01
is((replay("--conf=show.sec", "--input=old", "--quiet"))[0],
   "Wed Feb 28 23:59:59 2024 old one\nThu Feb 29 00:00:00 2024 old two\nThu Feb 29 00:00:00 2024 old three\n",
   "29 February tells the year");
is((replay("--conf=show.sec", "--input=old", "--quiet", "--year=2020"))[0] =~ s/\n.*//sr, "Fri Feb 28 23:59:59 2020 old one", "--year");
is((run("Mar  1 08:00:00 h x\n", "replay", "--conf=show.sec", "--input=-"))[2], 2, "a pipe tells no year");
spew("order", "04/05/2026 08:00:00 one\n04/06/2026 08:00:00 two\n");
($out, $err, $status) = replay("--conf=show.sec", "--input=order");
is($status, 2, "April or May? status");
like($err, qr{^order: is the day first, or the month\?  --time-format tells, .*\n  04/05/2026 08:00:00 one$}m, "and the line that shows it");
is((replay("--conf=show.sec", "--input=order", "--quiet", "--time-format=%d/%m/%Y %H:%M:%S"))[0],
   "Mon May  4 08:00:00 2026 order one\nThu Jun  4 08:00:00 2026 order two\n", "--time-format tells");
spew("flow", "2 17 eni-1 10.1.2.3 443 1772352000 1772352060 ACCEPT\n");
is((replay("--conf=show.sec", "--input=flow", "--quiet", "--time-regex= (?<time>\\d{10}) \\d{10} "))[0],
   "Sun Mar  1 08:00:00 2026 flow ACCEPT\n", "--time-regex");

# Contexts of inputs.
spew("context.sec", "type=Single\nptype=RegExp\npattern=(\\w+)\$\ncontext=CTX\ndesc=\$1\naction=write - \$1\n");
is((replay("--conf=context.sec", "--input=t=CTX", "--input=s", "--quiet"))[0], "three\nsix\n", "--input=F=CTX");

# Ends.
my @from = ("--conf=rules.sec", "--input=a.log", "--quiet", "--from=2026-03-01 08:00:25");
is((replay(@from))[0], "", "--from passes over what is before");
is((replay(@from, "--warm"))[0], $plain, "--warm replays it");
is((replay("--conf=rules.sec", "--input=a.log", "--quiet", "--until=2026-03-01T08:00:41"))[0],
   "Sun Mar  1 08:00:30 2026 guesses from 10.0.0.9\n", "--until");
is((run("Mar  1 08:00:00 x\n", "replay", "--conf=rules.sec", "--input=-"))[1],
   "-: its lines tell no year, and nothing else does: it has to be given, by --year\n  Mar  1 08:00:00 x\n", "no year in a pipe");
spew("down.log", "2026-03-01T08:00:10 h link eth1 down\n");
is((replay("--conf=rules.sec", "--input=down.log", "--quiet"))[0], "", "the end is the last line's second");
is((replay("--conf=rules.sec", "--input=down.log", "--quiet", $_))[0], "Sun Mar  1 08:00:41 2026 eth1 stays down\n", $_)
    for "--drain", "--drain=31";
is((replay("--conf=rules.sec", "--input=down.log", "--quiet", "--drain=30"))[0], "", "--drain=30");

# --timezone is the zone of all: lines, limits, what is shown, Calendar rules, Perl, whatever the machine's is.
spew("zone.sec", <<'RULES');
type=Single
ptype=RegExp
pattern=sshd
desc=a login
action=lcall %l -> ( sub { scalar(localtime()) } ); write - %t %.tzoff, %l; write file %s

type=Calendar
time=0 9 * * *
desc=nine
action=write - nine, %t
RULES
spew("zone.log", "Mar  1 08:30:00 a sshd[1]: x\n2026-03-01T14:00:01Z a last\n");
my @zone = ("--conf=zone.sec", "--input=zone.log", "--year=2026", "--from=2026-03-01 08:00");
foreach my $case (["-05:00", "-0500", "UTC"], ["EST5EDT,M3.2.0,M11.1.0", "-0500", "XYZ-9"], ["UTC", "+0000", "XYZ-9"]) {
    my ($zone, $offset, $machine) = @$case;
    local $ENV{TZ} = $machine;
    ($out, $err) = replay(@zone, "--timezone=$zone");
    is($out, <<"OUT", "in the zone $zone");
Sun Mar  1 08:30:00 2026 $offset, Sun Mar  1 08:30:00 2026
2026-03-01 08:30:00  zone.sec:1  write    file: a login
nine, Sun Mar  1 09:00:00 2026
OUT
    my $end = $zone eq "UTC" ? "14:00:01" : "09:00:01";
    like($err, qr/^Time:  2026-03-01 08:30:00 to 2026-03-01 $end \(\Q$zone\E\)$/m, "and the table");
}

# JSON.
SKIP: {
    eval { require JSON::PP } or skip("JSON::PP is not installed", 3);
    ($out) = replay("--conf=rules.sec", "--input=a.log", "--json");
    my @objects = map { JSON::PP->new->decode($_) } split(/\n/, $out);
    is_deeply($objects[0], {time => 1772352030, date => "2026-03-01T08:00:30+00:00", file => "rules.sec", line => 1,
                            action => "run", command => "touch done"}, "an effect");
    is_deeply([@{ $objects[-1]{summary} }{qw(lines matched unmatched effects)}], [7, 4, 3, 4], "the summary");
    is($objects[-1]{summary}{inputs}[0]{forms}{"ISO 8601"}, 6, "with forms");
}

# Code that fails.
spew("fails.sec", "type=Single\nptype=SubStr\npattern=eth0\ndesc=d\naction=eval %o ( die 'no such thing' ); write - x\n");
($out, $err, $status) = replay("--conf=fails.sec", "--input=a.log");
is($out, "x\n", "code that fails: the rest is done");
like($err, qr/^Error evaluating code .*no such thing.*^Warnings and errors in the log: 1$/ms, "and it is told of");
($out, $err) = replay("--conf=fails.sec", "--input=a.log", "--log=fails.log");
like($err, qr/\ALines: .*^Warnings and errors in the log: 1$/ms, "with --log it is counted");
like(slurp("fails.log"), qr/no such thing/, "and is in the log");

# --perform.
($out, $err, $status) = replay("--conf=rules.sec", "--input=a.log", "--perform", "--quiet");
is($out, $plain, "--perform writes");
like(slurp("done"), qr/^guesses from 10\.0\.0\.9$/, "and does");
spew("mixed.sec", "type=Single\nptype=SubStr\npattern=eth0\ndesc=d\n" .
    "action=write - one; shellcmd true; write - two; eval %o ( system('echo three') ); write - four\n");
is((replay("--conf=mixed.sec", "--input=a.log", "--perform", "--quiet"))[0], "one\ntwo\nthree\nfour\n",
   "--perform: in the order in which it is written");

# An input that a rule adds.
spew("add.sec", "type=Single\nptype=SubStr\npattern=eth0\ndesc=d\naction=addinput added.log 0; addinput t; dropinput t\n");
spew("added.log", "2026-03-01T08:00:50 a line\n");
($out, $err, $status) = replay("--conf=add.sec", "--input=a.log");
is($status, 1, "a rule adds an input: status");
like($err, qr/\AA rule has added the input added\.log, which is not replayed; to replay it, name it with --input\n/, "it is told of");
unlike($err, qr/input t\b/, "but not one that was dropped");
($out, $err, $status) = replay("--conf=add.sec", "--input=a.log", "--input=added.log");
is($status, 0, "one that is replayed: status");
like($err, qr/^Lines: 8, .*\n.*\n\nInput a/, "it has its lines, and nothing is told");

# What has no effect is said; the log can go to syslog, as that of the service.
is_deeply([replay("--conf=rules.sec", "--input=a.log", "--quiet", "--input-rescan=5")],
          [$plain, "--input-rescan has no effect: a replay reads the files that are there when it starts\n", 0], "--input-rescan");
is_deeply([replay("--conf=rules.sec", "--input=a.log", "--quiet", "--syslog=local7", "--debug=1")], [$plain, "", 0], "--syslog");

# Rules that wait for SEC_STARTUP.
spew("start.sec", "type=Single\nptype=RegExp\npattern=^SEC_(?:STARTUP|RESTART)\$\ndesc=start\naction=none\n");
is_deeply([replay("--conf=rules.sec", "--conf=start.sec", "--input=a.log", "--quiet")],
          [$plain, "start.sec:1 waits for SEC_STARTUP, which comes with --intevents only\n", 0], "without --intevents");
is_deeply([replay("--conf=rules.sec", "--conf=start.sec", "--input=a.log", "--quiet", "--intevents")], [$plain, "", 0], "with --intevents");

# What is wrong.
foreach my $case (
    [["--input=a.log"], qr/^No rules: --conf is missing$/m, "no rules"],
    [["--conf=rules.sec"], qr/^No input: --input is missing$/m, "no input"],
    [["--conf=rules.sec", "--input=missing"], qr/^Can't read input file missing \(No such file or directory\)$/m, "no file"],
    [["--conf=rules.sec", "--input=a.log", "--nosuch"], qr/^Unknown option: nosuch$/m, "no such option"],
    [["--conf=rules.sec", "--input=a.log", "--reorder=x"], qr/^Value "x" invalid for option reorder \(number expected\)$/m, "no number"],
    [["--conf=rules.sec", "--input=a.log", "--from-json=%{a"], qr/^Value "%\{a" invalid for option from-json \(/m, "no template"],
    [["--conf=rules.sec", "--input=a.log", "--time-format=%H:%Q"],
     qr/^Value "%H:%Q" invalid for option time-format \(it has %Q, which is none of strptime's/m, "no format"],
    [["--conf=rules.sec", "--input=a.log", "--time-regex=("],
     qr/^Value "\(" invalid for option time-regex \(missing closing parenthesis\)$/m, "no regex"],
    [["--conf=rules.sec", "--input=a.log", "--timezone=CET-1CEST,M3"],
     qr/^Value "CET-1CEST,M3" invalid for option timezone \(neither a zone of the system, nor UTC, /m, "no zone"],
    [["--conf=rules.sec", "--input=a.log", "--year=26"], qr/^Value "26" invalid for option year \(1970 to 9999 expected\)$/m, "no year"],
    [["--conf=rules.sec", "--input=a.log", "--from=2027-01-01"],
        qr/^No line at --from or later: the last one is at 2026-03-01 09:00:00$/m, "nothing after --from"],
    [["--conf=rules.sec", "--input=a.log", "--until=2025-01-01"],
        qr/^No line before --until: the first one is at 2026-03-01 08:00:00$/m, "nothing before --until"],
    [["--conf=rules.sec", "--input=a.log", "--from=2026-03-01 08:30", "--until=2026-03-01 08:40"],
        qr/^No line between --from and --until: the next one is at 2026-03-01 09:00:00$/m, "nothing between"],
    [["--conf=rules.sec", "--input=a.log", "--from=2026-03-02", "--until=2026-03-01"],
        qr/^--until must be later than --from$/m, "an end before the beginning"],
    [["--conf=rules.sec", "--input=a.log", "--from=soon"], qr/^Value "soon" invalid for option from /m, "no time"],
) {
    my ($words, $text, $name) = @$case;
    ($out, $err, $status) = replay(@$words);
    is($status, 2, "$name: status");
    like($err, $text, "$name: message");
}

# A rule with an error is a flaw; the others work.
spew("flawed.sec", slurp("rules.sec") . "\ntype=Single\nptype=SubStr\npattern=x\ndesc=d\naction=nonsense\n");
($out, $err, $status) = replay("--conf=flawed.sec", "--input=a.log", "--quiet");
is($status, 1, "a rule with an error: status");
is($out, $plain, "the others work");
like($err, qr/Rule in flawed\.sec at line 26: Invalid action list/, "and it is told of");

($out, $err, $status) = replay("--conf=rules.sec", "--input=a.log", "--log=no/folder/log", "--quiet");
is("$status $out", "1 $plain", "a log that cannot be opened: all else is done");
like($err, qr{^Can't open logfile no/folder/log}m, "and it is told");

spew("slow.log", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! x\n" . slurp("a.log"));
($out, $err, $status) = replay("--conf=rules.sec", "--input=slow.log", '--time-regex=^(?:(\d\S+T\S+)|(?:a+)+$)');
like($err, qr/^  1 on which --time-regex took too long/m, "a regular expression that does not end is given up");

# The same bytes each time, in code that walks hashes as well.
spew("hash.sec", "type=Single\nptype=SubStr\npattern=eth0\ndesc=d\n" .
    "action=lcall %k -> ( sub { my %h = map { \$_ => 1 } 'a' .. 'z'; join('', keys %h) . time() . rand() } ); write - %k\n");
is((replay("--conf=hash.sec", "--input=a.log", "--json"))[0], (replay("--conf=hash.sec", "--input=a.log", "--json"))[0],
   "two runs, the same bytes");

# A signal, while the input is silent; of a compressed one the first part is all that has come.
for my $case (["INT", 130, ""], ["HUP", 129, ""], ["INT", 130, "compressed"], ["TERM", 143, "compressed"]) {
    my ($signal, $wanted, $compressed) = @$case;
    unlink("silent");
    pipe(my $in, my $feed) or die "pipe: $!";
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        close($feed);
        open(STDIN, "<&", $in);
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        $SIG{HUP} = 'DEFAULT';
        exec(@secant, "replay", "--conf=rules.sec", "--input=-", "--log=silent", "--intevents");
    }
    my $left = pack("i", 0);
    my $is_read = sub { ioctl($in, 0x541B, $left) && !unpack("i", $left) };    # FIONREAD
    my $text = $compressed ? `gzip -c a.log` : slurp("a.log");
    syswrite($feed, $compressed ? substr($text, 0, length($text) - 8) : $text);
    eventually($compressed ? $is_read : sub { slurp("silent") =~ /is no such|stays down/ });
    is((end_by($signal, $pid) // 0) >> 8, $wanted, "SIG$signal $compressed: status");
    like(slurp("err"), $compressed ? qr/^No line to replay$/m : qr/^Lines: [67], matched 4/m, "SIG$signal $compressed: the table so far");
    unlike(slurp("err"), qr/truncated|damaged/, "SIG$signal $compressed: the input is not called damaged");
}

# An event that creates itself: without end, but for a signal.
{
    spew("loop.sec", "type=Single\nptype=RegExp\npattern=eth0 down|again\ndesc=d\naction=write - round; event again\n");
    my $pid = open(my $rounds, "-|") // die "fork: $!";
    if (!$pid) {
        open(STDERR, ">", "err");
        exec(@secant, "replay", "--conf=loop.sec", "--input=a.log");
    }
    is(<$rounds>, "round\n", "an event that creates itself");
    local $SIG{ALRM} = sub { kill("KILL", $pid) };
    kill("TERM", $pid);
    alarm(120);
    1 while read($rounds, my $rest, 65536);
    alarm(0);
    close($rounds);
    is($? >> 8, 143, "SIGTERM ends it");
    like(slurp("err"), qr/^Lines: \d+, matched/m, "with the table so far");
}

# Code that ends the program: what was shown is there, and why it ended is told.
for my $end (["exit(0)", 0], ["exit(7)", 7], ["require POSIX; POSIX::_exit(0)", 0]) {
    my ($code, $given) = @$end;
    spew("exit.sec", "type=Single\nptype=RegExp\npattern=link (\\w+)\ndesc=d\n" .
        "action=write - at \$1; write f \$1; eval %o ( $code )\n");
    my ($out, $err, $status) = replay("--conf=exit.sec", "--input=a.log");
    is($status, $given || 1, "$code: the status");
    like($out, qr/^at eth0\n.*write    f: eth0\n/m, "$code: what was shown before");
    like($err, qr/^Perl code in the rules ended the replay with exit status $given\n.*^Lines: /ms,
         "$code: it is told, with the table so far");
}

# Standard output that takes nothing.
SKIP: {
    skip("no /dev/full", 2) unless -c "/dev/full";
    my $said = `@secant replay --conf=rules.sec --input=a.log 2>&1 >/dev/full`;
    is($? >> 8, 2, "a full disk: status");
    like($said, qr/^Can't write to standard output \(No space left on device\)$/m, "and it is told");
}

# How far it is, at a terminal: of what size a pipe will be, nobody knows.
SKIP: {
    skip "python3 is not installed", 2 if system("python3 -c 'import pty' 2>/dev/null");
    system("mkfifo slow") == 0 or die "mkfifo: $?";
    my $pid = fork() // die "fork: $!";
    exec(q(for i in $(seq 600); do echo "2026-03-01T07:00:00 slow $i"; sleep 0.1; done >slow)) if !$pid;
    open(my $terminal, "-|", "python3", "$FindBin::Bin/lib/terminal.py", "lines/s", @secant, "replay", "--conf=rules.sec",
        "--input=a.log", "--input=slow") or die "python3: $!";
    my $shown = join("", <$terminal>);
    end_by('TERM', $pid);
    like($shown, qr/^\r\e\[K[^\n]*\d lines  \d+ lines\/s  0 effects/m, "how far it is");
    unlike($shown, qr/\e\[K *\d+ %  /, "without a share, if a pipe is among the inputs");
}

# Nothing is touched, whatever the rules and their Perl want to do.
spew("reach.sec", <<'RULES');
type=Single
ptype=PerlFunc
pattern=sub { unlink("a.log"); $_[0] =~ /down/ }
context= =( mkdir("context") )
desc=all
action=write file w; writen file w; closef file; owritecl file w; \
       udgram /dev/log x; ustream /dev/log x; udpsock 127.0.0.1:9 x; tcpsock 127.0.0.1:9 x; \
       closeudgr /dev/log; closeustr /dev/log; closeudp 127.0.0.1:9; closetcp 127.0.0.1:9; \
       shellcmd touch shell; cmdexec touch cmd; spawn touch spawn; spawnexec touch spawnexec; \
       cspawn C touch cspawn; cspawnexec C touch cspawnexec; pipe 'x' cat >pipe; pipeexec 'x' tee pipeexec; \
       fill STORE x; report STORE cat >report; reportexec STORE tee reportexec; sigemul USR1; \
       eval %o ( do "./reach.pl" or die $@ || $! )

type=SingleWithScript
ptype=SubStr
pattern=port 41
desc=script
script=touch script
action=none

type=Calendar
time=* * * * *
desc=each minute
action=shellcmd touch calendar
RULES
spew("reach.pl", <<'PERL');
use POSIX ();
use Fcntl;
use File::Copy;
use File::Path qw(make_path remove_tree);
use IO::Socket::INET;
use IO::Socket::UNIX;
use Sys::Syslog;
open(my $new, ">", "new"); print $new "x"; close($new);
open(my $old, "+<", "a.log"); print $old "x"; close($old);
open(OLD, ">>a.log"); syswrite(OLD, "x"); close(OLD);
open(my $to, "| cat >piped"); print $to "x"; close($to);
open(my $from, "-|", "touch", "read"); my @read = <$from>; close($from);
sysopen(my $sys, "sys", O_WRONLY | O_CREAT); close($sys);
unlink("a.log", "b.log"); rename("a.log", "b.log"); link("a.log", "c.log"); symlink("a.log", "d.log");
mkdir("folder"); rmdir("folder"); chmod(0, "a.log"); chown(1, 1, "a.log"); utime(1, 1, "a.log"); truncate("a.log", 0);
kill("TERM", getppid()); setpgrp(); dbmopen(our %dbm, "dbm", 0600); flock(STDIN, 2);
system("touch system"); system("touch", "system2"); my $got = `touch backticks`;
my $pid = fork(); POSIX::_exit(0) if !$pid; waitpid($pid, 0);
{ no warnings; exec("touch exec"); }
my $tcp = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 9); print $tcp "x";
my $udp = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 9, Proto => "udp"); $udp->send("x");
my $unix = IO::Socket::UNIX->new(Peer => "/dev/log"); print $unix "x";
my $listen = IO::Socket::INET->new(Listen => 1, LocalPort => 0);
openlog("demo", "pid", "user"); syslog("info", "x"); closelog();
POSIX::mkfifo("fifo", 0600); copy("a.log", "copy"); move("a.log", "moved"); make_path("a/b"); remove_tree("lib");
warn "x\n"; print STDERR "x\n";
sub Last::DESTROY { unlink("a.log") }
our $last = bless({}, "Last");
END { system("touch end") }
1;
PERL
SKIP: {
    my @reach = ("replay", "--conf=reach.sec", "--conf=rules.sec", "--input=a.log");
    my ($status, @trace) = strace("trace", "@secant @reach >out 2>err");
    skip("strace is not there, or may not trace", 4) unless @trace;
    is($status, 0, "rules that reach out: all is replayed");
    # Its own: its start, its output, and a letter in a pipe of libuv's.
    my @touched = grep {
        reaches_out($_) && !/^\d+ +(?:execve\("\Q$secant[0]\E", |write\((?:[12], |\d+, "\*", 1\)))/
    } @trace;
    is(join("", @touched), "", "no file is written, no process started, no peer called");
    my %shown = map { $_ => 1 } slurp("out") =~ /^\S+ \S+  (?:reach\.sec:\d+|-)  (\S+)/mg;
    my @deeds = qw(write writen closef owritecl udgram ustream udpsock tcpsock closeudgr closeustr closeudp closetcp
        run spawn pipe signal open print syswrite sysopen unlink rename link symlink mkdir rmdir chmod chown utime
        truncate kill setpgrp dbmopen flock system qx fork exec connect send bind listen POSIX::mkfifo);
    is(join(" ", grep { !$shown{$_} } @deeds), "", "and each deed is shown");
    like(slurp("out"), qr/  open     >>a\.log\n.*  rename   a\.log b\.log\n.*  kill     TERM \d+\n.*  setpgrp\n/s, "with what it was given");
}

# Commands.
($out, $err, $status) = run("", "help");
like($out, qr/^  replay  /m, "help names the commands");
is($status, 0, "help: status");
($out) = run("", "help", "replay");
is($out, (replay("--help"))[0], "help replay is replay --help");
my $page = slurp("$FindBin::Bin/../doc/secant-replay.1") =~ s/\\-/-/gr;
my ($own) = $out =~ /^(.*?)  Of SEC's options/s;
my ($rest) = $out =~ /^(Time\n.*)/ms;
my %sections = map { $_ => 1 } "$own$rest" =~ /(--[a-z][\w-]*)/g;
is(join(" ", grep { $page !~ /^\.\w+ .*\Q$_\E\b/m } sort keys %sections), "", "the manual page has each option");
is((run("", "help", "nonsense"))[2], 2, "no such command");
like((run("x\n", "nonsense", "--input=-", "--notail"))[1], qr/^Unknown argument: nonsense$/m, "other words are SEC's");

done_testing();
