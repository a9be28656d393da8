/*
 * failing.c - whole TLS connections to a real server in which one call
 * fails: an allocation of ours, or a function of the library (stub.c).
 *
 *	failing PORT AUTHORITY [STUB]
 *
 * Whatever fails, in the making of settings or anywhere in the life of a
 * connection, the client is told once, nothing is left, and a page that came
 * whole is the page.  Prints TAP.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include "tls_kit.h"

#include <dlfcn.h>

/* What is tried, and what the last try came to. */
struct failing {
	unsigned port;
	struct reactor_tls_options options;
	struct tls_kit_client client[2];	/* the second resumes */
	int settings_error, begin_error;
	size_t page;
	char why[REACTOR_TLS_WHY];
};

/* Two connections, one after the other, from nothing to nothing. */
static void
failing_try(struct failing *f)
{
	struct reactor_tls_settings *settings = NULL;
	struct reactor *reactor;
	int i;

	if (reactor_new(&reactor, NULL) != 0)
		tls_kit_fatal("reactor", 0);
	memset(f->client, 0, sizeof(f->client));
	f->begin_error = 0;
	f->why[0] = '\0';
	f->settings_error = reactor_tls_settings_new(
	    &settings, reactor, &f->options, f->why);
	for (i = 0; i < 2 && f->settings_error == 0; i++) {
		f->client[i].reactor = reactor;
		f->client[i].settings = settings;
		f->client[i].port = f->port;
		f->begin_error = tls_kit_begin(&f->client[i]);
		while (f->begin_error == 0 && f->client[i].farewells == 0)
			if (reactor_iterate(reactor, -1) != 0)
				break;
	}
	reactor_free(reactor);
	reactor_tls_settings_free(settings);
}

/* What is the same whatever has failed. */
static bool
failing_is_clean(const struct failing *f, long live)
{
	int i;
	bool clean = alloc_live() == live;

	if (f->settings_error != 0)
		return clean && f->why[0] != '\0';
	for (i = 0; i < 2; i++) {
		if (f->client[i].farewells > 1)
			clean = false;
		if (f->client[i].made && f->client[i].reason == 0 &&
		    f->client[i].received != f->page)
			clean = false;
		if (f->client[i].farewells == 1 &&
		    f->client[i].why[0] == '\0')
			clean = false;
	}
	return clean;
}

static void
failing_remark(const struct failing *f, long n, const char *what)
{
	int i;

	printf("# %s, %ld: settings %s (%s), begin %d, live %ld\n", what, n,
	    tls_kit_word(f->settings_error), f->why, f->begin_error,
	    alloc_live());
	for (i = 0; i < 2; i++)
		printf("# %s %d %s: %s, %zu bytes\n",
		    f->client[i].made ? "made" : "not made",
		    f->client[i].farewells,
		    tls_kit_word(f->client[i].reason), f->client[i].why,
		    f->client[i].received);
}

static void
failing_learn(struct failing *f)
{
	check_case("nothing fails");
	failing_try(f);
	f->page = f->client[0].received;
	CHECK(f->page > 0);
	CHECK(f->client[1].made && f->client[1].reason == 0);
	CHECK_INT(f->client[1].received, f->page);
	CHECK_INT(alloc_live(), 0);
	if (check_failing())
		failing_remark(f, 0, "nothing");
}

/* The reactor's own are before the first that is asked to fail. */
static void
failing_allocations(struct failing *f, int for_good, const char *name)
{
	struct reactor *reactor;
	long before = alloc_made(), own, n;
	int wrong = 0;

	check_case(name);
	if (reactor_new(&reactor, NULL) != 0)
		tls_kit_fatal("reactor", 0);
	reactor_free(reactor);
	own = alloc_made() - before;
	for (n = own; wrong < 5; n++) {
		alloc_fail_at(n, for_good);
		failing_try(f);
		if (!alloc_has_failed())
			break;
		alloc_fail_at(-1, 0);
		if (!failing_is_clean(f, 0)) {
			wrong++;
			failing_remark(f, n, "allocation");
		}
	}
	alloc_fail_at(-1, 0);
	CHECK_INT(wrong, 0);
	CHECK(n > own + 5);
}

/* ISO C has no cast from an object's address to a function's. */
static void
failing_find(void *handle, const char *name, void *function, size_t size)
{
	void *at = dlsym(handle, name);

	if (at == NULL)
		tls_kit_fatal(name, 0);
	memcpy(function, &at, size);
}

static void
failing_calls(struct failing *f, const char *stub)
{
	void (*fail_at)(long);
	const char *(*failed)(void);
	void *handle = dlopen(stub, RTLD_NOW | RTLD_LOCAL);
	int wrong = 0, count = 0;
	long n;

	check_case("each call of the library fails in turn");
	if (handle == NULL)
		tls_kit_fatal(dlerror(), 0);
	failing_find(handle, "stub_fail_at", &fail_at, sizeof(fail_at));
	failing_find(handle, "stub_failed", &failed, sizeof(failed));
	f->options.library = stub;
	for (n = 0; wrong < 9; n++) {
		fail_at(n);
		failing_try(f);
		if (failed() == NULL)
			break;
		count++;
		/* Without the name to check, there is no connection. */
		if (!failing_is_clean(f, 0) || (f->client[0].made &&
		    f->client[1].made && strcmp(failed(),
		    "X509_VERIFY_PARAM_set1_host") == 0)) {
			wrong++;
			failing_remark(f, n, failed());
		} else if (getenv("FAILING_VERBOSE") != NULL) {
			failing_remark(f, n, failed());
		}
	}
	fail_at(-1);
	CHECK_INT(wrong, 0);
	CHECK(count > 20);
	printf("# %d calls\n", count);
	dlclose(handle);
}

int
main(int argc, char **argv)
{
	static struct failing f;

	if (argc < 3)
		return 2;
	f.port = (unsigned)atoi(argv[1]);
	f.options.ca_file = argv[2];
	f.options.alpn = "http/1.1";
	f.options.keep_certificate = true;
	failing_learn(&f);
	failing_allocations(&f, 0, "one allocation fails");
	failing_allocations(&f, 1, "allocations fail from here on");
	if (argc > 3)
		failing_calls(&f, argv[3]);
	return check_done();
}
