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

#include <string.h>

#include "../reactor/descriptor.h"

static bool
input_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Moves *at and *len past the blanks in front. */
static void
input_skip_blanks(const char **at, size_t *len)
{
	while (*len > 0 && input_is_blank(**at)) {
		++*at;
		--*len;
	}
}

/* How long it is without the blanks behind it. */
static size_t
input_trimmed(const char *at, size_t len)
{
	while (len > 0 && input_is_blank(at[len - 1]))
		len--;
	return len;
}

/*
 * Hands a line without blanks around it over, unless it is to be skipped.
 * Editors of some systems put a byte order mark, U+FEFF, in front of a file;
 * where files were joined, it stands in the middle.
 */
static void
input_take(struct input *in, const char *at, size_t len)
{
	bool cut = len > INPUT_LINE_MAX;

	if (cut)
		len = INPUT_LINE_MAX;
	if (len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
		at += 3;
		len -= 3;
		input_skip_blanks(&at, &len);
	}
	if (len > 0 && at[0] != '#')
		in->ops->line(in, at, len, cut);
}

/* Takes a line where it lies in the reactor's buffer. */
static void
input_take_whole(struct input *in, const char *at, size_t len)
{
	input_skip_blanks(&at, &len);
	input_take(in, at, input_trimmed(at, len));
}

/*
 * Keeps the beginning of a line.  What has no room is dropped, but counted:
 * however the pieces come, the line is as long as it would be in one.
 */
static void
input_keep(struct input *in, const char *at, size_t len)
{
	size_t room, trimmed;

	if (in->len == 0)
		input_skip_blanks(&at, &len);
	room = in->len < sizeof(in->line) ? sizeof(in->line) - in->len : 0;
	if (room > 0)
		memcpy(in->line + in->len, at, len < room ? len : room);
	trimmed = input_trimmed(at, len);
	if (trimmed > 0)
		in->trimmed = in->len + trimmed;
	in->len += len;
}

/* Takes the line that was kept. */
static void
input_take_kept(struct input *in)
{
	size_t len = in->trimmed;

	in->len = in->trimmed = 0;
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
			input_take_whole(in, line, (size_t)(end - line));
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
