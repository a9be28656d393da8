/*
 * sim_workers_test.c - jobs are dealt to worker processes, in a simulated
 * world: pipes that take a piece now and a piece then, and processes that die
 * at any byte, stand still, or talk nonsense, as the seed says.  Whatever they
 * do, each URL is reported once, and as that URL.
 *
 * workers.c is compiled once more, in here, with the calls played that the
 * reactor's table does not have: a process is a struct process.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
/* Another one may be linked beside it. */
#define workers_open played_workers_open
#define workers_work played_workers_work
#define workers_look played_workers_look
#define workers_stop played_workers_stop
#define workers_close played_workers_close
#include "../bin/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../bin/inflight.h"
#include "../bin/shard.h"
#include "../reactor/watch.h"
#include "../reactor/words.h"
#include "alloc.h"
#include "check.h"
#include "sim_seeds.h"

enum { URLS = 40, URL_ROOM = 1000, PLACES = 3, PROCESSES = 4 * URLS,
	PIPES = 3, TURNS = 100000 };

static const uint64_t ms = 1000000;

/* What a URL does to the process that begins it. */
enum evil { EVIL_NONE, EVIL_KILLS, EVIL_HALTS, EVIL_NONSENSE };

/* A URL and what was told of it. */
struct url {
	struct crew_job *job;		/* its text is the URL */
	enum evil evil;
	int answered, failed, dropped;
};

/* A worker process: it does one URL after the other, and takes its time. */
struct process {
	int ends[PIPES];		/* what it reads, and writes twice */
	bool shared[PIPES];		/* scraper has not closed its copy */
	bool lives, halts, ending, reaped;
	int status;			/* as waitpid has it */
	struct reactor_watch asked;
	struct reactor_timer step;
	uint64_t free_ns;		/* when it can begin the next URL */
	struct wire_reader reader;
	struct record says;		/* not yet written */
	size_t left;			/* bytes, before it dies */
	uint32_t ids[URLS];
	int urls[URLS];			/* numbers of what it was asked to do */
	size_t count;
};

/* The world of a run. */
struct dealing {
	struct sim *sim;
	const struct reactor_system *system;
	struct crew crew;
	struct workers workers;
	struct url urls[URLS];
	struct process processes[PROCESSES];
	size_t begun;
	int pipes[PIPES];		/* the worker's ends of the last ones */
	size_t opened;
	bool deadly;			/* processes die at any byte */
	bool slow;			/* a URL takes up to half a minute */
	int told, warned, pings;
};

static struct dealing *dealing;		/* the one that is */

/* ---- a process ---- */

static void
process_close(struct process *p, int k)
{
	if (p->shared[k])
		p->shared[k] = false;	/* scraper's copy stays */
	else
		dealing->system->close(dealing->system, p->ends[k]);
}

/* It ends, with what it had not yet written. */
static void
process_end(struct process *p, int status)
{
	if (!p->lives)
		return;
	p->lives = false;
	p->status = status;
	reactor_cancel_timer(&p->step);
	reactor_watch_release(&p->asked);
	for (int k = 0; k < PIPES; k++)
		process_close(p, k);
	wire_free(&p->reader);
	record_free(&p->says);
}

/* Does the first URL that it has, and adds the answer to what it says. */
static void
process_work(struct process *p)
{
	static const char nonsense[sizeof(struct wire_head)] = { -1 };
	const struct url *u = &dealing->urls[p->urls[0]];
	struct record text = { .at = NULL };
	struct wire_message m = {
		.head = { .kind = WIRE_DONE, .id = p->ids[0] }, .text = &text,
	};

	p->free_ns = sim_now_ns(dealing->sim) +
	    (dealing->slow ? sim_draw(dealing->sim, 30000) * ms : 0);
	p->count--;
	memmove(p->urls, p->urls + 1, p->count * sizeof(*p->urls));
	memmove(p->ids, p->ids + 1, p->count * sizeof(*p->ids));
	if (u->evil == EVIL_KILLS) {
		process_end(p, SIGSEGV);
	} else if (u->evil == EVIL_HALTS) {
		p->halts = true;
	} else if (u->evil == EVIL_NONSENSE) {
		record_add(&p->says, nonsense, sizeof(nonsense));
	} else {
		record_add(&text, u->job->text, u->job->len);
		wire_add(&p->says, &m);
		record_free(&text);
	}
}

