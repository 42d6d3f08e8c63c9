#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures Secant against SEC: pairs of runs of the same workloads, one after the other.

  run.py [--sut CMD] [--ref CMD] [-n PAIRS] [--scale F] [--long] [--markdown FILE] [--json FILE]
         [NAME|GLOB ...]

Each run is CMD --notail --input=LOG --conf=RULES --log=/dev/null --debug=1.  Rates are lines per cpu
second (user + system), start-up taken off: on a machine that others use, too, that is steadier than the
wall clock, and neither program waits for anything here.  The ratio is the median of the ratios pair by
pair.  Both write a log once, at full verbosity, on a part of the input; the two logs must hold the same
lines: a program that skips work is not faster.  Where Secant is done in a moment it gets the input
several times over.  Memory is the peak of the resident set.  The ratio of the default run is that of one
more pair with --debug=6 and a log file, as most users have it.
"""
import argparse
import fnmatch
import hashlib
import json
import os
import platform
import re
import shlex
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from lines import Site             # noqa: E402
from workloads import WORKLOADS    # noqa: E402

SHORT = .5            # seconds: a shorter run is made longer by more input
CHECKED_LINES = 3000  # lines whose logs are compared
STARTS = 20           # pairs of a start, which is short


# A process starts with the peak memory of the one that it was forked from: a small one does that.
LAUNCHER = """import os, sys
null = os.open(os.devnull, os.O_RDWR)
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ,
                      file_actions=[(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)])
