#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Loads whole rulesets with SEC and with Secant and compares what both say.

    t/conformance/rulesets.py --ref 'perl /path/to/sec' FOLDER...

Each folder below FOLDER that holds rule files is a ruleset; each of its files is loaded alone, and
then all of them together.  Compared are the messages of the whole run at the highest log level, the
number of rules, standard output and standard error, and the exit code.  With --lines each file
also runs over lines that are made from its own patterns; the actions then really happen, so that
this belongs into a container or under `unshare -rn`.

Rulesets of other people are not part of this project: fetch them, then compare.

The exit status is 0 only if something was compared and nothing differs.
"""
import argparse
import concurrent.futures
import difflib
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

from differential.command import absolute, version_of
from differential.normalise import Norm
from differential.sample import lines_for

ENC = "latin-1"
HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = re.compile(r"^(\d+) rules loaded from (\S+)", re.M)
STAMP = re.compile(r"^CTIME: ", re.M)
CHILD = re.compile(r"^Child PID terminated .*\n", re.M)
WHEN = re.compile(r"(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d(?: \d{4})?")
PERLS = re.compile(r" at \(eval N\) line | at SCRIPT line ")
WITH_LINES = "(cat input; sleep 3) | \"$@\""  # children have time to end
FAULTY = re.compile(r"Rule in .* at line [0-9]+: Keyword ")


def fail(text):
    sys.exit("rulesets.py: " + text)


def rulesets(roots):
    """name -> its files, for every folder with files in it"""
    found = {}
    for root in roots:
        if not os.path.isdir(root):
            fail("%s: %s" % (root, "not a folder" if os.path.exists(root) else "no such folder"))
        for folder, dirs, files in os.walk(os.path.abspath(root)):
            dirs.sort()
            if files:
                name = os.path.relpath(folder, root)
                found[os.path.basename(folder) if name == "." else name] = \
                    [os.path.join(folder, f) for f in sorted(files)]
    if not found:
        fail("no file in " + " ".join(roots))
    return found


def read(path):
    with open(path, encoding=ENC) as f:
        return f.read()


def run(cmd, files, lines, timeout):
    """One run in a fresh folder: {channel: text}"""
    work = tempfile.mkdtemp(prefix="rulesets-")
    try:
        with open(work + "/input", "w", encoding=ENC) as f:
            f.write("\n".join(lines or ()) + "\n")
        args = ["--conf=" + f for f in files] + ["--log=" + work + "/log", "--debug=6"]
        if lines is None:
            args.append("--testonly")
        else:
            args += ["--input=-", "--notail", "--intevents"]
        start = time.time()
        try:
            p = subprocess.run(["sh", "-c", WITH_LINES if lines else "exec \"$@\"", "sh"] + shlex.split(cmd) + args,
                               cwd=work, stdin=subprocess.DEVNULL, timeout=timeout, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
            code, out, err = p.returncode, p.stdout, p.stderr
        except subprocess.TimeoutExpired as late:
            code, out, err = "timeout", late.stdout or b"", late.stderr or b""
        log = read(work + "/log") if os.path.exists(work + "/log") else ""
        norm = Norm(work, 0, (), start)
        seen = {"exit": str(code), "log": norm.text(log, log=True),
                "stdout": norm.text(out.decode(ENC)), "stderr": norm.text(err.decode(ENC))}
        seen = {channel: WHEN.sub("CTIME", STAMP.sub("", text)) for channel, text in seen.items()}
        return seen if lines is None else without_children(seen)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def without_children(seen):
    """When a child ends, and what it writes to standard error until then, is its own affair"""
    seen["log"] = CHILD.sub("", seen["log"])
    seen["stderr"] = "\n".join(s for s in seen["stderr"].split("\n") 
                               if PERLS.search(s) and not s.startswith("Can't exec"))
    return seen


def rules_in(result):
    return sum(int(n) for n, _ in COUNT.findall(result["log"]))


def comparable(text, ordered):
    """The lines; SEC tells of faulty keywords of one rule in the order of a Perl hash"""
    if not ordered:
        return sorted(text.split("\n"))
    lines = []
    for faulty, group in itertools.groupby(text.split("\n"), lambda s: bool(FAULTY.match(s))):
        lines += sorted(group) if faulty else group
    return lines


def compare(files, opts):
    lines = lines_for([read(f) for f in files]) if opts.lines else None
    ref = run(opts.ref, files, lines, opts.timeout)
    sut = run(opts.sut, files, lines, opts.timeout)
    diff = []
    late = ref["exit"] == "timeout"
    for channel in () if late else ("exit", "log", "stdout", "stderr"):
        ordered = lines is None
        a, b = comparable(ref[channel], ordered), comparable(sut[channel], ordered)
        diff += difflib.unified_diff(a, b, "SEC " + channel, "Secant " + channel, lineterm="", n=1)
    return {"files": files, "rules": (rules_in(ref), rules_in(sut)), "diff": diff, "late": late,
            "messages": ref["log"].count("\n")}


def main():
    p = argparse.ArgumentParser(description="Compares how SEC and Secant load rulesets.")
    p.add_argument("folder", nargs="+")
    p.add_argument("--ref", default=os.environ.get("SEC", "/usr/bin/sec"))
    p.add_argument("--sut", default=os.path.join(HERE, "../../build/secant"))
    p.add_argument("--lines", action="store_true", help="run over lines made from the patterns, too")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--timeout", type=float, default=60)
    p.add_argument("-v", action="store_true", dest="verbose", help="show differences")
    opts = p.parse_args()
    opts.ref, opts.sut = absolute(opts.ref), absolute(opts.sut)
    for cmd in opts.ref, opts.sut:
        if version_of(cmd) is None:
            fail("cannot run: " + cmd)
    found = rulesets(opts.folder)
    bad = compared = 0
    print("%-44s %6s %7s %7s %9s  %s" % ("ruleset", "files", "rules", "Secant", "messages", "runs that differ"))
    with concurrent.futures.ThreadPoolExecutor(opts.jobs) as pool:
        for name, files in found.items():
            sets = [[f] for f in files] + ([files] if len(files) > 1 else [])
            done = list(pool.map(lambda s: compare(s, opts), sets))
            alone = done[:len(files)]
            differ = [r for r in done if r["diff"]]
            verdict = "%d of %d" % (len(differ), len(done)) if differ else "none of %d" % len(done)
            if any(r["late"] for r in done):
                verdict += ", %d too slow in SEC" % sum(r["late"] for r in done)
            bad += len(differ)
            compared += sum(not r["late"] for r in done)
            print("%-44s %6d %7d %7d %9d  %s" % (
                name, len(files), sum(r["rules"][0] for r in alone), sum(r["rules"][1] for r in alone),
                sum(r["messages"] for r in alone), verdict), flush=True)
            for r in differ if opts.verbose else ():
                print("\n".join(["  " + " ".join(os.path.basename(f) for f in r["files"])[:100]] +
                                ["    " + s for s in r["diff"][:40]]), flush=True)
    if not compared:
        fail("no run of the reference ended in time")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
