/*
 * head.c - a head becomes facts, line by line (RFC 9112, sections 2 to 6).
 *
 * Two numbers make it restartable: where the current line begins, and up to
 * where no line end was found.  So a head that comes byte by byte is still
 * read once.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "head.h"

#include <limits.h>
#include <string.h>

/* ---- the end of a line ---- */

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
 * 0 if not yet; or an error.  CR LF ends a line, and so does LF alone
 * (section 2.2).  Of other control characters a tab is as good as a blank,
 * NUL and a lone CR are refused, and the line has to say about the others.
 */
static int
http_head_find_end(struct http_head *h, size_t len, const char **end)
{
	const char *start = h->base + h->seen, *limit = h->base + len;
	const char *at = http_head_skip(start, limit);

	while (at < limit && *at != '\n' && *at != '\r' && *at != '\0') {
		h->control |= *at != '\t';
		at = http_head_skip(at + 1, limit);
	}
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

/* ---- words ---- */

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

/* Eight bytes at once: one below 0x21 or above 0x7e sets a highest bit. */
size_t
http_head_visible_len(const char *at, const char *end)
{
	const uint64_t ones = 0x0101010101010101;
	const char *start = at;

	while (end - at >= 8) {
		uint64_t word;

		memcpy(&word, at, sizeof(word));
		if ((((word - ones * 0x21) | (word + ones) | word) &
		    ones * 0x80) != 0)
			break;
		at += 8;
	}
	while (at < end && *at > ' ' && *at < 0x7f)
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
http_head_is(const char *at, size_t len, const char *lower)
{
	return len == strlen(lower) && http_head_equal(at, lower, len);
}

static bool
http_head_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
http_head_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What lies from `at` to `end`, as the head notes it. */
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

/* ---- the first line ---- */

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

/* "HTTP/1.1 200 OK"; without a reason the last blank may be missing, too
 * (section 4). */
static int
http_head_status_line(struct http_head *h, const char *at, const char *end)
{
	const char *blank = memchr(at, ' ', (size_t)(end - at));
	int error;

	if (blank == NULL)
		blank = end;
	error = http_head_version(h, at, (size_t)(blank - at));
	if (error != 0)
		return error;
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
	after = target + http_head_visible_len(target, end);
	if (after == target || after == end || *after != ' ')
		return HTTP_HEAD_E_START;
	h->target = http_head_slice(h, target, after);
	return http_head_version(h, after + 1, (size_t)(end - after - 1));
}

/* The first line; blank lines before a request are passed over. */
static int
http_head_take_start(struct http_head *h, const char *at, const char *end)
{
	int error;

	if (h->control)
		return HTTP_HEAD_E_CONTROL;
	if (h->kind == HTTP_HEAD_RESPONSE)
		error = http_head_status_line(h, at, end);
	else if (at == end)
		return 0;
	else
		error = http_head_request_line(h, at, end);
	h->first_field = h->seen;
	return error;
}

/* ---- fields that decide how to go on ---- */

/*
 * Each of these takes an element of the field's comma-separated list; once,
 * with len 0, if the list is empty.
 */
typedef int http_head_taker(struct http_head *, const char *at, size_t len);

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
	if (h->chunked)
		return HTTP_HEAD_E_CHUNKED;
	if (!chunked && !http_head_is(at, len, "identity"))
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

/* The codings of content that have a name (IANA, HTTP Parameters). */
static const struct {
	const char *name;
	enum http_head_coding coding;
} http_head_codings[] = {
	{ "gzip", HTTP_HEAD_GZIP },
	{ "x-gzip", HTTP_HEAD_GZIP },
	{ "deflate", HTTP_HEAD_DEFLATE },
	{ "aes128gcm", HTTP_HEAD_OTHER },
	{ "br", HTTP_HEAD_OTHER },
	{ "compress", HTTP_HEAD_OTHER },
	{ "dcb", HTTP_HEAD_OTHER },
	{ "dcz", HTTP_HEAD_OTHER },
	{ "exi", HTTP_HEAD_OTHER },
	{ "pack200-gzip", HTTP_HEAD_OTHER },
	{ "x-compress", HTTP_HEAD_OTHER },
	{ "zstd", HTTP_HEAD_OTHER }
};

/* Which coding a word names. */
static enum http_head_coding
http_head_coding(const char *at, size_t len)
{
	size_t count = sizeof(http_head_codings) /
	    sizeof(http_head_codings[0]);

	for (size_t i = 0; i < count; i++)
		if (http_head_is(at, len, http_head_codings[i].name))
			return http_head_codings[i].coding;
	return HTTP_HEAD_NO_CODING;
}

/* Codings are listed as they were done.  Words that name none count only
 * where nothing else stands. */
static int
http_head_content_coding(struct http_head *h, const char *at, size_t len)
{
	enum http_head_coding coding = http_head_coding(at, len);

	if (len == 0 || http_head_is(at, len, "identity") ||
	    h->coding == HTTP_HEAD_OTHER || (coding == HTTP_HEAD_NO_CODING &&
	    h->coding != HTTP_HEAD_IDENTITY))
		return 0;
	if (h->coding == HTTP_HEAD_IDENTITY ||
	    h->coding == HTTP_HEAD_NO_CODING) {
		h->coding = coding;
	} else if (coding == HTTP_HEAD_OTHER ||
	    h->inner_coding != HTTP_HEAD_IDENTITY) {
		h->coding = HTTP_HEAD_OTHER;
	} else {
		h->inner_coding = h->coding;
		h->coding = coding;
	}
	return 0;
}

/* Whether a media type has a parameter that tells its charset. */
static bool
http_head_has_charset(const char *at, size_t len)
{
	static const char name[] = "charset";
	const size_t n = sizeof(name) - 1;

	for (size_t i = 1; i + n < len; i++)
		if (at[i + n] == '=' && http_head_equal(at + i, name, n) &&
		    (at[i - 1] == ';' || http_head_is_blank(at[i - 1])))
			return true;
	return false;
}

static int
http_head_expect(struct http_head *h, const char *at, size_t len)
{
	if (http_head_is(at, len, "100-continue"))
		h->expect_continue = true;
	return 0;
}

/* What is done with a known field: its value is noted, or taken. */
struct http_head_known {
	const char *name;
	size_t slice;		/* offset of the slice in struct http_head */
	http_head_taker *take;	/* if there is no slice */
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

/* ---- field lines ---- */

/*
 * Cuts a line, without its end, into name and value.  False if it has no
 * name or no colon right after it; name and name_len are set all the same.
 */
static bool
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
 * empty ones are passed over.  *at moves on.  Returns the element's length,
 * 0 at the end of the list.
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

/*
 * Notes where a value stands, unless the field came before.  Content-Type is
 * no list, yet it comes twice, and browsers read it as one (Fetch Standard,
 * "extract a MIME type"): a later one with a charset tells more.
 */
static int
http_head_note(struct http_head *h, size_t offset,
    const struct http_head_field *f)
{
	struct http_head_slice *slice =
	    (struct http_head_slice *)((char *)h + offset);

	if (slice->at == 0 || (slice == &h->content_type &&
	    http_head_has_charset(f->value, f->value_len))) {
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
	int error;

	if (known->take == NULL)
		return known->slice == 0 ? 0 :
		    http_head_note(h, known->slice, f);
	n = http_head_element(&at, end, &element);
	do {
		error = known->take(h, element, n);
		n = http_head_element(&at, end, &element);
	} while (error == 0 && n > 0);
	return error;
}

/* Takes one line (not empty, without its end) into the facts of the head. */
static int
http_head_take_line(struct http_head *h, const char *at, const char *end)
{
	struct http_head_field f;
	bool strict = h->kind == HTTP_HEAD_REQUEST;
	const struct http_head_known *known;

	if (++h->fields > h->max_fields)
		return HTTP_HEAD_E_FIELDS;
	if (h->control && strict)
		return HTTP_HEAD_E_CONTROL;
	/* A fold (section 5.2) goes on with the line before. */
	if (http_head_is_blank(*at))
		return strict || h->framing_last || h->fields == 1 ?
		    HTTP_HEAD_E_FIELD : 0;
	h->framing_last = false;
	if (!http_head_split(at, end, &f)) {
		if (h->control)
			return HTTP_HEAD_E_CONTROL;
		known = http_head_known(at, f.name_len);
		return strict || known->framing ? HTTP_HEAD_E_FIELD : 0;
	}
	known = http_head_known(f.name, f.name_len);
	h->framing_last = known->framing;
	if (h->control && known->framing)
		return HTTP_HEAD_E_CONTROL;
	return http_head_take(h, known, &f);
}

/* ---- a head ---- */

void
http_head_init(struct http_head *h, enum http_head_kind kind)
{
	memset(h, 0, sizeof(*h));
	h->kind = kind;
	h->max_len = HTTP_HEAD_MAX;
	h->max_fields = HTTP_HEAD_FIELDS_MAX;
}

/* The empty line has come: checks what only the whole head can tell. */
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

/* Is this the beginning of a head, as far as it has come? */
static bool
http_head_is_hopeful(const struct http_head *h, const char *at, size_t len)
{
	return h->kind == HTTP_HEAD_REQUEST ||
	    memcmp(at, "HTTP/", len < 5 ? len : 5) == 0;
}

int
http_head_parse(struct http_head *h, const char *at, size_t len)
{
	int error;

	h->base = at;
	do {
		bool start = h->first_field == 0;
		size_t most = start && h->max_len > HTTP_HEAD_START_MAX ?
		    HTTP_HEAD_START_MAX : h->max_len;
		const char *line = at + h->line, *end;
		int found;

		if (start && !http_head_is_hopeful(h, at, len))
			return HTTP_HEAD_E_START;
		found = http_head_find_end(h, len < most ? len : most, &end);
		if (found < 0)
			return found;
		if (found == 0)
			return len < most ? 0 : HTTP_HEAD_E_LARGE;
		h->line = h->seen;
		if (start)
			error = http_head_take_start(h, line, end);
		else if (line == end)
			return http_head_finish(h);
		else
			error = http_head_take_line(h, line, end);
		h->control = false;
	} while (error == 0);
	return error;
}

/* ---- what a head says ---- */

const char *
http_head_text(const struct http_head *h, struct http_head_slice slice)
{
	return slice.at + slice.len == 0 ? NULL : h->base + slice.at;
}

/* The line at *at, without its end; *at moves on.  False behind the last. */
static bool
http_head_line(const struct http_head *h, size_t *at, const char **line,
    const char **end)
{
	if (*at == 0)
		*at = h->first_field;
	if (*at >= h->len)
		return false;
	*line = h->base + *at;
	*end = memchr(*line, '\n', h->len - *at);
	*at = (size_t)(*end + 1 - h->base);
	if (*end > *line && (*end)[-1] == '\r')
		--*end;
	return true;
}

bool
http_head_next(const struct http_head *h, size_t *cursor,
    struct http_head_field *f)
{
	const char *line, *end;

	while (http_head_line(h, cursor, &line, &end))
		if (http_head_split(line, end, f))
			return true;
	return false;
}

bool
http_head_find_next(const struct http_head *h, size_t *cursor,
    const char *name, size_t name_len, struct http_head_field *f)
{
	const char *line, *end;

	while (http_head_line(h, cursor, &line, &end))
		if ((size_t)(end - line) > name_len && line[name_len] == ':' &&
		    http_head_equal(line, name, name_len))
			return http_head_split(line, end, f);
	return false;
}

bool
http_head_find(const struct http_head *h, const char *name, size_t name_len,
    struct http_head_field *f)
{
	size_t cursor = 0;

	return http_head_find_next(h, &cursor, name, name_len, f);
}

/* Responses that never have content: section 6.3, rules 1 and 2. */
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

/* ---- errors in words ---- */

static const struct {
	int error;
	const char *words;
} http_head_errors[] = {
	{ HTTP_HEAD_E_START, "not HTTP: malformed first line" },
	{ HTTP_HEAD_E_VERSION, "not a version of HTTP/1" },
	{ HTTP_HEAD_E_CONTROL, "control character in the head" },
	{ HTTP_HEAD_E_FIELD, "malformed header field" },
	{ HTTP_HEAD_E_LENGTH, "bad or contradictory Content-Length" },
	{ HTTP_HEAD_E_CODING, "unknown Transfer-Encoding" },
	{ HTTP_HEAD_E_HOST, "request without exactly one Host" },
	{ HTTP_HEAD_E_LARGE, "head too large" },
	{ HTTP_HEAD_E_FIELDS, "too many header fields" },
	{ HTTP_HEAD_E_CHUNKED,
	    "chunked twice in Transfer-Encoding, or not at its end" }
};

const char *
http_head_strerror(int error)
{
	size_t count = sizeof(http_head_errors) / sizeof(http_head_errors[0]);

	for (size_t i = 0; i < count; i++)
		if (http_head_errors[i].error == error)
			return http_head_errors[i].words;
	return NULL;
}
