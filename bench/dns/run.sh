#!/bin/sh
# run.sh - what looking names up costs: a bare client, Spindle, and peers.
#
#	sh bench/dns/run.sh [ROUNDS]
#
# nsd on CPU 1 knows 20,000 names, each with an A and an AAAA record; the
# client on CPU 0 asks for all, at most 128 at once.  The clients take turns
# within a round, the first round is dropped (default: 9 rounds more).  CPU is
# user plus system time of the client's process for a query, seen from
# outside; "x" is the median of the ratios of each round to the bare client.
#   bare     one socket, ids that count up: what the kernel alone costs
#   spindle  bin/resolve, which also prints the addresses; from 256 ports
#   cares, evdns, dnsperf   c-ares, libevent and dnsperf, where they are found;
#            each asks from one port
# From the environment: NAMES, IN_FLIGHT, PORT, BUILD (a directory), CC, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-9}
names=${NAMES:-20000}
in_flight=${IN_FLIGHT:-128}
port=${PORT:-5399}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
nsd=
mkdir -p "$build/nsd"
build=$(cd "$build" && pwd)
rm -f "$build"/dns.*.results

stop_nsd() {
	[ -z "$nsd" ] || { kill "$nsd" && wait "$nsd" || :; } 2>/dev/null
}
trap stop_nsd EXIT
trap 'exit 1' INT TERM

for tool in nsd taskset; do
	command -v $tool >/dev/null || {
		echo "left out: needs $tool"
		exit 0
	}
done
[ -x bin/resolve ] || make -s bin/resolve

# The clients that can be built or found here, in the order of the turns.
build_clients() {
	clients='bare spindle'
	$cc $cflags bench/usage.c -o "$build/usage"
	$cc $cflags bench/dns/bare.c bench/dns/queries.c -o "$build/dns_bare"
	for peer in cares:-lcares evdns:-levent; do
		if $cc $cflags "bench/dns/${peer%:*}.c" bench/dns/queries.c \
		    "${peer#*:}" -o "$build/dns_${peer%:*}" 2>/dev/null; then
			clients="$clients ${peer%:*}"
		fi
	done
	if command -v dnsperf >/dev/null; then
		clients="$clients dnsperf"
	fi
}

write_names() {
	awk -v n="$names" -v zone="$build/nsd/zone" -v names="$build/names" \
	    -v one="$build/dns.one" -v both="$build/dns.both" 'BEGIN {
		print "$TTL 300\n@ SOA ns mail 1 1 1 1 300\n@ NS ns" >zone
		print "ns A 127.0.0.1" >zone
		for (i = 0; i < n; i++) {
			name = sprintf("n%05d", i)
			printf "%s A 10.%d.%d.1\n%s AAAA 2001:db8::%x\n", name,
			    i / 256, i % 256, name, i + 1 >zone
			name = name ".bench.test"
			print name >names
			print name " A" >one
			print name " AAAA\n" name " A" >both
		}
	}'
}

start_nsd() {
	cat >"$build/nsd/nsd.conf" <<-END
		server:
			ip-address: 127.0.0.1@$port
			server-count: 1
			rrl-ratelimit: 0
			username: ""
			chroot: ""
			database: ""
			zonesdir: "$build/nsd"
			zonelistfile: "$build/nsd/list"
			logfile: "$build/nsd/log"
			pidfile: "$build/nsd/pid"
			xfrdfile: "$build/nsd/xfrd"
			xfrdir: "$build/nsd"
		remote-control:
			control-enable: no
		zone:
			name: bench.test
			zonefile: zone
	END
	taskset -c 1 nsd -d -c "$build/nsd/nsd.conf" >/dev/null 2>&1 &
	nsd=$!
	tries=0
	until echo n00000.bench.test |
	    bin/resolve --dns "127.0.0.1:$port" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 20 ] || {
			cat "$build/nsd/log" >&2
			exit 1
		}
		sleep 0.2
	done
}

# ask CLIENT one|both: asks all that, and tells what it cost.
ask() {
	case $1 in
	spindle)
		[ "$2" = one ] && shift 2 && set -- -4 || set --
		set -- bin/resolve "$@" --dns "127.0.0.1:$port"
		;;
	dnsperf)
		set -- dnsperf -s 127.0.0.1 -p "$port" -d "$build/dns.$2" \
		    -n 1 -c 1 -T 1 -q "$in_flight"
		;;
	*)
		set -- "$build/dns_$1" 127.0.0.1 "$port" "$build/dns.$2" \
		    "$in_flight"
		;;
	esac
	taskset -c 0 "$build/usage" "$@" <"$build/names"
}

# run CLIENT one|both: appends to the results.
run() {
	queries=$names
	[ "$2" = one ] || queries=$((2 * names))
	ask "$1" "$2" >"$build/dns.out" || {
		echo "run.sh: $1 failed:" >&2
		tail -n 3 "$build/dns.out" >&2
		exit 1
	}
	awk -v client="$1" -v n="$queries" -v round="$round" '
	/^usage / {
		for (i = 2; i <= NF; i++) {
			split($i, pair, "=")
			v[pair[1]] = pair[2]
		}
		printf "%d %s cpu_us=%f user_us=%f wall_us=%f\n", round,
		    client, v["cpu_us"] / n, v["user_us"] / n, v["wall_us"] / n
	}' "$build/dns.out" >>"$build/dns.$2.results"
}

# System calls of a query, of those clients whose count means something.
system_calls() {
	command -v strace >/dev/null || return 0
	printf '\nsystem calls a query, A and AAAA:\n'
	strace -c -f -o "$build/dns.strace" bin/resolve \
	    --dns "127.0.0.1:$port" <"$build/names" >/dev/null
	awk -v n=$((2 * names)) '
	NF >= 5 && $4 ~ /^[0-9]+$/ && $4 / n >= 0.001 {
		printf "%s %.3f\n", $NF, $4 / n
	}' "$build/dns.strace"
}

build_clients
write_names
start_nsd
round=0
while [ "$round" -le "$rounds" ]; do
	for client in $clients; do
		run "$client" both
		run "$client" one
	done
	round=$((round + 1))
done
for which in both one; do
	awk -v title="names from nsd, $which" -v metrics="cpu_us user_us" \
	    -v ratios="cpu_us wall_us" -f bench/median.awk -f bench/table.awk \
	    "$build/dns.$which.results"
done
system_calls
