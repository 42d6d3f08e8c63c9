#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# What a service manager is told (Type=notify).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use IO::Socket::UNIX;
use Program qw(binary eventually);
use Socket qw(SOCK_DGRAM pack_sockaddr_un);
use Test::More;

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
    is(told($socket), "READY=1", "ready after the start");
    for my $signal ('HUP', 'ABRT') {
        $p->signal($signal);
        like(told($socket), qr/^RELOADING=1\nMONOTONIC_USEC=\d+$/, "reloading at SIG$signal");
        is(told($socket), "READY=1", "and ready again");
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

for my $name ("", "@", "relative", "/nonexistent/socket", "/" . "x" x 200) {
    local $ENV{NOTIFY_SOCKET} = $name;
    my $p = Program->start({ "a.sec" => $rules });
    ok($p->logged("SIGINT can't be used|Opening input file -"), "it runs with NOTIFY_SOCKET=" . substr($name, 0, 30));
    $p->signal('TERM');
    is($p->finish, 0, "and ends well");
}

done_testing();
