#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The judge of --state=FOLDER: the program is fed from files that are rotated, and from a pipe, and is killed at random
# moments: at work, while it starts, while it writes a snapshot.  Then what it has done, and its state, are compared
# with those of one that nobody has disturbed.  Judge.pm says what must be equal.
#
#   t/durable/kill.pl [OPTION...]
#
#   --kills=N            100
#   --seed=N             makes lines, and kinds of kills: 1
#   --journal=1|line     1
#   --snapshot=SECONDS   2
#   --inputs=A,B,...     of plain, renamed, compressed, fifo: one of each
#   --confirm            standard input instead of the FIFO, each line confirmed as for rsyslog's omprog
#   --rsyslog[=on]       the same by an rsyslogd that starts the program; on: with transactions.  It waits a second before
#                        it sends a line again: better two at a time.
#   --at-most-once
#   --power              each kill is a power failure: what was not synced is lost, in part (powerfail.c)
#   --calls              kills at system calls of a random number instead, those that change files
#   --gentle             TERM instead of KILL
#   --without            no --state: to see the judge find fault
#   --keep               the folder stays
#   SECANT               the program (build/secant)
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use Getopt::Long qw(GetOptions);
use lib $FindBin::Bin;
use Engine;
use Feeder;
use Judge;
use List::Util qw(sum0);
use Omprog;
use PowerCut;
use Progress;
use Time::HiRes qw(sleep time);
use Workload;

my %o = (kills => 100, seed => 1, journal => 1, snapshot => 2, inputs => "plain,renamed,compressed,fifo");
GetOptions(\%o, qw(kills=i seed=i journal=s snapshot=i inputs=s confirm rsyslog:s at-most-once power calls gentle without keep)) && !@ARGV
    or die "usage: t/durable/kill.pl [OPTION...] (see its beginning)\n";
$o{inputs} =~ s/fifo/confirmed/ if $o{confirm};
$o{inputs} =~ s/fifo/rsyslog/ if defined($o{rsyslog});
$o{inputs} =~ s/,?fifo// if $o{power};    # what was in it is gone
srand($o{seed});

use constant AHEAD => 4000;     # lines that the program may be behind
use constant BURST => 200;      # lines written at a time, now and then

my $top = tempdir("durable.XXXX", TMPDIR => 1, CLEANUP => !$o{keep});
my $secant = abs_path($ENV{SECANT} || "$FindBin::Bin/../../build/secant");
my @ways = split(/,/, $o{inputs});
my %how = map { (chr(97 + $_) => $ways[$_]) } 0 .. $#ways;
my $workload = Workload->new($o{seed}, sort(keys(%how)));
my ($piped) = grep { $how{$_} eq "confirmed" || $how{$_} eq "rsyslog" } keys(%how);

# A folder with the rules, and the program in it.
sub engine {
    my ($class, $name, %more) = @_;
    make_path("$top/$name");
    my %rules = $workload->rules;
    foreach my $file (keys(%rules)) {
        open(my $out, ">", "$top/$name/$file") or die "$file: $!";
        print $out $rules{$file};
    }
    return $class->new(dir => "$top/$name", command => [$secant, (map { "--conf=$_" } sort(keys(%rules))), "--intevents", "--debug=4"], %more);
}

my $cut = !$o{without} || $o{calls} ? PowerCut->new(dirname($secant) . "/durable/powerfail.so", "$top/cut", "$top/tried/state", "$top/tried/out") : undef;
my $work = engine(defined($o{rsyslog}) ? "Omprog" : "Engine", "tried", environment => $cut ? $cut->environment : {},
    transactions => $o{rsyslog} || "off");
my $feeder = Feeder->new("$top/tried", $workload, %how);
my @inputs = $feeder->inputs;
my $progress = Progress->new($work, $cut, $o{power}, @inputs);
my @options = (map { $feeder->option($_) } @inputs);
push(@options, "--state=state", "--journal=$o{journal}", "--snapshot=$o{snapshot}") unless $o{without};
push(@options, "--confirm") if $o{confirm} || defined($o{rsyslog});
push(@options, "--at-most-once") if $o{"at-most-once"};

sub start {
    my @pipes = $work->start(defined($piped), @options);
    $feeder->attach(@pipes) if @pipes && $o{confirm};
    return if @pipes || !defined($o{rsyslog});
    # rsyslogd starts it for a line.
    my $first = !$feeder->connected($piped);
    $feeder->connect($piped, $work->{connection});
    $feeder->feed($piped, 1) if $first;
    for (my $end = time() + Engine::PATIENCE; !$work->begun; sleep(0.003)) {
        time() < $end or fail("rsyslogd has not started it");
        $progress->look;
        feed(1) unless $first;
    }
}

