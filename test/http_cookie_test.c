/*
 * http_cookie_test.c - which cookies are kept, and where they are sent: the
 * rules of RFC 6265, each with its section.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/cookie.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

/* Sun, 06 Nov 1994 08:49:37 GMT, by the server's clock, or no clock. */
static const int64_t cookie_date = 784111777;

static int
cookie_take_at(struct http_cookie_jar *jar, const char *url, const char *text,
    size_t len, int64_t now, int64_t date)
{
	char *copy = guard_copy(text, len);
	struct http_url u;
	int error = http_url_parse(&u, url, strlen(url), NULL);

	if (error == 0)
		error = http_cookie_take(jar, &u, copy, len, now, date);
	guard_free(copy, len);
	http_url_free(&u);
	return error;
}

static void
cookie_take(struct http_cookie_jar *jar, const char *url, const char *text)
{
	CHECK_INT(cookie_take_at(jar, url, text, strlen(text), 1000,
	    cookie_date), 0);
}

/* What is sent to a URL at this time; good until the next call. */
static const char *
cookie_sent(struct http_cookie_jar *jar, const char *url, int64_t now)
{
	static char text[HTTP_COOKIE_JAR_BYTES + 1];
	struct http_url u;
	size_t len;

	if (http_url_parse(&u, url, strlen(url), NULL) != 0)
		return "bad URL";
	len = http_cookie_write(jar, &u, now, text, sizeof(text) - 1);
	text[len < sizeof(text) ? len : 0] = '\0';
	http_url_free(&u);
	return text;
}

/* ---- one cookie ---- */

