/*
 * torture.c - see torture.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "torture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bin/scrape.h"
#include "../bin/record.h"
#include "../dns/dns_server.h"
#include "../dns/resolver.h"
#include "../http/http_server.h"
#include "../reactor/loop.h"
#include "alloc.h"
#include "check.h"
#include "sim_world.h"

/* ---- calls that fail ---- */

enum torture_call {
	TORTURE_SOCKET, TORTURE_BIND, TORTURE_LISTEN, TORTURE_CONNECT,
	TORTURE_ACCEPT, TORTURE_RECV, TORTURE_SEND, TORTURE_SENDV,
	TORTURE_RECVFROM, TORTURE_SENDTO, TORTURE_SHUTDOWN,
	TORTURE_SOCKET_ERROR, TORTURE_SET_OPTION, TORTURE_RANDOM,
	TORTURE_OPEN_RESERVE, TORTURE_CLOSE, TORTURE_CALLS
};

/*
 * What the manual pages of Linux and POSIX list for each call, but for UNIX
 * sockets; 0 ends a list.  -EINTR does not come: system.h says so.  A scrape
 * has no use for the other calls of the table: pipes, names of sockets, and
 * descriptors of somebody else.
 */
static const struct {
	const char *name;
	int errors[28];
} torture_calls[TORTURE_CALLS] = {
	[TORTURE_SOCKET] = { "socket", { EACCES, EAFNOSUPPORT, EINVAL, EMFILE,
	    ENFILE, ENOBUFS, ENOMEM, EPROTONOSUPPORT, EPROTOTYPE } },
	[TORTURE_BIND] = { "bind", { EACCES, EADDRINUSE, EADDRNOTAVAIL,
	    EAFNOSUPPORT, EALREADY, EBADF, EFAULT, EINPROGRESS, EINVAL,
	    EISCONN, ENOBUFS, ENOMEM, ENOTSOCK, EOPNOTSUPP } },
	[TORTURE_LISTEN] = { "listen", { EACCES, EADDRINUSE, EBADF,
	    EDESTADDRREQ, EINVAL, ENOBUFS, ENOTSOCK, EOPNOTSUPP } },
	[TORTURE_CONNECT] = { "connect", { EACCES, EADDRINUSE, EADDRNOTAVAIL,
	    EAFNOSUPPORT, EAGAIN, EALREADY, EBADF, ECONNREFUSED, ECONNRESET,
	    EFAULT, EHOSTUNREACH, EINPROGRESS, EINVAL, EISCONN, ENETDOWN,
	    ENETUNREACH, ENOBUFS, ENOTSOCK, EOPNOTSUPP, EPERM, EPROTOTYPE,
	    ETIMEDOUT } },
	[TORTURE_ACCEPT] = { "accept", { EAGAIN, EBADF, ECONNABORTED, EFAULT,
	    EHOSTUNREACH, EINVAL, EMFILE, ENETDOWN, ENETUNREACH, ENFILE,
	    ENOBUFS, ENOMEM, ENOPROTOOPT, ENOTSOCK, EOPNOTSUPP, EPERM,
	    EPROTO, EPROTONOSUPPORT, ETIMEDOUT } },
	[TORTURE_RECV] = { "recv", { EAGAIN, EBADF, ECONNREFUSED, ECONNRESET,
	    EFAULT, EINVAL, EIO, ENOBUFS, ENOMEM, ENOTCONN, ENOTSOCK,
	    EOPNOTSUPP, ETIMEDOUT } },
	[TORTURE_SEND] = { "send", { EACCES, EAGAIN, EALREADY, EBADF,
	    ECONNRESET, EDESTADDRREQ, EFAULT, EINVAL, EIO, EISCONN, EMSGSIZE,
	    ENETDOWN, ENETUNREACH, ENOBUFS, ENOMEM, ENOTCONN, ENOTSOCK,
	    EOPNOTSUPP, EPIPE } },
	[TORTURE_SENDV] = { "sendv", { EACCES, EAFNOSUPPORT, EAGAIN, EALREADY,
	    EBADF, ECONNRESET, EDESTADDRREQ, EFAULT, EHOSTUNREACH, EINVAL, EIO,
	    EISCONN, EMSGSIZE, ENETDOWN, ENETUNREACH, ENOBUFS, ENOMEM,
	    ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPIPE } },
	[TORTURE_RECVFROM] = { "recvfrom", { EAGAIN, EBADF, ECONNREFUSED,
	    ECONNRESET, EFAULT, EINVAL, EIO, ENOBUFS, ENOMEM, ENOTCONN,
	    ENOTSOCK, EOPNOTSUPP, ETIMEDOUT } },
	[TORTURE_SENDTO] = { "sendto", { EACCES, EAFNOSUPPORT, EAGAIN,
	    EALREADY, EBADF, ECONNREFUSED, ECONNRESET, EDESTADDRREQ, EFAULT,
	    EHOSTUNREACH, EINVAL, EIO, EISCONN, EMSGSIZE, ENETDOWN,
	    ENETUNREACH, ENOBUFS, ENOMEM, ENOTCONN, ENOTSOCK, EOPNOTSUPP,
	    EPIPE } },
	[TORTURE_SHUTDOWN] = { "shutdown", { EBADF, EINVAL, ENOBUFS, ENOTCONN,
	    ENOTSOCK } },
	[TORTURE_SOCKET_ERROR] = { "socket_error", { EACCES, EBADF,
	    ECONNREFUSED, ECONNRESET, EFAULT, EHOSTUNREACH, EINVAL,
	    ENETUNREACH, ENOBUFS, ENOPROTOOPT, ENOTSOCK, ETIMEDOUT } },
	[TORTURE_SET_OPTION] = { "set_option", { EBADF, EDOM, EFAULT, EINVAL,
	    EISCONN, ENOBUFS, ENOMEM, ENOPROTOOPT, ENOTSOCK } },
	[TORTURE_RANDOM] = { "random", { EFAULT, EIO, ENOSYS } },
	[TORTURE_OPEN_RESERVE] = { "open_reserve", { EACCES, EMFILE, ENFILE,
	    ENODEV, ENOENT, ENOMEM, ENXIO } },
	[TORTURE_CLOSE] = { "close", { EBADF, EDQUOT, EIO, ENOSPC } },
};

