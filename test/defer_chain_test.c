/*
 * defer_chain_test.c - callbacks that return deferreds, and explicit chains.
 *
 * o is the outer deferred, i the inner one that a callback of o returns.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "../defer/deferred.h"
#include "../defer/share.h"
#include "defer_probe.h"

#include <errno.h>

static struct probe_log defer_log;

static struct probe
does(const char *name, enum probe_does what)
{
	return (struct probe){.log = &defer_log, .name = name, .does = what,
	    .number = 7};
}

/* A deferred with one callback that returns a reference to `inner`. */
static struct deferred *
returning(struct probe *p, struct deferred *inner)
{
	struct deferred *o = probe_deferred();

	*p = does("returns", PROBE_DEFER);
	p->deferred = deferred_ref(inner);
	deferred_add_both(o, probe_run, p);
	return o;
}

static void
test_wait(void)
{
	struct probe p, a = does("o", PROBE_PASS), b = does("i", PROBE_NONE);
	struct deferred *i = probe_deferred(), *o = returning(&p, i);

	check_case("o waits for i, takes its result, leaves nothing");
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, defer_result_none());
	PROBE_SAYS(&defer_log, "returns(none) ");
	CHECK_INT(deferred_fire(o, defer_result_none()), -EALREADY);
	deferred_fire(i, probe_number(5));
	PROBE_SAYS(&defer_log, "o(5) ");
	probe_take(&defer_log, "i", i);
	PROBE_SAYS(&defer_log, "i(none) ");
	deferred_release(o);
	deferred_release(i);

	check_case("from one that has fired o takes the result at once");
	i = deferred_of(probe_number(5));
	o = returning(&p, i);
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, defer_result_none());
	probe_take(&defer_log, "i", i);
	PROBE_SAYS(&defer_log, "returns(none) o(5) i(none) ");
	deferred_release(o);
	deferred_release(i);

	check_case("failures alike, waited for or there; errbacks too");
	i = deferred_of(probe_failure());
	o = returning(&p, i);
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, probe_failure());
	probe_take(&defer_log, "i", i);
	PROBE_SAYS(&defer_log, "returns(!failed) o(!failed) i(none) ");
	deferred_release(o);
	deferred_release(i);
	i = probe_deferred();
	o = returning(&p, i);
	deferred_fire(o, probe_failure());
	deferred_add_both(o, probe_run, &a);
	deferred_add_both(i, probe_run, &b);
	deferred_fire(i, probe_failure());
	PROBE_SAYS(&defer_log, "returns(!failed) o(!failed) i(none) ");
	deferred_release(o);
	deferred_release(i);
}

static void
test_pauses(void)
{
	struct probe p, a = does("o", PROBE_PASS), b = does("i", PROBE_PASS);
	struct deferred *i = deferred_of(probe_number(5)), *o;

	check_case("o waits for the unpause of an i that has fired");
	deferred_pause(i);
	o = returning(&p, i);
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, defer_result_none());
	PROBE_SAYS(&defer_log, "returns(none) ");
	deferred_unpause(i);
	PROBE_SAYS(&defer_log, "o(5) ");
	deferred_release(o);
	deferred_release(i);

	check_case("a paused o does not keep i from going on");
	i = probe_deferred();
	o = returning(&p, i);
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, defer_result_none());
	deferred_add_both(i, probe_run, &b);
	deferred_pause(o);
	deferred_fire(i, probe_number(5));
	PROBE_SAYS(&defer_log, "returns(none) i(none) ");
	deferred_unpause(o);
	PROBE_SAYS(&defer_log, "o(5) ");
	deferred_release(o);
	deferred_release(i);
}

