/*
 * deferred_list.c - DeferredList, gather and race: one structure, different
 * rules.
 *
 * The list is the deferred it returns, with one entry for each input.  Each
 * input that is not done has a reference to the list, which so outlives them
 * even if it fires early and is released.  The list has none to the inputs: a
 * forgotten one is to fail and be noted, not to wait for ever.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "deferred_list.h"

#include "control.h"
#include "failure_detail.h"
#include "share.h"

#include <stdint.h>
#include <stdlib.h>

/* A private flag: the list takes all results, and cancels the losers. */
enum { LIST_RACE = 8 };

const struct defer_failure_kind deferred_first_error = {"first-error", NULL};
const struct defer_failure_kind deferred_all_failed = {"all-failed", NULL};

struct deferred_list_entry {
	struct deferred_list *list;
	struct deferred *input;		/* NULL when it is done */
};

/* It ends when all inputs are done, so it has no outcomes any more then. */
struct deferred_list {
	struct deferred deferred;		/* first: it is freed with it */
	struct deferred_outcomes *outcomes;	/* NULL: it has fired */
	/* While its inputs are cancelled: how many were; whose turn is next. */
	size_t cancelled;
	struct deferred_list *outer;
	size_t count, pending;
	unsigned flags;
	struct deferred_list_entry entries[];
};

/* ---- outcomes ---- */

/*
 * Takes the outcomes out of a result, or of the failure that nobody else has.
 * NULL if there are none.
 */
static struct deferred_outcomes *
list_take_outcomes(struct defer_result *r)
{
	struct defer_failure *f = (struct defer_failure *)
	    defer_result_get_failure(*r);

	if (f != NULL && f->refs == 1)
		r = &f->detail;
	return r->type == &deferred_outcomes_type ?
	    defer_result_take(r).value : NULL;
}

/*
 * Lists of lists have outcomes in outcomes.  The way back up from the inner
 * ones stands where they were taken from, so that any depth needs no stack.
 */
static void
list_destroy_outcomes(void *value)
{
	struct deferred_outcomes *o = value, *outer = NULL, *inner;

	while (o != NULL) {
		struct defer_result *r;

		if (o->count == 0) {
			free(o);
			o = outer;
			if (o != NULL)
				outer = o->at[o->count].value;
			continue;
		}
		r = &o->at[--o->count];
		inner = list_take_outcomes(r);
		defer_result_destroy(*r);
		if (inner != NULL) {
			r->value = outer;
			outer = o;
			o = inner;
		}
	}
}

const struct defer_result_type deferred_outcomes_type = {
	.name = "outcomes", .destroy = list_destroy_outcomes,
};

/* ---- cancelling ---- */

static enum deferred_cancelling list_cancel(void *ctx, struct deferred *d);

/* Begins to cancel the inputs of a list; `outer` comes after that. */
static struct deferred_list *
list_enter(struct deferred_list *list, struct deferred_list *outer)
{
	deferred_ref(&list->deferred);
	list->deferred.cancelling = true;
	list->outer = outer;
	list->cancelled = 0;
	return list;
}

/* All its inputs were cancelled.  Returns the list to go on with. */
static struct deferred_list *
list_leave(struct deferred_list *list)
{
	struct deferred_list *outer = list->outer;

	list->deferred.cancelling = false;
	deferred_release(&list->deferred);
	return outer;
}

/*
 * An input of `list`, or of one further in, waits for d, a list that is being
 * cancelled.  If d is `list` or an outer one of it, it waits for itself, and
 * its inputs will never all be done: it fails now.
 */
static void
list_open_circle(const struct deferred_list *list, struct deferred *d)
{
	struct deferred_list *circle = d->canceller_ctx;
	struct deferred_outcomes *outcomes = circle->outcomes;

	while (list != NULL && list != circle)
		list = list->outer;
	if (list == NULL || outcomes == NULL)
		return;
	circle->outcomes = NULL;
	list_destroy_outcomes(outcomes);
	(void)deferred_fire(
	    d, defer_result_failure(&deferred_was_cancelled));
}

/*
 * Cancels all inputs that are not done; a cancel may end others of them, too.
 * Where an input waits for a list, it is that list's turn at once, which is
 * what its canceller would do, but in lists of lists needs no stack.
 */
static void
list_cancel_inputs(struct deferred_list *list)
{
	struct deferred *d;

	list = list_enter(list, NULL);
	while (list != NULL) {
		if (list->cancelled == list->count) {
			list = list_leave(list);
			continue;
		}
		d = list->entries[list->cancelled++].input;
		d = deferred_innermost(d);
		if (d == NULL || d->canceller != list_cancel)
			deferred_cancel(d);
		else if (!d->cancelling)
			list = list_enter(d->canceller_ctx, list);
		else
			list_open_circle(list, d);
	}
}

static enum deferred_cancelling
list_cancel(void *ctx, struct deferred *d)
{
	(void)d;
	list_cancel_inputs(ctx);
	return DEFERRED_STOPPING;
}

/* ---- firing ---- */

/*
 * The outcomes are the result; or the detail of the failure f, if given.
 * `from` is the input whose callback this is; NULL if it is in none.
 */
