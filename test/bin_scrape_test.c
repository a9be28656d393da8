/*
 * bin_scrape_test.c - the heart of the scraper, against a server in the same
 * reactor: what it reports, and why; cancelled at each turn, and with each
 * allocation failing, the server's among them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/scrape.h"

#include <stdio.h>
#include <string.h>

#include "../defer/control.h"
#include "../html/path.h"
#include "alloc.h"
#include "check.h"
#include "http_script.h"
#include "scrape_world.h"

static void
test_scrape(void)
{
	struct scrape_world w;

	scrape_world_begin(&w, "scrape: the title of the first article");
	deferred_release(scrape_world_scrape(&w));
	CHECK_INT(w.reports, 0);
	scrape_world_run(&w, 30000);
	CHECK_STR(w.category, "");
	CHECK_STR(w.title, "One");
	scrape_world_close(&w);

	scrape_world_begin(&w, "scrape: only titles, and a page without");
	w.scraper.only_titles = true;
	scrape_world_again(&w);
	CHECK_STR(w.title, "Planet");
	w.planet.body = "<p>Nothing";
	scrape_world_again(&w);
	CHECK_STR(w.category, "no-title");
	CHECK_INT(w.status, 200);
	scrape_world_close(&w);
}

static void
test_long_title(void)
{
	static char body[3 * FINDER_TITLE_MAX];
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: a long title is cut in front of a character");
	w.scraper.only_titles = true;
	w.planet.body = body;
	for (int before = 0; before < 5; before++) {
		int len = snprintf(body, sizeof(body), "<title>%*s",
		    FINDER_TITLE_MAX - before, "");

		memset(body + strlen("<title>"), 'x',
		    (size_t)len - strlen("<title>"));
		strcpy(body + len, "\xE2\x82\xAC and more</title>");
		scrape_world_again(&w);
		CHECK_INT(w.title_len, before < 3 ? FINDER_TITLE_MAX - before :
		    FINDER_TITLE_MAX);
	}
	scrape_world_close(&w);
}

/* How long one URL takes, in whole seconds. */
static uint64_t
world_seconds(struct scrape_world *w)
{
	uint64_t begun = sim_now_ns(w->sim);

	scrape_world_again(w);
	return (sim_now_ns(w->sim) - begun) / 1000000000;
}

static void
test_retry_after(void)
{
	struct manners manners = { .robots = false };
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: Retry-After holds the other pages of a host");
	manners.reactor = w.reactor;
	manners.client = w.client;
	w.scraper.manners = &manners;
	w.scraper.retries = 0;
	w.scraper.timeout_ns = 1000000000;
	CHECK_INT(world_seconds(&w), 0);
	w.planet.later = true;
	CHECK_INT(world_seconds(&w), 0);
	w.planet.status = 503;
	CHECK_INT(world_seconds(&w), 0);
	CHECK_STR(w.category, "http-503");
	w.planet.status = 0;
	w.planet.later = false;
	CHECK_INT(world_seconds(&w), 5);
	CHECK_STR(w.title, "One");
	CHECK_INT(world_seconds(&w), 0);
	manners_clear(&manners);
	scrape_world_close(&w);
}

/* The ctx of a scrape is its world. */
static void
world_waiting(void *ctx, bool waiting)
{
	struct scrape_world *w = ctx;
	size_t len = strlen(w->asides);

	snprintf(w->asides + len, sizeof(w->asides) - len, "%s, ",
	    waiting ? "waits" : "goes on");
}

