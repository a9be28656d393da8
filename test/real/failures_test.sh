#!/bin/sh
# failures_test.sh - the six failures that the story ends with, each for
# real: no network, no name server and no such name, no route, no server at
# the port, no such page, no title.  Each has its category while the URLs
# around it go on.  Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need nginx unbound
enter test/real/failures_test.sh
begin

# Two sites in order: a front page with an article each.
for site in good fine; do
	mkdir "$pages/$site.test"
	cat >"$pages/$site.test/index.html" <<-END
		<!DOCTYPE html><title>Front of $site</title>
		<h3><a href="article.html">First</a></h3>
	END
	echo "<title>Article of $site</title>" \
	    >"$pages/$site.test/article.html"
done
mkdir "$pages/bare.test"
echo '<!DOCTYPE html><p>No title, no article.' >"$pages/bare.test/index.html"
ln -s good.test "$pages/127.0.0.1"
printf 'good.test\nfine.test\nbare.test\n' >"$names"
start_nginx
start_unbound
good=http://good.test:$NGINX_PORT/
fine=http://fine.test:$NGINX_PORT/
literal=http://127.0.0.1:$NGINX_PORT/
dns=127.0.0.1:$DNS_PORT

# run ARGUMENT ...: stdout, stderr and exit status of scraper.
run() {
	timeout 60 "$SCRAPER" "$@" >"$work/out" 2>"$work/err"
	status=$?
}

# The status, the records and the complaints are as they should be.
holds() {
	ok=yes
	[ "$status" -eq "$1" ] || ok="status $status"
	sort "$work/out" | cmp -s - "$work/wanted" || ok=output
	[ "$(wc -l <"$work/err")" -eq "$2" ] || ok="more or less than $2 lines"
	[ "$ok" = yes ] && return
	echo "# $ok"
	sed 's/^/# stdout: /' "$work/out"
	sed 's/^/# stderr: /' "$work/err"
	return 1
}

# complains URL CATEGORY
complains() {
	grep -qF "scraper: $1: $2: " "$work/err" && return
	echo "# no complaint about $1 as $2"
	sed 's/^/# stderr: /' "$work/err"
	return 1
}

# fails NAME CATEGORY URL [OPTION ...]: the URL fails so, among good ones.
fails() {
	failure=$1
	category=$2
	bad=$3
	shift 3
	printf '%s\tFront of good\n%s\tFront of fine\n' "$good" "$fine" |
	    sort >"$work/wanted"
	run --titles "$@" --dns "$dns" "$good" "$bad" "$fine"
	check "$failure: the others go on" holds 1 1
	check "$failure: $category" complains "$bad" "$category"
	: >"$work/wanted"
	run --titles "$@" --dns "$dns" "$bad"
	check "$failure, alone" holds 3 1
	run --titles --json "$@" --dns "$dns" "$bad"
	check "$failure, in JSON" \
	    grep -q "\"error\": *\"$category\"" "$work/out"
}

# 1. No network: this namespace has no way out.
fails 'no network' no-network http://192.0.2.1/
: >"$work/wanted"
run --titles --dns 192.0.2.53 "$good"
check 'no network for the name server' holds 3 1
check 'no network for the name server: no-network' \
    complains "$good" no-network

# 2. No name server, dead or silent; no such name.
printf '%s\tFront of good\n' "$literal" >"$work/wanted"
run --titles --dns 127.0.0.1:9 "$literal" "$fine"
check 'no name server: the others go on' holds 1 1
check 'no name server: no-dns' complains "$fine" no-dns
kill -STOP "$unbound_pid"
run --titles --dns "$dns" "$literal" "$fine"
kill -CONT "$unbound_pid"
check 'silent name server: the others go on' holds 1 1
check 'silent name server: no-dns' complains "$fine" no-dns
printf '%s\tFront of good\n' "$good" >"$work/wanted"
run --titles --dns 127.0.0.1:9 --dns "$dns" "$good"
check 'a dead name server and a live one' holds 0 0
fails 'no such name' no-such-host "http://nowhere.test:$NGINX_PORT/"

# 3. No route to the host.
ip route add unreachable 198.51.100.0/24
fails 'no route' no-route http://198.51.100.1/

# 4. No server at the port.
fails 'no server' refused http://good.test:9/

# 5. No such page.
fails 'no page' http-404 "${good}nowhere.html"

# 6. No title; and no article, which only the whole job wants.
fails 'no title' no-title "http://bare.test:$NGINX_PORT/"
: >"$work/wanted"
run --dns "$dns" "http://bare.test:$NGINX_PORT/"
check 'no article' holds 3 1
check 'no article: no-article' \
    complains "http://bare.test:$NGINX_PORT/" no-article

# All at once, and the whole job: first article and its title.
cat >"$work/wanted" <<END
$(sort <<LINES
first article on $good :
${good}article.html
Article of good

first article on $fine :
${fine}article.html
Article of fine

LINES
)
END
run --dns "$dns" "$good" http://192.0.2.1/ http://198.51.100.1/ \
    http://nowhere.test/ http://good.test:9/ "${good}nowhere.html" \
    "http://bare.test:$NGINX_PORT/" "$fine"
check 'all at once: the others go on' holds 1 6
check 'all at once: no-network' complains http://192.0.2.1/ no-network
check 'all at once: no-route' complains http://198.51.100.1/ no-route
check 'all at once: no-such-host' complains http://nowhere.test/ no-such-host
check 'all at once: refused' complains http://good.test:9/ refused
check 'all at once: http-404' complains "${good}nowhere.html" http-404
check 'all at once: no-article' \
    complains "http://bare.test:$NGINX_PORT/" no-article
finish
