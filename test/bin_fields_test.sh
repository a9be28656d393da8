#!/bin/sh
# bin_fields_test.sh - what scraper promises of many pages: fields, links, why,
# statistics, and failures that are data.
#
#	sh test/bin_fields_test.sh [DIRECTORY]
#
# DIRECTORY holds the programs; without it, that in BIN, or build.  All runs
# against demosite on the loopback.  Prints TAP, as check.h does.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
. "$(dirname "$0")/contract.sh"

mkfifo site || exit 1
"$bin/demosite" --planets 2 >site &
# shellcheck disable=SC2034
site=$!				# for contract.sh
{
	read -r one
	read -r two
} <site
base=${one%/planet-1/}

begin "a waterfall and an archive: each request, and the words for failures"
run 1 scraper --waterfall fall.svg --har fall.har "$base/odd/redirect" "$two" \
    http://127.0.0.1:1/ "http://u:secret@${base#http://}/odd/404"
[ "$(grep -c '^<g class="big' fall.svg)" -eq 7 ] || complain "$(cat fall.svg)"
[ "$(grep -c startedDateTime fall.har)" -eq 7 ] || complain "$(cat fall.har)"
grep -q '>127.0.0.1:1/</text>' fall.svg || complain "no refused row"
grep -q '/odd/redirect","httpV.*"status":30[1278]' fall.har ||
    complain "no redirect in: $(cat fall.har)"
grep -q '/odd/404","httpV.*"status":404' fall.har || complain "no 404"
grep -q '"comment":".*refused"' fall.har || complain "no failure"
grep secret fall.svg fall.har && complain "a password"
tail -n 1 fall.svg | grep -q '^</svg>$' || complain "the picture has no end"
tail -n 1 fall.har | grep -q '^\]}}$' || complain "the archive has no end"

begin "robots.txt is in them, and one may be standard output"
run 0 scraper --titles --robots -o titles --har - "$one"
out_has '/robots.txt","httpVersion"'
out_has '/planet-1/","httpVersion"'
run 2 scraper --titles --har - "$one"
err_has '^scraper: standard output takes one of'
run 2 scraper --titles -o titles --har - --waterfall - "$one"

begin "files that cannot be written"
run 4 scraper --titles --har no/such/file "$one"
err_has '^scraper: no/such/file: '
run 4 scraper --titles --waterfall no/such/file "$one"
if [ -c /dev/full ]; then
	run 4 scraper --titles --har /dev/full "$one"
	err_has '^scraper: /dev/full: '
	run 4 scraper --titles --waterfall /dev/full "$one"
	err_has '^scraper: /dev/full: '
fi

begin "an interrupt ends them, too, with what was under way"
"$bin/scraper" --titles --waterfall cut.svg --har cut.har "$two" \
    "$base/odd/silent" >early 2>/dev/null &
scraper=$!
n=0
until [ -s early ] || [ $n -ge 100 ]; do
	n=$((n + 1))
	sleep 0.1
done
kill -s TERM $scraper
wait $scraper 2>/dev/null
[ $? -eq 143 ] || complain "status $?"
scraper=
[ "$(grep -c startedDateTime cut.har)" -eq 2 ] || complain "$(cat cut.har)"
tail -n 1 cut.har | grep -q '^\]}}$' || complain "the archive has no end"
grep -q 'failed: ' cut.svg || complain "$(cat cut.svg)"
tail -n 1 cut.svg | grep -q '^</svg>$' || complain "the picture has no end"

begin "fields of each article, in one command"
run 0 scraper --ordered -e 'author=//b[@class="author"]' \
    -e date=//time/@datetime -e "price=//b[@class='price']" \
    -e "canonical=//link[@rel='canonical']/@href" "$one" "$two"
out_is "$one	canonical	/planet-1/article-1
$one	author	Author 1
$one	date	2026-01-01
$one	price	1.50
$two	canonical	/planet-2/article-1
$two	author	Author 2
$two	date	2026-01-01
$two	price	1.50"
err_is ""

begin "fields of the pages themselves"
run 0 scraper --titles -e title=//title -e "entry=//h3/a/text()" "$one"
out_is "$one	title	Planet 1
$one	entry	Article 1
$one	entry	Article 2
$one	entry	Article 3"
run 0 scraper --titles -e nothing=//h6 "$one"
out_is ""
err_is ""

begin "links, resolved, and with fields"
run 0 scraper --links "$one"
out_is "$one	$base/planet-1/article-1
$one	$base/planet-1/article-2
$one	$base/planet-1/article-3"
run 0 scraper -e head=//h1 --links "$base/planet-2/article-2"
out_is "$base/planet-2/article-2	$base/planet-2/
$base/planet-2/article-2	head	Article 2"
run 0 scraper --links --links "$base/planet-2/article-2"
out_is "$base/planet-2/article-2	$base/planet-2/"

begin "the links of extract, and those of scraper, are the same"
for url in "$one" "$base/odd/" "$base/odd/large" "$base/planet-1/article-3"
do
	"$bin/getpage" "$url" >page 2>err
	"$bin/extract" --links --base "$url" page >want
	run 0 scraper --links "$url"
	cut -f 2 out | cmp -s - want || complain "$url: $(cat out)"
done

begin "links and fields as JSON"
run 1 scraper --ordered --json --links -e x=//h1 -e y=//title -e x=//h6 \
    "$base/planet-2/article-2" "$base/odd/404"
head -n 1 out >first
tail -n 1 out >second
mv first out
out_has "^{\"url\":\"$base/planet-2/article-2\",\
\"final_url\":\"$base/planet-2/article-2\",\"article\":null,\
\"title\":\"Article 2 of planet 2\",\"links\":\[\"$base/planet-2/\"\],\
\"fields\":{\"x\":\[\"Article 2\"\],\"y\":\[\"Article 2 of planet 2\"\]},\
\"missing\":null,\"error\":null,"
mv second out
out_has '"title":null,"links":\[\],"fields":{"x":\[\],"y":\[\]},"missing":null,'
out_has '"error":"http-404"'
run 3 scraper --json --links "not a url"
out_has '"links":\[\],"missing":null,"error":"bad-url"'

begin "a page without a title is a failure only for who wants the title"
run 0 scraper --json --links "$base/odd/no-title"
out_has '"title":null,"links":\[.*"error":null'
run 3 scraper --titles "$base/odd/no-title"
run 3 scraper -e x=//h1 "$base/odd/no-article"
err_has "no-article"

begin "wrong fields say where"
# wrong TEXT REST: the text is wrong where the rest begins.
wrong() {
	run 2 scraper -e "$1" "$one"
	err_has "^scraper: -e \""
	grep -qF "\"$1\": " err || complain "errors: $(cat err)"
	grep -qF "at \"$2\" (" err || complain "errors: $(cat err)"
	out_is ""
}
wrong 'a=//x[' ''
wrong 'a=x y' 'x y'
wrong 'a=//b/@c/d' 'd'
wrong 'a b=//x' ' b=//x'
wrong '=//x' '=//x'
wrong 'name' ''
wrong '' ''
run 2 scraper -e
err_has "needs a value"
run 2 scraper --titles --links "$one"
err_has "exclude each other"
set --
while [ $# -lt 132 ]; do
	set -- "$@" -e "a=//x"
done
run 2 scraper "$@" "$one"
err_has "more than 58 steps"

begin "what is left out is told"
run 0 scraper --json --links "$base/odd/many"
[ "$(tr , '\n' <out | grep -c '/odd/')" -ge 10000 ] ||
    complain "only $(tr , '\n' <out | grep -c '/odd/') links"
out_has '"missing":"what is more than is kept of one page","error":null'
err_is ""
run 0 scraper --links "$base/odd/many"
[ "$(wc -l <out)" -eq 10000 ] || complain "$(wc -l <out) links"
run 0 scraper -v --titles -e x=//a/@href -e y=//h1 "$base/odd/many"
[ "$(wc -l <out)" -eq 10000 ] || complain "$(wc -l <out) values"
grep -q "^scraper: $base/odd/many: missing: what is more" err ||
    complain "errors: $(cat err)"

begin "why this link, this charset, this title"
run 1 scraper --explain --sequential "$one" "$base/odd/404"
cat >want <<END
scraper: $one: explained
  page     $one
  charset  UTF-8, by the Content-Type
  article  $base/planet-1/article-1
  by       path 1 of 4: //h3/a/@href
  page     $base/planet-1/article-1
  charset  UTF-8, by the Content-Type
  title    Article 1 of planet 1
  by       the first <title>
scraper: $base/odd/404: explained
  failed   http-404: 404 Not Found
scraper: $base/odd/404: http-404: 404 Not Found
END
grep -v -e '^  read     [1-9][0-9]* bytes, and no more was needed$' \
    -e '^  read     [1-9][0-9]* bytes, to the end$' err >got
cmp -s got want || complain "errors: $(cat err)"
run 0 scraper --explain --titles -a //h6/@id "$base/odd/controls"
[ "$(tr -d '\n\t' <err | tr -d '[:print:]\200-\377' | wc -c)" -eq 0 ] ||
    complain "control characters in: $(od -c err)"

begin "statistics"
run 1 scraper --stats --sequential "$one" "$base/odd/404" "$base/odd/redirect"
grep -q '^scraper: 3 done, 1 failed, 0 dropped, ' err ||
    complain "errors: $(cat err)"
sed -n 's/^scraper: stats: //p' err >stats
grep -v ' ms,\| bytes ' stats >out
out_is "http-404 1
6 requests, 6 answers, 1 connections, used again 5 times"
mv stats out
out_has '^time of those that went well: 50% [0-9.]* ms, 90% [0-9.]* ms, 99% '
out_has '^[1-9][0-9]* bytes of pages, decoded$'
run 0 scraper --stats --stats </dev/null
grep -q '^scraper: stats: 0 requests, 0 answers, 0 connections, ' err ||
    complain "errors: $(cat err)"

begin "failures that are data"
run 0 scraper --exit-zero --titles "$base/odd/404" "$base/odd/503"
run 0 scraper --exit-zero --exit-zero --titles "$base/odd/404" "$one"
out_is "$one	Planet 1"
err_has "http-404"
run 2 scraper --exit-zero --titles --links "$one"
run 4 scraper --exit-zero -o no/such/file --titles "$one"
if [ -c /dev/full ]; then
	run 4 scraper --exit-zero -o /dev/full --titles "$one"
fi
"$bin/scraper" --exit-zero --titles <. >out 2>err
status=$?
[ "$status" -eq 1 ] || complain "a list that cannot be read: status $status"

contract_done
