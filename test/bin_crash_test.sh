#!/bin/sh
# bin_crash_test.sh - scraper --resume after a hundred deaths, each when its
# output has come to a size that a seed decides: killed soon after, cut short
# in the middle of a write, or told that the disk is full.  Nothing that was
# written whole is ever lost or done again.
#
#	sh test/bin_crash_test.sh [DIRECTORY [SEED]]
#
# As bin_contract_test.sh, of which this is a part.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
. "$(dirname "$0")/contract.sh"
seed=${2:-1}

# The words are meant to be split.
# shellcheck disable=SC2086
eval "${CC:-cc} $CFLAGS $LDFLAGS -o mortal '$here/mortal.c' $LDLIBS" || exit 1
mkfifo site || exit 1
"$bin/demosite" --planets 300 --delay 0.002 >site &
# shellcheck disable=SC2034
site=$!				# for contract.sh
sed 300q <site >planets
sed 's,$,article-1,; p; s,1$,2,' planets >list
sort list >list.sorted

# Each round may write so many bytes: a hundred are not enough for all.
MOST=1100

random() {
	seed=$(((seed * 25173 + 13849) % 65536))
	dice=$((seed * $1 / 65536))
}
size() {
	wc -c <written | tr -d ' '
}

# resume HOW BYTES: goes on, and dies at that size; the status in $status.
resume() {
	./mortal "$1" "$2" written "$bin/scraper" --resume --titles -j -q \
	    -c "$concurrency" -o written <list >out 2>err
	status=$?
}

# The whole lines of before are still there, and in front.
keeps() {
	sed '$d' before >whole
	[ "$(tail -c 1 before | wc -l)" -eq 0 ] || cp before whole
	len=$(wc -c <whole)
	[ "$len" -eq 0 ] || head -c "$len" written | cmp -s - whole ||
	    complain "round $round, $how: lines were lost"
}

# Each URL of the list has one record, and nothing else is there.
each_once() {
	sed 's/^{"url":"\([^"]*\)".*"error":null,.*}$/\1/' written | sort |
	    cmp -s - list.sorted || complain "not each once: $(cat written)"
}

begin "a hundred deaths, and nothing is lost or done twice"
: >written
round=0
torn=0
set -- kill cut full
while [ "$round" -lt 100 ]; do
	how=$1
	shift
	set -- "$@" "$how"
	random 8
	concurrency=$((dice + 1))
	random $MOST
	cp written before
	resume "$how" $(($(size) + dice + 1))
	keeps
	case $how-$status in
	full-4) err_has '^scraper: written: ' ;;
	kill-137 | cut-137) err_is '' ;;
	*) complain "round $round, $how: status $status: $(cat err)" ;;
	esac
	[ "$(tail -c 1 written | wc -l)" -eq 1 ] || torn=$((torn + 1))
	round=$((round + 1))
done
# Most deaths within a write leave the beginning of a record.
[ "$torn" -ge 50 ] || complain "only $torn lines were torn"
cp written before
how=end
concurrency=64
resume kill 999999999
[ "$status" -eq 0 ] || complain "status $status: $(cat err)"
keeps
each_once
cp written before
resume kill 999999999
cmp -s written before || complain "a run with nothing to do changes the file"

# A small disk, where that can be had; else the limit above must do.
begin "a disk that is full, and has room again"
mkdir disk
cat >on_disk <<'END'
mount -t tmpfs -o size=32k none disk || exit 1
scraper() {
	"$bin/scraper" --resume --titles -j -q -o disk/written <list 2>err
	echo "status $?: $(cat err)"
}
exec >out 2>&1
scraper
mount -o remount,size=1m disk
scraper
cp disk/written written
END
rm -f written
export bin
unshare -m sh on_disk 2>/dev/null || unshare -rm sh on_disk 2>/dev/null
if [ -f written ]; then
	sed 1d out | grep -qx 'status 0: ' &&
	    grep -q '^status 4: scraper: disk/written: ' out ||
	    complain "$(cat out)"
	each_once
else
	name="$name # SKIP no file system can be mounted here"
fi
contract_done
