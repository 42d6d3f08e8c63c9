#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# What the units of doc/service have a service manager do: start, reload, refuse, read the journal.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary eventually slurp spew);
use Service;
use Test::More;

my $folder = dirname(dirname(abs_path(__FILE__))) . "/doc/service";
my $secant = binary();
plan skip_all => "$secant is not built" unless -x (split(' ', $secant))[0];

my $rule = "type=Single\nptype=RegExp\npattern=hello (\\w+)\ndesc=greeting of \$1\naction=logonly\n";
my $faulty = "type=Single\nptype=RegExp\npattern=x\ndesc=d\naction=nosuch\n";

# The units with folders of their own in place of the system's; "secant@mail" is one of a template.
sub unit {
    my ($dir, $name) = @_;
    my ($file, $instance) = $name =~ /^([^@]*@?)(.*)$/;
    return Service->new("$folder/$file.service", ["/usr/local/bin/secant", $secant], ["/etc/default", "$dir/default"],
        ["/etc/secant", "$dir/rules"], ["/var/log/secant-%i", "$dir/%i"], ["/run/secant-%i", "$dir/%i"], ["%i", $instance],
        ["/var/log/secant", $dir], ["/var/log", $dir], ["/run/secant", $dir]);
}

sub place {
    my $dir = tempdir(CLEANUP => 1);
    mkdir("$dir/$_") for "default", "rules";
    return $dir;
}

sub append {
    my ($path, $text) = @_;
    open(my $file, ">>", $path) or die "$path: $!";
    print $file $text;
    close($file);
}

sub sees {
    my ($dir, $word) = @_;
    return eventually(sub { slurp("$dir/secant.log") =~ /greeting of $word/ });
}

subtest "the input comes late" => sub {
    my $dir = place();
    my $service = unit($dir, "secant");
    $service->start;
    like($service->told, qr/^READY=1\nSTATUS=No rules loaded, none of 1 inputs open/, "it starts without anything");
    spew("$dir/rules/a.sec", $rule);
    is($service->reload, 0, "it is reloaded");
    like($service->told, qr/^RELOADING=1/, "a reload");
    like($service->told, qr/^READY=1\nSTATUS=1 rule, none of 1 inputs open/, "a rule has come");
    spew("$dir/syslog", "hello late\n");
    is($service->told, "STATUS=1 rule, 1 of 1 inputs open", "and the input");
    ok(sees($dir, "late"), "which is read from its start");
    is($service->stop, 0, "the end");
};

subtest "a faulty rule" => sub {
    my $dir = place();
    spew("$dir/syslog", "");
    spew("$dir/rules/a.sec", $rule);
    spew("$dir/rules/b.sec", $faulty);
    my $service = unit($dir, "secant");
    $service->start;
    like($service->before, qr{^[^\n]*rules/b\.sec at line 1: Invalid action 'nosuch'$}m, "is named at the start");
    like($service->told, qr/STATUS=1 rule, 1 of 1/, "and the other one runs");
    spew("$dir/rules/a.sec", $rule =~ s/hello/goodbye/r);
    utime(time() + 10, time() + 10, "$dir/rules/a.sec");    # that it has changed is seen by the second
    isnt($service->reload, 0, "a reload is refused");
    like($service->said, qr{rules/b\.sec at line 1: Invalid action 'nosuch'}, "with a message");
    append("$dir/syslog", "hello you\n");
    ok(sees($dir, "you"), "the old rules stay");
    unlike(slurp("$dir/secant.log"), qr/SIGABRT/, "the engine has not even heard of it");
    unlink("$dir/rules/b.sec");
    is($service->reload, 0, "a reload is not refused");
    like($service->told, qr/^RELOADING=1/, "it begins");
    like($service->told, qr/^READY=1/, "and ends");
    append("$dir/syslog", "goodbye me\n");
    ok(sees($dir, "me"), "new rules are there");
    is($service->stop, 0, "the end");
};

