/*
 * request.c - the head of a request, line by line.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "request.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "head_field.h"

/* Where the text goes; `len` counts on when there is no more room. */
struct http_request_out {
	char *to;
	size_t room;
	size_t len;
};

/* Fields that are written unless the caller has others of that name. */
static const struct {
	const char *name;
	const char *line;
} http_request_usual[] = {
	{ "user-agent", "User-Agent: spindle\r\n" },
	{ "accept", "Accept: */*\r\n" },
	{ "accept-encoding", "Accept-Encoding: gzip\r\n" }
};

static void
http_request_put(struct http_request_out *out, const char *at, size_t len)
{
	if (out->len <= out->room && len <= out->room - out->len)
		memcpy(out->to + out->len, at, len);
	out->len += len;
}

static inline void
http_request_puts(struct http_request_out *out, const char *text)
{
	http_request_put(out, text, strlen(text));
}

static bool
http_request_is(const struct http_request_field *f, const char *lower)
{
	return f->name_len == strlen(lower) &&
	    http_head_equal(f->name, lower, f->name_len);
}

static bool
http_request_has(const struct http_request *r, const char *lower)
{
	for (size_t i = 0; i < r->field_count; i++)
		if (http_request_is(&r->fields[i], lower))
			return true;
	return false;
}

static bool
http_request_is_token(const char *at, size_t len)
{
	return len > 0 && http_head_token_len(at, at + len) == len;
}

/* No byte of a value may end its line; a tab is no harm. */
static bool
http_request_is_value(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

int
http_request_check(const struct http_request_field *fields, size_t count)
{
	int hosts = 0;

	for (size_t i = 0; i < count; i++) {
		const struct http_request_field *f = &fields[i];

		if (!http_request_is_token(f->name, f->name_len))
			return HTTP_REQUEST_E_NAME;
		if (!http_request_is_value(f->value, f->value_len))
			return HTTP_REQUEST_E_VALUE;
		if (http_request_is(f, "content-length") ||
		    http_request_is(f, "transfer-encoding") ||
		    http_request_is(f, "connection"))
			return HTTP_REQUEST_E_FRAMING;
		hosts += http_request_is(f, "host");
	}
	return hosts <= 1 ? 0 : HTTP_REQUEST_E_HOST;
}

static void
http_request_put_fields(struct http_request_out *out,
    const struct http_request *r)
{
	size_t usual = sizeof(http_request_usual) /
	    sizeof(*http_request_usual);

	for (size_t i = 0; i < usual; i++)
		if (!http_request_has(r, http_request_usual[i].name))
			http_request_puts(out, http_request_usual[i].line);
	for (size_t i = 0; i < r->field_count; i++) {
		http_request_put(out, r->fields[i].name,
		    r->fields[i].name_len);
		http_request_puts(out, ": ");
		http_request_put(out, r->fields[i].value,
		    r->fields[i].value_len);
		http_request_puts(out, "\r\n");
	}
}

int
http_request_write(const struct http_request *r, char *to, size_t room)
{
	struct http_request_out out = { to, room, 0 };
	char length[64];
	size_t len, target_len;
	const char *authority = http_url_authority(r->url, &len);
	const char *target = http_url_target(r->url, &target_len);
	int rc = http_request_check(r->fields, r->field_count);

	if (rc != 0)
		return rc;
	if (!http_request_is_token(r->method, r->method_len))
		return HTTP_REQUEST_E_METHOD;
	http_request_put(&out, r->method, r->method_len);
	http_request_puts(&out, " ");
	http_request_put(&out, target, target_len);
	http_request_puts(&out, " HTTP/1.1\r\n");
	if (!http_request_has(r, "host")) {
		http_request_puts(&out, "Host: ");
		http_request_put(&out, authority, len);
		http_request_puts(&out, "\r\n");
	}
	http_request_put_fields(&out, r);
	if (r->has_body) {
		snprintf(length, sizeof(length), "Content-Length: %llu\r\n",
		    (unsigned long long)r->body_len);
		http_request_puts(&out, length);
	}
	if (r->close)
		http_request_puts(&out, "Connection: close\r\n");
	http_request_puts(&out, "\r\n");
	return out.len <= INT_MAX ? (int)out.len : HTTP_REQUEST_E_LENGTH;
}

const char *
http_request_strerror(int error)
{
	static const char *const words[] = {	/* as the enum has them */
		"method is not a token",
		"name of a header field is not a token",
		"control character in a header field",
		"header field that only the client may write",
		"more than one Host",
		"request head too long",
	};
	unsigned i = (unsigned)HTTP_REQUEST_E_METHOD - (unsigned)error;

	return i < sizeof(words) / sizeof(words[0]) ? words[i] : NULL;
}