/* A page that waits for its turn, or for a retry, takes no part meanwhile. */
static void
test_aside(void)
{
	struct manners manners = { .per_host = 1 };
	struct manners_visitor other = { .begun = false };
	struct http_url u;
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: what waits steps aside, and spends no time");
	manners.reactor = w.reactor;
	manners.client = w.client;
	w.scraper.manners = &manners;
	w.scraper.waiting = world_waiting;
	w.scraper.timeout_ns = 1000000000;
	CHECK_INT(world_seconds(&w), 0);
	CHECK_STR(w.asides, "");
	CHECK_INT(http_url_parse(&u, w.url, strlen(w.url), NULL), 0);
	CHECK(manners_enter(&manners, &other, &u));
	w.reports = 0;
	deferred_release(scrape_world_scrape(&w));
	scrape_world_run(&w, 3000);
	CHECK_INT(w.reports, 0);
	CHECK_STR(w.asides, "waits, ");
	manners_leave(&other);
	scrape_world_run(&w, 30000);
	CHECK_STR(w.title, "One");
	CHECK_STR(w.asides, "waits, goes on, ");
	CHECK(strstr(w.out.at, "\"ms\":0") != NULL);

	check_case("scrape: and while it pauses before a retry");
	w.planet.status = 503;
	w.planet.later = true;
	w.scraper.timeout_ns = 30000000000;
	w.asides[0] = '\0';
	CHECK_INT(world_seconds(&w), 5);
	CHECK_STR(w.asides, "waits, goes on, ");
	http_url_free(&u);
	manners_clear(&manners);
	scrape_world_close(&w);
}

/* Answers that break off behind what is looked for, or before. */
static void
test_cut(void)
{
#define HTML "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	static const struct {
		const char *say, *category;
	} cuts[] = {
		{ HTML "Content-Length: 99\r\n\r\n<title>One</title>", "" },
		{ HTML "Transfer-Encoding: chunked\r\n\r\n12\r\n"
		    "<title>One</title>\r\n", "" },
		{ HTML "Content-Length: 99\r\n\r\n<title>One", "reset" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nContent-Type: "
		    "text/html; charset=x, text/html; charset=koi8-r\r\n\r\n"
		    "<title>\xcf\xce\xc5</title>", "" },
	};
#undef HTML
	struct script script;
	struct scrape_world w;

	scrape_world_begin(&w, "scrape: answers that are cut short");
	w.scraper.only_titles = true;
	w.scraper.retries = 0;
	script_open(&script, w.reactor, "127.0.0.1");
	snprintf(w.url, sizeof(w.url), "http://127.0.0.1:%u/", script.port);
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct script_step step = { cuts[i].say, 0, 0, SCRIPT_CLOSE };

		script_play(&script, &step, 1);
		scrape_world_again(&w);
		CHECK_STR(w.category, cuts[i].category);
		if (cuts[i].category[0] == '\0')
			CHECK_STR(w.title, i < 3 ? "One" :
			    "\xd0\xbe\xd0\xbd\xd0\xb5");
	}
	script_close(&script);
	CHECK_INT(reactor_iterate(w.reactor, 0), 0);
	scrape_world_close(&w);
}

static void
test_links(void)
{
	static const char *const bodies[] = {
		"<h3><a href='#top'>x</a></h3><h3><a href=a>x</a></h3>",
		"<h3><a href='mailto:x@y'>x</a></h3><h3><a href=a></a></h3>",
		"<base href=/b/><h3><a href=../a>x</a></h3>",
		"<base href='x:y'><h3><a href=a>x</a></h3>",
	};
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: links that lead to an article, and others");
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		w.planet.body = bodies[i];
		scrape_world_again(&w);
		CHECK_STR(w.category, "");
		CHECK_STR(w.title, "One");
	}
	scrape_world_close(&w);
}

/* The query of a link is in the character set of its page, the path not. */
static void
test_query(void)
{
	struct scrape_world w;
	const char *path;

	scrape_world_begin(&w, "scrape: a link in another character set");
	w.planet.body = "<meta charset=koi8-r><base href='?\xC2'>"
	    "<h3><a href='a?\xC1#\xC1'>x</a></h3>";
	for (int i = 0; i < 2; i++) {	/* the finder is used again */
		scrape_world_again(&w);
		CHECK_STR(w.title, "One");
		path = strstr(w.link, "/a");
		CHECK_STR(path, "/a?%C1#%D0%B0");
	}
	scrape_world_close(&w);
}

