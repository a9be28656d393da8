/*
 * record.c - building a record and making text harmless.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "record.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../html/text.h"

/* Most records are a short line; malloc(3) is quicker with small blocks. */
enum { RECORD_FIRST_ROOM = 120, RECORD_GUESS = 64 };

/* Makes room for len more bytes, which do not fit. */
static bool
record_grow(struct record *r, size_t len)
{
	size_t room = r->room > 0 ? r->room : RECORD_FIRST_ROOM;
	char *at;

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

/* Sees to it that there is room for len more bytes. */
static inline bool
record_reserve(struct record *r, size_t len)
{
	return !r->failed && (len <= r->room - r->len || record_grow(r, len));
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
record_add_text(struct record *r, const char *text)
{
	record_add(r, text, strlen(text));
}

void
record_add_number(struct record *r, uint64_t number)
{
	char digits[20], *end = digits + sizeof(digits), *at = end;

	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	record_add(r, at, (size_t)(end - at));
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
 * Whether eight bytes are plain ASCII.  Less than 0x20, or more than 0x7E, sets
 * a byte's highest bit; and so does being '"' or '\\', which are 0 in `quote`
 * and `slash`.
 */
static bool
record_is_plain(const char *at)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t word, quote, slash, odd;

	memcpy(&word, at, sizeof(word));
	quote = word ^ ones * '"';
	slash = word ^ ones * '\\';
	odd = (word - ones * 0x20) | (word + ones) | word;
	odd |= ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
	return (odd & ones * 0x80) == 0;
}

/* Plain ASCII goes through as it is; returns how much of it there is. */
static size_t
record_plain(const char *at, size_t len)
{
	size_t i = 0;

	while (len - i >= 8 && record_is_plain(at + i))
		i += 8;
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
