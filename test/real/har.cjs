/*
 * har.cjs - tells whether a file is HAR 1.2, by the schemas of the npm package
 * har-schema, and whether the phases of each entry add up to its time.
 *
 *	node test/real/har.cjs NODE_MODULES FILE
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
'use strict';
const path = require('path');
const [modules, file] = process.argv.slice(2);
const load = (name) => require(path.join(path.resolve(modules), name));
const Ajv = load('ajv');
const ajv = new Ajv({ allErrors: true });

ajv.addMetaSchema(load('ajv/lib/refs/json-schema-draft-06.json'));
for (const schema of Object.values(load('har-schema')))
	ajv.addSchema(schema);
const har = JSON.parse(require('fs').readFileSync(file, 'utf8'));
if (!ajv.validate('har.json#', har)) {
	console.log(ajv.errorsText());
	process.exit(1);
}
for (const { time, timings, request } of har.log.entries) {
	const { blocked, dns, connect, send, wait, receive } = timings;
	const sum = [blocked, dns, connect, send, wait, receive]
		.reduce((all, ms) => all + Math.max(ms, 0), 0);

	if (Math.abs(sum - time) > 0.01) {
		console.log(`${request.url}: ${sum} is not ${time}`);
		process.exit(1);
	}
}
console.log(har.log.entries.length);
