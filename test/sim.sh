#!/bin/sh
# sim.sh - runs the tests of the simulated world over many seeds, or shows
# one seed with its trace.
#
#	sh test/sim.sh SEEDS [SEED]
cd "$(dirname "$0")/.." || exit 1
if [ -n "${2:-}" ]; then
	test/sim_transport_test.run "$2"
	test/sim_stack_test.run "$2"
	exit
fi
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
{
	test/sim_transport_test.run 0 "$(($1 / 4))"
	test/sim_stack_test.run 0 "$1"
} >"$out" 2>&1
grep -v '^ok \|^1\.\.' "$out"
if grep -q '^not ok' "$out" || [ "$(grep -c '^1\.\.' "$out")" -ne 2 ]; then
	echo "replay a seed with: make sim SEED=n"
	exit 1
fi
echo "$(grep -c '^ok .* seed' "$out") seeds of the whole stack and" \
    "$(($1 / 4)) of each play of the transports: nothing found"
