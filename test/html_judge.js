#!/usr/bin/env node
/*
 * html_judge.js - compares html/ with npm's parse5, which builds the tree
 * that browsers build: titles, links and paths of every page given.
 *
 * Usage: node html_judge.js HTML_JUDGE PAGE...
 *        node html_judge.js HTML_JUDGE --inputs FILE
 *        node html_judge.js HTML_JUDGE --random COUNT SEED
 *        node html_judge.js HTML_JUDGE --mutate COUNT SEED PAGE...
 *
 * HTML_JUDGE is the program made of html_judge.c.  Needs parse5.  Scripting
 * is off on both sides.  FILE is html_inputs.txt.  --random makes heaps of
 * broken markup, --mutate breaks the pages given; of those only title and
 * links are compared, which must be equal.  In pieces of 1, 2, 3 and 7 bytes
 * each page must give the same as whole, paths included.
 *
 * Exit status 1 when a page differs.  These differences are known, see
 * html/README.md, and each is counted:
 *
 * - "path": formatting elements that browsers open again in the next block,
 *   or move.  The last paths below can see it; they may differ on 3 of 100
 *   pages.  In FILE a line with "!" must differ by it.
 * - "select": parse5 reads what is in a select by the rules of 2024.
 * - "cdata": parse5 takes <![CDATA[ for a comment in elements of svg and math
 *   that hold HTML; the standard (13.2.5.42) does not.
 * - "reader": with no path wanted, nothing is known of the HTML elements
 *   around and in svg and math, or of a frameset.
 */
'use strict';

const fs = require('fs');
const { spawnSync } = require('child_process');

const paths = [
  '//h3/a/@href', '//h2/a/@href', '//h1/a/@href', '//article//a/@href',
  '/html/head/title', '/html/body/div/@id',
  /* From here on a formatting element that is opened again may differ. */
  '//ul/li/a/@href',
  "//div[@class]/a[1]/@href", '//table/tbody/tr/td/a/@href', '//h2/text()',
  "//li[contains(@class,'e')]/*/@class", '//p/text()',
];
const STRICT = 6;		/* so many of these must be equal */
const HTML = 'http://www.w3.org/1999/xhtml';
const collapse = (s) => s.replace(/[\t\n\f\r ]+/g, ' ')
    .replace(/^ | $/g, '');

/* All elements under a node, in document order; not into templates. */
function* walk(node) {
  for (const child of node.childNodes || []) {
    if (child.tagName) {
      yield child;
      yield* walk(child);
    }
  }
}

const attr = (node, name) =>
    (node.attrs.find((a) => a.name === name) || {}).value;

const text = (node) => (node.childNodes || []).map((c) =>
    c.nodeName === '#text' ? c.value : text(c)).join('');

/* Splits a path into steps; knows what the paths above use. */
function compile(path) {
  return [...path.matchAll(/(\/\/?)([^/[\]]+)((?:\[[^\]]*\])*)/g)]
      .map(([, slash, name, tests]) => ({ deep: slash === '//', name,
        tests: [...tests.matchAll(/\[([^\]]*)\]/g)].map((t) => t[1]) }));
}

function holds(test, node, position) {
  let m;
  if (/^\d+$/.test(test)) {
    return position === Number(test);
  }
  if ((m = test.match(/^@([\w-]+)$/))) {
    return attr(node, m[1]) !== undefined;
  }
  if ((m = test.match(/^@([\w-]+)='(.*)'$/))) {
    return attr(node, m[1]) === m[2];
  }
  m = test.match(/^contains\(@([\w-]+),'(.*)'\)$/);
  return (attr(node, m[1]) || '').includes(m[2]) &&
      attr(node, m[1]) !== undefined;
}

