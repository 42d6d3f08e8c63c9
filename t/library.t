#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The packages of rules, the folders of rules/ that hold a file of their own name: each has a head of one
# form, tests that reach all of it, no finding of `secant check`, brings its alerts in the common way, and
# starts no shell.  LIBRARY=NAME tries one package alone; t/library_sec.t runs the tests with SEC.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Temp qw(tempdir);
use FindBin;
use Test::More;
use lib "$FindBin::Bin/lib";
use Program qw(binary slurp spew);

my $source = dirname(dirname(abs_path(__FILE__)));
my @secant = split(' ', binary());
plan skip_all => "$secant[0] is not built" unless @secant > 1 || -x $secant[0];
delete @ENV{qw(SECRC POSIXLY_CORRECT GITHUB_ACTIONS)};
chdir($source) or die "$source: $!";

my @packages = grep { -e "rules/$_/$_.sec" && (!$ENV{LIBRARY} || $_ eq $ENV{LIBRARY}) }
    map { basename($_) } grep { -d } glob("rules/*");
cmp_ok(scalar(@packages), ">=", 1, "packages: @packages");
SKIP: {
    skip("another package", 1) if $ENV{LIBRARY};
    my ($list) = slurp("rules/README") =~ /^and a library of packages.*?\n\n(.*?)\n\n/ms;
    is_deeply([sort($list =~ m{^    ([\w-]+)/ }mg)], [sort("base", @packages)], "rules/README lists them");
}
my @folders = ("rules/base", map { "rules/$_" } @packages);

sub told { my ($command) = @_; my $out = `@secant $command 2>&1 </dev/null`; return ($? >> 8, $out) }

my ($status, $out) = told("test --min=100 --verbose @folders");
is($status, 0, "all tests pass, and reach 100 % of the rules") or diag($out);
my @rules = map { glob("$_/*.sec") } @folders;
like($out, qr/^  \Q$_\E +\d+ +\d+ +\d+ +100\.0 %$/m, "$_ is reached by tests") foreach @rules;

# The actions of a file: a line each.
sub actions { my ($text) = @_; $text =~ s/\\\n\s*/ /g; return $text =~ /^(?:action2?|count\d*|init|slide|end)=(.*)/mg }

# The alerts that rules raise: name => severities.  A severity that is a variable is "notice", as the head has it.
sub raised {
    my %raised;
    foreach my $rule (map { split(/\n\n+/) } @_) {
        my %field = $rule =~ s/\\\n\s*/ /gr =~ /^(\w+)=(.*)/mg;
        foreach my $part (grep { $field{"action$_"} } "", "2") {
            while ($field{"action$part"} =~ /\bevent (?:\d+ )?ALERT (\S+) (\S+) \S/g) {
                my ($severity, $id) = ($1, $2 eq "%s" ? $field{"desc$part"} : $2);
                like($id, qr{^\w+/\S+/\S+$}, "$id: an alert is NAME/HOST/KEY");
                $raised{ $id =~ s{/.*}{}r }{ $severity =~ s/^%.*/notice/r } = 1;
            }
        }
    }
    return %raised;
}