sub fail {
    print "FAIL: $_[0]\n    seed $o{seed}, after ", scalar(@{ $progress->kills }), " kills; folder: $top\n", $work->log_tail;
    $work->signal('KILL');
    $File::Temp::KEEP_ALL = 1;
    exit(1);
}

# A few lines for each input, and now and then another file.
sub feed {
    my ($up) = @_;
    foreach my $input (@inputs) {
        my $behind = $workload->count($input) - $progress->seen($input);
        $feeder->feed($input, $behind > AHEAD ? 0 : rand() < 0.005 ? BURST : rand() < 0.2 ? int(rand(8)) : 0);
        next unless $feeder->rotates($input) && rand() < ($up ? 0.01 : 0.3);
        # A running program must have found the file before it is an old one.
        $feeder->rotate($input) if !$up || $progress->seen($input) >= $feeder->first($input);
        $feeder->forget($input, $progress->kept($input));
    }
}

# Until a moment of this kind.
my %reached;
sub run_until {
    my ($kind) = @_;
    my $time = $kind eq "start" ? rand(0.15) : $kind eq "snapshot" ? 5 : 0.1 + rand(1.6);
    my $before;
    for (my $end = time() + $time; time() < $end; sleep(0.003)) {
        defined($work->ended) and fail("it has ended by itself: $work->{status}");
        my $files = $progress->look;
        if ($kind eq "snapshot" && grep { /\.new$/ } keys(%$files)) {
            sleep(rand(0.02));
            last;
        }
        feed(1);
    }
    $reached{$kind}++;
}

# Until it is killed at one of its calls.
sub run_until_call {
    my $number = rand() < 0.5 ? 1 + int(rand(30)) : 1 + int(rand(300));
    $cut->kill_at($number);
    start();
    return if $work->eventually(sub { $progress->look; feed(1); 0 }) || defined($work->ended);
    fail("call $number has not come");
}

sub wait_for {
    my ($what, $true) = @_;
    return if $work->eventually(sub { $progress->look; $feeder->feed($_, 0) for @inputs; $true->() }, $o{without} && 3) || $o{without};
    defined($work->ended) ? fail("it has ended by itself: $work->{status}") : fail("$what: has not come");
}

start();
wait_for("the state folder", sub { grep { /^journal/ } keys(%{ $work->state_files }) }) unless $o{without};
wait_for("the start", sub { $work->logged(qr/SEC_STARTUP/) });
my $began = time();
run_until("work");
for my $kill (1 .. $o{kills}) {
    if ($o{calls}) {
        $kill == 1 ? $work->stop('KILL') : run_until_call();
        $reached{call}++;
    } else {
        my $draw = rand();
        run_until($draw < 0.25 ? "start" : $draw < 0.45 ? "snapshot" : "work");
        $work->stop($o{gentle} ? 'TERM' : 'KILL');
    }
    # TERM ends as KILL does what has not begun to heed it.
    fail("ended with $work->{status}") if !grep { $work->{status} == $_ } $o{gentle} ? (0, 15) : 9;
    $progress->killed;
    $cut->killed if $cut;
    $cut->cut if $o{power};
    feed(0) for 1 .. int(rand(4));
    if ($o{calls}) {
        next if $kill < $o{kills};
        $cut->kill_at(0);
    }
    start();
    printf("%d kills, %s lines\n", $kill, join("+", map { $workload->count($_) } @inputs)) if -t STDOUT && $kill % 10 == 0;
}
feed(1);
wait_for("the last lines", sub {
    return !grep { $progress->seen($_) < $workload->count($_) || !$feeder->empty($_) } @inputs;
});
if (defined($piped)) {
    # A line that is confirmed is not processed yet, and rsyslogd may have put one after all others: this one comes last.
    $feeder->feed($piped, 1);
    wait_for("the very last line", sub { $progress->seen($piped) == $workload->count($piped) });
}

