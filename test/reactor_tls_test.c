/*
 * reactor_tls_test.c - what only TLS does: handshakes that fail, time limits
 * and cancels in each of their states, starting on a connection that is open,
 * sessions, facts, settings; and memory that ends at each point.
 *
 * What any transport does is tested over TLS by the tests of streams
 * (rig_each_over_tls), real peers are those of test/real/.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/tls_engine.h"
#include "../reactor/words.h"
#include "reactor_rig.h"

static char large[300000];

/* ---- settings ---- */

static const struct {
	struct reactor_tls_options options;
	int error;
	const char *why;	/* what the words contain */
} settings[] = {
	{ { .library = "/no/libssl" }, REACTOR_TLS_E_LIBRARY, "/no/libssl" },
	{ { .ca_file = "/no/ca.pem" }, REACTOR_TLS_E_FILE, "/no/ca.pem" },
	{ { .ca_file = "test/tls/make.sh" }, REACTOR_TLS_E_FILE,
	    "test/tls/make.sh" },
	{ { .server = true }, REACTOR_TLS_E_FILE, "needs a certificate" },
	{ { .server = true, .certificate_file = "/no.pem",
	    .key_file = "test/tls/site.key" }, REACTOR_TLS_E_FILE, "/no.pem" },
	{ { .server = true, .certificate_file = "test/tls/site.pem",
	    .key_file = "/no.key" }, REACTOR_TLS_E_FILE, "/no.key" },
	{ { .server = true, .certificate_file = "test/tls/authority.pem",
	    .key_file = "test/tls/site.key" }, REACTOR_TLS_E_FILE,
	    "test/tls/site.key" },
	{ { .unverified = true }, 0, "" },
	{ { .ca_file = "test/tls/authority.pem", .alpn = "http/1.1" }, 0,
	    "" },
	{ { .unverified = true, .max_sessions = 4294967295u }, 0, "" },
};

/* Each is made twice, and whoever cannot be made leaves nothing. */
static void
settings_fail(void)
{
	struct reactor_tls_settings *made;
	struct reactor *r;
	char why[REACTOR_TLS_WHY], alpn[300];
	size_t i;
	int n;

	if (reactor_new(&r, NULL) != 0)
		abort();
	for (i = 0; i < 2 * sizeof(settings) / sizeof(settings[0]); i++) {
		n = reactor_tls_settings_new(
		    &made, r, &settings[i / 2].options, why);
		CHECK_INT(n, settings[i / 2].error);
		CHECK(n == 0 || strstr(why, settings[i / 2].why) != NULL);
		if (n == 0) {
			CHECK(reactor_tls_library_version(made)[0] != '\0');
			CHECK(reactor_tls_library_name(made)[0] != '\0');
			reactor_tls_settings_free(made);
		}
	}
	memset(alpn, 'x', sizeof(alpn));
	for (n = 255; n <= 256; n++) {
		const struct reactor_tls_options o = {
			.unverified = true, .alpn = alpn + sizeof(alpn) - 1 - n
		};

		alpn[sizeof(alpn) - 1] = '\0';
		CHECK_INT(reactor_tls_settings_new(&made, r, &o, why),
		    n == 255 ? 0 : -EINVAL);
		if (n == 255)
			reactor_tls_settings_free(made);
	}
	reactor_tls_settings_free(NULL);
	reactor_free(r);
	CHECK_INT(alloc_live(), 0);
}

/* Another library, by what it is called here or there. */
static void
no_tls_in_it(void)
{
	static const char *const names[] = {
		"libc.so.6", "libc.so.7", "libc.so.12",
		"/usr/lib/libSystem.B.dylib"
	};
	struct reactor_tls_options options = { .unverified = true };
	struct reactor_tls_settings *made;
	char why[REACTOR_TLS_WHY], begins[80];
	struct reactor *r;
	size_t i;

	if (reactor_new(&r, NULL) != 0)
		abort();
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		options.library = names[i];
		CHECK_INT(reactor_tls_settings_new(&made, r, &options, why),
		    REACTOR_TLS_E_LIBRARY);
		if (strncmp(why, "no TLS library: ", 16) == 0)
			continue;	/* there is no such file */
		snprintf(begins, sizeof(begins), "%s has no function ",
		    names[i]);
		CHECK_BYTES(why, strlen(begins), begins);
		CHECK(strstr(why, " is needed)") != NULL);
	}
	reactor_free(r);
	CHECK_INT(alloc_live(), 0);
}

/* ---- who the peer is ---- */

