/*
 * scraper.c - for each URL: its first article, and that article's title; or
 * the title, the links and the fields of each page.
 *
 * What it does with one URL is in scrape.c, how many at once in crew.c, in
 * several processes in workers.c, its options in scraper_options.c.  This file
 * begins it and ends it, also on a signal.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../reactor/signals.h"
#include "category.h"
#include "crew.h"
#include "explain.h"
#include "inflight.h"
#include "report.h"
#include "resume.h"
#include "scrape.h"
#include "scraper_options.h"
#include "stats.h"
#include "story.h"
#include "verbose.h"
#include "chronicle.h"
#include "worker.h"
#include "workers.h"

/* How long the jobs under way may go on after a first signal. */
static const uint64_t scraper_grace_ns = 2000000000;

/* So many URLs for each in progress may wait for their worker; or, where
 * there are none, for their turn, but then not more than MOST. */
enum { SCRAPER_AHEAD = 8, SCRAPER_AHEAD_MOST = 4096 };

/* The signals that end the program. */
static const int scraper_signals[] = { SIGINT, SIGTERM };

/* All of the program. */
struct scraper_main {
	struct crew crew;
	struct scraper scraper;
	struct inflight inflight;
	struct manners manners;
	struct resume resume;
	struct scraper_options options;
	struct stats stats;
	struct chronicle chronicle;
	struct scraper_catch {
		struct reactor_signal signal;
		struct scraper_main *main;
	} catches[2];
	struct reactor_timer grace;
	int signal;			/* the one that was caught, or 0 */

	/* With --workers: */
	struct workers workers;		/* in one of them there are none */
	struct worker worker;		/* the other end of its line */
	bool serves;			/* this process is one of them */
	struct scraper_options unopened;	/* what it begins with */
	struct sigaction broken_pipe;	/* what SIGPIPE did before */

	uint64_t begun_ns;
};

/* ---- one URL ---- */

/* What -v tells of a scrape that is over. */
static void
scraper_tell(struct scraper_main *m, const struct report *r)
{
	struct record story = { .at = NULL };

	verbose_host(&m->crew, r->url, r->url_len);
	if (r->article != NULL)
		verbose_host(&m->crew, r->article, strlen(r->article));
	if (r->category == NULL && r->missing != NULL) {
		progress_wipe(&m->crew.progress);
		program_fail(m->crew.program, r->url, r->url_len, "missing",
		    r->missing);
	}
	progress_wipe(&m->crew.progress);
	story_write(m->crew.program->name, r, &story);
	(void)record_write(&story, STDERR_FILENO);
	record_free(&story);
}

static void
scraper_form(const struct scraper_main *m, struct report *r,
    struct record *record)
{
	const struct scraper_options *o = &m->options;

	report_write(r, &(struct report_form){ .json = o->json,
	    .timings = o->timings, .links = o->links, .fields = &o->fields },
	    record);
}

/* A worker's report goes to scraper, which counts it and prints a failure. */
static void
scraper_answer(struct scraper_main *m, struct crew_job *job,
    const struct report *r)
{
	struct wire_message answer = {
		.head = {
			.requests = r->requests, .answers = r->answers,
			.connections = m->stats.connections,
			.bytes = r->bytes, .elapsed_ns = r->elapsed_ns,
		},
		.category = r->category, .detail = r->detail,
	};

	m->stats.connections = 0;
	worker_answer(&m->worker, job, &answer);
	crew_done(job, NULL, NULL);
}

/* A job has its record: counts it and tells the crew. */
static void
scraper_end_job(struct scraper_main *m, struct crew_job *job,
    const struct report *r)
{
	stats_add(&m->stats, r);
	if (chronicle_has_failed(&m->chronicle))
		crew_stop(&m->crew);
	crew_done(job, r->category, r->detail);
}

/* A scrape is over, well or not: writes its record and tells the crew. */
static void
scraper_done(void *ctx, const struct report *report)
{
	struct crew_job *job = ctx;
	struct scraper_main *m = reactor_container_of(
	    job->crew, struct scraper_main, crew);
	struct report r = *report;

	scraper_form(m, &r, &job->record);
	if (m->options.verbose)
		scraper_tell(m, &r);
	if (m->serves)
		scraper_answer(m, job, &r);
	else
		scraper_end_job(m, job, &r);
}

