/*
 * head.h - the heads of HTTP/1.1 messages, responses and requests.
 *
 * A head is what comes before the content: a first line and fields, each a
 * line of a name and a value; RFC 9112, sections 2 to 6.  The parser looks at
 * each byte once, keeps no byte and allocates nothing: it notes where things
 * stand, as offsets from the head's first byte, so the bytes may move between
 * two calls.  The few fields that decide how to go on become facts while the
 * head is read; the others can be asked for by name when it is complete.
 *
 * Fields that decide where a message ends are read strictly.  Of a response,
 * another field line that is malformed, or folded (section 5.2), is passed
 * over as browsers do, and a control character in its value is left alone;
 * of a request, both are refused.
 *
 * Copy: head.h head.c body.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "body.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Limits, in bytes and in lines; more is the category `too-large`.  The
 * first and the last are those that http_head_init sets.
 */
enum {
	HTTP_HEAD_MAX = 262144,		/* a whole head */
	HTTP_HEAD_START_MAX = 16384,	/* up to its first line's end */
	HTTP_HEAD_FIELDS_MAX = 1000	/* its field lines */
};

/* Why a head was refused: `bad-response`.  Outside the numbers of errno. */
enum http_head_error {
	HTTP_HEAD_E_START = -2101,	/* first line is not of HTTP/1.x */
	HTTP_HEAD_E_VERSION = -2102,	/* HTTP, but not version 1.x */
	HTTP_HEAD_E_CONTROL = -2103,	/* control character, or CR alone */
	HTTP_HEAD_E_FIELD = -2104,	/* malformed field line */
	HTTP_HEAD_E_LENGTH = -2105,	/* Content-Length: no number, or two */
	HTTP_HEAD_E_CODING = -2106,	/* Transfer-Encoding not understood */
	HTTP_HEAD_E_HOST = -2107,	/* request without exactly one Host */
	HTTP_HEAD_E_LARGE = -2108,	/* `too-large`: bytes */
	HTTP_HEAD_E_FIELDS = -2109,	/* `too-large`: lines */
	HTTP_HEAD_E_CHUNKED = -2110	/* chunked twice, or not the last */
};

/* Which of the two a head is: its first line tells them apart. */
enum http_head_kind {
	HTTP_HEAD_RESPONSE,
	HTTP_HEAD_REQUEST
};

/* What was done to the content: Content-Encoding, RFC 9110, section 8.4. */
enum http_head_coding {
	HTTP_HEAD_IDENTITY,	/* nothing, or the field is not there */
	HTTP_HEAD_GZIP,		/* gzip or x-gzip */
	HTTP_HEAD_DEFLATE,
	HTTP_HEAD_OTHER,	/* one not undone here, or more than two */
	HTTP_HEAD_NO_CODING	/* just a word that names none: `utf-8` */
};

/*
 * Bytes of the head: `at` is counted from its first byte.  Of a field that
 * was not sent, and of an empty reason, both are 0.
 */
struct http_head_slice {
	uint32_t at;
	uint32_t len;
};

/*
 * A head, while it is parsed and after.  A field sent more than once gives
 * its first value as slice, all of them together as fact.  The caller may
 * read all but the members marked so, and between http_head_init and
 * http_head_parse set the limits.
 */
struct http_head {
	uint32_t max_len, max_fields;	/* limits: bytes, field lines */
	enum http_head_kind kind;
	int minor;			/* version 1.minor */
	int status;			/* of a response, 100 to 999 */
	struct http_head_slice reason;	/* of a response, may be empty */
	struct http_head_slice method;	/* of a request */
	struct http_head_slice target;	/* of a request, as sent */

	uint64_t content_length;	/* if has_length */
	bool has_length;
	bool chunked;			/* the last transfer coding */
	bool has_coding;		/* any Transfer-Encoding at all */
	bool close;			/* Connection: close */
	bool keep_alive;		/* Connection: keep-alive */
	bool expect_continue;		/* of a request: Expect */
	enum http_head_coding coding;	/* the last one that was done */
	enum http_head_coding inner_coding;	/* and the one before it */

	struct http_head_slice host;
	struct http_head_slice location;
	/* Its first value; or the last one that has a charset. */
	struct http_head_slice content_type;
	struct http_head_slice retry_after;

	uint32_t len;			/* whole head, once it is complete */

	const char *base;		/* where it was last shown; private */
	uint32_t line;			/* where the line begins; private */
	uint32_t seen;			/* no line end before; private */
	uint32_t first_field;		/* where fields begin; private */
	uint32_t fields;		/* field lines so far; private */
	bool framing_last;		/* last line did framing; private */
	bool control;			/* one in this line; private */
};

/* A field of a head; both slices are borrowed from the head's bytes. */
struct http_head_field {
	const char *name;	/* as sent: case does not matter */
	size_t name_len;
	const char *value;	/* without white space around it */
	size_t value_len;
};

/* Prepares for a head of this kind; nothing is allocated, ever.  Sets the
 * limits to HTTP_HEAD_MAX and HTTP_HEAD_FIELDS_MAX. */
void http_head_init(struct http_head *, enum http_head_kind);

/*
 * Looks at a head of which the first len bytes are at `at`: always from its
 * first byte, wherever that now stands, and never fewer than the call
 * before.  Returns the length of the head (the body begins there), or 0
 * when there must be more, or an enum http_head_error.  After the head is
 * complete the caller says with http_head_init that another one begins.
 */
int http_head_parse(struct http_head *, const char *at, size_t len);

/*
 * Where the bytes of a slice stand, or NULL if it is of a field that was
 * not sent.  Borrowed from the buffer that http_head_parse saw last.
 */
const char *http_head_text(const struct http_head *, struct http_head_slice);

/*
 * The fields of a complete head, one a call, in the order sent: *cursor is 0
 * at first.  False when there are no more.
 */
bool http_head_next(const struct http_head *, size_t *cursor,
    struct http_head_field *);

/*
 * The same, of those fields that have this name, which is given in lower
 * case and not empty.
 */
bool http_head_find_next(const struct http_head *, size_t *cursor,
    const char *name, size_t name_len, struct http_head_field *);

/* The first of those, or false. */
bool http_head_find(const struct http_head *, const char *name,
    size_t name_len, struct http_head_field *);

/* How many bytes from `at` on are of a token (RFC 9110, section 5.6.2). */
size_t http_head_token_len(const char *at, const char *end);

/* How many bytes from `at` on are visible ASCII, as a URL's are. */
size_t http_head_visible_len(const char *at, const char *end);

/*
 * Are the len bytes at `at` this token but for case?  `lower` is the token
 * in lower case, of len bytes too.
 */
bool http_head_equal(const char *at, const char *lower, size_t len);

/*
 * How the content after this head is framed: RFC 9112, section 6.3.  Of a
 * response it takes the method of the request, as HEAD and CONNECT have
 * none; of a request the method does not matter and may be NULL, 0.  For
 * HTTP_BODY_LENGTH the length is content_length.
 */
enum http_body_framing http_head_framing(const struct http_head *,
    const char *method, size_t method_len);

/*
 * May the connection carry another message once this one's content, framed
 * so, is complete?  RFC 9112, section 9.3.
 */
bool http_head_persists(const struct http_head *, enum http_body_framing);

/* What an enum http_head_error says, a constant; NULL for other numbers. */
const char *http_head_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
