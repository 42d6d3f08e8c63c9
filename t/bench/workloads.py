# SPDX-License-Identifier: GPL-2.0-or-later
"""The workloads: each writes an input log and the rules that look at it.

A workload is a function (site, lines) -> (log, rules): a list of lines, and the text of the rule file or
a dictionary of file names and texts.  `live` is the number of operations or contexts that stay alive.
`startup` is for what the start does: so many rules, or one start.  Where SEC takes minutes the workload
is `long`: it runs when it is named or asked for, one pair, and on all its lines."""
from catalogue import MessageType, PROGRAMS
from lines import background, failed, key_name

SSH_FAILED = r"sshd\[\d+\]: Failed .+ for (\S+) from [\d.]+ port \d+ ssh2"


class Workload:
    def __init__(self, name, about, lines, build, live=0, options=(), startup=0, opening=0, long=False):
        self.name, self.about, self.lines, self.build = name, about, lines, build
        self.live, self.options, self.startup, self.long = live, list(options), startup, long
        self.opening = opening      # first lines, that only bring the operations about


def rule(type, **fields):
    return "type=%s\n" % type + "".join("%s=%s\n" % (k, v) for k, v in fields.items())


def rules(texts):
    return "\n".join(texts)


def mixed(site, lines, types, matching=.20, near=.10):
    log = []
    for _ in range(lines):
        x = site.random.random()
        log.append(site.random.choice(types).line(site, near_miss=x >= matching) if x < matching + near
                   else background(site))
    return log


def some_failures(site, lines, share):
    return [failed(site) if site.random.random() < share else background(site) for _ in range(lines)]


def one_rule(site, lines):
    return some_failures(site, lines, .05), rule("Single", ptype="RegExp", pattern=SSH_FAILED,
                                                 desc="login failure for $1", action="logonly %s")


def many_regexps(count):
    def build(site, lines):
        types = [MessageType(i) for i in range(count)]
        return mixed(site, lines, types), rules(
            rule("Single", ptype="RegExp", pattern=t.regexp(), desc="rule %d: $1" % i, action="logonly %s")
            for i, t in enumerate(types))
    return build


def many_substrings(count):
    def build(site, lines):
        types = [MessageType(i) for i in range(count)]
        return mixed(site, lines, types), rules(
            rule("Single", ptype="SubStr", pattern=t.substr(), desc="rule %d" % i, action="logonly %s")
            for i, t in enumerate(types))
    return build


def jump_rule(number, type, in_set):
    if number % 6 == 2:
        return rule("Single", ptype="Cached", pattern="G%d" % in_set, desc="rule %d: $+{host} $+{prog}" % number,
                    context='G%d :> ( sub { index($_[0]->{"msg"}, "%s") == 0 } )' % (in_set, type.text),
                    action="logonly %s")
    if number % 6 == 4:
        return rule("Single", ptype="Cached", pattern="G%d" % in_set, context="MAINTENANCE_%d" % number,
                    desc="rule %d: $+{msg}" % number, action="logonly %s")
    return rule("Single", ptype="RegExp", pattern=type.regexp(), varmap="R%d; first=1" % number,
                desc="rule %d: $+{first} $:{G%d:host}" % (number, in_set), action="logonly %s")


def jumps(site, lines):
    """Ten Jump rules, one for each group of programs, into ten sets of 29 rules."""
    groups = [PROGRAMS[i::10] for i in range(10)]
    catalogue = [MessageType(i) for i in range(1000)]
    files, types = {}, []
    dispatch = []
    for n, group in enumerate(groups):
        programs = "|".join(p.replace(".", r"\.") for p in group)
        dispatch.append(rule("Jump", ptype="RegExp", varmap="G%d; host=1; prog=2; pid=3; msg=4" % n, cfset="set%d" % n,
                             pattern=r"^\w+\s+\d+ [\d:]+ (\S+) (%s)(?:\[(\d+)\])?: (.*)" % programs))
        members = [t for t in catalogue if t.program in group][:29]
        types += members
        files["set%d.sec" % n] = rules([rule("Options", joincfset="set%d" % n, procallin="no")] +
                                       [jump_rule(100 * n + k, t, n) for k, t in enumerate(members)])
    files["main.sec"] = rules(dispatch)
    return mixed(site, lines, types), files


