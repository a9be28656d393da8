/*
 * getpage.c - prints web pages.
 *
 * One page after the other, each as a whole when it is complete, so that a
 * slow reader of our output holds up no connection.  On a terminal what a
 * page could do to it is made harmless.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../http/get_page.h"
#include "category.h"
#include "crew.h"
#include "fetch.h"
#include "network.h"
#include "verbose.h"

static const struct program getpage_program = {
	.name = "getpage",
	.synopsis = "[options] URL ...",
	.about =
"Prints the pages at the URLs, one after the other.  A host without a scheme\n"
"is asked for by https, then by http.\n",
	.statuses =
"\nExit status: 0 all well, 1 some URLs failed, 2 wrong usage, 4 the output\n"
"cannot be written.\n",
};

/* The program. */
struct getpage {
	struct crew crew;
	struct network network;
	struct http_get_options options;
	struct http_watcher watcher;	/* for -v */
	struct record data;		/* to be sent with each request */
	bool has_data;
	const char *output;		/* NULL: standard output */
	int fd;				/* of the output */
	bool emptied;			/* it holds only what is ours */
	bool is_terminal;
	bool verbose;
};

/* ---- options ---- */

/* Adds what is in a file, or on standard input. */
static void
getpage_add_file(const struct options_use *u, struct record *r,
    const char *name)
{
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO :
	    open(name, O_RDONLY | O_CLOEXEC);
	char text[4096];
	ssize_t len = fd;

	while (len >= 0 && (len = read(fd, text, sizeof(text))) != 0)
		if (len > 0)
			record_add(r, text, (size_t)len);
	if (len < 0)
		program_check(u->program, PROGRAM_USAGE, name, -errno);
	if (fd > STDIN_FILENO)
		close(fd);
}

/*
 * -d: data, or a file's of which line ends and NULs are left out.  More than
 * one are fields of one form.
 */
static void
getpage_set_data(const struct options_use *u)
{
	struct getpage *my = u->to;
	struct record *r = &my->data;
	size_t from, to;

	if (my->has_data)
		record_add(r, "&", 1);
	my->has_data = true;
	from = to = r->len;
	if (u->value[0] != '@') {
		record_add(r, u->value, strlen(u->value));
		return;
	}
	getpage_add_file(u, r, u->value + 1);
	for (; from < r->len; from++)
		if (memchr("\r\n", r->at[from], 3) == NULL)
			r->at[to++] = r->at[from];
	r->len = to;
}

static void
getpage_set_method(const struct options_use *u)
{
	struct http_request_field f = { u->value, strlen(u->value), "", 0 };

	if (http_request_check(&f, 1) == HTTP_REQUEST_E_NAME ||
	    strcmp(u->value, "CONNECT") == 0)
		program_usage(u->program, "-X takes a method such as PUT, not "
		    "\"%s\"", u->value);
	options_set_text(u);
}

static const struct options_row getpage_options[] = {
	{ 'i', "include", NULL, "the head of the answer too, whatever its "
	    "status", options_set_flag,
	    offsetof(struct getpage, options.keep_head), 0, 0 },
	{ 'I', "head", NULL, "only the head: asks with HEAD",
	    options_set_flag, offsetof(struct getpage, options.head), 0, 0 },
	{ 'd', "data", "DATA", "sends DATA, as a form, by POST.  @FILE, @-: "
	    "what\nis there, without line ends.  Several: with & between",
	    getpage_set_data, 0, 0, 0 },
	{ 'X', "request", "METHOD", "the method, in place of GET or POST",
	    getpage_set_method, offsetof(struct getpage, options.method),
	    0, 0 },
	{ 'o', "output", "FILE", "instead of standard output",
	    options_set_text, offsetof(struct getpage, output), 0, 0 },
	{ 'v', "verbose", NULL, "tells of each connection, its TLS, and the\n"
	    "heads sent and received, on standard error", options_set_flag,
	    offsetof(struct getpage, verbose), 0, 0 },
	{ .name = NULL }
};

/* Text for a terminal: line ends and tabs are kept. */
static void
getpage_add_lines(struct record *r, const char *at, size_t len)
{
	size_t n = 0, cr;

	for (; len > 0; at += n, len -= n) {
		for (n = 0; n < len && at[n] != '\n' && at[n] != '\t'; n++)
			;
		cr = n > 0 && n < len && at[n] == '\n' && at[n - 1] == '\r';
		record_add_clean(r, at, n - cr);
		if (n < len)
			record_add(r, at + n++, 1);
	}
}

static struct getpage *
getpage_of(const struct crew_job *job)
{
	return reactor_container_of(job->crew, struct getpage, crew);
}

/* There is an answer: the file that -o names may lose what it had. */
static void
getpage_empty_output(const struct crew_job *job)
{
	struct getpage *my = getpage_of(job);

	if (!my->emptied)
		program_empty_output(job->crew->program, my->output, my->fd);
	my->emptied = true;
}

