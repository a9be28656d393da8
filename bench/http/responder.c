/*
 * responder.c - a server that costs next to nothing, so that the client sets
 * the pace: every request gets the same page of about 4 KB, at once or after
 * a fixed delay.  Nothing of a request is read but its end.
 *
 *	responder [-d DELAY_MS] [-l LISTENERS] [-p PORT]
 *
 * It prints the port it listens on and serves until SIGTERM, or until the
 * end of its standard input where that is a pipe.  Several listeners share
 * one port (SO_REUSEPORT): ten thousand connections at once need more room
 * than one accept queue has.  Linux only, like all of this comparison.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RESPONDER_EVENTS = 512, RESPONDER_BACKLOG = 4096 };

/* What an epoll event can be about: one byte at the head of each. */
enum responder_what { RESPONDER_STDIN, RESPONDER_LISTENER, RESPONDER_PEER };

struct responder_peer {
	enum responder_what what;	/* first: tells the kinds apart */
	int fd;				/* -1 once closed */
	unsigned matched;		/* of the four bytes that end a head */
	unsigned owed;			/* answers not yet sent */
	uint64_t due_ns;
	struct responder_peer *next;	/* in order of due_ns */
};

struct responder {
	int epoll;
	uint64_t delay_ns;
	char answer[8192 + 256];
	size_t answer_len;
	/* The delay is the same for all, so a plain queue is in order. */
	struct responder_peer *first, **last;
};

static uint64_t
responder_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static void
responder_die(const char *what)
{
	perror(what);
	exit(1);
}

/* Builds the one answer: a head and a page of links, 4.1 KB in all. */
static void
responder_page(struct responder *r)
{
	static char page[8192];
	size_t len = 0;

	len += (size_t)sprintf(page, "<!DOCTYPE html>\n<html><head>"
	    "<meta charset=\"utf-8\">\n"
	    "<title>A page of about four kilobytes</title>\n"
	    "<link rel=\"stylesheet\" href=\"/style.css\">\n</head><body>\n");
	for (int i = 0; len < 3900; i++)
		len += (size_t)sprintf(page + len, "<p>Paragraph %d of a page "
		    "that says nothing, with <a href=\"/article/%d\">a link"
		    "</a> and <em>some words</em> behind it.</p>\n", i, i);
	len += (size_t)sprintf(page + len, "</body></html>\n");
	r->answer_len = (size_t)sprintf(r->answer, "HTTP/1.1 200 OK\r\n"
	    "Server: responder\r\nContent-Type: text/html\r\n"
	    "Content-Length: %zu\r\n\r\n%s", len, page);
}

static void
responder_close(struct responder_peer *p)
{
	close(p->fd);
	p->fd = -1;
	if (p->owed == 0)
		free(p);	/* else the queue still points at it */
}

/* Sends what is owed; a client that does not read is cut off. */
static void
responder_answer(struct responder *r, struct responder_peer *p)
{
	for (; p->owed > 0; p->owed--) {
		ssize_t n = send(p->fd, r->answer, r->answer_len,
		    MSG_NOSIGNAL);

		if (n == (ssize_t)r->answer_len)
			continue;
		p->owed = 0;
		responder_close(p);
		return;
	}
}

static void
responder_owe(struct responder *r, struct responder_peer *p)
{
	if (p->owed++ > 0)
		return;		/* is in the queue */
	p->due_ns = responder_now() + r->delay_ns;
	p->next = NULL;
	*r->last = p;
	r->last = &p->next;
}

/* Counts the empty lines among len bytes: each ends a request. */
static unsigned
responder_scan(struct responder_peer *p, const char *at, size_t len)
{
	unsigned ends = 0;

	for (size_t i = 0; i < len; i++) {
		if (at[i] == "\r\n\r\n"[p->matched])
			p->matched++;
		else
			p->matched = at[i] == '\r';
		if (p->matched == 4) {
			p->matched = 0;
			ends++;
		}
	}
	return ends;
}

