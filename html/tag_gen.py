#!/usr/bin/env python3
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
"""Writes tag_id_data.h and tag_data.h: the elements that HTML treats in a way
of their own.

Usage: python3 tag_gen.py ids > tag_id_data.h; python3 tag_gen.py > tag_data.h

Each list below is one of the standard's (HTML 13.2.4.2, 13.2.5, 13.2.6); an
element's flags say in which lists it stands.  The elements are found through
a hash without collisions: a factor is tried until each has a slot alone.
"""
import random

LISTS = {
    # 13.1.2: void elements, and those the parser treats alike
    "VOID": """area base basefont bgsound br col embed frame hr image img
        input keygen link meta param source track wbr""",
    # 13.2.4.2: special
    "SPECIAL": """address applet area article aside base basefont bgsound
        blockquote body br button caption center col colgroup dd details dir
        div dl dt embed fieldset figcaption figure footer form frame frameset
        h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input keygen
        li link listing main marquee menu meta nav noembed noframes noscript
        object ol p param plaintext pre script search section select source
        style summary table tbody td template textarea tfoot th thead title
        tr track ul wbr xmp""",
    # 13.2.4.3: where a search for an element in scope ends
    "SCOPE": "applet caption html table td th marquee object template",
    "BUTTON_SCOPE": "button",
    "ITEM_SCOPE": "ol ul",
    "TABLE_SCOPE": "html table template",
    # 13.2.6.4.7: a start tag that closes a p in button scope
    "CLOSES_P": """address article aside blockquote center details dialog dir
        div dl fieldset figcaption figure footer header hgroup main menu nav
        ol p search section summary ul h1 h2 h3 h4 h5 h6 pre listing form li
        dd dt plaintext hr xmp table""",
    # 13.2.6.4.7: an end tag that closes what is in scope
    "BLOCK": """address article aside blockquote button center details dialog
        dir div dl fieldset figcaption figure footer header hgroup listing
        main menu nav ol pre search section select summary ul applet marquee
        object form dd dt""",
    # 13.2.6.3: closed by implication
    "IMPLIED": "dd dt li optgroup option p rb rp rt rtc",
    # 13.2.4.2: formatting
    "FORMAT": "a b big code em font i nobr s small strike strong tt u",
    # 13.2.6.4.4: what may stand in head
    "HEAD": """base basefont bgsound link meta title noscript noframes style
        script template""",
    # 13.2.6.4.7: ignored outside a table
    "TABLE": "caption col colgroup tbody td tfoot th thead tr",
    # 13.2.6.1: what is no part of a table cannot stand directly in these
    "BARE": "table tbody tfoot thead tr",
    "CELL": "caption td th",
    "TERM": "dd dt",
    # 13.2.6.5: a start tag that ends foreign content
    "BREAKOUT": """b big blockquote body br center code dd div dl dt em embed
        h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre
        ruby s small span strong strike sub sup table tt u ul var""",
    "HEADING": "h1 h2 h3 h4 h5 h6",
    # 13.2.4.2, foreign: text integration points
    "MATH_TEXT": "mi mo mn ms mtext",
    "SVG_HTML": "foreignobject desc title",
    # what matters wherever it stands: it says something by itself, or decides
    # how what follows it is read
    "NOTED": """a area base meta title textarea style xmp iframe noembed
        noframes script plaintext svg math template""",
}
# 13.2.6.4.7: where the search for a li, dd or dt to close ends
LISTS["ITEM_WALL"] = " ".join(
    set(LISTS["SPECIAL"].split()) - {"address", "div", "p"})
# 13.2.5: what the tokenizer does after a start tag
RAW = {
    "RCDATA": "title textarea",
    "RAWTEXT": "style xmp iframe noembed noframes",
    "SCRIPT": "script",
    "PLAINTEXT": "plaintext",
}
MORE = "svg math annotation-xml ruby span sub sup var image mglyph malignmark"
MASK = (1 << 64) - 1
SLOT_BITS = 10


def word(name):
    return int.from_bytes(name.encode()[:8], "little")


def slot(name, factor):
    return (word(name) * factor & MASK) >> (64 - SLOT_BITS)


def all_names():
    names = set(MORE.split())
    for words in list(LISTS.values()) + list(RAW.values()):
        names.update(words.split())
    return sorted(names)


def head(name):
    print("/*\n * %s.h - written by tag_gen.py; do not edit.\n *" % name)
    print(" * Copyright (c) 2026 the Spindle authors.  "
          "SPDX-License-Identifier: ISC\n */")
    guard = "HTML_%s_H" % name.upper()
    print("#ifndef %s\n#define %s\n" % (guard, guard))


def main():
    names = all_names()
    tries = random.Random(1)
    factor = 0
    while len({slot(n, factor) for n in names}) < len(names):
        factor = tries.getrandbits(64) | 1
    head("tag_data")
    print('#include "tag.h"\n')
    print("#define HTML_TAG_FACTOR 0x%XU" % factor)
    print("#define HTML_TAG_SLOT_SHIFT %d\n" % (64 - SLOT_BITS))
    print("static const struct html_tag html_tag_all[] = {")
    print("\t{ 0, \"\", 0, HTML_TAG_OTHER, HTML_TAG_TEXT_DATA, 0 },")
    for n in names:
        flags = [f for f, w in LISTS.items() if n in w.split()]
        raw = [r for r, w in RAW.items() if n in w.split()] or ["DATA"]
        print('\t{ 0x%XU, "%s", %d,\n\t    HTML_TAG_%s, HTML_TAG_TEXT_%s,'
              '\n\t    %s },' % (
            word(n), n, len(n), n.upper().replace("-", "_"), raw[0],
            " |\n\t    ".join("HTML_TAG_IS_" + f for f in flags) or "0"))
    print("};\n")
    slots = [0] * (1 << SLOT_BITS)
    for i, n in enumerate(names):
        slots[slot(n, factor)] = i + 1
    print("static const unsigned char html_tag_slots[%d] = {" % len(slots))
    for i in range(0, len(slots), 16):
        print("\t" + " ".join("%d," % s for s in slots[i:i + 16]))
    print("};\n\n#endif")


def ids():
    head("tag_id_data")
    print("/* The elements; HTML_TAG_OTHER is every one that is not named here. */")
    print("enum html_tag_id {")
    line = "\tHTML_TAG_OTHER,"
    for n in all_names():
        word = "HTML_TAG_%s," % n.upper().replace("-", "_")
        if len(line.expandtabs()) + 1 + len(word) > 79:
            print(line)
            line = "\t" + word
        else:
            line += " " + word
    print(line + " HTML_TAG_COUNT\n};\n\n#endif")


if __name__ == "__main__":
    import sys
    ids() if sys.argv[1:] == ["ids"] else main()
