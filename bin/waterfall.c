/*
 * waterfall.c - rows are noted while a run goes on, and drawn at its end.
 *
 * From left to right a row has host and path, status, time, and the bars.
 * From top to bottom the picture has a title, a legend, how many requests were
 * in flight, the axis of time, and the rows.  All lengths are in the units of
 * the picture, of which a screen has one for each pixel.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "waterfall.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From left to right. */
enum {
	WATERFALL_WIDTH = 1200,
	WATERFALL_STATUS = 370,		/* where the status ends, */
	WATERFALL_TIME = 440,		/* and the time */
	WATERFALL_LEFT = 456,		/* the bars */
	WATERFALL_RIGHT = 1170
};

/* From top to bottom. */
enum {
	WATERFALL_FLIGHT_TOP = 68,	/* how many were in flight */
	WATERFALL_FLIGHT_END = 104,
	WATERFALL_AXIS = 120,		/* the line on which its texts stand */
	WATERFALL_TOP = 130,		/* the rows */
	WATERFALL_END = 24		/* below them */
};

/* The phases, in their order; the first is not one of the journal's. */
enum { WATERFALL_BLOCKED, WATERFALL_PHASES = 6 };

/* What the legend calls them, and what the styles do. */
static const struct {
	const char *name, *style;
} waterfall_phases[WATERFALL_PHASES] = {
	{ "waiting for a connection", "q" },
	{ "name", "n" },
	{ "connect", "c" },
	{ "TLS", "t" },
	{ "waiting", "w" },
	{ "receiving", "r" },
};

/* A request. */
struct waterfall_row {
	uint64_t begun_ns, ended_ns;
	uint64_t phases_ns[WATERFALL_PHASES];
	uint64_t bytes;
	int status;			/* 0: no answer came */
	bool reused;			/* its connection */
	char label[WATERFALL_LABEL];	/* host and path; ASCII */
	char why[WATERFALL_WHY];	/* it failed; "": it did not */
};

/* How rows of one height are drawn: low ones if there are many of them. */
struct waterfall_size {
	unsigned row;			/* its height */
	unsigned bar;
	unsigned base;			/* of its text, from the top */
	const char *style;
	size_t letters;			/* of a label */
};

static const struct waterfall_size waterfall_sizes[] = {
	{ 22, 14, 15, "big", 46 }, { 13, 9, 10, "small", 56 },
};

/* Most rows that are drawn high. */
enum { WATERFALL_FEW = 60 };

/* A picture that is being drawn. */
struct waterfall_drawing {
	const struct waterfall *w;
	struct record *r;
	const struct waterfall_size *size;
	uint64_t begun_ns, span_ns;	/* of the whole run */
	unsigned bottom;		/* of the rows */
};

/* Colours, first for light and then for dark. */
static const char waterfall_style[] =
    "<style>\n"
    "svg{--bg:#fff;--fg:#1f2430;--dim:#667080;--line:#e4e8ee;--bad:#c92a2a;"
    "--q:#b4bcc8;--n:#12a5a5;--c:#f08c2e;--t:#9c5bd6;--w:#3fb765;"
    "--r:#3d7fe6;background:var(--bg);"
    "font:12px system-ui,-apple-system,'Segoe UI',sans-serif}\n"
    "@media(prefers-color-scheme:dark){svg{--bg:#14171c;--fg:#dde3ec;"
    "--dim:#8f9aab;--line:#2a303a;--bad:#ff7b72;--q:#566070;--n:#2cc4c4;"
    "--c:#f5a04d;--t:#b682ea;--w:#46c471;--r:#5b97f5}}\n"
    "text{fill:var(--fg)}.dim{fill:var(--dim)}.e{text-anchor:end}"
    ".m{text-anchor:middle}.h{font-size:16px;font-weight:600}"
    ".big,.small{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"
    "'DejaVu Sans Mono',monospace}.big{font-size:11px}.small{font-size:9px}\n"
    ".bad text{fill:var(--bad)}.bad .x{fill:var(--bad)}"
    ".g{stroke:var(--line);fill:none}.bg{fill:var(--bg)}.o{fill:transparent}"
    "g:hover>.o{fill:var(--line)}.f{fill:var(--r);fill-opacity:.4}\n"
    ".q{fill:var(--q)}.n{fill:var(--n)}.c{fill:var(--c)}.t{fill:var(--t)}"
    ".w{fill:var(--w)}.r{fill:var(--r)}\n"
    "</style>\n";

