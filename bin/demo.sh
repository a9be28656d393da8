#!/bin/sh
# demo.sh - the main job with no network at all.
#
#	sh bin/demo.sh DIRECTORY
#
# DIRECTORY holds the programs.  demosite plays four planets, and a name
# server for them; each of its answers takes 100 ms.  Then scraper asks for
# the first article of each: eight pages, first one after the other, then all
# at once.  Where there is a libssl, another demosite plays them over https,
# with a certificate that nobody trusts but who is told to.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
programs=${1:-.}
# No proxy stands between us and ourselves.
no_proxy='*'
export no_proxy
keys=$(dirname "$0")/../test/tls
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
sites=
# What was started; the list is meant to be split.
# shellcheck disable=SC2086
trap '[ -z "$sites" ] || kill $sites 2>/dev/null; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM

# site OPTION ...: starts demosite; $dns and $one to $four say where it is,
# and $four is empty if it is nowhere.
site() {
	rm -f "$place/site"
	mkfifo "$place/site" || exit 1
	"$programs/demosite" --dns --delay 0.1 --planets 4 "$@" \
	    >"$place/site" 2>"$place/why" &
	sites="$sites $!"
	# The first line is "# dns ADDRESS"; the URLs of the planets follow.
	{
		read -r _ _ dns
		read -r one
		read -r two
		read -r three
		read -r four
	} <"$place/site"
}

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
	ms=$(sed -n 's/^scraper: .* dropped, \([0-9]*\) ms$/\1/p' "$place/said")
}

site
[ -n "$four" ] || {
	cat "$place/why" >&2
	exit 1
}
echo "Four planets, two pages each, 100 ms for each answer."
echo
scrape "One after the other" --sequential
sequential=$ms
scrape "All at once"
concurrent=$ms
site --tls "$keys/site.pem" "$keys/site.key"
[ -n "$four" ] &&
	scrape "All at once, over https" --cacert "$keys/authority.pem"
echo "One after the other: $sequential ms"
echo "All at once:         $concurrent ms"
if [ -n "$four" ]; then
	echo "Over https:          $ms ms"
else
	echo "Not over https: $(sed 's/^demosite: --tls: //' "$place/why")"
fi
