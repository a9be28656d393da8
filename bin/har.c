/*
 * har.c - HAR 1.2, an entry at a time.
 *
 * The specification is "HTTP Archive 1.2" of the W3C's Web Performance group:
 * http://www.softwareishard.com/blog/har-12-spec/.  Times are in ms, and -1
 * where a phase does not apply, or a number is not known.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "har.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "place.h"
#include "program.h"

/* ---- parts of an entry ---- */

static void
har_add_text(struct har *h, const char *text)
{
	record_add_json(&h->out, text, strlen(text));
}

/* When it was begun, as ISO 8601 has it, to the millisecond. */
static void
har_add_begun(struct har *h, uint64_t begun_ns)
{
	uint64_t ns = begun_ns + h->ahead_ns;
	time_t seconds = (time_t)(ns / 1000000000);
	char text[32] = "1970-01-01T00:00:00";
	struct tm tm;

	if (gmtime_r(&seconds, &tm) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	record_addf(&h->out, "\"startedDateTime\":\"%s.%03uZ\",", text,
	    (unsigned)(ns / 1000000 % 1000));
}

/* One parameter of a query, as it stands: NAME=VALUE or NAME. */
static void
har_add_parameter(struct har *h, const char *at, size_t len)
{
	const char *equals = memchr(at, '=', len);
	size_t name_len = equals != NULL ? (size_t)(equals - at) : len;

	record_addf(&h->out, "{\"name\":");
	record_add_json(&h->out, at, name_len);
	record_addf(&h->out, ",\"value\":");
	if (equals != NULL)
		record_add_json(&h->out, equals + 1, len - name_len - 1);
	else
		record_addf(&h->out, "\"\"");
	record_add(&h->out, "}", 1);
}

/* The query of a path, taken apart at its "&". */
static void
har_add_query(struct har *h, const char *at, size_t len)
{
	const char *mark = memchr(at, '?', len), *end = at + len;
	const char *between = "";

	record_addf(&h->out, "\"queryString\":[");
	at = mark != NULL ? mark + 1 : end;
	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));

		if (stop == NULL)
			stop = end;
		if (stop > at) {
			record_addf(&h->out, "%s", between);
			har_add_parameter(h, at, (size_t)(stop - at));
			between = ",";
		}
		at = stop < end ? stop + 1 : end;
	}
	record_addf(&h->out, "],");
}

static void
har_add_request(struct har *h, const struct http_journal_entry *e)
{
	struct record url = { .at = NULL };

	place_add(&url, &e->place);
	h->out.failed |= url.failed;
	record_addf(&h->out, "\"request\":{\"method\":");
	har_add_text(h, e->method);
	record_addf(&h->out, ",\"url\":");
	record_add_json(&h->out, url.at, url.len);
	record_addf(&h->out, ",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],"
	    "\"headers\":[],");
	har_add_query(h, e->place.target, e->place.target_len);
	record_addf(&h->out, "\"headersSize\":-1,\"bodySize\":-1},");
	record_free(&url);
}

static void
har_add_response(struct har *h, const struct http_journal_entry *e)
{
	record_addf(&h->out, "\"response\":{\"status\":%d,\"statusText\":\"\","
	    "\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":[],"
	    "\"content\":{\"size\":%" PRIu64 ",\"mimeType\":", e->status,
	    e->bytes);
	har_add_text(h, e->content_type);
	record_addf(&h->out, "},\"redirectURL\":\"\",\"headersSize\":-1,"
	    "\"bodySize\":-1},\"cache\":{},");
}

/* The time of a phase that does not apply if it took none. */
static double
har_phase(uint64_t ns)
{
	return ns > 0 ? (double)ns / 1e6 : -1;
}

/* In a HAR, connecting has the time for TLS in it. */
static void
har_add_timings(struct har *h, const struct http_journal_entry *e)
{
	const struct http_timings *t = &e->timings;

	record_addf(&h->out, "\"timings\":{\"blocked\":%.3f,\"dns\":%.3f,"
	    "\"connect\":%.3f,\"ssl\":%.3f,\"send\":0,\"wait\":%.3f,"
	    "\"receive\":%.3f}",
	    (double)http_journal_blocked_ns(e) / 1e6, har_phase(t->name_ns),
	    har_phase(t->connect_ns + t->tls_ns), har_phase(t->tls_ns),
	    (double)t->wait_ns / 1e6, (double)t->receive_ns / 1e6);
}

/* Where the answer came from: an address without its port. */
static void
har_add_server(struct har *h, const struct http_journal_entry *e)
{
	const char *at = e->address, *colon = strrchr(at, ':');
	size_t len = colon != NULL ? (size_t)(colon - at) : strlen(at);

	if (len > 1 && at[0] == '[') {
		at++;
		len -= 2;
	}
	if (len > 0) {
		record_addf(&h->out, ",\"serverIPAddress\":");
		record_add_json(&h->out, at, len);
	}
	if (e->connection != 0)
		record_addf(&h->out, ",\"connection\":\"%" PRIu64 "\"",
		    e->connection);
}

/* ---- the archive ---- */

/* Writes what was gathered. */
static void
har_flush(struct har *h)
{
	int error = record_write(&h->out, h->fd);

	if (h->error == 0)
		h->error = error;
}

void
har_begin(struct har *h, int fd, uint64_t now_ns, uint64_t wall_ns)
{
	*h = (struct har){ .fd = fd, .ahead_ns = wall_ns - now_ns };
	record_addf(&h->out, "{\"log\":{\"version\":\"1.2\",\"creator\":{"
	    "\"name\":\"Spindle\",\"version\":\"" PROGRAM_VERSION "\"},"
	    "\"pages\":[],\"entries\":[");
}

int
har_add(struct har *h, const struct http_journal_entry *e)
{
	if (h->error != 0)
		return h->error;
	record_addf(&h->out, "%s\n{", h->count++ > 0 ? "," : "");
	har_add_begun(h, e->begun_ns);
	record_addf(&h->out, "\"time\":%.3f,",
	    (double)(e->ended_ns - e->begun_ns) / 1e6);
	har_add_request(h, e);
	har_add_response(h, e);
	har_add_timings(h, e);
	har_add_server(h, e);
	if (e->failure != NULL) {
		record_addf(&h->out, ",\"comment\":");
		har_add_text(h, e->failure);
	}
	record_add(&h->out, "}", 1);
	if (h->out.len >= HAR_ROOM || h->out.failed)
		har_flush(h);
	return h->error;
}

int
har_end(struct har *h)
{
	if (h->error == 0) {
		record_addf(&h->out, "\n]}}\n");
		har_flush(h);
	}
	record_free(&h->out);
	return h->error;
}
