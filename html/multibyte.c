/*
 * multibyte.c - character sets of more than one byte; see multibyte.h.
 *
 * First what is left of iconv(3) when the system's differences are off; then
 * what is looked up beside it; then both ways, decoding and encoding.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "multibyte.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "multibyte_data.h"
#include "text.h"

/* ---- iconv ---- */

/*
 * POSIX has iconv in the C library.  OpenBSD does not, macOS wants a library
 * to be named; for these, or with HTML_NO_ICONV, there is none.
 */
#if defined(__OpenBSD__) || defined(__APPLE__) || defined(HTML_NO_ICONV)

static void *
html_multibyte_iconv_open(const char *name)
{
	(void)name;
	return NULL;
}

static bool
html_multibyte_iconv(void *conversion, const char **at, const char *end,
    char **to, size_t *room)
{
	(void)conversion;
	(void)at;
	(void)end;
	(void)to;
	(void)room;
	return false;
}

static void
html_multibyte_iconv_close(void *conversion)
{
	(void)conversion;
}

#else

#include <iconv.h>

/* A conversion to UTF-8, or NULL when there is none. */
static void *
html_multibyte_iconv_open(const char *name)
{
	iconv_t conversion = iconv_open("UTF-8", name);

	/* An iconv_t is a pointer everywhere, but -1 when it is none. */
	return conversion == (iconv_t)-1 ? NULL : (void *)conversion;
}

/* Converts up to `end`, true, or to what iconv does not know. */
static bool
html_multibyte_iconv(void *conversion, const char **at, const char *end,
    char **to, size_t *room)
{
	/* The input is not written to; POSIX forgot to say so. */
	char *from = (char *)(size_t)*at;
	size_t left = (size_t)(end - *at);
	size_t result = iconv((iconv_t)conversion, &from, &left, to, room);

	*at = from;
	/* Some pairs are two letters, and glibc keeps the second one. */
	iconv((iconv_t)conversion, NULL, NULL, to, room);
	return result != (size_t)-1;
}

static void
html_multibyte_iconv_close(void *conversion)
{
	iconv_close((iconv_t)conversion);
}

#endif

/* ---- the sets, and how they differ from iconv's ---- */

/* First bytes from and to, and which second bytes may follow them. */
struct html_multibyte_range {
	unsigned char lead, last_lead, trail, last_trail;
};

/* What is to be known of a set. */
struct html_multibyte_info {
	/* Names for iconv; those first that are nearer to the standard. */
	const char *names[2];
	/*
	 * Pairs that iconv is asked for.  musl's reads behind its tables if it
	 * gets others, so some ranges of leads have no trails; what pairs they
	 * do have are patches.  A trail of 0 is no pair, but a single byte.
	 */
	const struct html_multibyte_range *ranges;
	const struct html_multibyte_patch *patches;	/* sorted by bytes */
	size_t patch_count;
};

static const struct html_multibyte_range html_multibyte_big5_ranges[] = {
	{ 0x81, 0xFE, 0x40, 0x7E }, { 0x81, 0xFE, 0xA1, 0xFE }, { 0, 0, 0, 0 }
};
static const struct html_multibyte_range html_multibyte_gb_ranges[] = {
	{ 0x81, 0xFE, 0x40, 0x7E }, { 0x81, 0xFE, 0x80, 0xFE }, { 0, 0, 0, 0 }
};
static const struct html_multibyte_range html_multibyte_kr_ranges[] = {
	{ 0x81, 0xC6, 0x41, 0xFE }, { 0xC7, 0xFE, 0xA1, 0xFE }, { 0, 0, 0, 0 }
};
static const struct html_multibyte_range html_multibyte_euc_ranges[] = {
	{ 0x8E, 0x8E, 0xA1, 0xDF }, { 0x8F, 0x8F, 0xFF, 0xFE },
	{ 0xA1, 0xFE, 0xA1, 0xFE }, { 0, 0, 0, 0 }
};
static const struct html_multibyte_range html_multibyte_sjis_ranges[] = {
	{ 0x81, 0x9F, 0x40, 0x7E }, { 0x81, 0x9F, 0x80, 0xFC },
	{ 0xE0, 0xEA, 0x40, 0x7E }, { 0xE0, 0xEA, 0x80, 0xFC },
	{ 0xF0, 0xF9, 0x40, 0x7E }, { 0xF0, 0xF9, 0x80, 0xFC },
	{ 0xEB, 0xEF, 0xFF, 0xFE }, { 0xFA, 0xFC, 0xFF, 0xFE },
	{ 0xA1, 0xDF, 0, 0 }, { 0, 0, 0, 0 }
};

