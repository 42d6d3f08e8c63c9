# SPDX-License-Identifier: GPL-2.0-or-later
"""What a release of SEC that is newer than the installed one does with a case.

A case with `min-version` holds it in sections `[expect CHANNEL]`, in the words of the comparison and
each line behind a bar, so that no text can be taken for a section.  They are recorded from a SEC of
that version (run.py --record), never written by hand, and checked whenever one is the reference.
"""
import difflib
import json
import os
import re
import zlib

from .case import ENC, SECTION, STRICT, TEXT


def channels(case):
    """Those that are judged."""
    return [c for c in STRICT + TEXT if c not in case.ignore and (c != "stderr" or c in case.strict)]


def ours(ids):
    return set(map(str, ids)) <= set(map(str, os.getgroups() + [os.getegid()]))


def portable_text(dump):
    """Without what belongs to this machine and user, and with a short form of the 256 constants."""
    dump = re.sub(r"^PATH=.*$", "PATH=@PATH@", dump, flags=re.M)
    dump = re.sub(r"^Effective user ID: %d$" % os.geteuid(), "Effective user ID: @EUID@", dump, flags=re.M)
    dump = re.sub(r"^Effective group ID: %d$" % os.getegid(), "Effective group ID: @EGID@", dump, flags=re.M)
    dump = re.sub(r"^Supplementary group IDs: (.*)$",
                  lambda m: "Supplementary group IDs: @GROUPS@" if ours(m.group(1).split()) else m.group(0),
                  dump, flags=re.M)
    constants = re.findall(r"^%\.chr\d+ = '[\0-\xff]'$", dump, flags=re.M)
    dump = re.sub(r"^%\.chr\d+ = '[\0-\xff]'\n", "", dump, flags=re.M)
    if constants:
        total = zlib.crc32("\n".join(constants).encode(ENC))
        dump += "%%.chr: %d variables, CRC-32 %08x\n" % (len(constants), total)
    return dump


def portable_json(dump):
    data = json.loads(dump)
    env, program = data.get("env", {}), data.get("program", {})
    if "PATH" in env:
        env["PATH"] = "@PATH@"
    for key, mine in (("euid", os.geteuid()), ("egid", os.getegid())):
        if program.get(key) in (str(mine), {"num": mine}):
            program[key] = "@%s@" % key.upper()
    if ours(i["num"] if isinstance(i, dict) else i for i in program.get("sgid", [])):
        program["sgid"] = "@GROUPS@"
    variables = data.get("variables", {})
    constants = {k: variables.pop(k) for k in list(variables) if re.match(r"\.chr\d", k)}
    if constants:
        total = zlib.crc32(json.dumps(constants, sort_keys=True).encode(ENC))
        variables[".chr"] = "%d variables, CRC-32 %08x" % (len(constants), total)
    return json.dumps(data, indent=1, sort_keys=True)


def portable(channel, text):
    """The outcome of a channel as it is on every machine."""
    text = str(text)
    if channel != "dump":
        return text
    heads = re.split(r"^(== sec\.dump.*\n)", text, flags=re.M)
    return "".join(portable_json(part) + "\n" if part.startswith("{") else portable_text(part) for part in heads)


def outcome(case, result):
    return {c: portable(c, result.get(c, "")) for c in channels(case)}


def wrong(case, result):
    """The unified diff of a case's expectation and what its reference did just now; empty when equal."""
    real, lines = outcome(case, result), []
    for channel, text in real.items():
        lines += difflib.unified_diff(case.expected(channel).split("\n"), text.split("\n"), "recorded " + channel,
                                      "reference " + channel, lineterm="", n=2)
    return "\n".join(lines)


def record(case, result):
    """Writes the outcome into the case's file, in the place of what was recorded before."""
    with open(case.path, encoding=ENC, newline="\n") as fh:
        lines = fh.read().split("\n")
    kept, skipping = [], False
    for line in lines:
        m = SECTION.match(line)
        if m:
            skipping = m.group(1) == "expect"
        if not skipping:
            kept.append(line)
    text = "\n".join(kept).rstrip("\n") + "\n"
    for channel, body in outcome(case, result).items():
        if body:
            text += "[expect %s]\n" % channel + "".join("|%s\n" % line for line in body.split("\n"))
    with open(case.path, "w", encoding=ENC, newline="\n") as fh:
        fh.write(text)
