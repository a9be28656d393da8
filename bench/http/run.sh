#!/bin/sh
# run.sh - what fetching a page costs: a bare client, Spindle, wrk and libcurl.
#
#	sh bench/http/run.sh [ROUNDS]
#
# Client on CPU 0, server on CPU 1; the clients take turns within a round,
# the first round is dropped (default: 9 rounds).  64 kept-alive connections,
# pages of about 4 KB, the title extracted (but by wrk).  CPU is user plus
# system time of the client's process, seen from outside.  "x bare" is the
# median of the ratios of each round.  Needs Linux, taskset, strace; wrk,
# nginx and libcurl's headers are used where they are found.
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
nginx_port=${NGINX_PORT:-8471}
responder=
nginx=
mkdir -p "$build"
build=$(cd "$build" && pwd)
rm -f "$build/responder.results" "$build/nginx.results"

stop_servers() {
	for server in $responder $nginx; do
		kill "$server" && wait "$server" || :
	done 2>/dev/null
}
trap stop_servers EXIT
trap 'exit 1' INT TERM

# The clients that can be built or found here, in the order of the turns.
build_clients() {
	clients=bare
	$cc $cflags bench/usage.c -o "$build/usage"
	$cc $cflags bench/http/responder.c -o "$build/responder"
	$cc $cflags bench/http/bare.c -o "$build/bare"
	if [ -f bench/http/spindle.c ]; then
		$cc $cflags bench/http/spindle.c reactor/*.c defer/*.c dns/*.c \
		    http/*.c html/*.c -ldl -o "$build/spindle"
		clients="$clients spindle"
	fi
	if command -v wrk >/dev/null; then
		clients="$clients wrk"
	fi
	if $cc $cflags bench/http/curl_multi.c -lcurl \
	    -o "$build/curl_multi" 2>/dev/null; then
		clients="$clients curl_multi"
	fi
}

start_responder() {
	: >"$build/responder.port"
	taskset -c 1 "$build/responder" >"$build/responder.port" </dev/null &
	responder=$!
	until [ -s "$build/responder.port" ]; do sleep 0.1; done
	responder_port=$(cat "$build/responder.port")
}

# nginx with one worker serves one file of the responder's page.
start_nginx() {
	command -v nginx >/dev/null || return 0
	mkdir -p "$build/www" "$build/nginx"
	curl -s "http://127.0.0.1:$responder_port/" >"$build/www/page.html"
	cat >"$build/nginx.conf" <<-END
		daemon off; worker_processes 1; error_log stderr crit;
		pid $build/nginx/pid;
		events { worker_connections 4096; }
		http {
			access_log off; sendfile off; default_type text/html;
			keepalive_requests 9999999; open_file_cache max=16;
			client_body_temp_path $build/nginx/1;
			proxy_temp_path $build/nginx/2;
			fastcgi_temp_path $build/nginx/3;
			uwsgi_temp_path $build/nginx/4;
			scgi_temp_path $build/nginx/5;
			server {
				listen 127.0.0.1:$nginx_port backlog=4096;
				root $build/www;
				location / { try_files /page.html =404; }
			}
		}
	END
	taskset -c 1 nginx -p "$build" -e stderr -c "$build/nginx.conf" &
	nginx=$!
	until curl -s -o "$build/nginx/got" \
	    "http://127.0.0.1:$nginx_port/"; do sleep 0.1; done
}

# run SERVER PORT CLIENT: appends to SERVER's results.
run() {
	out=$build/http.out
	if [ "$3" = wrk ]; then
		taskset -c 0 "$build/usage" wrk -t1 -c"$connections" -d1 \
		    "http://127.0.0.1:$2/page/0000000" >"$out"
		done_pages=$(awk '/requests in/ { print $1 }' "$out")
	else
		taskset -c 0 "$build/usage" "$build/$3" 127.0.0.1 "$2" \
		    "$pages" "$connections" >"$out" || {
			echo "run.sh: $3 failed:" >&2
			cat "$out" >&2
			exit 1
		}
		done_pages=$pages
	fi
	awk -v client="$3" -v pages="$done_pages" -v round="$round" '
	/^usage / {
		for (i = 2; i <= NF; i++) {
			split($i, pair, "=")
			v[pair[1]] = pair[2]
		}
		printf "%d %s cpu_us=%f wall_us=%f pages_s=%f rss_mb=%f\n",
		    round, client, v["cpu_us"] / pages,
		    v["wall_us"] / pages, pages / v["wall_us"] * 1e6,
		    v["rss_kb"] / 1024
	}' "$out" >>"$build/$1.results"
}

table() {
	awk -v title="$1, $connections connections" \
	    -v metrics="cpu_us pages_s rss_mb" -v ratios="cpu_us wall_us" \
	    -f bench/table.awk "$build/$1.results"
}

# System calls of one page more: two runs, the second 1000 pages longer.
system_calls() {
	command -v strace >/dev/null || return 0
	printf '\nsystem calls a page (strace -c -f, 1000 pages more):\n'
	for client in bare spindle; do
		[ -x "$build/$client" ] || continue
		for n in 4000 5000; do
			strace -c -f -o "$build/strace.$client.$n" \
			    "$build/$client" 127.0.0.1 "$responder_port" $n \
			    "$connections" >/dev/null
		done
		cat "$build/strace.$client.4000" "$build/strace.$client.5000" |
		awk -v client=$client '
		/^%/ { run++ }
		NF >= 5 && $4 ~ /^[0-9]+$/ { calls[$NF, run] = $4; name[$NF] }
		END {
			printf "%s: %.2f =", client,
			    (calls["total", 2] - calls["total", 1]) / 1000
			for (k in name) {
				d = (calls[k, 2] - calls[k, 1]) / 1000
				if (k != "total" && (d >= 0.01 || d <= -0.01))
					printf " %s %.2f", k, d
			}
			print ""
		}'
	done
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
system_calls
