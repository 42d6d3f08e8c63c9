#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant check: what is told of findings, in each form, and where.
use strict;
use warnings;
use Cwd qw(getcwd);
use FindBin qw($Bin);
use JSON::PP qw(decode_json);
use Test::More;
use lib "$FindBin::Bin/lib";
use Lint qw(check jump rule);
use Program qw(slurp spew);

spew("fine.sec", rule("x", "y"));
is_deeply([check("fine.sec")], ["", "1 file, 1 rule: nothing found\n", 0], "nothing to tell");

# -- For people --

spew("a.sec", jump("sshh") . "\n" . jump("other") . "\n" . "type=Options\njoincfset=ssh\n\n" . rule("x", "y") =~ s/none/nosuch -/r);
my $told = <<'END';
a.sec:4:7: warning: no rule file joins the set 'sshh': lines sent there are checked against no rules [jump-to-no-set]
    cfset=sshh
          ^^^^
    did you mean 'ssh'?
    if intended: rem=lint:off jump-to-no-set

a.sec:9:7: warning: no rule file joins the set 'other': lines sent there are checked against no rules [jump-to-no-set]
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

# -- Many in one line --

# Columns are counted on from the finding before: for each from the begin of the line it would take minutes.
spew("many.sec", rule("x", "y") . "context=" . join(" && ", map { "NONE$_" } 1 .. 60_000) . "\n");
for my $form ("sarif", "github") {
    my ($told) = check("--format=$form", "--all", "--only=context-never-made", "many.sec");
    my $begin = index(slurp("many.sec"), "NONE60000") - index(slurp("many.sec"), "context=") + 1;
    like($told, $form eq "sarif" ? qr/"startColumn":$begin\b/ : qr/,col=$begin,/, "$form: many findings in one line");
}

# -- Of one cause --

my $mail = "type=Single\nptype=RegExp\npattern=%s (\\S+)\ndesc=%s\naction=shellcmd mail -s \"to \$1\" root\n";
spew("same.sec", join("\n", map { sprintf($mail, $_, $_) } "one", "two", "three"));
my @only = ("--only=shell-injection");
like((check(@only, "same.sec"))[0], qr/\Asame\.sec:5:29: warning: [^\n]+ \(and 2 more like it: lines 11, 17\) \[shell-injection\]\n(?:(?!same\.sec).)*\z/s,
    "one finding, which says where the others are");
is((check(@only, "same.sec"))[1], "1 file, 3 rules: 1 warning\nman secant-check explains each\n", "and counts as one");
like((check(@only, "--format=gcc", "same.sec"))[0], qr/\A.*\nsame\.sec:11:29: note: the same here\nsame\.sec:17:29: note: the same here\n\z/,
    "gcc: the others are notes");
is(scalar(() = (check(@only, "--format=json", "same.sec"))[0] =~ /"check":"shell-injection"/g), 3, "json: each");
is(scalar(@{ decode_json((check(@only, "--format=sarif", "same.sec"))[0])->{runs}[0]{results} }), 3, "sarif: each");
is((check(@only, "--write-baseline=same.base", "same.sec"))[1] =~ s/\n.*//sr, "same.base: 3 findings", "the baseline knows each");
spew("same.sec", slurp("same.sec") . "\n" . sprintf($mail, "four", "four"));
like((check(@only, "--baseline=same.base", "same.sec"))[0], qr/\Asame\.sec:23:29: (?:(?!more like it).)*\z/s, "and a new one is none of them");
spew("same.sec", slurp("same.sec") =~ s/desc=one\n/desc=one\nrem=lint:off shell-injection\n/r);
like((check(@only, "same.sec"))[0], qr/\Asame\.sec:12:29: .*more like it: lines 18, 24\)/, "nor is one that is silenced");
spew("same.sec", join("\n", map { sprintf($mail, $_, $_) } "a01" .. "a30"));
like((check(@only, "same.sec"))[0], qr/ \(and 29 more like it: lines 11, [\d, ]+ 125, \.\.\.\)/, "of many not all are named");

# -- Code that runs when Perl ends --

for my $code ('$? = 0', '$? = 42', 'exit 0', 'require POSIX; POSIX::_exit(0)') {
    spew("end.sec", jump("no") . "\n" . rule("sub { BEGIN { eval q{END { $code }} } 1 }", "y") =~ s/SubStr/PerlFunc/r);
    ($out, $err, $status) = check("--format=gcc", "end.sec");
    like($out, qr/\Aend\.sec:4:7: warning: [^\n]+\n\z/, "code at the end of Perl, $code, leaves the answer");
    is($status, 1, "and the status");
}
spew("reach.sec", rule('sub { BEGIN { open(my $f, ">", "reached"); system("touch reached") } 1 }', "y") =~ s/SubStr/PerlFunc/r);
is((check("reach.sec"))[2], 0, "code that reaches out while it is compiled");
ok(!-e "reached", "reaches nothing");

