/*
 * defer_list_test.c - DeferredList, gather and race.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "../defer/deferred_list.h"
#include "../defer/failure_detail.h"
#include "defer_probe.h"

#include <errno.h>

static struct probe_log defer_log;

/* Three inputs: in[] are the producer's references, d the list. */
struct three {
	struct deferred *in[3];
	struct deferred *d;
};

typedef struct deferred *list_fn(const char *file, int line,
    struct deferred *const *inputs, size_t count, unsigned flags);

static struct deferred *
race(const char *file, int line, struct deferred *const *inputs, size_t count,
    unsigned flags)
{
	CHECK(flags == 0);
	return deferred_race_at(file, line, inputs, count);
}

static struct three
three(list_fn *fn, unsigned flags)
{
	struct three t;
	int i;

	for (i = 0; i < 3; i++)
		t.in[i] = deferred_ref(probe_deferred());
	t.d = fn(__FILE__, __LINE__, t.in, 3, flags);
	return t;
}

static void
three_end(struct three *t)
{
	int i;

	for (i = 0; i < 3; i++)
		deferred_release(t->in[i]);
	deferred_release(t->d);
}

static void
write_outcomes(const struct deferred_outcomes *o)
{
	size_t i;

	for (i = 0; i < o->count; i++)
		probe_write(&defer_log, i == o->index ? "*" : "", o->at[i]);
}

/* Writes down what a list came to; its failures with all they hold. */
static void
write_list(struct deferred *d)
{
	struct defer_result r = defer_result_none();
	const struct defer_failure *f;
	char text[200];

	if (!deferred_take(d, &r)) {
		strcat(defer_log.text, "pending ");
		return;
	}
	f = defer_result_get_failure(r);
	if (f == NULL) {
		write_outcomes(defer_result_get(r, &deferred_outcomes_type));
	} else {
		defer_failure_describe(f, text, sizeof(text));
		strcat(strcat(defer_log.text, text), " ");
		if (f->detail.value != NULL)
			write_outcomes(f->detail.value);
	}
	defer_result_destroy(r);
}

static void
test_all(void)
{
	struct three t = three(deferred_list_at, 0);

	check_case("outcomes stand in the order of the inputs");
	deferred_fire(t.in[2], probe_number(2));
	deferred_fire(t.in[0], probe_number(0));
	CHECK(!deferred_has_fired(t.d));
	deferred_fire(t.in[1], probe_failure());
	write_list(t.d);
	PROBE_SAYS(&defer_log, "(0) (!failed) (2) ");

	check_case("inputs keep failures, and values with a share");
	probe_take(&defer_log, "in", t.in[0]);
	probe_take(&defer_log, "in", t.in[1]);
	three_end(&t);
	t = three(deferred_list_at, DEFERRED_LIST_CONSUME_ERRORS);
	deferred_fire(t.in[0], probe_of_type(&probe_shared, 5));
	deferred_fire(t.in[1], probe_failure());
	deferred_fire(t.in[2], defer_result_none());
	probe_take(&defer_log, "in", t.in[0]);
	probe_take(&defer_log, "in", t.in[1]);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "in(none) in(!failed) in(5) in(none) "
	    "(5) (!failed) (none) ");
	three_end(&t);

	check_case("with inputs that have fired it fires at once");
	t.in[0] = deferred_of(probe_number(0));
	t.in[1] = NULL;
	t.d = deferred_list(t.in, 2, 0);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "(0) (!out-of-memory) ");
	deferred_release(t.d);

	check_case("the same one twice; one fired by another's callback");
	t.in[0] = t.in[1] = deferred_of(probe_of_type(&probe_shared, 3));
	deferred_ref(t.in[0]);
	t.in[2] = deferred_ref(probe_deferred());
	t.d = deferred_list(t.in, 3, 0);
	deferred_finish(&t.in[2], probe_number(4));
	write_list(t.d);
	PROBE_SAYS(&defer_log, "(3) (3) (4) ");
	deferred_release(t.d);
}

