#!/usr/bin/env node
/*
 * idna_judge.mjs - compares hosts as http/url reads them with those of Node's
 * own `new URL`, and of that in a package.
 *
 * Usage: node idna_judge.mjs IDNA_JUDGE COUNT SEED [whatwg-url]
 *
 * IDNA_JUDGE is the program made of idna_judge.c.  COUNT random hosts are
 * made of letters, marks, joiners, digits, dots, A-labels and what is broken
 * of all these; the same seed makes the same hosts.  Exit status 1 when a
 * host differs.  These differences are known, and counted:
 *
 * - "dns": a label is empty or too long, or the name is: here it is refused,
 *   as nobody can look it up; in browsers it is not.
 * and of Node alone, whose faults these are, and which may have Unicode 15.0
 * (an answer that differs is counted by the first of these that the host has;
 * whatwg-url has Unicode 17.0, as we have, and no answer of it may differ):
 *
 * - "unicode": a character that is new in Unicode since version 15.0, or that
 *   UTS 46 treats in another way since; or a mark that is new since 13.0.
 * - "joiner": a zero width joiner; Node looks at fewer or other neighbours.
 * - "bidi": a letter or number that is written from right to left; Node asks
 *   for the rule in the labels that have one, not in the whole name.
 * - "ascii": an A-label that stands for one of ASCII.
 * - "broken": an A-label that was changed, and so can have any of these.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
import { spawnSync } from 'child_process';
import { createRequire } from 'module';

const [judge, count, seed, other] = process.argv.slice(2);
const text = String.fromCodePoint;
const codesOf = (s) => [...s].map((c) => c.codePointAt(0));

/*
 * What UTS 46 says another thing of in 17.0 than in 15.0; and marks that Node
 * does not take for marks.
 */
const changed = `4c0 88f 897 c5c cdc 10a0-10c5 115f-1160 17b4-17b5 1806 180e
  1acf-1add 1ae0-1aeb 1b4e-1b4f 1b7f 1c89-1c8a 1e9e 2061-2063 206a-206f 20c1
  2132 2183 2427-2429 2b96 3164 31e4-31e5 a7cb-a7cf a7d2 a7d4 a7da-a7dc a7f1
  fbc3-fbd2 fd90-fd91 fdc8-fdce ffa0 105c0-105f3 10940-10959 10d40-10d65
  10d69-10d85 10d8e-10d8f 10ec2-10ec7 10ed0-10ed8 10efa-10efc 11380-11389
  1138b 1138e 11390-113b5 113b7-113c0 113c2 113c5 113c7-113ca 113cc-113d5
  113d7-113d8 113e1-113e2 116d0-116e3 11b60-11b67 11bc0-11be1 11bf0-11bf9
  11db0-11ddb 11de0-11de9 11f5a 13460-143fa 16100-16139 16d40-16d79
  16ea0-16eb8 16ebb-16ed3 16ff2-16ff6 187f8-187ff 18cff 18d09-18d1e
  18d80-18df2 1cc00-1ccfc 1cd00-1ceb3 1ceba-1ced0 1cee0-1cef0 1d173-1d17a
  1e5d0-1e5fa 1e5ff 1e6c0-1e6de 1e6e0-1e6f5 1e6fe-1e6ff 1f6d8 1f777-1f77a
  1f8b2-1f8bb 1f8c0-1f8c1 1f8d0-1f8d8 1fa54-1fa57 1fa89-1fa8a 1fa8e-1fa8f
  1fabe 1fac6 1fac8 1facd 1fadc 1fadf 1fae9-1faea 1faef 1fbcb-1fbef 1fbfa
  2b73a-2b73f 2cea2-2cead 2ebf0-2ee5d 2f868 2f874 2f91f 2f95f 2f9bf
  323b0-33479
  345 898-89f 8ca-8d2 c3c cf3 ece 1715 1ac1-1ace 1dfa 10efd-10eff 10f82-10f85
  11070 11073-11074 110c2 11241 11f00-11f01 11f03 11f34-11f3a 11f3e-11f42
  13440 13447-13455 1cf00-1cf2d 1cf30-1cf46 1e08f 1e2ae
  1e4ec-1e4ef`.split(/\s+/).map((range) =>
    range.split('-').map((c) => parseInt(c, 16)));

const isChanged = (c) => changed.some(([first, last = first]) =>
    c >= first && c <= last);

/* Where letters are that are written from right to left. */
const rightToLeft = [[0x590, 0x8FF], [0x2135, 0x2138], [0xFB1D, 0xFDFF],
  [0xFE70, 0xFEFE], [0x10800, 0x10FFF], [0x1E800, 0x1EFFF]];

/* ---- hosts of chance ---- */

let state = Number(seed) >>> 0;

