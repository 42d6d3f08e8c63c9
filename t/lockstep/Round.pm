# SPDX-License-Identifier: GPL-2.0-or-later
# A round of lockstep: rules, a log with times, options and a time zone, made up from a seed.
#
# Words of a few letters begin lines and events, entities follow.  Rules match words and make events of
# higher levels only, so that every chain of events ends; rules that match what lacks a word, or whatever
# another rule has matched, make none.  Logs go across what is hard about time: changes of the zone's
# offset, ends of years and of February, gaps between nothing and months.
#
# The lines are there twice: as one log, each after its second since the epoch, and as up to three inputs,
# each with a form of time of its own, for what reads times by itself.
package Round;
use strict;
use warnings;
use Exporter qw(import);
use List::Util qw(shuffle);

our @EXPORT_OK = qw(make_round);

my @zones = (
    qw(UTC UTC Europe/Helsinki America/New_York Australia/Lord_Howe Asia/Kathmandu America/St_Johns Pacific/Apia),
    qw(Asia/Tokyo Africa/Casablanca Antarctica/Troll Europe/Dublin America/Asuncion),
    'EST5EDT,M3.2.0,M11.1.0',
    qw(Europe/London Pacific/Chatham Africa/Cairo <-03>3),
);

use constant LEVELS => 3;    # of events; lines are of level 0

my ($zone, @entities, @sets, @groups, $options);

sub one { return $_[int(rand(@_))] }
sub chance { return rand() < $_[0] }
sub upto { return 1 + int(rand($_[0])) }

# Time.

sub window { return one(1, 2, 3, 5, 10, 10, 30, 30, 60, 60, 120, 300, 900, 3600, 7200, 86400) }

# A second at which the offset from UTC changes, after $second; none in two years: undef.
sub change_after {
    my ($second) = @_;
    my $offset = sub { POSIX::strftime('%z', localtime($_[0])) };
    my $first = $offset->($second);
    for (my $day = $second; $day < $second + 730 * 86400; $day += 86400) {
        next if $offset->($day + 86400) eq $first;
        my ($low, $high) = ($day, $day + 86400);
        while ($high - $low > 1) {
            my $middle = int(($low + $high) / 2);
            ($offset->($middle) eq $first ? $low : $high) = $middle;
        }
        return $high;
    }
    return undef;
}

# Shortly before what is hard, most of the time.
sub first_second {
    require Time::Local;
    my $year = 2002 + int(rand(100));
    my $near = one(1, 60, 600, 3600, 7200, 7200, 20000, 86400);
    my $second;
    my $kind = upto(20);
    if ($kind <= 9) {
        $second = change_after(Time::Local::timelocal(0, 0, 12, 1, int(rand(12)), $year));
    } elsif ($kind <= 12) {
        $second = Time::Local::timelocal(0, 0, 0, 1, 0, $year);
    } elsif ($kind <= 16) {
        $second = Time::Local::timelocal(0, 0, 0, 28, 1, one($year, $year - $year % 4)) + one(0, 86400);
    } elsif ($kind == 17) {
        $second = one(2**31, 2**32, 2**30);
    }
    $second //= 1e9 + int(rand(3e9));
    return int($second - rand($near) - 2);
}

# Gaps between lines.  After days, the next one is near: a single line so far away may be an error.
sub gaps {
    my ($count, $pace, $days) = @_;
    my @gaps;
    while (@gaps < $count) {
        my $r = rand();
        my $gap = $r < 0.3 ? 0 : $r < 0.5 ? 1 : $r < 0.7 ? upto($pace) : $r < 0.85 ? upto(60) : $r < 0.95 ? upto(900)
            : $r < 0.99 ? upto(7200) : upto(40000);
        if ($days && chance(0.015)) {
            push(@gaps, 86400 + upto(86400 * $days), int(rand(3)));
            next;
        }
        push(@gaps, $gap);
    }
    return @gaps[0 .. $count - 1];
}

# Texts in actions.

