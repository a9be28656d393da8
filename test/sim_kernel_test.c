/*
 * sim_kernel_test.c - the same calls to the real kernel and to the simulated
 * one, and the same answers: that the simulated one is honest.
 *
 * Each dialogue goes through the system's table and a poller, as the reactor
 * does, and notes what is answered.  It waits for signs, never for time to
 * pass; only to see that a full backlog answers nothing takes a moment.
 * The simulated kernel is a Linux, so where others differ they are not asked:
 * the BSDs end a connection with a FIN, not RST, when bytes are unread.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/utsname.h>

#include "check.h"
#include "loopback.h"
#include "sim.h"

enum { KERNEL_SAID = 256, KERNEL_PIECE = 65536, KERNEL_TRIES = 1000 };

static const int64_t kernel_patience_ns = 10000000000;
static const int64_t kernel_moment_ns = 100000000;

static const char *kernel_where;	/* the loopback address that is here */

/* One of the two kernels, and its answers so far. */
struct kernel {
	const struct reactor_system *system;
	struct poller *poller;
	char said[KERNEL_SAID];
};

static void
kernel_say(struct kernel *k, const char *format, ...)
{
	size_t len = strlen(k->said);
	va_list args;

	va_start(args, format);
	vsnprintf(k->said + len, sizeof(k->said) - len, format, args);
	va_end(args);
}

/* Waits until a descriptor is ready for `want`; what it is ready for. */
static unsigned
kernel_wait(struct kernel *k, int fd, unsigned want, int64_t limit_ns)
{
	struct poller_watch watch = { .fd = fd };
	struct poller_event event = { .ready = 0 };

	CHECK_INT(k->poller->ops->set(k->poller, &watch, want), 0);
	watch.registered = (unsigned char)want;
	CHECK(k->poller->ops->wait(k->poller, limit_ns, &event, 1) > 0 ||
	    limit_ns != kernel_patience_ns);
	CHECK_INT(k->poller->ops->set(k->poller, &watch, 0), 0);
	return event.ready;
}

/* ---- what the dialogues are made of ---- */

static int
kernel_socket(struct kernel *k, int type)
{
	int fd = k->system->socket(k->system,
	    strchr(kernel_where, ':') != NULL ? AF_INET6 : AF_INET, type);

	CHECK(fd >= 0);
	return fd;
}

static void
kernel_close(struct kernel *k, int fd)
{
	CHECK_INT(k->system->close(k->system, fd), 0);
}

/* Binds to a free port of the loopback; its address. */
static struct reactor_address
kernel_bind(struct kernel *k, int fd)
{
	struct reactor_address a;

	reactor_address_parse(&a, kernel_where, strlen(kernel_where), 0);
	CHECK_INT(k->system->bind(k->system, fd, &a.u.any, a.len), 0);
	a.len = sizeof(a.u);
	CHECK_INT(k->system->getsockname(k->system, fd, &a.u.any, &a.len), 0);
	return a;
}

static int
kernel_connect(struct kernel *k, int fd, const struct reactor_address *to)
{
	return k->system->connect(k->system, fd, &to->u.any, to->len);
}

static int
kernel_accept(struct kernel *k, int listener)
{
	return k->system->accept(k->system, listener, NULL, NULL);
}

static ssize_t
kernel_send(struct kernel *k, int fd, size_t len)
{
	static const char zeros[KERNEL_PIECE];

	return k->system->send(k->system, fd, zeros, len);
}

/* Waits for something to receive, and says how much, or why not. */
static void
kernel_receive(struct kernel *k, int fd)
{
	char bytes[100];

	kernel_wait(k, fd, POLLER_READ, kernel_patience_ns);
	kernel_say(k, "receives %zd; ",
	    k->system->recv(k->system, fd, bytes, sizeof(bytes)));
}

/* Sends byte by byte until that fails, as it must soon, and says why. */
static void
kernel_send_in_vain(struct kernel *k, int fd)
{
	ssize_t n = 1;
	int tries;

	for (tries = 0; n == 1 && tries < KERNEL_TRIES; tries++)
		n = kernel_send(k, fd, 1);
	kernel_say(k, "in vain %zd; ", n);
}

/* The two ends of a new connection. */
static void
kernel_pair(struct kernel *k, int *client, int *server)
{
	int listener = kernel_socket(k, SOCK_STREAM);
	struct reactor_address at = kernel_bind(k, listener);

	*client = kernel_socket(k, SOCK_STREAM);
	CHECK_INT(k->system->listen(k->system, listener, 10), 0);
	kernel_connect(k, *client, &at);
	kernel_wait(k, listener, POLLER_READ, kernel_patience_ns);
	*server = kernel_accept(k, listener);
	kernel_wait(k, *client, POLLER_WRITE, kernel_patience_ns);
	kernel_close(k, listener);
}

