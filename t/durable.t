#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# --state=FOLDER: what is known goes on over a restart, however the run before has ended; time away, changed rules,
# Perl's variables; folders that are full, read-only, damaged, in use.  Then the judge (t/durable/kill.pl) kills the
# program at system calls of its choice.
use strict;
use warnings;
use Cwd qw(abs_path);
use Fcntl qw(O_NONBLOCK O_RDWR O_WRONLY);
use File::Basename qw(basename dirname);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/durable";
use Engine;
use List::Util qw(uniq);
use POSIX qw(mkfifo);
use PowerCut;
use Program qw(binary eventually slurp spew);
use Test::More;

my $secant = abs_path((split(' ', binary()))[0]) // "";
my $library = dirname($secant) . "/durable/powerfail.so";
plan skip_all => binary() . " is not built" unless -x $secant;
plan skip_all => "$library is not built" unless -e $library;

# What all rule files begin with.
my $heard = <<'END';
type=Single
ptype=RegExp
pattern=^(SEC_\w+)$
context=SEC_INTERNAL_EVENT
continue=TakeNext
desc=for those who wait
action=logonly heard of $1

END

my $threshold = <<'END';
type=SingleWithThreshold
ptype=RegExp
pattern=^fail (\w+)
continue=TakeNext
desc=failures of $1
action=write out/alarm %s
window=3600
thresh=3

type=Single
ptype=RegExp
pattern=^(.*)$
context=!SEC_INTERNAL_EVENT
desc=seen
action=write out/seen $1
END

my ($seen) = $threshold =~ /^(type=Single\n.*)\z/ms;

# A folder with these rules and an empty input "in".
sub world {
    my ($rules) = @_;
    my $dir = tempdir(CLEANUP => 1);
    my $cut = PowerCut->new($library, "$dir/cut", "$dir/state", "$dir/out");
    my $engine = Engine->new(dir => $dir, environment => $cut->environment, cut => $cut, fed => 0,
        command => [$secant, "--conf=rules.sec", "--input=in", "--intevents", "--debug=4"]);
    spew("$dir/rules.sec", "$heard$rules");
    spew("$dir/in", "");
    return $engine;
}

# Starts it; true: it is where the last run was, or at its beginning.
sub up {
    my ($engine, @options) = @_;
    my $first = !-e "$engine->{dir}/state";
    $engine->start(0, "--state=state", @options);
    return $engine->eventually(sub {
        $engine->logged(qr/heard of SEC_STARTUP/)
            && ($first ? grep { /^journal/ } keys(%{ $engine->state_files }) : $engine->logged(qr/heard of SEC_STATE_RESTORED/));
    });
}

sub write_lines {
    my ($engine, @lines) = @_;
    open(my $in, ">>", "$engine->{dir}/in") or die "in: $!";
    print $in map { "$_\n" } @lines;
    $engine->{fed} += @lines;
}

# Writes these lines and waits until they have been processed.
sub feed {
    my ($engine, @lines) = @_;
    write_lines($engine, @lines);
    return $engine->eventually(sub { $engine->lines("out/seen") >= $engine->{fed} });
}

# These lines are in the journal as well: with --journal=line those before the last one are.
sub feed_safely { my ($engine, @lines) = @_; return feed($engine, @lines) && feed($engine, "another") }

# It does not start: its exit status, and what it says.
sub refused {
    my ($engine, @options) = @_;
    $engine->start(0, "--state=state", @options);
    $engine->eventually(sub { 0 });
    my $status = defined($engine->{pid}) ? "runs" : $engine->{status} >> 8;
    $engine->stop('KILL') if $status eq "runs";
    return ($status, substr($engine->slurp("log"), $engine->{begin}) . $engine->slurp("err"));
}

# Whether the log has this since the start.
sub said { my ($engine, $pattern, $name) = @_; ok($engine->eventually(sub { $engine->logged($pattern) }), $name) or diag($engine->log_tail) }

subtest "operations and positions go on" => sub {
    for my $signal ('TERM', 'KILL') {
        my $e = world($threshold);
        ok(up($e), "$signal: it starts without a state") or diag($e->log_tail);
        ok(feed($e, "fail a", "fail a", "fail b"), "$signal: lines");
        is($e->stop($signal), $signal eq 'KILL' ? 9 : 0, "$signal: it ends");
        write_lines($e, "fail a");
        ok(up($e), "$signal: it starts with the state") or diag($e->log_tail);
        ok(feed($e, "fail b", "fail a"), "$signal: more lines");
        is($e->slurp("out/alarm"), "failures of a\n", "$signal: the third line, written meanwhile, was the third");
        is($e->slurp("out/seen"), "fail a\nfail a\nfail b\nfail a\nfail b\nfail a\n", "$signal: each line once");
        is($e->stop('TERM'), 0, "$signal: the end");
    }
};

subtest "time away" => sub {
    my $rules = <<'END' . $threshold;
type=Single
ptype=RegExp
pattern=^begin (\w+)
continue=TakeNext
desc=context
action=create C_$1 60 ( write out/ended $1 )

END
    for my $way ("run", "skip") {
        my $e = world($rules);
        ok(up($e, "--journal=line"), "$way: start");
        ok(feed_safely($e, "begin one"), "$way: a context of a minute");
        $e->{cut}->clock(1);
        ok(feed_safely($e, "begin two"), "$way: another, a second later");
        $e->stop('KILL');
        $e->{cut}->clock(3600);
        ok(up($e, "--downtime=$way"), "$way: start an hour later") or diag($e->log_tail);
        ok(feed($e, "more"), "$way: a line");
        is($e->slurp("out/ended"), $way eq "run" ? "one\ntwo\n" : "", "$way: what ran out meanwhile has ended, in order");
        $e->{cut}->clock(3700);
        ok($e->eventually(sub { $e->lines("out/ended") == 2 }), "$way: in the end both have");
        $e->stop('TERM');
    }
};