static const struct {
	const char *host;
	int error;		/* what the client is told */
	const char *why;
} hosts[] = {
	{ "localhost", 0, "" },
	{ "localhost.", 0, "" },
	{ "planet-1.test", 0, "" },
	{ "127.0.0.1", 0, "" },
	{ "::1", 0, "" },
	{ "[::1]", 0, "" },
	{ "127.0.0.2", REACTOR_TLS_E_CERTIFICATE, "not for 127.0.0.2, but" },
	{ "localhost.test", REACTOR_TLS_E_CERTIFICATE, "localhost" },
	{ "a.localhost", REACTOR_TLS_E_CERTIFICATE, "localhost" },
	{ "ocalhost", REACTOR_TLS_E_CERTIFICATE, "localhost" },
};

static const char *words;	/* what the reason must contain */

static void
note_reason(struct rig_end *e, int reason)
{
	const char *said = transport_reason(e->protocol.transport);

	if (!CHECK(strstr(said, words) != NULL))
		printf("# %d: %s\n", reason, said);
}

static struct protocol *
wrap(struct rig *rig, const char *host, uint64_t timeout_ns)
{
	const struct reactor_tls_peer peer = {
		.host = host, .host_len = strlen(host), .port = 443,
		.timeout_ns = timeout_ns,
	};

	return reactor_tls_wrap(
	    rig->client_tls, &peer, &rig->client.protocol);
}

static void
connect_to(struct rig *rig, const char *host, uint64_t timeout_ns)
{
	CHECK_INT(reactor_connect(rig->reactor, &rig->address, NULL,
	    wrap(rig, host, timeout_ns)), 0);
}

static void
names_of_peers(void)
{
	struct rig rig;
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		rig_open(&rig);
		words = hosts[i].why;
		rig.client.lost = note_reason;
		rig.client.made = rig_lose;
		connect_to(&rig, hosts[i].host, 0);
		rig_run(&rig, 2);
		if (hosts[i].error == 0)
			rig_check(&rig, "made lost(0)", "made lost(0)");
		else
			rig_check_error(
			    &rig.client, "failed", hosts[i].error);
		CHECK(hosts[i].error == 0 ||
		    strstr(rig.server.log, "made") == NULL);
		rig_close(&rig);
	}
}

/* A client that does not know whom it talks to gets no connection. */
static void
nobody_to_verify(void)
{
	struct rig rig;

	rig_open(&rig);
	CHECK(reactor_tls_wrap(rig.client_tls, NULL,
	    &rig.client.protocol) == NULL);
	CHECK(wrap(&rig, "", 0) == NULL);
	rig_close(&rig);
}

/* ---- peers that do not speak TLS ---- */

static void
say_http(struct rig_end *e)
{
	transport_write(e->protocol.transport, "HTTP/1.1 400 No\r\n\r\n", 19);
}

static struct protocol *
build_plain(struct protocol_factory *f, const struct reactor_address *from)
{
	(void)from;
	return &rig_of_factory(f)->server.protocol;
}

static const struct protocol_factory_ops plain_factory = {
	.build_protocol = build_plain,
	.stopped = rig_stopped,
};

static void
plaintext_server(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.factory.ops = &plain_factory;
	rig.server.made = say_http;
	rig.server.quiet = true;
	words = "does not speak TLS (it sent \"H";
	rig.client.lost = note_reason;
	rig_connect(&rig);
	rig_run(&rig, 2);
	rig_check_error(&rig.client, "failed", REACTOR_TLS_E_NOT_TLS);
	rig_close(&rig);
}

static void
plaintext_client(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_http;
	words = "does not speak TLS";
	rig.server.lost = note_reason;
	CHECK_INT(reactor_connect(rig.reactor, &rig.address, NULL,
	    &rig.client.protocol), 0);
	rig_run(&rig, 2);
	rig_check_error(&rig.server, "failed", REACTOR_TLS_E_NOT_TLS);
	rig_close(&rig);
}

/* ---- time limits and cancels ---- */

static void
write_large_and_lose(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, sizeof(large));
	rig_lose(e);
}

/* A server that never answers; it closes when the client has gone. */
static void
handshake_times_out(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.factory.ops = &plain_factory;
	rig.server.quiet = true;
	words = "handshake took too long";
	rig.client.lost = note_reason;
	connect_to(&rig, "localhost", 20000000);
	rig_run(&rig, 2);
	rig_check_error(&rig.client, "failed", REACTOR_TLS_E_TIMEOUT);
	rig_close(&rig);
}