/* Writes some of what it says, to the last byte that it can. */
static void
process_write(struct process *p)
{
	size_t len = 1 + (size_t)sim_draw(dealing->sim, p->says.len);
	ssize_t n;

	if (len > p->left)
		len = p->left;
	n = dealing->system->write(dealing->system, p->ends[1], p->says.at,
	    len);
	if (n < 0 && n != -EAGAIN)
		process_end(p, SIGPIPE);
	if (n <= 0)
		return;
	p->left -= (size_t)n;
	p->says.len -= (size_t)n;
	memmove(p->says.at, p->says.at + n, p->says.len);
	if (p->left == 0)
		process_end(p, SIGKILL);
}

static void process_step(struct reactor_timer *);

/* Has it go on in a moment, if there is something to do. */
static void
process_wake(struct process *p)
{
	uint64_t now = sim_now_ns(dealing->sim);
	uint64_t delay = sim_draw(dealing->sim, 2 * ms);

	if (!p->lives || p->halts ||
	    (p->says.len == 0 && p->count == 0 && !p->ending))
		return;
	if (p->says.len == 0 && !p->ending && p->free_ns > now)
		delay = p->free_ns - now;
	reactor_call_later(dealing->crew.reactor, &p->step, delay,
	    process_step);
}

/* What it says goes first, then the next URL; at the end none is begun. */
static void
process_step(struct reactor_timer *t)
{
	struct process *p = reactor_container_of(t, struct process, step);

	if (p->says.len > 0)
		process_write(p);
	else if (p->ending)
		process_end(p, 0);
	else
		process_work(p);
	process_wake(p);
}

static void
process_told(struct wire_reader *r, const struct wire_message *m,
    struct record *text)
{
	struct process *p = reactor_container_of(r, struct process, reader);
	int i;

	if (m->head.kind == WIRE_PING) {
		dealing->pings++;
		wire_add(&p->says, &(struct wire_message){
		    .head = { .kind = WIRE_PONG } });
		return;
	}
	CHECK_INT(m->head.kind, WIRE_URL);
	for (i = 0; i < URLS && (text->len != dealing->urls[i].job->len ||
	    memcmp(text->at, dealing->urls[i].job->text, text->len) != 0); i++)
		;
	if (!CHECK(i < URLS && p->count < URLS))
		return;
	p->ids[p->count] = m->head.id;
	p->urls[p->count++] = i;
}

static void
process_readable(struct reactor_watch *w)
{
	struct process *p = reactor_container_of(w, struct process, asked);
	char piece[2000];
	ssize_t n;

	if (p->halts) {
		reactor_watch_want(w, 0);
		return;
	}
	n = dealing->system->read(dealing->system, p->ends[0], piece,
	    1 + (size_t)sim_draw(dealing->sim, sizeof(piece)));
	if (n == 0) {
		p->ending = true;
		reactor_watch_want(w, 0);
	} else if (n > 0) {
		CHECK_INT(wire_feed(&p->reader, piece, (size_t)n), 0);
	}
	process_wake(p);
}

static void
process_watch_failed(struct reactor_watch *w, int error)
{
	(void)error;
	process_end(reactor_container_of(w, struct process, asked), SIGKILL);
}

static void
process_watch_closed(struct reactor_watch *w)
{
	(void)w;
}

static const struct reactor_watch_ops process_ops = {
	.readable = process_readable,
	.failed = process_watch_failed,
	.closed = process_watch_closed,
};

