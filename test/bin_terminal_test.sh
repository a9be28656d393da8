#!/bin/sh
# bin_terminal_test.sh - what the programs do at a terminal (see terminal.c).
#
#	sh test/bin_terminal_test.sh [DIRECTORY]
#
# DIRECTORY holds the programs; without it, that in BIN, or build.  Prints TAP,
# as check.h does.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
. "$(dirname "$0")/contract.sh"

# The words are meant to be split.
# shellcheck disable=SC2086
eval "${CC:-cc} $CFLAGS $LDFLAGS -o terminal '$here/terminal.c' $LDLIBS" ||
    exit 1
./terminal /bin/sh -c : || {
	echo '1..0 # SKIP there are no terminals here'
	exit 0
}
mkfifo site || exit 1
"$bin/demosite" --planets 1 >site &
# contract.sh ends it.
# shellcheck disable=SC2034
site=$!
read -r one <site
odd=${one%/planet-1/}/odd

# at_terminal STATUS PROGRAM ARGUMENT ...: what it shows goes to out.
at_terminal() {
	want=$1
	program=$2
	shift 2
	./terminal "$bin/$program" "$@" >shown
	status=$?
	tr -d '\r' <shown >out
	[ "$status" -eq "$want" ] ||
	    complain "$program $*: status $status, not $want: $(cat out)"
}

begin "getpage shows text: what could steer a terminal is made harmless"
at_terminal 0 getpage -i "$odd/controls"
out_has '^HTTP/1.1 200 OK$'
out_has '<title>a.*\[31m&#x9b;31m.*&#x202e;b</title>'
[ "$(tr -cd '\033' <out | wc -c)" -eq 0 ] || complain "raw: $(od -c out)"
at_terminal 0 getpage "$one"
[ "$(grep -c '<a href=' out)" -gt 1 ] || complain "its lines: $(cat out)"

begin "scraper asks for URLs, where nobody would type them"
at_terminal 2 scraper
out_has "^scraper: no URL, and standard input is a terminal"

begin "progress is drawn, but not at a terminal that cannot wipe it away"
TERM=xterm
export TERM
at_terminal 3 scraper --titles --retries 0 -t 1 "$odd/silent"
out_has '0 done, 0 failed, 1 in flight'
[ "$(tr -cd '\033' <out | wc -c)" -gt 0 ] || complain "no progress: $(cat out)"
for TERM in dumb ''; do
	at_terminal 0 scraper --titles "$one"
	out_is "$(printf '%s\tPlanet 1' "$one")"
done
contract_done
