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

#include <errno.h>
#include <string.h>

#include "charset_data.h"

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

/* The set that a declaration in ASCII means. */
static const struct html_charset_info *
html_charset_meant(const struct html_charset_info *info)
{
	if (info == NULL)
		return NULL;
	/* In real UTF-16 it could not have been read. */
	if (info->kind == HTML_CHARSET_UTF16LE ||
	    info->kind == HTML_CHARSET_UTF16BE)
		return html_charset_find("utf-8", 5);
	if (strcmp(info->name, "x-user-defined") == 0)
		return html_charset_find("windows-1252", 12);
	return info;
}

/* Scans a piece; the set that a tag in it declares, or NULL. */
static const struct html_charset_info *
html_charset_look(struct html_scan *scan, const char *at, size_t len, bool raw)
{
	const struct html_charset_info *info = NULL;
	int found;

	scan->want = HTML_SCAN_WANT_NOTED;
	html_scan_feed(scan, at, len);
	while (info == NULL && (found = html_scan_next(scan)) > 0) {
		if (found != HTML_SCAN_START)
			continue;
		if (raw && scan->token.tag->text != HTML_TAG_TEXT_DATA)
			html_scan_raw(scan);
		info = html_charset_in_meta(&scan->token);
	}
	return html_charset_meant(info);
}

/*
 * The standard's own reader for this is a tokenizer that takes scripts for
 * markup.  So is ours, without raw text.
 */
const struct html_charset_info *
html_charset_declared(const char *at, size_t len)
{
	const struct html_charset_info *info;
	struct html_scan scan;

	html_scan_init(&scan);
	info = html_charset_look(&scan, at, len, false);
	html_scan_free(&scan);
	return info;
}

/* Where a word begins, or `end`. */
static const char *
html_charset_word(const char *at, const char *end, const char *word)
{
	size_t len = strlen(word);

	for (; (size_t)(end - at) >= len; at++)
		if (memcmp(at, word, len) == 0)
			return at;
	return end;
}

static const char *
html_charset_skip_blanks(const char *at, const char *end)
{
	while (at < end && (unsigned char)*at <= ' ')
		at++;
	return at;
}

/* The set of an XML declaration, `<?xml encoding="utf-8"?>`, or NULL. */
static const struct html_charset_info *
html_charset_in_xml(const char *at, size_t len)
{
	static const char word[] = "encoding";
	const char *end, *stop, *p;

	if (len < 5 || memcmp(at, "<?xml", 5) != 0 ||
	    (end = memchr(at, '>', len)) == NULL)
		return NULL;
	at = html_charset_word(at, end, word);
	if (at == end)
		return NULL;
	at = html_charset_skip_blanks(at + strlen(word), end);
	if (*at != '=')
		return NULL;
	at = html_charset_skip_blanks(at + 1, end);
	if ((*at != '"' && *at != '\'') ||
	    (stop = memchr(at + 1, *at, (size_t)(end - at - 1))) == NULL)
		return NULL;
	for (p = ++at; p < stop; p++)
		if ((unsigned char)*p <= ' ')
			return NULL;
	return html_charset_meant(html_charset_find(at, (size_t)(stop - at)));
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
	html_multibyte_close(&c->encoder);
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
	default:
		return c->multibyte.iconv == NULL ?
		    html_charset_single(c, from, len) :
		    html_multibyte_decode(&c->multibyte, c->out,
		    sizeof(c->out), from, len);
	}
}

/* ---- the first bytes of a page ---- */

void
html_charset_start(struct html_charset *c, const char *label, size_t len)
{
	html_charset_free(c);
	c->said = label != NULL ? html_charset_find(label, len) : NULL;
	c->info = c->next = NULL;
	c->search = HTML_CHARSET_AT_HEAD;
	c->finished = false;
	c->at = c->end = c->more = c->more_end = c->out;	/* never NULL */
	c->head_len = c->cut_len = 0;
}

/* What the first bytes show before any tag is read: a mark, or UTF-16. */
static const struct html_charset_info *
html_charset_marked(const char *at, size_t len, size_t *mark)
{
	static const struct {
		const char *bytes;
		size_t len, mark;
		const char *label;
	} marks[] = {
		{ "\xEF\xBB\xBF", 3, 3, "utf-8" },
		{ "\xFE\xFF", 2, 2, "utf-16be" },
		{ "\xFF\xFE", 2, 2, "utf-16le" },
		{ "<\0?\0x", 6, 0, "utf-16le" },	/* an XML declaration */
		{ "\0<\0?\0x", 6, 0, "utf-16be" }
	};
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (len < marks[i].len ||
		    memcmp(at, marks[i].bytes, marks[i].len) != 0)
			continue;
		*mark = marks[i].mark;
		return html_charset_find(marks[i].label,
		    strlen(marks[i].label));
	}
	return NULL;
}

