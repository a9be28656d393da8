#!/bin/sh
# bin_manners_test.sh - what scraper promises to sites and to those who run it
# on long lists: robots.txt, pauses.
#
#	sh test/bin_manners_test.sh [DIRECTORY]
#
# As bin_contract_test.sh, of which this is a part.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
. "$(dirname "$0")/contract.sh"

mkfifo site || exit 1
"$bin/demosite" --planets 40 >site &
# shellcheck disable=SC2034
site=$!				# for contract.sh
sed 40q <site >planets
read -r one <planets
base=${one%/planet-1/}

begin "robots.txt is obeyed when that is asked for"
run 0 scraper --titles "$base/odd/robots"
out_has "Not for robots"
run 3 scraper --titles --robots "$base/odd/robots"
out_is ""
err_has "^scraper: $base/odd/robots: robots: $base/robots.txt forbids it$"
run 0 scraper --titles --robots "$one" "$base/odd/redirect"
[ "$(wc -l <out)" -eq 2 ] || complain "$(wc -l <out) records"
run 1 scraper -j --robots --delay 0.001 "$base/odd/robots" "$one"
out_has '"error":"robots",'
out_has '"title":"Article 1 of planet 1","error":null'
for value in x -1 ''; do
	run 2 scraper --delay "$value" "$one"
done

# others_finish OPTION ... -- URL ...: of two URLs in progress at once both
# wait for a very long time; and yet that of another host, which comes last in
# the list, is done.
others_finish() {
	: >out
	"$bin/scraper" --titles --no-progress -c 2 -t 500 "$@" \
	    "http://localhost:${base##*:}/planet-1/" >out 2>err &
	others=$!
	await grep -q "localhost.*Planet 1" out ||
	    complain "others starve: $(cat out err)"
	kill -s TERM "$others"
	wait "$others" 2>/dev/null
	others=
}

begin "who waits for a turn takes no place from others"
sed 10q planets >some
# The words are meant to be split, here and below.
# shellcheck disable=SC2046
others_finish --per-host 1 "$base/odd/silent" $(cat some)
# shellcheck disable=SC2046
others_finish --delay 400 $(cat some)

# There are two seconds for those in progress, and five turns in them; one may
# be in progress.
begin "after an interrupt no URL has its first turn"
: >out
# shellcheck disable=SC2046
"$bin/scraper" --titles --no-progress --delay 0.4 $(cat some) >out 2>err &
others=$!
await has_lines out 2 || complain "only $(wc -l <out) done"
before=$(wc -l <out)
kill -s TERM "$others"
wait "$others" 2>/dev/null
others=
[ $(($(wc -l <out) - before)) -le 1 ] || complain "begun: $(cat out)"

begin "the list's order holds, whoever waits"
sed "s/127.0.0.1/localhost/" planets >there
# shellcheck disable=SC2046
run 0 scraper --titles --ordered -c 3 --per-host 1 $(cat planets there)
cat planets there >want
cut -f 1 out | cmp -s - want ||
    complain "in another order: $(cat out)"

begin "shares are all of a list, each URL once, and a host whole"
seq=1
while [ "$seq" -le 20 ]; do
	echo "http://127.0.0.$seq:1/"
	echo "http://127.0.0.$seq:2/"
	seq=$((seq + 1))
done >list
: >all
for i in 1 2 3; do
	"$bin/scraper" -j --shard "$i/3" <list 2>/dev/null >share
	status=$?
	[ "$status" -eq 3 ] || complain "share $i: status $status"
	sed 's/^{"url":"//; s/".*//' share >>all
	[ "$(sed 's/:[12].*//; s/.*"//' share | sort | uniq -c |
	    grep -c '^ *2 ')" -eq "$(($(wc -l <share) / 2))" ] ||
	    complain "share $i divides a host"
done
sort list >list.sorted
sort all | cmp -s - list.sorted || complain "not all once: $(cat all)"
run 0 scraper -j --shard 2/2 http://127.0.0.1:1/
out_is ""
err_is ""
for value in 0/1 2/1 1/2/3 1 x/y ''; do
	run 2 scraper --shard "$value" "$one"
	err_has "^scraper: --shard takes I/N"
done

begin "--resume wants a file of JSON Lines"
run 2 scraper --resume -j "$one"
err_has "^scraper: --resume needs -o FILE and -j"
run 2 scraper --resume -o written "$one"
err_has "^scraper: --resume needs -o FILE and -j"
run 4 scraper --resume -j -o /dev/null "$one"
err_has "^scraper: /dev/null: "

begin "private addresses are refused with --public-only"
for url in "$one" http://127.0.0.1:1/ "http://[::1]:1/" http://2130706433:1/ \
    "http://[::ffff:127.0.0.1]:1/" http://localhost:1/; do
	run 3 scraper --public-only "$url"
	err_has ": no-route: .*: this address is not allowed$"
done
run 1 getpage --public-only "$one"
err_has ": no-route: 127.0.0.1:[0-9]*: this address is not allowed$"

contract_done
