/*
 * curl_multi.c - the same job as bare.c done with libcurl's multi_socket
 * interface over epoll: what an engineer would write today.
 *
 *	curl_multi [-t CA] HOST PORT PAGES CONNECTIONS
 *
 * One easy handle for each connection, used again for page after page; the
 * body is gathered, then the title is looked for.  With -t the pages are
 * fetched over TLS; CA is the file of certificates to trust.  At the end the
 * handles are freed and the connections kept, then the line of cost.h is
 * printed.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <sys/epoll.h>

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cost.h"

enum { CURLM_EVENTS = 1024 };

struct curlm_page {
	CURL *easy;
	char *body;
	size_t len, cap;
};

struct curlm {
	int epoll;
	CURLM *multi;
	const char *ca;		/* NULL: no TLS */
	const char *host, *port;
	long wanted, asked, done, titles, timeout_ms;
};

static void
curlm_die(const char *what)
{
	perror(what);
	exit(1);
}

/* CURLMOPT_SOCKETFUNCTION: libcurl wants this socket watched so. */
static int
curlm_watch(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
	struct curlm *c = user;
	struct epoll_event event = { .data.fd = fd };

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(c->epoll, EPOLL_CTL_DEL, fd, NULL);
		curl_multi_assign(c->multi, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (epoll_ctl(c->epoll, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
	    fd, &event) != 0)
		curlm_die("epoll_ctl");
	if (known == NULL)
		curl_multi_assign(c->multi, fd, c);
	return 0;
}

/* CURLMOPT_TIMERFUNCTION: libcurl wants to be called after so long. */
static int
curlm_timer(CURLM *multi, long timeout_ms, void *user)
{
	(void)multi;
	((struct curlm *)user)->timeout_ms = timeout_ms;
	return 0;
}

static size_t
curlm_write(char *at, size_t one, size_t len, void *user)
{
	struct curlm_page *p = user;

	(void)one;
	if (p->len + len > p->cap) {
		p->cap = 2 * (p->len + len);
		p->body = realloc(p->body, p->cap);
		if (p->body == NULL)
			return 0;
	}
	memcpy(p->body + p->len, at, len);
	p->len += len;
	return len;
}

/* Starts p's next page, if any is left. */
static void
curlm_ask(struct curlm *c, struct curlm_page *p)
{
	char url[256];

	if (c->asked >= c->wanted)
		return;
	snprintf(url, sizeof(url), "http%s://%s:%s/page/%07ld",
	    c->ca != NULL ? "s" : "", c->host, c->port, c->asked++);
	p->len = 0;
	curl_easy_setopt(p->easy, CURLOPT_URL, url);
	curl_multi_add_handle(c->multi, p->easy);
}

static void
curlm_take(struct curlm *c, const CURLMsg *m)
{
	struct curlm_page *p;
	const char *open;

	curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&p);
	open = memmem(p->body, p->len, "<title>", 7);
	if (m->data.result == CURLE_OK && open != NULL &&
	    memmem(open, p->len - (size_t)(open - p->body), "</title>", 8))
		c->titles++;
	c->done++;
	curl_multi_remove_handle(c->multi, p->easy);
	curlm_ask(c, p);
}

static void
curlm_run(struct curlm *c)
{
	struct epoll_event events[CURLM_EVENTS];
	int running, left;
	CURLMsg *m;

	while (c->done < c->wanted) {
		int n = epoll_wait(c->epoll, events, CURLM_EVENTS,
		    (int)c->timeout_ms);

		if (n == 0)
			curl_multi_socket_action(c->multi,
			    CURL_SOCKET_TIMEOUT, 0, &running);
		for (int i = 0; i < n; i++)
			curl_multi_socket_action(c->multi, events[i].data.fd,
			    ((events[i].events & (EPOLLIN | EPOLLHUP)) ?
			    CURL_CSELECT_IN : 0) |
			    ((events[i].events & EPOLLOUT) ?
			    CURL_CSELECT_OUT : 0), &running);
		while ((m = curl_multi_info_read(c->multi, &left)) != NULL)
			if (m->msg == CURLMSG_DONE)
				curlm_take(c, m);
	}
}

static void
curlm_start(struct curlm *c, struct curlm_page *p)
{
	p->easy = curl_easy_init();
	curl_easy_setopt(p->easy, CURLOPT_WRITEFUNCTION, curlm_write);
	curl_easy_setopt(p->easy, CURLOPT_WRITEDATA, p);
	curl_easy_setopt(p->easy, CURLOPT_PRIVATE, p);
	curl_easy_setopt(p->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(p->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(p->easy, CURLOPT_CAINFO, c->ca);
	curlm_ask(c, p);
}

static void
curlm_multi(struct curlm *c, long connections)
{
	curl_global_init(CURL_GLOBAL_ALL);
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	c->multi = curl_multi_init();
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, curlm_watch);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, curlm_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, connections);
}

int
main(int argc, char **argv)
{
	struct curlm c = { .timeout_ms = -1 };
	struct curlm_page *pages;
	struct cost start, spent;
	long connections;

	if (argc > 2 && strcmp(argv[1], "-t") == 0) {
		c.ca = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc != 5) {
		fprintf(stderr, "usage: curl_multi [-t CA] HOST PORT PAGES "
		    "CONNECTIONS\n");
		return 2;
	}
	c.host = argv[1];
	c.port = argv[2];
	c.wanted = atol(argv[3]);
	connections = atol(argv[4]);
	cost_raise_limit();
	start = cost_now();
	curlm_multi(&c, connections);
	pages = calloc((size_t)connections, sizeof(*pages));
	if (pages == NULL)
		curlm_die("calloc");
	for (long i = 0; i < connections; i++)
		curlm_start(&c, &pages[i]);
	curlm_run(&c);
	spent = cost_since(start);
	for (long i = 0; i < connections; i++) {
		curl_easy_cleanup(pages[i].easy);
		free(pages[i].body);
	}
	cost_report(spent, c.done, c.titles);
	return c.titles == c.done ? 0 : 1;
}
