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

/* A line of the record: an address. */
static void
resolve_add(struct crew_job *job, const struct reactor_address *a)
{
	char rest[1 + REACTOR_ADDRESS_TEXT];
	size_t len;

	rest[0] = '\t';
	reactor_address_format(a, rest + 1);
	len = strlen(rest);
	rest[len] = '\n';		/* in place of the NUL */
	record_add_clean(&job->record, job->text, job->len);
	record_add(&job->record, rest, len + 1);
}

/* All of the record, and the end of the job: there is no address. */
static void
resolve_fail(struct crew_job *job, const char *category, const char *why)
{
	record_add_clean(&job->record, job->text, job->len);
	record_addf(&job->record, "\t!%s\n", category);
	crew_done(job, category, why);
}

/* The end of one lookup. */
static struct defer_result
resolve_take(void *ctx, struct defer_result in)
{
	struct crew_job *job = ctx;
	const struct dns_addresses *list = defer_result_get(
	    in, &dns_addresses_type);
	const struct defer_failure *f = defer_result_get_failure(in);
	char category[CATEGORY_TEXT];

	for (size_t i = 0; list != NULL && i < list->count; i++)
		resolve_add(job, &list->at[i]);
	if (f != NULL)
		resolve_fail(job, category_of(f, category), f->message);
	else
		crew_done(job, NULL, NULL);
	defer_result_destroy(in);
	return defer_result_none();
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
		resolve_fail(job, "no-such-host", crew_cut_detail);
		return;
	}
	if (!resolve_is_ascii(job->text, job->len)) {
		n = http_idna_to_ascii(ascii, job->text, job->len);
		name = ascii;
		len = (size_t)n;
	}
	if (n < 0) {
		resolve_fail(job, "no-such-host", http_idna_strerror(n));
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
