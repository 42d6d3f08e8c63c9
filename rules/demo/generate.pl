#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Writes a day of syslog of a small site to standard output: a few thousand ordinary lines of
# several programs, and the incidents that the rules of this folder are about.  The same seed
# gives the same log.
#
#   generate.pl [--form=FORM] [SEED]      FORM: syslog (default), iso (rsyslog of Debian 12 and later)
#                                         or short-iso (journalctl); both with the words that the
#                                         programs of Debian 13 use
use strict;
use warnings;

my $form = @ARGV && $ARGV[0] =~ /^--form=(.*)/ ? $1 : "syslog";
shift if @ARGV && $ARGV[0] =~ /^--form=/;
my %stamp = (
    syslog => sub { sprintf("Mar  3 %s", $_[0]) },
    iso => sub { sprintf("2026-03-03T%s.%06d+00:00", $_[0], $_[1] * 7919 % 1000000) },
    "short-iso" => sub { sprintf("2026-03-03T%s+0000", $_[0]) },
);
$stamp{$form} or die "no form of lines: $form\n";

# What programs of today write otherwise than in the lines below.
sub modern {
    my ($text) = @_;
    $text =~ s/ sshd\[/ sshd-session[/;
    $text =~ s/ sudo: / sudo[4711]: /;
    $text =~ s{COMMAND=/bin/}{COMMAND=/usr/bin/};
    $text =~ s/: Link is / NIC Link is /;
    return $text;
}

srand(shift // 2024);

my @hosts = qw(web01 web02 db01 db02 mail01 gw01 lab07);
my @users = qw(alice bob carol dave erin frank grace heidi);
my @lines;    # [second of the day, text]

sub pick { $_[int(rand(@_))] }

# line(second, host, tag, text): the same second keeps the order of the calls
sub line { push @lines, [$_[0], sprintf("%s %s: %s", @_[1 .. 3])] }

sub sshd { line($_[0], $_[1], "sshd[" . (1000 + int(rand(9000))) . "]", $_[2]) }
sub kernel { line($_[0], $_[1], "kernel", sprintf("[%d.%06d] %s", 800000 + $_[0], rand(1e6), $_[2])) }
sub systemd { line($_[0], $_[1], "systemd[1]", $_[2]) }
sub lan { sprintf("10.20.%d.%d", 1 + rand(4), 10 + rand(200)) }
sub port { 1024 + int(rand(60000)) }

my %ordinary = (
    login => sub {
        my ($t, $user, $host) = ($_[0], pick(@users), pick(@hosts));
        my $end = sprintf("%s from %s port %d ssh2", $user, lan(), port());
        sshd($t, $host, "Failed password for $end") if rand() < 0.05;
        sshd($t + 3, $host, "Accepted publickey for $end: ED25519 SHA256:" . join("", map { pick("a" .. "z") } 1 .. 20));
        sshd($t + 3, $host, "pam_unix(sshd:session): session opened for user $user(uid=1000) by (uid=0)");
        sshd($t + 60 + rand(3000), $host, "pam_unix(sshd:session): session closed for user $user");
    },
    cron => sub { line($_[0], pick(@hosts), "CRON[" . port() . "]", "(root) CMD (cd / && run-parts --report /etc/cron.hourly)") },
    mail => sub {
        my $id = sprintf("%010X", rand(2**40));
        line($_[0], "mail01", "postfix/qmgr[711]", sprintf("%s: from=<%s\@example.com>, size=%d, nrcpt=1 (queue active)", $id, pick(@users), 900 + rand(90000)));
        line($_[0] + 1, "mail01", "postfix/smtp[" . port() . "]", "$id: to=<" . pick(@users) . "\@example.net>, relay=mx.example.net[192.0.2.25]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok)");
    },
    web => sub { line($_[0], pick(qw(web01 web02)), "nginx", sprintf('%s - - "GET /%s/%d HTTP/1.1" %d %d', lan(), pick(qw(item list static)), rand(500), pick(200, 200, 200, 304, 404), rand(50000))) },
    lease => sub {
        my ($ip, $mac) = (lan(), join(":", "00:16:3e", map { sprintf("%02x", rand(256)) } 1 .. 3));
        line($_[0], "gw01", "dhcpd[402]", "DHCPREQUEST for $ip from $mac via eth1");
        line($_[0], "gw01", "dhcpd[402]", "DHCPACK on $ip to $mac via eth1");
    },
    dns => sub { line($_[0], "gw01", "named[388]", sprintf("client \@0x7f2a %s#%d (www.example.com): query: www.example.com IN A +", lan(), port())) },
    sudo => sub { line($_[0], pick(@hosts), "sudo", sprintf("%8s : TTY=pts/%d ; PWD=/home ; USER=root ; COMMAND=/usr/bin/systemctl status %s", pick(@users), rand(9), pick(qw(nginx cron ssh)))) },
    timer => sub { systemd($_[0], pick(@hosts), "Started fstrim.service - Discard unused blocks.") },
);

sub ordinary_day {
    my %share = (login => 450, cron => 160, mail => 700, web => 1000, lease => 250, dns => 500, sudo => 60, timer => 40);
    foreach my $kind (sort keys %share) {
        $ordinary{$kind}->(rand(86000)) for 1 .. $share{$kind};
    }
}

sub guessing {
    my ($t, $host, $source, $times, @names) = @_;
    for (1 .. $times) {
        my $user = pick(@names);
        my $who = (grep { $_ eq $user } @users, "root") ? $user : "invalid user $user";
        sshd($t += 1 + int(rand(4)), $host, "Failed password for $who from $source port " . port() . " ssh2");
    }
    return $t;
}

sub incidents {
    my @dictionary = qw(root admin oracle test guest postgres ubuntu git);
    guessing(8000, "web01", "203.0.113.45", 60, @dictionary);
    guessing(30000, "gw01", "198.51.100.23", 25, @dictionary);
    my $t = guessing(11000, "db02", "192.0.2.99", 31, qw(root bob));
    sshd($t + 4, "db02", "Accepted password for bob from 192.0.2.99 port 40112 ssh2");
    line($t + 40, "db02", "sudo", "     bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/bash");
    guessing(33000, "web02", "10.20.1.77", 3, "grace");
    sshd(33030, "web02", "Accepted password for grace from 10.20.1.77 port 51000 ssh2");

    line(36000, "lab07", "sudo", "    erin : TTY=pts/1 ; PWD=/home/erin ; USER=root ; COMMAND=/bin/bash");
    line(41200, "web01", "sudo", "   frank : user NOT in sudoers ; TTY=pts/3 ; PWD=/home/frank ; USER=root ; COMMAND=/usr/bin/apt install nmap");
    line(41900, "mail01", "sudo", "   heidi : 3 incorrect password attempts ; TTY=pts/2 ; PWD=/home/heidi ; USER=root ; COMMAND=/usr/bin/mailq");

    kernel(45000 + 2 * $_, "db01", "blk_update_request: I/O error, dev sdb, sector " . (81920 + 8 * $_) . " op 0x0:(READ)") for 1 .. 40;
    kernel(45090, "db01", "md/raid1:md0: Disk failure on sdb1, disabling device.");
    kernel(52300, "db01", "md: md0: recovery done.");
    kernel(61000 + $_, "lab07", "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm ls: reading directory") for 1 .. 6;
    kernel(63000, "web02", "e1000e 0000:00:19.0: eth0: Link is Down");
    kernel(63007, "web02", "e1000e 0000:00:19.0: eth0: Link is Up 1000 Mbps Full Duplex");
    kernel(65000, "gw01", "igb 0000:01:00.0 enp1s0: Link is Down");
    kernel(66500, "gw01", "igb 0000:01:00.0 enp1s0: Link is Up 1000 Mbps Full Duplex");
    kernel(64000, "web01", "Out of memory: Killed process 2214 (php-fpm) total-vm:4123404kB");

    for my $round (0 .. 4) {
        systemd(67000 + 40 * $round, "mail01", "amavis.service: Failed with result 'exit-code'.");
        systemd(67010 + 40 * $round, "mail01", "Started amavis.service - Mail scanner.");
    }
    systemd(70000, "web02", "certbot.service: Failed with result 'timeout'.");

    line(74000 + 3 * $_, "gw01", "dhcpd[402]", sprintf("DHCPDISCOVER from 00:16:3e:00:00:%02x via eth2: network 10.20.9.0/24: no free leases", $_)) for 1 .. 45;
    guessing(20000 + 7000 * $_, "mail01", "10.20.3.55", 1, "heidi") for 1 .. 6;    # she only mistypes it
}

ordinary_day();
incidents();

my ($number, $written) = (0, 0);
foreach my $line (sort { $a->[0] <=> $b->[0] || $a->[2] <=> $b->[2] } map { [int($_->[0]), $_->[1], $number++] } @lines) {
    my ($t, $text) = @$line;
    next if $t >= 86400;
    my $time = sprintf("%02d:%02d:%02d", int($t / 3600), int($t / 60) % 60, $t % 60);
    print $stamp{$form}->($time, $written++), " ", $form eq "syslog" ? $text : modern($text), "\n";
}
