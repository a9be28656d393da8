#!/bin/sh
# bin_contract_test.sh - what the programs promise: options, output, exit
# statuses, categories of failure, signals.
#
#	sh test/bin_contract_test.sh [DIRECTORY]
#
# DIRECTORY holds the programs; without it, that in BIN, or build.  All runs
# against demosite on the loopback.  Prints TAP, as check.h does.
#
# Nothing here may depend on how fast the machine is: what is in the
# background is awaited by the signs it gives, and a time limit only stands
# where the program must run into it.  Should one of the programs hang, the
# whole test is ended.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
. "$(dirname "$0")/contract.sh"
makefile=$here/../Makefile

mkfifo site || exit 1
"$bin/demosite" --planets 3 >site &
# shellcheck disable=SC2034
site=$!				# for contract.sh
{
	read -r one
	read -r two
	read -r three
} <site
base=${one%/planet-1/}

begin "help and version go to standard output"
for program in scraper getpage resolve extract demosite; do
	run 0 "$program" --help
	out_has "^usage: $program "
	err_is ""
	run 0 "$program" --version
	out_has "^$program (Spindle) [0-9]"
	err_is ""
done
# The second line names the library that would be used for https.
for program in scraper getpage demosite; do
	run 0 "$program" --version
	[ "$(wc -l <out)" -eq 2 ] || complain "not two lines: $(cat out)"
	sed -n 2p out | grep -q '^TLS by [^ ]*ssl[^ ]* (.* [0-9]\|^no TLS' ||
	    complain "no library: $(cat out)"
	run 0 "$program" --tls-library /nonexistent/libssl.so --version
	out_has '^no TLS.*/nonexistent/libssl.so'
done

run 0 extract --help
out_has "contains(@A,'X')"
run 0 scraper --help
out_has "contains(@A,'X')"

begin "wrong use is one line and status 2"
for program in scraper getpage resolve extract demosite; do
	run 2 "$program" --frobnicate
	err_has "^$program: unknown option --frobnicate"
	run 2 "$program" -Z
	err_has "^$program: unknown option -Z"
	out_is ""
done
run 2 scraper -c
err_has "needs a value"
run 2 scraper --json=yes "$one"
err_has "takes no value"
for option in "-c 0" "-c x" "-t 0" "-t 1,5" "-t -1" "--retries x" \
    "--max-size 0" "--dns here" "--per-host 0" "-a //h3[" \
    "-a //h3/a" "-a //h3/a/text()" "-a //h3/a/@href|//h2" \
    "-H nocolon" "-x socks5://x" "-x p:x" "-u nocolon" "-b nothing"; do
	# The two words are meant to be split.
	# shellcheck disable=SC2086
	run 2 scraper $option "$one"
	err_has "^scraper: "
	out_is ""
done
run 2 getpage
err_has "^getpage: no URL"
run 2 resolve --dns here 127.0.0.1
err_has "^resolve: --dns "
run 2 demosite --planets 0
err_has "^demosite: --planets "
run 2 demosite operand
err_has "^demosite: "
run 2 demosite --tls cert.pem
err_has "^demosite: --tls takes two files"
run 2 demosite --tls cert.pem key.pem operand
err_has "^demosite: "
given REACTOR_POLLER=none 2 scraper "$one"
given REACTOR_POLLER=none 2 demosite

# often MOST OPTION VALUE MESSAGE: scraper takes the option so often, and not
# once more.
often() {
	most=$1
	option=$2
	value=$3
	message=$4
	set --
	while [ "$#" -lt $((2 * most)) ]; do
		set -- "$@" "$option" "$value"
	done
	run 0 scraper "$@" --help
	run 2 scraper "$@" "$option" "$value" --help
	err_has "$message"
}

begin "what can be given only so often, or be no larger"
often 32 -H 'X-Y: z' 'more than 32 fields'
often 16 -a '//p/@x' 'more than 16 paths'
often 58 -e 'a=//p' 'more than 58 steps'
deep=//p/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/@x
run 2 scraper -a "$deep" -a "$deep" -a "$deep" "$one"
err_has '^scraper: -a: more than [0-9]* steps in all paths'
often 8 --dns 127.0.0.1 'too many name servers'
run 0 scraper --workers 256 --help
run 2 scraper --workers 257 --help
err_has 'a number from 1 to 256'

begin "text, in the story's form"
run 0 scraper "$one"
out_is "first article on $one :
$base/planet-1/article-1
Article 1 of planet 1"
err_is ""
"$bin/scraper" "$one" | tail -n 1 | grep -q '^$' || complain "no empty line"

begin "titles"
run 0 scraper --titles "$one" "$two"
sort out >sorted && mv sorted out
out_is "$(printf '%s\tPlanet 1\n%s\tPlanet 2' "$one" "$two")"

begin "JSON Lines"
json='"\([^"\\]\|\\["\\]\|\\u[0-9a-f]\{4\}\)*"'
text="\\(null\\|$json\\)"
object="^{\"url\":$json,\"final_url\":$text,\"article\":$text"
object="$object,\"title\":$text,\"error\":$text,\"detail\":$text"
object="$object,\"status\":\\(null\\|[0-9]*\\),\"redirects\":[0-9]*"
object="$object,\"attempts\":[0-9]*,\"content_type\":$text"
object="$object,\"address\":$text,\"bytes\":[0-9]*,\"ms\":[0-9]*}\$"
run 1 scraper --json "$one" "$base/odd/controls" "$base/odd/404" \
    "$(printf 'bad"\\\001\377url')" "$base/odd/redirect"