def keyed(site, lines, keys, share=.9):
    """Failures of every key once, then again and again of some; the rest is background."""
    order = list(range(keys))
    site.random.shuffle(order)
    log, used = [], 0
    while len(log) < lines:
        if site.random.random() >= share:
            log.append(background(site))
            continue
        key = order[used] if used < keys else order[int(keys * site.random.random() ** 3)]
        used += 1
        log.append(failed(site, key_name(key)))
    return log


def operations(type, keys, share=.9, **fields):
    def build(site, lines):
        return keyed(site, lines, keys, share), rule(type, ptype="RegExp", pattern=SSH_FAILED,
                                                     desc="login failures of $1", action="logonly %s", **fields)
    return build


PAIR = {"ptype2": "RegExp", "pattern2": r"sshd\[\d+\]: Accepted \S+ for $1 from ([\d.]+) port \d+ ssh2",
        "desc2": "login of %1 from $1 after failures", "action2": "logonly %s", "window": 3600}


def ending_pairs(keys):
    """Opens a Pair operation for each key; then one line in twenty ends one."""
    def build(site, lines):
        log = [failed(site, key_name(k)) for k in range(keys)]
        for i in range(lines - keys):
            log.append(background(site) if i % 20 else site.head() +
                       "sshd[%d]: Accepted password for %s from %s port %d ssh2" %
                       (site.pid(), key_name(site.random.randrange(keys)), site.address(), site.port()))
        return log, rule("Pair", ptype="RegExp", pattern=SSH_FAILED, desc="login failure for $1", action="none", **PAIR)
    return build


def contexts(keys):
    def build(site, lines):
        def opened(user):
            return site.head() + "sshd[%d]: pam_unix(sshd:session): session opened for user %s by (uid=0)" % (
                site.pid(), user)
        log = [opened(key_name(k)) for k in range(keys)]
        while len(log) < lines:
            x, user = site.random.random(), key_name(int(keys * site.random.random() ** 2))
            log.append(opened(user) if x < .2 else
                       site.head() + "sudo:  %s : TTY=pts/1 ; USER=root ; COMMAND=/bin/job" % user if x < .5 else
                       site.head() + "audit: note by %s" % user if x < .6 else
                       site.head() + "sshd[7]: session ended for user %s" % user if x < .7 else background(site))
        return log, rules([
            rule("Single", ptype="RegExp", pattern=r"session opened for user (\S+) by", context="!SESSION_$1",
                 desc="session of $1", action="create SESSION_$1 3600"),
            rule("Single", ptype="RegExp", pattern=r"session ended for user (\S+)", context="SESSION_$1 && !KEEP_$1",
                 desc="end of $1", action="delete SESSION_$1"),
            rule("Single", ptype="RegExp", pattern=r"audit: note by (\S+)", context="SESSION_$1",
                 desc="note for $1", action="add SESSION_$1 %s"),
            rule("Single", ptype="RegExp", pattern=r"sudo:\s+(\S+) : TTY=(\S+) .*COMMAND=(.*)",
                 context="(SESSION_$1 && !TRUSTED_$1) || (TRUSTED_$1 && !(SESSION_$1 || OFFHOURS))",
                 desc="sudo by $1: $3", action="set SESSION_$1 3600")])
    return build


def perl_code(site, lines):
    return some_failures(site, lines, .5), r"""
type=Single
ptype=PerlFunc
pattern=sub { if ($_[0] =~ /sshd\[(\d+)\]: Failed \S+ for (\S+) from ([\d.]+) port (\d+)/) { return ($1, $2, $3, $4); } return 0; }
varmap=FAILURE; pid=1; user=2; ip=3; port=4
context=$4 -> ( sub { return $_[0] >= 1024 } ) && FAILURE :> ( sub { return length($_[0]->{"user"}) > 2 } )
desc=failed login of $2 from $3
action=lcall %n $2 $3 -> ( sub { return ++$cnt{$_[0]} . " from $_[1]" } ); logonly %s: %n
"""


