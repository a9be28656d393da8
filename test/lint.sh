#!/bin/sh
# lint.sh - holds the rules of the house (design: arrows, sizes, names).
#
#	sh test/lint.sh [DIRECTORY]
#
# Prints `file:line: what is wrong` and fails if anything is.  Needs nothing
# but a POSIX shell and awk.  lint_test.sh shows that each rule bites.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "${1:-$(dirname "$0")/..}" || exit 1
LC_ALL=C
export LC_ALL
rules=${LINT_AWK:-test/lint.awk}

# The codecs of dns/ and http/ (all of html/ is): no I/O, no clock.
codecs="dns/message dns/answer dns/dns_public"
codecs="$codecs http/idna http/url http/head http/body http/inflate"
codecs="$codecs http/request http/date http/sink http/content"
codecs="$codecs http/cookie http/credentials http/proxy"

# Where more than POSIX may be used.
system_files="reactor/system_posix.c reactor/poller_epoll.c"
system_files="$system_files reactor/poller_kqueue.c"

# The three variables that live as long as the process, or its thread.
statics="deferred_unhandled signals_current tls_engine_inside"

# Files of generated data, which may be long.
tables="html/tag_data.h html/entity_data.h html/charset_data.h"
tables="$tables http/idna_data.h"

status=0

# Nothing else stands at the top, and each folder has its chapter.
for name in *; do
	case $name in
	reactor | defer | html | dns | http | bin)
		[ -f "$name/README.md" ] || {
			echo "$name/README.md:1: the folder has no chapter"
			status=1
		}
		;;
	test | bench | build | Makefile | README.md | LICENSE) ;;
	*)
		echo "$name:1: does not belong at the top"
		status=1
		;;
	esac
done

awk -v codecs="$codecs" -v system_files="$system_files" \
    -v statics="$statics" -v tables="$tables" -f "$rules" \
    $(find reactor defer html dns http bin test bench -name '*.[ch]' |
    sort) || status=1

# Scripts have lines of 80 columns too.
awk '
{
	line = $0
	gsub(/[\200-\277]/, "", line)
	tabs = gsub(/\t/, "        ", line)
	if (length(line) > 80) {
		print FILENAME ":" FNR ": the line is longer than 80 columns"
		bad = 1
	}
	if ($0 ~ /[ \t]$/) {
		print FILENAME ":" FNR ": blanks at the end of the line"
		bad = 1
	}
}
END { exit bad }' $(find bin test bench Makefile .ci/run -name '*.sh' -o \
    -name '*.awk' -o -name Makefile -o -name run 2>/dev/null | sort) ||
    status=1
exit $status
