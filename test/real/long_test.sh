#!/bin/sh
# long_test.sh - scraping for a long time from a server that misbehaves in
# each way it knows (liar.c), over http and https: memory and descriptors stay
# as they are, each URL is reported once, and each as what it is.
#
#	LONG_SECONDS=1800 LONG_SEED=2 sh test/real/long_test.sh
#
# A minute is the default.  The list has no end but that of time, so scraper
# never rests.  What it holds is looked at each second: of memory, the most in
# the second half is not above that in the second quarter by more than a tenth
# and 2 MiB.  When all is reported, and the server is gone, but the list may
# still go on, it holds no descriptor but those that it began with.
# Prints TAP.  Needs what `make all tls-peers` builds.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
long=${LONG_SECONDS:-60}
seed=${LONG_SEED:-1}
need gzip timeout
[ -x test/liar.run ] || skip_all 'needs make tls-peers'
enter test/real/long_test.sh
begin

# Descriptors: those that stay open, and 64 URLs with two attempts each, 128
# idle connections, and the name server's.
at_rest=12
at_most=300

# ---- what may come of what ----

# Any of them may be too slow, or meet a connection that breaks.  At a rude
# port the connection may be no TLS, or answer before it is asked.
cat >"$work/rules" <<'END'
honest chunked until early moved bye close long both packed	title
busy	http-503
torn	reset no-title
short half reset end empty silent stuck
twice minus huge chunk wide coded status noise interim	bad-response
flood chunks fields line trailer chunkline bomb	too-large
ring there back	too-many-redirects
gone	no-such-host
dead	refused
END

