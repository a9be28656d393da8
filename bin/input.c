/*
 * input.c - from what one read(2) brings to lines.
 *
 * Whole lines are used where they lie in the reactor's buffer.  A line that
 * has only begun is moved to one of our own, so that nothing has to be
 * looked at twice and the last line needs no line end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "input.h"

#include <stdint.h>
#include <string.h>

#include "../reactor/descriptor.h"

static bool
input_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Hands a line over, without blanks around it, unless it is to be skipped. */
static void
input_take(struct input *in, const char *at, size_t len)
{
	while (len > 0 && input_is_blank(at[len - 1]))
		len--;
	while (len > 0 && input_is_blank(at[0])) {
		at++;
		len--;
	}
	if (len > 0 && at[0] != '#')
		in->ops->line(in, at, len);
}

/* Keeps the beginning of a line; what has no room is dropped. */
static void
input_keep(struct input *in, const char *at, size_t len)
{
	size_t room = sizeof(in->line) - in->len;

	if (len > room)
		len = room;
	memcpy(in->line + in->len, at, len);
	in->len += len;
}

/* Takes the line that was kept. */
static void
input_take_kept(struct input *in)
{
	size_t len = in->len;

	in->len = 0;
	input_take(in, in->line, len);
}

static size_t
input_received(struct protocol *p, const char *at, size_t len)
{
	struct input *in = reactor_container_of(p, struct input, protocol);
	size_t used = 0;

	while (used < len && !in->paused) {
		const char *line = at + used;
		const char *end = memchr(line, '\n', len - used);

		if (end == NULL) {
			input_keep(in, line, len - used);
			return len;
		}
		used = (size_t)(end - at) + 1;
		if (in->len == 0) {
			input_take(in, line, (size_t)(end - line));
			continue;
		}
		input_keep(in, line, (size_t)(end - line));
		input_take_kept(in);
	}
	return used;
}

static void
input_made(struct protocol *p)
{
	const struct input *in = reactor_container_of(
	    p, struct input, protocol);

	/* What one read brings may well be more than the usual limit. */
	transport_set_leftover_limit(p->transport, SIZE_MAX);
	if (in->paused)
		transport_pause_reading(p->transport);
}

static void
input_lost(struct protocol *p, int reason)
{
	struct input *in = reactor_container_of(p, struct input, protocol);

	p->transport = NULL;
	if (in->ended)
		return;
	input_take_kept(in);
	in->ended = true;
	in->ops->ended(in, reason);
}

static const struct protocol_ops input_protocol_ops = {
	.connection_made = input_made,
	.data_received = input_received,
	.connection_lost = input_lost,
	.connect_failed = input_lost,
};

int
input_open(struct input *in, struct reactor *reactor,
    const struct input_ops *ops, int fd)
{
	memset(in, 0, offsetof(struct input, line));
	in->ops = ops;
	in->protocol.ops = &input_protocol_ops;
	in->paused = true;
	return reactor_adopt_input(reactor, fd, 0, &in->protocol);
}

void
input_pause(struct input *in)
{
	in->paused = true;
	if (in->protocol.transport != NULL)
		transport_pause_reading(in->protocol.transport);
}

void
input_resume(struct input *in)
{
	if (!in->paused || in->ended)
		return;
	in->paused = false;
	if (in->protocol.transport != NULL)
		transport_resume_reading(in->protocol.transport);
}

void
input_close(struct input *in)
{
	in->ended = true;
	if (in->protocol.transport != NULL)
		transport_abort_connection(in->protocol.transport);
}
