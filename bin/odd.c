/*
 * odd.c - the table of odd pages.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "odd.h"

#include <string.h>

#include "../http/credentials.h"

/* How many bytes the large page has. */
enum { ODD_LARGE = 4 * 1024 * 1024 };

/* How many links the page has that has many. */
enum { ODD_LINKS = 100000 };

/* What a page does beyond sending what the table says. */
enum odd_habit {
	ODD_PLAIN,
	ODD_BUSY,			/* the first of two requests fails */
	ODD_COOKIE,			/* for those who bring its cookie */
	ODD_FORM,			/* tells what was sent */
	ODD_GROWN,			/* white space before its end */
	ODD_MANY,			/* more links than anybody keeps */
	ODD_MIRROR,			/* tells who asked */
	ODD_RESET,			/* no answer but a reset */
	ODD_SECRET,			/* for "planet", by password "x" */
	ODD_SILENT			/* no answer at all */
};

static const struct http_request_field odd_now = { "Retry-After", 11, "0", 1 },
    odd_to_planet = { "Location", 8, "/planet-1/", 10 },
    odd_to_loop = { "Location", 8, "loop", 4 },
    odd_deflated = { "Content-Encoding", 16, "deflate", 7 },
    odd_coded = { "Content-Encoding", 16, "br", 2 },
    odd_realm = { "WWW-Authenticate", 16, "Basic realm=\"odd\"", 17 };

/* For a client without its cookie: to itself, with one. */
static const struct http_request_field odd_with_cookie[] = {
	{ "Set-Cookie", 10, "seen=yes; Path=/odd/", 20 },
	{ "Location", 8, "cookie", 6 },
};

static const struct {
	const char *name;
	int status;
	const struct http_request_field *field;		/* or NULL */
	const char *body;
	enum odd_habit habit;
} odd_table[ODD_PAGES] = {
	{ "404", 404, NULL, "<title>Not here</title>", ODD_PLAIN },
	{ "503", 503, &odd_now, "<title>Not now</title>", ODD_PLAIN },
	{ "busy", 503, &odd_now, "<title>At last</title>"
	    "<h3><a href=/planet-1/article-1>It</a></h3>", ODD_BUSY },
	{ "redirect", 302, &odd_to_planet, "", ODD_PLAIN },
	{ "loop", 302, &odd_to_loop, "", ODD_PLAIN },
	{ "no-title", 200, NULL, "<h3><a href=no-title?2>It</a></h3>"
	    "<svg><title>Drawing</title></svg>", ODD_PLAIN },
	{ "no-article", 200, NULL, "<title>No article</title>"
	    "<p><a href=/planet-1/>A link</a></p>", ODD_PLAIN },
	{ "lost-article", 200, NULL, "<title>Lost</title>"
	    "<h3><a href=404>It</a></h3>", ODD_PLAIN },
	{ "controls", 200, NULL, "<title>a\033[31m&#x9b;31m\xc2\x9b"
	    "&#x202e;b</title><h3><a href=controls?2>It</a></h3>", ODD_PLAIN },
	{ "agent", 200, NULL, "", ODD_MIRROR },
	/* A block of 257 bytes, the last one, that ends early. */
	{ "cut", 200, &odd_deflated, "\x01\x01\x01\xFE\xFE<title>Cut</title>",
	    ODD_PLAIN },
	{ "coding", 200, &odd_coded, "<title>Coded</title>", ODD_PLAIN },
	{ "large", 200, NULL, "<title>Large</title>", ODD_GROWN },
	{ "many", 200, NULL, "<title>Many links</title>", ODD_MANY },
	{ "robots", 200, NULL, "<title>Not for robots</title>", ODD_PLAIN },
	{ "secret", 200, NULL, "<title>Secret</title>", ODD_SECRET },
	{ "cookie", 200, NULL, "<title>Cookie</title>", ODD_COOKIE },
	{ "form", 200, NULL, "", ODD_FORM },
	{ "refresh", 200, NULL, "<title>Moved</title><meta "
	    "http-equiv=refresh content='0; url=/planet-1/'>", ODD_PLAIN },
	{ "reset", 0, NULL, "", ODD_RESET },
	{ "silent", 0, NULL, "", ODD_SILENT },
};

/* The client's User-Agent as title; HTML in it is not escaped. */
static void
odd_mirror(struct record *r, const struct http_head *head)
{
	struct http_head_field field;

	if (!http_head_find(head, "user-agent", strlen("user-agent"), &field))
		return;
	record_addf(r, "<title>");
	record_add_clean(r, field.value, field.value_len);
	record_addf(r, "</title>");
}

/* Method and content of the request as title; likewise. */
static void
odd_tell_form(struct record *r, const struct http_server_request *q)
{
	record_addf(r, "<title>");
	record_add_clean(r, http_head_text(q->head, q->head->method),
	    q->head->method.len);
	record_addf(r, " ");
	record_add_clean(r, q->content, q->content_len);
	record_addf(r, "</title>");
}

