/*
 * charset.c - the bytes of a page made UTF-8; see charset.h.
 *
 * Each kind of set has a function that takes some bytes of the piece and
 * fills `out`; a character cut by the end of the piece waits in `hold`.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "charset.h"

#include <string.h>

#include "charset_iconv.h"
#include "utf8.h"

static const struct html_charset_info html_charset_guess = {
	"UTF-8", NULL, HTML_CHARSET_GUESS, NULL, NULL
};

void
html_charset_start(struct html_charset *c, const char *label, size_t len)
{
	html_charset_free(c);
	c->said = label != NULL ? html_charset_find(label, len) : NULL;
	c->info = NULL;
	c->finished = 0;
	c->at = c->end = c->rest = c->rest_end = NULL;
	c->head_len = c->hold_len = 0;
}

void
html_charset_free(struct html_charset *c)
{
	if (c->iconv != NULL)
		html_charset_iconv_close(c->iconv);
	c->iconv = NULL;
}

void
html_charset_feed(struct html_charset *c, const char *at, size_t len)
{
	c->at = len > 0 ? at : c->out;		/* never NULL */
	c->end = c->at + len;
}

void
html_charset_finish(struct html_charset *c)
{
	c->finished = 1;
	html_charset_feed(c, NULL, 0);
}

const char *
html_charset_name(const struct html_charset *c)
{
	return c->info != NULL ? c->info->name : NULL;
}

/* The set is known. */
static void
html_charset_use(struct html_charset *c, const struct html_charset_info *info)
{
	c->info = info;
	if (info->kind == HTML_CHARSET_ICONV)
		c->iconv = html_charset_iconv_open(info->iconv);
}

/* Decides by the first bytes; returns how long their byte order mark is. */
static size_t
html_charset_decide(struct html_charset *c, const char *at, size_t len)
{
	static const char marks[3][4] = { "\xEF\xBB\xBF", "\xFE\xFF",
	    "\xFF\xFE" };
	static const char *const names[3] = { "utf-8", "utf-16be",
	    "utf-16le" };
	const struct html_charset_info *info;
	size_t i, mark;

	for (i = 0; i < 3; i++) {
		mark = strlen(marks[i]);
		if (len >= mark && at[0] == marks[i][0] &&
		    memcmp(at, marks[i], mark) == 0) {
			html_charset_use(c, html_charset_find(names[i],
			    strlen(names[i])));
			return mark;
		}
	}
	info = c->said != NULL ? c->said : html_charset_declared(at, len);
	html_charset_use(c, info != NULL ? info : &html_charset_guess);
	return 0;
}

/*
 * Gathers first bytes until there are enough to decide; if the first piece
 * is long enough nothing is copied.  Returns whether the set is known.
 */
static int
html_charset_sniff(struct html_charset *c)
{
	size_t want = c->said != NULL ? 3 : HTML_CHARSET_HEAD;
	size_t got = (size_t)(c->end - c->at), take = want - c->head_len;

	if (c->head_len == 0 && got >= want) {
		c->at += html_charset_decide(c, c->at, want);
		return 1;
	}
	if (take > got)
		take = got;
	if (take > 0)
		memcpy(c->head + c->head_len, c->at, take);
	c->head_len += take;
	c->at += take;
	if (c->head_len < want && !c->finished)
		return 0;
	c->rest = c->at;
	c->rest_end = c->end;
	c->at = c->head + html_charset_decide(c, c->head, c->head_len);
	c->end = c->head + c->head_len;
	return 1;
}

/*
 * Hands through what is valid; at the first other bytes gives up UTF-8.  A
 * character that was cut is completed in `hold`, with what may belong to it.
 */
static size_t
html_charset_run_guess(struct html_charset *c, const char **at)
{
	size_t had = c->hold_len, got = (size_t)(c->end - c->at), n;
	size_t take = got < HTML_UTF8_MAX - had ? got : HTML_UTF8_MAX - had;
	int cut;

	memcpy(c->hold + had, c->at, take);
	*at = had > 0 ? c->hold : c->at;
	n = html_utf8_valid(*at, had > 0 ? had + take : got, &cut);
	if (n > 0) {
		c->at += n - had;
		c->hold_len = 0;
	} else if (cut && !c->finished) {
		c->hold_len += got;
		c->at = c->end;
	} else if (had + got > 0) {
		html_charset_use(c, html_charset_find("windows-1252", 12));
	}
	return n;
}

/*
 * Bytes that are characters: what was held, then the piece.  Of a set without
 * a table nothing is known but ASCII.
 */
