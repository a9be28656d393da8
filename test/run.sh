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
# From the environment: TEST_JOBS, how many run at once (as many as there are
# processors, at most 8): each begins in the order given as soon as another is
# over, so the slow ones belong in front; TEST_SECONDS, the time limit of each
# program (180); TEST_WRAP, what to run programs, not scripts, under (valgrind,
# qemu, ...); TEST_VERBOSE, if not empty, shows everything they print;
# TEST_COSTS, a file that gets a line for each: whole seconds of the clock, and
# of processors, and its name.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
seconds=${TEST_SECONDS:-180}
limit=
if command -v timeout >/dev/null 2>&1; then
	limit="timeout -k 5 $seconds"
fi
jobs=${TEST_JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null)}
case $jobs in
[1-7]) ;;
'' | *[!0-9]* | 0*) jobs=1 ;;
*) jobs=8 ;;
esac
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
workers=
trap 'rm -rf "$place"' EXIT
trap 'kill $workers; exit 1' HUP INT TERM

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

# Reads the times before and after, of which each second line is that of the
# children, in minutes and seconds.
worked() {
	awk -F '[ms ]+' 'NR % 2 == 0 {
		sum = 60 * ($1 + $3) + $2 + $4 - sum
	}
	END { printf "%d", sum + 0.5 }' "$out.times"
}

# one COMMAND: runs it, notes its sums, complains if something is wrong.
one() {
	case $1 in
	sh\ *) under= ;;
	*.sh) under='sh' ;;
	*) under=$TEST_WRAP ;;
	esac
	begun=$(date +%s)
	times >"$out.times"
	# These variables hold lists of words.
	$limit $under $1 >"$out" 2>&1 </dev/null &
	child=$!
	wait $child
	status=$?
	times >>"$out.times"
	[ -z "$TEST_COSTS" ] ||
	    echo "$(($(date +%s) - begun)) $(worked) $1" >>"$TEST_COSTS"
	set -- "$1" $(count)
	failures=$3
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
		failures=$((failures + 1))
		echo "$1: $complaint"
		grep -v '^ok' "$out"
	elif [ "$3" -gt 0 ]; then
		echo "$1: $3 failed"
		grep -E '^(not ok|#)' "$out"
	elif [ -n "$TEST_VERBOSE" ]; then
		echo "$1: $2 passed"
		cat "$out"
	fi
	echo "$2 $failures $4" >>"$sums"
}

# worker NUMBER COMMAND ...: runs those that no other worker has taken; to make
# a directory is to take the command of its number.
worker() {
	child=
	trap 'kill $child; exit 1' TERM
	out=$place/out$1
	sums=$place/sums$1
	shift
	at=0
	for command in "$@"; do
		at=$((at + 1))
		mkdir "$place/$at" 2>/dev/null || continue
		one "$command" >"$out.said"
		# In one piece, though others speak too.
		cat "$out.said"
	done
}

number=0
while [ $number -lt "$jobs" ]; do
	number=$((number + 1))
	worker $number "$@" &
	workers="$workers $!"
done
wait
cat /dev/null "$place"/sums* 2>/dev/null | awk '
{ p += $1; f += $2; s += $3 }
END {
	# A worker that died has run less than it took.
	if (NR != commands) {
		print commands - NR " commands have not been run"
		f += commands - NR
	}
	print p + 0 " passed, " f + 0 " failed, " s + 0 " skipped"
	exit f > 0 || p + s == 0
}' commands=$# -
