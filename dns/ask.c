/*
 * ask.c - see ask.h.
 *
 * An attempt that fails puts its question back into the queue.  The pump, a
 * call of the loop, takes it from there.  So nothing is sent, and no failure
 * is told, while somebody else's function runs.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "ask.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/reactor.h"
#include "../reactor/system.h"
#include "dns_pool.h"

enum {
	DNS_ASK_FRESH = 128,		/* at most in a quarter of a second */
	DNS_ASK_BUCKETS = 8192,		/* a power of two */
	DNS_ASK_REMEMBERED = 4096,	/* so most are alone in theirs */
	DNS_ASK_FOUND_S = 3600,		/* how long at most */
	DNS_ASK_NOTHING_S = 300,
	DNS_ASK_PORT = 53,
	DNS_ASK_SILENT = 3,		/* attempts in vain make it so */
	DNS_ASK_SPARED_S = 30		/* how long a silent one is */
};

static const uint64_t dns_ask_second_ns = 1000000000;
static const uint64_t dns_ask_least_ns = 250000000;
static const uint64_t dns_ask_fresh_ns = 250000000;

/* A name server. */
struct dns_upstream {
	struct dns_pool pool;
	uint64_t usual_ns;		/* how long its answers take */
	unsigned silent;		/* attempts in vain since the last */
	uint64_t spared_until_ns;	/* asked last until then */
};

/* All that the questions share. */
struct dns_asker {
	struct reactor *reactor;
	const struct dns_config *config;
	struct dns_upstream servers[DNS_CONFIG_SERVERS];
	size_t server_count, next;	/* next: where to begin, to rotate */
	struct dns_entry *buckets[DNS_ASK_BUCKETS];
	uint32_t seed;
	/*
	 * Each question is in one of these lists.  It waits for its first
	 * attempt (queued) or for another one (again); it was sent not long
	 * ago (fresh) or a while ago (flying); or it has its answer
	 * (remembered, by last use).
	 */
	struct reactor_list queued, again, fresh, flying, remembered;
	size_t fresh_count, remembered_count;
	struct reactor_call pump;
	struct reactor_timer pace;	/* until the oldest is not fresh */
};

/* An answer in the words of ask.h. */
struct dns_said {
	const uint8_t *at;		/* addresses, or an alias's target */
	size_t count;			/* of addresses, or of its octets */
	unsigned aliases;		/* that it came through */
};

/*
 * A question in the table, as the first part of what is known of it.  Who
 * searches the table looks at the first few fields of most.
 */
struct dns_entry {
	struct dns_entry *next;		/* of the same bucket */
	uint32_t hash;
	uint16_t type;
	uint8_t name_len;
	bool answered;			/* of a dns_memory, or a dns_inquiry */
	const uint8_t *name;
	struct reactor_list link;	/* of one of the asker's lists */
};

/*
 * A question with its answer.  There are thousands, which the processor's
 * cache shall hold: it is no larger than need be.
 */
struct dns_memory {
	struct dns_entry entry;
	uint64_t expires_ns;
	enum dns_verdict verdict;
	struct dns_said said;
	uint8_t octets[];		/* the name, and what said.at has */
};

/* A question, from when it is asked until it has its answer. */
struct dns_inquiry {
	struct dns_entry entry;
	struct dns_asker *asker;
	enum dns_verdict verdict;	/* so far: of the worst attempt */
	struct reactor_list waiters;
	struct dns_pending pending;
	struct reactor_timer timer;
	struct dns_upstream *server;	/* of this attempt; NULL: queued */
	uint64_t sent_ns;
	bool fresh;
	uint8_t tries[DNS_CONFIG_SERVERS];	/* how often each was asked */
	bool plain;			/* without EDNS */
	uint8_t name[];
};

/* ---- the name servers ---- */

