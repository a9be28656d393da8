/*
 * sim_web.c - see sim_web.h: the plans, the judge, and the answers.
 *
 * Requests are read here by hand: who judges a client's requests should not
 * read them by what the client writes them with.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/connect.h"

const struct sim_web_place sim_web_places[SIM_WEB_ORIGINS] = {
	{ "http", "a.one.test", "192.0.2.1", 80, 0, "o0:x@",
	    "Basic bzA6eA==" },
	{ "http", "b.one.test", "192.0.2.2", 80, 1, "o1:x@",
	    "Basic bzE6eA==" },
	{ "http", "none.test", "192.0.2.3", 80, 2, "o2:x@",
	    "Basic bzI6eA==" },
	{ "http", "none.test:8080", "192.0.2.3", 8080, 2, "o3:x@",
	    "Basic bzM6eA==" },
	{ "https", "safe.site.test", "192.0.2.4", 443, 3, "o4:x@",
	    "Basic bzQ6eA==" },
	{ "http", "safe.site.test", "192.0.2.4", 80, 3, "o5:x@",
	    "Basic bzU6eA==" },
};

static const char sim_web_proxy_basic[] = "Basic cDp4";

/* One connection from a client, or the far half of a tunnel. */
struct sim_web_visit {
	struct protocol protocol;
	struct sim_web_port *port;
	struct reactor_list link;
	struct sim_web_visit *other;	/* a tunnel's other half, or NULL */
	bool over;			/* no request is read any more, */
	bool told;			/* as the client was told */
};

/* A request, as it was read. */
struct sim_web_request {
	const char *head;		/* NUL-terminated */
	char target[512];		/* without what is in front of a path */
	int origin;			/* -1: there is no such one */
	bool by_proxy;			/* in absolute form */
};

static void
sim_web_check(struct sim_web *w, bool held, const char *promise)
{
	if (held || w->broken != NULL)
		return;
	w->broken = promise;
	sim_note(w->sim, "broken: %s", promise);
}

/* ---- the plans ---- */

static int
sim_web_draw_origin(struct sim_web *w)
{
	int origin = (int)sim_draw(w->sim, SIM_WEB_ORIGINS);

	return origin == SIM_WEB_SAFE && w->tls == NULL ? 0 : origin;
}

/* Adds a step, half of the time where the last one was. */
static void
sim_web_plan_step(struct sim_web *w, struct sim_web_plan *p,
    enum sim_web_act act)
{
	struct sim_web_step *s = &p->steps[p->count];

	*s = (struct sim_web_step){ .act = act };
	if (p->count > 0 && sim_chance(w->sim, 500))
		s->origin = s[-1].origin;
	else
		s->origin = sim_web_draw_origin(w);
	s->framing = (enum sim_web_framing)sim_draw(w->sim, 3);
	if (sim_chance(w->sim, 250))
		s->flaw = (enum sim_web_flaw)sim_draw(w->sim, SIM_WEB_FLAWS);
	if (s->flaw == SIM_WEB_STALLS || sim_chance(w->sim, 20))
		p->patience_ns = 1 + sim_draw(w->sim, 300000000);
	s->closes = sim_chance(w->sim, 200);
	s->leaves = sim_chance(w->sim, 200);
	s->forbidden = !p->whole && sim_chance(w->sim, 60);
	p->count++;
}

/* Up to two hops, then what they lead to. */
static void
sim_web_plan_page(struct sim_web *w, struct sim_web_plan *p,
    enum sim_web_act act)
{
	uint64_t hops = sim_draw(w->sim, 3);

	for (; hops > 0; hops--)
		sim_web_plan_step(w, p,
		    !p->whole && act == SIM_WEB_LINK &&
		    sim_chance(w->sim, 300) ?
		    SIM_WEB_REFRESH : SIM_WEB_REDIRECT);
	sim_web_plan_step(w, p, act);
}

