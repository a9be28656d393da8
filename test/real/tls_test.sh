#!/bin/sh
# tls_test.sh - TLS by the system's libssl with real peers: nginx and
# openssl(1) as servers, curl and openssl(1) as clients.  Each certificate,
# version and misbehaviour has its verdict, and curl is asked for its own
# about the same server.  Prints TAP.
#
# Needs what `make all tls-peers` builds, and a C compiler (CC) with libssl's
# development files, for a library that fails and a server that is rude.
# From the environment: TLS_LIBRARIES, more files of libssl to run with;
# TLS_PARTS, only some of the functions below; TLS_STEP, how many bytes there
# are from one cut to the next (1); TEST_WRAP, what to run our ends under.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
. test/real/tls_certificates.sh
. test/real/tls_servers.sh
PEER="$TEST_WRAP test/tls/peer.run"
need nginx unbound openssl curl test/tls/peer.run
enter test/real/tls_test.sh
begin
make_certificates "$work/certificates" || exit 1
root=$certificates/root.pem

# ---- verdicts about servers ----

begin_sites
for name in good expired early other wildcard partial top address nameless \
    text unknown selfmade chain missing nul impostor purpose weak after; do
	site "$name" "$name"
done
site tls10 good 'ssl_protocols TLSv1'
site tls11 good 'ssl_protocols TLSv1.1'
site tls12 good 'ssl_protocols TLSv1.2'
site tls13 good 'ssl_protocols TLSv1.3'
site twin good			# with keys of its own for its tickets
plain_port=$NGINX_PORT
awk 'BEGIN { while (i++ < 40) print "line " i " of a page" }' \
    >"$pages/tls/page"
truncate -s 104857600 "$pages/tls/big"
ln -s tls "$pages/good.test"
for site in good chain any.wild expired early other one.two.wild wild \
    page.part any unknown selfmade missing after nul impostor purpose weak \
    nameless; do
	echo "$site.test" >>"$names"
done
start_nginx
end_sites
start_unbound

# ask PORT HOST [OPTION ...]: our end's verdict, in $verdict and $words.
ask() {
	port=$1
	host=$2
	shift 2
	$PEER -q -h "$host" -t 20000 -s "GET /page HTTP/1.0$crlf$crlf" \
	    "$@" "$port" >"$work/peer.log" 2>&1
	peer_status=$?
	verdict=$(sed -n '1s/^failed \([^:]*\):.*/\1/p; 1s/^made.*/made/p' \
	    "$work/peer.log")
	words=$(sed -n '1s/^failed [^:]*: //p' "$work/peer.log")
	[ "$verdict" != made ] ||
	    grep -q '^lost orderly' "$work/peer.log" || verdict=broken
	[ "$peer_status" -eq 0 ] || {
		verdict="exit status $peer_status"
		sed 's/^/# /' "$work/peer.log"
	}
}
crlf=$(printf '\r\n.')
crlf=${crlf%.}

# curl's, in the same words.
ask_curl() {
	port=$1
	host=$2
	shift 2
	curl -sS -o "$work/curl.out" --noproxy '*' -m 20 \
	    --resolve "$host:$port:127.0.0.1" "$@" \
	    "https://$host:$port/page" >/dev/null 2>"$work/curl.log"
	case $? in
	0) curl_verdict=made ;;
	60) curl_verdict=certificate ;;
	35) curl_verdict=handshake ;;
	*) curl_verdict="curl: $?" ;;
	esac
}

# getpage's: the page, or the category and the words.
ask_getpage() {
	port=$1
	host=$2
	shift 2
	bin/getpage --dns "127.0.0.1:$DNS_PORT" -o "$work/page" -t 20 "$@" \
	    "https://$host:$port/page" >/dev/null 2>"$work/getpage.log"
	page_verdict=$?
	[ $page_verdict -eq 0 ] && cmp -s "$work/page" "$pages/tls/page" &&
	    page_verdict=made
}

# The same words from getpage, in its own form.
page_judged() {
	case $wanted in
	made) [ "$page_verdict" = made ] && return ;;
	*)
		[ "$page_verdict" = 1 ] && grep -qF ": tls: " \
		    "$work/getpage.log" && grep -qF "$words" \
		    "$work/getpage.log" && return
		;;
	esac
	echo "# getpage: $page_verdict: $(cat "$work/getpage.log")"
	return 1
}

