#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# A file that is renamed, removed or cut off while it is written without pause.
#
#   SECANT_LONG   set: 200 rounds of each instead of 10
#   SEC           the reference (sec, as found in PATH), whose losses are told for comparison
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Copy qw(copy);
use IO::Handle;
use Program qw(binary reference spew slurp eventually);
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

use constant TOGETHER => 20;         # lines between two looks at what has come
use constant ENOUGH => 2_000_000;    # lines of a round, then it only waits

my $rounds = $ENV{SECANT_LONG} ? 200 : 10;
my $sec = reference();

my $rules = <<'END';
type=Single
ptype=RegExp
pattern=^line (\d+) (\d+) \1-\2$
desc=line, unless two are joined
action=write out $1 $2
END

my $number;    # of the line written last
my $round;

sub open_log {
    open(my $file, ">>", $_[0]) or die "$_[0]: $!";
    $file->autoflush(1);
    return $file;
}

sub lines {
    my ($file, $count) = @_;
    print $file sprintf("line %d %d %d-%d\n", $round, ++$number, $round, $number) for 1 .. $count;
}

# Writes until a line of this round has been processed.
sub write_until_heard {
    my ($file, $p) = @_;
    open(my $out, "<", $p->path("out")) or die "out: $!";
    seek($out, -s $out, 0);
    for (my ($heard, $end) = ("", 0); $heard !~ /^$round /m;) {
        if ($number < $round * ENOUGH) {
            lines($file, TOGETHER);
            $end = time() + 120;
        } elsif (time() < $end) {    # a busy machine is no failure
            sleep(0.02);
        } else {
            die "round $round is not heard";
        }
        seek($out, 0, 1);
        $heard = substr($heard, -100) . join("", <$out>);
    }
}

my %ways = (
    renamed => sub {
        my ($file, $path) = @_;
        rename($path, "$path.$round") or die "rename: $!";
        lines($file, TOGETHER);    # the writer has not noticed yet
        unlink("$path." . ($round - 2));
        return open_log($path);
    },
    removed => sub {
        my ($file, $path) = @_;
        unlink($path) or die "unlink: $!";
        lines($file, TOGETHER);
        return open_log($path);
    },
    "copied and cut off" => sub {
        my ($file, $path) = @_;
        copy($path, "$path.copy") or die "copy: $!";
        lines($file, TOGETHER);
        truncate($path, 0) or die "truncate: $!";
        return $file;
    },
);

# All lines that were processed, in order, and how many were written.
sub follow {
    my ($way, @options) = @_;
    ($number, $round) = (0, 1);
    my $p = Program->start({ "a.sec" => $rules, in => "", out => "" }, "--input=in", "--fromstart", "--debug=4", @options);
    my $path = $p->path("in");
    my $file = open_log($path);
    for (; $round <= $rounds; $round++) {
        write_until_heard($file, $p);
        $file = $ways{$way}->($file, $path);
    }
    write_until_heard($file, $p);
    lines($file, 1);
    eventually(sub { slurp($p->path("out")) =~ / $number\n\z/ });
    $p->signal('TERM');
    $p->finish;
    return map { [split] } split(/\n/, slurp($p->path("out")));
}

for my $way ("renamed", "removed") {
    my @got = follow($way);
    my @wrong = grep { $got[$_ - 1][1] != $_ } 1 .. @got;
    is(scalar(@got), $number, "$way: each of $number lines is processed once");
    is($wrong[0], undef, "$way: in the order of writing");
}

# What is not read yet when a file is cut off is lost, and nothing else.
sub lost {
    my ($name, @got) = @_;
    my @last = map { 0 } 0 .. $rounds + 1;
    my ($disorder, $holes) = (0, 0);
    for my $i (1 .. $#got) {
        my ($before, $line) = @got[$i - 1, $i];
        $disorder++ if $line->[1] <= $before->[1];
        $holes++ if $line->[0] == $before->[0] && $line->[1] != $before->[1] + 1;
    }
    note(sprintf("%s lost %d of %d lines when a file was cut off: %.1f each time",
                 $name, $number - @got, $number, ($number - @got) / $rounds));
    return ($disorder, $holes);
}

my ($disorder, $holes) = lost("Secant", follow("copied and cut off"));
is($disorder, 0, "cut off: no line comes twice or too late");
is($holes, 0, "cut off: none is lost but around the cut");

if (defined($sec)) {
    local $ENV{SECANT} = $sec;
    lost("SEC", follow("copied and cut off"));
}

done_testing();