/* A number of chance below n. */
function pick(n) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 4294967296 * n);
}

const among = (list) => list[pick(list.length)];

/* A character from one of these ranges, of which each is as likely. */
function from(...ranges) {
  const [first, last] = among(ranges);
  return text(first + pick(last - first + 1));
}

const marks = () => from([0x300, 0x345], [0x5B0, 0x5BD], [0x64B, 0x655],
    [0x93C, 0x93C], [0x94D, 0x94D], [0x1DC0, 0x1DFF], [0x20D0, 0x20F0],
    [0x302A, 0x302F], [0x3099, 0x309A], [0xFE20, 0xFE2F]);
const joiner = () => among(['\u200C', '\u200D']);

/* Each makes a piece of a label; they are as likely as they are often here. */
const makers = [
  () => from([0x61, 0x7A]),
  () => from([0x41, 0x5A]),
  () => from([0x30, 0x39]),
  () => from([0xC0, 0x24F], [0x1E00, 0x1EFF]),
  () => from([0x370, 0x3FF], [0x1F00, 0x1FFF]),
  () => from([0x400, 0x52F], [0x530, 0x58F], [0x13A0, 0x13FF]),
  () => from([0x61, 0x7A], [0x3B1, 0x3C9]) + marks(),
  () => from([0x61, 0x7A], [0x3B1, 0x3C9]) + marks() + marks() + marks(),
  () => from([0x5D0, 0x5EA], [0x620, 0x64A], [0x710, 0x72F], [0x7C0, 0x7FF]),
  () => from([0x660, 0x669], [0x6F0, 0x6F9], [0x30, 0x39]),
  () => from([0x627, 0x64A]) + joiner() + from([0x627, 0x64A]),
  () => from([0x627, 0x64A]) + from([0x64B, 0x655]) + '\u200C' +
      from([0x64B, 0x655]) + from([0x627, 0x64A], [0x840, 0x85B]),
  () => from([0x915, 0x939]) + '\u094D' + joiner() + from([0x915, 0x939]),
  () => from([0x900, 0xDFF]),
  () => from([0xE00, 0x10FF]),
  () => from([0x1100, 0x1112]) + from([0x1161, 0x1175]),
  () => from([0x1100, 0x1112]) + from([0x1161, 0x1175]) +
      from([0x11A8, 0x11C2]),
  () => from([0xAC00, 0xD7A3]),
  () => from([0x3041, 0x30FF], [0x4E00, 0x9FFF], [0xF900, 0xFAFF]),
  () => from([0xFF01, 0xFF5E]),
  () => from([0xFE00, 0xFEFF], [0xFB1D, 0xFDFF]),
  () => from([0x2000, 0x206F], [0x2100, 0x218F], [0x2460, 0x24FF]),
  () => among(['\u00AD', '\uFE0F', '\u200B', '\uFEFF', '\u034F', '\u2060']),
  () => among(['\u00DF', '\u03C2', '\u0130', '\u0149', '\uFDFA', '\u1E9E']),
  () => from([0x1D400, 0x1D7FF], [0x1F300, 0x1FAFF], [0x2F800, 0x2FA1D]),
  () => from([0x10000, 0x10FFF], [0x11000, 0x11FFF], [0x1E800, 0x1EFFF]),
  () => from([0x20, 0xD7FF], [0xE000, 0x323FF], [0xE000, 0x10FFFF]),
  () => among(['<', '>', '=']) + '\u0338',
  () => among(['-', '--', '_', '!', '%', '^', '|', ' ', '\x7F', '~']),
  marks, joiner,
];

/*
 * What the host that is being made has, by which Node's answers may differ
 * (see above); an A-label that was changed can have anything.
 */
let has = {};

function note(s) {
  const codes = codesOf(s);
  has.unicode ||= codes.some(isChanged);
  has.joiner ||= /[\u200C\u200D]/.test(s);
  has.bidi ||= codes.some((c) => rightToLeft.some(([first, last]) =>
      c >= first && c <= last));
  return s;
}

/* Mostly makers of one or two kinds, so that many labels are good. */
function unicodeLabel() {
  const usual = [among(makers), among(makers)];
  const stray = pick(6) === 0 ? 4 : 100;
  let label = '';
  for (let n = 1 + pick(pick(12) === 0 ? 40 : 6); n > 0; n--) {
    label += pick(stray) > 0 ? among(usual)() : among(makers)();
  }
  return label;
}

/* An A-label, which may be of what no label can be; or nearly one. */
function alabel() {
  const inside = unicodeLabel();
  let label = 'xn--' + punycode(note(pick(4) === 0 ? inside :
      inside.toLowerCase().normalize('NFKC')));
  has.ascii ||= label.endsWith('-');
  if (pick(5) === 0) {
    const at = 4 + pick(label.length - 3);
    label = label.slice(0, at) + among(['', 'a', '9', '-', 'Z', '\u00E9']) +
        label.slice(at + pick(2));
    has.broken = true;
  }
  return pick(8) === 0 ? label.toUpperCase() : label;
}

