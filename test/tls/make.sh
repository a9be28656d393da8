#!/bin/sh
# make.sh - makes the certificates of the tests anew, with openssl(1).
#
#	sh test/tls/make.sh
#
# authority.pem signs site.pem.  The keys are no secret: they lie here so that
# tests and demonstration need nothing installed, and nobody trusts them but
# who names authority.pem.  The authority's own key is thrown away.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -e
cd "$(dirname "$0")"
key=$(mktemp)
trap 'rm -f "$key" site.csr' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$key" -out authority.pem -days 36500 \
    -subj '/CN=Spindle test authority'
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout site.key -out site.csr -subj '/CN=localhost'
printf '%s\n' 'basicConstraints = CA:FALSE' \
    'subjectAltName = DNS:localhost, DNS:*.test, IP:127.0.0.1, IP:::1' |
    openssl x509 -req -in site.csr -CA authority.pem -CAkey "$key" \
    -days 36500 -set_serial 1 -extfile /dev/stdin -out site.pem