[ "$(grep -c "$object" out)" -eq 5 ] || complain "not JSON: $(cat out)"
out_has "\"article\":\"$base/planet-1/article-1\",\"title\":\"Article 1 of"
out_has '"error":"http-404","detail":"[^"]*","status":404'
out_has '"url":"bad\\"\\\\\\u0001\\ufffdurl"'
out_has '"redirects":1'
out_has '"title":"a\\u001b\[31m'
run 3 scraper --json "$base/odd/loop"
out_has '"error":"too-many-redirects",.*"status":302,"redirects":10,'
run 3 scraper --json "$base/odd/cut"
out_has '"error":"reset",.*"status":200,"redirects":0,.*"bytes":[1-9]'
run 3 scraper --json "$base/odd/coding"
out_has '"error":"bad-response",.*"status":200,'

begin "JSON Lines: what came in the end, and how long each step took"
address=${base#http://}
run 0 scraper --titles --json "http://x:secret@$address/odd/redirect"
out_has "\"final_url\":\"$base/planet-1/\""
out_has "\"attempts\":1,\"content_type\":\"text/html"
out_has "\"address\":\"$address\""
run 0 scraper --titles --json --timings "$one"
out_has '"ms":[0-9]*,"timings":{"dns":[0-9.]*,"connect":[0-9.]*,"tls":0.000,'
out_has '"wait":[0-9.]*,"receive":[0-9.]*}}$'
run 3 scraper --json --timings ftp://example.org/
out_has '"final_url":null,.*"content_type":null,"address":null,'
out_has '"timings":null}$'
run 3 scraper --json "$base/odd/404"
out_has "\"final_url\":\"$base/odd/404\""
run 2 scraper --timings "$one"
err_has '^scraper: --timings needs -j'

begin "a failure before the answer names the address"
# names CATEGORY ADDRESS WHAT OPTION ... URL
names() {
	category=$1 at=$2 what=$3
	shift 3
	run 3 scraper --json --retries 0 "$@"
	out_has "\"error\":\"$category\",\"detail\":\"$at: $what"
	out_has "\"status\":null,.*\"address\":\"${at##* }\","
}
late="not done within 0.2 s, while waiting for the answer"
names refused 127.0.0.1:1 "" http://127.0.0.1:1/
names timeout "$address" "$late" -t 0.2 "$base/odd/silent"
names reset "$address" "" "$base/odd/reset"
names refused "proxy 127.0.0.1: 127.0.0.1:1" "" -x 127.0.0.1:1 http://far.test/
names timeout "proxy $address" "$late" -t 0.2 -x "$address" \
    http://far.test/odd/silent
if "$bin/getpage" --version | grep -q '^no TLS library'; then
	echo "# no libssl, so nothing of https"
else
	names tls "$address" "" "https://$address/"
	names http-404 "proxy 127.0.0.1: $address" "404" -x "$address" \
	    https://far.test/
fi

begin "text from the network is harmless"
run 0 scraper --titles "$base/odd/controls"
[ "$(tr -d '\n\t' <out | tr -d '[:print:]\200-\377' | wc -c)" -eq 0 ] ||
    complain "control characters in: $(od -c out)"
run 3 scraper "$(printf 'http://a\033[31m\302\233/')"
[ "$(tr -d '\n' <err | tr -d '[:print:]\200-\377' | wc -c)" -eq 0 ] ||
    complain "control characters in: $(od -c err)"

# fails CATEGORY URL [OPTION ...]: the only URL fails so.
fails() {
	category=$1
	url=$2
	shift 2
	run 3 scraper "$@" "$url"
	out_is ""
	err_has "^scraper: $url: $category: ."
	run 3 scraper --json "$@" "$url"
	out_has "\"error\":\"$category\",\"detail\":\"[^\"]"
}

begin "categories: URLs and connections"
run 1 getpage x:y
err_is "getpage: x:y: bad-url: not an http or https URL"
fails bad-url ftp://example.org/
fails bad-url /not/a/url
fails bad-url http://
fails refused http://127.0.0.1:1/
fails no-such-host http://no-such-host.invalid./ --dns 127.0.0.1:1
fails no-dns http://no-server.test/ --dns 127.0.0.1:1
begin "categories: answers"
fails http-404 "$base/odd/404"
fails http-404 "$base/nothing/here"
fails http-503 "$base/odd/503"
fails too-many-redirects "$base/odd/loop"
fails too-many-redirects "$base/odd/redirect/../loop" --max-redirects 3
fails reset "$base/odd/reset"
fails timeout "$base/odd/silent" -t 0.3
fails too-large "$base/odd/large" --max-size 65536
fails too-large "$base/" --max-header 20
begin "categories: pages"
fails no-article "$base/odd/no-article"
fails no-title "$base/odd/no-title"
fails no-title "$base/odd/no-title" --titles
fails http-404 "$base/odd/lost-article"
err_has "odd/404"

begin "one failure does not stop the others; statuses 0, 1 and 3"
run 1 scraper --titles "$one" "$base/odd/404" "$two"
[ "$(wc -l <out)" -eq 2 ] || complain "not two titles: $(cat out)"
err_has "http-404"
run 3 scraper "$base/odd/404" "$base/odd/503"
run 0 scraper

begin "retries"
run 0 scraper -v --titles "$base/odd/busy"
grep -q "again in 0 ms: http-503" err || complain "errors: $(cat err)"
run 3 scraper --retries 0 --titles "$base/odd/busy"
# One request more, so that the next is the first of a pair again.
run 0 scraper --retries 0 --titles "$base/odd/busy"

begin "-v tells the story of a URL, and what to try"
run 1 scraper -v --retries 0 "$base/odd/redirect" "$base/odd/404" \
    http://127.0.0.1:1/
for line in "redirect: last asked ${base#http://}; 200, [23] requests, \
1 redirect, 1 attempt; name 0 ms, connect [0-9]* ms, TLS 0 ms, wait [0-9]* ms, \
receive" \
    "404: last asked ${base#http://}; 404, 1 request, 0 redirects, 1 attempt" \
    "404: try: " "http://127.0.0.1:1/: last asked 127.0.0.1:1; no answer," \
    "http://127.0.0.1:1/: try: is the server running"; do
	grep -q "$line" err || complain "no \"$line\": $(cat err)"
done
run 1 scraper "$base/odd/redirect" "$base/odd/404"
err_has http-404

begin "a host in any language: xn-- in the output, Unicode with -v"
port=${base##*:}
ascii=http://xn--bcher-kva.localhost:$port/planet-1/
unicode=$(printf 'B\303\274cher.localhost')
run 0 scraper -v "http://$unicode:$port/planet-1/"
out_has "^${ascii}article-1$"
grep -q "^scraper: $ascii: in Unicode: $(printf 'b\303\274cher').localhost$" \
    err && grep -q "^scraper: ${ascii}article-1: in Unicode: " err ||
    complain "errors: $(cat err)"
run 0 scraper -v "$ascii"
[ "$(grep -c ' in Unicode: ' err)" -eq 2 ] || complain "errors: $(cat err)"
run 0 scraper "$ascii"
err_is ""
run 0 scraper -v "$one"
grep -q Unicode err && complain "errors: $(cat err)"
run 0 getpage -v "http://$unicode:$port/planet-1/"
grep -q "^getpage: $ascii: in Unicode: $(printf 'b\303\274cher').localhost$" \
    err || complain "errors: $(cat err)"
run 0 getpage -v "$one"
grep -q Unicode err && complain "errors: $(cat err)"
fails bad-url "$(printf 'http://a\357\277\275b/')"
fails bad-url http://xn--a/

begin "where the article is: -a, in the order given"
run 0 scraper -a '//h3[2]/a/@href' -a //h3/a/@href "$one"
run 0 scraper -a //h2/a/@href -a //h3/a/@href "$one"
out_has "^$base/planet-1/article-1"
run 3 scraper -a //h2/a/@href "$one"
err_has "no-article"

begin "standard input: comments, blanks, line ends, no last one"
printf '# planets\n\n  %s \r\n\t\n%s' "$one" "$two" |
    "$bin/scraper" --titles --ordered >out 2>err ||
    complain "status $?: $(cat err)"
out_is "$(printf '%s\tPlanet 1\n%s\tPlanet 2' "$one" "$two")"

# What a program in the background writes is awaited, so what one before it
# wrote must be gone: the shell opens out only when it is there to run.
begin "standard input is read as it comes"
mkfifo lines
rm -f out err
"$bin/scraper" --titles <lines >out 2>err &
others=$!
exec 3>lines
echo "$one" >&3
await has_lines out 1 || complain "no answer before the end of input"
echo "$two" >&3
await has_lines out 2 || complain "no second answer"
exec 3>&-
wait "$others" || complain "status $?: $(cat err)"
others=
rm lines

begin "a byte order mark in front of the list"
printf '\357\273\277%s\r\n' "$one" | "$bin/scraper" --titles >out 2>err ||
    complain "status $?: $(cat err)"
out_is "$(printf '%s\tPlanet 1' "$one")"

# Its beginning is a good URL.
begin "a line that is too long is one failure"
{
	printf '%s' "$one"
	awk 'BEGIN { for (i = 0; i < 20000; i++) printf " 12345678" }'
	printf '\n%s\n' "$one"
} >long
"$bin/scraper" --titles <long >out 2>err
status=$?
[ "$status" -eq 1 ] || complain "status $status"
out_is "$(printf '%s\tPlanet 1' "$one")"
err_has ": bad-url: the line is too long"
"$bin/scraper" --json <long >out 2>err
out_has '"error":"bad-url","detail":"the line is too long"'
head -n 1 long | "$bin/resolve" >out 2>err
out_has '!no-such-host$'
err_has ": no-such-host: the line is too long"

begin "a thousand URLs, in order, to a reader that takes its time"
awk -v base="$base" 'BEGIN {
	for (i = 0; i < 1000; i++)
		print base "/planet-" i % 3 + 1 "/#" i
}' >urls
"$bin/scraper" --titles --ordered <urls | {
	sleep 1
	cat >out
}
awk '{ sub(/^.*#/, ""); if ($1 != NR - 1) exit 1 }
    END { if (NR != 1000) exit 1 }' out || complain "$(wc -l <out) lines"

# peak: the most memory that the program in the background has had, in KB.
peak() {
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$others/status"
}

# A sanitizer keeps what was freed, so that memory grows in any case.
begin "twenty thousand URLs in the memory of five thousand"
mkfifo lines
for order in --json --ordered; do
	[ -r /proc/self/status ] || break
	! grep -q -e __asan_ -e __msan_ "$bin/scraper" || break
	"$bin/scraper" --titles $order <lines >out 2>err &
	others=$!
	exec 3>lines
	for n in 5000 10000 15000 20000; do
		awk -v n="$n" -v url="$one" 'BEGIN {
			for (i = n - 5000; i < n; i++)
				print url "#" i
		}' >&3
		await has_lines out "$n" || complain "not the first $n"
		[ "$n" -gt 5000 ] || before=$(peak)
	done
	after=$(peak)
	[ "$after" -le $((before + 256)) ] ||
	    complain "$before KB, and then $after KB"
	exec 3>&-
	wait "$others" || complain "status $?: $(cat err)"
	others=
