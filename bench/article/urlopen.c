/*
 * urlopen.c - look up, connect, send, receive until the server closes.
 *
 * Each of these waits.  The codecs of http/ do no I/O, so they serve here as
 * well as under the reactor.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "urlopen.h"

#include "../../http/body.h"
#include "../../http/http_failure.h"
#include "../../http/head.h"
#include "../../http/request.h"
#include "article.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { URLOPEN_MAX = 8388608, URLOPEN_REQUEST_MAX = 16384 };

/* All that has been received; `room` is allocated. */
struct urlopen_bytes {
	char *at;
	size_t len, room;
};

static void
urlopen_die(const char *url, const char *what)
{
	fprintf(stderr, "%s: %s\n", url, what);
	exit(1);
}

static void
urlopen_check(const char *url, const struct defer_failure *f)
{
	if (f != NULL)
		urlopen_die(url, f->message);
}

/* A connected socket. */
static int
urlopen_connect(const struct http_url *url)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *all, *one;
	char name[HTTP_URL_HOST_MAX + 1], port[6];
	size_t len;
	const char *host = http_url_host(url, &len);
	int fd = -1, error;

	snprintf(name, sizeof(name), "%.*s", (int)len, host);
	snprintf(port, sizeof(port), "%u", (unsigned)url->port);
	error = getaddrinfo(name, port, &hints, &all);
	if (error != 0)
		urlopen_die(url->href, gai_strerror(error));
	for (one = all; one != NULL && fd < 0; one = one->ai_next) {
		fd = socket(one->ai_family, one->ai_socktype,
		    one->ai_protocol);
		if (fd >= 0 && connect(fd, one->ai_addr,
		    one->ai_addrlen) != 0) {
			error = errno;
			close(fd);
			errno = error;
			fd = -1;
		}
	}
	freeaddrinfo(all);
	if (fd < 0)
		urlopen_die(url->href, strerror(errno));
	return fd;
}

static void
urlopen_send(const struct http_url *url, int fd)
{
	const struct http_request_field plain = {
		.name = "Accept-Encoding", .name_len = 15,
		.value = "identity", .value_len = 8,
	};
	struct http_request request = {
		.method = "GET", .method_len = 3, .fields = &plain,
		.field_count = 1, .close = true,
	};
	char head[URLOPEN_REQUEST_MAX];
	ssize_t sent;
	int len;

	request.target = http_url_target(url, &request.target_len);
	request.authority = http_url_authority(url, &request.authority_len);
	len = http_request_write(&request, head, sizeof(head));
	if (len < 0 || (size_t)len > sizeof(head))
		urlopen_die(url->href, "the request cannot be written");
	for (int done = 0; done < len; done += (int)sent) {
		sent = send(fd, head + done, (size_t)(len - done),
		    MSG_NOSIGNAL);
		if (sent < 0)
			urlopen_die(url->href, strerror(errno));
	}
}

/* Receives all there is, to the end: asked to, the server closes. */
static struct urlopen_bytes
urlopen_receive(const struct http_url *url, int fd)
{
	struct urlopen_bytes bytes = {.room = 16384};
	ssize_t got;

	do {
		if (bytes.at == NULL || bytes.len == bytes.room) {
			bytes.room *= 2;
			bytes.at = realloc(bytes.at, bytes.room);
		}
		if (bytes.at == NULL || bytes.room > URLOPEN_MAX)
			urlopen_die(url->href, "too large");
		got = recv(fd, bytes.at + bytes.len, bytes.room - bytes.len,
		    0);
		if (got < 0)
			urlopen_die(url->href, strerror(errno));
		bytes.len += (size_t)got;
	} while (got > 0);
	return bytes;
}

/* Moves the content to the front; returns its length. */
static size_t
urlopen_decode(const struct http_url *url, const struct http_head *head,
    struct urlopen_bytes *bytes)
{
	const char *at = bytes->at + head->len, *piece;
	size_t len = bytes->len - head->len, piece_len, done = 0;
	struct http_body body;
	int event;

	http_body_init(&body, http_head_framing(head, "GET", 3),
	    head->content_length);
	while ((event = http_body_next(&body, &at, &len, &piece,
	    &piece_len)) == HTTP_BODY_DATA) {
		memmove(bytes->at + done, piece, piece_len);
		done += piece_len;
	}
	if (event == HTTP_BODY_MORE)
		event = http_body_end(&body);
	if (event < 0)
		urlopen_die(url->href, http_body_strerror(event));
	return done;
}

/* The page, whose URL and body are the caller's to free. */
static struct http_page
urlopen_page(const char *url)
{
	struct http_page html = {.content_type = "", .head = ""};
	struct urlopen_bytes bytes;
	struct http_head head;
	int error = http_url_parse(&html.url, url, strlen(url), NULL), fd;

	if (error != 0 || html.url.https)
		urlopen_die(url, "not an http URL");
	fd = urlopen_connect(&html.url);
	urlopen_send(&html.url, fd);
	bytes = urlopen_receive(&html.url, fd);
	close(fd);
	http_head_init(&head, HTTP_HEAD_RESPONSE);
	if (http_head_parse(&head, bytes.at, bytes.len) <= 0)
		urlopen_die(url, "the answer is not HTTP");
	if (head.status < 200 || head.status > 299)
		urlopen_die(url, "the status is not one of success");
	html.status = head.status;
	html.body_len = urlopen_decode(&html.url, &head, &bytes);
	html.body = bytes.at;
	return html;
}

static void
urlopen_free(struct http_page *html)
{
	http_url_free(&html->url);
	free(html->body);
}

char *
urlopen_text(const char *url, const char *pattern)
{
	struct http_page html = urlopen_page(url);
	char *text;

	urlopen_check(url, article_text(&text, &html, pattern));
	urlopen_free(&html);
	return text;
}

char *
urlopen_link(const char *url, const char *pattern)
{
	struct http_page html = urlopen_page(url);
	char *link;

	urlopen_check(url, article_link(&link, &html, pattern));
	urlopen_free(&html);
	return link;
}