/* What is done after so many turns, in each state that there can be. */
static void
give_up(bool aborts)
{
	struct rig rig;
	int turns, i, said;

	for (turns = 0; turns < 14; turns++) {
		rig_open(&rig);
		rig.waiting = 99;
		rig_connect(&rig);
		transport_write(rig.client.protocol.transport, large, 70000);
		rig.server.quiet = true;
		for (i = 0; i < turns; i++)
			reactor_iterate(rig.reactor, 0);
		said = (int)strlen(rig.client.log);
		if (aborts)
			transport_abort_connection(
			    rig.client.protocol.transport);
		else
			rig_lose(&rig.client);
		CHECK_INT((int)strlen(rig.client.log), said);
		rig.waiting = 1;
		while (rig.client.farewells == 0)
			reactor_iterate(rig.reactor, 1000000);
		if (said == 0)
			rig_check_error(&rig.client, "failed", -ECANCELED);
		else if (aborts)
			rig_check_error(
			    &rig.client, "made lost", -ECONNABORTED);
		else
			CHECK_STR(rig.client.log, "made lost(0)");
		for (i = 0; i < 20; i++)
			reactor_iterate(rig.reactor, 0);
		CHECK_INT(rig.client.farewells, 1);
		rig_close(&rig);
	}
}

static void
aborted_in_each_state(void)
{
	give_up(true);
}

static void
lost_in_each_state(void)
{
	give_up(false);
}

/* The reactor is freed, and both ends are told, whatever they did. */
static void
freed_in_each_state(void)
{
	struct rig rig;
	int turns, i;

	for (turns = 0; turns < 14; turns++) {
		rig_open(&rig);
		rig.waiting = 99;
		rig_connect(&rig);
		for (i = 0; i < turns; i++)
			reactor_iterate(rig.reactor, 0);
		rig_close(&rig);
		CHECK_INT(rig.client.farewells, 1);
		CHECK_INT(rig.server.farewells, rig.accepted);
	}
}

/* Also what it was to tell, that much is unsent, is forgotten. */
static void
discarded(void)
{
	struct protocol *below;
	struct rig rig;

	rig_open(&rig);
	reactor_tls_discard(wrap(&rig, "localhost", 0));
	rig.client.protocol.ops = &rig_full;
	below = wrap(&rig, "localhost", 0);
	transport_write(rig.client.protocol.transport, large, 70000);
	reactor_tls_discard(below);
	reactor_iterate(rig.reactor, 0);
	CHECK_STR(rig.client.log, "");
	rig_close(&rig);
}

/* ---- half-close ---- */

static int fins;

static int
count_fin(const struct reactor_system *self, int fd)
{
	fins++;
	return reactor_system_posix.shutdown(self, fd);
}

static void
half_close(struct rig_end *e)
{
	transport_half_close(e->protocol.transport);
}

static void
answer_after_fin(struct rig_end *e)
{
	CHECK_INT(fins, 1);
	transport_write(e->protocol.transport, "late", 4);
	rig_lose(e);
}

/* The connection below is half-closed, too, and reading goes on. */
static void
half_closed(void)
{
	const struct reactor_system *usual = rig_options.system;
	struct reactor_system counting = usual != NULL ? *usual :
	    reactor_system_posix;
	struct rig rig;

	counting.shutdown = count_fin;
	rig_options.system = &counting;
	fins = 0;
	rig_open(&rig);
	rig.client.protocol.ops = rig.server.protocol.ops = &rig_full;
	rig.client.made = half_close;
	rig.client.end = rig_lose;
	rig.client.quiet = true;
	rig.server.end = answer_after_fin;
	rig_meet(&rig);
	CHECK_INT(rig.client.received, 4);
	rig_check(&rig, "made end lost(0)", "made end lost(0)");
	rig_close(&rig);
	rig_options.system = usual;
}

/* A pair of sockets that are connected already, one end for each. */
static void
adopted(void)
{
	struct rig rig;
	int fds[2];

	rig_open(&rig);
	rig.client.made = write_large_and_lose;
	rig.server.quiet = true;
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
	    wrap(&rig, "localhost", 0)), 0);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[1], reactor_tls_wrap(
	    rig.server_tls, NULL, &rig.server.protocol)), 0);
	rig_run(&rig, 2);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, sizeof(large));
	rig_close(&rig);
}

/* ---- from plaintext to TLS ---- */

/* The client asks for TLS in words, the server agrees, and both start it. */
static struct rig_end heirs[2];

