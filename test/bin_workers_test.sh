#!/bin/sh
# bin_workers_test.sh - scraper --workers: several processes do what one does,
# whatever happens to any of them.
#
#	sh test/bin_workers_test.sh [DIRECTORY]
#
# As bin_contract_test.sh, of which this is a part.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
. "$(dirname "$0")/contract.sh"

# site NAME OPTION ...: a site; its name server in $dns, its URLs in NAME.
site() {
	where=$1
	shift
	mkfifo "$where.pipe" || exit 1
	"$bin/demosite" --dns "$@" >"$where.pipe" &
	# shellcheck disable=SC2034
	others="$others $!"		# for contract.sh
	sed "${planets}q" <"$where.pipe" >"$where.all"
	dns=$(sed -n '1s/^# dns //p' "$where.all")
	sed 1d "$where.all" >"$where"
}

# slow LIST ARGUMENT ...: scraper -v in the background, on a slow site.  All
# its processes hold a pipe open, so that `gone` can wait for the last one.
slow() {
	list=$1
	shift
	rm -f alive written
	: >err			# what the case before has left
	: >trace
	mkfifo alive
	cat alive >/dev/null &
	watcher=$!
	REACTOR_TRACE=trace "$bin/scraper" -v -q --dns "$slow_dns" "$@" \
	    <"$list" >out 2>err 9>alive &
	scraper=$!
}
gone() {
	wait "$watcher"
	rm -f alive
}
ends_with() {
	wait "$scraper"
	status=$?
	scraper=
	[ "$status" -eq "$1" ] ||
	    complain "status $status, not $1: $(cat err)"
}
has_begun() {
	[ "$(grep -c '^scraper: worker [0-9]*: begun$' err)" -ge "$1" ]
}
# worker N: the process that has begun as the Nth.
worker() {
	sed -n 's/^scraper: worker \([0-9]*\): begun$/\1/p' err |
	    sed -n "$1p"
}
# waits_for_sites N: so many answers are waited for; asks for it by a signal.
waits_for_sites() {
	has_begun 1 && kill -USR1 "$scraper" &&
	    [ "$(grep ': in flight: .*, waiting' err | sed 's/: in.*//' |
		sort -u | wc -l)" -ge "$1" ]
}
# kill_workers N ...: each once it has begun.
kill_workers() {
	for n in "$@"; do
		await has_begun "$n" || complain "no worker $n: $(cat err)"
		kill -9 "$(worker "$n")"
	done
}
has_died() {
	[ "$(grep -c ': has died' err)" -ge "$1" ]
}
err_says() {
	[ "$(grep -c "$1" err)" -eq "$2" ] ||
	    complain "not $2 times \"$1\": $(cat err)"
}

planets=1001
site many --planets 1000
many_dns=$dns
planets=41
site slowly --planets 40 --delay 0.5
slow_dns=$dns
planets=3
site never --planets 2 --delay 60
never_dns=$dns

# Looked at by the last case: a worker that has nothing to say for a while.
base=$(sed -n '1s,/planet-1/$,,p' many)
"$bin/scraper" -v -q --titles --delay 9 -t 5 --workers 2 --dns "$many_dns" \
    "$base/planet-1/" "$base/planet-2/" >patient 2>patient.err &
patient=$!
others="$others $patient"

begin "1, 2 and 4 workers give the same records, and in order the same bytes"
for form in --ordered -eh=//h1 -v; do
	"$bin/scraper" -q $form --titles --dns "$many_dns" <many 2>err |
	    sort >one
	[ "$(wc -l <one)" -eq 1000 ] || complain "$form: $(wc -l <one) records"
	for n in 2 4; do
		"$bin/scraper" -q $form --titles --dns "$many_dns" \
		    --workers "$n" <many 2>err | sort | cmp -s - one ||
		    complain "$form: $n workers have others: $(cat err)"
	done
done
"$bin/scraper" -q --ordered --dns "$many_dns" <many >one 2>err
for n in 2 4; do
	"$bin/scraper" -q --ordered --dns "$many_dns" --workers "$n" \
	    <many 2>err | cmp -s - one ||
	    complain "$n workers have another order: $(cat err)"
done

begin "failures, and the status, are those of one process"
for what in "" "$base/odd/no-article" "$base/odd/no-article x:y $base/none"; do
	# The list of URLs is meant to be split.
	# shellcheck disable=SC2086
	for form in --titles --links -j; do
		"$bin/scraper" -q $form --dns "$many_dns" $what "$base/odd/" \
		    "$base/planet-1/" </dev/null 2>err | sort >one
		sort err >one.err
		"$bin/scraper" -q $form --dns "$many_dns" --workers 3 $what \
		    "$base/odd/" "$base/planet-1/" </dev/null 2>err |
		    sort >out
		sort err | cmp -s - one.err || complain "errors: $(cat err)"
		for file in one out; do
			sed 's/"ms":[0-9]*//; s/:[0-9]*: / /' $file >$file.s
		done
		cmp -s one.s out.s || complain "records: $(cat out)"
	done
