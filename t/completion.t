#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion offers each option of --help, and no other.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);
use Test::More;

my $folder = dirname(dirname(abs_path(__FILE__))) . "/doc/completion";
my ($secant) = split(' ', binary());
plan skip_all => "$secant is not built" unless -x $secant;

# With "=", where a value follows.
my %options = map { $_ => 1 } `"$secant" --help` =~ /(--[a-z][\w-]*=?)/g;
cmp_ok(scalar(keys %options), ">", 40, "options were found");
my @options = sort keys %options;

sub one_each { return join("\n", sort keys %{ { map { $_ => 1 } @_ } }) }

my $bash = slurp("$folder/secant.bash");
my ($names) = $bash =~ /''\)(.*?)esac/s;
is(one_each($names =~ /(--[a-z][\w-]*=?)/g), join("\n", @options), "bash: the options");

my $zsh = slurp("$folder/_secant");
is(one_each($zsh =~ /^    '?(?:\([^)]*\))?'?[*{]?(--[a-z][\w-]*=?)/gm), join("\n", @options), "zsh: the options");

# What bash offers after these words; the last is the one under the cursor.
sub offered {
    my @words = @_;
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/$_", "") for "a.sec", "b.sec";
    my $last = $#words;
    spew("$dir/try", "compopt() { :; }\n. '$folder/secant.bash'\nCOMP_WORDS=(" . join(" ", map { "'$_'" } @words) .
        ")\nCOMP_CWORD=$last\n_secant\nprintf '%s\\n' \"\${COMPREPLY[\@]}\"\n");
    return join(" ", sort split(' ', `cd $dir && bash --norc try 2>&1`));
}

SKIP: {
    skip("bash is not installed", 5) if system("bash --version >/dev/null 2>&1");
    is(offered("secant", "--dump"), "--dump= --dumpfjson --dumpfts", "bash: names that begin so");
    is(offered("secant", "--conf", "=", "a"), "a.sec", "bash: files that begin so");
    is(offered("secant", "--tail", "--conf", "="), "a.sec b.sec try", "bash: all files");
    is(offered("secant", "--debug", "="), "1 2 3 4 5 6", "bash: levels");
    is(offered("secant", "--bufsize", "="), "", "bash: a number is not guessed");
}

SKIP: {
    skip("zsh is not installed", 1) if system("zsh --version >/dev/null 2>&1");
    is(`zsh -n "$folder/_secant" 2>&1`, "", "zsh: no error");
}

done_testing();
