#!/bin/sh
# build.sh - compiles the article's programs.
#
#	sh bench/article/build.sh [DIRECTORY]
#
# into DIRECTORY (build/article).  From the environment: LIBRARY (the modules,
# build/spindle.a), CC, CFLAGS, LDFLAGS, LDLIBS.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -eu
cd "$(dirname "$0")/../.."
to=${1:-build/article}
library=${LIBRARY:-build/spindle.a}
strict='-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wstrict-prototypes'
here=bench/article
mkdir -p "$to"

# program SOURCE ...: named after the first.
program() {
	# shellcheck disable=SC2086
	${CC:-cc} $strict ${CFLAGS:--O2 -g} ${LDFLAGS:-} -pthread \
	    -o "$to/$(basename "$1" .c)" "$@" "$library" ${LDLIBS:-}
}

program bench/usage.c
program $here/counter.c
program $here/one_page_sequential.c $here/urlopen.c $here/article.c
program $here/one_page_concurrent.c $here/article.c
program $here/planets_sequential.c $here/urlopen.c $here/article.c
program $here/planets_callbacks.c $here/article.c
program $here/planets_coroutines.c $here/article.c
