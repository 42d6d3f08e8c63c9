#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs `secant migrate` over conformance cases (t/conformance/README.md), in the time that their feeds tell.

    t/migrate/cases.py --ref 'perl /path/to/sec' [--only GLOB]

Cases that need signals, several inputs, options of the program alone, or a feed of something else than lines are
left out.  The exit status is 0 only if something was compared and nothing differs.
"""
import argparse
import fnmatch
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "..", "conformance", "cases")
ENC = "latin-1"
AREAS = ("actions", "actvars", "contexts", "eventgroup", "patterns", "perl", "recipes", "regex", "rules", "scenarios",
         "vars", "config", "surface")
WAITS = re.compile(r"!(?:align|settle|reap|wait-out|wait-file|wait-sock|snap|snapout)\b")
LEFT_OUT = re.compile(r"--(?:input|testonly|pid|user|group|detach|version|help|log|umask|fromstart|tail|dump|syslog"
                      r"|keepopen|timeout|check-timeout|blocksize|reopen|ruleperf|intevents-)")


def sections(text):
    """(head, words of the head, body) of each section"""
    parts = re.split(r"^\[(.*)\]\n", text, flags=re.M)
    yield "", [], parts[0]
    for head, body in zip(parts[1::2], parts[2::2]):
        yield head.split()[0], head.split()[1:], body


def log_of(feed):
    """The lines with their times; None: there is something else in it."""
    second, out = 1_700_000_000.4, []
    for line in feed.rstrip("\n").split("\n") if feed.strip("\n") else []:
        sleep = re.match(r"!sleep ([\d.]+)$", line)
        repeat = re.match(r"!repeat (\d+) (.*)$", line)
        if sleep:
            second += float(sleep.group(1))
            continue
        if WAITS.match(line):
            continue
        if line.startswith("!") and not line.startswith("!!") and not repeat:
            return None
        texts = [repeat.group(2).replace("{i}", str(i + 1)) for i in range(int(repeat.group(1)))] if repeat else [line]
        out += ["%d %s\n" % (second, re.sub(r"^!!", "!", text)) for text in texts]
    return out


def prepare(path, folder):
    """Puts the case into the folder: the options; None: it makes no sense here."""
    options, feed = [], ""
    with open(path, encoding=ENC, newline="") as f:
        text = f.read()
    text = text.replace("@DIR@", folder)
    if "@PORT:" in text or "@WDAY:" in text:
        return None
    for head, words, body in sections(text):
        if head in ("args-only", "listen", "setup") or (head == "file" and len(words) > 1):
            return None
        if head in ("rules", "file"):
            if len(words) > 1 and words[1:] != ["noconf"]:
                return None
            name = os.path.join(folder, words[0])
            os.makedirs(os.path.dirname(name), exist_ok=True)
            with open(name, "w", encoding=ENC, newline="") as f:
                f.write(body)
            if head == "rules" and "noconf" not in words:
                options.append("--conf=" + words[0])
        if head == "args":
            options += [word for word in body.split("\n") if word]
        if head == "feed":
            feed = body
    if "signal" in text or any(LEFT_OUT.match(option) for option in options):
        return None
    lines = log_of(feed)
    if not lines:
        return None
    with open(os.path.join(folder, "lines"), "w", encoding=ENC, newline="") as f:
        f.writelines(lines)
    return options


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--ref", required=True)
    p.add_argument("--sut", default="build/secant")
    p.add_argument("--only", default="*")
    opts = p.parse_args()
    sut, done, bad = os.path.abspath(opts.sut), 0, 0
    for area in AREAS:
        for name in sorted(os.listdir(os.path.join(CASES, area))):
            label = "%s/%s" % (area, name[:-len(".case")])
            if not fnmatch.fnmatch(label, opts.only):
                continue
            with tempfile.TemporaryDirectory() as folder:
                options = prepare(os.path.join(CASES, area, name), folder)
                if options is None:
                    continue
                begin = time.time()
                command = ["timeout", "-k", "2", "8", sut, "migrate", "--ref", opts.ref, "--quiet", *options, "--input=lines"]
                run = subprocess.run(command, capture_output=True, cwd=folder, env={**os.environ, "TZ": "UTC"})
                done += 1
                bad += run.returncode != 0
                if run.returncode:
                    print("%s: %d (%.1f s)\n%s" % (label, run.returncode, time.time() - begin,
                                                  (run.stdout + run.stderr).decode(ENC)), flush=True)
    print("%d cases, %d not equal" % (done, bad))
    sys.exit(1 if bad or not done else 0)


if __name__ == "__main__":
    main()
