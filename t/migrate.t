#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate: SEC and Secant side by side over the same lines; what is equal, what is not, and what of it is said.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use POSIX qw(strftime);
use Program qw(binary reference slurp spew);
use Test::More;

my $here = $FindBin::Bin;
my $secant = abs_path(binary());
my $sec = reference() or plan skip_all => "no reference: install sec or set SEC";
$ENV{TZ} = "UTC";
my $top = abs_path("$here/..");
my $dir = tempdir(CLEANUP => 1);
chdir($dir);

# Runs it with the SEC of the reference; what it says on standard output and error, and its exit status.
sub migrate {
    my (@options) = @_;
    return run_with($secant, "--ref", $sec, @options);
}

sub run_with {
    my ($program, @options) = @_;
    my $command = join(' ', map { "'" . s/'/'\\''/gr . "'" } $program, "migrate", @options);
    my $out = `$command 2>err </dev/null`;
    return ($out, slurp("err"), $? >> 8);
}

# Lines "SECONDS TEXT", counted from a second of 2001, as a log with times.
sub log_of {
    return join('', map { /^(\d+) (.*)/ or die $_; strftime("%Y-%m-%dT%H:%M:%SZ", gmtime($1 < 1e9 ? 1e9 + $1 : $1)) . " $2\n" } @_);
}

sub single { return "type=Single\nptype=RegExp\npattern=$_[0]\ndesc=$_[1]\naction=$_[2]\n\n" }

# Equal.
spew("a.sec", single('fail (\w+)', '$1', 'write - %s; write file %s; shellcmd mail %s; create C_$1 60; event made $1')
    . single('made (\w+)', '$1', 'assign %last $1; pipe \'%s\' cat') . single('never', 'never comes', 'none'));
spew("a.log", log_of("0 fail a", "1 other", "30 fail b", "200 fail a"));
my ($out, $err, $status) = migrate("--conf=a.sec", "--input=a.log");
is($status, 0, "the same");
like($out, qr/^equal: SEC \S+ and Secant \S+ over 4 lines, 2001-09-09 01:46:40 to 2001-09-09 01:50:00\n/, "and how much of it");
like($out, qr/ 12 effects, 3 events made, \d+ log messages\n  states compared: 1\n/, "effects, events, states");
like($out, qr/rules that matched: 2 of 3\nNothing is proven about .*:\n  a.sec:13 never comes\n/, "what was not touched");
is($err, "", "nothing else");
ok(!-e "file", "nothing of it happens");

# As JSON.
use JSON::PP qw(decode_json);
($out, $err, $status) = migrate("--conf=a.sec", "--input=a.log", "--json");
my $json = decode_json($out);
ok($json->{equal}, "json: equal");
is("@$json{qw(lines effects states)}", "4 12 1", "json: how much of it");
is_deeply([map { "$_->{file}:$_->{line} $_->{matches}" } @{ $json->{rules} }], ["a.sec:1 3", "a.sec:7 3", "a.sec:13 0"], "json: rules");
is_deeply($json->{differences}, [], "json: no differences");

# Not compared.
for my $case (
    ["no SEC", [], qr/^No SEC: --ref is missing/, "--conf=a.sec", "--input=a.log"],
    ["no program", [], qr/^--ref: \/none: No such file/, "--ref=/none", "--conf=a.sec", "--input=a.log"],
    ["another program", [], qr/^--ref: \/bin\/echo: this is no SEC/, "--ref=/bin/echo", "--conf=a.sec", "--input=a.log"],
    ["no rules", [], qr/^No rules: --conf is missing/, "--ref=$sec", "--input=a.log"],
    ["no input", [], qr/^No input: --input is missing/, "--ref=$sec", "--conf=a.sec"],
    ["no rule file", [], qr/^No rules: no file can be read that matches --conf=none\*$/m, "--ref=$sec", "--conf=none*", "--input=a.log"],
    ["no such input", [], qr/^No file matches --input/, "--ref=$sec", "--conf=a.sec", "--input=none*"],
) {
    my ($name, undef, $why, @options) = @$case;
    ($out, $err, $status) = run_with($secant, @options);
    like($err, $why, "$name: said");
    is($status, 2, "$name: status");
}

