/*
 * idna.c - a name goes through label by label: its characters are mapped
 * (UTS 46, section 4), taken apart and put together again as Unicode's NFC
 * has it (UAX 15), checked, and written as they are or in Punycode (RFC 3492).
 *
 * A label has at most 63 bytes in the DNS, so also at most 63 characters, and
 * none that a name can have is made of more than three.  All loops within a
 * label are bounded by that: time is linear in the length of a name.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "idna.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idna_data.h"

enum {
	HTTP_IDNA_PARTS = 3 * HTTP_IDNA_LABEL_MAX,
	HTTP_IDNA_FIRST_MARK = 0x300,	/* no character below is one */
	HTTP_IDNA_ZWNJ = 0x200c,	/* zero width non-joiner */
	HTTP_IDNA_ZWJ = 0x200d		/* zero width joiner */
};

/* A name while it is read. */
struct http_idna_name {
	uint32_t label[HTTP_IDNA_PARTS];	/* the characters of a label */
	unsigned char ranks[HTTP_IDNA_PARTS];	/* until it is composed */
	size_t count;				/* of these */
	char *to;				/* HTTP_IDNA_ROOM bytes */
	size_t len;				/* of what is written there */
	bool is_full;				/* not all was written */
	unsigned directions;			/* a bit for each it has */
	bool breaks_bidi;			/* a label is not as RFC 5893
						 * asks: see below */
};

/* ---- what the tables say ---- */

/* The run that a character belongs to, by its index. */
static size_t
http_idna_run(uint32_t c)
{
	size_t low = 0, high = sizeof(http_idna_runs) / sizeof(uint32_t);
	uint32_t limit = (c + 1) << HTTP_IDNA_WHAT_BITS;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (http_idna_runs[middle] < limit)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* What a run is: disallowed, ignored, a class or mapped. */
static unsigned
http_idna_what(size_t run)
{
	return http_idna_runs[run] & ((1U << HTTP_IDNA_WHAT_BITS) - 1);
}

/* The class of a valid character: its bits; of any other, -1. */
static int
http_idna_class(uint32_t c)
{
	size_t count = sizeof(http_idna_classes) / sizeof(uint16_t);
	size_t index = http_idna_what(http_idna_run(c)) -
	    (size_t)HTTP_IDNA_FIRST_CLASS;

	return index < count ? http_idna_classes[index] : -1;
}

/* The rank of a valid character's combining class; 0: it stays in place. */
static unsigned char
http_idna_rank(uint32_t c)
{
	return c < HTTP_IDNA_FIRST_MARK ? 0 :
	    http_idna_class(c) >> HTTP_IDNA_RANK_SHIFT & 63;
}

/* ---- NFC ---- */

/* Hangul syllables are computed: Unicode Standard, section 3.12. */
enum {
	HTTP_IDNA_SYLLABLE = 0xac00,
	HTTP_IDNA_LEAD = 0x1100,
	HTTP_IDNA_VOWEL = 0x1161,
	HTTP_IDNA_TRAIL = 0x11a7,	/* stands for no trailing consonant */
	HTTP_IDNA_LEADS = 19,
	HTTP_IDNA_VOWELS = 21,
	HTTP_IDNA_TRAILS = 28,
	HTTP_IDNA_SYLLABLES = HTTP_IDNA_LEADS * HTTP_IDNA_VOWELS *
	    HTTP_IDNA_TRAILS
};

/* Adds a character that has no parts, behind marks of a lower class. */
static int
http_idna_add_part(struct http_idna_name *n, uint32_t c)
{
	unsigned char rank = http_idna_rank(c);
	size_t at = n->count;

	if (at == HTTP_IDNA_PARTS)
		return HTTP_IDNA_E_LENGTH;
	for (; rank > 0 && at > 0 && n->ranks[at - 1] > rank; at--) {
		n->label[at] = n->label[at - 1];
		n->ranks[at] = n->ranks[at - 1];
	}
	n->label[at] = c;
	n->ranks[at] = rank;
	n->count++;
	return 0;
}

static int
http_idna_add_syllable(struct http_idna_name *n, uint32_t c)
{
	uint32_t index = c - HTTP_IDNA_SYLLABLE, pair = index /
	    HTTP_IDNA_TRAILS;
	uint32_t trail = index % HTTP_IDNA_TRAILS;
	int error = http_idna_add_part(n, HTTP_IDNA_LEAD +
	    pair / HTTP_IDNA_VOWELS);

	if (error == 0)
		error = http_idna_add_part(n, HTTP_IDNA_VOWEL +
		    pair % HTTP_IDNA_VOWELS);
	if (error == 0 && trail > 0)
		error = http_idna_add_part(n, HTTP_IDNA_TRAIL + trail);
	return error;
}

static int
http_idna_compare_whole(const void *whole, const void *index)
{
	uint32_t a = *(const uint32_t *)whole;
	uint32_t b = http_idna_pairs[*(const uint16_t *)index].whole;

	return (a > b) - (a < b);
}

/* Adds a character to the label, in its parts (NFD). */
static int
http_idna_add(struct http_idna_name *n, uint32_t c)
{
	uint32_t seconds[2];
	const uint16_t *index;
	size_t count = 0;
	int error;

	if (c < 0x80)
		return http_idna_add_part(n, c);
	if (c - HTTP_IDNA_SYLLABLE < HTTP_IDNA_SYLLABLES)
		return http_idna_add_syllable(n, c);
	while ((index = bsearch(&c, http_idna_wholes,
	    sizeof(http_idna_wholes) / sizeof(*index), sizeof(*index),
	    http_idna_compare_whole)) != NULL) {
		seconds[count++] = http_idna_pairs[*index].second;
		c = http_idna_pairs[*index].first;
	}
	error = http_idna_add_part(n, c);
	while (error == 0 && count > 0)
		error = http_idna_add_part(n, seconds[--count]);
	return error;
}

static int
http_idna_compare_pair(const void *key, const void *row)
{
	const struct http_idna_pair *a = key, *b = row;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->second > b->second) - (a->second < b->second);
}

