#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Writes a day of syslog of a small site to standard output: thousands of ordinary lines of many
# programs, and incidents, of which each package of rules has some.  The same seed gives the same log.
#
#   generate.pl [--form=FORM] [--ordinary] [SEED]
#   generate.pl --incidents
#
#   --form=FORM   syslog (default), iso (rsyslog of Debian 12 and later) or short-iso (journalctl);
#                 both with the words that the programs of Debian 13 use
#   --ordinary    without the incidents
#   --incidents   not the lines, but what should be found: package, severity, host and name of each
#                 alert, in a line of its own
use strict;
use warnings;
use Getopt::Long;

my ($form, $only_ordinary, $list) = ("syslog", 0, 0);
GetOptions("form=s" => \$form, "ordinary" => \$only_ordinary, "incidents" => \$list) or exit(1);
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

my @hosts = qw(web01 web02 db01 db02 mail01 gw01 lab07 kdc01);    # those with Linux
my @users = qw(alice bob carol dave erin frank grace heidi);
my %key = map { $_ => join("", map { pick("a" .. "z", "A" .. "Z", 0 .. 9) } 1 .. 43) } @users;
my (@lines, @found);    # [second of the day, text]; [package, severity, host and name of an alert]

sub pick { $_[int(rand(@_))] }
sub clock { sprintf("%02d:%02d:%02d", int($_[0] / 3600), int($_[0] / 60) % 60, $_[0] % 60) }

# line(second, host, tag, text): the same second keeps the order of the calls
sub line { push @lines, [$_[0], sprintf("%s %s: %s", @_[1 .. 3])] }

sub sshd { line($_[0], $_[1], "sshd[" . (1000 + int(rand(9000))) . "]", $_[2]) }
sub kernel { line($_[0], $_[1], "kernel", sprintf("[%d.%06d] %s", 800000 + $_[0], rand(1e6), $_[2])) }
sub systemd { line($_[0], $_[1], "systemd[1]", $_[2]) }
sub lan { sprintf("10.20.%d.%d", 1 + rand(4), 10 + rand(200)) }
sub port { 1024 + int(rand(60000)) }

# access(second, host, address, request, status, size): a line of nginx's access log
sub access {
    my ($t, $host, $address, $request, $status, $size) = @_;
    line($t, $host, "nginx", sprintf('%s - - [03/Mar/2026:%s +0000] "%s HTTP/1.1" %d %d "-" "Mozilla/5.0"',
            $address, clock($t), $request, $status, $size));
}

# The switch and the firewall have their own time in their lines as well.
sub switch { line($_[0], "sw01", 99 + int($_[0]) . ": Mar  3 " . clock($_[0]), $_[1]) }
sub firewall { line($_[0], "fw01", "", $_[1]) }

sub windows {
    my ($t, $event, $result, $text) = @_;
    push @lines, [$t, join("#011", "dc01 MSWinEventLog", 1, "Security", int($t), "Tue Mar 03 " . clock($t) . " 2026", $event,
            "Microsoft-Windows-Security-Auditing", "N/A", "N/A", $result, "dc01", "Logon", "", $text, int($t))];
}

