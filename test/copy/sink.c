/*
 * sink.c - a sink that counts lines, and has enough after two of them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sink.h"

struct counter {
	struct http_sink sink;		/* first: a sink is its counter */
	int lines;
};

static enum http_sink_answer
counter_begin(struct http_sink *sink, const struct http_page *page)
{
	(void)page;
	((struct counter *)sink)->lines = 0;
	return HTTP_SINK_CONTINUE;
}

static enum http_sink_answer
counter_data(struct http_sink *sink, const char *at, size_t len)
{
	struct counter *c = (struct counter *)sink;

	for (; len > 0; at++, len--)
		c->lines += *at == '\n';
	return c->lines < 2 ? HTTP_SINK_CONTINUE : HTTP_SINK_ENOUGH;
}

static const struct http_sink_ops counter_ops = {
	counter_begin, counter_data, 0
};

int
main(void)
{
	struct counter c = { { &counter_ops }, -1 };
	struct http_sink *s = &c.sink;	/* all that a page sees of it */

	return s->ops->begin(s, 0) == HTTP_SINK_CONTINUE &&
	    s->ops->data(s, "a\nb", 3) == HTTP_SINK_CONTINUE &&
	    s->ops->data(s, "c\n", 2) == HTTP_SINK_ENOUGH ? 0 : 1;
}
