#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The comparing tools of t/conformance find what they are given, and do not say "no difference" when they
# have compared nothing.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference spew);
use Test::More;

my $tools = dirname(abs_path(__FILE__)) . "/conformance";
my $secant = binary();
my $sec = reference();

plan skip_all => "no reference: install sec or set SEC" unless defined $sec;
plan skip_all => "python3 is not installed" if system("python3 -c 1 2>/dev/null");
plan skip_all => "$secant is not built" unless -x (split(' ', $secant))[0];

my $dir = tempdir(CLEANUP => 1);
mkdir("$dir/$_") or die "$_: $!" for "sets", "sets/one", "sets/two", "none";
spew("$dir/sets/one/rules", "type=Single\nptype=SubStr\npattern=a\ndesc=a\naction=none\n");
spew("$dir/sets/two/$_", "type=Suppress\nptype=SubStr\npattern=$_\n") for "b", "c";
symlink($secant, "$dir/secant") or die "symlink: $!" if $secant !~ / /;
chdir($dir) or die "$dir: $!";

# The exit status, and what was said.
sub said {
    my ($tool, @arguments) = @_;
    open(my $out, "-|", "sh", "-c", 'exec "$@" 2>&1', "sh", "$tools/$tool", "--ref", $sec, @arguments)
        or die "$tool: $!";
    my $text = do { local $/; <$out> };
    close($out);
    return ($? >> 8, $text);
}

sub fails {
    my ($pattern, $name, @command) = @_;
    my ($status, $text) = said(@command);
    isnt($status, 0, "$name: the exit status tells");
    like($text, $pattern, "$name: and why");
}

my @sut = ("--sut", -e "secant" ? "./secant" : $secant);
my ($status, $text) = said("rulesets.py", @sut, "sets");
is($status, 0, "a relative folder, a relative program: no difference");
like($text, qr/^one +1 +1 +1 .* none of 1$/m, "a rule was loaded");
like($text, qr/^two +2 +2 +2 .* none of 3$/m, "and others, alone and together");
fails(qr/nowhere: no such folder/, "a folder that is not there", "rulesets.py", @sut, "sets", "nowhere");
fails(qr/rules: not a folder/, "a file for a folder", "rulesets.py", @sut, "sets/one/rules");
fails(qr/no file in none/, "an empty folder", "rulesets.py", @sut, "none");
fails(qr/cannot run: no-such-program/, "no program", "rulesets.py", "--sut", "no-such-program", "sets");
fails(qr/^run\.py: no case/, "no case", "run.py", @sut, "--only", "nowhere/*");

# Where the reference is too old for a case, what was recorded from a newer one counts.
spew("old-sec", "#!/bin/sh\necho SEC 2.0\n");
chmod(0755, "old-sec");
($status, $text) = said("run.py", "--ref", "./old-sec", @sut, "--only", "actions/trim-syntax");
is($status, 0, "what was recorded: no difference");
like($text, qr/^1 passed, 0 failed, 0 skipped$/m, "and no skip");
fails(qr/^FAIL actions\/trim-syntax .*log/m, "another outcome than what was recorded",
      "run.py", "--ref", "./old-sec", "--sut", "true", "--only", "actions/trim-syntax");
fails(qr/^FAIL .*\n +expect: --- recorded exit/m, "a reference that does not do what was recorded",
      "run.py", "--ref", "sh -c 'echo SEC 9.9; echo >sec.log'", @sut, "--only", "actions/trim-syntax");

done_testing();
