/*
 * record.c - building a record and making text harmless.
 *
 * UTF-8 is read by RFC 3629: no overlong forms, no surrogates, nothing past
 * U+10FFFF.  A malformed piece is as long as the part of it that could have
 * begun a character, which is what browsers replace by one U+FFFD.
 */
#define _POSIX_C_SOURCE 200809L
#include "record.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_FIRST_ROOM = 256, RECORD_MALFORMED = 0xFFFD };

/* Makes room for len more bytes. */
static bool
record_reserve(struct record *r, size_t len)
{
	size_t room = r->room > 0 ? r->room : RECORD_FIRST_ROOM;
	char *at;

	if (r->failed)
		return false;
	if (len <= r->room - r->len)
		return true;
	while (room - r->len < len && room <= SIZE_MAX / 2)
		room *= 2;
	at = room - r->len < len ? NULL : realloc(r->at, room);
	if (at == NULL) {
		r->failed = true;
		return false;
	}
	r->at = at;
	r->room = room;
	return true;
}

void
record_add(struct record *r, const char *at, size_t len)
{
	if (len == 0 || !record_reserve(r, len))
		return;
	memcpy(r->at + r->len, at, len);
	r->len += len;
}

void
record_addf(struct record *r, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	/* One byte more, for the NUL that vsnprintf insists on. */
	if (len < 0 || !record_reserve(r, (size_t)len + 1))
		return;
	va_start(args, format);
	vsnprintf(r->at + r->len, (size_t)len + 1, format, args);
	va_end(args);
	r->len += (size_t)len;
}

/* How many bytes the character has that begins with this one; 0: none. */
static size_t
record_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xC2)
		return 0;		/* a continuation, or overlong */
	if (first < 0xE0)
		return 2;
	if (first < 0xF0)
		return 3;
	return first < 0xF5 ? 4 : 0;
}

/* Whether a byte may stand at place i > 0 behind `first` (RFC 3629, 4). */
static bool
record_continues(unsigned char first, size_t i, unsigned char byte)
{
	unsigned char low = 0x80, high = 0xBF;

	if (i == 1 && first == 0xE0)
		low = 0xA0;
	if (i == 1 && first == 0xED)
		high = 0x9F;
	if (i == 1 && first == 0xF0)
		low = 0x90;
	if (i == 1 && first == 0xF4)
		high = 0x8F;
	return byte >= low && byte <= high;
}

/*
 * Reads one character of at least one byte; returns how many bytes it or
 * the malformed piece has, and its number or RECORD_MALFORMED.
 */
static size_t
record_next(const char *text, size_t len, uint32_t *code)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t i, want = record_length(at[0]);

	if (want == 1) {
		*code = at[0];
		return 1;
	}
	*code = at[0] & (0x7FU >> want);
	for (i = 1; i < want && i < len; i++) {
		if (!record_continues(at[0], i, at[i]))
			break;
		*code = *code << 6 | (at[i] & 0x3FU);
	}
	if (i != want)
		*code = RECORD_MALFORMED;
	return i;
}

/* Whether a terminal or a reader of lines would do more than show it. */
static bool
record_is_harmful(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code < 0xA0) ||
	    code == 0x2028 || code == 0x2029 ||		/* line, paragraph */
	    (code >= 0x202A && code <= 0x202E) ||	/* embed, override */
	    (code >= 0x2066 && code <= 0x2069);		/* isolates */
}

/* Plain ASCII goes through as it is; returns how much of it there is. */
static size_t
record_plain(const char *at, size_t len)
{
	size_t i = 0;

	while (i < len && at[i] >= 0x20 && at[i] < 0x7F && at[i] != '"' &&
	    at[i] != '\\')
		i++;
	return i;
}

void
record_add_clean(struct record *r, const char *at, size_t len,
    const char *keep)
{
	while (len > 0) {
		uint32_t code = ' ';
		size_t n = record_plain(at, len);

		if (n == 0)
			n = record_next(at, len, &code);
		if (code == RECORD_MALFORMED || (record_is_harmful(code) &&
		    (code == 0 || code > 0x7F ||
		    strchr(keep, (int)code) == NULL)))
			record_add(r, "\xEF\xBF\xBD", 3);
		else
			record_add(r, at, n);
		at += n;
		len -= n;
	}
}

void
record_add_json(struct record *r, const char *at, size_t len)
{
	record_add(r, "\"", 1);
	while (len > 0) {
		uint32_t code = ' ';
		size_t n = record_plain(at, len);

		if (n == 0)
			n = record_next(at, len, &code);
		if (code == '"' || code == '\\')
			record_addf(r, "\\%c", (int)code);
		else if (code == RECORD_MALFORMED || record_is_harmful(code))
			record_addf(r, "\\u%04x", (unsigned)code);
		else
			record_add(r, at, n);
		at += n;
		len -= n;
	}
	record_add(r, "\"", 1);
}

size_t
record_unfinished(const char *at, size_t len)
{
	/* A start among the last three bytes, and all behind it fits. */
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		const char *start = at + len - back;
		uint32_t code;

		if (record_length((unsigned char)*start) > back)
			return record_next(start, back, &code) == back ?
			    back : 0;
	}
	return 0;
}

int
record_write(struct record *r, int fd)
{
	size_t done = 0, len = r->len;
	bool failed = r->failed;

	r->len = 0;
	r->failed = false;
	while (!failed && done < len) {
		ssize_t n = write(fd, r->at + done, len - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			done += (size_t)n;
	}
	return failed ? -ENOMEM : 0;
}

void
record_free(struct record *r)
{
	free(r->at);
	*r = (struct record){ .at = NULL };
}