static const struct {
	const char *section;
	const char *from, *field, *to, *sent;
} cookie_rows[] = {
	/* Name and value. */
	{ "5.2", "http://a.test/", "n=v", "http://a.test/", "n=v" },
	{ "5.2", "http://a.test/", "  n\t = v w ;x", "http://a.test/",
	    "n=v w" },
	{ "5.2", "http://a.test/", "n=", "http://a.test/", "n=" },
	{ "5.2", "http://a.test/", "n=a=b", "http://a.test/", "n=a=b" },
	{ "5.2", "http://a.test/", "n=\"a\"", "http://a.test/", "n=\"a\"" },
	{ "5.2", "http://a.test/", "n=a,m=b", "http://a.test/", "n=a,m=b" },
	{ "5.2", "http://a.test/", "n=\xc3\xa4", "http://a.test/",
	    "n=\xc3\xa4" },
	{ "5.2", "http://a.test/", "n", "http://a.test/", "" },
	{ "5.2", "http://a.test/", "n;a=b", "http://a.test/", "" },
	{ "5.2", "http://a.test/", "=v", "http://a.test/", "" },
	{ "5.2", "http://a.test/", " = ", "http://a.test/", "" },
	{ "5.2", "http://a.test/", "", "http://a.test/", "" },
	{ "5.2", "http://a.test/", ";;;=;n=v", "http://a.test/", "" },
	{ "5.2", "http://a.test/", "n=v;;;=;=x;a", "http://a.test/", "n=v" },
	{ "6265bis", "http://a.test/", "n=\x01", "http://a.test/", "" },
	{ "6265bis", "http://a.test/", "n=v;\x7f", "http://a.test/", "" },
	/* Whose hosts. */
	{ "5.4", "http://a.test/", "n=v", "http://b.a.test/", "" },
	{ "5.4", "http://b.a.test/", "n=v", "http://a.test/", "" },
	{ "5.4", "http://a.test/", "n=v", "http://a.test:8080/", "n=v" },
	{ "5.4", "http://a.test/", "n=v", "https://a.test/", "n=v" },
	{ "5.2.3", "http://a.test/", "n=v; Domain=a.test", "http://b.a.test/",
	    "n=v" },
	{ "5.2.3", "http://a.test/", "n=v; DOMAIN=.A.tEst",
	    "http://b.a.test/", "n=v" },
	{ "5.2.3", "http://a.test/", "n=v; domain", "http://a.test/", "n=v" },
	{ "5.2.3", "http://a.test/", "n=v; domain=", "http://b.a.test/", "" },
	{ "5.2.3", "http://a.test/", "n=v; domain=x.test; domain=a.test",
	    "http://a.test/", "n=v" },
	{ "5.3", "http://b.a.test/", "n=v; Domain=a.test", "http://a.test/",
	    "n=v" },
	{ "5.3", "http://b.a.test/", "n=v; Domain=a.test", "http://c.a.test/",
	    "n=v" },
	{ "5.3", "http://b.a.test/", "n=v; Domain=a.test", "http://ca.test/",
	    "" },
	{ "5.3", "http://ba.test/", "n=v; Domain=a.test", "http://a.test/",
	    "" },
	{ "5.3", "http://a.test/", "n=v; Domain=b.a.test", "http://b.a.test/",
	    "" },
	{ "5.3", "http://a.test/", "n=v; Domain=b.test", "http://a.test/",
	    "" },
	{ "5.3", "http://a.test/", "n=v; Domain=..a.test", "http://a.test/",
	    "" },
	{ "5.3", "http://a.test/", "n=v; Domain=test", "http://a.test/", "" },
	{ "5.3", "http://a.test./", "n=v; Domain=test.", "http://a.test./",
	    "" },
	{ "5.3", "http://a.test/", "n=v; Domain=a.test.", "http://a.test/",
	    "" },
	{ "5.3", "http://localhost/", "n=v; Domain=localhost",
	    "http://localhost/", "n=v" },
	{ "5.3", "http://localhost/", "n=v; Domain=localhost",
	    "http://a.localhost/", "" },
	/* Addresses have no domains. */
	{ "5.1.3", "http://127.0.0.1/", "n=v", "http://127.0.0.1/", "n=v" },
	{ "5.1.3", "http://127.0.0.1/", "n=v; Domain=127.0.0.1",
	    "http://127.0.0.1/", "n=v" },
	{ "5.1.3", "http://127.0.0.1/", "n=v; Domain=0.1",
	    "http://127.0.0.1/", "" },
	{ "5.1.3", "http://127.0.0.1/", "n=v; Domain=.0.0.1",
	    "http://127.0.0.1/", "" },
	{ "5.1.3", "http://[::1]/", "n=v", "http://[::1]/", "n=v" },
	{ "5.1.3", "http://[::1]/", "n=v; Domain=[::1]", "http://[::1]/",
	    "" },
	/* Paths. */
	{ "5.1.4", "http://a.test/x/y", "n=v", "http://a.test/x", "n=v" },
	{ "5.1.4", "http://a.test/x/y", "n=v", "http://a.test/x/z/?q",
	    "n=v" },
	{ "5.1.4", "http://a.test/x/y", "n=v", "http://a.test/xy", "" },
	{ "5.1.4", "http://a.test/x/y", "n=v", "http://a.test/", "" },
	{ "5.1.4", "http://a.test/x/", "n=v", "http://a.test/x/", "n=v" },
	{ "5.1.4", "http://a.test/x?/y/z", "n=v", "http://a.test/", "n=v" },
	{ "5.2.4", "http://a.test/x/y", "n=v; path=/", "http://a.test/",
	    "n=v" },
	{ "5.2.4", "http://a.test/", "n=v; Path=/x/", "http://a.test/x/y",
	    "n=v" },
	{ "5.2.4", "http://a.test/", "n=v; Path=/x/", "http://a.test/x", "" },
	{ "5.2.4", "http://a.test/", "n=v; path=/X", "http://a.test/x", "" },
	{ "5.2.4", "http://a.test/x/y", "n=v; path=z", "http://a.test/x/q",
	    "n=v" },
	{ "5.2.4", "http://a.test/x/y", "n=v; path=/; path=",
	    "http://a.test/", "" },
	/* Secure. */
	{ "5.2.5", "https://a.test/", "n=v; secure", "https://a.test/",
	    "n=v" },
	{ "5.2.5", "https://a.test/", "n=v; secure", "http://a.test/", "" },
	{ "5.2.5", "https://a.test/", "n=v; SECURE=no", "http://a.test/",
	    "" },
	{ "5.2.6", "https://a.test/", "n=v; HttpOnly; SameSite=Strict",
	    "https://a.test/", "n=v" },
	{ "6265bis", "http://a.test/", "n=v; secure", "https://a.test/", "" },
	{ "6265bis", "https://a.test/", "__Secure-n=v", "https://a.test/",
	    "" },
	{ "6265bis", "https://a.test/", "__secure-n=v; secure",
	    "https://a.test/", "__secure-n=v" },
	{ "6265bis", "https://a.test/", "__Host-n=v; secure; path=/",
	    "https://a.test/", "__Host-n=v" },
	{ "6265bis", "https://a.test/", "__Host-n=v; secure",
	    "https://a.test/", "" },
	{ "6265bis", "https://a.test/", "__Host-n=v; path=/",
	    "https://a.test/", "" },
	{ "6265bis", "https://a.test/", "__Host-n=v; secure; path=/; "
	    "domain=a.test", "https://a.test/", "" },
	/* How long; Max-Age is stronger. */
	{ "5.2.2", "http://a.test/", "n=v; Max-Age=1", "http://a.test/",
	    "n=v" },
	{ "5.2.2", "http://a.test/", "n=v; Max-Age=0", "http://a.test/", "" },
	{ "5.2.2", "http://a.test/", "n=v; Max-Age=-1", "http://a.test/",
	    "" },
	{ "5.2.2", "http://a.test/", "n=v; Max-Age=-", "http://a.test/",
	    "n=v" },
	{ "5.2.2", "http://a.test/", "n=v; Max-Age=", "http://a.test/",
	    "n=v" },
	{ "5.2.2", "http://a.test/", "n=v; Max-Age=0x", "http://a.test/",
	    "n=v" },
	{ "5.2.2", "http://a.test/", "n=v; Max-Age=+0", "http://a.test/",
	    "n=v" },
	{ "5.2.2", "http://a.test/", "n=v; Max-Age="
	    "999999999999999999999999999999", "http://a.test/", "n=v" },
	{ "5.2.1", "http://a.test/", "n=v; Expires=Sun, 06 Nov 1994 "
	    "08:49:38 GMT", "http://a.test/", "n=v" },
	{ "5.2.1", "http://a.test/", "n=v; Expires=Sun, 06 Nov 1994 "
	    "08:49:37 GMT", "http://a.test/", "" },
	{ "5.2.1", "http://a.test/", "n=v; expires=Thu, 01-Jan-70 "
	    "00:00:00 GMT", "http://a.test/", "" },
	{ "5.2.1", "http://a.test/", "n=v; Expires=soon", "http://a.test/",
	    "n=v" },
	{ "5.3", "http://a.test/", "n=v; Max-Age=9; Expires=Thu, 01-Jan-70 "
	    "00:00:00 GMT", "http://a.test/", "n=v" },
	{ "5.3", "http://a.test/", "n=v; Expires=Thu, 01-Jan-70 "
	    "00:00:00 GMT; Max-Age=9", "http://a.test/", "n=v" },
};