static void
scraper_work(struct crew_job *job)
{
	struct scraper_main *m = reactor_container_of(
	    job->crew, struct scraper_main, crew);

	if (job->cut) {
		scraper_done(job, &(struct report){
			.url = job->text, .url_len = job->len,
			.category = "bad-url", .detail = crew_cut_detail });
		return;
	}
	if (m->workers.count > 1) {
		workers_work(&m->workers, job);
		return;
	}
	job->deferred = scrape(&m->scraper, job->text, job->len, scraper_done,
	    job);
	if (job->deferred == NULL) {
		struct report r = report_without_memory(job->text, job->len);

		scraper_done(job, &r);
	}
}

/* Whether a line is of our share, and not done yet. */
static bool
scraper_wanted(struct crew *crew, const char *at, size_t len)
{
	struct scraper_main *m = reactor_container_of(
	    crew, struct scraper_main, crew);

	return shard_has(&m->options.shard, at, len) &&
	    !resume_has(&m->resume, at, len);
}

/* ---- what waits for its turn takes no place ---- */

/* What manners tell and ask, and the crew's call when there is room. */

static bool
scraper_has_room(struct manners *m)
{
	return crew_may_go(&reactor_container_of(
	    m, struct scraper_main, manners)->crew);
}

static void
scraper_asking(struct manners *m, bool asking)
{
	struct crew *c = &reactor_container_of(
	    m, struct scraper_main, manners)->crew;

	if (asking)
		crew_take_place(c);
	else
		crew_free_place(c);
}

static void
scraper_room(struct crew *c)
{
	struct scraper_main *m = reactor_container_of(
	    c, struct scraper_main, crew);
	size_t waiting;

	manners_room(&m->manners);
	/* After an interrupt there are no first turns, so nothing to await. */
	waiting = crew_all_waiting(c);
	if (m->signal != 0 && waiting > 0 &&
	    waiting == m->manners.first_turns)
		reactor_break(c->reactor);
}

static void
scraper_waiting(void *ctx, bool waiting)
{
	struct crew_job *job = ctx;

	if (waiting)
		crew_wait(job);
	else
		crew_go(job);
}

/*
 * Lets URLs that wait step aside.  In --sequential none may: what comes after
 * it would overtake it.  In a worker none does: it was given only so many.
 */
static void
scraper_open_waiting(struct scraper_main *m)
{
	struct crew *c = &m->crew;

	if (m->options.workers > 1 || c->concurrency == 1)
		return;
	c->ahead = c->concurrency < SCRAPER_AHEAD_MOST / SCRAPER_AHEAD ?
	    c->concurrency * SCRAPER_AHEAD : SCRAPER_AHEAD_MOST;
	c->room = scraper_room;
	m->manners.has_room = scraper_has_room;
	m->manners.asking = scraper_asking;
	m->scraper.waiting = scraper_waiting;
}

/* ---- what workers do ---- */

static void
scraper_answered(struct workers *w, struct crew_job *job,
    const struct wire_message *answer, struct record *text)
{
	struct scraper_main *m = reactor_container_of(
	    w, struct scraper_main, workers);
	struct record memory = job->record;	/* of the job's last record */
	struct report r = {
		.url = job->text, .url_len = job->len,
		.category = answer->category, .detail = answer->detail,
		.requests = (unsigned)answer->head.requests,
		.answers = (unsigned)answer->head.answers,
		.bytes = answer->head.bytes,
		.elapsed_ns = answer->head.elapsed_ns,
	};

	m->stats.connections += answer->head.connections;
	if (text->failed) {
		r = report_without_memory(job->text, job->len);
		scraper_form(m, &r, &job->record);
	} else {
		job->record = *text;
		*text = memory;
	}
	scraper_end_job(m, job, &r);
}

static void
scraper_failed(struct workers *w, struct crew_job *job, const char *why)
{
	(void)w;
	scraper_done(job, &(struct report){
		.url = job->text, .url_len = job->len,
		.category = "no-resources", .detail = why });
}

/* What is in flight is known to the workers. */
static void
scraper_look(const struct inflight *in)
{
	const struct scraper_main *m = reactor_container_of(
	    in, const struct scraper_main, inflight);

	inflight_print_count(in, m->crew.progress.running);
	workers_look(&m->workers);
}

static void
scraper_tell_look(struct worker *w)
{
	inflight_print_each(&reactor_container_of(
	    w, struct scraper_main, worker)->inflight);
}

/* ---- what is told on standard error ---- */

