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
fault 221 sim_crowd 'an event is delivered after close' \
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

# ---- reactor ----
fault 1 sim_crowd 'timers are early' reactor/reactor.c \
    'reactor_timers_take_due(&r->timers, r->now_ns, &due);' \
    'reactor_timers_take_due(&r->timers, r->now_ns + 3000000, &due);'
fault 1 sim_crowd 'a writer is paused twice' reactor/stream.c \
    's->pressure = STREAM_FULL_TOLD;' ''
fault 1 sim_crowd 'who has paused is shown bytes' reactor/stream.c \
    's->reading != STREAM_PAUSED && s->end == STREAM_NO_END);' \
    's->end == STREAM_NO_END);'
fault 1 sim_crowd 'bytes are shown twice' reactor/stream.c \
    'reactor_buffer_consume(&s->leftover, len - left);' \
    'reactor_buffer_consume(&s->leftover, (len - left) / 2);'
fault 25 sim_crowd 'the end comes before a leftover' reactor/stream.c \
    'if (s->reading == STREAM_READING && s->end == STREAM_ENDED &&' \
    'if (s->end == STREAM_ENDED &&'

fault 8 sim_stack 'that nothing is there counts as a failed datagram' \
    reactor/udp.c 'if (n == -EAGAIN)' 'if (false)'

# ---- dns ----
fault 37 dns_weather 'an attempt uses the port of the last one' \
    dns/dns_pool.c 'if (retire || s->slot == NULL)' 'if (s->slot == NULL)'
fault 1 dns_weather 'the timer of a question is leaked' dns/ask.c \
    'reactor_cancel_timer(&q->timer);' ''
fault 4 dns_weather 'the timer of a race is leaked' dns/dns_connect.c \
    'reactor_cancel_timer(&race->timer);' ''
fault 1 dns_weather 'the timer of a hasty lookup is leaked' dns/resolver.c \
    'reactor_cancel_timer(&l->timer);' ''
fault 16 sim_stack 'a resolver leaves a call behind' dns/ask.c \
    'reactor_cancel_call(&a->pump);' ''
fault 1 dns_weather 'sockets stay open when all is answered' dns/ask.c \
    'if (dns_asker_is_idle(a) && reactor_list_is_empty(&a->fresh) &&' \
    'if (!dns_asker_is_idle(a) && reactor_list_is_empty(&a->fresh) &&'
fault 7 sim_stack 'a reply with another id is believed' dns/dns_pool.c \
    'if (pending->id == id)' 'if (pending->id != id + 1)'
fault 24 sim_stack 'two queries of a socket have one id' dns/dns_pool.c \
    'pending->id++;' 'break;'

# ---- http: what goes where ----
fault 8 sim_web "the user's cookie follows to another origin" http/client.c \
    '.field_count = e->strayed ? client->public_fields :' \
    '.field_count = !e ? client->public_fields :'
fault 3 sim_web 'another origin counts as the same' http/hop.c \
    'hop->strayed = true;' ';'
fault 3 sim_web 'a password follows to another origin' http/hop.c \
    'if (hop->credentials_len > 0 && !hop->strayed &&' \
    'if (hop->credentials_len > 0 &&'
fault 7 sim_web "a site gets the proxy's password" http/hop.c \
    'size_t pass = proxy == NULL || u->https ? 0 :' \
    'size_t pass = proxy == NULL ? 0 :'
fault 1 sim_web 'a cookie is sent to any host' http/cookie.c \
    '(c->host_only || !http_cookie_within(host, c->domain)))' 'false)'
fault 4 sim_web 'a Secure cookie goes out by http' http/cookie.c \
    'if (c->secure && !u->https)' 'if (false)'
fault 1 sim_web "none.test lies in one.test" http/cookie.c \
    "return tail[-1] == '.';" 'return true;'
fault 1 sim_web 'no_proxy is not asked' http/proxy.c \
    '(c->none != NULL && http_proxy_is_listed(c->none, u)))' 'false)'
fault 1 sim_web 'http takes the proxy of https' http/proxy.c \
    'const struct http_proxy *p = u->https ? &c->https : &c->http;' \
    'const struct http_proxy *p = &c->https;'