/* What decides, in words. */
static const char html_charset_meta[] = "a <meta> of the page";
static const char html_charset_xml[] = "an XML declaration";

/*
 * Decides by the first bytes, for good or until a tag behind them says
 * something else.  Returns how long their byte order mark is.
 */
static size_t
html_charset_choose(struct html_charset *c, const char *at, size_t len)
{
	static const struct html_charset_info guess = { "UTF-8", NULL,
	    HTML_CHARSET_GUESS, NULL, HTML_MULTIBYTE_NONE };
	const struct html_charset_info *info;
	size_t mark = 0;

	c->search = HTML_CHARSET_SETTLED;
	info = html_charset_marked(at, len, &mark);
	c->why = mark > 0 ? "a byte order mark" : html_charset_xml;
	if (c->said != NULL && mark == 0) {
		info = c->said;
		c->why = "the Content-Type";
	}
	if (info == NULL) {
		info = html_charset_declared(at, len);
		c->why = html_charset_meta;
	}
	if (info == NULL) {
		c->search = HTML_CHARSET_IN_HOLD;
		info = html_charset_in_xml(at, len);
		c->why = info != NULL ? html_charset_xml :
		    "a guess by its bytes, as nothing tells";
	}
	html_charset_use(c, info != NULL ? info : &guess);
	return mark;
}

/* Copies bytes until `want` are held; returns where the new ones are. */
static const char *
html_charset_gather(struct html_charset *c, size_t want)
{
	char *to = c->head + c->head_len;
	size_t got = (size_t)(c->more_end - c->more);
	size_t take = want - c->head_len;

	if (take > got)
		take = got;
	memcpy(to, c->more, take);
	c->head_len += take;
	c->more += take;
	return to;
}

/* The bytes that were held can be decoded. */
static void
html_charset_release(struct html_charset *c)
{
	c->at = c->head;
	c->end = c->head + c->head_len;
	c->head_len = 0;
}

/* How many bytes mean the same in all sets but UTF-16, from the first on. */
static size_t
html_charset_plain(const char *at, size_t len)
{
	size_t i = 0;

	/* ESC begins other letters in ISO-2022-JP. */
	while (i < len && (unsigned char)at[i] < 0x80 && at[i] != 0x1B)
		i++;
	return i;
}

/* Looks for a declaration in what follows the bytes looked at before. */
static bool
html_charset_finds(struct html_charset *c, const char *at, size_t len)
{
	c->next = html_charset_look(&c->scan, at, len, true);
	return c->next != NULL;
}

/* The search has ended. */
static void
html_charset_settle(struct html_charset *c)
{
	html_charset_use(c, c->next);
	c->why = html_charset_meta;
	c->next = NULL;
	c->search = HTML_CHARSET_SETTLED;
}

/*
 * Gathers first bytes until there are enough to decide; if the first piece
 * is long enough and decides, nothing is copied.  Returns whether there is a
 * set.
 */
static bool
html_charset_sniff(struct html_charset *c)
{
	size_t want = c->said != NULL ? 3 : HTML_CHARSET_HEAD;
	size_t got = (size_t)(c->more_end - c->more), mark;

	if (c->head_len == 0 && got >= want) {
		c->more += html_charset_choose(c, c->more, want);
		if (c->search == HTML_CHARSET_SETTLED)
			return true;
	}
	html_charset_gather(c, want);
	if (c->head_len < want && !c->finished)
		return false;
	mark = html_charset_choose(c, c->head, c->head_len);
	if (c->search == HTML_CHARSET_IN_HOLD) {
		if (html_charset_finds(c, c->head, c->head_len))
			html_charset_settle(c);
		else if (html_charset_plain(c->head, c->head_len) ==
		    c->head_len)
			c->search = HTML_CHARSET_IN_ASCII;
		else
			return true;
	}
	html_charset_release(c);
	c->at += mark;
	return true;
}

/* ---- behind the first bytes (13.2.3.4) ---- */

