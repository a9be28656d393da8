# servers.sh - real servers for the scripts beside this file, which source
# it: nginx and unbound, in a network namespace of the script's own.
#
# The namespace has a loopback interface and nothing else: every port is
# free, no packet leaves, and what the scripts do to its routes concerns
# nobody.  NGINX_PORT and DNS_PORT are the servers' ports, `work` a directory
# that goes away at the end, `pages` what nginx serves: the folder of the name
# that was asked for.  Sites are named one.test, two.test ... in `names`.
# Further sites of nginx are the files *.site in `work`; `other_pids` are
# processes that a script has started besides, and that must end with it.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

unset http_proxy https_proxy all_proxy no_proxy
unset HTTPS_PROXY ALL_PROXY NO_PROXY

NGINX_PORT=8080
DNS_PORT=5300
SCRAPER=${SCRAPER:-bin/scraper}
number=0
failed=0

# A whole script that cannot run here is skipped; CI wants none to be.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

need() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || skip_all "needs $tool"
	done
}

# enter SCRIPT: runs the script again inside a namespace, unless it is there.
enter() {
	if [ -n "$SPINDLE_NAMESPACE" ]; then
		ip link set lo up
		return
	fi
	need unshare ip
	SPINDLE_NAMESPACE=yes
	export SPINDLE_NAMESPACE
	unshare -n true 2>/dev/null && exec unshare -n sh "$1"
	unshare -rn true 2>/dev/null && exec unshare -rn sh "$1"
	skip_all "cannot make a network namespace"
}

# say ok|'not ok' NAME
say() {
	number=$((number + 1))
	[ "$1" = ok ] || failed=$((failed + 1))
	echo "$1 $number - $2"
}

# check NAME COMMAND ...: a case that holds if the command succeeds.
check() {
	name=$1
	shift
	if "$@"; then
		say ok "$name"
	else
		say 'not ok' "$name"
	fi
}

finish() {
	echo "1..$number"
	[ "$failed" -eq 0 ]
	exit
}

stop_servers() {
	for pid in $nginx_pid $unbound_pid $other_pids; do
		kill -CONT "$pid"
		kill "$pid"
		wait "$pid"
	done 2>/dev/null
	rm -rf "$work"
}

# begin: makes `work` and sees to it that all is gone at the end.
begin() {
	nginx_pid=
	unbound_pid=
	other_pids=
	work=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
	chmod 755 "$work"
	pages=$work/pages
	names=$work/names
	mkdir "$pages"
	: >"$names"
	trap stop_servers EXIT
	trap 'exit 1' HUP INT TERM
}

# wait_for WHAT COMMAND ...: tries for half a minute.
wait_for() {
	what=$1
	shift
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		if [ $tries -gt 300 ]; then
			echo "# $what does not answer"
			sed 's/^/# /' "$work"/*.log
			exit 1
		fi
		sleep 0.1
	done
}

# nginx, with the pages compressed as most servers do.
start_nginx() {
	mkdir "$work/nginx"
	{
		echo "daemon off; worker_processes 1; pid $work/nginx/pid;"
		[ "$(id -u)" -ne 0 ] || echo "user root root;"
		cat <<-END
			error_log $work/nginx.log;
			events { worker_connections 1024; }
			http {
				access_log off;
				default_type text/html;
				gzip on;
				gzip_min_length 100;
				client_body_temp_path $work/nginx/1;
				proxy_temp_path $work/nginx/2;
				fastcgi_temp_path $work/nginx/3;
				uwsgi_temp_path $work/nginx/4;
				scgi_temp_path $work/nginx/5;
				server {
					listen 127.0.0.1:$NGINX_PORT;
					root $pages/\$host;
				}
				include $work/*.site;
			}
		END
	} >"$work/nginx.conf"
	nginx -p "$work" -e "$work/nginx.log" -c "$work/nginx.conf" &
	nginx_pid=$!
	wait_for nginx test -s "$work/nginx/pid"
}

# write_unbound COMMAND ...: unbound's configuration, with what the command
# prints behind the last option of `server:`.
write_unbound() {
	cat <<-END
		server:
			interface: 127.0.0.1@$DNS_PORT
			access-control: 127.0.0.0/8 allow
			do-daemonize: no
			use-syslog: no
			logfile: "$work/unbound.log"
			chroot: ""
			username: ""
			directory: "$work"
			pidfile: "$work/unbound.pid"
			module-config: "iterator"
	END
	"$@"
	printf 'remote-control:\n\tcontrol-enable: no\n'
} >"$work/unbound.conf"

run_unbound() {
	rm -f "$work/unbound.pid"
	unbound -d -c "$work/unbound.conf" >"$work/unbound.out.log" 2>&1 &
	unbound_pid=$!
	wait_for unbound test -s "$work/unbound.pid"
}

site_names() {
	printf '\tlocal-zone: "test." static\n'
	sed 's/.*/	local-data: "& IN A 127.0.0.1"/' "$names"
}

# unbound, which knows the names in $names, that there is no other under
# test., and nobody to ask about the rest.
start_unbound() {
	write_unbound site_names
	run_unbound
}