# The same as a head has them: "name severity" and, where it says so, "resolved".
sub listed {
    my ($head) = @_;
    my @alerts;
    while ($head =~ /^#(?: Alerts:)? +(critical|warning|notice) +(\w+)(.*\n(?:# {20,}.*\n)*)/mg) {
        my ($severity, $name, $text) = ($1, $2, $3);
        push @alerts, join(" ", $name, sort($severity, $text =~ /\bresolved\s+(?:#\s+)?(?:when|with)\b/ ? "resolved" : ()));
    }
    return sort @alerts;
}

foreach my $package (@packages) {
    my $folder = "rules/$package";
    ($status, $out) = told("check rules/base/alert.sec $folder");
    is($status, 0, "$package: nothing is found") or diag($out);
    my $text = join("\n", map { slurp($_) } glob("$folder/*.sec"));
    my ($head) = slurp("$folder/$package.sec") =~ /\A((?:#.*\n)+)/;
    like($head, qr/^# $_: /m, "$package: its head has $_") foreach qw(Alerts Lines Misses Options Tune Cost);
    ok($head =~ /^#(?: Tune:)? +$_ /m, "$package: its head has the setting $_")
        foreach grep { !/^alert_/ } map { /\bassign %(${\ ($package =~ tr|-|_|r)}_\w+)/g } actions($text);

    # Alerts begin with the package's name; the head has them all, with severity, and says which are resolved.
    my %raised = raised(map { scalar(slurp($_)) } glob("$folder/*.sec"));
    is_deeply([listed($head)], [map { "$_ " . join(" ", sort keys(%{ $raised{$_} })) } sort keys(%raised)],
        "$package: the alerts that its head lists are those of the rules, with their severities");
    my ($prefix) = $package =~ tr/-/_/r;
    is_deeply([grep { !/^${prefix}_/ } keys(%raised)], [], "$package: alerts are named after it");
    my @shell = map { /(?:^|[;(]\s*)(shellcmd|spawn|cspawn|pipe|report)\s/ } actions($text);
    is("@shell", "", "$package: no shell") unless $text =~ /^script=/m && fail("$package: SingleWithScript has a shell");
}

# The sample of settings has each setting, with its default: those of alerts in actions, those of packages in comments.
sub settings {
    my ($text) = @_;
    $text =~ s/^rem=.*\n//mg;
    $text =~ s/\\\n\s*|\n#     / /g;
    return map { s/\s+/ /gr =~ s/ \z//r } $text =~ /\bassign (%\w+ [^;\n]+)/g;
}

my (@defaults, @strangers);
foreach my $package ("base", @packages) {
    my $prefix = $package eq "base" ? "alert" : $package =~ tr/-/_/r;
    my $text = join("\n", map { slurp($_) } grep { !/settings|testing/ } glob("rules/$package/*.sec"));
    my ($rule) = $text =~ /^desc=defaults of .*\n(action=(?:.*\\\n)*.*)/m;
    push @defaults, settings($rule // "");
    # What is no default is a value that an action gives it before.
    my %known = map { $_ => 1 } map { /^(%\w+)/ } @defaults;
    $known{$_} = 1 foreach map { /\b(?:assign|lcall|copy|getsize|getctime) (%\w+)/g } actions($text);
    push @strangers, grep { !$known{$_} } map { /(%${prefix}_\w+)\b(?! = )/g } actions($text);
}
is("@strangers", "", "each setting that a package reads has a default");
SKIP: {
    skip("another package", 1) if $ENV{LIBRARY};
    my ($sample) = slurp("rules/base/settings.sec") =~ /\A(.*)^type=/ms;
    is_deeply([sort(settings($sample))], [sort @defaults], "the sample of settings has them all, with their defaults");
}

# The example of README's "Other numbers": it alerts at 20 failures, and the original, at 5, is off.
SKIP: {
    skip("another package", 1) if $ENV{LIBRARY} && $ENV{LIBRARY} ne "sshd";
    my $dir = tempdir(CLEANUP => 1);
    my ($example) = slurp("rules/README") =~ /^    # \/etc\/secant\/zz-sshd\.sec\n((?:    .*\n|\n)+)/m;
    spew("$dir/zz-sshd.sec", $example =~ s/^    //gmr);
    spew("$dir/settings.sec", "type=Single\nptype=RegExp\npattern=^SETTINGS\$\ndesc=settings\n"
        . "action=assign %alert_file alerts; assign %alert_off sshd_guessing\n");
    spew("$dir/a.sectest", <<"END");
rules: $source/rules/base/alert.sec $source/rules/sshd/*.sec *.sec
options: --intevents
test: twenty
  +0s  x19 every 25s  > Mar  3 08:00:00 gw01 sshd[1]: Failed password for root from 192.0.2.9 port 1 ssh2
  nothing else
  +25s                > Mar  3 08:00:00 gw01 sshd[1]: Failed password for root from 192.0.2.9 port 1 ssh2
  expect only write alerts warning gw01 my_guessing: 20 failures from 192.0.2.9
END
    ($status, $out) = told("test $dir/a.sectest");
    is($status, 0, "README: other numbers") or diag($out);
}

# Settings count from the next start, also where a state of the program was restored.
SKIP: {
    skip("another package", 1) if $ENV{LIBRARY} && $ENV{LIBRARY} ne "sshd";
    my $dir = tempdir(CLEANUP => 1);
    foreach my $run (qw(first second)) {
        spew("$dir/settings.sec", "type=Single\nptype=RegExp\npattern=^SETTINGS\$\ndesc=settings\n"
            . "action=assign %alert_file $dir/$run\n");
        spew("$dir/in", join("", map { "Mar  3 08:00:00 $_ sshd[1]: Accepted password for root from 192.0.2.9 port 1 ssh2\n" }
            $run eq "first" ? "first" : ("first", "second")));
        told("--conf=rules/base/alert.sec --conf=$dir/settings.sec --conf='rules/sshd/*.sec' --intevents --notail --fromstart"
            . " --input=$dir/in --state=$dir/state --log=$dir/log");
    }
    like(slurp("$dir/second"), qr/^\S+ \S+ notice second sshd_root_login: .*\n.*\n\z/, "settings of a later start, with a state");
}

# A host that somebody made up is not missed when ten thousand are known.
SKIP: {
    skip("another package", 1) if $ENV{LIBRARY} && $ENV{LIBRARY} ne "volume";
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/in", join("", map { "2026-03-03T08:00:00+00:00 h$_ heartbeat: alive\n" } 1 .. 10007)
        . "2026-03-03T12:00:00+00:00 h1 heartbeat: alive\n");
    (undef, my $told) = told("replay --conf='rules/base/alert.sec rules/volume/*.sec' --intevents --input=$dir/in");
    is_deeply([map { scalar(() = $told =~ /warning \w+ volume_silent|critical \w+ volume_$_/g) } qw(silent heartbeat)],
        [10000, 20000], "volume misses ten thousand hosts, and no more");
}

# Lines of files that name no host have that of a setting.
SKIP: {
    skip("another package", 1) if $ENV{LIBRARY};
    my $dir = tempdir(CLEANUP => 1);
    spew("$dir/settings.sec", "type=Single\nptype=RegExp\npattern=^SETTINGS\$\ndesc=settings\naction=assign %alert_file alerts; "
        . join("; ", map { "assign %${_}_host $_.example.org" } qw(apache databases json nginx)) . "\n");
    spew("$dir/a.sectest", <<"END");
rules: @{[map { "$source/rules/$_" } "base/alert.sec", map { "$_/*.sec" } qw(apache databases json nginx)]} *.sec
options: --intevents
start: 2026-03-03 08:00:00
test: the host of <package>
  rows:
    | package   | line |
    | apache    | [Tue Mar 03 08:00:00.626972 2026] [core:error] [pid 99:tid 98] (28)No space left on device: AH00023: Couldn't create the mutex |
    | databases | 2026-03-03 08:00:00.123 UTC [99] PANIC:  could not write to file "pg_wal/xlogtemp.99": No space left on device |
    | json      | {"time":"2026-03-03T08:00:00Z","level":"FATAL","msg":"all is lost","service":"shop"} |
    | nginx     | 2026/03/03 08:00:00 [crit] 99#99: *3 pwrite() "/var/lib/nginx/body/1" failed (28: No space left on device) |
  +0s  > <line>
  expect once write alerts <package>.example.org <package>_
END
    ($status, $out) = told("test $dir/a.sectest");
    is($status, 0, "a setting names the host of lines without one") or diag($out);
}

# The table of what is known of each package is true.
SKIP: {
    skip("another package, or another program", 1) if $ENV{LIBRARY} || @secant > 1 || binary() =~ /sanitize/;
    my ($table) = slurp("rules/README") =~ /^(\| Package .*\n(?:\|.*\n)+)/m;
    is($table, `t/library_table.pl $secant[0] 2>&1`, "rules/README: the table is that of t/library_table.pl");
}

# The programs that come with alert.sec, with their tools replaced.
my $dir = tempdir(CLEANUP => 1);
foreach my $tool (qw(curl notify-send id)) {
    my $what = $tool eq "id" ? "echo 1000" : "{ printf '%s\\n' $tool \"\$@\"; [ $tool = curl ] && cat; } >$dir/$tool.out";
    spew("$dir/$tool", "#!/bin/sh\n$what\n");
    chmod(0755, "$dir/$tool");
}
$ENV{PATH} = "$dir:$ENV{PATH}";
$ENV{SECANT_WEBHOOK_URL} = "https://example.org/x";
spew("$dir/json", "{\"text\": \"a\"}\n");
system("sh rules/base/webhook <$dir/json");
like(slurp("$dir/curl.out"), qr{\n--data-binary\n\@-\n--\nhttps://example.org/x\n\{"text": "a"\}\n\z}, "webhook posts what it reads");
spew("$dir/line", "critical gw01 x_name: -x \$(id) `id`: two\n");
system("sh rules/base/desktop <$dir/line");
is(slurp("$dir/notify-send.out"), "notify-send\n--app-name=secant\n--\ncritical gw01 x_name\n-x \$(id) `id`: two\n",
    "desktop shows the line, and runs nothing of it");

done_testing();
