#!/bin/sh
# many.sh - how long n pages take that each need 100 ms: the claim of the
# article, that it is about as long as one, whatever n is.
#
#	sh bench/scraper/many.sh [ROUNDS [SVG]]
#
# The server answers each request after 100 ms (bench/http/responder.c).  The
# time is that of the whole process, start included, the median of some rounds
# (default: 3).  Who can has as many connections as there are pages, 10,000:
# curl has 300 at most, scraper as many as its descriptors suffice for
# (six for each, see bin/README.md).  With SVG, a chart is written to that
# file.  Needs Linux, taskset and the programs of bin/; a peer that is not
# installed is left out, and that is said.
# From the environment: COUNTS, PROGRAMS and BUILD (directories), CC, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
svg=${2-}
counts=${COUNTS:-1 4 30 1000 10000}
programs=${PROGRAMS:-bin}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
. bench/http/common.sh
. bench/scraper/clients.sh
rm -f "$build/many.results"
ulimit -n "$(ulimit -Hn)"

# takes_part NAME N: some would need minutes.
takes_part() {
	case $1 in
	scraper_json) return 1 ;;
	scraper_sequential) [ "$2" -le 30 ] ;;
	scrapy) [ "$2" -le 1000 ] ;;
	esac
}

# run NAME N
run() {
	list=$build/many.$2
	find_client "$1" "$2" "$list"
	measure many "$1:$2" "$2" $client <"$list" 2>"$build/many.err"
}

build_clients
clients="scraper_sequential $clients"
start_responder -d 100 -l 8
for n in $counts; do
	list_urls "$n" "$responder_port" >"$build/many.$n"
	list_curl "$build/many.$n"
done
round=1
while [ "$round" -le "$rounds" ]; do
	for n in $counts; do
		for name in $clients; do
			! takes_part "$name" "$n" || run "$name" "$n"
		done
	done
	round=$((round + 1))
done
awk -f bench/median.awk -f bench/scraper/many.awk "$build/many.results" \
    >"$build/many.data"
awk -v counts="$counts" -f bench/scraper/many_table.awk "$build/many.data"
[ -z "$svg" ] ||
	awk -f bench/scraper/many_chart.awk "$build/many.data" >"$svg"
