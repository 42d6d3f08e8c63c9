#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/migration.md, followed to the letter: files are written as it has them, each command is typed, succeeds, and
# answers what the page says if it says anything.  It all happens below a folder: /etc, /run, /var, /tmp, /root and the
# two programs in /usr/bin are that folder's, and t/trial/Supervisor.pm stands in for systemd.  What needs rsyslog is
# left to t/trial/run.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/trial";
use Guide;
use POSIX ();
use Program qw(binary reference slurp spew end_by eventually);
use Supervisor;
use Test::More;

my $here = abs_path($FindBin::Bin);
my $secant = abs_path((split(' ', binary()))[0]) // "";
plan skip_all => binary() . " is not built" unless -x $secant;
my $sec = reference() or plan skip_all => "no reference: install sec or set SEC";
my @page = Guide::parts("$here/../doc/migration.md");
my $root = tempdir(CLEANUP => 1);
my $folders = qr{(?<![\w/.])/(?=(?:etc|run|var|tmp|root)/|usr/bin/sec(?:ant)?\b)};

# A text as it is typed here, and an answer as it is on the page.
sub there { return $_[0] =~ s/$folders/$root\//gr =~ s/(?=--from-unit=)/--root=$root /gr }
sub on_page { return $_[0] =~ s/\Q$root\E//gr }

# Releases of SEC differ, and times.
sub alike {
    my ($text) = @_;
    $text =~ s/SEC 2\.\d+\.\w+/SEC 2.N/g;
    $text =~ s/^  not compared, because this SEC's dumps lack it: .*\n//mg;
    $text =~ s/^  took .*/  took T/mg;
    $text =~ s/(?<=its state of )\w.*/DATE/g;
    return $text;
}

# --- the machine -----------------------------------------------------------------------------------

sub program {
    my ($path, @words) = @_;
    spew($path, "#!/bin/sh\nexec @words \"\$@\"\n");
    chmod(0755, $path);
}

sub build_machine {
    make_path(map { "$root/$_" } qw(bin usr/bin etc/sec etc/default run root tmp var/log usr/lib/systemd/system));
    program("$root/usr/bin/sec", $sec);
    program("$root/usr/bin/secant", binary());
    symlink("$root/usr/bin/$_", "$root/bin/$_") for "sec", "secant";
    symlink("$here/trial/systemctl", "$root/bin/systemctl");
    spew("$root/etc/sec/ssh.sec", there(slurp("$here/trial/sec/ssh.sec")));
    # What names a file of the unit's own is below the root already.
    spew("$root/usr/lib/systemd/system/sec.service", <<"END");
[Service]
Type=forking
PIDFile=/run/sec.pid
EnvironmentFile=-/etc/default/sec
ExecStart=$root/usr/bin/sec \$DAEMON_ARGS
END
    my $day = `$^X $here/../rules/demo/generate.pl --form=iso`;
    spew("$root/var/log/syslog.1", $day);
    spew("$root/var/log/syslog.2", $day =~ s/^2026-03-03/2026-03-02/mgr =~ s/ (\S+) NIC Link/ $1: NIC Link/gr);
    spew("$root/var/log/syslog", "");
}

my $supervisor;

sub start_supervisor {
    $ENV{SUPERVISOR} = "$root/run/supervisor";
    $supervisor = fork() // die "fork: $!";
    return if $supervisor;
    eval { Supervisor->new($root, $ENV{SUPERVISOR})->run };
    print STDERR $@;
    POSIX::_exit(0);
}

END {
    local $?;
    if ($supervisor) {
        system("systemctl", "exit");
        end_by(0, $supervisor);
    }
}

# --- lines that come meanwhile ---------------------------------------------------------------------

my $port = 40000;

sub failed_logins {
    my ($count) = @_;
    open(my $log, ">>", "$root/var/log/syslog") or die "syslog: $!";
    $port++, print $log "2026-03-04T01:00:00.000000+00:00 web01 sshd[4711]: Failed password for root from 192.0.2.7 port $port ssh2\n" for 1 .. $count;
    close($log);
}

sub seen {
    my ($what, $pattern) = @_;
    ok(eventually(sub { slurp("$root/var/log/sec.log") =~ $pattern }), $what) or diag(slurp("$root/var/log/sec.log"));
}

# Before the parts of the page; SEC runs from the beginning.
my %before = (
    "1. Look" => sub { is(system("systemctl", "start", "sec"), 0, "SEC runs") },
    "3. Switch" => sub {
        failed_logins(3);
        seen("SEC sees three failed logins", qr/(?:Adding event.*){3}/s);
    },
    "4. Watch" => sub {
        failed_logins(2);
        ok(eventually(sub { slurp("$root/var/log/alerts") eq "password guessing from 192.0.2.7\n" }), "two more, and Secant has counted to five");
        is(readlink("/proc/" . slurp("$root/run/sec.pid") =~ s/\n//r . "/exe"), $secant, "it was Secant");
    },
);

# --- the page --------------------------------------------------------------------------------------

sub follow {
    my ($step) = @_;
    return spew("$root$step->{file}", there($step->{text})) if $step->{file};
    my ($command, $said) = $step->{command};
    my $type = sub { $said = on_page(Guide::type(there($command), $root)); return $? == 0 };
    # A second is not enough on a busy machine.
    ok($command =~ /^json_pp/ ? eventually($type) : $type->(), "$command: succeeds") or diag($said);
    is(alike($said), alike($step->{answer}), "$command: answers") if length($step->{answer});
}

build_machine();
spew("$root/variables", "");
chdir($root);
delete @ENV{qw(SECRC POSIXLY_CORRECT NO_COLOR)};
@ENV{qw(PATH TZ)} = ("$root/bin:$ENV{PATH}", "UTC");
start_supervisor();
ok(eventually(sub { -S "$ENV{SUPERVISOR}/control" }), "a stand-in for systemd runs");
my $typed = 0;
for my $part (grep { $_->[0] !~ /, where rsyslog/ } @page) {
    my ($title, $steps) = @$part;
    (delete($before{$title}) // sub { })->();
    follow($_) for @$steps;
    $typed += @$steps;
}
is_deeply([keys %before], [], "the page has its parts");
cmp_ok($typed, ">=", 15, "the page has commands");
is(readlink("/proc/" . slurp("$root/run/sec.pid") =~ s/\n//r . "/exe"), abs_path($^X), "in the end SEC runs");
chdir("/"); # for the folder to be removed
done_testing();
