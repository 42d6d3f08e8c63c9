# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines of a site's syslog: hosts, users and addresses drawn from skewed pools, and the messages of
everyday programs.  None of the rules of the workloads matches a background() line."""
import random

SYLLABLES = ("ba be bo da de di ka ke ko la le li ma me mi na ne no ra re ro sa se ta te ti va vo za zu"
             .split())


def skewed(rng, items, draws=1 << 16):
    """A sample in which the first items are much more frequent than the last ones."""
    return rng.choices(items, weights=[1.0 / (i + 1) ** 1.1 for i in range(len(items))], k=draws)


class Site:
    """Draws hosts, users, addresses and times; the same seed draws the same."""

    def __init__(self, seed, hosts=200, users=2000, addresses=20000):
        r = self.random = random.Random(seed)
        kinds = ["web", "db", "mail", "fw", "app", "core-sw", "edge-rtr", "ns", "vpn", "log"]
        syllable = lambda: r.choice(SYLLABLES)
        self.hosts = skewed(r, ["%s%02d" % (r.choice(kinds), i) for i in range(hosts)])
        self.users = skewed(r, [syllable() + syllable() + syllable() + str(i) for i in range(users)])
        self.addresses = skewed(r, ["%d.%d.%d.%d" % (r.choice([10, 172, 192, 203, 198, 45, 91]),
                                                     r.randrange(256), r.randrange(256),
                                                     1 + r.randrange(254)) for _ in range(addresses)])
        self.second = 0

    def bits(self, n):
        return self.random.getrandbits(n)

    def host(self):
        return self.hosts[self.bits(16)]

    def user(self):
        return self.users[self.bits(16)]

    def address(self):
        return self.addresses[self.bits(16)]

    def port(self):
        return 1024 + self.bits(15)

    def pid(self):
        return 300 + self.bits(15)

    def head(self):
        """Time and host, as every line begins."""
        self.second += self.bits(1)
        s = self.second
        return "Dec %2d %02d:%02d:%02d %s " % (1 + s // 86400 % 28, s // 3600 % 24, s // 60 % 60, s % 60,
                                               self.host())


def accepted(s):
    return s.head() + "sshd[%d]: Accepted publickey for %s from %s port %d ssh2: RSA SHA256:%x" % (
        s.pid(), s.user(), s.address(), s.port(), s.bits(128))


def disconnect(s):
    return s.head() + "sshd[%d]: Received disconnect from %s port %d:11: disconnected by user" % (
        s.pid(), s.address(), s.port())


def closed(s):
    return s.head() + "sshd[%d]: pam_unix(sshd:session): session closed for user %s" % (s.pid(), s.user())


def sudo(s):
    return s.head() + "sudo:    %s : TTY=pts/%d ; PWD=/home ; USER=root ; COMMAND=/bin/systemctl status svc%d" % (
        s.user(), s.bits(4), s.bits(6))


def firewall(s):
    return s.head() + ("kernel: [%d.%06d] IN=eth%d OUT= MAC=00:16:3e:%02x:%02x:%02x SRC=%s DST=%s LEN=%d "
                       "TOS=0x00 PREC=0x00 TTL=%d ID=%d DF PROTO=TCP SPT=%d DPT=%d WINDOW=29200 RES=0x00 "
                       "SYN URGP=0" % (s.second, s.bits(19), s.bits(1), s.bits(8), s.bits(8), s.bits(8),
                                       s.address(), s.address(), 40 + s.bits(9), 32 + s.bits(6), s.bits(16),
                                       s.port(), s.random.choice((22, 80, 443, 25, 53))))


def delivery(s):
    return s.head() + ("postfix/smtp[%d]: %010X: to=<%s@example.com>, relay=mx%d.example.net[%s]:25, "
                       "delay=%d.%d, delays=0.1/0/0.5/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as %08X)"
                       % (s.pid(), s.bits(40), s.user(), s.bits(3), s.address(), s.bits(4), s.bits(3), s.bits(32)))


def queue(s):
    return s.head() + "postfix/qmgr[%d]: %010X: from=<%s@example.org>, size=%d, nrcpt=1 (queue active)" % (
        s.pid(), s.bits(40), s.user(), s.bits(16))


def cron(s):
    return s.head() + "CRON[%d]: (%s) CMD (/usr/lib/job%d --quick >/dev/null 2>&1)" % (s.pid(), s.user(), s.bits(5))


def web(s):
    return s.head() + 'nginx: %s - - "GET /static/p%d/%x.js?v=%d HTTP/1.1" %d %d "-" "Mozilla/5.0 (X11)"' % (
        s.address(), s.bits(8), s.bits(32), s.bits(10), s.random.choice((200, 200, 200, 304, 404)), s.bits(15))


def switch(s):
    return s.head() + ("%d: %%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet%d/%d, changed state to %s"
                       % (s.pid(), s.bits(2), s.bits(5), s.random.choice(("up", "down"))))


def session(s):
    return s.head() + "systemd[1]: Started Session %d of user %s." % (s.bits(16), s.user())


BACKGROUND = [accepted, accepted, disconnect, closed, sudo, firewall, firewall, delivery, delivery, queue,
              cron, web, web, web, switch, session]


def background(s):
    return BACKGROUND[s.bits(4)](s)


def failed(s, user=None):
    return s.head() + "sshd[%d]: Failed password for %s from %s port %d ssh2" % (
        s.pid(), user or s.user(), s.address(), s.port())


def key_name(number):
    """The user name that stands for a key: thousands of different ones."""
    return "u%s%d" % (SYLLABLES[number % len(SYLLABLES)], number)
