/*
 * transport.c - a transport of one's own, that keeps what is written to it:
 * so a protocol can be tried without a loop and without a network.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "transport.h"

#include <string.h>

static char written[100];
static size_t count;

static void
keep_pieces(struct transport *t, const struct iovec *pieces, int n)
{
	(void)t;
	for (; n > 0; n--, pieces++) {
		memcpy(written + count, pieces->iov_base, pieces->iov_len);
		count += pieces->iov_len;
	}
}

/* The protocol: it sends back what it is shown. */
static size_t
echo_received(struct protocol *p, const char *at, size_t len)
{
	transport_write(p->transport, at, len);
	return len;
}

int
main(void)
{
	struct transport_ops transport_ops;
	struct protocol_ops protocol_ops;
	struct transport transport;
	struct protocol echo;

	memset(&transport_ops, 0, sizeof(transport_ops));
	memset(&protocol_ops, 0, sizeof(protocol_ops));
	memset(&transport, 0, sizeof(transport));
	transport_ops.writev = keep_pieces;
	protocol_ops.data_received = echo_received;
	transport.ops = &transport_ops;
	echo.ops = &protocol_ops;
	echo.transport = &transport;

	if (echo.ops->data_received(&echo, "hello", 5) != 5)
		return 1;
	return count == 5 && memcmp(written, "hello", 5) == 0 ? 0 : 2;
}
