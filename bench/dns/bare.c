/*
 * bare.c - the least that asking a name server can cost: one blocking socket,
 * a send and a recv for each query, ids that count up.  Anybody may forge its
 * replies; what gets lost ends it.  What a real client costs above it is what
 * random ports and ids, time limits, tables and lists of addresses cost.
 *
 *	bare HOST PORT QUERIES IN-FLIGHT
 *
 * HOST is a literal IPv4 address.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <sys/socket.h>
#include <sys/time.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queries.h"

static int
bare_open(const char *host, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	const struct timeval patience = { .tv_sec = 5 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	to.sin_port = htons((uint16_t)atoi(port));
	if (fd < 0 || inet_pton(AF_INET, host, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
	    sizeof(patience)) != 0) {
		perror(host);
		exit(1);
	}
	return fd;
}

/* A query with an OPT record, as the others send it; returns its length. */
static size_t
bare_write(uint8_t *at, uint16_t id, const struct query *q)
{
	static const uint8_t opt[11] = { 0, 0, 41, 4, 208 };
	uint8_t *begin = at;
	const char *label = q->name;
	size_t len;

	memcpy(at, "\0\0\1\0\0\1\0\0\0\0\0\1", 12);
	at[0] = (uint8_t)(id >> 8);
	at[1] = (uint8_t)id;
	at += 12;
	for (; *label != '\0'; label += len + (label[len] == '.')) {
		len = strcspn(label, ".");
		*at++ = (uint8_t)len;
		memcpy(at, label, len);
		at += len;
	}
	memcpy(at, "\0\0\0\0\1", 5);
	at[2] = (uint8_t)q->type;
	memcpy(at + 5, opt, sizeof(opt));
	return (size_t)(at - begin) + 5 + sizeof(opt);
}

/* A reply with answers and no error, to a query that was sent. */
static int
bare_receive(int fd, size_t sent)
{
	uint8_t at[1232];
	ssize_t n = recv(fd, at, sizeof(at), 0);
	uint16_t behind;

	if (n < 12) {
		perror("recv");
		exit(1);
	}
	behind = (uint16_t)((uint16_t)sent - (at[0] << 8 | at[1]));
	return behind != 0 && behind <= sent && (at[3] & 15) == 0 &&
	    (at[6] | at[7]) != 0;
}

int
main(int argc, char **argv)
{
	size_t count, most, sent = 0, received = 0, good = 0;
	uint8_t at[300];
	struct query *q;
	int fd;

	if (argc != 5)
		return 2;
	q = queries_read(argv[3], &count);
	most = (size_t)atoi(argv[4]);
	fd = bare_open(argv[1], argv[2]);
	for (; received < count; received++) {
		for (; sent < count && sent - received < most; sent++)
			if (send(fd, at, bare_write(at, (uint16_t)sent,
			    &q[sent]), 0) < 0)
				perror("send");
		good += (size_t)bare_receive(fd, sent);
	}
	queries_done(count, good);
}
