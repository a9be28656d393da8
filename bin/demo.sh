#!/bin/sh
# demo.sh - the main job with no network at all.
#
#	sh bin/demo.sh DIRECTORY
#
# DIRECTORY holds the programs.  demosite plays four planets, and a name
# server for them; each of its answers takes 100 ms.  Then scraper asks for
# the first article of each: eight pages, first one after the other, then all
# at once.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
programs=${1:-.}
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
site=
trap '[ -n "$site" ] && kill "$site"; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM

mkfifo "$place/site" || exit 1
"$programs/demosite" --dns --delay 0.1 --planets 4 >"$place/site" &
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

# scrape NAME OPTION ...: prints the articles; leaves the time in ms in $ms.
scrape() {
	name=$1
	shift
	echo "$name:"
	echo
	"$programs/scraper" --verbose "$@" --dns "$dns" \
	    "$one" "$two" "$three" "$four" 2>"$place/said" || {
		cat "$place/said" >&2
		exit 1
	}
	ms=$(sed -n 's/.* \([0-9]*\) ms$/\1/p' "$place/said")
}

echo "Four planets, two pages each, 100 ms for each answer."
echo
scrape "One after the other" --sequential
sequential=$ms
scrape "All at once"
echo "One after the other: $sequential ms"
echo "All at once:         $ms ms"
