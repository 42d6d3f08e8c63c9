#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# GNUmakefile keeps what it promises.  Nothing is compiled or installed outside of a folder of ours: make
# only shows what it would do, or finds programs of ours where it looks for the system's.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(spew slurp);
use Test::More;

my $root = dirname(dirname(abs_path(__FILE__)));
my $dir = tempdir(CLEANUP => 1);
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL CFLAGS CPPFLAGS LDFLAGS CC V JOBS BUILD WERROR HARDENING NO_DEPS)};

# The exit status, and what was said.
sub make {
    my (@arguments) = @_;
    open(my $out, "-|", "sh", "-c", 'exec make "$@" 2>&1', "make", "-C", $root, @arguments) or die "make: $!";
    my $text = do { local $/; <$out> } // "";
    close($out);
    return ($? >> 8, $text);
}

# A program of this name that make finds first.
sub fake {
    my ($name, $script) = @_;
    make_path("$dir/bin");
    spew("$dir/bin/$name", "#!/bin/sh\n$script\n");
    chmod(0755, "$dir/bin/$name");
}

sub version { return slurp("$root/src/base/version.h") =~ /define SECANT_VERSION "(.*)"/ ? $1 : undef }

# Flags: what a compilation would be.
sub compilation {
    my ($status, $text) = make("-n", "V=1", "BUILD=$dir/flags", "all", @_);
    is($status, 0, "make -n @_") or diag($text);
    return $text =~ /^(.* -c -o \S*arena\.o .*)$/m ? $1 : "";
}

like(compilation("CFLAGS=-O0", "CPPFLAGS=-DX -UX"), qr/ -O2 .* -O0 /, "the caller's CFLAGS come last");
like(compilation("CPPFLAGS=-DX -UX"), qr/ -D_FORTIFY_SOURCE=[23] .*-DX -UX/, "and the caller's CPPFLAGS");
my $plain = compilation();
like($plain, qr/ -fstack-protector-strong /, "hardened");
unlike($plain, qr/-Werror/, "a warning is no error");
like(compilation("WERROR=1"), qr/ -Werror /, "unless it shall be");
my $sanitized = compilation("SANITIZE=1");
like($sanitized, qr/ -fsanitize=address,undefined /, "with sanitizers");
unlike($sanitized, qr/FORTIFY|stack-protector/, "nothing that they would not like");
unlike(compilation("HARDENING="), qr/FORTIFY|stack-protector-strong -fPIE/, "not hardened, if wanted");

# Install and uninstall, with something in the program's place.
make_path("$dir/install");
spew("$dir/install/secant", "#!/bin/sh\n");
sub installed { return sort grep { -f || -l } split(/\n/, `find "$dir/root"`) }
my @where = ("BUILD=$dir/install", "DESTDIR=$dir/root", "PREFIX=/usr", "SEC_ALIAS=1", "-o", "$dir/install/secant");
my ($status, $text) = make("install", @where);
is($status, 0, "install") or diag($text);
my %there = map { $_ => 1 } installed();
ok($there{"$dir/root/usr/$_"}, $_) foreach qw(bin/secant bin/sec share/man/man1/secant.1
    share/doc/secant/README share/doc/secant/COPYING share/doc/secant/NEWS share/doc/secant/migration.md
    share/doc/secant/reference/actions.md
    share/secant/README lib/systemd/system/secant.service lib/systemd/system/secant@.service);
like(slurp("$dir/root/usr/share/man/man1/secant.1"), qr/^\.TH SECANT 1 \S+ "Secant \Q${\version()}\E" /m,
     "the manual page has the version");
($status, $text) = make("uninstall", @where);
is($status, 0, "uninstall") or diag($text);
is_deeply([installed()], [], "nothing that was installed is left");
ok(!-d "$dir/root/usr/share/secant", "no folder of ours either");
ok(!-d "$dir/root/etc/secant", "nor that for rules");

# What others have put there is theirs.
make_path("$dir/root/usr/bin");
spew("$dir/root/usr/bin/sec", "another's\n");
($status, $text) = make("install", @where);
is($status, 2, "install with SEC_ALIAS=1 refuses to replace a sec");
like($text, qr{\Q$dir\E/root/usr/bin/sec is there and not ours}, "and says so");
my ($section) = $text =~ /README, "(.*?)"/;
like(slurp("$root/README"), qr/^\Q${\($section \/\/ "none")}\E\n-+\n/m, "with a section of README that there is");
is_deeply([installed()], ["$dir/root/usr/bin/sec"], "before anything is installed");
is(slurp("$dir/root/usr/bin/sec"), "another's\n", "and leaves it");
unlink("$dir/root/usr/bin/sec");
is((make("install", @where))[0], 0, "without it") for 1 .. 2;
is(readlink("$dir/root/usr/$_->[0]"), $_->[1], $_->[0])
    foreach ["bin/sec", "secant"], ["share/man/man1/sec.1", "secant.1"];
