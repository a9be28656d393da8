/*
 * scenario.c - the plays of scenario.h, and the players.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/connect.h"
#include "../reactor/listen.h"
#include "../reactor/loop.h"
#include "loopback.h"

/* What a party does at a turning point. */
enum scenario_action {
	SCENARIO_NOTHING,
	SCENARIO_LOSE,
	SCENARIO_ABORT,
	SCENARIO_HALF_CLOSE,
	SCENARIO_ANSWER_LOSE,		/* writes 1000 bytes, then loses */
	SCENARIO_PAUSE_A_WHILE
};

/* One side of a play. */
struct scenario_part {
	size_t sends;			/* bytes written when it is made */
	enum scenario_action then;
	bool echoes;
	size_t expects;			/* after so many bytes ... */
	enum scenario_action after;	/* ... it does this */
	bool minds_end;			/* has read_closed */
	enum scenario_action at_end;
	size_t leaves;			/* uses bytes only in such portions */
	size_t first_bite;		/* uses so many, pauses, then all */
};

struct scenario_play {
	const char *name;
	struct scenario_part client, server;
	bool no_listener, refuses, robust;
};

enum { SCENARIO_BIG = 300000 };

static const struct scenario_play scenario_plays[] = {
	{ .name = "an echo, and the client leaves", .robust = true,
	    .client = { .sends = 1000, .expects = 1000,
	    .after = SCENARIO_LOSE }, .server = { .echoes = true } },
	{ .name = "a large echo", .robust = true,
	    .client = { .sends = SCENARIO_BIG, .expects = SCENARIO_BIG,
	    .after = SCENARIO_LOSE }, .server = { .echoes = true } },
	{ .name = "the server answers and leaves", .robust = true,
	    .client = { .sends = 100 },
	    .server = { .expects = 100, .after = SCENARIO_ANSWER_LOSE } },
	{ .name = "a large answer, and the server leaves", .robust = true,
	    .server = { .sends = SCENARIO_BIG, .then = SCENARIO_LOSE } },
	{ .name = "the server leaves while the client still sends",
	    .client = { .sends = 2000 },
	    .server = { .expects = 100, .after = SCENARIO_ANSWER_LOSE } },
	{ .name = "the client aborts", .robust = true,
	    .client = { .sends = 100, .expects = 100,
	    .after = SCENARIO_ABORT }, .server = { .echoes = true } },
	{ .name = "the server aborts", .robust = true,
	    .client = { .sends = 10 },
	    .server = { .expects = 10, .after = SCENARIO_ABORT } },
	{ .name = "half-close, then an answer", .robust = true,
	    .client = { .sends = 5000, .then = SCENARIO_HALF_CLOSE },
	    .server = { .minds_end = true,
	    .at_end = SCENARIO_ANSWER_LOSE } },
	{ .name = "half-close against one that does not mind",
	    .robust = true,
	    .client = { .sends = 10, .then = SCENARIO_HALF_CLOSE } },
	{ .name = "both half-close", .robust = true,
	    .client = { .sends = 10, .then = SCENARIO_HALF_CLOSE },
	    .server = { .sends = 20, .minds_end = true,
	    .at_end = SCENARIO_HALF_CLOSE } },
	{ .name = "a reader that pauses", .robust = true,
	    .client = { .sends = SCENARIO_BIG, .then = SCENARIO_LOSE },
	    .server = { .expects = 1000,
	    .after = SCENARIO_PAUSE_A_WHILE } },
	{ .name = "a reader that uses 300 bytes at a time", .robust = true,
	    .client = { .sends = 10050, .then = SCENARIO_LOSE },
	    .server = { .leaves = 300 } },
	{ .name = "a reader that pauses before it has used all",
	    .robust = true, .client = { .sends = 1000 },
	    .server = { .first_bite = 400, .expects = 1000,
	    .after = SCENARIO_LOSE } },
	{ .name = "nobody listens", .robust = true,
	    .no_listener = true },
	{ .name = "the factory refuses", .robust = true, .refuses = true },
};

const size_t scenario_count =
    sizeof(scenario_plays) / sizeof(scenario_plays[0]);

