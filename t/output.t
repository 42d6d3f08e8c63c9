#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# What is written can be seen while input goes on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use IO::Socket::INET;
use Program qw(binary eventually slurp spew);
use Test::More;

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

my $listener = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1") or die "socket: $!";
my $p = Program->start({ "a.sec" => <<"END" }, "--debug=5");
type=Single
ptype=SubStr
pattern=begin
desc=file
action=addinput large 0

type=Single
ptype=SubStr
pattern=first
desc=first
action=write out first; logonly first

type=Single
ptype=SubStr
pattern=second
desc=second
action=udpsock 127.0.0.1:@{[ $listener->sockport ]} second
END

# More than a block lies between the two, and much more after them.
open(my $large, ">", $p->path("large")) or die "large: $!";
my $filler = "nothing of interest\n" x 10_000;
print $large "first\n", $filler, "second\n", $filler x 100;
close($large);

$p->feed("begin");
my $told;
local $SIG{ALRM} = sub { die "not told\n" };
alarm(60);
eval { $listener->recv($told, 100) };
alarm(0);
my ($out, $log) = (slurp($p->path("out")), slurp($p->path("log")));
is($told, "second", "a later line is processed");
is($out, "first\n", "by then the file holds what an earlier one wrote");
like($log, qr/: first$/m, "and so does the log");
$p->signal('TERM');
is($p->finish, 0, "the end");

# Output, log and warnings in one file, as a service manager or a shell may set it up.
my $dir = tempdir(CLEANUP => 1);
spew("$dir/a.sec", <<'END');
type=Single
ptype=SubStr
pattern=line
desc=line
action=write - written; eval %n ( my $none; "$none" ); write - next; logonly end
END
spew("$dir/in", "line\n");
my @command = (binary(), "--conf=a.sec", "--input=in", "--notail", "--debug=4");
for my $log ("/dev/stdout", "/dev/stderr", "-", "all") {
    system("cd $dir && rm -f all && exec @command --log=$log >all 2>&1 </dev/null");
    my @lines = grep { /^(?:written|Use of|next)|: end$/ } split(/\n/, slurp("$dir/all"));
    s/^Use of .*/warning/, s/^.*: end$/end/ for @lines;
    is("@lines", "written warning next end", "the order of lines with --log=$log");
}

# User code that never comes back.
$p = Program->start({ "a.sec" => <<'END' });
type=Single
ptype=SubStr
pattern=ready
desc=ready
action=logonly

type=Single
ptype=SubStr
pattern=hang
desc=hang
action=eval %n ( 1 while 1 )
END
$p->feed("ready");
ok($p->logged("ready\$"), "it runs");
my $begin = $p->cpu;
$p->feed("hang");
ok(eventually(sub { $p->cpu > $begin + 0.2 }), "it computes");
ok(eventually(sub { $p->signal('USR1'); slurp($p->path("log")) =~ /Evaluating code '1 while 1'/ }),
   "a signal has the log written, which tells what it is");
$p->signal('KILL');
$p->finish;

# Lines that take long, all in one block of the input.
$p = Program->start({ "a.sec" => <<'END' }, "--debug=5");
type=Single
ptype=RegExp
pattern=line (\d)
desc=line
action=lcall %n -> ( sub { my $end = time + 2; 1 while time < $end; 1 } ); write out $1; logonly line $1
END
$p->feed(map { "line $_" } 1 .. 4);
ok(eventually(sub { slurp($p->path("out")) =~ m{2} }), "lines that take long have written");
unlike(slurp($p->path("out")), qr/4/, "by then not all have been processed");
ok($p->logged("line 2"), "the log tells of them");
$p->signal('KILL');
$p->finish;

done_testing();
