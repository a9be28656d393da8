/*
 * bare.c - the least that fetching pages can cost: one epoll set, a send
 * and a recv for each page, and the title found by memmem.  It has no URLs,
 * no names, no time limits, no pool and hardly a parser; it dies where a
 * real client would recover.  What a real client costs above it is what
 * those things cost.
 *
 *	bare [-t CA] HOST PORT PAGES CONNECTIONS
 *
 * HOST is a literal IPv4 address.  All connections are opened at once and
 * kept; each asks for its next page as soon as it has the last one, by a new
 * connection if the server said "Connection: close".  With PAGES equal to
 * CONNECTIONS each fetches one page, which against a server that takes its
 * time measures how well waiting is shared.  With bare_tls.c the same goes
 * over TLS, and CA is the file of certificates to trust.  Prints the line of
 * cost.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bare.h"
#include "cost.h"

enum { FLOOR_EVENTS = 1024, FLOOR_BUFFER = 65536, FLOOR_DIGITS = 7 };

struct bare {
	int epoll;
	struct sockaddr_in to;
	long wanted, asked, done, titles;
	char request[256];
	size_t request_len;
	char *digits;		/* in request: the number of the page */
	char buffer[FLOOR_BUFFER];
};

void
bare_die(const char *what)
{
	perror(what);
	exit(1);
}

static void
bare_open(struct bare *f, struct bare_peer *p)
{
	struct epoll_event event = { .events = EPOLLOUT, .data.ptr = p };
	int one = 1;

	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		bare_die("socket");
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(p->fd, (struct sockaddr *)&f->to, sizeof(f->to)) != 0 &&
	    errno != EINPROGRESS)
		bare_die("connect");
	if (epoll_ctl(f->epoll, EPOLL_CTL_ADD, p->fd, &event) != 0)
		bare_die("epoll_ctl");
}

/* Asks for the next page, if any is left. */
static void
bare_ask(struct bare *f, struct bare_peer *p)
{
	long page = f->asked;

	if (f->asked >= f->wanted)
		return;
	f->asked++;
	for (int i = FLOOR_DIGITS; i-- > 0; page /= 10)
		f->digits[i] = (char)('0' + page % 10);
	bare_wire_send(p, f->request, f->request_len);
}

/* The length of the whole response at `at`; 0 while its head is partial. */
static size_t
bare_length(const char *at, size_t len)
{
	static const char name[] = "Content-Length: ";
	const char *end = memmem(at, len, "\r\n\r\n", 4), *field;

	if (end == NULL)
		return 0;
	field = memmem(at, (size_t)(end - at), name, sizeof(name) - 1);
	if (field == NULL || memcmp(at, "HTTP/1.1 200", 12) != 0) {
		fprintf(stderr, "bare: not the answer expected\n");
		exit(1);
	}
	return (size_t)(end + 4 - at) +
	    strtoul(field + sizeof(name) - 1, NULL, 10);
}

/* The server closes after this answer: the next page is a new connection's. */
static void
bare_again(struct bare *f, struct bare_peer *p)
{
	bare_wire_close(p);
	*p = (struct bare_peer){ .fd = -1 };
	if (f->asked < f->wanted)
		bare_open(f, p);
}

/* Takes a complete response. */
static void
bare_take(struct bare *f, struct bare_peer *p, const char *at, size_t len)
{
	static const char closes[] = "\r\nConnection: close\r\n";
	const char *open = memmem(at, len, "<title>", 7);

	if (open == NULL)
		open = at + len;
	if (memmem(open, len - (size_t)(open - at), "</title>", 8) != NULL)
		f->titles++;
	f->done++;
	if (memmem(at, (size_t)(open - at), closes, sizeof(closes) - 1))
		bare_again(f, p);
	else
		bare_ask(f, p);
}

/* Joins what came to what is kept; takes the response once it is whole. */
static void
bare_join(struct bare *f, struct bare_peer *p, size_t len)
{
	char *whole = realloc(p->rest, p->rest_len + len);

	if (whole == NULL)
		bare_die("realloc");
	memcpy(whole + p->rest_len, f->buffer, len);
	p->rest = whole;
	p->rest_len += len;
	len = bare_length(whole, p->rest_len);
	if (len == 0 || p->rest_len < len)
		return;
	p->rest = NULL;
	p->rest_len = 0;
	bare_take(f, p, whole, len);
	free(whole);
}

/* Takes what is there; true if more may lie above the descriptor. */
static bool
bare_read(struct bare *f, struct bare_peer *p)
{
	ssize_t n = bare_wire_recv(p, f->buffer, sizeof(f->buffer));

	if (n < 0)
		return false;
	if (n == 0)
		bare_die("recv");
	if (p->rest == NULL &&
	    bare_length(f->buffer, (size_t)n) == (size_t)n)
		bare_take(f, p, f->buffer, (size_t)n);
	else
		bare_join(f, p, (size_t)n);
	return bare_wire_pending(p);
}

/* An event: the first of each connection says that it is connected. */
static void
bare_ready(struct bare *f, struct bare_peer *p)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = p };

	if (!p->connected) {
		p->connected = true;
		if (epoll_ctl(f->epoll, EPOLL_CTL_MOD, p->fd, &event) != 0)
			bare_die("epoll_ctl");
	}
	if (p->made) {
		while (bare_read(f, p))
			;
		return;
	}
	p->made = bare_wire_make(p);
	if (p->made)
		bare_ask(f, p);
}

static void
bare_run(struct bare *f)
{
	struct epoll_event events[FLOOR_EVENTS];

	while (f->done < f->wanted) {
		int n = epoll_wait(f->epoll, events, FLOOR_EVENTS, -1);

		for (int i = 0; i < n; i++)
			bare_ready(f, events[i].data.ptr);
	}
}

int
main(int argc, char **argv)
{
	static struct bare f = { .to.sin_family = AF_INET };
	const char *ca = NULL;
	struct bare_peer *peers;
	struct cost start;
	long connections;

	if (argc > 2 && strcmp(argv[1], "-t") == 0) {
		ca = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc != 5 || inet_pton(AF_INET, argv[1], &f.to.sin_addr) != 1) {
		fprintf(stderr,
		    "usage: bare [-t CA] HOST PORT PAGES CONNECTIONS\n");
		return 2;
	}
	f.to.sin_port = htons((in_port_t)atoi(argv[2]));
	f.wanted = atol(argv[3]);
	connections = atol(argv[4]);
	cost_raise_limit();
	f.request_len = (size_t)snprintf(f.request, sizeof(f.request),
	    "GET /page/0000000 HTTP/1.1\r\nHost: %s:%s\r\n\r\n",
	    argv[1], argv[2]);
	f.digits = f.request + sizeof("GET /page/") - 1;
	f.epoll = epoll_create1(EPOLL_CLOEXEC);
	peers = calloc((size_t)connections, sizeof(*peers));
	if (peers == NULL)
		bare_die("calloc");
	start = cost_now();
	bare_wire_init(ca, argv[1]);
	for (long i = 0; i < connections; i++)
		bare_open(&f, &peers[i]);
	bare_run(&f);
	cost_report(cost_since(start), f.done, f.titles);
	return f.titles == f.done ? 0 : 1;
}
