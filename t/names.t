#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Names of rule files, resource files, logs, pid files and dumps that are more than names, as Perl's
# open takes them: what Secant reads and writes is what SEC does.
#
#   SECANT   the binary under test (build/secant)
#   SEC      the reference (sec, as found in PATH)
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference spew);
use Test::More;

my @secant = split(' ', binary());
my @sec = split(' ', reference() // "");

plan skip_all => "no reference: install sec or set SEC" unless @sec;
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
delete @ENV{qw(SECRC POSIXLY_CORRECT)};

# A rule that makes a dump as soon as the program starts, and ends it.
my $rule = "type=Single\nptype=SubStr\npattern=SEC_STARTUP\ncontext=SEC_INTERNAL_EVENT\ndesc=d\n"
    . "action=sigemul USR1; sigemul TERM\n";

# Folders of files, each told by the kind of its lines.
sub contents {
    my %found;
    for my $name (glob("* .[a-z]* .hidden/*")) {
        next unless -f $name;
        open(my $fh, "<", $name) or die "$name: $!";
        my $text = join("", <$fh>);
        my $dumps = () = $text =~ /^Program information:$/mg;
        my @log = $text =~ /^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}: (.*)/mg;
        $found{$name} = $dumps ? "$dumps dumps" : $text;
        $found{$name} = join("\n", $dumps, map { s/^SEC \(.*/SEC/r } @log) if @log;
        $found{$name} =~ s/^\d+$/a process id/m unless $name eq "kept";
    }
    return \%found;
}

sub start {
    my ($test, @program) = @_;
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        $ENV{SECRC} = $test->{secrc} if defined $test->{secrc};
        open(STDIN, "<", "kept");
        open(STDOUT, ">>", ".out");
        open(STDERR, ">>", ".err");
        exec(@program, "--intevents", "--nochildterm", "--dump=x.dump", $test->{log} || "--log=.log", $test->{conf} || "--conf=r.sec",
             @{ $test->{options} || [] });
        die "$program[0]: $!";
    }
    waitpid($pid, 0);
}

# What is there afterwards, in a new folder.
sub run {
    my ($test, @program) = @_;
    my $dir = tempdir(CLEANUP => 1);
    chdir($dir) or die "$dir: $!";
    spew("kept", "as it was\n");
    spew("app", "what was there\n");
    spew("r.sec", $rule);
    $test->{before}->() if $test->{before};
    start($test, @program) for 1 .. $test->{times} || 1;
    my $found = contents();
    delete $found->{".err"};    # what perl -w says of bad names
    $found->{status} = $?;
    chdir("/");
    return $found;
}

sub same {
    my ($title, %test) = @_;
    my $want = run(\%test, @sec);
    $test{expect}->($want) or fail("$title: the test tells nothing"), diag(explain($want));
    is_deeply(run(\%test, @secant), $want, $title);
}

# Dumps, two of each: the second shows what is done with the first.
for my $name ("plain", "-", "&1", "& 1", "&=1", "&STDOUT", "&STDERR", "&99", "&nothing", ">app", "kept", "./no/such", "&1 ", ">&1", ">-", " - ") {
    same("--dump='$name'", times => 2, options => ["--dump=$name"],
         expect => sub { grep { /dump/ } values %{ $_[0] } });
}
for my $name (" blank.dump ", " >app", "> app") {
    same("--dump='$name', once", options => ["--dump=$name"], expect => sub { grep { /dump/ } values %{ $_[0] } });
}

for my $name (" a.log ", "&1", "&=2", ">app", "app", "-", "no/such/log") {
    same("--log='$name'", log => "--log=$name", expect => sub { 1 });
}
for my $name (" a.pid ", "&1", "&=2", ">app", "app", "-", "no/such/pid") {
    same("--pid='$name'", options => ["--pid=$name"], expect => sub { 1 });
}

sub script {
    spew("gen", "#!/bin/sh\ncat r.sec\n");
    spew("gen2", "cat r.sec\n");    # no "#!"
    chmod(0755, "gen", "gen2");
}

sub loads { $_[0]{".log"} =~ /rules loaded from/ }
sub empty { $_[0]{".log"} =~ /No valid rules|Can't open/ && $_[0]{".log"} !~ /rules loaded/ }

for my $name ("./gen|", "./gen2|", "\"./gen |\"", "\"cat r.sec|\"", "\"cat < r.sec |\"", "<r.sec", "\"< r.sec \"",
              "+<r.sec", "\" r.sec\"", "\"r.sec \"") {
    same("--conf='$name'", conf => "--conf=$name", before => \&script, expect => \&loads);
}
# These leave no rule that would end the program: there is no input.
for my $name ("|cat", "./nothing|", "|./nothing", "\" |\"", "|", "-", "<-", "<&0", "<&=0", "<&STDIN", ">made", ">>kept", "+>made", ">-",
              "./r.sec||", "no.sec", ".", "\" \"", "<none", "<&7") {
    same("--conf='$name'", conf => "--conf=$name", options => ["--notail"], expect => \&empty);
}
for my $name ("cat secrc|", "./gen|", "<secrc", " secrc ", "< secrc", "+<secrc", "secrc") {
    same("SECRC='$name'", secrc => $name, 
         before => sub { spew("secrc", "# dumps\n  --dump=named.dump \n\n--pid=pid"); spew("gen", "#!/bin/sh\ncat secrc\n"); chmod(0755, "gen") },
         expect => sub { $_[0]{"named.dump"} && $_[0]{pid} });
}
for my $name ("nothing|", "|cat", "<none", " ", "|", ">made") {
    same("SECRC='$name'", secrc => $name, expect => sub { !$_[0]{"named.dump"} });
}

# A dump is a new file: here Secant is not as SEC, which writes to what the link names.
my $dangling = run({  options => ["--dump=link"], before => sub { symlink("target", "link") } }, @secant);
ok(!$dangling->{target}, "a dump is not written through a symbolic link");
like($dangling->{".log"}, qr/^Can't open dumpfile link \(File exists\)$/m, "... and the log tells");
my $again = run({ times => 2, options => ["--dump= blank.dump "] }, @secant);
is($again->{"blank.dump"}, "1 dumps", "a dump does not overwrite one whose name has blanks around it");

done_testing();
