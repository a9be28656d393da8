#!/bin/sh
# pictures_test.sh - what scraper draws and writes down of a run, read by
# others: xmllint (libxml2) reads the SVG, and a validator from npm the HAR, of
# few requests and of hundreds, well and ill.  Prints TAP.
#
# NODE_MODULES names the folder where ajv and har-schema are installed.  How a
# picture looks is for eyes: test/README.md.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need node xmllint
[ -d "$NODE_MODULES/har-schema" ] || skip_all "needs har-schema in NODE_MODULES"
enter test/real/pictures_test.sh
begin

mkfifo "$work/site"
bin/demosite --planets 250 --delay 0.01 >"$work/site" &
# shellcheck disable=SC2034
other_pids=$!			# for servers.sh
head -n 250 <"$work/site" >"$work/planets"
base=$(sed -n '1s,/planet-1/$,,p' "$work/planets")
{
	sed 4q "$work/planets"
	for page in 404 loop cut silent 'x?q=<&>"' redirect; do
		echo "$base/odd/$page"
	done
	echo 'http://127.0.0.1:1/'
} >"$work/few"

# run LIST ENTRIES: both files, each read by its reader.
run() {
	"$SCRAPER" -q -t 1 --retries 0 --waterfall "$work/$1.svg" \
	    --har "$work/$1.har" <"$work/$1" >"$work/out" 2>"$work/err"
	check "the waterfall of $1 is XML" xmllint --noout "$work/$1.svg"
	node test/real/har.cjs "$NODE_MODULES" "$work/$1.har" >"$work/entries"
	check "the archive of $1 is HAR 1.2" [ "$(cat "$work/entries")" = "$2" ]
}

# Redirects too: ten and one of the loop, one of the redirect.
run few 27
run planets 500
REACTOR_TRACE=$work/trace "$SCRAPER" -q <"$work/few" >"$work/out" 2>"$work/err"
awk -f bin/timeline.awk "$work/trace" >"$work/turns.svg"
check 'the timeline of a trace is XML' xmllint --noout "$work/turns.svg"
finish
