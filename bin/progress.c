/*
 * progress.c - draws the progress line.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "progress.h"

#include <unistd.h>

#include "record.h"

/* The whole bar.  It is drawn only if the total is known. */
static const char progress_bar[] = "##############################";
enum { PROGRESS_WIDTH = sizeof(progress_bar) - 1 };

static const uint64_t progress_interval_ns = 100000000;

/* To the first column, and nothing to the right of it. */
static const char progress_erase[] = "\r\033[K";

/*
 * Between these a terminal cuts a line at its right edge, and does not wrap
 * it (DEC private mode 7): what has wrapped could not be wiped away.
 */
static const char progress_no_wrap[] = "\033[?7l";
static const char progress_wrap[] = "\033[?7h";

static void
progress_draw(struct reactor_timer *t)
{
	struct progress *p = reactor_container_of(t, struct progress, timer);
	struct record r = { .at = NULL };

	record_addf(&r, "%s%s", progress_erase, progress_no_wrap);
	if (p->total > 0)
		record_addf(&r, "[%-*.*s] ", (int)PROGRESS_WIDTH,
		    (int)(p->done * PROGRESS_WIDTH / p->total), progress_bar);
	record_addf(&r, "%zu done, %zu failed, %zu running%s", p->done,
	    p->failed, p->running, progress_wrap);
	(void)record_write(&r, STDERR_FILENO);
	record_free(&r);
	p->shown = true;
}

void
progress_begin(struct progress *p, struct reactor *reactor, bool enabled)
{
	*p = (struct progress){ .reactor = reactor, .enabled = enabled };
}

void
progress_changed(struct progress *p)
{
	if (p->enabled && !reactor_timer_is_active(&p->timer))
		reactor_call_later(p->reactor, &p->timer,
		    progress_interval_ns, progress_draw);
}

void
progress_wipe(struct progress *p)
{
	ssize_t written;

	if (!p->shown)
		return;
	p->shown = false;
	written = write(STDERR_FILENO, progress_erase,
	    sizeof(progress_erase) - 1);
	(void)written;		/* nothing to be done if that fails */
	progress_changed(p);
}

void
progress_end(struct progress *p)
{
	if (!p->enabled)
		return;
	p->enabled = false;
	reactor_cancel_timer(&p->timer);
	progress_wipe(p);
}