void
sim_web_plan(struct sim_web *w)
{
	struct sim_web_plan *p;

	for (p = w->plans; p < w->plans + SIM_WEB_ERRANDS; p++) {
		p->whole = sim_chance(w->sim, 300);
		p->named = sim_chance(w->sim, 400);
		if (!p->whole)
			sim_web_plan_page(w, p, SIM_WEB_LINK);
		sim_web_plan_page(w, p, SIM_WEB_LAST);
	}
}

void
sim_web_url(const struct sim_web *w, int errand, int step, bool named,
    char *to, size_t room)
{
	const struct sim_web_step *s = &w->plans[errand].steps[step];
	const struct sim_web_place *at = &sim_web_places[s->origin];

	snprintf(to, room, "%s://%s%s%s/%d/%d", at->scheme,
	    named ? at->user : "", at->host, s->forbidden ? "/no" : "",
	    errand, step);
}

/* Whether a chain has been at one origin only, as far as this step. */
static bool
sim_web_has_stayed(const struct sim_web_plan *p, int step)
{
	while (step > 0 && p->steps[step].origin == p->steps[0].origin)
		step--;
	return step == 0;
}

/* Whether a chain was at this host before this step: it has its cookie. */
static bool
sim_web_was_there(const struct sim_web_plan *p, int step)
{
	int host = sim_web_places[p->steps[step].origin].cookies, i;

	for (i = 0; i < step; i++)
		if (sim_web_places[p->steps[i].origin].cookies == host)
			return true;
	return false;
}

/* ---- the judge ---- */

/* The value of the only field of that name, copied; "": none. */
static const char *
sim_web_field(struct sim_web *w, const char *head, const char *name, char *to,
    size_t room)
{
	const char *line = head, *found = NULL;
	size_t len = strlen(name);

	while ((line = strstr(line, "\r\n")) != NULL) {
		line += 2;
		if (strncmp(line, name, len) != 0 || line[len] != ':')
			continue;
		sim_web_check(w, found == NULL, "a field comes once");
		found = line + len + 1;
	}
	to[0] = '\0';
	if (found != NULL)
		snprintf(to, room, "%.*s", (int)strcspn(found + 1, "\r"),
		    found + 1);
	return to;
}

static void
sim_web_judge_cookie(struct sim_web *w, int origin, int errand, bool stayed,
    const char *pair)
{
	const struct sim_web_place *at = &sim_web_places[origin];
	char own[40], shared[40], safe[40];

	snprintf(own, sizeof(own), "own=%d.%d", errand, at->cookies);
	snprintf(shared, sizeof(shared), "shared=%d", errand);
	snprintf(safe, sizeof(safe), "safe=%d", errand);
	if (w->user_cookie != NULL && strcmp(pair, w->user_cookie) == 0)
		sim_web_check(w, stayed,
		    "the user's cookie goes to the first origin only");
	else if (strcmp(pair, shared) == 0)
		sim_web_check(w, at->cookies <= 1,
		    "a domain's cookie stays in the domain");
	else if (strcmp(pair, safe) == 0)
		sim_web_check(w, origin == SIM_WEB_SAFE,
		    "a Secure cookie goes by https only");
	else
		sim_web_check(w, strcmp(pair, own) == 0,
		    "a cookie goes to its host, in its errand");
}

/* All cookies that came are allowed, and those that must come have. */
static void
sim_web_judge_cookies(struct sim_web *w, const struct sim_web_request *r,
    int errand, int step)
{
	const struct sim_web_plan *p = &w->plans[errand];
	bool stayed = sim_web_has_stayed(p, step), user = false, own = false;
	char field[512], *pair, *next;

	sim_web_field(w, r->head, "Cookie", field, sizeof(field));
	for (pair = field; *pair != '\0'; pair = next) {
		next = pair + strcspn(pair, ";");
		if (*next != '\0')
			*next++ = '\0';
		next += strspn(next, " ");
		sim_web_judge_cookie(w, r->origin, errand, stayed, pair);
		own = own || strncmp(pair, "own=", 4) == 0;
		user = user || strncmp(pair, "user=", 5) == 0;
	}
	sim_web_check(w, user == (stayed && w->user_cookie != NULL),
	    "the user's cookie goes to the first origin");
	sim_web_check(w, own || !sim_web_was_there(p, step),
	    "a host gets its cookies back");
}

