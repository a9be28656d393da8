#!/bin/sh
# proxies_test.sh - pages through a real proxy (tinyproxy; and squid, where it
# is installed), with a password and without, of real servers; and what curl
# asks for in the same case.  Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need nginx tinyproxy curl
enter test/real/proxies_test.sh
GETPAGE=${GETPAGE:-bin/getpage}
DEMOSITE=${DEMOSITE:-bin/demosite}
work=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
pids=
# The list is meant to be split.
# shellcheck disable=SC2086
trap 'kill $pids 2>/dev/null; wait; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# ---- a server that tells what it was asked for ----

cat >"$work/nginx.conf" <<END
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { }
http {
	access_log off;
	client_body_temp_path $work/body;
	proxy_temp_path $work/proxy;
	fastcgi_temp_path $work/fastcgi;
	uwsgi_temp_path $work/uwsgi;
	scgi_temp_path $work/scgi;
	server {
		listen 127.0.0.1:8081;
		listen 127.0.0.2:8081;
		default_type text/plain;
		location / {
			set \$who "\$http_host|\$http_cookie";
			set \$who "\$who|\$http_authorization";
			set \$who "\$who|\$http_proxy_authorization";
			set \$what "\$content_type|\$content_length";
			return 200 "\$request_method \$request_uri|\$what|\$who
";
		}
		location = /301 { return 301 /there; }
		location = /302 { return 302 /there; }
		location = /303 { return 303 /there; }
		location = /307 { return 307 /there; }
		location = /308 { return 308 /there; }
		location = /other { return 307 http://127.0.0.2:8081/there; }
		location = /back { return 307 http://127.0.0.1:8081/there; }
		location = /set {
			add_header Set-Cookie "a=1; Path=/";
			add_header Set-Cookie "long=2; Path=/there";
			add_header Set-Cookie "no=3; Path=/elsewhere";
			add_header Set-Cookie "no=4; Domain=0.0.1";
			add_header Set-Cookie "no=5; Secure";
			add_header Set-Cookie "no=6; Path=/; Max-Age=0";
			return 302 /there;
		}
	}
}
END
nginx -c "$work/nginx.conf" -p "$work" 2>"$work/nginx.err" &
pids="$pids $!"

# ---- proxies ----

# proxy PORT LINE: a tinyproxy with this line in its settings.
proxy() {
	cat >"$work/$1.conf" <<-END
		Port $1
		Listen 127.0.0.1
		Allow 127.0.0.1
		Timeout 20
		LogFile "$work/$1.log"
		$2
	END
	tinyproxy -d -c "$work/$1.conf" >/dev/null 2>&1 &
	pids="$pids $!"
}
proxy 8888 ''
proxy 8889 'BasicAuth me secret'
proxy 8890 'ConnectPort 563'

# Squid keeps its connections, to us too, which tinyproxy does not.
squid=
if command -v squid >/dev/null 2>&1; then
	squid=127.0.0.1:8891
	cat >"$work/squid.conf" <<-END
		http_port $squid
		http_access allow all
		cache deny all
		cache_mem 8 MB
		access_log none
		cache_store_log none
		cache_log /dev/null
		pid_filename none
		coredump_dir /
		pinger_enable off
		max_filedescriptors 1024
		shutdown_lifetime 0 seconds
	END
	squid -N -f "$work/squid.conf" >"$work/squid.log" 2>&1 &
	pids="$pids $!"
fi
mkfifo "$work/site"
"$DEMOSITE" --planets 1 --tls test/tls/site.pem test/tls/site.key \
    >"$work/site" 2>"$work/why" &
pids="$pids $!"
read -r secure <"$work/site"

# Waits until something listens at each port.
for port in 8081 8888 8889 8890 ${squid:+8891}; do
	tries=0
	until curl -s -o /dev/null "http://127.0.0.1:$port/"; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || skip_all "nothing listens at $port"
		sleep 0.1
	done
done

# ---- as curl asks ----

# as ARGUMENT ...: getpage and curl get the same.
as() {
	"$GETPAGE" "$@" >"$work/out" 2>"$work/err"
	curl -s -L -c /dev/null "$@" >"$work/curl" 2>&1
	cmp -s "$work/out" "$work/curl" && [ -s "$work/out" ] && return
	sed 's/^/# getpage: /' "$work/out" "$work/err"
	sed 's/^/# curl: /' "$work/curl"
	return 1
}

# gets TEXT ARGUMENT ...: a page that has the text.
gets() {
	text=$1
	shift
	"$GETPAGE" "$@" >"$work/out" 2>"$work/err"
	grep -q "$text" "$work/out" && return
	sed 's/^/# /' "$work/out" "$work/err"
	return 1
}

at=http://127.0.0.1:8081
# The words of each line are meant to be split.
while read -r line; do
	for through in '' '-x 127.0.0.1:8888 ' \
	    '-x http://me:secret@127.0.0.1:8889 ' ${squid:+"-x $squid "}; do
		# shellcheck disable=SC2086
		check "as curl: $through$line" as $through $line
	done
done <<END
$at/there
$at/there?a=b#c
-d a=b $at/there
-d a=b -d c=d $at/307
-d a=b $at/301
-d a=b $at/302
-d a=b $at/303
-d a=b $at/308
-X PUT -d a=b $at/307
-X DELETE $at/there
-H Content-Type:text/x -d a=b $at/there
-u me:pass $at/there
-u me:pass $at/302
-u me:pass $at/other
-u me: $at/there
http://me:pass@127.0.0.1:8081/there
http://m%65:p%40ss@127.0.0.1:8081/302
http://me:pass@127.0.0.1:8081/other
-u you:word http://me:pass@127.0.0.1:8081/there
-b x=1 $at/there
-b x=1 $at/302
-b x=1 $at/set
-b x=1;y=2 $at/there
END

# Here curl 7.88 is more generous: a cookie of -b goes to any host.
check 'the own cookie stays with its site' gets 'there|||127.0.0.2:8081|||$' \
    -b x=1 $at/other

# ---- proxies, and what they refuse ----

# fails TEXT ARGUMENT ...: a failure in these words.
fails() {
	text=$1
	shift
	"$GETPAGE" "$@" >"$work/out" 2>"$work/err"
	grep -q "$text" "$work/err" && return
	sed 's/^/# /' "$work/out" "$work/err"
	return 1
}

trust="--cacert test/tls/authority.pem"
# $trust is two words.
# shellcheck disable=SC2086
if [ -n "$secure" ]; then
	for through in 127.0.0.1:8888 me:secret@127.0.0.1:8889 $squid; do
		check "https through $through" gets 'Planet 1' $trust \
		    -x "$through" "$secure"
		check "three pages through one tunnel of $through" gets \
		    'Planet 1' $trust -x "$through" "$secure" "$secure" \
		    "$secure"
	done
	check 'a password is wanted' fails ': http-407: proxy ' $trust \
	    -x 127.0.0.1:8889 "$secure"
	check 'a wrong password' fails 'proxy ' $trust \
	    -x me:wrong@127.0.0.1:8889 "$secure"
	check 'a port that may not be reached' fails ': http-403: proxy ' \
	    $trust -x 127.0.0.1:8890 "$secure"
	check 'a site that is not trusted' fails ': tls: proxy ' \
	    -x 127.0.0.1:8888 "$secure"
	check 'a site that is not there' fails ': http-50[0-9]: proxy ' \
	    -x 127.0.0.1:8888 https://127.0.0.1:1/
fi
check 'a password is wanted, for http' fails ': http-407: proxy: ' \
    -x 127.0.0.1:8889 $at/there
check 'http of a site that is not there' fails ': http-50[0-9]: ' \
    -x 127.0.0.1:8888 http://127.0.0.1:1/
check 'no proxy there' fails ': refused: proxy ' -x 127.0.0.1:2 $at/there

# ---- hosts that have none, as curl has them ----

# listed LIST: curl and getpage agree whether the proxy is asked.
listed() {
	no_proxy=$1
	export no_proxy
	"$GETPAGE" -x 127.0.0.1:2 $at/there >"$work/out" 2>/dev/null
	curl -s -x 127.0.0.1:2 $at/there >"$work/curl" 2>/dev/null
	unset no_proxy
	cmp -s "$work/out" "$work/curl"
}
for list in '' '*' 127.0.0.1 127.0.0.0/8 127.0.0.2/31 '10.0.0.0/8,127.0.0.1' \
    '10.0.0.0/8 127.0.0.1' 0.0.1 .0.0.1 127.0.0.1/33 '*,x' x; do
	check "no_proxy \"$list\", as curl" listed "$list"
done
finish
