#!/bin/sh
# make.sh - makes the certificates of the tests anew, with openssl(1).
#
#	sh test/tls/make.sh
#
# authority.pem signs site.pem.  The keys are no secret: they lie here so that
# tests and demonstration need nothing installed, and nobody trusts them but
# who names authority.pem.  The authority's own key is thrown away.
#
# They are valid from the year 2000, for clocks that are wrong, to 2099.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -e
cd "$(dirname "$0")"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
# A star must stand before two names at least, or libssl does not take it.
planets='DNS:planet-1.test, DNS:planet-2.test, DNS:planet-3.test'
planets="$planets, DNS:planet-4.test"
others='DNS:*.site.test, IP:127.0.0.1, IP:::1'
cat >"$place/config" <<END
[ca]
default_ca = here
[here]
database = $place/database
new_certs_dir = $place
serial = $place/serial
private_key = $place/authority.key
default_md = sha256
policy = any
email_in_dn = no
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
[site]
basicConstraints = CA:FALSE
subjectAltName = DNS:localhost, $planets, $others
END
: >"$place/database"
echo 01 >"$place/serial"

# ask KEY NAME: a key, and a request for a certificate of it.
ask() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$1" -out "$place/request" -subj "/CN=$2"
}

# sign OPTION ...: answers the request.
sign() {
	openssl ca -batch -notext -config "$place/config" -in "$place/request" \
	    -startdate 20000101000000Z -enddate 20991231235959Z "$@"
}

ask "$place/authority.key" 'Spindle test authority'
sign -selfsign -extensions authority -out authority.pem
ask site.key localhost
sign -cert authority.pem -extensions site -out site.pem