/* Whether the client brings the cookie, perhaps among others of its own. */
static bool
odd_has_cookie(const struct http_head *head)
{
	static const char want[] = "seen=yes";
	const size_t len = sizeof(want) - 1;
	struct http_head_field f;
	const char *at, *end;

	if (!http_head_find(head, "cookie", 6, &f))
		return false;
	end = f.value + f.value_len;
	for (at = f.value; (size_t)(end - at) >= len; at++)
		if (memcmp(at, want, len) == 0 &&
		    (at == f.value || at[-1] == ' ') &&
		    (at + len == end || at[len] == ';'))
			return true;
	return false;
}

/*
 * Whether the client has the password, or the cookie; if not, changes the
 * answer.
 */
static bool
odd_lets_in(enum odd_habit habit, const struct http_head *head,
    struct http_server_answer *answer)
{
	struct http_head_field f = { .value = NULL };

	if (habit == ODD_SECRET &&
	    (!http_head_find(head, "authorization", 13, &f) ||
	    !http_credentials_match(f.value, f.value_len, "planet", "x"))) {
		answer->status = 401;
		answer->fields = &odd_realm;
		answer->field_count = 1;
		return false;
	}
	if (habit == ODD_COOKIE && !odd_has_cookie(head)) {
		answer->status = 302;
		answer->fields = odd_with_cookie;
		answer->field_count = 2;
		return false;
	}
	return true;
}

static void
odd_body(struct record *r, size_t which, const struct http_server_request *q)
{
	const char *body = odd_table[which].body;

	if (odd_table[which].habit == ODD_MIRROR)
		odd_mirror(r, q->head);
	if (odd_table[which].habit == ODD_FORM)
		odd_tell_form(r, q);
	while (odd_table[which].habit == ODD_GROWN && r->len < ODD_LARGE &&
	    !r->failed)
		record_addf(r, "%4095s\n", "");
	record_add(r, body, strlen(body));
	for (int i = 0; odd_table[which].habit == ODD_MANY && i < ODD_LINKS;
	    i++)
		record_addf(r, "<a href=/odd/404>x</a>\n");
}

static void
odd_render(struct http_resource *resource, struct http_server_request *request)
{
	struct odd_page *p = reactor_container_of(
	    resource, struct odd_page, resource);
	enum odd_habit habit = odd_table[p->which].habit;
	struct record body = { .at = NULL };
	struct http_server_answer answer = {
		.status = odd_table[p->which].status,
		.content_type = "text/html; charset=utf-8",
		.fields = odd_table[p->which].field,
		.field_count = odd_table[p->which].field != NULL,
	};

	if (habit == ODD_BUSY && p->asked++ % 2 == 1)
		answer.status = 200;
	if (habit == ODD_RESET)
		http_server_refuse(request);
	if (habit == ODD_RESET || habit == ODD_SILENT)
		return;
	if (odd_lets_in(habit, request->head, &answer))
		odd_body(&body, p->which, request);
	delayed_answer(p->clock, request, &answer, &body);
}

static struct http_resource *
odd_child(struct http_resource *resource, const char *name, size_t len)
{
	struct odd *odd = reactor_container_of(resource, struct odd, resource);

	for (size_t i = 0; i < ODD_PAGES; i++)
		if (strlen(odd_table[i].name) == len &&
		    memcmp(odd_table[i].name, name, len) == 0)
			return &odd->pages[i].resource;
	return NULL;
}

/* A page with a link to each of the others. */
static void
odd_render_list(struct http_resource *resource,
    struct http_server_request *request)
{
	static const struct http_server_answer answer = {
		.status = 200, .content_type = "text/html; charset=utf-8",
	};
	const struct odd *odd = reactor_container_of(
	    resource, struct odd, resource);
	struct record body = { .at = NULL };

	record_addf(&body, "<!DOCTYPE html>\n<title>Odd pages</title>\n<ul>\n");
	for (size_t i = 0; i < ODD_PAGES; i++)
		record_addf(&body, "<li><a href=\"/odd/%s\">%s</a>\n",
		    odd_table[i].name, odd_table[i].name);
	delayed_answer(odd->pages[0].clock, request, &answer, &body);
}

static const struct http_resource_ops odd_page_ops = {
	.render = odd_render,
	.content_max = 65536,
	.gone = delayed_gone,
};

static const struct http_resource_ops odd_ops = {
	.child = odd_child,
	.render = odd_render_list,
	.gone = delayed_gone,
};

void
odd_init(struct odd *odd, const struct delayed_clock *clock)
{
	odd->resource.ops = &odd_ops;
	for (size_t i = 0; i < ODD_PAGES; i++)
		odd->pages[i] = (struct odd_page){
			.resource.ops = &odd_page_ops,
			.clock = clock, .which = i,
		};
}