done
run 3 scraper --workers 2 http://127.0.0.1:1/
err_has "^scraper: http://127.0.0.1:1/: refused: "
run 0 scraper --workers 2 --exit-zero http://127.0.0.1:1/
run 1 scraper --workers 2 --dns "$many_dns" http://127.0.0.1:1/ \
    "$base/planet-1/"
run 3 scraper --workers 2 ""
run 0 scraper --workers 2 -v
err_has "^scraper: 0 done, 0 failed, 0 dropped, "
for n in 0 257 x ''; do
	run 2 scraper --workers "$n" http://127.0.0.1:1/
done

begin "the picture and the archive have the requests of all workers"
"$bin/scraper" -q --titles --har one.har --dns "$many_dns" <many >out 2>err
from=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)
"$bin/scraper" -q --titles --har two.har --waterfall two.svg --workers 3 \
    --dns "$many_dns" <many >out 2>err || complain "status $?: $(cat err)"
to=$(date -u +%Y-%m-%dT%H:%M:%S.999Z)
for file in one two; do
	sed -n 's/.*"method":"GET","url":"\([^"]*\)".*"status":200.*/\1/p' \
	    "$file.har" | sort >"$file"
done
[ "$(wc -l <two)" -eq 1000 ] && cmp -s one two ||
    complain "not the same requests: $(head -c 2000 two.har)"