# agree OURS CURL'S: no verdict of curl is finer than certificate.
agree() {
	case $1:$2 in
	"$2:$1") return 0 ;;
	version:handshake | not-tls:handshake | alert:handshake) return 0 ;;
	esac
	return 1
}

# judge SITE HOST VERDICT [WORDS]: what we say about it, in which words, and
# that curl says so, too.
judge() {
	eval "site_port=\$${1}_port"
	name="$1 as $2: $3"
	wanted=$3
	wanted_words=$4
	ask "$site_port" "$2" -c "$root"
	ask_curl "$site_port" "$2" --cacert "$root"
	check "$name" judged
	ask_getpage "$site_port" "$2" --cacert "$root"
	check "$name, says getpage" page_judged
	[ "$3" = certificate ] || return
	ask "$site_port" "$2" -k
	check "$name, but not with -k" \
	    grep -q '^made [^ ]* [^ ]* unverified' "$work/peer.log"
	ask_getpage "$site_port" "$2" -k
	check "$name, but not with getpage -k" [ "$page_verdict" = made ]
	check "$name: -k is remarked once" \
	    [ "$(wc -l <"$work/getpage.log")" -eq 1 ]
}

judged() {
	case $words in
	*"$wanted_words"*) ;;
	*) verdict="$verdict, but not with the words" ;;
	esac
	if [ "$verdict" = "$wanted" ] &&
	    agree "${of_curl:-$verdict}" "$curl_verdict"; then
		echo "# ${words:-$verdict}"
		return 0
	fi
	echo "# ours: $verdict: $words"
	echo "# curl: $curl_verdict: $(cat "$work/curl.log")"
	return 1
}

verdicts() {
	judge good good.test made
	judge good Good.TEST. made
	judge chain chain.test made
	judge wildcard any.wild.test made
	judge address 127.0.0.1 made
	judge tls12 good.test made
	judge tls13 good.test made
	judge tls10 good.test version
	judge tls11 good.test version
	judge expired expired.test certificate expired
	judge early early.test certificate 'not valid before'
	judge other other.test certificate elsewhere.test
	judge wildcard one.two.wild.test certificate
	judge wildcard wild.test certificate
	judge partial page.part.test certificate
	judge top any.test certificate
	judge good 127.0.0.1 certificate
	judge address good.test certificate
	judge text 127.0.0.1 certificate
	judge unknown unknown.test certificate
	judge selfmade selfmade.test certificate
	judge missing missing.test certificate
	judge after after.test certificate expired
	judge nul nul.test certificate
	judge impostor impostor.test certificate
	judge purpose purpose.test certificate
	judge weak weak.test certificate
	# curl still takes the subject for a name (not so RFC 9525).
	of_curl=made
	judge nameless nameless.test certificate
	of_curl=
}

# ---- other verdicts ----

# What is no TLS, and who trusts nobody.
strangers() {
	ask "$plain_port" good.test -c "$root"
	check 'a server that speaks HTTP' [ "$verdict" = not-tls ]
	ask 9 good.test -c "$root"
	check 'no server' [ "$verdict" = refused ]
	ask "$good_port" good.test -c "$work/nowhere"
	echo "# $verdict: $words"
	check 'no file of authorities' [ "$verdict" = file ]
	: >"$work/empty"
	ask "$good_port" good.test -c "$work/empty"
	echo "# $verdict: $words"
	check 'an empty file of authorities' [ "$verdict" = file ]
	ask "$good_port" good.test
	check "the system's authorities" [ "$verdict" = certificate ]
}

# Both ends count how often a session was taken up again.
resumed() {
	for site in tls12 tls13; do
		eval "site_port=\$${site}_port"
		: >"$work/access.$site"
		ask "$site_port" good.test -c "$root" -n 3
		check "$site: resumed twice" [ "$(grep -c \
		    '^made.* verified resumed$' "$work/peer.log")" -eq 2 ]
		check "$site: resumed twice, says the server" \
		    in_time [ "$(grep -c ' r$' "$work/access.$site")" -eq 2 ]
	done
	# A ticket that the server cannot read any more.
	ask "$twin_port" good.test -c "$root" -n 3 "$good_port"
	check 'tickets are refused: new sessions' [ "$(grep -c \
	    '^made.* verified new$' "$work/peer.log")" -eq 3 ]
}