/* Adds a server, unless the text is no numeric address. */
static void
dns_upstream_add(struct dns_asker *a, const char *text,
    const struct dns_pool_ops *ops)
{
	struct dns_upstream *server = &a->servers[a->server_count];
	struct reactor_address address;

	if (reactor_address_parse(&address, text, strlen(text),
	    DNS_ASK_PORT) < 0)
		return;
	server->usual_ns = dns_ask_least_ns;
	dns_pool_init(&server->pool, a->reactor, &address, ops);
	a->server_count++;
}

static void
dns_upstreams_init(struct dns_asker *a, const struct dns_pool_ops *ops)
{
	size_t i;

	for (i = 0; i < a->config->server_count; i++)
		dns_upstream_add(a, a->config->servers[i], ops);
	if (a->server_count == 0)
		dns_upstream_add(a, "127.0.0.1", ops);
}

/* Closes the sockets on which no reply is waited for. */
static void
dns_upstreams_close(struct dns_asker *a)
{
	size_t i;

	for (i = 0; i < a->server_count; i++)
		dns_pool_close(&a->servers[i].pool);
}

/*
 * The server for a question's next attempt: one of those that were asked it
 * least, if possible not one to be spared.  NULL when each was asked often
 * enough.
 */
static struct dns_upstream *
dns_upstream_pick(struct dns_asker *a, const struct dns_inquiry *q)
{
	uint64_t now_ns = reactor_now_ns(a->reactor);
	struct dns_upstream *server, *best = NULL;
	unsigned score, best_score = UINT_MAX;
	size_t i, n;

	for (n = 0; n < a->server_count; n++) {
		i = (a->next + n) % a->server_count;
		server = &a->servers[i];
		score = 2u * q->tries[i] + (server->spared_until_ns > now_ns);
		if (q->tries[i] < a->config->attempts && score < best_score) {
			best = server;
			best_score = score;
		}
	}
	if (best == NULL)
		return NULL;
	if (a->config->rotate)
		a->next = (a->next + 1) % a->server_count;
	/* Its time is over: this one attempt, and no other, tries it. */
	if (best->silent >= DNS_ASK_SILENT && best->spared_until_ns <= now_ns)
		best->spared_until_ns = now_ns + a->config->timeout_ns;
	return best;
}

/*
 * How long a question waits for the server this time: four times as long as
 * usual, twice as long with each try; but the last attempt of all waits as
 * long as the configuration allows.
 */
static uint64_t
dns_upstream_patience_ns(const struct dns_asker *a,
    const struct dns_upstream *server, const struct dns_inquiry *q)
{
	uint64_t most_ns = a->config->timeout_ns, wait_ns;
	unsigned left = 0;
	size_t i;

	for (i = 0; i < a->server_count; i++)
		left += a->config->attempts - q->tries[i];
	if (left <= 1)
		return most_ns;
	wait_ns = 4 * server->usual_ns;
	if (wait_ns < dns_ask_least_ns)
		wait_ns = dns_ask_least_ns;
	wait_ns <<= q->tries[server - a->servers];
	return wait_ns < most_ns ? wait_ns : most_ns;
}

/* The server has answered after so long. */
static void
dns_upstream_answered(struct dns_upstream *server, uint64_t took_ns)
{
	server->silent = 0;
	server->spared_until_ns = 0;
	/* A moving average, as TCP has one (RFC 6298 section 2). */
	server->usual_ns = server->usual_ns - server->usual_ns / 8 +
	    took_ns / 8;
}

/* The server was silent, or could not be reached (`refused`). */
static void
dns_upstream_silent(struct dns_upstream *server, bool refused, uint64_t now_ns)
{
	server->silent += refused ? DNS_ASK_SILENT : 1;
	if (server->silent >= DNS_ASK_SILENT)
		server->spared_until_ns = now_ns +
		    DNS_ASK_SPARED_S * dns_ask_second_ns;
}

/* ---- the table of questions ---- */

