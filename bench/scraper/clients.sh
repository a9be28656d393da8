# clients.sh - those that take titles, and how each is called; read by run.sh
# and many.sh, after bench/http/common.sh and with the same variables set.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# Finds a python3 that has the module.
find_python() {
	for python in python3 /usr/bin/python3; do
		"$python" -c "import $1" 2>/dev/null && return
	done
	return 1
}

# left_out NAME
left_out() {
	echo "$1 is not installed: left out"
}

# The clients that can be built or found here, in the order of the turns.
build_clients() {
	scraper=$(cd "$programs" && pwd)/scraper
	compile usage bench/usage.c
	compile responder bench/http/responder.c
	compile hand bench/scraper/hand.c bench/http/bare_tcp.c
	clients="hand scraper scraper_json"
	for workers in ${WORKERS-}; do
		clients="$clients scraper_workers_$workers"
	done
	if compile curl_multi bench/http/curl_multi.c -lcurl; then
		clients="$clients curl_multi"
	else
		left_out "libcurl (its headers)"
	fi
	if command -v curl >/dev/null; then
		clients="$clients curl"
	else
		left_out curl
	fi
	if command -v go >/dev/null && GOCACHE=$build/go.cache go build \
	    -o "$build/go_titles" bench/scraper/titles.go; then
		clients="$clients go"
	else
		left_out Go
	fi
	for module in twisted scrapy; do
		if find_python $module; then
			eval "python_$module=$python"
			clients="$clients $module"
		else
			left_out $module
		fi
	done
}

# list_urls PAGES PORT
list_urls() {
	awk -v n="$1" -v port="$2" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "http://127.0.0.1:%d/page/%07d\n", port, i
	}'
}

# list_curl FILE: writes FILE.curl, what curl is told of the URLs in FILE.
list_curl() {
	sed 's|.*|url = "&"\noutput = "/dev/null"|' "$1" >"$1.curl"
}

# find_client NAME CONNECTIONS FILE: its command, which gets FILE on stdin.
find_client() {
	titles="$scraper --titles -q -c $2 --per-host $2"
	case $1 in
	hand) client="$build/hand $2" ;;
	scraper) client=$titles ;;
	scraper_json) client="$titles -j" ;;
	scraper_workers_*) client="$titles --workers ${1##*_}" ;;
	scraper_sequential) client="$titles --sequential" ;;
	curl_multi)
		port=$(sed -n '1s|.*:\([0-9]*\)/.*|\1|p' "$3")
		client="$build/curl_multi 127.0.0.1 $port $(wc -l <"$3") $2"
		;;
	curl)
		client="curl -s --parallel --parallel-immediate"
		client="$client --parallel-max $2 -K $3.curl"
		;;
	go) client="env GOMAXPROCS=1 $build/go_titles $2" ;;
	twisted | scrapy)
		eval "python=\$python_$1"
		client="$python bench/scraper/$1_titles.py $2"
		;;
	esac
}
