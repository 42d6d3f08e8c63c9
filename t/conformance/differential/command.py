# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands of the two programs: where they are, which version they are."""
import os
import re
import shlex
import subprocess


def absolute(cmd):
    """The cases run in their own directories: a relative program would not be found there."""
    words = shlex.split(cmd)
    return shlex.join([os.path.abspath(w) if "/" in w and os.path.exists(w) else w for w in words])


def numbers(version):
    return tuple(int(x) for x in version.split("."))


def version_of(cmd):
    """As a tuple; None if it cannot be run"""
    try:
        out = subprocess.run(shlex.split(cmd) + ["--version"], stdin=subprocess.DEVNULL, timeout=15,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode("latin-1")
    except (OSError, subprocess.TimeoutExpired):
        return None
    m = re.search(r"([0-9]+(?:\.[0-9]+)+)", out)
    return numbers(m.group(1)) if m else None