/* A refresh, of 36 bytes and its content. */
#define REFRESH(content) "<meta http-equiv=refresh content='" content "'>"

static const struct {
	const char *body;
	int before;			/* blanks in front of it */
	unsigned max_redirects;
	const char *category, *title;	/* of the page itself */
} refreshes[] = {
	{ "<title>Old</title>" REFRESH("0;url=a"), 0, 3, "", "One" },
	{ REFRESH("5;url=a") "<title>Old</title>", 0, 3, "", "One" },
	{ "<base href=/x/>" REFRESH("0;../a") "<title>O</title>", 0, 3, "",
	    "One" },
	{ "<title>Old</title><META HTTP-EQUIV=REFRESH CONTENT=0;URL=a>", 0,
	    3, "", "One" },
	{ "<title>Old</title>" REFRESH("6;url=a"), 0, 3, "", "Old" },
	{ "<title>Old</title>" REFRESH("x;url=a"), 0, 3, "", "Old" },
	{ "<title>Old</title>" REFRESH("0"), 0, 3, "", "Old" },
	{ "<title>Old</title>" REFRESH("0;url=#x"), 0, 3, "", "Old" },
	{ "<title>Old</title>" REFRESH("0;url=mailto:x"), 0, 3, "", "Old" },
	{ "<title>Old</title>" REFRESH("0;url=http://[1/"), 0, 3, "", "Old" },
	{ "<title>Old</title>" REFRESH("0;url=a"), 0, 0, "", "Old" },
	{ "<title>Old</title><noscript>" REFRESH("0;url=a"), 0, 3, "",
	    "Old" },
	{ "<title>Old</title><p>" REFRESH("0;url=a"), 0, 3, "", "Old" },
	{ "<title>Old</title>" REFRESH("0;url=x/"), 0, 3,
	    "too-many-redirects", "" },
	{ "<title>Old</title>" REFRESH("0;url=x/"), 0, 1,
	    "too-many-redirects", "" },
	{ "<title>Old</title>" REFRESH("0;url=b"), 0, 3, "http-404", "" },
	/* To the last byte that counts, and one byte beyond. */
	{ "<title>Old</title>" REFRESH("0;url=a"), FINDER_REFRESH - 61, 3,
	    "", "One" },
	{ "<title>Old</title>" REFRESH("0;url=a"), FINDER_REFRESH - 60, 3,
	    "", "Old" },
};

static void
test_refreshes(void)
{
	static char text[4096], say[8192];
	struct script_step steps[4];
	struct script script;
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: a refresh is a redirect, in any pieces");
	w.scraper.only_titles = true;
	script_open(&script, w.reactor, "127.0.0.1");
	for (size_t i = 0; i < 2 * sizeof(refreshes) / sizeof(*refreshes);
	    i++) {
		size_t row = i / 2;
		int failing = check_failing();

		snprintf(text, sizeof(text), "%*s%s", refreshes[row].before,
		    "", refreshes[row].body);
		snprintf(say, sizeof(say), "HTTP/1.1 200 OK\r\nContent-Type: "
		    "text/html; charset=utf-8\r\nContent-Length: %zu\r\n\r\n"
		    "%s", strlen(text), text);
		steps[0] = (struct script_step){ say, 0, i % 2 * 7,
		    SCRIPT_STAY };
		steps[1] = (struct script_step){ "HTTP/1.1 200 OK\r\n"
		    "Content-Length: 18\r\n\r\n<title>One</title>", 0, 0,
		    SCRIPT_STAY };
		if (strcmp(refreshes[row].category, "http-404") == 0)
			steps[1].say = "HTTP/1.1 404 No\r\n"
			    "Content-Length: 0\r\n\r\n";
		if (strstr(refreshes[row].body, "x/'") != NULL)
			steps[0].end = SCRIPT_REPEAT;
		script_play(&script, steps, 2);
		snprintf(w.url, sizeof(w.url), "http://127.0.0.1:%u/",
		    script.port);
		w.scraper.max_redirects = refreshes[row].max_redirects;
		scrape_world_again(&w);
		CHECK_STR(w.category, refreshes[row].category);
		CHECK_STR(w.title, refreshes[row].title);
		if (check_failing() > failing)
			printf("# with %s\n", refreshes[row].body);
	}
	script_close(&script);
	CHECK_INT(reactor_iterate(w.reactor, 0), 0);
	scrape_world_close(&w);
}