/* ---- rows are noted ---- */

/* Makes room for a row; false if there is none. */
static bool
waterfall_reserve(struct waterfall *w)
{
	size_t room = w->room > 0 ? 2 * w->room : 64;
	struct waterfall_row *rows;

	if (w->count < w->room)
		return true;
	rows = realloc(w->rows, room * sizeof(rows[0]));
	if (rows == NULL)
		return false;
	w->rows = rows;
	w->room = room;
	return true;
}

/*
 * Host and path; of a long one the end, which often tells more than what is
 * in the middle.
 */
static void
waterfall_set_label(char *to, const struct http_journal_place *p)
{
	size_t host = p->authority_len, path = p->target_len, most;
	const char *at = p->target;

	if (host > WATERFALL_LABEL / 2)
		host = WATERFALL_LABEL / 2;
	most = WATERFALL_LABEL - 1 - host;
	if (path > most) {
		at += path - most;
		path = most;
	}
	memcpy(to, p->authority, host);
	memcpy(to + host, at, path);
	to[host + path] = '\0';
}

void
waterfall_add(struct waterfall *w, const struct http_journal_entry *e)
{
	struct waterfall_row *row;

	if (w->count >= WATERFALL_ROWS || !waterfall_reserve(w)) {
		w->left_out++;
		return;
	}
	row = &w->rows[w->count++];
	*row = (struct waterfall_row){
		.begun_ns = e->begun_ns, .ended_ns = e->ended_ns,
		.phases_ns = {
			http_journal_blocked_ns(e), e->timings.name_ns,
			e->timings.connect_ns, e->timings.tls_ns,
			e->timings.wait_ns, e->timings.receive_ns,
		},
		.bytes = e->bytes, .status = e->status, .reused = e->reused,
	};
	waterfall_set_label(row->label, &e->place);
	snprintf(row->why, sizeof(row->why), "%s",
	    e->failure != NULL ? e->failure : "");
}

void
waterfall_free(struct waterfall *w)
{
	free(w->rows);
	*w = (struct waterfall){ .count = 0 };
}

/* By their beginnings; those that began together, by their ends. */
static int
waterfall_compare(const void *a, const void *b)
{
	const struct waterfall_row *x = a, *y = b;

	if (x->begun_ns != y->begun_ns)
		return x->begun_ns < y->begun_ns ? -1 : 1;
	if (x->ended_ns != y->ended_ns)
		return x->ended_ns < y->ended_ns ? -1 : 1;
	return strcmp(x->label, y->label);
}

static bool
waterfall_is_bad(const struct waterfall_row *row)
{
	return row->why[0] != '\0' || row->status >= 400;
}

/* ---- texts ---- */

/*
 * Adds text from elsewhere as XML has it.  Two codes that a string may have
 * and XML may not, U+FFFE and U+FFFF, become "?".
 */
static void
waterfall_add_text(struct record *r, const char *text)
{
	struct record clean = { .at = NULL };

	record_add_clean(&clean, text, strlen(text));
	if (clean.failed)
		r->failed = true;
	for (size_t i = 0; i < clean.len; i++) {
		const char *at = clean.at + i;

		if (*at == '&')
			record_addf(r, "&amp;");
		else if (*at == '<')
			record_addf(r, "&lt;");
		else if (*at == '>')
			record_addf(r, "&gt;");
		else if (clean.len - i >= 3 &&
		    (memcmp(at, "\xEF\xBF\xBE", 3) == 0 ||
		    memcmp(at, "\xEF\xBF\xBF", 3) == 0))
			record_addf(r, "?"), i += 2;
		else
			record_add(r, at, 1);
	}
	record_free(&clean);
}

