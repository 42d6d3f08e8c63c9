#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Each shipped rule set alerts on the lines that its programs write today, in each form of the time,
# and is silent on others: run by secant, and by SEC where it is installed.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use Test::More;
use lib "$FindBin::Bin/lib";
use Program qw(reference spew slurp eventually);

my $rules = dirname(dirname(abs_path(__FILE__))) . "/rules";
plan skip_all => Program::binary() . " is not built" unless -x Program::binary();
my %program = (secant => Program::binary());
my $sec = reference();
$program{sec} = $sec if $sec;
note("SEC is not installed: the rules run with secant only") unless $sec;

my %stamp = (
    traditional => "Nov 27 07:52:49",
    "one digit" => "Nov  7 07:52:49",
    iso => "2026-11-27T07:52:49.123456+00:00",
    "short-iso" => "2026-11-27T07:52:49+0000",
);

# What every system writes, and no rule set alerts on.
my @ordinary = (
    "gw CRON[713]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)",
    "gw systemd[1]: Started fstrim.service - Discard unused blocks.",
    "gw systemd-logind[402]: New session 12 of user bob.",
    "gw kernel: [   12.345678] EXT4-fs (sda1): mounted filesystem with ordered data mode.",
    "gw sshd-session[99]: pam_unix(sshd:session): session opened for user bob(uid=1000) by (uid=0)",
    # A stranger chooses user names: they must not pass for lines of another kind.
    "gw sshd[99]: Invalid user sshd[1]: Accepted password for root from 192.0.2.66 port 1 ssh2 from 192.0.2.67 port 5",
);

my $guess = "Failed password for invalid user";
my $faults = "h1 kernel: [81.5] I/O error, dev sda, sector 2048 op 0x0:(READ)\n"
    . "h1 kernel: EXT4-fs (sda1): Remounting filesystem read-only\n"
    . "h1 kernel: [81.6] EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm ls: reading directory";
my $sectors = "smartd[612]: Device: /dev/sda [SAT], 8 Currently unreadable (pending) sectors";

# Lines without their time, and what is written. "=" before a line: it is fed as it is; TIME in an
# alert is the time of the lines.
my @sets = (
    {
        file => "ssh-logins.sec",
        lines => ["gw sshd[411]: Accepted publickey for ann from 10.1.1.9 port 4001 ssh2: ED25519 SHA256:abc",
            "gw sshd-session[412]: Accepted password for root from 2001:db8::1 port 4002 ssh2"],
        alerts => ["TIME: ann on gw by publickey from 10.1.1.9, port 4001",
            "TIME: root on gw by password from 2001:db8::1, port 4002",
            "warning: root on gw by password from 2001:db8::1"],
    },
    {
        file => "ssh-cache.sec",
        lines => ["gw sshd[411]: $guess admin from 192.0.2.1 port 4001 ssh2",
            "gw sshd-session[412]: Failed password for root from 2001:db8::1 port 4001 ssh2",
            "gw sshd-session[412]: $guess root from 1.1.1.1 port 1 from 192.0.2.9 port 4001 ssh2",
            "gw sshd-session[413]: Accepted publickey for ann from 198.51.100.1 port 4001 ssh2: RSA SHA256:abc",
            "gw sshd-session[414]: Accepted publickey for ann from 10.1.1.1 port 4001 ssh2: RSA SHA256:abc"],
        alerts => ["attempt on admin from 192.0.2.1", "attempt on root from 2001:db8::1",
            "ann logged in from outside (198.51.100.1)"],
    },
    {
        file => "ssh-summary.sec",
        lines => ["gw sshd[1]: $guess oracle from 192.0.2.1 port 1 ssh2",
            "gw sshd-session[2]: $guess oracle from 2001:db8::1 port 1 ssh2",
            "gw sshd-session[3]: Failed publickey for root from 192.0.2.1 port 1 ssh2: RSA SHA256:abc",
            "gw sshd-session[4]: $guess x';die;' from 192.0.2.1 port 1 ssh2",
            "gw root: print the ssh summary"],
        alerts => ["oracle       2 times from 2 addresses", "root         1 times from 1 addresses",
            "2 times the user does not exist"],
    },
    {
        file => "all-of-three.sec",
        lines => [split(/\n/, $faults), "h2 kernel: Buffer I/O error on dev sdb1, logical block 0"],
        alerts => ["h1 lost a disk: I/O errors, a damaged file system, now read-only"],
    },
    {
        file => "one-alert-per-minute.sec",
        lines => [map { "$_.service: Failed with result 'exit-code'." } ("web1 systemd[1]: nginx",
            "web1 systemd[1]: nginx", "web1 systemd[1]: cron")],
        alerts => ["something failed: nginx.service on web1", "something failed on web1: nginx.service",
            "nginx.service failed on web1", "cron.service failed on web1"],
    },
    {
        file => "counters.sec",
        options => "--intevents --nochildterm",
        silent => 0,
        lines => ["gw sshd-session[1]: a", "gw sshd-session[2]: b", "gw kernel: [1.5] c", "gw postfix/smtpd[3]: d"],
        alerts => ["counted: kernel 1, postfix/smtpd 1, sshd-session 2"],
    },
    {
        file => "server-table.sec",
        options => "--intevents --nochildterm",
        change => sub { s{/etc/secant/servers.txt}{$rules/servers.txt} },
        lines => ["web1 systemd[1]: nginx.service: Failed with result 'exit-code'.", "DB-1 $sectors",
            "lab7 systemd[1]: cron.service: Failed with result 'signal'.", "lab7 $sectors",
            "web1 smartd[612]: Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from 36 to 35",
            "=reload servers"],
        alerts => ["2 production servers",
            "PAGE production server web1: nginx.service: Failed with result 'exit-code'.",
            "MAIL production server DB-1: Device: /dev/sda [SAT], 8 Currently unreadable (pending) sectors",
            "note lab7: cron.service: Failed with result 'signal'.",
            "note lab7: Device: /dev/sda [SAT], 8 Currently unreadable (pending) sectors",
            "2 production servers"],
    },
    {
        # The report is asked for by a line in the place of the clock.
        file => "daily-report.sec",
        change => sub {
            s/type=Calendar\ntime=.*/type=Single\nptype=SubStr\npattern=five to midnight/;
            s{udgram /dev/log <27>}{write - };
        },
        lines => ["db1 sshd[9]: error: kex_exchange_identification: read: Connection reset by peer",
            "db1 kernel: [81.5] I/O error, dev sda, sector 2048", "web1 php-fpm[77]: Error: no such table",
            "web1 error-collector[7]: all is well", "=five to midnight"],
        alerts => ["report: errors on 2 hosts: db1=2 web1=1"],
    },
);