/* A page of cookies and passwords, and an article that is elsewhere. */
static void
test_secrets(void)
{
	static const struct http_request_field fields[] = {
		{ "Authorization", 13, "Basic Zjpv", 10 },
		{ "Cookie", 6, "own=1", 5 },
	};
	struct http_client_options o = { .fields = fields, .field_count = 2 };
	struct script_step here[2], there;
	struct script script, other;
	char say[300], to[100];
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: cookies for both pages, passwords for one");
	o.reactor = w.reactor;
	o.resolver = w.resolver;
	http_client_free(w.client);
	CHECK_INT(http_client_new(&w.client, &o), 0);
	w.scraper.client = w.client;
	script_open(&script, w.reactor, "127.0.0.1");
	script_open(&other, w.reactor, "127.0.0.1");
	snprintf(w.url, sizeof(w.url), "http://127.0.0.1:%u/", script.port);
	there = (struct script_step){ "HTTP/1.1 200 OK\r\nContent-Length: 18"
	    "\r\n\r\n<title>One</title>", 0, 0, SCRIPT_STAY };
	here[0] = (struct script_step){ say, 0, 0, SCRIPT_STAY };
	here[1] = there;
	for (int elsewhere = 0; elsewhere < 2; elsewhere++) {
		const struct script *last = elsewhere ? &other : &script;

		snprintf(to, sizeof(to), "<h3><a href='http://127.0.0.1:%05u/"
		    "a'></a>", last->port);
		snprintf(say, sizeof(say), "HTTP/1.1 200 OK\r\n"
		    "Set-Cookie: site=2\r\nContent-Length: %zu\r\n\r\n%s",
		    strlen(to), to);
		script_play(&script, here, 2);
		script_play(&other, &there, 1);
		scrape_world_again(&w);
		CHECK_STR(w.title, "One");
		CHECK(strstr(script.log, "Cookie: own=1\r\n") != NULL);
		CHECK(strstr(last->heard, "GET /a ") != NULL);
		CHECK_INT(strstr(last->heard, "Authorization") != NULL,
		    !elsewhere);
		/* Cookies know no ports: RFC 6265, 8.5. */
		CHECK(strstr(last->heard, elsewhere ?
		    "Cookie: site=2\r\n" : "Cookie: site=2; own=1\r\n") !=
		    NULL);
	}
	script_close(&script);
	script_close(&other);
	CHECK_INT(reactor_iterate(w.reactor, 0), 0);
	scrape_world_close(&w);
}

