#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The documentation speaks of everything that is there: each option of --help, each action, rule type
# and field of the sources stands in the manual page, and README names what a newcomer needs.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

my $root = dirname(dirname(abs_path(__FILE__)));
my $secant = $ENV{SECANT} || "$root/build/secant";

sub slurp {
    my ($path) = @_;
    open(my $fh, "<", $path) or die "$path: $!";
    local $/;
    return scalar(<$fh>);
}

# The manual page as plain words: no requests, no font changes, no protected dashes.
sub plain {
    my ($text) = @_;
    $text =~ s/^\.\\".*\n//gm;
    $text =~ s/^\.[A-Z]+ ?//gm;
    $text =~ s/\\f.//g;
    $text =~ s/\\-/-/g;
    $text =~ s/["]//g;
    return $text;
}

my $page = plain(slurp("$root/doc/secant.1"));

sub stands_there {
    my ($what, @words) = @_;
    ok(scalar(@words), "$what were found");
    like($page, qr/(?<![\w-])\Q$_\E(?![\w-])/, "$what: $_") foreach @words;
}

SKIP: {
    skip("$secant is not built", 1) unless -x $secant;
    my %seen;
    stands_there("options", grep { !$seen{$_}++ } `"$secant" --help` =~ /(--[a-z][\w-]*)/g);
}
stands_there("actions", slurp("$root/src/act/types.h") =~ /\bDO\((\w+)\)/g);

my @correlate = map { slurp($_) } glob("$root/src/correlate/*.c");
my %words;
stands_there("rule types and fields", grep { defined && !$words{$_}++ } map {
    /(?:\.name = |FIELD_ACTIONS\(|FIELD_NUMBER\(\w+, )"(\w+)"/g } @correlate);

SKIP: {
    skip("man is not installed", 1) if system("man --version >/dev/null 2>&1");
    is(`LC_ALL=C.UTF-8 MANROFFSEQ= man --warnings -l "$root/doc/secant.1" 2>&1 >/dev/null`, "",
       "the manual page has no fault");
}

my $readme = slurp("$root/README");
like($readme, qr/\Q$_\E/, "README: $_") foreach ("make demo", "make check", "make install", "make bench",
    "COPYING", map { "src/$_" } grep { -d "$root/src/$_" } map { s{.*/}{}r } glob("$root/src/*"));

done_testing();
