# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes two runs comparable: takes out what differs from run to run (the work directory, ports,
times, process ids, addresses) and sorts what follows the order of Perl's hashes."""
import json
import os
import re

CTIME = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
                   r" [ 0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9] [0-9]{4}\b")
TIMEVARS = {".sec", ".min", ".hour", ".hmsstr", ".mday", ".mdaystr", ".mon", ".monstr", ".year",
            ".wday", ".wdaystr", "u", "t"}


class Norm:
    def __init__(self, work, pid, ports, t0):
        self.subs = [(work, "@DIR@")]
        real = os.path.realpath(work)
        if real != work:
            self.subs.insert(0, (real, "@DIR@"))
        self.pid = pid
        self.ports = ports
        self.t0 = t0

    def text(self, s, log=False):
        for a, b in self.subs:
            s = s.replace(a, b)
        for port, name in self.ports:
            s = re.sub(r"(?<![0-9])%d(?![0-9])" % port, "@PORT:%s@" % name, s)
        s = CTIME.sub("CTIME", s)
        s = re.sub(r"(?<![0-9])[0-9]{10}(?![0-9])", self._epoch, s)
        s = re.sub(r"\bSEC \(Simple Event Correlator\) [0-9][0-9.a-z+~-]*(?:, Secant [0-9][0-9.a-z+~-]*)?", "SEC (Simple Event Correlator) VERSION", s)
        s = re.sub(r"^Usage: \S+ \[options\]", "Usage: PROGRAM [options]", s, flags=re.M)
        s = re.sub(r"Copyright \(C\) 2000-20[0-9][0-9]", "Copyright (C) 2000-YEAR", s)
        s = re.sub(r"\b(CODE|HASH|ARRAY|SCALAR|REF|GLOB|Regexp)\(0x[0-9a-f]+\)", r"\1(0xADDR)", s)
        s = re.sub(r"\(@INC (contains|entries checked): [^()\n]*\)", "(@INC)", s)
        s = re.sub(r"\(eval [0-9]+\)", "(eval N)", s)
        s = re.sub(r" at (?!\(eval)(\S+) line [0-9]+", self._atline, s)
        if log:
            s = re.sub(r"\b([Cc]hild|[Pp]rocess) [0-9]+\b", r"\1 PID", s)
        return s

    def _epoch(self, m):
        v = int(m.group(0))
        return "EPOCH" if abs(v - self.t0) < 7200 else m.group(0)

    @staticmethod
    def _atline(m):
        f = m.group(1)
        if f.startswith("@DIR@"):
            return m.group(0)
        return " at SCRIPT line N"


def sort_blocks(body, split):
    blocks, cur = [], []
    for line in body:
        if split(line):
            if cur:
                blocks.append(cur)
            cur = []
        else:
            cur.append(line)
    if cur:
        blocks.append(cur)
    fixed = []
    for b in blocks:
        i = 0
        while i < len(b) and b[i].startswith("Context name: "):
            i += 1
        fixed.append(sorted(b[:i]) + b[i:])
    out = []
    for b in sorted(fixed):
        out += b + ["-----"]
    return out


def norm_text_dump(text, norm, hide):
    text = norm.text(text)
    out, lines, i = [], text.split("\n"), 0
    section = None
    dash = "-" * 60
    while i < len(lines):
        line = lines[i]
        if i + 1 < len(lines) and lines[i + 1] == "=" * 60:
            section = line
            out += [line, lines[i + 1]]
            i += 2
            if section in ("Pattern match cache:", "List of event correlation operations:",
                           "List of contexts:", "Child processes:"):
                body = []
                while i < len(lines) and not re.match(r"^Total: [0-9]+ elements$", lines[i]):
                    body.append(lines[i])
                    i += 1
                if section == "Pattern match cache:":
                    out += sort_blocks(body, lambda s: s == "")
                else:
                    body = [re.sub(r"^Child PID: [0-9]+", "Child PID: PID", s) for s in body]
                    out += sort_blocks(body, lambda s: s == dash)
            elif section == "Environment:":
                while i < len(lines) and lines[i] != "":
                    if lines[i].split("=")[0] not in hide:
                        out.append(lines[i])
                    i += 1
            continue
        line = re.sub(r"^(Run time|User time|System time|Child user time|Child system time): .*", r"\1: T", line)
        line = re.sub(r"device/inode: [0-9]+/[0-9]+", "device/inode: DEV/INO", line)
        line = re.sub(r"\s*[0-9]+\.[0-9]+ seconds of CPU time", " T seconds of CPU time", line)
        if line.startswith("Supplementary group IDs: "):
            line = "Supplementary group IDs: " + " ".join(sorted(line.split(": ", 1)[1].split()))
        m = re.match(r"^%(\.?\w+) = '", line)
        if m and section == "Action list variables:" and m.group(1) in TIMEVARS:
            line = "%" + m.group(1) + " = 'T'"
        out.append(line)
        i += 1
    return "\n".join(out)


def norm_json_dump(text, norm, hide):
    try:
        data = json.loads(text)
    except ValueError as exc:
        return "not valid JSON: %s\n%s" % (exc, norm.text(text))

    def walk(x, loose=False):
        if isinstance(x, dict):
            return {norm.text(k): walk(v, loose) for k, v in x.items()}
        if isinstance(x, list):
            return [walk(v, loose) for v in x]
        if isinstance(x, bool) or x is None:
            return x
        if isinstance(x, (int, float)):
            if isinstance(x, int) and abs(x - norm.t0) < 7200:
                return "EPOCH" if loose else {"num": "EPOCH"}
            return str(x) if loose else {"num": x}
        return norm.text(x)

    if not isinstance(data, dict):
        return "unexpected JSON: " + json.dumps(data)
    res = {}
    for key, val in data.items():
        res[key] = walk(val, key in ("variables", "pmatchcache"))
    for k in list(res.get("env", {})):
        if k in hide:
            del res["env"][k]
    for k in list(res.get("perf", {})):
        if k != "lines":
            res["perf"][k] = "T"
    for f in res.get("inputs", {}).values():
        for k in ("dev", "inode"):
            if k in f and f[k] != "-":
                f[k] = "N"
    for rs in res.get("rulestats", {}).values():
        for st in rs.get("stats", []):
            if "cputime" in st:
                st["cputime"] = "T"
    for k in list(res.get("variables", {})):
        if k in TIMEVARS:
            res["variables"][k] = "T"
    if isinstance(res.get("program"), dict) and isinstance(res["program"].get("sgid"), list):
        res["program"]["sgid"].sort(key=str)
    if isinstance(res.get("contexts"), list):
        for c in res["contexts"]:
            if isinstance(c, dict) and isinstance(c.get("name"), list):
                c["name"].sort()
        res["contexts"].sort(key=lambda c: json.dumps(c, sort_keys=True))
    if isinstance(res.get("children"), dict):
        kids = []
        for c in res["children"].values():
            c["pid"] = "PID"
            kids.append(c)
        res["children"] = sorted(kids, key=lambda c: json.dumps(c, sort_keys=True))
    return json.dumps(res, indent=1, sort_keys=True)
