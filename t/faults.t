#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Faults from outside: an output that nobody reads, signals in any number, ends before their time.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use POSIX qw(mkfifo WNOHANG SIGQUIT SIGALRM SIGXCPU SIGSEGV SIGBUS SIGTERM);
use Program qw(binary eventually slurp spew);
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

# The program with a standard output that nobody reads, when it has begun to wait for that.
sub blocked {
    my ($action, $lines) = @_;
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/a.sec", "type=Single\nptype=RegExp\npattern=^(.*)\ndesc=x\naction=$action\n");
    spew("$dir/in", join("", map { "$_ " . "z" x 5000 . "\n" } 1 .. $lines));
    pipe(my $reader, my $writer) or die "pipe: $!";
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        chdir($dir) or die "$dir: $!";
        open(STDOUT, ">&", $writer);
        open(STDERR, ">", "err");
        close($_) for $reader, $writer;
        exec(split(' ', binary()), "--conf=a.sec", "--input=in", "--fromstart", "--log=log",
             "--dump=dump") or die "exec: $!";
    }
    close($writer);
    my $full = sub { my $n = pack("i", 0); ioctl($reader, 0x541B, $n); unpack("i", $n) >= 30_000 };  # FIONREAD
    ok(eventually($full), "its pipe is full");
    return { dir => $dir, pid => $pid, reader => $reader };
}

sub sanitized { return qx(nm -D @{[ (split(' ', binary()))[0] ]} 2>/dev/null) =~ /__asan_init/ }

sub status {
    my ($pid) = @_;
    return eventually(sub { waitpid($pid, WNOHANG) == $pid }, 60) ? $? : "does not end";
}

for my $action ('write - $1', "pipe '\$1'") {
    subtest "nobody reads what comes of $action" => sub {
        my $p = blocked($action, 100);
        my $seen = sub { my @all = slurp("$p->{dir}/log") =~ /$_[0] received/g; scalar(@all) };
        kill('USR1', $p->{pid});
        ok(eventually(sub { $seen->('SIGUSR1') }, 60), "a dump comes all the same");
        for my $signal ('USR2', 'HUP') {
            kill($signal, $p->{pid}) for 1 .. 300;
            ok(eventually(sub { $seen->("SIG$signal") }, 60), "300 times SIG$signal do no harm");
        }
        kill('TERM', $p->{pid});
        is(status($p->{pid}), 0, "SIGTERM ends it in order");
        is(slurp("$p->{dir}/err"), "", "nothing is said against it");
    };
}

subtest "what was held up is written when it is read again" => sub {
    my $p = blocked('write - $1', 100);
    my $reader = $p->{reader};
    kill('USR2', $p->{pid}) for 1 .. 100;
    ok(eventually(sub { slurp("$p->{dir}/log") =~ /SIGUSR2 received/ }, 60), "outputs are closed");
    my @numbers;
    alarm(300);    # ends the test
    while (@numbers < 100 && defined(my $line = <$reader>)) {
        push(@numbers, $line =~ /^(\d+) z{5000}$/);
    }
    alarm(0);
    is("@numbers", join(" ", 1 .. 100), "each line once, in order");
    kill('TERM', $p->{pid});
    is(status($p->{pid}), 0, "SIGTERM ends it in order");
};

subtest "signals that are ignored where the tests are started" => sub {
    my $program = "$FindBin::Bin/lib/Program.pm";
    for my $signal (qw(HUP INT QUIT ALRM USR1)) {
        my $code = "require \$ARGV[0]; print \$SIG{$signal}";
        is(qx(trap '' $signal; exec $^X -e '$code' $program), "DEFAULT", "$signal is not ignored in them");
    }
};

my $rules = <<'END';
type=Single
ptype=RegExp
pattern=^(\d+)$
desc=x
action=write out.txt $1; writen - $1.

type=Single
ptype=SubStr
pattern=spin
desc=x
action=eval %o (while (1) { ++$x })
END

for my $signal (SIGQUIT, SIGALRM, SIGXCPU, SIGSEGV, SIGBUS) {
    subtest "signal $signal" => sub {
        plan skip_all => "the address sanitizer takes faults itself"
            if sanitized() && ($signal == SIGSEGV || $signal == SIGBUS);
        my $p = Program->start({ "a.sec" => $rules }, "--debug=6");
        $p->feed(1 .. 500, "spin");
        my $before = 0;
        ok(eventually(sub { slurp($p->path("log")) ne "" || $p->cpu > 0.5 }), "it runs");
        ok(eventually(sub { ($before ||= $p->cpu) + 0.5 < $p->cpu }), "it computes");
        $p->signal($signal);
        is($p->finish & 127, $signal, "the signal ends it");
        is(slurp($p->path("out.txt")), join("", map { "$_\n" } 1 .. 500), "the file is whole");
        is(slurp($p->path("out")), join("", map { "$_." } 1 .. 500), "so is standard output");
        like(slurp($p->path("log")), qr/'500' to file 'out\.txt'/, "and the log");
    };
}

