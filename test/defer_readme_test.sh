#!/bin/sh
# defer_readme_test.sh - the chapter's example is what the program is.
#
#	sh test/defer_readme_test.sh PROGRAM
#
# PROGRAM is bench/article/defer_example.c, compiled.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
program=${1:?the program made of bench/article/defer_example.c}
cd "$(dirname "$0")/.." || exit 1
chapter=defer/README.md
source=bench/article/defer_example.c

# block FIRST: the fenced block of the chapter whose first line is FIRST.
block() {
	awk -v first="$1" '
	/^```/ { inside = 0 }
	inside { print }
	fence && index($0, first) == 1 { inside = 1; print }
	{ fence = /^```/ }' $chapter
}

# report NUMBER NAME: one line of TAP, for the command before.
report() {
	if [ $? -eq 0 ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
	fi
}

block 'static struct defer_result' | awk '
NR == FNR { quote = quote $0 "\n"; next }
{ text = text $0 "\n" }
END { exit quote == "" || index(text, quote) == 0 }' - $source
report 1 "the function in the chapter is the one in the source"

[ "$("$program")" = "$(block ' 400 ms')" ]
report 2 "the program prints what the chapter says"
echo 1..2
