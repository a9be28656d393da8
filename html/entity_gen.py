#!/usr/bin/env python3
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
"""Writes entity_data.h: the named character references of HTML 13.5.

Usage: python3 entity_gen.py > entity_data.h

Python's own copy of the standard's table is the source.  Names are sorted by
their bytes, without the '&', with the ';' where it belongs to them.
"""
from html.entities import html5

names = sorted(html5, key=lambda n: n.encode())
print("/*\n * entity_data.h - written by entity_gen.py; do not edit.\n *")
print(" * Copyright (c) 2026 the Spindle authors.  "
      "SPDX-License-Identifier: ISC\n */")
print("#ifndef HTML_ENTITY_DATA_H\n#define HTML_ENTITY_DATA_H\n")
print("#include <stdint.h>\n")
print("/* What a number from 0x80 to 0x9F stands for (HTML 13.2.5.80). */")
print("static const uint16_t html_entity_c1[32] = {")
c1 = [ord(bytes([n]).decode("cp1252", "replace")) for n in range(0x80, 0xA0)]
c1 = [n if c == 0xFFFD else c for n, c in zip(range(0x80, 0xA0), c1)]
for i in range(0, 32, 8):
    print("\t" + " ".join("0x%04X," % c for c in c1[i:i + 8]))
print("};\n")
print("/* name: offset into its letter's names; second: 0, or what follows */")
print("struct html_entity_row {")
print("\tuint16_t name, second;\n\tuint32_t first;\n};\n")
print("static const struct html_entity_row html_entity_rows[%d] = {"
      % len(names))
at, line, letter = 0, "\t", ""
for n in names:
    if n[0] != letter:
        at, letter = 0, n[0]
    c = [ord(x) for x in html5[n]] + [0]
    cell = "{ %d, %s, %s }, " % (at, hex(c[1]) if c[1] else "0", hex(c[0]))
    at += len(n) + 1
    if len(line.expandtabs()) + len(cell) > 80:
        print(line.rstrip())
        line = "\t"
    line += cell
print(line.rstrip() + "\n};\n")
print("/* The rows of names that begin with 'A', 'B' ... 'z', and the end. */")
print("static const uint16_t html_entity_first[59] = {")
line = "\t"
for c in range(ord("A"), ord("z") + 2):
    cell = "%d, " % sum(ord(n[0]) < c for n in names)
    if len(line.expandtabs()) + len(cell) > 80:
        print(line.rstrip())
        line = "\t"
    line += cell
print(line.rstrip() + "\n};\n")
print("/* The names by their first letter, each ended by NUL. */")
print("static const char *const html_entity_names[58] = {")
for c in range(ord("A"), ord("z") + 1):
    line = '\t"'
    for n in names:
        if ord(n[0]) != c:
            continue
        cell = n + "\\0"
        if len(line.expandtabs()) + len(cell) > 78:
            print(line + '"')
            line = '\t"'
        line += cell
    print(line + '",')
print("};\n\n#endif")
