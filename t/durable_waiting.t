#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# --state=FOLDER: what was handed to a command or a peer and had not left the program when it was killed is taken again,
# whole; what had left is not; with --at-most-once nothing is.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/durable";
use Engine;
use IO::Select;
use JSON::PP;
use Program qw(binary eventually slurp spew);
use Socket qw(AF_INET INADDR_LOOPBACK SOCK_STREAM pack_sockaddr_in unpack_sockaddr_in);
use Test::More;

my $secant = abs_path((split(' ', binary()))[0]) // "";
plan skip_all => binary() . " is not built" unless -x $secant;

# More than a pipe holds.
my $large = "x" x 200_000;

sub world {
    my ($rules) = @_;
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/rules.sec", $rules);
    spew("$dir/in", "");
    # Takes its input when it may, and whole: a part that was cut off lasts too.
    spew("$dir/slow", "#!/bin/sh\nwhile [ ! -e may ] && [ -e in ]; do sleep 0.05; done\ncat >run/\$1.\$\$\nmv run/\$1.\$\$ out/\$1.\$\$\n");
    chmod(0755, "$dir/slow");
    return Engine->new(dir => $dir, command => [$secant, "--conf=rules.sec", "--input=in", "--intevents", "--debug=6", "--state=state", "--journal=line"]);
}

sub up {
    my ($e, @options) = @_;
    my $first = !-e "$e->{dir}/state";
    $e->start(0, @options);
    return $e->eventually(sub { $first ? grep { /^journal/ } keys(%{ $e->state_files }) : $e->logged(qr/Creating SEC internal event.*SEC_STATE_RESTORED|SEC_STATE_RESTORED/) });
}

sub feed {
    my ($e, @lines) = @_;
    open(my $in, ">>", "$e->{dir}/in") or die "in: $!";
    print $in map { "$_\n" } @lines;
}

# The entries of all journals, of these kinds.
sub entries {
    my ($e, @kinds) = @_;
    my $text = `'$secant' state export json '$e->{dir}/state' 2>/dev/null`;
    return grep { my $entry = $_; grep { $_ eq ($entry->{kind} // "") } @kinds } map { JSON::PP->new->decode($_) } split(/\n/, $text);
}

sub got { my ($e, $name) = @_; return map { slurp($_) } glob("$e->{dir}/out/$name.*") }
sub may { my ($e) = @_; spew("$e->{dir}/may", "") }

for my $action (["pipe", "pipe '%x' ./slow got"], ["pipeexec", "pipeexec '%x' ./slow got"], ["report", "create R; fill R %x; report R ./slow got"]) {
    my ($name, $text) = @$action;
    my $rules = <<"END";
type=Single
ptype=RegExp
pattern=^go (\\w+)
desc=a command that waits
action=lcall %x \$1 -> ( sub { \$_[0] x 200_000 } ); $text
END
    subtest "$name: input that the command has not taken" => sub {
        my $e = world($rules);
        ok(up($e), "it starts");
        feed($e, "go x", "more");
        ok($e->eventually(sub { entries($e, "feed") }), "that it waits is in the journal");
        $e->stop('KILL');
        ok(up($e), "it starts again");
        ok($e->logged(qr/When the last run ended, the input of '\.\/slow got' had not left it, which is taken again/), "and says what it does");
        $e->stop('KILL');
        ok(up($e), "and once more");
        may($e);
        ok($e->eventually(sub { grep { $_ eq "$large\n" } got($e, "got") }), "the command has all of it");
        ok($e->eventually(sub { entries($e, "left") }), "then it waits no longer");
        $e->stop('KILL');
        my $before = () = got($e, "got");
        ok(up($e), "it starts again");
        ok(!$e->logged(qr/had not left it/), "nothing is left to be done");
        $e->stop('TERM');
    };

    subtest "$name: not twice with --at-most-once" => sub {
        my $e = world($rules);
        ok(up($e, "--at-most-once"), "it starts");
        feed($e, "go x", "more");
        ok($e->eventually(sub { entries($e, "feed") }), "that it waits is in the journal");
        $e->stop('KILL');
        may($e);
        ok(up($e, "--at-most-once"), "it starts again");
        ok($e->logged(qr/The run before was about to do 'pipe' \('\.\/slow got'\), which is not done again/), "and says that it does not");
        $e->stop('TERM');
        is(scalar(grep { $_ eq "$large\n" } got($e, "got")), 0, "nothing came twice");
    };
}

subtest "a normal end leaves it to another process" => sub {
    my $e = world("type=Single\nptype=RegExp\npattern=^go\ndesc=waits\naction=lcall %x -> ( sub { 'x' x 200_000 } ); pipe '%x' ./slow got\n");
    ok(up($e, "--nochildterm"), "it starts");
    feed($e, "go", "more");
    ok($e->eventually(sub { entries($e, "feed") }), "it waits");
    $e->stop('TERM');
    ok(up($e), "it starts again");
    ok(!$e->logged(qr/had not left it/), "nothing is to be done again");
    may($e);
    ok(eventually(sub { grep { $_ eq "$large\n" } got($e, "got") }), "the command has all of it");
    $e->stop('TERM');
    is(scalar(got($e, "got")), 1, "once");
};

# A peer that takes no connection: all that may wait for one do.
sub busy_peer {
    socket(my $peer, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
    bind($peer, pack_sockaddr_in(0, INADDR_LOOPBACK)) && listen($peer, 0) or die "peer: $!";
    my $name = getsockname($peer);
    my @full;
    for (1 .. 8) {
        socket(my $one, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
        $one->blocking(0);
        connect($one, $name);
        push(@full, $one);
    }
    return ($peer, (unpack_sockaddr_in($name))[0], \@full);
}

# All that comes, until this has.
sub received {
    my ($peer, $wanted) = @_;
    my ($select, $text) = (IO::Select->new($peer), "");
    my $come = eventually(sub {
        for my $one ($select->can_read(0.1)) {
            if ($one == $peer) {
                my $connection;
                $select->add($connection) if accept($connection, $peer);
            } elsif (!sysread($one, $text, 65536, length($text))) {
                $select->remove($one);
            }
        }
        return $text =~ $wanted;
    });
    return $come ? $text : "nothing: $text";
}

subtest "an event for a peer that does not take the connection yet" => sub {
    my ($peer, $port, $full) = busy_peer();
    my $e = world("type=Single\nptype=RegExp\npattern=^go\ndesc=\$0\naction=tcpsock 127.0.0.1:$port %s\n");
    ok(up($e), "it starts");
    feed($e, "go one", "go two", "more");
    ok($e->eventually(sub { entries($e, "send") == 2 }), "that two events wait is in the journal") or diag(explain([entries($e, "send")]));
    $e->stop('KILL');
    close($_) for splice(@$full);
    ok(up($e, "--socket-timeout=1000"), "it starts again");
    ok($e->logged(qr/an event for '127\.0\.0\.1:$port' had not left it, which is taken again/), "and says what it does");
    like(received($peer, qr/go two/), qr/go one.*go two/s, "the peer gets both, in order");
    ok($e->eventually(sub { entries($e, "left") == 2 }), "then they wait no longer");
    $e->stop('TERM');
};

done_testing();