static void
list_fire(struct deferred_list *list, struct deferred *from, size_t index,
    const struct defer_failure *f)
{
	struct deferred_outcomes *outcomes = list->outcomes;
	struct defer_result r = defer_result_value(
	    &deferred_outcomes_type, outcomes);

	outcomes->index = index;
	list->outcomes = NULL;
	/* If it is being cancelled, so are they, further up the C stack. */
	if ((list->flags & LIST_RACE) != 0 && !list->deferred.cancelling)
		list_cancel_inputs(list);
	if (f != NULL)
		r = defer_result_failure(defer_failure_set_detail(f, r));
	if (from != NULL)
		(void)deferred_fire_from(from, &list->deferred, r);
	else
		(void)deferred_fire(&list->deferred, r);
}

static const struct defer_failure *
list_first_error(const struct deferred_list *list, size_t i)
{
	const struct defer_failure *cause =
	    defer_result_get_failure(list->outcomes->at[i]);
	const struct defer_failure *f = defer_failure_new(&deferred_first_error,
	    "input %zu failed", i);

	return defer_failure_set_cause(defer_failure_set_code(f, (long)i),
	    defer_failure_ref(cause));
}

/* All inputs are done, and no flag has made the list fire before. */
static void
list_complete(struct deferred_list *list, struct deferred *from)
{
	const struct defer_failure *f = NULL;

	if ((list->flags & LIST_RACE) != 0 || (list->count == 0 &&
	    (list->flags & DEFERRED_LIST_ONE_CALLBACK) != 0))
		f = defer_failure_new(&deferred_all_failed,
		    "no value from any of %zu", list->count);
	list_fire(list, from, list->count, f);
}

/* The callback on each input: notes the result and passes it on. */
static struct defer_result
list_note(void *ctx, struct defer_result in)
{
	struct deferred_list_entry *entry = ctx;
	struct deferred_list *list = entry->list;
	struct deferred *input = entry->input;
	size_t i = (size_t)(entry - list->entries);
	bool failed = defer_result_is_failure(in);
	unsigned one = failed ? DEFERRED_LIST_ONE_ERRBACK :
	    DEFERRED_LIST_ONE_CALLBACK;
	unsigned drop = LIST_RACE |
	    (failed ? DEFERRED_LIST_CONSUME_ERRORS : 0);

	entry->input = NULL;
	list->pending--;
	if (list->outcomes != NULL)
		list->outcomes->at[i] = defer_result_share(&in);
	if ((list->flags & drop) != 0)
		defer_result_destroy(defer_result_take(&in));
	if (list->outcomes != NULL && (list->flags & one) != 0)
		list_fire(list, input, i,
		    failed ? list_first_error(list, i) : NULL);
	else if (list->outcomes != NULL && list->pending == 0)
		list_complete(list, input);
	deferred_release(&list->deferred);
	return in;
}

/* ---- making ---- */

static struct deferred_list *
list_new(const char *file, int line, size_t count, unsigned flags)
{
	struct deferred_outcomes *outcomes;
	struct deferred_list *list;

	if (count > SIZE_MAX / (2 * sizeof(list->entries[0])) - sizeof(*list))
		return NULL;
	list = calloc(1, sizeof(*list) + count * sizeof(list->entries[0]));
	outcomes = calloc(1, sizeof(*outcomes) +
	    count * sizeof(struct defer_result));
	if (list == NULL || outcomes == NULL) {
		free(list);
		free(outcomes);
		return NULL;
	}
	deferred_init_at(file, line, &list->deferred, list_cancel, list, NULL);
	list->flags = flags;
	list->outcomes = outcomes;
	outcomes->at = (struct defer_result *)(outcomes + 1);
	list->count = list->pending = outcomes->count = count;
	return list;
}

/* Adds the callback to an input, and gives up the reference to it. */
static void
list_attach(struct deferred_list_entry *entry)
{
	struct deferred *input = entry->input;

	if (deferred_add_both(input, list_note, entry) < 0) {
		entry->input = NULL;
		defer_result_destroy(list_note(entry,
		    defer_result_failure(&defer_failure_no_memory)));
	}
	deferred_release(input);
}

struct deferred *
deferred_list_at(const char *file, int line, struct deferred *const *inputs,
    size_t count, unsigned flags)
{
	struct deferred_list *list = list_new(file, line, count, flags);
	size_t i;

	for (i = 0; list == NULL && i < count; i++)
		deferred_release(inputs[i]);
	if (list == NULL)
		return NULL;
	/* All are known before the first can win a race against them. */
	for (i = 0; i < count; i++) {
		list->entries[i].list = list;
		list->entries[i].input = inputs[i];
		deferred_ref(&list->deferred);
	}
	for (i = 0; i < count; i++)
		list_attach(&list->entries[i]);
	if (count == 0)
		list_complete(list, NULL);
	return &list->deferred;
}

struct deferred *
deferred_gather_at(const char *file, int line,
    struct deferred *const *inputs, size_t count, unsigned flags)
{
	return deferred_list_at(file, line, inputs, count,
	    flags | DEFERRED_LIST_ONE_ERRBACK);
}

struct deferred *
deferred_race_at(const char *file, int line,
    struct deferred *const *inputs, size_t count)
{
	return deferred_list_at(file, line, inputs, count,
	    DEFERRED_LIST_ONE_CALLBACK | LIST_RACE);
}
