#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
# The page of secant migrate --html: read by parsers, and looked at in the browsers that are there.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use Program qw(binary reference slurp spew);
use Test::More;

my $here = $FindBin::Bin;
my $secant = abs_path(binary());
my $sec = reference() or plan skip_all => "no reference: install sec or set SEC";
plan skip_all => "python3 is not installed" if system("python3 -c 'import xml.etree.ElementTree' 2>/dev/null");
my $dir = tempdir(CLEANUP => 1);
chdir($dir) or die "$dir: $!";
($ENV{TZ}, $ENV{HOME}) = ("UTC", $dir);

sub quoted { return join(' ', map { "'" . s/'/'\\''/gr . "'" } @_) }

# The exit status, and what it says on standard error.
sub migrate {
    my (@options) = @_;
    my $command = quoted($secant, "migrate", "--ref", $sec, @options);
    my $out = `$command 2>err </dev/null`;
    return ($? >> 8, slurp("err"), $out);
}

# What is on the page, a text in a line.
sub page {
    my ($name) = @_;
    my $text = `python3 '$here/migrate/page.py' $name 2>&1`;
    is($?, 0, "$name: well-formed, and fetches nothing") or diag($text);
    return $text;
}

sub rule { return "type=Single\nptype=RegExp\npattern=$_[0]\ndesc=$_[1]\naction=$_[2]\n\n" }

# Both sides are the same but where code in the rules sees that a module for SEC is loaded.
my $line = "2001-09-09T01:46:40Z";
my $side = '$INC{"LockstepFeed.pm"} ? "one" : "another"';
my $keys = 'join(" ", map { $_ > 9 ? () : $_ } keys %{{map { $_ => 1 } 1 .. 9}}) . ($INC{"LockstepFeed.pm"} ? "" : " ")';
spew("both.sec", rule('ok (.*)', 'fine: $1', 'write - %s') . rule('never', '<i>never</i> & "none"', 'write - %s'));
spew("side.sec", rule('app (.*)', 'says $1', "eval %x ( $side ); write - side %x of \$1; pipe 'same' cat"));
spew("chance.sec", rule('hash', 'hash', "eval %k ( $keys ); write - %k; eval %k ( 1 )"));
spew("good.log", "$line ok <b>&amp;\n" x 3);
spew("bad.log", "$line ok <script>alert(1)</script>\n" . "$line app \"x\" & 'y' <b> \e[31m \0 \xff\xfe caf\xc3\xa9 \xe2\x80\xae \xef\xbf\xbf \t|\n"
    . "$line hash\n");

# Equal.
my ($status, $err) = migrate("--conf=both.sec", "--input=good.log", "--html=good.html");
is("$status $err", "0 ", "equal");
my $page = page("good.html");
my $policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
like($page, qr/^meta Content-Security-Policy \Q$policy\E$/m, "nothing may be fetched or run");
like($page, qr/^head title SEC \S+ and Secant \S+: equal$/m, "title");
like($page, qr/ header>h1 SEC \S+ and Secant \S+ do exactly the same over 3 lines\.$/m, "verdict");
like($page, qr/ header>p This log never reaches 1 rule; nothing is proven about it\.$/m, "and what it lacks");
like($page, qr/^rules .*>th 1 never reached by this log: nothing is proven about these\n.*>td never\n.*>code both.sec:7\n.*>td <i>never<\/i> & "none"\n/m, "a rule that was not touched");
like($page, qr/^rules .*>th 1 exercised\n.*>td 3\n.*>code both.sec:1\n.*>td fine: \$1\n/m, "and one that was");
like($page, qr/^setting .*>th SEC\n.*>td \S+, as \S.*\n/m, "the other SEC");
like($page, qr/^setting .*>th Command\n.*>code secant migrate .*--html=good.html\n/m, "the command");
like($page, qr/^setting .*>td log\n.*>code good.log\n.*>td 99\n.*>td \d{4}-\d\d-\d\d [\d:]{8} \(\+00:00\)\n/m, "files with sizes and times");
like($page, qr/^setting .*>td 3 lines, from 2001-09-09 01:46:40 \(\+00:00\) to 2001-09-09 01:46:40 /m, "from, to");
like($page, qr/^uncompared .* (?:Nothing: all that rules do|variables\.)/m, "all was compared");
unlike($page, qr/^(?:differences|chance|case|refused) /m, "no more than there is");

