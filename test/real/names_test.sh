#!/bin/sh
# names_test.sh - names from real name servers, dnsmasq and unbound: thousands
# at once, and one with more addresses than a datagram has room for, so that it
# must be asked for again over TCP.  And the other way round: unbound asks our
# own name server, over TCP alone.  Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need dnsmasq unbound
enter test/real/names_test.sh
begin
RESOLVE=${RESOLVE:-bin/resolve}
DEMOSITE=${DEMOSITE:-bin/demosite}

# Two thousand names with two addresses each, one with a hundred, and one that
# people write with an u and two dots.
awk -v hosts="$work/hosts" -v data="$work/data" -v wanted="$work/wanted" \
    -v names="$names" 'BEGIN {
	for (i = 0; i < 2000; i++) {
		name = "n" i ".test"
		four = "10.0." int(i / 200) "." i % 200 + 1
		six = sprintf("2001:db8::%x", i + 1)
		print name >names
		print four, name "\n" six, name >hosts
		printf "\tlocal-data: \"%s A %s\"\n", name, four >data
		printf "\tlocal-data: \"%s AAAA %s\"\n", name, six >data
		print name "\t" six "\n" name "\t" four >wanted
	}
	for (i = 1; i <= 100; i++) {
		print "192.0.2." i, "big.test" >hosts
		printf "\tlocal-data: \"big.test A 192.0.2.%d\"\n", i >data
	}
	print "10.1.0.1 xn--bcher-kva.test" >hosts
	print "\tlocal-data: \"xn--bcher-kva.test A 10.1.0.1\"" >data
}'

dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts \
    --addn-hosts="$work/hosts" --listen-address=127.0.0.1 --bind-interfaces \
    --port=5301 --local=/test/ --user= --pid-file="$work/dnsmasq.pid" \
    >"$work/dnsmasq.log" 2>&1 &
other_pids=$!
wait_for dnsmasq "$RESOLVE" --dns 127.0.0.1:5301 n0.test

# resolves ADDRESS:PORT [OPTION]: all names are found, and nothing else.
resolves() {
	timeout 60 "$RESOLVE" --dns "$@" <"$names" >"$work/out" 2>"$work/err" &&
	    sort "$work/out" >"$work/got" && sort "$work/wanted" |
	    cmp -s - "$work/got" && return
	sed 's/^/# /' "$work/err"
	wc -l "$work/out" | sed 's/^/# /'
	return 1
}

# truncated ADDRESS:PORT: of a hundred addresses, as many as we keep.
truncated() {
	timeout 60 "$RESOLVE" --dns "$1" big.test >"$work/out" 2>"$work/err"
	grep -c '^big.test	192\.0\.2\.[0-9]*$' "$work/out" | grep -qx 32
}

# in_unicode ADDRESS:PORT: a name that is asked for in ASCII.
in_unicode() {
	asked=$(printf 'B\303\274cher.test')
	timeout 60 "$RESOLVE" -4 --dns "$1" "$asked" >"$work/out" &&
	    printf '%s\t10.1.0.1\n' "$asked" | cmp -s - "$work/out"
}

check 'dnsmasq: two thousand names' resolves 127.0.0.1:5301
check 'dnsmasq: a long answer over TCP' truncated 127.0.0.1:5301
printf '\tlocal-zone: "test." static\n' | cat - "$work/data" >"$work/local"
write_unbound cat "$work/local"
run_unbound
check 'unbound: two thousand names' resolves "127.0.0.1:$DNS_PORT"
check 'unbound: a long answer over TCP' truncated "127.0.0.1:$DNS_PORT"
check 'unbound: a name in Unicode' in_unicode "127.0.0.1:$DNS_PORT"
check 'both, in turn' resolves 127.0.0.1:5301 --dns "127.0.0.1:$DNS_PORT"
kill "$unbound_pid"
wait "$unbound_pid"

# Our own server, behind unbound, which speaks TCP alone to it.
"$DEMOSITE" --dns --planets 300 >"$work/demosite" 2>"$work/demosite.log" &
other_pids="$other_pids $!"
wait_for demosite grep -q '^http' "$work/demosite"
port=$(sed -n 's/^# dns .*:\([0-9]*\)$/\1/p' "$work/demosite")
our_zone() {
	printf '\tdo-not-query-localhost: no\n\ttcp-upstream: yes\n'
	printf '\tlocal-zone: "test." nodefault\n'
	printf 'stub-zone:\n\tname: "test"\n\tstub-addr: 127.0.0.1@%s\n' \
	    "$port"
}
write_unbound our_zone
run_unbound
sed -n 's,^http://\(planet-[0-9]*\.test\):.*,\1,p' "$work/demosite" >"$names"
sed 's/$/	127.0.0.1/' "$names" >"$work/wanted"
check 'our name server, asked by unbound over TCP' \
    resolves "127.0.0.1:$DNS_PORT"
check 'our name server, asked over UDP' resolves "127.0.0.1:$port"
finish
