/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a Perl program makes of a pattern and lines: the sub that is asked.
 *
 * Perl goes back as often as it takes, for hours with some lines of a dozen bytes, and knows no limit.
 * Whether a pattern can do that is not to be told from its text: loops in loops are quick or not
 * as their bodies can be empty, or match the same in several ways.  And nothing ends a match
 * that goes on: signal handlers of Perl wait for the end of it, and to die from one that does
 * not wait leaves Perl's engine broken.  So a process of its own answers, which a timer of
 * processor time kills; the question has no answers then, and another process answers the next. */
#ifndef SECANT_T_REGEX_ANSWERS_H
#define SECANT_T_REGEX_ANSWERS_H

/* Without arguments: the process ends.
 *
 * For a pattern, whether it is PCRE2's, and lines: does Perl warn of the pattern? Then for each line
 * a text that the engine's answer_text makes, too, or undef where Perl dies or takes too long.
 *
 * The engine has only bytes.  What Perl says of decoded text is counted where Unicode
 * rules should make no difference, of PCRE2's patterns: the first byte is + when it is
 * the same, ! when it is not, which is Perl's fault then (\xff{1,}$ does not match the
 * decoded text \xff\xe9\xff). */
static const char answers_code[] =
    "package Secant::Fuzz;\n"
    "require POSIX; require Time::HiRes;\n"
    "$SIG{__WARN__} = sub { };\n"
    "my ($process, $to, $from);\n"
    "sub answer {\n"
    "    my @list = $_[0] =~ $_[1] or return 'no';\n"
    "    return join ' ', (map { defined $-[$_] ? \"$-[$_],$+[$_]\" : '-1,-1' } 0 .. $#+),\n"
    "        (map { defined ? length . \":$_\" : '-' } @list),\n"
    "        (map { \"$_=\" . length($+{$_}) . \":$+{$_}\" } sort keys %+);\n"
    "}\n"
    "sub answers {\n"
    "    my ($text, $equal) = splice @_, 0, 2;\n"
    "    my ($warned, $regex) = 0;\n"
    "    { local ($^W, $SIG{__WARN__}) = (1, sub { $warned = 1 }); $regex = eval { qr/$text/ } }\n"
    "    my $neutral = $equal && $text !~ /\\\\[wWsSbBpPX]|\\[:|\\(\\?\\^?\\w*i/;\n"
    "    return $warned, map { my $line = $_; scalar eval {\n"
    "        my $answer = answer($line, $regex);\n"
    "        utf8::upgrade(my $decoded = $line);\n"
    "        my $same = $neutral ? $answer eq answer($decoded, $regex) ? '+' : '!' : ' ';\n"
    "        $same . $answer;\n"
    "    } // '' } @_;\n"
    "}\n"
    /* Lists of texts go both ways, each after its length. */
    "sub give { my $handle = shift; print $handle pack('N/a*', pack('(N/a*)*', @_)) }\n"
    "sub take {\n"
    "    my ($handle) = @_;\n"
    "    read($handle, my $length, 4) or return;\n"
    "    read($handle, my $list, unpack('N', $length));\n"
    "    return unpack('(N/a*)*', $list);\n"
    "}\n"
    "sub limit { Time::HiRes::setitimer(Time::HiRes::ITIMER_VIRTUAL(), $_[0]) }\n"
    "sub serve {\n"
    "    my ($in, $out) = @_;\n"
    "    $SIG{VTALRM} = 'DEFAULT';\n"
    "    while (my @question = take($in)) {\n"
    "        limit(0.2);\n"
    "        my @answers = answers(@question);\n"
    "        limit(0);\n"
    "        give($out, @answers);\n"
    "    }\n"
    "    POSIX::_exit(0);\n"
    "}\n"
    "sub begin {\n"
    "    pipe(my $in, $to); pipe($from, my $out);\n"
    "    select((select($_), $| = 1)[0]) for $to, $out;\n"
    "    $process = fork() // die \"fork: $!\\n\";\n"
    "    serve($in, $out, close($to), close($from)) if !$process;\n"
    "}\n"
    "sub end { close($_) for $to, $from; waitpid($process, 0); $process = undef }\n"
    "sub {\n"
    "    return end() if !@_ && $process;\n"
    "    begin() if !$process;\n"
    "    give($to, @_);\n"
    "    my ($warned, @answers) = take($from);\n"
    "    end() if !defined($warned);\n"
    "    return $warned // 0, map { length($answers[$_] // '') ? $answers[$_] : undef } 0 .. $#_ - 2;\n"
    "}\n";

#endif