subtest "SIGTERM while the time away is made up for" => sub {
    my $e = world(<<'END' . $threshold);
type=Single
ptype=RegExp
pattern=^begin
continue=TakeNext
desc=context
action=create C 60 ( lcall %o -> ( sub { kill("TERM", $$) } ) )

END
    ok(up($e, "--journal=line") && feed_safely($e, "begin"), "a context of a minute");
    $e->stop('KILL');
    $e->{cut}->clock(3600);
    $e->start(0, "--state=state");
    $e->eventually(sub { 0 }, 20);
    is(defined($e->{pid}) ? "runs" : $e->{status}, 0, "it ends") or $e->stop('KILL');
    ok(up($e) && feed($e, "more"), "the next run goes on") or diag($e->log_tail);
    $e->stop('TERM');
};

# The second line waits for the other end of a FIFO while it is done again.
subtest "signals while a journal is done again" => sub {
    my $rules = <<'END' . $threshold;
type=Single
ptype=RegExp
pattern=^wait
continue=TakeNext
desc=wait
action=lcall %o -> ( sub { return unless -e "slow"; open(my $f, "<", "fifo"); readline($f) } )

type=Single
ptype=SubStr
pattern=SEC_SHUTDOWN
context=SEC_INTERNAL_EVENT
desc=end
action=write out/shutdown now

END
    for my $signal ('TERM', 'HUP', 'USR1') {
        my $e = world($rules);
        ok(up($e, "--journal=line") && feed_safely($e, "fail a", "wait", "fail a"), "$signal: lines");
        $e->stop('KILL');
        mkfifo("$e->{dir}/fifo", 0600) or die "fifo: $!";
        spew("$e->{dir}/slow", "");
        my %before = map { ($_ => slurp($_)) } grep { !/lock/ } glob("$e->{dir}/state/*");
        $e->start(0, "--state=state", "--journal=line");
        my $fifo;    # it can be opened once it is read
        $e->eventually(sub { sysopen($fifo, "$e->{dir}/fifo", O_WRONLY | O_NONBLOCK) }) or die "fifo: $!\n" . $e->log_tail;
        $e->signal($signal);
        close($fifo);
        unlink("$e->{dir}/slow");
        if ($signal eq 'TERM') {
            $e->eventually(sub { 0 });
            is($e->{status}, 0, "it ends") or diag($e->log_tail);
            my %after = map { ($_ => slurp($_)) } grep { !/lock/ } glob("$e->{dir}/state/*");
            is_deeply(\%after, \%before, "the folder is as it was");
            said($e, qr/SIGTERM received.*\n.*The state was not done again to its end/, "it says so");
            ok(!-e "$e->{dir}/out/shutdown", "no rule sees what has never been");
            ok(up($e, "--journal=line") && feed($e, "fail a"), "the next run goes on") or diag($e->log_tail);
            is($e->slurp("out/alarm"), "failures of a\n", "where the first was");
        } else {
            ok($e->eventually(sub { $e->logged(qr/heard of SEC_STATE_RESTORED(?s:.*)SIG$signal received/) }), "$signal is heeded after that")
                or diag($e->log_tail);
        }
        is($e->stop('TERM'), 0, "$signal: the end");
    }
};

subtest "events of rules for SEC_STARTUP" => sub {
    my $e = world(<<'END' . $threshold);
type=Single
ptype=SubStr
pattern=SEC_STARTUP
context=SEC_INTERNAL_EVENT
continue=TakeNext
desc=start
action=event load tables

type=Single
ptype=SubStr
pattern=load tables
desc=tables
action=write out/loaded now

END
    for my $start (1 .. 2) {
        ok(up($e) && feed($e, "line $start"), "start $start");
        is($e->slurp("out/loaded"), "now\n" x $start, "start $start: the event has come");
        $e->stop('TERM');
    }
};

subtest "the clock was set back" => sub {
    my $e = world($threshold);
    $e->{cut}->clock(5000);
    up($e, "--journal=line");
    feed_safely($e, "fail a", "fail a");
    $e->stop('KILL');
    $e->{cut}->clock(0);
    ok(up($e), "it starts");
    said($e, qr/clock/, "and says so");
    feed($e, "fail a");
    is($e->slurp("out/alarm"), "failures of a\n", "what was counted counts");
    is($e->stop('TERM'), 0, "the end");
};

subtest "time that does not count, and a kill after it" => sub {
    my $e = world(<<'END' . $threshold);
type=Single
ptype=RegExp
pattern=^begin (\w+)
continue=TakeNext
desc=context
action=create C_$1 60 ( write out/ended $1 )

END
    ok(up($e, "--journal=line") && feed_safely($e, "begin one"), "a context of a minute");
    $e->stop('KILL');
    for my $hours (1, 2) {
        $e->{cut}->clock(3600 * $hours);
        ok(up($e, "--downtime=skip", "--journal=line") && feed_safely($e, "more"), "$hours: an hour later");
        is($e->slurp("out/ended"), "", "$hours: it has not ended");
        $e->stop('KILL');
    }
};

# The clean-ups of the time away are no matter of Calendar rules, also when they are done again.
subtest "a minute that begins while it is down, and a kill right after the start" => sub {
    my $e = world(<<'END' . $threshold);
type=Calendar
time=* * * * *
desc=minute
action=lcall %minute %u -> ( sub { int($_[0] / 60) } ); write out/minutes %minute

type=Single
ptype=RegExp
pattern=^begin (\w+)
continue=TakeNext
desc=context
action=create C_$1 60 ( write out/ended $1 )

type=Single
ptype=SubStr
pattern=die
desc=once
action=lcall %o -> ( sub { return if -e 'died'; open(my $f, '>', 'died'); close($f); kill('KILL', $$) } )

END
    my $clock = 5 - time() % 60;
    $e->{cut}->clock($clock);
    ok(up($e, "--journal=line") && feed_safely($e, "begin one"), "a context of a minute");
    ok($e->eventually(sub { $e->lines("out/minutes") }), "a Calendar rule acts");
    $e->stop('KILL');
    $e->{cut}->clock($clock + 63);
    write_lines($e, "die");
    ok(up($e, "--journal=line") || $e->{status} == 9, "it is killed by its first line, in the next minute");
    $e->eventually(sub { 0 }) if defined($e->{pid});
    is($e->slurp("out/ended"), "one\n", "the context had ended");
    ok(up($e, "--journal=line"), "start");
    ok($e->eventually(sub { $e->lines("out/minutes") > 1 }), "the rule acts again");
    my @minutes = $e->lines("out/minutes");
    is($minutes[1], $minutes[0] + 1, "in the minute in which it was killed");
    is($e->stop('TERM'), 0, "its end");
};

