#!/bin/sh
# crowd_test.sh - ten thousand URLs over a thousand host names, from unbound
# and nginx: each has its record once; and no host is ever asked for more pages
# at a time than --per-host says, which nginx counts.  Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need nginx unbound timeout
enter test/real/crowd_test.sh
begin

# The second and third have slow pages, and answer 503 where a host has more
# than three requests or one at a time.
cat >"$work/crowd.site" <<END
limit_conn_zone \$host zone=three:1m;
limit_conn_zone \$host zone=one:1m;
limit_rate 8k;
keepalive_requests 100000;
root $pages;
server {
	listen 127.0.0.1:8083;
	limit_rate 0;
}
server {
	listen 127.0.0.1:8084;
	gzip off;
	limit_conn three 3;
}
server {
	listen 127.0.0.1:8085;
	gzip off;
	limit_conn one 1;
}
END
mkdir "$pages/p"
filler=$(awk 'BEGIN { for (i = 0; i < 1150; i++) printf " %07d", i }')
for page in 0 1 2 3 4 5 6 7 8 9; do
	echo "<title>Page $page</title><p>$filler" >"$pages/p/$page"
done
awk 'BEGIN { for (i = 0; i < 1000; i++) print "host-" i ".test" }' >"$names"
awk '{ for (i = 0; i < 10; i++) print "http://" $0 ":8083/p/" i }' \
    "$names" >"$work/sorted"
# Ten of one host in a row, and one of each in turn.
awk '{ print (NR % 10) * 1000 + int(NR / 10), $0 }' "$work/sorted" |
    sort -n | sed 's/^[0-9]* //' >"$work/in_turn"
start_nginx
start_unbound

# want LIST: all of it, with titles.
want() {
	sed 's,.*/\([0-9]\)$,&	Page \1,' "$1" | sort >"$work/wanted"
}

# crowd LIST OPTION ...: all of the list, each once.
crowd() {
	list=$1
	shift
	timeout 120 "$SCRAPER" --titles --retries 0 \
	    --dns "127.0.0.1:$DNS_PORT" "$@" <"$list" \
	    >"$work/out" 2>"$work/err"
	[ ! -s "$work/err" ] && sort "$work/out" | cmp -s - "$work/wanted" &&
	    return
	head -n 5 "$work/err" | sed 's/^/# /'
	wc -l "$work/out" "$work/err" | sed 's/^/# /'
	return 1
}

# refuses OPTION ...: some pages come, and nginx has found it too much.
refuses() {
	crowd "$work/slow" "$@" >/dev/null
	[ -s "$work/out" ] && grep -q ': http-503: ' "$work/err"
}

# slow PORT: ten pages of each of twenty hosts there.
slow() {
	sed "s/:8083/:$1/" "$work/sorted" | head -n 200 >"$work/slow"
	want "$work/slow"
}

want "$work/sorted"
check 'ten thousand URLs, hosts in turn' crowd "$work/in_turn"
check 'ten thousand URLs, host after host' \
    crowd "$work/sorted" --per-host 1 -c 300
slow 8084
check 'three at a time from each host' \
    crowd "$work/slow" --per-host 3 -c 200
check 'four are too many' refuses --per-host 4 -c 200
slow 8085
check 'two at a time are too many, where one is allowed' \
    refuses --per-host 2 -c 200
sed '/p\/[2-9]$/d' "$work/slow" >"$work/few"
want "$work/few"
check 'one at a time from each host' crowd "$work/few" --per-host 1 -c 200
finish