static void
test_transitive(void)
{
	static const char orders[][4] = {
		"abc", "acb", "bac", "bca", "cab", "cba"
	};
	size_t n;

	check_case("C in B in A, fired in any order, comes to A");
	for (n = 0; n < sizeof(orders) / sizeof(orders[0]); n++) {
		struct probe p[2], at = does("A", PROBE_PASS);
		struct deferred *d[3];
		const char *c;

		d[2] = probe_deferred();
		d[1] = returning(&p[1], d[2]);
		d[0] = returning(&p[0], d[1]);
		p[0].does = p[1].does = PROBE_DEFER;
		p[0].log = p[1].log = &(struct probe_log){""};
		deferred_add_both(d[0], probe_run, &at);
		for (c = orders[n]; *c != '\0'; c++)
			deferred_fire(d[*c - 'a'],
			    *c == 'c' ? probe_number(5) : defer_result_none());
		PROBE_SAYS(&defer_log, "A(5) ");
		deferred_release(d[0]);
		deferred_release(d[1]);
		deferred_release(d[2]);
	}
}

static void
test_places(void)
{
	struct probe p, q, a = does("o", PROBE_PASS);
	struct probe b = does("before", PROBE_NUMBER);
	struct probe c = does("after", PROBE_PASS), k7 = does("k", PROBE_PASS);
	struct deferred *k, *i = probe_deferred(), *o = returning(&p, i);

	check_case("o's place is between i's callbacks");
	deferred_add_both(i, probe_run, &b);
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, defer_result_none());
	deferred_add_both(i, probe_run, &c);
	deferred_fire(i, probe_number(5));
	PROBE_SAYS(&defer_log, "returns(none) before(5) o(7) after(none) ");

	check_case("what is added to i later sees nothing");
	deferred_add_both(i, probe_run, &c);
	PROBE_SAYS(&defer_log, "after(none) ");
	deferred_release(o);
	deferred_release(i);

	check_case("i waits for k: k's, then i's, then o's callbacks");
	k = probe_deferred();
	i = returning(&q, k);
	o = returning(&p, i);
	deferred_fire(i, defer_result_none());
	deferred_add_both(k, probe_run, &c);	/* behind the link */
	deferred_add_both(i, probe_run, &b);
	deferred_fire(o, defer_result_none());
	deferred_add_both(o, probe_run, &a);
	deferred_fire(k, probe_number(1));
	PROBE_SAYS(&defer_log,
	    "returns(none) returns(none) before(1) o(7) after(none) ");
	(void)k7;
	deferred_release(o);
	deferred_release(i);
	deferred_release(k);

	check_case("of two who return the same i the second gets nothing");
	i = probe_deferred();
	o = returning(&p, i);
	k = returning(&q, i);
	deferred_add_both(o, probe_run, &a);
	deferred_add_both(k, probe_run, &k7);
	deferred_fire(o, defer_result_none());
	deferred_fire(k, defer_result_none());
	deferred_fire(i, probe_number(5));
	PROBE_SAYS(&defer_log, "returns(none) returns(none) o(5) k(none) ");
	deferred_release(o);
	deferred_release(i);
	deferred_release(k);
}

/* A deferred that can be cancelled, and how often it was. */
static enum deferred_cancelling
count_cancel(void *ctx, struct deferred *d)
{
	(void)d;
	++*(int *)ctx;
	return DEFERRED_STOPPED;
}