static void
test_rows(void)
{
	check_case("each rule of RFC 6265");
	for (size_t i = 0; i < sizeof(cookie_rows) / sizeof(*cookie_rows);
	    i++) {
		struct http_cookie_jar jar = { .first = NULL };
		char what[256];

		cookie_take(&jar, cookie_rows[i].from, cookie_rows[i].field);
		snprintf(what, sizeof(what), "%s: %s", cookie_rows[i].section,
		    cookie_rows[i].field);
		check_str(cookie_sent(&jar, cookie_rows[i].to, 1000),
		    cookie_rows[i].sent, what, __FILE__, __LINE__);
		http_cookie_jar_clear(&jar);
	}
}

/* Each field cut short anywhere, and ended by each byte that there is. */
static void
test_bytes(void)
{
	static const char whole[] = "__Host-n = v; Path=/x ;domain=.a.test;"
	    "Max-Age=10;expires=Sun, 06 Nov 1994 08:49:38 GMT; Secure";
	struct http_cookie_jar jar = { .first = NULL };
	char text[sizeof(whole)];

	check_case("a field cut anywhere, with any byte at its end");
	for (size_t len = 0; len < sizeof(whole); len++)
		for (int c = 0; c < 256; c++) {
			memcpy(text, whole, len);
			text[len] = (char)c;
			CHECK_INT(cookie_take_at(&jar, "https://b.a.test/x/y",
			    text, len + (c > 0), 5, -1), 0);
		}
	CHECK(strlen(cookie_sent(&jar, "https://b.a.test/x/y", 5)) > 0);
	http_cookie_jar_clear(&jar);
}

/* ---- several cookies ---- */

