/*
 * http_rig.c - see http_rig.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/words.h"
#include "check.h"

static void
rig_must(int err, const char *what)
{
	if (err == 0)
		return;
	fprintf(stderr, "rig: %s: %s\n", what, reactor_strerror(err));
	abort();
}

/* All but the world, which `how` is of. */
static void
rig_open_in(struct rig *rig, const struct reactor_options *how,
    const struct http_client_options *options, const char *address)
{
	struct http_client_options o = {0};
	struct dns_config config;

	rig_must(reactor_new(&rig->reactor, how), "reactor");
	dns_config_init(&config);
	rig_must(dns_config_add_server(&config, "127.0.0.1", 9), "config");
	rig_must(dns_resolver_new(&rig->resolver, rig->reactor, &config,
	    NULL), "resolver");
	if (options != NULL)
		o = *options;
	o.reactor = rig->reactor;
	o.resolver = rig->resolver;
	rig_must(http_client_new(&rig->client, &o), "client");
	script_open(&rig->script, rig->reactor, address);
	rig->host = strchr(address, ':') != NULL ? "[::1]" : "127.0.0.1";
}

void
rig_open(struct rig *rig, const struct http_client_options *options)
{
	struct reactor_options how;

	memset(rig, 0, sizeof(*rig));
	rig->sim = sim_new(&(struct sim_options){.seed = 1});
	how = sim_reactor_options(rig->sim);
	rig_open_in(rig, &how, options, "127.0.0.1");
}

void
rig_open_at(struct rig *rig, const struct http_client_options *options,
    const char *address, const char *poller)
{
	struct reactor_options how = {.poller = poller};

	memset(rig, 0, sizeof(*rig));
	rig_open_in(rig, &how, options, address);
}

void
rig_skip(struct rig *rig, uint64_t ns)
{
	CHECK(sim_pass(rig->sim, rig->reactor, ns));
	rig_settle(rig);
}

void
rig_pass_hour(struct rig *rig)
{
	CHECK(sim_pass_hour(rig->sim, rig->reactor));
	CHECK(reactor_list_is_empty(&rig->script.peers));
}

void
rig_settle(struct rig *rig)
{
	for (int i = 0; i < 64; i++)
		rig_must(reactor_iterate(rig->reactor, 0), "iterate");
}

void
rig_close(struct rig *rig)
{
	http_client_free(rig->client);
	dns_resolver_free(rig->resolver);
	rig_settle(rig);
	CHECK(reactor_list_is_empty(&rig->script.peers));
	script_close(&rig->script);
	rig_settle(rig);
	reactor_free(rig->reactor);
	if (rig->sim == NULL)
		return;
	CHECK_INT(sim_open_fds(rig->sim), 0);
	CHECK_STR(sim_first_violation(rig->sim), NULL);
	sim_free(rig->sim);
}

static struct defer_result
rig_fired(void *ctx, struct defer_result in)
{
	struct rig_got *got = ctx;

	got->fired++;
	got->result = in;
	got->page = defer_result_get(in, &http_page_type);
	got->failure = defer_result_get_failure(in);
	if (--got->rig->wanted == 0 &&
	    reactor_is_running(got->rig->reactor))
		reactor_break(got->rig->reactor);
	return defer_result_none();
}

void
rig_start(struct rig *rig, struct rig_got *got, const char *path,
    const struct http_get_options *options)
{
	char url[9000];
	int len;

	memset(got, 0, sizeof(*got));
	got->rig = rig;
	len = path[0] != '/' ? snprintf(url, sizeof(url), "%s", path) :
	    snprintf(url, sizeof(url), "http%s://%s:%u%s",
	    rig->script.tls != NULL ? "s" : "", rig->host,
	    rig->script.port, path);
	rig->wanted++;
	got->deferred = http_get_page(rig->client, url, (size_t)len, options);
	if (got->deferred == NULL)
		got->result = rig_fired(got, defer_result_failure(NULL));
	else
		deferred_add_both(got->deferred, rig_fired, got);
}

void
rig_run(struct rig *rig)
{
	if (rig->wanted > 0)
		rig_must(reactor_run(rig->reactor), "run");
}

void
rig_get(struct rig *rig, struct rig_got *got, const char *path,
    const struct http_get_options *options)
{
	rig_start(rig, got, path, options);
	rig_run(rig);
	rig_settle(rig);
}

void
rig_clear(struct rig_got *got)
{
	deferred_release(got->deferred);
	defer_result_destroy(got->result);
	memset(got, 0, sizeof(*got));
}

void
rig_play(const struct script_step *steps, size_t count, const char *path,
    const struct http_get_options *options, struct rig *rig,
    struct rig_got *got)
{
	rig_open(rig, NULL);
	script_play(&rig->script, steps, count);
	rig_get(rig, got, path, options);
	CHECK_INT(got->fired, 1);
}

void
rig_end(struct rig *rig, struct rig_got *got)
{
	rig_clear(got);
	rig_close(rig);
}

const char *
rig_name(const struct rig_got *got)
{
	if (got->failure != NULL)
		return got->failure->kind->name;
	return got->page != NULL ? "page" : "";
}
