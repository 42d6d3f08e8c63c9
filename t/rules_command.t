#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# `secant rules`: packages of the library are listed, shown, enabled, disabled and tested; what cannot be done
# whole is not done at all, and what the user has written is left alone.
#
#   SECANT   the binary under test (build/secant)
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP qw(decode_json);
use POSIX qw(setuid);
use Program qw(binary spew slurp);
use Test::More;

my ($secant) = map { abs_path($_) // $_ } split(' ', binary());
plan skip_all => "$secant is not built" unless -x $secant;
my $root = dirname(dirname(abs_path(__FILE__)));
my $dir = abs_path(tempdir(CLEANUP => 1));
chdir($dir) or die "$dir: $!";
delete @ENV{qw(SECRC POSIXLY_CORRECT MAKEFLAGS MFLAGS MAKELEVEL CFLAGS CPPFLAGS LDFLAGS CC V JOBS BUILD)};
END { chdir("/") }

# Standard output, standard error and the exit status of a command; as another user, if one is given.
sub run_as {
    my ($user, @command) = @_;
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDIN, "<", "/dev/null");
        open(STDOUT, ">", "$dir/out");
        open(STDERR, ">", "$dir/err");
        !$user || setuid($user) or die "setuid: $!";
        exec(@command) or die "$command[0]: $!";
    }
    waitpid($pid, 0);
    return (slurp("$dir/out"), slurp("$dir/err"), $? & 127 ? "signal $?" : $? >> 8);
}

# A library of three packages that runs in no time: base, one with a table of tests, one with a file of yours.
my ($lib, $etc) = ("$dir/lib", "$dir/etc");
my $rule = "type=Single\nptype=RegExp\npattern=^ONE (\\w+)\ndesc=one\naction=write - one \$1\n";
sub library {
    make_path("$lib/$_") for qw(base one two no-package);
    spew("$lib/base/alert.sec", "# Where alerts go: to a file. And more.\n#\n# Tune:    nothing\ntype=Single\nptype=SubStr\n" .
        "pattern=ALERT\ndesc=alert\naction=write - alert; assign \%a /etc/secant/hook\n");
    spew("$lib/base/hook", "#!/bin/sh\n");
    chmod(0755, "$lib/base/hook");
    spew("$lib/base/settings.sec", "# yours\n");
    spew("$lib/base/testing.sec", "# for tests\n");
    spew("$lib/one/one.sec", "# One of them.\n\ntype=Options\njoincfset=one\nprocallin=yes\n\n$rule\n$rule");
    spew("$lib/one/one-lines.sec", "# Lines of one.\n\n$rule");
    spew("$lib/one/one.sectest", "rules: one-lines.sec\nstart: 2026-03-03 08:00:00\n\ntest: plain\n  +0s ONE x\n  expect output = one x\n\n" .
        "test: of <who>\n  rows:\n    | who |\n    | a   |\n    | b   |\n  +0s ONE <who>\n  expect output = one <who>\n");
    spew("$lib/two/two.sec", "# Two, with a table.\n\n" . $rule =~ s/ONE/TWO/r =~ s/write - one/write \/etc\/secant\/table.txt/r);
    spew("$lib/two/table.txt", "a sample\n");
    spew("$lib/no-package/readme", "");
    spew("$lib/loose.sec", $rule);
}

sub fresh { system("rm", "-rf", $etc); mkdir($etc) or die "$etc: $!" }
sub rules { return run_as(undef, $secant, "rules", @_, "--rules=$lib", "--etc=$etc") }

