# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes input lines out of the patterns of rule files, so that the rules have something to match.

Python's parser reads most of what is written in Perl's dialect; a pattern that it cannot read is
left out.  What is not literal becomes the simplest text that fits, and match variables in second
patterns get the text that the groups of first patterns have got."""
import re
import re._parser as parser
import warnings

warnings.simplefilter("ignore", FutureWarning)

FIELD = re.compile(r"^\s*(e?g?p?type\d*|ptype\d*|pattern\d*|egpattern|type)\s*=\s*(.*?)\s*$", re.I)
CLASSES = {parser.CATEGORY_DIGIT: "4", parser.CATEGORY_WORD: "w", parser.CATEGORY_SPACE: " ",
           parser.CATEGORY_NOT_DIGIT: "d", parser.CATEGORY_NOT_WORD: "-", parser.CATEGORY_NOT_SPACE: "s"}


def logical_lines(text):
    joined = re.sub(r"\\\r?\n\s*", "", text)
    return joined.split("\n")


def one_of(items):
    if items and items[0][0] is parser.NEGATE:
        banned = re.compile("[" + re.escape("".join(chr(v) for op, v in items[1:] if op is parser.LITERAL)) + "\\s]")
        return next(c for c in "w4-_/.:" if len(items) == 1 or not banned.match(c))
    for op, value in items:
        if op is parser.LITERAL:
            return chr(value)
        if op is parser.RANGE:
            return chr(value[0])
        if op is parser.CATEGORY:
            return CLASSES[value]
    return "w"


def text_of(tree, groups):
    out = []
    for op, value in tree:
        if op is parser.LITERAL:
            out.append(chr(value))
        elif op is parser.NOT_LITERAL:
            out.append("x" if value != ord("x") else "y")
        elif op is parser.ANY:
            out.append("a")
        elif op is parser.IN:
            out.append(one_of(value))
        elif op in (parser.MAX_REPEAT, parser.MIN_REPEAT, getattr(parser, "POSSESSIVE_REPEAT", None)):
            low, high, sub = value
            out.append(text_of(sub, groups) * max(low, min(1, int(high))))
        elif op is parser.SUBPATTERN:
            text = text_of(value[-1], groups)
            if value[0]:
                groups[value[0]] = text
            out.append(text)
        elif op is parser.BRANCH:
            out.append(text_of(value[1][0], groups))
        elif op is parser.GROUPREF:
            out.append(groups.get(value, ""))
    return "".join(out)


def line_for(kind, pattern, groups):
    pattern = re.sub(r"\$(?:\+?\{?)(\w+)\}?(?![)|])", lambda m: groups.get(m.group(1), m.group(0)), pattern)
    if "substr" in kind.lower():
        return pattern.replace("\\t", "\t").replace("\\s", " ").replace("\\\\", "\\")
    if "regexp" not in kind.lower():
        return None
    pattern = re.sub(r"\(\?<(?![=!])", "(?P<", pattern)
    pattern = re.sub(r"(?<!^)\(\?[imsx]+\)", "", pattern)
    try:
        found = {}
        text = text_of(parser.parse(pattern), found)
    except (re.error, RecursionError, OverflowError, StopIteration):
        return None
    if text != "" and found:
        groups.update({str(n): t for n, t in found.items()})
    return text.replace("\n", " ")


def lines_for(texts):
    """Lines for the patterns of all rules, in order, three times over"""
    out = ["a line that most rules leave alone"]
    for text in texts:
        kind, groups = "", {}
        for line in logical_lines(text):
            field = FIELD.match(line)
            if not field:
                continue
            name, value = field.group(1).lower(), field.group(2)
            if "ptype" in name:
                kind = value
            elif "pattern" in name and value:
                made = line_for(kind, value, groups)
                if made is not None:
                    out.append(made)
    return out * 3
