#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# doc/reference/: each example does what its test says, with SEC as well where that is able to; there is one for each
# action, rule type and pattern type of the sources.  What links lead to is there, in all documents.
#
# An example is one or more blocks "sec" (rules; "# NAME.sec" in its first line names the file) and the block that
# follows: "sectest", a test without its "rules:" and name, or "console", commands and what they answer.  In these
# "# since SEC N" is the first release of SEC that can run it, "# not SEC: WHY" says that none can.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference slurp spew);
use Test::More;

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
my $root = dirname(dirname(abs_path(__FILE__)));
my @pages = sort(glob("$root/doc/reference/*.md"));
my $top = tempdir(CLEANUP => 1);
mkdir("$top/$_") for "tmp", "tests";
chdir($top) or die "$top: $!";
delete @ENV{qw(SECRC POSIXLY_CORRECT GITHUB_ACTIONS NO_COLOR)};
$ENV{TMPDIR} = "$top/tmp";

# Sections of a page: [title, text].
sub sections {
    my ($page) = @_;
    return map { [/^([^\n]*)\n(.*)/s] } grep { length } split(/^#+ /m, slurp($page) =~ s/^(```\w+\n.*?^```\n)/$1 =~ s{^#}{\x01#}mgr/smger);
}

# The examples of a page: name, files (name => rules) in their order, test.
sub examples {
    my ($page) = @_;
    my $kind = basename($page, ".md");
    my @examples;
    for my $section (sections($page)) {
        my ($title, $text) = @$section;
        my ($number, @files) = (0);
        while ($text =~ /^```(\w+)\n(.*?)^```$/msg) {
            my ($language, $block) = ($1, $2);
            $block =~ s/^\x01#/#/mg;
            my $name = "$kind-" . lc($title =~ s/\W+/-/gr) . ($number ? "-" . ($number + 1) : "");
            if ($language eq "sec") {
                push @files, [$block =~ /^# (\S+\.sec)\n/ ? $1 : "$name.sec", $block];
            } elsif ($language eq "sectest" || $language eq "console") {
                push @examples, {name => $name, title => $title, page => $kind, files => [@files], $language => $block};
                $number++;
                @files = ();
            } else {
                fail("$kind: $title: a block of a language that nothing runs: $language");
            }
        }
        ok(!@files, "$kind: $title: rules have a test") or diag(map { $_->[1] } @files);
    }
    return @examples;
}

# Each example has a folder of its own.
sub save {
    my ($example) = @_;
    my $dir = "$top/tests/$example->{name}";
    mkdir($dir);
    spew("$dir/$_->[0]", $_->[1]) for @{$example->{files}};
    return if !$example->{sectest};
    my ($head, $steps) = $example->{sectest} =~ /^((?:(?:\w+:|#|  )[^\n]*\n)*)(.*)/s;
    $steps =~ s/^/  /mg;
    spew("$dir/$example->{name}.sectest",
        "rules: @{[map { $_->[0] } @{$example->{files}}]}\n${head}test: $example->{name}\n$steps");
}

# Runs the tests of these examples; what each came to.
sub results {
    my ($with, @examples) = @_;
    my @command = (@secant, "test", "--tap", $with ? "--with=$with" : (),
        map { "tests/$_->{name}/$_->{name}.sectest" } grep { $_->{sectest} } @examples);
    open(my $tap, "-|", @command) or die "$command[0]: $!";
    my (%results, $last);
    while (my $line = <$tap>) {
        ($last) = $line =~ /: ([\w-]+)$/ if $line =~ /^(?:not )?ok/;
        $results{$last} .= $line if defined $last;
    }
    close($tap);
    return %results;
}

# Types the commands of the example with this program as "secant"; ok, or what was another answer than that of the page.
sub typed {
    my ($program, $example) = @_;
    my $dir = "$top/tests/$example->{name}";
    my $name = $program =~ s/\W+/-/gr;
    mkdir("$dir/$name");
    spew("$dir/$name/secant", "#!/bin/sh\nexec $program \"\$@\"\n");
    chmod(0755, "$dir/$name/secant");
    local $ENV{PATH} = "$dir/$name:$ENV{PATH}";
    while ($example->{console} =~ /^\$ (.*)\n((?:(?!\$ ).*\n)*)/mg) {
        my ($command, $answer) = ($1, $2);
        my $said = `cd '$dir' && { $command ; } 2>&1 </dev/null`;
        return "$command\n$said" if $said ne $answer;
    }
    return "ok\n";
}

sub version { my @parts = split(/\./, $_[0]); return sprintf("%d%03d%03d", @parts, (0) x (3 - @parts)) }

sub able {
    my ($sec, $example) = @_;
    my ($release) = `$sec --version` =~ /^SEC \(Simple Event Correlator\) (\S+)/;
    return grep {
        my $block = $_->{sectest} // $_->{console};
        my ($since) = $block =~ /^# since SEC ([\d.]+)/m;
        $block !~ /^# not SEC: ./m && version($since // "2.7") <= version($release)
    } @_[1 .. $#_];
}

my @examples = map { examples($_) } @pages;
save($_) for @examples;
my %names;
is(join(" ", grep { $names{$_}++ } map { $_->{name} } @examples), "", "each example has a name of its own");
my $sec = reference();
note("SEC is not installed: the examples run with secant only") unless $sec;
for my $with (undef, $sec ? $sec : ()) {
    my @able = $with ? able($with, @examples) : @examples;
    my %results = results($with, @able);
    for my $example (@able) {
        my $said = $results{$example->{name}} // "nothing\n";
        $said = typed($with || "@secant", $example) if $example->{console};
        like($said, qr/^ok/, "$example->{page}: $example->{title}" . ($with ? ", $with" : "")) or diag($said);
    }
}

# -- Everything is there --

my %has;
push @{$has{$_->{page}}{$_->{title}}}, $_ for @examples;

sub has_examples {
    my ($page, $what, @titles) = @_;
    cmp_ok(scalar(@titles), ">", 0, "$page: ${what}s were found");
    ok($has{$page}{$_}, "$page: an example of the $what $_") for @titles;
}

sub names_in { return slurp($_[0]) =~ /(?:\.name = |FIELD_ACTIONS\(|FIELD_NUMBER\(\w+, )"(\w+)"/g }

has_examples("actions", "action", slurp("$root/src/act/types.h") =~ /\bDO\((\w+)\)/g);
my @titles = map { $_->[0] } grep { $_->[0] =~ /^[a-z]/ } sections("$root/doc/reference/actions.md");
is_deeply(\@titles, [sort @titles], "actions: in alphabetical order");

# The fields of a rule type come between its title and its first paragraph.
my %sections = map { @$_ } sections("$root/doc/reference/rules.md");
for my $file (glob("$root/src/correlate/*.c")) {
    my @names = names_in($file);
    my @types = grep { /^[A-Z]/ } @names or next;
    has_examples("rules", "rule type", @types);
    my $own = join("", map { ($sections{$_} // "") =~ /\A\n+((?:.+\n)*)/ } @types);
    like($own, qr/\b\Q$_\E\b/, "rules: @types: the field $_") for grep { /^[a-z]/ } @names;
}
has_examples("patterns", "pattern type", map { ($_, "N$_") } qw(SubStr RegExp PerlFunc Cached));


# -- What links lead to --

# The anchor of a title, as GitHub and GitLab make it.
sub anchor { return lc($_[0] =~ s/[^\w\s-]//gr =~ s/\s/-/gr) }

my %anchors;
sub anchors {
    my ($page) = @_;
    return $anchors{$page} //= {map { anchor($_->[0]) => 1 } sections($page)};
}

for my $page (glob("$root/doc/*.md"), glob("$root/doc/*/*.md")) {
    my $text = slurp($page) =~ s/^```.*?^```$//smgr;
    my (@faults, $links);
    while ($text =~ /\]\(([^()\s:]*)\)/g) {
        my ($target, $anchor) = split(/#/, $1);
        my $file = length($target) ? dirname($page) . "/$target" : $page;
        $links++;
        push @faults, $1 if !-e $file || defined($anchor) && !anchors($file)->{$anchor};
    }
    is("@faults", "", substr($page, length("$root/")) . ": links") if $links;
}

# -- The manual page of SEC, in doc/sec-manual.md --

# Parts of secant(1): "SECTION", or "SECTION: TITLE", of which the title may be a beginning.
my $table = slurp("$root/doc/sec-manual.md");
my %parts;
my $section = "";
for my $line (split(/\n/, slurp("$root/doc/secant.1"))) {
    next unless $line =~ /^\.S([HS]) "?(.*?)"?$/;
    $section = $2 if $1 eq "H";
    $parts{$1 eq "H" ? $section : "$section: $2"} = 1;
}
my %named = map { $_ => 1 } $table =~ /secant\(1\), ([A-Z][A-Z ]*[A-Z](?:: \w[\w ]*\w)?)/g;
cmp_ok(scalar(keys %named), ">", 20, "doc/sec-manual.md names parts of secant(1)");
for my $name (sort keys %named) {
    ok(scalar(grep { /^\Q$name\E(?!\w)/ } keys %parts), "secant(1), $name");
}

SKIP: {
    my ($page) = grep { -e } "/usr/share/man/man1/sec.1.gz", "/usr/share/man/man1/sec.1";
    skip("the manual page of SEC is not installed", 1) unless $page;
    my @headings = map { s/"//gr } `gzip -cdf $page` =~ /^\.S[HS] (.*)/mg;
    my %rows = map { s/^\s+|\s+$//gr => 1 } map { split(/, (?=[A-Z]{4})/, $_), $_ } $table =~ /^\| ([^|]+) \|/mg;
    is(join("; ", grep { !$rows{$_} } @headings), "", "each section of sec(1) has a row");
}

done_testing();
