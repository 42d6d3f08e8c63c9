#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Writes a table of the packages of rules to standard output, in Markdown: rules, tests and coverage, as `secant
# test` tells them, alerts on the incidents of the demo's day, and false alarms on its ordinary lines; and which
# programs were run for their lines, which nobody but the authors can tell.  rules/README has it.
#
#   library_table.pl [SECANT]      build/secant is the default
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);

chdir(dirname(dirname(abs_path(__FILE__)))) or die "the source: $!";
my $secant = $ARGV[0] // "build/secant";
my @packages = grep { -e "rules/$_/$_.sec" } map { basename($_) } glob("rules/*");

# The rest is from sources and documentation.
my %run = (
    apache => "Apache 2.4",
    auditd => "auditd 3.0, 4.0; Linux 6.18",
    backup => "rsync 3.5, borg 1.2, restic 0.14",
    block => "nft",
    containers => "Docker 20.10, 26.1; containerd 1.7",
    cron => "cron 3.0pl1, anacron 2.3",
    databases => "PostgreSQL 15, 17; MariaDB 10.11, 11.8",
    dhcp => "ISC DHCP 4.4, dnsmasq 2.90, Kea 2.2",
    dns => "BIND 9.18, 9.20; Unbound 1.17, 1.26",
    dovecot => "Dovecot 2.3",
    haproxy => "HAProxy 2.6",
    "kerberos-ad" => "krb5 1.20, 1.21; Samba 4.17, 4.22",
    logins => "OpenSSH 9.2, PAM",
    "mail-storm" => "Postfix 3.7",
    netfilter => "nft",
    nginx => "nginx 1.22",
    postfix => "Postfix 3.7",
    sshd => "OpenSSH 9.2",
    sudo => "sudo 1.9, su, shadow 4.13, PAM",
    systemd => "systemd 252",
    "web-attacks" => "nginx 1.22, Apache 2.4",
);

# How often each package speaks in a run of the demo.
sub alerts {
    my %count;
    ++$count{$_} foreach map { /^[\d:]{8} \w+ \S+ (\w+): / ? $1 : () } `rules/demo/run.sh $secant syslog @_`;
    $? == 0 or die "rules/demo/run.sh failed\n";
    my %of;
    foreach my $package (@packages) {
        my $prefix = $package =~ tr/-/_/r;
        $of{$package} = 0;
        $of{$package} += $count{$_} foreach grep { /^${prefix}_/ } keys %count;
    }
    return %of;
}

# Tests by package, rules and what coverage counts; what tests use in place of settings.sec is none of it.
my $out = `$secant test --coverage rules/base @{[map { "rules/$_" } @packages]} 2>&1`;
$? == 0 or die $out;
my %tests;
my %rules;
my %items;
my %reached;
$tests{$1} += $2 while $out =~ m{^rules/([\w-]+)/\S+\.sectest +(\d+) passed$}mg;
while ($out =~ m{^  rules/([\w-]+)/(\S+)\.sec +(\d+) +(\d+) +(\d+) }mg) {
    $rules{$1} += $3, $items{$1} += $4, $reached{$1} += $5 unless $2 eq "testing";
}

my %found = alerts();
my %false = alerts("--ordinary");
print "| Package | Rules | Tests | Coverage | Alerts on incidents | False alarms | Programs run |\n|---|--:|--:|--:|--:|--:|---|\n";
foreach my $package ("base", @packages) {
    printf("| %s | %d | %d | %.1f %% | %s | %s | %s |\n", $package, $rules{$package}, $tests{$package},
        100 * $reached{$package} / $items{$package}, $found{$package} // "-", $false{$package} // "-", $run{$package} // "-");
}