# Different.
($status, $err) = migrate("--conf=*.sec", "--input=bad.log", "--html=bad.html", "--case=kept");
is("$status $err", "1 ", "different");
$page = page("bad.html");
like($page, qr/ header>h1 SEC \S+ and Secant \S+ differ in \d+ places; the first is line 2\.$/m, "verdict");
like($page, qr/^differences .*>b Line 2\n.*effects, 2001-09-09 01:46:40, rule side.sec:1\n/m, "where");
my $shown = join('.*?', map { quotemeta } q(app "x" & \\'y\\' <b> ), '\\\\x1b', '[31m ', '\\\\x00', '\\\\xff', '\\\\xfe', " caf\xc3\xa9 ", '\\\\u{202e}', '\\\\u{ffff}');
like($page, qr/^differences .*>pre \Q$line\E $shown.* \\t\|$/ms, "the line, with what cannot be seen");
like($page, qr/>td write -: side \n.*>mark one\n.*>td  of .*\n(?:.*\n)*?.*>td write -: side \n.*>mark another\n/m, "both sides, and what of them differs");
like($page, qr/^chance .*>h2 Where SEC itself is not determined\n(?:.*\n)*?chance .*>b Line 3\n/m, "what SEC does not do twice");
unlike($page, qr/^differences .*>b Line 3\n.*effects/m, "which is no difference");
like($page, qr/^case .*>code rules-1-side.sec\n(?:.*\n)*?.*>pre secant migrate --ref=.*--conf='\.\/rules-1-side\.sec' --input='\.\/log-1-bad\.log'$/m, "the smallest case");
like(slurp("bad.html"), qr/&lt;b&gt;/, "as HTML has it");
unlike(slurp("bad.html"), qr/[^\n\t -~\x80-\xff]/, "no control characters");

# A sample.
spew("long.log", "$line other\n" x 6000 . "$line app late\n");
($status, $err) = migrate("--conf=side.sec", "--input=long.log", "--sample=50%", "--html=sample.html");
is("$status $err", "1 ", "a sample");
$page = page("sample.html");
like($page, qr/ header>h1 .* differ in \d+ places; the first is line 6,001\.\n.* header>p This is a sample, \d+ stretch(?:es)? of [\d,]+ lines of 6,001; nothing is proven about the other lines\.\n/m, "which is said, and its lines have their numbers");
like($page, qr/^differences .*>b Line 6,001\n/m, "in the differences, too");

# What was refused, where the kernel can; and what need not be the same live.
SKIP: {
    my $code = "require SDBM_File; tie(my %h, 'SDBM_File', '/nonexistent/made', 66, 0600) ? 1 : rand()";
    spew("held.rules", rule('ok', 'ok', "lcall %x -> ( sub { $code } ); spawn date"));
    ($status, $err) = migrate("--conf=held.rules", "--input=good.log", "--html=held.html");
    skip("no guard: $err", 4) if $err =~ /^The kernel cannot block/;
    is("$status $err", "0 ", "refused");
    $page = page("held.html");
    like($page, qr/^refused .*>h2 What could not be intercepted was refused\n(?:.*\n)*?.*>code open \/nonexistent\/made\.\w+\n.* 3 times\n/m, "what, how often");
    like($page, qr/^uncompared .*>li random numbers\n(?:.*\n)*?.* 3 of them have an output/m, "what could not be compared");
}

