#!/bin/sh
# article_test.sh - what the article's network programs print, that the
# concurrent ones are, and that a planet that fails holds up nothing.
#
#	sh test/article_test.sh [PROGRAMS [BUILT]]
#
# PROGRAMS (bin) is where demosite is, BUILT (build/article) what
# bench/article/build.sh has made.  Prints TAP, as check.h does.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
programs=${1:-bin}
built=${2:-build/article}
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C
export LC_ALL
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
sites=
# The list is meant to be split.
# shellcheck disable=SC2086
trap '[ -z "$sites" ] || kill $sites; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT PIPE TERM
. test/loopback.sh
has_ipv4 "$place" || {
	echo "1..0 $no_ipv4"
	exit 0
}
number=0
failed=0

# site NAME OPTION ...: a demosite, whose URLs go to the file NAME.
site() {
	name=$1
	shift
	mkfifo "$place/fifo"
	"$programs/demosite" --planets 10 "$@" >"$place/fifo" &
	sites="$sites $!"
	head -n 10 <"$place/fifo" >"$place/$name"
	rm "$place/fifo"
}

# run STATUS PROGRAM URL ...: output in the files out and err; $seconds, and
# $ran: whether its status was that.
run() {
	want=$1
	program=$2
	shift 2
	since=$(date +%s)
	"$built/$program" "$@" >"$place/out" 2>"$place/err" </dev/null
	[ $? -eq "$want" ] && ran=true || ran=false
	seconds=$(($(date +%s) - since))
}

# report NAME: one line of TAP, for the command before.
report() {
	if [ $? -eq 0 ] && $ran; then
		number=$((number + 1))
		echo "ok $number - $program: $1"
		return
	fi
	number=$((number + 1))
	failed=$((failed + 1))
	sed 's/^/# /' "$place/out" "$place/err"
	echo "not ok $number - $program: $1"
}

# wanted URL ...: what the planets at the URLs should give, sorted.
wanted() {
	for url in "$@"; do
		planet=${url%/}
		echo "first article on $url :"
		echo "${url}article-1"
		echo "Article 1 of planet ${planet##*-}"
		echo
	done | sort
}

# All URLs on one line each become arguments.
site fast
site slow --delay 0.5
# shellcheck disable=SC2046
set -- $(cat "$place/fast")
first=$1

for one in one_page_sequential one_page_concurrent; do
	run 0 $one "$first"
	[ "$(uniq -c "$place/out" | tr -s ' ')" = " 30 Planet 1" ]
	report "the title 30 times"
	run 1 $one "${first}none"
	[ ! -s "$place/out" ] && [ -s "$place/err" ]
	report "a page that is not there"
done
run 0 one_page_concurrent "$(head -n 1 "$place/slow")"
[ "$seconds" -le 10 ]
report "30 pages take no 15 seconds"

wanted "$@" >"$place/all"
for planets in planets_sequential planets_callbacks planets_coroutines; do
	run 0 $planets "$@"
	sort "$place/out" | cmp -s - "$place/all"
	report "the first article of each"
	run 1 $planets "$first" "${first}none" "$2"
	[ "$(wc -l <"$place/err")" -eq 1 ]
	report "a planet that is not there is told"
done
for planets in planets_callbacks planets_coroutines; do
	# A status, a connection refused, no URL, no name, no article.
	run 1 $planets "${first}none" http://127.0.0.1:1/ none \
	    http://none.invalid/ "${first}article-1" "$@"
	sort "$place/out" | cmp -s - "$place/all" &&
	    [ "$(wc -l <"$place/err")" -eq 5 ]
	report "five that fail hold up none"
	run 1 $planets none nothing
	[ ! -s "$place/out" ] && [ "$(wc -l <"$place/err")" -eq 2 ]
	report "all over before the reactor runs"
	run 0 $planets
	[ ! -s "$place/out" ]
	report "no planets"
	# shellcheck disable=SC2046
	run 0 $planets $(cat "$place/slow")
	[ "$seconds" -le 7 ]
	report "20 pages take no 10 seconds"
done

# Each block of C in the chapter stands in one of the programs.
ran=true
program=README.md
: >"$place/out"
awk '
FNR == 1 { file = FILENAME }
file !~ /md$/ { text = text $0 "\n"; next }
/^```/ && inside {
	inside = 0
	if (index(text, block) == 0)
		bad = 1
	next
}
/^```c$/ { inside = 1; blocks++; block = ""; next }
inside { block = block $0 "\n" }
END { exit bad || blocks == 0 }' bench/article/*.c bench/article/README.md
report "quotes the programs"

echo "1..$number"
[ "$failed" -eq 0 ]