static void
sim_web_judge_names(struct sim_web *w, const struct sim_web_request *r,
    int errand, int step)
{
	const struct sim_web_plan *p = &w->plans[errand];
	const char *own = sim_web_places[p->steps[0].origin].basic;
	char field[512];

	sim_web_field(w, r->head, "Authorization", field, sizeof(field));
	sim_web_check(w, field[0] == '\0' || (p->named &&
	    sim_web_has_stayed(p, step) && strcmp(field, own) == 0),
	    "a name and password go to their origin only");
	sim_web_check(w, step > 0 || !p->named || field[0] != '\0',
	    "a name and password in a URL are sent");
}

/* What holds for each request, whatever it is for. */
static void
sim_web_judge_way(struct sim_web *w, const struct sim_web_port *port,
    const struct sim_web_request *r)
{
	char field[512];

	if (r->origin < 0) {
		sim_web_check(w, false, "a request is for an origin");
		return;
	}
	sim_web_field(w, r->head, "Host", field, sizeof(field));
	sim_web_check(w, strcmp(field, sim_web_places[r->origin].host) == 0,
	    "Host names the origin");
	sim_web_field(w, r->head, "Proxy-Authorization", field,
	    sizeof(field));
	sim_web_check(w, strcmp(field, r->by_proxy ? sim_web_proxy_basic :
	    "") == 0, "the proxy's password is for the proxy");
	sim_web_check(w, r->by_proxy == (port->origin < 0),
	    "the absolute form is for proxies");
	sim_web_check(w, r->origin == SIM_WEB_SAFE ||
	    r->by_proxy == w->proxied[r->origin],
	    "each URL goes by its proxy, or by none");
}

/* Reads "/no/4/1": false if it is no such path. */
static bool
sim_web_read_path(const char *path, int *errand, int *step, bool *forbidden)
{
	*forbidden = strncmp(path, "/no/", 4) == 0;
	if (*forbidden)
		path += 3;
	return sscanf(path, "/%d/%d", errand, step) == 2 && *errand >= 0 &&
	    *errand < SIM_WEB_ERRANDS && *step >= 0 && *step < SIM_WEB_STEPS;
}

/* A page is asked for: false if there is no such one. */
static bool
sim_web_judge_page(struct sim_web *w, const struct sim_web_request *r,
    int *errand, int *step)
{
	const struct sim_web_plan *p;
	bool forbidden;

	if (!sim_web_read_path(r->target, errand, step, &forbidden))
		return false;
	p = &w->plans[*errand];
	if (*step >= p->count || p->steps[*step].origin != r->origin)
		return false;
	sim_web_judge_cookies(w, r, *errand, *step);
	sim_web_judge_names(w, r, *errand, *step);
	if (w->robots && !p->whole) {
		sim_web_check(w, !forbidden,
		    "what robots.txt forbids is not asked for");
		sim_web_check(w, w->robots_asked[r->origin] > 0,
		    "robots.txt comes before any page");
	}
	return true;
}

/* ---- answers ---- */