/* ---- the calls that are played ---- */

/* An errno as the C library tells of it. */
static ssize_t
played(ssize_t n)
{
	if (n < 0)
		errno = (int)-n;
	return n < 0 ? -1 : n;
}

static int
played_pipe(int pair[2])
{
	int error = dealing->system->pipe(dealing->system, pair);

	if (error == 0) {
		size_t k = dealing->opened++ % PIPES;

		dealing->pipes[k] = pair[k != 0];
	} else {
		dealing->opened = 0;
	}
	return (int)played(error);
}

static pid_t
played_fork(void)
{
	struct process *p = &dealing->processes[dealing->begun];

	dealing->opened = 0;
	if (!CHECK(dealing->begun < PROCESSES) ||
	    sim_chance(dealing->sim, dealing->deadly ? 50 : 0))
		return (pid_t)played(-EAGAIN);
	*p = (struct process){ .lives = true, .left = SIZE_MAX };
	if (dealing->deadly && sim_chance(dealing->sim, 600))
		p->left = 1 + (size_t)sim_draw(dealing->sim, 3000);
	for (int k = 0; k < PIPES; k++) {
		p->ends[k] = dealing->pipes[k];
		p->shared[k] = true;
	}
	p->reader.message = process_told;
	reactor_watch_init(&p->asked, dealing->crew.reactor, p->ends[0],
	    &process_ops);
	reactor_watch_want(&p->asked, POLLER_READ);
	return (pid_t)++dealing->begun;
}

/* A descriptor that a process has, too, stays open for that. */
static int
played_close(int fd)
{
	struct process *p = dealing->processes;

	for (; p < dealing->processes + dealing->begun; p++)
		for (int k = 0; k < PIPES; k++)
			if (p->shared[k] && p->ends[k] == fd) {
				p->shared[k] = false;
				if (p->lives)
					return 0;
			}
	return (int)played(dealing->system->close(dealing->system, fd));
}

static int
played_kill(pid_t pid, int number)
{
	CHECK_INT(number, SIGKILL);
	process_end(&dealing->processes[pid - 1], SIGKILL);
	return 0;
}

static pid_t
played_waitpid(pid_t pid, int *status)
{
	struct process *p = &dealing->processes[pid - 1];

	CHECK(!p->lives && !p->reaped);
	p->reaped = true;
	*status = p->status;
	return pid;
}

static void
played_drop(struct crew_job *job)
{
	dealing->urls[job->id].dropped++;
	dealing->told++;
}

static void
played_warn(const char *what)
{
	dealing->warned++;
	sim_note(dealing->sim, "%s", what);
}

#define read(fd, at, len) \
	played(dealing->system->read(dealing->system, fd, at, len))
#define write(fd, at, len) \
	played(dealing->system->write(dealing->system, fd, at, len))
#define pipe(pair) played_pipe(pair)
#define fork() played_fork()
#define close(fd) played_close(fd)
#define kill(pid, number) played_kill(pid, number)
#define waitpid(pid, status, options) played_waitpid(pid, status)
#define fcntl(fd, command, flags) 0
#define crew_wait(job) ((void)(job))
#define crew_go(job) ((void)(job))
#define crew_may_go(crew) ((void)(crew), true)
#define crew_drop(job) played_drop(job)
#define program_warn(program, name, what) ((void)(name), played_warn(what))
#define progress_wipe(progress) ((void)(progress))
#include "../bin/workers.c"
#undef read
#undef write
#undef close

/* ---- scraper ---- */

static void
dealt_answered(struct workers *w, struct crew_job *job,
    const struct wire_message *m, struct record *text)
{
	struct url *u = &dealing->urls[job->id];

	(void)w;
	(void)m;
	sim_note(dealing->sim, "URL %u is answered", (unsigned)job->id);
	u->answered++;
	dealing->told++;
	CHECK(u->evil == EVIL_NONE);
	CHECK(text->len == job->len &&
	    memcmp(text->at, job->text, job->len) == 0);
}