static void
test_tee(void)
{
	struct probe a = does("o", PROBE_PASS), b = does("k", PROBE_PASS);
	struct probe p = does("returns", PROBE_DEFER), q = p;
	struct deferred *i, *o, *k, *tee;
	int cancels = 0;

	check_case("with a tee the second gets it too, if it is shared");
	i = probe_deferred();
	tee = deferred_tee(i);
	o = returning(&p, tee);
	k = returning(&q, i);
	deferred_add_both(o, probe_run, &a);
	deferred_add_both(k, probe_run, &b);
	deferred_fire(o, defer_result_none());
	deferred_fire(k, defer_result_none());
	deferred_fire(i, probe_of_type(&probe_shared, 5));
	PROBE_SAYS(&defer_log, "returns(none) returns(none) o(5) k(5) ");
	deferred_release(o);
	deferred_release(k);
	deferred_release(tee);
	deferred_release(i);

	check_case("what has one owner is the tee's; failures are both's");
	i = deferred_of(probe_number(5));
	o = deferred_tee(i);
	probe_take(&defer_log, "tee", o);
	probe_take(&defer_log, "rest", i);
	deferred_release(o);
	deferred_release(i);
	i = probe_deferred();
	o = deferred_tee(i);
	k = deferred_tee(i);
	deferred_release(i);
	probe_take(&defer_log, "first", o);
	probe_take(&defer_log, "second", k);
	PROBE_SAYS(&defer_log, "tee(5) rest(none) "
	    "first(!abandoned) second(!abandoned) ");
	deferred_release(o);
	deferred_release(k);

	check_case("cancelling a tee leaves the rest alone");
	i = deferred_new(count_cancel, &cancels);
	o = deferred_tee(i);
	deferred_cancel(o);
	probe_take(&defer_log, "tee", o);
	CHECK_INT(cancels, 0);
	deferred_fire(i, probe_of_type(&probe_shared, 5));
	probe_take(&defer_log, "rest", i);
	PROBE_SAYS(&defer_log, "tee(!cancelled) rest(5) ");
	deferred_release(o);
	deferred_release(i);
}

static void
test_circles(void)
{
	struct probe p = does("self", PROBE_DEFER), q;
	struct probe a = does("o", PROBE_PASS);
	struct deferred *d = probe_deferred(), *e;

	check_case("a deferred that would wait for itself fails");
	p.deferred = deferred_ref(d);
	deferred_add_both(d, probe_run, &p);
	deferred_add_both(d, probe_run, &a);
	deferred_fire(d, defer_result_none());
	PROBE_SAYS(&defer_log, "self(none) o(!deadlock) ");
	deferred_release(d);

	check_case("of two that would wait for each other the second fails");
	d = probe_deferred();
	e = returning(&q, d);
	p = does("first", PROBE_DEFER);
	p.deferred = deferred_ref(e);
	deferred_add_both(d, probe_run, &p);
	deferred_fire(d, defer_result_none());
	deferred_add_both(d, probe_run, &a);
	deferred_fire(e, defer_result_none());
	PROBE_SAYS(&defer_log,
	    "first(none) returns(none) o(!deadlock) ");
	deferred_add_both(e, probe_run, &a);
	PROBE_SAYS(&defer_log, "o(none) ");
	deferred_release(d);
	deferred_release(e);
}

static void
unhandled(void *ctx, const struct defer_failure *f, const char *file, int line)
{
	(void)ctx;
	(void)file;
	(void)line;
	strcat(strcat(defer_log.text, f->kind->name), "! ");
}

/* How often a word stands in the log. */
static int
count_word(const char *word)
{
	const char *at = defer_log.text;
	int count = 0;

	for (; (at = strstr(at, word)) != NULL; at++)
		count++;
	return count;
}

static void
test_long_circles(void)
{
	enum { MOST = 5 };
	struct probe p[MOST], end = does("end", PROBE_PASS);
	struct probe_log quiet = {""};
	struct deferred *d[MOST];
	int n, first, k;

	deferred_on_unhandled(unhandled, NULL);
	check_case("circles of any length, closed anywhere, all forgotten");
	for (n = 1; n <= MOST; n++)
		for (first = 0; first < n; first++) {
			for (k = 0; k < n; k++)
				d[k] = probe_deferred();
			for (k = 0; k < n; k++) {
				p[k] = does("p", PROBE_DEFER);
				p[k].log = &quiet;
				p[k].deferred = deferred_ref(d[(k + 1) % n]);
				deferred_add_both(d[k], probe_run, &p[k]);
				deferred_add_both(d[k], probe_run, &end);
			}
			for (k = 0; k < n; k++)
				deferred_fire(d[(first + 2 * k) % n],
				    defer_result_none());
			for (k = 0; k < n; k++)
				deferred_fire(d[k], defer_result_none());
			for (k = 0; k < n; k++)
				deferred_release(d[k]);
			CHECK_INT(count_word("end("), n);
			CHECK_INT(count_word("! "), 1);
			CHECK_INT(count_word("deadlock! "), 1);
			defer_log.text[0] = '\0';
		}

	check_case("a circle with one who waits for a member");
	d[0] = probe_deferred();
	d[1] = returning(&p[1], d[0]);
	d[2] = returning(&p[2], d[1]);
	p[0] = does("p", PROBE_DEFER);
	p[0].deferred = deferred_ref(d[1]);
	deferred_add_both(d[0], probe_run, &p[0]);
	deferred_add_both(d[2], probe_run, &end);
	for (k = 2; k >= 0; k--)
		deferred_fire(d[k], defer_result_none());
	for (k = 2; k >= 0; k--)
		deferred_release(d[k]);
	PROBE_SAYS(&defer_log, "returns(none) returns(none) p(none) "
	    "end(!deadlock) deadlock! ");
	deferred_on_unhandled(NULL, NULL);
}