subtest "out of memory" => sub {
    plan skip_all => "memory cannot be limited under the address sanitizer" if sanitized();
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/a.sec", "type=Single\nptype=RegExp\npattern=^(.*)\ndesc=x\n"
         . 'action=write out $1; owritecl each $1%{.nl}; add ctx $1 ' . "y" x 2000 . "\n");
    spew("$dir/in", join("", map { sprintf("line%06d\n", $_) } 1 .. 60_000));
    my $status = system("cd $dir && ulimit -v 90000 && exec " . binary()
                        . " --conf=a.sec --input=in --notail --log=log --debug=4 2>err");
    is($status >> 8, 1, "it ends with status 1");
    like(slurp("$dir/err"), qr/^Out of memory/m, "and says why");
    my ($out, $each) = map { my $n = () = slurp("$dir/$_") =~ /\n/g; $n } "out", "each";
    cmp_ok($each, ">", 1000, "after many events");
    ok(abs($out - $each) <= 1, "each of which was written") or diag("$out, $each");
    spew("$dir/b.sec", "type=Single\nptype=RegExp\npattern=^(.*)\ndesc=x\naction=assign %a x%a%a; logonly %a\n");
    spew("$dir/log", join("", map { "2026-11-28T00:00:" . sprintf("%02d", $_) . "Z x\n" } 0 .. 59));
    $status = system("cd $dir && ulimit -v 600000 && exec " . binary() . " check --log=log b.sec >out 2>err");
    is($status >> 8, 2, "secant check ends with status 2: 1 says that something was found");
    like(slurp("$dir/err"), qr/^Out of memory/m, "and says why");
};

subtest "a log that cannot be written to the end" => sub {
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/a.sec", "type=Single\nptype=SubStr\npattern=x\ndesc=x\naction=logonly x\n");
    for my $lines (2, 20_000) {    # fewer and more than are kept
        spew("$dir/in", "x\n" x $lines);
        my $run = sub {
            my ($log) = @_;
            system("cd $dir && " . binary() . " --conf=a.sec --input=in --notail --log=$log 2>err");
            return $? >> 8;
        };
        is($run->("log"), 0, "$lines lines: a log that takes all");
        is(slurp("$dir/err"), "", "nothing is lost");
        my $all = () = slurp("$dir/log") =~ /\n/g;
        is($run->("/dev/full"), 0, "a log that takes nothing");
        is(slurp("$dir/err"), "secant: $all log message(s) lost: No space left on device\n",
           "standard error tells how many messages are lost");
        unlink("$dir/log");
    }
};

subtest "signals at the end" => sub {
    my %seen;
    for my $round (1 .. 10) {
        my $dir = tempdir(CLEANUP => 1);
        spew("$dir/a.sec", "type=Single\nptype=SubStr\npattern=x\ndesc=x\naction=write $dir/out x\n");
        spew("$dir/in", "x\n" x 100);
        my $pid = fork() // die "fork: $!";
        if (!$pid) {
            exec(split(' ', binary()), "--conf=$dir/a.sec", "--input=$dir/in", "--notail",
                 "--log=$dir/log") or die "exec: $!";
        }
        eventually(sub { -s "$dir/out" || waitpid($pid, WNOHANG) == $pid });
        my $ended = "";
        for (my $end = time() + 60; !$ended && time() < $end; sleep(0.001)) {
            kill('USR2', $pid);
            kill('TERM', $pid);
            $ended = 1 if waitpid($pid, WNOHANG) == $pid;
        }
        $seen{ $ended ? $? : "hangs" }++;
        kill('KILL', $pid) unless $ended;
    }
    ok(!grep({ $_ eq "hangs" || ($_ & 127) == 11 || $_ >> 8 } keys %seen), "none hangs or breaks")
        or diag(join(" ", %seen));
};

subtest "files do not take the place of a closed standard output" => sub {
    my $p = Program->start({ "a.sec" => <<'END' });
type=Single
ptype=SubStr
pattern=go
desc=x
action=eval %o (close(STDOUT)); write secret.txt a; write - b; logonly done
END
    $p->feed("go");
    like($p->logged("done"), qr/Can't dup stdout for writing event 'b'/, "it is reported as closed");
    $p->signal('TERM');
    is($p->finish, 0, "it ends in order");
    is(slurp($p->path("secret.txt")), "a\n", "the other file has only what is its own");
};

subtest "SIGPIPE in the hands of user code" => sub {
    for my $code ('$$SIG{PIPE} = "DEFAULT"', 'delete $$SIG{PIPE}') {
        my $p = Program->start({ "a.sec" => <<"END" });
type=Single
ptype=SubStr
pattern=go
desc=x
action=eval %p ($code); pipe 'text' /bin/true; logonly done
END
        $p->feed("go");
        $p->logged("done");
        sleep(0.1) for 1 .. 3;
        $p->feed("go");
        ok($p->logged("done"), "it goes on after $code");
        $p->signal('TERM');
        is($p->finish, 0, "and ends in order");
    }
};

done_testing();
