#!/bin/sh
# coverage_test.sh - coverage.sh tells what was run from what was not.
# Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-cc}
. test/told.sh
if ! "${GCOV:-gcov}" --version >/dev/null 2>&1 ||
    ! $CC --version 2>&1 | grep -q 'Free Software'; then
	echo '1..0 # SKIP needs gcc and its gcov'
	exit 0
fi
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
mkdir -p "$place/defer" "$place/bin" "$place/test" || exit 1
cp test/coverage.sh test/coverage.awk test/coverage_dump.c \
    "$place/test" || exit 1
cd "$place" || exit 1
unset TEST_ALLOC LDLIBS

# A house with one module, compiled twice, and a program.
cat >defer/tiny.c <<'END'
int tiny_sign(int n);

int
tiny_sign(int n)
{
	if (n > 0)
		return 1;
	if (n < 0)
		return -1;
#ifdef TINY_ALLOC
	return 0;
#else
	return 0 * n;
#endif
}
END
cat >bin/one.c <<'END'
int tiny_sign(int n);

int
main(int argc, char **argv)
{
	(void)argv;
	if (argc < 1)
		return 3;
	return tiny_sign(argc) != 1;
}
END
cat >test/tiny_test.c <<'END'
#include <signal.h>
#include <unistd.h>

int tiny_sign(int n);

int
main(void)
{
	signal(SIGTERM, SIG_IGN);
	raise(SIGTERM);
	_exit(tiny_sign(-5) != -1);
}
END
cat >Makefile <<'END'
LINK = $(CC) $(CFLAGS) $(LDFLAGS) -o $@
.SUFFIXES: .c .o .to
.c.o:
	$(CC) $(CFLAGS) -c -o $@ $<
.c.to:
	$(CC) $(TEST_ALLOC) $(CFLAGS) -c -o $@ $<
all: bin/one
article-programs:
tests: test/tiny_test.run
bin/one: bin/one.o defer/tiny.o
	$(LINK) bin/one.o defer/tiny.o
test/tiny_test.run: test/tiny_test.to defer/tiny.to
	$(LINK) test/tiny_test.to defer/tiny.to
test-built:
	bin/one && test/tiny_test.run
END
echo '# What no test runs.' >test/coverage.reasons

# coverage STATUS: runs it; what it says goes to `out`.
coverage() {
	wrong=
	CC="$CC" TEST_ALLOC=-DTINY_ALLOC sh test/coverage.sh >out 2>&1
	got=$?
	[ $got -eq "$1" ] || wrong="exit status $got"
}

coverage 1
said 1 'defer/tiny.c:11: return 0;'
said 1 'defer/tiny.c:13: return 0 \* n;'
said 1 'bin/one.c:8: return 3;'
said 3 '[a-z]*/[a-z]*\.c:[0-9]*: .*'
tell 'what no test runs is named'
said 1 'defer  *7  *5  *71\.43 %  *0  *2'
said 1 'bin  *4  *3  *75\.00 %  *0  *1'
said 1 'all  *11  *8  *72\.73 %  *0  *3'
tell 'a line that a test or a program runs is counted once'

cat >>test/coverage.reasons <<'END'

bin/one.c: main: return 3;
# No kernel leaves out the name.

defer/tiny.c: tiny_sign: return 0;
defer/tiny.c: tiny_sign: return 0 * n;
# Nobody asks.
END
coverage 0
said 0 '[a-z]*/[a-z]*\.c:.*'
said 1 'all  *11  *8  *72\.73 %  *3  *0'
tell 'what has a reason is not named, and is not counted as run'

# The same line in another function, and one that was run is no longer.  tar
# knows only whole seconds.
sleep 1
sed 's/-5) != -1/0) != 0/' test/tiny_test.c >new
mv new test/tiny_test.c
cat >>defer/tiny.c <<'END'
int tiny_other(void);

int
tiny_other(void)
{
	return 0;
}
END
coverage 1
said 1 'defer/tiny.c:9: return -1;'
said 1 'defer/tiny.c:21: return 0;'
said 1 'defer/tiny.c: tiny_sign: return 0;: has a reason, but was run'
tell 'a reason is for a function, and a line that was run needs none'

cat >>test/coverage.reasons <<'END'

defer/tiny.c: tiny_sign: return 7;
# It was there once.

defer/tiny.c: tiny_sign: return -1;
END
coverage 1
said 1 'defer/tiny.c: tiny_sign: return 7;: has a reason, but is not there'
said 1 'defer/tiny.c: tiny_sign: return -1;: has no reason'
tell 'a reason needs a line, and a line a reason'

sleep 1
sed 's/!= 0/== 0/' test/tiny_test.c >new
mv new test/tiny_test.c
coverage 1
said 1 '.*\*\*\* .*Error .*'	# also of BSD make
said 1 'all  *13  *8 .*'
tell 'a test that fails is told, and what it ran is counted'

finish