/* Fires another deferred. */
static struct defer_result
fires(void *ctx, struct defer_result in)
{
	deferred_fire(ctx, probe_number(8));
	return in;
}

static void
test_fire_inside(void)
{
	struct deferred *in[2], *d;

	check_case("input B fired inside a callback of input A");
	in[0] = deferred_ref(probe_deferred());
	in[1] = deferred_ref(probe_deferred());
	deferred_add_callback(in[0], fires, in[1]);
	d = deferred_list(in, 2, 0);
	deferred_fire(in[0], probe_number(7));
	write_list(d);
	PROBE_SAYS(&defer_log, "(7) (8) ");
	deferred_release(in[0]);
	deferred_release(in[1]);
	deferred_release(d);
}

static void
test_empty(void)
{
	struct deferred *d;
	int i;

	check_case("without inputs: at once, and never not at all");
	for (i = 0; i < 4; i++) {
		d = i == 0 ? deferred_list(NULL, 0, 0) :
		    i == 1 ? deferred_gather(NULL, 0, 0) :
		    i == 2 ? deferred_race(NULL, 0) :
		    deferred_list(NULL, 0, DEFERRED_LIST_ONE_CALLBACK);
		CHECK(deferred_has_fired(d));
		write_list(d);
		PROBE_SAYS(&defer_log, i < 2 ? "" :
		    "all-failed: no value from any of 0 ");
		deferred_release(d);
	}
}

static void
test_one_callback(void)
{
	struct three t = three(deferred_list_at, DEFERRED_LIST_ONE_CALLBACK);

	check_case("the first value decides, later ones stay with inputs");
	deferred_fire(t.in[0], probe_failure());
	deferred_fire(t.in[1], probe_number(1));
	write_list(t.d);
	deferred_fire(t.in[2], probe_number(2));
	probe_take(&defer_log, "in", t.in[2]);
	PROBE_SAYS(&defer_log, "(!failed) *(1) (none) in(2) ");
	three_end(&t);

	check_case("all fail: the outcomes of all");
	t = three(deferred_list_at, DEFERRED_LIST_ONE_CALLBACK);
	deferred_fire(t.in[0], probe_failure());
	deferred_fire(t.in[1], probe_failure());
	deferred_fire(t.in[2], probe_failure());
	write_list(t.d);
	PROBE_SAYS(&defer_log, "(!failed) (!failed) (!failed) ");
	three_end(&t);
}

static void
test_one_errback(void)
{
	struct three t = three(deferred_list_at, DEFERRED_LIST_ONE_ERRBACK);
	struct deferred *in[2];

	check_case("the first failure decides, with its index");
	deferred_fire(t.in[0], probe_number(0));
	deferred_fire(t.in[1], probe_failure());
	write_list(t.d);
	PROBE_SAYS(&defer_log, "first-error: input 1 failed, because "
	    "failed: as told (0) *(!failed) (none) ");
	three_end(&t);

	check_case("at construction too");
	in[0] = deferred_of(probe_failure());
	in[1] = deferred_of(probe_failure());
	t.d = deferred_list(in, 2, DEFERRED_LIST_ONE_ERRBACK);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "first-error: input 0 failed, because "
	    "failed: as told *(!failed) (none) ");
	deferred_release(t.d);

	check_case("gather: all values, or the first failure");
	t = three(deferred_gather_at, DEFERRED_LIST_CONSUME_ERRORS);
	deferred_fire(t.in[0], probe_number(0));
	deferred_fire(t.in[1], probe_number(1));
	deferred_fire(t.in[2], probe_number(2));
	write_list(t.d);
	three_end(&t);
	t = three(deferred_gather_at, DEFERRED_LIST_CONSUME_ERRORS);
	deferred_fire(t.in[2], probe_failure());
	write_list(t.d);
	probe_take(&defer_log, "in", t.in[2]);
	PROBE_SAYS(&defer_log, "(0) (1) (2) first-error: input 2 failed, "
	    "because failed: as told (none) (none) *(!failed) in(none) ");
	three_end(&t);
}

