/*
 * bin_progress_test.c - the progress line on a terminal, which is a pair of
 * pseudo-terminals: its words, its width, a terminal that becomes narrower.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "check.h"

/* What stands around a line that is drawn. */
static const char before[] = "\r\033[J\033[?7l";
static const char behind[] = "\033[?7h\r";
static const char erased[] = "\r\033[J";

static const uint64_t second_ns = 1000000000;

/* A terminal that is standard error, and a line on it. */
struct world {
	struct progress progress;
	struct reactor *reactor;
	int terminal;			/* its other side */
	int error;			/* standard error as it was */
	char seen[2048];		/* what was drawn last; no more */
};

static void
resize(const struct world *w, unsigned columns)
{
	struct winsize size = {
		.ws_row = 24, .ws_col = (unsigned short)columns,
	};

	CHECK_INT(ioctl(w->terminal, TIOCSWINSZ, &size), 0);
}

static bool
world_open(struct world *w)
{
	struct termios raw;
	int other;

	memset(w, 0, sizeof(*w));
	w->terminal = posix_openpt(O_RDWR | O_NOCTTY);
	if (w->terminal < 0 || grantpt(w->terminal) != 0 ||
	    unlockpt(w->terminal) != 0)
		return false;
	other = open(ptsname(w->terminal), O_RDWR | O_NOCTTY);
	if (other < 0 || tcgetattr(other, &raw) != 0)
		return false;
	raw.c_oflag &= ~(tcflag_t)OPOST;
	raw.c_lflag &= ~(tcflag_t)ECHO;
	w->error = dup(STDERR_FILENO);
	if (tcsetattr(other, TCSANOW, &raw) != 0 ||
	    dup2(other, STDERR_FILENO) < 0)
		return false;
	close(other);
	if (reactor_new(&w->reactor, NULL) != 0)
		return false;
	progress_begin(&w->progress, w->reactor, true);
	return true;
}

static void
world_close(struct world *w)
{
	progress_end(&w->progress);
	reactor_free(w->reactor);
	dup2(w->error, STDERR_FILENO);
	close(w->error);
	close(w->terminal);
}

/* Reads what was written, so much that `text` is its end. */
static void
see(struct world *w, const char *text)
{
	size_t len = 0, want = strlen(text);
	ssize_t n = 1;

	while (n > 0 && (len < want ||
	    memcmp(w->seen + len - want, text, want) != 0)) {
		n = read(w->terminal, w->seen + len,
		    sizeof(w->seen) - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	w->seen[len] = '\0';
}

/* Runs the loop until the line is drawn, which is then in w->seen. */
static void
draw(struct world *w)
{
	size_t skip = strlen(before), len;

	w->progress.shown = false;
	while (!w->progress.shown)
		CHECK(reactor_iterate(w->reactor, -1) >= 0);
	see(w, behind);
	len = strlen(w->seen);
	if (!CHECK(len >= skip + strlen(behind) &&
	    memcmp(w->seen, before, skip) == 0))
		return;
	len -= skip + strlen(behind);
	memmove(w->seen, w->seen + skip, len);
	w->seen[len] = '\0';
}

/* On a terminal of this width the line is these words, without a bar. */
static void
words_are(struct world *w, unsigned width, const char *words)
{
	resize(w, width);
	draw(w);
	CHECK_STR(w->seen, words);
}

/*
 * On a terminal of this width a bar fills what words leave, which are these
 * and then, if so, a rate of ten and something.
 */
static void
bar_is(struct world *w, unsigned width, const char *words, bool rated)
{
	const struct progress *p = &w->progress;
	size_t bar, full, len = strlen(words);
	const char *end;

	resize(w, width);
	draw(w);
	CHECK_INT(strlen(w->seen), width);
	CHECK_INT(w->seen[0], '[');
	end = strchr(w->seen, ']');
	if (!CHECK(end != NULL))
		return;
	bar = (size_t)(end - w->seen) - 1;
	full = strspn(w->seen + 1, "#");
	CHECK_INT(full, bar * p->done / p->total);
	CHECK_INT(full + strspn(w->seen + 1 + full, " "), bar);
	if (!CHECK(strncmp(end + 2, words, len) == 0))
		CHECK_STR(end + 2, words);
	if (rated)
		CHECK(strncmp(end + 2 + len, ", 10.", 5) == 0 &&
		    strcmp(end + 2 + len + 6, "/s") == 0);
	else
		CHECK_STR(end + 2 + len, "");
}

static void
set(struct progress *p, size_t done, size_t failed, size_t running,
    size_t total)
{
	p->done = done;
	p->failed = failed;
	p->running = running;
	p->total = total;
	/* A thousand seconds ago: so some that pass here do not matter. */
	p->begun_ns = reactor_now_ns(p->reactor) - 1000 * second_ns;
	progress_changed(p);
}

static void
check_widths(struct world *w)
{
	const char *most = "10500 done, 12 failed, 64 in flight";

	check_case("progress: all words, on the whole width of 80 columns");
	set(&w->progress, 10500, 12, 64, 21000);
	bar_is(w, 80, "10500 done, 12 failed, 64 in flight, 10500 left", true);
	bar_is(w, 200, "10500 done, 12 failed, 64 in flight, 10500 left",
	    true);
	check_case("progress: a terminal of 40 columns, and nothing changed");
	words_are(w, 40, most);
	check_case("progress: and wide again");
	bar_is(w, 80, "10500 done, 12 failed, 64 in flight, 10500 left", true);
	check_case("progress: words without room are left out, not cut");
	words_are(w, 35, most);
	words_are(w, 29, "10500 done, 12 failed");
	words_are(w, 21, "10500 done, 12 failed");
	words_are(w, 10, "10500 done");
	words_are(w, 9, "");
}

static void
check_totals(struct world *w)
{
	check_case("progress: no bar where the total is not known");
	set(&w->progress, 0, 0, 3, 0);
	words_are(w, 80, "0 done, 0 failed, 3 in flight, 0.0/s");
	check_case("progress: none and all");
	set(&w->progress, 0, 0, 3, 7);
	resize(w, 60);
	draw(w);
	CHECK(strstr(w->seen, "] 0 done, 0 failed, 3 in flight, 7 left, 0.0/s")
	    != NULL);
	CHECK_INT(strcspn(w->seen, "#"), 60);
	set(&w->progress, 7, 7, 0, 7);
	draw(w);
	CHECK(strstr(w->seen, "#] 7 done, 7 failed, 0 in flight, 0 left") !=
	    NULL);
	CHECK_INT(strlen(w->seen), 60);
}

static void
check_wiping(struct world *w)
{
	check_case("progress: it is wiped away, and comes back by itself");
	progress_wipe(&w->progress);
	see(w, erased);
	CHECK_STR(w->seen, erased);
	progress_wipe(&w->progress);
	draw(w);
	CHECK(strstr(w->seen, "7 done") != NULL);
	check_case("progress: it is wiped away for good");
	progress_end(&w->progress);
	see(w, erased);
	CHECK_STR(w->seen, erased);
	progress_changed(&w->progress);
	CHECK(!reactor_timer_is_active(&w->progress.timer));
}

int
main(void)
{
	struct world w;

	check_case("progress: a terminal");
	if (!CHECK(world_open(&w)))
		return check_done();
	check_widths(&w);
	check_totals(&w);
	check_wiping(&w);
	world_close(&w);
	return check_done();
}