/* What is to fail, and what has been called; statics, as in check.c. */
static struct {
	struct reactor_system under;	/* the simulated system's functions */
	enum torture_call call;
	long countdown;			/* calls before that; < 0: never */
	int error;			/* what it answers, positive */
	bool struck;
} torture_fault = { .countdown = -1 };

/* 0, or the negative errno that this call is to answer. */
static int
torture_strikes(enum torture_call call)
{
	if (call != torture_fault.call || torture_fault.countdown < 0 ||
	    torture_fault.countdown-- > 0)
		return 0;
	torture_fault.struck = true;
	return -torture_fault.error;
}

static int
torture_random(const struct reactor_system *s, void *at, size_t len)
{
	int error = torture_strikes(TORTURE_RANDOM);

	return error != 0 ? error : torture_fault.under.random(s, at, len);
}

static int
torture_socket(const struct reactor_system *s, int domain, int type)
{
	int error = torture_strikes(TORTURE_SOCKET);

	return error != 0 ? error :
	    torture_fault.under.socket(s, domain, type);
}

static int
torture_bind(const struct reactor_system *s, int fd, const struct sockaddr *to,
    socklen_t len)
{
	int error = torture_strikes(TORTURE_BIND);

	return error != 0 ? error : torture_fault.under.bind(s, fd, to, len);
}

static int
torture_listen(const struct reactor_system *s, int fd, int backlog)
{
	int error = torture_strikes(TORTURE_LISTEN);

	return error != 0 ? error :
	    torture_fault.under.listen(s, fd, backlog);
}

static int
torture_connect(const struct reactor_system *s, int fd,
    const struct sockaddr *to, socklen_t len)
{
	int error = torture_strikes(TORTURE_CONNECT);

	return error != 0 ? error :
	    torture_fault.under.connect(s, fd, to, len);
}

static int
torture_accept(const struct reactor_system *s, int fd, struct sockaddr *from,
    socklen_t *len)
{
	int error = torture_strikes(TORTURE_ACCEPT);

	return error != 0 ? error :
	    torture_fault.under.accept(s, fd, from, len);
}

