/*
 * text.c - UTF-8, text that grows, character references, and the decoding of
 * what stands between tags; see text.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "entity_data.h"

/* ---- bytes that need no decoding ---- */

/* A bit set in each of eight bytes that is zero, and maybe in those above. */
static uint64_t
html_text_zeros(uint64_t eight)
{
	return (eight - 0x0101010101010101u) & ~eight & 0x8080808080808080u;
}

/* How many bytes need no decoding, counted from the first. */
static size_t
html_text_plain(const char *at, size_t len)
{
	uint64_t eight;
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		memcpy(&eight, at + i, 8);
		if (((eight & 0x8080808080808080u) | html_text_zeros(eight) |
		    html_text_zeros(eight ^ 0x2626262626262626u) |
		    html_text_zeros(eight ^ 0x0D0D0D0D0D0D0D0Du)) != 0)
			break;
	}
	while (i < len && at[i] != '&' && at[i] != '\r' && at[i] != '\0' &&
	    (unsigned char)at[i] < 0x80)
		i++;
	return i;
}

/* The same where white space is collapsed: words with one space between. */
static size_t
html_text_words(const char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned c = (unsigned char)at[i];

		if (c - 0x21 < 0x5e && c != '&')
			continue;
		if (c != ' ' || i == 0 || at[i - 1] == ' ')
			break;
	}
	return i;
}

/* ---- UTF-8 ---- */

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
static bool
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
	static const unsigned first[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 :
	    code < 0x10000 ? 3 : 4, i;

	for (i = len - 1; i > 0; code >>= 6)
		to[i--] = (char)(0x80 | (code & 0x3F));
	to[0] = (char)(first[len] | code);
	return len;
}

size_t
html_utf8_valid(const char *at, size_t len, bool *cut)
{
	size_t i = 0, used, want;
	uint32_t code;

	*cut = false;
	for (;;) {
		i += html_text_plain(at + i, len - i);
		if (i == len)
			return i;
		used = html_utf8_read(&code, at + i, len - i);
		want = html_utf8_length((unsigned char)at[i]);
		if ((unsigned char)at[i] >= 0x80 &&
		    (want == 1 || used < want)) {
			*cut = want > 1 && used == len - i;
			return i;
		}
		i += used;
	}
}

/* ---- text that grows ---- */

/* Makes room for `more` bytes beyond len. */
static int
html_text_reserve(struct html_text *text, size_t more)
{
	size_t room = text->room > 0 ? text->room : 256;
	char *at;

	while (room < text->len + more)
		room *= 2;
	if (room == text->room)
		return 0;
	at = (char *)realloc(text->at, room);
	if (at == NULL)
		return -ENOMEM;
	text->at = at;
	text->room = room;
	return 0;
}

int
html_text_add(struct html_text *text, const char *from, size_t len)
{
	if (len > HTML_TEXT_MAX - text->len)
		len = HTML_TEXT_MAX - text->len;
	if (html_text_reserve(text, len) < 0)
		return -ENOMEM;
	if (len > 0)
		memcpy(text->at + text->len, from, len);
	text->len += len;
	return 0;
}

void
html_text_free(struct html_text *text)
{
	free(text->at);
	text->at = NULL;
	text->len = text->room = 0;
}

/* ---- character references (HTML 13.2.5.72 to 80) ---- */

/* What a reference stands for: one code point, and another or 0. */
struct html_text_pair {
	uint32_t first, second;
};

/* The value of a digit or letter, in any base up to 36; else 36 or more. */
static uint32_t
html_text_digit(char c)
{
	uint32_t digit = (uint32_t)(unsigned char)c - '0';

	if (digit < 10)
		return digit;
	digit = ((uint32_t)(unsigned char)c | 0x20) - 'a';
	return digit < 26 ? digit + 10 : 36;
}

/* The code point for a number, with the replacements of 13.2.5.80. */
static uint32_t
html_text_code(uint32_t number)
{
	if (number == 0 || number > 0x10FFFF ||
	    (number >= 0xD800 && number < 0xE000))
		return HTML_UTF8_BAD;
	if (number >= 0x80 && number < 0xA0)
		return html_entity_c1[number - 0x80];
	return number;
}

/* "#" and digits; returns the bytes used, or 0. */
static size_t
html_text_number(struct html_text_pair *pair, const char *at, size_t len)
{
	bool is_hex = len > 1 && (at[1] == 'x' || at[1] == 'X');
	uint32_t base = is_hex ? 16 : 10, number = 0;
	size_t digits = is_hex ? 2 : 1, i;

	for (i = digits; i < len && html_text_digit(at[i]) < base; i++)
		if (number <= 0x10FFFF)
			number = number * base + html_text_digit(at[i]);
	if (i == digits)
		return 0;
	pair->first = html_text_code(number);
	return i + (i < len && at[i] == ';');
}