static void
test_order(void)
{
	struct http_cookie_jar jar = { .first = NULL };

	check_case("5.4: long paths first, then the older; a new value in "
	    "its old place");
	cookie_take(&jar, "http://a.test/", "one=1");
	cookie_take(&jar, "http://a.test/", "two=2; path=/x");
	cookie_take(&jar, "http://a.test/", "three=3");
	cookie_take(&jar, "http://a.test/", "four=4; path=/x/y");
	CHECK_STR(cookie_sent(&jar, "http://a.test/x/y", 1000),
	    "four=4; two=2; one=1; three=3");
	cookie_take(&jar, "http://a.test/", "one=new");
	CHECK_STR(cookie_sent(&jar, "http://a.test/x", 1000),
	    "two=2; one=new; three=3");
	/* Another path or domain is another cookie. */
	cookie_take(&jar, "http://a.test/", "one=x; path=/x");
	cookie_take(&jar, "http://a.test/", "one=d; domain=a.test");
	CHECK_STR(cookie_sent(&jar, "http://a.test/x", 1000),
	    "two=2; one=x; one=new; three=3; one=d");
	/* And each is taken back by itself. */
	cookie_take(&jar, "http://a.test/", "one=; max-age=0");
	cookie_take(&jar, "http://a.test/", "none=; max-age=0");
	CHECK_STR(cookie_sent(&jar, "http://a.test/x", 1000),
	    "two=2; one=x; three=3; one=d");
	http_cookie_jar_clear(&jar);
	CHECK_STR(cookie_sent(&jar, "http://a.test/x", 1000), "");
	cookie_take(&jar, "http://a.test/", "again=1");
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 1000), "again=1");
	http_cookie_jar_clear(&jar);
}

static void
test_time(void)
{
	static const char past[] = "a=1; expires=Thu, 01 Jan 2026 00:00:00 GMT";
	static const char later[] =
	    "a=1; expires=Thu, 01 Jan 2026 00:00:01 GMT";
	struct http_cookie_jar jar = { .first = NULL };

	check_case("5.3: a cookie ends when its time is over, not before");
	cookie_take(&jar, "http://a.test/", "age=1; max-age=10");
	cookie_take(&jar, "http://a.test/", "date=1; expires=Sun, 06 Nov 1994 "
	    "08:49:57 GMT");
	cookie_take(&jar, "http://a.test/", "stay=1");
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 1009),
	    "age=1; date=1; stay=1");
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 1010), "date=1; stay=1");
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 1019), "date=1; stay=1");
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 1020), "stay=1");
	CHECK_STR(cookie_sent(&jar, "http://a.test/", INT64_MAX - 1),
	    "stay=1");
	http_cookie_jar_clear(&jar);
	/* Without a Date, what is past for everybody is past. */
	CHECK_INT(cookie_take_at(&jar, "http://a.test/", past, strlen(past),
	    0, -1), 0);
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 0), "");
	CHECK_INT(cookie_take_at(&jar, "http://a.test/", later, strlen(later),
	    0, -1), 0);
	CHECK_STR(cookie_sent(&jar, "http://a.test/", INT64_MAX - 1), "a=1");
	http_cookie_jar_clear(&jar);
}

static void
test_guarded(void)
{
	struct http_cookie_jar jar = { .first = NULL };

	check_case("6265bis: http does not replace what https has set");
	cookie_take(&jar, "https://a.test/", "n=s; secure; domain=a.test");
	cookie_take(&jar, "http://a.test/", "n=1");
	cookie_take(&jar, "http://a.test/", "n=2; domain=a.test");
	cookie_take(&jar, "http://b.a.test/", "n=3; max-age=0");
	cookie_take(&jar, "http://b.a.test/", "n=4");
	cookie_take(&jar, "http://a.test/", "m=5");
	CHECK_STR(cookie_sent(&jar, "https://b.a.test/", 1000), "n=s");
	CHECK_STR(cookie_sent(&jar, "https://a.test/", 1000), "n=s; m=5");
	cookie_take(&jar, "https://a.test/", "n=6; domain=a.test");
	CHECK_STR(cookie_sent(&jar, "http://b.a.test/", 1000), "n=6");
	http_cookie_jar_clear(&jar);
}

/* ---- limits ---- */

static void
test_long(void)
{
	struct http_cookie_jar jar = { .first = NULL };
	static char text[HTTP_COOKIE_MAX + 64];
	size_t len;

	check_case("the longest cookie, one longer, and a long attribute");
	memset(text, 'v', sizeof(text));
	text[1] = '=';
	CHECK_INT(cookie_take_at(&jar, "http://a.test/", text,
	    HTTP_COOKIE_MAX + 1, 0, -1), 0);
	len = strlen(cookie_sent(&jar, "http://a.test/", 0));
	CHECK_INT(len, HTTP_COOKIE_MAX + 1);
	http_cookie_jar_clear(&jar);
	CHECK_INT(cookie_take_at(&jar, "http://a.test/", text,
	    HTTP_COOKIE_MAX + 2, 0, -1), 0);
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 0), "");
	memcpy(text, "n=v; path=/", 11);
	CHECK_INT(cookie_take_at(&jar, "http://a.test/", text,
	    10 + HTTP_COOKIE_ATTRIBUTE, 0, -1), 0);
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 0), "");
	CHECK_INT(cookie_take_at(&jar, "http://a.test/", text,
	    11 + HTTP_COOKIE_ATTRIBUTE, 0, -1), 0);
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 0), "n=v");
	http_cookie_jar_clear(&jar);
}

