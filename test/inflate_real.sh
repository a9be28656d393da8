#!/bin/sh
# inflate_real.sh - what the system's gzip packs comes out as it went in.
#
#	sh test/inflate_real.sh PROGRAM FILE ...
#
# PROGRAM is the built http_inflate_test.  Each file is packed at three
# levels, alone and as two members, and inflated in large and small pieces.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
program=$1
shift
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
count=0
failed=0

check() { # PIECE PACKED WANTED
	count=$((count + 1))
	if "$program" gzip "$1" <"$2" >"$scratch/got" &&
	    cmp -s "$scratch/got" "$3"; then
		return
	fi
	echo "not ok - $file in pieces of $1"
	failed=$((failed + 1))
}

for file; do
	for level in 1 6 9; do
		gzip -c -n "-$level" "$file" >"$scratch/one" || exit 1
		cat "$scratch/one" "$scratch/one" >"$scratch/two"
		cat "$file" "$file" >"$scratch/twice"
		for piece in 1 1000 65536; do
			check "$piece" "$scratch/one" "$file"
			check "$piece" "$scratch/two" "$scratch/twice"
		done
	done
done
echo "inflate_real: $count runs, $failed failed"
test "$count" -gt 0 && test "$failed" -eq 0