# 100 MB, in memory that does not grow.
large() {
	ask "$good_port" good.test -c "$root"
	small_kib=$(sed -n 's/^total.* \([0-9]*\) KiB$/\1/p' "$work/peer.log")
	$PEER -q -c "$root" -s "GET /big HTTP/1.0$crlf$crlf" \
	    "$good_port" >"$work/peer.log" 2>&1
	check '100 MB: all of it' grep -q '^total 104857[6-9]' "$work/peer.log"
	check '100 MB: an orderly end' grep -q '^lost orderly' "$work/peer.log"
	large_kib=$(sed -n 's/^total.* \([0-9]*\) KiB$/\1/p' "$work/peer.log")
	echo "# $small_kib KiB, then $large_kib KiB"
	check '100 MB: no more memory' \
	    [ "$large_kib" -le $((small_kib + 512)) ]
	# All address space: programs, libraries, heap and stack.
	{
		yes 'text of a page' | head -c 104857600
		echo '<title>The last</title>'
	} >"$pages/tls/text"
	sh -c "ulimit -v 40000; exec bin/scraper --titles --cacert '$root' \
	    --dns 127.0.0.1:$DNS_PORT --max-size 200000000 -t 100 \
	    https://good.test:$good_port/text" >"$work/out" 2>&1
	check '100 MB through a sink, in 40 MB' \
	    grep -q 'The last$' "$work/out"
	sed 's/^/# /' "$work/out"
	rm -f "$pages/tls/text"
}

# What people see.
users() {
	page=https://good.test:$good_port/page
	dns=127.0.0.1:$DNS_PORT
	SSL_CERT_FILE=$root bin/getpage --dns "$dns" "$page" \
	    >"$work/page" 2>&1
	check 'SSL_CERT_FILE is obeyed' cmp -s "$work/page" "$pages/tls/page"
	bin/getpage --dns "$dns" "$page" >/dev/null 2>"$work/getpage.log"
	check "not with the system's authorities" \
	    grep -q ': tls: .*not trusted' "$work/getpage.log"
	bin/getpage --dns "$dns" "http://good.test:$good_port/page" \
	    >/dev/null 2>"$work/getpage.log"
	check 'plaintext to a port of TLS' \
	    grep -q ': http-400: ' "$work/getpage.log"
	bin/getpage --dns "$dns" "https://good.test:$plain_port/page" \
	    >/dev/null 2>"$work/getpage.log"
	check 'TLS to a port of plaintext' grep -q ': tls: ' "$work/getpage.log"
	bin/getpage --tls-library "$work/nowhere.so" "$page" \
	    >/dev/null 2>"$work/getpage.log"
	check 'no library' grep -q ': tls: .*nowhere.so' "$work/getpage.log"
	bin/getpage --tls-library "$work/nowhere.so" --dns "$dns" \
	    "http://good.test:$plain_port/page" >"$work/page" 2>&1
	check 'no library, and all the rest works' \
	    cmp -s "$work/page" "$pages/tls/page"
	bin/getpage -v --cacert "$root" --dns "$dns" "$page" "$page" \
	    >"$work/page" 2>"$work/getpage.log"
	check 'one connection for two pages' [ "$(grep -c \
	    'verified' "$work/getpage.log")" -eq 1 ]
	printf '<title>Good</title>' >"$pages/tls/titled"
	printf '%s\tGood\n' "https://good.test:$good_port/titled" \
	    >"$work/wanted"
	bin/scraper --titles --cacert "$root" --dns "$dns" \
	    "https://expired.test:$expired_port/titled" \
	    "https://good.test:$good_port/titled" \
	    "https://unknown.test:$unknown_port/titled" \
	    >"$work/out" 2>"$work/err"
	check 'the others go on' cmp -s "$work/out" "$work/wanted"
	check 'each failure has its line' [ "$(grep -c ': tls: .*certificate' \
	    "$work/err")" -eq 2 ]
}

# ---- conversations with openssl's server ----

