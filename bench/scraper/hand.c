/*
 * hand.c - the titles of a list of pages of one site, as one would write it
 * by hand for that site alone: one epoll set, kept-alive connections, a send
 * and a recv for each page, the title found by memmem, lines written by
 * stdio.  It has no names, time limits, redirects, charsets or references,
 * and it ends where scraper would go on.
 *
 *	hand CONNECTIONS <URLS
 *
 * URLS are lines of http://ADDRESS:PORT/PATH, all of one site.  Prints a
 * line of URL, tab, title for each.  Linux only.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../http/bare.h"

enum { HAND_EVENTS = 1024, HAND_BUFFER = 65536, HAND_LINE = 1024 };

/* A connection; the wire of bare_tcp.c is below it. */
struct hand_peer {
	struct bare_peer wire;	/* first: epoll gives its address back */
	char url[HAND_LINE];	/* of the page under way */
};

struct hand {
	int epoll;
	struct sockaddr_in to;
	char host[80];		/* with the port */
	size_t origin_len;	/* of "http://" and host */
	long asked, answered;
	char buffer[HAND_BUFFER];
};

void
bare_die(const char *what)
{
	perror(what);
	exit(1);
}

/* Reads the next URL of the list; false at its end. */
static bool
hand_next(char *url)
{
	if (fgets(url, HAND_LINE, stdin) == NULL)
		return false;
	url[strcspn(url, "\r\n")] = '\0';
	return true;
}

/* Learns from a first URL what site it is. */
static void
hand_learn(struct hand *h, const char *url)
{
	char address[64];
	int port = 80, len = 0;

	if (sscanf(url, "http://%63[0-9.]:%d%n", address, &port, &len) != 2 ||
	    inet_pton(AF_INET, address, &h->to.sin_addr) != 1)
		bare_die(url);
	h->to.sin_family = AF_INET;
	h->to.sin_port = htons((in_port_t)port);
	h->origin_len = (size_t)len;
	snprintf(h->host, sizeof(h->host), "%s:%d", address, port);
}

static void
hand_ask(struct hand *h, struct hand_peer *p)
{
	char request[HAND_LINE + 128];
	int len = snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: hand\r\n\r\n",
	    p->url + h->origin_len, h->host);

	bare_wire_send(&p->wire, request, (size_t)len);
	h->asked++;
}

/* Opens a connection, blocking, and asks for the page of p->url. */
static void
hand_open(struct hand *h, struct hand_peer *p)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = p };

	p->wire.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (p->wire.fd < 0 || connect(p->wire.fd, (struct sockaddr *)&h->to,
	    sizeof(h->to)) != 0 ||
	    epoll_ctl(h->epoll, EPOLL_CTL_ADD, p->wire.fd, &event) != 0)
		bare_die("connect");
	hand_ask(h, p);
}

/* The length of the whole response at `at`; 0 while its head is partial. */
static size_t
hand_length(const char *at, size_t len)
{
	static const char name[] = "Content-Length: ";
	const char *end = memmem(at, len, "\r\n\r\n", 4);
	const char *field = end == NULL ? NULL :
	    memmem(at, (size_t)(end - at), name, sizeof(name) - 1);

	if (end == NULL)
		return 0;
	if (field == NULL || memcmp(at, "HTTP/1.1 200", 12) != 0)
		bare_die("not the answer expected");
	return (size_t)(end + 4 - at) +
	    strtoul(field + sizeof(name) - 1, NULL, 10);
}

/* Prints the title of a whole response, and asks for the next page. */
static void
hand_take(struct hand *h, struct hand_peer *p, const char *at, size_t len)
{
	const char *title = memmem(at, len, "<title>", 7), *end;

	if (title == NULL)
		bare_die("no title");
	title += 7;
	end = memmem(title, len - (size_t)(title - at), "</title>", 8);
	if (end == NULL)
		bare_die("no title");
	printf("%s\t%.*s\n", p->url, (int)(end - title), title);
	h->answered++;
	if (hand_next(p->url))
		hand_ask(h, p);
}

/* Joins what came to what is kept; true once the response is whole. */
static bool
hand_join(struct hand_peer *p, const char *at, size_t n)
{
	char *whole = realloc(p->wire.rest, p->wire.rest_len + n);
	size_t len;

	if (whole == NULL)
		bare_die("realloc");
	memcpy(whole + p->wire.rest_len, at, n);
	p->wire.rest = whole;
	p->wire.rest_len += n;
	len = hand_length(whole, p->wire.rest_len);
	return len > 0 && p->wire.rest_len >= len;
}

static void
hand_ready(struct hand *h, struct hand_peer *p)
{
	ssize_t n = bare_wire_recv(&p->wire, h->buffer, sizeof(h->buffer));

	if (n <= 0)
		bare_die("recv");
	if (p->wire.rest == NULL &&
	    hand_length(h->buffer, (size_t)n) == (size_t)n) {
		hand_take(h, p, h->buffer, (size_t)n);
		return;
	}
	if (!hand_join(p, h->buffer, (size_t)n))
		return;
	hand_take(h, p, p->wire.rest, p->wire.rest_len);
	free(p->wire.rest);
	p->wire.rest = NULL;
	p->wire.rest_len = 0;
}

static void
hand_run(struct hand *h)
{
	struct epoll_event events[HAND_EVENTS];

	while (h->answered < h->asked) {
		int n = epoll_wait(h->epoll, events, HAND_EVENTS, -1);

		for (int i = 0; i < n; i++)
			hand_ready(h, events[i].data.ptr);
	}
}

int
main(int argc, char **argv)
{
	static struct hand h;
	long connections = argc == 2 ? atol(argv[1]) : 0;
	struct hand_peer *peers =
	    calloc((size_t)connections, sizeof(*peers));

	if (connections <= 0 || peers == NULL) {
		fprintf(stderr, "usage: hand CONNECTIONS <URLS\n");
		return 2;
	}
	h.epoll = epoll_create1(EPOLL_CLOEXEC);
	for (long i = 0; i < connections && hand_next(peers[i].url); i++) {
		if (i == 0)
			hand_learn(&h, peers[0].url);
		hand_open(&h, &peers[i]);
	}
	hand_run(&h);
	return fflush(stdout) != 0;
}
