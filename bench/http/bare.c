/*
 * bare.c - the least that fetching pages can cost: one epoll set, a send
 * and a recv for each page, and the title found by memmem.  It has no URLs,
 * no names, no time limits, no pool and hardly a parser; it dies where a
 * real client would recover.  What a real client costs above it is what
 * those things cost.
 *
 *	bare HOST PORT PAGES CONNECTIONS
 *
 * HOST is a literal IPv4 address.  All connections are opened at once and
 * kept; each asks for its next page as soon as it has the last one.  With
 * PAGES equal to CONNECTIONS each fetches one page, which against a server
 * that takes its time measures how well waiting is shared.
 * Prints one line of name=value: pages, titles, wall_s (first connect to
 * last byte) and cpu_us (user + system, a page).
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FLOOR_EVENTS = 1024, FLOOR_BUFFER = 65536, FLOOR_DIGITS = 7 };

struct bare_peer {
	int fd;
	char *rest;		/* a response that came in pieces, else NULL */
	size_t rest_len;
};

struct bare {
	int epoll;
	long wanted, asked, done, titles;
	char request[256];
	size_t request_len;
	char *digits;		/* in request: the number of the page */
	char buffer[FLOOR_BUFFER];
};

static void
bare_die(const char *what)
{
	perror(what);
	exit(1);
}

static double
bare_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* User and system time of this process so far, in microseconds. */
static double
bare_cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void
bare_open(struct bare *f, struct bare_peer *p, const struct sockaddr_in *to)
{
	struct epoll_event event = { .events = EPOLLOUT, .data.ptr = p };
	int one = 1;

	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		bare_die("socket");
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(p->fd, (const struct sockaddr *)to, sizeof(*to)) != 0 &&
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
	if (send(p->fd, f->request, f->request_len, MSG_NOSIGNAL) !=
	    (ssize_t)f->request_len)
		bare_die("send");
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

/* Takes a complete response. */
static void
bare_take(struct bare *f, struct bare_peer *p, const char *at, size_t len)
{
	const char *open = memmem(at, len, "<title>", 7);

	if (open != NULL &&
	    memmem(open, len - (size_t)(open - at), "</title>", 8) != NULL)
		f->titles++;
	f->done++;
	bare_ask(f, p);
}

/* Joins what came to what is kept; takes the response once it is whole. */
static void
bare_join(struct bare *f, struct bare_peer *p, size_t len)
{
	p->rest = realloc(p->rest, p->rest_len + len);
	if (p->rest == NULL)
		bare_die("realloc");
	memcpy(p->rest + p->rest_len, f->buffer, len);
	p->rest_len += len;
	size_t whole = bare_length(p->rest, p->rest_len);

	if (whole == 0 || p->rest_len < whole)
		return;
	bare_take(f, p, p->rest, whole);
	free(p->rest);
	p->rest = NULL;
	p->rest_len = 0;
}

static void
bare_read(struct bare *f, struct bare_peer *p)
{
	ssize_t n = recv(p->fd, f->buffer, sizeof(f->buffer), 0);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		bare_die("recv");
	if (p->rest == NULL &&
	    bare_length(f->buffer, (size_t)n) == (size_t)n)
		bare_take(f, p, f->buffer, (size_t)n);
	else
		bare_join(f, p, (size_t)n);
}

/* An event: the first of each connection says that it is connected. */
static void
bare_ready(struct bare *f, const struct epoll_event *e)
{
	struct bare_peer *p = e->data.ptr;
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = p };

	if ((e->events & EPOLLOUT) == 0) {
		bare_read(f, p);
		return;
	}
	if (epoll_ctl(f->epoll, EPOLL_CTL_MOD, p->fd, &event) != 0)
		bare_die("epoll_ctl");
	bare_ask(f, p);
}

static void
bare_run(struct bare *f)
{
	struct epoll_event events[FLOOR_EVENTS];

	while (f->done < f->wanted) {
		int n = epoll_wait(f->epoll, events, FLOOR_EVENTS, -1);

		for (int i = 0; i < n; i++)
			bare_ready(f, &events[i]);
	}
}

int
main(int argc, char **argv)
{
	static struct bare f;
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct bare_peer *peers;
	struct rlimit files;
	long connections;
	double start, cpu;

	if (argc != 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: bare HOST PORT PAGES CONNECTIONS\n");
		return 2;
	}
	to.sin_port = htons((in_port_t)atoi(argv[2]));
	f.wanted = atol(argv[3]);
	connections = atol(argv[4]);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	f.request_len = (size_t)snprintf(f.request, sizeof(f.request),
	    "GET /page/0000000 HTTP/1.1\r\nHost: %s:%s\r\n\r\n",
	    argv[1], argv[2]);
	f.digits = f.request + sizeof("GET /page/") - 1;
	f.epoll = epoll_create1(EPOLL_CLOEXEC);
	peers = calloc((size_t)connections, sizeof(*peers));
	if (peers == NULL)
		bare_die("calloc");
	start = bare_now();
	cpu = bare_cpu_us();
	for (long i = 0; i < connections; i++)
		bare_open(&f, &peers[i], &to);
	bare_run(&f);
	printf("pages=%ld titles=%ld wall_s=%.4f cpu_us=%.3f\n", f.done,
	    f.titles, bare_now() - start,
	    (bare_cpu_us() - cpu) / (double)f.done);
	return f.titles == f.done ? 0 : 1;
}
