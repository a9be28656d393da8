#!/bin/sh
# core_test.sh - the core of each folder compiles, links and runs by itself,
# made of exactly the files in the table of its chapter, and is small.
#
#	sh test/core_test.sh
#
# The program is test/core/FOLDER.c.  Files marked "apart" in the last column
# of the table are linked, but not counted.  Prints TAP, as check.h has it.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C
export LC_ALL
cc=${CC:-cc}
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
number=0
failed=0

# report NAME: one line of TAP, for the command before.
report() {
	if [ $? -eq 0 ]; then
		verdict=ok
	else
		verdict='not ok'
		failed=1
	fi
	number=$((number + 1))
	echo "$verdict $number - $1"
}

# build FOLDER: copies the files of its core, compiles and runs them.
build() {
	mkdir "$place/$1"
	for file in $(sed 's/ .*//' "$place/core"); do
		cp "$1/$file" "$place/$1/" || return 1
	done
	cp "test/core/$1.c" "$place/$1/core_test_program.c" || return 1
	# shellcheck disable=SC2086
	(cd "$place/$1" && $cc $CFLAGS -std=c11 -Wall -Wextra -Wpedantic \
	    -Werror $LDFLAGS -o core *.c $LDLIBS && ./core)
}

# core FOLDER LINES: LINES is the most that it may have, 0 for any number.
core() {
	awk -v ask=core -f test/chapters.awk "$1/README.md" >"$place/core"
	grep -q '\.c' "$place/core"
	report "$1/README.md has a table of its core"
	build "$1" >"$place/log" 2>&1
	report "the core of $1/ compiles, links and runs"
	[ $failed -eq 0 ] || sed 's/^/# /' "$place/log" | head -n 20
	lines=$(grep -v apart "$place/core" | sed "s,^,$1/," | xargs cat |
	    wc -l)
	echo "# the core of $1/ has $((lines)) lines"
	[ "$lines" -gt 0 ] && { [ "$2" -eq 0 ] || [ "$lines" -le "$2" ]; }
	report "the core of $1/ is small"
}

core reactor 1700
core defer 950
core html 2000
core dns 750
core http 0
echo "1..$number"
exit $failed
