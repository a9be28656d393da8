/*
 * name.h - domain names, as DNS carries them and as people write them.
 *
 * A name is kept in wire form (RFC 1035 section 3.1): each label behind its
 * length, the last one empty.  Letters are always lower case here, since DNS
 * does not tell them apart; so two names are equal if their bytes are.
 *
 *      www.Example.com  is  3 w w w 7 e x a m p l e 3 c o m 0
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Limits of RFC 1035 section 2.3.4, and room for any name as text. */
enum {
	DNS_NAME_MAX = 255,	/* octets of the wire form */
	DNS_LABEL_MAX = 63,	/* octets of one label */
	DNS_NAME_TEXT = 1024	/* each octet may become \DDD; with the NUL */
};

/* A name.  Copy it freely; only the first `len` octets mean something. */
struct dns_name {
	uint8_t len;			/* 1 for the root, 0 never */
	uint8_t at[DNS_NAME_MAX];
};

/*
 * Reads a host name as people write it, with or without the dot at its end.
 * Letters, digits, '-' and '_' make a label; -EINVAL for anything else, for
 * an empty label or name, and beyond the limits: a name is refused, never
 * cut.  Names in other scripts must come in their ASCII form (RFC 5891).
 */
int dns_name_from_text(struct dns_name *, const char *at, size_t len);

/*
 * Writes the name without its last dot (the root is "."), NUL-terminated,
 * and returns its length.  What no host name has, dots inside labels too,
 * appears as \DDD, decimal: the text is safe to print and unambiguous.
 */
size_t dns_name_format(const struct dns_name *, char text[DNS_NAME_TEXT]);

/* Puts `suffix` behind the name; -EINVAL if that is too long: no change. */
int dns_name_append(struct dns_name *, const struct dns_name *suffix);

/* The same name. */
bool dns_name_equal(const struct dns_name *, const struct dns_name *);

/* The name is `zone` or lies below it. */
bool dns_name_is_within(const struct dns_name *, const struct dns_name *zone);

/* Labels, the root's empty one not counted: 3 for www.example.com. */
size_t dns_name_labels(const struct dns_name *);

/* The lower case of an ASCII capital; any other octet as it is. */
static inline uint8_t
dns_name_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

#ifdef __cplusplus
}
#endif

#endif