/* While there was only ASCII, it goes on, whatever the set may be. */
static void
html_charset_pass(struct html_charset *c)
{
	size_t n = html_charset_plain(c->more,
	    (size_t)(c->more_end - c->more));

	c->at = c->more;
	c->end = c->more += n;
	if (n == 0)
		c->search = HTML_CHARSET_IN_HOLD;
	else if (html_charset_finds(c, c->at, n))
		html_charset_settle(c);
}

/* Holds back what may be in another set; not too much of it. */
static void
html_charset_wait(struct html_charset *c)
{
	const char *from = html_charset_gather(c, sizeof(c->head));

	if (html_charset_finds(c, from,
	    (size_t)(c->head + c->head_len - from)))
		html_charset_settle(c);
	else if (c->head_len == sizeof(c->head) || c->finished)
		c->search = HTML_CHARSET_BEHIND_HOLD;
	if (c->search != HTML_CHARSET_IN_HOLD)
		html_charset_release(c);
}

/* All that is there goes on, but up to a declaration at first. */
static void
html_charset_hurry(struct html_charset *c)
{
	c->at = c->more;
	c->end = c->more_end;
	if (c->search == HTML_CHARSET_BEHIND_HOLD &&
	    html_charset_finds(c, c->at, (size_t)(c->end - c->at)))
		c->end = c->scan.at;
	c->more = c->end;
}

/* Finds more to decode; returns false when there is none. */
static bool
html_charset_refill(struct html_charset *c)
{
	if (c->next != NULL)
		html_charset_settle(c);
	if (c->more == c->more_end &&
	    (c->search != HTML_CHARSET_IN_HOLD || !c->finished))
		return false;
	if (c->search == HTML_CHARSET_IN_ASCII)
		html_charset_pass(c);
	else if (c->search == HTML_CHARSET_IN_HOLD)
		html_charset_wait(c);
	else
		html_charset_hurry(c);
	return true;
}

/* ---- a page, in pieces ---- */

void
html_charset_feed(struct html_charset *c, const char *at, size_t len)
{
	c->more = len > 0 ? at : c->out;
	c->more_end = c->more + len;
}

void
html_charset_finish(struct html_charset *c)
{
	c->finished = true;
	html_charset_feed(c, NULL, 0);
}

/*
 * Decodes some of the piece; this may use bytes up and yield none.  A
 * character that was cut by the end of a piece waits in `cut`, and the first
 * bytes of the next piece are put behind it there.
 */
static size_t
html_charset_step(struct html_charset *c, const char **out)
{
	size_t had = c->cut_len, got = (size_t)(c->end - c->at), used, len;
	const char *from = c->at;

	if (had > 0) {
		if (got > sizeof(c->cut) - had)
			got = sizeof(c->cut) - had;
		memcpy(c->cut + had, c->at, got);
		from = c->cut;
	}
	used = had + got;
	len = html_charset_decode(c, from, &used, out);
	if (used >= had && used > 0) {
		c->at += used - had;
		c->cut_len = 0;
	} else if (used > 0) {
		c->cut_len -= used;
		memmove(c->cut, c->cut + used, c->cut_len);
	} else {
		memmove(c->cut, from, had + got);
		c->cut_len = had + got;
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
	c->cut_len = 0;
	return html_utf8_write(c->out, HTML_UTF8_BAD);
}

bool
html_charset_next(struct html_charset *c, const char **at, size_t *len)
{
	if (c->info == NULL && !html_charset_sniff(c))
		return false;
	do {
		*len = html_charset_run(c, at);
	} while (*len == 0 && html_charset_refill(c));
	if (*len == 0 && c->finished && c->cut_len > 0)
		*len = html_charset_end(c, at);
	return *len > 0;
}

const char *
html_charset_name(const struct html_charset *c)
{
	return c->info != NULL ? c->info->name : NULL;
}

const char *
html_charset_why(const struct html_charset *c)
{
	return c->info != NULL ? c->why : NULL;
}

void
html_charset_free(struct html_charset *c)
{
	html_multibyte_close(&c->multibyte);
	html_multibyte_close(&c->encoder);
	html_scan_free(&c->scan);
}

/* ---- the query of an address ---- */

/* A byte of a query, percent-encoded if a URL parser might change it. */
static int
html_charset_add_byte(struct html_text *text, char byte)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)byte;
	char code[3] = { '%', hex[c >> 4], hex[c & 15] };

	if (c > ' ' && c < 0x7F && c != '#')
		return html_text_add(text, &byte, 1);
	return html_text_add(text, code, 3);
}

