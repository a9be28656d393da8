/*
 * chain.c - socket pairs, bytes that go round, and the median of the runs.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include "chain.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
chain_die(const char *what)
{
	perror(what);
	exit(1);
}

static double
chain_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

void
chain_open(struct chain *c, int argc, char **argv)
{
	struct rlimit files;

	if (argc != 3) {
		fprintf(stderr, "usage: %s PAIRS ACTIVE\n", argv[0]);
		exit(2);
	}
	c->pairs = atoi(argv[1]);
	c->active = atoi(argv[2]);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	c->fds = calloc((size_t)c->pairs, sizeof(*c->fds));
	if (c->fds == NULL)
		chain_die("calloc");
	for (int i = 0; i < c->pairs; i++)
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
		    c->fds[i]) != 0)
			chain_die("socketpair");
}

void
chain_step(struct chain *c, int index)
{
	char byte;

	if (read(c->fds[index][0], &byte, 1) != 1)
		return;
	c->events++;
	c->last = -1;
	if (c->left == 0)
		return;
	c->left--;
	c->last = (index + 1) % c->pairs;
	if (write(c->fds[c->last][1], "x", 1) != 1)
		chain_die("write");
}

static void
chain_begin(struct chain *c)
{
	c->left = CHAIN_WRITES;
	c->events = 0;
	for (int i = 0; i < c->active; i++)
		if (write(c->fds[(long)i * c->pairs / c->active][1], "x",
		    1) != 1)
			chain_die("write");
}

static int
chain_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
chain_measure(struct chain *c, void (*turn)(void *), void *ctx)
{
	double ns[CHAIN_RUNS];
	long total = CHAIN_WRITES + c->active;

	for (int run = 0; run < CHAIN_RUNS; run++) {
		chain_begin(c);
		ns[run] = chain_now();
		while (c->events < total)
			turn(ctx);
		ns[run] = (chain_now() - ns[run]) / (double)total;
	}
	qsort(ns, CHAIN_RUNS, sizeof(*ns), chain_compare);
	printf("ns=%.1f\n", ns[CHAIN_RUNS / 2]);
}
