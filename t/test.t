#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant test as a command: which tests run, what is told of them in each form, exit statuses, --update, --watch.
use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use JSON::PP;
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep);
use lib "$FindBin::Bin/lib";
use Program qw(binary eventually slurp spew);
use Strace qw(strace reaches_out);
use TAP::Parser;
use Test::More;

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
my $top = tempdir(CLEANUP => 1);
my $dir = "$top/dir";
mkdir($_) for $dir, "$top/tmp";
chdir($dir) or die "$dir: $!";
delete @ENV{qw(SECRC POSIXLY_CORRECT PERL_HASH_SEED GITHUB_ACTIONS NO_COLOR)};
$ENV{TZ} = "UTC";
$ENV{TMPDIR} = "$top/tmp";

sub start {
    my @words = @_;
    spew("$top/$_", "") for "out", "err"; # nobody reads those of the run before
    my $pid = fork() // die "fork: $!";
    return $pid if $pid;
    open(STDIN, "<", "/dev/null") or die "stdin: $!";
    open(STDOUT, ">", "$top/out");
    open(STDERR, ">", "$top/err");
    exec(@secant, "test", @words) or die "$secant[0]: $!";
}

# What it has told and the exit status; times are not the same twice.
sub ended {
    my ($pid) = @_;
    waitpid($pid, 0);
    my ($out, $err) = (slurp("$top/out"), slurp("$top/err"));
    $out =~ s/\(\d+\.\d\d s\)/(N s)/g;
    return ($out, $err, $? & 127 ? "signal " . ($? & 127) : $? >> 8);
}
sub run { return ended(start(@_)) }

# In a fresh folder.
sub folder {
    my ($name, %files) = @_;
    mkdir("$dir/$name");
    chdir("$dir/$name") or die "$name: $!";
    spew($_, $files{$_}) for keys %files;
}

my $rules = <<'RULES';
type=SingleWithThreshold
ptype=RegExp
pattern=fail (\w+) from (\S+)
desc=guesses from $2
action=write alerts brute force by $1 from $2
window=60
thresh=3

type=Single
ptype=RegExp
pattern=^root
desc=root
action=shellcmd mail -s "a <b>" root
RULES

my $fine = <<'TESTS';
# These pass.
rules: r.sec
tags: base

test: three failures alert
  +0s x3 every 10s fail root from 10.0.0.9
  expect write alerts ~ brute force .* 10\.0\.0\.9
  nothing else

test: <n> failures do not
  rows:
    | n | more |
    | 1 | 1 |
    | 2 | 2 |
  tags: few
  +0s x<more> fail root from h
  nothing else
TESTS

my $wrong = <<'TESTS';
rules: r.sec

test: a line passes
  +0s nothing
  nothing else

test: "<wrong> & #1"
  +0s fail root from 10.0.0.8
  +10s x2 fail root from 10.0.0.8
  +0s root
  expect write alerts = brute force by root from 10.0.0.9
TESTS

# -- The report for people --

folder("plain", "r.sec" => $rules, "fine.sectest" => $fine);
mkdir("sub");
spew("sub/r.sec", $rules);
spew("sub/more.sectest", $fine);
spew("sub/.hidden.sectest", "no test file");

is_deeply([run()], [<<'OUT', "", 0], "the present folder, and those in it; all passes");
fine.sectest  3 passed
sub/more.sectest  3 passed
6 tests: 6 passed (N s)
OUT
is_deeply([run("-v", "fine.sectest")], [<<'OUT', "", 0], "-v names each test");
fine.sectest
  ok    three failures alert
  ok    1 failures do not
  ok    2 failures do not
3 tests: 3 passed (N s)
OUT
is_deeply([run("--quiet")], ["", "", 0], "--quiet has nothing to tell");
is_deeply([run("sub/", "sub/more.sectest", "fine.sectest")], [<<'OUT', "", 0], "words in their order, each file once");
sub/more.sectest  3 passed
fine.sectest  3 passed
6 tests: 6 passed (N s)
OUT

spew("wrong.sectest", $wrong);
is_deeply([run("wrong.sectest")], [<<'OUT', "", 1], "a failure: what was expected, what is near, what the lines did");
wrong.sectest
  ok    a line passes
  FAIL  "<wrong> & #1"                                                wrong.sectest:7
        expect write alerts = brute force by root from 10.0.0.9       wrong.sectest:11
        it did not happen
        nearest at +10s: brute force by root from 10.0.0.8
                                                         ^
        What the lines did
          +10s   root                                                 wrong.sectest:10
                 r.sec:9 Single: run mail -s "a <b>" root
          r.sec:1 has  pattern=fail (\w+) from (\S+)  window=60  action=write alerts brute force by $1 from $2
2 tests: 1 passed, 1 failed (N s)
OUT

spew("sub/alike.sectest", <<'TESTS');
rules: r.sec