/* ---- the dialogues ---- */

static void
kernel_numbers(struct kernel *k)
{
	int a = kernel_socket(k, SOCK_STREAM), b = kernel_socket(k, SOCK_DGRAM);
	int c = kernel_socket(k, SOCK_STREAM);

	kernel_close(k, b);
	kernel_close(k, a);
	kernel_say(k, "%d ", kernel_socket(k, SOCK_DGRAM) == a);
	kernel_say(k, "%d ", kernel_socket(k, SOCK_DGRAM) == b);
	kernel_close(k, a);
	kernel_close(k, b);
	kernel_close(k, c);
}

static void
kernel_refusal(struct kernel *k)
{
	int fd = kernel_socket(k, SOCK_STREAM), error;
	struct reactor_address nobody = kernel_bind(k, fd);

	kernel_close(k, fd);
	fd = kernel_socket(k, SOCK_STREAM);
	error = kernel_connect(k, fd, &nobody);
	if (error == -EINPROGRESS) {
		kernel_wait(k, fd, POLLER_WRITE, kernel_patience_ns);
		error = k->system->socket_error(k->system, fd);
	}
	kernel_say(k, "connects %d; ", error);
	kernel_close(k, fd);
}

/* The last one is not answered until there is room again. */
static void
kernel_backlog(struct kernel *k)
{
	int listener = kernel_socket(k, SOCK_STREAM), fds[20], n = 0, i;
	struct reactor_address at = kernel_bind(k, listener);
	unsigned ready;

	CHECK_INT(k->system->listen(k->system, listener, 1), 0);
	do {
		fds[n] = kernel_socket(k, SOCK_STREAM);
		kernel_connect(k, fds[n], &at);
		ready = kernel_wait(k, fds[n++], POLLER_WRITE,
		    kernel_moment_ns);
	} while (ready != 0 && n < 20);
	kernel_say(k, "more than one gets in: %d; full: %d; ", n > 2,
	    ready == 0);
	for (i = 0; i < n; i++) {
		kernel_wait(k, listener, POLLER_READ, kernel_patience_ns);
		kernel_close(k, kernel_accept(k, listener));
	}
	while (n > 0)
		kernel_close(k, fds[--n]);
	kernel_say(k, "accepts %d; ", kernel_accept(k, listener));
	kernel_close(k, listener);
}

static void
kernel_buffers(struct kernel *k)
{
	static char bytes[KERNEL_PIECE];
	int client, server;
	ssize_t n = 1, left = 0;
	int tries;

	kernel_pair(k, &client, &server);
	for (tries = 0; n > 0 && tries < KERNEL_TRIES; tries++) {
		n = kernel_send(k, client, KERNEL_PIECE);
		left += n > 0 ? n : 0;
	}
	kernel_say(k, "sends %zd; writable %u; ", n,
	    kernel_wait(k, client, POLLER_WRITE, 0));
	for (n = 1; n > 0 && left > 0; left -= n) {
		kernel_wait(k, server, POLLER_READ, kernel_patience_ns);
		n = k->system->recv(k->system, server, bytes, sizeof(bytes));
	}
	kernel_say(k, "left %zd; writable %u; ", left,
	    kernel_wait(k, client, POLLER_WRITE, kernel_patience_ns));
	n = k->system->recv(k->system, server, bytes, sizeof(bytes));
	kernel_say(k, "receives %zd; ", n);
	kernel_close(k, client);
	kernel_close(k, server);
}

static void
kernel_half_close(struct kernel *k)
{
	int client, server;

	kernel_pair(k, &client, &server);
	kernel_send(k, client, 3);
	kernel_say(k, "shuts %d; ", k->system->shutdown(k->system, client));
	kernel_say(k, "sends %zd; ", kernel_send(k, client, 1));
	kernel_receive(k, server);
	kernel_receive(k, server);
	kernel_say(k, "answers %zd; ", kernel_send(k, server, 5));
	kernel_close(k, server);
	kernel_receive(k, client);
	kernel_receive(k, client);
	kernel_close(k, client);
}

static void
kernel_reset(struct kernel *k)
{
	int client, server;

	kernel_pair(k, &client, &server);
	k->system->set_option(
	    k->system, client, REACTOR_SYSTEM_RESET_ON_CLOSE, 1);
	kernel_close(k, client);
	kernel_receive(k, server);
	kernel_send_in_vain(k, server);
	kernel_receive(k, server);
	kernel_close(k, server);
}

