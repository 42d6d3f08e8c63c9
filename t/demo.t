#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The demo replays its day: it shows the same alerts each time, without a complaint of the engine, whatever
# form the time has in the lines and whatever the machine's zone is.  They are those of the incidents that
# were planted, no more and no less; each package has one; and a day without incidents has no alert.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference slurp);
use Test::More;

my $rules = "$FindBin::Bin/../rules";
my $demo = "$rules/demo";
my $secant = binary();
plan skip_all => "$secant is not built" unless -x $secant;

my @expected = split(/^/, slurp("$demo/expected"));
my %zone = (syslog => "UTC", iso => "XYZ-9", "short-iso" => "EST5EDT,M3.2.0,M11.1.0");

# The first line of an alert has its time in the form of the lines.
sub shown { return split(/^/, `$demo/run.sh @_ 2>&1` =~ s/ since \K2026-03-03T([\d:]{8})\)$/Mar  3 $1)/gmr) }

foreach my $form (qw(syslog iso short-iso)) {
    local $ENV{TZ} = $zone{$form};
    my @shown = shown($secant, $form);
    is($?, 0, "$form: the demo ends well");
    is($shown[$_] // "(nothing)\n", $expected[$_], "$form: line " . ($_ + 1)) for 0 .. $#expected;
    is(scalar(@shown), scalar(@expected), "$form: nothing more is shown");
}

# Incidents: package, severity, host and name of each alert.  An owner is called once for each kind.
my @planted = map { [split(" ", $_)] } `$^X $demo/generate.pl --incidents`;
my $alert = qr/^[\d:]{8} ((?:critical|warning|notice|resolved) \S+ \w+): /;
my %alerts;
++$alerts{$_} foreach map { /$alert/ ? $1 : () } @expected;
foreach my $planted (@planted) {
    my ($package, @words) = @$planted;
    my $name = $package =~ tr/-/_/r;
    like($words[2], qr/^${name}_/, "$package: @words is its alert");
    ok(delete($alerts{"@words"}), "$package: @words is found");
}
is(join(", ", sort keys %alerts), "", "no alert without an incident");
my %has = map { $_->[0] => 1 } @planted;
ok($has{$_}, "$_: an incident") foreach map { s{.*/}{}r } grep { -e "$_/" . s{.*/}{}r . ".sec" } glob("$rules/*");

foreach my $form (qw(syslog iso)) {
    my @shown = shown($secant, $form, "--ordinary");
    is($?, 0, "$form, ordinary lines: the demo ends well");
    is(join("", grep { /$alert/ } @shown), "", "$form, ordinary lines: no alert");
    like(join("", @shown), qr/^Summary of the day/m, "$form, ordinary lines: the day is over");
    unlike(join("", @shown), qr/complained/, "$form, ordinary lines: no complaint");
}

# What only the time of the lines shows, and what it prevents: for SEC the day is one moment.
my $day = join("", @expected);
my @in_time = (
    [qr/^18:04:21 critical gw01 kernel_link: link enp1s0 is down$/m, "a link that stays away for a minute"],
    [qr/^21:22:01 warning lab07 volume_silent: /m, "a host that is silent for two hours"],
    [qr/^Summary of the day, .* 23:55:00 /m, "a report at its hour"],
);
like($day, $_->[0], $_->[1]) foreach @in_time;
my $slips = qr/password guessing from 10\.20\.3\.55/;
unlike($day, $slips, "six slips within twelve hours are no attack");

SKIP: {
    my $sec = reference();
    skip("SEC is not installed", 3 + @in_time) unless $sec && -x $sec;
    my $moment = `$demo/run.sh $sec 2>&1`;
    is($?, 0, "sec: the demo ends well");
    like($moment, qr/^A day of .* for SEC has no replay:$/m, "sec: it says so");
    like($moment, $slips, "sec: slips pass for an attack");
    unlike($moment, $_->[0], "sec: no $_->[1]") foreach @in_time;
}

done_testing();
