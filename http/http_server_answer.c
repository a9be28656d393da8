/*
 * server_answer.c - writes answers.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http_server_private.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Room for the head of an answer; one that does not fit becomes a 500. */
enum { HTTP_SERVER_HEAD = 4096 };

/* A head being written; len goes beyond the room when it does not fit. */
struct http_server_text {
	size_t len;
	char at[HTTP_SERVER_HEAD];
};

static struct http_server_connection *
http_server_answer_connection(struct http_server_request *r)
{
	return (struct http_server_connection *)
	    ((char *)r - offsetof(struct http_server_connection, request));
}

/* The words that go with a status. */
static const char *
http_server_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
		{200, "OK"}, {204, "No Content"},
		{301, "Moved Permanently"}, {302, "Found"},
		{303, "See Other"}, {304, "Not Modified"},
		{307, "Temporary Redirect"}, {308, "Permanent Redirect"},
		{400, "Bad Request"}, {403, "Forbidden"},
		{404, "Not Found"}, {405, "Method Not Allowed"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"},
		{503, "Service Unavailable"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "Other";
}

static void
http_server_text_add(struct http_server_text *t, const char *at, size_t len)
{
	if (t->len + len <= sizeof(t->at))
		memcpy(t->at + t->len, at, len);
	t->len += len;
}

/* A line of name and value; none of its bytes may end the line. */
static void
http_server_text_field(struct http_server_text *t, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
	size_t begin = t->len;

	http_server_text_add(t, name, name_len);
	http_server_text_add(t, ": ", 2);
	http_server_text_add(t, value, value_len);
	if (t->len <= sizeof(t->at))
		for (size_t i = begin; i < t->len; i++)
			if ((unsigned char)t->at[i] < ' ' && t->at[i] != '\t')
				t->at[i] = ' ';
	http_server_text_add(t, "\r\n", 2);
}

static void
http_server_answer_head(struct http_server_text *t,
    const struct http_server_answer *a, bool keep)
{
	int n = snprintf(t->at, sizeof(t->at), "HTTP/1.1 %d %s\r\n", a->status,
	    http_server_reason(a->status));
	char number[24];
	int digits = snprintf(number, sizeof(number), "%zu", a->len);

	t->len = (size_t)n;
	if (a->status != 204 && a->status != 304)
		http_server_text_field(t, "Content-Length", 14, number,
		    (size_t)digits);
	if (a->content_type != NULL)
		http_server_text_field(t, "Content-Type", 12, a->content_type,
		    strlen(a->content_type));
	for (size_t i = 0; i < a->field_count; i++)
		http_server_text_field(t, a->fields[i].name,
		    a->fields[i].name_len, a->fields[i].value,
		    a->fields[i].value_len);
	if (!keep)
		http_server_text_field(t, "Connection", 10, "close", 5);
	http_server_text_add(t, "\r\n", 2);
}

void
http_server_answer(struct http_server_request *r,
    const struct http_server_answer *a)
{
	struct http_server_connection *c = http_server_answer_connection(r);
	bool keep = c->keep && !a->close;
	struct http_server_text t;
	struct iovec pieces[2];
	int count = 2;

	http_server_answer_head(&t, a, keep);
	if (t.len > sizeof(t.at)) {
		http_server_answer_status(r, 500);
		return;
	}
	if (a->len == 0 || c->head_only || a->status == 204 ||
	    a->status == 304)
		count = 1;
	pieces[0] = (struct iovec){t.at, t.len};
	pieces[1] = (struct iovec){(void *)(uintptr_t)a->body, a->len};
	transport_writev(c->protocol.transport, pieces, count);
	http_server_connection_answered(c, keep);
}

void
http_server_answer_status(struct http_server_request *r, int status)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%d %s\n", status,
	    http_server_reason(status));
	struct http_server_answer a = {
		.status = status, .content_type = "text/plain",
		.body = text, .len = (size_t)n,
	};

	http_server_answer(r, &a);
}

void
http_server_refuse(struct http_server_request *r)
{
	struct http_server_connection *c = http_server_answer_connection(r);

	c->answering = false;
	c->closing = true;
	transport_abort_connection(c->protocol.transport);
}