/* One of the two in the play. */
struct scenario_party {
	struct protocol protocol;
	struct scenario_stage *stage;
	const struct scenario_part *part;
	char *notes;
	size_t sent, received;
	bool bitten, acted, gone;
	struct reactor_timer pause;
};

/* A play being given. */
struct scenario_stage {
	struct reactor *reactor;
	struct protocol_factory factory;
	struct reactor_listener *listener;
	const struct scenario_play *play;
	struct scenario_party client, server;
	struct scenario_outcome *outcome;
	struct reactor_timer limit;
	int farewells_left;
};

static void
scenario_note(struct scenario_party *party, const char *what, long number)
{
	size_t len = strlen(party->notes);

	snprintf(party->notes + len, SCENARIO_NOTES - len, "%s %ld; ", what,
	    number);
	if (party->gone)
		party->stage->outcome->broken_rules++;
}

/* Byte number i of any party's stream. */
static char
scenario_byte(size_t i)
{
	return (char)(i * 7 + i / 251);
}

static void
scenario_send(struct scenario_party *party, size_t len)
{
	char *bytes = malloc(len);
	size_t i;

	if (bytes == NULL)
		abort();
	for (i = 0; i < len; i++)
		bytes[i] = scenario_byte(party->sent++);
	transport_write(party->protocol.transport, bytes, len);
	free(bytes);
}

static void
scenario_pause_ended(struct reactor_timer *t)
{
	struct scenario_party *party = (struct scenario_party *)
	    ((char *)t - offsetof(struct scenario_party, pause));

	transport_resume_reading(party->protocol.transport);
}

static void
scenario_act(struct scenario_party *party, enum scenario_action action)
{
	struct transport *t = party->protocol.transport;

	switch (action) {
	case SCENARIO_NOTHING:
		break;
	case SCENARIO_ANSWER_LOSE:
		scenario_send(party, 1000);
		transport_lose_connection(t);
		break;
	case SCENARIO_LOSE:
		transport_lose_connection(t);
		break;
	case SCENARIO_ABORT:
		transport_abort_connection(t);
		break;
	case SCENARIO_HALF_CLOSE:
		transport_half_close(t);
		break;
	case SCENARIO_PAUSE_A_WHILE:
		transport_pause_reading(t);
		reactor_call_later(party->stage->reactor, &party->pause,
		    20000000, scenario_pause_ended);
		break;
	}
}

/* ---- the protocol ---- */

static void
scenario_made(struct protocol *p)
{
	struct scenario_party *party = (struct scenario_party *)p;

	scenario_note(party, "made", 0);
	transport_set_timeout(p->transport, UINT64_C(30000000000));
	if (party->part->sends > 0)
		scenario_send(party, party->part->sends);
	scenario_act(party, party->part->then);
}

static size_t
scenario_received(struct protocol *p, const char *at, size_t len)
{
	struct scenario_party *party = (struct scenario_party *)p;
	size_t i;

	if (party->part->leaves > 0 && len >= party->part->leaves)
		len -= len % party->part->leaves;
	else if (party->part->leaves > 0 && len != 150)
		return 0;	/* 150 is what is left at the end */
	if (!party->bitten && party->part->first_bite > 0 &&
	    len > party->part->first_bite) {
		party->bitten = true;
		len = party->part->first_bite;
		scenario_act(party, SCENARIO_PAUSE_A_WHILE);
	}
	for (i = 0; i < len; i++)
		if (at[i] != scenario_byte(party->received++))
			party->stage->outcome->broken_rules++;
	if (party->gone)
		party->stage->outcome->broken_rules++;
	if (party->part->echoes)
		scenario_send(party, len);
	if (!party->acted && party->part->expects > 0 &&
	    party->received >= party->part->expects) {
		party->acted = true;
		scenario_act(party, party->part->after);
	}
	return len;
}

static void
scenario_farewell(struct scenario_party *party)
{
	party->gone = true;
	reactor_cancel_timer(&party->pause);
	if (--party->stage->farewells_left == 0)
		reactor_stop(party->stage->reactor);
}

static void
scenario_lost(struct protocol *p, int reason)
{
	struct scenario_party *party = (struct scenario_party *)p;

	scenario_note(party, "received", (long)party->received);
	scenario_note(party, "lost", reason);
	scenario_farewell(party);
}