/* What a page says in front, with its number and where it leads. */
static int
sim_web_front(const struct sim_web *w, int number, char *to, size_t room)
{
	const struct sim_web_answer *a = &w->answers[number];
	enum sim_web_act act = w->plans[a->errand].steps[a->step].act;
	char url[128] = "", link[200] = "";

	if (act != SIM_WEB_LAST)
		sim_web_url(w, a->errand, a->step + 1, false, url,
		    sizeof(url));
	if (act == SIM_WEB_REFRESH)
		snprintf(link, sizeof(link), "<meta http-equiv=refresh "
		    "content='0;url=%s'>", url);
	if (act == SIM_WEB_LINK)
		snprintf(link, sizeof(link), "<h3><a href='%s'>x</a></h3>",
		    url);
	return snprintf(to, room, "<!DOCTYPE html>%s<title>%d.%d.%d</title>"
	    "<p>", link, a->errand, a->step, number);
}

void
sim_web_content(const struct sim_web *w, int number,
    char to[SIM_WEB_CONTENT + 1])
{
	const struct sim_web_answer *a = &w->answers[number];
	size_t at = (size_t)sim_web_front(w, number, to, SIM_WEB_CONTENT);

	for (; at < a->len; at++)
		to[at] = (char)('a' + (at * 7 + at / 251 +
		    (size_t)number * 11) % 26);
	to[a->len] = '\0';
}

int
sim_web_answer_of(const struct sim_web *w, int errand, const char *title,
    size_t len)
{
	int said_errand, step, number;
	char text[64];

	snprintf(text, sizeof(text), "%.*s", (int)len, title);
	if (sscanf(text, "%d.%d.%d", &said_errand, &step, &number) != 3 ||
	    number < 0 || number >= w->answered || said_errand != errand ||
	    w->answers[number].errand != errand ||
	    w->answers[number].step != step)
		return -1;
	return number;
}

static void
sim_web_say(struct sim_web_visit *v, const char *text)
{
	transport_write(v->protocol.transport, text, strlen(text));
}

static void
sim_web_leave(struct sim_web_visit *v)
{
	v->over = true;
	transport_lose_connection(v->protocol.transport);
}

/* The same, but whoever has been told so may ask nothing any more. */
static void
sim_web_leave_told(struct sim_web_visit *v)
{
	v->over = v->told = true;
	transport_half_close(v->protocol.transport);
}

/* Writes content as one chunk or two, and the last one. */
static void
sim_web_say_chunks(struct sim_web_visit *v, const char *at, size_t len)
{
	size_t first = 1 + (size_t)sim_draw(v->port->web->sim, len);
	char size[32];

	for (; len > 0; at += first, len -= first, first = len) {
		snprintf(size, sizeof(size), "%zx\r\n", first);
		sim_web_say(v, size);
		transport_write(v->protocol.transport, at, first);
		sim_web_say(v, "\r\n");
	}
	sim_web_say(v, "0\r\n\r\n");
}

/*
 * The head of a numbered answer, framed like this.  Any origin wants a cookie
 * for all of one.test, also one that does not lie there (none.test, say).
 */
static void
sim_web_say_head(struct sim_web_visit *v, const struct sim_web_answer *a,
    enum sim_web_framing framing)
{
	struct sim_web *w = v->port->web;
	const struct sim_web_step *s = &w->plans[a->errand].steps[a->step];
	const struct sim_web_place *at = &sim_web_places[s->origin];
	char text[400], url[128];

	sim_web_say(v, s->act == SIM_WEB_REDIRECT ? "HTTP/1.1 302 Found\r\n" :
	    "HTTP/1.1 200 OK\r\n");
	if (s->act == SIM_WEB_REDIRECT) {
		sim_web_url(w, a->errand, a->step + 1, false, url,
		    sizeof(url));
		snprintf(text, sizeof(text), "Location: %s\r\n", url);
		sim_web_say(v, text);
	}
	snprintf(text, sizeof(text), "Content-Type: text/html\r\n"
	    "Set-Cookie: own=%d.%d; Path=/\r\n"
	    "Set-Cookie: %s=%d; Path=/%s\r\n",
	    a->errand, at->cookies,
	    s->origin == SIM_WEB_SAFE ? "safe" : "shared", a->errand,
	    s->origin == SIM_WEB_SAFE ? "; Secure" : "; Domain=one.test");
	sim_web_say(v, text);
	snprintf(text, sizeof(text), "Content-Length: %zu\r\n", a->len);
	if (framing != SIM_WEB_TO_CLOSE)
		sim_web_say(v, framing == SIM_WEB_LENGTH ? text :
		    "Transfer-Encoding: chunked\r\n");
	sim_web_say(v, s->closes ? "Connection: close\r\n\r\n" : "\r\n");
}