static ssize_t
torture_recv(const struct reactor_system *s, int fd, void *at, size_t len)
{
	int error = torture_strikes(TORTURE_RECV);

	return error != 0 ? error : torture_fault.under.recv(s, fd, at, len);
}

static ssize_t
torture_send(const struct reactor_system *s, int fd, const void *at,
    size_t len)
{
	int error = torture_strikes(TORTURE_SEND);

	return error != 0 ? error : torture_fault.under.send(s, fd, at, len);
}

static ssize_t
torture_sendv(const struct reactor_system *s, int fd,
    const struct iovec *pieces, int count)
{
	int error = torture_strikes(TORTURE_SENDV);

	return error != 0 ? error :
	    torture_fault.under.sendv(s, fd, pieces, count);
}

static ssize_t
torture_recvfrom(const struct reactor_system *s, int fd, void *at, size_t len,
    struct sockaddr *from, socklen_t *from_len)
{
	int error = torture_strikes(TORTURE_RECVFROM);

	return error != 0 ? error :
	    torture_fault.under.recvfrom(s, fd, at, len, from, from_len);
}

static ssize_t
torture_sendto(const struct reactor_system *s, int fd, const void *at,
    size_t len, const struct sockaddr *to, socklen_t to_len)
{
	int error = torture_strikes(TORTURE_SENDTO);

	return error != 0 ? error :
	    torture_fault.under.sendto(s, fd, at, len, to, to_len);
}

static int
torture_shutdown(const struct reactor_system *s, int fd)
{
	int error = torture_strikes(TORTURE_SHUTDOWN);

	return error != 0 ? error : torture_fault.under.shutdown(s, fd);
}

static int
torture_socket_error(const struct reactor_system *s, int fd)
{
	int error = torture_strikes(TORTURE_SOCKET_ERROR);

	return error != 0 ? error : torture_fault.under.socket_error(s, fd);
}

static int
torture_set_option(const struct reactor_system *s, int fd,
    enum reactor_system_option option, int value)
{
	int error = torture_strikes(TORTURE_SET_OPTION);

	return error != 0 ? error :
	    torture_fault.under.set_option(s, fd, option, value);
}

static int
torture_open_reserve(const struct reactor_system *s)
{
	int error = torture_strikes(TORTURE_OPEN_RESERVE);

	return error != 0 ? error : torture_fault.under.open_reserve(s);
}

/* The descriptor is closed even so. */
static int
torture_close(const struct reactor_system *s, int fd)
{
	int error = torture_fault.under.close(s, fd);
	int struck = torture_strikes(TORTURE_CLOSE);

	return struck != 0 ? struck : error;
}

/* Puts the functions above in front of those of the world. */
static void
torture_wrap(struct reactor_system *s)
{
	torture_fault.under = *s;
	s->random = torture_random;
	s->socket = torture_socket;
	s->bind = torture_bind;
	s->listen = torture_listen;
	s->connect = torture_connect;
	s->accept = torture_accept;
	s->recv = torture_recv;
	s->send = torture_send;
	s->sendv = torture_sendv;
	s->recvfrom = torture_recvfrom;
	s->sendto = torture_sendto;
	s->shutdown = torture_shutdown;
	s->socket_error = torture_socket_error;
	s->set_option = torture_set_option;
	s->open_reserve = torture_open_reserve;
	s->close = torture_close;
}

/* ---- the site ---- */

/* One world with all that is in it. */
struct torture_world {
	struct sim *sim;
	struct reactor *reactor;
	struct http_resource root, leaf;
	char name;			/* of the page that is asked for */
	struct http_server *site;
	struct reactor_tls_settings *site_tls;
	struct dns_server *names;
	struct dns_resolver *resolver;
	struct http_client *client;
	struct html_path *path;
	const struct html_path *paths[1];
	struct field_list fields;
	struct scraper scraper;
	struct record record;
	bool tls;
	int left, good;
};

static const struct dns_server_record torture_names[] = {
	{ "www.site.test", "192.0.2.1", 60 },
	{ "by.site.test", "www.site.test", 60 },
};

/* Stored blocks are gzip too (RFC 1951, section 3.2.4). */
static const unsigned char torture_gzip[] =
    "\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x22\0\xdd\xff"
    "<title>A</title><h3><a href='/a'>a"
    "\x70\x20\xf5\x2c\x22\0\0";	/* and the NUL */

