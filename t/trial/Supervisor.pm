# SPDX-License-Identifier: GPL-2.0-or-later
# Stands in for systemd where there is none: one process that starts what units say, holds their sockets, watches
# the processes, starts them again as Restart= wants, and answers t/trial/systemctl.
#
# Like systemd: a unit is as it was at the last daemon-reload; stop sends SIGTERM, then SIGCONT to all of its
# processes; kill reaches all of them, or with --kill-whom=main the main one.  Unlike it: no cgroups (processes of a
# unit are the descendants of what it started), no dependencies but sockets, no sandbox, no limits.
package Supervisor;
use strict;
use warnings;
use Fcntl qw(F_SETFD);
use File::Path qw(make_path);
use IO::Select;
use IO::Socket::UNIX;
use POSIX qw(WNOHANG dup2);
use Program qw(slurp);
use Socket qw(SOCK_DGRAM SOCK_STREAM);
use Time::HiRes qw(sleep time);
use Unit;

use constant { PAUSE => 0.01, START_TIMEOUT => 90 };

# Below a root; what services write to their standard outputs goes to NAME.out in $folder.
sub new {
    my ($class, $root, $folder) = @_;
    make_path($folder);
    unlink("$folder/control");
    my $self = bless { root => $root, folder => $folder, services => {}, sockets => {} }, $class;
    $self->{control} = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "$folder/control", Listen => 10) or die "$folder/control: $!";
    return $self;
}

# Orphans become ours (PR_SET_CHILD_SUBREAPER).
sub adopt_orphans {
    my %number = (x86_64 => 157, aarch64 => 167);
    my $number = $number{ (POSIX::uname())[4] } or return;
    syscall($number, 36, 1, 0, 0, 0);
}

# Until `systemctl` says exit.
sub run {
    my ($self) = @_;
    adopt_orphans();
    my $select = IO::Select->new($self->{control});
    while (!$self->{over}) {
        $self->tick;
        next unless $select->can_read(PAUSE);
        my $client = $self->{control}->accept or next;
        $self->answer($client);
    }
    $self->stop($_) for keys %{ $self->{services} };
}

# A request is its words, each with a NUL after it; the answer an exit status and text.
sub answer {
    my ($self, $client) = @_;
    local $SIG{PIPE} = 'IGNORE';
    my $line = <$client> // return;
    chomp($line);
    my ($status, $text) = $self->request(split(/\0/, $line));
    print $client "$status\n$text";
    close($client);
}

my %verbs = (
    start => \&start, stop => \&stop, restart => \&restart, "try-restart" => \&try_restart, reload => \&reload, kill => \&signal,
    show => \&show, status => \&status, cat => \&cat, "is-active" => \&is_active, "reset-failed" => sub { return (0, "") },
    enable => sub { return (0, "") }, disable => sub { return (0, "") },
);

