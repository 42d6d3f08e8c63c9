#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant migrate --from-unit, --from-default: how a machine runs SEC, from its files below a folder.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use POSIX qw(mkfifo);
use Program qw(binary reference slurp spew);
use Test::More;

my $secant = abs_path(binary());
my $sec = reference() or plan skip_all => "no reference: install sec or set SEC";
my ($program) = grep { -x } map { m{^/} ? $_ : map { my $folder = $_; "$folder/" . (split(' ', $sec))[-1] } split(/:/, $ENV{PATH}) } (split(' ', $sec))[-1];
$program or plan skip_all => "$sec is not a program";
$ENV{TZ} = "UTC";
my $dir = tempdir(CLEANUP => 1);
chdir($dir);
spew("a.sec", "type=Single\nptype=RegExp\npattern=fail (\\w+)\ndesc=\$1\naction=write - %s; eval %x (return \$ENV{SITE}); write - %x\n");
spew("b.sec", "type=Single\nptype=SubStr\npattern=none\ndesc=none\naction=none\n");
spew("log", "2026-11-27T08:00:00Z a: fail x\n2026-11-27T08:00:01Z a: fail y\n");
spew("other", "2026-11-27T08:00:00Z a: fail x\n");

sub site {
    my (%files) = @_;
    system("rm", "-rf", "root");
    for my $name (keys %files) {
        make_path(dirname("root/$name"));
        spew("root/$name", $files{$name});
    }
}

# Standard output, standard error, status.
sub migrate {
    my (@words) = @_;
    my $out = `$secant migrate --root=root --quiet @words 2>err </dev/null`;
    return ($out, slurp("err"), $? >> 8);
}

sub unit { return "[Service]\nType=forking\nEnvironmentFile=-/etc/default/sec\nEnvironmentFile=-/etc/default/sec.d/*\nExecStart=$program \$DAEMON_ARGS\n" }

my $arguments = "--conf=$dir/a.sec --input=$dir/log=CTX --intcontexts --detach --pid=$dir/pid --log=$dir/none";
my $default = "RUN_DAEMON=\"no\"\nDAEMON_ARGS=\"$arguments\"\n";

site("lib/systemd/system/sec.service" => unit(), "etc/default/sec" => $default);
my ($out, $err, $status) = migrate("--from-unit=sec");
like($out, qr{\Asec\.service \(/lib/systemd/system/sec\.service, /etc/default/sec\):\n  SEC: \Q$program\E\n  options: \Q$arguments\E\nequal: .* over 2 lines}, "a unit: what was taken from where");
is("$status $err", "0 ", "a unit: the status");
ok(!-e "pid" && !-e "none", "a unit: nothing of it happens");

($out, $err, $status) = migrate("--from-default=/etc/default/sec", "--ref='$sec'");
like($out, qr{\A/etc/default/sec:\n  SEC: \Q$sec\E\n  options: \Q$arguments\E\nequal: .* over 2 lines}, "a file of defaults");
is("$status $err", "0 ", "a file of defaults: the status");

