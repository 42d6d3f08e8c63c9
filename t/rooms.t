#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The rooms of src/: includes go down only, and nobody but effect/ reaches out of the process for rules.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

my $src = dirname(dirname(abs_path(__FILE__))) . "/src";

sub slurp {
    my ($path) = @_;
    open(my $fh, "<", $path) or die "$path: $!";
    local $/;
    return scalar(<$fh>);
}

my %text = map { (s{^\Q$src\E/}{}r => slurp($_)) } glob("$src/*/*.[ch]");
my %includes = map { ($_ => [$text{$_} =~ /^#include "([^"]+)"/mg]) } keys %text;

sub room { return $_[0] =~ m{^(\w+)/} ? $1 : "" }

# From the ground up; rooms of one line do not know each other.
my @floors = map { [split] } (
    "base", "clock", "log", "feed", "io perl guard", "match observe", "lang effect", "state", "act surface", "correlate",
    "report", "engine", "store", "durable", "stage", "replay", "explain", "prove", "witness", "lint", "hint", "check",
    "site import secrets inspect library", "migrate", "cli",
);
my %floor;
for my $i (0 .. $#floors) {
    $floor{$_} = $i for @{ $floors[$i] };
}

is_deeply([sort keys %floor], [sort keys %{ { map { (room($_) => 1) } keys %text } }], "each room has its floor");

my @up;
for my $file (sort keys %includes) {
    for my $header (@{ $includes{$file} }) {
        my ($from, $to) = (room($file), room($header));
        next if $to eq "" || $from eq $to;
        push(@up, "$file includes $header") if ($floor{$to} // 99) >= $floor{$from};
    }
}
is_deeply(\@up, [], "includes go down");

# What may be called of io's outward functions, and where: the effects perform, cli and engine tend what is
# there already (flush, look for ends, close at a restart).
my $outward = qr/\b(?:outputs_(?:write|write_once|close|print)|sockets_(?:send|close)
    |children_(?:run|read|feed)|privilege_pidfile|executable_(?:start|spawn))\s*\(/x;
my @around = grep { $text{$_} =~ $outward && room($_) !~ /^(?:io|effect)$/ } sort keys %text;
is_deeply(\@around, [], "what reaches out goes through the effects");

# The system's own ways out, which these rooms have no use for.
my $system = qr/\b(?:fopen|creat|mkfifo|rename|unlink|kill|fork|vfork|execv\w*|execl\w*|popen|system|posix_spawnp?
    |socket|connect|sendto|sendmsg|symlink|mkdir|rmdir|chmod|chown|truncate|pwrite|writev?)\s*\(/x;

# Code alone: no comments, no strings.
sub code {
    my ($file) = @_;
    my $code = $text{$file};
    $code =~ s{/\*.*?\*/}{}gs;
    $code =~ s{"(?:[^"\\]|\\.)*"}{""}g;
    return $code;
}

my @direct = grep { room($_) =~ /^(?:act|correlate|surface|state|engine|lang|match|report)$/ && code($_) =~ $system }
    sort keys %text;
is_deeply(\@direct, [], "nor does any of them call the system for it");

# io's headers by room.  Adding one is a decision: it must not bring a way out that is no effect.
my %allowed = (
    act => [],
    correlate => [],
    effect => [qw(child output privilege socket)],
    engine => [],
    lang => [qw(glob read_name)],
    report => [qw(inputs)],
    state => [qw(inputs)],
    surface => [],
);
for my $room (sort keys %allowed) {
    my %seen = map { ($_ => 1) } map { m{^io/(\w+)\.h$} ? $1 : () }
        map { @{ $includes{$_} } } grep { room($_) eq $room } keys %includes;
    delete(@seen{ @{ $allowed{$room} } });
    is_deeply([sort keys %seen], [], "$room/ includes no other header of io than it may");
}

done_testing();
