# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of one case with one program: sets the directory up, starts the program, feeds it step by
step and collects everything that can be seen from outside."""
import collections
import fcntl
import os
import re
import shlex
import shutil
import signal
import stat
import struct
import subprocess
import tempfile
import termios
import time

from .case import CaseError, ENC, unesc
from .listener import Listener
from .normalise import CTIME, Norm, norm_json_dump, norm_text_dump


class Exec:
    """A program, a case and the directory that it runs in."""

    def __init__(self, case, cmd, opts, role):
        self.case, self.cmd, self.opts, self.role = case, cmd, opts, role
        self.base = tempfile.mkdtemp(prefix="seccf-", dir=opts.tmp)
        self.work = os.path.join(self.base, "w")
        os.mkdir(self.work)
        self.out = os.path.join(self.base, "stdout")
        self.err = os.path.join(self.base, "stderr")
        self.listeners = collections.OrderedDict()
        self.proc = self.pid = None
        self.stdin_fd = None
        self.target = None
        self.initial = {}
        self.exit = None
        self.notes = []
        self.vain = []            # what the case waited for and did not come
        self.beat = None          # a case keeps time from its last !align

    # -- helpers
    def sub(self, s):
        s = s.replace("@DIR@", self.work)
        if "@WDAY" in s:      # today (UTC) plus an offset; @WDAY7 writes Sunday as 7
            today = int(time.strftime("%w", time.gmtime(self.t0)))
            s = re.sub(r"@WDAY(7?):([0-6])@", lambda m: str((today + int(m.group(2))) % 7 or int(m.group(1) or 0)), s)
        return re.sub(r"@PORT:(\w+)@", lambda m: str(self.listeners[m.group(1)].port), s)

    def p(self, name):
        return os.path.join(self.work, self.sub(name))

    def left(self):
        return self.deadline - time.time()

    def nap(self, secs):
        time.sleep(max(0, min(secs, self.left())))

    def pause(self, secs):
        """Delays between !align and the sleeps that follow do not add up."""
        now = time.time()
        if self.beat is not None:
            self.beat += secs
        self.nap(secs if self.beat is None else self.beat - now)

    def patience(self):
        """How long to wait for something to appear: on a loaded machine it can take its time, but
        the rest of the case needs some as well."""
        return max(6.0, self.left() - 8.0)

    def until(self, true, limit=None, pause=0.03):
        """Waits until this is true; False: it did not become so in time."""
        end = time.time() + (limit or self.patience())
        while time.time() < end and self.left() > 0:
            if true():
                return True
            time.sleep(pause)
        return False

    def alive(self):
        if self.daemon_pid:
            return os.path.exists("/proc/%d" % self.daemon_pid)
        return self.proc.poll() is None

    def state(self):
        try:
            with open("/proc/%d/stat" % self.pid) as fh:
                return fh.read().rsplit(")", 1)[1].split()[0]
        except (OSError, IndexError):
            return "X"

    def idle(self):
        """Waits until the process sleeps, as seen three times in a row, or has ended."""
        seen = []

        def sleeps():
            seen.append(self.state())
            return seen[-1] in "XZ" or seen[-3:] == ["S"] * 3

        self.until(sleeps)

    def ready(self):
        """All documented signals are caught (or blocked), then idle."""
        need = 0
        for s in (signal.SIGHUP, signal.SIGABRT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM):
            need |= 1 << (s - 1)

        def caught():
            mask = 0
            try:
                with open("/proc/%d/status" % self.pid) as fh:
                    for line in fh:
                        if line.startswith(("SigCgt:", "SigBlk:")):
                            mask |= int(line.split()[1], 16)
            except OSError:
                return True
            return mask & need == need or not self.alive()

        self.until(caught)
        self.idle()

    def consumed(self):
        """Has all been read that was fed, as far as can be told?"""
        if not self.alive():
            return True
        if self.case.mode == "stdin" and self.stdin_fd is not None:
            buf = fcntl.ioctl(self.stdin_fd, termios.FIONREAD, struct.pack("i", 0))
            return struct.unpack("i", buf)[0] == 0
        if self.target and self.case.mode == "tail":
            pos = self.read_pos(self.target)
            if pos is None:
                time.sleep(0.3)
                return True
            try:
                return pos >= os.path.getsize(self.target)
            except OSError:
                return True
        return True

    def settle(self):
        """Wait until the process has consumed what was fed and sleeps again."""
        self.until(self.consumed)
        self.idle()

    def read_pos(self, path):
        try:
            real = os.path.realpath(path)
            if not stat.S_ISREG(os.stat(real).st_mode):
                return None
            best = None
            for fd in os.listdir("/proc/%d/fd" % self.pid):
                if os.readlink("/proc/%d/fd/%s" % (self.pid, fd)) == real:
                    with open("/proc/%d/fdinfo/%s" % (self.pid, fd)) as fh:
                        pos = int(fh.readline().split()[1])
                    best = pos if best is None else max(best, pos)
            return best
        except (OSError, ValueError, IndexError):
            return None

    # -- life cycle
    def run(self):
        try:
            self._run()
            return self.collect()
        finally:
            self.cleanup()

    def _run(self):
        case = self.case
        self.t0 = time.time()
        self.deadline = self.t0 + case.timeout
        self.daemon_pid = None
        for spec in case.listen:
            if len(spec) < 2:
                raise CaseError("%s: listen needs KIND NAME" % case.name)
            self.listeners[spec[1]] = Listener(spec[0], spec[1], self.work)
        for spec in case.listen:
            if "later" not in spec:
                self.listeners[spec[1]].start()
        for name, text, flags in case.files:
            path = self.p(name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as fh:
                fh.write(self.sub(text).encode(ENC))
            for f in flags:
                if f.startswith("mode="):
                    os.chmod(path, int(f[5:], 8))
        inlog = os.path.join(self.work, "in.log")
        if case.mode in ("tail", "file") and not os.path.exists(inlog):
            open(inlog, "wb").close()
        self.target = inlog
        if case.mode == "file":
            with open(inlog, "ab") as fh:
                for line in case.feed:
                    fh.write(self.feed_bytes(line))
        env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.work, "LANG": "C",
               "LC_ALL": "C", "TZ": "UTC", "SHELL": "/bin/sh", "SECCONF_DIR": self.base}
        for e in case.multi["env"]:
            k, v = e.split("=", 1)
            env[k] = self.sub(v)
        for k in self.opts.keep_env:
            if k in os.environ:
                env[k] = os.environ[k]
        if case.setup:
            subprocess.run(["sh", "-ec", self.sub("\n".join(case.setup))], cwd=self.work, env=env,
                           check=True, stdout=subprocess.DEVNULL, timeout=self.patience())
        for root, _, names in os.walk(self.work):
            for n in names:
                path = os.path.join(root, n)
                if stat.S_ISREG(os.lstat(path).st_mode) and os.access(path, os.R_OK):
                    with open(path, "rb") as fh:
                        self.initial[path] = fh.read()
        argv = shlex.split(self.cmd)
        if case.args_only is not None:
            argv += [self.sub(a) for a in case.args_only]
        else:
            argv += ["--conf=" + r for r in case.rules]
            argv += {"stdin": ["--input=-", "--notail"], "tail": ["--input=in.log"],
                     "file": ["--input=in.log", "--notail"], "once": []}[case.mode]
            argv += ["--log=sec.log"]
            argv += [self.sub(a) for a in case.args]
        if "avoid-minute" in case.head:
            need = float(case.head["avoid-minute"])
            sec = time.time() % 60
            if sec + need > 60:
                time.sleep(60 - sec + 0.3)
                self.t0 = time.time()
                self.deadline = self.t0 + case.timeout
        rfd = None
        if case.mode == "stdin" and case.head.get("stdin", "pipe") == "pipe":
            rfd, self.stdin_fd = os.pipe()
            fcntl.fcntl(self.stdin_fd, 1031, 1 << 20)      # F_SETPIPE_SZ
            stdin = rfd
        else:
            stdin = subprocess.DEVNULL
        with open(self.out, "ab") as o, open(self.err, "ab") as e:
            self.proc = subprocess.Popen(argv, cwd=self.work, env=env, stdin=stdin, stdout=o, stderr=e,
                                         start_new_session=True, close_fds=True, umask=0o022)
        if rfd is not None:
            os.close(rfd)
        self.pid = self.proc.pid
        if "daemon" in case.head:
            pf = self.p(case.head["daemon"])

            def written():
                try:
                    with open(pf) as fh:
                        self.daemon_pid = int(fh.read().split()[0])
                    return True
                except (OSError, ValueError, IndexError):
                    return False

            if not self.until(written):
                self.missed("no pidfile from the daemon")
                return
            self.pid = self.daemon_pid
        if case.mode in ("stdin", "tail"):
            self.ready()
            for line in case.feed:
                if self.left() <= 0:
                    break
                self.step(line)
        self.finish()

    def childless(self):
        try:
            with open("/proc/%d/task/%d/children" % (self.pid, self.pid)) as fh:
                return not fh.read().split()
        except OSError:
            return True

    def reap(self):
        """Give child processes the time to finish and to be collected, unless the case's stay."""
        if self.case.head.get("children") != "stay":
            self.until(lambda: self.childless() or not self.alive())
        self.idle()

    def finish(self):
        case = self.case
        if case.mode in ("stdin", "tail") and self.alive() and not self.termed:
            self.settle()
            self.reap()
        if case.mode == "stdin":
            if self.stdin_fd is not None:
                os.close(self.stdin_fd)
                self.stdin_fd = None
            if case.head.get("stdin") == "null" and self.alive() and not self.termed:
                self.settle()
                self.send(signal.SIGTERM)
        elif case.mode == "tail" and self.alive() and not self.termed:
            self.settle()
            self.send(signal.SIGTERM)
        end = self.deadline
        while time.time() < end and self.alive():
            time.sleep(0.02)
        if self.alive():
            self.exit = "timeout"
        elif self.daemon_pid:
            try:
                self.exit = "parent %s" % self.proc.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self.exit = "parent still running"
        else:
            self.exit = str(self.proc.returncode)

    termed = False

    def send(self, sig):
        try:
            os.kill(self.pid, sig)
        except ProcessLookupError:
            pass

    def feed_bytes(self, line):
        if line.startswith("!raw "):
            return unesc(self.sub(line[5:])).encode(ENC)
        if line.startswith("!repeat "):
            _, n, text = line.split(" ", 2)
            return "".join(self.sub(text).replace("{i}", str(i)) + "\n" for i in range(1, int(n) + 1)).encode(ENC)
        if line.startswith("!long "):
            _, n, ch, tail = (line.split(" ", 3) + [""])[:4]
            return (ch * int(n) + tail + "\n").encode(ENC)
        if line.startswith("!!"):
            line = line[1:]
        return (self.sub(line) + "\n").encode(ENC)

    def emit(self, data):
        if self.case.mode == "stdin" and self.target.endswith("/in.log"):
            if self.stdin_fd is None:
                return
            try:
                os.write(self.stdin_fd, data)
            except BrokenPipeError:
                pass
            return
        if os.path.exists(self.target) and stat.S_ISFIFO(os.stat(self.target).st_mode):
            try:
                fd = os.open(self.target, os.O_WRONLY | os.O_NONBLOCK)
                os.write(fd, data)
                os.close(fd)
            except OSError as exc:
                self.notes.append("fifo write failed: %s" % exc.strerror)
            return
        with open(self.target, "ab") as fh:
            fh.write(data)

    def wait_for(self, path, rx):
        pat = re.compile(rx.encode(ENC), re.M)

        def there():
            try:
                with open(path, "rb") as fh:
                    return pat.search(fh.read())
            except OSError:
                return False

        self.awaited(there, rx)

    def awaited(self, true, rx):
        """What a case waits for has to come."""
        if not self.until(true):
            self.missed("waited in vain for " + rx)

    def missed(self, what):
        self.notes.append(what)
        self.vain.append(what)

    def step(self, line):
        if not line.startswith("!") or line.startswith(("!!", "!raw ", "!repeat ", "!long ")):
            self.emit(self.feed_bytes(line))
            return
        word, _, rest = line[1:].partition(" ")
        rest = self.sub(rest)
        if word == "sleep":
            self.pause(float(rest))
            return
        self.beat = None
        if word == "align":
            self.settle()
            self.beat = time.time()
            self.pause((float(rest) - self.beat) % 1.0)
        elif word == "settle":
            self.settle()
        elif word == "reap":
            self.reap()
        elif word == "signal":
            name = rest.split()[0]
            self.settle()
            sig = getattr(signal, "SIG" + name)
            if name in ("TERM", "KILL"):
                self.reap()
                self.termed = True
            self.send(sig)
            self.nap(0.25)
            self.idle()
        elif word == "to":
            self.target = os.path.join(self.work, rest if rest else "in.log")
        elif word == "append":
            f, _, text = rest.partition(" ")
            with open(self.p(f), "ab") as fh:
                fh.write((text + "\n").encode(ENC))
        elif word == "rawto":
            f, _, text = rest.partition(" ")
            with open(self.p(f), "ab") as fh:
                fh.write(unesc(text).encode(ENC))
        elif word == "put":
            f, _, text = rest.partition(" ")
            with open(self.p(f), "wb") as fh:
                fh.write(unesc(text + "\\n").encode(ENC))
        elif word == "rm":
            os.unlink(self.p(rest))
        elif word == "mv":
            a, b = rest.split()
            os.rename(self.p(a), self.p(b))
        elif word == "truncate":
            f, _, n = rest.partition(" ")
            os.truncate(self.p(f), int(n or 0))
        elif word == "sh":
            subprocess.run(["sh", "-c", rest], cwd=self.work, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, timeout=self.patience())
        elif word == "snap":
            a, b = rest.split()
            try:
                shutil.copyfile(self.p(a), self.p(b))
            except OSError as exc:
                with open(self.p(b), "w") as fh:
                    fh.write("snap failed: %s\n" % exc.strerror)
        elif word == "snapout":
            shutil.copyfile(self.out, self.p(rest))
        elif word == "wait-file":
            f, _, rx = rest.partition(" ")
            self.wait_for(self.p(f), rx or ".")
        elif word == "wait-out":
            self.wait_for(self.out, rest)
        elif word == "wait-sock":
            name, _, rx = rest.partition(" ")
            self.awaited(lambda: re.search(rx, self.listeners[name].text()), rx)
        elif word == "wait-exit":
            self.awaited(lambda: not self.alive(), "the end")
        elif word == "listen":
            self.listeners[rest].start()
        elif word == "drop":
            self.listeners[rest].drop()
        elif word == "close":
            self.listeners[rest].close()
        elif word == "eof":
            if self.stdin_fd is not None:
                os.close(self.stdin_fd)
                self.stdin_fd = None
        else:
            raise CaseError("%s: unknown feed command !%s" % (self.case.name, word))

    def ours(self):
        """The processes that have this directory in their environment: daemons and detached children."""
        mark = ("SECCONF_DIR=" + self.base).encode()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/environ" % pid, "rb") as fh:
                    if mark in fh.read().split(b"\0"):
                        yield int(pid)
            except OSError:
                pass

    def kill_left(self):
        """What has left the program's process group does not outlive the case."""
        for _ in range(5):          # one that was killed may just have started another
            left = list(self.ours())
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            if not left:
                break
            time.sleep(0.02)

    def cleanup(self):
        if self.stdin_fd is not None:
            os.close(self.stdin_fd)
        if self.proc is not None:
            try:
                os.killpg(self.proc.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            try:
                self.proc.wait(timeout=3)
            except subprocess.TimeoutExpired:
                pass
        self.kill_left()
        for lst in self.listeners.values():
            lst.close()
        if self.opts.keep:
            self.notes.append("kept " + self.base)
        else:
            subprocess.run(["chmod", "-R", "u+rwX", self.base], stderr=subprocess.DEVNULL)
            shutil.rmtree(self.base, ignore_errors=True)

    # -- results
    def collect(self):
        case = self.case
        time.sleep(0.05)
        ports = [(l.port, n) for n, l in self.listeners.items() if l.port]
        norm = Norm(self.work, self.pid, ports, self.t0)
        hide = {"SECCONF_DIR", "_", "SHLVL", "OLDPWD", "PWD", "PERL5LIB", "PERL_HASH_SEED",
                "PERL_PERTURB_KEYS", "LD_LIBRARY_PATH"} | set(self.opts.keep_env)

        def rd(path):
            try:
                with open(path, "rb") as fh:
                    return fh.read().decode(ENC)
            except OSError as exc:
                return "<unreadable: %s>\n" % exc.strerror

        def order(text, key):
            if key in case.unordered:
                return "\n".join(sorted(text.split("\n")))
            return text

        def drop(text, pats):
            if not pats:
                return text
            return "\n".join(l for l in text.split("\n") if not any(re.search(p, l) for p in pats))

        def once(text, pats):
            seen = set()
            return "\n".join(l for l in text.split("\n") if not any(re.search(p, l) for p in pats) or
                             not (l in seen or seen.add(l)))

        res = {"exit": self.exit if not self.notes else "%s (%s)" % (self.exit, "; ".join(
            n for n in self.notes if not n.startswith("kept")))}
        res["stdout"] = drop(order(norm.text(rd(self.out)), "stdout"), case.multi["out-drop"])
        res["stderr"] = drop(order(norm.text(rd(self.err)), "stderr"), case.multi["err-drop"])
        logs = ["sec.log"] + case.head.get("logs", "").split()
        files, dumps, logtext = [], [], []
        for root, dirs, names in os.walk(self.work):
            dirs.sort()
            for n in sorted(names):
                path = os.path.join(root, n)
                rel = os.path.relpath(path, self.work)
                st = os.lstat(path)
                if stat.S_ISFIFO(st.st_mode):
                    files.append("== %s (fifo)" % rel)
                    continue
                if not stat.S_ISREG(st.st_mode):
                    if not stat.S_ISSOCK(st.st_mode):
                        files.append("== %s (special)" % rel)
                    continue
                text = rd(path)
                if rel in logs:
                    text = norm.text(re.sub(r"^" + CTIME.pattern + ": ", "TS: ", text, flags=re.M), log=True)
                    text = once(drop(text, case.multi["log-drop"]), case.multi["log-once"])
                    logtext.append("== %s\n%s" % (rel, order(text, "log")))
                    continue
                if rel.startswith("sec.dump"):
                    rel2 = re.sub(r"\.[0-9]{10}$", ".EPOCH", rel)
                    body = (norm_json_dump if text.startswith("{") else norm_text_dump)(text, norm, hide)
                    dumps.append("== %s mode %o\n%s" % (rel2, st.st_mode & 0o777, body))
                    continue
                if self.initial.get(path) == text.encode(ENC):
                    continue
                if rel == "in.log" and case.mode == "tail":
                    continue
                if text.strip() == str(self.pid):
                    text = text.replace(str(self.pid), "PID")
                body = order(norm.text(text), "file:" + rel)
                files.append("== %s mode %o\n%s" % (rel, st.st_mode & 0o777, body))
        res["files"] = "\n".join(files)
        res["dump"] = "\n".join(sorted(dumps))
        res["log"] = "\n".join(logtext)
        socks = []
        for n, l in self.listeners.items():
            l.finish()
            socks.append(order(norm.text(l.text()), "sock:" + n))
        res["sockets"] = "\n".join(socks)
        res["vain"] = self.vain
        return res
