/*
 * bin_workers_test.c - workers without a network: what becomes of the jobs when
 * an allocation fails here or there, when no process can be had, and when a
 * worker dies, stops or talks nonsense.  The source is compiled once more, in
 * here, with pipes that never take all at once.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <sys/resource.h>
#include <unistd.h>

/* The last byte comes alone. */
static ssize_t
write_all_but_one(int fd, const void *at, size_t len)
{
	return write(fd, at, len > 1 ? len - 1 : len);
}

#define write write_all_but_one
#include "../bin/workers.c"
#undef write

#include "../bin/worker.h"
#include "alloc.h"
#include "check.h"
#include "refusing.h"

enum { JOBS = 8, ROOM = 8192 };

/* How a worker ends that has not freed all, or in which no allocation failed
 * although one was to. */
enum { LEAKS = 99, UNHURT = 98 };

static const struct program test_program = { "test", "", "", "" };

/*
 * Jobs that go well.  What another path says is done by every process that has
 * the job; or "-first", by the first of all alone.
 */
static const char *const usual[JOBS] = {
	"http://a.test/", "http://b.test/", "http://c.test/", "http://d.test/",
	"http://e.test/", "http://f.test/", "http://g.test/", "http://h.test/",
};

/* Scraper's side, with what is told of the jobs. */
struct world {
	struct crew crew;
	struct workers workers;
	struct http_journal journal;
	size_t answered, failed, requests;
	uint64_t connections[4 * JOBS];	/* their numbers */
	long fails_at;			/* in the first process; -1: none */
	bool hurries;			/* waits for no process at the end */
	bool is_late;			/* looks when the worker has stopped */
	struct reactor_call look;
	off_t said;			/* bytes, before the first answer */
	bool returns;			/* no process serves */
	const struct reactor_options *how;	/* of the reactor; or NULL */
	FILE *out, *errors;
	char text[ROOM];		/* what they have, at last */
};

/* ---- a worker ---- */

/* In such a process. */
static struct worker *serving;
static bool is_first;

/* Says something on standard error so often, and no line's end. */
static void
mutter(int times, const char *what)
{
	while (times-- > 0)
		(void)!write(STDERR_FILENO, what, strlen(what));
}

static void
die_later(struct reactor_timer *t)
{
	(void)t;
	_exit(5);
}

/* Hears no more questions, which scraper learns when it asks the next. */
static void
go_deaf(struct reactor *reactor)
{
	static struct reactor_timer timer;

	close(STDIN_FILENO);
	reactor_call_later(reactor, &timer, 100000000, die_later);
}

/* Does what a job wants, with this process. */
static void
suffer(const struct crew_job *job)
{
	static const char nonsense[200] = { -1 };
	char text[64];

	snprintf(text, sizeof(text), "%.*s", (int)job->len, job->text);
	if (strstr(text, "-first") != NULL && !is_first)
		return;
	if (strstr(text, "/say") != NULL)
		(void)!write(STDERR_FILENO, "said\n", 5);
	if (strstr(text, "/deaf") != NULL)
		go_deaf(job->crew->reactor);
	if (strstr(text, "/mutter") != NULL)
		mutter(1, "almost a line");
	if (strstr(text, "/chatter") != NULL)
		mutter(70000, "x");
	if (strstr(text, "/die") != NULL)
		_exit(5);
	if (strstr(text, "/leave") != NULL)
		_exit(0);
	if (strstr(text, "/nonsense") != NULL)
		(void)!write(STDOUT_FILENO, nonsense, sizeof(nonsense));
}

static void
stop(struct reactor_timer *t)
{
	(void)t;
	raise(SIGSTOP);
}

/* Two requests, and what was asked for as a record; "!" stops us then. */
static void
answer(struct crew_job *job)
{
	static struct reactor_timer timer;
	struct http_journal_entry e = {
		.place = { .authority = job->text, .authority_len = job->len,
		    .target = "/", .target_len = 1 },
		.method = "GET", .content_type = "", .address = "",
		.connection = job->id + 1,
	};
	struct wire_message m = { .head = { .requests = 2 } };

	serving->journal.told(&serving->journal, &e);
	serving->journal.told(&serving->journal, &e);
	record_add(&job->record, job->text, job->len);
	record_add(&job->record, "\n", 1);
	if (memchr(job->text, '!', job->len) != NULL)
		reactor_call_later(job->crew->reactor, &timer, 0, stop);
	worker_answer(serving, job, &m);
	crew_done(job, NULL, NULL);
}

