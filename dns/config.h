/*
 * config.h - what resolv.conf and hosts say: the two files that tell a
 * machine how names are looked up.
 *
 * What parses takes text, and does no I/O.  Two functions read the files;
 * they wait for the disk, so call them before the loop runs.
 *
 * Copy: config.h config.c message.h message.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_CONFIG_H
#define DNS_CONFIG_H

#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- resolv.conf: which servers are asked, and how ---- */

/* How much is kept; what comes after that is passed over. */
enum {
	DNS_CONFIG_SERVERS = 8,
	DNS_CONFIG_SUFFIXES = 6,
	DNS_CONFIG_SERVER_TEXT = 72	/* address, scope, port and NUL */
};

/* How to look names up.  It owns nothing: copy it freely. */
struct dns_config {
	/*
	 * Name servers in the order to be asked, as text: an address with or
	 * without a port, such as "192.0.2.1", "fe80::1%eth0" or
	 * "[2001:db8::1]:5353".  The text is not checked here.
	 */
	char servers[DNS_CONFIG_SERVERS][DNS_CONFIG_SERVER_TEXT];
	size_t server_count;

	/* Appended to names with fewer than `ndots` dots. */
	struct dns_name suffixes[DNS_CONFIG_SUFFIXES];
	size_t suffix_count;
	bool searched;		/* a line said so, be it that there are none */
	unsigned ndots;

	uint64_t timeout_ns;	/* the most that one attempt waits */
	unsigned attempts;	/* how often each server is asked */
	bool rotate;		/* spread questions over all servers */
};

/* The state before anything is read: no server, ndots 1, 5 s, 2 attempts. */
void dns_config_init(struct dns_config *);

/*
 * Adds what the text of a resolv.conf says: nameserver, search, domain, and
 * of the options ndots, timeout, attempts and rotate.  Lines that are
 * unknown, malformed or too much are passed over, as every other resolver
 * does; numbers beyond the usual limits (15, 30, 5) are lowered to them.
 */
void dns_config_parse(struct dns_config *, const char *at, size_t len);

/*
 * Where no line named suffixes, the domain of this machine is the only one:
 * what follows the first dot of its name.
 */
void dns_config_add_domain(struct dns_config *, const char *host, size_t len);

/* Adds a server; -EINVAL for too long a text, -ENOSPC when there are many. */
int dns_config_add_server(struct dns_config *, const char *at, size_t len);

/* ---- hosts: a table of names and addresses ---- */

/* A name of the file, in lower case, and the address on its line; borrowed. */
struct dns_hosts_entry {
	const char *name, *address;
	size_t name_len, address_len;
};

/*
 * The table.  All zero is an empty one.  All fields are private.  It is
 * sorted once, so that a lookup in a file of a hundred thousand blocked names
 * needs no more than 17 comparisons.
 */
struct dns_hosts {
	char *text;		/* a copy of the file's */
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

/* ---- the files ---- */

/*
 * Initialises the config and reads a resolv.conf, usually /etc/resolv.conf;
 * and the name of this machine, for its domain.  A file that is missing, or
 * that we may not read, counts as empty.  A negative errno where the system
 * fails (-ENOMEM, -EIO ...): then the config is as one of an empty file.
 */
int dns_config_read(struct dns_config *, const char *path);

/* Reads a hosts file, usually /etc/hosts, in the same way. */
int dns_hosts_read(struct dns_hosts *, const char *path);

#ifdef __cplusplus
}
#endif

#endif