test: two expectations of one line
  +0s x2 every 10s fail root from 10.0.0.9
  expect write
  expect operation = never
  +0s stray
  expect write

test: the same at another time
  +5s x2 fail root from 10.0.0.9
  expect write

test: fewer lines
  +0s fail root from 10.0.0.9
  expect write

test: nothing is to be done
  +0s root
  not run
  nothing else
TESTS
my ($alike) = run("--quiet", "sub/alike.sectest");
is($alike, <<'OUT', "what has been shown is not shown again");
sub/alike.sectest
  FAIL  two expectations of one line                                  sub/alike.sectest:3
        expect write                                                  sub/alike.sectest:5
        nothing was written to a file
        What the lines did
          2 times, +0s to +10s  fail root from 10.0.0.9               sub/alike.sectest:4
                 sub/r.sec:1 SingleWithThreshold: counted by "guesses from 10.0.0.9": 1 to 2 of 3, ends at 00:01:00
          sub/r.sec:1 has  thresh=3  window=60
        also expect operation = never: there is no such operation     sub/alike.sectest:6
        expect write                                                  sub/alike.sectest:8
        nothing was written to a file
        What the lines did
          +10s   stray                                                sub/alike.sectest:7
                 no rule matched
                 secant explain --conf=sub/r.sec 'stray'
  FAIL  the same at another time                                      sub/alike.sectest:10
        expect write: nothing was written to a file                   sub/alike.sectest:12
        as in sub/alike.sectest:5: sub/r.sec:1 SingleWithThreshold: counted by "guesses from 10.0.0.9": 2 of 3, ends at 00:01:05
  FAIL  fewer lines                                                   sub/alike.sectest:14
        expect write: nothing was written to a file                   sub/alike.sectest:16
        as in sub/alike.sectest:5: sub/r.sec:1 SingleWithThreshold: counted by "guesses from 10.0.0.9": 1 of 3, ends at 00:01:00
  FAIL  nothing is to be done                                         sub/alike.sectest:18
        not run                                                       sub/alike.sectest:20
        it happened: run mail -s "a <b>" root, at +0s (sub/r.sec:9)
        What the lines did
          +0s    root                                                 sub/alike.sectest:19
                 sub/r.sec:9 Single: run mail -s "a <b>" root
          sub/r.sec:9 has  pattern=^root  action=shellcmd mail -s "a <b>" root
        also nothing else: 1 effect was not expected                  sub/alike.sectest:21
4 tests: 0 passed, 4 failed (N s)
OUT
unlink("sub/alike.sectest");
spew("sub/err.sec", "type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=lcall %o -> ( sub { print STDERR 'odd' } ); shellcmd x\n");
spew("sub/err.sectest", "rules: err.sec\ntest: t\n  +0s go\n  nothing else\n");
unlike((run("--quiet", "sub/err.sectest"))[0], qr/What else was done/, "what the lines show is not told again");
unlink("sub/err.sec", "sub/err.sectest");

{
    my ($out, $err, $status) = run("--quiet");
    unlike($out, qr/ok|fine/, "--quiet: failures only");
    like($out, qr/FAIL.*1 failed/s, "and their sum");
}

