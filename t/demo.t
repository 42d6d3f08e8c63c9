#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The demo replays its day: it shows the same alerts each time, without a complaint of the engine, whatever
# form the time has in the lines and whatever the machine's zone is.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference slurp);
use Test::More;

my $demo = "$FindBin::Bin/../rules/demo";
my $secant = binary();
plan skip_all => "$secant is not built" unless -x $secant;

my @expected = split(/^/, slurp("$demo/expected"));
my %zone = (syslog => "UTC", iso => "XYZ-9", "short-iso" => "EST5EDT,M3.2.0,M11.1.0");

foreach my $form (qw(syslog iso short-iso)) {
    local $ENV{TZ} = $zone{$form};
    my @shown = split(/^/, `$demo/run.sh $secant $form 2>&1`);
    is($?, 0, "$form: the demo ends well");
    is($shown[$_] // "(nothing)\n", $expected[$_], "$form: line " . ($_ + 1)) for 0 .. $#expected;
    is(scalar(@shown), scalar(@expected), "$form: nothing more is shown");
}

# What only the time of the lines shows, and what it prevents: for SEC the day is one moment.
my $day = join("", @expected);
my @in_time = (
    [qr/ 18:04:21 .* link enp1s0 is down$/m, "a link that stays away for a minute"],
    [qr/ 20:40:36 .* has free leases again$/m, "five quiet minutes after the last request"],
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