/*
 * A question is in the table once, be it answered or still being asked.  So
 * whoever asks it again finds it here and waits along: RFC 5452 section 5
 * wants no two of the same in flight.  The seed is random, so that nobody can
 * choose names which all fall into one bucket (hash: FNV-1a).
 */
static uint32_t
dns_entry_hash(const struct dns_asker *a, const struct dns_question *q)
{
	uint32_t hash = (a->seed ^ q->type) * 16777619;
	size_t i;

	for (i = 0; i < q->name.len; i++)
		hash = (hash ^ q->name.at[i]) * 16777619;
	return hash ^ hash >> 16;
}

static struct dns_entry **
dns_entry_bucket(struct dns_asker *a, uint32_t hash)
{
	return &a->buckets[hash % DNS_ASK_BUCKETS];
}

static struct dns_entry *
dns_entry_find(struct dns_asker *a, const struct dns_question *q,
    uint32_t hash)
{
	struct dns_entry *e = *dns_entry_bucket(a, hash);

	while (e != NULL && (e->hash != hash || e->type != q->type ||
	    e->name_len != q->name.len ||
	    memcmp(e->name, q->name.at, e->name_len) != 0))
		e = e->next;
	return e;
}

static void
dns_entry_insert(struct dns_asker *a, struct dns_entry *e,
    struct reactor_list *list)
{
	struct dns_entry **bucket = dns_entry_bucket(a, e->hash);

	e->next = *bucket;
	*bucket = e;
	reactor_list_append(list, &e->link);
}

static void
dns_entry_delete(struct dns_asker *a, struct dns_entry *e)
{
	struct dns_entry **at = dns_entry_bucket(a, e->hash);

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	reactor_list_remove(&e->link);
}

/* The question in the form in which it is sent. */
static void
dns_inquiry_question(const struct dns_inquiry *q, struct dns_question *out)
{
	out->type = q->entry.type;
	out->name.len = q->entry.name_len;
	memcpy(out->name.at, q->name, q->entry.name_len);
}

/* ---- how many are sent ---- */

/*
 * No more than DNS_ASK_FRESH are sent before the first of them is answered or
 * is no longer fresh.  So a burst does not overflow the socket buffer of the
 * server, and names that nobody answers hold up the others for a moment only.
 */
static void
dns_inquiry_note_sent(struct dns_inquiry *q)
{
	q->fresh = true;
	q->sent_ns = reactor_now_ns(q->asker->reactor);
	q->asker->fresh_count++;
	reactor_list_append(&q->asker->fresh, &q->entry.link);
}

/* Takes a question out of its list, whichever that is. */
static void
dns_inquiry_unlink(struct dns_inquiry *q)
{
	q->asker->fresh_count -= q->fresh;
	q->fresh = false;
	reactor_list_remove(&q->entry.link);
}

/* Tells whether all questions were sent. */
static bool
dns_asker_is_idle(const struct dns_asker *a)
{
	return reactor_list_is_empty(&a->queued) &&
	    reactor_list_is_empty(&a->again);
}

/* Has the pump called if there is anything to be sent. */
static void
dns_asker_wake(struct dns_asker *a)
{
	if (!dns_asker_is_idle(a))
		reactor_call_soon(a->reactor, &a->pump);
}

static void
dns_asker_is_due(struct reactor_timer *t)
{
	dns_asker_wake(reactor_container_of(t, struct dns_asker, pace));
}

/*
 * Tells whether another question may be sent.  If not, the pump is called
 * when one may.
 */
static bool
dns_asker_has_room(struct dns_asker *a)
{
	uint64_t now_ns = reactor_now_ns(a->reactor), age_ns;
	struct dns_inquiry *oldest;

	while (a->fresh_count >= DNS_ASK_FRESH) {
		oldest = reactor_container_of(a->fresh.next,
		    struct dns_inquiry, entry.link);
		age_ns = now_ns - oldest->sent_ns;
		if (age_ns < dns_ask_fresh_ns) {
			reactor_call_later(a->reactor, &a->pace,
			    dns_ask_fresh_ns - age_ns, dns_asker_is_due);
			return false;
		}
		dns_inquiry_unlink(oldest);
		reactor_list_append(&a->flying, &oldest->entry.link);
	}
	return true;
}

