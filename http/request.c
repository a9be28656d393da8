/*
 * request.c - the head of a request, line by line.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "request.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "head.h"

/* ---- what may be sent ---- */

static bool
http_request_is_token(const char *at, size_t len)
{
	return len > 0 && http_head_token_len(at, at + len) == len;
}

/* A value of a field: no byte of it may end the line; a tab is no harm. */
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

/* A part of a URL: no byte of it may end the word that it is. */
static bool
http_request_is_visible(const char *at, size_t len)
{
	return len == 0 || http_head_visible_len(at, at + len) == len;
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
	for (size_t i = 0; i < r->extra_count; i++)
		if (http_request_is(&r->extra[i], lower))
			return true;
	return false;
}

static char
http_request_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + ('a' - 'A'));
	return c;
}

/* Whether a field of this one request has the name of this field. */
static bool
http_request_is_replaced(const struct http_request *r,
    const struct http_request_field *f)
{
	for (size_t i = 0; i < r->extra_count; i++) {
		const struct http_request_field *e = &r->extra[i];
		size_t n = 0;

		while (n < f->name_len && n < e->name_len &&
		    http_request_lower(f->name[n]) ==
		    http_request_lower(e->name[n]))
			n++;
		if (n == f->name_len && n == e->name_len)
			return true;
	}
	return false;
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

static int
http_request_check_all(const struct http_request *r)
{
	int error = http_request_check(r->fields, r->field_count);

	if (error == 0)
		error = http_request_check(r->extra, r->extra_count);
	if (error != 0)
		return error;
	if (!http_request_is_token(r->method, r->method_len))
		return HTTP_REQUEST_E_METHOD;
	if (r->target_len == 0 ||
	    !http_request_is_visible(r->target, r->target_len) ||
	    !http_request_is_visible(r->authority, r->authority_len))
		return HTTP_REQUEST_E_TARGET;
	return 0;
}

/* ---- writing ---- */

/* Where the text goes; `len` counts on when there is no more room, but not
 * beyond what size_t can hold. */
struct http_request_out {
	char *to;
	size_t room;
	size_t len;
};

static void
http_request_put(struct http_request_out *out, const char *at, size_t len)
{
	if (len > 0 && out->len <= out->room && len <= out->room - out->len)
		memcpy(out->to + out->len, at, len);
	out->len = len < SIZE_MAX - out->len ? out->len + len : SIZE_MAX;
}

static inline void
http_request_puts(struct http_request_out *out, const char *text)
{
	http_request_put(out, text, strlen(text));
}

static void
http_request_put_field(struct http_request_out *out,
    const struct http_request_field *f)
{
	http_request_put(out, f->name, f->name_len);
	http_request_puts(out, ": ");
	http_request_put(out, f->value, f->value_len);
	http_request_puts(out, "\r\n");
}

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
http_request_put_fields(struct http_request_out *out,
    const struct http_request *r)
{
	size_t usual = sizeof(http_request_usual) /
	    sizeof(http_request_usual[0]);

	if (!http_request_has(r, "host")) {
		http_request_puts(out, "Host: ");
		http_request_put(out, r->authority, r->authority_len);
		http_request_puts(out, "\r\n");
	}
	for (size_t i = 0; i < usual; i++)
		if (!http_request_has(r, http_request_usual[i].name))
			http_request_puts(out, http_request_usual[i].line);
	for (size_t i = 0; i < r->field_count; i++)
		if (!http_request_is_replaced(r, &r->fields[i]))
			http_request_put_field(out, &r->fields[i]);
	for (size_t i = 0; i < r->extra_count; i++)
		http_request_put_field(out, &r->extra[i]);
}

static void
http_request_put_length(struct http_request_out *out, uint64_t len)
{
	char line[64];

	snprintf(line, sizeof(line), "Content-Length: %llu\r\n",
	    (unsigned long long)len);
	http_request_puts(out, line);
}

int
http_request_write(const struct http_request *r, char *to, size_t room)
{
	struct http_request_out out = { to, room, 0 };
	int error = http_request_check_all(r);

	if (error != 0)
		return error;
	http_request_put(&out, r->method, r->method_len);
	http_request_puts(&out, " ");
	if (r->absolute) {
		http_request_puts(&out, "http://");
		http_request_put(&out, r->authority, r->authority_len);
	}
	http_request_put(&out, r->target, r->target_len);
	http_request_puts(&out, " HTTP/1.1\r\n");
	http_request_put_fields(&out, r);
	if (r->has_body)
		http_request_put_length(&out, r->body_len);
	if (r->close)
		http_request_puts(&out, "Connection: close\r\n");
	http_request_puts(&out, "\r\n");
	return out.len <= INT_MAX ? (int)out.len : HTTP_REQUEST_E_LENGTH;
}

/* ---- errors in words ---- */

static const struct {
	int error;
	const char *words;
} http_request_errors[] = {
	{ HTTP_REQUEST_E_METHOD, "method is not a token" },
	{ HTTP_REQUEST_E_NAME, "name of a header field is not a token" },
	{ HTTP_REQUEST_E_VALUE, "control character in a header field" },
	{ HTTP_REQUEST_E_FRAMING,
	    "header field that only the client may write" },
	{ HTTP_REQUEST_E_HOST, "more than one Host" },
	{ HTTP_REQUEST_E_LENGTH, "request head too long" },
	{ HTTP_REQUEST_E_TARGET, "blank or control character in the target" }
};

const char *
http_request_strerror(int error)
{
	size_t count = sizeof(http_request_errors) /
	    sizeof(http_request_errors[0]);

	for (size_t i = 0; i < count; i++)
		if (http_request_errors[i].error == error)
			return http_request_errors[i].words;
	return NULL;
}