const number = () => among(['0', '1', '127', '0x7f', '256', '\uFF11', '010',
  '\u{1D7CF}', '4294967295']);

function label() {
  const kind = pick(12);
  return kind < 8 ? note(unicodeLabel()) : kind < 10 ? alabel() :
      kind < 11 ? number() : among(['example', 'com', 'a', 'a', '']);
}

/* Punycode of any text (RFC 3492, section 6.3). */
function punycode(s) {
  const all = codesOf(s);
  let out = text(...all.filter((c) => c < 128));
  let done = out.length, bias = 72, delta = 0;
  const basic = done;
  out += done > 0 ? '-' : '';
  for (let n = 128; done < all.length; n++, delta++) {
    const next = Math.min(...all.filter((c) => c >= n));
    delta += (next - n) * (done + 1);
    n = next;
    for (const c of all) {
      delta += c < n;
      if (c === n) {
        out += digits(delta, bias);
        bias = adapt(delta, done + 1, done === basic);
        delta = 0;
        done++;
      }
    }
  }
  return out;
}

function digits(number, bias) {
  const all = 'abcdefghijklmnopqrstuvwxyz0123456789';
  let out = '';
  for (let k = 36; ; k += 36) {
    const least = Math.max(1, Math.min(26, k - bias));
    if (number < least) {
      return out + all[number];
    }
    out += all[least + (number - least) % (36 - least)];
    number = Math.floor((number - least) / (36 - least));
  }
}

function adapt(delta, count, first) {
  let k = 0;
  delta = Math.floor(delta / (first ? 700 : 2));
  delta += Math.floor(delta / count);
  for (; delta > 455; k += 36) {
    delta = Math.floor(delta / 35);
  }
  return k + Math.floor(36 * delta / (delta + 38));
}

/* Bytes in place of some characters, as % and two digits. */
function encoded(host) {
  return [...host].map((c) => pick(4) > 0 ? c : [...Buffer.from(c)]
      .map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')).join('');
}

function host() {
  const labels = [];
  for (let n = 1 + pick(2) + pick(2); n > 0; n--) {
    labels.push(label());
  }
  const dot = pick(4) > 0 ? '.' : among(['\u3002', '\uFF0E', '\uFF61', '%2e']);
  const name = labels.join(dot) + (pick(20) === 0 ? dot : '');
  return (pick(10) === 0 ? encoded(name) : name)
      .replace(/[\t\n\r/\\?#@:[\]]/g, 'x');
}

/* ---- the comparison ---- */

function read(URL, url) {
  try {
    return new URL(url).href;
  } catch (error) {
    return '!';
  }
}

/* Has the DNS room for this host? */
function fits(href) {
  const name = href.split('/')[2].replace(/\.$/, '');
  return name.length <= 253 &&
      name.split('.').every((l) => l.length > 0 && l.length <= 63);
}

/* How two answers to a URL compare: see above. */
function compare(want, got, has, judge) {
  if (want === got) {
    return want === '!' ? 'refused' : 'equal';
  }
  if (got === '!' && !fits(want)) {
    return 'dns';
  }
  return judge === 'node' && Object.keys(has).find((k) => has[k]) || 'wrong';
}

const urls = [];
while (urls.length < Number(count)) {
  has = {};
  const url = `http://${host()}/`;
  urls.push({ url, has });
}
const ours = spawnSync(judge, { input: urls.map((u) => `${u.url}\n`).join(''),
  maxBuffer: 1 << 30, encoding: 'utf8' });
const lines = ours.stdout.split('\n');
if (ours.status !== 0 || lines.length !== urls.length + 1) {
  throw new Error(`${judge} fails: ${ours.stderr}`);
}
const judges = [['node', URL]];
if (other) {
  judges.push([other, createRequire(import.meta.url)(other).URL]);
}
for (const [name, their] of judges) {
  const sums = {};
  urls.forEach(({ url, has }, i) => {
    const want = read(their, url);
    const kind = compare(want, lines[i].startsWith('!') ? '!' : lines[i], has,
        name);
    sums[kind] = (sums[kind] || 0) + 1;
    if (kind === 'wrong') {
      const codes = codesOf(url).map((c) => c.toString(16)).join(' ');
      console.log(`${name}: ${JSON.stringify(url)} (${codes}): ` +
          `${want}, not ${lines[i]}`);
      process.exitCode = 1;
    }
  });
  console.log(`${name}: ${JSON.stringify(sums)}`);
}
