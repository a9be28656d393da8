#!/bin/sh
# run_test.sh - run.sh counts what programs say, and misses no failure.
# Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
number=0
failed=0

# expect NAME STATUS LAST-LINE SCRIPT ...: what run.sh makes of scripts.
expect() {
	name=$1
	status=$2
	line=$3
	shift 3
	n=0
	for script in "$@"; do
		n=$((n + 1))
		echo "$script" >"$place/$n.sh"
		set -- "$@" "$place/$n.sh"
		shift
	done
	TEST_SECONDS=1 sh test/run.sh "$@" >"$place/out" 2>&1
	got=$?
	number=$((number + 1))
	if [ $got -eq "$status" ] && [ "$(tail -n 1 "$place/out")" = "$line" ]
	then
		echo "ok $number - $name"
		return
	fi
	failed=$((failed + 1))
	sed 's/^/# /' "$place/out"
	echo "not ok $number - $name"
}

good='echo "ok 1 - a"; echo "ok 2 - b"; echo 1..2'
expect 'all is well' 0 '4 passed, 0 failed, 0 skipped' "$good" "$good"
expect 'a case failed' 1 '3 passed, 1 failed, 0 skipped' "$good" \
    'echo "ok 1 - a"; echo "not ok 2 - b"; echo 1..2; exit 1'
expect 'a case is skipped' 0 '1 passed, 0 failed, 1 skipped' \
    'echo "ok 1 - a"; echo "ok 2 - b # SKIP not here"; echo 1..2'
expect 'all are skipped' 0 '0 passed, 0 failed, 1 skipped' \
    'echo "1..0 # SKIP not here"'
expect 'no plan' 1 '1 passed, 1 failed, 0 skipped' 'echo "ok 1 - a"'
expect 'a plan that is not kept' 1 '1 passed, 1 failed, 0 skipped' \
    'echo "ok 1 - a"; echo 1..2'
expect 'nothing at all' 1 '0 passed, 1 failed, 0 skipped' 'exit 0'
expect 'a crash' 1 '1 passed, 1 failed, 0 skipped' \
    'echo "ok 1 - a"; kill -SEGV $$'
expect 'a leak, told by the exit status' 1 '2 passed, 1 failed, 0 skipped' \
    "$good; exit 23"
expect 'both a failure and a leak' 1 '0 passed, 2 failed, 0 skipped' \
    'echo "not ok 1 - a"; echo 1..1; exit 23'
if command -v timeout >/dev/null 2>&1; then
	expect 'too slow' 1 '2 passed, 1 failed, 0 skipped' "$good; sleep 9"
fi
expect 'no programs' 1 '0 passed, 0 failed, 0 skipped'
echo "1..$number"
[ $failed -eq 0 ]
