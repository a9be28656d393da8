#!/bin/sh
# run.sh - runs the article's programs, and sets our figures beside its own.
#
#	sh bench/article/run.sh [PROGRAMS [BUILT]]
#
# PROGRAMS (bin) is where demosite is, BUILT (build/article) what build.sh has
# made.  The article: J. D. Browne, "Concurrent network programming with
# Twisted", release 0.6, 2010.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
programs=${1:-bin}
built=${2:-build/article}

# A tenth of what a page took in the article: 82.945 s for 30 pages.
delay=0.2765

place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX")
site=
trap '[ -z "$site" ] || kill "$site"; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT PIPE TERM

# row NAME HERE ARTICLE: a line of the table.
row() {
	printf '%-33s %9s  %s\n' "$1" "$2" "$3"
}

# ratio A B: how many times A is B.
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'
}

# measure LINES PROGRAM URL ...: sets $took to its seconds; it is to print so
# many lines.
measure() {
	lines=$1
	program=$2
	shift 2
	"$built/usage" "$built/$program" "$@" >"$place/out" ||
	    { echo "$program: failed" >&2; exit 1; }
	[ "$(wc -l <"$place/out")" -eq $((lines + 1)) ] ||
	    { echo "$program: not $lines lines" >&2; exit 1; }
	took=$(sed -n 's/^usage .*wall_us=\([0-9]*\).*/\1/p' "$place/out" |
	    awk '{ printf "%.3f", $1 / 1e6 }')
}

mkfifo "$place/site"
"$programs/demosite" --delay $delay --planets 4 >"$place/site" &
site=$!
{
	read -r one
	read -r two
	read -r three
	read -r four
} <"$place/site"
set -- "$one" "$two" "$three" "$four"

echo "The counter (the article, sections 3.1, 3.2 and 5.1)"
echo
"$built/counter"
echo
echo "The network: each page takes $delay s, a tenth of the article's"
echo
row "" "here" "the article"
measure 30 one_page_sequential "$one"
sequential=$took
row "one page 30 times, sequential" "$took s" "82.945 s, section 5.2"
measure 30 one_page_concurrent "$one"
row "one page 30 times, concurrent" "$took s" "10.315 s, section 5.2"
row "  times as fast" "$(ratio "$sequential" "$took")" "8, section 5.2"
measure 16 planets_sequential "$@"
sequential=$took
row "four planets, sequential" "$took s" -
measure 16 planets_callbacks "$@"
row "four planets, callbacks" "$took s" -
row "  times as fast" "$(ratio "$sequential" "$took")" -
measure 16 planets_coroutines "$@"
row "four planets, coroutines" "$took s" -
row "  times as fast" "$(ratio "$sequential" "$took")" "3, section 7"
