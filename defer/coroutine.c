/*
 * coroutine.c - what little is behind COROUTINE_AWAIT.
 *
 * A coroutine is a deferred that has fired, and whose first callback calls the
 * function.  Each COROUTINE_AWAIT that has to wait makes that callback return
 * a deferred, as any callback may.  The one difference: the callback asks to
 * be called again (`again`), so that it gets the result itself.  So waiting,
 * cancelling and the stack that is not needed are all those of plain
 * deferreds.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "coroutine.h"

#include "control.h"

#include <stdlib.h>
#include <string.h>

/* The function has ended, or never will begin. */
static void
coroutine_end(struct coroutine *co)
{
	if (co->ended)
		return;
	co->ended = true;
	defer_result_destroy(coroutine_take(co));
	if (co->cleanup != NULL)
		co->cleanup(co);
}

static void
coroutine_free(struct deferred *d)
{
	struct coroutine *co = (struct coroutine *)(void *)((char *)d -
	    offsetof(struct coroutine, deferred));

	coroutine_end(co);
	free(co);
}

void *
coroutine_new_at(const char *file, int line, size_t size,
    struct defer_result (*run)(struct coroutine *co),
    void (*cleanup)(struct coroutine *co))
{
	struct coroutine *co = malloc(size);

	if (co == NULL)
		return NULL;
	/* By calloc it may be dearer: glibc's does not use its cache. */
	*co = (struct coroutine){ .run = run, .cleanup = cleanup };
	memset(co + 1, 0, size - sizeof(*co));
	deferred_init_at(file, line, &co->deferred, NULL, NULL, coroutine_free);
	return co;
}

/*
 * The callback: goes on with the function, at its beginning or an await.  A
 * cancel that came while it ran, or was paused, is noted in `cancelled` and
 * holds for what it waits for next; one that came before its start is a
 * failure here.
 */
static struct defer_result
coroutine_step(void *ctx, struct defer_result in)
{
	struct coroutine *co = ctx;
	struct deferred *d = &co->deferred;
	struct defer_result out;

	if (co->line == 0 && defer_result_is_failure(in)) {
		coroutine_end(co);
		return in;
	}
	co->got = in;
	out = co->run(co);
	if (!d->again)
		coroutine_end(co);
	if (d->cancelled && out.type == &defer_result_type_deferred)
		deferred_cancel(out.value);
	d->cancelled = false;
	return out;
}

struct deferred *
coroutine_start(struct coroutine *co)
{
	/* Neither can fail: a new deferred has room for a pair. */
	(void)deferred_add_both(&co->deferred, coroutine_step, co);
	(void)deferred_fire(&co->deferred, defer_result_none());
	return &co->deferred;
}

bool
coroutine_must_wait(struct coroutine *co, struct deferred *d, int line)
{
	defer_result_destroy(coroutine_take(co));
	if (deferred_take(d, &co->got)) {
		deferred_release(d);
		return false;
	}
	co->got = defer_result_deferred(d);
	co->line = line;
	co->deferred.again = true;
	return true;
}
