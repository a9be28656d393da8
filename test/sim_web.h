/*
 * sim_web.h - a web of six origins and a proxy in the simulated world, which
 * judges each request that comes to it.
 *
 * Each errand of the code under test has a plan: through which origins a
 * chain of redirects, refreshes and links leads it, and how each of them
 * answers.  The plan is drawn from the seed, so the web knows what a request
 * must bring (Host, the cookies of this errand, the way it comes) and what it
 * must not: whatever is meant for another origin, for the proxy, or for
 * another errand.  Each answer has a number of its own in every part of its
 * content.
 *
 *      web_origins         a.one.test  b.one.test  none.test  none.test:8080
 *                          safe.site.test by https and by http
 *      GET /4/1            errand 4, the second step of its plan
 *      GET /no/4/1         the same, and robots.txt forbids it
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_SIM_WEB_H
#define SPINDLE_TEST_SIM_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../reactor/list.h"
#include "../reactor/listen.h"
#include "../reactor/reactor.h"
#include "../reactor/tls.h"
#include "sim.h"

enum {
	SIM_WEB_ORIGINS = 6, SIM_WEB_SAFE = 4,	/* which is the https one */
	SIM_WEB_ERRANDS = 10, SIM_WEB_STEPS = 8,
	SIM_WEB_ANSWERS = 400,			/* numbered ones, at most */
	SIM_WEB_CONTENT = 12000			/* bytes of one, at most */
};

/* Where the proxy is, and what it wants to hear: "p:x". */
#define SIM_WEB_PROXY "p:x@192.0.2.50:3128"

/* An origin.  Those of one host share its cookies. */
struct sim_web_place {
	const char *scheme, *host, *address;	/* host as in a Host field */
	uint16_t port;
	int cookies;			/* number of its host */
	const char *user, *basic;	/* "o0:x@", and that in a field */
};

extern const struct sim_web_place sim_web_places[SIM_WEB_ORIGINS];

enum sim_web_act {
	SIM_WEB_REDIRECT,		/* to the next step */
	SIM_WEB_REFRESH,		/* a page that leads there */
	SIM_WEB_LINK,			/* a page whose article is there */
	SIM_WEB_LAST			/* a page with a title */
};

/* What is wrong with the first answers of a step, before it answers well. */
enum sim_web_flaw {
	SIM_WEB_FINE,
	SIM_WEB_HANGS_UP,		/* no answer, the connection closes */
	SIM_WEB_CUTS,			/* an answer whose half is missing */
	SIM_WEB_UNAVAILABLE,		/* 503 */
	SIM_WEB_STALLS,			/* no answer: the errand is given up */
	SIM_WEB_FLAWS			/* how many there are */
};

enum sim_web_framing { SIM_WEB_LENGTH, SIM_WEB_CHUNKED, SIM_WEB_TO_CLOSE };

struct sim_web_step {
	int origin;
	enum sim_web_act act;
	enum sim_web_flaw flaw;
	enum sim_web_framing framing;
	bool closes;			/* says so and closes */
	bool leaves;			/* closes, and has not said so */
	bool forbidden;			/* by robots.txt */
	int asked;			/* requests for it so far */
};

/* The plan of one errand. */
struct sim_web_plan {
	struct sim_web_step steps[SIM_WEB_STEPS];
	int count;
	bool named;			/* a name and password in its URL */
	bool whole;			/* a page for itself: no scrape */
	uint64_t patience_ns;		/* it is given up then; 0: it is not */
};

/* What an answer was. */
struct sim_web_answer {
	int errand, step;
	size_t len;			/* of its content */
};

struct sim_web_port {
	struct protocol_factory factory;
	struct sim_web *web;
	struct reactor_listener *listener;
	int origin;			/* or -1: it is the proxy's */
};

/* The web.  Those members come first that are set before sim_web_open. */
struct sim_web {
	struct sim *sim;
	struct reactor *reactor;
	struct reactor_tls_settings *tls;	/* NULL: no https */
	bool robots;			/* pages come after robots.txt */
	bool proxied[SIM_WEB_ORIGINS];	/* which must come by the proxy */
	const char *user_cookie;	/* for the first origin only; NULL */

	struct sim_web_plan plans[SIM_WEB_ERRANDS];
	struct sim_web_answer answers[SIM_WEB_ANSWERS];
	int answered;
	int robots_asked[SIM_WEB_ORIGINS];
	struct sim_web_port ports[SIM_WEB_ORIGINS + 1];
	struct reactor_list visits;
	const char *broken;		/* the first promise, or NULL */
};

/* Draws the plans; proxies, robots and TLS have been decided. */
void sim_web_plan(struct sim_web *);

/* Listens at all ports: 0 or a negative errno. */
int sim_web_open(struct sim_web *);

/* Closes ports and connections; the reactor reaps them. */
void sim_web_close(struct sim_web *);

/* Writes the URL of a step, with the name and password of its origin. */
void sim_web_url(const struct sim_web *, int errand, int step, bool named,
    char *to, size_t room);

/* Writes what an answer's content was; NUL-terminated. */
void sim_web_content(const struct sim_web *, int answer,
    char to[SIM_WEB_CONTENT + 1]);

/* The answer whose title this is, if it was given to this errand; or -1. */
int sim_web_answer_of(const struct sim_web *, int errand, const char *title,
    size_t len);

#endif
