#!/bin/sh
# single.sh - writes parts of the house as one header and one source each.
#
#	sh test/single.sh [DIRECTORY]
#
# DIRECTORY is build/single.  Parts are the folders that stand alone, each
# codec, and the whole library.  The same sources give the same bytes.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C
export LC_ALL
out=${1:-build/single}
mkdir -p "$out" || exit 1
version=$(sed -n 's/^#define PROGRAM_VERSION "\(.*\)"$/\1/p' bin/program.h)

# What is not a public header: the loop's own, and tables of data.
public() {
	for header in "$@"; do
		case $header in
		reactor/loop.h | *_data.h) ;;
		*) printf '%s ' "$header" ;;
		esac
	done
}

# part NAME EXAMPLE WHAT FILE ...: writes NAME.h and NAME.c.
part() {
	name=$1
	example=$2
	what=$3
	shift 3
	headers=
	sources=
	for file in "$@"; do
		case $file in
		*.h) headers="$headers $file" ;;
		*) sources="$sources $file" ;;
		esac
	done
	# The lists are meant to be split.
	# shellcheck disable=SC2086
	headers=$(public $headers)
	for kind in h c; do
		awk -v part=$kind -v name="$name" -v what="$what" \
		    -v version="$version" -v example="test/copy/$example.c" \
		    -v headers="$headers" -v sources="$sources" \
		    -f test/single.awk >"$out/$name.$kind" || exit 1
	done
}

part spindle_reactor reactor 'an event loop over epoll, kqueue or poll' \
    reactor/*.h reactor/*.c
part spindle_defer deferred 'deferreds: promises of a result; coroutines' \
    defer/*.h defer/*.c
part spindle_html extractor 'title, links and paths of HTML, while it comes' \
    html/*.h html/*.c
part spindle_dns message 'the codec of DNS messages' \
    dns/message.h dns/message.c
part spindle_idna idna 'host names in any language, as the DNS has them' \
    http/idna.h http/idna.c
part spindle_url url 'URLs, read as browsers read them' \
    http/idna.h http/idna.c http/url.h http/url.c
part spindle_head body 'heads and bodies of HTTP/1.1 messages' \
    http/head.h http/head.c http/body.h http/body.c
part spindle_inflate inflate 'gzip and deflate, undone' \
    http/inflate.h http/inflate.c
part spindle whole 'pages over HTTP by an event loop, and what they say' \
    reactor/*.h defer/*.h html/*.h dns/*.h http/*.h \
    reactor/*.c defer/*.c html/*.c dns/*.c http/*.c
