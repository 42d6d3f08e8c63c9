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
    apache => "Apache", backup => "rsync, borg, restic", block => "nft", cron => "cron, anacron", databases => "PostgreSQL 15",
    dhcp => "isc-dhcpd, dnsmasq, Kea", dns => "named, Unbound", dovecot => "Dovecot 2.3", haproxy => "HAProxy",
    "mail-storm" => "Postfix 3.7", netfilter => "nft", nginx => "nginx", postfix => "Postfix 3.7", sshd => "OpenSSH 9.2",
    logins => "OpenSSH 9.2, PAM", sudo => "sudo, su, shadow, PAM", systemd => "systemd 252", "web-attacks" => "nginx, Apache",
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

my %found = alerts();
my %false = alerts("--ordinary");
print "| Package | Rules | Tests | Coverage | Alerts on incidents | False alarms | Programs run |\n|---|--:|--:|--:|--:|--:|---|\n";
foreach my $package ("base", @packages) {
    my $out = `$secant test --coverage rules/$package 2>&1`;
    my ($rules, $items, $reached) = (0, 0, 0);
    while ($out =~ m{^  rules/\Q$package\E/[\w.-]+\.sec +(\d+) +(\d+) +(\d+) }mg) {
        $rules += $1, $items += $2, $reached += $3 unless $& =~ /testing\.sec/;
    }
    my ($tests) = $out =~ /^(\d+) tests?: /m;
    printf("| %s | %d | %d | %.1f %% | %s | %s | %s |\n", $package, $rules, $tests, $items ? 100 * $reached / $items : 0,
        $found{$package} // "-", $false{$package} // "-", $run{$package} // "-");
}