function select(root, path) {
  let nodes = [root];
  for (const step of compile(path)) {
    const from = step.deep ?
        [...new Set(nodes.flatMap((n) => [n, ...walk(n)]))] : nodes;
    if (step.name.startsWith('@')) {
      return from.flatMap((n) => (n.attrs || []).filter((a) =>
          step.name === '@*' || a.name === step.name.slice(1))
          .map((a) => a.value));
    }
    if (step.name === 'text()') {
      const in_order = [];
      const wanted = new Set(from);
      (function visit(n) {
        for (const c of n.childNodes || []) {
          if (c.nodeName === '#text' && wanted.has(n)) {
            in_order.push(collapse(c.value));
          }
          visit(c);
        }
      })(root);
      return in_order.filter((s) => s !== '');
    }
    const found = new Set();
    for (const n of from) {
      let kids = (n.childNodes || []).filter((c) => c.tagName &&
          (step.name === '*' ||
          (c.tagName === step.name && c.namespaceURI === HTML)));
      for (const test of step.tests) {
        kids = kids.filter((c, i) => holds(test, c, i + 1));
      }
      kids.forEach((c) => found.add(c));
    }
    nodes = [...walk(root)].filter((n) => found.has(n));
  }
  return nodes.map((n) => collapse(text(n))).filter((s) => s !== '');
}

/*
 * The links of a tree in the order of their tags, one for each tag.  A link
 * that is still open when its block ends is opened again in the next block:
 * the tree then has two elements made of one tag.  And what cannot stand in a
 * table is moved in front of it.
 */
function links(all) {
  const at = new Map();
  for (const n of all) {
    const start = n.sourceCodeLocation && n.sourceCodeLocation.startOffset;
    if ((n.tagName === 'a' || n.tagName === 'area') &&
        n.namespaceURI === HTML && typeof start === 'number' &&
        attr(n, 'href') !== undefined) {
      at.set(start, attr(n, 'href'));
    }
  }
  return [...at].sort(([a], [b]) => a - b).map(([, href]) => href);
}

/* What our side printed, as a list of { fact: [values] }, one for a page. */
function read(buffer) {
  const pages = [];
  let facts = {};
  for (let at = 0; at < buffer.length;) {
    const space = buffer.indexOf(' ', at);
    const second = buffer.indexOf(' ', space + 1);
    const name = buffer.toString('utf8', at, space);
    const len = Number(buffer.toString('utf8', space + 1, second));
    (facts[name] = facts[name] || []).push(
        buffer.toString('utf8', second + 1, second + 1 + len));
    at = second + 1 + len + 1;
    if (name === 'end') {
      pages.push(facts);
      facts = {};
    }
  }
  return pages;
}

/* What heaps of broken markup are made of. */
const scraps = ['<a href=', '<a href=x>', '<a ', '<A HREF="', "<a href='",
  '<area href=y>', '</a>', '<!--', '-->', '--!>', '<!-->', '<!--->', '-',
  '<!', '!', '<script>', '</script>', '<script ', '</script ', '<title>',
  '</title>', '</titlex>', '<textarea>', '</textarea>', '&amp', '&#x41;',
  '&notit;', '&copy=', '&#128;', '&#0;', '&;', '&', ';', '<![CDATA[', ']]>',
  ']', '<svg>', '</svg>', '<svg title>', '<?', '</', '<', '>', '/', '=',
  '"', "'", ' ', '\n', '\t', '\r\n', 'x', 'href', ' href=1', 'href="2"',
  '<style>', '</style>', '<xmp>', '</xmp>', '<noscript>', '</noscript>',
  '<iframe>', '</iframe>', '<p>', '<b', '<!doctype html>', '<!DOCTYPE',
  'title', 'script', '\u00e9', '<math>', '</math>', '<template>',
  '</template>', '<noembed>', '</noembed>', '<desc>', '<foreignObject>',
  '<base href=z>'];

/* Numbers of chance below n, the same for the same seed. */
function chance(seed) {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 4294967296 * n);
  };
}

