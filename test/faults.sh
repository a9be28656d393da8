#!/bin/sh
# faults.sh - proof that the simulated world finds what it should: plants
# faults, one at a time, in a copy of the sources, and runs the tests that
# live in that world.  Every fault must be found; the table says by what.
#
#	sh test/faults.sh [SEEDS]	after `make tests`
#
# Prints TAP, a case for each fault.
set -u
cd "$(dirname "$0")/.." || exit 1
seeds=${1:-120}
place=build/faults
number=0
failed=0
limit=
if command -v timeout >/dev/null 2>&1; then
	# A fault may well make a world that never ends.
	limit='timeout 120'
fi

# A fault may also show by a test that does not end.
limit=
if command -v timeout >/dev/null 2>&1; then
	limit='timeout -k 5 30'
fi

# A copy of the tree, objects and all, so that little has to be built.
copy() {
	rm -rf "$place"
	mkdir -p "$place/build" &&
	    cp -Rp Makefile reactor defer dns http html bin test "$place" &&
	    cp -p build/test.a "$place/build"
}

# plant FILE OLD NEW: replaces the one line that reads OLD, tabs aside.
plant() {
	awk -v old="$2" -v new="$3" '
	{ line = $0; gsub(/^[ \t]+/, "", line) }
	line == old && !done { print new; done = 1; next }
	{ print }
	END { exit !done }' "$1" >"$1.planted" && mv "$1.planted" "$1"
}

# The seed at which a test of the stack failed, from its output.
first_seed() {
	awk '/^ok / { last = $NF }
	/^not ok/ && !seed { seed = $NF }
	END { print seed ? seed : last + 1 }' "$1"
}

# The first case of the transports' test that failed, or the one it died in.
first_case() {
	sed -n 's/^not ok [0-9]* - //p' "$1" | head -n 1 | grep . ||
	    echo "it died after: $(sed -n 's/^ok [0-9]* - //p' "$1" |
	    tail -n 1)"
}

# judge WHAT: builds, runs both tests, and says who found the fault.
judge() {
	found=
	number=$((number + 1))
	if ! (cd "$place" && make -s test/sim_transport_test.run \
	    test/sim_stack_test.run) >"$place/log" 2>&1; then
		sed 's/^/# /' "$place/log"
		found=
	else
		$limit "$place/test/sim_transport_test.run" 0 "$seeds" \
		    >"$place/transport" 2>&1 ||
		    found="transports: $(first_case "$place/transport")"
		$limit "$place/test/sim_stack_test.run" 0 "$seeds" \
		    >"$place/stack" 2>&1 ||
		    found="$found${found:+; }stack: seed $(
		    first_seed "$place/stack")"
	fi
	if [ -n "$found" ]; then
		echo "ok $number - $1"
		echo "#     found by $found"
	else
		echo "not ok $number - $1"
		failed=1
	fi
}

# fault WHAT FILE OLD NEW
fault() {
	if copy && plant "$place/$2" "$3" "$4"; then
		judge "$1"
	else
		number=$((number + 1))
		echo "not ok $number - $1 (could not be planted)"
		failed=1
	fi
}

fault "an event is delivered after close" reactor/watch.c \
    'w->wanted = 0;' ''
fault "a timer is leaked on abort" reactor/stream.c \
    'reactor_cancel_timer(s->watch.reactor, &s->timer);' ''
fault "connection_lost is called twice" reactor/stream.c \
    'p->ops->connection_lost(p, s->reason);' \
    'p->ops->connection_lost(p, s->reason), p->ops->connection_lost(p, 0);'
fault "a descriptor is leaked when a connection fails" reactor/stream.c \
    'stream_lose(s, error);' \
    's->watch.keep_fd = true, stream_lose(s, error);'
fault "a deferred is fired twice" http/get_page.c \
    '(void)deferred_fire(&t->deferred, r);' \
    '(void)deferred_fire(&t->deferred, r), deferred_fire(&t->deferred, r);'
fault "a rest is not shown again after resume" reactor/stream_read.c \
    'if (stream_buffer_len(&s->rest) > 0 || s->read_ended)' \
    'if (s->read_ended)'
fault "bytes are lost on a partial write" reactor/stream_write.c \
    'if (stream_keep(s, pieces, count, (size_t)n) != 0) {' \
    'if (n == 0 && stream_keep(s, pieces, count, 0) != 0) {'
fault "a DNS reply to another question is accepted" dns/message.c \
    'return !r->failed && dns_name_equal(&name, &q->name) &&' \
    'return !r->failed &&'
echo "1..$number"
exit $failed
