/*
 * transport.c - transport_* calls whatever transport it is.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "transport.h"

void
transport_write(struct transport *t, const void *at, size_t len)
{
	struct iovec piece = {
		.iov_base = (void *)(uintptr_t)at, .iov_len = len
	};

	if (len > 0)
		t->ops->writev(t, &piece, 1);
}

void
transport_writev(struct transport *t, const struct iovec *pieces, int count)
{
	if (count > 0)
		t->ops->writev(t, pieces, count);
}

size_t
transport_unsent(const struct transport *t)
{
	return t->ops->unsent(t);
}

void
transport_lose_connection(struct transport *t)
{
	t->ops->lose_connection(t);
}

void
transport_abort_connection(struct transport *t)
{
	t->ops->abort_connection(t);
}

void
transport_half_close(struct transport *t)
{
	t->ops->half_close(t);
}

void
transport_pause_reading(struct transport *t)
{
	t->ops->pause_reading(t);
}

void
transport_resume_reading(struct transport *t)
{
	t->ops->resume_reading(t);
}

void
transport_set_timeout(struct transport *t, uint64_t timeout_ns)
{
	t->ops->set_timeout(t, timeout_ns);
}

void
transport_set_leftover_limit(struct transport *t, size_t limit)
{
	t->leftover_limit = limit;
}

void
transport_set_water_marks(struct transport *t, size_t low, size_t high)
{
	t->low_water = low;
	t->high_water = high;
	if (t->ops->marks_changed != NULL)
		t->ops->marks_changed(t);
}

void
transport_set_protocol(struct transport *t, struct protocol *p)
{
	t->protocol = p;
	p->transport = t;
	t->ops->protocol_changed(t);
}

int
transport_local_address(struct transport *t, struct reactor_address *a)
{
	return t->ops->local_address(t, a);
}

int
transport_remote_address(struct transport *t, struct reactor_address *a)
{
	return t->ops->remote_address(t, a);
}

const char *
transport_reason(struct transport *t)
{
	return t->ops->reason(t);
}
