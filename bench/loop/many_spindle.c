/*
 * many_spindle.c - many connections at once, each fetching one page, over
 * Spindle's transports; the reactor alone, without its HTTP client.
 *
 *	many_spindle HOST PORT PAGES CONNECTIONS
 *
 * PAGES is that of CONNECTIONS: the command line and the output are those
 * of bare.c.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <sys/resource.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../reactor/connect.h"
#include "../../reactor/reactor.h"
#include "../../reactor/words.h"

static const char many_spindle_request[] =
    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct many_spindle {
	struct reactor *reactor;
	long wanted, done, titles;
};

struct many_spindle_page {
	struct protocol protocol;	/* first: the callbacks cast */
	struct many_spindle *all;
};

static double
many_spindle_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
many_spindle_cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void
many_spindle_count(struct many_spindle *all)
{
	if (++all->done == all->wanted)
		reactor_break(all->reactor);
}

static void
many_spindle_made(struct protocol *p)
{
	transport_write(p->transport, many_spindle_request,
	    sizeof(many_spindle_request) - 1);
}

/* Uses nothing until the end of the page is there: the rest is kept. */
static size_t
many_spindle_received(struct protocol *p, const char *at, size_t len)
{
	struct many_spindle_page *page = (struct many_spindle_page *)p;

	if (len < 8 || memcmp(at + len - 8, "</html>\n", 8) != 0)
		return 0;
	page->all->titles++;
	many_spindle_count(page->all);
	return len;
}

static void
many_spindle_lost(struct protocol *p, int reason)
{
	fprintf(stderr, "many_spindle: lost: %s\n", reactor_strerror(reason));
	many_spindle_count(((struct many_spindle_page *)p)->all);
}

static const struct protocol_ops many_spindle_ops = {
	.connection_made = many_spindle_made,
	.data_received = many_spindle_received,
	.connection_lost = many_spindle_lost,
	.connect_failed = many_spindle_lost,
};

int
main(int argc, char **argv)
{
	struct many_spindle all = { .titles = 0 };
	struct many_spindle_page *pages;
	struct reactor_address to;
	struct rlimit files;
	double start, cpu;

	if (argc != 5 || reactor_address_parse(&to, argv[1], strlen(argv[1]),
	    (uint16_t)atoi(argv[2])) != 0) {
		fprintf(stderr,
		    "usage: many_spindle HOST PORT PAGES CONNECTIONS\n");
		return 2;
	}
	all.wanted = atol(argv[4]);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	pages = calloc((size_t)all.wanted, sizeof(*pages));
	if (pages == NULL || reactor_new(&all.reactor, NULL) != 0)
		return 1;
	start = many_spindle_now();
	cpu = many_spindle_cpu_us();
	for (long i = 0; i < all.wanted; i++) {
		pages[i].protocol.ops = &many_spindle_ops;
		pages[i].all = &all;
		if (reactor_connect(all.reactor, &to, NULL,
		    &pages[i].protocol) != 0)
			return 1;
	}
	reactor_run(all.reactor);
	printf("pages=%ld titles=%ld wall_s=%.4f cpu_us=%.3f\n", all.done,
	    all.titles, many_spindle_now() - start,
	    (many_spindle_cpu_us() - cpu) / (double)all.done);
	return all.titles == all.wanted ? 0 : 1;
}
