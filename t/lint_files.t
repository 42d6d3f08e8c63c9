#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant check: which files are looked at and as what, settings beside them, and baselines.
use strict;
use warnings;
use File::Path qw(make_path);
use FindBin qw($Bin);
use POSIX qw(mkfifo);
use Test::More;
use lib "$FindBin::Bin/lib";
use Lint qw(check jump rule);
use Program qw(slurp spew);

# The names of the files that findings are in, and the exit status.
sub files {
    my ($out, undef, $status) = check("--format=gcc", "--only=jump-to-no-set", @_);
    my %seen;
    return (join(" ", grep { !$seen{$_}++ } $out =~ /^(.*?):\d+:/mg), $status);
}

# -- Files --

make_path("rules/more/.hidden", "empty");
spew("rules/$_", jump("a")) for "b.sec", "a.rules", "c.conf", "d.cfg", "e.txt", "more/f.sec", "more/.hidden/g.sec";
spew("rules/nginx.conf", "server {\n  type=x;\n}\n");
spew("rules/unit.cfg", "[Service]\nType=simple\ntype=simple\n");
symlink("..", "rules/more/up");
is_deeply([files("rules")], ["rules/a.rules rules/b.sec rules/c.conf rules/d.cfg rules/more/f.sec", 1], "a folder: what may be rules below it");
is_deeply([files("rules/")], ["rules/a.rules rules/b.sec rules/c.conf rules/d.cfg rules/more/f.sec", 1], "with a slash");
is_deeply([files("rules/e.txt", "rules/more", "rules/e.txt")], ["rules/e.txt rules/more/f.sec", 1], "files may have any name, and count once");
is_deeply([files("rules/*.sec", "--conf=rules/*.rules")], ["rules/a.rules rules/b.sec", 1], "patterns, as SEC reads them");
for my $name ("blank name.sec", "a[b].sec", "a'b\"c.sec", "~x.sec", "a{1,2}.sec", "back\\slash.sec") {
    spew($name, jump("a"));
    is_deeply([files("./$name")], ["./$name", 1], "a name is taken as it is: $name");
}

my ($out, $err, $status) = check("--format=gcc", "rules/b.sec", "none*.sec");
is($err, "secant check: none*.sec: no such file\n", "a pattern that names no file");
is($status, 2, "is an error");
like($out, qr/^rules\/b\.sec:4:7: /, "but the others are looked at");
mkdir($_) for "twice", "twice/in";
spew("twice/in/a.sec", "type=Suppress\nptype=SubStr\npattern=x\n");
is((check("twice", "twice/in"))[2], 0, "a folder in one that was named before");
is_deeply([(check("empty"))[1, 2]], ["secant check: empty: no rule files in it (.sec; .rules, .conf or .cfg with rules)\n", 2], "nor a folder");
($out, $err, $status) = check("--format=gcc", "rules/b.sec", "missing.sec");
like($out, qr/^missing\.sec:1:1: error: .*No such file/m, "a file that is not there is told of");
is($status, 2, "and an error");
is(`printf 'type=Jump\\nptype=SubStr\\npattern=x\\ncfset=a\\n' | $Lint::secant check --format=gcc - 2>/dev/null` =~ s/ no rule.*//sr,
    "-:4:7: warning:", "- is standard input");
is_deeply([(check())[1, 2]], ["No rules: name a rule file\nsecant check --help lists the options\n", 2], "nothing at all");

# -- What is no file --

make_path("odd");
spew("odd/$_", jump("a")) for "a.sec", "z.sec";
mkfifo("odd/pipe.sec", 0600) or die "mkfifo: $!";
is((check("odd/pipe.sec"))[1], "secant check: odd/pipe.sec: this is a named pipe, not a rule file\n", "nobody waits for who writes into a pipe");
is((check("odd/pip[e].sec", "odd/pip[e].sec"))[2], 2, "one that a pattern names, too");
SKIP: {
    skip("no /proc", 1) if !-e "/proc/version";
    is((check("/proc/version"))[1], "secant check: /proc/version: this is a kernel file, not a rule file\n", "nor for the kernel");
}
symlink("/dev/zero", "odd/zero.sec");
is_deeply([files("odd")], ["odd/a.sec odd/z.sec", 1], "in a folder, pipes that nobody writes into and devices are left out");
is_deeply([check("/dev/zero")], ["", "secant check: /dev/zero: this is a device, not a rule file\n", 2], "what has no end is not read");
is((check("/dev/null"))[2], 1, "but what is empty");