static void
test_unreadable_links(void)
{
	static const struct {
		const char *body, *category, *title;
	} pages[] = {
		{ "<h3><a href='http://\xEF\xBF\xBD.localhost/'>x</a></h3>"
		    "<h3><a href=a>x</a></h3>", "bad-url", "" },
		{ "<h3><a href='http://[1/'>x</a></h3><h3><a href=a>x</a>",
		    "bad-url", "" },
		{ "<h3><a href='http://a:x/'>x</a></h3><h3><a href=a>x</a>",
		    "bad-url", "" },
		/* Browsers ignore such a base, too. */
		{ "<base href='http://\xEF\xBF\xBD.localhost/'>"
		    "<h3><a href=a>x</a></h3>", "", "One" },
		{ "<base href='http://[1/'><h3><a href=a>x</a></h3>", "",
		    "One" },
		/* A better path wins, in front of it and behind it. */
		{ "<h2><a href='http://[1/'>x</a></h2><h3><a href=a>x</a>",
		    "", "One" },
		{ "<h3><a href=a>x</a></h3><h2><a href='http://[1/'>x</a>",
		    "", "One" },
		{ "<h2><a href=a>x</a></h2><h3><a href='http://[1/'>x</a>",
		    "bad-url", "" },
		/* The same finder once more, for a page without. */
		{ "<p>Nothing", "no-article", "" },
	};
	struct html_path *second = NULL;
	const struct html_path *both[2];
	struct scrape_world w;

	scrape_world_begin(&w, "scrape: a link that cannot be read is told");
	html_path_compile(&second, "//h2/a/@href", 12, NULL);
	both[0] = w.path;
	both[1] = second;
	w.scraper.articles.paths = both;
	w.scraper.articles.path_count = 2;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		w.planet.body = pages[i].body;
		scrape_world_again(&w);
		CHECK_STR(w.category, pages[i].category);
		CHECK_STR(w.title, pages[i].title);
	}
	html_path_free(second);
	scrape_world_close(&w);
}

static void
world_retrying(struct scraper *s, const struct report *report,
    const struct defer_failure *f, uint64_t delay_ns)
{
	struct scrape_world *w = reactor_container_of(
	    s, struct scrape_world, scraper);

	(void)report;
	(void)f;
	w->retries++;
	if (delay_ns > w->longest_ns)
		w->longest_ns = delay_ns;
	sim_weather(w->sim)->no_descriptor = 0;
}

static void
test_retries(void)
{
	struct scrape_world w;

	check_case("scrape: pauses have a limit; the last answer is told");
	CHECK_INT(scrape_world_open(&w), 0);
	w.planet.status = 503;
	w.planet.answers = 9;
	w.scraper.retries = 12;
	w.scraper.timeout_ns = 3600000000000;
	w.scraper.retrying = world_retrying;
	w.scraper.answers = true;
	deferred_release(scrape_world_scrape(&w));
	for (int i = 0; i < 30000 && w.reports == 0; i++)
		CHECK_INT(reactor_iterate(w.reactor, 1000000000), 0);
	CHECK_STR(w.category, "reset");
	CHECK_INT(w.status, 503);
	CHECK_INT(w.retries, 12);
	CHECK(strstr(w.out.at, "\"attempts\":13,") != NULL);
	CHECK(strstr(w.out.at, "\"address\":\"127.0.0.1:") != NULL);
	CHECK(strstr(w.out.at, "\"final_url\":\"http://127.0.0.1:") != NULL);
	CHECK(strstr(w.out.at, "\"timings\":{\"dns\":") != NULL);
	CHECK_INT(w.longest_ns, 60000000000);
	scrape_world_close(&w);

	scrape_world_begin(&w, "scrape: a shortage of descriptors passes");
	w.scraper.retrying = world_retrying;
	for (int i = 0; i < 2; i++) {	/* EMFILE, and ENFILE */
		sim_weather(w.sim)->no_descriptor = 1000;
		scrape_world_again(&w);
		CHECK_STR(w.title, "One");
		CHECK_INT(w.retries, i + 1);
		http_client_close_idle(w.client);
	}
	scrape_world_close(&w);
}

/* ---- links, fields, and why ---- */

static void
world_explain(struct scraper *s, const struct report *report,
    const struct finder *article, const struct finder *last)
{
	static const char *const paths[] = { "//h3/a/@href" };
	struct scrape_world *w = reactor_container_of(
	    s, struct scrape_world, scraper);

	w->why.len = 0;
	explain_write(&w->why, report, article, last, paths);
	record_add(&w->why, "", 1);
}

/* Asks for links, two fields, and an explanation. */
static void
world_want(struct scrape_world *w)
{
	struct html_path_error error;

	w->scraper.titles.links = true;
	w->scraper.titles.fields = &w->fields;
	w->scraper.explain = world_explain;
	if (field_list_add(&w->fields, "by=//b", &error) != 0 ||
	    field_list_add(&w->fields, "on=//i/@id", &error) != 0)
		field_list_clear(&w->fields);
}