done
rm lines

begin "one after the other"
run 0 scraper --titles --sequential "$one" "$base/odd/large" "$two"
out_is "$(printf '%s\tPlanet 1\n%s\tLarge\n%s\tPlanet 2' "$one" \
    "$base/odd/large" "$two")"

begin "-o, and an output that cannot be written"
run 0 scraper -o file --titles "$one"
out_is ""
mv file out
out_is "$(printf '%s\tPlanet 1' "$one")"
run 4 scraper -o no/such/file --titles "$one"
err_has "^scraper: no/such/file: "
run 4 getpage -o no/such/file "$one"
if [ -c /dev/full ]; then
	run 4 scraper -o /dev/full --titles "$one" "$two"
	err_has "^scraper: /dev/full: "
	run 4 getpage -o /dev/full "$one"
	tries=0
	while [ $tries -lt 2000 ]; do
		echo "$one"
		tries=$((tries + 1))
	done >list
	run 4 scraper --har /dev/full --titles -i list
	err_has "^scraper: /dev/full: "
	[ "$(wc -l <out)" -lt 2000 ] || complain "goes on without a file"
fi

begin "a reader that has gone, where SIGPIPE is ignored: status 4, no words"
for program in scraper getpage; do
	rm -f gone
	(
		trap '' PIPE
		until [ -e gone ]; do sleep 0.01; done
		"$bin/$program" "$one" 2>err
		echo $? >status
	) | {
		exec <&-
		: >gone
	}
	[ "$(cat status)" = 4 ] || complain "$program: status $(cat status)"
	[ ! -s err ] || complain "$program: $(cat err)"
