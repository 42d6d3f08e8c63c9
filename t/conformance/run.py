#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Differential conformance runner: the same case, once with SEC and once with Secant.

Every case cases/AREA/NAME.case is executed with --ref and with --sut, each time in a fresh
directory.  What can be seen from outside is normalised and compared channel by channel:

  strict   exit, stdout, files, sockets, dump   (stderr when the case says so)
  text     log, stderr

README.md next to this file describes the options and the case format.
"""
import argparse
import collections
import concurrent.futures
import difflib
import fnmatch
import json
import os
import sys
import threading
import time

from differential.case import Case, CaseError, STRICT, TEXT
from differential.command import absolute, numbers, version_of
from differential.execution import Exec
from differential.expectation import channels, outcome, record, wrong

HERE = os.path.dirname(os.path.abspath(__file__))


def too_old(case, opts):
    """The reference does not know what the case is about: what was recorded from one that does stands in."""
    return bool(case.minver and opts.refver and opts.refver < numbers(case.minver))


def reason_to_skip(case, opts):
    if case.head.get("needs") == "root" and os.geteuid() != 0:
        return "needs root"
    if too_old(case, opts) and (opts.show or opts.record or not case.expect):
        return "needs SEC %s, the installed one is %s" % (case.minver, ".".join(map(str, opts.refver)))
    return None


def execute(case, opts):
    """Runs the case with both programs at the same time: same second, same minute, same load."""
    results, errors = {}, {}

    def one(role, cmd):
        try:
            results[role] = Exec(case, cmd, opts, role).run()
        except Exception as exc:          # a broken case must not stop the run
            errors[role] = "%s: %s" % (type(exc).__name__, exc)
        else:      # both in vain would be the same, and the case would tell nothing
            if role == "ref" and results[role]["vain"]:
                errors[role] = "; ".join(results[role]["vain"])

    todo = [] if too_old(case, opts) else [("ref", opts.ref)]
    if not (opts.show or opts.record):
        todo.append(("sut", opts.sut))
    threads = [threading.Thread(target=one, args=t) for t in todo]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return results, errors


def run_case(case, opts):
    why = reason_to_skip(case, opts)
    if why:
        return {"status": "skip", "why": why}
    results, errors = execute(case, opts)
    if errors:
        return {"status": "fail", "diff": ["runner"], "errors": errors, "results": results}
    if opts.show:
        return {"status": "show", "results": results}
    if opts.record:
        record(case, results["ref"])
        return {"status": "pass", "diff": [], "results": results}
    if too_old(case, opts):
        results["ref"] = {c: case.expected(c) for c in channels(case)}
        results["sut"] = outcome(case, results["sut"])
    elif case.expect:
        stale = wrong(case, results["ref"])
        if stale:
            return {"status": "fail", "diff": ["runner"], "errors": {"expect": stale}, "results": results}
    diff = [c for c in STRICT + TEXT if c not in case.ignore and c not in opts.ignore and
            results["ref"].get(c) != results["sut"].get(c)]
    if opts.strict_only:
        judged = [c for c in diff if c in case.strict]
    else:
        judged = [c for c in diff if c != "stderr" or "stderr" in case.strict]
    return {"status": "fail" if judged else "pass", "diff": diff, "results": results}


def run_again(case, result, opts):
    """A timed case may fail on a busy machine: what failed is run again with both programs, when no
    other case runs.  A difference that is no accident of timing fails each time."""
    for _ in range(opts.retries):
        if result["status"] != "fail":
            break
        failures = result.get("failures", []) + [result]
        result = run_case(case, opts)
        result["failures"] = failures
    return result


def differences(result):
    """The unified diffs of a failed case, line by line."""
    for role, text in result.get("errors", {}).items():
        for line in text.split("\n"):
            yield "%s: %s" % (role, line)
    if result.get("errors"):
        return
    for channel in result["diff"]:
        ref, sut = (result["results"][role][channel].split("\n") for role in ("ref", "sut"))
        yield from difflib.unified_diff(ref, sut, "ref " + channel, "sut " + channel, lineterm="", n=2)


def show(case, result):
    print("##### %s -- %s" % (case.name, case.head.get("title", "")))
    for channel in STRICT + TEXT:
        body = result.get("results", {}).get("ref", {}).get(channel)
        if body:
            print("--- %s\n%s" % (channel, body))
    for text in result.get("errors", {}).values():
        print("--- runner\n" + text)


class Reporter:
    """Prints each result as it comes: one TAP line, or a line for people."""

    def __init__(self, opts, total):
        self.opts, self.count, self.lock = opts, 0, threading.Lock()
        if opts.tap:
            print("1..%d" % total, flush=True)

    def tap(self, case, result):
        status, name = result["status"], "%s: %s" % (case.name, case.head.get("title", ""))
        name = name.replace("\\", "\\\\").replace("#", "\\#")
        skip = " # SKIP " + result["why"] if status == "skip" else ""
        print("%s %d - %s%s" % ("not ok" if status == "fail" else "ok", self.count, name, skip))
        if status == "fail":
            for line in differences(result):
                print("#   " + line)
        elif result.get("failures"):
            print("#   this was run %d; run 1 differed:" % (len(result["failures"]) + 1))
            for line in differences(result["failures"][0]):
                print("#   " + line)

    def people(self, case, result):
        if result["status"] == "fail":
            print("FAIL %-44s %s" % (case.name, " ".join(result["diff"])))
            for line in differences(result) if self.opts.verbose or result.get("errors") else ():
                print("    " + line)
        elif result.get("failures"):
            print("PASS %-44s at run %d" % (case.name, len(result["failures"]) + 1))
            for line in differences(result["failures"][0]) if self.opts.verbose else ():
                print("    " + line)
        elif self.opts.verbose:
            print("%-4s %s" % (result["status"].upper(), case.name))

    def report(self, case, result):
        with self.lock:
            self.count += 1
            if result["status"] == "show":
                show(case, result)
            elif self.opts.tap:
                self.tap(case, result)
            else:
                self.people(case, result)
            sys.stdout.flush()


def wanted(name, opts):
    def hit(glob):
        return fnmatch.fnmatch(name, glob) or fnmatch.fnmatch(name, glob + "/*")
    return (not opts.only or any(map(hit, opts.only))) and not any(map(hit, opts.skip))


def load_cases(opts):
    cases, bad = [], []
    for root, dirs, names in os.walk(os.path.join(HERE, "cases")):
        dirs.sort()
        for file in sorted(names):
            path = os.path.join(root, file)
            name, ext = os.path.splitext(os.path.relpath(path, os.path.join(HERE, "cases")))
            if ext != ".case" or not wanted(name, opts):
                continue
            try:
                case = Case(path, name)
            except CaseError as exc:
                bad.append(str(exc))
                continue
            if (not opts.quick or case.slept() <= 1) and (not opts.record or case.minver):
                cases.append(case)
    return cases, bad


def run_all(cases, opts):
    """All cases, the long ones first, so that the tail of the run is short; at the end those that
    failed, again and alone."""
    reporter, outcome = Reporter(opts, len(cases)), {}

    def report(case, result):
        outcome[case.name] = result
        reporter.report(case, result)

    def work(case):
        result = run_case(case, opts)
        if result["status"] == "fail" and opts.retries:
            return case, result
        report(case, result)
        return None

    order = cases if opts.show else sorted(cases, key=lambda c: -c.slept())
    with concurrent.futures.ThreadPoolExecutor(1 if opts.show else max(1, opts.jobs)) as pool:
        failed = [again for again in pool.map(work, order) if again]
    for case, result in failed:
        report(case, run_again(case, result, opts))
    return outcome


def summary(cases, outcome, failed, elapsed):
    ran = [(c, outcome[c.name]) for c in cases if outcome[c.name]["status"] in ("pass", "fail")]

    def same(judge):
        return sum(1 for c, r in ran if not r.get("errors") and judge(c, r["diff"]))

    if ran:
        print("behaviour identical %d/%d" % (same(lambda c, d: not set(d) & set(c.strict)), len(ran)))
        for channel in STRICT + TEXT:
            print("  %-9s identical %d/%d%s" % ("log text" if channel == "log" else channel,
                                                same(lambda c, d: channel not in d), len(ran),
                                                "" if channel in STRICT else "   (text channel)"))
    for why, count in sorted(collections.Counter(r["why"] for r in outcome.values() if "why" in r).items()):
        print("%d skipped: %s" % (count, why))
    n = collections.Counter(r["status"] for r in outcome.values())
    print("elapsed %.0f s" % elapsed)
    print("%d passed, %d failed, %d skipped" % (n["pass"], failed, n["skip"]))


def write_json(cases, outcome, opts):
    doc = {"ref": opts.ref, "sut": opts.sut, "cases": {}}
    for c in cases:
        r = outcome[c.name]
        doc["cases"][c.name] = {"status": r["status"], "diff": r.get("diff", []), "title": c.head.get("title", ""),
                                "errors": r.get("errors", {}), "failed_runs": len(r.get("failures", [])),
                                "strict_diff": [d for d in r.get("diff", []) if d in c.strict]}
    with open(opts.json, "w") as fh:
        json.dump(doc, fh, indent=1, sort_keys=True)


def options():
    ap = argparse.ArgumentParser(description="differential conformance suite: SEC against Secant")
    add = ap.add_argument
    add("--sut", help="command of the system under test")
    add("--ref", default=os.environ.get("SEC", "/usr/bin/sec"), help="command of the reference ($SEC)")
    add("--only", action="append", default=[], metavar="GLOB", help="case name or area (repeatable)")
    add("--skip", action="append", default=[], metavar="GLOB")
    add("--quick", action="store_true", help="leave out cases that sleep for longer than a second")
    add("--jobs", type=int, default=4)
    add("--retries", type=int, default=0, help="run a failed case again, alone and at most so many times")
    add("--tap", action="store_true", help="report in the Test Anything Protocol")
    add("--json", metavar="OUT", help="write all results to this file")
    add("--strict-only", action="store_true", help="judge cases by the strict channels only")
    add("--ignore", action="append", default=[], metavar="CHANNEL")
    add("--tmp", help="where the case directories are made")
    add("--keep", action="store_true", help="keep the case directories")
    add("--keep-env", action="append", default=[], metavar="NAME", help="pass this variable through")
    add("--show", action="store_true", help="run the reference only and print what it produced")
    add("--record", action="store_true", help="write what the reference does into the cases with min-version")
    add("--list", action="store_true", help="print the names and titles of the cases")
    add("-v", "--verbose", action="store_true", help="also name passed cases; print unified diffs")
    opts = ap.parse_args()
    if not (opts.sut or opts.show or opts.list or opts.record):
        ap.error("--sut is needed")
    return opts


def main():
    opts = options()
    cases, bad = load_cases(opts)
    if not cases and not bad:
        print("run.py: no case is left by these options", file=sys.stderr)
        return 1
    if opts.list:
        for c in cases:
            print("%-48s %s" % (c.name, c.head.get("title", "")))
        return 0
    for text in bad:
        print("# bad case: " + text)
    opts.ref, opts.sut = absolute(opts.ref), opts.sut and absolute(opts.sut)
    opts.refver = version_of(opts.ref)
    started = time.time()
    outcome = run_all(cases, opts)
    if opts.json:
        write_json(cases, outcome, opts)
    failed = len(bad) + sum(1 for r in outcome.values() if r["status"] == "fail")
    if not (opts.show or opts.tap or opts.record):
        summary(cases, outcome, failed, time.time() - started)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