function heap(pick) {
  let s = '';
  for (let n = 1 + pick(24); n > 0; n--) {
    s += scraps[pick(scraps.length)];
  }
  return s;
}

function* heaps(count, seed) {
  const pick = chance(seed);
  for (let i = 0; i < count; i++) {
    const s = heap(pick);
    yield [`random ${JSON.stringify(s)}`, Buffer.from('\ufeff' + s)];
  }
}

/* Part of a page in which some slices are lost, doubled, or made of scraps. */
function mutate(page, pick) {
  const at = pick(Math.max(1, page.length - 20000));
  let s = pick(2) ? page.slice(0, 20000) : page.slice(at, at + 20000);
  for (let n = 1 + pick(12); n > 0; n--) {
    const from = pick(s.length + 1);
    const to = Math.min(s.length, from + pick(pick(4) ? 12 : 600));
    const middle = [() => '', () => s.slice(from, to).repeat(2),
      () => scraps[pick(scraps.length)], () => heap(pick)][pick(4)]();
    s = s.slice(0, from) + middle + s.slice(to);
  }
  return s;
}

function* mutants(count, seed, names) {
  const pick = chance(seed);
  for (let i = 0; i < count; i++) {
    const name = names[pick(names.length)];
    const page = fs.readFileSync(name, 'utf8');
    yield [`mutant ${i} of ${seed}, ${name}`,
      Buffer.from('\ufeff' + mutate(page, pick))];
  }
}

function* files(names) {
  for (const name of names) {
    yield [name, fs.readFileSync(name)];
  }
}

/* Lines of `input`, or of `! input` where paths are known to differ. */
function* inputs(name) {
  for (const line of fs.readFileSync(name, 'utf8').split('\n')) {
    if (line !== '' && !line.startsWith('#')) {
      const s = line.replace(/^! /, '').replace(/\\n/g, '\n');
      yield [line, Buffer.from('\ufeff' + s)];
    }
  }
}