sub moment {
    return one('%t', '%u', '%t', '%u', '%.hour:%.min:%.sec', '%.year-%.mon-%.mday', '%.hmsstr', '%.wdaystr %.monstr %.mdaystr',
        '%.wday', '%.sec', '%.tzname', '%.tzoff', '%.tzoff2', '%.hmsstr%.tzoff2');
}

sub perl_moment {
    return one('time()', 'scalar(localtime)', 'scalar(localtime())', 'scalar(gmtime)', 'join("-", localtime)', '(localtime)[8]',
        'join("-", localtime(time + 86400))', 'time - $^T', 'scalar localtime(time() - 3600)', 'join(":", (gmtime)[0..5])',
        'do { require POSIX; POSIX::strftime("%Y-%m-%dT%H:%M:%S%z %Z", localtime) }', '$main::last_time = time',
        'time - ($main::last_time || 0)', 'do { require POSIX; POSIX::mktime(localtime) }', 'do { require POSIX; POSIX::time() }',
        'do { require Time::HiRes; Time::HiRes::time() }', 'do { require Time::HiRes; join(".", Time::HiRes::gettimeofday()) }',
        'do { require Time::Local; Time::Local::timelocal(localtime) }', 'do { require Time::Piece; Time::Piece::localtime()->datetime }');
}

sub name_of { my ($scope) = @_; return one("C_$scope", "C_$scope", "D_$scope", 'GLOBAL', 'E') }

sub event_word { my ($level) = @_; return "ev" . upto(4) . ($level + 1) }

# One action; nested ones are simple.  $scope: what stands for the entity.
sub action {
    my ($level, $scope, $depth) = @_;
    my $name = name_of($scope);
    my $raises = $level < LEVELS;
    my $word = event_word($level);
    my @simple = (
        "write - $scope " . moment() . " %s",
        "logonly %s " . moment(),
        "logonly " . moment() . " $scope",
        "logonly $scope from \$+{_inputsrc} in \$+{_intcontext}",
        "report $name",
        "assign %a " . moment(),
        "delete $name", "obsolete $name",
        "set $name " . window(), "set $name 0", "setltime $name " . window(), "set $name -",
        "getctime %c $name; logonly %c", "getltime %l $name; logonly %l",
        "setctime %u $name", "getctime %c $name; setctime %c $name",
        "getctime %c $name; lcall %m %c %u -> ( sub { int((\$_[0] + \$_[1]) / 2) } ); setctime %m $name",
        "add $name " . moment(), "prepend $name " . moment(), "fill $name " . moment(),
        "shift $name %a; logonly %a", "pop $name %a; logonly %a", "copy $name %a; logonly %a",
        "empty $name", "empty $name %a; logonly %a", "exists %x $name; logonly exists %x", "getsize %z $name; logonly size %z",
        "alias $name A_$scope", "unalias A_$scope", "getaliases %n $name; logonly %n",
        "lcall %p -> ( sub { " . perl_moment() . " } ); logonly %p", "eval %p ( " . perl_moment() . " ); logonly %p",
        "if %x ( logonly x ) else ( exists %x $name )",
        "assign %i 2; while %i ( logonly " . moment() . "; lcall %i %i -> ( sub { \$_[0] - 1 } ) )",
    );
    my @common = (
        "create $name " . window(), "create $name", "create $name " . window(),
        "write - %s " . moment(), "write - $scope " . moment(),
    );
    push(@common, "event $word $scope", "tevent " . window() . " $word $scope", "event " . window() . " $word $scope",
        "tevent 0 $word $scope", "cevent X_$scope " . one(0, window()) . " $word $scope") if $raises;
    push(@common, map { resetting() } 1 .. 3);
    push(@simple, "lcall %p -> ( sub { " . inside($level, $scope) . " } ); logonly %p") if chance(0.2);
    push(@simple, map { "lcall %p -> ( sub { $_; time } ); logonly %p" } 'sleep(' . upto(4) . ')', 'select(undef, undef, undef, 0.5)',
        'require Time::HiRes; Time::HiRes::sleep(1.5)', 'require Time::HiRes; Time::HiRes::usleep(700000)') if chance(0.1);
    push(@simple, "sigemul USR1") if chance(0.05);
    push(@simple, "set _THIS " . window(), "getaliases %n _THIS; logonly this %n", "add _THIS again %t") if $depth;
    return one(@simple, @common, @common) if $depth > 1;
    my $nested = actions($level, $scope, $depth + 1);
    return one(@simple, @common, @common, ("create $name " . window() . " ( $nested )", "set $name " . window() . " ( $nested )") x 4);
}

