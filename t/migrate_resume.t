#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate --resume: what was equal is not compared again after an interrupt, a kill, a difference; a file of
# something else is refused and left alone.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP qw(decode_json);
use POSIX qw(strftime);
use Program qw(binary reference slurp spew end_by eventually);
use Test::More;

my $secant = abs_path(binary());
my $reference = reference() or plan skip_all => "no reference: install sec or set SEC";
my ($program) = map { abs_path($_) } grep { -f } reverse split(' ', $reference);
$ENV{TZ} = "UTC";
chdir(tempdir(CLEANUP => 1));

# One SEC under one name: as it is, with another message for the command of line 700, or stuck there.
my $text = slurp($program);
sub change_sec {
    my ($code) = @_;
    my $changed = $text;
    my $count = $changed =~ s/(log_msg\(LOG_INFO, "Executing shell command '\$cmdline'"\);)/$code$1/;
    spew("sec", $changed);
    return $count;
}
change_sec("") or plan skip_all => "this SEC has other messages";
my $differs = q(log_msg(LOG_INFO, "more") if $cmdline =~ /mail 700\b/; );
my $stuck = q(if ($cmdline =~ /mail 700\b/) { my $p = getppid(); select(undef, undef, undef, 0.05) while getppid() == $p } );

# A context that the first stretch makes is not there in later ones.
sub lines { return join("", map { strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(1e9 + $_)) . " $_ " . ($_ % 70 ? "miss" : "hit") . "\n" } @_) }
my $rules = "type=Single\nptype=RegExp\npattern=\\b(\\d+) hit\ndesc=\$1\naction=shellcmd mail \$1\n\n"
    . "type=Single\nptype=RegExp\npattern=\\b70 hit\ncontinue=TakeNext\ndesc=first\naction=create FIRST\n\n";
$rules = join("\n\n", reverse split(/\n\n/, $rules)) . "\n\ntype=Single\nptype=RegExp\npattern= miss\ncontext=FIRST\ndesc=after\naction=none\n";
spew("a.sec", $rules);
spew("a.log", lines(1 .. 1000));

my @options = ("--ref", "$^X sec", "--conf=a.sec", "--input=a.log", "--quiet", "--json");
sub migrate {
    my (@more) = @_;
    my $command = join(' ', map { "'" . s/'/'\\''/gr . "'" } $secant, "migrate", @options, @more);
    my $out = `$command 2>err </dev/null`;
    return ($out =~ /^\{/ ? decode_json($out) : {}, slurp("err"), $? >> 8);
}

sub rules_of { return join(" ", map { $_->{matches} } @{ $_[0]{rules} }) }
sub told { return join(" ", @{ $_[0] }{qw(lines effects events messages from until)}, rules_of($_[0])) }

# Without it, and with it.
my ($one, $err, $status) = migrate();
is("$status $err", "0 ", "equal in one");
is(rules_of($one), "1 14 917", "how often rules match in one");
(my $all, $err, $status) = migrate("--resume=all", "--stretches=4");
is("$status $err", "0 ", "equal in stretches");
is_deeply($all->{stretches}, { of => 4, equal => 4, before => 0, chance => 0, ended_early => 0 }, "four of them");
is("@$all{qw(lines effects from until)}", "@$one{qw(lines effects from until)}", "all lines, all effects");
cmp_ok($all->{rules}[2]{matches}, "<", 250, "the context of the first stretch is not there in others");
(my $again, $err, $status) = migrate("--resume=all", "--stretches=4");
is("$status $err", "0 ", "once more");
is($again->{stretches}{before}, 4, "nothing is left to compare");
is(told($again), told($all), "what is told is the same");

# A difference in the third stretch; the first two are not compared again.
change_sec($differs);
(my $json, $err, $status) = migrate("--resume=file", "--stretches=4");
is("$status $err", "1 ", "a difference");
is(join(" ", map { $_->{line} } @{ $json->{differences} }), "700", "with its line in the log");
is("@{ $json->{stretches} }{qw(equal before)} $json->{lines}", "2 0 750", "no stretch after it is compared");
is(decode_json(slurp("file"))->{equal}, 2, "two are kept");
change_sec("");
($json, $err, $status) = migrate("--resume=file", "--stretches=4");
is("$status $err @{ $json->{stretches} }{qw(equal before)}", "0  4 2", "it goes on from there");
is(told($json), told($all), "what is told is of all");

# It is interrupted, or killed, while the third stretch is compared.
for my $signal ("INT", "KILL") {
    change_sec($stuck);
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDOUT, ">", "out-$signal");
        open(STDERR, ">", "err");
        exec($secant, "migrate", @options, "--resume=$signal", "--stretches=4") or die "exec: $!";
    }
    ok(eventually(sub { slurp($signal) =~ /"equal": ?2\b/ }), "$signal: two stretches are kept");
    defined(end_by($signal, $pid)) or diag("$signal: it had to be killed");
    is($signal eq "INT" ? $? >> 8 : $? & 127, $signal eq "INT" ? 130 : 9, "$signal: it ends");
    change_sec("");
    ($json, $err, $status) = migrate("--resume=$signal", "--stretches=4");
    is("$status $err @{ $json->{stretches} }{qw(equal before)}", "0  4 2", "$signal: it goes on");
    is(told($json), told($all), "$signal: what is told is of all");
}