/* The one character that two are; 0 if there is none. */
static uint32_t
http_idna_pair(uint32_t first, uint32_t second)
{
	struct http_idna_pair key = { first, second, 0 };
	const struct http_idna_pair *found;
	uint32_t lead = first - HTTP_IDNA_LEAD;
	uint32_t vowel = second - HTTP_IDNA_VOWEL;
	uint32_t index = first - HTTP_IDNA_SYLLABLE;

	if (second < HTTP_IDNA_FIRST_MARK)
		return 0;
	if (lead < HTTP_IDNA_LEADS && vowel < HTTP_IDNA_VOWELS)
		return HTTP_IDNA_SYLLABLE + HTTP_IDNA_TRAILS *
		    (lead * HTTP_IDNA_VOWELS + vowel);
	if (index < HTTP_IDNA_SYLLABLES && index % HTTP_IDNA_TRAILS == 0 &&
	    second > HTTP_IDNA_TRAIL &&
	    second < HTTP_IDNA_TRAIL + HTTP_IDNA_TRAILS)
		return first + (second - HTTP_IDNA_TRAIL);
	found = bsearch(&key, http_idna_pairs, sizeof(http_idna_pairs) /
	    sizeof(key), sizeof(key), http_idna_compare_pair);
	return found != NULL ? found->whole : 0;
}

/*
 * Puts the parts of the label together (UAX 15, D117): each with the last
 * character of rank 0, unless something that stays between has its rank or
 * a higher one, or has rank 0.
 */
static void
http_idna_compose(struct http_idna_name *n)
{
	size_t start = HTTP_IDNA_PARTS, count = 0;
	unsigned last = 0;

	for (size_t i = 0; i < n->count; i++) {
		uint32_t c = n->label[i], whole = 0;
		unsigned rank = n->ranks[i];

		if (count == start + 1 || (start < count && last < rank))
			whole = http_idna_pair(n->label[start], c);
		if (whole != 0) {
			n->label[start] = whole;
			continue;
		}
		if (rank == 0)
			start = count;
		last = rank;
		n->label[count++] = c;
	}
	n->count = count;
}

