#!/bin/sh
# run.sh - what the loop costs: dispatch, timers, wake-up, many connections.
#
#	sh bench/loop/run.sh [ROUNDS] [chain|timers|latency|many ...]
#
# The programs take turns within a round, the first round is dropped
# (default: 15 rounds more).  Measured programs run on CPU 0, their peers on
# CPU 1.  libev, libuv and libevent take part where their headers are found.
#   chain    nanoseconds for an event over socket pairs, the read and the
#            write (chain_none: those alone) included; "x" is to raw epoll
#   timers   nanoseconds for an operation, 100,000 timers outstanding
#   latency  microseconds from sending a byte to having its echo, on one busy
#            connection among idle ones; "x" is to a thread per connection
#   many     ten thousand connections, each fetching a page that takes 100 ms;
#            memory is that of a connection, without the process; "x" is to
#            a raw epoll client
# From the environment: BUILD (a directory), CC, CFLAGS, MANY (connections).
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-15}
[ $# -eq 0 ] || shift
parts=${*:-chain timers latency many}
many=${MANY:-10000}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
server=
mkdir -p "$build"
build=$(cd "$build" && pwd)

stop_server() {
	[ -z "$server" ] || { kill "$server" && wait "$server" || :; }
	server=
} 2>/dev/null
trap stop_server EXIT
trap 'exit 1' INT TERM

# compile NAME SOURCE ... : quietly false if a library is missing.
compile() {
	program=$build/$1
	shift
	$cc $cflags "$@" -o "$program" 2>/dev/null
}

build_all() {
	bench=bench/loop
	mkdir -p "$build/reactor"
	for source in reactor/*.c; do
		$cc $cflags -c "$source" -o "$build/${source%.c}.o"
	done
	compile usage bench/usage.c
	compile responder bench/http/responder.c
	compile bare bench/http/bare.c bench/http/bare_tcp.c
	compile curl_multi bench/http/curl_multi.c -lcurl || :
	compile chain_none $bench/chain.c $bench/chain_none.c
	compile chain_epoll $bench/chain.c $bench/chain_epoll.c
	for peer in libev libuv libevent; do
		library=-l${peer#lib}
		for part in chain timers; do
			compile ${part}_$peer $bench/$part.c \
			    $bench/${part}_$peer.c "$library" || :
		done
	done
	compile many_libevent $bench/many_libevent.c -levent || :
	compile latency_peer $bench/latency_peer.c
	compile latency_threads $bench/latency_threads.c -pthread
	for part in chain timers; do
		compile ${part}_spindle $bench/$part.c \
		    $bench/${part}_spindle.c "$build"/reactor/*.o
	done
	for name in latency_spindle many_spindle; do
		compile $name $bench/$name.c "$build"/reactor/*.o
	done
}

# have NAME ... : those of these programs that could be built.
have() {
	for name in "$@"; do
		[ ! -x "$build/$name" ] || echo "$name"
	done
}

# record PART CLIENT LINE: appends a measurement.
record() {
	echo "$round $2 $3" >>"$build/$1.results"
}

chain() {
	for pairs in 100 1000 9000; do
		for name in $(have chain_epoll chain_none chain_libev \
		    chain_libuv chain_libevent chain_spindle); do
			record "chain.$pairs" "$name" \
			    "$(taskset -c 0 "$build/$name" $pairs 100)"
		done
	done
}

timers() {
	for name in $(have timers_libev timers_libuv timers_libevent \
	    timers_spindle); do
		record timers "$name" \
		    "$(taskset -c 0 "$build/$name" 100000 1000000)"
	done
}

# serve CPU PROGRAM ... : starts a server and learns its port.
serve() {
	cpu=$1
	shift
	: >"$build/port"
	taskset -c "$cpu" "$@" >"$build/port" </dev/null &
	server=$!
	until [ -s "$build/port" ]; do sleep 0.05; done
	port=$(cat "$build/port")
}

latency() {
	for idle in 1 100 $many; do
		for name in latency_threads latency_spindle; do
			serve 0 "$build/$name"
			record "latency.$idle" $name "$(taskset -c 1 \
			    "$build/latency_peer" "$port" "$idle" 3000)"
			stop_server
		done
	done
}

# fetch PROGRAM N: from a server of its own, since ports that were used a
# moment ago are slow to get again.
fetch() {
	serve 1 "$build/responder" -d 100 -l 8
	taskset -c 0 "$build/usage" "$build/$1" 127.0.0.1 "$port" "$2" "$2" \
	    >"$build/out"
	stop_server
}

many() {
	for name in $(have bare many_libevent curl_multi many_spindle); do
		fetch "$name" 1
		alone=$(sed -n 's/.*rss_kb=\([0-9]*\).*/\1/p' "$build/out")
		fetch "$name" "$many"
		record many "$name" "$(awk -v alone="$alone" -v n="$many" '
		/wall_s=/ { printf "%s ", $0 }
		/rss_kb=/ {
			sub(/.*rss_kb=/, "")
			printf "bytes=%d\n", ($1 - alone) * 1024 / n
		}' "$build/out")"
	done
}

tables() {
	case $1 in
	chain)
		for pairs in 100 1000 9000; do
			table "chain.$pairs" "100 active of $pairs pairs" \
			    ns ns
		done
		;;
	timers)
		table timers "100,000 timers, ns an operation" \
		    "start reset cancel_start fire" \
		    "start reset cancel_start fire"
		;;
	latency)
		for idle in 1 100 $many; do
			table "latency.$idle" "one busy among $idle idle" \
			    "median_us p99_us" median_us
		done
		;;
	many)
		table many "$many connections, answer after 100 ms" \
		    "wall_s cpu_us bytes" "wall_s cpu_us"
		;;
	esac
}

# table FILE TITLE METRICS RATIOS
table() {
	awk -v title="$2" -v metrics="$3" -v ratios="$4" \
	    -f bench/median.awk -f bench/table.awk "$build/$1.results"
}

build_all
rm -f "$build"/*.results
round=0
while [ "$round" -le "$rounds" ]; do
	for part in $parts; do
		$part
	done
	round=$((round + 1))
done
for part in $parts; do
	tables "$part"
done