#define HTML_MULTIBYTE_PATCHES(array) (array), \
    sizeof(array) / sizeof((array)[0])

static const struct html_multibyte_info html_multibyte_infos[] = {
	[HTML_MULTIBYTE_NONE] = { { NULL, NULL }, NULL, NULL, 0 },
	[HTML_MULTIBYTE_BIG5] = { { "BIG5-HKSCS", "BIG5" },
	    html_multibyte_big5_ranges,
	    HTML_MULTIBYTE_PATCHES(html_multibyte_big5) },
	[HTML_MULTIBYTE_EUC_JP] = { { "EUC-JP-MS", "EUC-JP" },
	    html_multibyte_euc_ranges,
	    HTML_MULTIBYTE_PATCHES(html_multibyte_euc_jp) },
	[HTML_MULTIBYTE_EUC_KR] = { { "CP949", "EUC-KR" },
	    html_multibyte_kr_ranges,
	    HTML_MULTIBYTE_PATCHES(html_multibyte_euc_kr) },
	[HTML_MULTIBYTE_GBK] = { { "GB18030", "GBK" },
	    html_multibyte_gb_ranges,
	    HTML_MULTIBYTE_PATCHES(html_multibyte_gb18030) },
	[HTML_MULTIBYTE_GB18030] = { { "GB18030", "GBK" },
	    html_multibyte_gb_ranges,
	    HTML_MULTIBYTE_PATCHES(html_multibyte_gb18030) },
	[HTML_MULTIBYTE_ISO_2022_JP] = { { "EUC-JP-MS", "EUC-JP" },
	    html_multibyte_euc_ranges,
	    HTML_MULTIBYTE_PATCHES(html_multibyte_euc_jp) },
	[HTML_MULTIBYTE_SHIFT_JIS] = { { "CP932", "SHIFT_JIS" },
	    html_multibyte_sjis_ranges,
	    HTML_MULTIBYTE_PATCHES(html_multibyte_shift_jis) }
};

bool
html_multibyte_open(struct html_multibyte *m, enum html_multibyte_set set)
{
	size_t i;

	m->iconv = NULL;
	m->map = NULL;
	m->set = set;
	m->mode = HTML_MULTIBYTE_ASCII;
	for (i = 0; i < 2 && m->iconv == NULL; i++)
		if (html_multibyte_infos[set].names[i] != NULL)
			m->iconv = html_multibyte_iconv_open(
			    html_multibyte_infos[set].names[i]);
	return m->iconv != NULL;
}

void
html_multibyte_close(struct html_multibyte *m)
{
	if (m->iconv != NULL)
		html_multibyte_iconv_close(m->iconv);
	free(m->map);
	m->iconv = NULL;
	m->map = NULL;
}

/* What the standard says of bytes that iconv gets wrong, or NULL. */
static const struct html_multibyte_patch *
html_multibyte_find(const struct html_multibyte *m, unsigned bytes)
{
	const struct html_multibyte_info *info = &html_multibyte_infos[m->set];
	const struct html_multibyte_patch *patch = info->patches;
	size_t count = info->patch_count, half;

	for (; count > 0; count = half) {
		half = count / 2;
		if (patch[half].bytes == bytes)
			return &patch[half];
		if (patch[half].bytes < bytes) {
			patch += half + 1;
			half = count - half - 1;
		}
	}
	return NULL;
}

/* ---- a character at a time ---- */

/* What is to be done with some bytes. */
enum html_multibyte_kind {
	HTML_MULTIBYTE_PLAIN,		/* to be given to iconv */
	HTML_MULTIBYTE_KNOWN,		/* `code` is what they mean */
	HTML_MULTIBYTE_CUT		/* there are too few of them */
};

