#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# --input-rescan: files that appear while the program runs.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary eventually slurp spew);
use Test::More;

my $secant = binary();
plan skip_all => "$secant is not built" unless -x (split(' ', $secant))[0];

my $rules = "type=Single\nptype=RegExp\npattern=^(\\w+)\$\ndesc=\$1\naction=write seen \$1 from \$+{_inputsrc}\n";

sub sees {
    my ($p, @lines) = @_;
    my $all = join("", map { "$_\n" } @lines);
    ok(eventually(sub { -e $p->path("seen") && slurp($p->path("seen")) eq $all }), "seen: @lines")
        or diag(-e $p->path("seen") ? slurp($p->path("seen")) : "nothing");
}

for my $windows ("--jointbuf", "--bufsize=3") {
    my $p = Program->start({ "a.sec" => $rules }, "--input=logs/*", "--input-rescan=1", $windows);
    ok($p->logged(qr/Opening input file -/), "$windows: it runs");
    mkdir($p->path("logs"));
    spew($p->path("logs/a"), "first\nsecond\n");
    sees($p, "first from logs/a", "second from logs/a");
    rename($p->path("logs/a"), $p->path("logs/a.1"));
    spew($p->path("logs/a"), "third\n");
    sees($p, map({ "$_ from logs/a" } "first", "second", "third"));
    unlink($p->path("logs/a"));
    ok($p->logged(qr/Input file logs\/a is gone and read to its end/), "$windows: one that is gone is no input any more");
    spew($p->path("logs/a"), "fourth\n");
    sees($p, map({ "$_ from logs/a" } "first", "second", "third", "fourth"));
    $p->signal('TERM');
    is($p->finish, 0, "$windows: the end");
}

# A soft restart alone would begin at the end of what is new.
my $p = Program->start({ "a.sec" => $rules }, "--input=logs/*", "--input-rescan=1000000");
ok($p->logged(qr/Opening input file -/), "it runs");
mkdir($p->path("logs"));
spew($p->path("logs/a"), "first\n");
$p->signal('ABRT');
sees($p, "first from logs/a");
$p->signal('TERM');
is($p->finish, 0, "the end");

done_testing();
