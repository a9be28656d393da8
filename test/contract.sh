# contract.sh - what the tests of the programs have in common: a place of their
# own, named cases, a run of a program, and what its output must be.  Prints
# TAP, as check.h does.
#
#	. test/contract.sh
#
# The argument of the test is the directory that holds the programs; without
# it, that in BIN, or build.  Afterwards it is $bin, that of the tests $here,
# and we are in a directory of our own, where the files out and err will lie.
# What is named in $site, $others and $scraper is ended with the test.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
# shellcheck disable=SC1091
if [ -z "$CONTRACT_BOUNDED" ] && command -v timeout >/dev/null 2>&1; then
	CONTRACT_BOUNDED=yes
	export CONTRACT_BOUNDED
	exec timeout -k 5 300 sh "$0" "$@"
fi
bin=${1:-${BIN:-build}}
case $bin in
/*) ;;
*) bin=$PWD/$bin ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
site=
others=
scraper=
# What was started and still runs; the lists are meant to be split.
# shellcheck disable=SC2086
trap 'kill $site $others $scraper 2>/dev/null; cd /; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT PIPE TERM
(cd "$here/.." && . test/loopback.sh && has_ipv4 "$place") || {
	echo '1..0 # SKIP there is no 127.0.0.1 here'
	exit 0
}
cd "$place" || exit 1
LC_ALL=C
export LC_ALL
unset REACTOR_POLLER REACTOR_TRACE SSL_CERT_FILE SSL_CERT_DIR
unset http_proxy https_proxy all_proxy no_proxy
unset HTTPS_PROXY ALL_PROXY NO_PROXY

number=0
failed=0
bad=

# case NAME: ends the case before, if any, and begins another.
begin() {
	if [ "$number" -gt 0 ]; then
		[ -z "$bad" ] && echo "ok $number - $name" ||
		    echo "not ok $number - $name"
		[ -z "$bad" ] || failed=$((failed + 1))
	fi
	number=$((number + 1))
	name=$1
	bad=
}

complain() {
	printf '%s\n' "$name: $1" | sed 's/^/# /'
	bad=yes
}

# run STATUS PROGRAM ARGUMENT ...: output in the files out and err.
run() {
	want=$1
	program=$2
	shift 2
	"$bin/$program" "$@" >out 2>err </dev/null
	status=$?
	[ "$status" -eq "$want" ] ||
	    complain "$program $*: status $status, not $want: $(cat err)"
}

# given NAME=VALUE STATUS PROGRAM ARGUMENT ...: with that in the environment.
# (What stands in front of a function's name stays set in some shells.)
given() {
	# shellcheck disable=SC2163
	export "$1"
	variable=${1%%=*}
	shift
	run "$@"
	unset "$variable"
}

# out_is TEXT, err_is TEXT: the whole of it.
out_is() {
	[ "$(cat out)" = "$1" ] || complain "output: $(cat out); not: $1"
}
err_is() {
	[ "$(cat err)" = "$1" ] || complain "errors: $(cat err); not: $1"
}
# err_has PATTERN: one line on standard error, which matches.
err_has() {
	[ "$(wc -l <err)" -eq 1 ] || complain "not one line: $(cat err)"
	grep -q "$1" err || complain "errors: $(cat err); not like: $1"
}
# out_has PATTERN
out_has() {
	grep -q "$1" out || complain "output: $(cat out); not like: $1"
}

# await COMMAND ...: tries for half a minute, or fails.
await() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || return 1
		sleep 0.1 2>/dev/null || sleep 1
	done
}
has_lines() {
	[ -f "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ]
}
# has_signals FILE COUNT: so many have come, says a trace.
has_signals() {
	[ -f "$1" ] && [ "$(grep -c ' signal ' "$1")" -ge "$2" ]
}

# Ends the last case, prints the plan, and returns the exit status.
contract_done() {
	begin ""
	echo "1..$((number - 1))"
	[ "$failed" -eq 0 ]
}