static enum deferred_cancelling
gives_value(void *ctx, struct deferred *d)
{
	++*(int *)ctx;
	deferred_fire(d, probe_number(9));
	return DEFERRED_STOPPED;
}

static void
test_cancel(void)
{
	struct three t;
	struct deferred *in[2];
	int calls = 0;

	check_case("a cancel cancels all, and it fires by its rules");
	t = three(deferred_list_at, 0);
	deferred_fire(t.in[1], probe_number(1));
	deferred_cancel(t.d);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "(!cancelled) (1) (!cancelled) ");
	three_end(&t);
	t = three(deferred_gather_at, 0);
	deferred_cancel(t.d);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "first-error: input 0 failed, because "
	    "cancelled: it was cancelled *(!cancelled) (none) (none) ");
	three_end(&t);
	in[0] = deferred_new(gives_value, &calls);
	in[1] = deferred_new(gives_value, &calls);
	deferred_ref(in[0]);
	deferred_ref(in[1]);
	t.d = deferred_list(in, 2, DEFERRED_LIST_ONE_CALLBACK);
	deferred_cancel(t.d);
	CHECK_INT(calls, 2);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "*(9) (none) ");
	deferred_release(in[0]);
	deferred_release(in[1]);
	deferred_release(t.d);

	check_case("after it has fired, a cancel touches nothing");
	t = three(deferred_list_at, DEFERRED_LIST_ONE_CALLBACK);
	deferred_fire(t.in[0], probe_number(0));
	deferred_cancel(t.d);
	CHECK(!deferred_has_fired(t.in[1]));
	three_end(&t);
}

static enum deferred_cancelling
counts(void *ctx, struct deferred *d)
{
	(void)d;
	++*(int *)ctx;
	return DEFERRED_STOPPED;
}

static void
test_race(void)
{
	struct three t;
	struct deferred *in[2];
	int calls[2] = {0, 0};

	check_case("the first value wins, the others are cancelled");
	in[0] = deferred_new(counts, &calls[0]);
	in[1] = deferred_new(counts, &calls[1]);
	deferred_ref(in[0]);
	deferred_ref(in[1]);
	t.d = deferred_race(in, 2);
	deferred_fire(in[1], probe_number(1));
	CHECK(calls[0] == 1 && calls[1] == 0);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "(none) *(1) ");
	deferred_release(in[0]);
	deferred_release(in[1]);
	deferred_release(t.d);

	check_case("a loser's late result is swallowed");
	t = three(race, 0);
	deferred_fire(t.in[0], probe_number(0));
	CHECK_INT(deferred_fire(t.in[1], probe_failure()), 0);
	CHECK_INT(deferred_fire(t.in[2], probe_number(1)), 0);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "*(0) (none) (none) ");
	three_end(&t);

	check_case("a loser that fires when it is cancelled is ignored");
	in[0] = deferred_new(gives_value, &calls[0]);
	deferred_ref(in[0]);
	in[1] = deferred_of(probe_number(1));
	t.d = deferred_race(in, 2);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "(none) *(1) ");
	deferred_release(in[0]);
	deferred_release(t.d);

	check_case("only failures: all of them, in order; none cancelled");
	t = three(race, 0);
	deferred_fire(t.in[2], probe_failure());
	CHECK(!deferred_has_fired(t.in[0]));
	deferred_cancel(t.d);
	write_list(t.d);
	PROBE_SAYS(&defer_log, "all-failed: no value from any of 3 "
	    "(!cancelled) (!cancelled) (!failed) ");
	three_end(&t);
}