sub actions {
    my ($level, $scope, $depth) = @_;
    $depth //= 0;
    return join('; ', map { action($level, $scope, $depth) } 1 .. upto($depth ? 2 : 4));
}

# About operations: of this rule, of a neighbour, or of one of that name.
sub resetting {
    my ($number, $entity) = @{ one(@groups) };
    my ($offset, $desc) = @{ one([0, '%s'], [one('+1', '-1', upto(10)), '%s'], ([$number % 100, "rule $number $entity"]) x 3) };
    return one("reset " . one($offset, "") . " $desc", "getwpos %w $offset $desc; logonly window %w",
        "getwpos %w $offset $desc; lcall %w %w %u -> ( sub { int((\$_[0] + \$_[1]) / 2) } ); setwpos %w $offset $desc",
        "setwpos %u $offset $desc", "getwpos %w $offset $desc; setwpos %w $offset $desc");
}

# User code that reaches into SEC's tables.
sub inside {
    my ($level, $scope) = @_;
    my $context = "C_" . one(@entities);
    my $later = one(0, 1, window());
    my $word = event_word($level);
    return one(
        "exists(\$main::context_list{'$context'}) ? \$main::context_list{'$context'}{Time} -= " . upto(20) . " : 'none'",
        "exists(\$main::context_list{'$context'}) ? \$main::context_list{'$context'}{Window} = " . window() . " : 'none'",
        "exists(\$main::context_list{'$context'}) ? time - \$main::context_list{'$context'}{InitTime} : 'none'",
        $level < LEVELS ? ("push(\@main::pending_events, time + $later, '$word e1', '_INTERNAL_EVENT')" =~ s/push\((\S+), (.*)\)/push($1, [$2])/r) : (),
        "scalar(\@main::pending_events)", "scalar(keys %main::corr_list)", "time - \$main::startuptime",
        "join ' ', sort map { \$_->{Time} + \$_->{Window} } values %main::corr_list",
    ) =~ s/\\//gr;
}

# Rules.

sub context_term {
    my ($scope) = @_;
    return one(name_of($scope), '!' . name_of($scope), name_of($scope), "A_$scope", one('IN_a', '!IN_b', '_FILE_EVENT_c', '_INTERNAL_EVENT'),
        '=(' . one('time() % 3', 'time % 2 == 0', '(localtime)[2] < 12', '(localtime)[1] % 2', '(localtime)[8] == 0', '(gmtime)[0] < 40') . ')',
        name_of($scope) . ' -> ( sub { ' . one('1', '0', 'time % 2', '@_ > 1') . ' } )');
}

sub context_field {
    my ($scope, $share, $suffix) = @_;
    return () unless chance($share);
    my $text = join(one(' && ', ' || '), map { context_term($scope) } 1 .. upto(2));
    $text = "[ $text ]" if $scope !~ /\$/ && chance(0.3);
    return "context$suffix=$text";
}