/* Whether the head has the cookie that /r gives. */
static bool
torture_has_cookie(const struct http_head *head)
{
	struct http_head_field f;

	return http_head_find(head, "cookie", 6, &f) && f.value_len == 3 &&
	    memcmp(f.value, "a=b", 3) == 0;
}

/* /r redirects to /p, which wants the cookie, and leads to /a. */
static void
torture_render(struct http_resource *r, struct http_server_request *request)
{
	static const struct http_request_field away[] = {
		{ "Location", 8, "/p", 2 }, { "Set-Cookie", 10, "a=b", 3 },
	}, coded = { "Content-Encoding", 16, "gzip", 4 };
	struct torture_world *w = (struct torture_world *)
	    ((char *)r - offsetof(struct torture_world, leaf));
	struct http_server_answer answer = {
		.status = 200, .content_type = "text/html",
		.body = "<title>Article</title><h1>One</h1><a href=/p>back",
		.len = 49,
	};

	if (w->name == 'r') {
		answer.status = 302;
		answer.fields = away;
		answer.field_count = 2;
	} else if (w->name == 'p') {
		answer.status = torture_has_cookie(request->head) ? 200 : 403;
		answer.fields = &coded;
		answer.field_count = 1;
		answer.body = torture_gzip;
		answer.len = sizeof(torture_gzip);
	} else if (w->name != 'a') {
		answer.status = 404;
		answer.close = true;
	}
	http_server_answer(request, &answer);
}

static const struct http_resource_ops torture_leaf_ops = {
	.render = torture_render,
};

static struct http_resource *
torture_child(struct http_resource *r, const char *name, size_t len)
{
	struct torture_world *w = (struct torture_world *)
	    ((char *)r - offsetof(struct torture_world, root));

	w->name = len == 1 ? name[0] : '\0';
	return &w->leaf;
}

static const struct http_resource_ops torture_root_ops = {
	.child = torture_child, .render = torture_render,
};

/* ---- the work ---- */

/* What is scraped, and what comes of it if nothing fails. */
static const struct {
	const char *rest, *title, *category;
} torture_urls[] = {
	{ "www.site.test/r", "Article", NULL },
	{ "by.site.test/r", "Article", NULL },
	{ "www.site.test/p", NULL, "http-403" },
	{ "www.site.test/x", NULL, "http-404" },
};

enum { TORTURE_URLS = sizeof(torture_urls) / sizeof(torture_urls[0]) };

struct torture_job {
	struct torture_world *world;
	int number, reports;
	char url[40];
};

/* Its report becomes JSON; it is good if it is as it should be. */
static void
torture_told(void *ctx, const struct report *report)
{
	struct torture_job *job = ctx;
	struct torture_world *w = job->world;
	struct report_form form = { .json = true, .links = true,
	    .fields = &w->fields };
	struct report copy = *report;
	const char *title = torture_urls[job->number].title;
	const char *category = torture_urls[job->number].category;

	job->reports++;
	report_write(&copy, &form, &w->record);
	CHECK(copy.category != NULL || copy.title != NULL);
	if (category == NULL ? copy.category == NULL :
	    copy.category != NULL && strcmp(copy.category, category) == 0)
		w->good += title == NULL || (copy.title_len == strlen(title) &&
		    memcmp(copy.title, title, copy.title_len) == 0);
}

/* Frees those that there are. */
static void
torture_free(struct torture_world *w)
{
	if (w->client != NULL)
		http_client_free(w->client);
	if (w->resolver != NULL)
		dns_resolver_free(w->resolver);
	if (w->site != NULL)
		http_server_free(w->site);
	if (w->names != NULL)
		dns_server_free(w->names);
}

static void
torture_ended(struct torture_world *w)
{
	if (--w->left > 0)
		return;
	torture_free(w);
	reactor_stop(w->reactor);
}

static struct defer_result
torture_one_ended(void *ctx, struct defer_result in)
{
	torture_ended(ctx);
	return in;
}

