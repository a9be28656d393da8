/*
 * bin_output_test.c - records gathered into writes: where these end, and that
 * nothing is lost, doubled or torn when the output takes no more.
 *
 * The output is a pair of datagram sockets, which show each write by itself;
 * a pipe that is full; a regular file.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "alloc.h"
#include "check.h"
#include "full_pipe.h"
#include "refusing.h"

enum {
	WHOLE = PIPE_BUF < OUTPUT_ROOM ? PIPE_BUF : OUTPUT_ROOM,
	MOST = 6,
	ROOM = 65536
};

/* Records of so many bytes, and the writes that they become; ended by 0. */
static const struct {
	const char *name;
	size_t records[MOST], writes[MOST];
} table[] = {
	{ "one record", { 10 }, { 10 } },
	{ "two records", { 10, 20 }, { 30 } },
	{ "as many as fit", { WHOLE - 7, 6, 1 }, { WHOLE } },
	{ "one byte too many", { WHOLE - 1, 2 }, { WHOLE - 1, 2 } },
	{ "full ones", { WHOLE, WHOLE, 1 }, { WHOLE, WHOLE, 1 } },
	{ "a long one among others", { 10, PIPE_BUF + 5, 7 },
	    { 10, PIPE_BUF, 5, 7 } },
	{ "long ones", { 2 * PIPE_BUF + 1, PIPE_BUF + 1, 3 },
	    { PIPE_BUF, PIPE_BUF, 1, PIPE_BUF, 1, 3 } },
};

static int writable;

static void
note_writable(struct output *o)
{
	CHECK(o->writable == note_writable);
	writable++;
}

/* Bytes of which each run of 251 is different at each place. */
static void
record_fill(struct record *r, size_t len, size_t *at)
{
	char c;

	for (; len > 0; len--) {
		c = (char)(++*at % 251);
		record_add(r, &c, 1);
	}
}

/* The bytes are those that record_fill has written, from `at` on. */
static void
check_fill(const char *got, size_t len, size_t *at)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!CHECK_INT(got[i], (char)(++*at % 251)))
			return;
}