struct html_multibyte_char {
	enum html_multibyte_kind kind;
	size_t width;			/* how many bytes it is */
	uint32_t code;
};

static struct html_multibyte_char
html_multibyte_plain(size_t width)
{
	struct html_multibyte_char c = { HTML_MULTIBYTE_PLAIN, width, 0 };

	return c;
}

static struct html_multibyte_char
html_multibyte_known(size_t width, uint32_t code)
{
	struct html_multibyte_char c = { HTML_MULTIBYTE_KNOWN, width, code };

	return c;
}

/* So many bytes mean nothing; if the last is ASCII, it means itself. */
static struct html_multibyte_char
html_multibyte_bad(const char *at, size_t width)
{
	if (width > 1 && (unsigned char)at[width - 1] < 0x80)
		width--;
	return html_multibyte_known(width, HTML_UTF8_BAD);
}

static bool
html_multibyte_is_in(char byte, unsigned char from, unsigned char to)
{
	return (unsigned char)byte >= from && (unsigned char)byte <= to;
}

/* Whether bytes, of which the first can lead more than one, are cut. */
static bool
html_multibyte_is_cut(const struct html_multibyte *m, const char *at,
    size_t left)
{
	if (left < 2)
		return true;
	if (html_multibyte_infos[m->set].ranges == html_multibyte_gb_ranges)
		return left < 4 && html_multibyte_is_in(at[1], '0', '9');
	return left < 3 && *at == '\x8F' &&
	    html_multibyte_is_in(at[1], 0xA1, 0xFE) &&
	    html_multibyte_infos[m->set].ranges == html_multibyte_euc_ranges;
}

/* What number n of the four bytes means (Encoding 5); 0: nothing. */
static uint32_t
html_multibyte_four_code(unsigned long n)
{
	const struct html_multibyte_patch *row = html_multibyte_fours;
	size_t i = sizeof(html_multibyte_fours) / sizeof(*row) - 1;

	if (n >= 189000 && n <= 1237575)
		return (uint32_t)(n - 189000) + 0x10000;
	if (n > 39419)
		return 0;
	if (n == 7457)
		return 0xE7C7;
	while (row[i].bytes > n)
		i--;
	return (uint32_t)(row[i].code + (n - row[i].bytes));
}

/*
 * Four bytes of GB 18030, the second and the fourth of which are digits; it is
 * better not to ask musl for them.
 */
static struct html_multibyte_char
html_multibyte_four(const char *at)
{
	unsigned long n;
	uint32_t code;

	if (!html_multibyte_is_in(at[2], 0x81, 0xFE) ||
	    !html_multibyte_is_in(at[3], '0', '9'))
		return html_multibyte_bad(at, 2);
	n = (unsigned char)at[0] - 0x81ul;
	n = n * 10 + (unsigned char)at[1] - '0';
	n = n * 126 + (unsigned char)at[2] - 0x81;
	n = n * 10 + (unsigned char)at[3] - '0';
	code = html_multibyte_four_code(n);
	return code != 0 ? html_multibyte_known(4, code) :
	    html_multibyte_bad(at, 2);
}

/* Three bytes of EUC-JP, which mean JIS X 0212. */
static struct html_multibyte_char
html_multibyte_three(const char *at)
{
	if (!html_multibyte_is_in(at[1], 0xA1, 0xFE))
		return html_multibyte_bad(at, 2);
	return html_multibyte_is_in(at[2], 0xA1, 0xFE) ?
	    html_multibyte_plain(3) : html_multibyte_bad(at, 3);
}

