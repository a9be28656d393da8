#!/bin/sh
# mutants_test.sh - mutants.sh kills what a test notices, and tells what none
# does.  Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-cc}
. test/told.sh
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
mkdir -p "$place/defer" "$place/test" "$place/build"
cp test/mutants.sh test/mutants.awk test/mutants.equivalent "$place/test"
cd "$place" || exit 1
unset N SEED FOLDER LEAST SPARE MEMORY CFLAGS LDFLAGS LDLIBS TEST_ALLOC

# A house with one module, whose test is careless.
cat >defer/tiny.c <<'END'
#include <stddef.h>

size_t tiny_count(const char *at, size_t len, char what);

/* How many of len bytes are `what`: not "if (a == b && c < 1)". */
size_t
tiny_count(const char *at, size_t len, char what)
{
	static const unsigned char first[] = {
		0, 1,
	};
	size_t found = first[0];

	if (at == NULL)
		return 0;
	for (; len > 0; at++) {
		len--;
		if (*at == what)
			found++;
	}
	return found;
}
END
cat >test/defer_tiny_test.c <<'END'
#include <stddef.h>
#include <stdio.h>

size_t tiny_count(const char *at, size_t len, char what);

int
main(void)
{
	size_t n = tiny_count("bananas", 7, 'a');

	printf("%sok 1 - three of them\n1..1\n", n == 3 ? "" : "not ");
	return n != 3;
}
END

# library: what `make tests` leaves.
library() {
	for source in defer/tiny test/defer_tiny_test; do
		$CC -c -o $source.to $source.c || exit 1
	done
	ar rc build/test.a defer/tiny.to || exit 1
}

# mutants STATUS VARIABLE=VALUE ...: runs it; what it says goes to `out`.
mutants() {
	wrong=
	status=$1
	shift
	env CC="$CC" FOLDER=defer SPARE=1 "$@" \
	    sh test/mutants.sh test/defer_tiny_test.run >out 2>&1
	got=$?
	[ $got -eq "$status" ] || wrong="exit status $got"
}

library
mutants 1 N=1000 LEAST=99
said 1 'killed defer/tiny.c:12 constant, by defer_tiny_test: three of them'
said 1 'killed defer/tiny.c:14 turn, by defer_tiny_test: three of them'
said 1 'killed defer/tiny.c:16 return, by defer_tiny_test: three of them'
said 1 'killed defer/tiny.c:18 turn, by defer_tiny_test: three of them'
said 1 'killed defer/tiny.c:19 omit, by defer_tiny_test: three of them'
tell 'what a test notices is killed'
said 3 'survived .*'
said 1 'survived defer/tiny.c:16 constant'
said 1 'survived defer/tiny.c:15 omit'
said 1 'survived defer/tiny.c:15 constant'
said 1 '	+ return (0 + 1);'
tell 'what no test notices survives, and is shown'
if command -v timeout >/dev/null 2>&1; then
	said 1 'killed defer/tiny.c:17 omit, by defer_tiny_test: .*'
	tell 'what never ends is killed'
fi
said 0 '[a-z]* defer/tiny.c:[1-9]\( .*\)*'
said 0 '[a-z]* defer/tiny.c:1[01] .*'
tell 'comments, tables and strings are let be'
said 1 'defer  .* [5-9][0-9][.][0-9] % .*'
said 1 'all  .* [5-9][0-9][.][0-9] % .*'
tell 'the share is counted, and may be too small'

{
	echo
	cat build/mutants/survivors
} >>test/mutants.equivalent
{
	echo
	cat defer/tiny.c
} >moved
mv moved defer/tiny.c
mutants 0 N=1000 LEAST=100
said 0 'survived .*'
said 1 'equivalent defer/tiny.c:16 omit'
said 1 'all  .* 100.0 % .*'
tell 'what is listed is not counted, also when it has moved'

mutants 0 LEAST=1 N=5 SEED=7
cp out before
mutants 0 LEAST=1 N=5 SEED=7
cmp -s out before || wrong='not the same'
said 1 '5 of [0-9]* mutants, seed 7'
tell 'a seed draws the same ones again'

sed 's/n == 3/n == 4/; s/n != 3/n != 4/' test/defer_tiny_test.c >new
mv new test/defer_tiny_test.c
sleep 1				# so that the library is newer
library
mutants 0 N=3 LEAST=0
said 1 'left out, as it fails .*: test/defer_tiny_test.run: three of them'
said 0 'killed .*'
tell 'a test that fails anyhow kills nothing'

finish
