/*
 * content.c - see content.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "content.h"

#include "inflate.h"

#include <errno.h>
#include <stdlib.h>

/* How much longer than its content a stream may be, at least. */
enum { HTTP_CONTENT_WRAPPING = 65536 };

/*
 * A stream that holds nothing, such as empty blocks or what follows its end,
 * comes under no limit of decoded bytes: so its own bytes have one, too.
 */
static int
http_content_begin_inflate(struct http_content *c, enum http_head_coding coding)
{
	uint64_t more = c->limit / 1024 + HTTP_CONTENT_WRAPPING;

	c->coded_left = c->limit < UINT64_MAX - more ? c->limit + more :
	    UINT64_MAX;
	c->inflate = malloc(sizeof(*c->inflate));
	if (c->inflate == NULL)
		return -ENOMEM;
	http_inflate_init(c->inflate, coding == HTTP_HEAD_GZIP ?
	    HTTP_INFLATE_GZIP : HTTP_INFLATE_DEFLATE);
	return 0;
}

int
http_content_begin(struct http_content *c, const struct http_head *h)
{
	if (h->coding == HTTP_HEAD_OTHER)
		return -ENOTSUP;
	if (h->coding != HTTP_HEAD_IDENTITY)
		return http_content_begin_inflate(c, h->coding);
	/* A sink may have enough before the limit. */
	return c->sink == NULL && h->has_length &&
	    h->content_length > c->limit ? -EMSGSIZE : 0;
}

/* What the sink said, unless it cancelled its page meanwhile. */
static enum http_sink_answer
http_content_told(struct http_content *c, enum http_sink_answer answer)
{
	c->telling = false;
	return c->given_up ? HTTP_SINK_ENOUGH : answer;
}

enum http_sink_answer
http_content_show(struct http_content *c)
{
	if (c->sink == NULL)
		return HTTP_SINK_CONTINUE;
	c->telling = true;
	return http_content_told(c, c->sink->ops->begin(c->sink, c->page));
}

/* A piece of decoded content. */
static int
http_content_deliver(struct http_content *c, const char *at, size_t len)
{
	c->page->bytes += len;
	if (c->page->bytes > c->limit)
		return -EMSGSIZE;
	if (c->sink == NULL)
		return http_page_append(c->page, at, len);
	c->telling = true;
	return (int)http_content_told(c, c->sink->ops->data(c->sink, at, len));
}

int
http_content_take(struct http_content *c, const char *at, size_t len)
{
	const char *piece;
	size_t piece_len;
	int event, answer;

	if (c->inflate == NULL)
		return http_content_deliver(c, at, len);
	if (len > c->coded_left)
		return -EMSGSIZE;
	c->coded_left -= len;
	for (;;) {
		event = http_inflate_next(c->inflate, &at, &len, &piece,
		    &piece_len);
		if (event == HTTP_INFLATE_MORE)
			return HTTP_SINK_CONTINUE;
		if (event == HTTP_INFLATE_E_CHECK) {
			c->page->damaged = true;
			return HTTP_SINK_ENOUGH;
		}
		if (event < 0)
			return event;
		answer = http_content_deliver(c, piece, piece_len);
		if (answer != HTTP_SINK_CONTINUE)
			return answer;
	}
}

int
http_content_end(struct http_content *c)
{
	int err = c->inflate != NULL ? http_inflate_end(c->inflate) : 0;

	if (err != HTTP_INFLATE_E_CHECK)
		return err;
	c->page->damaged = true;
	return 0;
}

void
http_content_free(struct http_content *c)
{
	free(c->inflate);
	c->inflate = NULL;
}
