/*
 * progress.c - draws the progress line.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "record.h"

/* A line may be so wide; the bar is not drawn where it were shorter. */
enum { PROGRESS_WIDEST = 512, PROGRESS_SHORTEST = 10 };

static const uint64_t progress_interval_ns = 200000000;

/* It comes back so soon after it was wiped away. */
static const uint64_t progress_again_ns = 20000000;

/*
 * To the first column, and nothing to the right of it and below.  The cursor
 * waits in the first column, too: a terminal that is made narrower wraps what
 * stands there, and all of it is to the right of the cursor or below.
 */
static const char progress_erase[] = "\r\033[J";

/*
 * Between these a terminal cuts a line at its right edge, and does not wrap
 * it (DEC private mode 7): it may have become narrower since it was asked.
 */
static const char progress_no_wrap[] = "\033[?7l";
static const char progress_wrap[] = "\033[?7h\r";

/* The columns of the terminal; it is 80 where there is none. */
static size_t
progress_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 80;
	return size.ws_col < PROGRESS_WIDEST ? size.ws_col : PROGRESS_WIDEST;
}

/* The words, as many as there is room for; returns their length. */
static size_t
progress_describe(const struct progress *p, char *text, size_t width)
{
	uint64_t ms = (reactor_now_ns(p->reactor) - p->begun_ns) / 1000000;
	uint64_t tenths = (uint64_t)p->done * 10000 / (ms > 0 ? ms : 1);
	size_t left = p->total > p->done ? p->total - p->done : 0;
	char word[5][64];
	size_t len = 0;

	snprintf(word[0], sizeof(word[0]), "%zu done", p->done);
	snprintf(word[1], sizeof(word[1]), ", %zu failed", p->failed);
	snprintf(word[2], sizeof(word[2]), ", %zu in flight", p->running);
	snprintf(word[3], sizeof(word[3]), ", %zu left", left);
	snprintf(word[4], sizeof(word[4]), ", %" PRIu64 ".%" PRIu64 "/s",
	    tenths / 10, tenths % 10);
	for (size_t i = 0; i < 5; i++) {
		size_t more = strlen(word[i]);

		if (i == 3 && p->total == 0)
			continue;
		if (len + more > width)
			break;
		memcpy(text + len, word[i], more);
		len += more;
	}
	return len;
}

/* The bar and a blank, over so many columns. */
static void
progress_add_bar(const struct progress *p, struct record *r, size_t columns)
{
	size_t whole = columns - 3, i;
	size_t done = p->done < p->total ? p->done : p->total;
	size_t full = (size_t)((double)done / (double)p->total *
	    (double)whole);

	record_add(r, "[", 1);
	for (i = 0; i < whole; i++)
		record_add(r, i < full ? "#" : " ", 1);
	record_add(r, "] ", 2);
}

/* Draws the line, and comes again. */
static void
progress_draw(struct reactor_timer *t)
{
	struct progress *p = reactor_container_of(t, struct progress, timer);
	struct record r = { .at = NULL };
	size_t width = progress_width();
	char text[PROGRESS_WIDEST];
	size_t len = progress_describe(p, text, width);

	record_addf(&r, "%s%s", progress_erase, progress_no_wrap);
	if (p->total > 0 && width >= len + PROGRESS_SHORTEST)
		progress_add_bar(p, &r, width - len);
	record_add(&r, text, len);
	record_addf(&r, "%s", progress_wrap);
	(void)record_write(&r, STDERR_FILENO);
	record_free(&r);
	p->shown = true;
	progress_changed(p);
}

void
progress_begin(struct progress *p, struct reactor *reactor, bool enabled)
{
	*p = (struct progress){
		.reactor = reactor, .enabled = enabled,
		.begun_ns = reactor_now_ns(reactor),
	};
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
	if (p->enabled)
		reactor_call_later(p->reactor, &p->timer,
		    progress_again_ns, progress_draw);
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
