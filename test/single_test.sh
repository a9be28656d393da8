#!/bin/sh
# single_test.sh - what `make single` writes is whole: the same bytes twice,
# and each example, as it stands in its header, compiles and runs, as C and
# from C++.
#
#	sh test/single_test.sh [DIRECTORY [PROGRAMS]]
#
# DIRECTORY (build/single) is where `make single` wrote to, PROGRAMS (bin) is
# where demosite is.  Prints TAP, as check.h has it.
# CC, CXX, CFLAGS, LDFLAGS and LDLIBS are taken from the environment.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C
export LC_ALL
single=${1:-build/single}
programs=${2:-bin}
cc=${CC:-cc}
cxx=${CXX-c++}
command -v "${cxx:-none}" >/dev/null 2>&1 || {
	echo "# no C++ compiler: examples are not compiled as C++"
	cxx=
}
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
site=
trap '[ -z "$site" ] || kill $site; rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
number=0
failed=0
. test/loopback.sh

# check WHAT COMMAND ...: runs it, and says whether it succeeded.
check() {
	what=$1
	shift
	number=$((number + 1))
	if "$@" >"$place/log" 2>&1; then
		echo "ok $number - $what"
	else
		sed 's/^/# /' "$place/log" | head -n 20
		echo "not ok $number - $what"
		failed=1
	fi
}

same() {
	sh test/single.sh "$place/again" || return 1
	for file in "$place/again"/*; do
		cmp "$file" "$single/${file##*/}" || return 1
	done
}

# The example is the indented text of the header's first comment.
example() {
	awk '/^ \*\// { exit }
	/^ \*      / { print substr($0, 9); code = 1; next }
	code && /^ \*$/ { print ""; next }
	{ code = 0 }' "$single/$1.h"
}

# The lists of flags are meant to be split.
# shellcheck disable=SC2086
compile() {
	$cc $CFLAGS -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$single" \
	    -c -o "$place/$1.o" "$single/$1.c"
}

# run NAME: that of the whole prints the page of a URL; all others check what
# they do by themselves.
run() {
	if [ "$1" = spindle ]; then
		"$place/example" "$url" | grep -q '</html>'
	else
		"$place/example"
	fi
}

# shellcheck disable=SC2086
run_as_c() {
	example "$1" >"$place/$1.c"
	$cc $CFLAGS $LDFLAGS -std=c11 -Wall -Wextra -Wpedantic -Werror \
	    -I"$single" -o "$place/example" "$place/$1.c" "$place/$1.o" \
	    $LDLIBS && run "$1"
}

# shellcheck disable=SC2086
run_as_cplusplus() {
	cp "$place/$1.c" "$place/$1.cpp"
	$cxx $CFLAGS $LDFLAGS -std=c++17 -Wall -Wextra -Wpedantic -Werror \
	    -I"$single" -o "$place/example" "$place/$1.cpp" \
	    "$place/$1.o" $LDLIBS && run "$1"
}

mkfifo "$place/site" || exit 1
"$programs/demosite" --planets 1 >"$place/site" &
site=$!
read -r url <"$place/site"
check 'the same sources give the same bytes' same
for source in "$single"/*.c; do
	name=${source##*/}
	name=${name%.c}
	check "$name.c compiles" compile "$name"
	if grep -q '127\.0\.0\.1' "$single/$name.h" &&
	    ! has_ipv4 "$place"; then
		number=$((number + 1))
		echo "ok $number - the example of $name.h runs $no_ipv4"
		continue
	fi
	check "the example of $name.h runs" run_as_c "$name"
	[ -z "$cxx" ] ||
	    check "the example of $name.h runs as C++" run_as_cplusplus "$name"
done
echo "1..$number"
exit $failed
