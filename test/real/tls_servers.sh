# tls_servers.sh - real peers that speak TLS, for the scripts beside this
# file, which source it after servers.sh and tls_certificates.sh: nginx with a
# port for each certificate, and openssl(1) as a server that is told what to
# do, line by line.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

next_port=8400

# A port that nothing has used yet.
new_port() {
	next_port=$((next_port + 1))
}

# site NAME CERTIFICATE [DIRECTIVE ...]: another site of nginx, before it is
# started.  Its port is then $NAME_port.
site() {
	new_port
	eval "${1}_port=$next_port"
	{
		cat <<-END
			server {
				listen 127.0.0.1:$next_port ssl;
				root $pages/tls;
				ssl_certificate $certificates/$2.pem;
				ssl_certificate_key $certificates/$2.key;
				access_log $work/access.$1 tls;
		END
		shift 2
		for directive in "$@"; do
			echo "	$directive;"
		done
		echo '}'
	} >>"$work/tls.site"
}

# Old versions and weak keys are refused by the system's settings; a server
# must offer them all the same, to be refused by the client.
begin_sites() {
	mkdir "$pages/tls"
	echo "log_format tls '\$ssl_protocol \$ssl_session_reused';" \
	    >"$work/tls.site"
	cat >"$work/openssl.cnf" <<-END
		openssl_conf = all
		[all]
		ssl_conf = ssl
		[ssl]
		system_default = weak
		[weak]
		CipherString = ALL:@SECLEVEL=0
		MinProtocol = TLSv1
	END
	OPENSSL_CONF=$work/openssl.cnf
	export OPENSSL_CONF
}

# Clients have the settings of a system that nobody has changed.
end_sites() {
	unset OPENSSL_CONF
}

begin_commands() {
	rm -f "$work/commands"
	mkfifo "$work/commands"
}

# start_s_server OPTION ...: openssl's server at $server_port, with the good
# certificate; tell writes to its standard input, and what it prints is in
# $work/s_server.log.
start_s_server() {
	new_port
	server_port=$next_port
	begin_commands
	: >"$work/s_server.log"
	stdbuf -oL openssl s_server -accept "127.0.0.1:$server_port" \
	    -cert "$certificates/good.pem" -key "$certificates/good.key" \
	    "$@" <"$work/commands" >"$work/s_server.log" 2>&1 &
	server_pid=$!
	other_pids=$server_pid
	exec 3>"$work/commands"
	server_hears 1 ACCEPT
}

# serves PID: this process is the server that our end talks to.
serves() {
	server_pid=$1
	other_pids=$1
}

# tell TEXT: a line for openssl, client or server.
tell() {
	echo "$1" >&3
}

stop_s_server() {
	exec 3>&-
	kill "$server_pid" 2>/dev/null
	wait "$server_pid" 2>/dev/null
	other_pids=
}

# start_s_client OPTION ...: openssl's client of our own server.
start_s_client() {
	begin_commands
	stdbuf -oL openssl s_client -connect "127.0.0.1:$peer_port" \
	    -servername good.test -CAfile "$root" -verify_return_error \
	    "$@" <"$work/commands" >"$work/s_client.log" 2>&1 &
	client_pid=$!
	other_pids="$peer_pid $client_pid"
	exec 3>"$work/commands"
}

stop_s_client() {
	exec 3>&-
	wait "$client_pid"
	other_pids=$peer_pid
}

# start_peer OPTION ...: our own end; what it says is in $work/peer.log.
start_peer() {
	: >"$work/peer.log"
	$PEER "$@" >"$work/peer.log" 2>&1 &
	peer_pid=$!
	other_pids="$server_pid $peer_pid"
}

stop_peer() {
	wait "$peer_pid"
	peer_status=$?
	other_pids=$server_pid
}

# in_time COMMAND ...: tries for half a minute.
in_time() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -le 1500 ] || return 1
		sleep 0.02
	done
}

# hears N PATTERN: this is our end's Nth line.
hears() {
	in_time eval "[ \$(wc -l <\"$work/peer.log\") -ge $1 ]" &&
	    sed -n "$1p" "$work/peer.log" | grep -q "^$2"
}

# server_hears N PATTERN: the server prints N lines, or more, with it.
server_hears() {
	in_time eval "[ \$(grep -c '$2' \"$work/s_server.log\") -ge $1 ]"
}

# said PATTERN ...: our end, which has ended, has said exactly these lines.
# The last, its totals, does not count.
said() {
	line=0
	for pattern in "$@"; do
		line=$((line + 1))
		sed -n "${line}p" "$work/peer.log" | grep -q "^$pattern" || {
			echo "# line $line is not: $pattern"
			sed 's/^/# /' "$work/peer.log"
			return 1
		}
	done
	[ "$(wc -l <"$work/peer.log")" -eq $((line + 1)) ] || {
		echo "# not $line lines"
		sed 's/^/# /' "$work/peer.log"
		return 1
	}
	[ "$peer_status" -eq 0 ]
}

# tap NAME COMMAND ...: the cases of a program that prints TAP itself.
tap() {
	name=$1
	shift
	"$@" >"$work/tap" 2>&1
	status=$?
	while IFS= read -r line; do
		case $line in
		ok\ *) say ok "$name: ${line#* - }" ;;
		not\ ok\ *) say 'not ok' "$name: ${line#* - }" ;;
		1..*) ;;
		*) echo "# ${line#\# }" ;;
		esac
	done <"$work/tap"
	[ $status -le 1 ] && grep -q '^1\.\.' "$work/tap" ||
	    say 'not ok' "$name: exit status $status"
}