done

begin "-o - is standard output"
run 0 scraper -o - --titles "$one"
out_is "$(printf '%s\tPlanet 1' "$one")"
run 0 getpage -o - "$one"
[ ! -e ./- ] || complain "a file of that name"
run 2 scraper -o - --json --resume "$one"

begin "-i names the list"
printf '%s\n# no more\n' "$one" >list
run 0 scraper -i list --titles </dev/null
out_is "$(printf '%s\tPlanet 1' "$one")"
"$bin/scraper" --input - --titles <list >out 2>err || complain "$(cat err)"
out_is "$(printf '%s\tPlanet 1' "$one")"
run 2 scraper -i no/such/list --titles
err_has "^scraper: no/such/list: "
run 2 scraper -i list --titles "$one"
err_has "input"
run 1 scraper -i . --titles
err_has '^scraper: \.: '
"$bin/getpage" "$one" >page
"$bin/extract" --title - <page >out 2>err || complain "$(cat err)"
out_is "Planet 1"

begin "standard descriptors that are closed"
"$bin/scraper" --titles "$one" >&- 2>err
status=$?
[ "$status" -eq 4 ] || complain "no output: status $status: $(cat err)"
"$bin/getpage" "$one" >&- 2>err
status=$?
[ "$status" -eq 4 ] || complain "no output: status $status: $(cat err)"
"$bin/scraper" --titles "$one" "$base/odd/404" >out 2>&- <&-
status=$?
[ "$status" -eq 1 ] || complain "no errors: status $status"
out_is "$(printf '%s\tPlanet 1' "$one")"
"$bin/demosite" >&- 2>err
status=$?
[ "$status" -eq 1 ] || complain "demosite, no output: status $status"
err_has '^demosite: standard output: Bad file descriptor'

begin "a reader that goes away ends it quietly"
"$bin/scraper" --titles <urls 2>err | head -n 1 >out
[ "$(wc -l <out)" -eq 1 ] || complain "no line"
err_is ""
for tries in 1 2 3 4 5 6 7 8 9; do
	sed 's/.*/127.0.0.1/' urls
done >list
{
	trap '' PIPE
	"$bin/resolve" <list 2>err
	echo $? >status
} | :
await [ -s status ]
[ "$(cat status)" -eq 4 ] || complain "status $(cat status)"
err_is ""

begin "what waits to be written has a limit"
mkfifo names
"$bin/demosite" --planets 1 >names &
others=$!
read -r silent <names
{
	echo "${silent%/planet-1/}/odd/silent"
	awk 'BEGIN { for (; i < 900; i++) printf "%07000d\n", i }'
} >urls
rm -f out err
"$bin/scraper" --titles --json --ordered --retries 0 -t 200 <urls \
    >out 2>err &