/* ---- Punycode ---- */

/* How the bias follows a number: RFC 3492, section 6.1. */
static uint32_t
http_idna_adapt(uint32_t number, uint32_t count, bool first)
{
	uint32_t k = 0;

	number /= first ? 700 : 2;
	number += number / count;
	for (; number > 455; number /= 35)
		k += 36;
	return k + 36 * number / (number + 38);
}

/* The least digit at weight k/36 that does not end its number. */
static uint32_t
http_idna_threshold(uint32_t k, uint32_t bias)
{
	return k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
}

/* The next number (section 3.3); -1 if there is none, or one too large. */
static int64_t
http_idna_delta(const char **at, const char *end, uint32_t bias)
{
	int64_t number = 0, weight = 1;

	for (uint32_t k = 36; *at < end && weight <= INT32_MAX; k += 36) {
		char c = *(*at)++;
		int digit = c >= 'a' && c <= 'z' ? c - 'a' :
		    c >= '0' && c <= '9' ? c - '0' + 26 : 36;
		int least = (int)http_idna_threshold(k, bias);

		number += digit * weight;
		if (digit == 36 || number > INT32_MAX)
			return -1;
		if (digit < least)
			return number;
		weight *= 36 - least;
	}
	return -1;
}

static void
http_idna_insert(struct http_idna_name *n, size_t place, uint32_t c)
{
	memmove(n->label + place + 1, n->label + place,
	    (n->count - place) * sizeof(c));
	n->label[place] = c;
	n->count++;
}

/*
 * Decodes Punycode of less than HTTP_IDNA_LABEL_MAX bytes.  Of one label only
 * one text is the Punycode.  False if it stands for no label, or for one of
 * ASCII.
 */
static bool
http_idna_decode(struct http_idna_name *n, const char *at, const char *end)
{
	const char *next = end;		/* behind the last dash */
	int64_t place = 0, c = 128;
	uint32_t bias = 72;

	while (next > at && next[-1] != '-')
		next--;
	if (next == end || next == at + 1)
		return false;
	for (n->count = 0; at < next - 1; at++)
		n->label[n->count++] = (unsigned char)*at;
	for (bool first = true; next < end; first = false) {
		int64_t number = http_idna_delta(&next, end, bias);
		uint32_t count = (uint32_t)n->count + 1;

		if (number < 0)
			return false;
		bias = http_idna_adapt((uint32_t)number, count, first);
		place += number;
		c += place / count;
		place %= count;
		if (c > 0x10ffff)
			return false;
		http_idna_insert(n, (size_t)place++, (uint32_t)c);
	}
	return true;
}

/* Writes a byte of the name, if there is room. */
static void
http_idna_put(struct http_idna_name *n, uint32_t c)
{
	if (n->len == HTTP_IDNA_ROOM - 1)
		n->is_full = true;
	else
		n->to[n->len++] = (char)c;
}

/* Writes a number in digits. */
static void
http_idna_put_number(struct http_idna_name *n, uint32_t number, uint32_t bias)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	uint32_t least, k;

	for (k = 36; (least = http_idna_threshold(k, bias)) <= number;
	    k += 36) {
		number -= least;
		http_idna_put(n, (unsigned char)
		    digits[least + number % (36 - least)]);
		number /= 36 - least;
	}
	http_idna_put(n, (unsigned char)digits[number]);
}

/* The least character of the label that is not below `from`. */
static uint32_t
http_idna_least(const struct http_idna_name *n, uint32_t from)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < n->count; i++)
		if (n->label[i] >= from && n->label[i] < least)
			least = n->label[i];
	return least;
}

