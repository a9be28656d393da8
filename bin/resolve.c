/*
 * resolve.c - prints the addresses of names, in the order in which a client
 * would try them.
 *
 * Names are looked up many at a time, and each is printed when its lookup
 * has ended.  No name is taken from the input while as many as that are
 * under way or wait to be printed; so a list of any length runs in constant
 * memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../dns/resolver.h"
#include "../dns/system_config.h"
#include "category.h"
#include "input.h"
#include "output.h"
#include "program.h"
#include "trace.h"

enum { RESOLVE_AT_ONCE = 256 };

enum { RESOLVE_OPTION_DNS = PROGRAM_OPTION_FREE };

static const struct option resolve_options[] = {
	{ "ipv4", no_argument, NULL, '4' },
	{ "ipv6", no_argument, NULL, '6' },
	{ "dns", required_argument, NULL, RESOLVE_OPTION_DNS },
	PROGRAM_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

static const struct program resolve_program = {
	.name = "resolve",
	.synopsis = "[options] [NAME ...]",
	.help =
"Prints the addresses of the names, or of those on the lines of standard\n"
"input, as NAME<TAB>ADDRESS, or NAME<TAB>!CATEGORY where there are none.\n"
"What is known first is printed first.\n\n"
"  -4, --ipv4; -6, --ipv6   addresses of this sort only\n"
"      --dns ADDR[:PORT]    name server; repeatable (/etc/resolv.conf)\n"
"      --help, --version\n\n"
"Exit status: 0 all well, 1 some names failed, 2 wrong usage, 4 the output\n"
"cannot be written.\n",
	.letters = ":46",
	.options = resolve_options,
};

/* The program. */
struct resolve {
	unsigned families;
	struct dns_config config;
	struct dns_hosts hosts;
	struct reactor *reactor;
	struct trace trace;
	struct dns_resolver *resolver;
	struct input input;
	struct output output;
	struct list finished;		/* jobs whose record is to be written */
	size_t jobs;			/* these, and those under way */
	bool input_ended, ended, some_failed;
	int error;			/* of input or output */
};

/* One name. */
struct resolve_job {
	struct resolve *program;
	struct list link;
	struct record record;
	size_t len;
	char name[];
};

static struct resolve *
resolve_of_input(struct input *in)
{
	return (struct resolve *)((char *)in -
	    offsetof(struct resolve, input));
}

static struct resolve *
resolve_of_output(struct output *o)
{
	return (struct resolve *)((char *)o -
	    offsetof(struct resolve, output));
}

static struct resolve_job *
resolve_job_of_link(struct list *link)
{
	return (struct resolve_job *)((char *)link -
	    offsetof(struct resolve_job, link));
}

static void
resolve_job_free(struct resolve_job *job)
{
	list_remove(&job->link);
	job->program->jobs--;
	record_free(&job->record);
	free(job);
}

/* Nothing more can be done, for this reason. */
static void
resolve_break(struct resolve *my, int error)
{
	my->error = error;
	input_pause(&my->input);
	reactor_crash(my->reactor);
}

/* Writes what has finished; takes more names, or ends, as it should. */
static void
resolve_write(struct output *o)
{
	struct resolve *my = resolve_of_output(o);
	struct resolve_job *job;
	int error;

	while (!list_is_empty(&my->finished)) {
		job = resolve_job_of_link(my->finished.next);
		error = output_write(o, &job->record);
		if (error == -EAGAIN)
			break;
		resolve_job_free(job);
		if (error != 0) {
			resolve_break(my, error);
			return;
		}
	}
	if (my->jobs < RESOLVE_AT_ONCE)
		input_resume(&my->input);
	if (my->input_ended && my->jobs == 0)
		reactor_crash(my->reactor);
}

/* One line of the record. */
static void
resolve_add(struct resolve_job *job, const char *what)
{
	record_add_clean(&job->record, job->name, job->len);
	record_addf(&job->record, "\t%s\n", what);
}

/* The end of one lookup. */
static struct result
resolve_take(void *ctx, struct result in)
{
	struct resolve_job *job = ctx;
	struct resolve *my = job->program;
	const struct dns_addresses *list = result_get(in, &dns_addresses_type);
	const struct failure *f = result_get_failure(in);
	char text[ADDRESS_TEXT], category[CATEGORY_TEXT];
	size_t i;

	if (my->ended) {
		resolve_job_free(job);
		return in;
	}
	for (i = 0; list != NULL && i < list->count; i++)
		resolve_add(job, address_format(&list->at[i], text));
	if (f != NULL) {
		my->some_failed = true;
		record_add_clean(&job->record, job->name, job->len);
		record_addf(&job->record, "\t!%s\n", category_of(f, category));
		program_fail(&resolve_program, job->name, job->len,
		    category_of(f, category), f->message);
	}
	result_destroy(in);
	list_append(&my->finished, &job->link);
	resolve_write(&my->output);
	return result_none();
}

