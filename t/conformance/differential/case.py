# SPDX-License-Identifier: GPL-2.0-or-later
"""The case format: a text file with header lines and sections becomes a Case.

README.md one level up describes the format for people who write cases.
"""
import collections
import os
import re

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
STRICT = ["exit", "stdout", "files", "sockets", "dump"]
TEXT = ["log", "stderr"]
ENC = "latin-1"
SECTION = re.compile(r"^\[(rules|file|args|args-only|feed|listen|setup|expect)(?:\s+([^\]]*))?\]\s*$")
HEADER = re.compile(r"^([a-z-]+):\s*(.*)$")
MULTI = {"env", "log-drop", "log-once", "out-drop", "err-drop"}
KNOWN = {"title", "mode", "timeout", "min-version", "strict", "unordered", "ignore",
         "avoid-minute", "stdin", "needs", "daemon", "logs", "children"} | MULTI


class CaseError(Exception):
    """A case that cannot be read or run."""


def unesc(text):
    """Decode \\n \\r \\t \\0 \\\\ and \\xNN; everything else stays."""
    def rep(m):
        s = m.group(1)
        if s[0] == "x":
            return chr(int(s[1:], 16))
        return {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\"}[s]
    return re.sub(r"\\(x[0-9a-fA-F]{2}|[nrt0\\])", rep, text)


class Case:
    """One case file, read and split into its parts."""

    def __init__(self, path, name):
        self.path, self.name = path, name
        self.head = {}
        self.multi = collections.defaultdict(list)
        self.files = []            # (name, text, flags)
        self.rules = []            # rule file names, in order
        self.args = []
        self.args_only = None
        self.feed = []
        self.listen = []
        self.setup = []
        self.expect = {}           # what was recorded: channel -> text
        with open(path, encoding=ENC, newline="\n") as fh:
            lines = fh.read().split("\n")
        if lines and lines[-1] == "":
            lines.pop()
        current, body = None, []
        for no, line in enumerate(lines, 1):
            m = SECTION.match(line)
            if m:
                self._close(current, body)
                current, body = (m.group(1), (m.group(2) or "").split()), []
                if current[0] == "listen":
                    self.listen.append(current[1])
                continue
            if current is None:
                if not line.strip() or line.startswith("#"):
                    continue
                h = HEADER.match(line)
                if not h or h.group(1) not in KNOWN:
                    raise CaseError("%s:%d: bad header line %r" % (path, no, line))
                if h.group(1) in MULTI:
                    self.multi[h.group(1)].append(h.group(2))
                else:
                    self.head[h.group(1)] = h.group(2)
            else:
                body.append(line)
        self._close(current, body)
        self.mode = self.head.get("mode", "stdin")
        if self.mode not in ("stdin", "tail", "file", "once"):
            raise CaseError("%s: bad mode %s" % (path, self.mode))
        self.timeout = float(self.head.get("timeout", 40))
        self.minver = self.head.get("min-version")
        self.unordered = set(self.head.get("unordered", "").split())
        self.ignore = set(self.head.get("ignore", "").split())
        self.strict = STRICT + self.head.get("strict", "").split()

    def expected(self, channel):
        """What a SEC of the version that the case needs does; a channel that was empty is not recorded."""
        return self.expect.get(channel, "")

    @staticmethod
    def _text(body, flags):
        for flag in flags:
            if flag.startswith("from="):      # a file of the project, named from its top folder
                with open(os.path.join(TOP, flag[5:]), encoding=ENC, newline="\n") as fh:
                    return fh.read()
        text = "\n".join(body)
        if body and "noeol" not in flags:
            text += "\n"
        return unesc(text) if "esc" in flags else text

    def slept(self):
        """Seconds that the case sleeps for, at least."""
        return sum(float(line.split()[1]) for line in self.feed if line.startswith("!sleep "))

    def _close(self, current, body):
        if current is None:
            return
        kind, opt = current
        while body and body[-1] == "":
            body.pop()
        if kind in ("rules", "file"):
            text = self._text(body, opt[1:])
            self.files.append((opt[0], text, opt[1:]))
            if kind == "rules" and "noconf" not in opt[1:]:
                self.rules.append(opt[0])
        elif kind == "args":
            self.args += [x for x in body if x.strip() and not x.startswith("#")]
        elif kind == "args-only":
            self.args_only = (self.args_only or []) + [x for x in body if x and not x.startswith("#")]
        elif kind == "feed":
            self.feed += body
        elif kind == "expect":
            self.expect[opt[0]] = "\n".join(line[1:] for line in body)
        elif kind == "setup":
            self.setup += body
