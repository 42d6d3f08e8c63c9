#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/vim knows the names that the program knows, and Vim colours a rule file with it.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib "$FindBin::Bin/lib";
use Program qw(slurp spew);
use Test::More;

my $top = abs_path("$Bin/..");
my $syntax = slurp("$top/doc/vim/syntax/secant.vim");

# The alternatives of a group's matches, without what follows a name.
sub names_of {
    my ($group) = @_;
    return map { /(\w+)/g } map { s/\\d\*//gr } $syntax =~ /^syntax match $group .*?\\<\\%\((.*?)\\\)\\>/mg;
}

sub sources { return map { scalar(slurp($_)) } glob("$top/$_[0]") }

my @actions = map { /\.name = "([a-z]+)"/g } sources("src/act/*.c");
cmp_ok(scalar(@actions), ">", 50, "actions were found");
is_deeply([sort(names_of("secantAction"))], [sort @actions], "each action, and no other");
my %types = map { $_ => 1 } map { /\.name = "([A-Z]\w+)"/g } sources("src/correlate/*.c");
cmp_ok(scalar(keys %types), ">", 10, "rule types were found");
is_deeply([sort(names_of("secantType"))], [sort keys %types], "each rule type");

# Vim with a syntax engine; vim.tiny has none.
my $features = `vim --version 2>/dev/null` // "";
SKIP: {
    skip("vim is not installed", 1) if $features eq "";
    skip("this vim has no syntax highlighting", 1) if $features !~ /\+syntax/ || $features !~ /\+eval/;
    my $folder = tempdir(CLEANUP => 1);
    spew("$folder/x.sec", <<'RULES');
# a comment
type=EventGroup2
ptype=RegExp3
pattern=user (\S+)
continue=TakeNext
context=!A && B
desc=of $1
action=write - %s; if %x ( add C $1; \
  set D 10 ) else ( none ); shellcmd write
ation=none
rem=write
RULES
    # Where something is, and what Vim takes it for.
    my @places = (
        [1, "a comment", "secantComment"], [2, "type", "secantKeyword"], [2, "EventGroup2", "secantType"],
        [3, "RegExp3", "secantPatternType"], [4, "user", "secantText"], [5, "TakeNext", "secantContinue"],
        [6, "&&", "secantOperator"], [7, "\$1", "secantMatch"], [8, "write", "secantAction"],
        [8, "%s", "secantVariable"], [8, "add", "secantAction"], [9, "set", "secantAction"], [9, "else", "secantElse"],
        [9, "none", "secantAction"], [9, "write", "secantActions"], [10, "ation", ""], [11, "write", "secantRemark"],
    );
    my @lines = split(/\n/, slurp("$folder/x.sec"));
    my @asks = map { sprintf("synIDattr(synID(%d, %d, 1), 'name')", $_->[0], 1 + index($lines[$_->[0] - 1], $_->[1])) } @places;
    spew("$folder/ask.vim", join("\n", "set runtimepath^=$top/doc/vim", "filetype on", "syntax on", "edit x.sec",
        "call writefile([&filetype, v:errmsg, " . join(", ", @asks) . "], 'told')", "qall!", ""));
    local $ENV{HOME} = $folder;
    system("cd '$folder' && timeout 60 vim -es -N -u NONE -i NONE -n -S ask.vim </dev/null >/dev/null 2>&1");
    my ($type, $error, @told) = split(/\n/, -e "$folder/told" ? slurp("$folder/told") : "", -1);
    is($type, "secant", "vim knows the file by its name");
    is($error, "", "and reads the syntax file without an error");
    is_deeply([@told[0 .. $#places]], [map { $_->[2] } @places], "what is what");
}
done_testing();