static void
test_race_won_at_once(void)
{
	struct deferred *in[3], *d;
	int calls[3] = {0, 0, 0}, winner, i;

	check_case("one that has fired wins wherever it stands");
	for (winner = 0; winner < 3; winner++) {
		memset(calls, 0, sizeof(calls));
		for (i = 0; i < 3; i++)
			in[i] = i == winner ? deferred_of(probe_number(1)) :
			    deferred_ref(deferred_new(counts, &calls[i]));
		d = deferred_race(in, 3);
		for (i = 0; i < 3; i++) {
			CHECK_INT(calls[i], i != winner);
			if (i != winner)
				deferred_release(in[i]);
		}
		write_list(d);
		PROBE_SAYS(&defer_log, winner == 0 ? "*(1) (none) (none) " :
		    winner == 1 ? "(none) *(1) (none) " :
		    "(none) (none) *(1) ");
		deferred_release(d);
	}

	check_case("a winner that stands twice");
	in[0] = in[1] = deferred_ref(deferred_of(probe_number(1)));
	in[2] = deferred_ref(deferred_new(counts, &calls[2]));
	calls[2] = 0;
	d = deferred_race(in, 3);
	CHECK_INT(calls[2], 1);
	write_list(d);
	PROBE_SAYS(&defer_log, "*(1) (none) (none) ");
	deferred_release(in[2]);
	deferred_release(d);
}

static void
unhandled(void *ctx, const struct defer_failure *f, const char *file, int line)
{
	(void)ctx;
	(void)file;
	(void)line;
	strcat(strcat(strcat(defer_log.text, "unhandled:"), f->kind->name),
	    " ");
}

static void
test_race_tells_nobody(void)
{
	struct three t;
	int i;

	deferred_on_unhandled(unhandled, NULL);
	check_case("the failures of losers are the race's: nobody is told");
	for (i = 0; i < 2; i++) {
		t = three(race, 0);
		deferred_fire(t.in[0], probe_failure());
		deferred_fire(t.in[1], probe_number(1));
		if (i == 1)
			deferred_fire(t.in[2], probe_failure());
		write_list(t.d);
		three_end(&t);
		PROBE_SAYS(&defer_log, "(!failed) *(1) (none) ");
	}
	t = three(race, 0);
	for (i = 0; i < 3; i++)
		deferred_fire(t.in[i], probe_failure());
	three_end(&t);
	PROBE_SAYS(&defer_log, "unhandled:all-failed ");

	check_case("those of a list without a flag are told by each input");
	t = three(deferred_list_at, DEFERRED_LIST_ONE_CALLBACK);
	deferred_fire(t.in[0], probe_failure());
	deferred_fire(t.in[1], probe_number(1));
	deferred_fire(t.in[2], probe_failure());
	three_end(&t);
	PROBE_SAYS(&defer_log, "unhandled:failed unhandled:failed ");
	deferred_on_unhandled(NULL, NULL);
}

static enum deferred_cancelling
takes_time(void *ctx, struct deferred *d)
{
	(void)d;
	++*(int *)ctx;
	return DEFERRED_STOPPING;
}

static void
test_slow_cancel(void)
{
	struct deferred *in[2], *d;
	int calls = 0, round;

	check_case("a cancelled list waits for an input that takes its time");
	for (round = 0; round < 2; round++) {
		in[0] = deferred_ref(deferred_new(takes_time, &calls));
		in[1] = deferred_ref(probe_deferred());
		d = round == 0 ? deferred_list(in, 2, 0) :
		    deferred_race(in, 2);
		deferred_cancel(d);
		CHECK(!deferred_has_fired(d) && deferred_has_fired(in[1]));
		CHECK_INT(calls, 1);
		deferred_cancel(d);
		CHECK(!deferred_has_fired(d));
		CHECK_INT(calls, 2);
		calls = 0;
		CHECK_INT(deferred_finish(&in[0], probe_number(3)), 0);
		write_list(d);
		PROBE_SAYS(&defer_log, round == 0 ? "(3) (!cancelled) " :
		    "*(3) (!cancelled) ");
		deferred_release(in[1]);
		deferred_release(d);
	}
}

