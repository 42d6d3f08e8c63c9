#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of the shipped rules: they pass, reach nearly all of the rules, and find mistakes (t/prove/mistakes).
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);

my $source = dirname(dirname(abs_path(__FILE__)));
my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
delete @ENV{qw(SECRC POSIXLY_CORRECT GITHUB_ACTIONS)};
my $top = tempdir(CLEANUP => 1);
$ENV{TMPDIR} = $top;

sub told { my $out = `@secant test @_ 2>&1 </dev/null`; return ($? >> 8, $out) }

chdir($source) or die "$source: $!";
my ($status, $out) = told("--min=95", "rules");
is($status, 0, "all pass, and reach 95 % of the rules") or diag($out);
like($out, qr/^\d{3,} tests: \d+ passed \(/m, "all of them");
foreach my $file (glob("rules/*.sec rules/demo/*.sec")) {
    like($out, qr/^\Q${file}test\E +\d+ passed$/m, "$file has tests");
}

# A record: its name, file, replacements, and the test that fails.
sub mistakes {
    my @mistakes;
    foreach (split(/\n/, slurp("t/prove/mistakes"))) {
        next if /^(?:#|$)/;
        push @mistakes, { name => $1, changes => [] } if /^mistake: (.*)/;
        my $mistake = $mistakes[-1];
        my $changes = $mistake->{changes};
        if (/^- (.*)/) {
            push @$changes, { of => [], by => [] } if !@$changes || @{$changes->[-1]{by}};
            push @{$changes->[-1]{of}}, $1;
        }
        push @{$changes->[-1]{by}}, $1 if /^\+ (.*)/;
        $mistake->{$1} = $2 if /^(in|fail): (.*)/;
    }
    return @mistakes;
}

# False: what is to be replaced is not there, or not there alone.
sub make {
    my ($mistake, $file) = @_;
    my $text = slurp($file);
    foreach my $change (@{$mistake->{changes}}) {
        my ($of, $by) = map { join("\n", @$_) } @$change{qw(of by)};
        $of .= "\n" if $by eq ""; # the whole line goes
        my $at = index($text, $of);
        return 0 if $at < 0 || index($text, $of, $at + 1) >= 0;
        substr($text, $at, length($of)) = $by;
    }
    spew($file, $text);
    return 1;
}

my @mistakes = mistakes();
cmp_ok(scalar(@mistakes), ">=", 20, "mistakes");
foreach my $mistake (@mistakes) {
    my $name = $mistake->{name};
    my $dir = tempdir(DIR => $top) . "/rules";
    system("cp", "-R", "$source/rules", $dir) == 0 or die "cp";
    chdir($dir) or die "$dir: $!";
    ok(make($mistake, $mistake->{in}), "$name: can be made in $mistake->{in}") or next;
    my ($file, $test) = $mistake->{fail} =~ /^(\S+): (.*)/;
    ($status, $out) = told("--quiet", $file);
    is($status, 1, "$name: is found") or diag($out);
    like($out, qr/^  FAIL  \Q$test\E( |$)/m, "$name: by $mistake->{fail}");
    note("== $name: $mistake->{in}");
    note(map { map({ "- $_\n" } @{$_->{of}}), map({ "+ $_\n" } @{$_->{by}}) } @{$mistake->{changes}});
    note($out);
    chdir($source);
    system("rm", "-rf", $dir);
}

done_testing();
