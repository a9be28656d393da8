/*
 * reactor_tls_broken_test.c - TLS over a library whose functions fail, or are
 * those of LibreSSL, and with peers that do not close or read when they should.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/tls_engine.h"
#include "reactor_rig.h"

static char large[300000];

/* ---- functions of the library that fail ---- */

static struct bio_method_st *
no_method(int kind, const char *name)
{
	(void)kind;
	(void)name;
	return NULL;
}

static int
no_write(struct bio_method_st *m, int (*write)(struct bio_st *, const char *,
    int))
{
	(void)m;
	(void)write;
	return 0;
}

static struct bio_st *
no_bio(const struct bio_method_st *m)
{
	(void)m;
	return NULL;
}

static struct ssl_st *
no_ssl(struct ssl_ctx_st *context)
{
	(void)context;
	return NULL;
}

static long
no_ctrl(struct ssl_st *ssl, int what, long number, void *at)
{
	(void)ssl;
	(void)what;
	(void)number;
	(void)at;
	return 0;
}

static int
no_alpn(struct ssl_st *ssl, const unsigned char *at, unsigned len)
{
	(void)ssl;
	(void)at;
	(void)len;
	return 1;
}

static int
no_host(struct X509_VERIFY_PARAM_st *param, const char *host, size_t len)
{
	(void)param;
	(void)host;
	(void)len;
	return 0;
}

/* One function of the library fails. */
static void
break_library(struct reactor_tls_functions *f, int which)
{
	switch (which) {
	case 0:
		f->BIO_meth_new = no_method;
		break;
	case 1:
		f->BIO_meth_set_write = no_write;
		break;
	case 2:
		f->SSL_new = no_ssl;
		break;
	case 3:
		f->BIO_new = no_bio;
		break;
	case 4:
		f->SSL_ctrl = no_ctrl;
		break;
	case 5:
		f->SSL_set_alpn_protos = no_alpn;
		break;
	default:
		f->X509_VERIFY_PARAM_set1_host = no_host;
	}
}

/* Whatever cannot be set, there is no connection that would lack it. */
static void
library_fails(void)
{
	const struct reactor_tls_options o = {
		.ca_file = tls_kit_authority, .alpn = "http/1.1",
	};
	struct reactor_tls_functions good;
	char why[REACTOR_TLS_WHY];
	struct rig rig;
	int i;

	rig_open(&rig);
	reactor_tls_settings_free(rig.client_tls);
	CHECK_INT(reactor_tls_settings_new(&rig.client_tls, rig.reactor, &o,
	    why), 0);
	good = rig.client_tls->library.f;
	for (i = 0; i < 7; i++) {
		break_library(&rig.client_tls->library.f, i);
		CHECK(rig_wrap(&rig, "localhost") == NULL);
		rig.client_tls->library.f = good;
	}
	rig_connect(&rig);
	rig.client.made = rig_lose;
	rig_run(&rig, 2);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	rig_close(&rig);
}

/* What the played functions have failed with: SSL_get_error(3). */
static int played_error;

static int
played_get_error(const struct ssl_st *ssl, int result)
{
	(void)ssl;
	(void)result;
	return played_error;
}

static int
syscall_fails(struct ssl_st *ssl)
{
	(void)ssl;
	played_error = 5;	/* SSL_ERROR_SYSCALL, and nothing queued */
	return -1;
}

/* The library does no system calls here: what has failed is memory. */
static void
library_without_memory(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client_tls->library.f.SSL_do_handshake = syscall_fails;
	rig.client_tls->library.f.SSL_get_error = played_get_error;
	rig_connect(&rig);
	rig_run(&rig, 2);
	rig_check_error(&rig.client, "failed", -ENOMEM);
	rig_close(&rig);
}

static int
must_read_first(struct ssl_st *ssl, const void *at, int len)
{
	(void)ssl;
	(void)at;
	(void)len;
	played_error = 2;	/* SSL_ERROR_WANT_READ */
	return -1;
}