# With a sample, its stretches are the parts.
spew("b.log", lines(1 .. 5000));
($json, $err, $status) = migrate("--input=b.log", "--sample=2000", "--resume=sample");
is("$status $err", "0 ", "a sample");
is_deeply($json->{stretches}, { of => 2, equal => 2, before => 0, chance => 0, ended_early => 0 }, "its stretches");
is($json->{lines}, 2000, "its lines");

# Files of something else.
sub is_refused {
    my ($name, $why, @more) = @_;
    my $was = slurp("file");
    my ($told, $err, $status) = migrate("--resume=file", "--stretches=4", @more);
    is($err, "file: $why\n", "$name: refused");
    is($status, 2, "$name: status");
    is_deeply($told, {}, "$name: nothing is told");
    is(slurp("file"), $was, "$name: left alone");
}
my $anew = "without the file the comparison begins anew";
is_refused("options", "it is of other options; $anew", "--bufsize=3");
is_refused("parts", "it is of other stretches; $anew", "--stretches=5");
is_refused("lines", "it is of another log; $anew", "--until=1000000900");
spew("a.sec", "$rules# more\n");
is_refused("rules", "it is of other rules; $anew");
spew("a.sec", $rules);
my @plain = @options;
@options = map { s/^--input=a\.log\K$/=A/r } @plain;
(undef, $err, $status) = migrate("--resume=context", "--stretches=4");
is("$status $err", "0 ", "an input with a context");
(undef, $err, $status) = migrate("--resume=context", "--stretches=4");
is("$status $err", "0 ", "the same context again");
@options = map { s/^--input=a\.log\K$/=B/r } @plain;
(undef, $err, $status) = migrate("--resume=context", "--stretches=4");
is("$status $err", "2 context: it is of other options; $anew\n", "another context: refused");
@options = @plain;
my $kept = slurp("file");
for my $case (
    ["no JSON", "rules\n", "line 1, column 5: '[' or '{' expected near 'rules'"],
    ["other JSON", "{}", "it is not the file of a comparison"],
    ["a later version", $kept =~ s/"version":\s*1/"version":2/r, "it is of another version; $anew"],
    ["a number", $kept =~ s/"equal":\s*4/"equal":"4"/r, 'equal: a number expected, not "4"'],
    ["too many", $kept =~ s/"equal":\s*4/"equal":5/r, "equal: more stretches than there are"],
) {
    spew("file", $case->[1]);
    is_refused($case->[0], $case->[2]);
}
($json, $err, $status) = migrate("--resume=none/file");
like("$status $err", qr{^2 Can't write to none/file \(No such file}, "a file that cannot be written");

for my $case (["--stretches=3", "--stretches needs --resume\n"],
    ["--resume=new --stretches=0", "Value \"0\" invalid for option stretches (1 or more expected)\n"]) {
    ($json, $err, $status) = migrate(split(' ', $case->[0]));
    is("$status $err", "2 $case->[1]secant migrate --help lists the options\n", $case->[0]);
}

done_testing();