static void
test_explicit(void)
{
	struct probe a = does("a", PROBE_PASS), b = does("b", PROBE_PASS);
	struct deferred *d = probe_deferred(), *e = probe_deferred();

	check_case("a chained deferred is fired by the other");
	CHECK_INT(deferred_chain(d, deferred_ref(e)), 0);
	deferred_add_both(d, probe_run, &a);
	deferred_add_both(e, probe_run, &b);
	deferred_fire(d, probe_number(5));
	PROBE_SAYS(&defer_log, "b(5) a(none) ");
	CHECK(deferred_has_fired(e));
	deferred_release(d);
	deferred_release(e);

	check_case("not the reverse; a failure too; fired already");
	d = probe_deferred();
	e = probe_deferred();
	deferred_chain(d, deferred_ref(e));
	deferred_add_both(d, probe_run, &a);
	deferred_add_both(e, probe_run, &b);
	deferred_fire(e, probe_number(5));
	CHECK(!deferred_has_fired(d));
	deferred_fire(d, probe_failure());
	PROBE_SAYS(&defer_log, "b(5) a(!already-fired) ");
	deferred_release(d);
	deferred_release(e);
	d = deferred_of(probe_failure());
	e = probe_deferred();
	deferred_add_both(e, probe_run, &b);
	deferred_chain(d, e);
	PROBE_SAYS(&defer_log, "b(!failed) ");
	deferred_release(d);
	CHECK_INT(deferred_chain(NULL, NULL), -ENOMEM);
	e = probe_deferred();
	deferred_add_both(e, probe_run, &b);
	CHECK_INT(deferred_chain(NULL, e), -ENOMEM);
	PROBE_SAYS(&defer_log, "b(!out-of-memory) ");
}

static void
test_ownership(void)
{
	struct probe p, a = does("o", PROBE_PASS);
	struct deferred *i = probe_deferred(), *o = returning(&p, i);

	check_case("an outer one that all forgot is still run");
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, defer_result_none());
	deferred_release(o);
	deferred_fire(i, probe_number(5));
	PROBE_SAYS(&defer_log, "returns(none) o(5) ");
	deferred_release(i);

	check_case("an inner one that its maker forgot fails what waits");
	i = probe_deferred();
	o = returning(&p, i);
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, defer_result_none());
	deferred_release(i);
	PROBE_SAYS(&defer_log, "returns(none) o(!abandoned) ");
	deferred_release(o);

	check_case("also if it was forgotten when it was returned");
	i = probe_deferred();
	o = returning(&p, i);
	deferred_release(i);
	deferred_add_both(o, probe_run, &a);
	deferred_fire(o, defer_result_none());
	PROBE_SAYS(&defer_log, "returns(none) o(!abandoned) ");
	deferred_release(o);

	check_case("whatever was attached runs, though nobody fired it");
	o = probe_deferred();
	deferred_add_both(o, probe_run, &a);
	deferred_release(o);
	PROBE_SAYS(&defer_log, "o(!abandoned) ");
}

int
main(void)
{
	test_wait();
	test_pauses();
	test_transitive();
	test_places();
	test_tee();
	test_circles();
	test_long_circles();
	test_explicit();
	test_ownership();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