/* Takes the next question to be sent; first attempts come first. */
static struct dns_inquiry *
dns_asker_next(struct dns_asker *a)
{
	struct reactor_list *link = reactor_list_take_first(&a->queued);

	if (link == NULL)
		link = reactor_list_take_first(&a->again);
	return reactor_container_of(link, struct dns_inquiry, entry.link);
}

/* ---- the end of a question ---- */

/*
 * Takes a question out of its list, and ends its attempt if it is in flight.
 * A question that will be asked again (`again`) retires its socket.
 */
static void
dns_inquiry_withdraw(struct dns_inquiry *q, bool again)
{
	struct dns_asker *a = q->asker;

	dns_inquiry_unlink(q);
	if (q->server == NULL)
		return;
	q->server = NULL;
	reactor_cancel_timer(&q->timer);
	dns_pool_drop(&q->pending, again);
	if (dns_asker_is_idle(a) && reactor_list_is_empty(&a->fresh) &&
	    reactor_list_is_empty(&a->flying))
		dns_upstreams_close(a);
}

/* Frees all questions of a list, for which nobody waits any more. */
static void
dns_inquiry_forget_all(struct reactor_list *list)
{
	struct dns_inquiry *q;

	while (!reactor_list_is_empty(list)) {
		q = reactor_container_of(list->next, struct dns_inquiry,
		    entry.link);
		dns_inquiry_withdraw(q, false);
		dns_entry_delete(q->asker, &q->entry);
		free(q);
	}
}

static void
dns_memory_forget(struct dns_asker *a, struct dns_memory *m)
{
	dns_entry_delete(a, &m->entry);
	a->remembered_count--;
	free(m);
}

/* The answer that was used longest ago; at least one is remembered. */
static struct dns_memory *
dns_memory_oldest(struct dns_asker *a)
{
	return reactor_container_of(a->remembered.next, struct dns_memory,
	    entry.link);
}

/* Puts a reply into the words of ask.h; NULL stands for no reply. */
static struct dns_said
dns_inquiry_say(const struct dns_reply *reply)
{
	struct dns_said said = { NULL, 0, 0 };

	if (reply == NULL)
		return said;
	said.aliases = reply->aliases;
	said.at = reply->addresses[0];
	said.count = reply->count;
	if (reply->unfinished) {
		said.at = reply->name.at;
		said.count = reply->name.len;
	}
	return said;
}

/* How long an answer may be remembered, seconds. */
static uint64_t
dns_memory_time_s(const struct dns_said *said, uint64_t ttl_s)
{
	uint64_t most_s = DNS_ASK_NOTHING_S;

	/* "There is nothing" must say how long. */
	if (said->count > 0) {
		most_s = DNS_ASK_FOUND_S;
		ttl_s += ttl_s == 0;
	}
	return ttl_s < most_s ? ttl_s : most_s;
}

/*
 * Remembers the answer to a question, in whose place it is found in the table
 * from now on; unless there is no memory, or no time.
 */
static void
dns_memory_keep(const struct dns_inquiry *q, const struct dns_said *said,
    uint64_t time_s)
{
	size_t size = said->count * (q->verdict == DNS_FOUND ? 16 : 1);
	size_t name_len = q->entry.name_len;
	struct dns_asker *a = q->asker;
	struct dns_memory *m = NULL;

	if (time_s > 0)
		m = malloc(sizeof(*m) + name_len + size);
	if (m == NULL)
		return;
	m->entry = q->entry;
	m->entry.answered = true;
	m->entry.name = memcpy(m->octets, q->name, name_len);
	m->verdict = q->verdict;
	m->said = *said;
	m->said.at = m->octets + name_len;
	if (size > 0)
		memcpy(m->octets + name_len, said->at, size);
	m->expires_ns = reactor_now_ns(a->reactor) +
	    dns_ask_second_ns * time_s;
	dns_entry_insert(a, &m->entry, &a->remembered);
	if (++a->remembered_count > DNS_ASK_REMEMBERED)
		dns_memory_forget(a, dns_memory_oldest(a));
}