# -- One set, or many --

spew("set.sec", "type=Options\njoincfset=a\n\n" . rule("x", "y"));
is_deeply([files("rules/b.sec", "set.sec")], ["", 0], "all files are one set");
is_deeply([files("--each", "rules/b.sec", "set.sec")], ["rules/b.sec", 1], "--each: each is one");
is((check("--each", "rules/b.sec", "rules/a.rules", "set.sec"))[1] =~ s/\n.*//sr, "3 files, 3 rules: 2 warnings", "--each: the sum is of all");

# -- Settings --

make_path("tree/in/deep");
spew("tree/.secant-check", "# by us\n\noff jump-to-no-set\nlevel note substr-is-text\n");
spew("tree/in/.secant-check", "on jump-to-no-set\n");
spew("tree/$_", jump(s/\W//gr)) for "top.sec", "in/in.sec", "in/deep/deep.sec";
is_deeply([files("--no-settings", "tree")], ["tree/top.sec tree/in/in.sec tree/in/deep/deep.sec", 1], "--no-settings");
is((check("--format=gcc", "tree"))[0] =~ s/^(.*?):.*/$1/mgr, "tree/in/in.sec\ntree/in/deep/deep.sec\n", "off here and below, on again further below");
is_deeply([files("tree/top.sec")], ["tree/top.sec", 1], "what --only names is told all the same");
is((check("tree/top.sec"))[1], "1 file, 1 rule: nothing found; not shown: 1 silenced\n", "the sum counts it");
spew("tree/in/deep/.secant-check", "root\n");
spew("tree/.secant-check", "off jump-to-no-set\n");
spew("tree/in/.secant-check", "off jump-to-no-set\n");
is((check("--format=gcc", "tree"))[0] =~ s/^(.*?):.*/$1/mgr, "tree/in/deep/deep.sec\n", "root: nothing from above");
spew("tree/in/deep/.secant-check", "root\nlevel note jump-to-no-set\n");
is_deeply([check("tree/in/deep")], ["", "1 file, 1 rule: nothing found; not shown: 1 note (--all)\n", 0], "level: a note");
spew("tree/in/deep/.secant-check", "root\nof x\noff jump-to-noset\noff\nlevel error silence\nlevel note\noption --log=x\noff pattern\non no-such-thing-here\n");
($out, $err, $status) = check("--format=gcc", "tree/in/deep");
my $file = "tree/in/deep/.secant-check";
is($err =~ s{^/.*?(?=tree/)}{}mgr, <<"END", "what is wrong in settings, each with its line");
$file:2: a line begins with off, on, level, option or root, not with 'of'
$file:3: there is no check 'jump-to-noset'; did you mean 'jump-to-no-set'?
$file:4: the name of a check is missing
$file:5: level needs note or warning, and then names of checks
$file:6: the name of a check is missing
$file:7: '--log=x' is not one of the options that can be set here: --quoting, --intevents, --intcontexts, --bufsize=N, --input=PATTERN
$file:8: 'pattern' is an error, which is always reported
$file:9: there is no check 'no-such-thing-here'; secant check --list shows the names
END
is($status, 2, "is an error");
spew("tree/in/deep/.secant-check", "root\n\e]0;owned\a\noff \e[2J\x9b\n");
unlike((check("tree/in/deep"))[1], qr/[\e\a\x9b]/, "no order to the terminal comes from there");
spew("tree/in/deep/.secant-check", "root\noption --bufsize=99999999999999999999\n");
my $many = "--bufsize can be at most 10000000 for secant check\n";
my ($told, $why, $exit) = check("--format=gcc", "tree/in/deep");
is_deeply([$why, $exit], [$many, 2], "--bufsize of all memory");
like($told, qr/deep\.sec:4:7/, "is not heeded");
is((check("--no-settings", "--bufsize=10000001", "tree/in/deep"))[1] =~ s/1 file.*//sr, $many, "nor on the command line");
like($out, qr/deep\.sec:4:7/, "but rules are looked at");

# A pattern of three lines needs a buffer: --bufsize is what rules run with.
spew("three.sec", "type=Single\nptype=RegExp3\npattern=a\\nb\\nc\ndesc=d\naction=none\n");
is((check("--bufsize=2", "three.sec"))[2], 1, "three lines do not fit into two");
is((check("three.sec"))[2], 0, "without the option they do");
spew(".secant-check", "option --bufsize=2\n");
is((check("three.sec"))[2], 1, "option: from the settings");
is((check("--bufsize=3", "three.sec"))[2], 0, "the command line counts more");
is((check("--no-settings", "three.sec"))[2], 0, "or not at all");
unlink(".secant-check");

# -- Baselines --

spew("fine.sec", rule("x", "y"));
my $old = "type=Jump\nptype=SubStr\npattern=old\ncfset=a b c\n\n" . rule("x", "y");
spew("old.sec", $old);
make_path("lists");
is_deeply([check("--write-baseline=lists/base", "old.sec")],
    ["", "lists/base: 3 findings\n1 file, 2 rules: nothing found; not shown: 3 known\n", 0], "--write-baseline: what is found is known");
my $base = slurp("lists/base");
like($base, qr/\A\{"secant_check_baseline":1\}\n\{"file":"[^"]*old\.sec","check":"jump-to-no-set","rule":"Jump Jump rule with pattern: old","count":3\}\n\z/,
    "a line each, without line numbers");
is_deeply([check("--baseline=lists/base", "old.sec")], ["", "1 file, 2 rules: nothing found; not shown: 3 known\n", 0], "--baseline");
spew("old.sec", rule("new", "line") . "\n" . slurp("old.sec"));
is((check("--baseline=lists/base", "old.sec"))[2], 0, "lines may move");
is_deeply([map { (check("--baseline=lists/base", @$_))[1] =~ /no longer occur/ ? "told" : "" } ["--only=silence", "old.sec"], ["fine.sec"]], ["", ""],
    "what is not looked at is not gone");
spew("old.sec", $old =~ s/a b c/a b/r);
is_deeply([(check("--baseline=lists/base", "old.sec"))[1, 2]],
    ["lists/base: findings that no longer occur: 1; --write-baseline drops them\n1 file, 2 rules: nothing found; not shown: 2 known\n", 0],
    "fewer are fewer");
spew("old.sec", $old =~ s/a b c/a b c d/r);
is((check("--baseline=lists/base", "old.sec"))[2], 1, "more of a kind are told");
spew("bad.sec", "type=Single\nnonsense\n");
is((check("--write-baseline=lists/bad", "bad.sec"))[2], 1, "errors are told");
is((check("--baseline=lists/bad", "bad.sec"))[2], 1, "always");
spew("rules/old.sec", jump("a"));
check("--write-baseline=rules/base", "rules/old.sec");
like(slurp("rules/base"), qr/^\{"file":"old\.sec"/m, "names are from the baseline's folder on");
rename("rules", "moved");
is((check("--baseline=moved/base", "moved/old.sec"))[2], 0, "which may move");
symlink("moved/base", "link");
check("--write-baseline=link", "old.sec");
ok(-l "link", "a link stays one");


# A new file must not take the place of a device: that would be the end of /dev/null.
mkfifo("fifo", 0600) or die "mkfifo: $!";
open(my $reader, "+<", "fifo") or die "fifo: $!";
is((check("--write-baseline=fifo", "old.sec"))[2], 0, "a baseline is written into a pipe");
like(scalar(<$reader>), qr/^\{"secant_check_baseline":1\}$/, "whose reader gets it");
ok(-p "fifo", "and which stays one");
close($reader);
is((check("--write-baseline=fifo", "old.sec"))[2], 2, "not into one that nobody reads");

is_deeply([(check("--baseline=none", "old.sec"))[1, 2]]->[1], 2, "a baseline that is not there is an error");
like((check("--baseline=none", "old.sec"))[1], qr/^none: No such file or directory\n/, "which says so");
for my $bad ("", "[1]\n", "{\"a\":1}\n", "{\"secant_check_baseline\":2}\n", $base . "x\n", $base . "{\"file\":\"a\"}\n", $base . "[" x 100000) {
    spew("bad", $bad);
    my ($told, $why, $exit) = check("--baseline=bad", "old.sec");
    like($why, qr/^bad:\d+: not a (?:line of a )?baseline/, "what is no baseline: " . substr($bad, -20) =~ s/\n//gr);
    is($exit, 2, "and an error");
}
is((check("--baseline=lists/base", "--write-baseline=x", "old.sec"))[2], 2, "reading and writing cannot be combined");
is((check("--write-baseline=none/x", "old.sec"))[2], 2, "a baseline that cannot be written");

done_testing();