subtest "a file that was empty, and is gone under another number" => sub {
    my $e = world($threshold);
    my $in = "$e->{dir}/in";
    ok(up($e) && feed($e, "a"), "a line");
    rename($in, "$in.1");
    spew($in, "");
    said($e, qr/Reopening in and processing from the start/, "the file is another one, and empty");
    $e->stop('TERM');
    write_lines($e, "b");
    rename("$in.1", "$in.2") && rename($in, "$in.1");
    utime((time() - 3600) x 2, "$in.1");
    is(system("gzip", "$in.1"), 0, "it is compressed");
    write_lines($e, "c");
    ok(up($e) && feed($e, "d"), "it goes on") or diag($e->log_tail);
    is($e->slurp("out/seen"), "a\nb\nc\nd\n", "each line once");
    $e->stop('TERM');
};

subtest "files that a rescan has found" => sub {
    my $e = world($threshold);
    my @options = ("--journal=line", "--input=logs/*.log", "--input-rescan=1");
    my $log = sub {
        my ($name, @lines) = @_;
        open(my $out, ">>", "$e->{dir}/logs/$name") or die "$name: $!";
        print $out map { "$_\n" } @lines;
        close($out);
        $e->{fed} += @lines;
        return $e->eventually(sub { $e->slurp("out/seen") =~ /^\Q$lines[-1]\E$/m });
    };
    mkdir("$e->{dir}/logs");
    ok(up($e, @options), "it starts") or diag($e->log_tail);
    ok($log->("a.log", "fail x", "x1") && $log->("b.log", "fail x", "x2"), "files appear") or diag($e->log_tail);
    ok(feed_safely($e, "more"), "all is in the journal");
    $e->stop('KILL');
    rename("$e->{dir}/logs/a.log", "$e->{dir}/logs/a.log.1");
    ok(up($e, @options) && $log->("a.log", "x3") && $log->("b.log", "fail x", "x4"), "they go on after a kill")
        or diag($e->log_tail);
    ok($log->("c.log", "x5"), "another one appears");
    unlink("$e->{dir}/logs/c.log");
    said($e, qr/Input file logs\/c\.log is gone and read to its end/, "it goes");
    ok($log->("c.log", "x6") && feed_safely($e, "still more"), "and comes again") or diag($e->log_tail);
    $e->stop('KILL');
    ok(up($e, @options) && $log->("c.log", "x7"), "after another kill") or diag($e->log_tail);
    is(join(" ", grep { /^x/ } $e->lines("out/seen")), "x1 x2 x3 x4 x5 x6 x7", "each line once");
    is($e->slurp("out/alarm"), "failures of x\n", "and counted");
    $e->stop('TERM');
};

subtest "an input that was dropped and added again" => sub {
    my $e = world(<<'END' . $threshold);
type=Single
ptype=RegExp
pattern=^add
continue=TakeNext
desc=add
action=addinput other

type=Single
ptype=RegExp
pattern=^drop
continue=TakeNext
desc=drop
action=dropinput other

END
    my $other = sub {
        my ($line) = @_;
        open(my $out, ">>", "$e->{dir}/other") or die "other: $!";
        print $out "$line\n";
        close($out);
        $e->{fed}++;
        return $e->eventually(sub { $e->slurp("out/seen") =~ /^\Q$line\E$/m });
    };
    spew("$e->{dir}/other", "");
    ok(up($e, "--journal=line") && feed($e, "add"), "it is added");
    ok($other->("x1"), "a line of it");
    ok(feed($e, "drop") && feed($e, "add"), "it is dropped and added");
    ok($other->("x2"), "another line");
    ok(feed_safely($e, "more"), "all is in the journal");
    $e->stop('KILL');
    ok(up($e, "--journal=line") && $other->("x3"), "a line after a kill") or diag($e->log_tail);
    is(join(" ", grep { /^x/ } $e->lines("out/seen")), "x1 x2 x3", "each line once");
    $e->stop('TERM');
};

subtest "user code that ends the program" => sub {
    my $e = world(<<'END' . $threshold);
type=Single
ptype=RegExp
pattern=^bye
desc=bye
action=eval %o ( exit 3 )

END
    ok(up($e) && feed($e, "one"), "start");
    write_lines($e, "bye", "two");
    ok($e->eventually(sub { 0 }) || !defined($e->{pid}), "it ends");
    is($e->{status} >> 8, 3, "as the code says");
    ok(up($e), "the next run starts") or diag($e->log_tail);
    ok($e->eventually(sub { $e->slurp("out/seen") eq "one\ntwo\n" }), "and goes on with the line after it");
    is($e->stop('TERM'), 0, "its end");
};