static void
serve_job(struct crew_job *job)
{
	suffer(job);
	answer(job);
}

static void
look(struct worker *w)
{
	(void)w;
}

static void
serve_crew(struct crew *c, struct worker *w)
{
	char *none[] = { NULL };

	if (reactor_new(&c->reactor, NULL) != 0)
		_exit(1);
	if (crew_begin(c, none, STDOUT_FILENO) != 0)
		_exit(1);
	worker_open(w);
	(void)reactor_run(c->reactor);
	worker_close(w);
	crew_end(c);
	worker_end(w);
	reactor_free(c->reactor);
}

static void
serve(struct workers *all)
{
	const struct world *parent = reactor_container_of(
	    all, struct world, workers);
	struct crew c = { .program = &test_program, .concurrency = 1,
	    .fed = true, .work = serve_job };
	struct worker w = { .crew = &c, .look = look };
	long live = alloc_live();
	bool hurt;

	serving = &w;
	is_first = all->processes == 1;
	if (parent->returns)
		return;
	alloc_fail_at(is_first ? parent->fails_at : -1, 0);
	serve_crew(&c, &w);
	hurt = alloc_has_failed() || parent->fails_at < 0 || !is_first;
	alloc_fail_at(-1, 0);
	_exit(alloc_live() != live ? LEAKS : !hurt ? UNHURT :
	    w.failed || c.error != 0);
}

/* ---- scraper ---- */

static struct world *
world_of(struct workers *w)
{
	return reactor_container_of(w, struct world, workers);
}

static void
answered(struct workers *w, struct crew_job *job, const struct wire_message *m,
    struct record *text)
{
	struct record memory = job->record;

	(void)m;
	if (world_of(w)->answered++ == 0)
		world_of(w)->said = lseek(STDERR_FILENO, 0, SEEK_END);
	if (text->failed) {
		crew_done(job, "no-resources", "no memory for it");
		return;
	}
	job->record = *text;
	*text = memory;
	crew_done(job, NULL, NULL);
}

static void
failed(struct workers *w, struct crew_job *job, const char *why)
{
	world_of(w)->failed++;
	crew_done(job, "no-resources", why);
}

static void
requested(struct http_journal *j, const struct http_journal_entry *e)
{
	struct world *w = reactor_container_of(j, struct world, journal);

	if (w->requests < 4 * JOBS)
		w->connections[w->requests] = e->connection;
	w->requests++;
}

static void
work(struct crew_job *job)
{
	workers_work(&reactor_container_of(
	    job->crew, struct world, crew)->workers, job);
}

