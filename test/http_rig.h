/*
 * http_rig.h - a client and a scripted server in one reactor, for tests.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_HTTP_RIG_H
#define SPINDLE_TEST_HTTP_RIG_H

#include "../defer/deferred.h"
#include "../dns/resolver.h"
#include "../http/client.h"
#include "../http/http_failure.h"
#include "../http/get_page.h"
#include "http_script.h"
#include "sim.h"

/* What a fetch came to.  Zero it before use; rig_clear frees it. */
struct rig_got {
	int fired;
	struct rig *rig;
	struct defer_result result;
	struct deferred *deferred;	/* held */
	const struct http_page *page;	/* in result, or NULL */
	const struct defer_failure *failure;	/* in result, or NULL */
};

struct rig {
	struct sim *sim;	/* the simulated world; NULL: the real one */
	struct reactor *reactor;
	struct dns_resolver *resolver;
	struct http_client *client;
	struct script script;
	const char *host;	/* of the script, as URLs have it */
	int wanted;		/* fetches still to fire until rig_run ends */
};

/*
 * Makes all, in a simulated world with a perfect network; client options may
 * be NULL, reactor and resolver are filled in.
 */
void rig_open(struct rig *, const struct http_client_options *);

/* The same in the real world, at an address and with a poller, or NULL. */
void rig_open_at(struct rig *, const struct http_client_options *,
    const char *address, const char *poller);

/* Frees all, and checks that no connection or descriptor was forgotten. */
void rig_close(struct rig *);

/* Begins to get a path of the scripted server, or an absolute URL. */
void rig_start(struct rig *, struct rig_got *, const char *path,
    const struct http_get_options *);

/* Runs until all that was started has fired. */
void rig_run(struct rig *);

/* Turns that wait for nothing but what is there. */
void rig_settle(struct rig *);

/* All three of the above: gets one page. */
void rig_get(struct rig *, struct rig_got *, const char *path,
    const struct http_get_options *);

/* Opens a rig whose server plays these steps, and gets one page. */
void rig_play(const struct script_step *, size_t count, const char *path,
    const struct http_get_options *, struct rig *, struct rig_got *);

/* Frees what was got, and closes the rig. */
void rig_end(struct rig *, struct rig_got *);

/* Lets time pass, in the simulated world, and does what is due. */
void rig_skip(struct rig *, uint64_t ns);

/* The same for an hour, after which no timer and no connection may be left. */
void rig_pass_hour(struct rig *);

/* Frees what was got. */
void rig_clear(struct rig_got *);

/* The name of the failure's kind, "page" for a page, "" for neither. */
const char *rig_name(const struct rig_got *);

#endif
