#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# secant test --with: another SEC runs the tests.  Those of secant test itself pass with it as well; what its rules
# do does not happen; where it differs, a test fails.
#
#   SECANT   the binary under test (build/secant)
#   SEC      one more SEC, the first being the one that is installed
use strict;
use warnings;
use FindBin;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use lib "$FindBin::Bin/lib";
use Program qw(binary eventually reference slurp spew);
use Strace qw(strace reaches_out);
use Test::More;

my @secant = split(' ', binary());
my $units = dirname($secant[0]) . "/t";
my ($installed) = grep { -x } map { "$_/sec" } split(/:/, $ENV{PATH});
my %seen;
my @secs = grep { defined && !$seen{$_}++ } $installed, reference();
plan skip_all => "no SEC: install sec or set SEC" unless @secs;
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];

my $dir = tempdir(CLEANUP => 1);
mkdir("$dir/tmp");
chdir($dir) or die "$dir: $!";
delete @ENV{qw(SECRC PERL5OPT PERL5LIB PERL_HASH_SEED GITHUB_ACTIONS NO_COLOR)};
$ENV{TMPDIR} = "$dir/tmp";

sub run {
    my $command = join(' ', map { "'$_'" } @secant, "test", @_);
    my $out = `$command 2>err </dev/null`;
    return ($? >> 8, $out =~ s/\(\d+\.\d\d s\)/(N s)/gr, slurp("err"));
}

# -- The tests of secant test --

for my $sec (@secs) {
    for my $program ("check_prove", "check_prove_perl") {
        SKIP: {
            skip("$program is not built", 1) unless -x "$units/$program";
            local $ENV{PROVE_WITH} = $sec;
            my $said = `$units/$program 2>&1`;
            is($?, 0, "$program with $sec") or diag($said);
        }
    }
}

# -- What is told --

