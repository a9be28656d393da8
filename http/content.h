/*
 * content.h - the content of a message as its sender had it: the content
 * coding undone (RFC 9110, section 8.4), the length limited.
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
	HTTP_CONTENT_DATA = 1,	/* a piece of content: call again */
	HTTP_CONTENT_DONE = 2	/* no more will come, though bytes may */
};

/* Content on its way.  Zeroed, it holds nothing and may be freed. */
struct http_content {
	uint64_t limit;		/* on decoded bytes */
	uint64_t bytes;		/* decoded so far */
	bool damaged;		/* the checksum was wrong, or missing */
	uint64_t coded_left;	/* bytes that inflate may still see; private */
	struct http_inflate *inflate;	/* NULL: as sent; private */
};

/*
 * Begins content of this coding, of which no more than `limit` decoded
 * bytes are accepted.  0; -ENOMEM; or -ENOTSUP for a coding not known here.
 * To be freed by http_content_free, also after an error.
 */
int http_content_begin(struct http_content *, enum http_head_coding,
    uint64_t limit);

/*
 * Looks at the *len bytes at *at and moves both past what it used.  With
 * HTTP_CONTENT_DATA, *piece points to *piece_len bytes (never 0) of decoded
 * content, good until the next call, which must come with *at and *len as
 * they were left.  HTTP_CONTENT_DONE: the checksum is wrong; what came
 * before may still be kept, and `damaged` says so.  Errors are -EMSGSIZE
 * past the limit, and enum http_inflate_error.
 */
int http_content_next(struct http_content *, const char **at, size_t *len,
    const char **piece, size_t *piece_len);

/*
 * All bytes have been shown: 0, or an enum http_inflate_error if content is
 * missing.  If just its checksum is missing, sets `damaged` and returns 0.
 */
int http_content_end(struct http_content *);

/* Frees what it holds; a second call does no harm. */
void http_content_free(struct http_content *);

#ifdef __cplusplus
}
#endif

#endif