# A page that cannot be written is known before SEC is started; no log is written over.
spew("touch", "#!/bin/sh\n: >started\n");
chmod(0755, "touch");
for my $case (["none/x.html", "No such file or directory"], [".", "Is a directory"], ["good.log", "it exists, and is not HTML"]) {
    my ($file, $why) = @$case;
    my $said = `'$secant' migrate --ref=./touch --conf=both.sec --input=good.log --html=$file 2>&1`;
    is($? >> 8, 2, "$file: status");
    is($said, "--html: can't write to $file ($why)\n", "$file: said");
}
ok(!-e "started", "SEC was not started");
is(slurp("good.log"), "$line ok <b>&amp;\n" x 3, "the log is as it was");
opendir(my $names, ".");
is(join(' ', grep { /html\.|^none|^\.\./ && $_ ne ".." } readdir($names)), "", "nothing is left");
symlink("good.html", "link.html");
($status, $err) = migrate("--conf=both.sec", "--input=good.log", "--until=2001-09-10", "--html=link.html");
is("$status $err", "0 ", "a page is replaced");
ok(-l "link.html", "a link stays one");
like(page("good.html"), qr/^setting .*>th Only lines\n.*>td before 2001-09-10 00:00:00 \(\+00:00\)\n/m, "by the new one");

# In browsers.
sub installed { return grep { -x "$_/$_[0]" } split(/:/, $ENV{PATH}) }

# A page as people see it, or as text without elements; "": the browser does not run here.
sub looked_at {
    my ($browser, $name) = @_;
    my %commands = (
        chromium => "timeout 120 chromium --headless --no-sandbox --disable-gpu --user-data-dir='$dir/chromium' --dump-dom 'file://$dir/$name'",
        w3m => "w3m -dump -T text/html -I UTF-8 -O UTF-8 -cols 200 $name",
        lynx => "lynx -dump -width=200 -display_charset=UTF-8 -force_html $name",
    );
    my $text = `$commands{$browser} 2>/dev/null </dev/null`;
    return "" if $?;
    $text =~ s/<(?:style|title)>.*?<\/(?:style|title)>//gs if $browser eq "chromium";
    $text =~ s/<(?:"[^"]*"|[^>])*>/ /g if $browser eq "chromium";
    my %characters = (lt => '<', gt => '>', amp => '&', quot => '"');
    $text =~ s/&(lt|gt|amp|quot);/$characters{$1}/g if $browser eq "chromium";
    return $text =~ s/\s+/ /gr;
}

my $looked = 0;
for my $browser (grep { installed($_) } qw(chromium w3m lynx)) {
    my ($good, $bad) = map { looked_at($browser, $_) } "good.html", "bad.html";
    if (!length($good)) {
        diag("$browser does not run here");
        next;
    }
    note("looked at in $browser");
    $looked++;
    like($good, qr/EQUAL ?SEC \S+ and Secant \S+ do exactly the same over 3 lines\./, "$browser: the verdict");
    like($good, qr/Matches Rule Description 1 never reached by this log: nothing is proven about these never both\.sec:7 <i>never<\/i> & "none" 1 exercised 3 both\.sec:1 fine: \$1/, "$browser: the table of rules");
    like($bad, qr/DIFFERENT ?SEC \S+ and Secant \S+ differ in \d+ places; the first is line 2\./, "$browser: another verdict");
    like($bad, qr/SEC Secant write -: side ?one ?of "x" .*? write -: side ?another ?of "x" /, "$browser: differences, side by side");
    like($bad, qr/<b> ?\\x1b ?\[31m ?\\x00 ?\\xff ?\\xfe ?caf\xc3\xa9 ?\\u\{202e\}/, "$browser: what cannot be seen");
}
SKIP: {
    skip("no browser: none of chromium, w3m and lynx is installed, or runs", 1) if !$looked;
    pass("looked at in $looked browsers");
}

done_testing();