/* Scrapes; the report as JSON must have `want` in it. */
static void
world_has(struct scrape_world *w, const char *want)
{
	scrape_world_again(w);
	if (w->out.at == NULL || !CHECK(strstr(w->out.at, want) != NULL))
		printf("# %.900s is without %s\n", w->out.at, want);
}

static void
test_findings(void)
{
	static const struct {
		const char *body, *want;
	} pages[] = {
		/* The base comes behind a link, the set behind the base. */
		{ "<a href='?\xC1'>x</a><b> \xC1 &amp;\n <u>c</u></b><i id=7>"
		    "<area href=//h/q><link href=css><base href=/d/>"
		    "<a href=mailto:x>x</a><meta charset=koi8-r><b></b>",
		    "\"title\":null,\"links\":[\"http://127.0.0.1:1/d/?%C1\","
		    "\"http://h/q\"],\"fields\":{\"by\":[\"\xD0\xB0 & c\"],"
		    "\"on\":[\"7\"]},\"missing\":null,\"error\":null" },
		/* The same finder once more: nothing of the page before. */
		{ "<p>Nothing", "\"title\":null,\"links\":[],\"fields\":{"
		    "\"by\":[],\"on\":[]},\"missing\":null,\"error\":null" },
		/* Links and fields behind the title, and in front of it. */
		{ "<a href=/1>x</a><title>T</title><a href=/2>x</a><b>B</b>",
		    "\"title\":\"T\",\"links\":[\"http://127.0.0.1:1/1\","
		    "\"http://127.0.0.1:1/2\"],\"fields\":{\"by\":[\"B\"]" },
		{ "<a href='http://[1/'>x</a><a href=/2>x</a>",
		    "\"links\":[\"http://127.0.0.1:1/2\"],\"fields\":{\"by\":"
		    "[],\"on\":[]},\"missing\":\"a link that cannot be read\","
		    "\"error\":null" },
		/* A base that leads nowhere is as none. */
		{ "<base href='x:y'><a href=1>x</a>",
		    "\"links\":[\"http://127.0.0.1:1/1\"]" },
		{ "<a href='http://a/&#x202e;&quot;'>x</a><b>\x1b\"</b>",
		    "\"links\":[\"http://a/%E2%80%AE%22\"],\"fields\":{\"by\":"
		    "[\"\\u001b\\\"\"]" },
	};
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: links and fields, with the same finder");
	w.scraper.only_titles = true;
	world_want(&w);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		char want[1000], *to = want;
		const char *from = pages[i].want, *port;

		/* Port 1 stands for that of the server. */
		while ((port = strstr(from, ":1/")) != NULL) {
			to += sprintf(to, "%.*s%s", (int)(port - from), from,
			    strrchr(w.url, ':'));
			from = port + 3;
		}
		strcpy(to, from);
		w.planet.body = pages[i].body;
		world_has(&w, want);
	}
	scrape_world_close(&w);
}

static void
test_article_fields(void)
{
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: fields are those of the article's page");
	world_want(&w);
	w.planet.body = "<b>Planet</b><h3><a href=a>x</a></h3>";
	w.article.body = "<b>Article</b>";
	world_has(&w, "\"title\":null,\"links\":[],\"fields\":{\"by\":["
	    "\"Article\"],\"on\":[]}");
	check_case("scrape: a page that fails has empty ones");
	w.article.status = 404;
	world_has(&w, "\"links\":[],\"fields\":{\"by\":[],\"on\":[]},"
	    "\"missing\":null,\"error\":\"http-404\"");
	w.planet.body = "<b>Planet</b>";
	world_has(&w, "\"error\":\"no-article\"");
	scrape_world_close(&w);
	check_case("scrape: links or fields alone are enough without a title");
	for (int links = 0; links < 2; links++) {
		CHECK_INT(scrape_world_open(&w), 0);
		world_want(&w);
		w.scraper.only_titles = true;
		w.scraper.titles.links = links;
		if (links)
			field_list_clear(&w.fields);
		w.planet.body = "<p>";
		world_has(&w, links ? "\"title\":null,\"links\":[],"
		    "\"missing\":null,\"error\":null" :
		    "\"title\":null,\"fields\":{\"by\":[],\"on\":[]},"
		    "\"missing\":null,\"error\":null");
		scrape_world_close(&w);
	}
}

