/*
 * fuzz_inflate.c - any bytes inflated, whole, in pieces, and by zlib: the
 * same output, and all three refuse it or none.
 *
 * The first byte says which format, and how long the pieces are.  zlib is
 * opened where the system has one; with FUZZ_ZLIB in the environment it must.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../http/inflate.h"
#include "fuzz.h"

/* More output than this is enough: the rest of a run is left out. */
enum { FUZZ_MOST = 4 * HTTP_INFLATE_WINDOW };

/* What came of some bytes, and the output. */
struct fuzz_outcome {
	int rc;
	size_t size;
	uint8_t out[FUZZ_MOST];
};

/* Inflates size bytes, `step` at a time, in memory of their own. */
static void
fuzz_inflate(struct fuzz_outcome *o, enum http_inflate_format format,
    const uint8_t *data, size_t size, size_t step)
{
	static struct http_inflate z;

	memset(&z, 0x55, sizeof(z));
	http_inflate_init(&z, format);
	o->rc = 0;
	o->size = 0;
	while (o->rc == 0 && size > 0) {
		size_t shown = step < size ? step : size, left = shown, n;
		char *copy = malloc(shown);
		const char *at = copy, *piece;

		memcpy(copy, data, shown);
		while (o->size < FUZZ_MOST && (o->rc = http_inflate_next(&z,
		    &at, &left, &piece, &n)) == HTTP_INFLATE_DATA) {
			if (n > FUZZ_MOST - o->size)
				n = FUZZ_MOST - o->size;
			memcpy(o->out + o->size, piece, n);
			o->size += n;
		}
		if (o->rc == HTTP_INFLATE_MORE && left > 0)
			abort();
		free(copy);
		data += shown;
		size -= shown;
	}
	o->rc = o->size == FUZZ_MOST ? 0 : http_inflate_end(&z);
}

/* ---- zlib ---- */

/* What its header declares, the same in all its versions 1.x. */
struct fuzz_zlib_stream {
	const uint8_t *next_in;
	unsigned avail_in;
	unsigned long total_in;
	uint8_t *next_out;
	unsigned avail_out;
	unsigned long total_out;
	const char *msg;
	void *state, *zalloc, *zfree, *opaque;
	int data_type;
	unsigned long adler, reserved;
};

enum { FUZZ_ZLIB_OK = 0, FUZZ_ZLIB_END = 1 };

/* Its functions; opened once, and never closed. */
struct fuzz_zlib {
	int (*init)(struct fuzz_zlib_stream *, int, const char *, int);
	int (*reset)(struct fuzz_zlib_stream *, int);
	int (*inflate)(struct fuzz_zlib_stream *, int);
	struct fuzz_zlib_stream stream;
	bool tried, opened;
};

/* POSIX: pointers to functions are like those to data. */
static bool
fuzz_zlib_find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);

	memcpy(function, &found, sizeof(found));
	return found != NULL;
}

static bool
fuzz_zlib_open(struct fuzz_zlib *z)
{
	static const char *const names[] = {
		"libz.so.1", "libz.so", "libz.1.dylib",
	};
	void *library = NULL;
	size_t i;

	if (z->tried)
		return z->opened;
	z->tried = true;
	for (i = 0; library == NULL && i < sizeof(names) / sizeof(*names); i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	z->opened = library != NULL &&
	    fuzz_zlib_find(library, "inflateInit2_", &z->init) &&
	    fuzz_zlib_find(library, "inflateReset2", &z->reset) &&
	    fuzz_zlib_find(library, "inflate", &z->inflate) &&
	    z->init(&z->stream, 15, "1.2", (int)sizeof(z->stream)) ==
	    FUZZ_ZLIB_OK;
	if (!z->opened && getenv("FUZZ_ZLIB") != NULL)
		abort();
	return z->opened;
}

/*
 * How zlib is to read these bytes: `deflate` has its header, or is bare, and
 * two bytes tell.
 */
static int
fuzz_zlib_window(enum http_inflate_format format, const uint8_t *at,
    size_t len)
{
	if (format == HTTP_INFLATE_GZIP)
		return 15 + 16;
	return len >= 2 && at[0] % 16 == 8 && at[0] < 0x80 &&
	    (at[1] & 32) == 0 && (at[0] * 256 + at[1]) % 31 == 0 ? 15 : -15;
}

/* The same by zlib, member after member. */
static void
fuzz_zlib_inflate(struct fuzz_zlib *z, struct fuzz_outcome *o,
    enum http_inflate_format format, const uint8_t *at, size_t len)
{
	struct fuzz_zlib_stream *s = &z->stream;
	int window = fuzz_zlib_window(format, at, len);

	s->next_in = at;
	s->avail_in = (unsigned)len;
	s->next_out = o->out;
	s->avail_out = FUZZ_MOST;
	do {
		if (z->reset(s, window) != FUZZ_ZLIB_OK)
			abort();
		o->rc = z->inflate(s, 0);
	} while (o->rc == FUZZ_ZLIB_END && window > 15 && s->avail_in >= 2 &&
	    s->next_in[0] == 0x1f && s->next_in[1] == 0x8b);
	o->size = FUZZ_MOST - s->avail_out;
}

/* Is this what zlib says of a checksum?  We go on then; it does not. */
static bool
fuzz_zlib_has_checked(const struct fuzz_zlib *z)
{
	const char *why = z->stream.msg;

	return why != NULL && (strcmp(why, "incorrect data check") == 0 ||
	    strcmp(why, "incorrect length check") == 0);
}

/*
 * Both give the same bytes and the same verdict; but that of a gzip header
 * zlib also compares the checksum, which decides nothing here.
 */
static void
fuzz_zlib_compare(const struct fuzz_zlib *z, const struct fuzz_outcome *ours,
    const struct fuzz_outcome *theirs)
{
	const char *why = z->stream.msg;
	bool more = theirs->rc != FUZZ_ZLIB_END && fuzz_zlib_has_checked(z);

	if (theirs->rc < 0 && why != NULL &&
	    strcmp(why, "header crc mismatch") == 0)
		return;
	if (more ? ours->size < theirs->size : ours->size != theirs->size)
		abort();
	if (memcmp(ours->out, theirs->out, theirs->size) != 0)
		abort();
	if (ours->size < FUZZ_MOST &&
	    (ours->rc == 0) != (theirs->rc == FUZZ_ZLIB_END))
		abort();
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	/* Static: clang's sanitizer of memory does not see what zlib writes. */
	static struct fuzz_outcome whole, other;
	static struct fuzz_zlib zlib;
	enum http_inflate_format format;

	if (size < 2)
		return;
	format = data[0] & 1 ? HTTP_INFLATE_DEFLATE : HTTP_INFLATE_GZIP;
	fuzz_inflate(&whole, format, data + 1, size - 1, size);
	fuzz_inflate(&other, format, data + 1, size - 1,
	    data[0] / 2 + (size_t)1);
	if (whole.rc != other.rc || whole.size != other.size ||
	    memcmp(whole.out, other.out, whole.size) != 0)
		abort();
	if (!fuzz_zlib_open(&zlib))
		return;
	fuzz_zlib_inflate(&zlib, &other, format, data + 1, size - 1);
	fuzz_zlib_compare(&zlib, &whole, &other);
}