/* What leads back to ASCII, in a set that has such. */
static int
html_charset_add_ascii(struct html_charset *c, struct html_text *text)
{
	char bytes[HTML_MULTIBYTE_MAX];
	size_t i, n = html_multibyte_end(&c->encoder, bytes);
	int error = 0;

	for (i = 0; i < n && error == 0; i++)
		error = html_charset_add_byte(text, bytes[i]);
	return error;
}

/* A letter that the set does not have, as a character reference. */
static int
html_charset_add_number(struct html_text *text, uint32_t code)
{
	char number[24];
	size_t at = sizeof(number) - 3;

	memcpy(number + at, "%3B", 3);
	do {
		number[--at] = (char)('0' + code % 10);
		code /= 10;
	} while (code > 0);
	at -= 6;
	memcpy(number + at, "%26%23", 6);
	return html_text_add(text, number + at, sizeof(number) - at);
}

/* The byte of a single-byte set for a letter that is not ASCII; 0: none. */
static char
html_charset_single_byte(const uint16_t *table, uint32_t code)
{
	unsigned i;

	for (i = 0; i < 128; i++)
		if (table[i] == code)
			return (char)(unsigned char)(i + 0x80);
	return 0;
}

/* A letter of a query, in the set. */
static int
html_charset_add_letter(struct html_charset *c, struct html_text *text,
    uint32_t code)
{
	char bytes[HTML_MULTIBYTE_MAX];
	size_t i, n = 1;
	int error = 0;

	if (c->info->kind == HTML_CHARSET_MULTIBYTE) {
		n = html_multibyte_encode(&c->encoder, bytes, code);
	} else {
		bytes[0] = html_charset_single_byte(c->info->table, code);
		n = bytes[0] != 0;
	}
	for (i = 0; i < n && error == 0; i++)
		error = html_charset_add_byte(text, bytes[i]);
	if (n > 0 || error < 0)
		return error;
	error = html_charset_add_ascii(c, text);
	return error < 0 ? error : html_charset_add_number(text, code);
}

/* What stands between `?` and `#`, all that is not ASCII encoded. */
static int
html_charset_add_query(struct html_charset *c, struct html_text *text,
    const char *at, size_t len)
{
	uint32_t code;
	size_t i, n;
	int error = 0;

	for (i = 0; i < len && error == 0; i += n) {
		n = html_utf8_read(&code, at + i, len - i);
		if (code >= 0x80) {
			error = html_charset_add_letter(c, text, code);
			continue;
		}
		error = html_charset_add_ascii(c, text);
		if (error == 0)
			error = html_text_add(text, at + i, 1);
	}
	return error < 0 ? error : html_charset_add_ascii(c, text);
}

/* Gets the encoder of the set ready; it stays until the set changes. */
static int
html_charset_prepare(struct html_charset *c)
{
	int error;

	if (c->info->kind != HTML_CHARSET_MULTIBYTE || c->encoder.map != NULL)
		return 0;
	html_multibyte_open(&c->encoder, c->info->multibyte);
	error = html_multibyte_prepare(&c->encoder);
	if (error < 0)
		html_multibyte_close(&c->encoder);
	return error;
}

/* Whether the set is one that queries are written in. */
static bool
html_charset_is_legacy(const struct html_charset *c)
{
	return c->info != NULL && (c->info->kind == HTML_CHARSET_SINGLE ||
	    c->info->kind == HTML_CHARSET_MULTIBYTE);
}

int
html_charset_query(struct html_charset *c, struct html_text *text,
    const char **at, size_t *len)
{
	const char *end = *at + *len, *query, *hash;
	size_t n;

	if (!html_charset_is_legacy(c))
		return 0;
	hash = memchr(*at, '#', *len);
	hash = hash != NULL ? hash : end;
	query = memchr(*at, '?', (size_t)(hash - *at));
	if (query == NULL)
		return 0;
	n = (size_t)(hash - query);
	if (html_charset_plain(query, n) == n)
		return 0;
	text->len = 0;
	if (html_charset_prepare(c) < 0 ||
	    html_text_add(text, *at, (size_t)(query - *at)) < 0 ||
	    html_charset_add_query(c, text, query, n) < 0 ||
	    html_text_add(text, hash, (size_t)(end - hash)) < 0)
		return -ENOMEM;
	*at = text->at;
	*len = text->len;
	return 0;
}
