/*
 * cares.c - the queries asked by c-ares, which keeps one socket, under an
 * epoll loop that it tells its descriptors.
 *
 *	cares HOST PORT QUERIES IN-FLIGHT
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <sys/epoll.h>

#include <ares.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include "queries.h"

static struct {
	ares_channel channel;
	int epoll;
	struct query *q;
	size_t count, most, sent, done, good;
} all;

static void
cares_socket(void *ctx, ares_socket_t fd, int readable, int writable)
{
	struct epoll_event event = { .data.fd = fd };

	(void)ctx;
	event.events = (readable ? EPOLLIN : 0u) | (writable ? EPOLLOUT : 0u);
	if (event.events == 0)
		epoll_ctl(all.epoll, EPOLL_CTL_DEL, fd, &event);
	else if (epoll_ctl(all.epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		epoll_ctl(all.epoll, EPOLL_CTL_MOD, fd, &event);
}

/* The addresses are taken out, as a program would that wants them. */
static void
cares_answered(void *ctx, int status, int timeouts, unsigned char *at, int len)
{
	const struct query *q = ctx;
	struct ares_addrttl four[32];
	struct ares_addr6ttl six[32];
	int n = 32;

	(void)timeouts;
	all.done++;
	if (status != ARES_SUCCESS)
		return;
	if (q->type == 1)
		status = ares_parse_a_reply(at, len, NULL, four, &n);
	else
		status = ares_parse_aaaa_reply(at, len, NULL, six, &n);
	all.good += status == ARES_SUCCESS && n > 0;
}

static void
cares_open(const char *host, const char *port)
{
	struct ares_options options = {
		.sock_state_cb = cares_socket,
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS,
		.ednspsz = 1232,
	};
	char server[64];
	int status = ares_library_init(ARES_LIB_INIT_ALL);

	snprintf(server, sizeof(server), "%s:%s", host, port);
	all.epoll = epoll_create1(0);
	if (status == ARES_SUCCESS)
		status = ares_init_options(&all.channel, &options,
		    ARES_OPT_SOCK_STATE_CB | ARES_OPT_FLAGS |
		    ARES_OPT_EDNSPSZ);
	if (status == ARES_SUCCESS)
		status = ares_set_servers_ports_csv(all.channel, server);
	if (status != ARES_SUCCESS) {
		fprintf(stderr, "cares: %s\n", ares_strerror(status));
		exit(1);
	}
}

static void
cares_turn(void)
{
	struct epoll_event events[64];
	int n, i;

	for (; all.sent < all.count && all.sent - all.done < all.most;
	    all.sent++)
		ares_query(all.channel, all.q[all.sent].name, 1,
		    all.q[all.sent].type, cares_answered, &all.q[all.sent]);
	n = epoll_wait(all.epoll, events, 64, 1000);
	for (i = 0; i < n; i++)
		ares_process_fd(all.channel,
		    events[i].events & EPOLLIN ? events[i].data.fd :
		    ARES_SOCKET_BAD, events[i].events & EPOLLOUT ?
		    events[i].data.fd : ARES_SOCKET_BAD);
	if (n == 0)
		ares_process_fd(all.channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

int
main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	all.q = queries_read(argv[3], &all.count);
	all.most = (size_t)atoi(argv[4]);
	cares_open(argv[1], argv[2]);
	while (all.done < all.count)
		cares_turn();
	queries_done(all.count, all.good);
}
