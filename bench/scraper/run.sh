#!/bin/sh
# run.sh - what the title of a page costs: scraper beside those that a person
# would use or write instead.
#
#	sh bench/scraper/run.sh [ROUNDS]
#
# All fetch a list of pages of about 4 KB from nginx over 64 kept-alive
# connections, and all but curl, which only writes the pages to /dev/null,
# print the title of each.  They take turns within a round, the first round is
# dropped (default: 5 rounds more).  CPU is user and system time of the whole
# process, start included; "x" is the median of the ratios of each round to
# hand.c.  The interpreted ones get a shorter list (PAGES_SLOW), of which
# their start is a larger part.  Needs Linux, taskset, nginx and the programs
# of bin/; a peer that is not installed is left out, and that is said.
# From the environment: PAGES, PAGES_SLOW, CONNECTIONS, WORKERS (a list of
# numbers of them, for scraper), PROGRAMS and BUILD (directories), CC, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-5}
pages=${PAGES:-20000}
pages_slow=${PAGES_SLOW:-1000}
connections=${CONNECTIONS:-64}
programs=${PROGRAMS:-bin}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
command -v nginx >/dev/null || { echo "run.sh: needs nginx"; exit 0; }
. bench/http/common.sh
. bench/scraper/clients.sh
rm -f "$build/titles.results"

# check FILE PAGES NAME: whether it printed so many titles.
check() {
	[ "$(grep -c 'A page of about four kilobytes' "$1")" -eq "$2" ] || {
		echo "$3 did not print $2 titles" >&2
		exit 1
	}
}

# run NAME: a turn of one client.
run() {
	count=$pages
	case $1 in twisted | scrapy) count=$pages_slow ;; esac
	find_client "$1" "$connections" "$build/urls.$count"
	measure titles "$1" "$count" $client <"$build/urls.$count" \
	    2>"$build/titles.err"
	case $1 in
	curl | curl_multi) ;;
	*) check "$build/http.out" "$count" "$1" ;;
	esac
}

build_clients
start_responder
start_nginx
for count in "$pages" "$pages_slow"; do
	list_urls "$count" "$nginx_port" >"$build/urls.$count"
	list_curl "$build/urls.$count"
done
round=0
while [ "$round" -le "$rounds" ]; do
	for name in $clients; do
		run "$name"
	done
	round=$((round + 1))
done
awk -v title="titles of $pages pages, $connections connections" \
    -v metrics="cpu_us wall_us rss_mb" -v ratios="cpu_us wall_us" \
    -f bench/median.awk -f bench/table.awk "$build/titles.results"
printf '\nsystem calls a page (strace -c -f, start included):\n'
for name in hand scraper scraper_json; do
	find_client "$name" "$connections" "$build/urls.$pages"
	command -v strace >/dev/null || continue
	strace -c -f -o "$build/strace.$name" $client \
	    <"$build/urls.$pages" >"$build/http.out"
	awk -v name="$name" -v pages="$pages" '
	NF >= 5 && $4 ~ /^[0-9]+$/ && ($4 >= pages / 100) {
		text = text sprintf(" %s %.2f", $NF, $4 / pages)
	}
	END { printf "%s:%s\n", name, text }' "$build/strace.$name"
done