/* Two bytes or more, the first of which can lead them. */
static struct html_multibyte_char
html_multibyte_long(const struct html_multibyte *m, const char *at)
{
	const struct html_multibyte_range *r =
	    html_multibyte_infos[m->set].ranges;
	const struct html_multibyte_patch *patch;

	if (r == html_multibyte_gb_ranges &&
	    html_multibyte_is_in(at[1], '0', '9'))
		return html_multibyte_four(at);
	if (r == html_multibyte_euc_ranges && *at == '\x8F')
		return html_multibyte_three(at);
	patch = html_multibyte_find(m, (unsigned)(unsigned char)at[0] << 8 |
	    (unsigned char)at[1]);
	if (patch != NULL)
		return html_multibyte_known(2, patch->code);
	for (; r->lead != 0; r++)
		if (html_multibyte_is_in(*at, r->lead, r->last_lead) &&
		    html_multibyte_is_in(at[1], r->trail, r->last_trail))
			return html_multibyte_plain(2);
	return html_multibyte_bad(at, 2);
}

/* Reads what stands at `at`. */
static struct html_multibyte_char
html_multibyte_read(const struct html_multibyte *m, const char *at,
    const char *end)
{
	static const struct html_multibyte_char cut = { HTML_MULTIBYTE_CUT, 0,
	    0 };
	const struct html_multibyte_range *r =
	    html_multibyte_infos[m->set].ranges;
	const struct html_multibyte_patch *patch;

	if ((unsigned char)*at < 0x80)
		return html_multibyte_plain(1);
	while (r->lead != 0 &&
	    !html_multibyte_is_in(*at, r->lead, r->last_lead))
		r++;
	if (r->lead == 0) {
		patch = html_multibyte_find(m, (unsigned char)*at);
		return patch != NULL ? html_multibyte_known(1, patch->code) :
		    html_multibyte_bad(at, 1);
	}
	if (r->trail == 0)
		return html_multibyte_plain(1);
	if (html_multibyte_is_cut(m, at, (size_t)(end - at)))
		return cut;
	return html_multibyte_long(m, at);
}

/* ---- decoding ---- */

/*
 * Decodes whole characters by iconv, which may know them.  One that it does
 * not know is passed as its kind says, so that the others keep their places.
 */
static void
html_multibyte_run(const struct html_multibyte *m, char **to, size_t *room,
    const char *at, const char *end)
{
	size_t n;

	while (at < end && !html_multibyte_iconv(m->iconv, &at, end, to,
	    room)) {
		if (at < end) {
			n = html_multibyte_read(m, at, end).width;
			at += html_multibyte_bad(at, n).width;
		}
		n = html_utf8_write(*to, HTML_UTF8_BAD);
		*to += n;
		*room -= n;
	}
}

/* Decodes all sets but ISO-2022-JP. */
static size_t
html_multibyte_many(const struct html_multibyte *m, char *out, size_t room,
    const char *from, size_t *len)
{
	/* No byte becomes more than eight. */
	const char *at = from, *stop;
	const char *end = from + (*len < room / 8 ? *len : room / 8);
	struct html_multibyte_char c;
	char *to = out;
	size_t n;

	while (at < end) {
		stop = at;
		do {
			c = html_multibyte_read(m, stop, end);
			if (c.kind == HTML_MULTIBYTE_PLAIN)
				stop += c.width;
		} while (c.kind == HTML_MULTIBYTE_PLAIN && stop < end);
		html_multibyte_run(m, &to, &room, at, stop);
		at = stop;
		if (c.kind == HTML_MULTIBYTE_CUT)
			break;
		if (c.kind == HTML_MULTIBYTE_PLAIN)
			continue;
		n = html_utf8_write(to, c.code);
		to += n;
		room -= n;
		at += c.width;
	}
	*len = (size_t)(at - from);
	return (size_t)(to - out);
}

/* ---- ISO-2022-JP ---- */

/* The modes' marks, all three bytes long. */
static const char *const html_multibyte_escapes[] = {
	[HTML_MULTIBYTE_ASCII] = "\x1B(B", [HTML_MULTIBYTE_ROMAN] = "\x1B(J",
	[HTML_MULTIBYTE_KATAKANA] = "\x1B(I", [HTML_MULTIBYTE_KANJI] = "\x1B$B"
};

