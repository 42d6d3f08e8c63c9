#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant check --fix: what mends the findings, as a diff or in the files.
use strict;
use warnings;
use File::Copy qw(copy);
use File::Path qw(make_path);
use FindBin qw($Bin);
use Test::More;
use lib "$FindBin::Bin/lib";
use Lint qw(check jump rule);
use Program qw(slurp spew);

my @unused = ("--all", "--only=silence,jump-to-no-set,trailing-backslash");

# Two rounds: the names that are of no use go, and then the comment that has none.
spew("a.sec", rule("x", "y") . "rem=lint:off jump-to-no-set trailing-backslash\n\n" . jump("no") . "rem=lint:off jump-to-no-set trailing-backslash");
my $was = slurp("a.sec");
is_deeply([check("--fix", @unused, "a.sec")], [<<'END', "4 findings in 1 file can be fixed; --fix --write does it\n", 1], "a diff that names the check");
--- a/a.sec
+++ b/a.sec
@@ -3,10 +3,9 @@ silence
 pattern=x
 desc=y
 action=none
-rem=lint:off jump-to-no-set trailing-backslash
 
 type=Jump
 ptype=SubStr
 pattern=to no
 cfset=no
-rem=lint:off jump-to-no-set trailing-backslash
\ No newline at end of file
+rem=lint:off jump-to-no-set
\ No newline at end of file
END
is(slurp("a.sec"), $was, "nothing is written");
my ($diff) = check("--fix", @unused, "a.sec");

# What the diff makes of the files is what is written, and needs nothing more.
sub same_by_patch {
    my ($name, @files) = @_;
    make_path("patched", "applied");
    for my $file (@files) { copy($file, "patched/$file"); copy($file, "applied/$file") }
    my ($out) = check("--fix", @unused, @files);
    spew("diff", $out);
    my ($told, $why, $status) = check("--fix", "--write", @unused, @files);
  SKIP: {
        skip("patch is not installed", 1) if system("patch --version >/dev/null 2>&1");
        system("cd patched && patch -s -p1 <../diff >/dev/null 2>&1");
        is_deeply([map { slurp("patched/$_") } @files], [map { slurp($_) } @files], "$name: patch makes of them what is written");
    }
  SKIP: {
        skip("git is not installed", 1) if system("git --version >/dev/null 2>&1");
        system("cd applied && GIT_CEILING_DIRECTORIES=\$PWD/.. git apply ../diff >/dev/null 2>&1");
        is_deeply([map { slurp("applied/$_") } @files], [map { slurp($_) } @files], "$name: so does git");
    }
    is_deeply([(check("--fix", @unused, @files))[0, 2]], ["", 0], "$name: nothing is left to mend");
    return ($told, $why, $status);
}
chmod(0640, "a.sec");
symlink("a.sec", "link.sec");
spew("b c.sec", "# first\n" . rule("p", "q") =~ s/none/write - x \\/r . "context=!A\n\n" . rule("r", "s") =~ s/none/create A/r);
is_deeply([same_by_patch("two files", "link.sec", "b c.sec")],
    ["", "5 findings in 2 files fixed\n2 files, 4 rules: nothing found; not shown: 1 silenced\n", 0], "--write: what remains is told");
ok(-l "link.sec", "a link stays one");
is((stat("a.sec"))[2] & 07777, 0640, "and the mode of its file");
is(slurp("a.sec"), rule("x", "y") . "\n" . jump("no") . "rem=lint:off jump-to-no-set", "comments are gone");

# Of lines that are continued.
spew("c.sec", rule("x", "y") . "rem=lint:off \\\n  jump-to-no-set\\\n  trailing-backslash until \\\n 2999-01-01\n" . "\n" . jump("no"));
same_by_patch("continued lines", "c.sec");
is(slurp("c.sec"), rule("x", "y") . "\n" . jump("no"), "continued lines go as a whole");

spew("d.sec", rule("x", "y") . "rem=lint:off jump-to-no-set\n\n" . rule("p", "q") =~ s/none/write - x \\/r . "window=1\n");
is_deeply([(check("--fix=trailing-backslash", "d.sec"))[0, 2]], ["", 0], "--fix=NAME: only that");
is((check("--fix", "d.sec"))[0], "", "a note is left alone");
like((check("--fix=silence", "d.sec"))[0], qr/^-rem=lint/m, "unless it is named");

# What loading tells is fixed, too.
spew("joined.sec", rule("x", "y") . rule("p", "q"));
is_deeply([(check("--fix", "--write", "joined.sec"))[0, 2]], ["", 0], "an empty line goes between two rules");
is(slurp("joined.sec"), rule("x", "y") . "\n" . rule("p", "q"), "before the type of the second");
spew("twice.sec", "type=Single\n" . rule("x", "y"));
is((check("--fix", "twice.sec"))[0], "", "not where that would break a rule");
spew("blank.sec", rule("x\xc2\xa0z\xc2\xa0", "y"));
is_deeply([(check("--fix", "--write", "--only=invisible-character,look-alike", "blank.sec"))[2]], [1], "a blank that none sees");
is(slurp("blank.sec"), rule("x\xc2\xa0z ", "y"), "at the end of a value it becomes a plain one");

# A context that is never made comes to light when the backslash goes.
my $bad = rule("p", "q") =~ s/none/write - x \\/r . "context=!A\n";
my $good = $bad . "\n" . rule("r", "s") =~ s/none/create A/r;
spew("bad.sec", $bad);
spew("good.sec", $good);
is_deeply([check("--each", "--fix", "--write", "--format=gcc", "--only=trailing-backslash,context-never-made", "--all", "bad.sec", "good.sec")], [
    "bad.sec:6:1: warning: the backslash before this line makes 'context=!A' part of 'action'; remove the backslash [trailing-backslash]\n",
    "bad.sec: fixing trailing-backslash would lead to other findings: left as it is\n1 finding in 1 file fixed\n", 1,
], "what leads to other findings is not fixed");
is(slurp("bad.sec"), $bad, "such a file stays as it is");
isnt(slurp("good.sec"), $good, "others are fixed");

# A command that is read as a rule file, after the other one, writes into that.
spew("self.sec", rule("x", "y") . "rem=lint:off jump-to-no-set\n");
my ($out, $err, $status) = check("--fix", "--write", @unused, "self.sec", "'echo rem=more >>self.sec|'");
like($err, qr/^self\.sec: the file has changed in the meantime and was not written\n0 findings in 0 files fixed\n/m,
    "a file that has changed is not written");
like(slurp("self.sec"), qr/lint:off/, "indeed");
is($status, 2, "which is an error");

is((check("--write", "a.sec"))[2], 2, "--write is nothing without --fix");
is((check("--fix=nothing", "a.sec"))[2], 2, "--fix=NAME names a check");
like((check("--help"))[0], qr/--fix\[=NAME/, "--help");
is_deeply([glob("*.sec.*")], [], "no file is left");

done_testing();
