/*
 * fuzz_request.c - a request made of any bytes: refused, or one head with
 * just the lines that were asked for.
 *
 * The first byte: 1, it has a body; 2, the connection is to be closed; 4, the
 * last field is one of this request alone; 8, absolute form.  Then lines: the
 * method, the target, the authority, and fields.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../http/head.h"
#include "../http/request.h"
#include "fuzz.h"

enum { FUZZ_FIELDS = 8, FUZZ_ROOM = 16384 };

/* All control characters are those of the ends of lines. */
static void
fuzz_request_check(const char *at, size_t len)
{
	size_t i, lines = 0;

	for (i = 0; i < len; i++) {
		if (at[i] == '\r' && i + 1 < len && at[i + 1] == '\n') {
			lines++;
			i++;
			if (i + 3 == len && memcmp(at + i + 1, "\r\n", 2) == 0)
				break;
		} else if ((at[i] >= 0 && at[i] < ' ' && at[i] != '\t') ||
		    at[i] == 0x7f) {
			abort();
		}
	}
	if (i + 3 != len || lines < 2)
		abort();
}

/* A server takes it for one head, if it takes it. */
static void
fuzz_request_read(const struct http_request *q, const char *at, size_t len)
{
	struct http_head h;
	struct http_head_field f;
	size_t cursor = 0, count = 0;
	int rc;

	http_head_init(&h, HTTP_HEAD_REQUEST);
	rc = http_head_parse(&h, at, len);
	if (rc < 0)
		return;
	if ((size_t)rc != len)
		abort();
	h.base = at;
	while (http_head_next(&h, &cursor, &f))
		count++;
	if ((count < q->field_count && q->extra_count == 0) ||
	    count < q->extra_count || count > q->field_count +
	    q->extra_count + 4 + q->has_body + q->close)
		abort();
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	static char head[FUZZ_ROOM];
	struct http_request_field fields[FUZZ_FIELDS];
	struct http_request q = { .fields = fields };
	bool extra;
	char *tight;
	int rc;

	if (size == 0)
		return;
	q.has_body = (*data & 1) != 0;
	q.close = (*data & 2) != 0;
	extra = (*data & 4) != 0;
	q.absolute = (*data & 8) != 0;
	q.body_len = size;
	data++;
	size--;
	q.method = fuzz_line(&data, &size, &q.method_len);
	q.target = fuzz_line(&data, &size, &q.target_len);
	q.authority = fuzz_line(&data, &size, &q.authority_len);
	while (size > 0 && q.field_count < FUZZ_FIELDS) {
		struct http_request_field *f = &fields[q.field_count++];
		const char *colon;

		f->name = fuzz_line(&data, &size, &f->name_len);
		colon = memchr(f->name, ':', f->name_len);
		f->value = colon != NULL ? colon + 1 : f->name + f->name_len;
		f->value_len = (size_t)(f->name + f->name_len - f->value);
		if (colon != NULL)
			f->name_len = (size_t)(colon - f->name);
	}
	if (extra && q.field_count > 0) {
		q.extra = &fields[--q.field_count];
		q.extra_count = 1;
	}
	rc = http_request_write(&q, head, sizeof(head));
	if (rc < 0 && http_request_strerror(rc) == NULL)
		abort();
	if (http_request_check(fields, q.field_count) < 0 && rc >= 0)
		abort();
	if (rc <= 0 || (size_t)rc > sizeof(head))
		return;
	fuzz_request_check(head, (size_t)rc);
	fuzz_request_read(&q, head, (size_t)rc);
	tight = malloc((size_t)rc - 1);
	if (http_request_write(&q, tight, (size_t)rc - 1) != rc)
		abort();
	free(tight);
}