static void
test_writes(struct reactor *reactor, size_t row)
{
	static char got[ROOM];
	struct record r = { .at = NULL };
	struct output o;
	int fds[2];
	size_t i, sent = 0, seen = 0;
	ssize_t n;

	CHECK_INT(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	CHECK_INT(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	output_open(&o, reactor, fds[1], note_writable);
	for (i = 0; i < MOST && table[row].records[i] > 0; i++) {
		record_fill(&r, table[row].records[i], &sent);
		CHECK_INT(output_write(&o, &r), 0);
		CHECK_INT(r.len, 0);
	}
	CHECK(!output_is_flushed(&o));
	CHECK_INT(output_flush(&o), 0);
	CHECK(output_is_flushed(&o));
	CHECK_INT(output_flush(&o), 0);
	for (i = 0; i < MOST && table[row].writes[i] > 0; i++) {
		n = read(fds[0], got, sizeof(got));
		if (CHECK_INT(n, table[row].writes[i]))
			check_fill(got, (size_t)n, &seen);
	}
	CHECK_INT(read(fds[0], got, sizeof(got)), -1);
	CHECK_INT(seen, sent);
	output_close(&o);
	reactor_iterate(reactor, 0);
	record_free(&r);
	close(fds[0]);
	close(fds[1]);
}

/* Turns the loop until the output is said to be writable. */
static void
wait_until_writable(struct reactor *reactor)
{
	int turns;

	for (turns = 0; turns < 100 && writable == 0; turns++)
		reactor_iterate(reactor, 10000000);
	CHECK_INT(writable, 1);
	writable = 0;
}

static void
test_full_pipe(struct reactor *reactor)
{
	static char got[ROOM];
	struct record r = { .at = NULL };
	size_t full, sent = 0, seen = 0;
	struct output o;
	int fds[2];

	check_case("a full pipe: nothing blocks, nothing is lost");
	writable = 0;
	CHECK_INT(pipe(fds), 0);
	full = fill_pipe(fds[1]);
	output_open(&o, reactor, fds[1], note_writable);
	record_fill(&r, 100, &sent);
	CHECK_INT(output_write(&o, &r), 0);
	CHECK_INT(output_flush(&o), -EAGAIN);
	CHECK_INT(output_flush(&o), -EAGAIN);
	CHECK(!output_is_flushed(&o));
	record_fill(&r, 50, &sent);
	CHECK_INT(output_write(&o, &r), 0);
	record_fill(&r, WHOLE - 149, &sent);	/* one byte too many */
	CHECK_INT(output_write(&o, &r), -EAGAIN);
	CHECK_INT(r.len, WHOLE - 149);
	reactor_iterate(reactor, 0);
	CHECK_INT(writable, 0);
	drain(fds[0], NULL, full);
	wait_until_writable(reactor);
	CHECK_INT(output_write(&o, &r), 0);
	CHECK_INT(output_flush(&o), 0);
	drain(fds[0], got, sent);
	check_fill(got, sent, &seen);

	check_case("a full pipe: a long record goes on where it was");
	full = fill_pipe(fds[1]) - PIPE_BUF;
	drain(fds[0], NULL, PIPE_BUF);
	sent = seen = 0;
	record_fill(&r, PIPE_BUF + 30, &sent);
	CHECK_INT(output_write(&o, &r), -EAGAIN);
	CHECK_INT(output_flush(&o), 0);		/* nothing is gathered */
	CHECK_INT(output_write(&o, &r), -EAGAIN);
	drain(fds[0], NULL, full);
	wait_until_writable(reactor);
	CHECK_INT(output_write(&o, &r), 0);
	record_fill(&r, 20, &sent);
	CHECK_INT(output_write(&o, &r), 0);
	CHECK_INT(output_flush(&o), 0);
	drain(fds[0], got, sent);
	check_fill(got, sent, &seen);
	output_close(&o);
	record_free(&r);
	close(fds[0]);
	close(fds[1]);
	reactor_iterate(reactor, 0);
}

/* A write blocks then, so that no records are lost and nothing spins. */
static void
test_not_watched(void)
{
	struct poller_ops ops = { .name = "refusing", .open = refusing_open };
	struct reactor_options options = { .own_poller = &ops };
	struct record r = { .at = NULL };
	struct reactor *reactor;
	struct output o;
	size_t full;
	int fds[2];
	char c = 0;

	check_case("a full pipe that the poller cannot watch");
	writable = 0;
	CHECK_INT(reactor_new(&reactor, &options), 0);
	CHECK_INT(pipe(fds), 0);
	full = fill_pipe(fds[1]);
	output_open(&o, reactor, fds[1], note_writable);
	record_add(&r, "x", 1);
	CHECK_INT(output_write(&o, &r), 0);
	CHECK_INT(output_flush(&o), -EAGAIN);
	wait_until_writable(reactor);
	drain(fds[0], NULL, full);
	CHECK_INT(output_flush(&o), 0);
	drain(fds[0], &c, 1);
	CHECK_INT(c, 'x');
	output_close(&o);
	record_free(&r);
	close(fds[0]);
	close(fds[1]);
	reactor_free(reactor);
}

static void
test_failures(struct reactor *reactor)
{
	struct record r = { .at = NULL };
	struct output o;
	int fds[2];

	check_case("nobody reads any more, and no memory");
	CHECK_INT(pipe(fds), 0);
	close(fds[0]);
	output_open(&o, reactor, fds[1], note_writable);
	record_add(&r, "x", 1);
	CHECK_INT(output_write(&o, &r), 0);
	CHECK_INT(output_flush(&o), -EPIPE);
	alloc_fail_at(0, 0);
	record_free(&r);
	record_add(&r, "x", 1);
	alloc_fail_at(-1, 0);
	CHECK_INT(output_write(&o, &r), -ENOMEM);
	output_close(&o);
	close(fds[1]);
	reactor_iterate(reactor, 0);
}

static void
test_file(struct reactor *reactor)
{
	static char got[ROOM];
	size_t sent = 0, seen = 0, i;
	struct record r = { .at = NULL };
	FILE *file = tmpfile();
	struct output o;
	ssize_t n;

	check_case("a regular file");
	if (!CHECK(file != NULL))
		return;
	output_open(&o, reactor, fileno(file), note_writable);
	for (i = 1; i < 10; i++) {
		record_fill(&r, i * i * 100, &sent);
		CHECK_INT(output_write(&o, &r), 0);
	}
	CHECK_INT(output_flush(&o), 0);
	n = pread(fileno(file), got, sizeof(got), 0);
	if (CHECK_INT(n, sent))
		check_fill(got, sent, &seen);
	output_close(&o);
	record_free(&r);
	reactor_iterate(reactor, 0);
	fclose(file);
}

int
main(void)
{
	struct reactor *reactor;
	long live = alloc_live();
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	check_case("a reactor");
	if (!CHECK_INT(reactor_new(&reactor, NULL), 0))
		return check_done();
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		check_case(table[i].name);
		test_writes(reactor, i);
	}
	test_full_pipe(reactor);
	test_not_watched();
	test_failures(reactor);
	test_file(reactor);
	reactor_free(reactor);
	check_case("nothing is left behind");
	CHECK_INT(alloc_live(), live);
	return check_done();
}