static size_t
html_charset_run_single(struct html_charset *c)
{
	const uint16_t *table = c->info->table;
	size_t len = 0, i = 0;
	unsigned char b;
	uint32_t code;

	while (len + 3 <= sizeof(c->out)) {
		if (i < c->hold_len)
			b = (unsigned char)c->hold[i++];
		else if (c->at < c->end)
			b = (unsigned char)*c->at++;
		else
			break;
		code = b < 0x80 ? b : table != NULL ? table[b - 0x80] : 0;
		if (code == 0 && b != 0)
			code = HTML_UTF8_BAD;
		len += html_utf8_write(c->out + len, code);
	}
	c->hold_len = 0;
	return len;
}

static uint32_t
html_charset_unit(const struct html_charset *c, size_t i)
{
	uint32_t a = (unsigned char)c->hold[i];
	uint32_t b = (unsigned char)c->hold[i + 1];

	return c->info->kind == HTML_CHARSET_UTF16BE ? a << 8 | b : b << 8 | a;
}

/* Whether `hold` has all of a character of UTF-16. */
static int
html_charset_is_whole(const struct html_charset *c)
{
	return c->hold_len == 4 || (c->hold_len == 2 &&
	    (html_charset_unit(c, 0) & 0xFC00) != 0xD800);
}

/*
 * UTF-16: `hold` has up to two units; if there are two, the first should
 * begin a pair.
 */
static size_t
html_charset_run_utf16(struct html_charset *c)
{
	size_t len = 0, used;
	uint32_t code, low;

	while (len + 4 <= sizeof(c->out)) {
		if (!html_charset_is_whole(c)) {
			if (c->at == c->end)
				break;
			c->hold[c->hold_len++] = *c->at++;
			continue;
		}
		code = html_charset_unit(c, 0);
		used = 2;
		if ((code & 0xF800) == 0xD800) {
			low = c->hold_len == 4 ? html_charset_unit(c, 2) : 0;
			if ((low & 0xFC00) == 0xDC00) {
				code = 0x10000 + ((code & 0x3FF) << 10) +
				    (low & 0x3FF);
				used = 4;
			} else {
				code = HTML_UTF8_BAD;
			}
		}
		len += html_utf8_write(c->out + len, code);
		c->hold_len -= used;
		memmove(c->hold, c->hold + used, c->hold_len);
	}
	return len;
}

/* What only iconv knows, a buffer of input at a time. */
static size_t
html_charset_run_iconv(struct html_charset *c)
{
	size_t take = sizeof(c->hold) - c->hold_len, used, len;

	if (take > (size_t)(c->end - c->at))
		take = (size_t)(c->end - c->at);
	if (take == 0)
		return 0;
	memcpy(c->hold + c->hold_len, c->at, take);
	c->at += take;
	used = c->hold_len + take;
	c->hold_len = used;
	len = html_charset_iconv_run(c->iconv, c->hold, &used, c->out,
	    sizeof(c->out));
	c->hold_len -= used;
	memmove(c->hold, c->hold + used, c->hold_len);
	return len;
}

/* One step of decoding; it may use bytes up and yield none. */
static size_t
html_charset_step(struct html_charset *c, const char **at)
{
	size_t n;

	*at = c->out;
	switch (c->info->kind) {
	case HTML_CHARSET_UTF8:
		*at = c->at;
		n = (size_t)(c->end - c->at);
		c->at = c->end;
		return n;
	case HTML_CHARSET_GUESS:
		n = html_charset_run_guess(c, at);
		if (c->info->kind == HTML_CHARSET_GUESS)
			return n;
		break;
	case HTML_CHARSET_UTF16LE:
	case HTML_CHARSET_UTF16BE:
		return html_charset_run_utf16(c);
	case HTML_CHARSET_ICONV:
		if (c->iconv != NULL)
			return html_charset_run_iconv(c);
		break;
	default:
		break;
	}
	*at = c->out;
	return html_charset_run_single(c);
}

/* Decodes some of the piece; 0 when all is decoded or held. */
static size_t
html_charset_run(struct html_charset *c, const char **at)
{
	size_t len;

	do
		len = html_charset_step(c, at);
	while (len == 0 && c->at < c->end);
	return len;
}

int
html_charset_next(struct html_charset *c, const char **at, size_t *len)
{
	if (c->info == NULL && !html_charset_sniff(c))
		return 0;
	*len = html_charset_run(c, at);
	if (*len == 0 && c->rest != NULL) {
		c->at = c->rest;
		c->end = c->rest_end;
		c->rest = NULL;
		*len = html_charset_run(c, at);
	}
	if (*len == 0 && c->finished && c->hold_len > 0) {
		/* A character was cut by the end of the page. */
		c->hold_len = 0;
		*at = c->out;
		*len = html_utf8_write(c->out, HTML_UTF8_BAD);
	}
	return *len > 0;
}