/* Whether a mark stands here; then it counts. */
static bool
html_multibyte_escape(struct html_multibyte *m, const char *at)
{
	unsigned i;

	if (memcmp(at, "\x1B$@", 3) == 0) {	/* an older Kanji */
		m->mode = HTML_MULTIBYTE_KANJI;
		return true;
	}
	for (i = 0; i < 4; i++) {
		if (memcmp(at, html_multibyte_escapes[i], 3) == 0) {
			m->mode = (enum html_multibyte_mode)i;
			return true;
		}
	}
	return false;
}

/* What a single byte means in the mode. */
static uint32_t
html_multibyte_single(const struct html_multibyte *m, unsigned char b)
{
	if (m->mode == HTML_MULTIBYTE_KATAKANA)
		return b >= 0x21 && b <= 0x5F ? 0xFF40u + b : HTML_UTF8_BAD;
	if (m->mode == HTML_MULTIBYTE_ROMAN && b == 0x5C)
		return 0xA5;
	if (m->mode == HTML_MULTIBYTE_ROMAN && b == 0x7E)
		return 0x203E;
	return b < 0x80 && b != 0x0E && b != 0x0F && b != 0x1B ? b :
	    HTML_UTF8_BAD;
}

/* Decodes two bytes as a pair of EUC-JP, which has the high bits set. */
static size_t
html_multibyte_kanji(struct html_multibyte *m, char *out, size_t room,
    const char *at, size_t *used)
{
	char pair[2];
	size_t i, len = 2;

	for (i = 0; i < 2; i++) {
		pair[i] = (char)(at[i] | 0x80);
		if (at[i] < 0x21 || at[i] > 0x7E) {
			/* An escape ends the pair, and is read again. */
			*used = i > 0 && at[1] != 0x1B ? 2 : 1;
			return html_utf8_write(out, HTML_UTF8_BAD);
		}
	}
	*used = 2;
	return html_multibyte_many(m, out, room, pair, &len);
}

/* Decodes a character or a mark; *used is 0 when it is cut. */
static size_t
html_multibyte_step(struct html_multibyte *m, char *out, size_t room,
    const char *at, size_t left, size_t *used)
{
	if (*at == 0x1B) {
		*used = left < 3 ? 0 : html_multibyte_escape(m, at) ? 3 : 1;
		return *used == 1 ? html_utf8_write(out, HTML_UTF8_BAD) : 0;
	}
	if (m->mode == HTML_MULTIBYTE_KANJI) {
		*used = 0;
		return left < 2 ? 0 :
		    html_multibyte_kanji(m, out, room, at, used);
	}
	*used = 1;
	return html_utf8_write(out,
	    html_multibyte_single(m, (unsigned char)*at));
}

size_t
html_multibyte_decode(struct html_multibyte *m, char *out, size_t room,
    const char *from, size_t *len)
{
	size_t i = 0, n = 0, used;

	if (m->set != HTML_MULTIBYTE_ISO_2022_JP)
		return html_multibyte_many(m, out, room, from, len);
	for (; i < *len && room - n >= 32; i += used) {
		n += html_multibyte_step(m, out + n, room - n, from + i,
		    *len - i, &used);
		if (used == 0)
			break;
	}
	*len = i;
	return n;
}

/* ---- encoding ---- */

/* Whether the standard's encoder writes these two bytes for that letter. */
static bool
html_multibyte_may_write(const struct html_multibyte *m, const char *pair,
    uint32_t code)
{
	/* The two forms of some letters are told apart. */
	static const uint16_t last[] = { 0x2550, 0x255E, 0x2561, 0x256A,
	    0x5341, 0x5345 };
	unsigned char lead = (unsigned char)*pair;
	size_t i;

	if (m->set == HTML_MULTIBYTE_BIG5) {
		for (i = 0; i < sizeof(last) / sizeof(last[0]); i++)
			if (code == last[i])
				return true;
		if (lead < 0xA1)	/* of Hong Kong */
			return false;
	}
	/* What stands in ED and EE stands elsewhere, too. */
	if (m->set == HTML_MULTIBYTE_SHIFT_JIS &&
	    (lead == 0xED || lead == 0xEE))
		return false;
	if (m->set == HTML_MULTIBYTE_ISO_2022_JP && lead == 0x8E)
		return false;		/* no narrow letters */
	return m->map[code] == 0;
}