SKIP: {
    skip("python3 is not installed", 2) if system("python3 -c 'import pty' 2>/dev/null");
    my @terminal = ("python3", "$FindBin::Bin/lib/terminal.py", '(?!)', @secant, "test", "wrong.sectest");
    my $seen = sub { open(my $out, "-|", @terminal) or die "python3: $!"; local $/; return scalar(<$out>) };
    like($seen->(), qr/\e\[1;31mFAIL\e\[0m.*from 10\.0\.0\.\e\[1;31m8\e\[0m\r?\n +\S*What/s, "colours at a terminal, in place of marks");
    local $ENV{NO_COLOR} = 1;
    unlike($seen->(), qr/\e/, "but for NO_COLOR");
}

# -- Which tests --

is_deeply([run("-v", "wrong.sectest:5")], [<<'OUT', "", 0], "FILE:LINE is the test around the line");
wrong.sectest
  ok    a line passes
1 test: 1 passed (N s)
OUT
is((run("fine.sectest:12"))[0], "fine.sectest  2 passed\n2 tests: 2 passed (N s)\n", "FILE:LINE: all rows");
is((run("--run", '^fine.*: 2 fail', "-j1"))[0], "fine.sectest  1 passed\n1 test: 1 passed (N s)\n", "--run");
is((run("--tags=other,few", "fine.sectest"))[0], "fine.sectest  2 passed\n2 tests: 2 passed (N s)\n", "--tags");
is_deeply([run("--run=never")], ["No tests ran (N s)\n", "secant test: no test matches --run=never (8 tests in 3 files)\n", 2],
    "--run without a test is an error");
is((run("--run=("))[2], 2, "so is a wrong regular expression");
is((run("--tags=none"))[2], 2, "and a tag that no test has");
is_deeply([(run("wrong.sectest:1"))[1, 2]], ["secant test: wrong.sectest:1: this line is before the first test\n", 2],
    "a line before all tests");
is_deeply([(run("wrong.sectest:99"))[1, 2]], ["secant test: wrong.sectest:99: the last line of the file is 11\n", 2],
    "a line after the end");
is_deeply([(run("wrong.sectest:$_"))[1, 2]], ["secant test: wrong.sectest:$_: after the colon comes the number of a line, from 1\n", 2],
    "no line: $_") for "0", "abc";
like((run("-v", "wrong.sectest:5:3"))[0], qr/^  ok    a line passes\n1 test/m, "FILE:LINE:COLUMN, as messages have it");
is((run("--run=THREE failures"))[1], "secant test: no test matches --run=THREE failures (8 tests in 3 files); case matters: " .
    "there is 'three failures alert'\n", "a name in other case");
is_deeply([(run("absent.sectest", "fine.sectest"))[0 .. 2]],
    ["fine.sectest  3 passed\n3 tests: 3 passed (N s)\n", "secant test: absent.sectest: No such file or directory\n", 2],
    "a file that is not there: the others run");
{
    my ($out, $err, $status) = run("--tpa");
    like($err, qr/tpa.*secant test --help/s, "an unknown option");
    is($status, 2, "is an error");
    is((run("-j0"))[2], 2, "so are no processes");
    is((run("--tap", "--json"))[2], 2, "and two forms");
    like((run("--help"))[0], qr/^Usage: secant test.*--junit/s, "--help");
}
folder("none");
is_deeply([(run())[1, 2]], ["secant test: .: there are no *.sectest files in this folder\n", 2], "no test file is an error");

folder("rules", "x.sec" => "# rules\n$rules", "y.sec" => $rules, "y.sectest" => "rules: y.sec\n", "z.sectest" => "rules: y.sec\n");
like((run("x.sec"))[1], qr/^x\.sec:2:1: error: x\.sec is a rule file; tests are in NAME\.sectest \(write x\.sectest with 'rules: x\.sec'.*\n.*\n.*\n\z/,
    "a rule file in place of tests is one error");
like((run("y.sec"))[1], qr/\(run: secant test y\.sectest\)$/m, "and its tests are named if they are there");
is((run("y.sec"))[2], 2, "its exit status");
is((run("y.sectest"))[1], "secant test: y.sectest has no tests\n", "a file without tests");
is((run("y.sectest", "z.sectest"))[1], "secant test: none of the 2 files has tests\n", "files without tests");
is((run("--run=x", "--tags=a,b", "../plain/fine.sectest"))[1], "secant test: no test matches --run=x --tags=a,b (3 tests in 1 file)\n",
    "nothing that was asked for");

# -- Options that tests have no use for --

folder("options", "r.sec" => $rules, "fine.sectest" => $fine, "a.sectest" => $fine =~ s/^tags:/options: --intevents --input-rescan=5\ntags:/mr);
my $count = () = $fine =~ /^test:/mg;
is_deeply([run("--quiet")], ["", "secant test: a.sectest: --input-rescan has no effect: lines come from the steps\n", 0],
    "--input-rescan: a line for a file of $count tests, and they run");

# -- Files with errors --

folder("bad", "r.sec" => $rules, "a.sectest" => "rules: r.sec\ntest: bad\n  +0s x\n  expct output x\ntest: good\n  +0s x\n" .
    "  expect output x\n", "b.sectest" => $fine);
{
    my ($out, $err, $status) = run();
    like($err, qr/^a\.sectest:4:3: error: .*expect.*\n    expct output x\n    \^~~~~\n\z/,
        "an error of a file is told with its line");
    like($out, qr/^a\.sectest\n  FAIL  good .*^b\.sectest  3 passed\n4 tests: 3 passed, 1 failed, 1 error in a test file/ms,
        "the other tests run");
    is($status, 2, "the exit status is that of the file, although a test has failed");
}

folder("wrong", "r.sec" => $rules, "log" => "# a log\n" . "Jan  1 00:00:00 host sshd: no\n" x 500,
    "one.sectest" => "rules r.sec\ntest: t\n  +0s x\n  not output\n",
    "many.sectest" => "rules: r.sec\n" . join("", map { "test: t$_\n  expct x\n" } 1 .. 30), "bytes" => "\x7fELF\0\1\n\0\n" x 50);
symlink("loop.sec", "loop.sec");
symlink("loop.log", "loop.log");
spew("links.sectest", "rules: loop.sec\ntest: t\n  lines loop.log\n  not output\n");
spew("commas.sectest", "rules: r.sec, s.sec\n");
foreach my $name ("log", "bytes") {
    my ($out, $err, $status) = run($name);
    like($err, qr/^$name:\d:1: error: $name is not a test file: [^\n]*\n[^\n]*\n[^\n]*\n\z/, "$name is no test file: one error");
    is($status, 2, "its exit status");
}
like((run("one.sectest"))[1], qr/error: a line of the head has the form KEY: VALUE/, "a test file whose first line is wrong is one");
{
    my ($out, $err, $status) = run("many.sectest");
    is(scalar(() = $err =~ /error: /g), 11, "after ten errors they are counted");
    like($err, qr/^many\.sectest:23:1: error: and 20 more errors\n\z/m, "how many more");
    like($out, qr/^No tests ran, 30 errors in test files/m, "all of them are in the sum");
}
{
    my ($out, $err, $status) = run("links.sectest");
    like($err, qr/error: cannot read the rule file loop\.sec: Too many levels/, "a rule file that is there and cannot be read");
    like($err, qr/error: cannot read loop\.log: Too many levels/, "a log that cannot be read");
}
like((run("commas.sectest"))[1], qr/no such rule file: r\.sec, \(names of rule files are separated by blanks, not by commas\)/,
    "commas between rule files");

folder("broken", "r.sec" => $rules . "action=nono", "a.sectest" => $fine);
is((run())[0], <<'OUT', "errors of rules have their places, and are told once");
a.sectest
  ERROR three failures alert                                          a.sectest:5
        r.sec:14:1: 'action' again in the rule that begins at line 9; is an empty line missing?
        r.sec:14:8: Invalid action 'nono'
  ERROR 1 failures do not                                             a.sectest:10, row 1
        the same errors as at a.sectest:5
  ERROR 2 failures do not                                             a.sectest:10, row 2
        the same errors as at a.sectest:5
3 tests: 0 passed, 3 could not run (N s)
OUT

# -- Forms --

chdir("$dir/plain");
spew("bad.sectest", "rules: absent.sec\ntest: t\n  nothing else\n");
{
    my ($out, $err, $status) = run("--tap");
    is($status, 2, "TAP: the exit status");
    is($err, "", "TAP: all is on standard output");
    like($out, qr/^TAP version 13\nnot ok 1 - bad\.sectest: the file is valid\n  ---\n/, "TAP: a file with an error");
    like($out, qr/^ok 2 - fine\.sectest: three failures alert\n/m, "TAP: a test that passed");
    like($out, qr/^not ok 6 - wrong\.sectest: "<wrong> & \\#1"\n  ---\n  message: "it did not happen"\n/m,
        "TAP: a test that failed");
    like($out, qr/^  step: "expect write alerts = brute .*^  line: 11\n  report: \|\n    expect .*^  \.\.\.\nok 7 .*^1\.\.9\n\z/ms,
        "TAP: YAML, and the plan");
    my $parser = TAP::Parser->new({ tap => $out });
    $parser->run();
    is_deeply([[$parser->failed()], $parser->tests_run(), [$parser->parse_errors()]], [[1, 6], 9, []], "TAP: others read it");
    my ($block) = $out =~ /^not ok 6.*?^  ---\n(.*?)^  \.\.\.$/ms;
    is(scalar(grep { !/^  [a-z]+: \S/ && !/^    / } split(/\n/, $block)), 0, "TAP: the block is a mapping");
}
{
    my ($out, $err, $status) = run("--json");
    my @objects = map { decode_json($_) } split(/\n/, $out);
    is(scalar(@objects), 10, "JSON: an object for each");
    is_deeply([@{ $objects[0] }{qw(file line)}], ["bad.sectest", 1], "JSON: a file with an error");
    ok($objects[0]{error}, "JSON: which one");
    is_deeply([@{ $objects[3] }{qw(file line name row tags status)}],
        ["fine.sectest", 10, "2 failures do not", 2, ["base", "few"], "passed"], "JSON: a test that passed");
    my $failure = $objects[5]{failures}[0];
    is_deeply([$objects[5]{status}, @{$failure}{qw(line column)}], ["failed", 11, 3], "JSON: one that failed");
    is_deeply($failure->{nearest}, { when => "+10s", text => "brute force by root from 10.0.0.8", mark => [32, 33] },
        "JSON: what is near");
    delete $objects[9]{summary}{seconds};
    is_deeply($objects[9], { summary => { passed => 7, failed => 1, errors => 0, file_errors => 1 } }, "JSON: the sum");
}
{
    my ($out, $err, $status) = run("--github", "bad.sectest", "wrong.sectest");
    like($out, qr/^::error file=bad\.sectest,line=1,title=Test file::.*absent\.sec/m, "annotations: a file");
    like($out, qr/^::error file=wrong\.sectest,line=11,title="<wrong> & #1"::expect write alerts = .*%0Ait did not.*%0Anearest at \+10s: /m,
        "annotations: a failure");
    like($out, qr/^  FAIL /m, "annotations: beside the report");
    local $ENV{GITHUB_ACTIONS} = "true";
    like((run("wrong.sectest"))[0], qr/^::error /m, "annotations: by themselves in a workflow");
    unlike((run("--nogithub", "wrong.sectest"))[0], qr/::error /, "annotations: unless they are not wanted");
    unlike((run("--tap", "wrong.sectest"))[0], qr/::error /, "annotations: nor in TAP");
}
spew("odd,1.sectest", "rules: r.sec\ntest: 50% a: b, c\n  +0s x\n  expect output \xff\x01]]>\n");
like((run("--github", "odd,1.sectest"))[0], qr/^::error file=odd%2C1\.sectest,line=4,title=50%25 a%3A b%2C c::/m,
    "annotations: letters with a meaning");
{
    my ($out, $err, $status) = run("--junit=j.xml", "--quiet");
    is($status, 2, "JUnit: the exit status");
    my $xml = slurp("j.xml");
    like($xml, qr/^<\?xml .*\n<testsuites name="secant test" tests="10" failures="2" errors="1" time="/, "JUnit: the sum");
    like($xml, qr/<testsuite name="fine\.sectest" tests="3" failures="0" errors="0" time="/, "JUnit: a file");
    like($xml, qr/name="&#34;&#60;wrong&#62; &#38; #1&#34;" time=.*\n      <failure message="expect write alerts = /, "JUnit: a failure");
  SKIP: {
        skip("python3 is not installed", 1) if system("python3 -c 'import xml.dom' 2>/dev/null");
        spew("look.py", <<'PY');
import xml.etree.ElementTree as tree
root = tree.parse("j.xml").getroot()
allowed = { # by the schema of Jenkins, of which we use this
    "testsuites": "name time tests failures errors", "testsuite": "name time tests failures errors",
    "testcase": "name time classname", "failure": "type message", "error": "type message"}
assert all(set(e.keys()) <= set(allowed[e.tag].split()) for e in root.iter())
for suite in root:
    cases = list(suite)
    bad = [c for c in cases if len(c) == 1 and c[0].tag in ("failure", "error") and c[0].text.strip()]
    good = [c for c in cases if len(c) == 0]
    assert len(good) + len(bad) == len(cases) == int(suite.get("tests"))
    assert len(bad) == int(suite.get("failures")) + int(suite.get("errors"))
    assert all(float(c.get("time")) >= 0 and c.get("classname") for c in cases)
    print(suite.get("name"), len(cases), len(bad))
PY
        is(`python3 look.py 2>&1`, "bad.sectest 1 1\nfine.sectest 3 0\nodd,1.sectest 1 1\nwrong.sectest 2 1\n" .
            "sub/more.sectest 3 0\n", "JUnit: others read it");
    }
    is((run("--junit=absent/j.xml", "fine.sectest"))[2], 2, "JUnit: a file that cannot be written is an error");
}

# -- Workers --

my $many = "rules: r.sec\n";
$many .= "test: t$_\n  +0s x3 fail $_ from h$_\n  expect write alerts = brute force by $_ from h" . ($_ % 20 ? $_ : "x") . "\n" for 1 .. 70;
folder("many", "r.sec" => $rules, "a.sectest" => $many, "b.sectest" => "$many\n", "c.sectest" => $fine);
my ($one) = run("-j1");
like($one, qr/ok    19 tests\n  FAIL  t20 .*143 tests: 137 passed, 6 failed/s, "many tests: those that pass are counted");
is((run("-j", 3))[0], $one, "more workers tell the same");
is((run("--jobs=40", "-v"))[0] =~ s/^  ok    t.*\n//gmr, (run("-v"))[0] =~ s/^  ok    t.*\n//gmr, "and as many as there may be");

my $perl = <<'RULES';

type=Single
ptype=PerlFunc
pattern=sub { require POSIX; POSIX::_exit(9) if $_[0] =~ /^die/; exit(7) if $_[0] =~ /^leave/; sleep(1) while $_[0] =~ /^hang/; return 0; }
desc=perl
action=none
RULES
folder("dying", "r.sec" => $rules . $perl, "a.sectest" => join("", "rules: r.sec\n", map {
    "test: $_\n  +0s $_ x\n  nothing else\n" } "first", "die", "second", "leave", "third", "hang", "last"));
{
    my ($out, $err, $status) = run("--timeout=2", "--json");
    my @objects = map { decode_json($_) } split(/\n/, $out);
    is(join(" ", map { "$_->{name}:$_->{status}" } @objects[0 .. 6]),
        "first:passed die:error second:passed leave:error third:passed hang:error last:passed",
        "a test that dies or hangs is one error, the others run");
    like($objects[1]{messages}[0], qr/exit 9/, "why it died");
    is($status, 1, "a test that could not run is a failure");
    like((run("--run=: die"))[0], qr/^  ERROR die .*\n        .*exit 9.*\n1 test: 0 passed, 1 could not run/m, "in words");
}

# -- Snapshots --

my $shots = "# kept\nrules: r.sec\n\ntest: empty \n  +0s root\n  snapshot:\n\n  # kept, too\ntest: changed\n\t+0s x3 fail a from b\n" .
    "\tsnapshot:\n\t    +0s run something else\n\n\n  +1s x\ntest: <n>\n  rows:\n    | n |\n    | a |\n  +0s root <n>\n  snapshot:\n" .
    "    +0s run x\ntest: last\n  +0s root\n  snapshot:";
my $new = "# kept\nrules: r.sec\n\ntest: empty \n  +0s root\n  snapshot:\n    +0s run mail -s \"a <b>\" root\n\n  # kept, too\n" .
    "test: changed\n\t+0s x3 fail a from b\n\tsnapshot:\n\t    +0s write alerts: brute force by a from b\n\n\n  +1s x\n" .
    "test: <n>\n  rows:\n    | n |\n    | a |\n  +0s root <n>\n  snapshot:\n    +0s run x\ntest: last\n  +0s root\n  snapshot:\n" .
    "    +0s run mail -s \"a <b>\" root\n";
folder("shots", "r.sec" => $rules, "real.sectest" => $shots);
chmod(0640, "real.sectest");
symlink("real.sectest", "a.sectest");
{
    my ($out, $err, $status) = run("a.sectest");
    is($status, 1, "snapshots that differ are failures");
    like($out, qr/snapshot: .*\n        the effects differ \(- expected, \+ happened\)\n        - \+0s run something else\n        \+ \+0s write alerts: brute/, "with what differs");
    ($out, $err, $status) = run("--update", "a.sectest");
    is($status, 1, "--update: what cannot be written is a failure");
    is($err, "a.sectest:22: this snapshot was not written: its test has rows\n", "--update: and why");
    like($out, qr/^a\.sectest:12: changed\n- \t    \+0s run something else\n\+ \t    \+0s write .*a\.sectest: 3 snapshots written\n4 tests: 3 passed, 1 failed/ms,
        "--update: the differences");
    is(slurp("real.sectest"), $new, "--update: all else is as it was");
    ok(-l "a.sectest" && ((stat("real.sectest"))[2] & 07777) == 0640, "--update: the link and the mode as well");
    is_deeply([glob("*")], ["a.sectest", "r.sec", "real.sectest"], "--update: nothing else is left");
    is((run("--update", "a.sectest:1", "--run=last|empty|changed"))[2], 2, "--update: nothing to do");
    is(slurp("real.sectest"), $new, "--update: a second time nothing changes");
    is((run("--update", "--tap"))[2], 2, "--update is for people");
}
folder("meanwhile", "r.sec" => $rules, "a.sectest" => "rules: r.sec\ntest: t\n  +0s root\n  snapshot:\ntest: wait\n" .
    "  perl select(undef, undef, undef, 0.05) until -e '$dir/meanwhile/go';\n  +0s x\n  nothing else\n");
{
    my $pid = start("--update", "-v");
    ok(eventually(sub { slurp("$top/out") =~ /ok    t\n/ }), "--update: a test is running");
    my $text = slurp("a.sectest") . "# edited\n";
    spew("a.sectest", $text);
    spew("go", "");
    my ($out, $err, $status) = ended($pid);
    is($err, "secant test: a.sectest: the file has changed in the meantime; nothing was written\n", "--update: a file that was edited");
    is($status, 2, "--update: is an error");
    is(slurp("a.sectest"), $text, "--update: and stays");
}

spew("a.sectest", "rules: r.sec\ntest: t\n  +0s root\n  snapshot:\n");
chmod(0444, "a.sectest");
is_deeply([(run("--update", "a.sectest"))[1, 2]], ["secant test: a.sectest: Permission denied\n", 2], "--update: a file that is read-only");
like(slurp("a.sectest"), qr/snapshot:\n\z/, "--update: and stays");

# -- Orders to the terminal --

my $orders = "\e[2J\x01\r\x{c2}\x{9b}31m";    # the last one is U+009B
folder("orders", "r.sec" => "type=Single\nptype=RegExp\npattern=(.*)\ndesc=x\naction=write - $orders\n",
    "a.sectest" => "rules: r.sec\ntest: $orders\n  +0s > $orders\n  expect output $orders x\n  snapshot:\n");
foreach my $how (["-v"], ["--update"]) {
    my ($out, $err) = run(@$how);
    unlike($out . $err, qr/[^\n -~]/, "@$how: names, lines and effects do not move the cursor");
}
# Nor are they text for readers of YAML; U+2028 is the end of a line there.
spew("a.sectest", "rules: r.sec\ntest: t\n  +0s > a\x{e2}\x{80}\x{a8}b\x7f\x{ef}\x{bf}\x{be} \x{c3}\x{a9}\n  expect output $orders\x{c2}\x{85} x\n");
my ($yaml) = (run("--tap"))[0] =~ /^  ---\n(.*?)^  \.\.\.$/ms;
unlike($yaml, qr/[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xa8|\xef\xbf\xbe/, "TAP: YAML has text only");
like($yaml, qr/a\\u2028b.*\xc3\xa9/, "TAP: and what is none as numbers");

# -- Notes --

sub notes {
    my ($head, @steps) = @_;
    spew("n.sectest", "rules: r.sec\n${head}test: t\n" . join("", map { "  $_\n" } @steps));
    my ($out) = run("n.sectest");
    return join("", map { "$_\n" } $out =~ /^        Note: (.*)/mg);
}
folder("notes", "r.sec" => $rules);
is(notes("", "+0s 10x every 1s fail root from h", "+0s fail root from h x10", "+0s fail root from h x3 every 5s", "expect run"), <<'OUT', "times in lines");
'10x' is part of the line: did you mean +0s x10 LINE?  n.sectest:3
'x10' is part of the line: did you mean +0s x10 LINE?  n.sectest:4
'x3' is part of the line: did you mean +0s x3 LINE?  n.sectest:5
OUT
is(notes("", "+0s x10 fail root from h x", "expect run"), "", "none where there are none");
is(notes("", "+0s root 2x", "expect run"), "", "nor in a test that passes");
is(notes("header: %b %e %H:%M:%S h\n", "+0s Jan  1 00:00:00 h root", "+0s root 10:00:00", "expect run"), <<'OUT', "two headers");
'header:' adds a time before the line's own; to keep only its own, write > LINE, without +0s  n.sectest:4
OUT
is(notes("", "> no time", "> Jan  1 00:00:00 h x", "expect run"), <<'OUT', "a line of its own time that has none");
no time was found in this line, so it came at the time of the step before  n.sectest:3
OUT
is(notes("", "+0s root", "expect run mail twice", "expect run mail 3 times", "expect run mail x4"), <<'OUT', "numbers after the subject");
'twice' is part of the text: did you mean 'expect twice ...'?  n.sectest:4
'3 times' is part of the text: did you mean 'expect 3 times ...'?  n.sectest:5
'x4' is part of the text: did you mean 'expect 4 times'?  n.sectest:6
OUT
is(notes("", "+0s root", "snapshot:", "+0s root", "snapshot:", "  +0s run x"), <<'OUT', "an empty snapshot");
the snapshot is empty; secant test --update writes it  n.sectest:4
OUT
spew("joined.sec", "type=Single\nptype=SubStr\npattern=a\ndesc=d\naction=write - a\ntype=Single\nptype=SubStr\npattern=b\ndesc=e\naction=write - b\n");
is(notes("rules: joined.sec\n", "+0s a", "expect output"), <<'OUT', "rules that load, of which one is missing");
'type' again in the rule that begins at line 1; is an empty line missing?  joined.sec:6
OUT
is(notes("rules: joined.sec\n", "+0s b", "expect output"), "", "if a test fails");
is(notes("", "expect run"), "the test has no log line; +0s LINE is one  n.sectest:2\n", "no line");
like((run("--tap", "n.sectest"))[0], qr/^    Note: the test has no log line; .*  n\.sectest:2$/m, "notes in TAP");
like((run("--json", "n.sectest"))[0], qr/"notes":\s*\[\{"file":\s*"n\.sectest",\s*"line":\s*2,\s*"text":\s*"the test has no log line/, "and in JSON");

# -- Watching --

folder("watch", "r.sec" => $rules, "s.sec" => $rules, "a.sectest" => $fine, "b.sectest" => $fine =~ s/r\.sec/s.sec/r);
{
    my $pid = start("--watch");
    my $told = sub {
        my ($pattern) = @_;
        return eventually(sub { slurp("$top/out") =~ $pattern });
    };
    ok($told->(qr/6 tests: 6 passed.*\nWatching 4 files; Ctrl-C ends\n\z/), "--watch: all at first, and what is watched");
    spew("s.new", $rules =~ s/thresh=3/thresh=2/r);
    rename("s.new", "s.sec");
    ok($told->(qr/passed \(.*\n.*\n\n\d\d:\d\d:\d\d\nb\.sectest\n.*3 tests: 2 passed, 1 failed.*\n\z/s), "--watch: those whose rules changed");
    spew("c.new", $fine);
    rename("c.new", "c.sectest");
    ok($told->(qr/1 failed .*\n\n\d\d:\d\d:\d\d\nc\.sectest  3 passed\n3 tests: .*\n\z/), "--watch: a new file");
    kill('INT', $pid);
    my ($out, $err, $status) = ended($pid);
    is($status, 130, "--watch: SIGINT ends it");
    is($err, "", "--watch: no complaint");
}

# -- What is short, full or odd --

folder("short", "r.sec" => $rules, "a.sectest" => $many, "esc.sectest" => "rules: r.sec\ntest: \e[31mred\n  +0s x\n  expect " .
    "output x\ntest: bad\n  \e[2Jx\n");
{
    my $all = join(" ", map { quotemeta } @secant);
    my $limited = `ulimit -n 80; perl -e 'alarm(60); exec(\@ARGV)' $all test -j 200 a.sectest 2>&1`;
    like($limited, qr/70 tests: 67 passed, 3 failed/, "more workers asked for than files may be open");
    is(system("$all test --quiet --run=x a.sectest >/dev/full 2>err; $all test --run=t1 a.sectest >/dev/full 2>err") >> 8, 2,
        "a full standard output is an error");
    like(slurp("err"), qr/^secant test: standard output: No space left on device$/m, "and is told");
    mkdir("tmp");
    local $ENV{TMPDIR} = "tmp";
    is((run("--run=: t1.\$", "a.sectest"))[2], 0, "TMPDIR may be relative");
    is_deeply([glob("tmp/*")], [], "and is empty afterwards");
    $ENV{TMPDIR} = "$dir/short/none";
    like((run("--run=: t1.\$", "a.sectest"))[0], qr/ERROR t1\d .*\n +cannot create its folder in \Q$dir\E\/short\/none: No such file or directory$/m,
        "what TMPDIR is wrong is told");
    $ENV{TMPDIR} = "tmp";
    spew("device.sectest", "rules: r.sec\ntest: t\n  lines /dev/zero\n  nothing else\ntest: p\n  lines pipe\n  nothing else\n");
    system("mkfifo", "pipe");
    is(() = (run("device.sectest"))[0] =~ /^        Invalid argument$/mg, 2, "a device is no log, nor is a pipe");
    my ($out, $err) = run("-v", "esc.sectest");
    like($out, qr/FAIL  \?\[31mred /, "names do not move the cursor");
    like($err, qr/^esc\.sectest:6:3: error: .*\n    \?\[2Jx\n    \^/m, "nor do wrong lines");
    unlike($out . $err, qr/\e/, "anywhere");
}

# A folder that root cannot read either: its name is too long.
folder("long", "r.sec" => $rules, "fine.sectest" => $fine);
for (my $deep = 0; $deep < 20 && mkdir("d" x 250) && chdir("d" x 250); $deep++) { }
chdir("$dir/long");
is_deeply([(run())[0, 2]], ["fine.sectest  3 passed\n3 tests: 3 passed (N s)\n", 2], "a folder that cannot be read: the others run");
like(slurp("$top/err"), qr/^secant test: d+\/.*: File name too long\n\z/, "and it is told");

# -- Outside --

folder("outside", "keep" => "kept\n", "r.sec" => <<'RULES', "a.sectest" => "rules: r.sec\n" . join("", map { <<"TEST" } 1, 2));
type=Single
ptype=RegExp
pattern=^all
desc=all
action=write keep x; shellcmd touch ran; spawn echo x; pipe 'x' cat >ran; udgram sock x; \
  lcall %o -> (sub { open(my $f, ">", "keep"); print $f "x"; close($f); unlink("keep"); system("touch ran"); kill(15, 1); mkdir("d") })
RULES
test: all $_
  file: mine
    text
  +0s all
  expect write keep
TEST
SKIP: {
    my ($status, @trace) = strace("$top/trace", join(" ", map { quotemeta } @secant) . " test -j2 a.sectest >out 2>err");
    skip("strace is not there, or may not trace", 4) unless @trace;
    is($status, 0, "rules that do all sorts of things: the tests pass");
    is(slurp("keep"), "kept\n", "but nothing happens to files");
    is_deeply([glob("*")], ["a.sectest", "err", "keep", "out", "r.sec"], "none is made");
    # Its own: memory, processes and sockets between them, scratch folders, what it tells.
    my @else = grep { reaches_out($_)
        && !/^\d+ +(?:fork|vfork|clone3?)\(/ && !/^\d+ +(?:write|sendto)\(\d+, / && !/"\Q$top\E\/tmp\/secant-test\./
        && !/^\d+ +shutdown\(\d+, SHUT_WR/ && !/^\d+ +unlinkat\(\d+, "[^"\/]*", / } @trace;
    shift(@else) if @else && $else[0] =~ / execve\(/; # strace's own
    is(join("", @else), "", "nothing outside is touched");
}

# -- Interrupts --

folder("interrupt", "r.sec" => $rules . $perl, "a.sectest" => "rules: r.sec\ntest: t\n  +0s x\n  nothing else\n" .
    "test: u\n  +0s hang\n  nothing else\n");
for my $signal (["INT", 130], ["TERM", 143], ["HUP", 129]) {
    my $pid = start("-v");
    ok(eventually(sub { slurp("$top/out") =~ /ok    t\n/ }), "a test is running");
    kill($signal->[0], $pid);
    my ($out, $err, $status) = ended($pid);
    is($status, $signal->[1], "SIG$signal->[0] ends it");
}
ok(eventually(sub { !glob("$top/tmp/*") }), "no folder of a test is left");

chdir("/");
done_testing();
