/*
 * text.c - growable text and the decoding of what stands between tags; see
 * text.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "text.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "entity.h"
#include "utf8.h"

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
	at = realloc(text->at, room);
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

int
html_text_add_raw(struct html_text *text, const char *from, size_t len)
{
	const char *amp;
	size_t n;
	int rc = 0;

	while (rc == 0 && len > 0) {
		amp = memchr(from, '&', len);
		n = amp != NULL ? (size_t)(amp - from) : len;
		rc = html_text_add(text, from, n);
		if (rc == 0 && amp != NULL) {
			rc = html_text_add(text, "&amp;", 5);
			n++;
		}
		from += n;
		len -= n;
	}
	return rc;
}

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

void
html_text_free(struct html_text *text)
{
	free(text->at);
	text->at = NULL;
	text->len = text->room = 0;
}

/* Appends a code point; room for it is there. */
static void
html_text_put(struct html_text *text, uint32_t code)
{
	text->len += html_utf8_write(text->at + text->len, code);
}

/* Appends what one code point of the page means, white space collapsed. */
static void
html_text_put_collapsed(struct html_text *text, uint32_t code)
{
	int space = code == ' ' || (code >= '\t' && code <= '\r' &&
	    code != '\v');

	if (!space)
		html_text_put(text, code);
	else if (text->len > 0 && text->at[text->len - 1] != ' ')
		html_text_put(text, ' ');
}

/* Reads what stands at `from` into at most two code points. */
static size_t
html_text_read(struct html_entity *entity, const char *from, size_t len,
    enum html_text_kind kind)
{
	size_t used;

	entity->second = 0;
	if (*from == '&') {
		used = html_entity_read(entity, from + 1, len - 1,
		    kind == HTML_TEXT_VALUE);
		if (used > 0)
			return used + 1;
	}
	used = html_utf8_read(&entity->first, from, len);
	if (entity->first == '\0')
		entity->first = HTML_UTF8_BAD;
	if (entity->first != '\r')
		return used;
	entity->first = '\n';
	return len > 1 && from[1] == '\n' ? 2 : 1;
}

/* Decodes one character or reference; returns the bytes it used. */
static size_t
html_text_step(struct html_text *text, const char *from, size_t len,
    enum html_text_kind kind)
{
	struct html_entity entity;
	size_t used = html_text_read(&entity, from, len, kind);

	if (kind == HTML_TEXT_COLLAPSE)
		html_text_put_collapsed(text, entity.first);
	else
		html_text_put(text, entity.first);
	if (entity.second != 0)
		html_text_put(text, entity.second);
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