static void
test_explain(void)
{
	static const struct {
		const char *planet, *article, *want;
	} cases[] = {
		{ "<h3><a href=#x></a><a href=a>x</a></h3>", "<title>One",
		    "  charset  UTF-8, by a guess by its bytes, as nothing "
		    "tells\n  article  " },
		{ "<h3><a href=#x></a><a href=a>x</a></h3>", "<title>One",
		    "/a\n  by       path 1 of 1: //h3/a/@href\n"
		    "  passed   1 links that lead to no other page\n  page     "
		    "http://127.0.0.1:" },
		{ "<base href=/><h3><a href=a>x", "<title>A\x1b</title>",
		    "base     /\n" },
		{ "<base href=/><h3><a href=a>x", "<title>A\x1b</title>",
		    "  title    A\xEF\xBF\xBD\n  by       the first <title>"
		    "\n" },
		{ "<h3><a href=a>x", "<svg><title>S</title></svg><b>a</b>",
		    "  by       there is no <title> but, perhaps, those of "
		    "drawings\n  links    0, and 0 that cannot be read\n"
		    "  fields   1 values of 2 paths\n" },
		{ "<p>", "", "  read     3 bytes, to the end\n" },
		{ "<p>", "", "  article  none of 1 paths matches a link\n"
		    "  failed   no-article: no link to an article\n" },
		{ "<h3><a href=http://[1/>x", "",
		    "  article  http://[1/\n  by       path 1 of 1: " },
		{ "<h3><a href=b>x", "", "/b\n  by       path 1 of 1: "
		    "//h3/a/@href\n  failed   http-404: " },
	};
	struct scrape_world w;

	scrape_world_begin(&w,
	    "scrape: why this link, this charset, this title");
	world_want(&w);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		w.planet.body = cases[i].planet;
		w.article.body = cases[i].article;
		world_has(&w, "");
		if (!CHECK(strstr(w.why.at, cases[i].want) != NULL))
			printf("# %s is without %s\n", w.why.at,
			    cases[i].want);
	}
	scrape_world_close(&w);
}

/* Notes what the only scrape waits for, if that is something new. */
static void
world_note(struct scrape_world *w)
{
	const struct inflight_one *one = reactor_container_of(
	    w->inflight.all.next, const struct inflight_one, link);
	struct record r = { .at = NULL };
	size_t len = strlen(w->phases);

	if (w->inflight.count == 0)
		return;
	one->describe(one, &r);
	record_add(&r, "\n", 2);
	if (strcmp(w->phases + w->last, r.at) != 0) {
		w->last = len;
		snprintf(w->phases + len, sizeof(w->phases) - len, "%s", r.at);
	}
	record_free(&r);
}

/* All that a scrape waits for, in this order. */
static void
world_waits_for(struct scrape_world *w, const char *want)
{
	char *at;

	w->reports = 0;
	w->phases[0] = '\0';
	w->last = 0;
	deferred_release(scrape_world_scrape(w));
	for (int i = 0; i < 30000 && w->reports == 0; i++) {
		world_note(w);
		CHECK_INT(reactor_iterate(w->reactor, 1000000), 0);
	}
	/* The port is any. */
	while ((at = strstr(w->phases, w->url)) != NULL)
		memmove(at, at + strlen(w->url),
		    strlen(at + strlen(w->url)) + 1);
	CHECK_STR(w->phases, want);
}