static void
scenario_failed(struct protocol *p, int error)
{
	struct scenario_party *party = (struct scenario_party *)p;

	scenario_note(party, "failed", error);
	scenario_farewell(party);
}

static void
scenario_read_closed(struct protocol *p)
{
	struct scenario_party *party = (struct scenario_party *)p;

	scenario_note(party, "read closed", (long)party->received);
	scenario_act(party, party->part->at_end);
}

static const struct protocol_ops scenario_ops = {
	.connection_made = scenario_made,
	.data_received = scenario_received,
	.connection_lost = scenario_lost,
	.connect_failed = scenario_failed,
};

static const struct protocol_ops scenario_minding_ops = {
	.connection_made = scenario_made,
	.data_received = scenario_received,
	.connection_lost = scenario_lost,
	.connect_failed = scenario_failed,
	.read_closed = scenario_read_closed,
};

/* ---- the stage ---- */

static struct protocol *
scenario_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct scenario_stage *stage = (struct scenario_stage *)
	    ((char *)f - offsetof(struct scenario_stage, factory));

	(void)from;
	if (stage->play->refuses || stage->server.gone)
		return NULL;
	return &stage->server.protocol;
}

static const struct protocol_factory_ops scenario_factory_ops = {
	.build_protocol = scenario_build,
};

static void
scenario_too_long(struct reactor_timer *t)
{
	struct scenario_stage *stage = (struct scenario_stage *)
	    ((char *)t - offsetof(struct scenario_stage, limit));

	stage->outcome->too_long = 1;
	reactor_stop(stage->reactor);
}

static void
scenario_cast(struct scenario_stage *stage, struct scenario_party *party,
    const struct scenario_part *part, char *notes)
{
	party->protocol.ops = part->minds_end ? &scenario_minding_ops :
	    &scenario_ops;
	party->stage = stage;
	party->part = part;
	party->notes = notes;
	notes[0] = '\0';
}

/* A port, and for "nobody listens" one that was closed again. */
static int
scenario_open_port(struct scenario_stage *stage, struct reactor_address *at)
{
	const char *where = loopback_any();
	int error;

	reactor_address_parse(at, where, strlen(where), 0);
	error = reactor_listen(stage->reactor, at, NULL, &stage->factory,
	    &stage->listener);
	if (error != 0)
		return error;
	reactor_listener_address(stage->listener, at);
	if (stage->play->no_listener) {
		reactor_listener_stop(stage->listener);
		reactor_iterate(stage->reactor, 0);
	}
	return 0;
}

static void
scenario_give(struct scenario_stage *stage)
{
	struct reactor_address at;
	int error = scenario_open_port(stage, &at);

	if (error == 0)
		error = reactor_connect(stage->reactor, &at, NULL,
		    &stage->client.protocol);
	reactor_call_later(stage->reactor, &stage->limit,
	    UINT64_C(20000000000), scenario_too_long);
	if (error == 0)
		error = reactor_run(stage->reactor);
	stage->outcome->run_error = error;
	reactor_cancel_timer(&stage->limit);
	stage->outcome->timers_left =
	    reactor_timers_earliest_ns(&stage->reactor->timers) != UINT64_MAX;
}

int
scenario_run(size_t number, const struct reactor_options *options,
    struct scenario_outcome *outcome)
{
	struct scenario_stage stage = {
		.factory = { &scenario_factory_ops },
		.play = &scenario_plays[number],
		.outcome = outcome,
	};
	int error = reactor_new(&stage.reactor, options);

	memset(outcome, 0, sizeof(*outcome));
	if (error != 0)
		return error;
	stage.farewells_left =
	    stage.play->no_listener || stage.play->refuses ? 1 : 2;
	scenario_cast(&stage, &stage.client, &stage.play->client,
	    outcome->client);
	scenario_cast(&stage, &stage.server, &stage.play->server,
	    outcome->server);
	scenario_give(&stage);
	reactor_free(stage.reactor);
	return 0;
}

const char *
scenario_name(size_t number)
{
	return scenario_plays[number].name;
}

int
scenario_is_robust(size_t number)
{
	return scenario_plays[number].robust;
}
