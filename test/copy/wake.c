/*
 * wake.c - a thread computes a sum, and hands it to the loop.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "wake.h"

#include <pthread.h>
#include <stddef.h>

#include "reactor.h"

struct job {
	struct reactor_thread_call done;
	int sum;
};

static struct reactor *loop;
static struct reactor_wake *wake;
static int result;

static void
job_done(struct reactor_thread_call *c)
{
	result = reactor_container_of(c, struct job, done)->sum;
	reactor_stop(loop);
}

static void *
compute(void *arg)
{
	struct job *job = (struct job *)arg;
	int i;

	for (i = 1; i <= 100; i++)
		job->sum += i;
	reactor_call_from_thread(wake, &job->done);
	return NULL;
}

int
main(void)
{
	struct job job = { { job_done, NULL }, 0 };
	pthread_t thread;

	if (reactor_new(&loop, NULL) != 0 ||
	    reactor_wake_open(loop, &wake) != 0 ||
	    pthread_create(&thread, NULL, compute, &job) != 0)
		return 1;
	if (reactor_run(loop) != 0 || pthread_join(thread, NULL) != 0)
		return 2;
	reactor_free(loop);
	return result == 5050 ? 0 : 3;
}