static const char *
long_body(void)
{
	static char body[90001];

	return memset(body, 'x', sizeof(body) - 1);
}

static void
test_phases(void)
{
	struct scrape_world w;

	scrape_world_begin(&w, "scrape: what it waits for");
	world_waits_for(&w, "waiting for a connection\n"
	    "connecting\n"
	    "waiting for the answer\n"
	    "waiting for the answer, article a\n");
	check_case("scrape: what it waits for, with a retry");
	w.planet.status = 503;
	world_waits_for(&w, "waiting for a connection\n"
	    "waiting for the answer\n"
	    "pausing before a retry, retry 1\n"
	    "waiting for the answer, retry 1\n");
	check_case("scrape: what it waits for, with bytes");
	w.planet.body = long_body();
	w.planet.status = w.reports = 0;
	deferred_release(scrape_world_scrape(&w));
	for (; w.reports == 0; world_note(&w))
		CHECK_INT(reactor_iterate(w.reactor, 1000000), 0);
	CHECK(strstr(w.phases, " bytes\n") != NULL);
	check_case("scrape: a long content type, and no time at all");
	w.scraper.answers = true;
	w.planet.kind = w.planet.body + 89800;
	world_has(&w, "\"content_type\":\"xxxxxxxx");
	w.scraper.timeout_ns = 0;
	world_has(&w, "\"error\":\"timeout\"");
	scrape_world_close(&w);
}

/* The server may ask to come back later: then it is in its nap at last. */
static void
test_cancel(bool later)
{
	struct scrape_world w;
	struct deferred *d;
	int open, naps = 0;

	check_case(later ? "scrape: cancelled before its nap, and in it" :
	    "scrape: cancelled after any number of turns");
	for (int turns = 0; turns < 20; turns++) {
		CHECK_INT(scrape_world_open(&w), 0);
		open = sim_open_fds(w.sim);
		w.planet.status = later ? 503 : 0;
		w.planet.later = later;
		w.scraper.retrying = world_retrying;
		d = scrape_world_scrape(&w);
		scrape_world_run(&w, turns);
		naps += w.retries;
		deferred_cancel(d);
		deferred_release(d);
		CHECK_INT(w.reports, 1);
		CHECK(sim_pass_hour(w.sim, w.reactor));
		CHECK_INT(sim_open_fds(w.sim), open);
		CHECK_INT(w.reports, 1);
		if (!scrape_world_close(&w))
			return;
	}
	CHECK(later ? naps > 0 && naps < 20 : naps == 0);
}

static void
test_memory(bool more)
{
	struct scrape_world w;
	struct deferred *d;
	int failed = 1;
	long n;

	check_case(more ? "scrape: each allocation fails, with links and "
	    "fields" : "scrape: each allocation fails in turn");
	for (n = 0; failed; n++) {
		alloc_fail_at(n, 0);
		d = NULL;
		if (scrape_world_open(&w) == 0) {
			if (more)
				world_want(&w);
			w.scraper.answers = more;
			w.article.body = "<title>One</title><base href=/b/>"
			    "<a href=x>x</a><b>B</b><i id=I>";
			d = scrape_world_scrape(&w);
		}
		if (d != NULL) {
			scrape_world_run(&w, 30000);
			CHECK_INT(w.reports, 1);
			deferred_release(d);
		}
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		if (!scrape_world_close(&w)) {
			printf("# after failing allocation %ld\n", n);
			return;
		}
	}
	if (!CHECK(n > 30))
		printf("# only %ld allocations\n", n);
	CHECK_STR(w.title, "One");
}

int
main(void)
{
	test_scrape();
	test_retry_after();
	test_aside();
	test_long_title();
	test_cut();
	test_links();
	test_refreshes();
	test_secrets();
	test_unreadable_links();
	test_retries();
	test_query();
	test_findings();
	test_article_fields();
	test_explain();
	test_phases();
	test_cancel(false);
	test_cancel(true);
	test_memory(false);
	test_memory(true);
	return check_done();
}
