/*
 * charset.c - the bytes of a page made UTF-8; see charset.h.
 *
 * First the two questions, which set a label names and which label a page
 * declares; then a decoder for each kind of set; then the way of a page
 * through them, in pieces that are cut anywhere.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "charset.h"

#include <string.h>

#include "charset_data.h"
#include "scan.h"
#include "text.h"

/* ---- labels ---- */

/* Whether one of the words is the label, in letters of either case. */
static bool
html_charset_has_label(const char *words, const char *label, size_t len)
{
	size_t n;

	for (; *words != '\0'; words += n + strspn(words + n, " ")) {
		n = strcspn(words, " ");
		if (html_tag_same(label, len, words, n))
			return true;
	}
	return false;
}

const struct html_charset_info *
html_charset_find(const char *label, size_t len)
{
	static const size_t count = sizeof(html_charset_infos) /
	    sizeof(html_charset_infos[0]);
	const char *at = html_tag_skip_space(label, label + len);
	size_t i;

	len -= (size_t)(at - label);
	while (len > 0 && html_tag_is_space(at[len - 1]))
		len--;
	for (i = 0; i < count; i++)
		if (html_charset_has_label(html_charset_infos[i].labels, at,
		    len))
			return &html_charset_infos[i];
	return NULL;
}

/* ---- what a page declares (13.2.3.2) ---- */

/* What follows "charset=" in the value of a content attribute, or NULL. */
static const char *
html_charset_behind_equals(const char *at, const char *end)
{
	const char *next;

	for (; end - at >= 7; at++) {
		if (!html_tag_same(at, 7, "charset", 7))
			continue;
		next = html_tag_skip_space(at + 7, end);
		if (next < end && *next == '=')
			return html_tag_skip_space(next + 1, end);
	}
	return NULL;
}

/* The set that "text/html; charset=utf-8" names (HTML 2.5.4), or NULL. */
static const struct html_charset_info *
html_charset_in_content(const char *at, size_t len)
{
	const char *end = at + len, *stop;

	at = html_charset_behind_equals(at, end);
	if (at == NULL)
		return NULL;
	if (at < end && (*at == '"' || *at == '\'')) {
		stop = memchr(at + 1, *at, (size_t)(end - at - 1));
		return stop == NULL ? NULL :
		    html_charset_find(at + 1, (size_t)(stop - at - 1));
	}
	for (stop = at; stop < end && *stop != ';' &&
	    !html_tag_is_space(*stop);)
		stop++;
	return html_charset_find(at, (size_t)(stop - at));
}

/* The set that a start tag declares, or NULL. */
static const struct html_charset_info *
html_charset_in_meta(const struct html_scan_token *tag)
{
	const char *at;
	size_t len;

	if (tag->tag->id != HTML_TAG_META)
		return NULL;
	if (html_scan_value(tag, "charset", &at, &len))
		return html_charset_find(at, len);
	return html_scan_value(tag, "http-equiv", &at, &len) &&
	    html_tag_same(at, len, "content-type", 12) &&
	    html_scan_value(tag, "content", &at, &len) ?
	    html_charset_in_content(at, len) : NULL;
}

/*
 * The standard's own reader for this is a tokenizer that takes scripts for
 * markup.  So is ours, as long as nobody calls html_scan_raw.
 */
const struct html_charset_info *
html_charset_declared(const char *at, size_t len)
{
	const struct html_charset_info *info = NULL;
	struct html_scan scan;
	int found;

	html_scan_init(&scan);
	scan.want = HTML_SCAN_WANT_NOTED;
	html_scan_feed(&scan, at, len);
	while (info == NULL && (found = html_scan_next(&scan)) > 0)
		if (found == HTML_SCAN_START)
			info = html_charset_in_meta(&scan.token);
	html_scan_free(&scan);
	if (info == NULL)
		return NULL;
	/* In real UTF-16 the tag could not have been read. */
	if (info->kind == HTML_CHARSET_UTF16LE ||
	    info->kind == HTML_CHARSET_UTF16BE)
		return html_charset_find("utf-8", 5);
	if (strcmp(info->name, "x-user-defined") == 0)
		return html_charset_find("windows-1252", 12);
	return info;
}

/* ---- decoders ---- */

/*
 * A decoder gets *len bytes; in *len it says how many of them it has used,
 * of any 16 bytes at least one: what is left is the start of a character.  It
 * fills `out` and returns how many bytes of UTF-8 that is.
 */

