#!/bin/sh
# run.sh - what a deferred costs, beside its kin.
#
#	sh bench/defer/run.sh [ROUNDS]
#
# The programs take turns within a round, the first round is dropped
# (default: 5 rounds more).  Peers that are not installed are left out.  All
# figures are nanoseconds; "x" is to ours.
#   fire            make one, attach a callback, fire it, free it; C++'s
#                   future knows no callbacks: its value is fetched
#   await-ready     await one that has fired; Twisted's is a new one each
#                   time, because a Deferred gives its result away
#   await-pending   make one, await it, have it fired, go on
# From the environment: BUILD (a directory), CC, CXX, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-5}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
here=bench/defer
twisted=
mkdir -p "$build"
build=$(cd "$build" && pwd)
runs=$build/defer.runs

# Each source apart, as in the house: no inlining from one to another.
mkdir -p "$build/defer"
for source in defer/*.c $here/spindle.c; do
	# shellcheck disable=SC2086
	$cc $cflags -c "$source" -o "$build/defer/$(basename "$source" .c).o"
done
$cc "$build"/defer/*.o -o "$build/defer_spindle"
rm -f "$build/defer_promise"
${CXX:-c++} -O2 -pthread $here/promise.cpp -o "$build/defer_promise" \
    2>/dev/null || :
for python in python3 /usr/bin/python3; do
	if "$python" -c 'import twisted' 2>/dev/null; then
		twisted=$python
	fi
done

# Runs a peer if there is its program; `name what ns` come to be a round's.
run() {
	if command -v "$1" >/dev/null; then
		"$@" | sed "s/^/$round /"
	fi
}

round=0
while [ "$round" -le "$rounds" ]; do
	run "$build/defer_spindle"
	run "$build/defer_promise"
	run node $here/promise.js
	run python3 $here/future.py
	[ -z "$twisted" ] || run "$twisted" $here/deferred.py
	round=$((round + 1))
done >"$runs"

for what in fire await-ready await-pending; do
	awk -v what=$what '$3 == what { print $1, $2, "ns=" $4 }' "$runs" |
	    awk -v title=$what -v metrics=ns -v ratios=ns \
		-f bench/median.awk -f bench/table.awk
done
