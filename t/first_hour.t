#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# What newcomers do, and what they are told: with and without a terminal. Exit status, log and standard
# output are upstream's; what is told goes to standard error.
#
#   SECANT   the binary under test (build/secant)
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use Program qw(binary spew slurp);
use Test::More;

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
my $dir = tempdir(CLEANUP => 1);
chdir($dir) or die "$dir: $!";
delete @ENV{qw(SECRC POSIXLY_CORRECT NOTIFY_SOCKET)};

my $rule = "type=Single\nptype=SubStr\npattern=x\ndesc=d\naction=none\n";
spew("good.sec", $rule);
spew("two.sec", "$rule\n$rule");
spew("bad.sec", "type=Single\nptype=SubStr\npattern=x\ndesc=d\naction=nonsense\n");
spew("merged.sec", "$rule$rule");
spew("goto.sec", $rule =~ s/pattern=x/pattern=x\ncontinue=GoTo nowhere/r);
spew("empty.sec", "");
spew("mark.sec", "\xef\xbb\xbf$rule");
spew("wide.sec", "\xff\xfe" . join("", map { "$_\0" } split(//, $rule)));
spew("wide2.sec", "\xfe\xff" . join("", map { "\0$_" } split(//, $rule)));
spew("blank.sec", $rule =~ s/type=SubStr/type=\xc2\xa0SubStr/r);
spew("text.sec", $rule =~ s/desc=d/desc=10\xc2\xa0km/r);
mkdir("folder");

# Standard output, standard error and the exit status, without a terminal.
sub run {
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDIN, "<", "/dev/null");
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        exec(@secant, @_) or die "$secant[0]: $!";
    }
    waitpid($pid, 0);
    return (slurp("out"), slurp("err"), $? >> 8);
}

sub tells {
    my ($title, $options, $status, $want) = @_;
    my ($out, $err, $got) = run(@$options);
    is($out, "", "$title: nothing on standard output");
    is($got, $status, "$title: the exit status");
    ref $want ? like($err, $want, $title) : is($err, $want, $title);
}

# The rules are tested, and there is no log.
my @test = ("--testonly");
tells("sound rules", [@test, "--conf=good.sec"], 0, "secant: 1 rule in 1 file, 0 errors, 0 warnings\n");
tells("several files", [@test, "--conf=good.sec two.sec"], 0, "secant: 3 rules in 2 files, 0 errors, 0 warnings\n");
tells("a faulty rule", [@test, "--conf=bad.sec"], 1,
      qr/\ARule in bad\.sec at line 1: Invalid action .*^secant: 0 rules in 1 file, 2 errors, 1 warning\n\z/ms);
tells("a file that is not there", [@test, "--conf=none.sec"], 1, qr/^Can't open configuration file none\.sec .*^secant: .* 1 error, /ms);
tells("no --conf", \@test, 0, "secant: no rules to be tested: --conf is missing\nsecant: 0 rules in 0 files, 0 errors, 0 warnings\n");
tells("a folder", [@test, "--conf=folder"], 0, qr/^No valid rules .*^secant: folder is a folder: --conf='folder\/\*'/ms);
tells("an empty file", [@test, "--conf=empty.sec"], 0, qr/^No valid rules found in configuration file empty\.sec$/m);
tells("a pattern that matches nothing", [@test, "--conf=none/*.sec"], 0, qr/^secant: no file matches --conf=none\/\*\.sec$/m);
tells("a missing empty line", [@test, "--conf=merged.sec"], 0,
      qr/^Several 'type' .*\nsecant: merged\.sec line 6: 'type' again in the rule that begins at line 1;/m);
tells("a label that is not there", [@test, "--conf=goto.sec"], 0, qr/^Rule in goto\.sec at line 1: label nowhere does not exist/m);
tells("a byte order mark", [@test, "--conf=mark.sec"], 1,
      qr/^secant: mark\.sec begins with a byte order mark .*^mark\.sec line 1 \(.*keyword=value/ms);
tells("UTF-16", [@test, "--conf=wide.sec"], 1, qr/^secant: wide\.sec is UTF-16 text \(byte order mark FF FE\)/m);
tells("UTF-16, big end first", [@test, "--conf=wide2.sec"], 1, qr/^secant: wide2\.sec is UTF-16 text \(byte order mark FE FF\)/m);
tells("a no-break space", [@test, "--conf=blank.sec"], 1, qr/^secant: blank\.sec line 2: a no-break space \(U\+00A0\)/m);
tells("a no-break space in a text", [@test, "--conf=text.sec"], 0, "secant: 1 rule in 1 file, 0 errors, 0 warnings\n");
my $cached = $rule =~ s/ptype=SubStr/ptype=Cached/r;
spew("cached.sec", "$rule\n" . $cached . "\n" . $cached =~ s/Cached/NCached/r);
tells("a match cache entry that nothing makes", [@test, "--conf=cached.sec"], 0,
      join("", map { "secant: cached.sec line $_: no varmap names 'x': only Perl code can put it into the match cache\n" } 7, 13)
      . "secant: 3 rules in 1 file, 0 errors, 0 warnings\n");
spew("made.sec", $cached . "\n" . $rule =~ s/ptype=SubStr/ptype=RegExp\nvarmap=x/r);
tells("one that another rule makes", [@test, "--conf=made.sec cached.sec"], 0, "secant: 5 rules in 2 files, 0 errors, 0 warnings\n");
my $jump = "type=Jump\nptype=SubStr\npattern=x\n";
spew("jump.sec", "$jump" . "cfset=here there\n\n${jump}constset=no\ncfset=\$1 there\n");
spew("joined.sec", "type=Options\njoincfset=here\n\n$rule");
tells("a set that no file joins", [@test, "--conf=jump.sec joined.sec"], 0,
      "secant: jump.sec line 1: no rule file joins the set 'there'\n"
      . "secant: jump.sec line 6: no rule file joins the set '\$1'\n"
      . "secant: jump.sec line 6: no rule file joins the set 'there'\nsecant: 3 rules in 2 files, 0 errors, 0 warnings\n");
tells("fewer messages are wanted", [@test, "--debug=1", "--conf=bad.sec"], 1,
      "secant: 0 rules in 1 file, 2 errors, 1 warning\n");

# A log has the messages; then nobody is told twice.
tells("with a log", [@test, "--conf=bad.sec merged.sec mark.sec", "--log=log"], 1, "");
unlike(slurp("log"), qr/secant:/, "and the log has none of our words");

# Why there is no start.
tells("a PID file that cannot be written", ["--pid=no/such/pid", "--notail"], 1,
      qr/\ACan't open pidfile no\/such\/pid for writing \(No such file or directory\), exiting!\n\z/);
tells("... with a log", ["--pid=no/such/pid", "--notail", "--log=log"], 1, "");
tells("a log that cannot be written", ["--log=no/such/log", "--notail"], 0,
      qr/\ACan't open logfile no\/such\/log \(No such file or directory\)\n\z/);
tells("nothing to do, and nobody there", ["--notail"], 0, "");
tells("a faulty rule in service", ["--conf=bad.sec", "--notail"], 0, "");

# Slips in names of options.
tells("a slip", ["--initevents", "--notail"], 0, "Unknown option: initevents\n(did you mean --intevents?)\n");
tells("another", ["--no-detahc", "--notail"], 0, "Unknown option: no-detahc\n(did you mean --no-detach?)\n");
tells("two letters the wrong way round", ["--hlep", "--inptu=x", "--notail"], 0,
      "Unknown option: hlep\n(did you mean --help?)\nUnknown option: inptu\n(did you mean --input?)\n");
tells("no slip", ["--foo", "--verbose", "--x", "--notail"], 0,
      "Unknown option: foo\nUnknown option: verbose\nUnknown option: x\n");

# Slips in commands, and rules in their place.
tells("a misspelt command", ["tset", "--notail"], 0, "secant: did you mean the command 'secant test'?\nUnknown argument: tset\n");
tells("another, with rules", ["explan", "--conf=good.sec", "--notail"], 0, qr/\Asecant: did you mean the command 'secant explain'\?\n/);
tells("a rule file", ["good.sec", "--notail"], 0, qr/\Asecant: good\.sec is not read: did you mean --conf=good\.sec\?\n/);
tells("a rule file beside --conf", ["good.sec", "--conf=good.sec", "--notail"], 0, qr/\A(?!.*not read)/);
tells("one that is not there", ["none.sec", "--notail"], 0, "Unknown argument: none.sec\n");
spew("good.sectest", "rules: good.sec\n");
tells("a test file", ["good.sectest", "--notail"], 0, qr/\Asecant: good\.sectest is not read: did you mean 'secant test good\.sectest'\?\n/);
tells("a word that is no command", ["word", "--notail"], 0, "Unknown argument: word\n");
{
    my ($out, $err, $status) = run("tset", "--conf=bad.sec", "--log=log", "--notail");
    is_deeply([$out, $status], ["", 0], "all else is SEC's");
}
for (["--conf=good.sec"], ["--conf", "good.sec"]) {
    my ($out, $err, $status) = run("test", @$_);
    like($err, qr/\ANo option --conf: rules are named in the test file: rules: /, "secant test @$_");
    is($status, 2, "its exit status");
}
like((run("test", "--rnu=x"))[1], qr/\(did you mean --run\?\)/, "letters swapped in a short name");

my ($help) = run("--help");
like($help, qr/^Commands .*secant help$/m, "--help names the commands");
is_deeply([grep { length > 80 } split(/\n/, $help)], [], "--help fits a terminal");

SKIP: {
    skip "python3 is not installed", 8 if system("python3 -c 'import pty' 2>/dev/null");

    # Ends once the pattern has come.
    my $at_terminal = sub {
        my ($title, $pattern, @options) = @_;
        local $SIG{ALRM} = sub { die "$title: not told\n" };
        alarm(Program::PATIENCE);
        open(my $out, "-|", "python3", "$FindBin::Bin/lib/terminal.py", $pattern, @secant, @options) or die "python3: $!";
        my $text = join("", <$out>);
        alarm(0);
        like($text, qr/$pattern/m, $title);
        like($text, qr/^status 0$/m, "$title: the exit status");
    };
    $at_terminal->("nothing given", "secant: no rules and no input: nothing to do until a signal comes; see secant --help");
    $at_terminal->("no input", "secant: no input: nothing to do until", "--conf=good.sec");
    $at_terminal->("no rules", "secant: no rules: nothing to do until", "--input=good.sec");
    $at_terminal->("an input that matches no file", "secant: no file matches --input=none/[*]=C\\s", "--conf=good.sec",
                   "--input=none/*=C", "--notail");
}

done_testing();
