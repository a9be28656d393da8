/*
 * page.h - how a page is made, for the files of this folder.
 */
#ifndef HTTP_PAGE_H
#define HTTP_PAGE_H

#include "get_page.h"
#include "head.h"

/*
 * A page of a complete head, without body; the texts are copied, those of
 * the whole head only with keep_head.  NULL without memory.
 */
struct http_page *http_page_new(const struct http_head *, bool keep_head);

/* Makes room for a body of that length; 0 or -ENOMEM. */
int http_page_reserve(struct http_page *, size_t len);

/* Adds to the body; 0 (HTTP_SINK_CONTINUE) or -ENOMEM. */
int http_page_append(struct http_page *, const char *at, size_t len);

#endif