# A pattern for a word; what it calls the entity.
sub pattern {
    my ($word, $suffix) = @_;
    my ($type, $text, $scope) = @{ one(
        (["RegExp", "\\b$word (\\S+)", '$1']) x 6,
        ["RegExp", "\\b$word (\\S+) (\\d)", '$1'],
        ["RegExp", "\\b$word (?<who>\\S+)", '$+{who}'],
        ["SubStr", "$word " . one(@entities), one(@entities)],
        ["SubStr", $word, one(@entities)],
        ["PerlFunc", "sub { return \$_[0] =~ /\\b$word (\\S+)/ ? (\$1, time, scalar(localtime)) : () }", one('$1', '$1', '$1_$2')],
        ["PerlFunc", "sub { return (time % 2 && \$_[0] =~ /\\b$word (\\S+)/) ? \$1 : () }", '$1'],
        ["Cached", "seen", one(@entities, '$+{who}', '$1')],
        ["RegExp2", "\\b$word (\\S+).*\\n.* (\\S+)", '$1'],
        ["RegExp3", "\\b$word (\\S+)(?:.*\\n){2}.* (\\S+)", '$1'],
        ["NRegExp", "^(?!.*\\b$word )", one(@entities)],
        ["NPerlFunc", "sub { \$_[0] !~ /\\b$word / }", one(@entities)],
    ) };
    my @names = $text =~ /^\\b.*\(/ && chance(0.2) ? ("varmap$suffix=seen" . one('', '; who=1')) : ();
    return ($scope, "ptype$suffix=$type", "pattern$suffix=$text", @names);
}

# May it match the events that its own actions lead to?
sub any_level { return grep { /^ptype\d?=(?:N|Cached)/ } @_ }

# The second pattern of a pair; $1 is the first one's.
sub second_pattern {
    my ($word, $scope) = @_;
    my $who = $scope =~ /\$/ ? $scope =~ s/_\$2//r : $scope;
    $who = $scope =~ /\+/ ? '\S+' : $who;
    return @{ one(["ptype2=RegExp", "pattern2=\\b$word $who\\b"], ["ptype2=RegExp", "pattern2=\\b$word (\\S+)"],
        ["ptype2=SubStr", "pattern2=$word" . ($who =~ /S\+/ ? '' : " $who")],
        ["ptype2=PerlFunc", "pattern2=sub { \$_[0] =~ /\\b$word (\\S+)/ ? (\$1, time) : () }"]) };
}

sub go_on { return chance(0.8) ? ("continue=TakeNext") : chance(0.1) ? ("continue=EndMatch") : () }

# desc, which resets may name: entities stand in for what it holds.
sub desc {
    my ($number, $scope) = @_;
    push(@groups, [$number, $scope =~ /\$/ ? one(@entities) : $scope]);
    return "desc=rule $number $scope";
}

sub group_rule {
    my ($number, $level, @words) = @_;
    my $count = upto(3);
    my @lines = ("type=EventGroup$count");
    my $scope;
    for my $i (1 .. $count) {
        my $suffix = $i == 1 ? '' : $i;
        my ($who, @pattern) = pattern(one(@words), $suffix);
        $level = LEVELS if any_level(@pattern);
        $scope //= $who;
        push(@lines, @pattern, context_field($who, 0.15, $suffix));
        push(@lines, "continue$suffix=TakeNext") if chance(0.8);
        push(@lines, "count$suffix=" . actions($level, $who, 1)) if chance(0.3);
        push(@lines, "thresh$suffix=" . upto(3)) if chance(0.6);
    }
    $scope = one(@entities, 'all', 'all') if $count > 1 && $scope =~ /_|\+|\d\d/;
    push(@lines, desc($number, $scope), "action=" . actions($level, $scope), "window=" . window());
    for my $field (qw(init end slide)) {
        push(@lines, "$field=" . actions($level, $scope, 1)) if chance(0.4);
    }
    my $grouped = chance(0.3);
    push(@lines, "multact=" . one(qw(yes no))) if chance(0.5);
    if ($grouped) {
        my $order = join(' ', map { one(1 .. $count) } 1 .. upto(3));
        push(@lines, @{ one(["egptype=SubStr", "egpattern=$order"], ["egptype=RegExp", "egpattern=$order\$"],
            ["egptype=NRegExp", "egpattern=^$order"], ["egptype=PerlFunc", "egpattern=sub { time % 2 }"]) });
        push(@lines, map { "egtoken" . ($_ == 1 ? '' : $_) . "=" . one('$0', $_, 'x', '1') } grep { chance(0.3) } 1 .. $count);
    }
    return @lines;
}

sub calendar_rule {
    my ($number) = @_;
    my $who = one(@entities);
    # While its context does not hold, a rule is asked each second of its minutes: those are kept few.
    my @context = context_field($who, 0.4, '');
    my $minute = one('0', upto(59), '59', '0,30', '*/20', @context ? () : ('*', '*', '*/5', '0-59/7', '*/10'));
    my $hour = one(('*') x 4, '0', '1-3', '2', '23', '*/6');
    my $day = one(('*') x 6, '1', '0', '28-31', '*/2');
    my $month = one(('*') x 6, '1-3', '2', '*/3');
    my $weekday = one(('*') x 6, '0', '1-5', '7', '6');
    my $year = chance(0.2) ? ' ' . one('*', '0-50', '*/2') : '';
    return ("type=Calendar", "time=$minute $hour $day $month $weekday$year", @context, "desc=rule $number calendar",
        "action=" . actions(0, $who));
}

my %rest = (    # after the first pattern; number, level, scope and words are given
    Single => sub { return () },
    SingleWithSuppress => sub { return ("window=" . window()) },
    SingleWithThreshold => sub {
        my ($number, $level, $scope) = @_;
        return ("window=" . window(), "thresh=" . upto(4), chance(0.4) ? "action2=" . actions($level, $scope) : ());
    },
    SingleWith2Thresholds => sub {
        my ($number, $level, $scope) = @_;
        return ("window=" . window(), "thresh=" . upto(4), "desc2=rule $number low $scope", "action2=" . actions($level, $scope),
            "window2=" . window(), "thresh2=" . int(rand(3)));
    },
    Pair => sub { return (paired(@_), "window=" . one(0, window(), window())) },
    PairWithWindow => sub { return (paired(@_), "window=" . window()) },
);

sub paired {
    my ($number, $level, $scope, @words) = @_;
    my @pattern = second_pattern(one(@words), $scope);
    my $who = $scope =~ /\$/ ? "%1" : $scope;
    $who = one(@entities) if $scope =~ /_|\+/;
    return (@pattern, chance(0.3) ? "continue2=TakeNext" : (), context_field($who, 0.15, 2), "desc2=rule $number second $who",
        "action2=" . actions($level, $who));
}

# A rule for lines or events of a level.
sub rule {
    my ($number) = @_;
    my $level = one(0, 0, 0, 0, 1, 1, 2);
    my @words = $level ? map { event_word($level - 1) } 1 .. 3 : @{ $options->{words} };
    my $kind = one(qw(Single Single SingleWithSuppress Pair PairWithWindow PairWithWindow SingleWithThreshold SingleWithThreshold
        SingleWith2Thresholds SingleWith2Thresholds EventGroup EventGroup EventGroup Suppress Jump),
        $options->{calendar} ? ('Calendar') x 3 : ());
    return group_rule($number, $level, @words) if $kind eq 'EventGroup';
    return calendar_rule($number) if $kind eq 'Calendar';
    my ($scope, @pattern) = pattern(one(@words), '');
    $level = LEVELS if any_level(@pattern);
    return ("type=Suppress", @pattern, context_field($scope, 0.7, '')) if $kind eq 'Suppress';
    return ("type=Jump", @pattern, context_field($scope, 0.4, ''), go_on(), "cfset=" . one(@sets)) if $kind eq 'Jump';
    return ("type=$kind", @pattern, context_field($scope, 0.25, ''), go_on(), desc($number, $scope),
        "action=" . actions($level, $scope), $rest{$kind}->($number, $level, $scope, @words));
}

sub rule_file {
    my ($from, $count, @head) = @_;
    return join("\n\n", map { join("\n", @$_) } @head, map { [rule($from + $_)] } 1 .. $count) . "\n";
}

# Times in lines.

my %forms = (    # how many digits of a millionth they show, and the text
    epoch => [0, sub { $_[0] }],
    fraction => [6, sub { "$_[0].$_[1]" }],
    iso => [0, sub { POSIX::strftime('%Y-%m-%dT%H:%M:%S%z', localtime($_[0])) =~ s/(\d\d)$/:$1/r }],
    zulu => [3, sub { POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime($_[0])) . ".$_[1]Z" }],
    blank => [0, sub { POSIX::strftime('%Y-%m-%d %H:%M:%S %z', localtime($_[0])) }],
);

