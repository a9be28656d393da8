#!/usr/bin/env node
/*
 * Writes charset_data.h: the labels and single-byte tables of the Encoding
 * Standard (encoding.spec.whatwg.org, 4.2 and 5).
 *
 * Usage: npm install text-encoding@0.7.0 && node charset_gen.js >charset_data.h
 *
 * That package has the standard's own indexes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
'use strict';

const fs = require('fs');
const lib = require.resolve('text-encoding').replace(/index\.js$/, 'lib/');
const indexes = require(lib + 'encoding-indexes.js')['encoding-indexes'];
const source = fs.readFileSync(lib + 'encoding.js', 'utf8');
const all = eval(source.match(/var encodings = (\[[\s\S]*?\n  \]);/)[1])
    .flatMap((group) => group.encodings)
    .filter((e) => e.name !== 'replacement');

/* Labels that the standard has got since that package was made. */
const more = {
  'UTF-8': ['unicode11utf8', 'unicode20utf8', 'x-unicode20utf8'],
  'UTF-16BE': ['unicodefffe'],
  'UTF-16LE': ['csunicode', 'iso-10646-ucs-2', 'ucs-2', 'unicode',
    'unicodefeff'],
};
for (const e of all) {
  e.labels.push(...(more[e.name] || []));
}

/* The others, which multibyte.c decodes. */
const multibyte = ['GBK', 'gb18030', 'Big5', 'EUC-JP', 'ISO-2022-JP',
  'Shift_JIS', 'EUC-KR'];
const tables = Object.keys(indexes)
    .filter((name) => indexes[name].length === 128);
tables.push('x-user-defined');
indexes['x-user-defined'] =
    Array.from({ length: 128 }, (_, i) => 0xF780 + i);

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

function kind(name) {
  const table = tables.indexOf(name.toLowerCase() === 'iso-8859-8-i' ?
      'iso-8859-8' : name.toLowerCase());
  if (table >= 0) {
    return `HTML_CHARSET_SINGLE, html_charset_tables[${table}], ` +
        'HTML_MULTIBYTE_NONE';
  }
  if (multibyte.includes(name)) {
    return 'HTML_CHARSET_MULTIBYTE, NULL, ' +
        `HTML_MULTIBYTE_${name.replace(/-/g, '_').toUpperCase()}`;
  }
  return `HTML_CHARSET_${name.replace(/-/g, '').toUpperCase()}, NULL, ` +
      'HTML_MULTIBYTE_NONE';
}

/* Labels with a space between two, as a string on lines of their own. */
function words(labels) {
  let line = '';
  for (const label of labels) {
    if (line.length + label.length > 62) {
      console.log(`\t    "${line}"`);
      line = '';
    }
    line += label + ' ';
  }
  console.log(`\t    "${line.trimEnd()}",`);
}

console.log(`/*
 * charset_data.h - written by charset_gen.js; do not edit.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_CHARSET_DATA_H
#define HTML_CHARSET_DATA_H

#include "charset.h"

/* What the bytes from 0x80 mean; 0: nothing. */
static const uint16_t html_charset_tables[${tables.length}][128] = {`);
for (const name of tables) {
  console.log(`\t/* ${name} */ {`);
  fill(indexes[name].map((c) => (c === null ? 0 : c) + ','));
  console.log('\t},');
}
console.log('};\n\nstatic const struct html_charset_info ' +
    'html_charset_infos[] = {');
for (const e of all) {
  console.log(`\t{ "${e.name}",`);
  words(e.labels);
  console.log(`\t    ${kind(e.name)} },`);
}
console.log('};\n\n#endif');