/* Writes the label, which is not ASCII, in Punycode (section 6.3). */
static void
http_idna_encode(struct http_idna_name *n)
{
	uint32_t from = 128, bias = 72, delta = 0, done = 0, basic;

	for (size_t i = 0; i < n->count; i++)
		if (n->label[i] < 128) {
			http_idna_put(n, n->label[i]);
			done++;
		}
	if (done > 0)
		http_idna_put(n, '-');
	for (basic = done; done < n->count; from++, delta++) {
		uint32_t least = http_idna_least(n, from);

		delta += (least - from) * (done + 1);
		from = least;
		for (size_t i = 0; i < n->count; i++) {
			if (n->label[i] < from)
				delta++;
			if (n->label[i] != from)
				continue;
			http_idna_put_number(n, delta, bias);
			bias = http_idna_adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
}

/* ---- what a label must be (UTS 46, section 4.1) ---- */

/* Does a letter that joins the next one stand before this place? */
static bool
http_idna_joins_before(const struct http_idna_name *n, size_t at)
{
	while (at > 0) {
		int class = http_idna_class(n->label[--at]);

		if ((class & HTTP_IDNA_BETWEEN) == 0)
			return (class & HTTP_IDNA_BEFORE) != 0;
	}
	return false;
}

/* Does a letter that joins the one before stand behind this place? */
static bool
http_idna_joins_behind(const struct http_idna_name *n, size_t at)
{
	while (++at < n->count) {
		int class = http_idna_class(n->label[at]);

		if ((class & HTTP_IDNA_BETWEEN) == 0)
			return (class & HTTP_IDNA_BEHIND) != 0;
	}
	return false;
}

/* Joiners stand only where they change how letters look (RFC 5892, A.1-2). */
static bool
http_idna_check_joiners(const struct http_idna_name *n)
{
	for (size_t i = 0; i < n->count; i++) {
		uint32_t c = n->label[i];

		if (c != HTTP_IDNA_ZWNJ && c != HTTP_IDNA_ZWJ)
			continue;
		if (i > 0 && http_idna_rank(n->label[i - 1]) ==
		    HTTP_IDNA_VIRAMA)
			continue;
		if (c == HTTP_IDNA_ZWJ || !http_idna_joins_before(n, i) ||
		    !http_idna_joins_behind(n, i))
			return false;
	}
	return true;
}

/*
 * The rule of RFC 5893, section 2, on the directions in a label: the first,
 * the last that is no mark, and all (a bit for each).
 */
static bool
http_idna_is_bidi(unsigned first, unsigned last, unsigned all)
{
	const unsigned numbers = 1U << HTTP_IDNA_EN | 1U << HTTP_IDNA_AN;
	const unsigned other = 1U << HTTP_IDNA_NSM | 1U << HTTP_IDNA_NEUTRAL;
	unsigned strong = 1U << first, ends;

	if (first == HTTP_IDNA_L)
		ends = strong | 1U << HTTP_IDNA_EN;
	else if (first == HTTP_IDNA_R && (all & numbers) != numbers)
		ends = strong | numbers;
	else
		return false;
	return (1U << last & ends) != 0 && (all & ~(ends | other)) == 0;
}

/* Notes the directions of a label: others decide whether the rule counts. */
static void
http_idna_note_bidi(struct http_idna_name *n)
{
	unsigned first = 0, last = 0, all = 0;

	for (size_t i = 0; i < n->count; i++) {
		unsigned class = (unsigned)http_idna_class(n->label[i]);
		unsigned direction = class >> HTTP_IDNA_BIDI_SHIFT & 7;

		if (i == 0)
			first = direction;
		if (direction != HTTP_IDNA_NSM)
			last = direction;
		all |= 1U << direction;
	}
	n->directions |= all;
	if (!http_idna_is_bidi(first, last, all))
		n->breaks_bidi = true;
}

/* Checks a label of valid characters in NFC. */
static int
http_idna_check(struct http_idna_name *n)
{
	if ((http_idna_class(n->label[0]) & HTTP_IDNA_MARK) != 0 ||
	    !http_idna_check_joiners(n))
		return HTTP_IDNA_E_PLACE;
	http_idna_note_bidi(n);
	return 0;
}

/* ---- labels ---- */

static bool
http_idna_is_prefixed(const struct http_idna_name *n)
{
	return n->count >= 4 && n->label[0] == 'x' && n->label[1] == 'n' &&
	    n->label[2] == '-' && n->label[3] == '-';
}

/* Is the label what it becomes when it is mapped, and not an A-label? */
static bool
http_idna_is_canonical(struct http_idna_name *n)
{
	uint32_t label[HTTP_IDNA_LABEL_MAX];
	size_t count = n->count;

	memcpy(label, n->label, count * sizeof(*label));
	n->count = 0;
	for (size_t i = 0; i < count; i++)
		if (http_idna_class(label[i]) < 0 ||
		    http_idna_add(n, label[i]) != 0)
			return false;
	http_idna_compose(n);
	return count == n->count && !http_idna_is_prefixed(n) &&
	    memcmp(label, n->label, count * sizeof(*label)) == 0;
}

/* Checks the A-label that was written from `start` on. */
static int
http_idna_check_alabel(struct http_idna_name *n, size_t start)
{
	if (n->is_full || n->len - start > HTTP_IDNA_LABEL_MAX)
		return HTTP_IDNA_E_LENGTH;
	if (!http_idna_decode(n, n->to + start + 4, n->to + n->len) ||
	    !http_idna_is_canonical(n) || http_idna_check(n) != 0)
		return HTTP_IDNA_E_ALABEL;
	return 0;
}

/* Writes a label that is not ASCII. */
static int
http_idna_end_international(struct http_idna_name *n)
{
	int error = http_idna_check(n);

	if (error != 0)
		return error;
	if (http_idna_is_prefixed(n))
		return HTTP_IDNA_E_ALABEL;
	for (const char *prefix = "xn--"; *prefix != '\0'; prefix++)
		http_idna_put(n, (unsigned char)*prefix);
	http_idna_encode(n);
	return 0;
}

/* Writes a label of ASCII. */
static int
http_idna_end_ascii(struct http_idna_name *n)
{
	size_t start = n->len;

	for (size_t i = 0; i < n->count; i++)
		http_idna_put(n, n->label[i]);
	if (http_idna_is_prefixed(n))
		return http_idna_check_alabel(n, start);
	http_idna_note_bidi(n);
	return 0;
}

/* The label has ended: checks and writes it. */
static int
http_idna_end_label(struct http_idna_name *n)
{
	size_t start = n->len;
	int error = 0;

	http_idna_compose(n);
	if (n->count > 0)
		error = http_idna_least(n, 128) == UINT32_MAX ?
		    http_idna_end_ascii(n) : http_idna_end_international(n);
	if (error == 0 && (n->is_full ||
	    n->len - start > HTTP_IDNA_LABEL_MAX))
		error = HTTP_IDNA_E_LENGTH;
	n->count = 0;
	return error;
}

/* ---- characters ---- */

/* A character that the name has after mapping. */
static int
http_idna_take(struct http_idna_name *n, uint32_t c)
{
	int error;

	if (c != '.')
		return http_idna_add(n, c);
	error = http_idna_end_label(n);
	http_idna_put(n, '.');
	return error;
}

/* The texts of the table, from `at` to its NUL. */
static int
http_idna_take_text(struct http_idna_name *n, const uint16_t *at)
{
	int error = 0;

	while (*at != 0 && error == 0) {
		uint32_t c = *at++;

		if (c >= 0xd800 && c < 0xdc00)
			c = 0x10000 + ((c - 0xd800) << 10) + (*at++ - 0xdc00u);
		error = http_idna_take(n, c);
	}
	return error;
}

/* A character as it was given. */
static int
http_idna_map(struct http_idna_name *n, uint32_t c)
{
	size_t run = http_idna_run(c);
	unsigned what = http_idna_what(run);
	uint32_t nth = c - (http_idna_runs[run] >> HTTP_IDNA_WHAT_BITS);
	uint16_t value;

	if (what == HTTP_IDNA_DISALLOWED)
		return HTTP_IDNA_E_CHARACTER;
	if (what == HTTP_IDNA_IGNORED)
		return 0;
	if (what < HTTP_IDNA_FIRST_MAPPED)
		return http_idna_take(n, c);
	value = http_idna_values[nth +
	    http_idna_bases[what - HTTP_IDNA_FIRST_MAPPED]];
	if (value < HTTP_IDNA_FIRST_TEXT)
		return http_idna_take(n, value);
	return http_idna_take_text(n,
	    http_idna_texts + (value - HTTP_IDNA_FIRST_TEXT));
}

/*
 * The next character of UTF-8.  What is none, also in a spelling too long, is
 * U+FFFD, which the table disallows, as it does surrogates and numbers above
 * U+10FFFF.
 */
static uint32_t
http_idna_next(const char **at, const char *end)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)*(*at)++;
	int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
	uint32_t c = lead & (0x3fu >> more);

	if (lead < 0x80)
		return lead;
	if (lead < 0xc0 || lead > 0xf4)
		return 0xfffd;
	for (int i = 0; i < more; i++) {
		if (*at == end || ((unsigned char)**at & 0xc0) != 0x80)
			return 0xfffd;
		c = c << 6 | ((unsigned char)*(*at)++ & 0x3f);
	}
	return c < least[more] ? 0xfffd : c;
}

