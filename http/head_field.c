/*
 * head_field.c - field lines become facts (RFC 9112, sections 5 and 6).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "head_field.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What may stand in a token (RFC 9110, section 5.6.2), in lower case. */
static const char http_head_tokens[256] = {
	[32] = 0, '!', 0, '#', '$', '%', '&', '\'',
	[40] = 0, 0, '*', '+', 0, '-', '.', 0,
	[48] = '0', '1', '2', '3', '4', '5', '6', '7',
	[56] = '8', '9', 0, 0, 0, 0, 0, 0,
	[64] = 0, 'a', 'b', 'c', 'd', 'e', 'f', 'g',
	[72] = 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
	[80] = 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
	[88] = 'x', 'y', 'z', 0, 0, 0, '^', '_',
	[96] = '`', 'a', 'b', 'c', 'd', 'e', 'f', 'g',
	[104] = 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
	[112] = 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
	[120] = 'x', 'y', 'z', 0, '|', 0, '~', 0
};

size_t
http_head_token_len(const char *at, const char *end)
{
	const char *start = at;

	while (at < end && http_head_tokens[(unsigned char)*at] != 0)
		at++;
	return (size_t)(at - start);
}

bool
http_head_equal(const char *at, const char *lower, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (http_head_tokens[(unsigned char)at[i]] != lower[i])
			return false;
	return true;
}

static bool
http_head_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
http_head_split(const char *at, const char *end, struct http_head_field *f)
{
	f->name = at;
	f->name_len = http_head_token_len(at, end);
	at += f->name_len;
	if (f->name_len == 0 || at == end || *at != ':')
		return false;
	at++;
	while (at < end && http_head_is_blank(*at))
		at++;
	while (end > at && http_head_is_blank(end[-1]))
		end--;
	f->value = at;
	f->value_len = (size_t)(end - at);
	return true;
}

/*
 * The next element of a comma-separated list, without blanks around it;
 * empty ones are passed over.  *at moves on; 0 at the end of the list.
 */
static size_t
http_head_element(const char **at, const char *end, const char **element)
{
	const char *comma, *last;

	while (*at < end && (**at == ',' || http_head_is_blank(**at)))
		++*at;
	*element = *at;
	if (*at == end)
		return 0;
	comma = memchr(*at, ',', (size_t)(end - *at));
	*at = last = comma != NULL ? comma : end;
	while (http_head_is_blank(last[-1]))
		last--;
	return (size_t)(last - *element);
}

static bool
http_head_is(const char *at, size_t len, const char *lower)
{
	return len == strlen(lower) && http_head_equal(at, lower, len);
}

/* A length: all that are given, in one line or several, must agree. */
static int
http_head_length(struct http_head *h, const char *at, size_t len)
{
	uint64_t value = 0;

	if (len == 0)
		return HTTP_HEAD_E_LENGTH;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned char)at[i];

		digit -= '0';
		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return HTTP_HEAD_E_LENGTH;
		value = value * 10 + digit;
	}
	if (h->has_length && h->content_length != value)
		return HTTP_HEAD_E_LENGTH;
	h->has_length = true;
	h->content_length = value;
	return 0;
}

/*
 * Chunked must be the last coding and occur once.  No other is understood,
 * since none was asked for (TE), but the old "identity" does no harm.
 */
static int
http_head_transfer(struct http_head *h, const char *at, size_t len)
{
	bool chunked = http_head_is(at, len, "chunked");

	h->has_coding = true;
	if (len == 0)
		return 0;
	if (h->chunked || (!chunked && !http_head_is(at, len, "identity")))
		return HTTP_HEAD_E_CODING;
	h->chunked = chunked;
	return 0;
}

static int
http_head_connection(struct http_head *h, const char *at, size_t len)
{
	if (http_head_is(at, len, "close"))
		h->close = true;
	else if (http_head_is(at, len, "keep-alive"))
		h->keep_alive = true;
	return 0;
}

