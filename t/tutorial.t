#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/testing.md, followed to the letter in an empty folder: each file is saved as the page has it, each command
# is typed, and answers what the page says. Only times that a run takes and a year that is not told differ.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);
use Test::More;

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
my $page = slurp(dirname(dirname(abs_path(__FILE__))) . "/doc/testing.md");
my $top = tempdir(CLEANUP => 1);
mkdir("$top/$_") for "bin", "rules", "tmp";
spew("$top/bin/secant", "#!/bin/sh\nexec " . binary() . " \"\$@\"\n");
chmod(0755, "$top/bin/secant");
chdir("$top/rules") or die "$top/rules: $!";
delete @ENV{qw(SECRC POSIXLY_CORRECT GITHUB_ACTIONS NO_COLOR)};
@ENV{qw(PATH TZ TMPDIR)} = ("$top/bin:$ENV{PATH}", "UTC", "$top/tmp");

sub alike {
    my ($text) = @_;
    $text =~ s/\(\d+\.\d\d s\)/(N s)/g;
    $text =~ s/^(Time  )\d{4}/$1YEAR/mg;
    return $text;
}

sub commands {
    my ($block) = @_;
    while ($block =~ /^\$ (.*)\n((?:(?!\$ ).*\n)*)/mg) {
        my ($command, $answer) = ($1, $2);
        is(alike(scalar(`{ $command ; } 2>&1 </dev/null`)), alike($answer), $command);
    }
}

# A block is indented; the last "Save" before it says as what it is to be saved, unless it is typed.
my ($files, $commands) = (0, 0);
while ($page =~ /^(\S.*\n(?:\S.*\n)*)\n((?:    .*\n|\n(?=\n*    ))+)/mg) {
    my ($before, $block) = ($1, $2);
    $block =~ s/^    //mg;
    if ($block =~ /^\$ /) {
        commands($block);
        $commands++;
    } elsif ($before =~ /.*\b[Ss]ave\b[^`]*`([^`]+)`.*:\n\z/s) {
        make_path(dirname($1));
        spew($1, $block);
        $files++;
    } else {
        fail("a block that is neither saved nor typed: $block");
    }
}
cmp_ok($files, ">=", 10, "the page has files");
cmp_ok($commands, ">=", 8, "the page has commands");
chdir("/"); # for the folder to be removed
done_testing();