fault 34 sim_web 'https goes to a proxy without a tunnel' http/connection.c \
    'if (c->proxy != NULL && tls != NULL)' 'if (false)'
fault 1 sim_web 'Host is wrong: it lacks the port' http/client.c \
    'r->authority = http_url_authority(e->url, &r->authority_len);' \
    'r->authority = http_url_host(e->url, &r->authority_len);'

# ---- http: connections and pages ----
fault 1 sim_web 'a host gets one connection too many' http/client.c \
    'if (h->open < h->client->options.per_host)' \
    'if (h->open <= h->client->options.per_host)'
fault 1 sim_web 'a connection that has gone still counts' http/client.c \
    'h->open--;' ''
fault 4 sim_web 'a connection is used again after its close' \
    http/connection.c 'if (c->keep && clean)' 'if (clean)'
fault 3 sim_web 'a request is not repeated that was never answered' \
    http/connection.c 'c->reused = true;' ''
fault 3 sim_web 'a chunk ends a byte early' http/body.c \
    'return b->left > 0 ? HTTP_BODY_AT_CHUNK : HTTP_BODY_AT_TRAILER;' \
    'return --b->left > 0 ? HTTP_BODY_AT_CHUNK : HTTP_BODY_AT_TRAILER;'
fault 3 sim_web 'half a page passes for a whole one' http/body.c \
    'if (b->state == HTTP_BODY_AT_END || b->state == HTTP_BODY_AT_ALL)' \
    'if (b->state >= 0)'
fault 138 sim_web 'a reset passes for the end of a page' http/connection.c \
    'if (reason == 0 && c->state == HTTP_CONNECTION_BODY &&' \
    'if (c->state == HTTP_CONNECTION_BODY &&'
fault 1 sim_web 'a page that is given up goes on' http/get_page.c \
    'http_client_cancel(&t->exchange);' ';'
fault 3 sim_web 'a request that is given up stays in its queue' \
    http/client.c 'reactor_list_remove(&e->link);' ''
fault 182 sim_web 'the timer of a tunnel is leaked' http/tunnel.c \
    'reactor_cancel_timer(&t->timer);' ''

# ---- bin ----
fault 1 sim_web 'a chain of pages has no cookies' bin/scrape.c \
    '.cookies = &my->scrape->cookies,' ''
fault 8 sim_web 'a link to elsewhere takes secrets along' bin/scrape.c \
    '.no_secrets = my->no_secrets,' ''
fault 9 sim_web 'a refresh to elsewhere takes secrets along' bin/finder.c \
    'f->is_elsewhere = finder_is_elsewhere(f, &to);' ''
fault 10 sim_web 'a page forgets that it was led astray' bin/finder.c \
    'f->strayed = page->strayed;' 'f->strayed = false;'
fault 1 sim_web 'a title has that of the page before in front' \
    bin/finder.c 'f->title.len = 0;' ''
fault 1 sim_web 'each page asks for robots.txt' bin/manners.c \
    'h->state = MANNERS_ASKED;' ''
fault 1 sim_web 'no page waits for robots.txt' bin/manners.c \
    'return h->state != MANNERS_KNOWN;' 'return false;'
fault 20 sim_web 'robots.txt gets the secrets of a site' bin/manners.c \
    '.any_status = true, .no_secrets = true, .sink = &h->sink,' \
    '.any_status = true, .sink = &h->sink,'
fault 12 sim_web 'a page that is given up stays at its gate' \
    bin/manners.c 'manners_take_out(ctx);' ''
fault 2 sim_web 'a page goes on where there is no place' bin/manners.c \
    '!manners_has_room(h);' 'false;'
fault 2 sim_web 'a page that is over keeps its turn' bin/manners.c \
    'h->visitors--;' ''
fault 1 sim_workers 'the rest of a question to a worker is lost' \
    bin/workers.c 'p->asks.len -= (size_t)n;' 'p->asks.len = 0;'
fault 1 sim_workers 'a URL that kills workers is not known' bin/workers.c \
    't->suspect = true;' ''
fault 33 sim_workers 'what was dealt is not dropped at the end' bin/workers.c \
    'workers_drop(one->tasks[k]);' ';'

echo "1..$number"
exit $failed
