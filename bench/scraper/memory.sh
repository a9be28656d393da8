#!/bin/sh
# memory.sh - the memory of scraper for lists of any length.
#
#	sh bench/scraper/memory.sh
#
# scraper takes titles from nginx, for 10,000, 100,000 and a million URLs that
# a generator writes into a pipe, as they complete and in their order.  Prints
# the largest resident memory of the process.  Needs Linux, taskset, nginx and
# the programs of bin/.
# From the environment: COUNTS, PROGRAMS and BUILD (directories), CC, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
counts=${COUNTS:-10000 100000 1000000}
programs=${PROGRAMS:-bin}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
command -v nginx >/dev/null || { echo "memory.sh: needs nginx"; exit 0; }
. bench/http/common.sh
. bench/scraper/clients.sh
compile usage bench/usage.c
compile responder bench/http/responder.c
start_responder
start_nginx
printf '\nlargest resident memory, and time\n\n'
echo "| URLs | as they complete | in order |"
echo "|---|---|---|"
for n in $counts; do
	printf '| %d |' "$n"
	for order in "" --ordered; do
		list_urls "$n" "$nginx_port" |
		    taskset -c 0 "$build/usage" "$programs/scraper" --titles \
		    $order --per-host 64 |
		    awk -v n="$n" '
		/^usage / {
			split($6, rss, "=")
			split($5, wall, "=")
		}
		/^http:/ { titles++ }
		END {
			printf " %.1f MB, %.0f s |", rss[2] / 1024,
			    wall[2] / 1e6
			exit titles != n
		}'
	done
	echo
done