# What was not compared to its end is not called equal.
spew("rubbish.sec", single('other', 'x', 'eval %x ( for my $d (3 .. 20) { if (open(my $f, ">&=", $d)) { syswrite($f, "line\0rubbish\n") } } )'));
($out, $err, $status) = migrate("--conf=rubbish.sec", "--input=a.log");
is($status, 2, "code in rules breaks the comparison");
unlike($out, qr/^equal/, "which is not called equal");
($out, $err, $status) = migrate("--conf=rubbish.sec", "--input=a.log", "--json");
ok($out eq "" || !decode_json($out)->{equal}, "nor in JSON");
SKIP: {
    skip("no /dev/full", 2) unless -c "/dev/full";
    my $said = `'$secant' migrate --ref '$sec' --conf=a.sec --input=a.log 2>&1 >/dev/full </dev/null`;
    is($? >> 8, 2, "a report that cannot be written is an error");
    like($said, qr/^Can't write the report \(No space left on device\)$/m, "and said");
}

# Its course, on a terminal.
sub on_terminal {
    my ($pattern, @options) = @_;
    open(my $terminal, "-|", "python3", "$here/lib/terminal.py", $pattern, $secant, "migrate", "--ref", $sec, @options)
        or die "python3: $!";
    local $/;
    return scalar(<$terminal>);
}

sub long_log { return map { "2001-09-09T01:46:40Z fail " . $_ % 7 . "\n" } 1 .. $_[0] }
spew("long.log", join('', long_log(400_000)));
my $rates = 'SEC [\d,]+/s  Secant [\d,]+/s';
my $seen = on_terminal("$rates  \\d", "--conf=a.sec", "--input=long.log");
like($seen, qr/\r\e\[K *\d+ %  [\d,]+ lines  $rates  [\d:]+ left\r\e\[K/, "how far it is, and both rates");
like($seen, qr/\r\e\[KNOT FINISHED, equal so far: .*; lines per second of processor time: SEC [\d,]+, Secant [\d,]+\n/s, "rates at its end");
like($seen, qr/^status 143$/m, "it was ended");
spew("long.log", join('', long_log(20_000)));
$seen = on_terminal('(?!)', "--conf=a.sec", "--input=long.log", "--quiet");
unlike($seen, qr/\e/, "nothing with --quiet");
like($seen, qr/^status 0$/m, "which goes to the end");
($out, $err, $status) = migrate("--conf=a.sec", "--input=long.log", "--json");
is($err, "", "nothing without a terminal");
$json = decode_json($out);
my @seconds = @$json{qw(seconds sec_seconds secant_seconds)};
is(scalar(grep { $_ > 0 && $_ < 600 } @seconds), 3, "seconds") or diag("@seconds");
cmp_ok(abs($json->{sec_rate} * $json->{sec_seconds} / 20_000 - 1), '<', 0.001, "the rate is that of these seconds");

# Code in rules that ends the program.
spew("exit.sec", single('end', 'end', 'eval %x ( exit(3) )'));
spew("exit.log", log_of("0 a", "1 end", "2 b"));
($out, $err, $status) = migrate("--conf=exit.sec", "--input=exit.log");
is("$status $err", "0 ", "both end with the same status");

# What cannot be compared is named.
spew("rand.sec", single('x', 'x', 'eval %r ( rand() ); spawn date; write - %r'));
spew("rand.log", log_of("0 x"));
($out, $err, $status) = migrate("--conf=rand.sec", "--input=rand.log");
like($out, qr/use what may behave differently live: random numbers\n/, "random numbers");
like($out, qr/commands whose output or exit status rules use: 1; assumed to be empty/, "spawn");
is($status, 0, "they are the same random numbers");

# What SEC itself does not do twice is no difference, but nothing else hides behind it: beside texts in the order of a
# Perl hash, whose order differs from run to run, is one that only one side writes.
my $keys = 'join(" ", map { $_ > 9 ? () : $_ } keys %{{map { $_ => 1 } 1 .. 9}}) . ($INC{"LockstepFeed.pm"} ? "" : " ")';
my $order = "eval %k ( $keys ); write - %k";
my $side = 'eval %d ( $INC{"LockstepFeed.pm"} ? 1 : 0 )';
spew("chance.sec", single('chance', 'chance', $order) . single('both', 'both', "$order; $side; write - %d"));
spew("chance.log", log_of("0 chance", "1 other"));
spew("both.log", log_of("0 chance", "1 both", "2 chance"));
($out, $err, $status) = migrate("--conf=chance.sec", "--input=chance.log", "--json");
$json = decode_json($out);
is($status, 0, "what SEC does not do twice is no difference") or diag($out, $err);
is(scalar(grep { !$_->{chance} } @{ $json->{differences} }), 0, "all of it is chance") or diag($out);
($out, $err, $status) = migrate("--conf=chance.sec", "--input=both.log", "--json");
$json = decode_json($out);
is($status, 1, "a difference beside it is one");
my %found = map { ($_->{what} => 1) } grep { !$_->{chance} } @{ $json->{differences} };
ok($found{$_}, "it is found in what is compared of: $_") for qw(effects state), "log messages";
is_deeply([map { $_->{line} } grep { !$_->{chance} && $_->{what} eq "effects" } @{ $json->{differences} }], [2], "there, and nowhere else");
is(join(',', map { s/^\S+ //r } @{ $json->{case}{lines} }), "both", "the smallest case is none of chance");

# Made-up rules and logs are equal.
my $rounds = `SEC='$sec' SECANT='$secant' $^X '$here/migrate/random.pl' --rounds 6 --lines 120 --seed 500 --keep kept 2>&1`;
like($rounds, qr/^6 rounds, \d+ effects, 0 not equal\n\z/, "made-up rules and logs");

# Mistakes in the engine, each built.
sub mistakes {
    my @mistakes;
    for (split(/\n/, slurp("$here/migrate/mistakes"))) {
        push(@mistakes, { name => $1, rules => [], lines => [], options => '' }) if /^mistake: (.*)/;
        my $mistake = $mistakes[-1] or next;
        push(@{ $mistake->{rules} }, $1) if /^rule: (.*)/;
        push(@{ $mistake->{lines} }, $1) if /^line: (.*)/;
        my ($field, $value) = /^(file|options|found|was|now): (.*)/ or next;
        $mistake->{$field} = $value =~ s/\\n/\n/gr;
    }
    return @mistakes;
}

# The program with the mistake is built later, all at once.
sub plant {
    my ($number, $mistake) = @_;
    my $text = slurp("$top/src/$mistake->{file}");
    my $at = index($text, $mistake->{was});
    return "$mistake->{name}: not there in $mistake->{file}" if $at < 0;
    substr($text, $at, length($mistake->{was})) = $mistake->{now};
    spew("$_[2]/$number.c", $text);
    return "";
}

SKIP: {
    my ($build) = $secant =~ m{(build[^/]*)/secant$};
    skip "mistakes are planted in the plain build", 1 if !$build || $build ne "build" || !-e "$top/GNUmakefile";
    make_path("$top/build/mistakes");
    my $planted = tempdir("XXXXXX", DIR => "$top/build/mistakes", CLEANUP => 1);
    my @mistakes = mistakes();
    cmp_ok(scalar(@mistakes), ">=", 25, "mistakes");
    my @missing = grep { $_ } map { plant($_, $mistakes[$_], $planted) } 0 .. $#mistakes;
    is_deeply(\@missing, [], "they can be planted");
    my $where = $planted =~ s/^\Q$top\E\///r;
    delete $ENV{MAKEFLAGS};
    my $made = `cd '$top' && make -s -j2 BUILD=build @{[map { "$where/$_" } 0 .. $#mistakes]} 2>&1`;
    is($?, 0, "they are built") or diag($made);
    for my $number (0 .. $#mistakes) {
        my $mistake = $mistakes[$number];
        spew("m.sec", join("\n\n", map { s/; (?=\w+=)/\n/gr } @{ $mistake->{rules} }) . "\n");
        spew("m.log", log_of(@{ $mistake->{lines} }));
        my @options = ("--ref", $sec, "--conf=m.sec", "--input=m.log", split(' ', $mistake->{options}));
        ($out, $err, $status) = run_with($secant, @options);
        is("$status $err", "0 ", "$mistake->{name}: equal without it") or diag($out);
        ($out, $err, $status) = run_with("$planted/$number", @options);
        is($status, 1, "$mistake->{name}: found") or diag($out, $err);
        like($out, qr/^DIFFERENT: .*\n\Q$mistake->{found}\E, /, "$mistake->{name}: where it is") or diag($out);
    }
}

done_testing();
