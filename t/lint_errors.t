#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant check: what does not load is told at its place, once, and with a hint.
#
# lint/errors/ has each message, in files by what they are about; lint/beginner/ has the mistakes of those who write
# their first rules.  NAME.txt is what is told of NAME.sec (--format=gcc) by loading, not by a check; a file NAME.args
# has more options.  UPDATE=1 writes the texts anew, to be read before they are kept.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin qw($Bin);
use Test::More;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp);

my $secant = abs_path(binary());

sub check {
    my (@arguments) = @_;
    open(my $pipe, "-|", $secant, "check", @arguments) or die "$secant: $!";
    my @told = <$pipe>;
    close($pipe);
    return ($? >> 8, @told);
}

my (undef, @list) = check("--list");
my %is_check = map { /^(\S+)/ => 1 } @list;

# What loading told, with the exit status.
sub loading {
    my ($name) = @_;
    my $options = -e "$name.args" ? slurp("$name.args") : "";
    my ($status, @told) = check("--format=gcc", split(" ", $options), "$name.sec");
    # Another place of a check's finding is a note without its name.
    return ($status, grep { /: error: / || !(/: note: / || /\[([\w-]+)\]$/ && $is_check{$1}) } @told);
}

my %seen;
for my $folder (qw(errors beginner)) {
    chdir("$Bin/lint/$folder") or die "$Bin/lint/$folder: $!";
    for my $name (map { s/\.sec$//r } glob("*.sec")) {
        my ($status, @told) = loading($name);
        my $text = join("", @told);
        if ($ENV{UPDATE}) {
            open(my $out, ">", "$name.txt") or die "$name.txt: $!";
            print $out $text;
            close($out) or die "$name.txt: $!";
        }
        is($text, slurp("$name.txt"), "$folder/$name");
        ok(@told == 0 || $status == 1, "$folder/$name: the exit status is that of findings");
        ok(!(grep { !/^\Q$name\E\.sec:\d+:\d+: (?:error|warning): .*\[[\w-]+\]$/ } @told),
            "$folder/$name: a line for each");
        $seen{$_}++ for map { /\[([\w-]+)\]$/ } @told;
    }
}

# One that no rule file can have, one that the other of two messages covers, and one for Perl of SEC's own.
my @rare = qw(file-unreadable rules-joined hidden-variable);
my ($page) = slurp("$Bin/../doc/secant-check.1") =~ /^\.SH LOADING\n(.*?)^\.SH /ms;
SKIP: {
    skip("the manual page does not list the messages", 1) if !$page;
    my @named = map { s/\\-/-/gr } $page =~ /^\.TP\n\.B ([\w\\-]+)$/mg;
    is_deeply([sort(@rare, grep { !$is_check{$_} } keys %seen)], [sort @named], "each message of the manual page is among them");
}
done_testing();
