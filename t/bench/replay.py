#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a line costs in event time: `secant replay` against the same run with the wall clock.

  replay.py [--sut CMD] [-n PAIRS] [--scale F] [--form NAME] [--density N] [--instructions]
            [--min-ratio X] [NAME|GLOB ...]

The lines of a workload get times of a form and of a density, so many lines a second.  Both runs read
the same lines with the same rules, --log=/dev/null --debug=1; the live one has --notail, the replay
--quiet, unless --shown asks for effects and table.  Rates are lines per cpu second, start-up taken off,
runs in turn; the ratio, replay's to live, is the median of the ratios pair by pair.  With
--instructions the runs are of callgrind, and the ratio is that of instructions for a line: slow, but
the same on any machine, however busy.
"""
import argparse
import datetime
import fnmatch
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import Run, absolute, prepare, HERE  # noqa: E402
from workloads import WORKLOADS               # noqa: E402

NAMES = ["one-rule", "regexp-1000", "threshold-1e5", "rule-base"]
BEGIN = datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
HEAD = len("Dec  1 00:00:00 ")  # what lines.py begins each line with
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def rfc3164(t):
    return "%s %2d %s" % (MONTHS[t.month - 1], t.day, t.strftime("%H:%M:%S"))


def iso(t):
    return t.isoformat(timespec="microseconds")


def short(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S")


def zoned(i, t):
    """One of four zones."""
    zones = [0, 60, -300, 330]
    return iso(t.astimezone(datetime.timezone(datetime.timedelta(minutes=zones[i * 7 % 4]))))


# The time, and what is before it, of line i.
FORMS = {
    "rfc3164": lambda i, t: rfc3164(t),
    "iso": lambda i, t: iso(t),
    "short-iso": lambda i, t: short(t),
    "mixed": lambda i, t: rfc3164(t) if i % 2 else iso(t),      # two programs write to one file
    "mixed-3": lambda i, t: (rfc3164, iso, short)[i % 3](t),
    "zones": zoned,
    "prefix": lambda i, t: "host%d app[%d]: [%s]" % (i * 7 % 200, i * 31 % 30000, iso(t)),
    "anywhere": lambda i, t: "host%d app[%d]: %s" % (i * 7 % 200, i * 31 % 30000, iso(t)),
    "epoch": lambda i, t: "%.6f" % t.timestamp(),
    "java": lambda i, t: short(t).replace("T", " ") + ",123 " + ("INFO", "WARN", "ERROR")[i % 3],
    "json": lambda i, t: '{"host":"a%d","time":"%s","message":"x"}' % (i % 200, iso(t)),
}


def stamp(source, target, form, density):
    """As lines come: the time of line i is i / density seconds after the first one's."""
    make = FORMS[form]
    with open(source) as lines, open(target, "w") as out:
        for i, line in enumerate(lines):
            t = BEGIN + datetime.timedelta(microseconds=i * 1000000 // density)
            out.write(make(i, t) + " " + line[HEAD:])
    return target


def half(path):
    """The first half of the lines, in a file of its own."""
    with open(path) as f:
        lines = f.readlines()
    with open(path + ".half", "w") as f:
        f.writelines(lines[:len(lines) // 2])
    return path + ".half", len(lines) - len(lines) // 2


class Side:
    """One of the two kinds of run."""

    def __init__(self, opts, folder, rules, arguments):
        self.opts, self.folder, self.options = opts, folder, rules
        self.command = shlex.split(opts.sut) + arguments

    def argv(self, log):
        return self.command + ["--input=" + log, "--conf=*.sec", "--log=/dev/null", "--debug=1"] + self.options

    def cpu(self, log):
        run = Run(self.argv(log), self.folder)
        if run.status:
            sys.exit("%s failed: %d" % (" ".join(self.argv(log)), run.status))
        return run.cpu

    def instructions(self, log):
        argv = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] + self.argv(log)
        done = subprocess.run(argv, cwd=self.folder, capture_output=True, check=True)
        return int(re.search(rb"Collected : (\d+)", done.stderr).group(1))


def by_instructions(live, replay, log):
    part, lines = half(log)
    costs = [(side.instructions(log) - side.instructions(part)) / lines for side in (live, replay)]
    return costs[0] / costs[1], costs[0], costs[1]


def by_time(live, replay, log, count, pairs):
    with open(os.path.join(live.folder, log)) as f, open(os.path.join(live.folder, "first.log"), "w") as out:
        out.write(f.readline())
    starts = {side: statistics.median(side.cpu("first.log") for _ in range(3)) for side in (live, replay)}
    found = []
    for i in range(pairs):
        order = (live, replay) if i % 2 else (replay, live)
        used = {side: max(side.cpu(log) - starts[side], .001) for side in order}
        found.append((used[live], used[replay]))
    return (statistics.median(a / b for a, b in found), 1e9 * statistics.median(a for a, _ in found) / count,
            1e9 * statistics.median(b for _, b in found) / count)


def measure(workload, form, density, opts):
    with tempfile.TemporaryDirectory(prefix="secant-bench-", dir=opts.tmp) as folder:
        prepare(workload, folder, opts.scale, opts.seed)
        path = stamp(os.path.join(folder, "input.log"), os.path.join(folder, "stamped.log"), form, density)
        live = Side(opts, folder, workload.options, ["--notail"])
        replay = Side(opts, folder, workload.options, ["replay"] + ([] if opts.shown else ["--quiet"]))
        if opts.instructions:
            return by_instructions(live, replay, path)
        return by_time(live, replay, path, workload.written, opts.pairs)


def options():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = ap.add_argument
    add("names", nargs="*", default=NAMES, metavar="NAME", help="workloads of run.py (%s)" % ", ".join(NAMES))
    add("--sut", default=os.environ.get("SECANT", os.path.join(HERE, "../../build/secant")))
    add("-n", "--pairs", type=int, default=5)
    add("--scale", type=float, default=1.0, help="part of the lines of each workload")
    add("--form", action="append", choices=list(FORMS), help="of times (iso, short-iso, rfc3164)")
    add("--density", action="append", type=int, help="lines a second (1, 50, 10000)")
    add("--instructions", action="store_true", help="count them, instead of time")
    add("--shown", action="store_true", help="the replay shows effects and table")
    add("--seed", type=int, default=2024)
    add("--tmp", help="folder for the workloads")
    add("--min-ratio", type=float, default=0, metavar="X", help="fail when a ratio is below X")
    opts = ap.parse_args()
    opts.sut = absolute(opts.sut)
    return opts


def main():
    opts = options()
    worst = None
    print("%-16s %-10s %9s %12s %12s %7s" % ("workload", "form", "lines/s", "live", "replay", "ratio"))
    print("%48s %12s" % (("instructions", "a line") if opts.instructions else ("ns", "a line")))
    for workload in WORKLOADS:
        if not any(fnmatch.fnmatch(workload.name, name) for name in opts.names):
            continue
        for form in opts.form or ["iso", "short-iso", "rfc3164"]:
            for density in opts.density or [1, 50, 10000]:
                ratio, live, replay = measure(workload, form, density, opts)
                print("%-16s %-10s %9d %12.0f %12.0f %7.2f" % (workload.name, form, density, live, replay, ratio),
                      flush=True)
                worst = ratio if worst is None else min(worst, ratio)
    return 0 if worst is not None and worst >= opts.min_ratio else 1


if __name__ == "__main__":
    sys.exit(main())
