/*
 * content.c - passes content on as it is, or through inflate, once or twice;
 * counts both what goes in and what comes out.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "content.h"

#include "inflate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- codings that are undone ---- */

/* Adds a stage for this coding: 0, -ENOMEM or -ENOTSUP. */
static int
http_content_add(struct http_content_stage *s, enum http_head_coding coding,
    uint64_t limit)
{
	if (coding == HTTP_HEAD_OTHER)
		return -ENOTSUP;
	if (coding != HTTP_HEAD_GZIP && coding != HTTP_HEAD_DEFLATE)
		return 0;
	s->at = "";			/* nothing has come yet */
	s->left = http_content_coded_limit(limit);
	s->inflate = malloc(sizeof(*s->inflate));
	if (s->inflate == NULL)
		return -ENOMEM;
	http_inflate_init(s->inflate, coding == HTTP_HEAD_GZIP ?
	    HTTP_INFLATE_GZIP : HTTP_INFLATE_DEFLATE);
	return 0;
}

/* What comes out of a stage; it is shown no more than it may see. */
static int
http_content_undo(struct http_content_stage *s, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	size_t shown = *len < s->left ? *len : (size_t)s->left;
	size_t unused = shown;
	int event = http_inflate_next(s->inflate, at, &unused, piece,
	    piece_len);

	s->left -= shown - unused;
	*len -= shown - unused;
	return event == HTTP_INFLATE_MORE && *len > 0 ? -EMSGSIZE : event;
}

/* What comes out of both stages: the inner one reads what the outer gives. */
static int
http_content_undo_both(struct http_content *c, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	struct http_content_stage *outer = &c->stages[0];
	struct http_content_stage *inner = &c->stages[1];
	int event;

	do {
		event = http_content_undo(inner, &inner->at, &inner->len,
		    piece, piece_len);
		if (event != HTTP_INFLATE_MORE)
			return event;
		event = http_content_undo(outer, at, len, &inner->at,
		    &inner->len);
	} while (event == HTTP_INFLATE_DATA);
	return event;
}

/* ---- content that is as it was sent ---- */

/* All of it is one piece. */
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

/*
 * Content-Encoding has a word that names no coding, and means nothing.  But
 * if these are the first bytes of gzip, compress or zstd, it means one of
 * them, and the content is not what it seems.
 */
static bool
http_content_is_coded(struct http_content *c, const char *at, size_t len)
{
	static const char begins[][5] = {
		"\x1f\x8b", "\x1f\x9d", "\x28\xb5\x2f\xfd"
	};

	for (uint64_t i = c->bytes; i < sizeof(c->first) && len > 0; i++) {
		c->first[i] = (unsigned char)*at++;
		len--;
	}
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (memcmp(c->first, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* ---- content ---- */

int
http_content_begin(struct http_content *c, const struct http_head *h,
    uint64_t limit)
{
	int error;

	*c = (struct http_content){
		.limit = limit, .doubtful = h->coding == HTTP_HEAD_NO_CODING,
	};
	error = http_content_add(&c->stages[0], h->coding, limit);
	if (error == 0)
		error = http_content_add(&c->stages[1], h->inner_coding,
		    limit);
	return error;
}

/* The next piece, whatever the limit. */
static int
http_content_piece(struct http_content *c, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	if (c->stages[0].inflate == NULL)
		return http_content_pass(at, len, piece, piece_len);
	if (c->stages[1].inflate == NULL)
		return http_content_undo(&c->stages[0], at, len, piece,
		    piece_len);
	return http_content_undo_both(c, at, len, piece, piece_len);
}

int
http_content_next(struct http_content *c, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	int event;

	if (c->large)
		return -EMSGSIZE;
	event = http_content_piece(c, at, len, piece, piece_len);
	if (event != HTTP_CONTENT_DATA)
		return event;
	if (*piece_len > c->limit - c->bytes) {
		*piece_len = (size_t)(c->limit - c->bytes);
		c->large = true;
	}
	if (c->doubtful && http_content_is_coded(c, *piece, *piece_len))
		return -ENOTSUP;
	c->bytes += *piece_len;
	return *piece_len > 0 ? HTTP_CONTENT_DATA : -EMSGSIZE;
}

int
http_content_end(struct http_content *c)
{
	int error = c->large ? -EMSGSIZE : 0;

	for (size_t i = 0; i < 2 && error == 0; i++) {
		if (c->stages[i].inflate == NULL)
			break;
		error = http_inflate_end(c->stages[i].inflate);
		if (error == HTTP_INFLATE_E_CHECK) {
			c->damaged = true;
			error = 0;
		}
	}
	return error;
}

void
http_content_free(struct http_content *c)
{
	for (size_t i = 0; i < 2; i++) {
		free(c->stages[i].inflate);
		c->stages[i].inflate = NULL;
	}
}