static void
scraper_retrying(struct scraper *s, const struct report *report,
    const struct defer_failure *f, uint64_t delay_ns)
{
	struct scraper_main *m = reactor_container_of(
	    s, struct scraper_main, scraper);
	char category[CATEGORY_TEXT], again[CATEGORY_TEXT + 64];

	snprintf(again, sizeof(again), "again in %" PRIu64 " ms: %s",
	    delay_ns / 1000000, category_of(f, category));
	progress_wipe(&m->crew.progress);
	program_fail(m->crew.program, report->url, report->url_len, again,
	    f->message);
}

static void
scraper_explain(struct scraper *s, const struct report *report,
    const struct finder *article, const struct finder *last)
{
	struct scraper_main *m = reactor_container_of(
	    s, struct scraper_main, scraper);
	struct record r = { .at = NULL };

	progress_wipe(&m->crew.progress);
	record_addf(&r, "%s: ", m->crew.program->name);
	explain_write(&r, report, article, last, m->options.path_texts);
	(void)record_write(&r, STDERR_FILENO);
	record_free(&r);
}

static void
scraper_connected(void *ctx, struct transport *t)
{
	struct scraper_main *m = ctx;

	(void)t;
	m->stats.connections++;
}

static void
scraper_summary(struct scraper_main *m)
{
	const struct progress *p = &m->crew.progress;
	uint64_t spent_ns = reactor_now_ns(m->crew.reactor) - m->begun_ns;
	struct record r = { .at = NULL };

	progress_wipe(&m->crew.progress);
	record_addf(&r, "%s: %s%zu done, %zu failed, %zu dropped, %" PRIu64
	    " ms\n", m->crew.program->name,
	    m->signal != 0 ? "interrupted: " : "", p->done, p->failed,
	    p->running + m->crew.waiting, spent_ns / 1000000);
	if (m->options.stats)
		stats_write(&m->stats, m->crew.program->name, &r);
	(void)record_write(&r, STDERR_FILENO);
	record_free(&r);
}

/* ---- what ends it ---- */

static void
scraper_grace_over(struct reactor_timer *t)
{
	struct scraper_main *m = reactor_container_of(
	    t, struct scraper_main, grace);

	reactor_break(m->crew.reactor);
}

/* Dies of a signal as if it had never been caught, so that a shell sees it. */
static void
scraper_die(int number)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
	raise(number);
}

/* The first signal starts nothing new; the second kills at once. */
static void
scraper_signalled(struct reactor_signal *s, int number)
{
	struct scraper_main *m = reactor_container_of(
	    s, struct scraper_catch, signal)->main;

	if (m->signal != 0)
		scraper_die(number);
	m->signal = number;
	m->manners.closing = true;
	crew_stop(&m->crew);
	workers_stop(&m->workers);
	reactor_call_later(m->crew.reactor, &m->grace, scraper_grace_ns,
	    scraper_grace_over);
}

/*
 * A signal that was ignored when the program began stays ignored: a shell
 * that runs it in the background of a script, or nohup, wants it so.
 */
static void
scraper_catch_signals(struct scraper_main *m)
{
	struct sigaction now;

	for (size_t i = 0; i < 2; i++) {
		sigaction(scraper_signals[i], NULL, &now);
		if (now.sa_handler == SIG_IGN)
			continue;
		m->catches[i].main = m;
		(void)reactor_catch_signal(m->crew.reactor,
		    &m->catches[i].signal, scraper_signals[i],
		    scraper_signalled);
	}
}

/* ---- the beginning ---- */

static void
scraper_open_progress(struct scraper_main *m)
{
	const char *terminal = getenv("TERM");
	bool can = isatty(STDERR_FILENO) && terminal != NULL &&
	    strcmp(terminal, "dumb") != 0;

	progress_begin(&m->crew.progress, m->crew.reactor,
	    m->options.progress == SCRAPER_OPTIONS_ON ||
	    (m->options.progress == SCRAPER_OPTIONS_AUTO && can));
}

/*
 * How many URLs the descriptors of this process, and as many more for each
 * other worker, suffice for.
 *
 * A URL may use six at a time: two connections (IPv4 and IPv6 are tried side
 * by side), two sockets to ask for its name, and two that were given up but
 * are closed only at the end of the turn.  An eighth of all descriptors is
 * for idle connections (network_open_client); nine more are the standard
 * streams, the output and the reactor's own.
 */