# conversation NAME SERVER-OPTIONS PEER-OPTIONS LINE ...: each LINE is
# ">TEXT", which the server is told, or "<PATTERN", which our end must say
# next; "!N PATTERN" is what the server must print in N lines.  At the end our
# end must have said nothing else.
conversation() {
	talk=$1
	# The options are lists of words.
	start_s_server $2
	start_peer -c "$root" $3 "$server_port"
	shift 3
	missed=
	heard=0
	for line in "$@"; do
		case $line in
		'>'*) tell "${line#>}" ;;
		'<'*)
			heard=$((heard + 1))
			hears $heard "${line#<}" || missed=$line
			;;
		'!'*)
			line=${line#!}
			server_hears "${line%% *}" "${line#* }" ||
			    missed=$line
			;;
		esac
		[ -z "$missed" ] || break
	done
	[ -z "$missed" ] || kill "$peer_pid"
	stop_peer
	stop_s_server
	[ -z "$missed" ] && [ "$peer_status" -eq 0 ] &&
	    [ "$(wc -l <"$work/peer.log")" -eq $((heard + 1)) ] && {
		say ok "$talk"
		return
	}
	echo "# missed: $missed"
	sed 's/^/# ours: /' "$work/peer.log"
	tail -n 20 "$work/s_server.log" | sed 's/^/# openssl: /'
	say 'not ok' "$talk"
}

# hello COMMAND ...: each command makes the server begin a handshake or change
# its keys; between them there is text both ways.
hello() {
	version=$1
	name=$2
	shift 2
	said=0
	for command in "$@"; do
		said=$((said + 1))
		set -- "$@" ">$command" "!$said do_handshake" \
		    ">hello $said" "<data hello $said" "!$said pong"
		shift
	done
	conversation "$name" "-tls$version" -e "<made TLSv${version%_*}" \
	    '!1 CIPHER is' "$@" '>Q' '<lost truncated'
}

conversations() {
	for version in 1_2 1_3; do
		conversation "text both ways, $version" "-tls$version" -e \
		    '<made' '>hello' '<data hello.' '!1 pong' \
		    '>Q' '<lost truncated'
	done
	hello 1_3 'the server asks for another key' K K
	hello 1_3 'the server changes its key' k k
	hello 1_2 'the server asks for another handshake' r r
	hello 1_2 'the server asks for a certificate, too' R
	conversation 'it wants a certificate, TLS 1.2' '-tls1_2 -Verify 1' '' \
	    '<failed alert: .*handshake_failure'
	conversation 'it wants a certificate, TLS 1.3' '-tls1_3 -Verify 1' '' \
	    '<made' '<lost alert: .*certificate_required'
	conversation 'plaintext in the middle' -tls1_3 '' \
	    '<made' '!1 CIPHER is' '>P' '<lost protocol'
	conversation 'no cipher in common' \
	    '-tls1_2 -cipher PSK' '' '<failed alert: .*handshake_failure'
	conversation 'a protocol in common' '-alpn h2,http/1.1' \
	    '-p http/1.1' '<made [^ ]* http/1.1' '>Q' '<lost truncated'
	conversation 'no protocol in common' '-alpn h2' '-p http/1.1' \
	    '<failed alert: .*no_application_protocol'
	conversation 'not its name' \
	    "-servername_fatal -servername another.test -cert2 \
	    $certificates/good.pem -key2 $certificates/good.key" '' \
	    '<failed alert: .*unrecognized_name'
	conversation 'no sessions' '-no_ticket -no_cache' '-n 2' \
	    '<made TLSv1.3 - verified new' '!1 CIPHER is' '>q' \
	    '<lost truncated' \
	    '<made TLSv1.3 - verified new' '!2 CIPHER is' '>q' \
	    '<lost truncated'
	conversation 'half-closed' -tls1_3 '-f -s bye' \
	    '<made' '!1 bye' '<end' '<lost orderly'
}

# ---- a rude server ----

# rude WORDS N PATTERN ...: the server is asked for this, and our end says
# so; data is not shown.
rude() {
	talk="a server: $1 $2"
	what="$1 $2"
	shift 2
	start_peer -q -c "$root" -s "$what" "$rude_port"
	stop_peer
	check "$talk" said 'made TLSv1.3' "$@"
}

# received N: our end has received so many bytes.
received() {
	check "$talk: $1 bytes" grep -q "^total $1 bytes" "$work/peer.log"
}