static size_t
agree(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	if (len < 3)
		return 0;
	transport_write(e->protocol.transport, "go", 2);
	CHECK_INT(reactor_tls_start(e->rig->server_tls, NULL,
	    e->protocol.transport, &heirs[1].protocol), 0);
	return 3;	/* what is left over is TLS's */
}

static size_t
start(struct rig_end *e, const char *at, size_t len)
{
	const struct reactor_tls_peer peer = {
		.host = "localhost", .host_len = 9
	};

	(void)at;
	if (len < 2)
		return 0;
	CHECK_INT(reactor_tls_start(e->rig->client_tls, &peer,
	    e->protocol.transport, &heirs[0].protocol), 0);
	transport_write(heirs[0].protocol.transport, "secret", 6);
	return len;
}

static void
ask_for_tls(struct rig_end *e)
{
	transport_write(e->protocol.transport, "tls", 3);
}

static void
start_later(void)
{
	struct rig rig;
	int i;

	rig_open(&rig);
	rig.factory.ops = &plain_factory;
	for (i = 0; i < 2; i++)
		rig_init_end(&rig, &heirs[i], &rig_plain);
	rig.client.made = ask_for_tls;
	rig.client.data = start;
	rig.server.data = agree;
	heirs[1].data = rig_lose_at_data;
	CHECK_INT(reactor_connect(rig.reactor, &rig.address, NULL,
	    &rig.client.protocol), 0);
	rig_run(&rig, 2);
	CHECK(strstr(rig.client.log, "\"go\"") != NULL);
	CHECK(strstr(rig.server.log, "\"tls\"") != NULL);
	CHECK_STR(heirs[0].log, "made lost(0)");
	CHECK_STR(heirs[1].log, "made \"secret\" lost(0)");
	rig_close(&rig);
}

/* ---- facts and sessions ---- */

static struct reactor_tls_facts facts;

static void
ask_facts(struct rig_end *e)
{
	CHECK(reactor_tls_facts(e->protocol.transport, &facts));
	CHECK(strncmp(facts.version, "TLSv1.", 6) == 0);
	CHECK_STR(facts.alpn, "");
	CHECK(facts.verified);
	CHECK_STR(facts.subject, "");	/* nobody wants to keep it */
	rig_lose(e);
}

/* The second connection is resumed, and so is a third; others are not. */
static void
sessions(void)
{
	static const char *const to[] = {
		"localhost", "localhost", "localhost", "127.0.0.1",
	};
	struct rig rig;
	int i;

	rig_open(&rig);
	for (i = 0; i < 6; i++) {
		rig_init_end(&rig, &rig.client, &rig_plain);
		rig_init_end(&rig, &rig.server, &rig_plain);
		rig.accepted = 0;
		rig.client.made = ask_facts;
		if (i == 4)
			reactor_tls_forget_sessions(rig.client_tls);
		connect_to(&rig, to[i % 4], 0);
		rig_run(&rig, 2);
		rig_check(&rig, "made lost(0)", "made lost(0)");
		CHECK_INT(facts.resumed, i == 1 || i == 2 || i == 5);
	}
	rig_close(&rig);
}

/* ---- records and pieces ---- */

enum { RECORD = 5000 };

static void
narrow(struct rig_end *e)
{
	transport_set_leftover_limit(e->protocol.transport, 100);
}

static void
write_record(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, RECORD);
}

static size_t
lose_after_record(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	CHECK(len <= 101);
	if (e->received + len == RECORD)
		rig_lose(e);
	return len;
}

/* One record that is shown in many pieces, and nothing comes behind it. */
static void
record_in_pieces(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = write_record;
	rig.server.made = narrow;
	rig.server.data = lose_after_record;
	rig.server.quiet = true;
	connect_to(&rig, "localhost", 0);
	rig_run(&rig, 2);
	CHECK_INT(rig.server.received, RECORD);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	rig_close(&rig);
}

/* ---- a library that others use, too ---- */

/* As a use of the library does that fails, and leaves errors in its queue. */
static void
leave_errors(struct rig_end *e)
{
	const struct reactor_tls_settings *s = e->rig->client_tls;
	int i;

	for (i = 0; i < 3; i++)
		CHECK(s->library.f.SSL_CTX_load_verify_locations(
		    s->context, "/no/ca.pem", NULL) != 1);
}

static void
say_and_leave_errors(struct rig_end *e)
{
	transport_write(e->protocol.transport, "hello", 5);
	leave_errors(e);
}

static size_t
echo_and_leave_errors(struct rig_end *e, const char *at, size_t len)
{
	transport_write(e->protocol.transport, at, len);
	leave_errors(e);
	return len;
}