static size_t
scraper_concurrency(const struct scraper_options *o)
{
	size_t all = o->network.descriptors, taken = all / 8 + 9;
	size_t most = all > taken + 6 ? (all - taken) / 6 : 1;

	most *= (size_t)o->workers;
	if (o->concurrency <= most)
		return (size_t)o->concurrency;
	program_warn(&scraper_options_program, "--concurrency",
	    "lowered, there are not enough descriptors");
	return most;
}

/* The output: from its beginning, or from where an earlier run has ended. */
static int
scraper_open_output(struct scraper_main *m)
{
	const struct program *p = m->crew.program;
	struct scraper_options *o = &m->options;
	int fd;

	if (!o->resume) {
		fd = program_open_output(p, &o->output);
		program_empty_output(p, o->output, fd);
		return fd;
	}
	program_check(p, PROGRAM_NO_OUTPUT, o->output,
	    resume_open(&m->resume, o->output, &fd));
	return fd;
}

/*
 * Who is told of requests, for the files beside the output: a worker tells
 * scraper, which has them.  NULL if there are none.
 */
static struct http_journal *
scraper_open_chronicle(struct scraper_main *m)
{
	struct chronicle *w = &m->chronicle;

	if (m->options.waterfall == NULL && m->options.har == NULL)
		return NULL;
	if (m->serves)
		return &m->worker.journal;
	w->waterfall_name = m->options.waterfall;
	w->har_name = m->options.har;
	chronicle_open(w, &scraper_options_program,
	    reactor_now_ns(m->crew.reactor));
	return &w->journal;
}

/* The list, if it is a file; one that cannot be read is wrong usage. */
static void
scraper_open_input(struct scraper_main *m)
{
	const char *name = m->options.input;
	struct crew *c = &m->crew;

	c->input_name = name;
	if (name == NULL)
		return;
	c->input_fd = open(name, O_RDONLY | O_CLOEXEC);
	program_check(&scraper_options_program, PROGRAM_USAGE, name,
	    c->input_fd < 0 ? -errno : 0);
}

/* What fetches pages, here or in a worker. */
static void
scraper_open_network(struct scraper_main *m)
{
	struct scraper_options *o = &m->options;
	struct http_journal *journal;

	o->network.connected = scraper_connected;
	o->network.ctx = m;
	network_open(&o->network);
	network_open_client(&o->network);
	m->crew.reactor = o->network.reactor;
	m->crew.program = &scraper_options_program;
	m->crew.work = scraper_work;
	journal = scraper_open_chronicle(m);
	m->manners = (struct manners){
		.reactor = m->crew.reactor, .client = o->network.client,
		.agent = network_agent(&o->network), .robots = o->robots,
		.delay_ns = o->delay_ns, .timeout_ns = o->network.timeout_ns,
		.journal = journal,
		.per_host = o->concurrency > o->network.per_host ?
		    (unsigned)o->network.per_host : 0,
	};
	m->scraper = (struct scraper){
		.reactor = m->crew.reactor,
		.client = o->network.client,
		.articles.paths = (const struct html_path *const *)o->paths,
		.articles.path_count = o->path_count,
		.titles.links = o->links,
		.titles.fields = &o->fields,
		.only_titles = o->only_titles || o->links,
		.timeout_ns = o->network.timeout_ns,
		.max_body = o->network.max_body,
		.max_redirects = (unsigned)o->network.max_redirects,
		.retries = (unsigned)o->retries,
		.manners = &m->manners,
		.journal = journal,
		.answers = o->json || o->verbose,
		.retrying = o->verbose ? scraper_retrying : NULL,
		.explain = o->explain ? scraper_explain : NULL,
		.inflight = &m->inflight,
	};
}

static void scraper_serve(struct workers *);

/*
 * Each worker has its part of the concurrency.  That a worker is gone is no
 * reason to die of SIGPIPE; if a reader of our output is, we do so later.
 */
static void
scraper_open_workers(struct scraper_main *m)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct workers *w = &m->workers;
	struct crew *c = &m->crew;

	if (m->options.workers < 2)
		return;
	w->count = (size_t)m->options.workers;
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGPIPE, &ignore, &m->broken_pipe);
	c->ahead = c->concurrency * SCRAPER_AHEAD;
	w->crew = c;
	w->each = (c->concurrency + w->count - 1) / w->count;
	w->verbose = m->options.verbose;
	w->journal = m->scraper.journal;
	w->silence_ns = m->options.network.timeout_ns;
	w->serve = scraper_serve;
	w->answered = scraper_answered;
	w->failed = scraper_failed;
	m->inflight.print = scraper_look;
	program_check(c->program, PROGRAM_USAGE, "--workers",
	    workers_open(w));
}

