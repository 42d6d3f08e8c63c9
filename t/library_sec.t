#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The packages of rules do the same with SEC: it passes their tests.  LIBRARY=NAME tries one package alone.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use FindBin;
use Test::More;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference);

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
plan skip_all => "SEC does what it does with the plain build" if binary() =~ /sanitize/;
my $sec = reference() or plan skip_all => "SEC is not installed";
delete @ENV{qw(SECRC POSIXLY_CORRECT GITHUB_ACTIONS)};
chdir(dirname(dirname(abs_path(__FILE__)))) or die "the source: $!";

my @packages = grep { -e "$_/" . (split(/\//))[-1] . ".sec" && (!$ENV{LIBRARY} || $_ eq "rules/$ENV{LIBRARY}") } glob("rules/*");
foreach my $folder ("rules/base", @packages) {
    my $out = `@secant test --quiet --with='$sec' $folder 2>&1 </dev/null`;
    is($?, 0, "$folder, with SEC") or diag($out);
}
done_testing();