spew("r.sec", "type=Single\nptype=RegExp\npattern=go (.*)\ndesc=going\naction=write /alerts went \$1\n");
spew("r.sectest", "rules: r.sec\ntest: goes\n  +0s go far\n  expect write /alerts = went far\n  nothing else\n");
for my $sec (@secs) {
    my ($version) = `$sec --version` =~ /^SEC \(Simple Event Correlator\) (\S+)/;
    is_deeply([run("--with", $sec)],
        [0, "With SEC $version ($sec)\nr.sectest  1 passed\n1 test: 1 passed (N s)\n", ""], "$version has a name");
    like((run("--with", $sec, "--tap"))[1], qr/^# With SEC \Q$version\E .*\nok 1 /m, "in TAP");
    like((run("--with", $sec, "--json"))[1], qr/"with":"SEC \Q$version\E /, "in JSON");
}

is((run("--with", "cat"))[0], 2, "a program that is no SEC");
is((run("--with", "cat"))[2], "--with: cat: this is no SEC: --version does not say so\nsecant test --help lists the options\n",
    "it is named");
is((run("--with", "$dir/none x"))[0], 2, "one that is not there");
like((run("--with", "$dir/none x"))[2], qr{^--with: \Q$dir\E/none: No such file or directory$}m, "it is named");
is((run("--with", ""))[0], 2, "none");
is((run("--with", $secs[0], $_))[0], 2, "without $_") for "--coverage", "--min=50", "--lcov=x";
spew("liar", "#!/bin/sh\ncase \$1 in --version) echo 'SEC (Simple Event Correlator) 9.9' ;; *) echo so what >&2; exit 7 ;; esac\n");
chmod(0755, "liar");
my ($status, $out) = run("--with", "$dir/liar");
is($status, 1, "one that only says that it is a SEC");
like($out, qr/the other SEC ended with status 7: so what/, "what came of it");

spew("hangs", "#!/bin/sh\nsleep 1000 &\necho \$! >\"$dir/child\"\nwait\n");
chmod(0755, "hangs");
($status, $out, my $err) = run("--with", "$dir/hangs", "--timeout=1");
is("$status $err", "2 --with: $dir/hangs: --version does not answer within 1 s\nsecant test --help lists the options\n",
    "one that does not say who it is");
my ($child) = slurp("$dir/child") =~ /(\d+)/;
ok($child && eventually(sub { !kill(0, $child) || slurp("/proc/$child/stat") =~ /\) Z / }), "what it has started has ended");

# -- A difference --

my ($script) = grep { -e } map { split(' ') } $secs[0];
my $text = slurp($script);
ok($text =~ s/^sub process_single_rule \{/$&\n  return if time() % 2;/m, "a SEC with an error of its own");
spew("other", $text);
spew("two.sectest", "rules: r.sec\ntest: at once\n  +0s go far\n  expect write /alerts = went far\n"
    . "test: later\n  +1s go far\n  expect write /alerts = went far\n");
is((run("two.sectest"))[0], 0, "the engine is right");
($status, $out) = run("--with", "$^X $dir/other", "two.sectest");
is($status, 1, "the other is not");
like($out, qr/ok +at once\n +FAIL +later +two.sectest:5\n +expect write/, "where it differs");

# -- Nothing happens --

mkdir("out");
spew("deeds.sec", join("\n", map { "type=Single\nptype=SubStr\npattern=deeds\ncontinue=takenext\ndesc=deeds\naction=$_\n" } (
    "write $dir/out/a x; owritecl $dir/out/a x; closef $dir/out/a; write - x",
    "udgram $dir/out/s x; ustream $dir/out/s x; udpsock 127.0.0.1:9 x; tcpsock 127.0.0.1:9 x; udpsock some.host:9 x",
    "shellcmd touch $dir/out/b; spawn echo x; pipe 'x' cat > $dir/out/c; create C; add C x; report C cat > $dir/out/c",
    "cmdexec touch $dir/out/b; spawnexec echo x; sigemul USR1; sigemul USR2",
    "lcall %x -> ( sub { system('touch', '$dir/out/d'); my \$x = `touch $dir/out/d`; exec('touch', '$dir/out/d'); 1 } )",
    "lcall %x -> ( sub { open(my \$f, '>', '$dir/out/e') or die; print \$f 'x'; printf(\$f '%s', 'x'); close(\$f) } )",
    "lcall %x -> ( sub { open(F, '>>$dir/out/e') or die; print F 'x'; close(F); open(P, '| cat') or die; print P 'x'; close(P) } )",
    "lcall %x -> ( sub { mkdir('$dir/out/f'); unlink('$dir/r.sec'); rename('$dir/r.sec', '$dir/q'); chmod(0, '$dir'); 1 } )",
    "lcall %x -> ( sub { kill('URG', 1); my \$pid = fork(); exec('true') if defined \$pid && !\$pid; waitpid(\$pid, 0); 1 } )",
    "lcall %x -> ( sub { require IO::Socket::INET; IO::Socket::INET->new(PeerAddr => '127.0.0.1:9', Proto => 'udp')->send('x'); 1 } )",
    "lcall %x -> ( sub { require IO::File; IO::File->new('$dir/out/g', 'w')->print('x'); 1 } )",
    "lcall %x -> ( sub { print STDOUT 'x'; print STDERR 'x'; warn \"x\\n\"; require File::Path; File::Path::make_path('$dir/out/h'); 1 } )",
    "write $dir/out/z the last",
)));
spew("deeds.sectest", "rules: deeds.sec\noptions: --dump=$dir/out/dump --log=$dir/out/log --pid=$dir/out/pid --intevents\n"
    . "test: deeds\n  +0s deeds\n  expect write $dir/out/z the last\n  not log Error\n  snapshot:\n    none\n");
is((run("--update", "deeds.sectest"))[0], 0, "what the engine does is written down");
for my $sec (@secs) {
    my ($code, @calls) = strace("$dir/trace", join(' ', @secant, "test --with '$sec' deeds.sectest >told 2>&1"));
    is_deeply([glob("$dir/out/*")], [], "no file is made ($sec)");
    ok(-e "r.sec", "none is removed");
    SKIP: {
        skip("strace is not there, or cannot trace", 3) unless @calls;
        # From when it reads the rules on; messages to us begin with their length.
        my ($pid) = map { /^(\d+) +open.*"deeds\.sec"/ ? $1 : () } @calls;
        my $begun = 0;
        my @its = grep { /^$pid +/ && ($begun ||= /"deeds\.sec"/) } @calls;
        is($code, 0, "another SEC does the same") or diag(slurp("told"));
        cmp_ok(scalar(@its), ">", 20, "much was traced");
        is_deeply([grep { reaches_out($_) && !/^\d+ +write\(\d+, "\\0\\0/ } @its], [], "nothing reached out");
    }
}

done_testing();