static void
errors_of_others(void)
{
	struct rig rig;

	rig_open(&rig);
	leave_errors(&rig.client);
	rig.client.made = say_and_leave_errors;
	rig.server.made = leave_errors;
	rig.server.data = echo_and_leave_errors;
	rig.client.data = rig_lose_at_data;
	connect_to(&rig, "localhost", 0);
	rig_run(&rig, 2);
	rig_check(&rig, "made \"hello\" lost(0)", "made \"hello\" lost(0)");
	rig_close(&rig);
}

static void
not_of_tls(struct rig_end *e)
{
	CHECK(!reactor_tls_facts(e->protocol.transport, &facts));
	rig_lose(e);
}

static void
no_facts(void)
{
	struct rig rig;

	rig_open(&rig);
	connect_to(&rig, "localhost", 0);
	CHECK(!reactor_tls_facts(rig.client.protocol.transport, &facts));
	transport_abort_connection(rig.client.protocol.transport);
	rig_run(&rig, 1);
	rig_init_end(&rig, &rig.client, &rig_plain);
	rig.factory.ops = &plain_factory;
	rig.client.made = not_of_tls;
	CHECK_INT(reactor_connect(rig.reactor, &rig.address, NULL,
	    &rig.client.protocol), 0);
	rig_run(&rig, 1);
	CHECK_STR(rig.client.log, "made lost(0)");
	rig_close(&rig);
}

/* ---- memory ---- */

/* The server's hooks: it reads, is paused, or leaves half and is paused. */
static size_t
leave_half_and_pause(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	rig_pause_reading(e);
	return len / 2;
}

static const struct {
	void (*made)(struct rig_end *);
	size_t (*data)(struct rig_end *, const char *at, size_t len);
} memory_ways[] = {
	{ NULL, NULL },
	{ rig_pause_reading, NULL },
	{ NULL, leave_half_and_pause },
};

/* Whatever allocation fails, both ends hear an end, and nothing is lost. */
static bool
meet_without_memory(size_t way, long n)
{
	struct protocol *below;
	struct rig rig;
	bool failed;
	int turns;

	rig_open(&rig);
	rig.client_tls->keep_certificate = true;
	rig.server.quiet = rig.client.quiet = true;
	rig.server.made = memory_ways[way].made;
	rig.server.data = memory_ways[way].data;
	rig.waiting = 99;
	alloc_fail_at(n, 0);
	below = wrap(&rig, "localhost", 0);
	if (below != NULL && reactor_connect(rig.reactor, &rig.address, NULL,
	    below) != 0)
		reactor_tls_discard(below);
	else if (below != NULL)
		transport_write(rig.client.protocol.transport, large, 70000);
	turns = rig_drip.system.recv != NULL ? 4000 : 40;
	for (; turns > 0; turns--)
		reactor_iterate(rig.reactor, 0);
	failed = alloc_has_failed();
	alloc_fail_at(-1, 0);
	CHECK(rig.client.farewells <= 1 && rig.server.farewells <= 1);
	rig_close(&rig);
	return failed;
}

static void
memory_ends(void)
{
	long n;
	size_t way;

	for (way = 0; way < sizeof(memory_ways) / sizeof(memory_ways[0]);
	    way++) {
		for (n = 0; n < 200 && meet_without_memory(way, n); n++)
			;
		CHECK(n > 8 && n < 200);
	}
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "settings that cannot be made", settings_fail, false },
		{ "a library without TLS", no_tls_in_it, false },
		{ "names of peers", names_of_peers, false },
		{ "nobody to verify", nobody_to_verify, false },
		{ "a server that speaks plaintext", plaintext_server, false },
		{ "a client that speaks plaintext", plaintext_client, false },
		{ "a handshake that takes too long", handshake_times_out,
		    false },
		{ "aborted in each state", aborted_in_each_state, false },
		{ "lost in each state", lost_in_each_state, false },
		{ "freed in each state", freed_in_each_state, false },
		{ "made for nothing", discarded, false },
		{ "half-closed", half_closed, false },
		{ "a pair of adopted sockets", adopted, false },
		{ "started on an open connection", start_later, false },
		{ "sessions", sessions, false },
		{ "a record in pieces", record_in_pieces, false },
		{ "errors of others", errors_of_others, false },
		{ "facts of others", no_facts, false },
		{ "memory ends", memory_ends, false },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);

	rig_each_over_tls(cases, count, loopback_any());
	return check_done();
}
