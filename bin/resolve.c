/*
 * resolve.c - prints the addresses of names, each name's in the order in
 * which a client would try them.
 *
 * Names are looked up many at a time by a crew, and each is printed when its
 * lookup has ended, so that a name whose server is dead holds up no other.  A
 * name that is not ASCII is asked for as browsers do it (idna.h).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>
#include <unistd.h>

#include "../dns/resolver.h"
#include "../http/idna.h"
#include "category.h"
#include "crew.h"
#include "network.h"

/* How many names are looked up at once. */
enum { RESOLVE_AT_ONCE = 256 };

static const struct program resolve_program = {
	.name = "resolve",
	.synopsis = "[options] [NAME ...]",
	.about =
"Prints the addresses of the names, or of those on the lines of standard\n"
"input, as NAME<TAB>ADDRESS, in the order in which a client would try them,\n"
"or NAME<TAB>!CATEGORY where there are none.  The lines of a name stand\n"
"together; the names come as they are found, not in the order of the input.\n"
"A name in Unicode is asked for as browsers do it: as xn--...\n",
	.statuses =
"\nExit status: 0 all well, 1 some names failed, 2 wrong usage, 4 the output\n"
"cannot be written.\n",
};

/* The program. */
struct resolve {
	struct crew crew;
	struct network network;
};

/* One line of the record. */
static void
resolve_add(struct crew_job *job, const char *mark, const char *what)
{
	struct record *r = &job->record;

	record_add_clean(r, job->text, job->len);
	record_add(r, "\t", 1);
	record_add(r, mark, strlen(mark));
	record_add(r, what, strlen(what));
	record_add(r, "\n", 1);
}

/* The end of one lookup. */
static struct defer_result
resolve_take(void *ctx, struct defer_result in)
{
	struct crew_job *job = ctx;
	const struct dns_addresses *list = defer_result_get(
	    in, &dns_addresses_type);
	const struct defer_failure *f = defer_result_get_failure(in);
	char text[REACTOR_ADDRESS_TEXT], category[CATEGORY_TEXT];

	for (size_t i = 0; list != NULL && i < list->count; i++)
		resolve_add(
		    job, "", reactor_address_format(&list->at[i], text));
	if (f != NULL) {
		resolve_add(job, "!", category_of(f, category));
		crew_done(job, category_of(f, category), f->message);
	} else {
		crew_done(job, NULL, NULL);
	}
	defer_result_destroy(in);
	return defer_result_none();
}

/* A text that cannot be a host's name. */
static void
resolve_refuse(struct crew_job *job, const char *why)
{
	resolve_add(job, "!", "no-such-host");
	crew_done(job, "no-such-host", why);
}

static bool
resolve_is_ascii(const char *at, size_t len)
{
	size_t i = 0;

	while (i < len && (unsigned char)at[i] < 0x80)
		i++;
	return i == len;
}

/* ASCII is asked for as it stands; what else is a name, IDNA says. */
static void
resolve_work(struct crew_job *job)
{
	struct resolve *my = reactor_container_of(
	    job->crew, struct resolve, crew);
	const char *name = job->text;
	char ascii[HTTP_IDNA_ROOM];
	size_t len = job->len;
	int n = 0;

	if (job->cut) {
		resolve_refuse(job, crew_cut_detail);
		return;
	}
	if (!resolve_is_ascii(job->text, job->len)) {
		n = http_idna_to_ascii(ascii, job->text, job->len);
		name = ascii;
		len = (size_t)n;
	}
	if (n < 0) {
		resolve_refuse(job, http_idna_strerror(n));
		return;
	}
	job->deferred = dns_resolve(my->network.resolver, name, len, 0,
	    (unsigned)my->network.families);
	if (deferred_add_both(job->deferred, resolve_take, job) < 0)
		(void)resolve_take(
		    job, defer_result_failure(&defer_failure_no_memory));
}

int
main(int argc, char **argv)
{
	const struct program *p = &resolve_program;
	struct resolve my = { .crew = {
	    .program = p, .concurrency = RESOLVE_AT_ONCE,
	    .work = resolve_work } };
	const struct options_set sets[] = {
		{ network_name_options, &my.network }, { NULL, NULL },
	};
	char **names;
	int error;

	network_init(&my.network, p);
	names = options_read(p, sets, argc, argv);
	network_open(&my.network);
	my.crew.reactor = my.network.reactor;
	error = crew_begin(&my.crew, names, STDOUT_FILENO);
	if (error == 0)
		error = reactor_run(my.network.reactor);
	program_check(p, PROGRAM_USAGE, "the event loop", error);
	crew_end(&my.crew);
	network_close(&my.network);
	return (int)crew_status(&my.crew, "standard output");
}
