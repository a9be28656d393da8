/*
 * latency_peer.c - asks how long received data waits: opens many idle
 * connections to a server on the loopback and one busy one, on which it
 * sends a byte and waits for the echo, again and again.
 *
 *	latency_peer PORT IDLE ROUNDS
 *
 * Between two bytes it sleeps for a moment, so that the server is asleep,
 * too, when the byte comes.  Prints median_us=N p99_us=N max_us=N of the
 * time from sending to receiving, the same two wake-ups for every server.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <sys/resource.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
latency_peer_die(const char *what)
{
	perror(what);
	exit(1);
}

static double
latency_peer_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int
latency_peer_connect(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_port = htons((in_port_t)port);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		latency_peer_die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* One byte there and back, in microseconds. */
static double
latency_peer_ask(int fd)
{
	double start = latency_peer_now();
	char byte = 'x';

	if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
		latency_peer_die("echo");
	return latency_peer_now() - start;
}

static int
latency_peer_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	struct timespec pause = { .tv_nsec = 50000 };
	struct rlimit files;
	int port, idle, rounds, busy;
	double *us;

	if (argc != 4) {
		fprintf(stderr, "usage: latency_peer PORT IDLE ROUNDS\n");
		return 2;
	}
	port = atoi(argv[1]);
	idle = atoi(argv[2]);
	rounds = atoi(argv[3]);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	us = calloc((size_t)rounds, sizeof(*us));
	if (us == NULL)
		latency_peer_die("calloc");
	/* A byte on each shows that the server has it in its care. */
	for (int i = 0; i < idle; i++)
		latency_peer_ask(latency_peer_connect(port));
	busy = latency_peer_connect(port);
	for (int i = 0; i < 100; i++)
		latency_peer_ask(busy);
	for (int i = 0; i < rounds; i++) {
		nanosleep(&pause, NULL);
		us[i] = latency_peer_ask(busy);
	}
	qsort(us, (size_t)rounds, sizeof(*us), latency_peer_compare);
	printf("median_us=%.1f p99_us=%.1f max_us=%.1f\n", us[rounds / 2],
	    us[(int)((double)rounds * 0.99)], us[rounds - 1]);
	return 0;
}
