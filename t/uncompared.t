#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate names what it cannot compare: what need not be the same live, what an older SEC does not know, what
# could not be read.
#
#   SECANT   the binary under test (build/secant)
#   SEC      the command of SEC
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP qw(decode_json);
use lib "$FindBin::Bin/lib";
use Program qw(binary reference slurp spew);
use Test::More;

my $secant = abs_path(binary());
my $sec = reference() or plan skip_all => "no reference: install sec or set SEC";
$ENV{TZ} = "UTC";
chdir(tempdir(CLEANUP => 1));
spew("x.log", join('', map { "2001-09-09T01:46:${_}Z x\n" } 40, 52));

# What it says with this action at each of the lines, as JSON, and its exit status.
sub migrate {
    my ($ref, $action, @options) = @_;
    spew("x.sec", "type=Single\nptype=SubStr\npattern=x\ndesc=x\naction=$action\n");
    my $command = join(' ', map { "'" . s/'/'\\''/gr . "'" } $secant, "migrate", "--ref=$ref", "--quiet", "--json", "--conf=x.sec",
        "--input=x.log", @options);
    my $out = `$command 2>err </dev/null`;
    my $status = $? >> 8;
    diag(slurp("err")) if $out !~ /^\{/;
    return ($out =~ /^\{/ ? decode_json($out) : {}, $status);
}

# What need not be the same live.
for my $case (
    ["nothing of it", 'time() . join(",", @ARGV, @main::inputfiles, sort(keys(%%main::inputsrc)))'],
    ["whole seconds", 'sleep 1; select(undef, undef, undef, 2); time()'],
    ["rand", 'rand()', "random numbers"],
    ["shuffle", 'require List::Util; join ",", List::Util::shuffle(1 .. 9)', "random numbers"],
    ["select", 'select(undef, undef, undef, .1); time()', "pauses of less than a second"],
    ["usleep", 'require Time::HiRes; Time::HiRes::usleep(1500000); time()', "pauses of less than a second"],
    ["fine time", 'require Time::HiRes; Time::HiRes::time() . Time::HiRes::clock_gettime(1)', "fractions of seconds"],
    ["alarm", 'my $left = alarm(20); sleep 2; $left . alarm(0) . alarm(30)', "alarms"],
    ["alarm of POSIX", 'POSIX::alarm(20) . POSIX::alarm(0)', "alarms"],
    ["setitimer", 'require Time::HiRes; join ",", Time::HiRes::setitimer(0, 7, 5), Time::HiRes::ualarm(1e7)', "alarms"],
    ["fork", 'defined(fork())', "fork"],
    ["socket", 'socket(my $s, 2, 1, 0); connect($s, Socket::pack_sockaddr_in(9, "\0\0\0\0"))', "sockets"],
) {
    my ($name, $code, @named) = @$case;
    my ($report, $status) = migrate($sec, "eval %o ( $code ); write - %o");
    is($status, 0, "$name: equal");
    is_deeply($report->{not_the_same_live}, \@named, "$name: named");
}

# A dump of SEC has truth values and numbers in place of texts, if its Perl holds them to be such.
for my $case (
    ["truth", '1 == 1'],
    ["untruth", '1 == 2'],
    ["truth values in data", '[1 == 1, { no => 1 == 2 }]'],
    ["text used as a whole number", 'my $text = "3"; my $more = $text + 1; $text'],
    ["text used as a number", 'my $text = "3.5"; my $more = $text + 1; $text'],
    ["number used as text", 'my $number = 3.5; my $text = "$number"; $number'],
    ["number as Perl does not print it", 'my $text = "1.50"; my $more = $text + 1; $text'],
) {
    my ($name, $code) = @$case;
    my ($report, $status) = migrate($sec, "eval %o ( $code ); write - done");
    is($status, 0, "$name: equal") or diag(explain($report->{differences}));
}

# Inputs.
my ($report, $status) = migrate($sec, 'write - %s', '--nojointbuf', '--bufsize=3');
is($status, 0, "windows of inputs: equal");
SKIP: {
    my $trial = `$sec --version 2>&1` =~ /2\.([89]|\d\d)\./ or skip "this SEC has no addinput", 2;
    ($report, $status) = migrate($sec, 'addinput none - A; addinput . 0 B; addinput x.log - C; write - %s');
    is($status, 0, "inputs that rules add: equal");
    is_deeply($report->{not_the_same_live}, [map { "lines of $_, an input that rules add" } "none", ".", "x.log"],
        "inputs that rules add: named");
}

# Rules that end it.
($report, $status) = migrate($sec, 'eval %o ( main::term_handler("TERM") ); write - %s', '--intevents');
is("$status $report->{ended_after}", "0 1", "SIGTERM that rules make");

# What the release does not know.  Another one is made of the one at hand: it says that it is older, and lacks
# some of its functions.
sub older {
    my ($version, @functions) = @_;
    my ($file) = grep { -f } map { (split)[-1] } $sec, `command -v $sec 2>/dev/null`;
    my $text = slurp($file) or return;
    $text =~ s/\b2\.[0-9]+\.[0-9]+\b/$version/g;
    $text =~ s/\b\Q$_\E\b/${_}_that_is_not_there/g for @functions;
    spew("older", $text);
    return "$^X older";
}

my ($newest) = `$sec --version` =~ /(2\.[0-9.]*[0-9])/;
my $old = older("2.8.3") or BAIL_OUT("SEC cannot be read");
for my $case (
    ["a newer action", "trim S -5", "2.9.4", "action trim"],
    ["newer variables", 'write - %.chr65 %{.chr9} %.s', "2.9.3", "variable %.chr65"],
) {
    my ($name, $action, $since, $named) = @$case;
    my $lacks = join('.', map { sprintf("%02d", $_) } split(/\./, $newest)) lt join('.', map { sprintf("%02d", $_) } split(/\./, $since));
    ($report, $status) = migrate($sec, $action);
    is($status, 0, "$name: equal") or diag(explain($report->{differences}));
    is_deeply($report->{not_in_sec}, $lacks ? [$named] : [], "$name: named by those that do not know it");
}

# With the older one's name, Secant knows no cmdexec, although this SEC does: so much is left out.
($report, $status) = migrate($old, 'cmdexec true');
is_deeply($report->{not_in_sec}, ["action cmdexec"], "an action that came later");
is($status, 1, "which Secant refuses, too");
($report, $status) = migrate($old, 'write - %s');
is_deeply($report->{not_in_sec}, [], "what rules do not use is not told");
is($report->{states_missing}, undef, "states are compared");

($report, $status) = migrate(older("2.7.12", "dump_data_json"), 'write - %s');
is("$status $report->{states}", "0 0", "no states, nothing different");
like($report->{states_missing}, qr/^this SEC makes no dumps as JSON/, "and why there are none");

# Added up over parts of a log.
spew("long.log", join('', map { sprintf("2001-09-09T01:%02d:%02dZ x\n", $_ / 60, $_ % 60) } 0 .. 999));
($report, $status) = migrate(older("2.7.12", "dump_data_json"), 'trim S -5', '--sample=20%', '--input=long.log');
is_deeply($report->{not_in_sec}, ["action trim"], "parts: what SEC does not know");
like($report->{states_missing}, qr/^this SEC makes no dumps as JSON/, "parts: why there are no states");

# Logs that cannot be read to the end: said once, and nothing is proven.
SKIP: {
    srand(1);
    spew("big.log", join('', map { "2001-09-09T01:46:40Z " . join('', map { chr(65 + int(rand(60))) } 1 .. 200) . "\n" } 1 .. 12000));
    system("gzip big.log") == 0 or skip "no gzip", 2;
    truncate("big.log.gz", (-s "big.log.gz") - 1000);
    ($report, $status) = migrate($sec, 'eval %o ( $$ ); write - %o', "--input=big.log.gz");
    is($status, 2, "a log that is cut off");
    my $said = slurp("err");
    is(() = $said =~ /Can't read all of input file big\.log\.gz/g, 1, "is told once") or diag($said);
}

done_testing();