[ "$(grep -c '^<g class="' two.svg)" -eq 1000 ] || complain "no picture"
tail -n 1 two.har | grep -q '^\]}}$' || complain "the archive has no end"
# The workers tell times of their own clocks, which are one.
{
	sed -n 's/.*"startedDateTime":"\([^"]*\)".*/\1/p' two.har | sort
	echo "$to"
} >moments
[ "$(head -n 1 moments)" != "$to" ] &&
    { echo "$from"; cat moments; } | sort -c ||
    complain "times: not from $from to $to: $(head -n 1 moments)"
[ "$(sed -n 's/.*"connection":"\([1-3]\)0*[0-9]*".*/\1/p' two.har |
    sort -u | wc -l)" -eq 3 ] || complain "connections of one worker"
if [ -c /dev/full ]; then
	run 4 scraper --titles --workers 2 --har /dev/full --dns "$many_dns" \
	    "$base/planet-1/"
	err_has "^scraper: /dev/full: "
fi

begin "a worker that is killed is told, and its URLs are done, each once"
slow slowly --titles --workers 2 -c 16
await has_begun 2 || complain "no workers: $(cat err)"
kill -9 "$(worker 1)"
ends_with 0
err_says "^scraper: worker [0-9]*: has died (killed by signal 9)" 1
err_says "begun$" 3
[ "$(sort -u out | wc -l)" -eq 40 ] && [ "$(wc -l <out)" -eq 40 ] ||
    complain "not all once: $(cat out)"
gone

begin "a URL with which two workers die has failed, and the others go on"
real_dns=$slow_dns
slow_dns=$never_dns
slow never --titles --workers 2 "$(sed -n 1p never)" http://127.0.0.1:1/
await has_begun 1 || complain "no worker: $(cat err)"
victims=0
while [ "$victims" -lt 12 ] && kill -0 "$scraper" 2>/dev/null; do
	victims=$((victims + 1))
	await has_begun "$victims" || break
	# The one that waits for the site for a minute must be killed twice.
	kill -9 "$(worker "$victims")" 2>/dev/null
	grep -q "two workers" err && break
done
ends_with 3
err_says "^scraper: $(sed -n 1p never): no-resources: two workers have died" 1
gone

begin "a worker that stands still is killed, and its URLs are done"
slow_dns=$real_dns
slow slowly --titles --workers 2 -c 16 -t 5
await has_begun 2 || complain "no workers: $(cat err)"
kill -STOP "$(worker 1)"
ends_with 0
err_says "^scraper: worker $(worker 1): has died (it does not answer), 8 URLs" 1
err_says "begun$" 3
[ "$(sort -u out | wc -l)" -eq 40 ] && [ "$(wc -l <out)" -eq 40 ] ||
    complain "not all once: $(cat out)"
gone

begin "a place whose workers die three times in a row is given up"
slow_dns=$never_dns
head -n 1 never >mixed
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	echo "http://127.0.0.$i:1/"
done >>mixed
slow mixed --titles --workers 2 -c 1
await waits_for_sites 1 || complain "no request: $(cat err)"
# While the first has work, the others are begun and may not have any.
kill_workers 2 3 4
await has_died 3 || complain "none has died: $(cat err)"
kill_workers 1 5
ends_with 3
err_says "begun$" 6
err_says "has died (killed by signal 9)" 5
err_says "^scraper: http://127[.0-9]*:1/: [a-z-]*: .*connect" 12
err_says ": no-resources: two workers have died with it" 1
gone

begin "the progress line is that of all workers"
slow_dns=$real_dns
mkfifo lines
slow lines --titles --workers 2 -c 16 --progress
exec 3>lines
cat slowly >&3
for text in '16 in flight' '40 done, 0 failed, 0 in flight'; do
	await grep -q "$text" err || complain "no $text: $(cat err)"
done
exec 3>&-
ends_with 0
tr '\033' E <err | grep -q 'E\[Jscraper: 40 done, 0 failed, 0 dropped' ||
    complain "not wiped away: $(cat err)"
rm -f lines
gone
slow_dns=$never_dns

begin "the workers of a scraper that is killed end with it"
slow never --titles --workers 2
await has_begun 1 || complain "no worker: $(cat err)"
kill -9 "$scraper"
ends_with 137
gone

begin "a first signal writes what is done, and ends the workers"
slow_dns=$real_dns
slow slowly --titles --workers 2 -c 2 -o written
await has_lines written 2
kill -TERM "$scraper"
ends_with 143
err_says "^scraper: interrupted: [0-9]* done, 0 failed, [0-9]* dropped" 1
[ "$(wc -l <written)" -lt 40 ] || complain "not interrupted"
gone
slow_dns=$never_dns
slow never --titles --workers 2 --har cut.har
await waits_for_sites 2 || complain "no requests: $(cat err)"
kill -TERM "$scraper"
ends_with 143
err_says "interrupted: 0 done, 0 failed, 2 dropped" 1
gone
[ "$(grep -c '"url":"http://planet-[12].*"comment":".' cut.har)" -eq 2 ] ||
    complain "not what was under way: $(cat cut.har)"

begin "a first signal writes also what is done behind what is dropped"
port=$(sed -n '1s/.*:\([0-9]*\)\/.*/\1/p' many)
{
	sed -n 1p never
	echo "http://127.0.0.1:$port/planet-1/"
} >mixed
slow mixed --titles --ordered --workers 2 -c 4 -o written
await grep -q '^scraper: http://127.*: last asked ' err ||
    complain "the second is not done: $(cat err)"
kill -TERM "$scraper"
ends_with 143
err_says "interrupted: 1 done, 0 failed, 1 dropped" 1
[ "$(cat written)" = "$(printf '%s\tPlanet 1' "$(tail -n 1 mixed)")" ] ||
    complain "written: $(cat written)"
gone

begin "a second signal ends all at once"
slow never --titles --workers 2
await waits_for_sites 2 || complain "no requests: $(cat err)"
kill -TERM "$scraper"
await grep -q ' signal  *15$' trace || complain "no signal"
kill -TERM "$scraper"
ends_with 143
err_says "interrupted" 0
gone

begin "what is in flight is told by all workers"
slow never --titles --workers 2
await waits_for_sites 2
grep -q "^scraper: 2 in flight$" err || complain "no count: $(cat err)"
grep -q "^scraper: $(sed -n 2p never): in flight: [0-9.]* s, " err ||
    complain "not told: $(cat err)"
kill -9 "$scraper"
ends_with 137
gone

begin "outputs that fail, or whose reader has gone, end all"
if [ -c /dev/full ]; then
	run 4 scraper --titles --workers 2 -o /dev/full --dns "$many_dns" \
	    "$base/planet-1/"
	err_has "^scraper: /dev/full: "
fi
mkfifo alive
cat alive >/dev/null &
watcher=$!
"$bin/scraper" -q --titles --workers 2 --dns "$many_dns" <many 2>err \
    9>alive | sed 1q >out
[ "$(wc -l <out)" -eq 1 ] || complain "output: $(cat out)"
gone
err_is ""

begin "a run with workers is resumed, and shares are those of one process"
rm -f written
head -n 300 many >some
"$bin/scraper" -q --titles -j -o written --dns "$many_dns" --workers 2 \
    --resume <some 2>err
"$bin/scraper" -q --titles -j -o written --dns "$many_dns" --workers 3 \
    --resume <many 2>err || complain "status $?: $(cat err)"
sed 's/^{"url":"\([^"]*\)".*/\1/' written | sort >got
sort many | cmp -s - got || complain "not each once"
for i in 1 2; do
	"$bin/scraper" -q --titles --shard $i/2 --dns "$many_dns" <many |
	    sort >one
	"$bin/scraper" -v -q --titles --shard $i/2 --dns "$many_dns" \
	    --workers 2 <many 2>err | sort | cmp -s - one ||
	    complain "share $i differs"
	err_says "begun$" 2
done

begin "a worker that has nothing to say, but is there, is not killed"
wait "$patient" || complain "status $?"
mv patient.err err
[ "$(wc -l <patient)" -eq 2 ] || complain "not both: $(cat err)"
err_says "begun$" 1
err_says "has died" 0

contract_done
