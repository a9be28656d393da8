/*
 * reactor_tls_settings_test.c - settings of TLS where the library is missing,
 * fails, or has no certificates to trust.
 *
 * tls_settings.c is compiled once more, in here, over a library that is
 * played.  The real tls_library.c is asked for one that is not there.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define reactor_tls_strerror played_strerror
#define reactor_tls_settings_new played_settings_new
#define reactor_tls_settings_release played_settings_release
#define reactor_tls_settings_free played_settings_free
#define reactor_tls_library_name played_library_name
#define reactor_tls_library_version played_library_version
#define reactor_tls_session_find played_session_find
#define reactor_tls_session_keep played_session_keep
#define reactor_tls_session_drop played_session_drop
#define reactor_tls_forget_sessions played_forget_sessions
#include "../reactor/tls_settings.h"
#include "alloc.h"
#include "check.h"

/* What the played library answers, and what it was given. */
static struct {
	bool no_context, no_version, bad_bundles;
	const char *directory;	/* of certificates to trust by default */
	int bundles;		/* how many were tried */
	reactor_tls_alpn_callback *choose;
	void *choose_ctx;
} play;

struct ssl_ctx_st {
	int none;
};

static struct ssl_ctx_st context;

static const struct ssl_method_st *
play_method(void)
{
	return NULL;
}

static struct ssl_ctx_st *
play_new(const struct ssl_method_st *method)
{
	(void)method;
	return play.no_context ? NULL : &context;
}

static void
play_free(struct ssl_ctx_st *made)
{
	CHECK(made == &context);
}

static long
play_ctrl(struct ssl_ctx_st *c, int what, long number, void *at)
{
	(void)c;
	(void)number;
	(void)at;
	return what != REACTOR_TLS_CTRL_MIN_VERSION || !play.no_version;
}

static const char *
play_file(void)
{
	return "/no/such/file.pem";
}

static const char *
play_directory(void)
{
	return play.directory;
}

static int
play_default(struct ssl_ctx_st *c)
{
	(void)c;
	return 1;
}

static int
play_load(struct ssl_ctx_st *c, const char *file, const char *directory)
{
	(void)c;
	CHECK(file != NULL && directory == NULL);
	play.bundles++;
	return !play.bad_bundles;
}

static int
play_use(struct ssl_ctx_st *c, const char *file)
{
	(void)c;
	(void)file;
	return 1;
}

static int
play_use_key(struct ssl_ctx_st *c, const char *file, int kind)
{
	(void)kind;
	return play_use(c, file);
}

static int
play_check(const struct ssl_ctx_st *c)
{
	(void)c;
	return 1;
}

static void
play_set_choose(struct ssl_ctx_st *c, reactor_tls_alpn_callback *choose,
    void *ctx)
{
	(void)c;
	play.choose = choose;
	play.choose_ctx = ctx;
}

static void
play_clear(void)
{
}

static int
play_open(struct reactor_tls_library *l, const char *file, char *why)
{
	(void)file;
	why[0] = '\0';
	*l = (struct reactor_tls_library){ .name = "played", .f = {
		.TLS_client_method = play_method,
		.TLS_server_method = play_method,
		.SSL_CTX_new = play_new,
		.SSL_CTX_free = play_free,
		.SSL_CTX_ctrl = play_ctrl,
		.SSL_CTX_set_default_verify_paths = play_default,
		.SSL_CTX_load_verify_locations = play_load,
		.SSL_CTX_use_certificate_chain_file = play_use,
		.SSL_CTX_use_PrivateKey_file = play_use_key,
		.SSL_CTX_check_private_key = play_check,
		.SSL_CTX_set_alpn_select_cb = play_set_choose,
		.ERR_clear_error = play_clear,
		.X509_get_default_cert_file = play_file,
		.X509_get_default_cert_dir = play_directory,
	} };
	return 0;
}

static void
play_close(struct reactor_tls_library *l)
{
	(void)l;
}

#define reactor_tls_library_open play_open
#define reactor_tls_library_close play_close
#include "../reactor/tls_settings.c"
#undef reactor_tls_library_open
#undef reactor_tls_library_close

/* Whether this machine has one of the usual files. */
static bool
play_has_bundle(void)
{
	size_t n = sizeof(tls_settings_bundles) /
	    sizeof(tls_settings_bundles[0]);

	for (size_t i = 0; i < n; i++)
		if (tls_settings_has_file(tls_settings_bundles[i]))
			return true;
	return false;
}

/* Makes settings; their error, and why. */
static int
make(const struct reactor_tls_options *o, char why[REACTOR_TLS_WHY])
{
	struct reactor_tls_settings *made;
	int error = played_settings_new(&made, NULL, o, why);

	if (error == 0)
		played_settings_free(made);
	CHECK_INT(alloc_live(), 0);
	return error;
}

/* ---- the library fails ---- */