# What is in the service's folder: name => what a link says, or the text of a file.
sub there { return { map { (s{.*/}{}r => readlink($_) // slurp($_)) } glob("$etc/*") } }
my %base = ("alert.sec" => "$lib/base/alert.sec", hook => "#!/bin/sh\n", "settings.sec" => "# yours\n");
my %one = map { ($_ => "$lib/one/$_") } qw(one.sec one-lines.sec);
my %two = ("two.sec" => "$lib/two/two.sec", "table.txt" => "a sample\n");

library();
fresh();

# list and show.
is_deeply([rules("list")], ["-         base  Where alerts go: to a file\n-         one   One of them\n-         two   Two, with a table\n", "", 0],
          "list: all packages, and what is none is not there");
{
    my ($out, $err, $status) = rules("list", "--json");
    my @found = map { decode_json($_) } split(/\n/, $out);
    is_deeply([map { $_->{name} } @found], [qw(base one two)], "list --json: an object a line");
    is_deeply([@{ $found[1] }{qw(state summary rules tests)}], ["available", "One of them", 3, 3], "its state, rules and tests");
    is_deeply([map { "$_->{kind} $_->{state} $_->{path}" } sort { $a->{path} cmp $b->{path} } @{ $found[0]{files} }],
              ["link missing $etc/alert.sec", "copy missing $etc/hook", "copy missing $etc/settings.sec"], "and its files");
    is("$err$status", "0", "and nothing else");
}
{
    my ($out, $err, $status) = rules("show", "one", "two");
    like($out, qr/\Aone\n\nOne of them\.\n\nFiles:   \Q$lib\E\/one: one-lines\.sec one\.sec\nHas:     3 rules, 3 tests\nState:   not enabled in \Q$etc\E\n\ntwo\n/,
         "show: head, files, counts, state; one after the other");
    is("$err$status", "0", "show: and nothing else");
    my ($tested) = rules("test", "one");
    like($tested, qr/^3 tests: 3 passed/m, "as many tests as test runs");
    is_deeply([map { decode_json($_)->{name} } split(/\n/, (rules("show", "two", "one", "--json"))[0])], [qw(two one)], "show --json");
}

# Nothing is done by a dry run.
my $plan = "base, which all others need:\n  $etc/alert.sec -> $lib/base/alert.sec\n  $etc/hook, a copy of $lib/base/hook, is yours to change\n" .
    "  $etc/settings.sec, a copy of $lib/base/settings.sec, is yours to change\n" .
    "one:\n  $etc/one-lines.sec -> $lib/one/one-lines.sec\n  $etc/one.sec -> $lib/one/one.sec\n";
is_deeply([rules("enable", "one", "--dry-run")], [$plan, "Nothing was done: --dry-run\n", 0], "enable --dry-run: base comes first");
is_deeply(there(), {}, "and nothing is there");

# Enabling.
is_deeply([rules("enable", "one")], [$plan, "Reload what reads $etc/*.sec\n", 0], "enable says the same");
is_deeply(there(), { %base, %one }, "links, and copies of what is the user's");
is((stat("$etc/hook"))[2] & 0777, 0755, "a copy can be run as its original");
like((rules("list"))[0], qr/^enabled   base .*^enabled   one .*^-         two /ms, "list: enabled");
is_deeply([rules("enable", "one")], ["", "one is already enabled\n", 0], "enabled twice: it says so");
is_deeply(there(), { %base, %one }, "and nothing has changed");
is_deeply([map { [@{ decode_json($_) }{qw(step package path)}] } split(/\n/, (rules("enable", "two", "one", "two", "--json"))[0])],
          [["link", "two", "$etc/two.sec"], ["copy", "two", "$etc/table.txt"]], "enable --json: the steps of a package named twice, once")
    or diag(slurp("$dir/out"));
is_deeply(there(), { %base, %one, %two }, "it is enabled");

# What the user has written stays.
spew("$etc/settings.sec", "mine\n");
spew("$etc/table.txt", "mine\n");
is((rules("enable", "base", "one", "two"))[2], 0, "enabled again");
is_deeply(there(), { %base, %one, %two, "settings.sec" => "mine\n", "table.txt" => "mine\n" }, "settings.sec is the user's");

# Disabling: base goes with the last, never before; files of the user stay.
is_deeply([rules("disable", "base")], ["", "one needs base\ntwo needs base\nNothing was disabled\n", 2], "base is needed");
is_deeply([rules("disable", "one", "--dry-run")],
          ["one:\n  $etc/one-lines.sec removed\n  $etc/one.sec removed\n", "Nothing was done: --dry-run\n", 0], "disable --dry-run");
ok(-l "$etc/one.sec", "and it is still there");
is((rules("disable", "one"))[2], 0, "disable");
is_deeply(there(), { %base, %two, "settings.sec" => "mine\n", "table.txt" => "mine\n" }, "its links are gone");
is_deeply([rules("disable", "one")], ["", "one is not enabled\n", 0], "disabled twice");
like((rules("disable", "two"))[1], qr/^\Q$etc\E\/table\.txt is kept: it is yours\n.*^\Q$etc\E\/settings\.sec is kept: it is yours\n/ms, "what stays is named");
is_deeply(there(), { hook => $base{hook}, "settings.sec" => "mine\n", "table.txt" => "mine\n" }, "base has gone with the last");
rules("enable", "one");
is(slurp("$etc/settings.sec"), "mine\n", "and settings.sec comes back as the user has left it");
spew("$etc/own.sec", $rule);
like((rules("disable", "one"))[1], qr/^base is kept: \Q$etc\E\/own\.sec may need it\n/m, "base stays for rules of the user's own");
ok(-l "$etc/alert.sec", "it does");

# A file of the user's in the way: nothing is done, of other packages neither.
fresh();
spew("$etc/two.sec", "mine\n");
symlink("/nowhere", "$etc/one.sec");
is_deeply([rules("enable", "one", "two")],
          ["", "$etc/one.sec is a link to /nowhere, not to this library\n$etc/two.sec already exists, and is your own file\nNothing was enabled\n", 2],
          "files of the user's in the way");
is_deeply(there(), { "two.sec" => "mine\n", "one.sec" => "/nowhere" }, "nothing was done");

# A step that fails: those before it are undone, among them the removal of a link to a file that is gone.
fresh();
rules("enable", "one");
symlink("$lib/one/one-old.sec", "$etc/one-old.sec");
unlink("$etc/one-lines.sec");
my $before = there();
like((rules("list"))[0], qr/^partly    one /m, "partly enabled");
like((rules("show", "one"))[0], qr/^ +\Q$etc\E\/one-lines\.sec is missing\n +\Q$etc\E\/one-old\.sec is a dangling link\n/m, "show says what is wrong");
unlink("$lib/two/table.txt");
symlink("/proc/self/mem", "$lib/two/table.txt"); # a file whose reading fails, for root as well
my ($out, $err, $status) = rules("enable", "one", "two");
is_deeply([$out, $status], ["", 2], "a step that fails");
like($err, qr/\A\Q$lib\E\/two\/table\.txt: .+\nNothing was enabled\n\z/, "it is named");
is_deeply(there(), $before, "what was done before it is undone");
unlink("$lib/two/table.txt");
spew("$lib/two/table.txt", "a sample\n");
is_deeply([(rules("enable", "one"))[0, 2]],
          ["one:\n  $etc/one-lines.sec -> $lib/one/one-lines.sec\n  $etc/one-old.sec removed\n", 0], "enable makes it whole");
is_deeply(there(), { %base, %one }, "it is");

# A package that the library has no more.
rules("enable", "two");
rename("$lib/two", "$dir/two-away");
like((rules("list"))[0], qr/^dangling  two /m, "a package that is gone is listed");
like((rules("enable", "two"))[1], qr/^There is no package 'two'.*\nNothing was enabled\n\z/m, "it cannot be enabled");
is((rules("disable", "two"))[2], 0, "but disabled");
ok(!-l "$etc/two.sec", "its link is gone");
rename("$dir/two-away", "$lib/two");

# Names and words that are none.
fresh();
is_deeply([rules("enable", "one", "tow")], ["", "There is no package 'tow' (did you mean 'two'?); secant rules list shows all\nNothing was enabled\n", 2],
          "an unknown package, and the one that was meant");
is_deeply(there(), {}, "nothing was enabled, the known one neither");
like((rules("show", "../base"))[1], qr/^There is no package '\.\.\/base'/, "a path is no name");
for (
    [[], qr/^Expected list, .*\n/],
    [["enabel", "one"], qr/, not 'enabel'\n/],
    [["list", "one"], qr/^list takes no names/],
    [["enable"], qr/^No packages to enable given;/],
    [["show", "one", "--dry-run"], qr/^--dry-run is for enable and disable only\n/],
    [["test", "--json"], qr/^--json is not available for test\n/],
    [["list", "--jsno"], qr/^Unknown option: jsno\n\(did you mean --json\?\)\n/],
) {
    my ($words, $want) = @$_;
    my ($out, $err, $status) = rules(@$words);
    is_deeply([$out, $status], ["", 2], "secant rules @$words: status 2");
    like($err, $want, "secant rules @$words: why");
}

# Folders that are not there.
for my $part (["enable", "one"], ["enable", "one", "--dry-run"]) {
    is_deeply([run_as(undef, $secant, "rules", @$part, "--rules=$lib", "--etc=$dir/none")],
              ["", "$dir/none: No such file or directory\nNothing was enabled\n", 2], "@$part: into a folder that is not there");
}
ok(!-e "$dir/none", "it has not come into being");
is_deeply([run_as(undef, $secant, "rules", "list", "--rules=$dir/none", "--etc=$etc")], ["", "$dir/none: No such file or directory\n", 2], "no library");
is((run_as(undef, $secant, "rules", "list", "--rules=$etc", "--etc=$etc"))[1], "$etc is not a rule library: it has no base/alert.sec\n", "a folder that is none");

# test: packages, and then all rules of the service's folder.
is_deeply([rules("test")], ["", "No package is enabled in $etc: no test was run\n", 2], "test: nothing is enabled");
rules("enable", "one");
($out, $err, $status) = rules("test");
like($out, qr/^3 tests: 3 passed/m, "test: those that are enabled");
is($status, 0, "test: all is well") or diag("$out$err");
spew("$etc/zz.sec", "type=Single\nptype=SubStr\npattern=x\ndesc=d\naction=nonsense\n");
($out, $err, $status) = rules("test");
like("$out$err", qr/\Q$etc\E\/zz\.sec/, "a rule that does not load is named");
is($status, 1, "its exit status");
unlink("$etc/zz.sec");
spew("$etc/zz.sectest", "rules: *.sec\ntest: of mine\n  +0s  x\n  expect output y\n");
($out, $err, $status) = rules("test");
like($out, qr/^\Q$etc\E\/zz\.sectest\n  FAIL  of mine\b.*^4 tests: 3 passed, 1 failed/ms, "test: a test of one's own beside the rules is run, too");
is($status, 1, "its exit status");
is((rules("test", "one"))[2], 0, "but not where a package is named");
unlink("$etc/zz.sectest");
spew("$lib/one/one.sectest", slurp("$lib/one/one.sectest") =~ s/= one x/= one y/r);
is((rules("test", "one"))[2], 1, "a test that fails");

# An installed tree: its own library and, without --etc, the folder of the service that it was built for.
mkdir("$dir/build");
copy($secant, "$dir/build/secant") or die "copy: $!";
chmod(0755, "$dir/build/secant");
my ($said, $why, $installed) = run_as(undef, "make", "-s", "-C", $root, "install", "BUILD=$dir/build", "DESTDIR=$dir/root", "PREFIX=/usr",
                                      "-o", "$dir/build/secant");
is($installed, 0, "installed") or diag("$said$why");
my $program = "$dir/root/usr/bin/secant";
fresh();
is((run_as(undef, $program, "rules", "enable", "sshd", "production-servers", "--etc=$etc"))[2], 0, "installed: enable");
is(readlink("$etc/sshd.sec"), "$dir/root/usr/share/secant/sshd/sshd.sec", "a link into the library beside the program");
is(slurp("$etc/servers.txt"), slurp("$root/rules/production-servers/servers.txt"), "and a table to change");
is_deeply([grep { !-e } glob("$etc/*")], [], "each link leads to a file");
is((run_as(undef, $program, "--conf=$etc/*.sec", "--intevents", "--testonly", "--log=$dir/log"))[2], 0, "its rules load");
my @all = map { decode_json($_)->{name} } split(/\n/, (run_as(undef, $program, "rules", "list", "--json", "--etc=$etc"))[0]);
is_deeply(\@all, [sort map { m{([^/]+)/[^/]+\z} } grep { m{/([^/]+)/\1\.sec\z} || m{/base/alert\.sec\z} } glob("$root/rules/*/*.sec")],
          "list has each package of the sources");
like(slurp("$dir/root/usr/share/man/man1/secant-rules.1"), qr/^\.TH SECANT\\-RULES 1 /, "its manual page is there");
# The folder that the build has set: nothing of it may be changed here.
like((run_as(undef, $program, "rules", "show", "base"))[0], qr{^State:   .*enabled in /\S+/secant$}m, "the folder of the service");

# Rights that are missing: said before anything is done, by a dry run, too.
SKIP: {
    my $user = $> == 0 ? 65534 : undef;
    chmod(0755, $dir);
    fresh();
    chmod(0555, $etc);
    skip("the program cannot be run by others", 3) if $user && (run_as($user, $program, "rules", "list", "--etc=$etc"))[2] ne "0";
    for my $part (["enable", "sshd"], ["enable", "sshd", "--dry-run"]) {
        is_deeply([run_as($user, $program, "rules", @$part, "--etc=$etc")], ["", "$etc: Permission denied\nNothing was enabled\n", 2], "@$part: rights are missing");
    }
    is_deeply(there(), {}, "nothing was enabled");
    chmod(0755, $etc);
}

done_testing();
