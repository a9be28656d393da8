/*
 * address.h - where a socket is bound or goes to: IPv4, IPv6 or UNIX.
 *
 * The reactor sees addresses only, never names.
 *
 * Copy: address.h address.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_ADDRESS_H
#define REACTOR_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#ifdef __cplusplus
extern "C" {
#endif

struct reactor_system;

/* A socket address with its length; copy it freely, it owns nothing. */
struct reactor_address {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
		struct sockaddr_un local;	/* AF_UNIX */
	} u;
};

/* Room for any address as text, with its NUL. */
enum { REACTOR_ADDRESS_TEXT = 128 };

/*
 * Reads a numeric address: "192.0.2.1", "2001:db8::1", "fe80::1%eth0", or
 * either with a port, "192.0.2.1:53" and "[2001:db8::1]:53"; without one
 * the port is `port`.  -EINVAL if it is none of these.
 */
int reactor_address_parse(struct reactor_address *, const char *at, size_t len,
    uint16_t port);

/* From 4 or 16 bytes in network order; `scope` as sin6_scope_id, or 0. */
void reactor_address_from_bytes(struct reactor_address *, const uint8_t *bytes,
    size_t len, uint32_t scope, uint16_t port);

/*
 * A path of the file system; -ENAMETOOLONG past the system's limit of
 * about 100 bytes, -EINVAL if it is empty or holds a NUL.
 */
int reactor_address_from_path(
    struct reactor_address *, const char *at, size_t len);

/* AF_INET, AF_INET6 or AF_UNIX. */
int reactor_address_family(const struct reactor_address *);

/* The port of an IPv4 or IPv6 address, else 0. */
uint16_t reactor_address_port(const struct reactor_address *);

/* Sets the port of an IPv4 or IPv6 address. */
void reactor_address_set_port(struct reactor_address *, uint16_t port);

/* Same family, address, port and scope. */
bool reactor_address_equal(
    const struct reactor_address *, const struct reactor_address *);

/*
 * Writes the address without its port, "192.0.2.1", "2001:db8::1" or a
 * path, NUL-terminated, and returns `text`.
 */
const char *reactor_address_format(
    const struct reactor_address *, char text[REACTOR_ADDRESS_TEXT]);

/* The same with its port: "192.0.2.1:53", "[2001:db8::1]:53". */
const char *reactor_address_format_port(const struct reactor_address *,
    char text[REACTOR_ADDRESS_TEXT]);

/*
 * The address that `ask`, getsockname or getpeername of the system, has for
 * a socket; -ENOTCONN where fd is -1.
 */
int reactor_address_ask(struct reactor_address *,
    const struct reactor_system *, int fd,
    int (*ask)(
	const struct reactor_system *, int fd, struct sockaddr *, socklen_t *));

#ifdef __cplusplus
}
#endif

#endif
