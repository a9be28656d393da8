/*
 * getpage.c - prints web pages.
 *
 * One page after the other, each as a whole when it is complete, so that a
 * slow reader of our output holds up no connection.  On a terminal what a
 * page could do to it is made harmless.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../defer/coroutine.h"
#include "../http/get_page.h"
#include "category.h"
#include "network.h"

static const struct program getpage_program = {
	.name = "getpage",
	.synopsis = "[options] URL ...",
	.about = "Prints the pages at the URLs, one after the other.\n",
	.statuses =
"\nExit status: 0 all well, 1 some URLs failed, 2 wrong usage, 4 the output\n"
"cannot be written.\n",
};

/* The program, as a coroutine that goes through the URLs. */
struct getpage {
	struct coroutine co;
	struct reactor_call start;
	struct network network;
	struct http_get_options options;
	const char *output;		/* NULL: standard output */
	char **urls;
	int fd;
	bool is_terminal, some_failed;
	int error;			/* of the output */
};

static const struct options_row getpage_options[] = {
	{ 'i', "include", NULL, "the head of the answer too, whatever its "
	    "status", options_set_flag,
	    offsetof(struct getpage, options.keep_head), 0, 0 },
	{ 'I', "head", NULL, "only the head: asks with HEAD",
	    options_set_flag, offsetof(struct getpage, options.head), 0, 0 },
	{ 'o', "output", "FILE", "instead of standard output",
	    options_set_text, offsetof(struct getpage, output), 0, 0 },
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

static void
getpage_print(struct getpage *my, const char *at, size_t len)
{
	struct record r = { .at = NULL };

	if (my->is_terminal)
		getpage_add_lines(&r, at, len);
	else
		record_add(&r, at, len);
	if (my->error == 0)
		my->error = record_write(&r, my->fd);
	record_free(&r);
}

static void
getpage_fail(struct getpage *my, const char *category, const char *what)
{
	my->some_failed = true;
	program_fail(&getpage_program, *my->urls, strlen(*my->urls), category,
	    what);
}

/* Prints what there is of a page, and says if it is not what was wanted. */
static void
getpage_take(struct getpage *my, const struct http_page *page)
{
	char category[CATEGORY_TEXT];

	getpage_print(my, page->head, page->head_len);
	getpage_print(my, page->body, page->body_len);
	if (page->status < 300)
		return;
	snprintf(category, sizeof(category), "http-%d", page->status);
	getpage_fail(my, category, "the status is not one of success");
}

static struct result
getpage_run(struct coroutine *co)
{
	struct getpage *my = (struct getpage *)co;
	const struct failure *f;
	char category[CATEGORY_TEXT];

	COROUTINE_BEGIN(co);
	for (; *my->urls != NULL && my->error == 0; my->urls++) {
		AWAIT_RESULT(co, http_get_page(my->network.client, *my->urls,
		    strlen(*my->urls), &my->options));
		f = result_get_failure(co->got);
		if (f == NULL)
			getpage_take(my, co->got.value);
		else
			getpage_fail(my, category_of(f, category),
			    f->message);
	}
	reactor_crash(my->network.reactor);
	COROUTINE_END;
}

/* Begins when the loop does, so that it can also end it. */
static void
getpage_start(struct reactor_call *call)
{
	struct getpage *my = (struct getpage *)((char *)call -
	    offsetof(struct getpage, start));

	(void)coroutine_start(&my->co);	/* main has the reference */
}

static void
getpage_read_options(struct getpage *my, int argc, char **argv)
{
	const struct network *n = &my->network;
	const struct options_set sets[] = {
		{ getpage_options, my }, { network_options, &my->network },
		{ network_name_options, &my->network }, { NULL, NULL },
	};

	network_init(&my->network, &getpage_program);
	my->urls = options_read(&getpage_program, sets, argc, argv);
	if (*my->urls == NULL)
		program_usage(&getpage_program, "no URL");
	my->options.keep_head |= my->options.head;
	my->options.any_status = my->options.keep_head;
	my->options.timeout_ns = n->timeout_ns;
	my->options.max_body = n->max_body;
	my->options.max_redirects = (unsigned)n->max_redirects;
	my->options.no_redirects = n->max_redirects == 0;
}

int
main(int argc, char **argv)
{
	struct getpage *my = coroutine_new(sizeof(*my), getpage_run, NULL);
	const struct program *p = &getpage_program;
	enum program_status status;
	int error;

	if (my == NULL)
		program_exit(p, PROGRAM_SOME_FAILED, "beginning",
		    failure_no_memory.message);
	getpage_read_options(my, argc, argv);
	my->fd = program_open_output(p, &my->output);
	my->is_terminal = isatty(my->fd);
	network_open(&my->network);
	network_open_client(&my->network);
	reactor_call_init(&my->start, getpage_start);
	reactor_call_soon(my->network.reactor, &my->start);
	error = reactor_run(my->network.reactor);
	if (error != 0)
		program_exit(p, PROGRAM_SOME_FAILED, "the event loop",
		    reactor_strerror(error));
	network_close(&my->network);
	program_check_output(p, my->output, my->error);
	status = my->some_failed ? PROGRAM_SOME_FAILED : PROGRAM_OK;
	deferred_release(&my->co.deferred);
	return (int)status;
}