($out) = migrate("--from-unit=sec.service", "--input=other", "--conf=b.sec");
like($out, qr{\n  not used, the command line has others: --conf=\Q$dir\E/a\.sec --input=\Q$dir\E/log=CTX\nequal: .* over 1 line,}, "the command line's inputs and rules come in their place");
like($out, qr{rules that matched: 0 of 1}, "the command line's rules alone");
($out) = migrate("--from-unit=sec", "--json", "--state=0");
like($out, qr{\A\{"equal": ?true}, "--json: nothing else on standard output");

# Drop-ins, folders that go before others, links, an instance.
site("lib/systemd/system/sec\@.service" => unit(), "etc/default/sec" => $default,
    "usr/lib/systemd/system/sec\@.service.d/10-a.conf" => "[Service]\nExecStart=\nExecStart=/none/sec\n",
    "etc/systemd/system/sec\@.service.d/10-a.conf" => "[Service]\nEnvironment=SITE=here \"OF=%i %p\"\n",
    "etc/systemd/system/sec\@one.service.d/20-b.conf" => "[Service]\nExecStart=\nExecStart=-$program \$DAEMON_ARGS --debug=5 \"--log=\${OF}\"\n");
($out, $err, $status) = migrate("--from-unit=sec\@one");
like($out, qr{\Asec\@one\.service \(/lib/systemd/system/sec\@\.service, /etc/systemd/system/sec\@\.service\.d/10-a\.conf, /etc/systemd/system/sec\@one\.service\.d/20-b\.conf, /etc/default/sec\):}, "drop-ins: which");
like($out, qr{ --debug=5 '--log=one sec'\nequal: .* over 2 lines.*\n  the same: 4 effects}, "drop-ins: variables, specifiers, and what code finds in %ENV");
is("$status $err", "0 ", "drop-ins: the status");
site("lib/x.service" => unit(), "etc/default/sec" => $default);
make_path("root/etc/systemd/system");
symlink("/lib/x.service", "root/etc/systemd/system/sec.service");
($out) = migrate("--from-unit=sec");
like($out, qr{\Asec\.service \(/etc/systemd/system/sec\.service, .*over 2 lines}s, "a link stays below the folder");
spew("own.service", unit() =~ s/^EnvironmentFile.*\n//gmr =~ s/\$DAEMON_ARGS/$arguments/r);
($out) = migrate("--from-unit=./own.service");
like($out, qr{\Aown\.service \(\./own\.service\):.* over 2 lines}s, "a unit's file");

# A perl in front.
spew("perl.service", "[Service]\nExecStart=/usr/bin/perl -w $program $arguments\n");
($out) = migrate("--from-unit=$dir/perl.service");
like($out, qr{SEC: /usr/bin/perl -w \Q$program\E\n.* over 2 lines}s, "perl, and the program that it is given") if -x "/usr/bin/perl";

# What cannot be taken as it is.
sub refused {
    my ($name, $exec, $what, @words) = @_;
    spew("bad.service", $exec);
    my ($told, $why, $code) = migrate("--from-unit=$dir/bad.service", @words);
    is($code, 2, "$name: the status");
    is($told, "", "$name: nothing is told") unless $why =~ /^Input/;
    like($why, $what, "$name: why");
}
refused("a shell", "[Service]\nExecStart=/bin/sh -c 'exec sec'\n", qr{\A\Q$dir\E/bad\.service:2: ExecStart: a shell starts SEC.*--ref, --conf}s);
refused("no section", "ExecStart=/bin/sec\n", qr{there is no ExecStart= in a section \[Service\]});
refused("two", "[Service]\nExecStart=/bin/sec\nExecStart=/bin/sec\n", qr{:2: ExecStart: there is more than one});
refused("no such file", "[Service]\nEnvironmentFile=/etc/none\nExecStart=/bin/sec\n", qr{:2: EnvironmentFile: there is no such file});
refused("a specifier", "[Service]\nExecStart=/bin/sec %H\n", qr{:2: ExecStart: what %H stands for});
refused("an open quote", "[Service]\nEnvironment='A=1\nExecStart=/bin/sec\n", qr{:2: Environment: a quote is not closed});
refused("masked", "", qr{bad\.service: the unit is empty or masked});
refused("no text", "[Service]\n\0", qr{bad\.service: not a text});
mkfifo("pipe", 0600);
my $piped = "[Service]\nExecStart=$program --conf=$dir/a.sec --input=$dir/pipe --input=- --input=$dir/log\n";
refused("a pipe", $piped, qr{\AInput \Q$dir\E/pipe is a named pipe, which has no past lines; name a log.*--input=FILE\nInput - is standard input}s);
($out, $err, $status) = migrate("--from-unit=$dir/bad.service", "--input=log");
like($out, qr{ over 2 lines}, "a pipe, and a log in its place");
site("etc/default/sec" => "DAEMON_ARGS=\$(cat /etc/passwd)\n");
($out, $err, $status) = migrate("--from-default=/etc/default/sec");
is("$status $out", "2 ", "something for a shell: the status");
like($err, qr{\A/etc/default/sec:1: the value depends on what a shell makes of it\n}, "something for a shell: why");
spew("root/etc/default/sec", "RUN_DAEMON=no\n");
like((migrate("--from-default=/etc/default/sec"))[1], qr{none of DAEMON_ARGS}, "no options");
like((migrate("--from-default=/etc/default/sec", "--from-unit=sec"))[1], qr{not both}, "both");
like((migrate("--from-unit=sec"))[1], qr{\AThere is no unit sec\.service in root/etc/systemd/system, }, "no unit");

done_testing();
