#!/bin/sh
# tls.sh - what TLS costs: a bare client of libssl, Spindle, wrk and libcurl.
#
#	sh bench/http/tls.sh [ROUNDS] [pages|handshakes|idle ...]
#
# As run.sh, from nginx, by TLS 1.3, with certificates that all but wrk verify.
#   pages       CPU for a page over 64 kept-alive connections
#   handshakes  a new connection for each page, 64 at once: with a full
#               handshake (new), and with a session that the server gave
#               before (resumed; "resumed" is the share that really was)
#   idle        memory that each of 1,000 connections holds while it is kept
#               alive, after 3 pages: of the process, and by malloc
# spindle_keep is Spindle with keep_buffers (reactor/tls_settings.h).  Needs
# nginx with its TLS module and libssl's headers; wrk and libcurl's headers are
# used where they are found.
# From the environment: PAGES, HANDSHAKES, CONNECTIONS, IDLE, BUILD (a
# directory), CC, CFLAGS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-9}
[ $# -eq 0 ] || shift
parts=${*:-pages handshakes idle}
pages=${PAGES:-40000}
handshakes=${HANDSHAKES:-2000}
connections=${CONNECTIONS:-64}
idle=${IDLE:-1000}
build=${BUILD:-build/bench}
cc=${CC:-cc}
cflags=${CFLAGS:--std=c11 -O2}
. bench/http/common.sh
for part in pages new resumed idle; do
	rm -f "$build/tls_$part.results"
done
keep_port=$((nginx_port + 1))
new_port=$((nginx_port + 2))
resumed_port=$((nginx_port + 3))
log=$build/nginx.reused
authority=test/tls/authority.pem

# The clients that can be built or found here, in the order of the turns.
build_clients() {
	clients="bare_tls spindle spindle_keep"
	compile usage bench/usage.c
	compile responder bench/http/responder.c
	compile_spindle
	compile bare_tls bench/http/bare.c bench/http/bare_tls.c \
	    -lssl -lcrypto || {
		echo "tls.sh: needs libssl's headers (libssl-dev)"
		exit 0
	}
	compile curl_multi bench/http/curl_multi.c -lcurl &&
	    clients="$clients curl_multi"
	wrk=
	command -v wrk >/dev/null && wrk=wrk
}

# The part of nginx's configuration that has TLS.  One server keeps connections
# alive, two close them; of these one knows no sessions.  They log whether a
# connection was resumed: "r" or ".".
tls_servers() {
	cat <<-END
		ssl_certificate $PWD/test/tls/site.pem;
		ssl_certificate_key $PWD/test/tls/site.key;
		ssl_protocols TLSv1.2 TLSv1.3;
		keepalive_timeout 600;
		log_format reused \$ssl_session_reused;
		server {
			listen 127.0.0.1:$keep_port ssl backlog=4096;
			location / { try_files /page.html =404; }
		}
		server {
			listen 127.0.0.1:$new_port ssl backlog=4096;
			location / { try_files /page.html =404; }
			keepalive_timeout 0;
			ssl_session_tickets off;
			access_log $log reused;
		}
		server {
			listen 127.0.0.1:$resumed_port ssl backlog=4096;
			location / { try_files /page.html =404; }
			keepalive_timeout 0;
			access_log $log reused;
		}
	END
}

# find_client NAME: its program and options.
find_client() {
	client="$build/${1%_keep} -t $authority"
	[ "$1" != spindle_keep ] || client="$client -b"
}

run_pages() {
	for name in $clients; do
		find_client "$name"
		measure tls_pages "$name" "$pages" $client 127.0.0.1 \
		    $keep_port "$pages" "$connections"
	done
	[ -z "$wrk" ] || measure tls_pages wrk - wrk -t1 -c"$connections" -d3 \
	    "https://127.0.0.1:$keep_port/page/0000000"
}

# run_new new|resumed PORT
run_new() {
	for name in $clients; do
		find_client "$name"
		: >"$log"
		measure "tls_$1" "$name" "$handshakes" $client 127.0.0.1 \
		    "$2" "$handshakes" "$connections"
		share=$(awk '{ r += $1 == "r" } END { print r / NR }' "$log")
		sed -i "\$s/\$/ resumed=$share/" "$build/tls_$1.results"
	done
}

# What one connection holds: the difference of many and one, shared by them.
run_idle() {
	for name in $clients; do
		find_client "$name"
		for n in 1 "$((idle + 1))"; do
			$client 127.0.0.1 $keep_port "$((3 * n))" "$n"
		done | awk -v round="$round" -v client="$name" -v idle="$idle" '
		{
			for (i = 1; i <= NF; i++) {
				split($i, pair, "=")
				v[pair[1], NR] = pair[2]
			}
		}
		END {
			printf "%d %s rss_kb=%f heap_kb=%f\n", round, client,
			    (v["resident_kb", 2] - v["resident_kb", 1]) / idle,
			    (v["heap_kb", 2] - v["heap_kb", 1]) / idle
		}' >>"$build/tls_idle.results"
	done
}

# table NAME TITLE METRICS RATIOS
table() {
	awk -v title="$2" -v metrics="$3" -v ratios="$4" \
	    -f bench/median.awk -f bench/table.awk "$build/tls_$1.results"
}

build_clients
command -v nginx >/dev/null || {
	echo "tls.sh: needs nginx"
	exit 0
}
start_responder
start_nginx "$(tls_servers)"
round=0
while [ "$round" -lt "$rounds" ]; do
	for part in $parts; do
		case $part in
		pages) run_pages ;;
		handshakes)
			run_new new $new_port
			run_new resumed $resumed_port
			;;
		idle) run_idle ;;
		esac
	done
	round=$((round + 1))
done
for part in $parts; do
	case $part in
	pages)
		table pages "TLS, $connections connections" \
		    "cpu_us pages_s rss_mb" "cpu_us wall_us"
		printf '\nsystem calls a page (strace -c -f, 1000 more):\n'
		for name in bare_tls spindle; do
			system_calls $name $keep_port -t "$authority"
		done
		;;
	handshakes)
		for kind in new resumed; do
			table $kind "TLS, $kind, a page each" \
			    "cpu_us pages_s resumed" "cpu_us wall_us"
		done
		;;
	idle)
		table idle "TLS, $idle idle connections, each" \
		    "rss_kb heap_kb" "rss_kb heap_kb"
		;;
	esac
done
