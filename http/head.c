/*
 * head.c - the lines of a head, and what the whole of it means.
 *
 * Two numbers make it restartable: where the line begins, and up to where
 * no line end was found.  So a head that drips in is still read once.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "head.h"

#include <limits.h>
#include <string.h>

#include "head_field.h"

void
http_head_init(struct http_head *h, enum http_head_kind kind)
{
	memset(h, 0, sizeof(*h));
	h->kind = kind;
}

/*
 * The first byte below 0x20 from `at` on, or `end`.  Eight bytes at once:
 * the subtraction borrows into a byte's highest bit if that byte is less.
 */
static const char *
http_head_skip(const char *at, const char *end)
{
	const uint64_t ones = 0x0101010101010101;

	while (end - at >= 8) {
		uint64_t word;

		memcpy(&word, at, sizeof(word));
		if (((word - ones * 0x20) & ~word & ones * 0x80) != 0)
			break;
		at += 8;
	}
	while (at < end && (unsigned char)*at >= 0x20)
		at++;
	return at;
}

/*
 * Finds the end of the line at h->seen: 1 if it is there, h->seen past it;
 * 0 if not yet; or an error.  Of control characters only a tab may stand in
 * a head; CR LF ends a line, and so does LF alone (section 2.2).
 */
static int
http_head_find_end(struct http_head *h, size_t len, const char **end)
{
	const char *start = h->base + h->seen, *limit = h->base + len;
	const char *at = http_head_skip(start, limit);

	while (at < limit && *at == '\t')
		at = http_head_skip(at + 1, limit);
	*end = at;
	h->seen = (uint32_t)(at - h->base);
	if (at == limit)
		return 0;
	if (*at == '\r') {
		if (++at == limit)
			return 0;
	}
	if (*at != '\n')
		return HTTP_HEAD_E_CONTROL;
	h->seen = (uint32_t)(at + 1 - h->base);
	return 1;
}

static bool
http_head_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "HTTP/1.x": takes the minor version, or says what is wrong. */
static int
http_head_version(struct http_head *h, const char *at, size_t len)
{
	if (len < 5 || memcmp(at, "HTTP/", 5) != 0)
		return HTTP_HEAD_E_START;
	if (len != 8 || memcmp(at + 5, "1.", 2) != 0 ||
	    !http_head_is_digit(at[7]))
		return HTTP_HEAD_E_VERSION;
	h->minor = at[7] - '0';
	return 0;
}

static struct http_head_slice
http_head_slice(const struct http_head *h, const char *at, const char *end)
{
	struct http_head_slice slice = { 0, 0 };

	if (at < end) {
		slice.at = (uint32_t)(at - h->base);
		slice.len = (uint32_t)(end - at);
	}
	return slice;
}

/* "HTTP/1.1 200 OK", of which the last blank may lack (section 4). */
static int
http_head_status_line(struct http_head *h, const char *at, const char *end)
{
	const char *blank = memchr(at, ' ', (size_t)(end - at));
	int rc;

	if (blank == NULL)
		blank = end;
	rc = http_head_version(h, at, (size_t)(blank - at));
	if (rc != 0)
		return rc;
	if (blank == end)
		return HTTP_HEAD_E_START;
	at = blank + 1;
	if (end - at < 3 || at[0] < '1' || at[0] > '9' ||
	    !http_head_is_digit(at[1]) || !http_head_is_digit(at[2]) ||
	    (end - at > 3 && at[3] != ' '))
		return HTTP_HEAD_E_START;
	h->status = (at[0] - '0') * 100 + (at[1] - '0') * 10 + at[2] - '0';
	h->reason = http_head_slice(h, at + 4, end);
	return 0;
}

/* "GET /path HTTP/1.1", with single blanks (section 3). */
static int
http_head_request_line(struct http_head *h, const char *at, const char *end)
{
	const char *target = at + http_head_token_len(at, end);
	const char *after;

	if (target == at || target == end || *target != ' ')
		return HTTP_HEAD_E_START;
	h->method = http_head_slice(h, at, target);
	target++;
	for (after = target; after < end && *after > ' ' && *after < 0x7f;
	    after++)
		;
	if (after == target || after == end || *after != ' ')
		return HTTP_HEAD_E_START;
	h->target = http_head_slice(h, target, after);
	return http_head_version(h, after + 1, (size_t)(end - after - 1));
}

