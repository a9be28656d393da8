#!/bin/sh
# early.sh - what is spared by reading a page only as far as is needed.
#
#	sh bench/scraper/early.sh
#
# scraper takes the titles of pages of several sizes, each with its title in
# front, from nginx; then once more with a field that needs all of each page.
# "decoded" is what --stats says of bytes; "new connections" how many had to
# be made, beyond the first of each of the 16 in use: what is left of a page is
# dropped up to 64 KiB, and of a longer one its connection is closed.  Needs
# Linux, taskset, nginx and the programs of bin/.
# From the environment: PAGES, PROGRAMS and BUILD (directories), CC, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
pages=${PAGES:-500}
programs=${PROGRAMS:-bin}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
connections=16
command -v nginx >/dev/null || { echo "early.sh: needs nginx"; exit 0; }
. bench/http/common.sh
. bench/scraper/clients.sh

# make_page BYTES: a page of about so many, under its size as a name.
make_page() {
	awk -v size="$1" 'BEGIN {
		print "<!DOCTYPE html><title>A page</title><body>"
		line = "<p>A line of a page that is as long as it must be"
		for (n = 47; n < size; n += length(line) + 1)
			print line
	}' >"$build/www/$1.html"
}

# row SIZE NAME OPTION ...
row() {
	size=$1
	name=$2
	shift 2
	awk -v n="$pages" -v port="$nginx_port" -v size="$size" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "http://127.0.0.1:%d/%d.html?%d\n", port, size, i
	}' >"$build/early.urls"
	bytes=$(($(wc -c <"$build/www/$size.html") * pages))
	taskset -c 0 "$build/usage" "$programs/scraper" --titles --stats \
	    -c $connections --per-host $connections "$@" \
	    <"$build/early.urls" >"$build/early.out" 2>"$build/early.err"
	awk -v name="$name" -v size="$size" -v all="$bytes" -v n="$pages" \
	    -v kept=$connections '
	/ bytes of pages, decoded/ { seen = $3 }
	/ connections, used again/ {
		for (i = 2; i <= NF; i++)
			if ($i ~ /^connections/)
				made = $(i - 1)
	}
	/^usage / { split($2, cpu, "="); us = cpu[2] }
	END {
		printf "| %d | %s | %.2f | %d %% | %d | %.1f |\n", size, name,
		    seen / 1e6, (1 - seen / all) * 100,
		    (made > kept) * (made - kept), us / n
	}' "$build/early.err" "$build/early.out"
}

compile usage bench/usage.c
compile responder bench/http/responder.c
start_responder
start_nginx "server {
	listen 127.0.0.1:$((nginx_port + 1)) backlog=4096;
}"
nginx_port=$((nginx_port + 1))
printf '\ntitles of %d pages, their title in front\n\n' "$pages"
echo "| bytes | wanted | decoded, MB | spared | new connections | CPU us |"
echo "|---|---|---|---|---|---|"
for size in 4096 65536 1048576; do
	make_page $size
	row $size "the title"
	row $size "all of it" -e last=//nothing
done
