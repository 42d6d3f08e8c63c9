#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The book, followed to the letter, each page in an empty folder: files are saved as the page has them, each command is
# typed, and answers what the page says; a line "..." stands for any lines. What root types, after "# ", needs root, the
# network and systemd, and is not done: a shell reads it, and files of /etc are read by the programs they are for.
#
#   BOOK_UPDATE=1   writes what is said now into the pages, where it is not what they say
#   BOOK_ONLY=WORD  only pages with this word in their names
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Page qw(steps alike);
use Program qw(binary reference slurp spew);
use Test::More;

my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
my $root = dirname(dirname(abs_path(__FILE__)));
my $sec = reference();
my $top = tempdir(CLEANUP => 1);
mkdir("$top/$_") for "bin", "tmp", "etc";
program("secant", binary());
program("sec", $sec) if $sec;
delete @ENV{qw(SECRC POSIXLY_CORRECT GITHUB_ACTIONS NO_COLOR)};
@ENV{qw(PATH TZ TMPDIR)} = ("$top/bin:$ENV{PATH}", "UTC", "$top/tmp");

sub program {
    my ($name, $command) = @_;
    spew("$top/bin/$name", "#!/bin/sh\nexec $command \"\$@\"\n");
    chmod(0755, "$top/bin/$name");
}

sub installed { return scalar(grep { -x "$_/$_[0]" } split(/:/, $ENV{PATH}), "/usr/sbin", "/sbin") }

# --- what is looked at without being done ----------------------------------------------------------

# Files of the system, as the programs that read them see them.
sub look_at_file {
    my ($step) = @_;
    my ($path, $text) = @$step{qw(path text)};
    my $copy = "$top$path";
    make_path(dirname($copy));
    spew($copy, $text);
    if ($path =~ m{^/etc/rsyslog\.d/}) {
        return skip("rsyslogd is not installed", 1) unless installed("rsyslogd");
        my $said = `PATH=\$PATH:/usr/sbin rsyslogd -N1 -f $copy 2>&1`;
        return ok($? == 0, "$path: rsyslogd takes it") || diag($said);
    }
    if ($path eq "/etc/default/secant") {
        my ($options) = $text =~ /^OPTIONS="(.*)"$/m;
        $options =~ s{/etc/secant/\*\.sec}{$root/rules/heartbeat.sec};
        $options =~ s{ --(?:state|log)=\S+}{}g;
        my $said = `secant $options --testonly 2>&1`;
        return is($said, "secant: 2 rules in 1 file, 0 errors, 0 warnings\n", "$path: secant takes the options");
    }
    return look_at_unit($path, $copy) if $path =~ m{^/etc/systemd/system/.*(?:\.service|\.conf)$};
    return fail("$path: there is nothing that looks at such a file");
}

sub look_at_unit {
    my ($path, $copy) = @_;
    return skip("systemd is not installed", 1) unless installed("systemd-analyze");
    spew($copy, slurp($copy) =~ s{/usr(?:/local)?/bin/secant}{$top/bin/secant}gr);
    if ($path =~ m{([^/]+)\.service\.d/[^/]+\.conf$}) {
        my $unit = slurp("$root/doc/service/$1.service") =~ s{/usr/local/bin}{$top/bin}gr;
        spew(dirname(dirname($copy)) . "/$1.service", $unit);
        $copy = dirname(dirname($copy)) . "/$1.service";
    }
    my $said = `systemd-analyze verify --man=no $copy 2>&1`;
    return is($said, "", "$path: systemd takes it");
}

# --- the pages -------------------------------------------------------------------------------------

# As it is typed here, and as it is in the page.
sub here { return $_[0] =~ s{/usr/share/secant\b}{$root/rules}gr }
sub there { return $_[0] =~ s{\Q$root\E/rules\b}{/usr/share/secant}gr }

my %typed;

sub follow {
    my ($page, $shell, $folder, $step) = @_;
    my $kind = $step->{kind};
    return fail("$page: a block that is neither saved nor typed: $step->{text}") if $kind eq "other";
    return look_at_file($step) if $kind eq "file" && $step->{path} =~ m{^/};
    if ($kind eq "file") {
        make_path(dirname("$folder/$step->{path}"));
        return spew("$folder/$step->{path}", here($step->{text}));
    }
    my $command = $step->{command};
    if ($kind eq "root") {
        note("$page: # $command");
        is(system("sh", "-n", "-c", $command), 0, "$page: # $command: a shell can read it");
        return skip("needs root, the network or systemd: $command", 1);
    }
    return skip("no reference: install sec or set SEC", 1) if !$sec && $command =~ /--(?:ref|with)=sec/;
    $step->{said} = there($shell->type(here($command), here($step->{answer})));
    $typed{$page}++;
    return ok(1, "$page: $command") if Page::fits(@$step{qw(said answer)});
    return is(alike($step->{said}), alike($step->{answer}), "$page: $command");
}

# Writes what was said into the page, from its end to its beginning.
sub update {
    my ($path, @steps) = @_;
    my $page = slurp($path);
    for my $step (reverse grep { defined($_->{said}) && !Page::fits(@$_{qw(said answer)}) } @steps) {
        substr($page, $step->{at}, $step->{length}) = $step->{said} =~ s/^/    /mgr;
    }
    spew($path, $page);
}

for my $path ("$root/doc/testing.md", "$root/doc/tutorial.md", glob("$root/doc/howto/*.md")) {
    my $page = $path =~ s{.*/}{}r;
    next if $ENV{BOOK_ONLY} && $page !~ /$ENV{BOOK_ONLY}/;
    my $folder = "$top/" . $page =~ s/\.md$//r;
    mkdir($folder);
    my $shell = Page->new($folder);
    my @steps = steps(slurp($path));
    for my $step (@steps) {
        SKIP: { follow($page, $shell, $folder, $step) }
    }
    update($path, @steps) if $ENV{BOOK_UPDATE};
    cmp_ok($typed{$page} // 0, ">=", 1, "$page: the page has commands");
}

# Links lead somewhere.
for my $path ("$root/README", glob("$root/doc/*.md $root/doc/howto/*.md")) {
    my @links = grep { !/^(?:\w+:|#)/ } slurp($path) =~ /\]\(([^)\s]+)\)/g;
    my @broken = grep { !-e dirname($path) . "/" . s/#.*//r } @links;
    is("@broken", "", $path =~ s{^\Q$root\E/}{}r . ": links lead somewhere");
}
chdir("/"); # for the folder to be removed
done_testing();
