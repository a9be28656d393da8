/*
 * http_proxy_test.c - texts of proxies, and the hosts that have none.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/proxy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

static const struct {
	const char *text, *href;	/* NULL: an error */
	int port;			/* or which */
} proxy_rows[] = {
	{ "p.test", "http://p.test/", 1080 },
	{ "p.test:80", "http://p.test/", 80 },
	{ "http://p.test:80", "http://p.test/", 80 },
	{ "http://p.test", "http://p.test/", 1080 },
	{ "HTTP://P.test:3128/x?y#z", "http://p.test:3128/x?y#z", 3128 },
	{ "p.test/", "http://p.test/", 1080 },
	{ "p.test:", "http://p.test/", 1080 },
	{ "p1", "http://p1/", 1080 },
	{ "u:12@p", "http://u:12@p/", 1080 },
	{ "u:12@p:34", "http://u:12@p:34/", 34 },
	{ "127.0.0.1", "http://127.0.0.1/", 1080 },
	{ "127.0.0.1:8", "http://127.0.0.1:8/", 8 },
	{ "[::1]", "http://[::1]/", 1080 },
	{ "[::1]:8", "http://[::1]:8/", 8 },
	{ "http://u@[::1]:8/", "http://u@[::1]:8/", 8 },
	{ "https://p.test", NULL, HTTP_PROXY_E_SCHEME },
	{ "socks5://p.test", NULL, HTTP_PROXY_E_SCHEME },
	{ "socks5h://p.test:1", NULL, HTTP_PROXY_E_SCHEME },
	{ "p:99999", NULL, HTTP_URL_E_PORT },
	{ "[::1", NULL, HTTP_URL_E_IPV6 },
	{ "", NULL, HTTP_URL_E_HOST },
	{ "http://", NULL, HTTP_URL_E_HOST },
	{ "p q", NULL, HTTP_URL_E_HOST },
	{ "p\r\nx", "http://px/", 1080 },
};

/* The scheme that is put in front counts. */
static void
test_long(void)
{
	static char text[HTTP_URL_MAX + 1];
	struct http_proxy p;

	check_case("a proxy as long as a URL may be");
	memset(text, 'x', sizeof(text));
	text[1] = '/';
	CHECK_INT(http_proxy_parse(&p, text, HTTP_URL_MAX - 7), 0);
	http_proxy_free(&p);
	CHECK_INT(http_proxy_parse(&p, text, HTTP_URL_MAX - 6),
	    HTTP_URL_E_LENGTH);
	CHECK_INT(http_proxy_parse(&p, text, HTTP_URL_MAX + 1),
	    HTTP_URL_E_LENGTH);
	CHECK_INT(alloc_live(), 0);
}

static void
test_parse(void)
{
	struct http_proxy p;

	check_case("a proxy as options and the environment have it");
	for (size_t i = 0; i < sizeof(proxy_rows) / sizeof(*proxy_rows); i++) {
		size_t len = strlen(proxy_rows[i].text);
		char *copy = guard_copy(proxy_rows[i].text, len);
		int error = http_proxy_parse(&p, copy, len);
		int failing = check_failing();

		if (proxy_rows[i].href == NULL) {
			CHECK_INT(error, proxy_rows[i].port);
			CHECK(p.url.href == NULL);
		} else if (CHECK_INT(error, 0)) {
			CHECK_STR(p.url.href, proxy_rows[i].href);
			CHECK_INT(p.port, proxy_rows[i].port);
		}
		if (check_failing() > failing)
			printf("# in %s\n", proxy_rows[i].text);
		http_proxy_free(&p);
		guard_free(copy, len);
	}
	CHECK(http_proxy_strerror(HTTP_PROXY_E_SCHEME) != NULL);
	CHECK(http_proxy_strerror(0) == NULL);
}

static void
test_memory(void)
{
	struct http_proxy p;

	check_case("a proxy without memory");
	for (long n = 0; n < 2; n++) {
		alloc_fail_at(n, 0);
		CHECK_INT(http_proxy_parse(&p, "p", 1), -ENOMEM);
		alloc_fail_at(-1, 0);
		http_proxy_free(&p);
	}
	CHECK_INT(alloc_live(), 0);
}

/* ---- no_proxy ---- */

