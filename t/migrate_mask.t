#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate --mask: no secret is in the report, in JSON or in the case folder, and the case still shows the
# difference; what has to stay for that is told.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP qw(decode_json);
use Program qw(binary reference slurp spew);
use Test::More;

my $secant = abs_path(binary());
my $reference = reference() or plan skip_all => "no reference: install sec or set SEC";
my ($program) = map { abs_path($_) } grep { -f } reverse split(' ', $reference);
$ENV{TZ} = "UTC";
chdir(tempdir(CLEANUP => 1));

# A SEC whose messages on pipes are not what they were, and one for which that is so of one address alone.
sub change_sec {
    my ($name, $change) = @_;
    my $text = slurp($program);
    my $count = $text =~ s/"Feeding event '\$event' to shell/$change/g;
    spew($name, $text);
    return $count;
}

plan skip_all => "this SEC has other messages" if !change_sec("always", q("Feeds event '$event' to shell));
change_sec("sometimes", q(($event =~ /10\.1\.2\.3/ ? "Feeds" : "Feeding") . " event '$event' to shell));

spew("web1.sec", <<'END');
type=SingleWithThreshold
ptype=RegExp
pattern=Failed password for (?:root|carol|(\S+)) from (10\.1\.2\.\d+|10\.9\.8\.7|\S+)
context=!KNOWN_DAVE
desc=Failed login of $1 from $2
action=write /var/log/out.log %s; pipe '%s' mail -s "from web1" operator@corp-intern.com; \
  shellcmd notify --token=Zq83hJk2Lm9 --user=bobby
window=60
thresh=2

type=Single
ptype=RegExp
pattern=session opened for user (\S+)
desc=session of $1
action=none
END
spew("web1.log", <<'END');
Nov 28 10:00:00 web1 sshd[123]: Failed password for alice from 10.1.2.3 port 22
Nov 28 10:00:01 web1 sshd[123]: session opened for user dave
Nov 28 10:00:10 web1 sshd[123]: Failed password for alice from 10.1.2.3 port 22
Nov 28 10:00:30 db12.corp-intern.com sshd[9]: Failed password for bobby from 10.9.8.7 port 22
Nov 28 10:00:40 db12.corp-intern.com sshd[9]: Failed password for bobby from 10.9.8.7 port 22
Nov 28 10:00:41 web1 sshd[9]: Failed password for carol from fe80::77:2 port 22
Nov 28 10:00:42 web1 sshd[9]: Failed password for carol from fe80::77:2 port 22
END
my $secrets = qr/web1|alice|bobby|db12|corp|intern|operator|Zq83|fe80|10\.9\.8\.7/i;

sub migrate {
    my ($sec, @options) = @_;
    my $command = join(' ', map { "'" . s/'/'\\''/gr . "'" }
        $secant, "migrate", "--ref=$^X " . abs_path($sec), "--year=2026", "--quiet", @options);
    my $out = `$command 2>err </dev/null`;
    return ($out, slurp("err"), $? >> 8);
}

my @case = ("--conf=web1.sec", "--input=web1.log");
my ($out, $err, $status) = migrate("always", @case);
is("$status $err", "1 ", "there is a difference");
like($out, $secrets, "without --mask all is told");

# All secrets can be masked: the address of a network that the pattern has is another one afterwards.
($out, $err, $status) = migrate("always", @case, "--mask", "--case=case", "--html=page");
is("$status $err", "1 ", "with --mask it differs as well");
unlike($out, $secrets, "nothing of it is in the report");
unlike(slurp("page"), $secrets, "nor in the page");
like(slurp("page"), qr/<p>Masked: .*\bIPv6 address/, "which tells what was masked");
like($out, qr/^DIFFERENT: .*\nat line 3, 2026-11-28 10:00:10.*\n  > .* Failed password for \w{5} from \S+ port 22\n/, "which tells what it is");
like($out, qr/^Masked: .*\bIPv4 address.*\bIPv6 address.*\bparts of host names.*\bmail address.*\buser names.*\bpassword or key/m, "and what was masked");
my $case = join("", map { slurp($_) } glob("case/*"));
unlike($case . join(" ", glob("case/*")), $secrets, "nothing of it is in the case");
like($case, qr/^pattern=Failed password for \(\?:root\|carol\|\(\\S\+\)\) from \(/m, "the pattern is what it was");
like($case, qr/^  shellcmd notify --token=[A-Z][a-z]\d\d[a-z][A-Z][a-z]\d[A-Z][a-z]\d --user=[a-z]{5}$/m, "the same shape");
my ($rules) = glob("case/rules-1-*");
my ($log) = glob("case/log-1-*");
($out, $err, $status) = migrate("always", "--conf=$rules", "--input=$log");
is("$status $err", "1 ", "the masked case shows the difference");

# As JSON.
($out, $err, $status) = migrate("always", @case, "--mask", "--json");
unlike($out, $secrets, "json: nothing of it");
my $json = decode_json($out);
is($json->{differences}[0]{line}, 3, "json: the difference");
is($json->{masked}{credential}{masked}, 1, "json: what was masked");
is($json->{masked}{user}{named}, 1, "json: patterns name a user");
is(scalar(@{ $json->{case}{lines} }), 2, "json: the case");

# What the difference needs is left, and told.
($out, $err, $status) = migrate("sometimes", @case, "--mask");
is("$status $err", "1 ", "a difference that needs an address");
like($out, qr/^Not masked, because the difference needs them: 1 IPv4 address$/m, "it is told");
like($out, qr/Failed password for \w{5} from 10\.1\.2\.3 port/, "the address is left");
unlike($out, $secrets, "the others are not");

# Nothing differs, nothing is left to show.
($out, $err, $status) = migrate($program, @case, "--mask");
is("$status $err", "0 ", "equal");
like($out, qr/^equal: .*\nNothing was masked\n/s, "and nothing to mask");

done_testing();
