#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant check: each check finds what it is for, and nothing in what looks like it.
#
# lint/cases/NAME/ belongs to the check NAME.  fires*.sec has what it is for, and fires*.txt what is then told
# (--format=gcc, whole); in quiet*.sec it finds nothing.  A file NAME.args beside one has more options.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname basename);
use FindBin qw($Bin);
use Test::More;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp);

my $secant = abs_path(binary());
chdir("$Bin/lint/cases") or die "$Bin/lint/cases: $!";

sub check {
    my (@arguments) = @_;
    open(my $pipe, "-|", $secant, "check", @arguments) or die "$secant: $!";
    local $/;
    my $told = <$pipe> // "";
    close($pipe);
    return ($told, $? >> 8);
}

my ($list) = check("--list");
my @names = map { /^(\S+)/ } split(/\n/, $list);
is_deeply(\@names, [sort @names], "checks are in the order of their names");
is_deeply([sort map { basename($_) } glob("*")], \@names, "each check has cases");

# The manual page explains each check, and each name that loading gives.
my $page = slurp("$Bin/../doc/secant-check.1") =~ s/\\-/-/gr;
my %section = $page =~ /^\.SH "?([A-Z ]+)"?\n(.*?)(?=^\.SH |\z)/msg;
is_deeply([$section{CHECKS} =~ /^\.SS (.*)/mg], \@names, "secant-check.1 has each check, in order");
my %loading = map { $_ => 1 } slurp("$Bin/../src/lang/diag.c") =~ /^ +\[DIAG_\w+\] = \{"([\w-]+)"/mg;
is_deeply([sort $section{LOADING} =~ /^\.TP\n\.B (.*)/mg], [sort keys %loading], "and what loading finds");

# Without what loading tells, which is lint_errors.t's.
my %is_check = map { $_ => 1 } @names;

sub of_checks {
    my ($told) = @_;
    return join("", grep { !/\[([\w-]+)\]$/ || $is_check{$1} } split(/^/, $told));
}

for my $file (glob("*/*.sec")) {
    my ($name, $base) = $file =~ m{^(.*)/(.*)\.sec$};
    my ($told, $status) = check("--all", "--only=$name", "--format=gcc", split(" ", slurp("$name/$base.args")), $file);
    if ($base =~ /^fires/) {
        is(of_checks($told), of_checks(slurp("$name/$base.txt")), $file);
        is($status, 1, "$file: something is found");
    } else {
        is($told, "", "$file: nothing is told");
        is($status, 0, "$file: nothing is found");
    }
}
for my $name (@names) {
    ok(-e "$name/fires.sec", "$name fires");
    ok(-e "$name/quiet.sec", "$name may be quiet");
}
done_testing();
