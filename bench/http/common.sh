# common.sh - the servers of this comparison, and how a client is measured;
# read by run.sh and tls.sh, which set build, round, connections, cc, cflags.
#
# Client on CPU 0, server on CPU 1.  CPU is user plus system time of the
# client's process, seen from outside.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
nginx_port=${NGINX_PORT:-8471}
responder=
nginx=
mkdir -p "$build"
build=$(cd "$build" && pwd)

stop_servers() {
	for server in $responder $nginx; do
		kill "$server" && wait "$server" || :
	done 2>/dev/null
}
trap stop_servers EXIT
trap 'exit 1' INT TERM

# compile NAME ARGUMENT ... : quietly false if a library is missing.
compile() {
	program=$build/$1
	shift
	$cc $cflags "$@" -o "$program" 2>/dev/null
}

compile_spindle() {
	$cc $cflags bench/http/spindle.c reactor/*.c defer/*.c dns/*.c \
	    http/*.c html/*.c -ldl -o "$build/spindle"
}

# start_responder [OPTION ...]
start_responder() {
	: >"$build/responder.port"
	taskset -c 1 "$build/responder" "$@" >"$build/responder.port" \
	    </dev/null &
	responder=$!
	until [ -s "$build/responder.port" ]; do sleep 0.1; done
	responder_port=$(cat "$build/responder.port")
}

# start_nginx [MORE]: one worker serves one file of the responder's page, at
# nginx_port; MORE is configuration of other servers of that page.
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
			root $build/www;
			server {
				listen 127.0.0.1:$nginx_port backlog=4096;
				location / { try_files /page.html =404; }
			}
			${1-}
		}
	END
	taskset -c 1 nginx -p "$build" -e stderr -c "$build/nginx.conf" &
	nginx=$!
	until curl -s -o "$build/nginx/got" \
	    "http://127.0.0.1:$nginx_port/"; do
		kill -0 "$nginx"
		sleep 0.1
	done
}

# measure RESULTS NAME PAGES COMMAND ... : runs the command and appends what
# it cost to RESULTS; with "-" for PAGES, the command is wrk and counts them.
measure() {
	results=$build/$1.results
	name=$2
	pages_done=$3
	out=$build/http.out
	shift 3
	taskset -c 0 "$build/usage" "$@" >"$out" || {
		echo "$name failed:" >&2
		cat "$out" >&2
		exit 1
	}
	[ "$pages_done" != - ] ||
	    pages_done=$(awk '/requests in/ { print $1 }' "$out")
	awk -v client="$name" -v pages="$pages_done" -v round="$round" '
	/^usage / {
		for (i = 2; i <= NF; i++) {
			split($i, pair, "=")
			v[pair[1]] = pair[2]
		}
		printf "%d %s cpu_us=%f wall_us=%f pages_s=%f rss_mb=%f\n",
		    round, client, v["cpu_us"] / pages,
		    v["wall_us"] / pages, pages / v["wall_us"] * 1e6,
		    v["rss_kb"] / 1024
	}' "$out" >>"$results"
}

# system_calls CLIENT PORT [ARGUMENT ...]: of one page more; two runs, the
# second 1000 pages longer.
system_calls() {
	command -v strace >/dev/null || return 0
	client=$1
	port=$2
	shift 2
	for n in 4000 5000; do
		strace -c -f -o "$build/strace.$client.$n" \
		    "$build/$client" "$@" 127.0.0.1 "$port" $n \
		    "$connections" >/dev/null
	done
	cat "$build/strace.$client.4000" "$build/strace.$client.5000" |
	awk -v client="$client" '
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
}