def actions(site, lines):
    return some_failures(site, lines, .5), r"""
type=Single
ptype=RegExp
pattern=^LOGINFAIL (\S+) (\S+)
desc=synthetic $1
action=writen actions.out event $1/$2%.nl

type=Single
ptype=RegExp
pattern=^(\w+ +\d+ [\d:]+) (\S+) sshd\[\d+\]: Failed \S+ for (\S+) from ([\d.]+) port (\d+)
desc=failed login of $3 from $4
action=assign %m host=$2 user=$3 ip=$4; write actions.out %m: %s; lcall %odd $5 -> ( sub { $_[0] % 10 == 0 } ); if %odd ( event LOGINFAIL $3 $4 ) else ( none )
"""


def event_groups(site, lines):
    log = []
    for _ in range(lines):
        user, x = key_name(int(10000 * site.random.random())), site.random.random()
        log.append(failed(site, user) if x < .25 else
                   site.head() + "su[%d]: FAILED SU (to root) %s on pts/3" % (site.pid(), user) if x < .5 else
                   site.head() + "sudo: pam_unix(sudo:auth): authentication failure; user=%s" % user if x < .75 else
                   background(site))
    return log, rule("EventGroup3", ptype="RegExp", pattern=SSH_FAILED, thresh=3,
                     ptype2="RegExp", pattern2=r"FAILED SU \(to root\) (\S+) on", thresh2=3,
                     ptype3="RegExp", pattern3=r"authentication failure; .*user=(\S+)", thresh3=3,
                     desc="many authentication problems of $1", action="logonly %s", window=3600)


def multi_line(site, lines):
    log = []
    while len(log) < lines:
        if site.random.random() < .1:
            log += ["%sapp[7]: ERROR transaction %d of %s aborted" % (site.head(), site.bits(20), site.user()),
                    "    cause: quota at line %d" % site.bits(8), "    state: rolled back in %d ms" % site.bits(8)]
        else:
            log.append(background(site))
    return log, rules([
        rule("Single", ptype="RegExp3", desc="transaction $1 of $2 aborted: $3", action="logonly %s",
             pattern=r"ERROR transaction (\d+) of (\S+) aborted\n\s+cause: (\w+) at line \d+\n"
                     r"\s+state: rolled back in (\d+) ms$"),
        rule("Single", ptype="SubStr3", pattern=r"never\nseen\nhere", desc="never", action="none")])


POOR = [r"^(\w{3}) +(\d+) [\d:]+ (\S+) (\S+)\[\1\]", r"\b(\d{1,3})(?:\.\1){3}\b", r"(?<=\s)([A-F\d]{40})$",
        r"^\S+ +\d+ \S+ (\S+) \S+: ([A-Z]{3})\s{4,}(\d+)$", r"([<>]{3,})[^<>]*\1"]