static void
resolve_line(struct input *in, const char *at, size_t len)
{
	struct resolve *my = resolve_of_input(in);
	struct resolve_job *job = calloc(1, sizeof(*job) + len);
	struct deferred *d;

	if (job == NULL) {
		resolve_break(my, -ENOMEM);
		return;
	}
	job->program = my;
	job->len = len;
	memcpy(job->name, at, len);
	list_init(&job->link);
	if (++my->jobs == RESOLVE_AT_ONCE)
		input_pause(in);
	d = dns_resolve(my->resolver, job->name, len, 0, my->families);
	if (d == NULL || deferred_add_both(d, resolve_take, job) < 0)
		(void)resolve_take(job, result_failure(&failure_no_memory));
	deferred_release(d);
}

static void
resolve_input_ended(struct input *in, int error)
{
	struct resolve *my = resolve_of_input(in);

	my->input_ended = true;
	if (error != 0)
		resolve_break(my, error);
	else
		resolve_write(&my->output);
}

static const struct input_ops resolve_input_ops = {
	.line = resolve_line,
	.ended = resolve_input_ended,
};

static void
resolve_server(struct resolve *my, const char *text)
{
	struct address address;

	if (address_parse(&address, text, strlen(text), 53) != 0)
		program_usage(&resolve_program, "--dns takes an address with "
		    "or without a port, not \"%s\"", text);
	if (dns_config_add_server(&my->config, text, strlen(text)) != 0)
		program_usage(&resolve_program, "--dns: too many servers");
}

static void
resolve_read_options(struct resolve *my, int argc, char **argv)
{
	int option;

	dns_config_init(&my->config);
	while ((option = program_option(&resolve_program, argc, argv)) != -1)
		if (option == '4')
			my->families |= DNS_IPV4;
		else if (option == '6')
			my->families |= DNS_IPV6;
		else
			resolve_server(my, optarg);
}

static void
resolve_make_reactor(struct resolve *my)
{
	const char *variable;
	int error = trace_make_reactor(&my->trace, &my->reactor, &variable);

	if (error != 0)
		program_exit(&resolve_program, PROGRAM_USAGE,
		    variable != NULL ? variable : "the event loop",
		    reactor_strerror(error));
}

/* Opens all that is needed; the names are arguments or lines. */
static int
resolve_open(struct resolve *my, char **names)
{
	int error = 0;

	if (my->config.server_count == 0)
		error = dns_system_config(&my->config, "/etc/resolv.conf");
	if (error == 0)
		error = dns_system_hosts(&my->hosts, "/etc/hosts");
	if (error == 0)
		resolve_make_reactor(my);
	if (error == 0)
		error = dns_resolver_new(&my->resolver, my->reactor,
		    &my->config, &my->hosts);
	if (error != 0)
		return error;
	list_init(&my->finished);
	output_open(&my->output, my->reactor, STDOUT_FILENO, resolve_write);
	if (*names != NULL)
		input_from_arguments(&my->input, my->reactor,
		    &resolve_input_ops, names);
	else
		error = input_from_lines(&my->input, my->reactor,
		    &resolve_input_ops, STDIN_FILENO);
	input_resume(&my->input);
	return error;
}

/* Ends what is under way and frees everything. */
static void
resolve_close(struct resolve *my)
{
	my->ended = true;
	input_close(&my->input);
	dns_resolver_free(my->resolver);
	while (!list_is_empty(&my->finished))
		resolve_job_free(resolve_job_of_link(my->finished.next));
	output_close(&my->output);
	reactor_free(my->reactor);
	trace_close(&my->trace);
	dns_hosts_free(&my->hosts);
}

int
main(int argc, char **argv)
{
	const struct program *p = &resolve_program;
	struct resolve my = { .families = 0 };
	int error;

	resolve_read_options(&my, argc, argv);
	error = resolve_open(&my, argv + optind);
	if (error == 0)
		error = reactor_run(my.reactor);
	if (error != 0)
		program_exit(p, PROGRAM_USAGE, "beginning",
		    reactor_strerror(error));
	resolve_close(&my);
	if (my.error == -EPIPE)		/* nobody is there to be told */
		return PROGRAM_NO_OUTPUT;
	if (my.error != 0)
		program_exit(p, PROGRAM_NO_OUTPUT, "input or output",
		    reactor_strerror(my.error));
	return my.some_failed ? PROGRAM_SOME_FAILED : PROGRAM_OK;
}
