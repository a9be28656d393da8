/*
 * dns_probe.h - what tests of lookups share: a reactor in a simulated world,
 * a good name server with a table, a bad one that does as it is told, and a
 * lookup whose outcome is a text.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_DNS_PROBE_H
#define SPINDLE_TEST_DNS_PROBE_H

#include "../dns/answer.h"
#include "../dns/resolver.h"
#include "../dns/dns_server.h"
#include "../reactor/listen.h"
#include "../reactor/reactor.h"
#include "../reactor/udp.h"
#include "sim.h"

struct bad_server;

/* What a bad server does with a query. */
typedef void bad_answer(struct bad_server *, const uint8_t *at, size_t len,
    const struct reactor_address *from);

/* A server that misbehaves. */
struct bad_server {
	struct reactor_udp_receiver receiver;
	struct reactor_udp_port *port;
	bad_answer *answer;
	unsigned queries;		/* how many have come */
	unsigned port_reused;		/* twice in a row from the same port */
	uint16_t last_port;
	char name[DNS_NAME_TEXT];	/* what answer_plainly was asked */
	uint8_t held[512];		/* a query to be answered later */
	size_t held_len;
	struct reactor_address held_from;
};

/* What all tests of one program use. */
struct probe {
	struct sim *sim;		/* a calm network */
	struct reactor *reactor;
	struct dns_server *server;	/* the good one */
	struct protocol_factory factory; /* for what it says over TCP: */
	struct reactor_listener
	    *listener; /* a hundred addresses for any name */
	uint16_t tcp_spoils;		/* bits of the id, there */
	bool tcp_mute;			/* or no answer */
	unsigned tcp_queries;		/* how many have come there */
	struct dns_config config;	/* names the good one */
	struct dns_hosts hosts;
};

/* What came of a lookup: addresses, or '!' and the failure's kind. */
struct outcome {
	int done;
	char text[1024];
};

/* Makes an empty world with a reactor; aborts if it cannot. */
void probe_world(struct probe *);

/* Makes a world with a reactor, table and good server. */
void probe_open(struct probe *);

/* Ends what probe_world has made, and checks that nothing is open in it. */
void probe_world_end(struct probe *);

/* Ends what probe_open has made, and checks that nothing is left. */
void probe_close(struct probe *);

/* A resolver with the hosts of the probe. */
struct dns_resolver *probe_resolver(struct probe *,
    const struct dns_config *);

/* A callback: takes the result down in a struct outcome. */
struct defer_result outcome_take(void *ctx, struct defer_result in);

/* Turns the loop until *done is as wanted. */
void probe_run(struct probe *, const int *done, int wanted);

/* Looks a name up and checks what comes of it. */
void probe_expect(struct probe *, struct dns_resolver *, const char *name,
    unsigned flags, const char *want);

/* A config with a bad server, and behind it, if asked, the good one. */
void bad_open(struct probe *, struct bad_server *, bad_answer *,
    struct dns_config *, int with_good);

/* Closes a bad server. */
void bad_close(struct probe *, struct bad_server *);

/* Sends an answer with one address, or with none, and that code. */
void bad_reply(struct bad_server *, const struct dns_request *,
    const struct reactor_address *to, const char *ipv4, unsigned rcode);

/* Says nothing; says the truth, which is 192.0.2.5; always fails. */
bad_answer answer_silence, answer_plainly, answer_servfail;

#endif
