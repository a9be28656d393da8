/*
 * content.c - see content.h.
 */
#include "content.h"

#include "inflate.h"
#include "page.h"

#include <errno.h>
#include <stdlib.h>

enum {
	/* What is set aside for a body before its bytes are there. */
	HTTP_CONTENT_TRUST = 65536,
	/* How much longer than its content a stream may be, at least. */
	HTTP_CONTENT_WRAPPING = 65536
};

/*
 * A stream that holds nothing, such as empty blocks or what follows its end,
 * comes under no limit of decoded bytes: so its own bytes have one, too.
 */
static int
http_content_begin_inflate(struct http_content *c, enum http_head_coding coding)
{
	uint64_t more = c->limit / 1024 + HTTP_CONTENT_WRAPPING;

	c->coded_left = c->limit < UINT64_MAX - more ? c->limit + more :
	    UINT64_MAX;
	c->inflate = malloc(sizeof(*c->inflate));
	if (c->inflate == NULL)
		return -ENOMEM;
	http_inflate_init(c->inflate, coding == HTTP_HEAD_GZIP ?
	    HTTP_INFLATE_GZIP : HTTP_INFLATE_DEFLATE);
	return 0;
}

int
http_content_begin(struct http_content *c, const struct http_head *h,
    struct http_page *page, struct http_sink *sink, uint64_t limit)
{
	uint64_t room = h->content_length;

	*c = (struct http_content){.page = page, .sink = sink, .limit = limit};
	if (h->coding == HTTP_HEAD_OTHER)
		return -ENOTSUP;
	if (h->coding != HTTP_HEAD_IDENTITY)
		return http_content_begin_inflate(c, h->coding);
	if (sink != NULL || !h->has_length)
		return 0;
	if (room > limit)
		return -EMSGSIZE;
	if (room > HTTP_CONTENT_TRUST)
		room = HTTP_CONTENT_TRUST;
	return http_page_reserve(page, (size_t)room);
}

/* A piece of decoded content. */
static int
http_content_deliver(struct http_content *c, const char *at, size_t len)
{
	c->page->bytes += len;
	if (c->page->bytes > c->limit)
		return -EMSGSIZE;
	if (c->sink != NULL)
		return (int)c->sink->ops->data(c->sink, at, len);
	return http_page_append(c->page, at, len);
}

int
http_content_take(struct http_content *c, const char *at, size_t len)
{
	const char *piece;
	size_t piece_len;
	int event, answer;

	if (c->inflate == NULL)
		return http_content_deliver(c, at, len);
	if (len > c->coded_left)
		return -EMSGSIZE;
	c->coded_left -= len;
	for (;;) {
		event = http_inflate_next(c->inflate, &at, &len, &piece,
		    &piece_len);
		if (event == HTTP_INFLATE_MORE)
			return HTTP_SINK_CONTINUE;
		if (event == HTTP_INFLATE_E_CHECK) {
			c->page->damaged = true;
			return HTTP_SINK_ENOUGH;
		}
		if (event < 0)
			return event;
		answer = http_content_deliver(c, piece, piece_len);
		if (answer != HTTP_SINK_CONTINUE)
			return answer;
	}
}

int
http_content_end(struct http_content *c)
{
	int err = c->inflate != NULL ? http_inflate_end(c->inflate) : 0;

	if (err != HTTP_INFLATE_E_CHECK && err != HTTP_INFLATE_E_TRUNCATED)
		return err;
	c->page->damaged = true;
	return 0;
}

void
http_content_free(struct http_content *c)
{
	free(c->inflate);
	c->inflate = NULL;
}
