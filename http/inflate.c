/*
 * inflate.c - the stream: what stands around the blocks, and the run.
 *
 * Output goes round in the window.  When its end is reached, and when a
 * checksum is due, what is there must be handed over first.
 */
#include "inflate.h"

#include <string.h>

#include "inflate_check.h"
#include "inflate_private.h"

/* Bits of a gzip header's FLG; the first one does not matter. */
enum {
	HTTP_INFLATE_HCRC = 2,
	HTTP_INFLATE_EXTRA = 4,
	HTTP_INFLATE_NAME = 8,
	HTTP_INFLATE_COMMENT = 16,
	HTTP_INFLATE_RESERVED = 0xe0
};

void
http_inflate_init(struct http_inflate *z, enum http_inflate_format format)
{
	/* The window need not be cleared: no match reaches before origin. */
	memset(z, 0, offsetof(struct http_inflate, literals));
	z->format = format;
	z->state = format == HTTP_INFLATE_GZIP ? HTTP_INFLATE_AT_START :
	    HTTP_INFLATE_AT_ZLIB;
	z->check = format == HTTP_INFLATE_GZIP ? 0 : 1;
}

/* The two bytes that open a gzip member (RFC 1952, section 2.3.1). */
static int
http_inflate_start(struct http_inflate *z, struct http_inflate_input *in)
{
	bool first = z->state == HTTP_INFLATE_AT_START;

	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	if (http_inflate_take(z, 16) != 0x8b1f)
		return first ? HTTP_INFLATE_E_FORMAT :
		    http_inflate_go(z, HTTP_INFLATE_AT_END);
	z->check = 0;
	z->origin = z->pos;
	return http_inflate_go(z, HTTP_INFLATE_AT_METHOD);
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
	return http_inflate_go(z, HTTP_INFLATE_AT_SKIP);
}

/* What comes next in a gzip header: each flag is cleared as it is met. */
static int
http_inflate_next_part(struct http_inflate *z)
{
	uint32_t text = z->flags & (HTTP_INFLATE_NAME | HTTP_INFLATE_COMMENT);

	if ((z->flags & HTTP_INFLATE_EXTRA) != 0) {
		z->flags ^= HTTP_INFLATE_EXTRA;
		return http_inflate_go(z, HTTP_INFLATE_AT_EXTRA);
	}
	if (text != 0) {
		z->flags ^= text & (~text + 1);
		return http_inflate_go(z, HTTP_INFLATE_AT_TEXT);
	}
	if ((z->flags & HTTP_INFLATE_HCRC) != 0) {
		z->flags ^= HTTP_INFLATE_HCRC;
		z->length = 2;
		return http_inflate_go(z, HTTP_INFLATE_AT_SKIP);
	}
	return http_inflate_go(z, HTTP_INFLATE_AT_BLOCK);
}

static int
http_inflate_extra(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	z->length = http_inflate_take(z, 16);
	return http_inflate_go(z, HTTP_INFLATE_AT_SKIP);
}

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
http_inflate_text(struct http_inflate *z, struct http_inflate_input *in)
{
	do {
		if (!http_inflate_need(z, in, 8))
			return HTTP_INFLATE_WAIT;
	} while (http_inflate_take(z, 8) != 0);
	return http_inflate_next_part(z);
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
	return http_inflate_go(z, HTTP_INFLATE_AT_BLOCK);
}

/* Compares the checksum; all output must have been handed over. */
static int
http_inflate_compare(struct http_inflate *z, struct http_inflate_input *in)
{
	bool gzip = z->format == HTTP_INFLATE_GZIP;
	uint32_t want;

	if (z->pos > z->given)
		return HTTP_INFLATE_WAIT;
	http_inflate_align(z);
	if (!http_inflate_need(z, in, 32))
		return HTTP_INFLATE_WAIT;
	want = http_inflate_take(z, 32);
	if (!gzip)	/* the one number here that comes highest byte first */
		want = want >> 24 | (want >> 8 & 0xff00) |
		    (want << 8 & 0xff0000) | want << 24;
	if (want != z->check)
		return HTTP_INFLATE_E_CHECK;
	return http_inflate_go(z, gzip ? HTTP_INFLATE_AT_SIZE :
	    HTTP_INFLATE_AT_END);
}

static int
http_inflate_size(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 32))
		return HTTP_INFLATE_WAIT;
	if (http_inflate_take(z, 32) != (uint32_t)(z->pos - z->origin))
		return HTTP_INFLATE_E_CHECK;
	return http_inflate_go(z, HTTP_INFLATE_AT_NEXT);
}

/* What follows the stream is nobody's. */
static int
http_inflate_ignore(struct http_inflate *z, struct http_inflate_input *in)
{
	in->at = in->end;
	z->bit_count = 0;
	return HTTP_INFLATE_WAIT;
}

/* Takes the step of the state. */
static int
http_inflate_step(struct http_inflate *z, struct http_inflate_input *in)
{
	static int (*const steps[])(struct http_inflate *,
	    struct http_inflate_input *) = {
		[HTTP_INFLATE_AT_START] = http_inflate_start,
		[HTTP_INFLATE_AT_METHOD] = http_inflate_method,
		[HTTP_INFLATE_AT_EXTRA] = http_inflate_extra,
		[HTTP_INFLATE_AT_SKIP] = http_inflate_skip,
		[HTTP_INFLATE_AT_TEXT] = http_inflate_text,
		[HTTP_INFLATE_AT_ZLIB] = http_inflate_zlib,
		[HTTP_INFLATE_AT_BLOCK] = http_inflate_block,
		[HTTP_INFLATE_AT_STORED] = http_inflate_stored,
		[HTTP_INFLATE_AT_COPY] = http_inflate_copy,
		[HTTP_INFLATE_AT_DYNAMIC] = http_inflate_dynamic,
		[HTTP_INFLATE_AT_ORDER] = http_inflate_order,
		[HTTP_INFLATE_AT_LENGTHS] = http_inflate_lengths,
		[HTTP_INFLATE_AT_SYMBOLS] = http_inflate_coded,
		[HTTP_INFLATE_AT_CHECK] = http_inflate_compare,
		[HTTP_INFLATE_AT_SIZE] = http_inflate_size,
		[HTTP_INFLATE_AT_NEXT] = http_inflate_start,
		[HTTP_INFLATE_AT_END] = http_inflate_ignore
	};

	return steps[z->state](z, in);
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
		while ((rc = http_inflate_step(z, &in)) > 0)
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
	bool first = z->state == HTTP_INFLATE_AT_START ||
	    z->state == HTTP_INFLATE_AT_ZLIB;

	if (z->error != 0)
		return z->error;
	if (z->state == HTTP_INFLATE_AT_END ||
	    z->state == HTTP_INFLATE_AT_NEXT || (first && z->bit_count == 0))
		return 0;
	if (z->state == HTTP_INFLATE_AT_CHECK ||
	    z->state == HTTP_INFLATE_AT_SIZE)
		return HTTP_INFLATE_E_CHECK;
	return HTTP_INFLATE_E_TRUNCATED;
}

const char *
http_inflate_strerror(int error)
{
	switch (error) {
	case HTTP_INFLATE_E_FORMAT:
		return "content is not gzip, though said to be";
	case HTTP_INFLATE_E_METHOD:
		return "unknown kind of gzip";
	case HTTP_INFLATE_E_DATA:
		return "compressed content is damaged";
	case HTTP_INFLATE_E_CHECK:
		return "checksum of compressed content is wrong";
	case HTTP_INFLATE_E_TRUNCATED:
		return "compressed content ends too early";
	default:
		return NULL;
	}
}
