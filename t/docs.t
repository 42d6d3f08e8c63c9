#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The documentation covers everything that there is: each option of --help, each action, rule type and
# field of the sources has its entry in its section of the manual page, and README names what a newcomer
# needs.  The examples of the manual page load and write what the page says, with SEC as well.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use Test::More;
use lib "$FindBin::Bin/lib";
use Program qw(reference spew eventually);

my $root = dirname(dirname(abs_path(__FILE__)));
my $secant = $ENV{SECANT} || "$root/build/secant";

sub slurp {
    my ($path) = @_;
    open(my $fh, "<", $path) or die "$path: $!";
    local $/;
    return scalar(<$fh>);
}

# The manual page as plain words: no requests, no font changes, no protected dashes.
sub plain {
    my ($text) = @_;
    $text =~ s/^\.\\".*\n//gm;
    $text =~ s/^\.[A-Z]+ ?//gm;
    $text =~ s/\\f.//g;
    $text =~ s/\\-/-/g;
    $text =~ s/["]//g;
    return $text;
}

my $source = slurp("$root/doc/secant.1");

# A section of the page, with its requests.
sub section {
    my ($title) = @_;
    my ($text) = $source =~ /^\.SH "?\Q$title\E"?\n(.*?)(?=^\.SH |\z)/ms;
    return $text // "";
}

# The lines that introduce an entry of the section: the tags of its lists, its subtitles, and the fields
# between a subtitle and its paragraph.
sub entries {
    my ($title) = @_;
    my $text = section($title);
    my @tags = $text =~ /^\.T[PQ]\n(.*)\n/mg;
    my @subsections = $text =~ /^\.SS (.*\n(?:[^.].*\n)*)(?=\.PP)/mg;
    return map { plain($_) } @tags, @subsections;
}

sub has_entries {
    my ($title, $what, @words) = @_;
    my @entries = entries($title);
    ok(scalar(@words), "$what were found");
    foreach my $word (@words) {
        ok(scalar(grep { /(?<![\w-])\Q$word\E(?![\w-])/ } @entries), "$what: $word");
    }
}

SKIP: {
    skip("$secant is not built", 1) unless -x $secant;
    my %seen;
    has_entries("OPTIONS", "options", grep { !$seen{$_}++ } `"$secant" --help` =~ /(--[a-z][\w-]*)/g);
}
has_entries("ACTIONS", "actions", slurp("$root/src/act/types.h") =~ /\bDO\((\w+)\)/g);

# A rule type has a subtitle, with its fields between that and the text; those that many have, an entry.
sub names_in { return slurp($_[0]) =~ /(?:\.name = |FIELD_ACTIONS\(|FIELD_NUMBER\(\w+, )"(\w+)"/g }

my @subtitles = section("RULE TYPES") =~ /^\.SS (.*\n(?:[^.].*\n)*)(?=\.PP)/mg;
foreach my $file (glob("$root/src/correlate/*.c")) {
    my ($name, @names) = ($file =~ s{.*/}{}r, names_in($file));
    my @types = grep { /^[A-Z]/ } @names;
    my @own = map { my $type = $_; map { plain($_) } grep { /^$type\b/ } @subtitles } @types;
    is(scalar(@own), scalar(@types), "$name: a subtitle for each rule type (@types)");
    foreach my $field (grep { /^[a-z]/ } @names) {
        ok(scalar(grep { /\b\Q$field\E\b/ } @own), "$name: $field stands among the fields");
    }
}
has_entries("RULE TYPES", "common fields", names_in("$root/src/correlate/shared.h"));

my %titles;
is(join(" ", grep { $titles{$_}++ } section("ACTIONS") =~ /^\.SS (.*)/mg), "", "each part of ACTIONS is there once");

SKIP: {
    skip("man is not installed", 1) if system("man --version >/dev/null 2>&1");
    for my $page (map { s{.*/}{}r } glob("$root/doc/*.1")) {
        is(`LC_ALL=C.UTF-8 MANROFFSEQ= man --warnings -l "$root/doc/$page" 2>&1 >/dev/null`, "", "$page has no fault");
    }
}

# The examples: a title, rule files, and lines with what they make the program write.
sub examples {
    my @examples;
    my (undef, @parts) = split(/^\.SS /m, section("EXAMPLES"));
    foreach my $part (@parts) {
        my %example = (title => $part =~ /^(.*)/, rules => []);
        while ($part =~ /^([^\n]*)\n\.PP\n\.EX\n(.*?)^\.EE$/msg) {
            my ($before, $text) = ($1, $2);
            $text =~ s/^\\&//mg;
            $text =~ s/\\-/-/g;
            $text =~ s/\\e/\\/g;
            if ($before eq "Input:") { $example{input} = $text }
            elsif ($before eq "Output:") { $example{output} = $text }
            else { push @{$example{rules}}, $text }
        }
        push @examples, \%example;
    }
    return @examples;
}

# Writes the files of the example into a fresh folder; the program's command line for them.  Where an
# example lets time pass, its windows and lifetimes become one second.
sub prepare {
    my ($example, $program) = @_;
    my $dir = $example->{dir} = tempdir(CLEANUP => 1);
    my @command = (split(' ', $program), "--nochildterm", "--debug=3", "--log=$dir/log");
    foreach my $text (@{$example->{rules}}) {
        push @command, split(' ', $1) if $text =~ /^# Options: (.*)/;
        my $name = "$dir/" . @command . ".sec";
        spew($name, $example->{passes} ? $text =~ s/^(window=|action=create \S+ )\d+/${1}1/mgr : $text);
        push @command, "--conf=$name";
    }
    spew("$dir/lines", ($example->{input} // "") =~ s/^\(.*\)\n//mr);
    spew("$dir/log", "");
    return @command;
}

# Runs the program; all that it writes.  One that follows its input is ended when all is there.
sub written {
    my ($example, @command) = @_;
    my $out = "$example->{dir}/out";
    spew($out, "");
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDOUT, ">", $out) and open(STDERR, ">&", \*STDOUT) or die "$out: $!";
        exec(@command, "--input=$example->{dir}/lines", $example->{passes} ? "--fromstart" : "--notail");
        die "$command[0]: $!";
    }
    if ($example->{passes}) {
        eventually(sub { length(slurp($out)) >= length($example->{output}) });
        kill("TERM", $pid);
    }
    waitpid($pid, 0);
    # What a child writes may come later.
    eventually(sub { length(slurp($out)) >= length($example->{output}) }, 10);
    return slurp($out) . slurp("$example->{dir}/log");
}

my $sec = reference();
note("SEC is not installed: the examples run with secant only") unless $sec;
my @programs = grep { defined } -x $secant ? $secant : undef, $sec;
my @examples = examples();
cmp_ok(scalar(@examples), ">=", 10, "the manual page has examples");
foreach my $example (@examples) {
    $example->{passes} = ($example->{input} // "") =~ /^\(\d+ seconds later\)\n\z/m;
    foreach my $program (@programs) {
        my @command = prepare($example, $program);
        my $name = "example: $example->{title}, " . $program =~ s{.*/}{}r;
        is(system("@command --testonly </dev/null >$example->{dir}/said 2>&1"), 0, "$name: in order");
        is(slurp("$example->{dir}/log"), "", "$name: no complaint");
        is(written($example, @command), $example->{output}, "$name: output") if defined $example->{input};
    }
}

my $readme = slurp("$root/README");
like($readme, qr/\Q$_\E/, "README: $_") foreach ("make demo", "make check", "make install", "make bench",
    "COPYING", "doc/reference/index.md", "doc/sec-manual.md", map { "src/$_" } grep { -d "$root/src/$_" } map { s{.*/}{}r } glob("$root/src/*"));

done_testing();