scraper=$!
await has_lines err 500 || complain "only $(wc -l <err) failures"
sleep 1
[ "$(wc -l <err)" -lt 700 ] || complain "$(wc -l <err) begun"
# The first URL is answered at last: its server goes away.
kill "$others"
wait "$scraper" "$others"
others=
scraper=
rm names
[ "$(wc -l <out)" -eq 901 ] || complain "$(wc -l <out) records"
head -n 1 out | grep -q '"error":"reset"' || complain "$(head -n 1 out)"

# SIGINT, or where whoever runs this test has us ignore that, SIGTERM.
interrupt=INT
interrupted=130
if sh -c 'kill -s INT $$' 2>/dev/null; then
	interrupt=TERM
	interrupted=143
fi

# front PROGRAM ARGUMENT ...: runs it in front, with its id in the file id.  A
# shell has all that it runs in the background ignore SIGINT; so the program
# stands in front, and who interrupts it in the background.
front() {
	sh -c 'echo $$ >id; exec "$@"' sh "$@" 2>err >out
	status=$?
	wait "$others"
	others=
}
# is_gone: the program in front.
is_gone() {
	! kill -0 "$(cat id)" 2>/dev/null
}

# scraper_interrupted SIGNAL FILE OPTION URL ...: the URLs come by standard
# input, which stays open; when FILE has a line, the signal follows.
scraper_interrupted() {
	signal=$1
	sign=$2
	option=$3
	shift 3
	mkfifo lines
	rm -f out err id
	{
		exec 3>lines
		printf '%s\n' "$@" >&3
		await has_lines "$sign" 1
		kill -s "$signal" "$(cat id)"
		await is_gone
	} &
	others=$!
	front "$bin/scraper" --titles --no-progress "$option" -c 2 -t 200 \
	    <lines
	rm lines
}

begin "an interrupt: what is done, a summary, and death by the signal"
scraper_interrupted "$interrupt" out -4 "$one" "$base/odd/silent"
[ "$status" -eq "$interrupted" ] || complain "status $status"
out_is "$(printf '%s\tPlanet 1' "$one")"
err_has "^scraper: interrupted: 1 done, 0 failed, 1 dropped, "
scraper_interrupted TERM out -4 "$one" "$base/odd/silent"
[ "$status" -eq 143 ] || complain "status $status"
begin "an interrupt prints also what was done out of order"
# The third may begin, and be refused, only when the second is done.
scraper_interrupted TERM err --ordered "$base/odd/silent" "$one" \
    http://127.0.0.1:1/
out_is "$(printf '%s\tPlanet 1' "$one")"
begin "a second interrupt is immediate"
rm -f trace id
{
	# It catches signals before it first waits.
	await has_lines trace 1
	kill -s "$interrupt" "$(cat id)"
	await has_signals trace 1
	kill -s "$interrupt" "$(cat id)" 2>/dev/null
} &
others=$!
REACTOR_TRACE=trace front "$bin/scraper" --titles -t 200 "$base/odd/silent"
[ "$status" -eq "$interrupted" ] || complain "status $status"
# With one signal only, the second came when all was over.
has_signals trace 2 && err_is ""
begin "a signal that was ignored stays ignored"
mkfifo lines
rm -f out err
(
	trap '' INT TERM
	exec "$bin/scraper" --titles <lines >out 2>err
) &
others=$!
exec 3>lines
echo "$one" >&3
await has_lines out 1 || complain "no answer"
kill -s INT "$others"
kill -s TERM "$others"
echo "$two" >&3
exec 3>&-
wait "$others" || complain "status $?: $(cat err)"
others=
rm lines
[ "$(wc -l <out)" -eq 2 ] || complain "not two titles: $(cat out)"
err_is ""

begin "SIGUSR1: what is in flight, and what it waits for"
rm -f out err
"$bin/scraper" --titles --no-progress --per-host 1 -t 200 \
    "$base/odd/silent" "$two" http://127.0.0.1:1/ >out 2>err &
others=$!
# When one is refused, the others are under way, too.
await has_lines err 1 || complain "nothing is refused"
tries=0
until grep -q 'silent: in flight: .* s, waiting for the answer$' err; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || break
	kill -s USR1 "$others"
	await grep -q 'in flight: .*, waiting for its turn' err || break
done
for line in "scraper: 2 in flight" \
    "scraper: $base/odd/silent: in flight: [0-9.]* s, waiting for the answer" \
    "scraper: $two: in flight: [0-9.]* s, waiting for its turn"; do
	grep -q "^$line\$" err || complain "no $line: $(cat err)"
done
kill -s TERM "$others"
wait "$others" 2>/dev/null
others=

begin "getpage prints bodies and heads"
run 0 getpage "$one" "$two"
[ "$(grep -c '<title>Planet [12]</title>' out)" -eq 2 ] ||
    complain "output: $(cat out)"
