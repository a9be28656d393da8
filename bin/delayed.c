/*
 * delayed.c - a timer and the answer that it gives.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "delayed.h"

#include <stdlib.h>

/* An answer that waits. */
struct delayed {
	struct reactor_timer timer;
	struct http_server_request *request;
	struct http_server_answer answer;
	struct record body;
};

static void
delayed_free(struct delayed *d)
{
	reactor_cancel_timer(&d->timer);
	record_free(&d->body);
	free(d);
}

static void
delayed_due(struct reactor_timer *t)
{
	struct delayed *d = reactor_container_of(t, struct delayed, timer);

	d->request->ctx = NULL;
	http_server_answer(d->request, &d->answer);
	delayed_free(d);
}

void
delayed_gone(struct http_resource *resource,
    struct http_server_request *request)
{
	(void)resource;
	if (request->ctx != NULL)
		delayed_free(request->ctx);
}

void
delayed_answer(const struct delayed_clock *clock,
    struct http_server_request *request,
    const struct http_server_answer *answer, struct record *body)
{
	struct delayed *d = calloc(1, sizeof(*d));

	if (d == NULL || body->failed) {
		free(d);
		record_free(body);
		http_server_refuse(request);
		return;
	}
	d->request = request;
	d->answer = *answer;
	d->body = *body;
	d->answer.body = body->at;
	d->answer.len = body->len;
	*body = (struct record){ .at = NULL };
	request->ctx = d;
	if (clock->delay_ns == 0)
		delayed_due(&d->timer);
	else
		reactor_call_later(clock->reactor, &d->timer, clock->delay_ns,
		    delayed_due);
}
