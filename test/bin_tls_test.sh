#!/bin/sh
# bin_tls_test.sh - what the programs promise of https: whom they trust, what
# they say when they do not, and a host without a scheme.
#
#	sh test/bin_tls_test.sh [DIRECTORY]
#
# DIRECTORY holds the programs; without it, that in BIN, or build.  All runs
# against demosite on the loopback.  Prints TAP, as check.h does.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
. "$(dirname "$0")/contract.sh"
keys=$here/tls

# site OPTION ...: another demosite; its first URL is in $one.
site() {
	rm -f site
	mkfifo site || exit 1
	"$bin/demosite" "$@" >site 2>why &
	others="$others $!"
	read -r one <site
}

site
plain=${one%/planet-1/}
site --tls "$keys/site.pem" "$keys/site.key"
[ -n "$one" ] || {
	# Where there is no library, that is all there is to be seen.
	begin "https # no libssl"
	grep -q '^demosite: --tls: no TLS library' why ||
	    complain "demosite: $(cat why)"
	run 3 scraper https://127.0.0.1:1/
	err_has '^scraper: https://127.0.0.1:1/: tls: no TLS library'
	run 0 scraper --titles "$plain/planet-1/"
	contract_done
	exit
}
secure=${one%/planet-1/}
at=${secure#https://}
trust="--cacert $keys/authority.pem"
# $trust is two words, and meant to be split.

begin "an article over https"
run 0 scraper $trust "$secure/planet-1/"
out_is "first article on $secure/planet-1/ :
$secure/planet-1/article-1
Article 1 of planet 1"
err_is ""
run 0 scraper $trust --titles --ordered "$secure/planet-1/" \
    "$plain/planet-2/" "$secure/odd/redirect"
out_is "$(printf '%s\tPlanet 1\n%s\tPlanet 2\n%s\tPlanet 1' \
    "$secure/planet-1/" "$plain/planet-2/" "$secure/odd/redirect")"

begin "an authority that nobody trusts, and no second try"
run 3 scraper -v --retries 3 --json "$secure/planet-1/"
out_has '"error":"tls","detail":"127.0.0.1:[0-9]*: [^"]*certificate'
out_has '"status":null,'
grep -q again err && complain "it was tried again: $(cat err)"
grep -q "^scraper: $secure/planet-1/: tls: 127.0.0.1:" err ||
    complain "errors: $(cat err)"
run 1 getpage --cacert "$keys/site.pem" "$secure/planet-1/"
out_is ""
err_has "^getpage: $secure/planet-1/: tls: "

begin "another name"
run 3 scraper $trust "https://other.localhost:${secure##*:}/planet-1/"
err_has ': tls: .*not for other.localhost'
run 0 scraper $trust --titles "https://localhost:${secure##*:}/planet-1/"

begin "-k: any certificate, and a line that says so, once"
run 0 scraper -k --titles "$secure/planet-1/" "$secure/planet-2/"
[ "$(wc -l <out)" -eq 2 ] || complain "not two titles: $(cat out)"
err_has '^scraper: --insecure: '

# Nobody is asked whom to trust then.
given "SSL_CERT_FILE=$place/missing.pem" 0 scraper -k --titles \
    "$secure/planet-1/"
err_has '^scraper: --insecure: '

begin "whom to trust, by the environment"
given "SSL_CERT_FILE=$keys/authority.pem" 0 scraper --titles "$secure/planet-1/"
given "SSL_CERT_FILE=$keys/site.pem" 3 scraper --titles "$secure/planet-1/"
err_has ': tls: '
given "SSL_CERT_FILE=$keys/site.pem" 0 scraper $trust --titles \
    "$secure/planet-1/"
# A file of the directory is found by the hash of its authority's name.
mkdir authorities empty
cp "$keys/authority.pem" authorities/2043151d.0
given "SSL_CERT_DIR=$place/authorities" 0 scraper --titles "$secure/planet-1/"
given "SSL_CERT_DIR=$place/empty" 3 scraper --titles "$secure/planet-1/"
err_has ': tls: '

begin "nobody to trust: nothing is trusted"
: >nobody.pem
for file in "$place/nobody.pem" "$place/missing.pem"; do
	run 3 scraper --cacert "$file" "$secure/planet-1/"
	err_has ": tls: .*$file"
	given "SSL_CERT_FILE=$file" 3 scraper --titles "$secure/planet-1/"
	err_has ": tls: .*$file"
	# And http goes on.
	run 1 scraper --cacert "$file" --titles "$secure/planet-1/" \
	    "$plain/planet-1/"
	err_has "^scraper: $secure/planet-1/: tls: "
	out_is "$(printf '%s\tPlanet 1' "$plain/planet-1/")"
done

begin "no library"
run 3 scraper --tls-library /nonexistent/libssl.so "$secure/planet-1/"
err_has ': tls: .*/nonexistent/libssl.so'
run 0 scraper --tls-library /nonexistent/libssl.so --titles \
    "$plain/planet-1/"
err_is ""
run 1 demosite --tls-library /nonexistent/libssl.so --tls "$keys/site.pem" \
    "$keys/site.key"
err_has '^demosite: --tls: .*/nonexistent/libssl.so'

begin "a server that speaks no TLS"
run 3 scraper "https://${plain#http://}/planet-1/" $trust
err_has ': tls: .*does not speak TLS'

begin "a host without a scheme"
run 0 scraper $trust --titles "$at/planet-1/" "${plain#http://}/planet-1/"
[ "$(sort out)" = "$(printf '%s\tPlanet 1\n%s\tPlanet 1' "$at/planet-1/" \
    "${plain#http://}/planet-1/" | sort)" ] || complain "output: $(cat out)"
run 3 scraper --titles "$at/planet-1/"
err_has "^scraper: $at/planet-1/: tls: .*certificate"
run 3 scraper 127.0.0.1:1
err_has '^scraper: 127.0.0.1:1: refused: 127.0.0.1:1: '
run 0 getpage $trust "$at/planet-1/"
out_has '<title>Planet 1</title>'
printf '%s\n' "$at/planet-1/" | "$bin/scraper" $trust --titles >out 2>err ||
    complain "status $?: $(cat err)"

begin "getpage -v tells of each connection"
run 0 getpage -v $trust "$secure/planet-1/" "$secure/planet-2/"
grep -v '^[*><] ' err | grep -v '^[><]$' >other
[ ! -s other ] || complain "other lines: $(cat other)"
[ "$(grep -c '^> GET /planet-[12]/ HTTP/1.1$' err)" -eq 2 ] &&
    [ "$(grep -c '^< HTTP/1.1 200 OK$' err)" -eq 2 ] ||
    complain "heads: $(cat err)"
for line in "connected to: $at" 'TLS version: TLSv1\.[23]' \
    'certificate: verified' 'subject: .*localhost' \
    'issuer: .*Spindle test authority' \
    'expires: 2099-12-31 23:59:59 UTC'; do
	[ "$(grep -c "^\* $line\$" err)" -eq 1 ] ||
	    complain "not one line $line: $(cat err)"
done
run 0 getpage -v -k "$secure/planet-1/"
grep -q '^\* certificate: NOT verified$' err || complain "$(cat err)"
run 0 getpage -v "$plain/planet-1/"
[ "$(head -n 1 err)" = "* connected to: ${plain#http://}" ] ||
    complain "errors: $(cat err)"
[ "$(sed 1d err | grep '^\* ')" = "$(tail -n 1 err)" ] &&
    tail -n 1 err | grep -q '^\* 200, by .* TLS 0.0 ms' ||
    complain "errors: $(cat err)"

begin "demosite's files"
run 1 demosite --tls "$place/missing.pem" "$keys/site.key"
err_has "^demosite: --tls: .*missing.pem"
run 1 demosite --tls "$keys/authority.pem" "$keys/site.key"
err_has "^demosite: --tls: "

begin "a large page, as its reader takes it"
for poller in '' poll; do
	given "REACTOR_POLLER=$poller" 0 getpage $trust "$secure/odd/large"
	[ "$(wc -c <out)" -gt 4194304 ] || complain "$(wc -c <out) bytes"
	given "REACTOR_POLLER=$poller" 3 scraper $trust --max-size 65536 \
	    "$secure/odd/large"
	err_has ': too-large: '
done

begin "a thousand URLs over https, in order"
awk -v base="$secure" 'BEGIN {
	for (i = 0; i < 1000; i++)
		print base "/planet-" i % 3 + 1 "/#" i
}' >urls
"$bin/scraper" $trust --titles --ordered <urls >out 2>err ||
    complain "status $?: $(head -n 3 err)"
awk '{ sub(/^.*#/, ""); if ($1 != NR - 1) exit 1 }
    END { if (NR != 1000) exit 1 }' out || complain "$(wc -l <out) lines"

contract_done