# Nothing waits any more: of these lines (input => numbers) all has come that comes later.
sub settled {
    my ($engine, %lines) = @_;
    my (%wanted, %each);    # so many lines, and one for each number at least: a power failure tears some
    foreach my $input (@inputs) {
        my %times;
        $times{$_}++ for @{ $lines{$input} };
        my $count = sub { sum0(map { $times{$_} // 0 } $workload->numbers($input, $_[0])) };
        $wanted{"out/seen.$input"} = @{ $lines{$input} };
        $each{"out/time.later.$input"} = [grep { $times{$_} } $workload->numbers($input, "delayed")];
        $each{"out/time.soon.$input"} = [grep { $times{$_} } $workload->numbers($input, "req")];
        $wanted{"out/time.later.$input"} = $count->("delayed");
        $wanted{"out/time.soon.$input"} = grep { $times{$_} } $workload->numbers($input, "req");
        $wanted{"run/$_.$input"} = $count->($_) for $o{"at-most-once"} ? () : Workload->commands;
    }
    return sub {
        return 0 if $o{"at-most-once"} && $engine->commands;    # some may never have run
        return 0 if grep { $engine->lines($_) < $wanted{$_} } keys(%wanted);
        foreach my $name (keys(%each)) {
            my %are = map { /^(\d+)/ ? ($1 => 1) : () } $engine->lines($name);
            return 0 if grep { !$are{$_} } @{ $each{$name} };
        }
        return !grep { my $sum = 0; /\/(\d+)$/ and $sum += $1 for $engine->lines("out/time.hundred.$_"); $sum < @{ $lines{$_} } } @inputs;
    };
}

# The state once nothing is in it that ends soon: what comes again after a kill begins again.
sub last_dump {
    my ($engine) = @_;
    my $dump = "";
    $engine->eventually(sub { ($dump = $engine->dump) !~ /"HUNDRED_|\b\w soon \d/ }) or fail("the state does not come to rest");
    return $dump;
}

my $judge = Judge->new(disturbed => $work, kills => $progress->kills, power => $o{power}, cut => $cut, at_most_once => $o{"at-most-once"});
my @told = $o{confirm} ? $feeder->told : defined($o{rsyslog}) ? $work->told : ();
my $most = $o{rsyslog} && $o{rsyslog} eq "on" ? Omprog::BATCH : 1;
my %seen = map { ($_ => [$feeder->asks($_) ? $judge->confirmed($_, $workload->count($_), \@told, $most) : $judge->seen($_, $workload->count($_))]) } @inputs;
$work->eventually(settled($work, %seen), $o{without} && 5) or print "not all has come\n";
fail("it has ended by itself: $work->{status}") if defined($work->ended);
my $dump = last_dump($work);
$work->stop('TERM') == 0 or fail("ended with $work->{status}");
my $again;
if (!$o{without}) {
    $work->part if defined($o{rsyslog});
    start();
    wait_for("the state", sub { $work->logged(qr/SEC_STATE_RESTORED/) });
    $again = $work->dump;
    $work->stop('TERM') == 0 or fail("ended with $work->{status}");
}

# The same lines, those that were seen, for a program that nobody disturbs.
my $calm = $judge->{calm} = engine("Engine", "calm");
foreach my $input (@inputs) {
    open(my $out, ">", "$top/calm/$input.log") or die "$input: $!";
    print $out map { "$_\n" } grep { defined } @{ $workload->{lines}{$input} }[map { $_ - 1 } @{ $seen{$input} }];
}
$calm->start(0, "--tail", "--fromstart", map { "--input=$_.log" } @inputs);
$calm->eventually(sub { $calm->logged(qr/SEC_STARTUP/) });
$calm->eventually(settled($calm, %seen), 600) or fail("the undisturbed run has not come to its end");
my $should = last_dump($calm);
$calm->stop('TERM');

$judge->written;
$judge->calendar;
foreach my $input (@inputs) {
    $judge->timed($input, $seen{$input}, (map { [$workload->numbers($input, $_)] } "delayed", "req"), $workload->acknowledged($input));
    $judge->commands($_, $input, $workload->numbers($input, $_)) for Workload->commands;
    $judge->answers($_, $input, $workload->numbers($input, $_)) for "spawn", "script";
}
$judge->repeated_lines if $o{journal} eq "line" && !$o{power};
$judge->states("state, compared with the undisturbed one's", 0, $dump, $should);
$judge->states("state after another start", 1, $again, $dump) if defined($again);

printf("%d kills in %d s (%s), seed %d, journal %s\n", $o{kills}, time() - $began,
    join(", ", map { "$reached{$_} at $_" } sort(keys(%reached))), $o{seed}, $o{journal});
print "  $_: $judge->{told}{$_}\n" for sort(keys(%{ $judge->{told} }));
if (@{ $judge->{problems} }) {
    print "FAIL: $_\n" for @{ $judge->{problems} };
    print "folder: $top\n", $work->log_tail;
    $File::Temp::KEEP_ALL = 1;
    exit(1);
}
print "passed\n";