sub request {
    my ($self, @words) = @_;
    my %options;
    my @plain;
    while (defined(my $word = shift(@words))) {
        if ($word =~ /^--?(kill-who|kill-whom|signal|property|s|p)(?:=(.*))?$/) {
            push(@{ $options{ { s => "signal", p => "property", "kill-who" => "kill-whom" }->{$1} // $1 } }, $2 // shift(@words));
        } elsif ($word =~ /^--?(.+)/) {
            $options{$1} = 1;
        } else {
            push(@plain, $word);
        }
    }
    my ($verb, @names) = @plain;
    $self->{over} = 1, return (0, "") if $verb eq "exit";
    $self->{units} = {}, return (0, "") if $verb eq "daemon-reload";
    my $sub = $verbs{$verb} or return (1, "this stand-in for systemctl does not know: $verb\n");
    my ($status, $text) = (0, "");
    for my $name (map { /\.\w+$/ ? $_ : "$_.service" } @names) {
        my ($this, $said) = $self->unit($name) ? $sub->($self, $name, \%options) : (5, "Unit $name not found.\n");
        $status ||= $this;
        $text .= $said;
    }
    return ($status, $text);
}

sub unit {
    my ($self, $name) = @_;
    return $self->{units}{$name} //= Unit->find($self->{root}, $name);
}

sub service {
    my ($self, $name) = @_;
    return $self->{services}{$name} //= { state => "inactive", pid => 0, out => "$self->{folder}/$name.out" };
}

# --- starting --------------------------------------------------------------------------------------

# The sockets of a service: made once, and kept while it does not run.
sub sockets {
    my ($self, $name) = @_;
    my $unit = $self->unit($name);
    for my $socket (grep { /\.socket$/ } map { split } $unit->list("Requires", "Unit"), $unit->list("Sockets")) {
        my $of = $self->unit($socket) or next;
        for my $path (map { "$self->{root}$_" } $of->list("ListenDatagram", "Socket")) {
            next if $self->{sockets}{$name}{$path};
            unlink($path);
            make_path($path =~ s{/[^/]*$}{}r);
            $self->{sockets}{$name}{$path} = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $path) or die "$path: $!";
        }
    }
    return @{ $self->{sockets}{$name} // {} }{ sort keys %{ $self->{sockets}{$name} // {} } };
}

sub in_child {
    my ($self, $name, $words, $notify, @sockets) = @_;
    my %variables = $self->unit($name)->variables;
    @ENV{ keys %variables } = values %variables;
    $ENV{NOTIFY_SOCKET} = $notify if $notify;
    $ENV{MAINPID} = $self->service($name)->{pid} if $self->service($name)->{pid};
    @ENV{qw(LISTEN_FDS LISTEN_PID)} = (scalar(@sockets), $$) if @sockets;
    open(STDIN, "<", "/dev/null");
    open(STDOUT, ">>", $self->service($name)->{out});
    open(STDERR, ">&", \*STDOUT);
    my @kept; # not closed by exec
    my @numbers = map { POSIX::dup(fileno($_)) } @sockets;
    for my $i (0 .. $#numbers) {
        dup2($numbers[$i], 3 + $i) if $numbers[$i] != 3 + $i;
        open($kept[$i], "<&=", 3 + $i) and fcntl($kept[$i], F_SETFD, 0);
    }
    exec({ $words->[0] } @$words) or do { print STDERR "$words->[0]: $!\n"; POSIX::_exit(203) };
}

# Runs the commands of a kind, one after the other; does one fail?
sub commands_fail {
    my ($self, $name, $kind) = @_;
    my $service = $self->service($name);
    for my $command ($self->unit($name)->commands($kind, MAINPID => $service->{pid})) {
        my $pid = $self->spawn($name, $command->{words});
        my $status = $self->wait_for($pid);
        return 1 if $status && !$command->{lenient};
    }
    return 0;
}

sub spawn {
    my ($self, $name, $words, @more) = @_;
    my $pid = fork() // die "fork: $!";
    $self->in_child($name, $words, @more) if !$pid;
    $self->{of}{$pid} = $name;
    return $pid;
}

# The exit status of a process that is ours, while all else goes on.
sub wait_for {
    my ($self, $pid) = @_;
    my $end = time() + START_TIMEOUT;
    sleep(PAUSE), $self->tick until exists($self->{ended}{$pid}) || time() > $end;
    kill('KILL', $pid) unless exists($self->{ended}{$pid});
    return delete($self->{ended}{$pid}) // 1;
}

sub start {
    my ($self, $name) = @_;
    my $service = $self->service($name);
    return (0, "") if $service->{state} eq "active";
    $service->{state} = "inactive";
    return (1, "$name failed to start: see $service->{out}\n") unless $self->launch($name);
    return (0, "");
}

sub launch {
    my ($self, $name) = @_;
    my ($unit, $service) = ($self->unit($name), $self->service($name));
    @$service{qw(stopping again)} = (0, undef);
    return 0 if $self->commands_fail($name, "ExecStartPre");
    my ($command) = $unit->commands("ExecStart");
    my $type = $unit->one("Type", "simple");
    my $notify = $type eq "notify" ? "$self->{folder}/$name.notify" : undef;
    my $told = $notify && do { unlink($notify); IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $notify, Blocking => 0) };
    my $pid = $self->spawn($name, $command->{words}, $notify, $self->sockets($name));
    my $alive = $type eq "forking" ? $self->forked($unit, $service, $pid) : $self->ready($service, $pid, $told);
    $service->{state} = $alive ? "active" : "failed";
    return $alive;
}

# Type=forking: the command ends, and the PID file names what stays.
sub forked {
    my ($self, $unit, $service, $pid) = @_;
    my $file = $unit->one("PIDFile");
    return 0 if $self->wait_for($pid);
    for (my $end = time() + START_TIMEOUT; time() < $end; sleep(PAUSE), $self->tick) {
        my ($main) = slurp($self->{root} . ($file =~ m{^/} ? $file : "/run/$file")) =~ /^(\d+)\n/ or next;
        next unless alive($main);
        $service->{pid} = $main;
        return 1;
    }
    return 0;
}

sub ready {
    my ($self, $service, $pid, $told) = @_;
    $service->{pid} = $pid;
    return 1 unless $told;
    for (my $end = time() + START_TIMEOUT; time() < $end && !exists($self->{ended}{$pid}); sleep(PAUSE), $self->tick) {
        my $text;
        return 1 if defined($told->recv($text, 4096)) && $text =~ /^READY=1$/m;
    }
    return 0;
}

# Is there such a process, and is it no zombie?
sub alive {
    my ($pid) = @_;
    return slurp("/proc/$pid/stat") =~ /^\d+ \(.*\) [^ZX]/s;
}

# --- watching --------------------------------------------------------------------------------------

# Takes in what has ended, and starts again what is to be.
sub tick {
    my ($self) = @_;
    while ((my $pid = waitpid(-1, WNOHANG)) > 0) {
        $self->{ended}{$pid} = $?;
    }
    for my $name (sort keys %{ $self->{services} }) {
        my $service = $self->{services}{$name};
        $self->gone($name) if $service->{state} eq "active" && !$service->{stopping} && !alive($service->{pid});
        $self->launch($name) if $service->{again} && time() >= $service->{again};
    }
}

sub gone {
    my ($self, $name) = @_;
    my ($unit, $service) = ($self->unit($name), $self->service($name));
    my $status = delete($self->{ended}{ $service->{pid} }) // 0;
    @$service{qw(pid state)} = (0, $status ? "failed" : "inactive");
    $service->{ends}++;
    my $restart = $unit->one("Restart", "no");
    return unless $restart eq "always" || $restart eq ($status ? "on-failure" : "on-success");
    @$service{qw(state again)} = ("activating", time() + $unit->seconds("RestartSec", 0.1));
}

# A process and what it has started.
sub family {
    my ($pid) = @_;
    return ($pid, map { family($_) } map { split(' ', slurp($_)) } glob("/proc/$pid/task/*/children"));
}

sub stop {
    my ($self, $name) = @_;
    my ($unit, $service) = ($self->unit($name), $self->service($name));
    $service->{again} = undef;
    $service->{state} = "inactive" if $service->{state} ne "active";
    return (0, "") if $service->{state} eq "inactive";
    $service->{stopping} = 1;
    $self->commands_fail($name, "ExecStop");
    my @family = $unit->one("KillMode", "control-group") eq "control-group" ? family($service->{pid}) : $service->{pid};
    kill('TERM', @family);
    kill('CONT', @family);
    my $end = time() + $unit->seconds("TimeoutStopSec", 90);
    sleep(PAUSE), $self->tick while alive($service->{pid}) && time() < $end;
    kill('KILL', grep { alive($_) } @family);
    delete($self->{ended}{ $service->{pid} });
    @$service{qw(state pid stopping)} = ("inactive", 0, 0);
    return (0, "");
}

sub restart {
    my ($self, $name) = @_;
    $self->stop($name);
    return $self->start($name);
}

sub try_restart {
    my ($self, $name) = @_;
    return $self->service($name)->{state} eq "active" ? $self->restart($name) : (0, "");
}

sub reload {
    my ($self, $name) = @_;
    return (1, "$name is not active, cannot reload.\n") unless $self->service($name)->{state} eq "active";
    return (1, "Job type reload is not applicable for unit $name.\n") unless $self->unit($name)->list("ExecReload");
    return $self->commands_fail($name, "ExecReload") ? (1, "Job for $name failed.\n") : (0, "");
}

sub signal {
    my ($self, $name, $options) = @_;
    my $service = $self->service($name);
    return (1, "$name is not running\n") unless $service->{pid};
    my $signal = ($options->{signal} // ["TERM"])->[-1] =~ s/^SIG//r;
    kill($signal, ($options->{"kill-whom"} // ["all"])->[-1] eq "main" ? $service->{pid} : family($service->{pid}));
    return (0, "");
}

# --- telling ---------------------------------------------------------------------------------------

sub properties {
    my ($self, $name) = @_;
    my $service = $self->service($name);
    my $unit = $self->unit($name);
    return (MainPID => $service->{pid}, ActiveState => $service->{state}, Type => $unit->one("Type", "simple"), LoadState => "loaded",
        FragmentPath => ($unit->files)[0], Restart => $unit->one("Restart", "no"), PIDFile => $unit->one("PIDFile", ""));
}

sub show {
    my ($self, $name, $options) = @_;
    my %properties = $self->properties($name);
    my @wanted = $options->{property} ? map { split(/,/) } @{ $options->{property} } : sort keys %properties;
    return (0, join("", map { ($options->{value} ? "" : "$_=") . ($properties{$_} // "") . "\n" } @wanted));
}

sub is_active {
    my ($self, $name, $options) = @_;
    my $state = $self->service($name)->{state};
    return ($state eq "active" ? 0 : 3, $options->{quiet} || $options->{q} ? "" : "$state\n");
}

sub status {
    my ($self, $name) = @_;
    my $service = $self->service($name);
    return ($service->{state} eq "active" ? 0 : 3, "$name: $service->{state}" . ($service->{pid} ? ", main PID $service->{pid}" : "") . "\n");
}

sub cat {
    my ($self, $name) = @_;
    return (0, join("\n", map { "# $_\n" . slurp($_) } $self->unit($name)->files));
}

1;