my %ordinary = (
    login => sub {
        my ($t, $user, $host) = ($_[0], pick(@users), pick(@hosts));
        my $end = sprintf("%s from %s port %d ssh2", $user, lan(), port());
        sshd($t, $host, "Failed password for $end") if rand() < 0.05;
        sshd($t + 3, $host, "Accepted publickey for $end: ED25519 SHA256:$key{$user}");
        sshd($t + 3, $host, "pam_unix(sshd:session): session opened for user $user(uid=1000) by (uid=0)");
        sshd($t + 60 + rand(3000), $host, "pam_unix(sshd:session): session closed for user $user");
    },
    mail => sub {
        my $id = sprintf("%010X", rand(2**40));
        my ($t, $from) = ($_[0], pick(@users));
        line($t, "mail01", "postfix/submission/smtpd[" . port() . "]",
            "$id: client=unknown[" . lan() . "], sasl_method=PLAIN, sasl_username=$from");
        line($t, "mail01", "postfix/qmgr[711]", sprintf("%s: from=<%s\@example.com>, size=%d, nrcpt=1 (queue active)", $id, $from, 900 + rand(90000)));
        line($t + 1, "mail01", "postfix/smtp[" . port() . "]", "$id: to=<" . pick(@users) . "\@example.net>, relay=mx.example.net[192.0.2.25]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok)");
        line($t + 1, "mail01", "postfix/qmgr[711]", "$id: removed");
    },
    imap => sub {
        my ($t, $user, $rest) = ($_[0], pick(@users), sprintf("rip=%s, lip=10.20.0.25", lan()));
        line($t, "mail01", "dovecot", "imap-login: Login: user=<$user>, method=PLAIN, $rest, mpid=" . port() . ", TLS, session=<x>");
        line($t + rand(600), "mail01", "dovecot", "imap($user)<77><x>: Disconnected: Logged out in=90 out=1400");
    },
    web => sub { access($_[0], pick(qw(web01 web02)), lan(), "GET /" . pick(qw(item list static)) . "/" . int(rand(500)), pick(200, 200, 200, 304, 404), rand(50000)) },
    lease => sub {
        my ($ip, $mac) = (lan(), join(":", "00:16:3e", map { sprintf("%02x", rand(256)) } 1 .. 3));
        line($_[0], "gw01", "dhcpd[402]", "DHCPREQUEST for $ip from $mac via eth1");
        line($_[0], "gw01", "dhcpd[402]", "DHCPACK on $ip to $mac via eth1");
    },
    dns => sub { line($_[0], "gw01", "named[388]", sprintf("client \@0x7f2a %s#%d (www.example.com): query: www.example.com IN A +", lan(), port())) },
    sudo => sub { line($_[0], pick(@hosts), "sudo", sprintf("%8s : TTY=pts/%d ; PWD=/home ; USER=root ; COMMAND=/usr/bin/systemctl status %s", pick(@users), rand(9), pick(qw(nginx cron ssh)))) },
    ticket => sub {
        my $user = pick(@users);
        line($_[0], "kdc01", "krb5kdc[610]", sprintf("AS_REQ (4 etypes {18 17 16 23}) %s: ISSUE: authtime %d, etypes {rep=18 tkt=18 ses=18}, %s\@EX.ORG for krbtgt/EX.ORG\@EX.ORG", lan(), 1772496000 + $_[0], $user));
        windows($_[0], 4624, "Success Audit", "An account was successfully logged on.    New Logon:   Account Name:  $user   Network Information:   Source Network Address: " . lan());
    },
    docker => sub { line($_[0], "lab07", "dockerd[733]", 'time="2026-03-03T00:00:00.1Z" level=info msg="ignoring event" container=' . join("", map { pick(0 .. 9, "a" .. "f") } 1 .. 64) . ' module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete"') },
    blocked => sub { kernel($_[0], "gw01", sprintf("[UFW BLOCK] IN=eth0 OUT= MAC= SRC=203.0.113.%d DST=198.51.100.1 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=%d PROTO=TCP SPT=%d DPT=%d WINDOW=1024 RES=0x00 SYN URGP=0", 50 + rand(200), rand(65536), port(), pick(22, 23, 80, 445, 3389, 8080))) },
    connection => sub {
        my ($t, $number, $ends) = ($_[0], port(), sprintf("for outside:192.0.2.%d/%d", 30 + rand(200), port()));
        firewall($t, "%ASA-6-302013: Built inbound TCP connection $number $ends (192.0.2.30/4001) to inside:10.20.0.7/443 (198.51.100.1/443)");
        firewall($t + rand(90), "%ASA-6-302014: Teardown TCP connection $number $ends to inside:10.20.0.7/443 duration 0:00:01 bytes 1234 TCP FINs");
    },
    desk => sub {
        my ($t, $port) = ($_[0], 10 + int(rand(30)));
        switch($t, "%LINK-3-UPDOWN: Interface GigabitEthernet1/0/$port, changed state to " . pick(qw(up down)));
    },
);

# What comes by the clock.
my %regular = (
    3600 => sub {
        my ($t) = @_;
        line($t + 1020, $_, "CRON[" . port() . "]", "(root) CMD (cd / && run-parts --report /etc/cron.hourly)") foreach @hosts;
        systemd($t + 1900, pick(@hosts), "Started fstrim.service - Discard unused blocks.");
        switch($t + 2400, "%SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 10.20.0.1 port 514 started - CLI initiated");
        line($t + 300, "gw01", "named[388]", "zone example.net/IN: transferred serial " . (2026030300 + int($t / 3600)));
    },
    900 => sub {
        my ($t) = @_;
        line($t + 30, $_, "postgres[812]", "LOG:  checkpoint complete: wrote 204 buffers (1.2%); 0 WAL file(s) added, 0 removed, 1 recycled; write=20.171 s") foreach qw(db01 db02);
        line($t + 40, "web01", "shop[902]", '@cee: {"level":"info","msg":"order stored","service":"shop"}');
        line($t + 50, "web02", "audisp-syslog[511]", "type=USER_START msg=audit($t.100:9): pid=99 uid=0 auid=1000 ses=3 msg='op=PAM:session_open acct=\"alice\" exe=\"/usr/sbin/sshd\" res=success'");
    },
    86400 => sub { line(9000 + 300 * $_, $hosts[$_], "backup-data[" . port() . "]", "snapshot 595e9dd$_ saved") foreach 0 .. 4 },
);

