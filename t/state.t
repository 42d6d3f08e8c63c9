#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# `secant state`: its command line, and folders that are none.  t/unit/check_inspect.c has what is told of a state.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP ();
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);
use Test::More;

my ($secant) = map { abs_path($_) // $_ } split(' ', binary());
plan skip_all => "$secant is not built" unless -x $secant;
my $dir = tempdir(CLEANUP => 1);

# Status and what is said, on both outputs.
sub state_of {
    my @words = @_;
    my $output = `cd '$dir' && '$secant' state @words 2>&1`;
    return ($? >> 8) . " $output";
}

my $hint = "secant state --help lists the options\n";
is(state_of(""), "2 Expected show, check or export\n$hint", "no word");
is(state_of("look", "f"), "2 Expected show, check or export, not 'look'\n$hint", "another word");
is(state_of("check"), "2 The folder of the state is missing\n$hint", "no folder");
is(state_of("export", "xml", "f"), "2 A state can only be exported as json, not as 'xml'\n$hint", "another form");
is(state_of("export", "json"), "2 The folder of the state is missing\n$hint", "export: no folder");
is(state_of("show", "f", "g"), "2 More than one folder\n$hint", "two folders");
is(state_of("check", "f", "--generation=2"), "2 --generation is for show and export; check reads all of them\n$hint", "check: a generation");
is(state_of("show", "f", "--generation=-1"), "2 --generation must be at least 1\n$hint", "a generation below 1");
is(state_of("show", "f", "--conf=x"), "2 --conf is for check only\n$hint", "show: rules");
is(state_of($_, "f"), "2 f: No such file or directory\n", "$_: no such folder") for "show", "check", "export json";

spew("$dir/file", "text");
is(state_of("check", "file"), "2 file: Not a directory\n", "a file");
mkdir("$dir/new");
is(state_of("check", "new"), "0 A start begins empty: the folder is new\n", "an empty folder");
mkdir("$dir/lost");
spew("$dir/lost/lock", "");
like(state_of("check", "lost"), qr/^1 A start begins empty\nlost: no snapshot is here, so it begins empty, .*\n\z/, "a folder that was used, and is empty");
is(state_of("show", "new"), "2 new: there is no snapshot\n", "show: an empty folder");
is_deeply([glob("$dir/new/*")], [], "nothing was made there");

mkdir("$dir/bad");
spew("$dir/bad/snapshot.000001", "this is not a snapshot at all");
spew("$dir/bad/journal.000001", "");
is(state_of("check", "bad"), <<'EOF', "what is no snapshot");
1 bad/snapshot.000001: damaged at byte 0, 0 frames before it, 29 bytes
bad/journal.000001: cut at byte 0, as after a crash, 0 batches before it, 0 bytes
A start is refused: bad: there is a state, but no sound snapshot; to start without it, move the folder away; bad/snapshot.000001: damaged at byte 0
EOF
is_deeply([sort map { s{.*/}{}r } glob("$dir/bad/*")], ["journal.000001", "snapshot.000001"], "nothing was changed there");
# A run keeps its state; it ends at the end of its input.
spew("$dir/rules", "type=Single\nptype=RegExp\npattern=user (\\w+)\ndesc=d\naction=create SEEN_\$1 3600; assign %last \$1\n");
spew("$dir/in", "user bob\nuser amy\n");
`cd '$dir' && '$secant' --conf=rules --input=in --fromstart --notail --state=kept/ --log=log 2>&1`;
is($?, 0, "a run with a state ends well");
like(state_of("check", "kept"), qr{^0 (?:kept/\w+\.\d{6}: sound, .*\n)+A start continues from generation \d+, and \d+ batch(?:es)? of journals\n\z}, "its state is sound");
like(state_of("show", "kept"), qr/\n2 lines processed; .*\nContexts\n  SEEN_bob, since .*\n  SEEN_amy, since .*\nVariables\n(?:.*\n)*  %last = amy\n/s, "and shown");
my @lines = split(/\n/, state_of("export json", "kept") =~ s/^0 //r);
is(scalar(grep { !eval { JSON::PP->new->decode($_); 1 } } @lines), 0, "each line of its export is JSON");
is(join(" ", map { @{$_->{names}} } grep { $_->{kind} eq "context" } map { JSON::PP->new->decode($_) } @lines), "SEEN_bob SEEN_amy",
    "its contexts are exported");
like(state_of("check", "kept", "--conf=rules"), qr/\nWith these rules a start keeps 2 contexts, .*; it loses nothing\n\z/,
    "check: its own rules keep all");
spew("$dir/stores", "type=Single\nptype=RegExp\npattern=(.*)\ndesc=d\naction=add C \$1; add D \$1\n");
spew("$dir/many", join("", map { "$_ of the lines that do not fit into one record of a snapshot\n" } 1 .. 2000));
`cd '$dir' && '$secant' --conf=stores --input=many --fromstart --notail --state=stored/ --log=log 2>&1`;
is(join(" ", state_of("show", "stored") =~ /^  ([CD]), .* holds ([\d,]+ events)$/mg), "C 2,000 events D 2,000 events", "show: a context's events are in several records");
spew("$dir/counts", "type=SingleWithThreshold\nptype=RegExp\npattern=user (\\w+)\ndesc=users\naction=none\nwindow=3600\nthresh=9\n");
`cd '$dir' && '$secant' --conf=counts --input=in --fromstart --notail --state=counted/ --log=log 2>&1`;
like(state_of("check", "counted", "--conf=counts"), qr/\nWith these rules a start keeps 0 contexts, 1 operation, .*; it loses nothing\n\z/,
    "an operation is kept");
like(state_of("check", "counted", "--conf=rules"), qr/\A1 .*\nWith these rules a start keeps 0 contexts, 0 operations, .*; it loses\n.*: counts, line 1: .*lost/s,
    "by other rules it is lost, which is named");
spew("$dir/broken", "type=None\n");
like(state_of("check", "kept", "--conf=broken"), qr/\A1 .*Some rules were not loaded\n/s, "check: rules that do not load");

# What a Secant has written with version N of records and batches is in t/state/N, and what is told of it stays the
# same: a run with its rules was killed.
for my $old (glob("$FindBin::Bin/state/*")) {
    my $version = $old =~ s{.*/}{}r;
    is(state_of("export", "json", $old), "0 " . slurp("$old/export.json"), "version $version: all of it is read");
    like(state_of("check", $old), qr/\A0 .*\nA start continues from generation \d+, and \d+ batches of journals\n\z/s,
        "version $version: it is sound");
    my $fits = `cd '$old' && '$secant' state check . --conf=rules --intcontexts 2>&1`;
    like($fits, qr/; it loses nothing\n\z/, "version $version: its rules know it");
}

# The check of rules takes the snapshot alone.
my $killed = `cd '$FindBin::Bin/state/2' && '$secant' state check . --conf=rules --intcontexts 2>&1`;
like($killed, qr/\nNot examined: what came after the snapshot, \d+ batches of journals; .*\nWith these rules a start keeps /, "what is not looked at is said");

like(`'$secant' state show '$FindBin::Bin/state/2'`, qr/; what came after it, in \d+ batches of journals, is not shown\n/, "show says so, too");

# A folder of something else is none for a state.
mkdir("$dir/other");
spew("$dir/other/precious", "text");
my $refused = `cd '$dir' && '$secant' --conf=rules --input=in --fromstart --notail --state=other 2>&1`;
like(($? >> 8) . " $refused", qr{\A1 .*?Can't keep the state: \S+/other: it has other files and no state; an empty folder, or none, is expected\n}m, "a folder with other files is refused");
is_deeply([map { s{.*/}{}r } glob("$dir/other/*")], ["precious"], "and left alone");

# Who may not is named: the user that it has become, where that is another one.
mkdir("$dir/closed");
chmod($> == 0 ? 0755 : 0700, $dir);
chmod($> == 0 ? 0700 : 0, "$dir/closed");
my ($user, @become) = $> == 0 ? ("daemon", "--user=daemon", "--group=daemon") : (scalar(getpwuid($>)));
my $closed = `cd '$dir' && '$secant' --conf=rules --input=in --notail @become --state=closed 2>&1`;
like(($? >> 8) . " $closed", qr{\A1 .*?Can't keep the state: \S+/closed: Permission denied for user \Q$user\E\n}m, "a folder of somebody else");
$closed = `cd '$dir' && '$secant' --conf=rules --input=in --notail @become --state=closed/new 2>&1`;
like(($? >> 8) . " $closed", qr{\A1 .*?Can't keep the state: \S+/closed/new: Permission denied for user \Q$user\E\n}m, "one in a folder of somebody else");
chmod(0700, "$dir/closed");

like(state_of("--help"), qr/^0 Usage: secant state show FOLDER/, "--help");

done_testing();
