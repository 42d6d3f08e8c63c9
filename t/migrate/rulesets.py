#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs `secant migrate` over rule files and lines that are made from their own patterns.

    t/migrate/rulesets.py --ref 'perl /path/to/sec' FILE|FOLDER...

Each file that holds rules is a ruleset.  Its lines come three times, seconds to an hour apart, so that windows
are counted in, and end.  The exit status is 0 only if something was compared and nothing differs.
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "conformance"))
from differential.sample import lines_for  # noqa: E402

ENC = "latin-1"


def files_of(roots):
    for root in roots:
        if os.path.isfile(root):
            yield root
        for folder, dirs, files in os.walk(root):
            dirs.sort()
            for name in sorted(files):
                yield os.path.join(folder, name)


def log_of(text, name):
    """The lines with their times; those that have one of their own get no other."""
    random.seed(name)
    lines = [l for l in lines_for([text]) if l.strip()]
    lines = lines[:len(lines) // 3]  # it has each of them three times
    second = 1_700_000_000
    out = []
    for gap in (0, 1, 30):
        for line in lines:
            second += random.choice((0, 0, 1, gap, 2 * gap))
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
            out.append("%s %s\n" % (stamp, line.replace("\n", " ")))
        second += 3700
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--ref", required=True)
    p.add_argument("--sut", default="build/secant")
    p.add_argument("-v", action="store_true")
    p.add_argument("roots", nargs="+")
    opts = p.parse_args()
    sut = os.path.abspath(opts.sut)
    results = {}
    for path in files_of(opts.roots):
        with open(path, encoding=ENC) as f:
            text = f.read()
        if "ptype" not in text and "type=" not in text.replace(" ", ""):
            continue
        lines = log_of(text, os.path.basename(path))
        if not lines:
            continue
        with tempfile.NamedTemporaryFile("w", encoding=ENC, suffix=".log") as log:
            log.writelines(lines)
            log.flush()
            run = subprocess.run([sut, "migrate", "--ref", opts.ref, "--quiet", "--intevents", "--conf=" + os.path.abspath(path),
                                  "--input=" + log.name, "--time-format=%Y-%m-%dT%H:%M:%SZ"],
                                 capture_output=True, cwd=os.path.dirname(os.path.abspath(path)), timeout=600)
        results[path] = run.returncode
        said = run.stdout.decode(ENC)
        print("%d %s: %s" % (run.returncode, path, said.split("\n")[0] or run.stderr.decode(ENC)[:300]), flush=True)
        if run.returncode or opts.v:
            print(said + run.stderr.decode(ENC), flush=True)
    bad = sum(1 for status in results.values() if status)
    print("%d rule files, %d not equal" % (len(results), bad))
    sys.exit(1 if bad or not results else 0)


if __name__ == "__main__":
    main()
