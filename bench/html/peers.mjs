/*
 * peers.mjs - htmlparser2 or parse5 over the corpus: title and the href of
 * each a.
 *
 * Usage: node peers.mjs LIST SECONDS htmlparser2 | parse5
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';

const [list, seconds, name] = process.argv.slice(2);
const require = createRequire(process.cwd() + '/');
const pages = fs.readFileSync(list, 'utf8').trim().split('\n')
    .map((file) => fs.readFileSync(file));
const bytes = pages.reduce((sum, page) => sum + page.length, 0);
const strings = pages.map((page) => page.toString('utf8'));
const library = await import(require.resolve(name));

function with_htmlparser2(html, found) {
  let in_title = false;
  let titled = false;
  const parser = new library.Parser({
    onopentag(tag, attrs) {
      if (tag === 'title' && !titled) {
        in_title = true;
      } else if (tag === 'a' && attrs.href !== undefined) {
        found.links++;
        found.bytes += attrs.href.length;
      }
    },
    ontext(text) {
      found.bytes += in_title ? text.length : 0;
    },
    onclosetag(tag) {
      if (tag === 'title' && in_title) {
        in_title = false;
        titled = true;
        found.titles++;
      }
    },
  });
  parser.write(html);
  parser.end();
}

function with_parse5(html, found) {
  let titled = false;
  const walk = (node) => {
    if (node.tagName === 'title' && !titled) {
      titled = true;
      found.titles++;
      found.bytes += node.childNodes.length ?
          node.childNodes[0].value.length : 0;
    }
    const href = node.tagName === 'a' &&
        node.attrs.find((a) => a.name === 'href');
    if (href) {
      found.links++;
      found.bytes += href.value.length;
    }
    (node.childNodes || []).forEach(walk);
  };
  walk(library.parse(html, { scriptingEnabled: false }));
}

const one = name === 'parse5' ? with_parse5 : with_htmlparser2;
const cpu = () => {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1e6;
};
let found;
let passes = 0;
const pass = () => {
  found = { titles: 0, links: 0, bytes: 0 };
  strings.forEach((html) => one(html, found));
};
pass();
const begin = cpu();
do {
  pass();
  passes++;
} while (cpu() - begin < Number(seconds));
console.log(name, (bytes * passes / (cpu() - begin) / 1e6).toFixed(1),
    found.titles, found.links, found.bytes);
