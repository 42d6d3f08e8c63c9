#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Started without standard input, output or error: nothing else takes their places.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use Program qw(binary spew slurp);
use Test::More;

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

my $rules = <<'END';
type=Single
ptype=RegExp
pattern=^(one|two)$
desc=line
action=write - [$1]; write out $1; spawn echo from $1; eval %o ( print STDERR "stray\n" )
END

# Runs to the end with a shell's redirections; returns the exit status, the output and the log.
sub run {
    my ($input, $redirections) = @_;
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/a.sec", $rules);
    spew("$dir/in",    "one\ntwo\n");
    my $program = "timeout 60 " . binary() . " --conf=a.sec --log=log --notail";
    my $status = system("cd $dir && $program --input=$input >/dev/null 2>&1 $redirections") >> 8;
    return ($status, slurp("$dir/out"), slurp("$dir/log"));
}

for my $closed ("<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-") {
    my ($status, $out, $log) = run("in", $closed);
    is($status, 0, "$closed: it runs to its end");
    is($out, "one\ntwo\n", "and processes its input");
    like($log, qr/^(\w{3} \w{3} .*\n)+\z/, "the log holds nothing but the log");
}

my ($status, $out, $log) = run("-", "<&-");
is($status, 0, "closed standard input as an input has an end");
is($out, "", "and no line");

for my $option ("--version", "--help") {
    my $said = qx(sh -c '@{[ binary() ]} $option 2>&1 >/dev/full');
    is($? >> 8, 1, "$option that cannot be written fails");
    is($said, "Unable to flush stdout: No space left on device\n", "and says so");
}

done_testing();
