#!/bin/sh
# run.sh - runs test programs and adds up what they say.
#
#	sh test/run.sh COMMAND ...
#
# A command is a program or a list of words ("sh test/x_test.sh bin"); a name
# that ends in .sh is run by sh.  A test program prints TAP (see check.h): a
# line `ok` or `not ok` for each case and the plan `1..N`.  A program whose
# plan is missing or wrong, which dies, or fails without saying which case,
# counts as one failure more.  Of a failing program the `not ok` lines and the
# remarks (#) are shown.  The last line is always
# `N passed, N failed, N skipped`.
#
# From the environment: TEST_SECONDS, the time limit of each program (180);
# TEST_WRAP, what to run programs, not scripts, under (valgrind, qemu, ...);
# TEST_VERBOSE, if not empty, shows everything they print.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
passed=0
failed=0
skipped=0
seconds=${TEST_SECONDS:-180}
limit=
if command -v timeout >/dev/null 2>&1; then
	limit="timeout -k 5 $seconds"
fi
out=$(mktemp "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -f "$out"' EXIT
trap 'exit 1' HUP INT TERM

# Reads TAP and prints "passed failed skipped sound".
count() {
	awk '
	/^not ok/ { not_ok++; next }
	/^ok.*# *[Ss][Kk][Ii][Pp]/ { skip++; next }
	/^ok/ { ok++ }
	/^1\.\.0/ { skip++; planned = 1; seen_plan++ }
	/^1\.\.[1-9]/ { planned = substr($1, 4) + 0; seen_plan++ }
	END {
		sound = seen_plan == 1 && planned == ok + not_ok + skip
		print ok + 0, not_ok + 0, skip + 0, sound
	}' "$out"
}

# one COMMAND: runs it, adds to the sums, complains if something is wrong.
one() {
	case $1 in
	sh\ *) under= ;;
	*.sh) under='sh' ;;
	*) under=$TEST_WRAP ;;
	esac
	# These variables hold lists of words.
	$limit $under $1 >"$out" 2>&1 </dev/null
	status=$?
	set -- "$1" $(count)
	passed=$((passed + $2))
	failed=$((failed + $3))
	skipped=$((skipped + $4))
	complaint=
	if [ "$status" -eq 124 ] && [ -n "$limit" ]; then
		complaint="still running after $seconds seconds, after"
		complaint="$complaint $(tail -n 1 "$out")"
	elif [ "$5" -ne 1 ]; then
		complaint="plan missing or wrong (exit status $status)"
	elif [ "$status" -gt 1 ] || [ "$status" -gt "$3" ]; then
		complaint="exit status $status"
	fi
	if [ -n "$complaint" ]; then
		failed=$((failed + 1))
		echo "$1: $complaint"
		grep -v '^ok' "$out"
	elif [ "$3" -gt 0 ]; then
		echo "$1: $3 failed"
		grep -E '^(not ok|#)' "$out"
	elif [ -n "$TEST_VERBOSE" ]; then
		echo "$1: $2 passed"
		cat "$out"
	fi
}

for command in "$@"; do
	one "$command"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