/* What the one has not read when it closes, the other hears of. */
static void
kernel_unread(struct kernel *k)
{
	int client, server;

	kernel_pair(k, &client, &server);
	kernel_send(k, client, 10);
	kernel_wait(k, server, POLLER_READ, kernel_patience_ns);
	kernel_close(k, server);
	kernel_receive(k, client);
	kernel_send_in_vain(k, client);
	kernel_close(k, client);
}

/* After an end the peer may still read; that it does not is learnt late. */
static void
kernel_end(struct kernel *k)
{
	int client, server;

	kernel_pair(k, &client, &server);
	kernel_close(k, server);
	kernel_receive(k, client);
	kernel_say(k, "sends %zd; ", kernel_send(k, client, 1));
	kernel_send_in_vain(k, client);
	kernel_receive(k, client);
	kernel_close(k, client);
}

/* A closed port is told to the next call, once, and if it is connected. */
static void
kernel_datagrams(struct kernel *k)
{
	int fd = kernel_socket(k, SOCK_DGRAM);
	struct reactor_address nobody = kernel_bind(k, fd);

	kernel_close(k, fd);
	fd = kernel_socket(k, SOCK_DGRAM);
	kernel_say(k, "unconnected %zd; ", k->system->sendto(k->system, fd,
	    "x", 1, &nobody.u.any, nobody.len));
	kernel_say(k, "error %d; ", k->system->socket_error(k->system, fd));
	kernel_say(k, "connects %d; ", kernel_connect(k, fd, &nobody));
	kernel_say(k, "sends %zd; ", kernel_send(k, fd, 1));
	kernel_send_in_vain(k, fd);
	kernel_say(k, "error %d; ", k->system->socket_error(k->system, fd));
	kernel_send(k, fd, 1);
	kernel_receive(k, fd);
	kernel_close(k, fd);
}

static void
kernel_in_use(struct kernel *k)
{
	int fd = kernel_socket(k, SOCK_STREAM);
	int other = kernel_socket(k, SOCK_STREAM);
	struct reactor_address at = kernel_bind(k, fd);

	k->system->listen(k->system, fd, 1);
	kernel_say(k, "binds %d; ", k->system->bind(k->system, other,
	    &at.u.any, at.len));
	kernel_say(k, "accepts %d; ", kernel_accept(k, fd));
	kernel_close(k, fd);
	kernel_close(k, other);
}

static const struct kernel_dialogue {
	const char *name;
	void (*talk)(struct kernel *);
} kernel_dialogues[] = {
	{ "closed numbers are used again, lowest first", kernel_numbers },
	{ "nobody listens", kernel_refusal },
	{ "the backlog is full", kernel_backlog },
	{ "the buffers are full", kernel_buffers },
	{ "half-close, and an answer", kernel_half_close },
	{ "a reset", kernel_reset },
	{ "a close with bytes unread", kernel_unread },
	{ "an end, and bytes sent after it", kernel_end },
	{ "datagrams to a closed port", kernel_datagrams },
	{ "an address in use", kernel_in_use },
};

/* The best poller that this kernel has. */
static int
kernel_open_poller(struct kernel *k)
{
	const struct poller_ops *const *ops = poller_list;
	int error;

	do
		error = (*ops)->open(&k->poller, k->system);
	while (error == -ENOSYS && *++ops != NULL);
	return error;
}

static bool
kernel_is_linux(void)
{
	struct utsname name;

	return uname(&name) >= 0 && strcmp(name.sysname, "Linux") == 0;
}

static void
kernel_compare(const struct kernel_dialogue *d)
{
	static const struct sim_options perfect;
	struct sim *sim = sim_new(&perfect);
	struct kernel real = { .system = &reactor_system_posix };
	struct kernel simulated = { .system = sim_system(sim) };

	check_case(d->name);
	if (d->talk == kernel_unread && !kernel_is_linux()) {
		check_skip("only Linux resets such a connection");
		sim_free(sim);
		return;
	}
	CHECK_INT(kernel_open_poller(&real), 0);
	CHECK_INT(sim_poller.open(&simulated.poller, simulated.system), 0);
	d->talk(&real);
	d->talk(&simulated);
	CHECK_STR(simulated.said, real.said);
	CHECK(real.said[0] != '\0');
	CHECK_INT(sim_open_fds(sim), 0);
	CHECK_STR(sim_first_violation(sim), NULL);
	real.poller->ops->close(real.poller);
	simulated.poller->ops->close(simulated.poller);
	sim_free(sim);
}

int
main(void)
{
	size_t i;

	kernel_where = loopback_any();
	for (i = 0; i < sizeof(kernel_dialogues) / sizeof(kernel_dialogues[0]);
	    i++)
		kernel_compare(&kernel_dialogues[i]);
	return check_done();
}