# -- On a terminal --

SKIP: {
    skip("script(1) is not installed", 2) if system("script --version >/dev/null 2>&1");
    my $command = "$Lint::secant check a.sec";
    my $colours = `script -qec "$command" /dev/null </dev/null`;
    like($colours, qr/^\e\[1ma\.sec:4:7: \e\[0m\e\[1;35mwarning: \e\[0mno rule/m, "colours on a terminal");
    local $ENV{NO_COLOR} = "1";
    unlike(scalar(`script -qec "$command" /dev/null </dev/null`), qr/\e/, "not with NO_COLOR");
}

# -- For editors --

($out, $err, $status) = check("--format=gcc", "a.sec", "missing.sec");
is(scalar(grep { !/^[\w.]+:\d+:\d+: (?:error|warning|note): .* \[[\w-]+\]$/ } split(/\n/, $out)), 0, "gcc: each line has its form");
like($out, qr/^missing\.sec:1:1: error: .*\[file-unreadable\]$/m, "and each a place");

SKIP: {
    skip("vim is not installed", 1) if system("vim --version >/dev/null 2>&1");
    spew("told", $out);
    system("vim -es -u NONE -c 'cfile told' -c 'redir! > list' -c 'clist' -c 'redir END' -c 'qa!' >/dev/null 2>&1 </dev/null");
    is(scalar(() = slurp("list") =~ /^ *\d+ [\w.]+:\d+ col \d+/mg), scalar(() = $out =~ /\n/g), "vim finds each as it is");
}

# -- For programs --

# A character outside the basic plane is two UTF-16 code units; the edit is a comment of no use.
my $odd = "\xf0\x9f\x98\x80\xc3\xa9\xff";
spew("o 1.sec", "type=Jump\nptype=SubStr\npattern=$odd\ncfset=$odd no\n\n" . rule("x", "y") . "rem=lint:off jump-to-no-set\n");
spew("o2.sec", jump("no"));
my @json = map { decode_json($_) } split(/\n/, (check("--all", "--format=json", "--only=jump-to-no-set,silence", "o 1.sec", "o2.sec"))[0]);
is_deeply($json[1], {
    kind => "finding", level => "warning", check => "jump-to-no-set", file => "o 1.sec", rule_line => 1, rule_type => "Jump",
    rule_desc => "Jump rule with pattern: \x{1f600}\x{e9}\x{fffd}", text => "no rule file joins the set 'no': lines sent there are checked against no rules",
    hint => "a file joins a set with type=Options and joincfset=no",
    line => 4, column => 15, end_line => 4, end_column => 17, offset => 53, end_offset => 55,
}, "json: a finding, in bytes");
is_deeply($json[2]{edits}, [{ line => 11, column => 1, end_line => 11, end_column => 29, offset => 111, end_offset => 139, text => "" }],
    "json: what mends it");
is_deeply($json[-1], { kind => "sum", files => 2, rules => 3, errors => 0, warnings => 3, notes => 1, minor => 0, silenced => 0, known => 0, buried => 0 },
    "json: the sum");
@json = map { decode_json($_) } split(/\n/, (check("--format=json", "a.sec"))[0]);
is($json[2]{message}, "Rule in a.sec at line 14: Invalid action 'nosuch -'", "json: SEC's own message");

my $sarif = decode_json((check("--all", "--format=sarif", "--only=jump-to-no-set,silence", "o 1.sec", "o2.sec"))[0]);
my ($run) = @{ $sarif->{runs} };
my @results = @{ $run->{results} };
is($run->{columnKind}, "utf16CodeUnits", "sarif: what a column is");
my $place = $results[1]{locations}[0]{physicalLocation};
is_deeply($place, { artifactLocation => { uri => "o%201.sec" }, region => { startLine => 4, startColumn => 12, endLine => 4, endColumn => 14 } },
    "sarif: where it is");
is_deeply([grep { $run->{tool}{driver}{rules}[$_->{ruleIndex}]{id} ne $_->{ruleId} } @results], [], "sarif: each has its rule");
is_deeply([map { @{ $_->{fixes} // [] } } @results], [{
    description => { text => "remove it" },
    artifactChanges => [{
        artifactLocation => { uri => "o%201.sec" },
        replacements => [{ deletedRegion => { startLine => 11, startColumn => 1, endLine => 12, endColumn => 1 }, insertedContent => { text => "" } }],
    }],
}], "sarif: a fix is there as a whole");
my %prints = map { $_->{partialFingerprints}{"secantCheck/v1"} => 1 } @results;
is(scalar(keys %prints), scalar(@results), "sarif: no two findings have the same fingerprint");
spew("o2.sec", "\n" . rule("new", "rule") . "\n" . jump("no"));
is_deeply([map { $_->{partialFingerprints} } @{ decode_json((check("--format=sarif", "o 1.sec", "o2.sec"))[0])->{runs}[0]{results} }],
    [map { $_->{partialFingerprints} } grep { $_->{level} ne "note" } @results], "sarif: which stays when lines move");

SKIP: {
    skip("SARIF_SCHEMA does not name the schema of OASIS", 1) unless $ENV{SARIF_SCHEMA};
    skip("python3-jsonschema is not installed", 1) if system("python3 -c 'import jsonschema' 2>/dev/null");
    spew("all.sarif", (check("--all", "--format=sarif", glob("$Bin/lint/cases/*/*.sec"), "a.sec", "o 1.sec"))[0]);
    is(scalar(`python3 -c 'import json, sys, jsonschema
jsonschema.Draft7Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' "$ENV{SARIF_SCHEMA}" all.sarif 2>&1`), "",
        "sarif: as its schema says");
}

spew("g,1%.sec", "type=Jump\nptype=SubStr\npattern=x\ncfset=\xf0\x9f\x98\x80 no\n\n" . rule("a", "b") . "rem=lint:off jump-to-no-set\n");
is_deeply([map { s/^(::.*?)::.*/$1/r } split(/\n/, (check("--all", "--format=github", "--only=jump-to-no-set,silence", "g,1%.sec"))[0])], [
    "::warning file=g%2C1%25.sec,line=4,col=7,endLine=4,endColumn=9,title=jump-to-no-set",
    "::warning file=g%2C1%25.sec,line=4,col=10,endLine=4,endColumn=12,title=jump-to-no-set",
    "::notice file=g%2C1%25.sec,line=11,col=14,endLine=11,endColumn=28,title=silence",
], "github: annotations");

# -- The examples of the manual page --

my $page = slurp("$FindBin::Bin/../doc/secant-check.1") =~ s/\\-/-/gr =~ s/\\\(ti/~/gr =~ s/\\e/\\/gr;
my ($editors) = $page =~ /^\.SH EDITORS AND PIPELINES\n(.*?)^\.SH /ms;
my ($vim, $task, $workflow, $steps) = ($editors // "") =~ /^\.EX\n(.*?)^\.EE\n/msg;
mkdir("rules");
spew("rules/a b.sec", jump("no") . "\n" . rule("x", "y") =~ s/none/nome/r);
spew("rules/b.sec", rule("y", "z") =~ s/none/write - \$2/r);
my @gcc = split(/\n/, (check("--format=gcc", "rules/"))[0]);
is(scalar(@gcc), 3, "there is something to be read");

my $matcher = decode_json($task)->{tasks}[0]{problemMatcher}{pattern};
my @matched = map { [/$matcher->{regexp}/] } @gcc;
is_deeply([map { join(":", @$_[map { $matcher->{$_} - 1 } qw(file line column)]) . ": $_->[$matcher->{severity} - 1]: $_->[$matcher->{message} - 1]" } @matched],
    \@gcc, "VS Code: the pattern takes each line apart");
is_deeply([(split(" ", decode_json($task)->{tasks}[0]{command}, 2))[1] =~ s/check //r], ["--format=gcc rules/"], "VS Code: and the command is one");

mkdir("bin");
spew("bin/secant", "#!/bin/sh\nexec $Lint::secant \"\$\@\"\n");
chmod(0755, "bin/secant");
local $ENV{PATH} = getcwd() . "/bin:$ENV{PATH}";

# What a step of a workflow does: bash -e.
sub step {
    my ($text) = @_;
    my ($run) = $text =~ /^ +- run: (.*)$/m;
    open(my $pipe, "-|", "sh", "-e", "-c", $run) or die "sh: $!";
    my $told = join("", <$pipe>);
    close($pipe);
    return ($told, $? >> 8);
}
my ($annotations, $failed) = step($workflow);
is($failed, 1, "GitHub: the step fails");
is(scalar(() = $annotations =~ /^::(?:error|warning) file=rules\/.*,line=\d+/mg), 3, "GitHub: with an annotation for each finding");
is((step($steps))[1], 0, "SARIF: the step goes on");
my ($sarif_file) = $steps =~ /sarif_file: (\S+)/;
is(scalar(@{ decode_json(slurp($sarif_file))->{runs}[0]{results} }), 3, "SARIF: and the file is what it says");

SKIP: {
    skip("Vim is not installed", 1) if system("command -v vim >/dev/null 2>&1");
    my $ask = 'join(map(filter(getqflist(), "v:val.valid"), "bufname(v:val.bufnr) . \":\" . v:val.lnum . \":\" . v:val.col . v:val.type"), " ")';
    spew("ask.vim", join("\n", "edit rules/a\\ b.sec", split(/\n/, $vim), "silent make!", "call writefile([$ask], 'told')", "qall!", ""));
    local $ENV{HOME} = ".";
    system("timeout 60 vim -es -N -u NONE -i NONE -n -S ask.vim </dev/null >/dev/null 2>&1");
    is(slurp("told"), "rules/a b.sec:4:7w rules/a b.sec:10:8e\n", "Vim: the findings are in its list");
}
done_testing();