/*
 * The longest name that the bytes begin with; returns its length, or 0.  In
 * the sorted table that name is the nearest in front of where the bytes
 * themselves would stand.
 */
static size_t
html_text_name(struct html_text_pair *pair, const char *at, size_t len)
{
	const char *names = html_entity_names[at[0] - 'A'];
	size_t first = html_entity_first[at[0] - 'A'], row = first;
	size_t end = html_entity_first[at[0] - 'A' + 1], middle, n;

	while (row < end) {
		middle = row + (end - row) / 2;
		if (strncmp(names + html_entity_rows[middle].name, at,
		    len) > 0)
			end = middle;
		else
			row = middle + 1;
	}
	/* Each name has two letters or more. */
	while (row-- > first && len > 1 &&
	    names[html_entity_rows[row].name + 1] == at[1]) {
		n = strlen(names + html_entity_rows[row].name);
		if (n > len ||
		    memcmp(names + html_entity_rows[row].name, at, n) != 0)
			continue;
		pair->first = html_entity_rows[row].first;
		pair->second = html_entity_rows[row].second;
		return n;
	}
	return 0;
}

/*
 * The reference that begins at `at`, behind its '&'.  `in_value` asks for the
 * rule of attributes, where "&copy=1" is none.  Returns the bytes used, or 0
 * when the '&' stands for itself.
 */
static size_t
html_text_reference(struct html_text_pair *pair, const char *at, size_t len,
    bool in_value)
{
	size_t used;

	if (len > 0 && at[0] == '#')
		return html_text_number(pair, at, len);
	if (len == 0 || html_text_digit(at[0]) - 10 >= 26)
		return 0;
	used = html_text_name(pair, at, len);
	if (in_value && used > 0 && used < len && at[used - 1] != ';' &&
	    (at[used] == '=' || html_text_digit(at[used]) < 36))
		return 0;
	return used;
}

/* ---- decoding ---- */

/* Decodes one character or reference; room is there.  Returns its length. */
static size_t
html_text_step(struct html_text *text, const char *from, size_t len,
    enum html_text_kind kind)
{
	struct html_text_pair pair = { 0, 0 };
	size_t used = *from != '&' ? 0 : html_text_reference(&pair, from + 1,
	    len - 1, kind == HTML_TEXT_VALUE);
	uint32_t c = pair.first;

	if (used > 0)
		used++;
	else
		used = html_utf8_read(&c, from, len);
	if (*from == '\0')
		c = HTML_UTF8_BAD;
	if (*from == '\r') {
		c = '\n';
		used = len > 1 && from[1] == '\n' ? 2 : 1;
	}
	if (kind == HTML_TEXT_COLLAPSE &&
	    (c == '\t' || c == '\n' || c == '\f' || c == '\r'))
		c = ' ';
	if (kind != HTML_TEXT_COLLAPSE || c != ' ' ||
	    (text->len > 0 && text->at[text->len - 1] != ' '))
		text->len += html_utf8_write(text->at + text->len, c);
	if (pair.second != 0)
		text->len += html_utf8_write(text->at + text->len,
		    pair.second);
	return used;
}

int
html_text_decode(struct html_text *text, const char *from, size_t len,
    enum html_text_kind kind)
{
	size_t used;

	text->len = 0;
	while (len > 0 && text->len < HTML_TEXT_MAX - 8) {
		used = kind == HTML_TEXT_COLLAPSE ?
		    html_text_words(from, len) : html_text_plain(from, len);
		if (html_text_add(text, from, used) < 0 ||
		    html_text_reserve(text, 8) < 0)
			return -ENOMEM;
		if (used == 0)
			used = html_text_step(text, from, len, kind);
		from += used;
		len -= used;
	}
	if (kind == HTML_TEXT_COLLAPSE && text->len > 0 &&
	    text->at[text->len - 1] == ' ')
		text->len--;
	return 0;
}

int
html_text_value(struct html_text *text, const char **at, size_t *len)
{
	if (html_text_plain(*at, *len) == *len)
		return 0;
	if (html_text_decode(text, *at, *len, HTML_TEXT_VALUE) < 0)
		return -ENOMEM;
	*at = text->at;
	*len = text->len;
	return 0;
}
