#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# Inputs for the fuzz targets to begin with, made from the conformance cases and from t/fuzz/NAME/.
#
#   t/fuzz/seeds.pl FOLDER      makes FOLDER/NAME/* for every target that it knows inputs for, and
#                               FOLDER/words, libFuzzer's dictionary: actions, fields, variables of Perl
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Path qw(make_path);

my $here = dirname(abs_path(__FILE__));
my ($folder) = @ARGV;
defined $folder && @ARGV == 1 or die "usage: t/fuzz/seeds.pl FOLDER\n";

my (%count, %seen);

sub seed {
    my ($target, $text) = @_;
    return if $seen{$target}{$text}++;
    make_path("$folder/$target");
    my $name = sprintf("%s/%s/seed-%04d", $folder, $target, ++$count{$target});
    open(my $out, ">:raw", $name) or die "$name: $!\n";
    print $out $text;
    close($out) or die "$name: $!\n";
}

# A case as a list of [section, arguments, text].
sub sections {
    my ($path) = @_;
    open(my $in, "<:raw", $path) or die "$path: $!\n";
    my @sections = ["", "", ""];
    while (my $line = <$in>) {
        if ($line =~ /^\[(\w[\w-]*) ?(.*)\]$/) { push @sections, [$1, $2, ""] }
        else { $sections[-1][2] .= $line }
    }
    return @sections;
}

# What the rules target can do of a feed's commands, a folder's lines all from one input.
sub feed {
    my ($text) = @_;
    my $out = "";
    for (split /\n/, $text) {
        if (/^!!(.*)/) { $out .= "!$1\n" }
        elsif (/^!sleep ([\d.]+)/) { $out .= "!sleep " . (int($1) || 1) . "\n" }
        elsif (/^!signal (\w+)/) { $out .= $1 eq "USR1" ? "!dump\n" : "!signal $1\n" }
        elsif (/^!repeat (\d+) (.*)/) {
            my ($n, $line) = ($1 < 5 ? $1 : 5, $2);
            $out .= "$line\n" =~ s/\{i\}/$_/gr for 1 .. $n;
        }
        elsif (/^!append \S+ (.*)/) { $out .= "!2 $1\n" }
        elsif (!/^!/) { $out .= "$_\n" }
    }
    return $out;
}

sub rules_seed {
    my (@sections) = @_;
    my @files = map { $_->[2] } grep { $_->[0] eq "rules" } @sections;
    my ($args) = map { $_->[2] } grep { $_->[0] =~ /^args/ } @sections;
    my ($feed) = map { feed($_->[2]) } grep { $_->[0] eq "feed" } @sections;
    return if !@files || @files > 3;
    my $text = join("----\n", join(" ", split " ", $args // "") . "\n", @files, $feed // "");
    seed("rules", $text) if length($text) < 4096;
}

# The fields of rules, continued lines joined.
# Texts that the pattern may match in part: its letters, and these with a word in the midst.
sub near {
    my $text = $_[0] =~ s/\\d[+*]?/17/gr =~ s/\\[a-zA-Z][+*]?/x/gr =~ s/[()\[\]^\$\\]//gr;
    return ($text, substr($text, 0, length($text) / 2) . "-other" . substr($text, length($text) / 2));
}

sub fields_seed {
    my (@sections) = @_;
    for my $text (map { $_->[2] } grep { $_->[0] eq "rules" } @sections) {
        $text =~ s/\\\n\s*//g;
        while ($text =~ /^\s*(\w+?)2?\s*=\s*(.*\S)/mg) {
            my ($field, $value) = ($1, $2);
            next if length($value) > 500;
            seed("actions", "A$value") if $field eq "action";
            seed("actions", "C$value") if $field eq "context";
            seed("actions", "D$value") if $field eq "desc";
            seed("actions", "T$value") if $field eq "time";
            seed("actions", "V$value") if $field eq "varmap";
            seed("regex", "\xff$value") if $field eq "pattern";
            seed("explain", "$value\n$_") for $field eq "pattern" ? near($value) : ();
        }
    }
}

sub options_seed {
    my (@sections) = @_;
    for (grep { $_->[0] =~ /^args/ && length($_->[2]) } @sections) {
        seed("options", $_->[2] . "----\n");
        seed("options", "----\n" . $_->[2]);
    }
    for (grep { $_->[0] eq "file" && $_->[1] =~ /rc/i } @sections) {
        seed("options", "----\n" . $_->[2]);
    }
}

# Files with mistakes in them.
sub check_seeds {
    for my $path (sort glob("$here/../lint/*/*.sec"), sort glob("$here/../lint/cases/*/*.sec")) {
        open(my $in, "<:raw", $path) or die "$path: $!\n";
        local $/;
        my $text = <$in>;
        seed("check", "\n----\n$_") for length($text) < 1200 ? $text : split(/\n{2,}/, $text);
    }
}

for my $path (sort glob("$here/../conformance/cases/*/*.case")) {
    my @sections = sections($path);
    rules_seed(@sections);
    fields_seed(@sections);
    options_seed(@sections);
}
check_seeds();
# For targets whose bytes are choices: numbers that are the same in every run.
my $state = 1;

sub choices_seed {
    my ($target, $length) = @_;
    my $text = "";
    for (1 .. $length) {
        $state = ($state * 1103515245 + 12345) % 2**31;
        $text .= chr($state >> 16 & 255);
    }
    seed($target, $text);
}

for my $target (qw(surface tail child regex)) {
    choices_seed($target, 20 * $_) for 1 .. 10;
}

for my $path (sort glob("$here/*/*")) {
    open(my $in, "<:raw", $path) or die "$path: $!\n";
    local $/;
    seed(basename(dirname($path)), scalar <$in>);
}

# Every short string of letters in the sources that know words, and what has no letters.
my %words = map { $_ => 1 } ("(", ")", "; ", " -> ", " :> ", " && ", " || ", "!", "=(", "[", "]", "----\n",
    "\n\n", "\\\n", "%{.sec}", "\$+{a}", "\$:{a:b}", "%+{a}", "\$0", "\$1", "%1", "\$\$", "%%", "%s", "%t",
    "!sleep 60\n", "!sleep 86400\n", "!signal HUP\n", "!signal ABRT\n", "!dump\n", "TakeNext", "DontCont",
    "EndMatch", "GoTo ", "SEC_STARTUP", "SEC_INTERNAL_EVENT", "_INTERNAL_EVENT", "_THIS");
for my $path (glob("$here/../../src/{act,lang,correlate,match,surface,cli,prove,migrate}/*.c")) {
    open(my $in, "<", $path) or die "$path: $!\n";
    while (<$in>) {
        next if /^#|^ ?\*|^\/\*/;
        $words{$_} = 1 for /"([%\@\$]?\w[\w-]{1,20})"/g;
    }
}
open(my $out, ">", "$folder/words") or die "$folder/words: $!\n";
print $out map { s/(["\\])/\\$1/g; s/\n/\\x0a/g; "\"$_\"\n" } sort keys %words;
close($out) or die "$folder/words: $!\n";