/* The set is known. */
static void
html_charset_use(struct html_charset *c, const struct html_charset_info *info)
{
	html_multibyte_close(&c->multibyte);
	c->info = info;
	if (info->kind == HTML_CHARSET_MULTIBYTE)
		html_multibyte_open(&c->multibyte, info->multibyte);
}

/* Bytes that are characters; without a table nothing is known but ASCII. */
static size_t
html_charset_single(struct html_charset *c, const char *from, size_t *len)
{
	const uint16_t *table = c->info->table;
	size_t i, n = 0;

	for (i = 0; i < *len && n + HTML_UTF8_MAX <= sizeof(c->out); i++) {
		unsigned char b = (unsigned char)from[i];
		uint32_t code = b;

		if (b >= 0x80)
			code = table != NULL ? table[b - 0x80] : 0;
		if (code == 0 && b != 0)
			code = HTML_UTF8_BAD;
		n += html_utf8_write(c->out + n, code);
	}
	*len = i;
	return n;
}

/* A unit of UTF-16. */
static uint32_t
html_charset_unit(const struct html_charset *c, const char *from)
{
	uint32_t a = (unsigned char)from[0], b = (unsigned char)from[1];

	return c->info->kind == HTML_CHARSET_UTF16BE ? a << 8 | b : b << 8 | a;
}

/* Reads a character of UTF-16; returns its bytes, 0 when it is cut. */
static size_t
html_charset_read16(const struct html_charset *c, const char *from,
    size_t len, uint32_t *code)
{
	uint32_t unit, low = 0;

	if (len < 2)
		return 0;
	*code = unit = html_charset_unit(c, from);
	if ((unit & 0xF800) != 0xD800)
		return 2;
	if ((unit & 0xFC00) == 0xD800) {	/* the first half of a pair */
		if (len < 4)
			return 0;
		low = html_charset_unit(c, from + 2);
	}
	if ((low & 0xFC00) != 0xDC00) {
		*code = HTML_UTF8_BAD;
		return 2;
	}
	*code = 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
	return 4;
}

static size_t
html_charset_utf16(struct html_charset *c, const char *from, size_t *len)
{
	size_t i = 0, n = 0, used;
	uint32_t code;

	while (n + HTML_UTF8_MAX <= sizeof(c->out) &&
	    (used = html_charset_read16(c, from + i, *len - i, &code)) > 0) {
		n += html_utf8_write(c->out + n, code);
		i += used;
	}
	*len = i;
	return n;
}

/*
 * Hands through what is valid UTF-8, where it lies; the first other bytes end
 * the guess.
 */
static size_t
html_charset_guess(struct html_charset *c, const char *from, size_t *len,
    const char **out)
{
	bool cut;
	size_t n = html_utf8_valid(from, *len, &cut);

	if (n == 0 && *len > 0 && (!cut || c->finished)) {
		html_charset_use(c, html_charset_find("windows-1252", 12));
		return html_charset_single(c, from, len);
	}
	*out = from;
	*len = n;
	return n;
}

/* Calls the decoder of the set; where it gives its bytes is *out. */
static size_t
html_charset_decode(struct html_charset *c, const char *from, size_t *len,
    const char **out)
{
	*out = c->out;
	switch (c->info->kind) {
	case HTML_CHARSET_UTF8:
		*out = from;
		return *len;
	case HTML_CHARSET_GUESS:
		return html_charset_guess(c, from, len, out);
	case HTML_CHARSET_UTF16LE:
	case HTML_CHARSET_UTF16BE:
		return html_charset_utf16(c, from, len);
	case HTML_CHARSET_MULTIBYTE:
		if (c->multibyte.iconv != NULL)
			return html_multibyte_decode(&c->multibyte, c->out,
			    sizeof(c->out), from, len);
		break;
	default:
		break;
	}
	return html_charset_single(c, from, len);
}

/* ---- the first bytes of a page ---- */

void
html_charset_start(struct html_charset *c, const char *label, size_t len)
{
	html_charset_free(c);
	c->said = label != NULL ? html_charset_find(label, len) : NULL;
	c->info = NULL;
	c->finished = false;
	c->at = c->end = c->rest = c->rest_end = NULL;
	c->head_len = c->hold_len = 0;
}