/* A number for a new answer, of some length; -1: there were too many. */
static int
sim_web_new_answer(struct sim_web *w, int errand, int step)
{
	char front[400];

	if (w->answered == SIM_WEB_ANSWERS)
		return -1;
	w->answers[w->answered] = (struct sim_web_answer){ errand, step, 0 };
	w->answers[w->answered].len = (size_t)sim_web_front(w, w->answered,
	    front, sizeof(front)) + 1 +
	    (size_t)sim_draw(w->sim, SIM_WEB_CONTENT - 1000);
	return w->answered++;
}

static void
sim_web_give_page(struct sim_web_visit *v, int errand, int step, bool half)
{
	struct sim_web *w = v->port->web;
	const struct sim_web_step *s = &w->plans[errand].steps[step];
	enum sim_web_framing framing = half ? SIM_WEB_LENGTH : s->framing;
	char content[SIM_WEB_CONTENT + 1];
	int number = sim_web_new_answer(w, errand, step);
	size_t len;

	if (number < 0) {
		transport_abort_connection(v->protocol.transport);
		return;
	}
	sim_web_content(w, number, content);
	len = w->answers[number].len;
	sim_web_say_head(v, &w->answers[number], framing);
	if (half)
		transport_write(v->protocol.transport, content, 9);
	else if (framing == SIM_WEB_CHUNKED)
		sim_web_say_chunks(v, content, len);
	else
		transport_write(v->protocol.transport, content, len);
	if (half)
		sim_web_leave(v);
	else if (s->closes || framing == SIM_WEB_TO_CLOSE)
		sim_web_leave_told(v);
	else if (s->leaves)
		sim_web_leave(v);
}

static void
sim_web_answer_page(struct sim_web_visit *v, int errand, int step)
{
	struct sim_web_step *s = &v->port->web->plans[errand].steps[step];
	enum sim_web_flaw flaw = s->asked++ == 0 ? s->flaw : SIM_WEB_FINE;

	if (flaw == SIM_WEB_CUTS && s->framing == SIM_WEB_TO_CLOSE)
		flaw = SIM_WEB_HANGS_UP;	/* else it would be whole */
	if (flaw == SIM_WEB_HANGS_UP)
		sim_web_leave(v);
	else if (flaw == SIM_WEB_UNAVAILABLE)
		sim_web_say(v, "HTTP/1.1 503 Later\r\n"
		    "Content-Length: 5\r\n\r\nlater");
	else if (flaw != SIM_WEB_STALLS)
		sim_web_give_page(v, errand, step, flaw == SIM_WEB_CUTS);
}

static void
sim_web_answer_robots(struct sim_web_visit *v, const struct sim_web_request *r)
{
	struct sim_web *w = v->port->web;
	char field[512];

	w->robots_asked[r->origin]++;
	sim_web_check(w, w->robots, "robots.txt is asked for if it matters");
	sim_web_field(w, r->head, "Cookie", field, sizeof(field));
	sim_web_check(w, field[0] == '\0', "robots.txt gets no cookie");
	sim_web_field(w, r->head, "Authorization", field, sizeof(field));
	sim_web_check(w, field[0] == '\0', "robots.txt gets no password");
	sim_web_say(v, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	    "Content-Length: 30\r\n\r\nUser-agent: *\nDisallow: /no/\n\n");
}

/* ---- requests ---- */

