/*
 * inflate.c - the stream: what stands around the blocks, and the run.
 *
 * Output goes round in the window.  When its end is reached, and when a
 * checksum is due, what is there must be handed over first.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "inflate.h"

#include <string.h>

#include "inflate_private.h"

/* Bits of a gzip header's FLG; the first one does not matter. */
enum {
	HTTP_INFLATE_HCRC = 2,
	HTTP_INFLATE_EXTRA = 4,
	HTTP_INFLATE_NAME = 8,
	HTTP_INFLATE_COMMENT = 16,
	HTTP_INFLATE_RESERVED = 0xe0
};

static int http_inflate_next_part(struct http_inflate *);

static int
http_inflate_skip(struct http_inflate *z, struct http_inflate_input *in)
{
	for (; z->length > 0; z->length--) {
		if (!http_inflate_need(z, in, 8))
			return HTTP_INFLATE_WAIT;
		http_inflate_take(z, 8);
	}
	return http_inflate_next_part(z);
}

static int
http_inflate_extra(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	z->length = http_inflate_take(z, 16);
	return http_inflate_go(z, http_inflate_skip);
}

static int
http_inflate_text(struct http_inflate *z, struct http_inflate_input *in)
{
	do {
		if (!http_inflate_need(z, in, 8))
			return HTTP_INFLATE_WAIT;
	} while (http_inflate_take(z, 8) != 0);
	return http_inflate_next_part(z);
}

/* What comes next in a gzip header: each flag is cleared as it is met. */
static int
http_inflate_next_part(struct http_inflate *z)
{
	uint32_t text = z->flags & (HTTP_INFLATE_NAME | HTTP_INFLATE_COMMENT);

	if ((z->flags & HTTP_INFLATE_EXTRA) != 0) {
		z->flags ^= HTTP_INFLATE_EXTRA;
		return http_inflate_go(z, http_inflate_extra);
	}
	if (text != 0) {
		z->flags ^= text & (~text + 1);
		return http_inflate_go(z, http_inflate_text);
	}
	if ((z->flags & HTTP_INFLATE_HCRC) != 0) {
		z->flags ^= HTTP_INFLATE_HCRC;
		z->length = 2;
		return http_inflate_go(z, http_inflate_skip);
	}
	return http_inflate_go(z, http_inflate_block);
}

static int
http_inflate_method(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	if (http_inflate_take(z, 8) != 8)
		return HTTP_INFLATE_E_METHOD;
	z->flags = http_inflate_take(z, 8);
	if ((z->flags & HTTP_INFLATE_RESERVED) != 0)
		return HTTP_INFLATE_E_METHOD;
	z->length = 6;		/* MTIME, XFL, OS */
	return http_inflate_go(z, http_inflate_skip);
}

/* The two bytes that open another member, or the end of the stream. */
static int
http_inflate_member(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	if (http_inflate_take(z, 16) != 0x8b1f)
		return http_inflate_go(z, http_inflate_ignore);
	z->check = 0;
	z->origin = z->pos;
	return http_inflate_go(z, http_inflate_method);
}

/* The same of the first member, which must be there. */
static int
http_inflate_start(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	return (z->bits & 0xffff) == 0x8b1f ? http_inflate_member(z, in) :
	    HTTP_INFLATE_E_FORMAT;
}

/*
 * A zlib header (RFC 1950, section 2.2) if these two bytes can be one:
 * "deflate" ought to have it, and often comes without.
 */
static int
http_inflate_zlib(struct http_inflate *z, struct http_inflate_input *in)
{
	uint32_t cmf, flg;

	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	cmf = z->bits & 255;
	flg = z->bits >> 8 & 255;
	z->bare = (cmf & 15) != 8 || cmf >> 4 > 7 || (flg & 32) != 0 ||
	    (cmf << 8 | flg) % 31 != 0;
	if (!z->bare)
		http_inflate_take(z, 16);
	return http_inflate_go(z, http_inflate_block);
}

