#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""terminal.py PATTERN COMMAND...: runs a command with a terminal as input, output and error, and prints
what it wrote there and its exit status.  Once that matches PATTERN, the command gets SIGTERM."""
import os
import pty
import re
import signal
import subprocess
import sys
import time


def listens(pid):
    """The program has its handlers: SIGTERM ends it in order."""
    with open("/proc/%d/status" % pid) as status:
        caught = re.search(r"^SigCgt:\s*(\w+)", status.read(), re.M)
    return int(caught.group(1), 16) >> (signal.SIGTERM - 1) & 1


ours, theirs = pty.openpty()
program = subprocess.Popen(sys.argv[2:], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
os.close(theirs)
seen, ended = b"", False
while True:
    try:
        part = os.read(ours, 4096)
    except OSError:                     # EIO: nobody has the other end any more
        break
    if not part:
        break
    seen += part
    if not ended and re.search(sys.argv[1].encode(), seen):
        while not listens(program.pid) and program.poll() is None:
            time.sleep(0.02)
        program.send_signal(signal.SIGTERM)
        ended = True
sys.stdout.write(seen.decode("latin-1").replace("\r\n", "\n"))
print("status", program.wait())
