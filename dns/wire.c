/*
 * wire.c - see wire.h.  Needs wire.h and name.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "wire.h"

#include <string.h>

enum {
	DNS_WIRE_HEADER = 12,	/* octets before the first name */
	DNS_WIRE_JUMPS = 127	/* a name has no more labels than that */
};

const uint8_t *
dns_read_bytes(struct dns_reader *r, size_t len)
{
	const uint8_t *at = r->at + r->pos;

	if (r->failed || r->len - r->pos < len) {
		r->failed = true;
		return NULL;
	}
	r->pos += len;
	return at;
}

uint16_t
dns_read_u16(struct dns_reader *r)
{
	const uint8_t *b = dns_read_bytes(r, 2);

	return (uint16_t)(b == NULL ? 0 : b[0] << 8 | b[1]);
}

uint32_t
dns_read_u32(struct dns_reader *r)
{
	uint32_t high = dns_read_u16(r);

	return high << 16 | dns_read_u16(r);
}

/*
 * Where the pointer at `at` leads, or 0 if it may not be followed.  Only
 * what lies before `lowest`, the place where this stretch of the name began,
 * will do: then following pointers must come to an end.
 */
static size_t
dns_wire_target(const struct dns_reader *r, size_t at, size_t lowest)
{
	size_t target;

	if (r->len - at < 2)
		return 0;
	target = (size_t)(r->at[at] & 0x3f) << 8 | r->at[at + 1];
	return target < lowest && target >= DNS_WIRE_HEADER ? target : 0;
}

/* Adds the label at `at` to the name; false if it is no label or too long. */
static bool
dns_wire_label(const struct dns_reader *r, size_t at, struct dns_name *n)
{
	size_t i, len = r->at[at];

	if (len > DNS_LABEL_MAX || r->len - at < 1 + len ||
	    n->len + 1 + len > DNS_NAME_MAX)
		return false;
	n->at[n->len++] = (uint8_t)len;
	for (i = 1; i <= len; i++)
		n->at[n->len++] = dns_name_lower(r->at[at + i]);
	return true;
}

/* Reads the name at r->pos; returns where the next thing is, or 0. */
static size_t
dns_wire_name(const struct dns_reader *r, struct dns_name *n)
{
	size_t at = r->pos, lowest = at, next = 0;
	unsigned jumps = 0;

	n->len = 0;
	while (at < r->len) {
		if (r->at[at] >= 0xc0) {
			if (next == 0)
				next = at + 2;
			at = lowest = dns_wire_target(r, at, lowest);
			if (at == 0 || ++jumps > DNS_WIRE_JUMPS)
				return 0;
			continue;
		}
		if (!dns_wire_label(r, at, n))
			return 0;
		if (r->at[at] == 0)
			return next != 0 ? next : at + 1;
		at += 1u + r->at[at];
	}
	return 0;
}

void
dns_read_name(struct dns_reader *r, struct dns_name *n)
{
	size_t next = r->failed ? 0 : dns_wire_name(r, n);

	if (next != 0) {
		r->pos = next;
		return;
	}
	r->failed = true;
	n->len = 1;
	n->at[0] = 0;
}

void
dns_write_bytes(struct dns_writer *w, const void *at, size_t len)
{
	if (w->failed || w->room - w->len < len) {
		w->failed = true;
		return;
	}
	memcpy(w->at + w->len, at, len);
	w->len += len;
}

void
dns_write_u16(struct dns_writer *w, uint16_t v)
{
	const uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	dns_write_bytes(w, b, sizeof(b));
}

void
dns_write_u32(struct dns_writer *w, uint32_t v)
{
	dns_write_u16(w, (uint16_t)(v >> 16));
	dns_write_u16(w, (uint16_t)v);
}