static void
responder_read(struct responder *r, struct responder_peer *p)
{
	char bytes[4096];
	ssize_t n = recv(p->fd, bytes, sizeof(bytes), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		responder_close(p);
		return;
	}
	unsigned ends = responder_scan(p, bytes, (size_t)n);

	if (r->delay_ns > 0) {
		while (ends-- > 0)
			responder_owe(r, p);
		return;
	}
	p->owed = ends;
	responder_answer(r, p);
}

static void
responder_accept(struct responder *r, int listener)
{
	for (int i = 0; i < 64; i++) {
		int one = 1, fd = accept4(listener, NULL, NULL,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct responder_peer *p;
		struct epoll_event event = { .events = EPOLLIN };

		if (fd < 0)
			return;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		p = calloc(1, sizeof(*p));
		if (p == NULL)
			responder_die("calloc");
		p->what = RESPONDER_PEER;
		p->fd = fd;
		event.data.ptr = p;
		if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
			responder_die("epoll_ctl");
	}
}

/* Opens one listener; *port 0 lets the kernel choose, and learns which. */
static void
responder_listen(struct responder *r, in_port_t *port)
{
	struct responder_peer *l = calloc(1, sizeof(*l));
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = l };
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int one = 1;

	at.sin_port = *port;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (l == NULL)
		responder_die("calloc");
	l->what = RESPONDER_LISTENER;
	l->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(l->fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	if (bind(l->fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(l->fd, RESPONDER_BACKLOG) != 0 ||
	    getsockname(l->fd, (struct sockaddr *)&at, &len) != 0)
		responder_die("listen");
	*port = at.sin_port;
	if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, l->fd, &event) != 0)
		responder_die("epoll_ctl");
}

/* Answers those whose time has come; returns milliseconds to the next. */
static int
responder_due(struct responder *r)
{
	uint64_t now = r->first != NULL ? responder_now() : 0;

	while (r->first != NULL) {
		struct responder_peer *p = r->first;

		if (p->due_ns > now)
			return (int)((p->due_ns - now + 999999) / 1000000);
		r->first = p->next;
		if (r->first == NULL)
			r->last = &r->first;
		if (p->fd >= 0)
			responder_answer(r, p);
		else
			free(p);
	}
	return -1;
}

static void
responder_dispatch(struct responder *r, struct responder_peer *p)
{
	char byte[64];

	if (p->what == RESPONDER_LISTENER)
		responder_accept(r, p->fd);
	else if (p->what == RESPONDER_PEER)
		responder_read(r, p);
	else if (read(0, byte, sizeof(byte)) <= 0)
		exit(0);
}

int
main(int argc, char **argv)
{
	struct responder r = { .epoll = epoll_create1(EPOLL_CLOEXEC) };
	struct responder_peer input = { .what = RESPONDER_STDIN };
	struct epoll_event events[RESPONDER_EVENTS];
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = &input };
	struct rlimit files;
	in_port_t port = 0;
	int listeners = 1, option;

	r.last = &r.first;
	while ((option = getopt(argc, argv, "d:l:p:")) != -1)
		if (option == 'd')
			r.delay_ns = strtoull(optarg, NULL, 10) * 1000000U;
		else if (option == 'l')
			listeners = atoi(optarg);
		else if (option == 'p')
			port = htons((in_port_t)atoi(optarg));
		else
			return 2;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	responder_page(&r);
	while (listeners-- > 0)
		responder_listen(&r, &port);
	/* Fails on a file or /dev/null, which never end what we do. */
	epoll_ctl(r.epoll, EPOLL_CTL_ADD, 0, &event);
	printf("%d\n", ntohs(port));
	fflush(stdout);
	for (;;) {
		int n = epoll_wait(r.epoll, events, RESPONDER_EVENTS,
		    responder_due(&r));

		for (int i = 0; i < n; i++)
			responder_dispatch(&r, events[i].data.ptr);
	}
}
