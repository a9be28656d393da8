# told.sh - what tests of scripts share: what a script has said, and TAP.
#
#	. test/told.sh
#
# A case puts what the script says into the file `out`, and into `wrong` what
# is wrong, or nothing.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
number=0
failed=0

# said TIMES LINE: the line, a regular expression, is in `out` so often.
said() {
	times=$(grep -c "^$2\$" out)
	[ "$times" -eq "$1" ] || wrong="$wrong; $times times: $2"
}

# tell NAME: ends a case.
tell() {
	number=$((number + 1))
	if [ -z "$wrong" ]; then
		echo "ok $number - $1"
		return
	fi
	failed=1
	sed 's/^/# /' out
	echo "# $wrong"
	echo "not ok $number - $1"
	wrong=
}

# finish: ends the test.
finish() {
	echo "1..$number"
	exit $failed
}
