# loopback.sh - for the scripts that need 127.0.0.1, which is not everywhere.
#
#	. test/loopback.sh
#
# has_ipv4 DIRECTORY: is it here?  It compiles say.c into DIRECTORY, once.
# CC, LDFLAGS and LDLIBS are taken from the environment.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
# For those who read this file in.
# shellcheck disable=SC2034
no_ipv4='# SKIP there is no 127.0.0.1 here'

has_ipv4() {
	[ -f "$1/say" ] || eval "${CC:-cc} $CFLAGS $LDFLAGS -o '$1/say' \
	    test/say.c $LDLIBS" >/dev/null || return 0
	"$1/say" >/dev/null
}