# URL<TAB>ERROR<TAB>TITLE of each record, as soon as it is there.
as_columns() {
	awk '{
		gsub(/"/, "")
		url = title = error = $0
		sub(/^{url:/, "", url)
		sub(/,final_url:.*/, "", url)
		sub(/.*,title:/, "", title)
		sub(/,error:.*/, "", title)
		sub(/.*,error:/, "", error)
		sub(/,detail:.*/, "", error)
		print url "\t" error "\t" title
		fflush()
	}'
}

# Shows each record that may not be so.
judge() {
	awk -F '\t' -v rude="$rude_http $rude_https" '
	FNR == NR {
		n = split($1, kinds, " ")
		for (i = 1; i <= n; i++)
			may[kinds[i]] = " timeout reset " $2 " "
		next
	}
	{
		split($1, part, "/")
		kind = part[4]
		port = part[3]
		sub(/.*:/, "", port)
		is_rude = index(" " rude " ", " " port " ")
		title = kind == "packed" ? "Packed" : "Page " part[5]
		good = $2
		if (good == "null")
			good = $3 == title ? "title" : "another title"
		if (index(may[kind], " " good " "))
			next
		if (is_rude && (good == "tls" || good == "bad-response" ||
		    $3 == "Forged"))
			next
		print "# " $0
	}' "$work/rules" "$work/columns"
}

# ---- the list ----

# batch N: a hundred URLs that only this batch has.
batch() {
	awk -v seed="$seed" -v n="$1" -v ports="$http $https $rude_http \
$rude_https" '
	{
		count = split($1, of_rule, " ")
		for (i = 1; i <= count; i++)
			kinds[++all] = of_rule[i]
	}
	END {
		srand(seed * 100003 + n)
		split(ports, port, " ")
		for (i = 0; i < 100; i++) {
			host = "h" int(rand() * 64)
			which = int(rand() * 4) + 1
			kind = kinds[int(rand() * all) + 1]
			# Half of them can be believed.
			if (rand() < 0.5)
				kind = kinds[int(rand() * 10) + 1]
			at = port[which]
			if (kind == "gone")
				host = kind
			if (kind == "dead")
				at = 1
			printf "http%s://%s.site.test:%d/%s/%08d\n",
			    which % 2 ? "" : "s", host, at, kind, n * 100 + i
		}
	}' FS='\t' "$work/rules"
}

# A list for so many seconds; scraper takes it as it goes.
list() {
	end=$(($(date +%s) + long))
	n=0
	while [ "$(date +%s)" -lt "$end" ]; do
		batch "$n" >"$work/batch"
		cat "$work/batch" >>"$work/asked"
		cat "$work/batch" || break
		n=$((n + 1))
	done
	: >"$work/list_is_over"
}

# ---- what scraper holds ----

descriptors() {
	ls "/proc/$scraper/fd" 2>/dev/null | wc -l
}
# sample: descriptors and resident pages, "0 0" when it has ended.
sample() {
	read -r _ pages_held _ 2>/dev/null <"/proc/$scraper/statm" ||
	    pages_held=0
	echo "$(descriptors) $pages_held"
}
records() {
	wc -l <"$work/columns"
}
few() {
	[ "$(descriptors)" -le "$1" ]
}
reported() {
	[ "$(records)" -eq "$(wc -l <"$work/asked")" ]
}
# Shows the highest numbers of the second quarter and of the second half.
summary() {
	awk -v kib="$(($(getconf PAGESIZE) / 1024))" '
	{ fds[NR] = $1; pages[NR] = $2 }
	END {
		for (i = 1; i <= NR; i++) {
			q = i > NR / 2 ? 2 : i > NR / 4
			if (fds[i] > f[q])
				f[q] = fds[i]
			if (pages[i] > p[q])
				p[q] = pages[i]
		}
		print p[1] * kib, p[2] * kib, f[1] + 0, f[2] + 0
	}' "$work/samples"
}

{
	printf '<!DOCTYPE html><title>Packed</title>'
	head -c 50000 /dev/zero
} | gzip -9 >"$work/packed.gz"
head -c 100000000 /dev/zero | tr '\0' ' ' | gzip -9 >"$work/bomb.gz"
test/liar.run "$seed" test/tls/site.pem test/tls/site.key "$work/bomb.gz" \
    "$work/packed.gz" >"$work/ports" 2>"$work/liar.log" &
liar=$!
other_pids=$liar
wait_for liar test -s "$work/ports"
read -r dns http https rude_http rude_https <"$work/ports"

mkfifo "$work/list" "$work/records" "$work/errors"
: >"$work/asked"
as_columns <"$work/records" >"$work/columns" &
columns=$!
# Nothing but a line for each failure is to be said.
grep -v '^scraper: https*://[^ ]*: [a-z0-9-]*: ' <"$work/errors" \
    >"$work/unexpected" &
complaints=$!
"$SCRAPER" --titles -j -t 2 -c 64 --max-size 1000000 \
    --cacert test/tls/authority.pem --dns "127.0.0.1:$dns" \
    <"$work/list" >"$work/records" 2>"$work/errors" &
scraper=$!
other_pids="$other_pids $scraper"
# Its list does not end with what `list` writes, but when this is closed.
exec 3>"$work/list"
list >&3 3>&- &
other_pids="$other_pids $!"
until [ -e "$work/list_is_over" ] || ! kill -0 "$scraper" 2>/dev/null; do
	sample >>"$work/samples"
	sleep 1
done
seen=-1
until reported || [ "$seen" -eq "$(records)" ]; do
	seen=$(records)
	sleep 30 &
	nap=$!
	while kill -0 $nap 2>/dev/null && ! reported; do
		sleep 1
	done
	kill $nap 2>/dev/null
done
kill "$liar"
tries=0
until few "$at_rest" || [ $tries -gt 60 ]; do
	tries=$((tries + 1))
	sleep 0.5
done
at_last=$(descriptors)
exec 3>&-
wait "$scraper"
status=$?
wait "$columns" "$complaints"

# ---- the verdict ----

once() {
	sort "$work/asked" >"$work/wanted"
	cut -f 1 "$work/columns" | sort | cmp -s - "$work/wanted"
}
true_to_kind() {
	judge >"$work/wrong" || return 1
	head -n 20 "$work/wrong"
	[ ! -s "$work/wrong" ]
}
all_sorts() {
	for word in null timeout reset tls bad-response too-large http-503 \
	    too-many-redirects no-such-host refused no-title; do
		grep -q "	$word	" "$work/columns" || {
			echo "# no $word"
			return 1
		}
	done
}
silent() {
	head -n 20 "$work/unexpected" | sed 's/^/# /'
	[ ! -s "$work/unexpected" ]
}
flat() {
	[ "$2" -le $(($1 + $1 / 10 + 2048)) ]
}

set -- $(summary)
echo "# seed $seed, $long seconds, $(wc -l <"$work/asked") URLs"
echo "# at most $1 KiB, then $2; $3 descriptors, then $4; $at_last at last"
cut -f 2 "$work/columns" | sort | uniq -c | sed 's/^/#/'
check 'each URL is reported once' once
check 'each is reported as what it is' true_to_kind
check 'there are all sorts of them' all_sorts
check 'some have failed: status 1' test "$status" -eq 1
check 'nothing else is said' silent
check 'memory stays as it is' flat "$@"
check 'descriptors stay few' test "$4" -le "$at_most"
check 'and none is left at the end' test "$at_last" -le "$at_rest"
finish
