#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion offers each option of --help, and no other.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);
use Test::More;

my $folder = dirname(dirname(abs_path(__FILE__))) . "/doc/completion";
my ($secant) = map { abs_path($_) // $_ } split(' ', binary());
plan skip_all => "$secant is not built" unless -x $secant;

# The options that a help text has, with "=" where a value follows, once each; of a value that may be left out both.
sub options_of {
    my ($text) = @_;
    my %options;
    while ($text =~ /(--[a-z][\w-]*)(\[?)(=?)/g) {
        $options{$1} = 1 if $2 && $3 || !$3;
        $options{"$1$3"} = 1;
    }
    return %options;
}

my %options = options_of(scalar(`"$secant" --help`));
cmp_ok(scalar(keys %options), ">", 40, "options were found");

# What commands name of SEC's options is as it is there, with what negates it.
my ($list) = `"$secant" help` =~ /^Commands\n(.*?)\n\n/ms;
my @commands = sort($list =~ /^  (\w+) /mg);
my %of = ("" => \%options);
for my $command (@commands) {
    my $help = `"$secant" $command --help`;
    my $shared = $help =~ s/^ *Of SEC's options: ((?:--\w+[,\s]*)+)//m ? $1 : "";
    my %own = $command eq "help" ? () : options_of($help);
    for my $name ($shared =~ /--(\w+)/g) { $own{$_} = 1 for grep { /^--(?:no)?\Q$name\E=?$/ } keys %options }
    $of{$command} = \%own;
}
ok(scalar(@commands), "commands were found");

sub one_each { return join("\n", sort keys %{ { map { $_ => 1 } @_ } }) }

my $bash = slurp("$folder/secant.bash");
my $zsh = slurp("$folder/_secant");
my ($summaries) = $zsh =~ /^local -a summaries=\((.*?)^\)/ms;
is(one_each($summaries =~ /^    '(\w+):/mg), join("\n", @commands), "zsh: the commands");
sub zsh_options {
    my ($name) = @_;
    my ($text) = $zsh =~ /^local -a \Q$name\E=\((.*?)^\)/ms or return "$name is missing";
    my @found = map { s/=-$/=/ ? ($_, s/=$//r) : $_ } $text =~ /^    '?(?:\([^)]*\))?'?[*{]?(--[a-z][\w-]*(?:=-?)?)/mg;
    return (@found, $text =~ /\$common\b/ ? zsh_options("common") : ());
}
for my $command ("", @commands) {
    my $wanted = join("\n", sort keys %{ $of{$command} });
    my ($entry) = $bash =~ /\[@{[$command || "-"]}\]=(?:'(.*?)')?\n/s ? $1 // "" : "is missing";
    is(one_each($entry =~ /(--[a-z][\w-]*=?|is missing)/g), $wanted, "bash: the options of secant $command");
    is(one_each(zsh_options("options_" . ($command || "sec"))), $wanted, "zsh: the options of secant $command");
}

# What bash offers after these words; the last is the one under the cursor.
sub offered {
    my @words = @_;
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/$_", "") for "a.sec", "b.sec", "c.sectest";
    my $last = $#words;
    spew("$dir/try", "compopt() { :; }\n. '$folder/secant.bash'\nCOMP_WORDS=(" . join(" ", map { "'$_'" } @words) .
        ")\nCOMP_CWORD=$last\n_secant\nprintf '%s\\n' \"\${COMPREPLY[\@]}\"\n");
    return join(" ", sort split(' ', `cd $dir && bash --norc try 2>&1`));
}

SKIP: {
    skip("bash is not installed", 21) if system("bash --version >/dev/null 2>&1");
    is(offered("secant", "--dump"), "--dump= --dumpfjson --dumpfts", "bash: names that begin so");
    is(offered("secant", "--conf", "=", "a"), "a.sec", "bash: files that begin so");
    is(offered("secant", "--tail", "--conf", "="), "a.sec b.sec c.sectest try", "bash: all files");
    is(offered("secant", "--debug", "="), "1 2 3 4 5 6", "bash: levels");
    is(offered("secant", "--bufsize", "="), "", "bash: a number is not guessed");
    is(offered("secant", "rep"), "replay", "bash: commands that begin so");
    is(join(" ", grep { !/^-/ } split(' ', offered("secant", ""))), "@commands", "bash: commands are the first word");
    is(offered("secant", "help", ""), "@commands", "bash: or what help is asked about");
    is(offered("secant", "replay", "--ti"), "--time-format= --time-regex= --timezone=", "bash: options of a command");
    is(offered("secant", "--tail", "rep"), "", "bash: no command after an option");
    is(offered("secant", "replay", "--conf", "=", "a"), "a.sec", "bash: files for an option of a command");
    is(offered("secant", "test", "--ti"), "--timeout=", "bash: options of test");
    is(offered("secant", "test", ""), "c.sectest", "bash: files of tests");
    is(offered("secant", "check", ""), "a.sec b.sec c.sectest try", "bash: files of rules may have any name");
    is(offered("secant", "check", "--format", "=", "g"), "gcc github", "bash: forms of the report");
    is(offered($secant, "check", "--only", "=", "jump"), "jump-to-no-set", "bash: names of checks, asked of the program");
    is(offered("secant", "state", "s"), "show", "bash: parts of state");
    is(join(" ", grep { !/^-/ } split(' ', offered("secant", "state", "export", ""))), "json", "bash: what a state is exported as");
    is(offered("secant", "rules", "e"), "enable", "bash: parts of rules");
    is(offered($secant, "rules", "enable", "sshd", "post"), "postfix", "bash: names of packages, asked of the program");
    is(offered("secant", "rep", "--dra"), "", "bash: what is no command is SEC's");
}

SKIP: {
    skip("zsh is not installed", 1) if system("zsh --version >/dev/null 2>&1");
    is(`zsh -n "$folder/_secant" 2>&1`, "", "zsh: no error");
}

done_testing();
