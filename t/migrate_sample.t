#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate --sample: which lines are compared, what number they have, and what is said of it.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP qw(decode_json);
use POSIX qw(strftime);
use Program qw(binary reference slurp spew);
use Test::More;

my $secant = abs_path(binary());
my $reference = reference() or plan skip_all => "no reference: install sec or set SEC";
my ($program) = map { abs_path($_) } grep { -f } reverse split(' ', $reference);
$ENV{TZ} = "UTC";
chdir(tempdir(CLEANUP => 1));

# A SEC that differs at each command.
my $text = slurp($program);
$text =~ s/"Executing shell command '\$/"Executes shell command '\$/
    or plan skip_all => "this SEC has other messages";
spew("changed", $text);

# Each 97th of 6,000 lines starts a command; each line has its number.
use constant LINES => 6000;
spew("a.sec", "type=Single\nptype=RegExp\npattern=(\\d+) hit\ndesc=\$1\naction=shellcmd mail \$1\n");
spew("a.log", join("", map { strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(1e9 + $_)) . " $_ " . ($_ % 97 ? "miss" : "hit") . "\n" } 1 .. LINES));

sub migrate {
    my ($sec, @options) = @_;
    my $out = `'$secant' migrate --ref='$^X $sec' --conf=a.sec --input=a.log --quiet @options 2>err </dev/null`;
    return ($out, slurp("err"), $? >> 8);
}

sub hits { return grep { $_ % 97 == 0 } map { $_->[0] .. $_->[1] } @_ }

# Line numbers of the differences: those that are said, and those that are in the lines.
sub found {
    my (@options) = @_;
    my ($out, $err, $status) = migrate("changed", "--json", @options);
    is("$status $err", "1 ", "@options: differs");
    my $json = decode_json($out);
    my @said = map { $_->{line} } @{ $json->{differences} };
    is_deeply(\@said, [map { $_->{text} =~ /Z (\d+) / } @{ $json->{differences} }], "@options: the number of a line is the log's");
    is($json->{found}, scalar(@said), "@options: all of them");
    return ($json, @said);
}

my ($json, @found) = found("--sample=50%");
is_deeply(\@found, [hits([1, 1000], [2501, 3500], [5001, 6000])], "stretches from the first line to the last");
is_deeply($json->{sample}, { stretches => 3, length => 1000, of => LINES }, "json: what was sampled");
is($json->{lines}, 3000, "json: how many lines");
is($json->{from}, "2001-09-09T01:46:41+00:00", "json: from the first one");
is($json->{until}, "2001-09-09T03:26:40+00:00", "json: to the last one");
my (undef, @again) = found("--sample=50%");
is_deeply(\@again, \@found, "the same lines each time");
(undef, @found) = found("--sample=500");
is_deeply(\@found, [hits([1, 500])], "one stretch");
($json, @found) = found("--sample=6000");
is_deeply(\@found, [hits([1, LINES])], "all lines");
ok(!exists($json->{sample}), "are no sample");

# Between --from and --until.
my ($out, $err, $status) = migrate($program, "--sample=2000", "--from=1000001001", "--until=1000005001");
is("$status $err", "0 ", "equal");
like($out, qr/^equal: .* over 2,000 lines, 2001-09-09 02:03:21 to 2001-09-09 03:10:00\n  sampled: 2 stretches of 1,000 lines of 4,000\n/, "of the lines between --from and --until");

# The smallest case is found in a later stretch.
spew("b.log", join("", map { strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(1e9 + $_)) . " $_ " . ($_ == 5500 ? "hit" : "miss") . "\n" } 1 .. LINES));
$out = `'$secant' migrate --ref='$^X changed' --conf=a.sec --input=b.log --quiet --sample=50% 2>err </dev/null`;
like($out, qr/^at line 5500, .*\n  > \S+ 5500 hit\n/m, "a difference in the last stretch");
like($out, qr/^The first difference remains with 1 line and these rules/m, "its case");

for my $wrong ("0", "x", "0%", "101%") {
    ($out, $err, $status) = migrate($program, "--sample=$wrong");
    like($err, qr/^Value ".*" invalid for option sample \(lines or a percentage expected\)\n/, "--sample=$wrong is refused");
    is($status, 2, "--sample=$wrong: status");
}

done_testing();
