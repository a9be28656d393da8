/*
 * wire.h - numbers and names in and out of a DNS message.
 *
 * Both ends carry a flag that stays up once something did not fit: a caller
 * reads or writes what it needs in a row and looks at the flag once.  After
 * a failure a reader gives zeros, and a writer writes nothing more.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_WIRE_H
#define DNS_WIRE_H

#include "name.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Takes apart a message that it borrows. */
struct dns_reader {
	const uint8_t *at;	/* the whole message: pointers refer to it */
	size_t len;
	size_t pos;		/* what comes next */
	bool failed;
};

/* Two and four octets, most significant first. */
uint16_t dns_read_u16(struct dns_reader *);
uint32_t dns_read_u32(struct dns_reader *);

/* Steps over len octets and returns the first, or NULL if they end early. */
const uint8_t *dns_read_bytes(struct dns_reader *, size_t len);

/*
 * A name, compressed or not (RFC 1035 section 4.1.4), in lower case.  As
 * RFC 9267 sections 2 and 3 ask: a pointer leads strictly backwards, and
 * never into the header; label types 01 and 10 are refused; the name is at
 * most 255 octets.  After a failure the name is the root.
 */
void dns_read_name(struct dns_reader *, struct dns_name *);

/* Puts together a message in memory of its caller's. */
struct dns_writer {
	uint8_t *at;
	size_t room;
	size_t len;		/* what is written so far */
	bool failed;
};

/* Two and four octets, most significant first. */
void dns_write_u16(struct dns_writer *, uint16_t);
void dns_write_u32(struct dns_writer *, uint32_t);

/* len octets as they are. */
void dns_write_bytes(struct dns_writer *, const void *at, size_t len);

#ifdef __cplusplus
}
#endif

#endif
