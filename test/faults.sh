#!/bin/sh
# faults.sh - proof that the simulated world finds what it should: plants
# faults, one at a time, in a copy of the sources, and gives the test that
# is named in the table below one seed after the other.
#
#	sh test/faults.sh		after `make tests`
#
# A case for each fault, as TAP: without it the test passes up to the seed
# in the table; with it, that seed is the first one that fails.  Whatever
# changes the order of events moves the seeds: then the case says where to,
# and the table follows.  It is wrong only when no seed finds a fault.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -u
cd "$(dirname "$0")/.." || exit 1
place=build/faults
most=300
number=0
failed=0
limit=
if command -v timeout >/dev/null 2>&1; then
	limit='timeout 20'	# broken as it is, it may run for ever
fi

# A copy of the tree, objects and all, so that little has to be built.
copy() {
	rm -rf "$place"
	mkdir -p "$place/build" &&
	    cp -Rp Makefile reactor defer dns http html bin test "$place" &&
	    cp -p build/test.a "$place/build"
}

# plant FILE OLD NEW: replaces the first line that reads OLD, tabs aside.
plant() {
	awk -v old="$2" -v new="$3" '
	{ line = $0; gsub(/^[ \t]+/, "", line) }
	line == old && !done { print new; done = 1; next }
	{ print }
	END { exit !done }' "$1" >"$place/$1"
}

# first_seed TEST SEEDS: the first one that fails or kills it, or "none".
first_seed() {
	exec 2>/dev/null	# the shell tells of those that die
	$limit "$1" 0 "$2" 2>&1 | awk '
	/SEED=/ { seed = substr($0, index($0, "SEED=") + 5) + 0 }
	/^not ok .*SEED=/ { print seed; failed = 1; exit }
	/^1[.][.]/ { whole = 1 }
	END { if (!failed) print whole ? "none" : seed + 1 }'
}

# fault SEED TEST WHAT FILE OLD NEW
fault() {
	test=test/$2_test.run
	number=$((number + 1))
	if ! plant "$4" "$5" "$6"; then
		found='not planted: there is no such line'
	elif ! (cd "$place" && make -s "$test") >"$place/log" 2>&1; then
		found='not built'
	else
		found=$(first_seed "$place/$test" "$1")
		[ "$found" != none ] ||
		    found=$(first_seed "$place/$test" "$most")
	fi
	without=$(first_seed "$test" "$1")
	cp "$4" "$place/$4"	# a new date: it is built anew
	if [ "$found$without" = "$1none" ]; then
		echo "ok $number - seed $1 of $2 finds that $3"
	else
		echo "not ok $number - seed $1 of $2 finds that $3"
		echo "# first seed with the fault: $found; without: $without"
		failed=1
	fi
}

copy || exit 1
fault 69 sim_crowd 'an event is delivered after close' \
    reactor/watch.c 'w->wanted = 0;' ''
fault 1 sim_crowd 'a timer is leaked on abort' reactor/stream.c \
    'reactor_cancel_timer(&s->timer);' ''
fault 1 sim_crowd 'connection_lost is called twice' reactor/stream.c \
    'p->ops->connection_lost(p, s->reason);' \
    'p->ops->connection_lost(p, s->reason), p->ops->connection_lost(p, 0);'
fault 2 sim_crowd 'a descriptor is leaked when a connection fails' \
    reactor/stream.c 'error = system->socket_error(system, w->poll.fd);' \
    'error = system->socket_error(system, w->poll.fd), w->keep_fd = error != 0;'
fault 1 sim_crowd 'a paused writer is not resumed' reactor/stream.c \
    'stream_check_low_water(s);' ''
fault 1 sim_stack 'a deferred is fired twice' http/get_page.c \
    '(void)deferred_fire(&t->deferred, r);' \
    '(void)deferred_fire(&t->deferred, r), deferred_fire(&t->deferred, r);'
fault 2 sim_crowd 'a leftover is not shown again after a resume' \
    reactor/stream.c \
    '(reactor_buffer_len(&s->leftover) > 0 || s->end == STREAM_ENDED))' \
    's->end == STREAM_ENDED)'
fault 1 sim_crowd 'bytes are lost on a partial write' \
    reactor/stream.c \
    'if (stream_keep(s, pieces, count, (size_t)sent) != 0) {' \
    'if (sent == 0 && stream_keep(s, pieces, count, 0) != 0) {'
fault 3 sim_stack 'a DNS reply to another question is accepted' \
    dns/message.c \
    'return dns_name_equal(&m->reply->name, &m->question->name) &&' 'return'
fault 46 sim_stack 'a refusal is kept from queries that share a socket' \
    dns/dns_pool.c 'dns_socket_fail(s, error);' ''
fault 1 sim_crowd 'memory is left behind' reactor/stream.c \
    'reactor_buffer_free(&s->leftover);' ''
fault 1 sim_crowd 'time runs back' reactor/reactor.c \
    'r->now_ns = now;' 'r->now_ns = now - r->turn % 2 * 1000000;'
echo "1..$number"
exit $failed