/* Notes what a pair means. */
static void
html_multibyte_note(struct html_multibyte *m, const char *pair)
{
	char letter[32];
	size_t used = 2;
	size_t n = html_multibyte_many(m, letter, sizeof(letter), pair, &used);
	uint32_t code;

	if (used < 2 || n == 0 || html_utf8_read(&code, letter, n) != n ||
	    code < 0x80 || code > 0xFFFF || code == HTML_UTF8_BAD ||
	    !html_multibyte_may_write(m, pair, code))
		return;
	m->map[code] = (uint16_t)((unsigned)(unsigned char)pair[0] << 8 |
	    (unsigned char)pair[1]);
}

int
html_multibyte_prepare(struct html_multibyte *m)
{
	unsigned lead, trail;
	char pair[2];

	m->map = (uint16_t *)calloc(0x10000, sizeof(*m->map));
	if (m->map == NULL)
		return -ENOMEM;
	for (lead = 0x81; lead < 0xFF && m->iconv != NULL; lead++) {
		for (trail = 0x40; trail < 0xFF; trail++) {
			pair[0] = (char)(unsigned char)lead;
			pair[1] = (char)(unsigned char)trail;
			html_multibyte_note(m, pair);
		}
	}
	return 0;
}

/* What a Japanese set has for some letters that are not in its table. */
static uint32_t
html_multibyte_japanese(const struct html_multibyte *m, uint32_t code)
{
	if (code == 0x2212)		/* a minus sign */
		return 0xFF0D;
	if (m->set == HTML_MULTIBYTE_ISO_2022_JP)
		return code;
	return code == 0xA5 ? '\\' : code == 0x203E ? '~' : code;
}

/* The one or two bytes of a letter, read as a number; 0: there are none. */
static unsigned
html_multibyte_bytes(const struct html_multibyte *m, uint32_t code)
{
	bool is_shift_jis = m->set == HTML_MULTIBYTE_SHIFT_JIS;

	if (is_shift_jis || m->set == HTML_MULTIBYTE_EUC_JP ||
	    m->set == HTML_MULTIBYTE_ISO_2022_JP)
		code = html_multibyte_japanese(m, code);
	if (code < 0x80)
		return code;
	if (code == 0x20AC && m->set == HTML_MULTIBYTE_GBK)
		return 0x80;
	if (code == 0x80 && is_shift_jis)
		return 0x80;
	if (code >= 0xFF61 && code <= 0xFF9F && is_shift_jis)
		return code - 0xFF61 + 0xA1;
	return code <= 0xFFFF ? m->map[code] : 0;
}

/* Puts the mark of the mode in front of the bytes, if it is another one. */
static size_t
html_multibyte_shift(struct html_multibyte *m, char *out, size_t width,
    enum html_multibyte_mode mode)
{
	if (m->mode == mode)
		return width;
	m->mode = mode;
	memmove(out + 3, out, width);
	memcpy(out, html_multibyte_escapes[mode], 3);
	return width + 3;
}

size_t
html_multibyte_encode(struct html_multibyte *m, char out[HTML_MULTIBYTE_MAX],
    uint32_t code)
{
	unsigned bytes = html_multibyte_bytes(m, code);
	size_t width = bytes > 0xFF ? 2 : 1;

	if (bytes == 0 && code != 0)
		return 0;
	if (m->set == HTML_MULTIBYTE_ISO_2022_JP)
		bytes &= 0x7F7F;
	out[0] = (char)(unsigned char)(width == 2 ? bytes >> 8 : bytes);
	out[1] = (char)(unsigned char)(bytes & 0xFF);
	return m->set != HTML_MULTIBYTE_ISO_2022_JP ? width :
	    html_multibyte_shift(m, out, width, width == 2 ?
	    HTML_MULTIBYTE_KANJI : HTML_MULTIBYTE_ASCII);
}

size_t
html_multibyte_end(struct html_multibyte *m, char out[HTML_MULTIBYTE_MAX])
{
	return html_multibyte_shift(m, out, 0, HTML_MULTIBYTE_ASCII);
}