rude_server() {
	${CC:-cc} -w -o "$work/rude" test/tls/rude.c -lssl -lcrypto
	: >"$work/rude.log"
	"$work/rude" "$certificates/good.pem" "$certificates/good.key" \
	    >"$work/rude.log" 2>&1 &
	serves $!
	in_time test -s "$work/rude.log"
	rude_port=$(cat "$work/rude.log")
	rude bytes 20000 end 'lost orderly'
	received 20005
	rude empty 20 end 'lost orderly'
	received 5
	rude empty 100000 'lost protocol'
	received 0
	for code in 10 20 22 40 42 43 44 45 46 47 48 49 50 51 70 71 80 86 \
	    109 110 112 113 115 116 120; do
		rude alert $code 'lost \(alert\|version\): '
	done
	rude warning 90 'lost [^o]'
	rude warning 100 'lost [^o]'
	rude type 99 'lost protocol'
	rude type 20 'lost protocol'
	rude garbage 10 'lost protocol'
	rude garbage 200 'lost protocol'
	for code in 0 1 2 8 11 13 20 24 254; do
		rude handshake $code 'lost protocol'
	done
	rude keys 1000 end 'lost orderly'
	received 1005
	rude tickets 2000 end 'lost orderly'
	received 2005
	rude cut 0 'lost truncated'
	rude cut 1000 'lost truncated'
	received 1000
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null
	serves ''
}

# ---- our own server ----

# serve OPTION ...: our end as a server with the good certificate.
serve() {
	server_pid=
	start_peer -C "$certificates/good.pem" -K "$certificates/good.key" "$@"
	heard=1
	hears 1 port
	peer_port=$(sed -n 's/^port //p' "$work/peer.log")
}

# served NAME PATTERN ...: our server has said these lines.
served() {
	talk=$1
	shift
	stop_peer
	check "$talk" said 'port' "$@"
}

# updated N: openssl's client has changed its keys so often.
updated() {
	[ "$(grep -c KEYUPDATE "$work/s_client.log")" -ge "$1" ]
}

# call OPTIONS LINE ...: openssl's client, as conversation has it: ">TEXT" is
# what it is told, "<PATTERN" what our server says next, and "?COMMAND" what
# must succeed in time; our server has said `heard` lines before.
call() {
	start_s_client $1
	shift
	missed=
	for line in "$@"; do
		case $line in
		'>'*) tell "${line#>}" ;;
		'<'*)
			heard=$((heard + 1))
			hears $heard "${line#<}" || missed=$line
			;;
		'?'*) in_time eval "${line#\?}" || missed=$line ;;
		esac
		[ -z "$missed" ] || break
	done
	[ -z "$missed" ] || echo "# missed: $missed"
	stop_s_client
}

our_server() {
	for version in 1_2 1_3; do
		serve
		call "-tls$version" "<made TLSv${version%_*}" \
		    '>hello' '<data hello.' '>bye' '<data bye.' '<lost'
		check "our server, $version: an echo" \
		    grep -q '^hello' "$work/s_client.log"
		served "our server, $version" "made TLSv${version%_*}" \
		    'data hello.' 'data bye.' 'lost orderly'
	done
	serve
	call -tls1_3 '<made' '>K' '?updated 1' '>hello' '<data hello' \
	    '>k' '?updated 2' '>again' '<data again' '>bye' '<data' '<lost'
	served 'the client asks for another key' 'made TLSv1.3' \
	    'data hello.' 'data again.' 'data bye.' 'lost orderly'
	serve
	call -tls1_2 '<made' '>hello' '<data hello.' '>R' '<lost'
	served 'the client asks for another handshake: no' \
	    'made TLSv1.2' 'data hello.' 'lost'
	serve
	call '-tls1_1 -cipher ALL:@SECLEVEL=0' '<failed'
	served 'a client of TLS 1.1' 'failed version'
	serve
	curl -s --noproxy '*' -o "$work/curl.out" "http://127.0.0.1:$peer_port/"
	served 'a client that speaks HTTP' 'failed not-tls'
	serve
	ask_curl "$peer_port" good.test
	check 'curl does not trust our server' [ "$curl_verdict" = certificate ]
	served 'our server is told why' 'failed alert: .*unknown_ca'
	serve -n 2
	ask_curl "$peer_port" good.test --cacert "$root" --tls-max 1.2
	ask_curl "$peer_port" good.test --cacert "$root" --tlsv1.3
	check 'curl and our server' [ "$curl_verdict" = made ]
	check 'curl has the page' grep -qx hi "$work/curl.out"
	served 'our server and curl' 'made TLSv1.2' 'data GET' 'lost orderly' \
	    'made TLSv1.3' 'data GET' 'lost orderly'
	serve -n 2 -p http/1.1
	call "-tls1_3 -sess_out $work/session -alpn http/1.1" \
	    '<made' '?[ -s "$work/session" ]' '>bye' '<data bye.' '<lost'
	call "-tls1_3 -sess_in $work/session -alpn http/1.1" \
	    '<made' '>bye' '<data bye.' '<lost'
	check 'a client resumes' grep -q '^Reused' "$work/s_client.log"
	served 'our server resumes' 'made TLSv1.3 http/1.1 .*new' \
	    'data bye.' 'lost' 'made TLSv1.3 http/1.1 .*resumed' \
	    'data bye.' 'lost'
}