static void
dealt_failed(struct workers *w, struct crew_job *job, const char *why)
{
	(void)w;
	sim_note(dealing->sim, "URL %u fails: %s", (unsigned)job->id, why);
	dealing->urls[job->id].failed++;
	dealing->told++;
}

/* URLs of some hosts, short and long. */
static void
dealing_add_urls(struct dealing *d, unsigned evil)
{
	for (uint32_t i = 0; i < URLS; i++) {
		struct crew_job *job = calloc(1, sizeof(*job) + URL_ROOM);

		if (job == NULL)
			abort();
		job->crew = &d->crew;
		job->id = i;
		job->len = (size_t)snprintf(job->text, URL_ROOM,
		    "http://h%u.test/%u/%0*d", (unsigned)sim_draw(d->sim, 9),
		    (unsigned)i, (int)sim_draw(d->sim, 900), 0);
		d->urls[i].job = job;
		if (sim_chance(d->sim, evil))
			d->urls[i].evil =
			    (enum evil)(1 + sim_draw(d->sim, 3));
		workers_work(&d->workers, job);
	}
}

/* All are done, or as many as the seed says before scraper is interrupted. */
static void
dealing_turn(struct dealing *d)
{
	int wanted = sim_chance(d->sim, 200) ?
	    (int)sim_draw(d->sim, URLS) : URLS;
	int turns = 0;

	while (d->told < wanted && turns++ < TURNS)
		reactor_iterate(d->crew.reactor, -1);
	CHECK(d->told >= wanted);
	workers_close(&d->workers);
}

/*
 * Where processes can be had, and die only of some URLs, all others are done;
 * and where there are no such URLs, nothing ever waits for a ping.
 */
static void
dealing_check(struct dealing *d, bool evil)
{
	bool fair = !d->deadly && sim_weather(d->sim)->no_descriptor == 0;

	for (int i = 0; i < URLS; i++) {
		const struct url *u = &d->urls[i];

		CHECK_INT(u->answered + u->failed + u->dropped, 1);
		if (fair)
			CHECK_INT(u->failed, u->evil != EVIL_NONE &&
			    u->dropped == 0);
		free(u->job);
	}
	if (fair && !evil)
		CHECK_INT(d->warned, 0);
	if (fair && !evil && !d->slow)
		CHECK_INT(d->pings, 0);
	for (size_t i = 0; i < d->begun; i++)
		CHECK(d->processes[i].reaped);
}

static void
dealing_run(const struct sim_options *o, FILE *trace)
{
	static struct dealing d;
	struct reactor_options options;
	long live = alloc_live();
	bool evil;

	dealing = memset(&d, 0, sizeof(d));
	d.sim = sim_new(o);
	d.system = sim_system(d.sim);
	sim_trace(d.sim, trace);
	options = sim_reactor_options(d.sim);
	if (reactor_new(&d.crew.reactor, &options) == 0) {
		d.workers.crew = &d.crew;
		d.workers.count = 1 + (size_t)sim_draw(d.sim, PLACES);
		d.workers.each = 1 + (size_t)sim_draw(d.sim, 6);
		d.workers.answered = dealt_answered;
		d.workers.failed = dealt_failed;
		d.workers.silence_ns = 30000 * ms;
		d.deadly = sim_chance(d.sim, 500);
		d.slow = sim_chance(d.sim, 300);
		evil = sim_chance(d.sim, 500);
		CHECK_INT(workers_open(&d.workers), 0);
		dealing_add_urls(&d, evil ? 100 : 0);
		dealing_turn(&d);
		CHECK(sim_pass_hour(d.sim, d.crew.reactor));
		dealing_check(&d, evil);
		reactor_free(d.crew.reactor);
	}
	sim_seeds_end(d.sim, live);
}

int
main(int argc, char **argv)
{
	return sim_seeds_main(argc, argv, dealing_run);
}