/* A canceller that cancels lists of its own deferred, and counts. */
struct rebel {
	struct deferred *on[2];
	int calls;
};

static enum deferred_cancelling
cancels_lists(void *ctx, struct deferred *d)
{
	struct rebel *r = ctx;

	(void)d;
	r->calls++;
	deferred_cancel(r->on[0]);
	deferred_cancel(r->on[1]);
	return DEFERRED_STOPPED;
}

static void
test_cancel_inside(void)
{
	struct rebel r = {{NULL, NULL}, 0};
	struct deferred *in[2], *inner;
	int calls = 0, round;

	check_case("lists that are cancelled while they are cancelled");
	for (round = 0; round < 2; round++) {
		in[0] = deferred_new(cancels_lists, &r);
		in[1] = deferred_new(counts, &calls);
		deferred_ref(in[0]);
		deferred_ref(in[1]);
		inner = deferred_list(in, 2, 0);
		r.on[0] = deferred_list(&inner, 1, 0);
		deferred_ref(inner);
		r.on[1] = deferred_list(&inner, 1, 0);
		deferred_cancel(r.on[round]);
		CHECK_INT(r.calls, round + 1);
		CHECK_INT(calls, round + 1);
		CHECK(deferred_has_fired(r.on[0]));
		CHECK(deferred_has_fired(r.on[1]));
		deferred_release(r.on[0]);
		deferred_release(r.on[1]);
		deferred_release(in[0]);
		deferred_release(in[1]);
	}
}

static struct defer_result
returns(void *ctx, struct defer_result in)
{
	defer_result_destroy(in);
	return defer_result_deferred(*(struct deferred **)ctx);
}

static void
test_circle(void)
{
	struct probe end = {&defer_log, "end", PROBE_PASS, 0, NULL, NULL};
	struct deferred *in[2], *other, *d, *list;
	int kind, depth, k;

	check_case("an input that waits for its list: until a cancel");
	for (kind = 0; kind < 2; kind++)
		for (depth = 1; depth <= 3; depth++) {
			d = in[0] = probe_deferred();
			other = in[1] = probe_deferred();
			deferred_ref(d);
			deferred_ref(other);
			deferred_add_both(d, returns, &list);
			deferred_add_both(d, probe_run, &end);
			list = kind == 0 ? deferred_list(in, 2, 0) :
			    deferred_race(in, 2);
			for (k = 1; k < depth; k++)
				list = deferred_gather(&list, 1, 0);
			deferred_fire(d, defer_result_none());
			CHECK(!deferred_has_fired(other));
			PROBE_SAYS(&defer_log, "");
			deferred_cancel(d);
			CHECK(deferred_has_fired(other));
			CHECK(strncmp(defer_log.text, "end(", 4) == 0);
			defer_log.text[0] = '\0';
			deferred_release(d);
			deferred_release(other);
		}
}

static void
test_forgotten(void)
{
	struct three t = three(deferred_list_at, 0);
	int i;

	check_case("inputs that nobody will fire fail and are noted");
	for (i = 0; i < 3; i++) {
		CHECK(!deferred_has_fired(t.d));
		deferred_release(t.in[i]);
	}
	write_list(t.d);
	PROBE_SAYS(&defer_log, "(!abandoned) (!abandoned) (!abandoned) ");
	deferred_release(t.d);

	check_case("a list that nobody wants outlives its inputs");
	t = three(deferred_list_at, DEFERRED_LIST_ONE_CALLBACK);
	deferred_release(t.d);
	t.d = NULL;
	deferred_fire(t.in[0], probe_number(0));
	deferred_fire(t.in[1], probe_number(1));
	three_end(&t);
}

int
main(void)
{
	test_all();
	test_fire_inside();
	test_empty();
	test_one_callback();
	test_one_errback();
	test_cancel();
	test_race();
	test_race_won_at_once();
	test_race_tells_nobody();
	test_slow_cancel();
	test_cancel_inside();
	test_circle();
	test_forgotten();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