subtest "Perl's variables" => sub {
    my $e = world(<<'END' . "\n$threshold");
rem=state: %hits @last

type=Single
ptype=SubStr
pattern=SEC_STARTUP
context=SEC_INTERNAL_EVENT
desc=begin
action=lcall %o -> ( sub { %hits = (none => 1); $other = "fresh"; @last = (); } )

type=Single
ptype=SubStr
pattern=SEC_STATE_RESTORED
context=SEC_INTERNAL_EVENT
desc=restored
action=lcall %o -> ( sub { join(" ", (map { "$_=" . join("", @{ $hits{$_} }) } sort(keys(%hits))), "@last", $other // "nothing") } ); \
  write out/restored %o

type=Single
ptype=RegExp
pattern=^hit (\w+)
continue=TakeNext
desc=hit
action=lcall %o $1 -> ( sub { delete($hits{none}); push(@{ $hits{$_[0]} }, "x"); @last = ($_[0], "\x{e4}"); $other = "old" } )
END
    push(@{ $e->{command} }, "--journal=line");    # so that it has all that was fed
    up($e);
    feed($e, "hit a", "hit b", "hit a");
    $e->stop('KILL');
    up($e);
    # What was done again has set the other one, too, if the snapshot was older.
    like($e->slurp("out/restored"), qr/^a=xx b=x a \xe4 (?:fresh|old)\n\z/, "named ones are kept");
    $e->stop('TERM');
    up($e);
    is(($e->lines("out/restored"))[-1], "a=xx b=x a \xe4 fresh", "also over a normal end, others are as after SEC_STARTUP");
    $e->stop('TERM');
};

subtest "a variable that cannot be kept any more" => sub {
    my $e = world(<<"END");
rem=state: \$late
type=Single
ptype=RegExp
pattern=^code
continue=TakeNext
desc=code
action=lcall %o -> ( sub { \$late = sub { 1 } } )

$seen
END
    up($e, "--snapshot=1");
    feed($e, "one");
    feed($e, "code");
    said($e, qr/The state does not keep \$late of user code: \$late is code/, "the log says so when it is kept next");
    feed($e, "more");
    my $before = $e->state_files;
    ok($e->eventually(sub { grep { /^snapshot/ && !exists($before->{$_}) } keys(%{ $e->state_files }) }), "and at the next time");
    is($e->stop('TERM'), 0, "and at the end");
    is(scalar(grep { /does not keep/ } $e->lines("log")), 1, "it does not say it again");
};

# The run before told of itself once an hour, and this one tells each second; a file comes late, and then a line takes
# longer than a second; a context ends later.
subtest "catching up that takes long" => sub {
    my $e = world(<<'END');
type=Single
ptype=RegExp
pattern=^slow
continue=TakeNext
desc=slow
action=lcall %o -> ( sub { sleep(5) } )

type=Single
ptype=RegExp
pattern=^(\w+)
context=!SEC_INTERNAL_EVENT
desc=seen
action=write out/seen $1; create C_$1 5 ( write out/ended $1 )
END
    up($e, "--journal=3600");
    ok(feed($e, map { "one$_" } 1 .. 50), "lines come");
    rename("$e->{dir}/in", "$e->{dir}/in.1");
    spew("$e->{dir}/in", "");
    ok(feed($e, "slow", map { "two$_" } 1 .. 50), "more after a rotation");
    ok($e->eventually(sub { $e->lines("out/ended") == 101 }), "and all contexts end");
    $e->stop('KILL');
    system("gzip", "$e->{dir}/in.1") == 0 or die "gzip";
    ok(up($e, "--journal=1"), "it starts again");
    write_lines($e, "last");
    ok($e->eventually(sub { grep { $_ eq "last" } $e->lines("out/ended") }), "and does all again");
    is(join(" ", map { scalar(uniq($e->lines("out/$_"))) . "/" . scalar(my @all = $e->lines("out/$_")) } qw(seen ended)), "102/102 102/102", "each text is there once") or diag($e->log_tail);
    $e->stop('TERM');
};

subtest "changed rules" => sub {
    my $rules = sub {
        my ($pattern, $action, $id) = @_;
        return "$heard" . ($id ? "rem=id:counts\n" : "") . $threshold =~ s/\^fail \(\\w\+\)/$pattern/r =~ s/alarm %s/$action/r;
    };
    for my $case (["another action", '^fail (\w+)', 'alarm new %s', 0, "new failures of a\n"],
                  ["another pattern", '^fail(?:ed)? (\w+)', 'alarm %s', 0, ""],
                  ["another pattern, with an id", '^fail(?:ed)? (\w+)', 'alarm %s', 1, "failures of a\n"]) {
        my ($name, $pattern, $action, $id, $alarm) = @$case;
        my $e = world("");
        spew("$e->{dir}/rules.sec", $rules->('^fail (\w+)', 'alarm %s', $id));
        up($e);
        feed($e, "fail a", "fail a");
        $e->stop('TERM');
        spew("$e->{dir}/rules.sec", "rem=moved\n\n" . $rules->($pattern, $action, $id));
        ok(up($e), "$name: start") or diag($e->log_tail);
        feed($e, "fail a");
        is($e->slurp("out/alarm"), $alarm, "$name: " . ($alarm ? "the count goes on" : "it begins again"));
        said($e, qr/rules\.sec/, "$name: what is dropped is named") if !$alarm;
        $e->stop('TERM');
    }
};

subtest "two engines on one folder" => sub {
    my $e = world($threshold);
    up($e);
    my $other = bless({ %$e, pid => undef, cut => undef }, "Engine");
    my ($status, $said) = refused($other, "--log=other.log");
    isnt($status, 0, "the second does not start");
    like($said . $other->slurp("other.log"), qr/\b$e->{pid}\b/, "and names the process");
    ok(feed($e, "fail a"), "the first goes on");
    is($e->stop('TERM'), 0, "to its end");
    ok(up($e, "--snapshot=1"), "then the folder is free");
    unlink("$e->{dir}/state/lock") or die "lock: $!";
    feed($e, "fail b");
    ok($e->eventually(sub { -s "$e->{dir}/state/lock" }), "a lock that somebody has removed is made again");
    isnt((refused($other, "--log=other.log"))[0], 0, "and holds");
    $e->stop('TERM');
};

# The newest file of a kind.
sub newest {
    my ($e, $kind) = @_;
    return (sort(glob("$e->{dir}/state/$kind.*[0-9]")))[-1];
}

sub damage {
    my ($file) = @_;
    open(my $handle, "+<", $file) or die "$file: $!";
    seek($handle, (-s $file) / 2, 0);
    read($handle, my $byte, 1);
    seek($handle, -1, 1);
    print $handle chr(ord($byte) ^ 255);
}

subtest "a damaged snapshot" => sub {
    my $e = world($threshold);
    up($e);
    feed($e, "fail a", "fail a");
    $e->stop('TERM');
    damage(my $bad = newest($e, "snapshot"));
    ok(up($e), "the generation before it is used") or diag($e->log_tail);
    my $name = basename($bad);
    said($e, qr/\Q$name\E: damaged at byte \d+/, "it is named");
    said($e, qr/\Q$name\E is kept as \S+\Q$name\E\.bad$/m, "with its new name");
    ok(-e "$bad.bad", "and set aside");
    feed($e, "fail a");
    is($e->slurp("out/alarm"), "failures of a\n", "nothing is lost");
    $e->stop('TERM');
    damage($_) for glob("$e->{dir}/state/snapshot.*[0-9]");
    my @before = sort(keys(%{ $e->state_files }));
    my ($status, $said) = refused($e);
    isnt($status, 0, "all damaged: it does not start");
    like($said, qr/move/i, "and says what to do");
    is_deeply([map { s/\.bad$//r } sort(keys(%{ $e->state_files }))], [map { s/\.bad$//r } @before], "nothing is removed");
};

subtest "a damaged journal" => sub {
    my $e = world($threshold);
    up($e, "--journal=line");
    feed($e, "fail a");
    feed($e, "something else $_") for 1 .. 4;
    feed($e, "fail b", "fail b");
    $e->stop('KILL');
    damage(my $bad = newest($e, "journal"));
    ok(up($e), "what comes before the damage is done again") or diag($e->log_tail);
    my $name = basename($bad);
    said($e, qr/\Q$name\E: damaged at byte \d+/, "it is named");
    $e->eventually(sub { -e "$bad.bad" });
    said($e, qr/Processed again: \d lines? after it, up to .*; event correlation operations now: \d$/m, "what comes before it is told");
    said($e, qr/\Q$name\E is kept as \S+\Q$name\E\.bad$/m, "with its new name");
    ok(-e "$bad.bad", "and set aside");
    $e->stop('TERM');
    ok(up($e), "and there is a state after it") or diag($e->log_tail);
    $e->stop('TERM');
};

subtest "a script that rules for SEC_STARTUP start" => sub {
    my $e = world(<<"END");
type=SingleWithScript
ptype=RegExp
pattern=^SEC_STARTUP
script=cat >run/names; while [ ! -e may ]; do sleep 0.05; done
context=SEC_INTERNAL_EVENT
desc=script
action=write out/ended the script
END
    for my $start (1, 2) {
        unlink("$e->{dir}/may");
        ok(up($e), "start $start");
        spew("$e->{dir}/may", "");
        ok($e->eventually(sub { $e->lines("out/ended") == $start }), "it has ended") or diag($e->log_tail);
        ok(!$e->logged(qr/how it ended is not known/), "and is none of the run before");
        $e->stop('TERM');
    }
};

subtest "a journal of another generation" => sub {
    my $e = world($threshold);
    up($e);
    feed($e, "fail a", "fail a");
    $e->stop('KILL');
    my $old = newest($e, "journal");
    up($e);
    feed($e, "something else");
    $e->stop('KILL');
    my $new = newest($e, "journal");
    isnt($new, $old, "there is another one");
    spew($new, slurp($old));
    ok(up($e), "it starts") or diag($e->log_tail);
    said($e, qr/\Q@{[basename($new)]}\E: damaged at byte 0/, "that is damage");
    ok($e->eventually(sub { -e "$new.bad" }), "and set aside");
    feed($e, "nothing");
    is($e->slurp("out/alarm"), "", "none of it is done again");
    $e->stop('TERM');
};

subtest "a journal that is missing" => sub {
    my $e = world($threshold);
    up($e);
    feed($e, "fail a");
    for my $round (1, 2) {
        $e->stop('TERM');
        up($e, "--journal=line");
        feed_safely($e, "fail b$round");
    }
    $e->stop('KILL');
    my (undef, @snapshots) = sort(glob("$e->{dir}/state/snapshot.*[0-9]"));
    unlink(@snapshots);
    my ($first, $gap, $last) = (sort(glob("$e->{dir}/state/journal.*[0-9]")))[0, 1, -1];
    unlink($gap);
    ok(up($e), "what comes before the gap is done again") or diag($e->log_tail);
    my ($missing, $unused) = map { basename($_) } $gap, $last;
    said($e, qr/\Q$missing\E: is missing/, "the missing one is named");
    said($e, qr/\Q$unused\E: not used: what comes before it is missing/, "and what cannot be used");
    said($e, qr/lines of files are read again from there/, "and what comes of it");
    ok($e->eventually(sub { -e "$last.bad" }), "which is set aside");
    feed($e, "the end");
    is($e->slurp("out/seen"), "fail a\nfail b1\nanother\nfail b2\nanother\nthe end\n", "lines come again, and no text is written twice");
    $e->stop('TERM');
};

subtest "what is no file" => sub {
    my $e = world($threshold);
    up($e);
    feed($e, "fail a", "fail a");
    $e->stop('TERM');
    unlink(my $bad = newest($e, "snapshot"));
    mkfifo($bad, 0600);
    ok(up($e), "a FIFO in place of a snapshot: the generation before it is used") or diag($e->log_tail);
    my $name = basename($bad);
    said($e, qr/\Q$name\E: is not a regular file/, "it is named");
    ok(-p "$bad.bad", "and set aside");
    feed($e, "fail a");
    is($e->slurp("out/alarm"), "failures of a\n", "nothing is lost");
    $e->stop('KILL');
    unlink($bad = newest($e, "journal"));
    mkdir($bad);
    ok(up($e), "a folder in place of a journal: the snapshot counts") or diag($e->log_tail);
    $name = basename($bad);
    said($e, qr/\Q$name\E: is not a regular file/, "it is named");
    ok($e->eventually(sub { -d "$bad.bad" }), "and set aside");
    $e->stop('TERM');
    for my $file (glob("$e->{dir}/state/[sj]*.0*")) {
        unlink($file);
        symlink("../elsewhere", $file) if $file =~ /journal/;
    }
    isnt((refused($e))[0], 0, "there is no snapshot, and links in place of journals: it does not start");
};

subtest "an empty start where there may have been something" => sub {
    my $e = world($threshold);
    up($e);
    $e->stop('TERM');
    my $journal = newest($e, "journal");
    unlink(glob("$e->{dir}/state/snapshot.*"), grep { $_ ne $journal } glob("$e->{dir}/state/journal.*"));
    truncate($journal, 40) or die "$journal: $!";
    $e->start(0, "--state=state");
    my $name = basename($journal);
    said($e, qr/\Q$name\E: cut at byte \d+/, "a journal alone, and it is cut: it is named");
    said($e, qr/no snapshot is here, so it begins empty/, "and that it begins empty");
    ok($e->eventually(sub { -e "$journal.bad" }), "and it is set aside");
    $e->stop('TERM');
    unlink(grep { !/lock$/ } glob("$e->{dir}/state/*"));
    $e->start(0, "--state=state");
    said($e, qr/no snapshot is here, so it begins empty/, "a lock alone");
    $e->stop('TERM');
};

subtest "a full disk" => sub {
    my $e = world($threshold);
    up($e);
    feed($e, "fail a");
    $e->{cut}->full(1);
    write_lines($e, "fail a");
    said($e, qr/Can't keep the state.*No space left/, "is told");
    is($e->ended, undef, "the run goes on");
    $e->{cut}->full(0);
    $e->{cut}->later(61);
    said($e, qr/state is kept again/, "when there is room again, it is told as well");
    $e->stop('KILL');
    up($e);
    write_lines($e, "fail a");
    ok($e->eventually(sub { $e->slurp("out/alarm") eq "failures of a\n" }), "and what came meanwhile counts") or diag($e->log_tail);
    $e->stop('TERM');
};

subtest "a disk that is full at the start" => sub {
    my $e = world($threshold);
    up($e);
    feed($e, "fail a");
    $e->stop('TERM');
    $e->{cut}->full(1);
    ok(up($e), "it goes on with the state") or diag($e->log_tail);
    said($e, qr/Can't keep the state.*No space left/, "it says that it cannot keep it");
    $e->{cut}->full(0);
    $e->{cut}->later(61);
    said($e, qr/state is kept again/, "and keeps it when there is room");
    feed($e, "fail a", "fail a");
    is($e->slurp("out/alarm"), "failures of a\n", "what was counted before counts");
    $e->stop('TERM');
};

subtest "a folder that cannot be written" => sub {
    my $e = world($threshold);
    $e->{cut}->frozen(1);
    my ($status, $said) = refused($e);
    isnt($status, 0, "it does not start");
    like($said, qr/Read-only/, "and says why");
    $e->{cut}->frozen(0);
    ok(up($e), "it starts");
    $e->{cut}->frozen(1);
    write_lines($e, "fail a");
    said($e, qr/Can't keep the state.*Read-only/, "later it says so and goes on");
    $e->{cut}->frozen(0);
    is($e->stop('TERM'), 0, "the end");
};

subtest "a folder that is removed" => sub {
    my $e = world($threshold);
    up($e);
    feed($e, "fail a");
    remove_tree("$e->{dir}/state");
    write_lines($e, "fail a");
    said($e, qr/Can't keep the state.*No such file/, "is told");
    $e->{cut}->later(61);
    said($e, qr/state is kept again/, "and another one takes its place");
    $e->stop('KILL');
    up($e);
    write_lines($e, "fail a");
    ok($e->eventually(sub { $e->slurp("out/alarm") eq "failures of a\n" }), "which has all that was") or diag($e->log_tail);
    $e->stop('TERM');
};

subtest "no descriptors are left" => sub {
    my $limit = sub { system("prlimit", "--pid", $_[0]{pid}, "--nofile=$_[1]:64") == 0 };
    my $e = world($threshold);
    ok(up($e, "--snapshot=1") && feed($e, "fail a") && $limit->($e, 3), "none can be opened") or return;
    write_lines($e, "fail a");
    said($e, qr/Can't keep the state.*Too many open files/, "is told");
    ok($e->eventually(sub { $e->lines("out/seen") == 2 }), "lines are processed");
    ok($limit->($e, 64), "others can");
    $e->{cut}->later(61);
    said($e, qr/state is kept again/, "it is kept again");
    $e->stop('KILL');
    up($e);
    write_lines($e, "fail a");
    ok($e->eventually(sub { $e->slurp("out/alarm") eq "failures of a\n" }), "with all that was") or diag($e->log_tail);
    $e->stop('TERM');
};

# Bytes that were confirmed and not processed are not confirmed again.
subtest "what is confirmed" => sub {
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/rules.sec", "type=Single\nptype=SubStr\npattern=wait\ncontext=!SECOND\ndesc=wait\n"
        . "action=lcall %o -> ( sub { return if -e 'waits'; open(my \$f, '>', 'waits'); close(\$f); sleep(1) while 1 } )\n\n"
        . "type=Single\nptype=RegExp\npattern=line\ndesc=line\naction=write seen \$0\n");
    my $command = "exec $secant --conf=rules.sec --input=- --notail --state=state --confirm --log=log";
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        chdir($dir) or die "$dir: $!";
        open(STDIN, "-|", "printf 'wait\nline 2\n'; sleep 60") or die "sh: $!";
        open(STDOUT, ">", "first") or die "first: $!";
        exec("sh", "-c", $command);
    }
    ok(eventually(sub { -e "$dir/waits" }), "the first line takes its time") or diag(slurp("$dir/log"));
    kill('KILL', $pid);
    waitpid($pid, 0);
    is(slurp("$dir/first"), "OK\n" x 3, "the start, and both lines");
    is(`cd $dir && $command </dev/null 2>err`, "OK\n", "a start has nothing but itself to confirm") or diag(slurp("$dir/err"));
    is(slurp("$dir/seen"), "line 2\n", "and the line is processed");
};

my $into = <<'END';
type=Single
ptype=RegExp
pattern=^(\w+) into (\w+)
continue=TakeNext
desc=a file
action=write out/$2 $1

END

subtest "a power failure" => sub {
    my $e = world($into . $threshold);
    up($e);
    feed($e, "one into x", "two into y", "three into x");
    $e->stop('KILL');
    my @told = grep { index($e->slurp("state/journal.000001"), "out/$_") > 0 } "x", "y", "seen";
    $e->{cut}->cut(1);
    is_deeply([grep { !-e "$e->{dir}/out/$_" } @told], [], "files that the journal knows (@told) are there");
    up($e);
    ok($e->eventually(sub { $e->lines("out/seen") == 3 }), "what is lost is done again") or diag($e->log_tail);
    is($e->slurp("out/$_->[0]"), $_->[1], "once, in $_->[0]") for ["x", "one\nthree\n"], ["y", "two\n"];
    $e->stop('TERM');
};

# The journal is on the disk, and what was written to files is not: also if a later fdatasync says that all is well.
subtest "a power failure that takes files and leaves the journal" => sub {
    for my $later (0, 1) {
        my $e = world($into . $threshold);
        ok(up($e, "--journal=line"), "start");
        my $journal = newest($e, "journal");
        my $synced = sub {    # all that was done up to now
            my $size = -s $journal;
            return $e->eventually(sub { $e->{cut}->safe($journal) >= $size });
        };
        ok(feed_safely($e, "one into x") && $synced->(), "a line");
        $e->{cut}->bad(1);
        ok(feed_safely($e, "two into x") && $synced->(), "its file cannot be made safe");
        said($e, qr/Can't sync output file 'out\/x'/, "which is said");
        $e->{cut}->bad(0) if $later;
        ok(feed_safely($e, "three into x") && $synced->() && feed_safely($e, "four into x") && $synced->(),
            $later ? "later ones can" : "nor can later ones");
        $e->stop('KILL');
        $e->{cut}->cut("outputs");
        unlike($e->slurp("out/x"), qr/two/, "it is lost");
        my $lines = $e->{fed};
        ok(up($e) && $e->eventually(sub { $e->lines("out/seen") == $lines }), "all is done again") or diag($e->log_tail);
        is($e->slurp("out/x"), "one\ntwo\nthree\nfour\n", "and comes once");
        $e->stop('TERM');
    }
};

subtest "what a journal ends with after a power failure" => sub {
    for my $stopped (0, 1) {
        my $e = world($threshold);
        ok(up($e, "--journal=line") && feed_safely($e, "fail a", "fail a"), "lines");
        $e->stop('KILL');
        open(my $journal, ">>", newest($e, "journal")) or die "journal: $!";
        print $journal "what the disk had there before " x 40;
        close($journal);
        $e->{cut}->set(PowerCut::BOOT, 2) if $stopped;
        ok(up($e) && feed($e, "fail a"), "start") or diag($e->log_tail);
        said($e, $stopped ? qr/torn at byte \d+: what follows was not on the disk/ : qr/journal\.000001: damaged at byte/,
            $stopped ? "that it was not on the disk" : "that it is damaged: the machine ran on");
        is($e->slurp("out/alarm"), "failures of a\n", "nothing is lost");
        $e->stop('TERM');
    }
};

# It has another name by the time that it is opened under the one that it was found by: to be read again, or on.
subtest "a file that is renamed at the start" => sub {
    for my $open (2, 4) {
        my $e = world($threshold);
        ok(up($e, "--journal=line") && feed_safely($e, "fail a", "fail a"), "$open: lines");
        $e->stop('KILL');
        write_lines($e, "fail b");
        rename("$e->{dir}/in", "$e->{dir}/in.1");
        $e->{cut}->moves($open);
        ok(up($e, "--journal=line"), "$open: start") or diag($e->log_tail);
        $e->{cut}->moves(0);
        ok(feed($e, "fail a"), "$open: a line of another file") or diag($e->log_tail);
        is($e->slurp("out/seen"), "fail a\nfail a\nanother\nfail b\nfail a\n", "$open: each line once") or diag($e->log_tail);
        is($e->slurp("out/alarm"), "failures of a\n", "$open: and each has counted");
        $e->stop('TERM');
    }
};

# Whatever it does when it is killed, lines of a FIFO are processed once.
subtest "a FIFO" => sub {
    my $e = world($threshold);
    mkfifo("$e->{dir}/fifo", 0600) && sysopen(my $fifo, "$e->{dir}/fifo", O_RDWR | O_NONBLOCK) or die "fifo: $!";
    push(@{ $e->{command} }, "--input=fifo");
    my @lines;
    my $write = sub { push(@lines, @lines . " $_[0]"); syswrite($fifo, "$lines[-1]\n") };    # no two are the same
    for my $call (1 .. 8) {
        ok(up($e, "--journal=line"), "$call: start") or diag($e->log_tail);
        $write->("first of $call");
        ok($e->eventually(sub { $e->lines("out/seen") == @lines }), "$call: a line") or diag($e->slurp("out/seen"));
        $e->{cut}->kill_at($call);
        $e->eventually(sub { $write->("more of $call"); 0 });
        is($e->{status}, 9, "$call: it is killed");
        $e->{cut}->kill_at(0);
        $write->("third of $call");
    }
    ok(up($e), "start");
    ok($e->eventually(sub { $e->lines("out/seen") == @lines }), "all comes") or diag($e->log_tail);
    is_deeply([$e->lines("out/seen")], \@lines, "each line once");
    $e->stop('TERM');
};

# Nothing is counted but when bytes of the FIFO come.
subtest "--at-most-once over two kills" => sub {
    my $e = world(<<'END' . $threshold);
type=Single
ptype=RegExp
pattern=^run (\d+)
continue=TakeNext
desc=a command
action=shellcmd echo $1 >>run/ran

END
    mkfifo("$e->{dir}/fifo", 0600) && sysopen(my $fifo, "$e->{dir}/fifo", O_RDWR | O_NONBLOCK) or die "fifo: $!";
    push(@{ $e->{command} }, "--input=fifo");
    my @options = ("--at-most-once", "--journal=1000", "--snapshot=1000");
    my $ran = sub { my ($count) = @_; return $e->eventually(sub { $e->lines("run/ran") >= $count }) };
    ok(up($e, @options) && feed($e, "run 1", "run 2") && $ran->(2), "commands that the journal has not counted");
    $e->stop('KILL');
    syswrite($fifo, "counted before them\n");
    $e->{fed}++;
    ok(up($e, @options) && feed($e, "another"), "they come again, after others were counted") or diag($e->log_tail);
    $e->stop('KILL');
    ok(up($e, @options) && feed($e, "run 3") && $ran->(3), "they come again") or diag($e->log_tail);
    is(join(" ", sort($e->lines("run/ran"))), "1 2 3", "each command once");    # they run side by side
    $e->stop('TERM');
};

subtest "snapshots that cannot be written" => sub {
    my $e = world($threshold);
    up($e);
    feed($e, "fail a");
    my @in_the_way = map { sprintf("$e->{dir}/state/snapshot.%06d.new", $_) } 1 .. 30;
    mkdir($_) for @in_the_way;
    $e->{cut}->full(1);
    write_lines($e, "fail a");
    said($e, qr/Can't keep the state/, "a journal cannot, either");
    $e->{cut}->full(0);
    for my $minute (1 .. 3) {
        my $calls = $e->{cut}->calls;
        $e->{cut}->later(61 * $minute);
        $e->eventually(sub { $e->{cut}->calls > $calls + 5 });
    }
    ok($e->eventually(sub { 2 >= grep { /^journal/ } keys(%{ $e->state_files }) }), "attempts leave nothing")
        or diag(join(" ", sort(keys(%{ $e->state_files }))));
    rmdir($_) for @in_the_way;
    $e->{cut}->later(61 * 4);
    said($e, qr/state is kept again/, "then it is kept");
    $e->stop('KILL');
    up($e);
    write_lines($e, "fail a");
    ok($e->eventually(sub { $e->slurp("out/alarm") eq "failures of a\n" }), "and goes on with all that was") or diag($e->log_tail);
    $e->stop('TERM');
};

subtest "a first start that is killed" => sub {
    for my $call (1 .. 12) {
        my $e = world($threshold);
        $e->{cut}->kill_at($call);
        $e->start(0, "--state=state");
        $e->eventually(sub { 0 }, 3);
        $e->{cut}->kill_at(0);
        $e->stop('KILL');
        unlink("$e->{dir}/log");
        $e->start(0, "--state=state");
        ok($e->eventually(sub { $e->logged(qr/heard of SEC_STA/) }), "call $call: the next one starts") or diag($e->log_tail);
        $e->stop('KILL');
    }
};

# The two recipes of SEC's FAQ for contexts over a restart, beside the state and without it.
my $names = <<'END';
type=SingleWithScript
ptype=SubStr
pattern=SEC_SHUTDOWN
context=SEC_INTERNAL_EVENT
script=cat >run/names
desc=names of contexts
action=none

type=Single
ptype=SubStr
pattern=SEC_STARTUP
context=SEC_INTERNAL_EVENT
desc=read them
action=spawn sed 's/^/SAVED: /' run/names

type=Single
ptype=RegExp
pattern=^SAVED: (KEEP\w+)
context=!$1
desc=create them
action=create $1

END
my $storable = <<'END';
type=Single
ptype=SubStr
pattern=SEC_STARTUP
context=SEC_INTERNAL_EVENT
continue=TakeNext
desc=the module
action=eval %ok (require Storable); eval %o (exit(1) unless %ok)

type=Single
ptype=SubStr
pattern=SEC_STARTUP
context=SEC_INTERNAL_EVENT
desc=give back
action=lcall %o -> ( sub { return 0 unless -e "run/stored"; my $own = $main::context_list{SEC_INTERNAL_EVENT}; \
  %main::context_list = %{ Storable::retrieve("run/stored") }; $main::context_list{SEC_INTERNAL_EVENT} = $own; 1 } )

type=Single
ptype=SubStr
pattern=SEC_SHUTDOWN
context=SEC_INTERNAL_EVENT
desc=store
action=lcall %o -> ( sub { Storable::store(\%main::context_list, "run/stored") } )

END
my $contexts = <<'END';
type=Single
ptype=RegExp
pattern=^make (\w+)
continue=TakeNext
desc=make
action=create KEEP_$1 3600 ( write out/ended $1 ); add KEEP_$1 made $1

type=Single
ptype=RegExp
pattern=^ask (\w+)
continue=TakeNext
desc=ask
action=exists %e KEEP_$1; getltime %left KEEP_$1; copy KEEP_$1 %c; write out/told $1 %e %left %c

END

subtest "SEC's recipes for contexts" => sub {
    for my $case (["names", $names, "x 1 0 "], ["Storable", $storable, "x 1 3600 made x"]) {
        my ($name, $recipe, $alone) = @$case;
        for my $state (0, 1) {
            my $e = world($recipe . $contexts . $threshold);
            my $start = sub {
                $state ? up($e) : $e->start(0) || $e->eventually(sub { $e->logged(qr/heard of SEC_STARTUP/) });
            };
            $start->();
            feed($e, "make x");
            is($e->stop('TERM'), 0, "$name: end");
            $start->();
            $state or $e->eventually(sub { $e->slurp("run/names") eq "" || $e->logged(qr/Pid|heard/) });
            my $told = "";
            for (my $tries = 0; $tries < 500 && $told !~ /^x 1 /m; $tries++) {    # names come by a command
                feed($e, "ask x");
                $told = $e->slurp("out/told");
            }
            like($told, $state ? qr/^x 1 3600 made x$/m : qr/^\Q$alone\E$/m, "$name: " . ($state ? "beside" : "without") . " a state");
            $e->stop('TERM');
        }
    }
};

# The judge takes minutes.
SKIP: {
    skip("the judge: set SECANT_LONG=1", 1) unless $ENV{SECANT_LONG};
    # The judge, four at a time: they mostly wait.
    my %judged;
    my @runs = (["--kills=12", "--seed=1"], ["--kills=10", "--seed=2", "--journal=line"], ["--kills=10", "--seed=3", "--power"],
                ["--kills=8", "--seed=4", "--confirm"], ["--kills=8", "--seed=5", "--at-most-once"]);
    foreach my $run (@runs) {
        my $pid = open(my $out, "-|") // die "fork: $!";
        if (!$pid) {
            $ENV{SECANT} = $secant;
            open(STDERR, ">&", \*STDOUT);
            exec($^X, "$FindBin::Bin/durable/kill.pl", "--calls", @$run) or die "kill.pl: $!";
        }
        $judged{"@$run"} = $out;
    }
    foreach my $run (map { "@$_" } @runs) {
        my $out = $judged{$run};
        local $/;
        my $said = <$out>;
        close($out);
        is($?, 0, "t/durable/kill.pl --calls $run") or diag($said);
    }
}
done_testing;