/* More than one coding is more than anybody needs, and a bomb's way in. */
static int
http_head_content_coding(struct http_head *h, const char *at, size_t len)
{
	if (len == 0 || http_head_is(at, len, "identity"))
		return 0;
	if (h->coding != HTTP_HEAD_IDENTITY)
		h->coding = HTTP_HEAD_OTHER;
	else if (http_head_is(at, len, "gzip") ||
	    http_head_is(at, len, "x-gzip"))
		h->coding = HTTP_HEAD_GZIP;
	else if (http_head_is(at, len, "deflate"))
		h->coding = HTTP_HEAD_DEFLATE;
	else
		h->coding = HTTP_HEAD_OTHER;
	return 0;
}

static int
http_head_expect(struct http_head *h, const char *at, size_t len)
{
	if (http_head_is(at, len, "100-continue"))
		h->expect_continue = true;
	return 0;
}

/* What is done with a known field. */
struct http_head_known {
	const char *name;
	size_t slice;		/* of the head, which notes the value */
	/* Or: takes an element of the list; once, with len 0, if empty. */
	int (*take)(struct http_head *, const char *at, size_t len);
	bool framing;		/* says where the message ends */
};

/* By the length of the name: no two share one. */
static const struct http_head_known http_head_table[] = {
	[4] = { "host", .slice = offsetof(struct http_head, host) },
	[6] = { "expect", .take = http_head_expect },
	[8] = { "location", .slice = offsetof(struct http_head, location) },
	[10] = { "connection", .take = http_head_connection, .framing = true },
	[11] = { "retry-after",
		.slice = offsetof(struct http_head, retry_after) },
	[12] = { "content-type",
		.slice = offsetof(struct http_head, content_type) },
	[14] = { "content-length", .take = http_head_length, .framing = true },
	[16] = { "content-encoding", .take = http_head_content_coding },
	[17] = { "transfer-encoding", .take = http_head_transfer,
		.framing = true }
};

/* What is known of the field with this name; else an empty entry. */
static const struct http_head_known *
http_head_known(const char *at, size_t len)
{
	const struct http_head_known *known = http_head_table;

	if (len < sizeof(http_head_table) / sizeof(http_head_table[0]) &&
	    known[len].name != NULL &&
	    http_head_equal(at, known[len].name, len))
		known += len;
	return known;
}

/* Notes where a value stands, unless the field came before. */
static int
http_head_note(struct http_head *h, size_t offset,
    const struct http_head_field *f)
{
	struct http_head_slice *slice =
	    (struct http_head_slice *)((char *)h + offset);

	if (slice->at == 0) {
		slice->at = (uint32_t)(f->value - h->base);
		slice->len = (uint32_t)f->value_len;
	} else if (slice == &h->host && h->kind == HTTP_HEAD_REQUEST) {
		return HTTP_HEAD_E_HOST;
	}
	return 0;
}

/* Makes a fact of a known field. */
static int
http_head_take(struct http_head *h, const struct http_head_known *known,
    const struct http_head_field *f)
{
	const char *at = f->value, *end = at + f->value_len, *element;
	size_t n;
	int rc;

	if (known->take == NULL)
		return known->slice == 0 ? 0 :
		    http_head_note(h, known->slice, f);
	n = http_head_element(&at, end, &element);
	do {
		rc = known->take(h, element, n);
		n = http_head_element(&at, end, &element);
	} while (rc == 0 && n > 0);
	return rc;
}

int
http_head_take_line(struct http_head *h, const char *at, const char *end)
{
	struct http_head_field f;
	bool strict = h->kind == HTTP_HEAD_REQUEST;
	const struct http_head_known *known;

	if (++h->fields > HTTP_HEAD_FIELDS_MAX)
		return HTTP_HEAD_E_FIELDS;
	/* A fold (section 5.2) goes on with the line before. */
	if (http_head_is_blank(*at))
		return strict || h->framing_last || h->fields == 1 ?
		    HTTP_HEAD_E_FIELD : 0;
	h->framing_last = false;
	if (!http_head_split(at, end, &f)) {
		known = http_head_known(at, f.name_len);
		return strict || known->framing ? HTTP_HEAD_E_FIELD : 0;
	}
	known = http_head_known(f.name, f.name_len);
	h->framing_last = known->framing;
	return http_head_take(h, known, &f);
}