/* A label of at most so many letters: of a longer one both ends. */
static void
waterfall_add_label(struct record *r, const char *label, size_t letters)
{
	char part[WATERFALL_LABEL];
	size_t len = strlen(label), half = letters / 2;

	if (len <= letters) {
		waterfall_add_text(r, label);
		return;
	}
	snprintf(part, sizeof(part), "%.*s", (int)half, label);
	waterfall_add_text(r, part);
	record_addf(r, "\xE2\x80\xA6");
	waterfall_add_text(r, label + len - (letters - half - 1));
}

/* A time as people read it. */
static void
waterfall_add_time(struct record *r, uint64_t ns)
{
	double ms = (double)ns / 1e6;

	if (ms < 10)
		record_addf(r, "%.1f ms", ms);
	else if (ms < 10000)
		record_addf(r, "%.0f ms", ms);
	else
		record_addf(r, "%.1f s", ms / 1000);
}

/* ---- the parts of the picture ---- */

static double
waterfall_x(const struct waterfall_drawing *d, uint64_t ns)
{
	const double left = WATERFALL_LEFT, right = WATERFALL_RIGHT;

	return left + (double)(ns - d->begun_ns) / (double)d->span_ns *
	    (right - left);
}

static void
waterfall_draw_title(const struct waterfall_drawing *d)
{
	size_t bad = 0;

	for (size_t i = 0; i < d->w->count; i++)
		bad += waterfall_is_bad(&d->w->rows[i]);
	record_addf(d->r, "<text class=\"h\" x=\"16\" y=\"28\">%zu requests "
	    "in ", d->w->count);
	waterfall_add_time(d->r, d->w->count > 0 ? d->span_ns : 0);
	if (bad > 0)
		record_addf(d->r, ", %zu failed", bad);
	record_addf(d->r, "</text>\n");
	if (d->w->left_out > 0)
		record_addf(d->r, "<text class=\"dim e\" x=\"%d\" y=\"28\">"
		    "and %" PRIu64 " more, which are not drawn</text>\n",
		    WATERFALL_RIGHT, d->w->left_out);
}

static void
waterfall_draw_legend(const struct waterfall_drawing *d)
{
	size_t x = 16;

	for (size_t i = 0; i < WATERFALL_PHASES; i++) {
		record_addf(d->r, "<rect class=\"%s\" x=\"%zu\" y=\"%d\" "
		    "width=\"12\" height=\"%d\" rx=\"2\"/><text class=\"dim\" "
		    "x=\"%zu\" y=\"52\">%s</text>\n",
		    waterfall_phases[i].style, x,
		    i == WATERFALL_BLOCKED ? 46 : 42,
		    i == WATERFALL_BLOCKED ? 3 : 11, x + 18,
		    waterfall_phases[i].name);
		x += 40 + 13 * strlen(waterfall_phases[i].name) / 2;
	}
}