/* Decides by the first bytes; returns how long their byte order mark is. */
static size_t
html_charset_choose(struct html_charset *c, const char *at, size_t len)
{
	static const struct html_charset_info guess = { "UTF-8", NULL,
	    HTML_CHARSET_GUESS, NULL, HTML_MULTIBYTE_NONE };
	static const char *const marks[][2] = { { "\xEF\xBB\xBF", "utf-8" },
	    { "\xFE\xFF", "utf-16be" }, { "\xFF\xFE", "utf-16le" } };
	const struct html_charset_info *info;
	size_t i, mark;

	for (i = 0; i < 3; i++) {
		mark = strlen(marks[i][0]);
		if (len >= mark && memcmp(at, marks[i][0], mark) == 0) {
			html_charset_use(c, html_charset_find(marks[i][1],
			    strlen(marks[i][1])));
			return mark;
		}
	}
	info = c->said != NULL ? c->said : html_charset_declared(at, len);
	html_charset_use(c, info != NULL ? info : &guess);
	return 0;
}

/*
 * Gathers first bytes until there are enough to decide; if the first piece
 * is long enough nothing is copied.  Returns whether the set is known.
 */
static bool
html_charset_sniff(struct html_charset *c)
{
	size_t want = c->said != NULL ? 3 : HTML_CHARSET_HEAD;
	size_t got = (size_t)(c->end - c->at), take = want - c->head_len;

	if (c->head_len == 0 && got >= want) {
		c->at += html_charset_choose(c, c->at, want);
		return true;
	}
	if (take > got)
		take = got;
	if (take > 0)
		memcpy(c->head + c->head_len, c->at, take);
	c->head_len += take;
	c->at += take;
	if (c->head_len < want && !c->finished)
		return false;
	c->rest = c->at;
	c->rest_end = c->end;
	c->at = c->head + html_charset_choose(c, c->head, c->head_len);
	c->end = c->head + c->head_len;
	return true;
}

/* ---- a page, in pieces ---- */

void
html_charset_feed(struct html_charset *c, const char *at, size_t len)
{
	c->at = len > 0 ? at : c->out;		/* never NULL */
	c->end = c->at + len;
}

void
html_charset_finish(struct html_charset *c)
{
	c->finished = true;
	html_charset_feed(c, NULL, 0);
}

/*
 * Decodes some of the piece; this may use bytes up and yield none.  A
 * character that was cut by the end of a piece waits in `hold`, and the first
 * bytes of the next piece are put behind it there.
 */
static size_t
html_charset_step(struct html_charset *c, const char **out)
{
	size_t had = c->hold_len, got = (size_t)(c->end - c->at), used, len;
	const char *from = c->at;

	if (had > 0) {
		if (got > sizeof(c->hold) - had)
			got = sizeof(c->hold) - had;
		memcpy(c->hold + had, c->at, got);
		from = c->hold;
	}
	used = had + got;
	len = html_charset_decode(c, from, &used, out);
	if (used >= had && used > 0) {
		c->at += used - had;
		c->hold_len = 0;
	} else if (used > 0) {
		c->hold_len -= used;
		memmove(c->hold, c->hold + used, c->hold_len);
	} else {
		memmove(c->hold, from, had + got);
		c->hold_len = had + got;
		c->at += got;
	}
	return len;
}

/* Decodes up to the first bytes that come out; 0 when all is used up. */
static size_t
html_charset_run(struct html_charset *c, const char **out)
{
	size_t len = 0;

	while (len == 0 && c->at < c->end)
		len = html_charset_step(c, out);
	return len;
}

/* A character was cut by the end of the page. */
static size_t
html_charset_end(struct html_charset *c, const char **out)
{
	size_t len = html_charset_step(c, out);

	if (len > 0)
		return len;
	c->hold_len = 0;
	return html_utf8_write(c->out, HTML_UTF8_BAD);
}

bool
html_charset_next(struct html_charset *c, const char **at, size_t *len)
{
	if (c->info == NULL && !html_charset_sniff(c))
		return false;
	*len = html_charset_run(c, at);
	if (*len == 0 && c->rest != NULL) {
		c->at = c->rest;
		c->end = c->rest_end;
		c->rest = NULL;
		*len = html_charset_run(c, at);
	}
	if (*len == 0 && c->finished && c->hold_len > 0)
		*len = html_charset_end(c, at);
	return *len > 0;
}

const char *
html_charset_name(const struct html_charset *c)
{
	return c->info != NULL ? c->info->name : NULL;
}

void
html_charset_free(struct html_charset *c)
{
	html_multibyte_close(&c->multibyte);
}
