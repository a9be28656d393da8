#!/bin/sh
# sim.sh - gives the tests of the simulated world to many seeds, or to one,
# with its trace.
#
#	sh test/sim.sh SEEDS [SEED]
#
# A failed case is named by the command that replays its seed.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
names='sim_crowd dns_weather sim_stack sim_tls sim_web sim_workers'
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
status=0

# give NAME SEEDS
give() {
	if "test/$1_test.run" 0 "$2" >"$out" 2>&1; then
		echo "$1: $2 seeds, nothing found"
	else
		echo "$1:"
		grep -v '^ok \|^1\.\.' "$out"
		status=1
	fi
}

# show NAME SEED
show() {
	echo "# $1:"
	"test/$1_test.run" "$2" || status=1
}

if [ -n "${2:-}" ]; then
	for name in sim_transport $names; do
		show "$name" "$2"
	done
else
	give sim_transport "$(($1 / 4))"	# each to all the plays
	for name in $names; do
		give "$name" "$1"
	done
fi
exit $status