/* The kind of a difference that is known, or '' for one that is not. */
function kind(fact, all, html, mode) {
  if (/^\d/.test(fact)) {
    return mode === 'inputs' || fact >= STRICT ? 'path' : '';
  }
  if (all.some((n) => n.tagName === 'select') || /<select/i.test(html)) {
    return 'select';
  }
  if (/<!\[CDATA\[/.test(html) &&
      /<(desc|foreignobject|title|m[inos]|mtext|annotation-xml)/i.test(html)) {
    return 'cdata';
  }
  return fact.startsWith('reader-') &&
      /<(svg|math|frameset)/i.test(html) ? 'reader' : '';
}

/* What parse5 makes of a page, by the names that html_judge.c has. */
function expected(root, all, mode) {
  const title = all.find((n) => n.tagName === 'title' &&
      n.namespaceURI === HTML);
  const want = {
    title: title ? [collapse(text(title))] : [],
    link: links(all),
  };
  want['reader-title'] = want.title;
  want['reader-link'] = want.link;
  if (mode === 'pages' || mode === 'inputs') {
    paths.forEach((p, i) => { want[i] = select(root, p); });
  }
  return want;
}

/*
 * The page as text.  Some versions of Node read windows-1252 as if 80 to 9F
 * were controls there, too.
 */
function decode(charset, page) {
  const text = new TextDecoder(charset).decode(page);
  const high = '\u20AC\x81\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030' +
      '\u0160\u2039\u0152\x8D\u017D\x8F\x90\u2018\u2019\u201C\u201D\u2022' +
      '\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\x9D\u017E\u0178';
  return charset !== 'windows-1252' ? text :
      text.replace(/[\x80-\x9F]/g, (c) => high[c.charCodeAt(0) - 0x80]);
}

/* A list of [kind, words], one for each fact that differs. */
function judge(parse5, page, ours, mode) {
  const html = decode(ours.charset[0], page);
  const root = parse5.parse(html, { scriptingEnabled: false,
    sourceCodeLocationInfo: true });
  const all = [...walk(root)];
  const want = expected(root, all, mode);
  const wrong = (ours.pieces || []).map((n) =>
      ['', `in pieces of ${n} bytes it is not what it is whole`]);
  for (const fact of Object.keys(want)) {
    const got = ours[fact] || [];
    const at = want[fact].findIndex((v, i) => v !== got[i]);
    if (at >= 0 || got.length !== want[fact].length) {
      const i = at >= 0 ? at : want[fact].length;
      wrong.push([kind(fact, all, html, mode),
        `${paths[fact] || fact}: ${got.length} for ` +
        `${want[fact].length}; [${i}] is ` +
        `${JSON.stringify((got[i] || 'none').slice(0, 70))}, not ` +
        JSON.stringify((want[fact][i] || 'none').slice(0, 70))]);
    }
  }
  return wrong;
}

/* Shows so many pages to html_judge at once. */
const BATCH = 200;

function* batches(all) {
  let batch = [];
  for (const page of all) {
    batch.push(page);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

function run(program, batch) {
  const input = batch.flatMap(([, page]) =>
      [Buffer.from(`${page.length}\n`), page]);
  const ran = spawnSync(program, paths, { input: Buffer.concat(input),
    maxBuffer: 1 << 30 });
  const facts = read(ran.stdout);
  if (ran.status !== 0 || facts.length !== batch.length) {
    console.log(`${program}: exit ${ran.status} ${ran.signal} behind ` +
        `${facts.length} pages; the next is ` +
        `${(batch[facts.length] || ['none'])[0]}\n${ran.stderr}`);
    process.exit(1);
  }
  return facts;
}

/* The pages that the command line asks for, and how they are compared. */
function choose([mode, ...rest]) {
  switch (mode) {
    case '--inputs':
      paths.push('//*', '/html/body/*', '//p', '//td', '/html/*/@*',
          '//frame/@src', '//rt');
      return ['inputs', inputs(rest[0])];
    case '--random':
      return ['random', heaps(Number(rest[0]), Number(rest[1]))];
    case '--mutate':
      return ['random', mutants(Number(rest[0]), Number(rest[1]),
          rest.slice(2))];
    default:
      return ['pages', files([mode, ...rest])];
  }
}

/* Says what is wrong with one page; returns the kinds. */
function report(name, wrong, mode) {
  const kinds = new Set(wrong.map(([k]) => k));
  if (mode === 'inputs' && name.startsWith('!') !== kinds.has('path')) {
    kinds.add('');
    console.log(`${name}: ${kinds.has('path') ? 'no' : 'only a'} "!" ` +
        'tells that its paths differ');
  }
  if (kinds.has('') || mode === 'pages') {
    wrong.forEach(([k, words]) =>
        console.log(`${name}: ${k === '' ? '' : k + ': '}${words}`));
  }
  return kinds;
}

async function main() {
  const [program, ...args] = process.argv.slice(2);
  const parse5 = await import(require.resolve('parse5').replace(
      /cjs[/\\]index\.js$/, 'index.js'));
  const [mode, all] = choose(args);
  const sums = { '': 0, path: 0, select: 0, cdata: 0, reader: 0 };
  let count = 0;
  for (const batch of batches(all)) {
    run(program, batch).forEach((ours, i) => {
      const [name, page] = batch[i];
      report(name, judge(parse5, page, ours, mode), mode)
          .forEach((k) => { sums[k]++; });
      count++;
    });
  }
  const known = Object.keys(sums).filter((k) => k !== '' && sums[k] > 0)
      .map((k) => ` ${k} ${sums[k]}`);
  console.log(`# ${count} pages, ${sums['']} differ; ` +
      `known:${known.join(',') || ' none'}`);
  process.exitCode = sums[''] > 0 || count === 0 ||
      (mode === 'pages' && sums.path > count * 0.03) ? 1 : 0;
}

main();