_, status, used = os.wait4(pid, 0)
print(status, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


class Run:
    """What one process used: cpu seconds, and peak memory in MiB."""

    def __init__(self, argv, cwd):
        out = subprocess.run([sys.executable, "-I", "-S", "-c", LAUNCHER] + argv, cwd=cwd, check=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout.split()
        self.status, self.cpu, self.memory = int(out[0]), float(out[1]), int(out[2]) / 1024


class Side:
    """One of the two programs on one workload."""

    def __init__(self, command, workload, folder):
        self.command, self.workload, self.folder = shlex.split(command), workload, folder
        self.log, self.times = "input.log", 1

    def run(self, log, output="/dev/null", level=1):
        return Run(self.command + ["--notail", "--input=" + log, "--conf=*.sec", "--log=" + output,
                                   "--debug=%d" % level] + self.workload.options, self.folder)

    def calibrate(self):
        """Start-up time, and how often the input is needed."""
        before = "opening.log" if self.workload.opening else "empty.log"
        runs = [] if self.workload.startup else [self.run(before) for _ in range(1 if self.workload.long else 3)]
        self.start = statistics.median([r.cpu for r in runs]) if runs else 0
        if self.workload.live or self.workload.startup:
            return
        net = max(self.run(self.log).cpu - self.start, .001)
        if net < SHORT:
            self.times = min(int(SHORT / net) + 1, 200)
            self.log = "input-%d.log" % self.times
            with open(os.path.join(self.folder, "input.log"), "rb") as f:
                text = f.read()
            with open(os.path.join(self.folder, self.log), "wb") as f:
                for _ in range(self.times):
                    f.write(text)

    def rate(self, run):
        units = self.workload.startup or self.workload.written - self.workload.opening
        return units * self.times / max(run.cpu - self.start, .001)


def prepare(workload, folder, scale, seed):
    """Writes log and rules of a workload."""
    lines = workload.lines if workload.live or workload.startup else max(int(workload.lines * scale), 1000)
    if workload.live and not workload.opening and not workload.long:
        lines = max(int(lines * scale), int(workload.live * 1.3))
    log, rules = workload.build(Site(seed), lines)
    workload.written = len(log)
    for name, part in (("input.log", log), ("empty.log", []), ("opening.log", log[:workload.opening]),
                       ("checked.log", log[:CHECKED_LINES + workload.opening])):
        with open(os.path.join(folder, name), "w") as f:
            f.writelines(line + "\n" for line in part)
    for name, text in (rules if isinstance(rules, dict) else {"rules.sec": rules}).items():
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)


STAMP = re.compile(r"^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}: ")
OWN = re.compile(r"^SEC \(Simple|^Perl module|^No --bufsize|^SIG")


def log_digest(side):
    """Of the log at full verbosity, without times and addresses."""
    name = "verbose.log"
    side.run("checked.log", output=name, level=6)
    digest, path = hashlib.sha256(), os.path.join(side.folder, name)
    with open(path, encoding="latin-1") as f:
        for line in f:
            text = re.sub(r"CODE\(0x[0-9a-f]+\)", "CODE", STAMP.sub("", line))
            if not OWN.match(text):
                digest.update(text.encode("latin-1"))
    os.unlink(path)
    return digest.hexdigest()


def measure(workload, opts):
    with tempfile.TemporaryDirectory(prefix="secant-bench-", dir=opts.tmp) as folder:
        prepare(workload, folder, opts.scale, opts.seed)
        ref, sut = Side(opts.ref, workload, folder), Side(opts.sut, workload, folder)
        same = workload.startup or log_digest(ref) == log_digest(sut)
        for side in (ref, sut):
            side.calibrate()
        pairs = []
        for i in range(1 if workload.long else STARTS if workload.startup == 1 else opts.pairs):
            order = (ref, sut) if i % 2 else (sut, ref)
            runs = {side: side.run(side.log) for side in order}
            pairs.append((runs[ref], runs[sut]))
        default = None if workload.startup or workload.long else default_ratio(ref, sut)
        return {"default": default, "name": workload.name, "about": workload.about, "same": same,
                "ok": same and not any(r.status for p in pairs for r in p),
                "ratio": statistics.median(sut.rate(b) / ref.rate(a) for a, b in pairs),
                "ref": statistics.median(ref.rate(a) for a, _ in pairs),
                "sut": statistics.median(sut.rate(b) for _, b in pairs),
                "ref_memory": max(a.memory for a, _ in pairs), "sut_memory": max(b.memory for _, b in pairs)}


def default_ratio(ref, sut):
    """Of a run as most users have it."""
    rates = []
    for side in (ref, sut):
        rates.append(side.rate(side.run(side.log, output="default.log", level=6)))
        os.unlink(os.path.join(side.folder, "default.log"))
    return rates[1] / rates[0]


def thousands(x):
    return "{:,.0f}".format(x)


def cells(r):
    return [r["name"], r["about"], thousands(r["ref"]), thousands(r["sut"]), "%.1f" % r["ratio"],
            "%.1f" % r["default"] if r["default"] else "", "%.0f" % r["ref_memory"], "%.0f" % r["sut_memory"]]


HEAD = ["workload", "what it does", "SEC", "Secant", "ratio", "default", "MiB", "MiB"]


def first_line(command):
    out = subprocess.run(shlex.split(command) + ["--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return out.stdout.decode("latin-1").split("\n")[0]


def machine():
    try:
        with open("/proc/cpuinfo") as f:
            model = re.search(r"^model name\s*:\s*(.+)$", f.read(), re.M).group(1)
    except (OSError, AttributeError):
        model = platform.machine()
    perl = subprocess.run(["perl", "-e", "printf '%vd', $^V"], stdout=subprocess.PIPE).stdout.decode()
    return "%s, %d cores; %s %s; Perl %s" % (model, os.cpu_count(), platform.system(), ".".join(platform.release().split(".")[:2]), perl)


def describe(opts):
    return ["Reference: %s. Under test: %s." % (first_line(opts.ref), first_line(opts.sut)),
            "Machine: %s." % machine(),
            "Lines (`loading`: rules, `start`: starts) per cpu second, medians of %d pairs, scale %g; peak memory."
            % (opts.pairs, opts.scale)]


BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


def write_markdown(results, opts):
    """Replaces the marked part of the document by the new table."""
    rows = [HEAD, ["---", "---"] + ["---:"] * 6] + [cells(r) for r in results]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    block = "%s\n%s\n\n%s\n%s" % (BEGIN, "\n".join(describe(opts)), table, END)
    text = "%s\n%s\n" % (BEGIN, END)
    if os.path.exists(opts.markdown):
        with open(opts.markdown) as f:
            text = f.read()
    before, rest = text.split(BEGIN, 1)
    with open(opts.markdown, "w") as f:
        f.write(before + block + rest.split(END, 1)[1])


def options():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = ap.add_argument
    add("names", nargs="*", default=["*"], metavar="NAME", help="workloads, also as globs (all)")
    add("--sut", default=os.environ.get("SECANT", os.path.join(HERE, "../../build/secant")))
    add("--ref", default=os.environ.get("SEC", "sec"))
    add("-n", "--pairs", type=int, default=3)
    add("--scale", type=float, default=1.0, help="part of the lines of each workload")
    add("--long", action="store_true", help="the workloads that take SEC minutes, too")
    add("--seed", type=int, default=2024)
    add("--tmp", help="folder for the workloads")
    add("--markdown", metavar="FILE", help="put the table between the marks of this document")
    add("--json", metavar="FILE")
    add("--min-ratio", type=float, metavar="X", help="fail when a ratio is below X")
    add("--list", action="store_true")
    opts = ap.parse_args()
    opts.sut, opts.ref = absolute(opts.sut), absolute(opts.ref)
    return opts


def absolute(command):
    return shlex.join(os.path.abspath(w) if "/" in w and os.path.exists(w) else w for w in shlex.split(command))


def main():
    opts = options()
    chosen = [w for w in WORKLOADS if w.name in opts.names or (opts.long or not w.long) and
              any(fnmatch.fnmatch(w.name, g) for g in opts.names)]
    if opts.list:
        print("\n".join("%-16s %s" % (w.name, w.about) for w in chosen))
        return 0
    print("\n".join(describe(opts)), "\n", sep="")
    layout = "%-14s %-50s %12s %12s %8s %8s %6s %6s"
    print(layout % tuple(HEAD))
    results = []
    for workload in chosen:
        r = measure(workload, opts)
        results.append(r)
        print(layout % tuple(cells(r)) + ("" if r["ok"] else "  LOGS DIFFER" if not r["same"] else "  FAILED"), flush=True)
    if len(results) > 1:
        print("geometric mean of the ratios: %.1f" % statistics.geometric_mean(r["ratio"] for r in results))
    if opts.json:
        with open(opts.json, "w") as f:
            json.dump({"about": describe(opts), "results": results}, f, indent=1)
    if opts.markdown:
        write_markdown(results, opts)
    slow = opts.min_ratio and any(r["ratio"] < opts.min_ratio for r in results)
    return 0 if all(r["ok"] for r in results) and not slow else 1


if __name__ == "__main__":
    sys.exit(main())
