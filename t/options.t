#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Odd command lines: what Secant says on standard error and how it exits, against SEC.
#
#   SECANT   the binary under test (build/secant)
#   SEC      the reference (sec, as found in PATH)
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference spew);
use Test::More;

my @secant = split(' ', binary());
my @sec = split(' ', reference() // "");

plan skip_all => "no reference: install sec or set SEC" unless @sec;
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];

my $dir = tempdir(CLEANUP => 1);
chdir($dir) or die "$dir: $!";
delete @ENV{qw(SECRC POSIXLY_CORRECT)};

spew("good.sec", "type=Single\nptype=SubStr\npattern=x\ndesc=d\naction=none\n");
spew("bad.sec", "type=Single\nptype=SubStr\npattern=x\ndesc=d\naction=nonsense\n");
spew("rc", "# a comment\n\n  --debug=9 \n--nosuch\n\t--testonly\nword\n");

# Standard error, as it came, and the exit status.
sub run {
    my ($environment, @command) = @_;
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        %ENV = (%ENV, %$environment);
        open(STDIN, "<", "/dev/null");
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        exec(@command) or die "$command[0]: $!";
    }
    waitpid($pid, 0);
    open(my $fh, "<", "err") or die "err: $!";
    # perl -w has its own opinion of numbers such as 1x5.
    return (join("", grep { !/ isn't numeric in / } <$fh>), $?);
}

sub same {
    my ($title, $environment, @options) = @_;
    # With a log, Secant has nothing more to say of the rules on standard error.
    my @want = run($environment, @sec, "--log=log", @options);
    my @got = run($environment, @secant, "--log=log", @options);
    $got[0] =~ s/^(?:secant: |\(did you mean ).*\n//mg;
    is_deeply(\@got, \@want, $title);
}

my @values = ("0", "1", "-1", "+7", "007", "08", "0x1F", "0b101", "0b12", "01000", "0o17", "1_000",
              "_5", "1.5", ".5", "1.", "1e5", "abc", "", "--", "-", "+3", "0x", "511", "512");
for my $name (qw(debug umask poll-timeout bufsize socket-timeout)) {
    same("--$name with all values", {}, "--testonly", map { "--$name=$_" } @values);
    same("--$name with all values after it", {}, "--testonly", map { ("--$name", $_) } @values);
}
same("--umask=$_", {}, "--testonly", "--umask=$_") for @values;

for my $options (
    ["--conf=good.sec"],
    ["--conf=bad.sec"],
    ["--conf=good.sec bad.sec"],
    ["--conf=none.sec"],
    ["--conf"],
    ["--conf="],
    ["--conf", ""],
    ["--CONF=bad.sec"],
    ["-conf=bad.sec"],
    ["-conf", "bad.sec"],
    ["+conf=bad.sec"],
    ["--c=bad.sec"],
    ["--co=bad.sec"],
    ["---conf=bad.sec"],
    ["--", "--conf=bad.sec"],
    ["word", "--conf=bad.sec", "another"],
    ["-", "+", "---", "--=", "--=x", "-="],
    ["--foo", "--FOO=bar", "-x"],
    ["--in=x", "--d", "--no", "--not", "--no-t", "--dumpf", "--poll_=1", "--reopen=1", "--input_t=x"],
    ["--nolog", "--no-conf=x", "--no", "--notail=1", "--tail=", "--no-Tail", "--NoTail"],
    ["--help=1", "--version=", "-?=x"],
    ["--input-timeout=5"],
    ["--input-timeout=5", "--timeout-script", ""],
    ["--group=daemon"],
    ["--group", "", "--user", ""],
    ["--user=no-such-user-zz"],
    ["--log", "", "--syslog", "", "--pid", "", "--dump", ""],
    ["--log=no/such/folder/log"],
    ["--debug=3", "--debug=x", "--debug"],
) {
    same("@$options", {}, "--testonly", @$options);
}
same("POSIX order: @$_", { POSIXLY_CORRECT => 1 }, "--testonly", @$_)
    for ["-conf=bad.sec"], ["--FOO", "--con=x", "+x", "--conf=bad.sec"], ["word", "--foo"], ["-conf", "bad.sec"];

same("a resource file", { SECRC => "rc" }, "--conf=bad.sec");
same("a resource file after --", { SECRC => "rc" }, "--testonly", "--");
same("no such resource file", { SECRC => "no/rc" }, "--testonly");
same("a resource file without a name", { SECRC => "" }, "--testonly");
same("a folder as resource file", { SECRC => "." }, "--testonly");
same("--help", {}, "--help", "--debug=x");
same("-?", {}, "-?");
same("--version", {}, "--version", "--conf=bad.sec");

# Of the state nothing gives way to a default: without it, lines would be lost.
for my $options (["--state="], ["--state=state", "--journal=lines"], ["--snapshot=5"]) {
    my ($said, $status) = run({}, @secant, "--conf=good.sec", "--input=-", "--notail", @$options);
    is($status >> 8, 1, "@$options: it does not start");
    like($said, qr/^(?:Option|'--).*\nNot started: the state could not be kept as requested\n\z/, "@$options: it says why");
}
ok(!-e "state", "and makes no folder");

done_testing();
