#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""page.py FILE: reads a page of `secant migrate --html` as XML, which has no mercy, and as HTML, and prints what is
in it: each piece of text in a line, after its section and the elements around it.  Anything that could fetch, run or
lead somewhere is refused."""
import sys
import xml.etree.ElementTree as tree
from html.parser import HTMLParser

TAGS = set("html head meta title style body main header section span h1 h2 h3 p pre dl div dt dd table thead tbody tr "
           "th td details summary b code mark ul li".split())
ATTRIBUTES = set("lang charset http-equiv content name class id scope colspan open data-side".split())


class Texts(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.all = []

    def handle_data(self, data):
        self.all.append(data)


def refuse(why):
    sys.exit("%s: %s" % (sys.argv[1], why))


def show(element, section, path):
    if element.tag not in TAGS:
        refuse("element %s" % element.tag)
    for name in element.attrib:
        if name not in ATTRIBUTES:
            refuse("attribute %s of %s" % (name, element.tag))
    section = element.get("id", section)
    path = path + [element.tag]
    if element.tag == "meta":
        print("meta", " ".join(element.attrib.values()))
    if element.tag == "style":
        if any(word in element.text for word in ("url(", "@import", "expression", "//")):
            refuse("the style fetches something")
        return
    if element.text and element.text.strip():
        print(section, ">".join(path[3:]) or element.tag, repr(element.text)[1:-1])
    for child in element:
        show(child, section, path)
        if child.tail and child.tail.strip():
            print(section, ">".join(path[3:]), repr(child.tail)[1:-1])


with open(sys.argv[1], encoding="utf-8", newline="") as file:
    text = file.read()
if "http://" in text or "https://" in text:
    refuse("an address")
page = tree.fromstring(text)
reader = Texts()
reader.feed(text)
if "".join(reader.all).split() != "".join(page.itertext()).split():
    refuse("XML and HTML are not the same")
show(page, "head", [])
