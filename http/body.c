/*
 * body.c - the three framings as one state machine.
 *
 * Content is taken in runs, as long as the bytes last; what surrounds chunks
 * is short and goes byte by byte, so that a cut may fall anywhere.  A line
 * of the chunked coding ends in CR LF and nothing else: if two readers
 * disagreed about line ends, they would see two different messages in the
 * same bytes, and an attacker could hide one of them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "body.h"

/* What the next byte is. */
enum {
	HTTP_BODY_AT_END,	/* not of this message */
	HTTP_BODY_AT_CONTENT,	/* content, `left` bytes of it */
	HTTP_BODY_AT_ALL,	/* content, up to the close */
	HTTP_BODY_AT_SIZE,	/* first digit of a chunk's size */
	HTTP_BODY_AT_DIGITS,	/* a later one, or what follows */
	HTTP_BODY_AT_SPACE,	/* white space before an extension */
	HTTP_BODY_AT_EXTENSION,
	HTTP_BODY_AT_SIZE_LF,
	HTTP_BODY_AT_CHUNK,	/* a chunk's data, `left` bytes of it */
	HTTP_BODY_AT_DATA_CR,
	HTTP_BODY_AT_DATA_LF,
	HTTP_BODY_AT_TRAILER,	/* first byte of a trailer line */
	HTTP_BODY_AT_FIELD,	/* a later one */
	HTTP_BODY_AT_FIELD_LF,
	HTTP_BODY_AT_LAST_LF
};

/* ---- what surrounds chunks ---- */

