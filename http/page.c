/*
 * page.c - a page and its texts: two allocations, one for the page with all
 * that its head says, one for the body, when there is any.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "content.h"
#include "date.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * What Retry-After asks for.  A date is understood by the server's own
 * clock, the Date field (RFC 9110, section 6.6.1): ours may be wrong.
 */
static int64_t
http_page_retry_after(const struct http_head *h)
{
	const char *at = http_head_text(h, h->retry_after);
	struct http_head_field date;
	int64_t now = -1;

	if (at == NULL)
		return -1;
	if (http_head_find(h, "date", 4, &date))
		now = http_date_parse(date.value, date.value_len);
	return http_date_retry_after(at, h->retry_after.len,
	    now >= 0 ? now : INT64_MAX);
}

/* Copies a text with a NUL to *at, which moves behind it. */
static const char *
http_page_keep(char **at, const char *text, size_t len)
{
	char *copy = *at;

	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	*at += len + 1;
	return copy;
}

struct http_page *
http_page_new(const struct http_head *h, bool keep_head)
{
	size_t head_len = keep_head ? h->len : 0;
	size_t type_len = h->content_type.len;
	struct http_page *p = malloc(sizeof(*p) + head_len + type_len + 3);
	char *at;

	if (p == NULL)
		return NULL;
	*p = (struct http_page){
		.status = h->status, .content_type_len = type_len,
		.head_len = head_len,
		.retry_after_s = http_page_retry_after(h),
	};
	at = (char *)(p + 1);
	p->content_type = http_page_keep(&at,
	    http_head_text(h, h->content_type), type_len);
	p->head = http_page_keep(&at,
	    http_head_text(h, (struct http_head_slice){0, h->len}), head_len);
	p->body = at;
	*at = '\0';
	return p;
}

int
http_page_append(struct http_page *p, const char *at, size_t len)
{
	size_t need = p->body_len + len + 1;
	size_t room = need > 2 * p->room ? need : 2 * p->room;
	char *fresh;

	if (need <= len || need > SIZE_MAX / 2)
		return -ENOMEM;
	if (need > p->room) {
		fresh = realloc(p->room > 0 ? p->body : NULL, room);
		if (fresh == NULL)
			return -ENOMEM;
		p->body = fresh;
		p->room = room;
	}
	memcpy(p->body + p->body_len, at, len);
	p->body_len += len;
	p->body[p->body_len] = '\0';
	return HTTP_SINK_CONTINUE;
}

void
http_page_free(struct http_page *p)
{
	if (p == NULL)
		return;
	http_url_free(&p->url);
	if (p->room > 0)
		free(p->body);
	free(p);
}

static void
http_page_destroy(void *value)
{
	http_page_free(value);
}

const struct defer_result_type http_page_type = {
	.name = "page", .destroy = http_page_destroy,
};