# What numbers are times: ten digits, up to the end of 2099 (src/clock/time_items.c).
use constant { FIRST_EPOCH => 1000000000, LAST_EPOCH => 4102444799 };

# Lines have [second, text, number of the input].  { name => [context or '', lines as @SECOND TIME TEXT, form] }.
sub inputs {
    my ($count, @lines) = @_;
    my @choice = sort keys %forms;
    # A late line is at most 100 seconds before the first.
    my $numbers = $lines[0][0] - 100 >= FIRST_EPOCH && $lines[-1][0] <= LAST_EPOCH;
    @choice = grep { $numbers || !/epoch|fraction/ } @choice;
    my @form = map { one(@choice) } 1 .. $count;
    my @text = ('') x $count;
    my $parts = 0;
    for my $line (@lines) {
        my ($second, $text, $input) = @$line;
        $parts = ($parts + 1) % 1e6;    # those of one second have to grow
        my ($digits, $write) = @{ $forms{ $form[$input] } };
        my $part = substr(sprintf('%06d', $parts), 0, $digits);
        $text[$input] .= "\@$second" . ($digits ? ".$part " : ' ') . $write->($second, $part) . " $text\n";
    }
    return { map { (qw(a b c))[$_] => [chance(0.6) ? 'IN_' . (qw(a b c))[$_] : '', $text[$_], $form[$_]] } 0 .. $count - 1 };
}

