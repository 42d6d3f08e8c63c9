#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What many live operations and contexts cost: memory, growth, the ticks of the clock, a soft restart.

  live.py [--sut CMD] [--keys N] [memory|growth|ticks|idle|restart ...]

memory   bytes for each live operation or context, its description and action texts included
growth   cpu time of a line with N live keys against the same with 1000
ticks    N contexts of which a tenth ends in one second: the longest wait for an answer meanwhile
idle     cpu time in 10 seconds without input, with N contexts
restart  10 files of 1000 rules, one of which changes, and SIGABRT: the longest wait for an answer
"""
import argparse
import os
import select
import shlex
import signal
import subprocess
import tempfile
import time

MATCH = r"ptype=RegExp" "\n" r"pattern=user (\S+)" "\n" "desc=login of $1\n"
RULES = {
    "threshold": "type=SingleWithThreshold\n" + MATCH + "action=none\nwindow=36000\nthresh=1000000\n",
    "suppress": "type=SingleWithSuppress\n" + MATCH + "action=none\nwindow=36000\n",
    "pair": "type=Pair\n" + MATCH + "action=none\nptype2=RegExp\npattern2=end of $1$\ndesc2=end of $1\n"
            "action2=none\nwindow=36000\n",
    "context": "type=Single\n" + MATCH + "action=create LOGIN_$1 36000\n",
}
ANSWER = "type=Single\nptype=RegExp\npattern=^ping (\\d+)\ndesc=ping\naction=write - pong $1\n\n"


def used(pid):
    """Cpu seconds so far."""
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid):
    """Resident bytes."""
    with open("/proc/%d/statm" % pid) as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Engine:
    """A process that reads its standard input and answers pings."""

    def __init__(self, command, folder, rules):
        self.folder = folder
        for name, text in rules.items():
            with open(os.path.join(folder, name), "w") as f:
                f.write(text)
        self.process = subprocess.Popen(
            shlex.split(command) + ["--conf=" + folder + "/*.sec", "--input=-", "--log=/dev/null", "--debug=1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, cwd=folder)
        self.pid, self.number, self.rest = self.process.pid, 0, b""
        self.ping()

    def ping(self):
        """Seconds until the answer came."""
        self.number += 1
        start = time.monotonic()
        self.process.stdin.write(b"ping %d\n" % self.number)
        wanted = b"pong %d\n" % self.number
        while wanted not in self.rest:
            if not select.select([self.process.stdout], [], [], 600)[0]:
                raise SystemExit("no answer")
            self.rest += os.read(self.process.stdout.fileno(), 65536)
        self.rest = b""
        return time.monotonic() - start

    def feed(self, lines):
        """All lines, until they are processed."""
        data = memoryview("".join(lines).encode())
        while data:
            data = data[self.process.stdin.write(data):]
        self.ping()

    def longest_wait(self, seconds):
        """The longest of the answers to pings, one after the other with a millisecond between them."""
        end, longest = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            longest = max(longest, self.ping())
            time.sleep(.001)
        return longest

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def logins(first, count):
    return ["Dec  1 00:00:00 host sshd[7]: session opened for user u%07d\n" % i for i in range(first, first + count)]


def start(args, rules):
    folder = tempfile.mkdtemp(dir=args.folder)
    return Engine(args.sut, folder, rules)


def memory(args):
    for kind, rule in RULES.items():
        with start(args, {"a.sec": ANSWER + rule}) as engine:
            engine.feed(logins(0, 1000))
            before = resident(engine.pid)
            engine.feed(logins(1000, args.keys))
            print("memory   %-10s %4.0f bytes for each of %d (%.1f MiB before)" % (
                kind, (resident(engine.pid) - before) / args.keys, args.keys, before / 2**20), flush=True)


def growth(args):
    for kind in ("threshold", "suppress", "context"):
        costs = []
        for keys in (1000, args.keys):
            with start(args, {"a.sec": ANSWER + RULES[kind]}) as engine:
                rounds = max(1, args.keys // keys)
                engine.feed(logins(0, keys))
                before = used(engine.pid)
                for _ in range(rounds):
                    engine.feed(logins(0, keys))
                costs.append((used(engine.pid) - before) / (keys * rounds))
        print("growth   %-10s %4.0f ns a line with 1000 keys, %4.0f with %d: %.2f times" % (
            kind, costs[0] * 1e9, costs[1] * 1e9, args.keys, costs[1] / costs[0]), flush=True)


def ticks(args):
    rules = ANSWER + RULES["context"] + "\n" + RULES["context"].replace("user", "guest").replace("36000", "15")
    with start(args, {"a.sec": rules}) as engine:
        engine.feed(logins(0, args.keys * 9 // 10))
        engine.feed([line.replace("user", "guest") for line in logins(0, args.keys // 10)])
        quiet = engine.longest_wait(3)
        print("ticks    longest wait %.1f ms with %d contexts, %.1f ms while %d of them end" % (
            quiet * 1e3, args.keys, engine.longest_wait(17) * 1e3, args.keys // 10), flush=True)


def idle(args):
    with start(args, {"a.sec": ANSWER + RULES["context"]}) as engine:
        engine.feed(logins(0, args.keys))
        time.sleep(1)
        before = used(engine.pid)
        time.sleep(10)
        print("idle     %.2f %% of one processor with %d contexts, %.0f MiB" % (
            (used(engine.pid) - before) * 10, args.keys, resident(engine.pid) / 2**20), flush=True)


def restart(args):
    rule = "type=Single\nptype=RegExp\npattern=service%d\\[\\d+\\]: error (\\S+) in module %d\ndesc=e\naction=none\n\n"
    files = {"%d.sec" % i: "".join(rule % (i, j) for j in range(1000)) for i in range(10)}
    files["answer.sec"] = ANSWER
    with start(args, files) as engine:
        longest = []
        for i in range(5):
            with open(os.path.join(engine.folder, "%d.sec" % i), "a") as f:
                f.write(rule % (i, 2000))
            engine.process.send_signal(signal.SIGABRT)
            longest.append(engine.longest_wait(1.5))
        print("restart  longest wait %.1f ms of five soft restarts, 10000 rules of which 1000 are read" % (
            max(longest) * 1e3), flush=True)


MEASURES = {f.__name__: f for f in (memory, growth, ticks, idle, restart)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sut", default=os.path.join(os.path.dirname(__file__), "../../build/secant"))
    parser.add_argument("--keys", type=int, default=1000000)
    parser.add_argument("measures", nargs="*", metavar="MEASURE")
    args = parser.parse_args()
    args.sut = " ".join(os.path.abspath(word) if os.path.exists(word) else word for word in args.sut.split())
    unknown = set(args.measures) - set(MEASURES)
    if unknown:
        parser.error("no such measure: " + " ".join(sorted(unknown)))
    with tempfile.TemporaryDirectory() as args.folder:
        for name in args.measures or MEASURES:
            MEASURES[name](args)


if __name__ == "__main__":
    main()