subtest "the journal" => sub {
    my $dir = place();
    spew("$dir/journalctl", "#!/bin/sh\necho \"\$*\" >$dir/arguments\necho hello journal\nexec sleep 60\n");
    chmod(0755, "$dir/journalctl");
    local $ENV{PATH} = "$dir:$ENV{PATH}";
    spew("$dir/rules/a.sec", $rule);
    my ($options) = slurp("$folder/secant.default") =~ /^#(OPTIONS=.*)/m;
    my %places = ("/etc/secant" => "$dir/rules", "/var/log/secant" => $dir, "/run/secant" => $dir);
    $options =~ s/\Q$_\E/$places{$_}/g for keys %places;
    spew("$dir/default/secant", "# a remark\n$options\n");
    my $service = unit($dir, "secant");
    $service->start;
    like($service->told, qr/STATUS=1 rule, none of 1/, "the service waits");
    my $journal = unit($dir, "secant-journal");
    $journal->start;
    is($service->told, "STATUS=1 rule, 1 of 1 inputs open", "until the pipe is there");
    ok(-p "$dir/journal", "it is a pipe");
    ok(sees($dir, "journal"), "and something comes");
    like(slurp("$dir/arguments"), qr/--follow --lines=0 --all --output=short-iso/, "from what is written from now on");
    $journal->stop;
    is($service->stop, 0, "the end");
};

subtest "several, each with its own rules" => sub {
    my $dir = place();
    spew("$dir/syslog", "");
    spew("$dir/rules/a.sec", $faulty);
    my %services = map { $_ => unit($dir, "secant\@$_") } "mail", "web";
    for my $name (sort keys %services) {
        mkdir("$dir/$_/$name") for ".", "rules";
        spew("$dir/rules/$name/a.sec", $rule =~ s/hello/$name/r);
        $services{$name}->start;
        is($services{$name}->before, "", "$name: the rules of others are not read");
        like($services{$name}->told, qr/STATUS=1 rule, 1 of 1/, "$name is ready");
    }
    append("$dir/syslog", "mail one\nweb two\nmail three\nweb four\n");
    my %last = (mail => "three", web => "four");
    for my $name (sort keys %last) {
        my $log = "$dir/$name/secant.log";
        ok(eventually(sub { slurp($log) =~ /greeting of $last{$name}/ }), "$name has seen its last line");
        is(() = slurp($log) =~ /greeting of/g, 2, "and only lines that are its own");
    }
    is($services{$_}->stop, 0, "the end of $_") for sort keys %services;
};

subtest "the journal for one of several" => sub {
    my $dir = place();
    spew("$dir/journalctl", "#!/bin/sh\necho hello journal\nexec sleep 60\n");
    chmod(0755, "$dir/journalctl");
    local $ENV{PATH} = "$dir:$ENV{PATH}";
    mkdir("$dir/$_") for "mail", "rules/mail";
    spew("$dir/rules/mail/a.sec", $rule);
    my ($input) = slurp("$folder/secant-journal@.service") =~ m{--input=/run/secant-mail/(\S+)};
    spew("$dir/default/secant-mail", "OPTIONS=\"--conf=$dir/rules/mail/*.sec --input=$dir/mail/$input --reopen-timeout=1 "
        . "--log=$dir/mail/secant.log\"\n");
    my $service = unit($dir, "secant\@mail");
    $service->start;
    like($service->told, qr/STATUS=1 rule, none of 1/, "the service waits, with options of its own");
    my $journal = unit($dir, "secant-journal\@mail");
    $journal->start;
    is($service->told, "STATUS=1 rule, 1 of 1 inputs open", "until the pipe is there");
    ok(eventually(sub { slurp("$dir/mail/secant.log") =~ /greeting of journal/ }), "and something comes");
    $journal->stop;
    is($service->stop, 0, "the end");
};

# What is said of the one holds for the other: but for names and comments, they are the same.
subtest "as the unit for one" => sub {
    for my $name ("secant", "secant-journal") {
        my ($one, $several) = map { join("", grep { !/^(?:#|$|Description=)/ } slurp("$folder/$_.service") =~ /^.*\n/mg) } $name, "$name@";
        $several =~ s{secant@%i}{secant}g;
        $several =~ s{secant-%i|secant/%i}{secant}g;
        is($several =~ s/^User=.*\n//mr, $one =~ s/^User=.*\n//mr, "$name\@.service");
    }
};

SKIP: {
    skip("systemd-analyze is not installed", 4) if system("systemd-analyze --version >/dev/null 2>&1");
    for my $name ("secant", "secant-journal", "secant@", "secant-journal@") {
        my $said = `systemd-analyze verify --man=no $folder/$name.service 2>&1`;
        unlike($said, qr{\Q$name\E\S*\.service.*(?:Unknown|Invalid|Failed to parse|ignoring)}i, "$name.service is understood") or diag($said);
    }
}

done_testing();