static void
test_flood(void)
{
	struct http_cookie_jar jar = { .first = NULL };
	char text[1024], *end;
	int first = 0, count = 0;

	check_case("a flood: the oldest go, and the jar stays within limits");
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "n%d=%d; path=/%.*s", i, i,
		    i % 3, "xx");
		cookie_take(&jar, "http://a.test/", text);
		CHECK(jar.count <= HTTP_COOKIE_JAR_MAX);
	}
	CHECK_INT(jar.count, HTTP_COOKIE_JAR_MAX);
	CHECK(strncmp(cookie_sent(&jar, "http://a.test/xx", 1000), "n95", 3)
	    == 0);
	http_cookie_jar_clear(&jar);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "n%03d=%0500d", i, i);
		cookie_take(&jar, "http://a.test/", text);
		CHECK(jar.bytes <= HTTP_COOKIE_JAR_BYTES);
	}
	end = strchr(cookie_sent(&jar, "http://a.test/", 1000), 'n');
	for (; end != NULL; end = strchr(end + 1, 'n'), count++)
		first = count == 0 ? atoi(end + 1) : first;
	CHECK_INT(count, HTTP_COOKIE_JAR_BYTES / 507);
	CHECK_INT(first, 1000 - count);
	/* What is taken back makes no room for itself. */
	cookie_take(&jar, "http://a.test/", "none=; max-age=0");
	CHECK_INT(jar.count, count);
	http_cookie_jar_clear(&jar);
	CHECK_INT(jar.bytes, 0);
}

/* The last of so many cookies of 512 bytes has some more. */
static int
cookies_kept(int count, int more)
{
	struct http_cookie_jar jar = { .first = NULL };
	char text[1024];
	int kept;

	for (int i = 1; i <= count; i++) {
		memset(text, 'x', sizeof(text));
		text[snprintf(text, sizeof(text), "n%03d", i)] = '=';
		text[510 + (i == count ? more : 0)] = '\0';
		cookie_take(&jar, "http://a.test/", text);
	}
	kept = (int)jar.count;
	http_cookie_jar_clear(&jar);
	return kept;
}

static void
test_full(void)
{
	int most = HTTP_COOKIE_JAR_BYTES / 512;

	check_case("a jar that is full to the byte, and one byte more");
	CHECK_INT(cookies_kept(most, 0), most);
	CHECK_INT(cookies_kept(most, 1), most - 1);
}

static void
test_room(void)
{
	struct http_cookie_jar jar = { .first = NULL };
	struct http_url u;
	char *to;

	check_case("writing stops where the room does, and says how much");
	cookie_take(&jar, "http://a.test/", "one=1");
	cookie_take(&jar, "http://a.test/", "two=");
	CHECK_INT(http_url_parse(&u, "http://a.test/", 14, NULL), 0);
	for (size_t room = 0; room <= 11; room++) {
		to = guard_copy("???????????", room);
		CHECK_INT(http_cookie_write(&jar, &u, 0, to, room), 11);
		CHECK(memcmp(to, "one=1; two=", room) == 0);
		guard_free(to, room);
	}
	http_url_free(&u);
	http_cookie_jar_clear(&jar);
}

static void
test_memory(void)
{
	struct http_cookie_jar jar = { .first = NULL };
	struct http_url u;

	check_case("without memory a jar stays as it was");
	CHECK_INT(http_url_parse(&u, "http://a.test/", 14, NULL), 0);
	CHECK_INT(http_cookie_take(&jar, &u, "a=1", 3, 0, -1), 0);
	alloc_fail_at(0, 1);
	CHECK_INT(http_cookie_take(&jar, &u, "a=2", 3, 0, -1), -ENOMEM);
	alloc_fail_at(-1, 0);
	CHECK_STR(cookie_sent(&jar, "http://a.test/", 0), "a=1");
	http_url_free(&u);
	http_cookie_jar_clear(&jar);
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	test_rows();
	test_bytes();
	test_order();
	test_time();
	test_guarded();
	test_long();
	test_flood();
	test_full();
	test_room();
	test_memory();
	return check_done();
}
