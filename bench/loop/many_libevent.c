/*
 * many_libevent.c - the same as many_spindle.c over libevent's bufferevents.
 *
 *	many_libevent HOST PORT PAGES CONNECTIONS
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <sys/resource.h>

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct many_libevent {
	struct event_base *base;
	long wanted, done, titles;
};

static double
many_libevent_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
many_libevent_cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void
many_libevent_count(struct many_libevent *all)
{
	if (++all->done == all->wanted)
		event_base_loopbreak(all->base);
}

static void
many_libevent_received(struct bufferevent *page, void *ctx)
{
	struct many_libevent *all = ctx;
	struct evbuffer *input = bufferevent_get_input(page);
	size_t len = evbuffer_get_length(input);
	struct evbuffer_ptr end;
	char tail[8];

	evbuffer_ptr_set(input, &end, len - 8, EVBUFFER_PTR_SET);
	if (len < 8 || evbuffer_copyout_from(input, &end, tail, 8) != 8 ||
	    memcmp(tail, "</html>\n", 8) != 0)
		return;
	evbuffer_drain(input, len);
	all->titles++;
	many_libevent_count(all);
}

static void
many_libevent_event(struct bufferevent *page, short what, void *ctx)
{
	static const char request[] =
	    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

	if (what & BEV_EVENT_CONNECTED)
		bufferevent_write(page, request, sizeof(request) - 1);
	else
		many_libevent_count(ctx);
}

int
main(int argc, char **argv)
{
	struct many_libevent all = { .titles = 0 };
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct rlimit files;
	double start, cpu;

	if (argc != 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr,
		    "usage: many_libevent HOST PORT PAGES CONNECTIONS\n");
		return 2;
	}
	to.sin_port = htons((in_port_t)atoi(argv[2]));
	all.wanted = atol(argv[4]);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	all.base = event_base_new();
	start = many_libevent_now();
	cpu = many_libevent_cpu_us();
	for (long i = 0; i < all.wanted; i++) {
		struct bufferevent *page = bufferevent_socket_new(all.base,
		    -1, BEV_OPT_CLOSE_ON_FREE);

		bufferevent_setcb(page, many_libevent_received, NULL,
		    many_libevent_event, &all);
		bufferevent_enable(page, EV_READ | EV_WRITE);
		if (bufferevent_socket_connect(page, (struct sockaddr *)&to,
		    sizeof(to)) != 0)
			return 1;
	}
	event_base_dispatch(all.base);
	printf("pages=%ld titles=%ld wall_s=%.4f cpu_us=%.3f\n", all.done,
	    all.titles, many_libevent_now() - start,
	    (many_libevent_cpu_us() - cpu) / (double)all.done);
	return all.titles == all.wanted ? 0 : 1;
}