static void
scraper_open(struct scraper_main *m, char **urls)
{
	struct scraper_options *o = &m->options;
	struct crew *c = &m->crew;

	m->unopened = *o;
	scraper_open_network(m);
	c->concurrency = scraper_concurrency(o);
	c->ordered = o->ordered;
	c->failures_are_data = o->exit_zero;
	c->wanted = scraper_wanted;
	scraper_open_waiting(m);
	scraper_open_progress(m);
	scraper_open_input(m);
	program_check(c->program, PROGRAM_USAGE, "the input",
	    crew_begin(c, urls, scraper_open_output(m)));
	scraper_catch_signals(m);
	inflight_open(&m->inflight, c->program, c->reactor, &c->progress);
	scraper_open_workers(m);
	m->begun_ns = reactor_now_ns(m->crew.reactor);
}

/* ---- the end ---- */

/* Writes what is left and frees everything; false if a file failed. */
static bool
scraper_close(struct scraper_main *m)
{
	if (!m->serves && (m->signal != 0 || m->options.verbose ||
	    m->options.stats))
		scraper_summary(m);
	for (size_t i = 0; i < 2; i++)
		reactor_release_signal(&m->catches[i].signal);
	crew_stop(&m->crew);
	workers_close(&m->workers);
	crew_end(&m->crew);
	if (m->crew.input_fd > STDIN_FILENO)
		close(m->crew.input_fd);
	inflight_close(&m->inflight);
	manners_clear(&m->manners);
	network_close(&m->options.network);
	finder_clear(&m->scraper.articles);
	finder_clear(&m->scraper.titles);
	resume_free(&m->resume);
	for (size_t i = 0; i < m->options.path_count; i++)
		html_path_free(m->options.paths[i]);
	field_list_clear(&m->options.fields);
	return chronicle_close(&m->chronicle);
}

/* All that a worker process does, of which scraper_main is scraper's copy. */
static void
scraper_serve(struct workers *w)
{
	const struct scraper_main *parent = reactor_container_of(
	    w, struct scraper_main, workers);
	struct scraper_main m = { .options = parent->unopened, .serves = true };
	char *no_urls[] = { NULL };

	/* The trace is scraper's own; and it has warned already. */
	unsetenv("REACTOR_TRACE");
	m.options.network.warned = true;
	m.crew.fed = true;
	scraper_open_network(&m);
	program_check(m.crew.program, PROGRAM_USAGE, "a worker",
	    crew_begin(&m.crew, no_urls, STDOUT_FILENO));
	inflight_open(&m.inflight, m.crew.program, m.crew.reactor,
	    &m.crew.progress);
	m.worker.crew = &m.crew;
	m.worker.look = scraper_tell_look;
	worker_open(&m.worker);
	program_check(m.crew.program, PROGRAM_USAGE, "the event loop",
	    reactor_run(m.crew.reactor));
	worker_close(&m.worker);
	(void)scraper_close(&m);
	worker_end(&m.worker);
	exit(m.crew.error == 0 && !m.worker.failed ? PROGRAM_OK :
	    PROGRAM_NO_OUTPUT);
}

/* A reader of the output who has gone ends us, if it would have before. */
static void
scraper_end_quietly(const struct scraper_main *m)
{
	if (m->workers.count < 2)
		return;
	sigaction(SIGPIPE, &m->broken_pipe, NULL);
	if (m->crew.error == -EPIPE)
		raise(SIGPIPE);
}

int
main(int argc, char **argv)
{
	struct scraper_main m = { .signal = 0 };
	const struct progress *p = &m.crew.progress;
	enum program_status status;
	bool watched;

	scraper_open(&m, scraper_options_read(&m.options, argc, argv));
	program_check(&scraper_options_program, PROGRAM_USAGE,
	    "the event loop", reactor_run(m.crew.reactor));
	watched = scraper_close(&m);
	if (m.signal != 0)
		scraper_die(m.signal);
	scraper_end_quietly(&m);
	status = crew_status(&m.crew, m.options.output);
	if (!watched)
		return PROGRAM_NO_OUTPUT;
	return status == PROGRAM_SOME_FAILED && p->failed > 0 &&
	    p->failed == p->done && !m.options.exit_zero ?
	    PROGRAM_ALL_FAILED : (int)status;
}