/* Once it is asked, waits until the worker has stopped; then it goes on. */
static void
look_late(struct reactor_call *call)
{
	struct world *w = reactor_container_of(call, struct world, look);
	const struct workers_one *one = &w->workers.all[0];
	pid_t pid;
	int status = 0;

	if (one->busy == 0 || one->process->asks.len > 0) {
		reactor_call_soon(w->crew.reactor, call);
		return;
	}
	pid = one->process->pid;
	CHECK_INT(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
	kill(pid, SIGCONT);
}

static void
world_open(struct world *w, size_t count)
{
	memset(w, 0, sizeof(*w));
	w->fails_at = -1;
	w->out = tmpfile();
	w->errors = tmpfile();
	w->journal.told = requested;
	w->crew.program = &test_program;
	w->crew.concurrency = 3;
	w->crew.ahead = JOBS;
	w->crew.work = work;
	w->workers.crew = &w->crew;
	w->workers.count = count;
	w->workers.each = 2;
	w->workers.journal = &w->journal;
	w->workers.serve = serve;
	w->workers.answered = answered;
	w->workers.failed = failed;
}

/* Adds what is in a file. */
static void
world_read(struct world *w, FILE *file)
{
	size_t len = strlen(w->text);

	rewind(file);
	len += fread(w->text + len, 1, ROOM - 1 - len, file);
	w->text[len] = '\0';
	fclose(file);
}

/*
 * All the jobs, from beginning to end; allocation n fails here, if it is not
 * negative.  Returns whether one has failed.
 */
static bool
world_run(struct world *w, const char *const urls[JOBS], long n)
{
	int standard_error = dup(STDERR_FILENO);
	char *lines[JOBS + 1] = { NULL };
	bool hurt;

	for (size_t i = 0; i < JOBS; i++)
		lines[i] = (char *)(uintptr_t)urls[i];
	dup2(fileno(w->errors), STDERR_FILENO);
	CHECK_INT(reactor_new(&w->crew.reactor, w->how), 0);
	reactor_call_init(&w->look, look_late);
	if (w->is_late)
		reactor_call_soon(w->crew.reactor, &w->look);
	CHECK_INT(crew_begin(&w->crew, lines, fileno(w->out)), 0);
	alloc_fail_at(n, 0);
	if (workers_open(&w->workers) == 0)
		CHECK_INT(reactor_run(w->crew.reactor), 0);
	else
		w->failed = JOBS;
	if (w->hurries)
		w->workers.silence_ns = 1;
	crew_stop(&w->crew);
	workers_close(&w->workers);
	hurt = alloc_has_failed();
	alloc_fail_at(-1, 0);
	crew_end(&w->crew);
	reactor_free(w->crew.reactor);
	dup2(standard_error, STDERR_FILENO);
	close(standard_error);
	world_read(w, w->out);
	world_read(w, w->errors);
	return hurt;
}

static size_t
count_of(const char *at, const char *text)
{
	size_t n = 0;

	while ((at = strstr(at, text)) != NULL) {
		at += strlen(text);
		n++;
	}
	return n;
}

static bool
says(const struct world *w, const char *text, size_t times)
{
	if (count_of(w->text, text) == times)
		return true;
	printf("# not %zu times \"%s\":\n# %s\n", times, text, w->text);
	return false;
}

/* The lowest descriptor that is free: none was leaked if it stays. */
static int
lowest(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

/* ---- the tests ---- */

static void
test_all(void)
{
	struct world w;
	int fd = lowest();

	check_case("workers: all jobs and their requests, of each once");
	world_open(&w, 3);
	world_run(&w, usual, -1);
	CHECK_INT(w.crew.progress.done, JOBS);
	CHECK_INT(w.answered, JOBS);
	CHECK_INT(w.requests, 2 * JOBS);
	for (size_t i = 0; i < JOBS; i++)
		CHECK(says(&w, usual[i], 1));
	CHECK(w.workers.processes >= 2);
	for (size_t i = 0; i < 2 * JOBS; i++)
		CHECK(w.connections[i] / 1000000000 >= 1 &&
		    w.connections[i] / 1000000000 <= 3 &&
		    w.connections[i] % 1000000000 >= 1 &&
		    w.connections[i] % 1000000000 <= 2);
	CHECK(says(&w, "worker", 0));
	CHECK_INT(lowest(), fd);
	CHECK_INT(alloc_live(), 0);
}

/* Whatever fails here, each job ends once, and most go well. */
static void
test_memory_here(void)
{
	struct world w;
	int fd = lowest();
	bool hurt = true;
	long n;

	check_case("workers: each allocation of scraper fails once");
	for (n = 0; hurt; n++) {
		world_open(&w, 2);
		hurt = world_run(&w, usual, n);
		if (w.failed < JOBS)
			CHECK_INT(w.crew.progress.done, JOBS);
		if (!CHECK(w.crew.progress.failed <= 1))
			printf("# allocation %ld: %s\n", n, w.text);
		CHECK_INT(lowest(), fd);
		CHECK_INT(alloc_live(), 0);
	}
	CHECK(n > 20);
	CHECK_INT(w.crew.progress.failed, 0);
}

/* Another process does what the first one had. */
static void
test_memory_there(void)
{
	struct world w;
	size_t deaths = 0;
	bool hurt = true;
	long n;

	check_case("workers: each allocation of a worker fails once");
	for (n = 0; hurt; n++) {
		world_open(&w, 2);
		w.fails_at = n;
		world_run(&w, usual, -1);
		hurt = count_of(w.text, "exit status 98") == 0;
		deaths += count_of(w.text, "has died (exit status 1)");
		CHECK_INT(w.crew.progress.done, JOBS);
		if (!CHECK_INT(w.answered, JOBS))
			printf("# allocation %ld: %s\n", n, w.text);
		CHECK(w.requests >= 2 * JOBS);
		CHECK(says(&w, "exit status 99", 0));
		CHECK_INT(alloc_live(), 0);
	}
	CHECK(n > 5 && deaths > 2);
}

/* What one job of "x.test" does to its worker, and what becomes of all. */
static void
test_deaths(void)
{
	static const struct {
		const char *url, *told;
		size_t times, answered;
	} rows[] = {
		{ "http://x.test/die-first", "died (exit status 5)", 1, JOBS },
		{ "http://x.test/deaf-first", "died (exit status 5)", 1,
		    JOBS },
		{ "http://x.test/die", "died (exit status 5)", 2, JOBS - 1 },
		{ "http://x.test/leave", "died (exit status 0)", 2, JOBS - 1 },
		{ "http://x.test/nonsense-first",
		    "it has sent what is no answer", 1, JOBS },
		{ "http://x.test/nonsense", "two workers have died with it",
		    1, JOBS - 1 },
	};
	const char *urls[JOBS];

	check_case("workers: those that die, leave and talk nonsense");
	memcpy(urls, usual, sizeof(urls));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;

		world_open(&w, 1);
		urls[2] = rows[i].url;
		world_run(&w, urls, -1);
		CHECK_INT(w.crew.progress.done, JOBS);
		if (!CHECK_INT(w.answered, rows[i].answered))
			printf("# row %zu\n", i);
		CHECK(says(&w, rows[i].told, rows[i].times));
		CHECK_INT(alloc_live(), 0);
	}
}

/* What a worker says and does not end as a line is printed all the same. */
static void
test_words(void)
{
	static const char *const ways[] = {
		"http://x.test/mutter", "http://x.test/chatter",
	};
	const char *urls[JOBS];

	check_case("workers: words without a line's end");
	memcpy(urls, usual, sizeof(urls));
	for (size_t i = 0; i < 2; i++) {
		struct world w;

		world_open(&w, 1);
		urls[2] = ways[i];
		world_run(&w, urls, -1);
		CHECK_INT(w.answered, JOBS);
		CHECK(strstr(w.text, i == 0 ? "almost a line\n" : "xxxxx") !=
		    NULL);
		CHECK_INT(alloc_live(), 0);
	}
}

/* More is asked at once than a pipe takes. */
static void
test_long_questions(void)
{
	enum { LONG = 30000 };
	static char text[JOBS][LONG + 1];
	const char *urls[JOBS];
	struct world w;

	check_case("workers: long questions");
	for (size_t i = 0; i < JOBS; i++) {
		memset(text[i], 'a', LONG);
		memcpy(text[i], usual[i], strlen(usual[i]));
		urls[i] = text[i];
	}
	world_open(&w, 1);
	w.crew.concurrency = JOBS;
	w.workers.each = JOBS;
	w.workers.silence_ns = UINT64_MAX;
	world_run(&w, urls, -1);
	CHECK_INT(w.answered, JOBS);
	/* A worker's sign of life is never waited for any longer. */
	CHECK_INT(w.workers.silence_ns, 30000000000);
	CHECK_INT(alloc_live(), 0);
}

/* One that does not serve, and so is gone at once. */
static void
test_returns(void)
{
	struct world w;

	check_case("workers: one that returns has failed");
	world_open(&w, 1);
	w.returns = true;
	world_run(&w, usual, -1);
	CHECK_INT(w.failed, JOBS);
	CHECK(strstr(w.text, "died (exit status 1)") != NULL);
	CHECK_INT(alloc_live(), 0);
}

/* What a worker is told that only it may say: it gives up. */
static void
test_told_nonsense(void)
{
	struct record told = { .at = NULL };
	int fds[2], status = 0;
	pid_t pid;

	check_case("a worker is told what it does not understand");
	wire_add(&told, &(struct wire_message){
	    .head = { .kind = WIRE_PONG } });
	CHECK_INT(pipe(fds), 0);
	CHECK_INT(write(fds[1], told.at, told.len), (long)told.len);
	record_free(&told);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct crew c = { .program = &test_program, .concurrency = 1,
		    .fed = true, .work = serve_job };
		struct worker w = { .crew = &c, .look = look };

		dup2(fds[0], STDIN_FILENO);
		serve_crew(&c, &w);
		_exit(w.failed ? 7 : 0);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	close(fds[0]);
	close(fds[1]);
}

/* ---- pipes that cannot be watched ---- */

static void
test_not_watched(void)
{
	struct poller_ops ops = { .name = "refusing", .open = refusing_open };
	struct reactor_options how = { .own_poller = &ops };
	struct world w;

	check_case("workers: pipes that the poller cannot watch");
	world_open(&w, 1);
	w.how = &how;
	world_run(&w, usual, -1);
	CHECK_INT(w.failed, JOBS);
	CHECK(strstr(w.text, "has died (No space left") != NULL);
	CHECK_INT(alloc_live(), 0);
}

/* Who has asked for no requests takes them for nonsense. */
static void
test_unasked(void)
{
	struct world w;

	check_case("workers: requests that nobody has asked for");
	world_open(&w, 1);
	w.workers.journal = NULL;
	world_run(&w, usual, -1);
	CHECK_INT(w.crew.progress.done, JOBS);
	CHECK_INT(w.failed, JOBS);
	CHECK_INT(w.requests, 0);
	CHECK(says(&w, "two workers have died with it", JOBS));
	CHECK(says(&w, "it has sent what is no answer",
	    w.workers.processes));
}

/* The last one answers, and stops before it can see that all is done. */
static void
test_stopped(void)
{
	const char *urls[JOBS];
	struct world w;

	check_case("workers: one that has stopped when all is done");
	for (size_t i = 0; i < JOBS; i++)
		urls[i] = i == JOBS - 1 ? "http://x.test/!" : usual[i];
	world_open(&w, 1);
	w.workers.each = 1;
	w.hurries = true;
	world_run(&w, urls, -1);
	CHECK_INT(w.answered, JOBS);
	CHECK(says(&w, "it does not end", 1));
	CHECK_INT(alloc_live(), 0);
}

/*
 * What a worker says comes before its answer, also where both are seen at
 * once, and the answer first, as poll(2) has them in the order of numbers.
 */
static void
test_said_first(void)
{
	const struct reactor_options how = { .poller = "poll" };
	const char *urls[JOBS];
	struct world w;

	check_case("workers: what was said before an answer is told first");
	memcpy(urls, usual, sizeof(urls));
	urls[0] = "http://x.test/say!";
	world_open(&w, 1);
	w.workers.each = 1;
	w.is_late = true;
	w.how = &how;
	world_run(&w, urls, -1);
	CHECK_INT(w.answered, JOBS);
	CHECK(says(&w, "said", 1));
	CHECK(w.said > 0);
	CHECK_INT(alloc_live(), 0);
}

/* Where the children's ends are not kept, none can be told. */
static void
test_ends_unknown(void)
{
	struct world w;

	check_case("workers: with SIGCHLD ignored");
	signal(SIGCHLD, SIG_IGN);
	world_open(&w, 2);
	world_run(&w, usual, -1);
	signal(SIGCHLD, SIG_DFL);
	CHECK_INT(w.answered, JOBS);
	CHECK(says(&w, "test: ", 0));
	CHECK_INT(alloc_live(), 0);
}

/* ---- no processes ---- */

/* Every number of descriptors that is too small for a worker's pipes. */
static void
test_descriptors(void)
{
	struct rlimit all, few;
	struct world w;
	int fd = lowest();

	check_case("workers: each pipe that cannot be had");
	getrlimit(RLIMIT_NOFILE, &all);
	for (rlim_t more = 0; more < 6; more++) {
		world_open(&w, 2);
		few = all;
		/* The copy of standard error, and the reactor's own. */
		few.rlim_cur = (rlim_t)lowest() + 2 + more;
		setrlimit(RLIMIT_NOFILE, &few);
		world_run(&w, usual, -1);
		setrlimit(RLIMIT_NOFILE, &all);
		CHECK_INT(w.crew.progress.done, JOBS);
		CHECK_INT(w.failed, JOBS);
		CHECK_INT(w.workers.processes, 2);
		CHECK(says(&w, "test: a worker process: ", 2));
		CHECK(says(&w, "no worker process can be started", JOBS));
		CHECK_INT(lowest(), fd);
		CHECK_INT(alloc_live(), 0);
	}
}

#ifdef RLIMIT_NPROC
/* As a user who may have no more processes, which root always may. */
static int
run_without_fork(void)
{
	struct rlimit none = { .rlim_cur = 0, .rlim_max = 0 };
	struct world w;
	int fd;

	if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		return 0;
	if (setrlimit(RLIMIT_NPROC, &none) != 0)
		return 0;
	fd = lowest();
	world_open(&w, 2);
	world_run(&w, usual, -1);
	CHECK_INT(w.crew.progress.done, JOBS);
	CHECK_INT(w.failed, JOBS);
	CHECK(says(&w, "test: a worker process: ", 2));
	CHECK_INT(lowest(), fd);
	CHECK_INT(alloc_live(), 0);
	fflush(stdout);
	return check_failing();
}

static void
test_fork(void)
{
	int status = 0;
	pid_t pid;

	check_case("workers: no fork can be had");
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(run_without_fork());
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, 0);
}
#else
static void
test_fork(void)
{
}
#endif

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_all();
	test_memory_here();
	test_memory_there();
	test_deaths();
	test_words();
	test_long_questions();
	test_returns();
	test_told_nonsense();
	test_not_watched();
	test_unasked();
	test_stopped();
	test_said_first();
	test_ends_unknown();
	test_descriptors();
	test_fork();
	return check_done();
}