static void
dns_waiter_tell(struct dns_waiter *w, enum dns_verdict verdict,
    const struct dns_said *said)
{
	w->aliases += said->aliases;
	w->answered(w, verdict, said->at, said->count);
}

/*
 * Ends a question that has its verdict: remembers the reply, if there is one,
 * and tells those who wait.
 */
static void
dns_inquiry_end(struct dns_inquiry *q, const struct dns_reply *reply)
{
	const struct dns_said said = dns_inquiry_say(reply);
	enum dns_verdict verdict = q->verdict;
	struct dns_asker *a = q->asker;
	struct reactor_list waiters, *link;
	struct dns_waiter *waiter;

	reactor_list_move(&q->waiters, &waiters);
	dns_inquiry_withdraw(q, false);
	dns_entry_delete(a, &q->entry);
	if (reply != NULL)
		dns_memory_keep(q, &said,
		    dns_memory_time_s(&said, reply->ttl_s));
	free(q);
	dns_asker_wake(a);
	/* From here on the asker may be gone. */
	while ((link = reactor_list_take_first(&waiters)) != NULL) {
		waiter = reactor_container_of(link, struct dns_waiter, link);
		dns_waiter_tell(waiter, verdict, &said);
	}
}

/* ---- an attempt, and what comes of it ---- */

/* This attempt has failed: puts the question back to be asked again. */
static void
dns_inquiry_retry(struct dns_inquiry *q, enum dns_verdict verdict)
{
	struct dns_asker *a = q->asker;

	if (verdict > q->verdict)
		q->verdict = verdict;
	dns_inquiry_withdraw(q, true);
	reactor_list_append(&a->again, &q->entry.link);
	dns_asker_wake(a);
}

/* What an error means for the question. */
static enum dns_verdict
dns_ask_verdict(int error)
{
	switch (error) {
	case -ENETUNREACH:
	case -ENETDOWN:
	case -EAFNOSUPPORT:
		return DNS_UNREACHABLE;
	case -ETIMEDOUT:
		return DNS_TIMED_OUT;
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
		return DNS_NO_MEMORY;
	default:
		return DNS_FAILED;
	}
}

/* The server of this attempt could not be asked, or does not answer. */
static void
dns_inquiry_trouble(struct dns_inquiry *q, int error)
{
	dns_upstream_silent(q->server, error != -ETIMEDOUT,
	    reactor_now_ns(q->asker->reactor));
	dns_inquiry_retry(q, dns_ask_verdict(error));
}

static void
dns_inquiry_time_is_up(struct reactor_timer *t)
{
	dns_inquiry_trouble(reactor_container_of(t, struct dns_inquiry, timer),
	    -ETIMEDOUT);
}

static void
dns_inquiry_failed(struct dns_pending *p, int error)
{
	dns_inquiry_trouble(reactor_container_of(p, struct dns_inquiry,
	    pending), error);
}

/* The reply was truncated: asks the same question again over TCP. */
static void
dns_inquiry_ask_over_tcp(struct dns_inquiry *q)
{
	struct dns_asker *a = q->asker;
	struct dns_question question;
	int error;

	reactor_call_later(a->reactor, &q->timer, a->config->timeout_ns,
	    dns_inquiry_time_is_up);
	dns_inquiry_question(q, &question);
	error = dns_pool_ask_over_tcp(&q->server->pool, &q->pending,
	    &question, !q->plain);
	if (error < 0)
		dns_inquiry_trouble(q, error);
}

