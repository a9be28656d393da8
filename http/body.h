/*
 * body.h - where a message's content lies among the bytes of a connection.
 *
 * RFC 9112, section 6 and 7: content is framed by a length, by chunks or by
 * the end of the connection.  Nothing is copied: the decoder is shown the
 * bytes as they come, cut anywhere, and points to the content in them.
 *
 * Copy: body.h body.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the end of the content is known (RFC 9112, section 6.3). */
enum http_body_framing {
	HTTP_BODY_NONE,		/* there is none */
	HTTP_BODY_LENGTH,	/* after Content-Length bytes */
	HTTP_BODY_CHUNKED,	/* at the chunk of size zero */
	HTTP_BODY_UNTIL_CLOSE	/* when the peer closes */
};

/* Limits of what surrounds chunks, in bytes. */
enum {
	HTTP_BODY_LINE_MAX = 4096,	/* one chunk's size and extensions */
	HTTP_BODY_EXTRA_MAX = 65536	/* all extensions and trailers */
};

/* What http_body_next found. */
enum http_body_event {
	HTTP_BODY_MORE = 0,	/* all bytes used: show those that follow */
	HTTP_BODY_DATA = 1,	/* a piece of content: call again */
	HTTP_BODY_DONE = 2	/* the content is complete */
};

/*
 * Why a body was refused: the category is `bad-response`, but for
 * HTTP_BODY_E_EXTRA, `too-large`, and HTTP_BODY_E_TRUNCATED, `reset`.
 * Outside the numbers of errno.
 */
enum http_body_error {
	HTTP_BODY_E_SIZE = -2201,	/* chunk size is no hex number */
	HTTP_BODY_E_OVERFLOW = -2202,	/* chunk size past 64 bits */
	HTTP_BODY_E_LINE = -2203,	/* a chunk's line is malformed */
	HTTP_BODY_E_CRLF = -2204,	/* no CR LF after a chunk's data */
	HTTP_BODY_E_TRAILER = -2205,	/* a trailer line is malformed */
	HTTP_BODY_E_EXTRA = -2206,	/* extensions, trailers too long */
	HTTP_BODY_E_TRUNCATED = -2207	/* closed before the end */
};

/* A body being decoded; holds no memory.  Members are body.c's to change. */
struct http_body {
	int state;
	uint64_t left;		/* bytes to come of content or chunk */
	uint32_t line;		/* bytes of the line being read */
	uint32_t extra;		/* bytes of extensions and trailers */
};

/* Begins a body; `length` counts for HTTP_BODY_LENGTH alone. */
void http_body_init(struct http_body *, enum http_body_framing,
    uint64_t length);

/*
 * Looks for content in the *len bytes at *at, and moves both past what it
 * used.  With HTTP_BODY_DATA, *piece points to *piece_len bytes (never 0) of
 * content among those shown, for as long as these live.  With
 * HTTP_BODY_DONE, *at and *len are what follows the message: a body without
 * content is done at once, even when no byte is shown.  A body done stays
 * done.  Returns an enum http_body_event, or an enum http_body_error, after
 * which only http_body_init may follow.
 */
int http_body_next(struct http_body *, const char **at, size_t *len,
    const char **piece, size_t *piece_len);

/*
 * The peer has closed: 0 if the content was complete or ends so, else
 * HTTP_BODY_E_TRUNCATED (RFC 9112, section 8).
 */
int http_body_end(const struct http_body *);

/* What an enum http_body_error says, a constant; NULL for other numbers. */
const char *http_body_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
