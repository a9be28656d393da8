// promise.js - Node: promises, and await.  See run.sh.
//
// Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
'use strict';

const rounds = 1000000;

function report(what, since) {
	const ns = Number(process.hrtime.bigint() - since) / rounds;

	console.log(`node\t${what}\t${ns.toFixed(1)}`);
}

async function main() {
	let since = process.hrtime.bigint();
	let sum = 0;
	let resolve;

	// A thousand at a time: callbacks run when this function waits.
	for (let i = 0; i < rounds; i++) {
		new Promise((r) => { resolve = r; }).then((n) => { sum += n; });
		resolve(1);
		if (i % 1000 === 999)
			await null;
	}
	await null;
	report('fire', since);
	if (sum !== rounds)
		process.exit(1);

	const ready = Promise.resolve(1);

	since = process.hrtime.bigint();
	for (let i = 0; i < rounds; i++)
		await ready;
	report('await-ready', since);

	since = process.hrtime.bigint();
	for (let i = 0; i < rounds; i++) {
		const pending = new Promise((r) => { resolve = r; });

		queueMicrotask(resolve);
		await pending;
	}
	report('await-pending', since);
}

main();
