/*
 * record.c - building a record and making text harmless.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "record.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../html/text.h"

/* Most records are a short line; malloc(3) is quicker with small blocks. */
enum { RECORD_FIRST_ROOM = 120, RECORD_GUESS = 64 };

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
	size_t room = RECORD_GUESS;
	va_list args;
	int len;

	for (;;) {
		if (!record_reserve(r, room))
			return;
		va_start(args, format);
		len = vsnprintf(r->at + r->len, r->room - r->len, format, args);
		va_end(args);
		if (len < 0)
			return;
		if ((size_t)len < r->room - r->len)
			break;
		/* One byte more, for the NUL that vsnprintf insists on. */
		room = (size_t)len + 1;
	}
	r->len += (size_t)len;
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

/*
 * Tells whether eight octets are plain.  In each a sum has its top bit set if
 * the octet is at least ' ', is DEL, or is not the quote or the backslash.
 */
static bool
record_all_plain(uint64_t v)
{
	const uint64_t each = UINT64_MAX / 255, top = 0x80 * each;
	uint64_t low = v & ~top;
	uint64_t plain = (low + each * (0x80 - ' ')) & ~(low + each) & ~v &
	    ((low ^ each * '"') + each * 0x7F) &
	    ((low ^ each * '\\') + each * 0x7F);

	return (plain & top) == top;
}

/* Plain ASCII goes through as it is; returns how much of it there is. */
static size_t
record_plain(const char *at, size_t len)
{
	size_t i = 0;
	uint64_t v;

	for (; len - i >= sizeof(v); i += sizeof(v)) {
		memcpy(&v, at + i, sizeof(v));
		if (!record_all_plain(v))
			break;
	}
	while (i < len && at[i] >= 0x20 && at[i] < 0x7F && at[i] != '"' &&
	    at[i] != '\\')
		i++;
	return i;
}

/*
 * Adds text from elsewhere piece by piece: as it is where that does no harm,
 * else as JSON writes it, or replaced.
 */
static void
record_add_tamed(struct record *r, const char *at, size_t len, bool json)
{
	while (len > 0) {
		uint32_t code = ' ';
		size_t n = record_plain(at, len);

		if (n == 0)
			n = html_utf8_read(&code, at, len);
		if (json && (code == '"' || code == '\\'))
			record_addf(r, "\\%c", (int)code);
		else if (code != HTML_UTF8_BAD && !record_is_harmful(code))
			record_add(r, at, n);
		else if (json)
			record_addf(r, "\\u%04x", (unsigned)code);
		else
			record_add(r, "\xEF\xBF\xBD", 3);
		at += n;
		len -= n;
	}
}

void
record_add_clean(struct record *r, const char *at, size_t len)
{
	record_add_tamed(r, at, len, false);
}

void
record_add_value(struct record *r, const char *at, size_t len)
{
	const char *end = at + len, *p;

	for (p = at; p < end; p++) {
		if (*p == '\t' || *p == '\n' || *p == '\f' || *p == '\r') {
			record_add_clean(r, at, (size_t)(p - at));
			record_add(r, " ", 1);
			at = p + 1;
		}
	}
	record_add_clean(r, at, (size_t)(end - at));
}

void
record_add_json(struct record *r, const char *at, size_t len)
{
	record_add(r, "\"", 1);
	record_add_tamed(r, at, len, true);
	record_add(r, "\"", 1);
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
