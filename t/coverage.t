#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant test --coverage: what tests reach of the rules, in each form.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP qw(decode_json);
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);
use Test::More;

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
my $dir = abs_path(tempdir(CLEANUP => 1));
chdir($dir) or die "$dir: $!";
delete @ENV{qw(GITHUB_ACTIONS SECRC)};

# Standard output, standard error and exit status.
sub run {
    my (@words) = @_;
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDIN, "<", "/dev/null") or die "/dev/null: $!";
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        exec(@secant, "test", @words) or die "$secant[0]: $!";
    }
    waitpid($pid, 0);
    return (slurp("out"), slurp("err"), $? >> 8);
}

mkdir("sub") or die "sub: $!";
spew("sub/a.sec", <<'END');
type=Single
ptype=RegExp
pattern=fail (\S+)
context=!MAINTENANCE
desc=failure of $1
action=write - failed $1; create C_$1 60 (logonly gone)

type=Suppress
ptype=SubStr
pattern=noise
END
spew("sub/a.sectest", <<'END');
rules: a.sec
test: a failure is told
  +0s fail disk
  expect output failed disk
test: one that fails
  +0s noise
  expect output never
END
spew("sub/b.sectest", <<'END');
rules: ../sub/a.sec
test: another failure
  +0s x2 fail fan
  expect output failed fan
END

my $table = <<'END';
Coverage                          rules   items   reached
  sub/a.sec                           2       6         4    66.6 %
  all                                 2       6         4    66.6 %
Not reached
  sub/a.sec:4:10  Single: context term MAINTENANCE never true
  sub/a.sec:6:27  Single: actions of create never run
END

my ($out, $err, $status) = run("--coverage");
like($out, qr/\n\Q$table\E3 tests: 2 passed, 1 failed/, "tests of two files add up, though one fails");
is($status, 1, "as without coverage");

($out, $err, $status) = run("--coverage", "--run=failure");
like($out, qr/  sub\/a\.sec:8  Suppress: the whole rule \(1 item\)\n/, "a rule that no line came to");
is($status, 0, "coverage alone fails nothing");

($out, $err, $status) = run("--min=50", "--run=failure");
is($status, 0, "enough is reached");
($out, $err, $status) = run("--min=66.7", "--run=failure", "--quiet");
is($out, "", "--quiet: no table");
is($err, "secant test: coverage of rules is 50.0 %, 16.7 below the minimum of 66.7 % (2 more of 6 items)\n",
    "too little: by how much");
is($status, 1, "and the status says so");
($out, $err, $status) = run("--min=101");
is($status, 2, "more than 100 % cannot be");

mkdir("idle") or die "idle: $!";
spew("idle/idle.sec", "type=Suppress\nptype=SubStr\npattern=x\n");
spew("idle/idle.sectest", "rules: idle.sec\ntest: idle\n  +0s x\n  not output\n");
($out) = run("--coverage", "--run=failure");
like($out, qr/^  idle\/idle\.sec +- +- +- +0\.0 %  no test has run\n/m, "a rule file without a test that ran");

($out) = run("--coverage", "--tap", "sub");
like($out, qr/^\Q@{[$table =~ s{^}{# }gmr]}\E/m, "TAP: in comments");

($out) = run("--coverage", "--json", "sub");
my @objects = map { decode_json($_) } split(/\n/, $out);
my ($told) = grep { $_->{coverage} } @objects;
my $coverage = $told->{coverage};
is_deeply([@{$coverage}{qw(rules items reached percent)}], [2, 6, 4, 66.6], "JSON: the sum");
is_deeply(
    $coverage->{files}[0]{list}[1],
    { rule => 1, type => "Single", line => 4, column => 10, item => "context term MAINTENANCE", want => "true", hits => 0 },
    "and each item");
is(scalar(grep { ref($_->{coverage}) eq "ARRAY" } @objects), 0, "once, not with each test");

# A tracefile: every line has a form that lcov's readers know, and the sums are those of the lines.
($out, $err, $status) = run("--lcov=cov.info", "sub");
unlike($out, qr/Coverage/, "a tracefile alone");
my @lines = split(/\n/, slurp("cov.info"));
my $form = qr/^(?:TN:|SF:.+|FN:\d+,[^,]+|FNDA:\d+,[^,]+|FN[FH]:\d+|BRDA:\d+,\d+,\d+,(?:-|\d+)|BR[FH]:\d+|DA:\d+,\d+|L[FH]:\d+|end_of_record)$/;
is_deeply([grep { $_ !~ $form } @lines], [], "the tracefile's lines");
is((grep { /^SF:/ } @lines)[0], "SF:$dir/sub/a.sec", "of that file");
my %sum = map { /^(\w+):(\d+)$/ ? ($1 => $2) : () } @lines;
is($sum{LF}, scalar(grep { /^DA:/ } @lines), "lines");
is($sum{LH}, scalar(grep { /^DA:\d+,[1-9]/ } @lines), "lines reached");
is($sum{BRF}, scalar(grep { /^BRDA:/ } @lines), "branches");
is($sum{BRH}, scalar(grep { /^BRDA:.*,[1-9]\d*$/ } @lines), "branches reached");
($out, $err, $status) = run("--lcov=nowhere/cov.info", "sub/b.sectest");
is($err, "secant test: cannot write nowhere/cov.info: No such file or directory\n", "one that cannot be written");
is($status, 2, "is an error");

done_testing();