/* The origin of an authority; `safe` for those of https. -1: none. */
static int
sim_web_origin_of(const char *authority, bool safe)
{
	int i;

	for (i = 0; i < SIM_WEB_ORIGINS; i++)
		if ((i == SIM_WEB_SAFE) == safe &&
		    strcmp(sim_web_places[i].host, authority) == 0)
			return i;
	return -1;
}

/* What follows GET: a path, or with a proxy the whole URL. */
static void
sim_web_read_target(struct sim_web *w, const struct sim_web_port *port,
    struct sim_web_request *r)
{
	char target[512], authority[128];

	r->origin = port->origin;
	r->by_proxy = false;
	if (sscanf(r->head, "GET %511s HTTP/1.1\r\n", target) != 1) {
		sim_web_check(w, false, "a request begins with GET");
		return;
	}
	if (sscanf(target, "http://%127[^/]%511s", authority, r->target) ==
	    2) {
		r->by_proxy = true;
		r->origin = sim_web_origin_of(authority, false);
		return;
	}
	memcpy(r->target, target, sizeof(target));
}

static void
sim_web_asked(struct sim_web_visit *v, const char *head)
{
	struct sim_web *w = v->port->web;
	struct sim_web_request r = { .head = head };
	int errand, step;

	sim_web_read_target(w, v->port, &r);
	sim_web_judge_way(w, v->port, &r);
	if (w->broken != NULL)
		transport_abort_connection(v->protocol.transport);
	else if (strcmp(r.target, "/robots.txt") == 0)
		sim_web_answer_robots(v, &r);
	else if (sim_web_judge_page(w, &r, &errand, &step))
		sim_web_answer_page(v, errand, step);
	else
		sim_web_check(w, false, "only pages that are linked are "
		    "asked for");
}

static bool sim_web_dig(struct sim_web_visit *);

/* CONNECT: only for https, and only with the proxy's password. */
static void
sim_web_connect(struct sim_web_visit *v, const char *head)
{
	struct sim_web *w = v->port->web;
	char field[512];

	sim_web_check(w, v->port->origin < 0, "CONNECT is for proxies");
	sim_web_check(w, strncmp(head, "CONNECT safe.site.test:443 HTTP/1.1"
	    "\r\nHost: safe.site.test:443\r\n", 61) == 0,
	    "CONNECT names a host and a port");
	sim_web_field(w, head, "Proxy-Authorization", field, sizeof(field));
	sim_web_check(w, strcmp(field, sim_web_proxy_basic) == 0,
	    "CONNECT has the proxy's password");
	sim_web_check(w, strstr(head, "\r\nCookie:") == NULL &&
	    strstr(head, "\r\nAuthorization:") == NULL,
	    "CONNECT has nothing that is for the site");
	sim_web_check(w, w->proxied[SIM_WEB_SAFE],
	    "https goes by its proxy, or by none");
	if (sim_web_dig(v))
		sim_web_say(v, "HTTP/1.1 200 Go\r\n\r\n");
	else
		transport_abort_connection(v->protocol.transport);
}

/* ---- connections ---- */

static void
sim_web_made(struct protocol *p)
{
	(void)p;
}

static size_t
sim_web_received(struct protocol *p, const char *at, size_t len)
{
	struct sim_web_visit *v = reactor_container_of(
	    p, struct sim_web_visit, protocol);
	char head[2048];
	size_t n = 0;

	if (v->other != NULL) {
		transport_write(v->other->protocol.transport, at, len);
		return len;
	}
	sim_web_check(v->port->web, !v->told,
	    "who is told that a connection closes uses it no more");
	while (!v->over && n + 4 <= len && memcmp(at + n, "\r\n\r\n", 4) != 0)
		n++;
	if (v->over || n + 4 > len || n + 4 >= sizeof(head))
		return v->over ? len : 0;
	n += 4;
	memcpy(head, at, n);
	head[n] = '\0';
	if (strncmp(head, "CONNECT ", 8) == 0)
		sim_web_connect(v, head);
	else
		sim_web_asked(v, head);
	if (n < len && !v->over)
		sim_web_check(v->port->web, v->other != NULL,
		    "one request at a time");
	return n;
}

