/*
 * sink.h - who takes a page's content while it arrives, and who watches the
 * heads.
 *
 * A sink is shown each piece where it lies in the receive buffer, or in the
 * window of the decompressor: nothing is copied on the way.  A sink that has
 * seen enough says so, and the page is done without waiting for the rest.
 * A watcher is shown the heads of a client's messages, and changes nothing.
 *
 * Copy: sink.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_SINK_H
#define HTTP_SINK_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct http_page;
struct http_sink;

/* What a sink answers. */
enum http_sink_answer {
	HTTP_SINK_CONTINUE,	/* it wants more */
	HTTP_SINK_ENOUGH	/* it is not called again */
};

/*
 * What a sink does.  It may not free the client.  It may cancel its page:
 * that fails when the sink has returned, and is as if it had enough.
 */
struct http_sink_ops {
	/*
	 * The final head is here (redirects and unwanted statuses come to
	 * no sink): url, status, redirects, content_type, head are set.
	 * Called once; the page is borrowed until this returns.
	 */
	enum http_sink_answer (*begin)(struct http_sink *,
	    const struct http_page *);

	/* Decoded content, len > 0 bytes, borrowed until this returns. */
	enum http_sink_answer (*data)(struct http_sink *, const char *at,
	    size_t len);

	/*
	 * The content breaks off, though the sink wants more of it: the
	 * connection broke, or time or a limit is over.  The last call.  With
	 * HTTP_SINK_ENOUGH the page is done as if it were complete, else it
	 * fails.  May be NULL: nothing less than all is enough.
	 */
	enum http_sink_answer (*cut)(struct http_sink *);
};

/* What a user's struct embeds. */
struct http_sink {
	const struct http_sink_ops *ops;
};

/* Who is shown heads (client.h); what a user's struct embeds. */
struct http_watcher {
	/*
	 * A whole head as it is on the wire, line ends and all: of a request
	 * (`sent`), just before it goes out, with the passwords and cookies
	 * in it; or of an answer, an interim one (1xx) too.  To CONNECT, which
	 * asks a proxy for a tunnel, and its answer the same applies.  The
	 * bytes are borrowed until this returns; it must not use the client.
	 */
	void (*head)(struct http_watcher *, bool sent, const char *at,
	    size_t len);
};

#ifdef __cplusplus
}
#endif

#endif
