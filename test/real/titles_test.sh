#!/bin/sh
# titles_test.sh - the titles of real pages, from real servers: nginx serves
# the saved front pages of well-known sites (the npm package
# htmlparser-benchmark), unbound their names, and each title that scraper
# prints must be the one that parse5 (npm) finds.  Prints TAP.
#
# NODE_MODULES names the folder where the two packages are installed.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need nginx unbound node
[ -d "$NODE_MODULES/parse5" ] || skip_all "needs parse5 in NODE_MODULES"
enter test/real/titles_test.sh
begin

# Site N is the Nth page, by name.
count=0
for file in "$NODE_MODULES"/htmlparser-benchmark/files/*.html; do
	count=$((count + 1))
	mkdir "$pages/site-$count.test"
	cp "$file" "$pages/site-$count.test/index.html"
	echo "site-$count.test" >>"$names"
	echo "http://site-$count.test:$NGINX_PORT/" >>"$work/urls"
done
node test/real/titles.mjs "$NODE_MODULES" "$pages" "$NGINX_PORT" \
    >"$work/wanted" || exit 1
start_nginx
start_unbound

# compare OUT ERR NAME: a case for each site.
compare() {
	awk -v name="$1" '
	FILENAME ~ /wanted$/ { wanted[$1] = $2; next }
	FILENAME ~ /err$/ {
		sub(/^[^:]*: /, "", $0)
		url = $0
		sub(/: .*/, "", url)
		sub(/^[^ ]*: /, "", $0)
		sub(/:.*/, "", $0)
		got[url] = "!" $0
		next
	}
	{ got[$1] = $2 }
	END {
		for (url in wanted) {
			if (wanted[url] == got[url]) {
				print "ok " url
				continue
			}
			print "# title is    \"" got[url] "\""
			print "# parse5 says \"" wanted[url] "\""
			print "not ok " url
		}
	}' FS='\t' "$work/wanted" "$work/err" "$work/out" >"$work/verdict"
	while IFS= read -r line; do
		case $line in
		'# '*) echo "$line" ;;
		ok*) say ok "$1: ${line#ok }" ;;
		*) say 'not ok' "$1: ${line#not ok }" ;;
		esac
	done <"$work/verdict"
}

# All of them at once, names looked up and connections shared out.
"$SCRAPER" --titles --dns "127.0.0.1:$DNS_PORT" <"$work/urls" \
    >"$work/out" 2>"$work/err"
compare concurrent

# One after the other the same comes out, in the order asked for.
"$SCRAPER" --titles --sequential --dns "127.0.0.1:$DNS_PORT" \
    <"$work/urls" >"$work/ordered" 2>"$work/err.2"
sort "$work/out" >"$work/sorted"
sort "$work/ordered" | cmp -s - "$work/sorted" &&
    say ok 'sequential finds the same' ||
    say 'not ok' 'sequential finds the same'
cut -f 1 "$work/ordered" >"$work/order"
sed 's/^[^:]*: //; s/: .*//' "$work/err.2" >"$work/no-title"
grep -vxFf "$work/no-title" "$work/urls" | cmp -s - "$work/order" &&
    say ok 'sequential keeps the order' ||
    say 'not ok' 'sequential keeps the order'
finish