static int
reads_nonsense(struct ssl_st *ssl, void *at, int len)
{
	(void)ssl;
	(void)at;
	(void)len;
	played_error = 1;	/* SSL_ERROR_SSL */
	return -1;
}

static void
say_hello(struct rig_end *e)
{
	transport_write(e->protocol.transport, "hello", 5);
}

static void
write_in_vain_and_lose(struct rig_end *e)
{
	struct reactor_tls_functions *f = &e->rig->client_tls->library.f;

	f->SSL_write = must_read_first;
	f->SSL_read = reads_nonsense;
	f->SSL_get_error = played_get_error;
	say_hello(e);
	rig_lose(e);
	CHECK_INT(transport_unsent(e->protocol.transport), 5);
}

/* What comes while it waits to send its last is of no use: that is told. */
static void
nonsense_at_the_end(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = write_in_vain_and_lose;
	rig.server.made = say_hello;
	rig_connect(&rig);
	rig_run(&rig, 2);
	rig_check_error(&rig.client, "made lost", REACTOR_TLS_E_PROTOCOL);
	rig_close(&rig);
}

/* Who is not verified need not be named: a name is asked for if it can be. */
static void
nobody_named(void)
{
	const struct reactor_tls_options o = { .unverified = true };
	char why[REACTOR_TLS_WHY];
	struct rig rig;

	rig_open(&rig);
	reactor_tls_settings_free(rig.client_tls);
	CHECK_INT(reactor_tls_settings_new(&rig.client_tls, rig.reactor, &o,
	    why), 0);
	rig.client.made = rig_lose;
	CHECK_INT(reactor_connect(rig.reactor, &rig.address, NULL,
	    rig_wrap(&rig, "")), 0);
	rig_run(&rig, 2);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	rig_close(&rig);
}

/* LibreSSL has a macro where OpenSSL has SSL_session_reused. */
static long (*real_ctrl)(struct ssl_st *, int, long, void *);
static int (*real_reused)(const struct ssl_st *);

static long
ctrl_of_libressl(struct ssl_st *ssl, int what, long number, void *at)
{
	if (what == REACTOR_TLS_CTRL_SESSION_REUSED)
		return real_reused(ssl);
	return real_ctrl(ssl, what, number, at);
}

static struct reactor_tls_facts facts;

static void
ask_facts(struct rig_end *e)
{
	CHECK(reactor_tls_facts(e->protocol.transport, &facts));
	rig_lose(e);
}

static void
sessions_of_libressl(void)
{
	struct rig rig;
	int i;

	rig_open(&rig);
	real_ctrl = rig.client_tls->library.f.SSL_ctrl;
	real_reused = rig.client_tls->library.f.SSL_session_reused;
	if (real_reused != NULL) {
		rig.client_tls->library.f.SSL_ctrl = ctrl_of_libressl;
		rig.client_tls->library.f.SSL_session_reused = NULL;
	}
	for (i = 0; i < 2; i++) {
		rig_init_end(&rig, &rig.client, &rig_plain);
		rig_init_end(&rig, &rig.server, &rig_plain);
		rig.accepted = 0;
		rig.client.made = ask_facts;
		rig_connect(&rig);
		rig_run(&rig, 2);
		CHECK_INT(facts.resumed, i);
	}
	rig_close(&rig);
}

/* ---- peers that do not close ---- */

static uint64_t skipped_ns;

static uint64_t
now_skipped_ns(const struct reactor_system *self)
{
	return reactor_system_posix.now_ns(self) + skipped_ns;
}

/* A clock that can be put forward. */
static void
with_clock(void (*run)(struct rig *))
{
	struct reactor_options before = rig_options;
	struct reactor_system system = before.system != NULL ?
	    *before.system : reactor_system_posix;
	struct rig rig;

	skipped_ns = 0;
	system.now_ns = now_skipped_ns;
	rig_options.system = &system;
	rig_open(&rig);
	run(&rig);
	rig_close(&rig);
	rig_options = before;
}