/* The first line; blank lines before a request are passed over. */
static int
http_head_take_start(struct http_head *h, const char *at, const char *end)
{
	int rc;

	if (h->kind == HTTP_HEAD_RESPONSE)
		rc = http_head_status_line(h, at, end);
	else if (at == end)
		return 0;
	else
		rc = http_head_request_line(h, at, end);
	h->first_field = h->seen;
	return rc;
}

/* The empty line has come: what only the whole head can tell. */
static int
http_head_finish(struct http_head *h)
{
	h->len = h->seen;
	if (h->kind == HTTP_HEAD_RESPONSE)
		return (int)h->len;
	if (h->has_coding && !h->chunked)
		return HTTP_HEAD_E_CODING;
	if (h->minor > 0 && h->host.at == 0)
		return HTTP_HEAD_E_HOST;
	return (int)h->len;
}

int
http_head_parse(struct http_head *h, const char *at, size_t len)
{
	int rc;

	h->base = at;
	do {
		bool start = h->first_field == 0;
		size_t most = start ? HTTP_HEAD_START_MAX : HTTP_HEAD_MAX;
		const char *line = at + h->line, *end;

		rc = http_head_find_end(h, len < most ? len : most, &end);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return len < most ? 0 : HTTP_HEAD_E_LARGE;
		h->line = h->seen;
		if (start)
			rc = http_head_take_start(h, line, end);
		else if (line == end)
			return http_head_finish(h);
		else
			rc = http_head_take_line(h, line, end);
	} while (rc == 0);
	return rc;
}

const char *
http_head_text(const struct http_head *h, struct http_head_slice slice)
{
	return slice.at + slice.len == 0 ? NULL : h->base + slice.at;
}

bool
http_head_next(const struct http_head *h, size_t *cursor,
    struct http_head_field *f)
{
	size_t at = *cursor != 0 ? *cursor : h->first_field;

	while (at < h->len) {
		const char *line = h->base + at;
		const char *end = memchr(line, '\n', h->len - at);

		at = (size_t)(end + 1 - h->base);
		if (end > line && end[-1] == '\r')
			end--;
		if (http_head_split(line, end, f)) {
			*cursor = at;
			return true;
		}
	}
	*cursor = at;
	return false;
}

bool
http_head_find(const struct http_head *h, const char *name, size_t name_len,
    struct http_head_field *f)
{
	size_t cursor = 0;

	while (http_head_next(h, &cursor, f))
		if (f->name_len == name_len &&
		    http_head_equal(f->name, name, name_len))
			return true;
	return false;
}

/* The responses of section 6.3, rules 1 and 2. */
static bool
http_head_is_bare(const struct http_head *h, const char *method,
    size_t method_len)
{
	if (h->status < 200 || h->status == 204 || h->status == 304)
		return true;
	if (method_len == 4 && memcmp(method, "HEAD", 4) == 0)
		return true;
	return h->status < 300 && method_len == 7 &&
	    memcmp(method, "CONNECT", 7) == 0;
}

enum http_body_framing
http_head_framing(const struct http_head *h, const char *method,
    size_t method_len)
{
	bool response = h->kind == HTTP_HEAD_RESPONSE;

	if (response && http_head_is_bare(h, method, method_len))
		return HTTP_BODY_NONE;
	if (h->chunked)
		return HTTP_BODY_CHUNKED;
	if (h->has_length && !h->has_coding)
		return HTTP_BODY_LENGTH;
	return response ? HTTP_BODY_UNTIL_CLOSE : HTTP_BODY_NONE;
}

bool
http_head_persists(const struct http_head *h, enum http_body_framing framing)
{
	if (h->close || framing == HTTP_BODY_UNTIL_CLOSE || h->status == 101)
		return false;
	/* Two framings, or one that 1.0 does not know: somebody is wrong. */
	if (h->has_coding && (h->has_length || h->minor == 0))
		return false;
	return h->minor > 0 || h->keep_alive;
}

const char *
http_head_strerror(int error)
{
	static const char *const words[] = {	/* as the enum has them */
		"not HTTP: malformed first line",
		"not a version of HTTP/1",
		"control character in the head",
		"malformed header field",
		"bad or contradictory Content-Length",
		"unknown Transfer-Encoding",
		"request without exactly one Host",
		"head too large",
		"too many header fields",
	};
	unsigned i = (unsigned)HTTP_HEAD_E_START - (unsigned)error;

	return i < sizeof(words) / sizeof(words[0]) ? words[i] : NULL;
}