static void
sim_web_lost(struct protocol *p, int reason)
{
	struct sim_web_visit *v = reactor_container_of(
	    p, struct sim_web_visit, protocol);

	(void)reason;
	if (v->other != NULL) {
		v->other->other = NULL;
		v->other->over = true;
		transport_lose_connection(v->other->protocol.transport);
	}
	reactor_list_remove(&v->link);
	free(v);
}

static const struct protocol_ops sim_web_ops = {
	.connection_made = sim_web_made,
	.data_received = sim_web_received,
	.connection_lost = sim_web_lost,
};

static struct sim_web_visit *
sim_web_visit_new(struct sim_web_port *port)
{
	struct sim_web_visit *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->protocol.ops = &sim_web_ops;
	v->port = port;
	reactor_list_append(&port->web->visits, &v->link);
	return v;
}

static void
sim_web_discard(struct sim_web_visit *v)
{
	if (v != NULL) {
		reactor_list_remove(&v->link);
		free(v);
	}
}

/* The far half of a tunnel, from the proxy to the https origin. */
static bool
sim_web_dig(struct sim_web_visit *v)
{
	const struct sim_web_place *to = &sim_web_places[SIM_WEB_SAFE];
	struct sim_web_visit *far = sim_web_visit_new(v->port);
	struct reactor_address at;

	reactor_address_parse(&at, to->address, strlen(to->address),
	    to->port);
	if (far == NULL || reactor_connect(v->port->web->reactor, &at, NULL,
	    &far->protocol) != 0) {
		sim_web_discard(far);
		return false;
	}
	far->other = v;
	v->other = far;
	return true;
}

static struct protocol *
sim_web_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct sim_web_port *port = reactor_container_of(
	    f, struct sim_web_port, factory);
	struct sim_web_visit *v = sim_web_visit_new(port);
	struct protocol *below;

	(void)from;
	if (v == NULL || port->origin != SIM_WEB_SAFE)
		return v != NULL ? &v->protocol : NULL;
	below = reactor_tls_wrap(port->web->tls, NULL, &v->protocol);
	if (below == NULL)
		sim_web_discard(v);
	return below;
}

static const struct protocol_factory_ops sim_web_factory_ops = {
	.build_protocol = sim_web_build,
};

static int
sim_web_listen(struct sim_web *w, int origin, const char *address,
    uint16_t number)
{
	struct sim_web_port *port =
	    &w->ports[origin < 0 ? SIM_WEB_ORIGINS : origin];
	struct reactor_address at;

	port->factory.ops = &sim_web_factory_ops;
	port->web = w;
	port->origin = origin;
	reactor_address_parse(&at, address, strlen(address), number);
	return reactor_listen(w->reactor, &at, NULL, &port->factory,
	    &port->listener);
}

int
sim_web_open(struct sim_web *w)
{
	int i, error = sim_web_listen(w, -1, "192.0.2.50", 3128);

	reactor_list_init(&w->visits);
	for (i = 0; i < SIM_WEB_ORIGINS && error == 0; i++)
		if (i != SIM_WEB_SAFE || w->tls != NULL)
			error = sim_web_listen(w, i, sim_web_places[i].address,
			    sim_web_places[i].port);
	return error;
}

void
sim_web_close(struct sim_web *w)
{
	struct reactor_list *link, *next;
	int i;

	for (i = 0; i <= SIM_WEB_ORIGINS; i++)
		if (w->ports[i].listener != NULL)
			reactor_listener_stop(w->ports[i].listener);
	for (link = w->visits.next; link != &w->visits; link = next) {
		next = link->next;
		transport_abort_connection(reactor_container_of(link,
		    struct sim_web_visit, link)->protocol.transport);
	}
}