# { zone, options, rules => { name => text }, log, inputs }.
sub make_round {
    my ($seed, $lines) = @_;
    srand($seed);
    local $ENV{TZ} = $zone = one(@zones);
    require POSIX;
    POSIX::tzset();
    @entities = map { "e$_" } 1 .. 1 + upto(3);
    @sets = ('side');
    @groups = ([1, 'none']);
    $options = { calendar => chance(0.5), words => [map { one('a' .. 'z') . "w$_" } 1 .. 1 + upto(4)] };
    my $days = $options->{calendar} ? one(0, 1, 2) : one(0, 1, 3, 30, 300);
    my @options = map { chance($_->[0]) ? $_->[1] : () } (
        [0.4, "--cleantime=" . one(0, 2, 3, 5, 7, 13, 60, 600)], [0.3, "--intcontexts"], [0.2, "--nojointbuf"],
        [0.2, "--evstoresize=" . upto(5)], [0.2, "--bufsize=" . (2 + upto(4))],
    );
    my @startup = ("type=Single", "ptype=SubStr", "pattern=SEC_STARTUP", "desc=rule 0 startup", "action=" . actions(0, one(@entities)));
    my $main = rule_file(2, 8 + upto(14), \@startup, ["type=Single", "ptype=SubStr", "pattern=DUMP", "desc=dump", "action=sigemul USR1"]);
    my $side = rule_file(100, 1 + upto(5), ["type=Options", "joincfset=side", "procallin=no"]);
    my $second = first_second();
    my $inputs = one(1, 1, 2, 3);
    $days = 0 if $inputs > 1;    # each would need a second line after a leap
    my @lines;
    for my $gap (gaps($lines, one(3, 10, 30), $days)) {
        $second += $gap;
        my $said = chance(0.01) ? $second - upto(100) : $second;
        my $word = chance(0.05) ? "unknown" : one(@{ $options->{words} });
        push(@lines, [$said, "$word " . one(@entities) . one('', ' 1', ' 2', ' x'), int(rand($inputs))]);
        push(@lines, [$second, "DUMP", $lines[-1][2]]) if chance(0.02);
    }
    push(@lines, map { [$second, "DUMP", $_] } (0 .. $inputs - 1) x 2);
    return {
        zone => $zone, options => \@options, rules => { 'main.sec' => $main, 'side.sec' => $side },
        log => join('', map { "$_->[0] $_->[1]\n" } @lines), inputs => inputs($inputs, @lines),
    };
}

1;
