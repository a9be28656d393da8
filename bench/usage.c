/*
 * usage.c - runs a command and prints what it cost, so that every program
 * of a comparison is measured from outside and in the same way.
 *
 *	usage COMMAND [ARGUMENT ...]
 *
 * The command's output passes through; the last line is
 * `usage cpu_us=N user_us=N sys_us=N wall_us=N rss_kb=N status=N`.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#define _DARWIN_C_SOURCE	/* ru_maxrss */
#include <sys/resource.h>
#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long
usage_us(struct timeval t)
{
	return (long long)t.tv_sec * 1000000 + t.tv_usec;
}

static long long
usage_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int
main(int argc, char **argv)
{
	long long start = usage_now(), user, sys;
	struct rusage used;
	int status = 0;
	pid_t child;

	if (argc < 2) {
		fprintf(stderr, "usage: usage COMMAND [ARGUMENT ...]\n");
		return 2;
	}
	child = fork();
	if (child == 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("usage");
		return 1;
	}
	getrusage(RUSAGE_CHILDREN, &used);
	user = usage_us(used.ru_utime);
	sys = usage_us(used.ru_stime);
	printf("usage cpu_us=%lld user_us=%lld sys_us=%lld wall_us=%lld "
	    "rss_kb=%ld status=%d\n", user + sys, user, sys,
	    usage_now() - start, used.ru_maxrss, status);
	return status != 0;
}
