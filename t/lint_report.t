#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant check: what is told of findings, in each form, and where.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use Test::More;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);

my @secant = split(' ', binary());
$secant[0] = abs_path($secant[0]) if $secant[0] =~ m{/};
chdir(tempdir(CLEANUP => 1)) or die "chdir: $!";
delete @ENV{qw(NO_COLOR SECRC)};

# Standard output, standard error, exit status.
sub check {
    my (@arguments) = @_;
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDIN, "<", "/dev/null");
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        exec(@secant, "check", @arguments) or die "$secant[0]: $!";
    }
    waitpid($pid, 0);
    return (slurp("out"), slurp("err"), $? >> 8);
}

sub rule { return "type=Single\nptype=SubStr\npattern=$_[0]\ndesc=$_[1]\naction=none\n" }
sub jump { return "type=Jump\nptype=SubStr\npattern=x\ncfset=$_[0]\n" }

spew("fine.sec", rule("x", "y"));
is_deeply([check("fine.sec")], ["", "1 file, 1 rule: nothing found\n", 0], "nothing to tell");

# -- For people --

spew("a.sec", jump("sshh") . "\n" . jump("other") . "\n" . "type=Options\njoincfset=ssh\n\n" . rule("x", "y") =~ s/none/nosuch -/r);
my $told = <<'END';
a.sec:4:7: warning: no rule file joins the set 'sshh': what jumps there meets no rules [jump-to-no-set]
    cfset=sshh
          ^^^^
    did you mean 'ssh'?
    if it is meant: rem=lint:off jump-to-no-set

a.sec:9:7: warning: no rule file joins the set 'other': what jumps there meets no rules [jump-to-no-set]
    cfset=other
          ^^^^^
    a file joins a set with type=Options and joincfset=other

END
my ($out, $err, $status) = check("a.sec");
is(substr($out, 0, length($told)), $told, "a finding: place, line, mark, hint, and once what silences it");
like(substr($out, length($told)), qr{\ARule in a\.sec at line 14: (?:[^\n]+)\na\.sec:18:8: error: an action [^\n]+ \[action\]\n}s,
    "SEC's own message is first");
unlike(substr($out, length($told)), qr/lint:off/, "an error cannot be silenced");
is($err, "1 file, 2 rules: 1 error, 2 warnings\nman secant-check explains each\n", "the sum, on standard error");
is($status, 1, "something was told");
is(scalar(() = (check("-v", "a.sec"))[0] =~ /lint:off/g), 2, "-v: each time");
is((check("--format=gcc", "a.sec"))[1], "", "no sum but for people");

# What follows "pattern=" in the line with the mark, and the mark.
sub shown {
    my ($set) = @_;
    spew("line.sec", "type=Jump\nptype=SubStr\npattern=x\ncfset=$set\n");
    my ($first) = (check("--only=jump-to-no-set", "line.sec"))[0] =~ /\n    (.*\n    .*)/;
    return $first;
}
is(shown("ab\x01c d"), "cfset=ab\\x01c d\n          ^^^^^^^", "a byte that is not seen");
is(shown("\xff d"), "cfset=\\xff d\n          ^^^^", "one that is not UTF-8");
is(shown("\xe6\x97\xa5\xe6\x9c\xac d"), "cfset=\xe6\x97\xa5\xe6\x9c\xac d\n          ^^^^", "wide characters");
is(shown("e\xcc\x81e d"), "cfset=e\xcc\x81e d\n          ^^", "marks above letters");
is(shown("a\xc2\xa0b d"), "cfset=a<U+00A0>b d\n          ^^^^^^^^^^", "a no-break space");
is(shown("\\\n  ab d"), "  ab d\n      ^^", "a line that another one goes on in");
is(shown("ab \\\n  d"), "cfset=ab \\\n          ^^", "and the one before it");
spew("line.sec", "type=Jump\nptype=SubStr\npattern=x\ncfset=ssh\tab\n\ntype=Options\njoincfset=ssh\n");
like((check("line.sec"))[0], qr/^    cfset=ssh       ab\n                    \^\^$/m, "a tab");

spew("line.sec", "type=Jump\nptype=SubStr\npattern=x\ncfset=" . "a" x 500 . " \xe6\x97\xa5" . "b" x 500 . "\n");
my @lines = grep { /^    [.]{3}|^    cfset|^ +\^/ } split(/\n/, (check("line.sec"))[0]);
is($lines[0], "    cfset=" . "a" x 114 . "...", "a long line is cut after the mark");
is($lines[1], " " x 10 . "^" x 114, "and the mark with it");
is($lines[2], "    ..." . "a" x 39 . " \xe6\x97\xa5" . "b" x 75 . "...", "and before the mark");
is($lines[3], " " x 47 . "^" x 77, "which is below what it means");
spew("line.sec", "type=Jump\nptype=SubStr\npattern=x\ncfset=" . "a" x 2_000_000 . "\n");
cmp_ok(length((check("--format=tty", "line.sec"))[0] =~ s/a{1000,}//gr), "<", 1000, "a line of megabytes");

spew("perl.sec", rule("sub { 1 + ] }", "y") =~ s/SubStr/PerlFunc/r);
like((check("perl.sec"))[0], qr/\A[^\n]+syntax error[^\n]+\nperl\.sec:3:\d+: error: /, "messages of several lines are one");

# -- On a terminal --

SKIP: {
    skip("script(1) is not installed", 2) if system("script --version >/dev/null 2>&1");
    my $command = join(" ", map { "'$_'" } @secant, "check", "a.sec");
    my $colours = `script -qec "$command" /dev/null </dev/null`;
    like($colours, qr/^\e\[1ma\.sec:4:7: \e\[0m\e\[1;35mwarning: \e\[0mno rule/m, "colours on a terminal");
    local $ENV{NO_COLOR} = "1";
    unlike(scalar(`script -qec "$command" /dev/null </dev/null`), qr/\e/, "not with NO_COLOR");
}

# -- For editors --

($out, $err, $status) = check("--format=gcc", "a.sec", "missing.sec");
is(scalar(grep { !/^[\w.]+:\d+:\d+: (?:error|warning|note): .* \[[\w-]+\]$/ } split(/\n/, $out)), 0, "gcc: each line has its form");
like($out, qr/^missing\.sec:1:1: error: .*\[file-unreadable\]$/m, "and each a place");

done_testing();
