# SPDX-License-Identifier: GPL-2.0-or-later
# The program under test is started by rsyslogd (omprog), again and again, and has its lines confirmed.
package Omprog;
use strict;
use warnings;
use parent -norequire, "Engine";
use Engine;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use Program qw(end_by);

use constant BATCH => 16;    # messages in a transaction at the most

# Where it is installed; undef: it is not.
sub installed { return (grep { -x } map { "$_/rsyslogd" } split(/:/, $ENV{PATH}), "/usr/sbin")[0] }

# As an Engine; transactions: "on" or "off".  rsyslogd runs, and starts the program once there is a line for it.
sub new {
    my ($class, %more) = @_;
    my $self = $class->SUPER::new(%more);
    @$self{qw(runs told)} = (0, "$self->{dir}/told");
    my $probe = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1) or die "listen: $!";
    $self->{port} = $probe->sockport;
    close($probe);
    return $self;
}

sub write_files {
    my ($self, @options) = @_;
    my $dir = $self->{dir};
    my %environment = %{ $self->{environment} };
    $environment{PRELOAD} = delete($environment{LD_PRELOAD}) if $environment{LD_PRELOAD};
    mkdir("$dir/work");
    open(my $run, ">", "$dir/run.sh") or die "run.sh: $!";
    print $run "#!/bin/sh\n", (map { "export $_='$environment{$_}'\n" } sort(keys(%environment))),
        "exec $^X $FindBin::Bin/omprog.pl $dir @{ $self->{command} } --log=log --dump=dump --dumpfjson @options\n";
    close($run);
    chmod(0755, "$dir/run.sh");
    open(my $conf, ">", "$dir/rsyslog.conf") or die "rsyslog.conf: $!";
    print $conf <<"END";
global(workDirectory="$dir/work")
module(load="imtcp")
module(load="omprog")
template(name="message" type="string" string="%msg:2:\$%\\n")
input(type="imtcp" address="127.0.0.1" port="$self->{port}" ruleset="secant")
ruleset(name="secant") {
    action(type="omprog" binary="$dir/run.sh" template="message" confirmMessages="on" useTransactions="$self->{transactions}"
           confirmTimeout="120000" queue.type="LinkedList" queue.size="200000" queue.dequeueBatchSize="@{[ BATCH ]}"
           queue.timeoutShutdown="10000" action.resumeRetryCount="-1" action.resumeInterval="0")
}
END
    close($conf);
}

sub start_rsyslogd {
    my ($self, @options) = @_;
    $self->write_files(@options);
    $self->{rsyslogd} = fork() // die "fork: $!";
    if (!$self->{rsyslogd}) {
        open(STDIN, "<", "/dev/null");
        open(STDOUT, ">>", "$self->{dir}/rsyslog.out");
        open(STDERR, ">&", \*STDOUT);
        exec(installed(), "-n", "-f", "$self->{dir}/rsyslog.conf", "-i", "$self->{dir}/rsyslog.pid") or die "rsyslogd: $!";
    }
    $self->SUPER::eventually(sub { $self->{connection} = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $self->{port}) })
        or die "rsyslogd does not listen\n" . $self->slurp("rsyslog.out");
}

# It will be there once rsyslogd has a line for it: "begun".  Without rsyslogd, as any program.
sub start {
    my ($self, $piped, @options) = @_;
    return $self->SUPER::start($piped, @options) if $self->{parted};
    $self->start_rsyslogd(@options) unless $self->{rsyslogd};
    $self->{begin} = -s "$self->{dir}/log" // 0;
    $self->{awaited} = 1;
    return;
}

# Reads what the record of runs has in addition.
sub look {
    my ($self) = @_;
    open(my $runs, "<", "$self->{dir}/runs") or return;
    seek($runs, $self->{runs}, 0);
    while ($self->{awaited} || defined($self->{pid})) {
        my $line = <$runs> // last;
        last unless $line =~ /\n\z/;
        $self->{runs} = tell($runs);
        my ($kind, $value) = split(' ', $line);
        @$self{qw(pid awaited)} = ($value, 0) if $kind eq "r";
        @$self{qw(pid status)} = (undef, $value) if $kind eq "e";
    }
}

sub begun {
    my ($self) = @_;
    $self->look;
    return !$self->{awaited};
}

sub ended {
    my ($self) = @_;
    return $self->SUPER::ended if $self->{parted};
    $self->look;
    return $self->{awaited} || defined($self->{pid}) ? undef : $self->{status};
}

# rsyslogd ends; the program has.
sub part {
    my ($self) = @_;
    $self->{parted} = 1;
    my $rsyslogd = delete($self->{rsyslogd}) or return;
    end_by('TERM', $rsyslogd);
}

sub DESTROY {
    my ($self) = @_;
    kill('KILL', $self->{rsyslogd}) if $self->{rsyslogd};
    $self->SUPER::DESTROY;
}

# What the program was sent and has answered, in order: [line, answer], undef where there is none; "start" for each start.
sub told {
    my ($self) = @_;
    my @told;
    foreach (split(/\n/, $self->slurp("told"))) {
        my ($kind, $text) = /^(\w) ?(.*)/ or next;
        if ($kind ne "a") { push(@told, [$kind eq "r" ? "start" : $text, undef]) }
        elsif (defined($told[-1][1])) { die "answered more than it was told: $text\n" }
        else { $told[-1][1] = $text }
    }
    return @told;
}

1;