static void
getpage_add(struct crew_job *job, const char *at, size_t len)
{
	if (getpage_of(job)->is_terminal)
		getpage_add_lines(&job->record, at, len);
	else
		record_add(&job->record, at, len);
}

/*
 * What became of a page without success: the status and its name, as they
 * stand in the first line of the head.
 */
static void
getpage_fail_status(struct crew_job *job, const struct http_page *page)
{
	char category[CATEGORY_TEXT], what[128];
	const char *at = page->head + strcspn(page->head, " \r\n");

	at += strspn(at, " ");
	snprintf(category, sizeof(category), "http-%d", page->status);
	snprintf(what, sizeof(what), "%.*s", (int)strcspn(at, "\r\n"), at);
	crew_done(job, category, what);
}

/* What -v tells of a page that is there. */
static void
getpage_tell(struct crew_job *job, const struct http_page *page)
{
	if (page->redirects > 0)
		verbose_host(job->crew, page->url.href, page->url.len);
	verbose_page(page);
}

/* The page of a job, or why there is none. */
static struct defer_result
getpage_take(void *ctx, struct defer_result in)
{
	struct crew_job *job = ctx;
	const struct http_page *page = defer_result_get(in, &http_page_type);
	const struct defer_failure *f = defer_result_get_failure(in);
	char category[CATEGORY_TEXT];

	if (page != NULL && getpage_of(job)->verbose)
		getpage_tell(job, page);
	if (page != NULL) {
		getpage_empty_output(job);
		getpage_add(job, page->head, page->head_len);
		getpage_add(job, page->body, page->body_len);
	}
	if (f != NULL) {
		crew_done(job, category_of(f, category), f->message);
	} else if (job->record.failed) {
		record_free(&job->record);
		crew_done(job, "no-resources", defer_failure_no_memory.message);
	} else if (page->status < 300) {
		crew_done(job, NULL, NULL);
	} else {
		getpage_fail_status(job, page);
	}
	defer_result_destroy(in);
	return defer_result_none();
}

static void
getpage_work(struct crew_job *job)
{
	struct getpage *my = getpage_of(job);

	if (my->verbose)
		verbose_host(job->crew, job->text, job->len);
	job->deferred = fetch_page(my->network.reactor, my->network.client,
	    job->text, job->len, &my->options);
	if (deferred_add_both(job->deferred, getpage_take, job) < 0)
		(void)getpage_take(
		    job, defer_result_failure(&defer_failure_no_memory));
}

/* ---- from beginning to end ---- */

/* Reads the command line and returns the URLs. */
static char **
getpage_read_options(struct getpage *my, int argc, char **argv)
{
	const struct network *n = &my->network;
	const struct options_set sets[] = {
		{ getpage_options, my }, { network_options, &my->network },
		{ network_name_options, &my->network }, { NULL, NULL },
	};
	char **urls;

	network_init(&my->network, &getpage_program);
	urls = options_read(&getpage_program, sets, argc, argv);
	if (*urls == NULL)
		program_usage(&getpage_program, "no URL");
	my->network.tls.keep_certificate = my->verbose;
	my->network.connected = my->verbose ? verbose_connection : NULL;
	my->network.watcher = my->verbose ? &my->watcher : NULL;
	if (my->options.head && (my->has_data || my->options.method != NULL))
		program_usage(&getpage_program, "-I goes with neither -d "
		    "nor -X");
	if (my->data.failed)
		program_check(&getpage_program, PROGRAM_USAGE, "-d", -ENOMEM);
	if (my->has_data)
		my->options.body = my->data.len > 0 ? my->data.at : "";
	my->options.body_len = my->data.len;
	my->options.keep_head |= my->options.head;
	my->options.any_status = my->options.keep_head;
	my->options.timeout_ns = n->timeout_ns;
	my->options.max_body = n->max_body;
	my->options.max_redirects = (unsigned)n->max_redirects;
	my->options.no_redirects = n->max_redirects == 0;
	return urls;
}

int
main(int argc, char **argv)
{
	const struct program *p = &getpage_program;
	struct getpage my = { .crew = { .program = p, .concurrency = 1,
	    .work = getpage_work }, .watcher = { verbose_head } };
	char **urls = getpage_read_options(&my, argc, argv);
	int error;

	network_open(&my.network);
	my.fd = program_open_output(p, &my.output);
	my.is_terminal = isatty(my.fd);
	network_open_client(&my.network);
	my.crew.reactor = my.network.reactor;
	error = crew_begin(&my.crew, urls, my.fd);
	if (error == 0)
		error = reactor_run(my.network.reactor);
	program_check(p, PROGRAM_USAGE, "the event loop", error);
	crew_end(&my.crew);
	network_close(&my.network);
	record_free(&my.data);
	return (int)crew_status(&my.crew, my.output);
}
