#!/bin/sh
# chapter_test.sh - the program of each chapter, taken from its text, compiles
# with the line that stands there, and does what the chapter says.
#
#	sh test/chapter_test.sh [PROGRAMS]
#
# PROGRAMS (bin) is where demosite is.  The program is the first C block of
# the README.md with a function main, the line the first one behind it that
# begins with `    cc `.  Prints TAP, as check.h has it.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
programs=${1:-bin}
cd "$(dirname "$0")/.." || exit 1
top=$PWD
case $programs in
/*) ;;
*) programs=$top/$programs ;;
esac
LC_ALL=C
export LC_ALL
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
started=
# The list is meant to be split.
# shellcheck disable=SC2086
trap '[ -z "$started" ] || kill $started 2>/dev/null; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
. test/loopback.sh
number=0
failed=0
for folder in reactor defer html dns http; do
	ln -s "$top/$folder" "$place/$folder"
done

# left_out NAME: is a line of TAP, where there is no 127.0.0.1.
left_out() {
	has_ipv4 "$place" && return 1
	number=$((number + 1))
	echo "ok $number - $1 $no_ipv4"
}

# check NAME COMMAND ...: runs it, and says whether it succeeded.
check() {
	name=$1
	shift
	number=$((number + 1))
	if "$@" >"$place/log" 2>&1; then
		echo "ok $number - $name"
	else
		sed 's/^/# /' "$place/log" | head -n 20
		echo "not ok $number - $name"
		failed=1
	fi
}

# ask WHAT FOLDER: a part of a chapter (chapters.awk).
ask() {
	awk -v ask="$1" -f test/chapters.awk "$2/README.md"
}

# build FOLDER LINES: compiles the program as the chapter says, without a
# warning.  It has at most so many lines.
build() {
	line=$(ask compile "$1")
	program=$(echo "$line" | sed 's/.* -o \([a-z]*\) .*/\1/')
	ask program "$1" >"$place/$program.c"
	[ "$(wc -l <"$place/$program.c")" -le "$2" ] || {
		echo "$program.c has more than $2 lines"
		return 1
	}
	(cd "$place" && eval "${CC:-cc} $CFLAGS $LDFLAGS -std=c11 -Wall \
	    -Wextra -Wpedantic -Werror ${line#cc } $LDLIBS")
}

# serve: starts the echo server at a port that is free, and waits until it
# answers, or ends since somebody else was faster to take the port.
serve() {
	port=$("$place/say") || return 1
	"$place/echo" "$port" &
	echo_id=$!
	started="$started $echo_id"
	while kill -0 $echo_id 2>/dev/null; do
		"$place/say" "$port" </dev/null >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	return 1
}

echoes() {
	serve || serve || serve || return 1
	printf 'one\ntwo\n' >"$place/words"
	"$place/say" "$port" <"$place/words" >"$place/echoed"
	diff "$place/words" "$place/echoed"
}

# The name server, and a site, of the demonstration.
open_site() {
	mkfifo "$place/site" || return 1
	"$programs/demosite" --dns --planets 1 >"$place/site" &
	started="$started $!"
	{
		read -r _ _ dns
		read -r url
	} <"$place/site"
	dns_address=${dns%:*}
	dns_port=${dns##*:}
	port=${url##*:}
	port=${port%%/*}
}

prints_planet() {
	"$place/get" "http://127.0.0.1:$port/planet-1/" >"$place/page" &&
	    grep -q '</html>' "$place/page"
}

looks_up() {
	[ "$("$place/lookup" "$dns_address" "$dns_port" planet-1.test)" = \
	    127.0.0.1 ]
}

prints_title() {
	[ "$(printf '<title>A &amp;\n B</title><p>x' | "$place/title")" = \
	    'A & B' ]
}

keeps_promise() {
	ask output defer >"$place/expected"
	"$place/promise" >"$place/said" && diff "$place/expected" "$place/said"
}

check 'reactor: the echo server compiles' build reactor 60
left_out 'reactor: it echoes' || check 'reactor: it echoes' echoes
check 'defer: the program compiles' build defer 80
check 'defer: it prints what the chapter says' keeps_promise
check 'html: the program compiles' build html 20
check 'html: it prints the title' prints_title
check 'dns: the lookup compiles' build dns 80
check 'http: the blocking client compiles' build http 80
left_out 'dns and http: their programs run' || {
	open_site || exit 1
	check 'dns: it finds the address' looks_up
	check 'http: it prints a page' prints_planet
}
echo "1..$number"
exit $failed
