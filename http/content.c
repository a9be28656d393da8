/*
 * content.c - passes content on as it is, or through inflate; counts both
 * what goes in and what comes out.
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
 * Some streams hold nothing: empty blocks, or bytes after the end.  The
 * limit on decoded bytes never stops those, so coded bytes have a limit too.
 */
static uint64_t
http_content_coded_limit(uint64_t limit)
{
	uint64_t more = limit / 1024 + HTTP_CONTENT_WRAPPING;

	return limit < UINT64_MAX - more ? limit + more : UINT64_MAX;
}

int
http_content_begin(struct http_content *c, enum http_head_coding coding,
    uint64_t limit)
{
	*c = (struct http_content){ .limit = limit };
	if (coding == HTTP_HEAD_OTHER)
		return -ENOTSUP;
	if (coding == HTTP_HEAD_IDENTITY)
		return 0;
	c->coded_left = http_content_coded_limit(limit);
	c->inflate = malloc(sizeof(*c->inflate));
	if (c->inflate == NULL)
		return -ENOMEM;
	http_inflate_init(c->inflate, coding == HTTP_HEAD_GZIP ?
	    HTTP_INFLATE_GZIP : HTTP_INFLATE_DEFLATE);
	return 0;
}

/* Content as it was sent: all of it is one piece. */
static int
http_content_pass(const char **at, size_t *len, const char **piece,
    size_t *piece_len)
{
	*piece = *at;
	*piece_len = *len;
	*at += *len;
	*len = 0;
	return *piece_len > 0 ? HTTP_CONTENT_DATA : HTTP_CONTENT_MORE;
}

/* Content that comes out of inflate. */
static int
http_content_inflate(struct http_content *c, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	size_t shown = *len;
	int event;

	if (shown > c->coded_left)
		return -EMSGSIZE;
	event = http_inflate_next(c->inflate, at, len, piece, piece_len);
	c->coded_left -= shown - *len;
	switch (event) {
	case HTTP_INFLATE_MORE:
		return HTTP_CONTENT_MORE;
	case HTTP_INFLATE_DATA:
		return HTTP_CONTENT_DATA;
	case HTTP_INFLATE_E_CHECK:
		c->damaged = true;
		return HTTP_CONTENT_DONE;
	default:
		return event;
	}
}

int
http_content_next(struct http_content *c, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	int event = c->inflate == NULL ?
	    http_content_pass(at, len, piece, piece_len) :
	    http_content_inflate(c, at, len, piece, piece_len);

	if (event != HTTP_CONTENT_DATA)
		return event;
	c->bytes += *piece_len;
	return c->bytes <= c->limit ? event : -EMSGSIZE;
}

int
http_content_end(struct http_content *c)
{
	int error = c->inflate != NULL ? http_inflate_end(c->inflate) : 0;

	if (error != HTTP_INFLATE_E_CHECK)
		return error;
	c->damaged = true;
	return 0;
}

void
http_content_free(struct http_content *c)
{
	free(c->inflate);
	c->inflate = NULL;
}
