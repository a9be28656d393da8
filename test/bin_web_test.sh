#!/bin/sh
# bin_web_test.sh - what the programs promise of forms, passwords, cookies,
# refreshes and proxies.
#
#	sh test/bin_web_test.sh [DIRECTORY]
#
# DIRECTORY holds the programs; without it, that in BIN, or build.  All runs
# against demosite on the loopback, which takes a whole URL as a proxy does.
# Prints TAP, as check.h does.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
. "$(dirname "$0")/contract.sh"

mkfifo site other || exit 1
# contract.sh ends both.
# shellcheck disable=SC2034
{
	"$bin/demosite" --planets 1 >site &
	site=$!
	read -r one <site
	"$bin/demosite" --planets 1 >other &
	others=$!
	read -r two <other
}
base=${one%/planet-1/}
proxy=${two%/planet-1/}
proxy=${proxy#http://}
odd=$base/odd

begin "forms: -d, -d @FILE, -X"
run 0 getpage -d 'a=b' --data c=d "$odd/form"
out_is '<title>POST a=b&c=d</title>'
printf 'e=\r\nf\n' >data
run 0 getpage -d @data -d g "$odd/form"
out_is '<title>POST e=f&g</title>'
printf 'h' | "$bin/getpage" -d @- "$odd/form" >out 2>err
out_is '<title>POST h</title>'
run 0 getpage -d '' "$odd/form"
out_is '<title>POST </title>'
run 0 getpage -X PUT -d x "$odd/form"
out_is '<title>PUT x</title>'
run 0 getpage -X DELETE "$odd/form"
out_is '<title>DELETE </title>'
run 0 getpage -d x "$odd/redirect"
out_has '<title>Planet 1</title>'
for wrong in "-X G(T" "-X CONNECT" "-I -d x" "-I -X PUT" "-d @no/file"; do
	# The words are meant to be split.
	# shellcheck disable=SC2086
	run 2 getpage $wrong "$odd/form"
	err_has '^getpage: '
done

begin "passwords: -u, in the URL, or none"
run 1 getpage "$odd/secret"
err_has "secret: http-401: 401 Unauthorized"
run 0 getpage -u planet:x "$odd/secret"
out_is '<title>Secret</title>'
run 0 getpage "http://planet:%78@${odd#http://}/secret"
out_is '<title>Secret</title>'
run 1 getpage -u planet:y "$odd/secret"
run 1 getpage -u planet:y "http://planet:x@${odd#http://}/secret"
err_has ": http-401: "
run 0 scraper --titles -u planet:x "$odd/secret"
out_is "$(printf '%s\tSecret' "$odd/secret")"

begin "cookies: a page for those who bring one back; -b"
for program in getpage "scraper --titles"; do
	# The words are meant to be split.
	# shellcheck disable=SC2086
	run 0 $program "$odd/cookie"
	out_has 'Cookie'
done
run 0 scraper --json --titles "$odd/cookie" "$odd/cookie"
[ "$(grep -c '"redirects":1,' out)" -eq 2 ] ||
    complain "a cookie stayed: $(cat out)"
run 0 scraper --json --titles -b a=b -b 'seen=yes' -b c=d "$odd/cookie"
out_has '"redirects":0,'
run 0 getpage -b seen=yes --max-redirects 0 "$odd/cookie"
out_is '<title>Cookie</title>'
run 1 getpage --max-redirects 0 "$odd/cookie"
err_has ': http-302: '
run 0 getpage -b mine=1 "$odd/cookie"
out_is '<title>Cookie</title>'
for cookie in seen=yes2 unseen=yes seen=no; do
	run 1 getpage -b "$cookie" --max-redirects 0 "$odd/cookie"
	err_has ': http-302: '
done

begin "a refresh is a redirect for scraper, and text for getpage"
run 0 scraper --titles --json "$odd/refresh"
out_has '"title":"Planet 1".*"redirects":1,'
run 0 scraper --titles --max-redirects 0 "$odd/refresh"
out_is "$(printf '%s\tMoved' "$odd/refresh")"
run 0 getpage "$odd/refresh"
out_has 'Moved'

begin "a proxy: -x, the environment, and hosts that have none"
far=http://far.test/planet-1/
run 0 scraper --titles -x "$proxy" "$far"
out_is "$(printf '%s\tPlanet 1' "$far")"
run 0 scraper -x "http://me:pass@$proxy" "$far"
out_has '^http://far.test/planet-1/article-1$'
# proxied VARIABLE VALUE STATUS OPTION ... URL
proxied() {
	variable=$1
	value=$2
	want=$3
	shift 3
	(
		unset http_proxy https_proxy all_proxy no_proxy
		eval "$variable=\$value"
		export "${variable?}"
		exec "$bin/getpage" "$@"
	) >out 2>err </dev/null
	status=$?
	[ "$status" -eq "$want" ] ||
	    complain "$variable=$value: status $status: $(cat err)"
}
none="--dns 127.0.0.1:1"
# $none is two words, and meant to be split.
# shellcheck disable=SC2086
{
	proxied http_proxy "$proxy" 0 $none "$far"
	proxied all_proxy "http://$proxy/" 0 $none "$far"
	proxied ALL_PROXY "$proxy" 0 $none "$far"
	proxied HTTP_PROXY "$proxy" 1 $none "$far"
	proxied https_proxy "$proxy" 1 $none "$far"
	proxied no_proxy "test" 1 $none -x "$proxy" "$far"
	err_has ': no-dns: '
	proxied no_proxy "*" 1 $none -x "$proxy" "$far"
	proxied no_proxy "est, 10.0.0.0/8" 0 $none -x "$proxy" "$far"
	proxied http_proxy "$proxy" 1 $none -x "" "$far"
}
proxied http_proxy "socks5://$proxy" 2 "$far"
err_has '^getpage: http_proxy: only proxies that speak http'
proxied no_proxy "127.0.0.0/8" 0 -x 127.0.0.1:1 "$one"

begin "--public-only takes no proxy, which might lead anywhere"
no_proxies() {
	err_has '^getpage: --public-only cannot see which address a proxy '
}
run 2 getpage --public-only -x "$proxy" "$far"
no_proxies
proxied http_proxy "$proxy" 2 --public-only "$one"
no_proxies
proxied https_proxy "$proxy" 2 --public-only "$one"
no_proxies
proxied all_proxy "$proxy" 2 --public-only "$one"
no_proxies
proxied http_proxy "$proxy" 1 --public-only -x "" "$one"
err_has ': no-route: '

begin "what a proxy cannot do is told as its own"
fails_by() {
	run 1 getpage -x "$1" "$2"
	err_has "^getpage: $2: $3: proxy [^ ]*: 127.0.0.1:[0-9]*: "
}
fails_by 127.0.0.1:1 http://far.test/ refused
if "$bin/getpage" --version | grep -q '^no TLS library'; then
	echo "# no libssl, so no https through a proxy"
else
	fails_by "$proxy" https://far.test/ http-404
	fails_by 127.0.0.1:1 https://far.test/ refused
	run 1 getpage $none -x far.test https://a.test/
	err_has '^getpage: https://a.test/: no-dns: proxy far.test: '
fi

begin "-v tells how long each step took, and who was asked"
run 0 getpage -v "$one" "$one"
at=${base#http://}
grep -q "^\* 200, by $at: name 0.0 ms, connect [0-9.]* ms, TLS 0.0 ms, wait \
[0-9.]* ms, receive [0-9.]* ms\$" err || complain "errors: $(cat err)"
grep -q "^\* 200, by $at, used before: name 0.0 ms, connect 0.0 ms, " err ||
    complain "errors: $(cat err)"
contract_done