run 0 getpage -i "$one"
head -n 1 out | grep -q '^HTTP/1.1 200 ' || complain "no head: $(cat out)"
out_has '<title>Planet 1</title>'
run 0 getpage -I "$one"
out_has '^HTTP/1.1 200 '
grep -q title out && complain "a body: $(cat out)"
run 1 getpage "$base/odd/404" "$one"
err_has "^getpage: $base/odd/404: http-404: "
out_has '<title>Planet 1</title>'
for option in -i -I; do
	run 1 getpage "$option" "$base/odd/404"
	out_has '^HTTP/1.1 404 '
	err_is "getpage: $base/odd/404: http-404: 404 Not Found"
done
begin "getpage -v: the heads that were sent and received, without secrets"
run 1 getpage -v 'http://['
err_has '^getpage: http://\[: bad-url: '
run 0 getpage -v -u planet:x -H "X-Y: $(printf 'z\302\205')" \
    "$base/odd/cookie"
host=${base#http://}
sent="> GET /odd/cookie HTTP/1.1
> Host: $host
> User-Agent: spindle
> Accept: */*
> Accept-Encoding: gzip
> X-Y: z$(printf '\357\277\275')
> Authorization: Basic (hidden)"
got="< Content-Type: text/html; charset=utf-8"
[ "$(sed '/^\* 200/d' err)" = "* connected to: $host
$sent
>
< HTTP/1.1 302 Found
< Content-Length: 0
$got
< Set-Cookie: seen=(hidden); Path=/odd/
< Location: cookie
<
$sent
> Cookie: seen=(hidden)
>
< HTTP/1.1 200 OK
< Content-Length: $(wc -c <out | tr -d ' ')
$got
<" ] || complain "told: $(cat err)"
# A name and password of the URL; a form, of which only the head is told.
run 0 getpage -v -b 'a=b; c=d' -d pass=word "http://planet:x@$host/odd/form"
grep -q '^> Authorization: Basic (hidden)$' err &&
    grep -q '^> Cookie: a=(hidden); c=(hidden)$' err &&
    grep -q '^> Content-Length: 9$' err || complain "told: $(cat err)"
grep -q word err && complain "told: $(cat err)"
run 0 getpage "$one"
err_is ""

begin "getpage follows, and writes files"
run 0 getpage "$base/odd/redirect"
out_has '<title>Planet 1</title>'
run 0 getpage -o file "$one"
mv file out
out_has '<title>Planet 1</title>'
awk 'BEGIN { for (i = 0; i < 1000; i++) print "What was kept" }' >keep
cp keep kept
run 1 getpage -o keep http://127.0.0.1:1/ "$base/odd/404"
cmp -s keep kept || complain "what was in the file is lost"
run 2 getpage -o keep -H "Bad Name: x" "$one"
cmp -s keep kept || complain "what was in the file is lost"
run 1 getpage -o keep http://127.0.0.1:1/ "$one" "$two"
grep -q kept keep && complain "what was in the file is still there"
[ "$(grep -c '<title>Planet [12]</title>' keep)" -eq 2 ] ||
    complain "not two pages: $(cat keep)"
run 3 scraper -o keep --titles "$base/odd/404"
[ -s keep ] && complain "the results of another run: $(cat keep)"
run 1 getpage http://127.0.0.1:1/
err_has "^getpage: http://127.0.0.1:1/: refused: "

begin "what we say we are, and by which addresses"
run 0 scraper --titles -A "Planet Watch/1.0" "$base/odd/agent"
out_is "$(printf '%s\tPlanet Watch/1.0' "$base/odd/agent")"
run 0 scraper --titles -H "user-agent: other" "$base/odd/agent"
out_is "$(printf '%s\tother' "$base/odd/agent")"
run 0 getpage -H "User-Agent;" "$base/odd/agent"
out_is "<title></title>"
local=http://localhost:${base##*:}
run 0 scraper -4 --titles "$local/planet-1/"
run 3 scraper -6 --titles "$local/planet-1/"

begin "progress is drawn when asked for, and wiped away"
mkfifo lines
rm -f out err
"$bin/scraper" --progress --titles <lines >out 2>err &
others=$!
exec 3>lines
echo "$one" >&3
await grep -q "done, . failed" err || complain "no progress: $(cat err)"
exec 3>&-
wait "$others" || complain "status $?: $(cat err)"
others=
rm lines
out_is "$(printf '%s\tPlanet 1' "$one")"
# A narrow terminal is told to cut the line, and afterwards not to.
tr '\033' E <err | grep -q 'E\[?7l.* in flight.*E\[?7h' ||
    complain "the line may wrap: $(od -c err)"
[ "$(tail -c 3 err | od -An -c | tr -d ' ')" = '033[J' ] ||
    complain "not wiped away: $(od -c err)"
run 0 scraper --titles "$one"
err_is ""

begin "every poller"
for poller in epoll kqueue poll; do
	REACTOR_POLLER=$poller "$bin/scraper" --titles "$one" >out 2>err
	status=$?
	case $status in
	0) out_is "$(printf '%s\tPlanet 1' "$one")" ;;
	2) err_has "REACTOR_POLLER: \"$poller\" is not there; .* poll" ;;
	*) complain "$poller: status $status: $(cat err)" ;;
	esac
done
given REACTOR_POLLER=foo 2 getpage "$one"
err_has '^getpage: REACTOR_POLLER: "foo" is not there; this system has .*poll'

begin "a trace of what the loop does"
for kind in connection_made data_received connection_lost wait; do
	REACTOR_TRACE=trace "$bin/getpage" "$one" >out 2>err ||
	    complain "getpage failed: $(cat err)"
	grep -q "^ *[0-9.]* *[0-9]* .* $kind  *-*[0-9]*$" trace ||
	    complain "no $kind in $(cat trace)"
done
REACTOR_TRACE=/none/trace "$bin/getpage" "$one" >out 2>err
[ $? -eq 2 ] || complain "a trace that cannot be written is no error"
err_has "REACTOR_TRACE"
REACTOR_TRACE=/none/trace "$bin/resolve" 127.0.0.1 >out 2>err
err_has "REACTOR_TRACE"
REACTOR_TRACE=trace "$bin/resolve" 127.0.0.1 >out 2>err
grep -q " wait  *-*[0-9]*$" trace || complain "no wait in $(cat trace)"
given REACTOR_TRACE=- 0 resolve 127.0.0.1
grep -q " wait  *-*[0-9]*$" err || complain "no wait in $(cat err)"

begin "demosite lists its odd pages, and may answer at once"
mkfifo names
"$bin/demosite" --planets 1 --delay 0 >names &
others=$!
read -r alone <names
kill "$others"
wait "$others"
others=
rm names
[ -n "$alone" ] || complain "a delay of 0 is refused"
for list in "$base/odd" "$base/odd/"; do
	run 0 getpage -o page "$list"
	run 0 extract --links --base "$list" page
	for odd in 404 silent no-title cut; do
		out_has "^$base/odd/$odd\$"
	done
done
run 1 getpage "$base/odd/none"
err_has ': http-404: '
run 2 demosite --delay x
err_has "^demosite: --delay takes a time in seconds"

begin "make clean says nothing"
if [ -f "$makefile" ] && command -v "${MAKE:-make}" >/dev/null 2>&1; then
	mkdir empty
	cp "$makefile" empty/
	(
		unset MAKEFLAGS MAKELEVEL
		cd empty && exec "${MAKE:-make}" clean
	) >out 2>err || complain "it failed"
	out_is ""
	err_is ""
fi

begin "names: demosite serves them, the delay is shared"
mkfifo names
"$bin/demosite" --dns --planets 3 --delay 0.3 >names &
others=$!
{
	read -r _ _ dns
	read -r one
	read -r two
	read -r three
} <names
run 0 scraper -v --dns "$dns" "$one" "$two" "$three"
out_has "^http://planet-2.test:[0-9]*/planet-2/article-1$"
grep -q ' [0-9]* ms$' err || complain "no time in the summary: $(cat err)"
fails timeout "$one" --dns "$dns" -t 0.45 --retries 0
fails no-such-host http://planet-9.test/ --dns "$dns"
run 1 resolve --dns "$dns" planet-1.test planet-9.test 127.0.0.1 ::1
sort out >sorted && mv sorted out
out_is "$(printf '%s\t%s\n' 127.0.0.1 127.0.0.1 ::1 ::1 \
    planet-1.test 127.0.0.1 planet-9.test !no-such-host)"
err_has "^resolve: planet-9.test: no-such-host: "
echo planet-2.test | "$bin/resolve" -4 --dns "$dns" >out 2>err ||
    complain "status $?"
out_is "$(printf 'planet-2.test\t127.0.0.1')"
run 1 resolve -6 --dns "$dns" planet-2.test
out_is "$(printf 'planet-2.test\t!no-such-host')"
# In any language, and printed as it was given; full-width letters and digits
# and the ideographic stop are ASCII to it, as in a browser.
wide=$(printf '\357\274\260lanet-2\343\200\202test')
digits=$(printf '\357\274\221\357\274\222\357\274\227.0.0.1')
unicode=$(printf 'B\303\274cher.localhost')
for given in "$wide" "$digits" "$unicode"; do
	run 0 resolve -4 --dns "$dns" "$given"
	out_is "$(printf '%s\t127.0.0.1' "$given")"
	err_is ""
done
# What cannot be a name: a character, an "a/c" of one character, malformed.
for wrong in "$(printf 'a\302\205b')" "$(printf '\342\204\200.test')" \
    "$(printf '\377.test')" "$(printf 'xn--a\303\274.test')"; do
	run 1 resolve --dns "$dns" "$wrong"
	out_has '	!no-such-host$'
	err_has '^resolve: .*: no-such-host: '
done
run 1 resolve --dns "$dns" "$(printf 'a\302\205b')"
out_is "$(printf 'a\357\277\275b\t!no-such-host')"
err_has ': no-such-host: .*character'
run 1 resolve --dns 127.0.0.1:1 planet-1.test
out_is "$(printf 'planet-1.test\t!no-dns')"
run 0 resolve
if [ -c /dev/full ]; then
	"$bin/resolve" 127.0.0.1 >/dev/full 2>err
	[ $? -eq 4 ] || complain "a full disk is no error"
	err_has "^resolve: standard output: "
fi
kill "$others"
wait "$others"
others=

begin "the wait for other pages of a host is not a page's own time"
"$bin/demosite" --planets 4 --delay 0.7 >names &
others=$!
head -n 4 <names >urls
run 0 scraper --titles --per-host 1 -t 2 --retries 0 $(cat urls)
[ "$(wc -l <out)" -eq 4 ] || complain "output: $(cat out)"
kill "$others"
wait "$others"
others=

begin "facts of a page at hand"
page='<title> a &amp; b</title><base href=/x/><h3><a href=" one ">q
  w</a></h3><area href=//h/two><a href=mailto:x>m</a><link href=css>'
# extract STATUS ARGUMENT ...: reads the page.
extract() {
	want=$1
	shift
	printf %s "$page" | "$bin/extract" "$@" >out 2>err
	status=$?
	[ "$status" -eq "$want" ] ||
	    complain "extract $*: status $status, not $want: $(cat err)"
}
extract 0 --title
out_is 'a & b'
extract 0 --links --base http://host/y/z
out_is 'http://host/x/one
http://h/two'
extract 1 --links
extract 0 //h3/a/@href
out_is ' one '
extract 0 '//h3/a/text()'
out_is 'q w'
page=$(printf '<a href="1\n2\t3&#13;4\033">')
extract 0 //a/@href
out_is "$(printf '1 2 3 4\357\277\275')"
page=$(awk 'BEGIN { for (i = 0; i < 600; i++) print "<b><div>" }')'<title>t'
extract 0 --title
err_is ''
extract 1 //p
err_has "^extract: standard input: missing: "
page='<title> a &amp; b</title><base href=/x/><h3><a href=" one ">q
  w</a></h3><area href=//h/two><a href=mailto:x>m</a><link href=css>'
extract 1 //h4
out_is ''
err_is ''
for wrong in "--title --links" "" "//h3[" "--base x --title" "//a b c"; do
	# The words are meant to be split.
	# shellcheck disable=SC2086
	extract 2 $wrong
	err_has "^extract: "
done
links='<a href="http://[1/">a</a><a href="javascript:x">b</a><a href=/c>c</a>'
printf %s "$links" >file
run 0 extract --links --base http://h/ file
out_is http://h/c
err_has '^extract: http://\[1/: bad-url: '
printf '<base href="http://\357\277\275/">%s' "$links" >file
run 0 extract --links --base http://h/ file
out_is http://h/c
grep -q '^extract: http://[^h]*/: bad-url: ' err ||
    complain "errors: $(cat err)"
printf '<base href="http://b\303\274cher.test/">%s' "$links" >file
run 0 extract --links --base http://h/ file
out_is http://xn--bcher-kva.test/c
printf %s "$page" >file
run 0 extract --title file
out_is 'a & b'
for unreadable in no/such/file .; do
	run 2 extract --title "$unreadable"
	err_has "^extract: $unreadable: "
done
run 2 extract file
err_has "^extract: \"file\" is a file: "
run 2 extract no-file.html
err_has '^extract: "no-file.html" is no path: only html '
run 2 extract '//a/../b'
err_has "'\.\.' are not known at \"../b\""
page=$(printf '<title>\244\033[31m</title>')
extract 0 --charset iso-8859-15 --title
out_is "$(printf '\342\202\254\357\277\275[31m')"
extract 2 --charset koi8r --title
err_has '^extract: --charset does not know "koi8r"'

begin "pages in other character sets"
page=$(printf '<title>\301</title><!--%2000s--><meta charset=koi8-r>' x)
extract 0 --title
out_is "$(printf '\320\260')"
page=$(printf '<?xml version="1.0" encoding="koi8-r"?><title>\301</title>')
extract 0 --title
out_is "$(printf '\320\260')"
page=$(printf '<meta charset=koi8-r><base href="/?\301">
    <a href="/\301?\301#\301"><a href="#x"><a href="?\302&#x4e00;">')
extract 0 --links --base http://h
out_is 'http://h/%D0%B0?%C1#%D0%B0
http://h/?%C1#x
http://h/?%C2%26%2319968%3B'

begin "the demonstration says what each of its runs has taken"
sh "$here/../bin/demo.sh" "$bin" >out 2>err || complain "failed: $(cat err)"
[ "$(grep -c '^first article on http' out)" -ge 8 ] || complain "$(cat out)"
[ "$(grep -Ec '^(One after the other|All at once): +[1-9][0-9]* ms$' out)" \
    -eq 2 ] || complain "times: $(tail -n 9 out)"
tail -n 1 out | grep -Eq '^(Over https: +[1-9][0-9]* ms|Not over https: .+)$' ||
    complain "https: $(tail -n 5 out)"

begin "few descriptors"
"$bin/demosite" --dns --planets 30 >names &
others=$!
head -n 31 <names >urls
dns=$(sed -n 's/^# dns //p' urls)
for few in 20 32; do
	(
		ulimit -n "$few"
		exec "$bin/scraper" --titles --dns "$dns" <urls >out 2>err
	)
	[ "$(grep -c Planet out)" -eq 30 ] || complain "$few: $(cat err)"
	err_is "scraper: --concurrency: lowered, there are not enough \
descriptors"
done
kill "$others"
wait "$others"
others=
# With still fewer there is none for a socket, and that is told as it is.
rm -f all
for few in 4 5 6 7 8 9 10 11 12; do
	(
		ulimit -n "$few"
		exec "$bin/scraper" --json --dns 127.0.0.1:1 http://name.test/
	) >>all 2>/dev/null
done
grep -q '"error":"no-resources"' all || complain "no-resources: $(cat all)"
grep -v '"error":"no-\(resources\|dns\)"' all && complain "other errors"

contract_done