/* Without memory for a job, who asked for it reports that. */
static void
torture_begin(struct torture_world *w, struct torture_job *job, int number)
{
	struct report report;
	struct deferred *d;

	*job = (struct torture_job){ .world = w, .number = number };
	snprintf(job->url, sizeof(job->url), "http%s://%s",
	    w->tls ? "s" : "", torture_urls[number].rest);
	d = scrape(&w->scraper, job->url, strlen(job->url), torture_told, job);
	if (d != NULL && deferred_add_both(d, torture_one_ended, w) == 0) {
		deferred_release(d);
		return;
	}
	if (d != NULL) {
		deferred_cancel(d);
		deferred_release(d);
	} else {
		report = report_without_memory(job->url, strlen(job->url));
		torture_told(job, &report);
	}
	torture_ended(w);
}

/* ---- the world ---- */

/*
 * Whether a scrape may not suffer by this: what was not ready is asked again,
 * and a descriptor is closed, whatever close says.
 */
static bool
torture_harmless(enum torture_call call, int error)
{
	return call == TORTURE_CLOSE ||
	    (error == EAGAIN && call != TORTURE_CONNECT);
}

/* The client and what it needs: 0 or an error. */
static int
torture_open_client(struct torture_world *w,
    const struct reactor_tls_options *tls)
{
	struct http_client_options options = {
		.reactor = w->reactor, .tls = tls,
	};
	struct html_path_error wrong;
	struct dns_config config;
	int error;

	dns_config_init(&config);
	dns_config_add_server(&config, "127.0.0.1", 9);
	error = dns_resolver_new(&w->resolver, w->reactor, &config, NULL);
	options.resolver = w->resolver;
	if (error == 0)
		error = http_client_new(&w->client, &options);
	if (error == 0)
		error = html_path_compile(&w->path, "//h3/a/@href", 12, NULL);
	if (error == 0)
		error = field_list_add(&w->fields, "head=//h1/text()", &wrong);
	w->paths[0] = w->path;
	w->scraper = (struct scraper){
		.reactor = w->reactor, .client = w->client,
		.articles = { .paths = w->paths, .path_count = 1 },
		.titles = { .fields = &w->fields, .links = true },
		.timeout_ns = UINT64_C(30000000000), .max_body = 1 << 20,
		.max_redirects = 3,
		/* A second try would hide what the first one has lost. */
		.retries = !torture_harmless(torture_fault.call,
		    torture_fault.error),
	};
	return error;
}

/* All that a scrape needs: 0 or an error, and then it is shut all the same. */
static int
torture_open(struct torture_world *w, const struct torture_tls *tls)
{
	static const struct sim_options calm = { .seed = 1 };
	struct reactor_options options;
	struct reactor_address at;
	int error;

	*w = (struct torture_world){ .sim = sim_new(&calm),
	    .tls = tls != NULL, .left = TORTURE_URLS,
	    .root = { &torture_root_ops }, .leaf = { &torture_leaf_ops } };
	torture_wrap(&w->sim->system);
	options = sim_reactor_options(w->sim);
	error = reactor_new(&w->reactor, &options);
	reactor_address_parse(&at, "0.0.0.0", 7, tls != NULL ? 443 : 80);
	if (error == 0)
		error = http_server_new(&w->site, w->reactor, &at, &w->root);
	if (tls != NULL) {
		w->site_tls = tls->server(w->reactor);
		http_server_use_tls(w->site, w->site_tls);
	}
	reactor_address_parse(&at, "127.0.0.1:53", 12, 0);
	if (error == 0)
		error = dns_server_new(&w->names, w->reactor, &at,
		    torture_names,
		    sizeof(torture_names) / sizeof(torture_names[0]));
	return error != 0 ? error :
	    torture_open_client(w, tls != NULL ? &tls->client : NULL);
}

static void
torture_shut(struct torture_world *w)
{
	CHECK(w->reactor == NULL ||
	    reactor_timers_earliest_ns(&w->reactor->timers) == UINT64_MAX);
	finder_clear(&w->scraper.articles);
	finder_clear(&w->scraper.titles);
	html_path_free(w->path);
	field_list_clear(&w->fields);
	record_free(&w->record);
	if (w->reactor != NULL)
		reactor_free(w->reactor);
	reactor_tls_settings_free(w->site_tls);
	CHECK_INT(sim_open_fds(w->sim), 0);
	sim_free(w->sim);
}

