# SPDX-License-Identifier: GPL-2.0-or-later
"""A catalogue of message types: type i has a program, a text, a tail of changing values, and a regular
expression written in one of ten styles that are met in real rule files."""
import re

PROGRAMS = ("sshd su kernel postfix/smtpd postfix/cleanup named dhcpd ntpd chronyd httpd nginx mysqld postgres "
            "slapd dovecot proftpd openvpn charon bgpd ospfd snmpd smartd mdadm multipathd iscsid rpc.mountd smbd "
            "winbindd cupsd systemd-logind dbus-daemon NetworkManager firewalld auditd rsyslogd squid haproxy "
            "keepalived corosync dockerd containerd kubelet etcd vsftpd").split()
SUBJECTS = ("connection;session;TLS handshake;certificate;lease;zone transfer;volume;mirror leg;neighbor;adjacency;"
            "route;mail queue;mailbox;disk;fan sensor;temperature;power supply;replication slot;backend server;"
            "worker process;login;authentication;authorization;lookup;heartbeat;cluster node;quorum;container;"
            "image pull;snapshot;backup job;tunnel;key exchange;policy;checksum;journal;index;cache;license;"
            "memory bank").split(";")
EVENTS = ("timed out;refused;reset by peer;expired;failed;rejected;lost;exceeded limit;degraded;restored;dropped;"
          "aborted;went offline;came online;is unreachable;was not found;is read-only;has been disabled;overflowed;"
          "is corrupt;already exists;could not be opened;denied;retry scheduled;above threshold").split(";")
REASONS = "timeout refused policy quota checksum parity unknown manual".split()
# What follows the text: a function that writes it, a regular expression that reads it.
TAILS = [
    (lambda s: " for user %s from %s port %d" % (s.user(), s.address(), s.port()),
     r" for user (\S+) from ([\d.]+) port (\d+)"),
    (lambda s: " on interface eth%d" % s.bits(3), r" on interface (\w+)"),
    (lambda s: ": code=%d reason=%s" % (s.bits(8), s.random.choice(REASONS)),
     r": code=(\d+) reason=(%s)" % "|".join(REASONS)),
    (lambda s: " from %s" % s.address(), r" from (\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})"),
    (lambda s: " after %d seconds" % s.bits(7), r" after (\d+) seconds"),
    (lambda s: " [%s]:%d -> [%s]:%d" % (s.address(), s.port(), s.address(), s.port()),
     r" \[([^\]]+)\]:(\d+) -> \[([^\]]+)\]:(\d+)"),
    (lambda s: " (pid %d, uid %d)" % (s.pid(), s.bits(10)), r" \(pid (\d+), uid (\d+)\)"),
    (lambda s: ' "/srv/data%d/%x"' % (s.bits(5), s.bits(32)), r' "(/[^"]*)"'),
]
# {p} program, {t} text, {a} and {b} its first word and the rest, {T} the text in capitals, {r} tail.
STYLES = [
    r"^\w{{3}}\s+\d{{1,2}} \d\d:\d\d:\d\d (\S+) {p}\[\d+\]: {t}{r}",
    r"{p}\[(\d+)\]: {t}{r}",
    r"{p}(?:\[\d+\])?: {a} (?:{b}|was cancelled|has vanished){r}",
    r"{t}{r}",
    r"(?i){p}\[\d+\]: {T}{r}",
    r"^(?<stamp>\S+\s+\d+ [\d:]+) (?<host>\S+) {p}\[(?<pid>\d+)\]: (?!debug){t}{r}",
    r"^.* {p}\[\d+\]: {t}{r}$",
    r"\s([\w.-]+) {p}\[\d+\]:\s+(?:info|warning|error|)\s?{t}{r}\s*$",
    r"(?:{p}|{p}-aux|{p}\.service)\[\d+\]: (?:last message repeated \d+ times: )?{t}{r}",
    r"\b{p}\b.*?: {t}{r}",
]


class MessageType:
    """The i-th message type: no two share program and text."""

    def __init__(self, i):
        self.program = PROGRAMS[(i * 7 + i // 40) % len(PROGRAMS)]
        self.text = SUBJECTS[i % 40] + " " + EVENTS[i // 40 % 25] + ("" if i < 1000 else " at stage %d" % (i // 1000))
        self.write_tail, self.read_tail = TAILS[(i * 5 + i // 8) % len(TAILS)]
        self.style = (i * 3 + i // 10) % len(STYLES)

    def line(self, site, near_miss=False):
        text = self.text.replace(" ", " nearly ", 1) if near_miss else self.text
        return site.head() + "%s[%d]: %s%s" % (self.program, site.pid(), text, self.write_tail(site))

    def regexp(self):
        text = self.text.replace(".", r"\.")
        first, rest = text.split(" ", 1)
        return STYLES[self.style].format(p=re.sub(r"\.", r"\\.", self.program), t=text, a=first, b=rest,
                                         T=text.upper(), r=self.read_tail)

    def substr(self):
        return (": " if self.style % 2 else "") + self.text
