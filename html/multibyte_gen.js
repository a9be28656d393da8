#!/usr/bin/env node
/*
 * Writes multibyte_data.h: the pairs of bytes of which iconv(3) of glibc or
 * of musl says something else than the Encoding Standard.
 *
 * Usage: npm install iconv-lite@0.6.3 && node multibyte_gen.js >multibyte_data.h
 *
 * That package has the standard's own indexes of 2014; what has changed since
 * is below.  Needs cc and musl-gcc.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const lite = require('iconv-lite');

/* Our name, that of the package, those for iconv. */
const sets = [
  ['big5', 'big5hkscs', 'BIG5-HKSCS'],
  ['euc_jp', 'eucjp', 'EUC-JP-MS', 'EUC-JP'],
  ['euc_kr', 'cp949', 'CP949', 'EUC-KR'],
  ['gb18030', 'gbk', 'GB18030'],
  ['shift_jis', 'shiftjis', 'CP932', 'SHIFT_JIS'],
];

/* The standard follows GB 18030 of 2022. */
const changed = {
  gb18030: {
    a6d9: 0xFE10, a6da: 0xFE12, a6db: 0xFE11, a6dc: 0xFE13, a6dd: 0xFE14,
    a6de: 0xFE15, a6df: 0xFE16, a6ec: 0xFE17, a6ed: 0xFE18, a6f3: 0xFE19,
    fe59: 0x9FB4, fe61: 0x9FB5, fe66: 0x9FB6, fe67: 0x9FB7, fe6d: 0x9FB8,
    fe7e: 0x9FB9, fe90: 0x9FBA, fea0: 0x9FBB,
  },
};

/* glibc stops behind this pair in place of in front of it; it means nothing. */
const nothing = { euc_kr: ['a2e8'] };

const program = `
#include <iconv.h>
#include <stdio.h>
int
main(int argc, char **argv)
{
	iconv_t c = iconv_open("UTF-8", argv[argc - 1]);
	unsigned bytes;
	if (c == (iconv_t)-1)
		return 1;
	while (scanf("%x", &bytes) == 1) {
		char in[2] = { (char)(bytes >> 8), (char)bytes }, out[32];
		char *at = in, *to = out, *p;
		size_t left = 2, room = sizeof(out);
		if (bytes < 0x100)
			at++, left--;
		iconv(c, NULL, NULL, NULL, NULL);
		if (iconv(c, &at, &left, &to, &room) == (size_t)-1 || left > 0)
			to = out;
		else
			iconv(c, NULL, NULL, &to, &room);
		for (p = out; p < to; p++)
			printf("%02x", (unsigned char)*p);
		printf("\\n");
	}
	return 0;
}
`;

const place = fs.mkdtempSync(path.join(os.tmpdir(), 'multibyte.'));
fs.writeFileSync(`${place}/pairs.c`, program);
execFileSync('cc', ['-o', `${place}/glibc`, `${place}/pairs.c`]);
execFileSync('musl-gcc', ['-static', '-o', `${place}/musl`,
  `${place}/pairs.c`]);

/* All single bytes and pairs that may be characters, as hex. */
const all = [];
for (let lead = 0x80; lead < 0x100; lead++) {
  all.push(lead.toString(16));
  for (let trail = 0x40; trail < 0xFF; trail++) {
    all.push((lead << 8 | trail).toString(16));
  }
}

function ask(library, names) {
  for (const name of names) {
    try {
      return execFileSync(`${place}/${library}`, [name],
          { input: all.join('\n'), stdio: ['pipe', 'pipe', 'ignore'] })
          .toString().split('\n')
          .map((hex) => Buffer.from(hex, 'hex').toString());
    } catch (error) {
      /* There is no set of this name: ask for the next. */
    }
  }
  throw new Error(`${library} has none of ${names}`);
}

/* What the standard says; 0: nothing, or more than one character. */
function wanted(set, name, hex) {
  const text = lite.decode(Buffer.from(hex, 'hex'), name);
  const code = text.codePointAt(0);
  if ((changed[set] || {})[hex]) {
    return changed[set][hex];
  }
  /* The package makes an ASCII byte of what is no pair. */
  if (text.length !== 1 || code < 0x80 || code === 0xFFFD ||
      (code === 0x80 && hex.length > 2) ||
      (set === 'shift_jis' && code >= 0xE000 && code < 0xF900)) {
    return 0;
  }
  return code;
}

function fill(cells) {
  let line = '\t';
  for (const cell of cells) {
    if (line.length + 7 + cell.length > 80) {
      console.log(line.trimEnd());
      line = '\t';
    }
    line += cell + ' ';
  }
  console.log(line.trimEnd());
}

console.log(`/*
 * multibyte_data.h - written by multibyte_gen.js; do not edit.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_MULTIBYTE_DATA_H
#define HTML_MULTIBYTE_DATA_H

#include <stdint.h>

/* What one or two bytes, read as a number, mean by the standard. */
struct html_multibyte_patch {
	uint16_t bytes, code;
};`);
for (const [set, name, ...names] of sets) {
  const answers = ['glibc', 'musl'].map((library) => ask(library, names));
  const cells = [];
  all.forEach((hex, i) => {
    const code = (nothing[set] || []).includes(hex) ? 0xFFFD :
        wanted(set, name, hex);
    if (code > 0 && answers.some((a) => a[i] !== String.fromCodePoint(code))) {
      cells.push([parseInt(hex, 16), code]);
    }
  });
  cells.sort((a, b) => a[0] - b[0]);
  console.error(set, cells.length);
  console.log(`
/* Sorted by the bytes. */
static const struct html_multibyte_patch html_multibyte_${set}[] = {`);
  fill(cells.map(([bytes, code]) =>
      `{0x${bytes.toString(16).toUpperCase()},${code}},`));
  console.log('};');
}
const ranges = require('iconv-lite/encodings/tables/gb18030-ranges.json');
console.log(`
/*
 * Four bytes of GB 18030, read as a number as they count (not as bytes), and
 * what they mean: the first of a row each.
 */
static const struct html_multibyte_patch html_multibyte_fours[] = {`);
fill(ranges.gbChars.map((n, i) => [n, ranges.uChars[i]])
    .filter(([n]) => n <= 39419)
    .map(([n, code]) => `{${n},${code}},`));
console.log('};\n\n#endif');
fs.rmSync(place, { recursive: true });