/* Scrapes all URLs; each is reported once. */
static void
torture_scrape(struct torture_world *w)
{
	struct torture_job jobs[TORTURE_URLS];

	for (int i = 0; i < TORTURE_URLS; i++)
		torture_begin(w, &jobs[i], i);
	CHECK_INT(reactor_run(w->reactor), 0);
	CHECK_INT(w->left, 0);
	for (int i = 0; i < TORTURE_URLS; i++)
		CHECK_INT(jobs[i].reports, 1);
}

/* From now on, allocation n is to fail, if n >= 0, or that call. */
static void
torture_arm(long countdown, long n, bool for_good)
{
	torture_fault.countdown = countdown;
	torture_fault.struck = false;
	alloc_fail_at(n, for_good);
}

/*
 * One scrape of all URLs, of which the allocation numbered n fails, or if
 * n < 0 the call that torture_fault says.  Over http that is counted from the
 * beginning, and what cannot be begun is no scrape; with TLS, which a server
 * needs before, from when all is made.  Returns how many reports were as
 * they should be, or -1 if nothing failed.
 */
static int
torture_run(const struct torture_tls *tls, long n, bool for_good)
{
	long countdown = torture_fault.countdown, live = alloc_live();
	struct torture_world w;
	bool struck;
	int error;

	torture_arm(tls == NULL ? countdown : -1, tls == NULL ? n : -1,
	    for_good);
	error = torture_open(&w, tls);
	if (tls != NULL)
		torture_arm(countdown, n, for_good);
	if (error == 0)
		torture_scrape(&w);
	else
		torture_free(&w);
	struck = torture_fault.struck || alloc_has_failed();
	torture_arm(-1, -1, false);
	CHECK(error == 0 || struck);
	torture_shut(&w);
	CHECK_INT(alloc_live(), live);
	return !struck ? -1 : error == 0 ? w.good : 0;
}

/* ---- the cases ---- */

/* A run in which nothing fails, so that what fails is seen. */
static void
torture_nothing(const struct torture_tls *tls)
{
	struct torture_world w;

	check_case("torture: a scrape in which nothing fails");
	CHECK_INT(torture_open(&w, tls), 0);
	torture_scrape(&w);
	CHECK_INT(w.good, TORTURE_URLS);
	CHECK(strstr(w.record.at, "\"head\":[\"One\"]") != NULL);
	torture_shut(&w);
}

/* Each how-manieth is made to fail. */
static long
torture_step(const struct torture_tls *tls)
{
	return (tls != NULL ? tls->step : 1) * (60 / check_share(60));
}

static void
torture_allocations(const struct torture_tls *tls, bool for_good,
    const char *name)
{
	long step = torture_step(tls), n;

	check_case(name);
	for (n = 0; torture_run(tls, n, for_good) >= 0; n += step)
		if (check_failing() > 0) {
			printf("# allocation %ld\n", n);
			return;
		}
	printf("# %ld allocations\n", n);
}

/* Each call of this sort fails once with this errno. */
static long
torture_each(const struct torture_tls *tls, enum torture_call call, int error)
{
	int good;
	long n = 0, step = torture_step(tls);

	for (;; n += step) {
		torture_fault.call = call;
		torture_fault.error = error;
		torture_fault.countdown = n;
		good = torture_run(tls, -1, false);
		if (good < 0)
			return n;
		if (torture_harmless(call, error))
			CHECK_INT(good, TORTURE_URLS);
		if (check_failing() > 0) {
			printf("# %s %ld: %s\n", torture_calls[call].name, n,
			    strerror(error));
			return n;
		}
	}
}

static void
torture_system(const struct torture_tls *tls, enum torture_call call)
{
	const int *error = torture_calls[call].errors;
	char name[60];
	long most = 0;

	snprintf(name, sizeof(name), "torture: %s fails",
	    torture_calls[call].name);
	check_case(name);
	for (; *error != 0 && check_failing() == 0; error++) {
		long n = torture_each(tls, call, *error);

		most = n > most ? n : most;
	}
	CHECK(most > 0 || tls != NULL);
	printf("# %ld calls\n", most);
}

void
torture(const struct torture_tls *tls)
{
	torture_nothing(tls);
	torture_allocations(tls, false, "torture: an allocation fails");
	torture_allocations(tls, true, "torture: it and all after it fail");
	for (int call = 0; call < TORTURE_CALLS; call++)
		torture_system(tls, (enum torture_call)call);
}