sub ordinary_day {
    my %share = (login => 300, mail => 250, imap => 200, web => 1000, lease => 250, dns => 300, sudo => 60,
        ticket => 100, docker => 30, blocked => 60, connection => 100, desk => 60);
    foreach my $kind (sort keys %share) {
        $ordinary{$kind}->(rand(86000)) for 1 .. $share{$kind};
    }
    foreach my $every (sort keys %regular) {
        $regular{$every}->($every * $_) for 0 .. 86400 / $every - 1;
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

# found(package, alert...): what the package should say of the incident, "severity host name"
sub found { my ($package, @alerts) = @_; push @found, map { "$package $_" } @alerts }

sub people {
    my @dictionary = qw(root admin oracle test guest postgres ubuntu git);
    found("sshd", "warning web01 sshd_guessing", "warning gw01 sshd_guessing", "warning db02 sshd_guessing", "critical db02 sshd_success");
    guessing(8000, "web01", "203.0.113.45", 60, @dictionary);
    guessing(30000, "gw01", "198.51.100.23", 25, @dictionary);
    my $t = guessing(11000, "db02", "192.0.2.99", 31, qw(root bob));
    sshd($t + 4, "db02", "Accepted password for bob from 192.0.2.99 port 40112 ssh2");
    guessing(33000, "web02", "10.20.1.77", 3, "grace");    # she remembers it
    sshd(33030, "web02", "Accepted password for grace from 10.20.1.77 port 51000 ssh2");
    guessing(20000 + 7000 * $_, "mail01", "10.20.3.55", 1, "heidi") for 1 .. 6;    # she only mistypes it

    found("sudo", "notice db02 sudo_root_su", "warning web01 sudo_denied", "warning mail01 sudo_guessing");
    line($t + 40, "db02", "su[2231]", "(to root) bob on pts/0");
    line(41200, "web01", "sudo", "   frank : user NOT in sudoers ; TTY=pts/3 ; PWD=/home/frank ; USER=root ; COMMAND=/usr/bin/apt install nmap");
    line(41900 + 60 * $_, "mail01", "sudo", "   heidi : 3 incorrect password attempts ; TTY=pts/2 ; PWD=/home/heidi ; USER=root ; COMMAND=/usr/bin/mailq") for 0, 1;

    found("logins", "warning gw01 logins_root_console");
    line(42600, "gw01", "login[1811]", "ROOT LOGIN  on '/dev/tty1'");

    found("auditd", "warning web01 auditd_change");
    line(41300, "web01", "audisp-syslog[511]", 'type=SYSCALL msg=audit(1772537300.123:456): arch=c000003e syscall=257 success=yes exit=3 items=2 ppid=98 pid=99 auid=1005 uid=0 tty=pts3 ses=3 comm="visudo" exe="/usr/sbin/visudo" key="sudoers"');
    line(41300, "web01", "audisp-syslog[511]", 'type=PATH msg=audit(1772537300.123:456): item=1 name="/etc/sudoers.d/frank" inode=13 dev=fe:00 mode=0100440 ouid=0 ogid=0 rdev=00:00 nametype=CREATE');

    found("kerberos-ad", "warning kdc01 kerberos_ad_guessing");
    line(47000 + 20 * $_, "kdc01", "krb5kdc[610]", "AS_REQ (4 etypes {18 17 16 23}) 10.20.2.31: PREAUTH_FAILED: dave\@EX.ORG for krbtgt/EX.ORG\@EX.ORG, Decrypt integrity check failed") for 1 .. 14;
    found("windows", "warning dc01 windows_lockout");
    windows(47300, 4740, "Success Audit", "A user account was locked out.    Subject:   Account Name:  DC01\$   Account Domain:  EX    Account That Was Locked Out:   Security ID:  S-1-5-21-1   Account Name:  dave    Additional Information:   Caller Computer Name: WS9");
}

sub machines {
    found("kernel", "warning db01 kernel_disk", "critical db01 kernel_raid", "resolved db01 kernel_raid", "critical lab07 kernel_filesystem",
        "notice web02 kernel_link_moment", "critical gw01 kernel_link", "resolved gw01 kernel_link", "warning web01 kernel_oom");
    kernel(45000 + 2 * $_, "db01", "blk_update_request: I/O error, dev sdb, sector " . (81920 + 8 * $_) . " op 0x0:(READ)") for 1 .. 40;
    kernel(45090, "db01", "md/raid1:md0: Disk failure on sdb1, disabling device.");
    kernel(52300, "db01", "md: md0: recovery done.");
    kernel(61000 + $_, "lab07", "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm ls: reading directory") for 1 .. 6;
    kernel(63000, "web02", "e1000e 0000:00:19.0: eth0: Link is Down");
    kernel(63007, "web02", "e1000e 0000:00:19.0: eth0: Link is Up 1000 Mbps Full Duplex");
    kernel(64000, "web01", "Out of memory: Killed process 2214 (php-fpm) total-vm:4123404kB");
    kernel(65000, "gw01", "igb 0000:01:00.0 enp1s0: Link is Down");
    kernel(66500, "gw01", "igb 0000:01:00.0 enp1s0: Link is Up 1000 Mbps Full Duplex");

    found("systemd", "notice mail01 systemd_restarted", "warning mail01 systemd_restarts", "warning web02 systemd_failed");
    for my $round (0 .. 4) {
        my $t = 67000 + 40 * $round;
        systemd($t, "mail01", "amavis.service: Failed with result 'exit-code'.");
        systemd($t + 10, "mail01", "amavis.service: Scheduled restart job, restart counter is at " . ($round + 1) . ".");
        systemd($t + 10, "mail01", "Started amavis.service - Mail scanner.");
    }
    systemd(70000, "web02", "certbot.service: Failed with result 'timeout'.");

    # Nobody knows why lab07 was off.
    found("volume", "warning lab07 volume_silent", "resolved lab07 volume_silent");
    found("cron", "warning lab07 cron_silent", "resolved lab07 cron_silent", "warning db01 cron_failed");
    found("kernel", "notice lab07 kernel_boot");
    @lines = grep { $_->[1] !~ /^lab07 / || $_->[0] < 70200 || $_->[0] > 81600 } @lines;
    line(81605, "lab07", "kernel", "[    0.000000] Linux version 6.1.0-28-amd64 (debian-kernel\@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0)");
    line(14400, "db01", "CRON[320]", "(root) CMD ([326] /usr/local/bin/vacuum-all)");
    line(14409, "db01", "CRON[320]", "(CRON) error (grandchild #326 failed with exit status 1)");

    found("backup", "warning db02 backup_failed", "resolved db02 backup_failed");
    @lines = grep { $_->[1] !~ /^db02 backup/ } @lines;
    line(9900, "db02", "backup-data[911]", "Fatal: unable to open repository at sftp:backup\@gw01:/srv/db02: connection lost");
    line(34000, "db02", "backup-data[1812]", "snapshot 77af01c2 saved");

    found("containers", "warning lab07 containers_crash_loop");
    line(38000 + 11 * $_, "lab07", "dockerd[733]", 'time="2026-03-03T10:33:20.1Z" level=info msg="ignoring event" container=c44d2f7a9f1f16bb3f6922e7c02215d9618db819fc89f254817b5f52d91f74ea module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete"') for 1 .. 30;
}

sub network {
    found("dhcp", "critical gw01 dhcp_no_leases");
    line(74000 + 3 * $_, "gw01", "dhcpd[402]", sprintf("DHCPDISCOVER from 00:16:3e:00:00:%02x via eth2: network 10.20.9.0/24: no free leases", $_)) for 1 .. 45;

    found("dns", "warning gw01 dns_transfer", "resolved gw01 dns_transfer");
    line(24000 + 1800 * $_, "gw01", "named[388]", "transfer of 'example.org/IN' from 192.0.2.53#53: failed to connect: timed out") for 1 .. 4;
    line(35000, "gw01", "named[388]", "transfer of 'example.org/IN' from 192.0.2.53#53: Transfer status: success");

    found("netfilter", "notice gw01 netfilter_sweep");
    found("portscan", "notice gw01 portscan_ports");
    kernel(16000 + $_, "gw01", "[UFW BLOCK] IN=eth0 OUT= MAC= SRC=198.51.100.200 DST=198.51.100.1 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=$_ PROTO=TCP SPT=40000 DPT=" . (20 + 3 * $_) . " WINDOW=1024 RES=0x00 SYN URGP=0") for 1 .. 40;

    found("cisco-asa", "critical fw01 cisco_asa_link", "resolved fw01 cisco_asa_link");
    firewall(28000, "%ASA-4-411002: Line protocol on Interface dmz, changed state to down");
    firewall(28400, "%ASA-4-411001: Line protocol on Interface dmz, changed state to up");
    found("cisco-ios", "warning sw01 cisco_ios_err_disable");
    switch(31200, "%PM-4-ERR_DISABLE: bpduguard error detected on Gi1/0/7, putting Gi1/0/7 in err-disable state");
}

sub services {
    found("postfix", "warning mail01 postfix_guessing");
    found("block", "notice mail01 block_added");
    line(5000 + 11 * $_, "mail01", "postfix/smtpd[4411]", "warning: unknown[198.51.100.77]: SASL LOGIN authentication failed: UGFzc3dvcmQ6") for 1 .. 20;
    found("dovecot", "warning mail01 dovecot_guessing");
    line(6000 + 17 * $_, "mail01", "dovecot", "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<carol>, method=PLAIN, rip=203.0.113.9, lip=10.20.0.25, TLS, session=<x>") for 1 .. 20;
    found("mail-storm", "warning mail01 mail_storm_account");
    line(55000 + 4 * $_, "mail01", "postfix/submission/smtpd[4499]", sprintf("%010X: client=unknown[203.0.113.210], sasl_method=LOGIN, sasl_username=erin", 2**36 + $_)) for 1 .. 140;

    found("nginx", "warning web02 nginx_upstream");
    line(57000 + 7 * $_, "web02", "nginx", sprintf('2026/03/03 %s [error] 9#9: *3 connect() failed (111: Connection refused) while connecting to upstream, client: 10.20.1.9, server: www.example.org, request: "GET /item HTTP/1.1", upstream: "http://127.0.0.1:9000/item", host: "www.example.org"', clock(57000 + 7 * $_))) for 1 .. 30;
    found("haproxy", "warning gw01 haproxy_server", "resolved gw01 haproxy_server");
    line(57020, "gw01", "haproxy[77]", 'Server shop/web02 is DOWN, reason: Layer7 wrong status, code: 502, info: "Bad Gateway", check duration: 1ms. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.');
    line(57300, "gw01", "haproxy[77]", "Server shop/web02 is UP, reason: Layer7 check passed, code: 200, check duration: 3ms. 2 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.");
    found("web-attacks", "warning web01 web_attacks_exposed", "warning web01 web_attacks_traversal");
    access(18000, "web01", "203.0.113.66", "GET /.env", 200, 812);
    access(18010 + $_, "web01", "203.0.113.66", "GET /?file=..%2f..%2f..%2fetc%2fpasswd", 404, 153) for 1 .. 5;
    found("apache", "warning lab07 apache_crash");
    line(59000, "lab07", "apache2[812]", "[core:notice] [pid 812:tid 98] AH00052: child pid 2493 exit signal Segmentation fault (11)");
    found("databases", "warning db01 databases_guessing");
    line(50000 + 9 * $_, "db01", "postgres[1944]", "[3-1] shop\@shop FATAL:  password authentication failed for user \"shop\"") for 1 .. 15;
    found("json", "warning web01 json_fatal");
    line(50100, "web01", "shop[902]", '@cee: {"level":"fatal","msg":"no connection to the data base","service":"shop"}');

    found("production-servers", map { "critical $_ production_servers_page" } qw(db02 db01 gw01));
}

ordinary_day();
unless ($only_ordinary) {
    people();
    machines();
    network();
    services();
}
if ($list) {
    print "$_\n" foreach @found;
    exit(0);
}

my ($number, $written) = (0, 0);
foreach my $line (sort { $a->[0] <=> $b->[0] || $a->[2] <=> $b->[2] } map { [int($_->[0]), $_->[1], $number++] } @lines) {
    my ($t, $text) = @$line;
    next if $t >= 86400;
    print $stamp{$form}->(clock($t), $written++), " ", $form eq "syslog" ? $text : modern($text), "\n";
}
