#!/bin/sh
# coverage.sh - names the lines of the product that no test runs.
#
#	sh test/coverage.sh			by gcc and its gcov
#
# Copies the sources to build/coverage/tree, builds programs and tests there
# with --coverage and without optimization, and runs `make test-built`.  Then
# it prints `file:line: text` for each line that no test has run, but for
# those in coverage.reasons, and a table: of how many lines of code of each
# folder how many were run.  It fails if a test does, if a line has neither
# test nor reason, and if a reason is for a line that is not there.
#
# What a process counts it writes when it exits, also by _exit(2) or a signal
# that it raises itself (coverage_dump.c); one that is killed counts for
# nothing.  Code that is compiled more than once (with the tests' allocator, or
# inside of a test) is run if it is run once.  The test of crashes is left out:
# it limits how much its processes may write.
#
# From the environment: MAKE (make), CC, GCOV (gcov), TEST_ALLOC, TEST_SECONDS
# (600), LDLIBS.  A second run builds only what has changed.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.." || exit 1
place=$PWD/build/coverage
tree=$place/tree
reasons=$PWD/test/coverage.reasons
export TEST_SECONDS="${TEST_SECONDS:-600}"
dump="-Wl,--wrap=raise,--wrap=_exit $place/dump.o"
status=0

# What is no product of a compiler: none of the sources is executable.
sources() {
	find . \( -name .git -o -name build \) -prune -o -type f \
	    ! -name '*.o' ! -name '*.to' ! -name '*.d' ! -name '*.gc??' \
	    ! -perm -100 -print
}

# Keeps what an earlier run has built, but no source that is gone.
copy() {
	mkdir -p "$tree" || exit 1
	(cd "$tree" && rm -f $(sources)) || exit 1
	tar -cf - $(sources) | (cd "$tree" && tar -xpf -) || exit 1
}

# in_tree TARGET ...: an object of the tests (x.to) has counters of its own,
# which must not be those of the program's (x.o).
in_tree() {
	(
		cd "$tree" || exit 1
		${MAKE:-make} CC="${CC:-cc}" CFLAGS='-O0 --coverage' \
		    LDFLAGS="--coverage $dump" LDLIBS="${LDLIBS:-}" \
		    TEST_ALLOC="${TEST_ALLOC:-} -dumpbase \$@" "$@"
	)
}

# Prints "file line 1" for each line of code that was run, else "file line 0".
count() {
	(
		cd "$tree" || exit 1
		find . -name '*.gcno' | sed 's/^\.\///' | sort |
		    xargs "${GCOV:-gcov}" -r -t 2>"$place/gcov.errors"
	) | awk '
	/^ *-: *0:Source:/ {
		file = substr($0, index($0, "Source:") + 7)
		sub(/^test\/\.\.\//, "", file)	# a test has it in it
		ours = file ~ /^(reactor|defer|dns|http|html|bin)\//
		next
	}
	ours {
		split($0, part, ":")
		gsub(/ /, "", part[1])
		if (part[2] + 0 == 0 || part[1] == "-")
			next
		key = file " " part[2] + 0
		run[key] = run[key] || part[1] + 0 > 0
	}
	END {
		for (key in run)
			print key, run[key]
	}'
}

copy
${CC:-cc} -c -o "$place/dump.o" test/coverage_dump.c || exit 1
in_tree all tests article-programs || exit 1
find "$tree" -name '*.gcda' -exec rm -f {} +
in_tree test-built RUN_CRASH= || status=1
count >"$place/lines"
cd "$tree" || exit 1
awk -f test/coverage.awk "$reasons" "$place/lines" \
    $(cut -d ' ' -f 1 "$place/lines" | sort -u) || status=1
exit $status
