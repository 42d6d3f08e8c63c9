# SPDX-License-Identifier: GPL-2.0-or-later
# For tests that change the system they run on: a chroot or a container.
package System;
use strict;
use warnings;
use Exporter qw(import);
use Test::More;

our @EXPORT_OK = qw(contained output command_ok apt);

sub contained {
    return 1 if $ENV{PACKAGES_FORCE} || grep { -e } "/.dockerenv", "/run/.containerenv";
    return grep { system("$_ 2>/dev/null") == 0 } "ischroot", "systemd-detect-virt -cq";
}

# What it said, when it went well; otherwise the test fails with what it said.
sub command_ok {
    my ($what, @command) = @_;
    my $said = output(@command);
    is($?, 0, $what) or diag("@command\n$said");
    return $said;
}

sub output {
    my (@command) = @_;
    my $pid = open(my $pipe, "-|") // die "fork: $!";
    exec_quietly(@command) if !$pid;
    local $/;
    my $said = <$pipe> // "";
    close($pipe);
    return $said;
}

sub exec_quietly {
    open(STDIN, "<", "/dev/null");
    open(STDERR, ">&", \*STDOUT);
    exec(@_) or die "$_[0]: $!";
}

sub apt {
    return command_ok("apt-get @_", "apt-get", "-qy", "-oAcquire::Retries=5", "--no-install-recommends", @_);
}

1;
