/*
 * content.h - the content of a message as its sender had it: the content
 * codings undone (RFC 9110, section 8.4), the length limited.
 *
 * Between body.h, which finds the content among the bytes of a connection,
 * and whoever wants it.  Pieces are shown where they lie: in the bytes
 * given, or in the window of inflate.h.
 *
 * Copy: content.h content.c head.h body.h inflate.h inflate.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_CONTENT_H
#define HTTP_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "head.h"

#ifdef __cplusplus
extern "C" {
#endif

struct http_inflate;

/* What http_content_next found. */
enum http_content_event {
	HTTP_CONTENT_MORE = 0,	/* all bytes used: show those that follow */
	HTTP_CONTENT_DATA = 1	/* a piece of content: call again */
};

/* A coding that is undone, and what it still has to look at; private. */
struct http_content_stage {
	struct http_inflate *inflate;	/* NULL: there is no such stage */
	uint64_t left;			/* bytes that it may still see */
	const char *at;			/* of the stage before, not yet seen */
	size_t len;
};

/* Content on its way.  Zeroed, it holds nothing and may be freed. */
struct http_content {
	uint64_t limit;		/* on decoded bytes */
	uint64_t bytes;		/* decoded so far, and shown */
	bool damaged;		/* a checksum was wrong, or missing */
	bool large;		/* there is more than the limit; private */
	bool doubtful;		/* it may be coded after all; private */
	unsigned char first[4];	/* the first bytes of that; private */
	struct http_content_stage stages[2];	/* the outer coding first */
};

/*
 * Begins the content that follows this head, of which no more than `limit`
 * decoded bytes are accepted.  0; -ENOMEM; or -ENOTSUP for a coding not
 * known here.  To be freed by http_content_free, also after an error.
 */
int http_content_begin(struct http_content *, const struct http_head *,
    uint64_t limit);

/*
 * Looks at the *len bytes at *at and moves both past what it used.  With
 * HTTP_CONTENT_DATA, *piece points to *piece_len bytes (never 0) of decoded
 * content, good until the next call, which must come with *at and *len as
 * they were left.  What fits into the limit is shown before the error
 * -EMSGSIZE says that there is more, however the bytes are cut.  Other errors
 * are enum http_inflate_error, and -ENOTSUP for content whose head names no
 * coding, and whose first bytes do; of these, up to three may have been shown.
 */
int http_content_next(struct http_content *, const char **at, size_t *len,
    const char **piece, size_t *piece_len);

/*
 * All bytes have been shown: 0, or an error if content is missing (enum
 * http_inflate_error) or was too long.  If just a checksum is missing or
 * wrong, sets `damaged` and returns 0.
 */
int http_content_end(struct http_content *);

/* Frees what it holds; a second call does no harm. */
void http_content_free(struct http_content *);

#ifdef __cplusplus
}
#endif

#endif