/* Turns until nothing more comes, and a minute later once more. */
static void
pass_minute(struct rig *rig, int turns)
{
	int i;

	for (i = 0; i < turns; i++)
		reactor_iterate(rig->reactor, 0);
	skipped_ns += 60000000000u;
	for (i = 0; i < 3; i++)
		reactor_iterate(rig->reactor, 0);
}

static void
peer_stays(struct rig *rig)
{
	rig->server.protocol.ops = &rig_full;
	rig->client.made = rig_lose;
	rig->waiting = 9;
	rig_connect(rig);
	while (strstr(rig->server.log, "end") == NULL)
		reactor_iterate(rig->reactor, 1000000);
	CHECK_STR(rig->client.log, "made");
	pass_minute(rig, 10);
	CHECK_STR(rig->client.log, "made lost(0)");
	CHECK_STR(rig->server.log, "made end");
}

/* Who has said its last waits no longer than need be for the peer's. */
static void
peer_that_stays(void)
{
	with_clock(peer_stays);
}

static void
write_large_and_lose(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, sizeof(large));
	rig_lose(e);
}

/* A pair of which the server reads nothing yet, and all was written. */
static void
meet_deaf(struct rig *rig)
{
	int fds[2];

	rig->server.quiet = true;
	rig->server.made = rig_pause_reading;
	rig->client.made = write_large_and_lose;
	rig->waiting = 9;
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(reactor_adopt_socket(rig->reactor, fds[0],
	    rig_wrap(rig, "localhost")), 0);
	CHECK_INT(reactor_adopt_socket(rig->reactor, fds[1], reactor_tls_wrap(
	    rig->server_tls, NULL, &rig->server.protocol)), 0);
	while (rig->server.log[0] == '\0' || rig->client.log[0] == '\0')
		reactor_iterate(rig->reactor, 1000000);
}

static void
peer_is_late(struct rig *rig)
{
	meet_deaf(rig);
	pass_minute(rig, 10);
	CHECK_STR(rig->client.log, "made");
	transport_resume_reading(rig->server.protocol.transport);
	rig_run(rig, 2);
	rig_check(rig, "made lost(0)", "made lost(0)");
	CHECK_INT(rig->server.received, sizeof(large));
}

/* As long as there is something to send, it is not given up. */
static void
peer_that_reads_late(void)
{
	with_clock(peer_is_late);
}

/* Paused with something to read: whoever leaves then is not held up. */
static size_t
write_back(struct rig_end *e, const char *at, size_t len)
{
	transport_write(e->protocol.transport, at, len);
	return len;
}

static void
pause_and_write(struct rig_end *e)
{
	rig_pause_reading(e);
	transport_write(e->protocol.transport, large, 1000);
}

static void
left_while_paused(void)
{
	struct rig rig;
	int i;

	rig_open(&rig);
	rig.waiting = 9;
	rig.server.quiet = true;
	rig.server.data = write_back;
	rig.client.made = pause_and_write;
	rig_connect(&rig);
	while (rig.server.received < 1000)
		reactor_iterate(rig.reactor, 1000000);
	for (i = 0; i < 2000; i++)
		reactor_iterate(rig.reactor, 0);
	rig_lose(&rig.client);
	rig_run(&rig, 2);
	CHECK_STR(rig.client.log, "made lost(0)");
	CHECK_STR(rig.server.log, "made lost(0)");
	rig_close(&rig);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "functions that fail", library_fails, false },
		{ "the library has no memory", library_without_memory,
		    false },
		{ "nonsense at the end", nonsense_at_the_end, false },
		{ "nobody is named", nobody_named, false },
		{ "sessions of LibreSSL", sessions_of_libressl, false },
		{ "a peer that does not close", peer_that_stays, false },
		{ "a peer that reads late", peer_that_reads_late, false },
		{ "left while paused", left_while_paused, false },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);

	rig_each_over_tls(cases, count, loopback_any());
	return check_done();
}
