/*
 * hosts.h - the table of names and addresses that the hosts file is.
 *
 * Text in, table out: reading the file is someone else's work (see
 * system_config.h).  Copy along: name.h.  The table is sorted once, so that
 * a file of a hundred thousand blocked names costs a lookup no more than 17
 * comparisons.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_HOSTS_H
#define DNS_HOSTS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Private: a name of the file, and the address on its line. */
struct dns_hosts_entry {
	const char *name, *address;	/* in the table's text */
	size_t name_len, address_len;
};

/* The table.  All zero is an empty one.  All fields are private. */
struct dns_hosts {
	char *text;		/* a copy of the file's, in lower case */
	struct dns_hosts_entry *entries;
	size_t count;
};

/*
 * Makes the table from the text of a hosts file; -ENOMEM.  Lines are
 * "ADDRESS NAME ..."; addresses are not checked here.
 */
int dns_hosts_parse(struct dns_hosts *, const char *at, size_t len);

/*
 * The addresses of a name, in any case, with or without a dot at its end:
 * returns how many there are, and where the first of them is in *first.
 * They are entries side by side, in the order of the file.
 */
size_t dns_hosts_find(const struct dns_hosts *, const char *name, size_t len,
    const struct dns_hosts_entry **first);

/* Frees what the table holds and leaves it empty. */
void dns_hosts_free(struct dns_hosts *);

#ifdef __cplusplus
}
#endif

#endif