def rule_of_a_base(i, type):
    """Rules as people have them: mostly rich in literals, some without any, thresholds, contexts, TakeNext."""
    x = i * 37 % 200
    common = dict(ptype="RegExp", pattern=type.regexp(), desc="rule %d: $1" % i, action="logonly %s")
    if x < 2:
        return rule("Single", **dict(common, pattern=POOR[i // 10 % len(POOR)]))
    if x < 3:
        return rule("Single", **dict(common, ptype="NRegExp", pattern=r"^\w{3}\s+\d+ [\d:]{8} \S+ \S"))
    if x < 23:
        return rule("Single", **dict(common, ptype="SubStr", pattern=type.substr()))
    if x < 31:
        return rule("Single", context="[MAINTENANCE_%d]" % (i % 7), **common)
    if x < 41:
        return rule("SingleWithThreshold", window=3600, thresh=5, **common)
    if x < 61:
        return rule("Single", **{"continue": "TakeNext"}, **common)
    return rule("Single", **common)


def rule_base(count):
    def build(site, lines):
        types = [MessageType(i) for i in range(count)]
        return mixed(site, lines, types), rules(rule_of_a_base(i, t) for i, t in enumerate(types))
    return build


def loading(count):
    def build(site, lines):
        kinds = [lambda i, t: rule("Single", ptype="RegExp", pattern=t, context="!MAINT_$1 && !NIGHT",
                                   desc="rule %d: $1" % i, action="logonly %%s; create SEEN_%d_$1 60" % i),
                 lambda i, t: rule("SingleWithThreshold", ptype="RegExp", pattern=t, desc="rule %d: $1" % i,
                                   action="pipe '%%s' /bin/cat; write - alarm %d $1" % i, window=300, thresh=10),
                 lambda i, t: rule("SingleWithSuppress", ptype="RegExp", pattern=t, desc="rule %d: $1" % i,
                                   action="event ALARM_%d $1" % i, window=300),
                 lambda i, t: rule("Pair", ptype="RegExp", pattern=t, desc="rule %d: $1" % i, action="none",
                                   ptype2="RegExp", pattern2="restored for $1", desc2="restored %1",
                                   action2="logonly %s", window=600)]
        return ([background(site) for _ in range(lines)],
                rules(kinds[i % 4](i, MessageType(i).regexp()) for i in range(count)))
    return build


def nothing(site, lines):
    return [], rule("Single", ptype="SubStr", pattern="never", desc="never", action="none")


SUPPRESS, THRESHOLD = dict(window=3600), dict(window=3600, thresh=5)

WORKLOADS = [
    Workload("one-rule", "1 RegExp, 5 % of the lines match", 1500000, one_rule),
    Workload("regexp-10", "10 RegExp rules, 20 % match", 600000, many_regexps(10)),
    Workload("regexp-100", "100 RegExp rules", 90000, many_regexps(100)),
    Workload("regexp-1000", "1,000 RegExp rules", 9000, many_regexps(1000)),
    Workload("substr-10", "10 SubStr rules", 800000, many_substrings(10)),
    Workload("substr-100", "100 SubStr rules", 160000, many_substrings(100)),
    Workload("substr-1000", "1,000 SubStr rules", 18000, many_substrings(1000)),
    Workload("jump", "10 Jump rules into sets of 29", 150000, jumps),
    Workload("rule-base", "1,000 rules of all kinds", 9000, rule_base(1000)),
    Workload("threshold-1e3", "SingleWithThreshold, 1,000 keys", 700000,
             operations("SingleWithThreshold", 1000, **THRESHOLD), live=1000),
    Workload("threshold-1e5", "SingleWithThreshold, 100,000 keys", 600000,
             operations("SingleWithThreshold", 100000, **THRESHOLD), live=100000),
    Workload("threshold-1e6", "SingleWithThreshold, 1,000,000 keys", 1450000,
             operations("SingleWithThreshold", 1000000, **THRESHOLD), live=1000000, long=True),
    Workload("suppress-1e3", "SingleWithSuppress, 1,000 keys", 700000,
             operations("SingleWithSuppress", 1000, **SUPPRESS), live=1000),
    Workload("suppress-1e5", "SingleWithSuppress, 100,000 keys", 600000,
             operations("SingleWithSuppress", 100000, **SUPPRESS), live=100000),
    Workload("suppress-1e6", "SingleWithSuppress, 1,000,000 keys", 1450000,
             operations("SingleWithSuppress", 1000000, **SUPPRESS), live=1000000, long=True),
    Workload("pair-1e3", "Pair, 1,000 keys opened", 700000, operations("Pair", 1000, 1.0, **PAIR), live=1000),
    Workload("pair-1e5", "Pair, 100,000 keys opened", 250000, operations("Pair", 100000, 1.0, **PAIR), live=100000),
    Workload("pair-end-1e3", "1,000 live Pair operations, 1 line of 20 ends one", 9000, ending_pairs(1000),
             live=1000, opening=1000),
    Workload("pair-end-1e4", "10,000 live Pair operations", 11000, ending_pairs(10000),
             live=10000, opening=10000, long=True),
    Workload("contexts-1e3", "1,000 live contexts", 300000, contexts(1000), live=1000),
    Workload("contexts-1e5", "100,000 live contexts", 350000, contexts(100000), live=100000),
    Workload("contexts-1e6", "1,000,000 live contexts", 1500000, contexts(1000000), live=1000000, long=True),
    Workload("event-group", "EventGroup3, 10,000 keys", 350000, event_groups, live=10000),
    Workload("perl", "PerlFunc, ->, :> and lcall", 250000, perl_code),
    Workload("actions", "assign, write, lcall, if, event", 250000, actions),
    Workload("multi-line", "RegExp3, 10 % of the lines in blocks", 500000, multi_line, options=["--bufsize=3"]),
    Workload("loading", "loads 10,000 rules", 10, loading(10000), options=["--testonly"], startup=10000),
    Workload("start", "starts, reads one rule, ends", 1, nothing, startup=1),
]