/* The step between two lines of the axis: 1, 2 or 5, and zeros. */
static uint64_t
waterfall_step(uint64_t span_ns)
{
	uint64_t step = 1000;

	for (unsigned i = 0; span_ns / step > 8; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	return step;
}

/* A text of the axis: what time is there. */
static void
waterfall_draw_mark(const struct waterfall_drawing *d, uint64_t at,
    unsigned y)
{
	bool is_short = d->span_ns < 10000000000;

	record_addf(d->r, "<text class=\"dim m\" x=\"%.1f\" y=\"%u\">",
	    waterfall_x(d, d->begun_ns + at), y);
	record_addf(d->r, is_short ? "%.6g ms" : "%.6g s",
	    (double)at / (is_short ? 1e6 : 1e9));
	record_addf(d->r, "</text>\n");
}

/* The lines of the axis; texts above, and below where that is far away. */
static void
waterfall_draw_axis(const struct waterfall_drawing *d)
{
	uint64_t step = waterfall_step(d->span_ns);

	for (uint64_t at = 0; at <= d->span_ns; at += step) {
		record_addf(d->r, "<path class=\"g\" d=\"M%.1f %dV%u\"/>\n",
		    waterfall_x(d, d->begun_ns + at), WATERFALL_FLIGHT_TOP,
		    d->bottom);
		waterfall_draw_mark(d, at, WATERFALL_AXIS);
		if (d->w->count > WATERFALL_FEW)
			waterfall_draw_mark(d, at, d->bottom + 16);
	}
}

static int
waterfall_compare_times(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * The times at which a request went into flight, or came out of it, sorted;
 * NULL without memory.
 */
static uint64_t *
waterfall_times(const struct waterfall *w, bool ends)
{
	uint64_t *times = calloc(w->count + 1, sizeof(times[0]));

	if (times == NULL)
		return NULL;
	for (size_t i = 0; i < w->count; i++)
		times[i] = ends ? w->rows[i].ended_ns : w->rows[i].begun_ns +
		    w->rows[i].phases_ns[WATERFALL_BLOCKED];
	qsort(times, w->count, sizeof(times[0]), waterfall_compare_times);
	return times;
}

/* The most that were in flight at a time. */
static size_t
waterfall_most(const uint64_t *begun, const uint64_t *ended, size_t count)
{
	size_t most = 0;

	for (size_t i = 0, j = 0; i < count; i++) {
		while (j < i && ended[j] <= begun[i])
			j++;
		if (i + 1 - j > most)
			most = i + 1 - j;
	}
	return most;
}

/* How many were in flight, as steps that go up and down. */
static void
waterfall_draw_steps(const struct waterfall_drawing *d,
    const uint64_t *begun, const uint64_t *ended)
{
	size_t count = d->w->count, i = 0, j = 0;
	size_t most = waterfall_most(begun, ended, count);
	double unit = (double)(WATERFALL_FLIGHT_END - WATERFALL_FLIGHT_TOP) /
	    (double)(most > 0 ? most : 1);

	record_addf(d->r, "<text class=\"dim e\" x=\"%d\" y=\"%d\">in flight: "
	    "at most %zu</text>\n<path class=\"f\" d=\"M%d %d", WATERFALL_TIME,
	    WATERFALL_FLIGHT_END - 14, most, WATERFALL_LEFT,
	    WATERFALL_FLIGHT_END);
	while (j < count) {
		/* One that was never in flight ends when it begins. */
		bool up = i < count && (begun[i] < ended[j] || i == j);
		double x = waterfall_x(d, up ? begun[i++] : ended[j++]);

		record_addf(d->r, "H%.1fV%.1f", x,
		    (double)WATERFALL_FLIGHT_END - (double)(i - j) * unit);
	}
	record_addf(d->r, "H%dZ\"/>\n", WATERFALL_RIGHT);
}

static void
waterfall_draw_flight(const struct waterfall_drawing *d)
{
	uint64_t *begun = waterfall_times(d->w, false);
	uint64_t *ended = waterfall_times(d->w, true);

	if (begun != NULL && ended != NULL)
		waterfall_draw_steps(d, begun, ended);
	else
		d->r->failed = true;
	free(begun);
	free(ended);
}

/* ---- a row ---- */

/* What is shown where the pointer rests: all that is known. */
static void
waterfall_add_tip(struct record *r, const struct waterfall_row *row)
{
	record_addf(r, "<title>");
	waterfall_add_text(r, row->label);
	record_addf(r, "\n");
	if (row->status != 0)
		record_addf(r, "status %d, %" PRIu64 " bytes decoded, on a %s "
		    "connection\n", row->status, row->bytes,
		    row->reused ? "kept" : "new");
	if (row->why[0] != '\0') {
		record_addf(r, "failed: ");
		waterfall_add_text(r, row->why);
		record_addf(r, "\n");
	}
	for (size_t i = 0; i < WATERFALL_PHASES; i++)
		if (row->phases_ns[i] > 0)
			record_addf(r, "%s %.3f ms\n", waterfall_phases[i].name,
			    (double)row->phases_ns[i] / 1e6);
	record_addf(r, "</title>");
}

/* The bars, one behind the other; the last one ends in red if it failed. */
static void
waterfall_draw_bars(const struct waterfall_drawing *d,
    const struct waterfall_row *row, unsigned y)
{
	uint64_t at = row->begun_ns;
	unsigned bar = d->size->bar, top = y + (d->size->row - bar) / 2;
	double x, width;

	for (size_t i = 0; i < WATERFALL_PHASES; i++) {
		unsigned high = i == WATERFALL_BLOCKED ? bar / 4 : bar;

		x = waterfall_x(d, at);
		at += row->phases_ns[i];
		width = waterfall_x(d, at) - x;
		if (width < 0.1)
			continue;
		record_addf(d->r, "<rect class=\"%s\" x=\"%.1f\" y=\"%u\" "
		    "width=\"%.1f\" height=\"%u\"/>",
		    waterfall_phases[i].style, x, top + (bar - high) / 2,
		    width < 0.6 ? 0.6 : width, high);
	}
	if (waterfall_is_bad(row))
		record_addf(d->r, "<rect class=\"x\" x=\"%.1f\" y=\"%u\" "
		    "width=\"3\" height=\"%u\"/>", waterfall_x(d, at) - 1,
		    top - 1, bar + 2);
}

static void
waterfall_draw_row(const struct waterfall_drawing *d, size_t i)
{
	const struct waterfall_row *row = &d->w->rows[i];
	const struct waterfall_size *size = d->size;
	unsigned y = WATERFALL_TOP + (unsigned)i * size->row;

	record_addf(d->r, "<g class=\"%s%s\">", size->style,
	    waterfall_is_bad(row) ? " bad" : "");
	waterfall_add_tip(d->r, row);
	record_addf(d->r, "<rect class=\"o\" x=\"8\" y=\"%u\" width=\"%d\" "
	    "height=\"%u\"/><text x=\"16\" y=\"%u\">", y,
	    WATERFALL_RIGHT - 8, size->row, y + size->base);
	waterfall_add_label(d->r, row->label, size->letters);
	record_addf(d->r, "</text><text class=\"e\" x=\"%d\" y=\"%u\">",
	    WATERFALL_STATUS, y + size->base);
	if (row->status != 0)
		record_addf(d->r, "%d", row->status);
	else
		record_addf(d->r, "\xE2\x80\x93");
	record_addf(d->r, "</text><text class=\"e\" x=\"%d\" y=\"%u\">",
	    WATERFALL_TIME, y + size->base);
	waterfall_add_time(d->r, row->ended_ns - row->begun_ns);
	record_addf(d->r, "</text>");
	waterfall_draw_bars(d, row, y);
	record_addf(d->r, "</g>\n");
}

/* ---- the whole ---- */

/* From the first beginning to the last end, and how high all that is. */
static void
waterfall_measure(struct waterfall_drawing *d)
{
	const struct waterfall *w = d->w;
	uint64_t end = 0;

	for (size_t i = 0; i < w->count; i++)
		if (w->rows[i].ended_ns > end)
			end = w->rows[i].ended_ns;
	d->begun_ns = w->count > 0 ? w->rows[0].begun_ns : 0;
	d->span_ns = end > d->begun_ns ? end - d->begun_ns : 1;
	d->size = &waterfall_sizes[w->count > WATERFALL_FEW];
	d->bottom = WATERFALL_TOP + (unsigned)w->count * d->size->row;
}

void
waterfall_write(struct waterfall *w, struct record *r)
{
	struct waterfall_drawing d = { .w = w, .r = r };
	unsigned height;

	if (w->count > 0)
		qsort(w->rows, w->count, sizeof(w->rows[0]),
		    waterfall_compare);
	waterfall_measure(&d);
	height = d.bottom + WATERFALL_END;
	record_addf(r, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
	    "height=\"%u\" viewBox=\"0 0 %d %u\">\n", WATERFALL_WIDTH, height,
	    WATERFALL_WIDTH, height);
	record_add(r, waterfall_style, strlen(waterfall_style));
	record_addf(r, "<rect class=\"bg\" width=\"%d\" height=\"%u\"/>\n",
	    WATERFALL_WIDTH, height);
	waterfall_draw_title(&d);
	waterfall_draw_legend(&d);
	waterfall_draw_axis(&d);
	waterfall_draw_flight(&d);
	for (size_t i = 0; i < w->count; i++)
		waterfall_draw_row(&d, i);
	record_addf(r, "</svg>\n");
}
