/*
 * queue.c - results that wait, or deferreds that do.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "queue.h"

#include <errno.h>
#include <stdlib.h>

const struct defer_failure_kind deferred_queue_underflow = {"underflow", NULL};

static const struct defer_failure deferred_queue_too_many = {
	.kind = &deferred_queue_underflow,
	.message = "too many wait for results already",
};

struct deferred_queue_item {
	struct deferred_queue_item *next;
	struct defer_result result;
};

void
deferred_queue_init(struct deferred_queue *queue, size_t size, size_t backlog)
{
	*queue = (struct deferred_queue){.size = size, .backlog = backlog};
}

/* The first result, which must exist. */
static struct defer_result
deferred_queue_take(struct deferred_queue *queue)
{
	struct deferred_queue_item *item = queue->first;
	struct defer_result r = item->result;

	queue->first = item->next;
	if (queue->first == NULL)
		queue->last = NULL;
	queue->items--;
	free(item);
	return r;
}

void
deferred_queue_close(struct deferred_queue *queue)
{
	while (queue->items > 0)
		defer_result_destroy(deferred_queue_take(queue));
	deferred_waiters_close(&queue->getters);
}

/* Keeps a result for later. */
static int
deferred_queue_keep(struct deferred_queue *queue, struct defer_result r)
{
	struct deferred_queue_item *item;

	if (queue->items >= queue->size)
		return -ENOBUFS;
	item = malloc(sizeof(*item));
	if (item == NULL)
		return -ENOMEM;
	*item = (struct deferred_queue_item){NULL, r};
	*(queue->last != NULL ? &queue->last->next : &queue->first) = item;
	queue->last = item;
	queue->items++;
	return 0;
}

int
deferred_queue_put(struct deferred_queue *queue, struct defer_result r)
{
	struct deferred *getter;
	int err = -EINVAL;

	if (r.type != &defer_result_type_deferred) {
		getter = deferred_waiters_take(&queue->getters);
		if (getter != NULL)
			return deferred_finish(&getter, r);
		err = deferred_queue_keep(queue, r);
	}
	if (err < 0)
		defer_result_destroy(r);
	return err;
}

struct deferred *
deferred_queue_get_at(struct deferred_place place,
    struct deferred_queue *queue)
{
	struct deferred *d;

	if (queue->items > 0) {
		d = deferred_new_at(place, NULL, NULL);
		if (d != NULL)
			(void)deferred_fire(d, deferred_queue_take(queue));
		return d;
	}
	if (queue->getters.count >= queue->backlog)
		return deferred_of_at(place,
		    defer_result_failure(&deferred_queue_too_many));
	return deferred_waiters_add(place, &queue->getters);
}