/* Acts on a complete reply to the question. */
static void
dns_inquiry_replied(struct dns_inquiry *q, const struct dns_reply *reply)
{
	uint8_t *tries = &q->tries[q->server - q->asker->servers];

	if (reply->rcode == DNS_RCODE_NXDOMAIN) {
		q->verdict = DNS_NO_NAME;
		dns_inquiry_end(q, reply);
	} else if (reply->rcode == DNS_RCODE_OK) {
		q->verdict = reply->count > 0 ? DNS_FOUND :
		    reply->unfinished ? DNS_ALIAS : DNS_NOTHING;
		dns_inquiry_end(q, reply);
	} else if (!q->plain && (reply->rcode == DNS_RCODE_FORMERR ||
	    reply->rcode == DNS_RCODE_NOTIMP)) {
		/* It may be too old for EDNS: this attempt does not count. */
		q->plain = true;
		if (*tries > 0)
			(*tries)--;
		dns_inquiry_retry(q, q->verdict);
	} else {
		dns_inquiry_retry(q, DNS_FAILED);
	}
}

/* Reads what may be the reply. */
static void
dns_inquiry_received(struct dns_pending *p, const uint8_t *at, size_t len,
    bool tcp)
{
	struct dns_inquiry *q =
	    reactor_container_of(p, struct dns_inquiry, pending);
	struct dns_question question;
	struct dns_reply reply;
	int error;

	dns_inquiry_question(q, &question);
	error = dns_reply_parse(&reply, at, len, p->id, &question);
	if (error == -ENOMSG && !tcp)
		return;		/* anybody may have sent it: goes on waiting */
	if (error == 0)
		dns_upstream_answered(q->server,
		    reactor_now_ns(q->asker->reactor) - q->sent_ns);
	if (error < 0 || (reply.truncated && tcp))
		dns_inquiry_retry(q, DNS_FAILED);
	else if (reply.truncated)
		dns_inquiry_ask_over_tcp(q);
	else
		dns_inquiry_replied(q, &reply);
}

static const struct dns_pool_ops dns_inquiry_pool_ops = {
	.received = dns_inquiry_received,
	.failed = dns_inquiry_failed,
};

/* Makes one attempt with one server. */
static void
dns_inquiry_send(struct dns_inquiry *q, struct dns_upstream *server)
{
	struct dns_asker *a = q->asker;
	uint64_t patience_ns = dns_upstream_patience_ns(a, server, q);
	struct dns_question question;
	int error;

	q->tries[server - a->servers]++;
	q->server = server;
	dns_inquiry_note_sent(q);
	reactor_call_later(a->reactor, &q->timer, patience_ns,
	    dns_inquiry_time_is_up);
	dns_inquiry_question(q, &question);
	error = dns_pool_ask(&server->pool, &q->pending, &question,
	    !q->plain);
	if (error < 0)
		dns_inquiry_trouble(q, error);
}

/*
 * Sends what is queued.  A question that ends here ends the call too, since
 * those who waited may have freed the asker; dns_inquiry_end has asked for
 * another call if there are more.
 */
static void
dns_asker_pump(struct reactor_call *call)
{
	struct dns_asker *a =
	    reactor_container_of(call, struct dns_asker, pump);
	struct dns_upstream *server;
	struct dns_inquiry *q;

	while (!dns_asker_is_idle(a) && dns_asker_has_room(a)) {
		q = dns_asker_next(a);
		server = dns_upstream_pick(a, q);
		if (server == NULL || reactor_list_is_empty(&q->waiters)) {
			dns_inquiry_end(q, NULL);
			return;
		}
		dns_inquiry_send(q, server);
	}
}

/* ---- asking ---- */