static void
test_fails(void)
{
	const struct reactor_tls_options o = { .unverified = true };
	char why[REACTOR_TLS_WHY];

	check_case("the library has no memory");
	play.no_context = true;
	CHECK_INT(make(&o, why), -ENOMEM);
	CHECK_STR(why, "no memory for TLS");
	play.no_context = false;

	check_case("TLS 1.2 cannot be had: no settings, but for no older one");
	play.no_version = true;
	CHECK_INT(make(&o, why), REACTOR_TLS_E_LIBRARY);
	CHECK_STR(why, "played cannot be told to use TLS 1.2 at least");
	play.no_version = false;
	CHECK_INT(make(&o, why), 0);
}

/* ---- whom to trust ---- */

/* Nothing to trust is no trust, and so an error. */
static void
test_trust(void)
{
	const struct reactor_tls_options o = { .server = false };
	char directory[40], file[64];
	char why[REACTOR_TLS_WHY];
	int next = dup(0), fd;
	FILE *made;

	close(next);
	snprintf(directory, sizeof(directory), "/tmp/spindle-%ld",
	    (long)getpid());
	if (mkdir(directory, 0700) != 0)
		abort();
	check_case("there is no directory of certificates");
	play.directory = "/no/such/directory";
	play.bad_bundles = true;
	CHECK_INT(make(&o, why), REACTOR_TLS_E_TRUST);
	CHECK(strstr(why, "nothing in /no/such/file.pem, "
	    "/no/such/directory or the usual files") != NULL);

	check_case("one that is empty, but for what is hidden");
	play.directory = directory;
	CHECK_INT(make(&o, why), REACTOR_TLS_E_TRUST);

	check_case("one of the usual files is taken, if there is any");
	play.bad_bundles = false;
	play.bundles = 0;
	CHECK_INT(make(&o, why), play_has_bundle() ? 0 : REACTOR_TLS_E_TRUST);
	CHECK_INT(play.bundles, play_has_bundle());

	check_case("a directory with certificates is taken");
	snprintf(file, sizeof(file), "%s/0a1b2c3d.0", directory);
	made = fopen(file, "w");
	CHECK(made != NULL && fclose(made) == 0);
	play.bundles = 0;
	CHECK_INT(make(&o, why), 0);
	CHECK_INT(play.bundles, 0);
	unlink(file);
	rmdir(directory);
	fd = dup(0);
	CHECK_INT(fd, next);	/* no directory was left open */
	close(fd);
}

/* ---- what the peer offers inside of TLS (RFC 7301, section 3.2) ---- */

static const struct {
	const char *offers;
	int answer;		/* 3: none is ours, so none is chosen */
} offers[] = {
	{ "\10http/1.1", 0 },
	{ "\2h2\10http/1.1", 0 },
	{ "\2h2", 3 },
	{ "\10http/1.0\7http/1.", 3 },
	{ "\10http/1.", 3 },		/* cut */
	{ "", 3 },
};

static void
test_offers(void)
{
	const struct reactor_tls_options o = {
		.server = true, .certificate_file = "a", .key_file = "b",
		.alpn = "http/1.1",
	};
	struct reactor_tls_settings *made;
	const unsigned char *out;
	unsigned char len;
	char why[REACTOR_TLS_WHY];

	check_case("the protocol inside is chosen from what is offered");
	CHECK_INT(played_settings_new(&made, NULL, &o, why), 0);
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		len = 0;
		CHECK_INT(play.choose(NULL, &out, &len,
		    (const unsigned char *)offers[i].offers,
		    (unsigned)strlen(offers[i].offers), play.choose_ctx),
		    offers[i].answer);
		CHECK_INT(len, offers[i].answer == 0 ? 8 : 0);
		CHECK(len == 0 || memcmp(out, "http/1.1", 8) == 0);
	}

	check_case("a server keeps no sessions");
	CHECK(!played_session_keep(made, "a", 1, 443, NULL));
	played_settings_free(made);
	CHECK_INT(alloc_live(), 0);
}

/* ---- no library ---- */

static void
test_no_library(void)
{
	struct reactor_tls_library l;
	struct rlimit limit, none;
	char why[REACTOR_TLS_WHY];

	check_case("no libssl can be opened: it says what it has tried");
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		abort();
	none = limit;
	none.rlim_cur = 0;
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
	CHECK(reactor_tls_library_open(&l, NULL, why) < 0);
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK(strncmp(why, "no TLS library (install OpenSSL 3; tried "
	    "libssl.so.3, libssl.so.4, ", 66) == 0);

	check_case("a library that is another one, or none here");
	CHECK(reactor_tls_library_open(&l, "libm.so.6", why) < 0);
	CHECK(strstr(why, "libm.so.6") != NULL);
	CHECK(l.handle == NULL);
}

int
main(void)
{
	test_no_library();
	test_fails();
	test_trust();
	test_offers();
	return check_done();
}