static const struct {
	const char *host, *list;
	bool listed;
} list_rows[] = {
	{ "a.test", "a.test", true },
	{ "a.test", "A.TEST", true },
	{ "a.test", ".a.test", true },
	{ "a.test", "a.test.", true },
	{ "a.test.", "a.test", true },
	{ "a.test.", ".a.test.", true },
	{ "b.a.test", "a.test", true },
	{ "b.a.test", ".a.test", true },
	{ "b.a.test", "test", true },
	{ "ba.test", "a.test", false },
	{ "a.test", "b.a.test", false },
	{ "a.test", "", false },
	{ "a.test", ".", false },
	{ "a.test", "..", false },
	{ "a.test", ",, ,\t", false },
	{ "a.test", "x,a.test", true },
	{ "a.test", "x a.test y", true },
	{ "a.test", "  x ,\ta.test", true },
	{ "a.test", "*", true },
	{ "a.test", "x,*", false },
	{ "a.test", "*.test", false },
	{ "a.test", "a.test:80", false },
	{ "a.test", "127.0.0.1", false },
	/* Addresses are no names: no suffixes. */
	{ "127.0.0.1", "127.0.0.1", true },
	{ "127.0.0.1", "*", true },
	{ "127.0.0.1", "0.0.1", false },
	{ "127.0.0.1", ".0.0.1", false },
	{ "127.0.0.1", "127.0.0.1.", false },
	{ "127.0.0.1", "127.0.0.2", false },
	{ "127.0.0.1", "127.0.0.1/32", true },
	{ "127.0.0.1", "127.0.0.0/31", true },
	{ "127.0.0.1", "127.0.0.2/31", false },
	{ "127.0.0.1", "127.255.255.255/8", true },
	{ "127.0.0.1", "128.0.0.0/1", false },
	{ "127.0.0.1", "1.2.3.4/0", true },
	{ "127.0.0.1", "127.0.0.0/33", false },
	{ "127.0.0.1", "127.0.0.0/", false },
	{ "127.0.0.1", "127.0.0.0/8x", false },
	{ "127.0.0.1", "127.0.0.0/-8", false },
	{ "127.0.0.1", "127.0.0/8", false },
	{ "127.0.0.1", "256.0.0.1/0", false },
	{ "127.0.0.1", "127.0.0.1.0", false },
	{ "127.0.0.1", "::/0", false },
	{ "127.0.0.1", "x, 10.0.0.0/8 127.0.0.0/8", true },
	{ "[::1]", "::1", true },
	{ "[::1]", "0:0:0:0:0:0:0:1", true },
	{ "[::1]", "::0.0.0.1", true },
	{ "[::1]", "0:0:0:0:0:0:0.0.0.1", true },
	{ "[::1]", "0:0:0:0:0:0:0:0.0.0.1", false },
	{ "[::1]", "::/127", true },
	{ "[::1]", "::2/127", false },
	{ "[::1]", "::1/128", true },
	{ "[::1]", "::1/129", false },
	{ "[::1]", "0:0:0:0:0:0:0:1:0", false },
	{ "[::1]", "0:0:0:0:0:0:0::1", false },
	{ "[::1]", "::0:0:0:0:0:0:1", true },
	{ "[::1]", ":1", false },
	{ "[::1]", ":::1", false },
	{ "[::1]", "1", false },
	{ "[::1]", "::00001", false },
	{ "[::1]", "::1:", false },
	{ "[::1]", "0.0.0.0/0", false },
	{ "[2001:db8::5:0:1]", "2001:DB8:0:0::5:0:1", true },
	{ "[2001:db8::5:0:1]", "2001:db8::/32", true },
	{ "[2001:db8::5:0:1]", "2001:db9::/32", false },
	{ "[2001:db8::5:0:1]", "2001:db9::/31", true },
	{ "[2001:db8::]", "2001:db8::", true },
	{ "[2001:db8::]", "2001:db8::1::", false },
};

static void
test_list(void)
{
	check_case("no_proxy: names with all below them, addresses, prefixes");
	for (size_t i = 0; i < sizeof(list_rows) / sizeof(*list_rows); i++) {
		size_t len = strlen(list_rows[i].list) + 1;
		char *list = guard_copy(list_rows[i].list, len);
		char url[80], what[128];
		struct http_url u;

		snprintf(url, sizeof(url), "http://%s/", list_rows[i].host);
		snprintf(what, sizeof(what), "%s in \"%s\"",
		    list_rows[i].host, list_rows[i].list);
		CHECK_INT(http_url_parse(&u, url, strlen(url), NULL), 0);
		check_int(http_proxy_is_listed(list, &u), list_rows[i].listed,
		    what, __FILE__, __LINE__);
		http_url_free(&u);
		guard_free(list, len);
	}
}

/* ---- which proxy ---- */

static int
proxy_port(const struct http_proxy_choice *c, const char *url)
{
	const struct http_proxy *p;
	struct http_url u;

	CHECK_INT(http_url_parse(&u, url, strlen(url), NULL), 0);
	p = http_proxy_for(c, &u);
	http_url_free(&u);
	return p != NULL ? p->port : 0;
}

static void
test_choice(void)
{
	struct http_proxy_choice c = { .none = NULL };

	check_case("one for each scheme, or for all, or none");
	CHECK_INT(proxy_port(&c, "http://a.test/"), 0);
	CHECK_INT(http_proxy_parse(&c.http, "p:1", 3), 0);
	CHECK_INT(proxy_port(&c, "http://a.test/"), 1);
	CHECK_INT(proxy_port(&c, "https://a.test/"), 0);
	CHECK_INT(http_proxy_parse(&c.all, "p:3", 3), 0);
	CHECK_INT(proxy_port(&c, "http://a.test/"), 1);
	CHECK_INT(proxy_port(&c, "https://a.test/"), 3);
	CHECK_INT(http_proxy_parse(&c.https, "p:2", 3), 0);
	CHECK_INT(proxy_port(&c, "https://a.test/"), 2);
	c.none = "a.test";
	CHECK_INT(proxy_port(&c, "http://a.test/"), 0);
	CHECK_INT(proxy_port(&c, "https://b.a.test/"), 0);
	CHECK_INT(proxy_port(&c, "https://b.test/"), 2);
	http_proxy_free(&c.http);
	http_proxy_free(&c.https);
	http_proxy_free(&c.all);
}

int
main(void)
{
	test_parse();
	test_long();
	test_memory();
	test_list();
	test_choice();
	return check_done();
}
