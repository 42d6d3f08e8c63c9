#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# --state=FOLDER whose newest files are damaged at one place after the other: each start goes on with what is sound and
# says what is not, or says that it does not start.  No line is lost, and none counts twice.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);
use Test::More;

use constant STEP => $ENV{SECANT_LONG} ? 1 : 97;    # bytes from one damaged place to the next

my $secant = abs_path((split(' ', binary()))[0]) // "";
plan skip_all => binary() . " is not built" unless -x $secant;
my $dir = tempdir(CLEANUP => 1);
mkdir("$dir/out");
spew("$dir/rules", <<'END');
type=Single
ptype=RegExp
pattern=^(.*)$
context=!SEC_INTERNAL_EVENT
continue=TakeNext
desc=seen
action=write out/seen $1

type=SingleWithThreshold
ptype=RegExp
pattern=^fail (\w+)
desc=failures of $1
action=write out/alarm %s
window=3600
thresh=3

type=Single
ptype=SubStr
pattern=die
desc=the end of a run
action=lcall %x -> ( sub { kill("KILL", POSIX::getpid()) unless -e "again" } )
END

# Runs to the end of the input; the status, and what the log says.
sub run {
    unlink("$dir/log");
    my $status = system("cd '$dir' && timeout 60 '$secant' --conf=rules --input=in --fromstart --notail --intevents --nochildterm --journal=line "
        . "--state=state --log=log --debug=4 </dev/null >/dev/null 2>&1");
    return ($status, slurp("$dir/log"));
}

# A run that ended, and one that was killed.
spew("$dir/in", "fail a\n");
is((run())[0], 0, "a run ends");
spew("$dir/in", "fail a\nfail a\ndie\n");
isnt((run())[0], 0, "another one is killed");
spew("$dir/in", "fail a\nfail a\ndie\nfail a\n");
spew("$dir/again", "");

# All as it was then, the files that are appended to in their own inodes.
my %state = map { s{.*/}{}r => slurp($_) } glob("$dir/state/*");
my $seen = slurp("$dir/out/seen");
my ($snapshot, $journal) = map { my $kind = $_; (sort(grep { /^$kind/ } keys(%state)))[-1] } "snapshot", "journal";

sub renew {
    my (%changed) = @_;
    unlink(glob("$dir/state/*"), "$dir/out/alarm");
    my %all = (%state, %changed);
    spew("$dir/state/$_", $all{$_}) for keys(%all);
    spew("$dir/out/seen", $seen);
}

# What a start makes of it; "" where all is well.
sub judge {
    my ($name) = @_;
    my ($status, $log) = run();
    return $log =~ /Can't (?:keep|go on with) the state.*\Q$name\E/ ? "refused" : "it does not say why it ends by $status" if $status != 0;
    my ($alarms, %seen) = (-e "$dir/out/alarm" ? slurp("$dir/out/alarm") : "");
    $seen{$_}++ for split(/\n/, slurp("$dir/out/seen"));
    return "the threshold was reached otherwise: '$alarms'" if $alarms ne "failures of a\n";
    return "lines are missing" if ($seen{"fail a"} // 0) < 3 || !$seen{die};
    return "lines were repeated, and nothing is said" if ($seen{"fail a"} > 3 || $seen{die} > 1) && $log !~ /\Q$name\E/;
    return "";
}

renew();
is(judge($journal), "", "undamaged");
for my $name ($snapshot, $journal) {
    my $bytes = $state{$name};
    my (%wrong, $said);
    for (my $at = 0; $at < length($bytes); $at += STEP) {
        my $flipped = $bytes;
        substr($flipped, $at, 1) ^= "\x10";
        my %changes = ("byte $at is another" => $flipped, "cut at byte $at" => substr($bytes, 0, $at));
        for my $what (keys(%changes)) {
            renew($name => $changes{$what});
            my $wrong = judge($name);
            $wrong{$what} = $wrong if $wrong;
            $said++ if slurp("$dir/log") =~ /\Q$name\E: (?:damaged|cut)/;
        }
    }
    is(join(", ", map { "$_: $wrong{$_}" } sort(keys(%wrong))), "", "$name: whatever is damaged, nothing is lost");
    cmp_ok($said // 0, ">", 0, "$name: and it is said");
}

# Where no snapshot is sound it does not start.
renew(map { ($_ => substr($state{$_}, 0, -1)) } grep { /^snapshot/ } keys(%state));
is(judge($snapshot), "refused", "all snapshots are cut");

done_testing();