# The rule files of a set, with its changes, in a fresh folder; their paths.
sub copies {
    my ($set) = @_;
    my $dir = tempdir(CLEANUP => 1);
    my (@copies, $changed);
    foreach my $path (glob("$rules/$set->{file}")) {
        local $_ = slurp($path);
        my $before = $_;
        $set->{change}->() if $set->{change};
        $changed ||= $_ ne $before;
        push @copies, "$dir/" . $path =~ s{.*/}{}r;
        spew($copies[-1], $_);
    }
    ok($changed, "$set->{file}: there is something to change") if $set->{change};
    return @copies;
}

# What the program writes about these lines; a complaint of the engine is part of it.
sub written {
    my ($program, $set, $copies, @lines) = @_;
    my $dir = dirname($copies->[0]);
    spew("$dir/lines", join("", map { "$_\n" } @lines));
    my $conf = join(" ", map { "--conf=$_" } @$copies);
    return `cd $dir && $program $conf --input=$dir/lines --notail @{[$set->{options} // ""]} --log=$dir/log --debug=3 2>&1`
        . slurp("$dir/log");
}

foreach my $set (@sets) {
    my @copies = copies($set);
    foreach my $name (sort keys %program) {
        foreach my $form (sort keys %stamp) {
            my @lines = map { s/^=// ? $_ : "$stamp{$form} $_" } my @texts = @{$set->{lines}};
            my $alerts = join("", map { s/TIME/$stamp{$form}/r . "\n" } @{$set->{alerts}});
            is(written($program{$name}, $set, \@copies, @lines), $alerts, "$set->{file}, $form, by $name");
        }
        next if exists $set->{silent};
        my @quiet = map { my $stamp = $_; map { "$stamp $_" } @ordinary } sort values %stamp;
        my $silence = ($set->{options} // "") =~ /intevents/ ? "2 production servers\n" : "";
        is(written($program{$name}, $set, \@copies, @quiet), $silence, "$set->{file}, ordinary lines, by $name");
        # As a service it finds what it wrote in the journal, and must have nothing to say about that.
        my @back = map { my $stamp = $_; map { "$stamp gw secant[99]: $_" } @{$set->{alerts}}, "another line" }
            sort values %stamp;
        is(written($program{$name}, $set, \@copies, @back), $silence, "$set->{file}, what it wrote, by $name");
    }
}

# Here time has to pass: three minutes become one second.
foreach my $name (sort keys %program) {
    local $ENV{SECANT} = $program{$name};
    my $beat = Program->start({ "heartbeat.sec" => slurp("$rules/heartbeat.sec") =~ s/ 180 / 1 /gr });
    my @hosts = map { [$stamp{$_}, s/ /-/r] } sort keys %stamp;
    my $shown = sub {
        my ($state) = @_;
        return eventually(sub {
            my $out = slurp($beat->path("out"));
            return !grep { $out !~ /^$_->[1] is $state$/m } @hosts;
        });
    };
    $beat->feed(map { "$_->[0] $_->[1] heartbeat[77]: alive" } @hosts);
    ok($shown->("silent"), "heartbeat.sec, by $name: silence");
    $beat->feed(map { "$_->[0] $_->[1] cron: alive" } @hosts);
    $beat->feed(map { "$_->[0] $_->[1] heartbeat: alive" } @hosts);
    ok($shown->("back"), "heartbeat.sec, by $name: back");
    $beat->signal("TERM");
    is($beat->finish(), 0, "heartbeat.sec, by $name: the end");
}

# A new file is not forgotten here, and each says at its head which lines it takes and what to tune.
my %tested = map { $_ => 1 } "$rules/heartbeat.sec", map { glob("$rules/$_->{file}") } @sets;
foreach my $file (glob("$rules/*.sec")) {
    ok($tested{$file}, "$file has a test");
    my ($head) = slurp($file) =~ /\A((?:#.*\n)+)/;
    like($head, qr/^# Lines: /m, "$file: which lines");
    like($head, qr/^# Tune: /m, "$file: what to tune");
}

# Packages of distributions refuse a script that nobody can run.
my @scripts = grep { -f && slurp($_) =~ /\A#!/ } glob("$rules/* $rules/*/*");
is(join(" ", grep { !-x } @scripts), "", "what begins with #! can be run");

done_testing();
