# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of `secant check` have in common.  They run in a folder of their own.
package Lint;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Temp qw(tempdir);
use Program qw(binary slurp);

our @EXPORT_OK = qw(check jump rule);

my @secant = split(' ', binary());
$secant[0] = abs_path($secant[0]) if $secant[0] =~ m{/};
our $secant = join(" ", @secant);
chdir(tempdir(CLEANUP => 1)) or die "chdir: $!";
delete @ENV{qw(NO_COLOR SECRC)};

# Standard output, standard error, exit status.
sub check {
    my (@arguments) = @_;
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDIN, "<", "/dev/null");
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        exec(@secant, "check", @arguments) or die "$secant[0]: $!";
    }
    waitpid($pid, 0);
    return (slurp("out"), slurp("err"), $? >> 8);
}

# Rules: one in order, and one that is told of (jump-to-no-set) for each name of a set.  No two are alike, which is
# told as well.
sub rule { return "type=Single\nptype=SubStr\npattern=$_[0]\ndesc=$_[1]\naction=none\n" }
sub jump { return "type=Jump\nptype=SubStr\npattern=to $_[0]\ncfset=$_[0]\n" }

END { chdir("/") }

1;
