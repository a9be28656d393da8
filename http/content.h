/*
 * content.h - how a page is made, and the content of a response on its way
 * to who wants it: coding undone, length limited, piece by piece.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_CONTENT_H
#define HTTP_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "get_page.h"
#include "head.h"

#ifdef __cplusplus
extern "C" {
#endif

struct http_inflate;

/*
 * A page of a complete head, without body; the texts are copied, those of
 * the whole head only with keep_head.  NULL without memory.
 */
struct http_page *http_page_new(const struct http_head *, bool keep_head);

/* Adds to the body; 0 (HTTP_SINK_CONTINUE) or -ENOMEM. */
int http_page_append(struct http_page *, const char *at, size_t len);

/* Where content goes.  Its user sets the first three, the others zero. */
struct http_content {
	struct http_page *page;		/* counts; keeps it without a sink */
	struct http_sink *sink;		/* or NULL */
	uint64_t limit;			/* decoded bytes */
	struct http_inflate *inflate;	/* NULL: as it was sent */
	uint64_t coded_left;		/* bytes that inflate may still see */
	bool telling;			/* a function of the sink is running */
	bool given_up;			/* in which it cancelled its page */
};

/*
 * Begins.  0; -ENOMEM; -EMSGSIZE when the head promises more than a page may
 * have; -ENOTSUP for a coding not known here.
 */
int http_content_begin(struct http_content *, const struct http_head *);

/* Shows the page to the sink, if there is one. */
enum http_sink_answer http_content_show(struct http_content *);

/*
 * Passes a piece on.  An enum http_sink_answer; or -EMSGSIZE past the limit,
 * -ENOMEM, or an enum http_inflate_error.
 */
int http_content_take(struct http_content *, const char *at, size_t len);

/* All has come: 0, or an enum http_inflate_error.  Marks damage. */
int http_content_end(struct http_content *);

/* Frees what it holds, not the page; twice does no harm. */
void http_content_free(struct http_content *);

#ifdef __cplusplus
}
#endif

#endif
