#!/bin/sh
# run.sh - what reading a page costs: Spindle, other parsers, and memory.
#
#	sh bench/html/run.sh [ROUNDS]
#
# MB of HTML a second of CPU time, from memory, on one core; the programs
# take turns within a round, the first round is dropped (default: 5 rounds).
# "links": title and all links; "path": /html/head/title and //h3/a/@href.
# The others find title and links too; memchr looks for '<', memcpy copies.
# "x" is the median of the ratios to libxml2 (if it is here) of each round.
#
# The pages are those of npm's htmlparser-benchmark; libxml2 and gumbo need
# their headers, htmlparser2 and parse5 are npm's.  What is not found is named
# and left out.  From the environment: PAGES (a directory of pages), MODULES (a
# directory with node_modules), SECONDS_EACH, BUILD, CC, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-5}
modules=${MODULES:-.}
pages=${PAGES:-$modules/node_modules/htmlparser-benchmark/files}
seconds=${SECONDS_EACH:-1}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
here=$PWD
mkdir -p "$build"
build=$(cd "$build" && pwd)

if [ ! -d "$pages" ]; then
	echo "html: no pages: npm install htmlparser-benchmark, set MODULES"
	exit 0
fi
# Every page whose number leaves 1 or 3 when divided by 5: some 100.
find "$(cd "$pages" && pwd)" -name '*.html' | LC_ALL=C sort |
    awk '(NR - 1) % 5 == 1 || (NR - 1) % 5 == 3' >"$build/pages"

pin=
if command -v taskset >/dev/null; then
	pin="taskset -c 0"
fi
programs=
$cc $cflags bench/html/spindle.c bench/html/corpus.c html/*.c \
    -o "$build/html_spindle"
$cc $cflags bench/html/limit.c bench/html/corpus.c -o "$build/html_limit"
if $cc $cflags -I/usr/include/libxml2 bench/html/libxml2.c \
    bench/html/corpus.c -lxml2 -o "$build/html_libxml2" 2>/dev/null; then
	programs="libxml2"
else
	echo "html: libxml2 is not here (Debian: libxml2-dev)"
fi
programs="$programs links path memchr memcpy"
if $cc $cflags bench/html/gumbo.c bench/html/corpus.c -lgumbo \
    -o "$build/html_gumbo" 2>/dev/null; then
	programs="$programs gumbo"
else
	echo "html: gumbo is not here (Debian: libgumbo-dev)"
fi
for peer in htmlparser2 parse5; do
	if [ -d "$modules/node_modules/$peer" ]; then
		programs="$programs $peer"
	else
		echo "html: $peer is not here (npm install $peer)"
	fi
done

one() {
	case $1 in
	links | path)
		$pin "$build/html_spindle" "$build/pages" "$seconds" "$1" ;;
	memchr | memcpy)
		$pin "$build/html_limit" "$build/pages" "$seconds" "$1" ;;
	libxml2 | gumbo)
		$pin "$build/html_$1" "$build/pages" "$seconds" ;;
	*)
		(cd "$modules" && $pin node "$here/bench/html/peers.mjs" \
		    "$build/pages" "$seconds" "$1") ;;
	esac
}

: >"$build/html.results"
round=0
while [ "$round" -le "$rounds" ]; do
	for program in $programs; do
		one "$program" | awk -v round="$round" '{
			print round, $1, "MB/s=" $2, "titles=" $3,
			    "links=" $4
		}' >>"$build/html.results"
	done
	round=$((round + 1))
done
awk -v title="HTML, $(wc -l <"$build/pages") pages" \
    -v metrics="MB/s titles links" -v ratios="MB/s" \
    -f bench/median.awk -f bench/table.awk "$build/html.results"
