#!/bin/sh
# pictures.sh - makes the pictures of the README.
#
#	sh bin/pictures.sh DIRECTORY PICTURES
#
# DIRECTORY holds the programs; the pictures go to PICTURES.  It is the main
# job, as demo.sh does it: eight pages of four planets, each of which takes
# 100 ms, one after the other and all at once; and the turns of the loop while
# it gets two titles.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
programs=$1
to=$2
no_proxy='*'
export no_proxy
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
site=
trap '[ -z "$site" ] || kill $site 2>/dev/null; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
mkfifo "$place/site" || exit 1
"$programs/demosite" --dns --delay 0.1 --planets 4 --port 8080 \
    >"$place/site" &
site=$!
# The first line is "# dns ADDRESS"; the URLs of the planets follow.
{
	read -r _ _ dns
	read -r one
	read -r two
	read -r three
	read -r four
} <"$place/site"
[ -n "$four" ] || exit 1

# scrape NAME OPTION ...: draws a run.
scrape() {
	name=$1
	shift
	"$programs/scraper" "$@" --dns "$dns" --waterfall "$to/$name.svg" \
	    "$one" "$two" "$three" "$four" >/dev/null || exit 1
}

scrape sequential --sequential
scrape concurrent
REACTOR_TRACE=$place/trace "$programs/scraper" --titles -4 --dns "$dns" \
    "$one" "$two" >/dev/null || exit 1
awk -f "$(dirname "$0")/timeline.awk" "$place/trace" >"$to/turns.svg"
