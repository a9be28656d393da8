// titles.mjs - the title that parse5 finds in each page.
//
//	node titles.mjs NODE_MODULES PAGES PORT
//
// PAGES holds a folder for each site with its index.html.  Prints
// `URL<TAB>TITLE`, or `URL<TAB>!no-title`, a line for each.
//
// Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [modules, pages, port] = process.argv.slice(2);
const { parse } = await import(
	pathToFileURL(`${modules}/parse5/dist/index.js`));
const html = 'http://www.w3.org/1999/xhtml';

// The WHATWG order as far as saved pages need it: BOM, meta, then a guess.
function decode(bytes) {
	const head = bytes.subarray(0, 1024).toString('latin1');
	const meta = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head);
	const labels = ['utf-8', 'windows-1252'];

	if (bytes[0] === 0xef && bytes[1] === 0xbb)
		return new TextDecoder('utf-8').decode(bytes);
	if (meta !== null)
		return new TextDecoder(meta[1]).decode(bytes);
	for (const label of labels) {
		try {
			return new TextDecoder(label, { fatal: true })
				.decode(bytes);
		} catch {
			continue;
		}
	}
}

// The first title element of HTML's namespace, in document order.
function find(root) {
	const stack = [root];

	while (stack.length > 0) {
		const node = stack.pop();

		if (node.tagName === 'title' && node.namespaceURI === html)
			return node;
		stack.push(...(node.childNodes ?? []).slice().reverse());
	}
}

for (const site of readdirSync(pages)) {
	const bytes = readFileSync(`${pages}/${site}/index.html`);
	const title = find(parse(decode(bytes), { scriptingEnabled: false }));
	const text = (title?.childNodes ?? []).map((n) => n.value).join('')
		.replace(/[\t\n\f\r ]+/g, ' ').replace(/^ | $/g, '');

	console.log(`http://${site}:${port}/\t${text || '!no-title'}`);
}
