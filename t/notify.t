#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# What a service manager is told (Type=notify, WatchdogSec=).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use IO::Socket::UNIX;
use Program qw(binary end_by eventually spew);
use Socket qw(SOCK_DGRAM pack_sockaddr_un);
use Test::More;
use Time::HiRes;

plan skip_all => binary() . " is not built" unless -x (split(' ', binary()))[0];

my $rules = "type=Single\nptype=SubStr\npattern=x\ndesc=d\naction=none\n";

sub told {
    my ($socket) = @_;
    my ($text, $got);
    eventually(sub { defined($got = $socket->recv($text, 1000)) }) or return "nothing";
    return $text;
}

sub life {
    my ($socket, $name) = @_;
    $socket->blocking(0);
    local $ENV{NOTIFY_SOCKET} = $name;
    my $p = Program->start({ "a.sec" => $rules });
    is(told($socket), "READY=1\nSTATUS=1 rule, 1 of 1 inputs open", "ready after the start");
    for my $signal ('HUP', 'ABRT') {
        $p->signal($signal);
        like(told($socket), qr/^RELOADING=1\nMONOTONIC_USEC=\d+$/, "reloading at SIG$signal");
        is(told($socket), "READY=1\nSTATUS=1 rule, 1 of 1 inputs open", "and ready again");
    }
    $p->signal('TERM');
    is(told($socket), "STOPPING=1", "stopping at SIGTERM");
    is($p->finish, 0, "the end");
}

my $dir = tempdir(CLEANUP => 1);
subtest "a socket with a path" => sub {
    life(IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "$dir/socket"), "$dir/socket");
};
subtest "an abstract socket" => sub {
    plan skip_all => "Linux only" unless $^O eq "linux";
    socket(my $socket, Socket::AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
    bind($socket, pack_sockaddr_un("\0secant-test-$$")) or die "bind: $!";
    life(bless($socket, "IO::Socket::UNIX"), "\@secant-test-$$");
};

# What is seen of the service: too few rules, inputs that come and go.
sub manager {
    return IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "$dir/" . shift, Blocking => 0);
}

subtest "the status" => sub {
    my $socket = manager("status");
    local $ENV{NOTIFY_SOCKET} = "$dir/status";
    my $p = Program->start({ "a.sec" => $rules, "b.sec" => "" }, "--input=late", "--reopen-timeout=1");
    is(told($socket), "READY=1\nSTATUS=1 rule, 1 of 2 inputs open", "an input is missing");
    spew("$p->{dir}/late", "");
    is(told($socket), "STATUS=1 rule, 2 of 2 inputs open", "it has come");
    spew("$p->{dir}/b.sec", "$rules\n$rules\n$rules");
    $p->signal('ABRT');
    like(told($socket), qr/^RELOADING=1/, "a reload");
    is(told($socket), "READY=1\nSTATUS=4 rules, 2 of 2 inputs open", "and its rules");
    spew("$p->{dir}/$_.sec", "# none\n") for "a", "b";
    unlink("$p->{dir}/late");
    $p->signal('HUP');
    like(told($socket), qr/^RELOADING=1/, "a restart");
    is(told($socket), "READY=1\nSTATUS=No rules loaded, 1 of 2 inputs open", "and what is left");
    $p->signal('TERM');
    $p->finish;
};

subtest "no input" => sub {
    my $socket = manager("nothing");
    local $ENV{NOTIFY_SOCKET} = "$dir/nothing";
    my %status = ("" => "1 rule, no input", "--input=missing" => "1 rule, none of 1 inputs open");
    spew("$dir/a.sec", $rules);
    for my $option (sort keys %status) {
        my $pid = fork() // die "fork: $!";
        if (!$pid) {
            chdir($dir);
            exec(split(' ', binary()), "--conf=a.sec", grep { $_ } $option) or die "exec: $!";
        }
        is(told($socket), "READY=1\nSTATUS=$status{$option}", "told with '$option'");
        end_by('TERM', $pid);
        is(told($socket), "STOPPING=1", "and ended");
    }
};

subtest "signs of life" => sub {
    my $socket = manager("life");
    local $ENV{NOTIFY_SOCKET} = "$dir/life";
    local $ENV{WATCHDOG_USEC} = 400_000;
    my $p = Program->start({ "a.sec" => $rules });
    like(told($socket), qr/^READY=1/, "started");
    is(told($socket), "WATCHDOG=1", "alive while there is nothing to do: $_") for 1 .. 3;
    $p->signal('TERM');
    $p->finish;
};

subtest "signs of life are for another process" => sub {
    my $socket = manager("other");
    local $ENV{NOTIFY_SOCKET} = "$dir/other";
    local $ENV{WATCHDOG_USEC} = 100_000;
    local $ENV{WATCHDOG_PID} = $$;
    my $p = Program->start({ "a.sec" => $rules });
    like(told($socket), qr/^READY=1/, "started");
    Time::HiRes::sleep(0.5);
    $p->signal('TERM');
    is(told($socket), "STOPPING=1", "none was given");
    $p->finish;
};

for my $name ("", "@", "relative", "/nonexistent/socket", "/" . "x" x 200) {
    local $ENV{NOTIFY_SOCKET} = $name;
    my $p = Program->start({ "a.sec" => $rules });
    ok($p->logged("SIGINT can't be used|Opening input file -"), "it runs with NOTIFY_SOCKET=" . substr($name, 0, 30));
    $p->signal('TERM');
    is($p->finish, 0, "and ends well");
}

done_testing();