/* ---- names ---- */

int
http_idna_to_ascii(char to[HTTP_IDNA_ROOM], const char *at, size_t len)
{
	const unsigned bidi = 1U << HTTP_IDNA_R | 1U << HTTP_IDNA_AN;
	const char *end = at + len;
	struct http_idna_name n;
	int error = 0;

	n.to = to;
	n.len = n.count = 0;
	n.directions = 0;
	n.is_full = n.breaks_bidi = false;
	while (error == 0 && at < end)
		error = http_idna_map(&n, http_idna_next(&at, end));
	if (error == 0)
		error = http_idna_end_label(&n);
	if (error != 0)
		return error;
	if ((n.directions & bidi) != 0 && n.breaks_bidi)
		return HTTP_IDNA_E_PLACE;
	to[n.len] = '\0';
	if (n.len > HTTP_IDNA_MAX && to[HTTP_IDNA_MAX] != '.')
		return HTTP_IDNA_E_LENGTH;
	return (int)n.len;
}

/* Writes a character in UTF-8; returns where it ends. */
static char *
http_idna_put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

int
http_idna_to_unicode(char to[HTTP_IDNA_UNICODE_ROOM], const char *at,
    size_t len)
{
	char name[HTTP_IDNA_ROOM], *start = to;
	int result = http_idna_to_ascii(name, at, len);
	const char *label = name, *end, *dot;
	struct http_idna_name n;

	if (result < 0)
		return result;
	end = name + result;
	for (; label <= end; label = dot + 1) {
		dot = memchr(label, '.', (size_t)(end - label));
		if (dot == NULL)
			dot = end;
		if (dot - label > 4 && memcmp(label, "xn--", 4) == 0 &&
		    http_idna_decode(&n, label + 4, dot)) {
			for (size_t i = 0; i < n.count; i++)
				to = http_idna_put_utf8(to, n.label[i]);
		} else {
			memcpy(to, label, (size_t)(dot - label));
			to += dot - label;
		}
		*to++ = *dot;
	}
	return (int)(to - start) - 1;
}

/* ---- errors in words ---- */

static const struct {
	int error;
	const char *words;
} http_idna_errors[] = {
	{ HTTP_IDNA_E_CHARACTER, "a character that names cannot have" },
	{ HTTP_IDNA_E_PLACE,
	    "a mark, joiner or direction of writing where none can be" },
	{ HTTP_IDNA_E_ALABEL, "xn-- begins a label that is no name" },
	{ HTTP_IDNA_E_LENGTH, "name too long" }
};

const char *
http_idna_strerror(int error)
{
	size_t count = sizeof(http_idna_errors) / sizeof(http_idna_errors[0]);

	for (size_t i = 0; i < count; i++)
		if (http_idna_errors[i].error == error)
			return http_idna_errors[i].words;
	return NULL;
}