/* The value of a hex digit, or -1. */
static int
http_body_hex(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A byte of a chunk's size, or the first one after it. */
static int
http_body_size(struct http_body *b, unsigned char c)
{
	int digit = http_body_hex(c);

	if (digit >= 0) {
		if (b->left >> 60 != 0)
			return HTTP_BODY_E_OVERFLOW;
		b->left = b->left << 4 | (unsigned)digit;
		return HTTP_BODY_AT_DIGITS;
	}
	if (b->state == HTTP_BODY_AT_SIZE)
		return HTTP_BODY_E_SIZE;
	if (c == '\r')
		return HTTP_BODY_AT_SIZE_LF;
	if (c == ' ' || c == '\t')
		return HTTP_BODY_AT_SPACE;
	return c == ';' ? HTTP_BODY_AT_EXTENSION : HTTP_BODY_E_SIZE;
}

/* A byte of an extension or a trailer: counted, and passed over. */
static int
http_body_extra(struct http_body *b, unsigned char c, int on_cr, int error)
{
	if (++b->extra > HTTP_BODY_EXTRA_MAX)
		return HTTP_BODY_E_EXTRA;
	if (c == '\r')
		return on_cr;
	return c >= ' ' || c == '\t' ? b->state : error;
}

/* The state after this byte, which is not content, or an error. */
static int
http_body_step(struct http_body *b, unsigned char c)
{
	switch (b->state) {
	case HTTP_BODY_AT_SIZE:
	case HTTP_BODY_AT_DIGITS:
		return http_body_size(b, c);
	case HTTP_BODY_AT_SPACE:
		if (c == ';')
			return HTTP_BODY_AT_EXTENSION;
		if (c != ' ' && c != '\t' && c != '\r')
			return HTTP_BODY_E_LINE;
		/* FALLTHROUGH */
	case HTTP_BODY_AT_EXTENSION:
		return http_body_extra(b, c, HTTP_BODY_AT_SIZE_LF,
		    HTTP_BODY_E_LINE);
	case HTTP_BODY_AT_SIZE_LF:
		b->line = 0;
		if (c != '\n')
			return HTTP_BODY_E_LINE;
		return b->left > 0 ? HTTP_BODY_AT_CHUNK : HTTP_BODY_AT_TRAILER;
	case HTTP_BODY_AT_DATA_CR:
		return c == '\r' ? HTTP_BODY_AT_DATA_LF : HTTP_BODY_E_CRLF;
	case HTTP_BODY_AT_DATA_LF:
		b->line = 0;
		return c == '\n' ? HTTP_BODY_AT_SIZE : HTTP_BODY_E_CRLF;
	case HTTP_BODY_AT_TRAILER:
		if (c == '\r')
			return HTTP_BODY_AT_LAST_LF;
		b->state = HTTP_BODY_AT_FIELD;
		/* FALLTHROUGH */
	case HTTP_BODY_AT_FIELD:
		return http_body_extra(b, c, HTTP_BODY_AT_FIELD_LF,
		    HTTP_BODY_E_TRAILER);
	case HTTP_BODY_AT_FIELD_LF:
		b->line = 0;
		return c == '\n' ? HTTP_BODY_AT_TRAILER : HTTP_BODY_E_TRAILER;
	default:
		return c == '\n' ? HTTP_BODY_AT_END : HTTP_BODY_E_TRAILER;
	}
}

/* ---- a body ---- */

void
http_body_init(struct http_body *b, enum http_body_framing framing,
    uint64_t length)
{
	*b = (struct http_body){ .state = HTTP_BODY_AT_END };
	if (framing == HTTP_BODY_LENGTH && length > 0) {
		b->state = HTTP_BODY_AT_CONTENT;
		b->left = length;
	} else if (framing == HTTP_BODY_CHUNKED) {
		b->state = HTTP_BODY_AT_SIZE;
	} else if (framing == HTTP_BODY_UNTIL_CLOSE) {
		b->state = HTTP_BODY_AT_ALL;
	}
}

/* Hands over the content at hand, up to `left` bytes if that counts. */
static int
http_body_take(struct http_body *b, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	size_t n = *len;

	if (b->state != HTTP_BODY_AT_ALL) {
		if (n > b->left)
			n = (size_t)b->left;
		b->left -= n;
		if (b->left == 0)
			b->state = b->state == HTTP_BODY_AT_CHUNK ?
			    HTTP_BODY_AT_DATA_CR : HTTP_BODY_AT_END;
	}
	*piece = *at;
	*piece_len = n;
	*at += n;
	*len -= n;
	return HTTP_BODY_DATA;
}

int
http_body_next(struct http_body *b, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	while (b->state != HTTP_BODY_AT_END) {
		int state;

		if (*len == 0)
			return HTTP_BODY_MORE;
		if (b->state == HTTP_BODY_AT_CONTENT ||
		    b->state == HTTP_BODY_AT_CHUNK ||
		    b->state == HTTP_BODY_AT_ALL)
			return http_body_take(b, at, len, piece, piece_len);
		if (++b->line > HTTP_BODY_LINE_MAX)
			return HTTP_BODY_E_EXTRA;
		state = http_body_step(b, (unsigned char)**at);
		if (state < 0)
			return state;
		b->state = state;
		++*at;
		--*len;
	}
	return HTTP_BODY_DONE;
}

int
http_body_end(const struct http_body *b)
{
	if (b->state == HTTP_BODY_AT_END || b->state == HTTP_BODY_AT_ALL)
		return 0;
	return HTTP_BODY_E_TRUNCATED;
}

/* ---- errors in words ---- */

static const struct {
	int error;
	const char *words;
} http_body_errors[] = {
	{ HTTP_BODY_E_SIZE, "chunk size is not a hexadecimal number" },
	{ HTTP_BODY_E_OVERFLOW, "chunk size is too large for any machine" },
	{ HTTP_BODY_E_LINE, "malformed line before a chunk" },
	{ HTTP_BODY_E_CRLF, "chunk is longer than its size says" },
	{ HTTP_BODY_E_TRAILER, "malformed trailer after the last chunk" },
	{ HTTP_BODY_E_EXTRA, "chunk extensions or trailers too long" },
	{ HTTP_BODY_E_TRUNCATED,
	    "connection closed before the end of the content" }
};

const char *
http_body_strerror(int error)
{
	size_t count = sizeof(http_body_errors) / sizeof(http_body_errors[0]);

	for (size_t i = 0; i < count; i++)
		if (http_body_errors[i].error == error)
			return http_body_errors[i].words;
	return NULL;
}