/* A question that is new, at the end of the queue; NULL without memory. */
static struct dns_inquiry *
dns_inquiry_new(struct dns_asker *a, const struct dns_question *question,
    uint32_t hash)
{
	const struct dns_name *name = &question->name;
	struct dns_inquiry *q = malloc(sizeof(*q) + name->len);

	if (q == NULL)
		return NULL;
	*q = (struct dns_inquiry){
		.entry = { .hash = hash, .type = question->type,
		    .name_len = name->len, .name = q->name },
		.asker = a,
	};
	memcpy(q->name, name->at, name->len);
	reactor_list_init(&q->waiters);
	dns_entry_insert(a, &q->entry, &a->queued);
	dns_asker_wake(a);
	return q;
}

/*
 * Has a waiter wait for the question.  One that is still in flight although
 * everybody has given it up is asked from now on as if it were new, so that
 * it fails no sooner for this waiter than any other.
 */
static void
dns_inquiry_await(struct dns_inquiry *q, struct dns_waiter *waiter)
{
	if (reactor_list_is_empty(&q->waiters)) {
		memset(q->tries, 0, sizeof(q->tries));
		q->verdict = DNS_UNREACHABLE;
	}
	reactor_list_append(&q->waiters, &waiter->link);
}

/* The question, if it is known: being asked, or with an answer still good. */
static struct dns_entry *
dns_asker_find(struct dns_asker *a, const struct dns_question *question,
    uint32_t hash)
{
	struct dns_entry *e = dns_entry_find(a, question, hash);
	struct dns_memory *m;

	if (e == NULL || !e->answered)
		return e;
	m = reactor_container_of(e, struct dns_memory, entry);
	if (m->expires_ns <= reactor_now_ns(a->reactor)) {
		dns_memory_forget(a, m);
		return NULL;
	}
	reactor_list_remove(&e->link);
	reactor_list_append(&a->remembered, &e->link);
	return e;
}

void
dns_ask(struct dns_asker *a, const struct dns_question *question,
    struct dns_waiter *waiter)
{
	uint32_t hash = dns_entry_hash(a, question);
	struct dns_entry *e = dns_asker_find(a, question, hash);
	struct dns_inquiry *q;
	struct dns_memory *m;

	reactor_list_init(&waiter->link);
	if (e != NULL && e->answered) {
		m = reactor_container_of(e, struct dns_memory, entry);
		dns_waiter_tell(waiter, m->verdict, &m->said);
		return;
	}
	q = e != NULL ? reactor_container_of(e, struct dns_inquiry, entry) :
	    dns_inquiry_new(a, question, hash);
	if (q == NULL)
		waiter->answered(waiter, DNS_NO_MEMORY, NULL, 0);
	else
		dns_inquiry_await(q, waiter);
}

int
dns_asker_new(struct dns_asker **out, struct reactor *reactor,
    const struct dns_config *config)
{
	const struct reactor_system *system = reactor_get_system(reactor);
	struct dns_asker *a = calloc(1, sizeof(*a));
	int error;

	if (a == NULL)
		return -ENOMEM;
	a->reactor = reactor;
	a->config = config;
	reactor_list_init(&a->queued);
	reactor_list_init(&a->again);
	reactor_list_init(&a->fresh);
	reactor_list_init(&a->flying);
	reactor_list_init(&a->remembered);
	reactor_call_init(&a->pump, dns_asker_pump);
	dns_upstreams_init(a, &dns_inquiry_pool_ops);
	error = system->random(system, &a->seed, sizeof(a->seed));
	if (error < 0)
		free(a);
	else
		*out = a;
	return error;
}

void
dns_asker_free(struct dns_asker *a)
{
	reactor_cancel_call(&a->pump);
	reactor_cancel_timer(&a->pace);
	dns_inquiry_forget_all(&a->queued);
	dns_inquiry_forget_all(&a->again);
	dns_inquiry_forget_all(&a->fresh);
	dns_inquiry_forget_all(&a->flying);
	while (!reactor_list_is_empty(&a->remembered))
		dns_memory_forget(a, dns_memory_oldest(a));
	dns_upstreams_close(a);
	free(a);
}