like(slurp("$dir/root/usr/lib/systemd/system/secant.service"), qr{^ExecStart=/usr/bin/secant }m,
     "the unit names the program where it is");
($status, $text) = make("install", @where, "PREFIX=/opt/x");
like(slurp("$dir/root/opt/x/lib/systemd/system/secant.service"), qr{--conf=/opt/x/etc/secant/.*EnvironmentFile=-/opt/x/etc/default}s,
     "and the rules where those are");
ok(-e "$dir/root/opt/x/etc/secant/README", "there is a folder for them");
my $default = "$dir/root/opt/x/etc/default/secant";
like(slurp($default), qr{^#OPTIONS="--conf=/opt/x/etc/secant/}m, "and the file with the unit's options");
spew($default, "# mine\n");
make("install", @where, "PREFIX=/opt/x");
make("uninstall", @where, "PREFIX=/opt/x");
is(slurp($default), "# mine\n", "which is left alone once it is changed");

# The help names each goal for people.
($status, $text) = make("help");
like($text, qr/^ +make $_ /m, "help: $_") foreach qw(demo check test soak lint install uninstall deb check-packages dist deps);
unlike($text, qr/SPDX|^#/m, "help is a text for people");

# What is missing is named first, or fetched.
{
    local $ENV{PATH} = "$dir/bin:$ENV{PATH}";
    fake("dpkg-query", "exit 1");
    fake("id", "echo 1000");
    fake($_, "touch $dir/went-on; exit 1") foreach "cc", "gcc", "pkg-config";
    foreach my $goal (qw(demo check)) {
        ($status, $text) = make($goal);
        is($status, 2, "$goal without packages and without root");
        like($text, qr/^Missing packages: gcc .*libperl-dev.*\nAs root: apt-get install .*libperl-dev/m, "both are named");
        ok(!-e "$dir/went-on", "before anything else");
    }
    fake("id", "echo 0");
    fake("apt-get", "echo \"\$@\" >>$dir/apt; case \"\$*\" in *install*) exit 100 ;; esac");
    ($status, $text) = make("check");
    is($status, 2, "as root, when they cannot be fetched");
    ok(!-e "$dir/went-on", "nothing goes on");
    like(slurp("$dir/apt"), qr/Retries=\d.* update\n.*Retries=\d.* install -y .*\bcheck sec rsyslog python3/,
         "they are asked for, and more than once");
    fake("dpkg-query", "echo installed");
    unlink("$dir/apt");
    ($status, $text) = make("check-deps");
    is($status, 0, "with all packages there");
    ok(!-e "$dir/apt", "nothing is fetched");
}

# Releases, in a repository of our own.
SKIP: {
    skip("git is not installed", 1) if system("git --version >/dev/null 2>&1");
    my $repository = "$dir/repository";
    my $version = version();
    local @ENV{qw(GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM)} = ("/dev/null", "/dev/null");
    local @ENV{qw(GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL)} = ("a", "b", "a", "b");
    delete local @ENV{qw(GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE)};
    make_path("$repository/src/base", "$repository/rules");
    spew("$repository/$_", slurp("$root/$_")) foreach "GNUmakefile", "src/base/version.h";
    spew("$repository/.gitignore", "/build/\n");
    my $here = $root;
    my $commit = sub {
        spew("$repository/NEWS", "News\n\n$_[0]\n\nSecant 0.1.0 (2026-11-24)\n");
        return system("cd '$repository' && git add -A && git commit -qm x") == 0;
    };
    my $tags = sub { return `cd '$repository' && git tag` };
    system("git init -q '$repository' 2>/dev/null") == 0 or die "git init";
    $root = $repository;
    ok($commit->("Secant $version (unreleased)"), "a release is not dated");
    ($status, $text) = make("release");
    ok($status != 0 && $tags->() eq "", "it gets no tag");
    like($text, qr/NEWS has no entry "Secant \Q$version\E/, "and it is said why");
    $commit->("Secant $version (2030-01-01)");
    spew("$repository/more", "");
    ($status, $text) = make("release");
    ok($status != 0 && $tags->() eq "" && $text =~ /not everything is committed/, "nor does what is not committed");
    unlink("$repository/more");
    ($status, $text) = make("release");
    is($tags->(), "v$version\n", "a finished one does") or diag($text);
    my $archive = "$repository/build/secant-$version.tar.gz";
    make("dist");
    my $first = slurp($archive);
    like(`tar -tzf '$archive'`, qr{^secant-\Q$version\E/GNUmakefile$}m, "its archive has its name");
    unlink($archive);
    utime(1, 1, "$repository/NEWS");
    make("dist");
    ok(length($first) && $first eq slurp($archive), "and is the same each time");
    $root = "$repository/unpacked";
    make_path("$root/src/base");
    spew("$root/$_", slurp("$repository/$_")) foreach "GNUmakefile", "src/base/version.h";
    like((make("dist"))[1], qr/^An archive is made of what is committed/m, "from an unpacked one there is none");
    $root = $here;
}

done_testing();
