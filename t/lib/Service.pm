# SPDX-License-Identifier: GPL-2.0-or-later
# What systemd does with a unit of ours, as far as tests need it: its command lines are run with the
# variables that it sets, and what is told to $NOTIFY_SOCKET is read.
package Service;
use strict;
use warnings;
use File::Temp qw(tempdir);
use IO::Socket::UNIX;
use Program qw(end_by eventually slurp);
use Socket qw(SOCK_DGRAM);

# The unit at this path; each [from, to] of @changes is a text to be replaced in it.
sub new {
    my ($class, $path, @changes) = @_;
    my $text = slurp($path) or die "$path: $!";
    $text =~ s/\\\n\s*/ /g;
    $text =~ s/\Q$_->[0]\E/$_->[1]/g for @changes;
    return bless { path => $path, text => $text, said => "", dir => tempdir(CLEANUP => 1) }, $class;
}

# The unit of this name, where a package has put it, "secant@mail" of the template secant@; run as nobody where
# it asks for a user of its own.
sub installed {
    my ($class, $name) = @_;
    my ($file, $instance) = $name =~ /^([^@]*@?)(.*)$/;
    my ($path) = grep { -e } map { "$_/systemd/system/$file.service" } "/usr/lib", "/lib";
    my $self = $class->new($path // die("there is no unit $name"), ["%i", $instance]);
    $self->{user} = 1 if $self->settings("DynamicUser");
    return $self;
}

sub path { return $_[0]{path} }
sub pid { return $_[0]{pid} }

# What the last command of ExecReload, or ExecStartPre, said.
sub said { return $_[0]{said} }

sub settings {
    my ($self, $name) = @_;
    return $self->{text} =~ /^\Q$name\E=(.*)/mg;
}

# Environment= and then EnvironmentFile=.
sub variables {
    my ($self) = @_;
    my %variables = map { /^"?(\w+)=(.*?)"?$/ } $self->settings("Environment");
    for my $file (map { glob(s/^-//r) } $self->settings("EnvironmentFile")) {
        %variables = (%variables, slurp($file) =~ /^(\w+)="?(.*?)"?$/mg);
    }
    return %variables;
}

# The words of a command line: a word that is a variable becomes its words.
sub words {
    my ($line, %variables) = @_;
    return map {
        /^\$(\w+)$/ ? split(' ', $variables{$1} // "") : s/^'(.*)'$/$1/r
    } $line =~ /'[^']*'|\S+/g;
}

sub in_child {
    my ($self, $line) = @_;
    my @words = words($line, $self->variables);
    @words = (qw(setpriv --reuid=65534 --regid=65534 --groups=4 --no-new-privs), @words) if $self->{user};
    $ENV{NOTIFY_SOCKET} = "$self->{dir}/socket" if $self->{socket};
    $ENV{WATCHDOG_USEC} = 1_800_000_000 if $self->{socket};
    $ENV{MAINPID} = $self->{pid} if $self->{pid};
    open(STDIN, "<", "/dev/null");
    open(STDOUT, ">", "$self->{dir}/said");
    open(STDERR, ">&", \*STDOUT);
    umask(oct(($self->settings("UMask"))[0] // "022"));
    exec(@words) or die "$words[0]: $!";
}

# Runs all commands of a kind until one fails, and gives that one's exit status; "-" before it means
# that its failure is none.
sub run {
    my ($self, $kind) = @_;
    for my $line ($self->settings($kind)) {
        my $lenient = $line =~ s/^-//;
        my $pid = fork() // die "fork: $!";
        $self->in_child($line) if !$pid;
        waitpid($pid, 0);
        my $status = $?;
        $self->{said} = slurp("$self->{dir}/said");
        return $status if $status && !$lenient;
    }
    return 0;
}

sub reload { return $_[0]->run("ExecReload") }

# The folders that systemd makes for a user of the service's own: logs and state in "private", with a link to them.
sub folders {
    my ($self) = @_;
    for my $name ($self->settings("RuntimeDirectory")) {
        mkdir("/run/$name");
        chown(65534, 65534, "/run/$name");
    }
    for my $kind (["LogsDirectory", "/var/log"], ["StateDirectory", "/var/lib"]) {
        my ($setting, $parent) = @$kind;
        mkdir("$parent/private");
        chmod(0755, "$parent/private");    # systemd shows it to the service alone
        for my $name ($self->settings($setting)) {
            mkdir("$parent/private/$name");
            chown(65534, 65534, "$parent/private/$name");
            symlink("private/$name", "$parent/$name");
        }
    }
}

sub start {
    my ($self) = @_;
    chmod(0755, $self->{dir});
    $self->folders if $self->{user};
    $self->run("ExecStartPre") == 0 or return;
    $self->{before} = $self->{said};
    $self->{socket} = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "$self->{dir}/socket", Blocking => 0);
    chmod(0777, "$self->{dir}/socket");
    $self->{pid} = fork() // die "fork: $!";
    $self->in_child(($self->settings("ExecStart"))[0]) if !$self->{pid};
    return;
}

# What ExecStartPre had said.
sub before { return $_[0]{before} }

# The next thing that the manager is told.
sub told {
    my ($self) = @_;
    my ($text, $got);
    eventually(sub { defined($got = $self->{socket}->recv($text, 1000)) }) or return "nothing";
    return $text;
}

sub stop {
    my ($self) = @_;
    my $pid = delete($self->{pid}) or return -1;
    return end_by('TERM', $pid);
}

sub DESTROY {
    my ($self) = @_;
    local $?;
    $self->stop;
}

1;
