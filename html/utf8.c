/*
 * utf8.c - UTF-8 (RFC 3629); see utf8.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "utf8.h"

#include <string.h>

/* The bytes of the sequence that begins with c; 1 also when none does. */
static size_t
html_utf8_length(unsigned char c)
{
	if (c < 0xC2 || c > 0xF4)
		return 1;
	return c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/*
 * Whether c may be the second byte behind `first`: that is where overlong
 * forms, surrogates and what is beyond 0x10FFFF are refused.
 */
static int
html_utf8_follows(unsigned char first, unsigned char c)
{
	unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
	unsigned char high = first == 0xED ? 0x9F :
	    first == 0xF4 ? 0x8F : 0xBF;

	return c >= low && c <= high;
}

size_t
html_utf8_read(uint32_t *code, const char *at, size_t len)
{
	const unsigned char *p = (const unsigned char *)at;
	size_t want = html_utf8_length(p[0]), i;
	uint32_t c = p[0] & 0x7Fu >> want;

	*code = p[0] < 0x80 ? p[0] : HTML_UTF8_BAD;
	if (want == 1)
		return 1;
	for (i = 1; i < want; i++) {
		if (i == len || !html_utf8_follows(i == 1 ? p[0] : 0, p[i]))
			return i;
		c = c << 6 | (p[i] & 0x3Fu);
	}
	*code = c;
	return want;
}

size_t
html_utf8_write(char *to, uint32_t code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xC0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xE0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3F));
		to[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3F));
	to[2] = (char)(0x80 | (code >> 6 & 0x3F));
	to[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

/* How many bytes are ASCII, counted from the first, eight at a time. */
static size_t
html_utf8_ascii(const char *at, size_t len)
{
	uint64_t eight;
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		memcpy(&eight, at + i, 8);
		if (eight & 0x8080808080808080u)
			break;
	}
	while (i < len && (unsigned char)at[i] < 0x80)
		i++;
	return i;
}

size_t
html_utf8_valid(const char *at, size_t len, int *cut)
{
	size_t i = 0, used, want;
	uint32_t code;

	*cut = 0;
	for (;;) {
		i += html_utf8_ascii(at + i, len - i);
		if (i == len)
			return i;
		used = html_utf8_read(&code, at + i, len - i);
		want = html_utf8_length((unsigned char)at[i]);
		if (want == 1 || used < want) {
			*cut = want > 1 && used == len - i;
			return i;
		}
		i += used;
	}
}