# ---- libraries ----

# Names of all functions that a library must have.
functions() {
	sed -n '/^struct reactor_tls_functions/,/^};/ {
		s/.*(\*\([A-Z][A-Za-z0-9_]*\))(.*/\1/p
	}' reactor/tls_library.h | grep -vx SSL_session_reused
}

# A library that has all functions but one, each in turn.
lacking() {
	functions >"$work/functions"
	: >"$work/wrong"
	while read -r missing; do
		{
			grep -vx "$missing" "$work/functions" |
			    sed 's/.*/void &(void); void &(void) { }/'
		} >"$work/lacking.c"
		${CC:-cc} -w -shared -fPIC -o "$work/lacking.so" \
		    "$work/lacking.c" || echo compiler >>"$work/wrong"
		$PEER -l "$work/lacking.so" 1 >"$work/peer.log"
		grep -q "^failed library: .*$missing" "$work/peer.log" || {
			echo "# without $missing: $(cat "$work/peer.log")"
			echo "$missing" >>"$work/wrong"
		}
	done <"$work/functions"
	check 'a library without one function, each in turn' \
	    [ ! -s "$work/wrong" ]
}

# No library at all, and what is none.
no_library() {
	$PEER -l "$work/nowhere.so" 1 >"$work/peer.log"
	check 'no library' \
	    grep -q '^failed library: .*nowhere.so' "$work/peer.log"
	$PEER -l "$root" 1 >"$work/peer.log"
	check 'a library that is none' \
	    grep -q '^failed library: .*root.pem' "$work/peer.log"
}

# each_version NAME PROGRAM ...: with the port of a server of TLS 1.2, then of
# one of TLS 1.3, in place of PORT.
each_version() {
	tap "$1, 1.2" with_port "$tls12_port" "$@"
	tap "$1, 1.3" with_port "$tls13_port" "$@"
}

# with_port PORT NAME PROGRAM ARGUMENT ...
with_port() {
	with=$1
	shift 2
	for word in "$@"; do
		[ "$word" != PORT ] || word=$with
		set -- "$@" "$word"
		shift
	done
	"$@"
}

# An allocation, or a call of the library, fails.
failures() {
	# Nothing of the library is called by name.
	${CC:-cc} -std=c11 -shared -fPIC -o "$work/libstub.so" \
	    test/tls/stub.c -Wl,--no-as-needed -lssl -lcrypto -ldl
	each_version failures $TEST_WRAP test/tls/failing.run PORT "$root" \
	    "$work/libstub.so"
}

# The network fails.
cuts() {
	each_version cuts $TEST_WRAP test/tls/cut.run PORT "$root" \
	    "${TLS_STEP:-1}"
}

# And with other libraries, which may need their own libcrypto.
libraries() {
	for library in $TLS_LIBRARIES; do
		each_version "$(basename "$library")" \
		    env LD_LIBRARY_PATH="$(dirname "$library")" \
		    test/tls/cut.run PORT "$root" 11 "$library"
	done
}

for part in ${TLS_PARTS:-verdicts strangers users resumed large conversations \
    rude_server our_server no_library lacking failures cuts libraries}; do
	$part
done
finish