static int
http_inflate_size(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 32))
		return HTTP_INFLATE_WAIT;
	if (http_inflate_take(z, 32) != (uint32_t)(z->pos - z->origin))
		return HTTP_INFLATE_E_CHECK;
	return http_inflate_go(z, http_inflate_member);
}

/* Compares the checksum; all output must have been handed over. */
int
http_inflate_compare(struct http_inflate *z, struct http_inflate_input *in)
{
	bool gzip = z->format == HTTP_INFLATE_GZIP;
	uint32_t want;

	if (z->pos > z->given)
		return HTTP_INFLATE_WAIT;
	http_inflate_take(z, z->bit_count % 8);	/* to a whole byte */
	if (!http_inflate_need(z, in, 32))
		return HTTP_INFLATE_WAIT;
	want = http_inflate_take(z, 32);
	if (!gzip)	/* the one number here that comes highest byte first */
		want = want >> 24 | (want >> 8 & 0xff00) |
		    (want << 8 & 0xff0000) | want << 24;
	if (want != z->check)
		return HTTP_INFLATE_E_CHECK;
	return http_inflate_go(z, gzip ? http_inflate_size :
	    http_inflate_ignore);
}

/* What follows the stream is nobody's. */
int
http_inflate_ignore(struct http_inflate *z, struct http_inflate_input *in)
{
	in->at = in->end;
	z->bit_count = 0;
	return HTTP_INFLATE_WAIT;
}

void
http_inflate_init(struct http_inflate *z, enum http_inflate_format format)
{
	/* The window need not be cleared: no match reaches before origin. */
	memset(z, 0, offsetof(struct http_inflate, literals));
	z->format = format;
	z->step = format == HTTP_INFLATE_GZIP ? http_inflate_start :
	    http_inflate_zlib;
	z->check = format == HTTP_INFLATE_GZIP ? 0 : 1;
}

/* Hands over the output that is in the window; false if there is none. */
static bool
http_inflate_give(struct http_inflate *z, const char **piece, size_t *len)
{
	const unsigned char *at = z->window + z->given;

	if (z->pos == z->given)
		return false;
	*piece = (const char *)at;
	*len = z->pos - z->given;
	z->given = z->pos;
	if (z->format == HTTP_INFLATE_GZIP)
		z->check = http_inflate_crc(z->check, at, *len);
	else if (!z->bare)
		z->check = http_inflate_adler(z->check, at, *len);
	return true;
}

int
http_inflate_next(struct http_inflate *z, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	struct http_inflate_input in = {
		(const unsigned char *)*at, (const unsigned char *)*at + *len
	};
	int rc = z->error;

	if (z->pos == HTTP_INFLATE_WINDOW && z->given == z->pos) {
		z->pos = z->given = 0;
		z->origin -= HTTP_INFLATE_WINDOW;
	}
	if (rc == 0)
		while ((rc = z->step(z, &in)) > 0)
			;
	z->error = rc;
	*at = (const char *)in.at;
	*len = (size_t)(in.end - in.at);
	/* What came out before an error is good. */
	if (http_inflate_give(z, piece, piece_len))
		return HTTP_INFLATE_DATA;
	return rc;
}

int
http_inflate_end(const struct http_inflate *z)
{
	bool begun = z->bit_count > 0;

	if (z->error != 0)
		return z->error;
	if (z->step == http_inflate_ignore || z->step == http_inflate_member ||
	    (!begun && (z->step == http_inflate_start ||
	    z->step == http_inflate_zlib)))
		return 0;
	return z->step == http_inflate_compare || z->step == http_inflate_size ?
	    HTTP_INFLATE_E_CHECK : HTTP_INFLATE_E_TRUNCATED;
}

const char *
http_inflate_strerror(int error)
{
	static const char *const words[] = {	/* as the enum has them */
		"content is not gzip, though said to be",
		"unknown kind of gzip",
		"compressed content is damaged",
		"checksum of compressed content is wrong",
		"compressed content ends too early",
	};
	unsigned i = (unsigned)HTTP_INFLATE_E_FORMAT - (unsigned)error;

	return i < sizeof(words) / sizeof(words[0]) ? words[i] : NULL;
}
