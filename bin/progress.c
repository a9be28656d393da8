/*
 * progress.c - draws the progress line.
 */
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <unistd.h>

#include "record.h"

enum { PROGRESS_WIDTH = 30 };		/* of the bar, in characters */

static const uint64_t progress_interval_ns = 100000000;

/* To the first column, and nothing to the right of it. */
static const char progress_erase[] = "\r\033[K";

/* The bar itself; only when it is known how much there is to do. */
static void
progress_bar(struct record *r, const struct progress *p)
{
	size_t filled = p->done * PROGRESS_WIDTH / p->total;

	record_add(r, "[", 1);
	for (size_t i = 0; i < PROGRESS_WIDTH; i++)
		record_add(r, i < filled ? "#" : " ", 1);
	record_add(r, "] ", 2);
}

static void
progress_draw(struct timer *t)
{
	struct progress *p = (struct progress *)t;
	struct record r = { .at = NULL };

	record_add(&r, progress_erase, sizeof(progress_erase) - 1);
	if (p->total > 0)
		progress_bar(&r, p);
	record_addf(&r, "%zu done, %zu failed, %zu running", p->done,
	    p->failed, p->running);
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
	/* Without memory for a timer there is no line, and no harm. */
	if (p->enabled && !timer_is_active(&p->timer))
		(void)reactor_call_later(p->reactor, &p->timer,
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
	(void)written;			/* what was drawn there came through */
	progress_changed(p);
}

void
progress_end(struct progress *p)
{
	if (!p->enabled)
		return;
	p->enabled = false;
	reactor_cancel_timer(p->reactor, &p->timer);
	progress_wipe(p);
}
