#!/bin/sh
# public_test.sh - scraper --public-only, from a site at a public address:
# whatever a redirect, an article's link, a refresh or a name there leads to,
# no request comes to an address that is not public.  Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need nginx unbound timeout
enter test/real/public_test.sh
begin

# The namespace has no other machines, so all addresses can be its own.
public=203.1.1.1
ip address add $public/32 dev lo
ip address add 10.0.0.1/32 dev lo
ip address add 169.254.169.254/32 dev lo

# One site, at all of them; it notes at which one it was asked, and each page
# needs a connection of its own.
cat >"$work/all.site" <<END
log_format asked '\$server_addr \$host\$request_uri';
server {
	listen 80;
	listen [::]:80;
	keepalive_timeout 0;
	access_log $work/asked.log asked;
	location = / { return 200 "<title>Title</title>"; }
	location ~ ^/redirect/(.*)\$ { return 302 http://\$1/; }
	location ~ ^/article/(.*)\$ {
		return 200 "<h3><a href='http://\$1/'>It</a></h3>";
	}
	location ~ ^/refresh/(.*)\$ {
		return 200 "<meta http-equiv=refresh
		    content='0;url=http://\$1/'><title>Moved</title>";
	}
}
END
start_nginx

# Names of one kind, of both, and one that changes.
rebound=10.0.0.1
our_names() {
	printf '\tlocal-zone: "test." static\n'
	printf '\tlocal-data: "%s"\n' "public.test 0 A $public" \
	    "private.test 0 A 10.0.0.1" "mixed.test 0 A 10.0.0.1" \
	    "mixed.test 0 A $public" "mapped.test 0 AAAA ::ffff:10.0.0.1" \
	    "rebound.test 0 A $rebound" "alias.test 0 CNAME private.test."
}
write_unbound our_names
run_unbound

scrape() {
	timeout 60 "$SCRAPER" --dns "127.0.0.1:$DNS_PORT" "$@" \
	    >"$work/out" 2>"$work/err"
}

# All requests that came were to the public address.
only_public() {
	[ ! -s "$work/asked.log" ] ||
	    ! grep -v "^$public " "$work/asked.log" | sed 's/^/# asked: /' |
	    grep .
}

# refused PATH HOST [OPTION]: a page of the public site leads to the host.
refused() {
	scrape --public-only --retries 0 $3 "http://public.test/$1/$2"
	[ $? -eq 3 ] && [ ! -s "$work/out" ] && only_public &&
	    grep -q ': no-route: .*: this address is not allowed$' \
	    "$work/err" && return
	sed 's/^/# /' "$work/out" "$work/err"
	return 1
}

# Without the option the same leads there: else nothing is proven.
leads() {
	: >"$work/asked.log"
	scrape --titles --retries 0 http://public.test/redirect/10.0.0.1 &&
	    wait_for 'a line in the log' grep -q '^10.0.0.1 ' "$work/asked.log"
	status=$?
	: >"$work/asked.log"
	return $status
}

public_ones() {
	scrape --public-only --titles http://public.test/ http://mixed.test/ \
	    http://public.test/redirect/mixed.test http://$public/ &&
	    [ "$(wc -l <"$work/out")" -eq 4 ] && only_public
}

# rebind ADDRESS: from now on the name has this one.
rebind() {
	rebound=$1
	kill "$unbound_pid"
	wait "$unbound_pid"
	write_unbound our_names
	run_unbound 3>&-
}

# Asks for the page behind the name once more; whether it was ever refused.
is_refused() {
	echo http://public.test/redirect/rebound.test >&3
	grep -q ': no-route: 10.0.0.1:80: .* is not allowed$' "$work/err"
}

# The name changes while one process asks again and again: any answer is
# believed for a second.
rebinding() {
	rebind $public
	mkfifo "$work/lines"
	timeout 60 "$SCRAPER" --dns "127.0.0.1:$DNS_PORT" --public-only \
	    --titles <"$work/lines" >"$work/out" 2>"$work/err" &
	other_pids=$!
	exec 3>"$work/lines"
	echo http://rebound.test/ >&3
	wait_for 'the first page' grep -q Title "$work/out"
	rebind 10.0.0.1
	wait_for 'the change' is_refused
	exec 3>&-
	wait "$other_pids"
	[ $? -eq 1 ] && only_public
}

check 'without --public-only a redirect leads to 10.0.0.1' leads
check 'what is public can be had' public_ones
for host in 127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 0.0.0.0 10.0.0.1 \
    169.254.169.254 '[::1]' '[::]' '[::ffff:127.0.0.1]' '[::ffff:a00:1]' \
    '[64:ff9b::a00:1]' localhost private.test mapped.test alias.test \
    rebound.test; do
	check "refused, by a redirect: $host" refused redirect "$host" --titles
done
for host in 127.0.0.1 private.test; do
	check "refused, as an article: $host" refused article "$host"
	check "refused, by a refresh: $host" refused refresh "$host" --titles
done
check 'a name that is public no more' rebinding
finish
