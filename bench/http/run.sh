#!/bin/sh
# run.sh - what fetching a page costs: a bare client, Spindle, wrk and libcurl.
#
#	sh bench/http/run.sh [ROUNDS]
#
# The clients take turns within a round, the first round is dropped (default:
# 9 rounds).  64 kept-alive connections, pages of about 4 KB, the title
# extracted (but by wrk).  "x cpu_us" is the median of the ratios of each round
# to the bare client.  Needs Linux, taskset, strace; wrk, nginx and libcurl's
# headers are used where they are found.
# From the environment: PAGES, CONNECTIONS, BUILD (a directory), CC, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-9}
pages=${PAGES:-40000}
connections=${CONNECTIONS:-64}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
. bench/http/common.sh
rm -f "$build/responder.results" "$build/nginx.results"

# The clients that can be built or found here, in the order of the turns.
build_clients() {
	clients="bare spindle"
	compile usage bench/usage.c
	compile responder bench/http/responder.c
	compile bare bench/http/bare.c bench/http/bare_tcp.c
	compile_spindle
	if command -v wrk >/dev/null; then
		clients="$clients wrk"
	fi
	if compile curl_multi bench/http/curl_multi.c -lcurl; then
		clients="$clients curl_multi"
	fi
}

# run SERVER PORT CLIENT: appends to SERVER's results.
run() {
	if [ "$3" = wrk ]; then
		measure "$1" wrk - wrk -t1 -c"$connections" -d1 \
		    "http://127.0.0.1:$2/page/0000000"
	else
		measure "$1" "$3" "$pages" "$build/$3" 127.0.0.1 "$2" \
		    "$pages" "$connections"
	fi
}

table() {
	awk -v title="$1, $connections connections" \
	    -v metrics="cpu_us pages_s rss_mb" -v ratios="cpu_us wall_us" \
	    -f bench/median.awk -f bench/table.awk "$build/$1.results"
}

build_clients
start_responder
start_nginx
round=0
while [ "$round" -lt "$rounds" ]; do
	for client in $clients; do
		run responder "$responder_port" "$client"
	done
	if [ -n "$nginx" ]; then
		for client in $clients; do
			run nginx "$nginx_port" "$client"
		done
	fi
	round=$((round + 1))
done
table responder
[ -z "$nginx" ] || table nginx
printf '\nsystem calls a page (strace -c -f, 1000 pages more):\n'
for client in bare spindle; do
	system_calls "$client" "$responder_port"
done
