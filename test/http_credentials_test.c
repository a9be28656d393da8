/*
 * http_credentials_test.c - Basic credentials: RFC 7617 and RFC 4648.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/credentials.h"

#include <string.h>

#include "check.h"
#include "guard.h"

static const struct {
	const char *name, *password, *field;
} names[] = {
	/* RFC 7617, sections 2 and 2.1. */
	{ "Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
	{ "test", "123\xc2\xa3", "Basic dGVzdDoxMjPCow==" },
	/* Of each length, RFC 4648, section 10, and all digits. */
	{ "", "", "Basic Og==" },
	{ "f", "", "Basic Zjo=" },
	{ "f", "o", "Basic Zjpv" },
	{ "f", "oo", "Basic Zjpvbw==" },
	{ "f", ":", "Basic Zjo6" },
	{ "\xff\xff\xfe", "\xfb\xef\xbe", "Basic ///+Ovvvvg==" },
	{ "a:b", "c", "" },
	{ ":", "", "" },
};

static void
test_names(void)
{
	char text[80];

	check_case("RFC 7617, 2: name, colon, password, in base64");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t name_len = strlen(names[i].name);
		size_t password_len = strlen(names[i].password);
		char *name = guard_copy(names[i].name, name_len);
		char *password = guard_copy(names[i].password, password_len);
		size_t len = http_credentials_basic(name, name_len, password,
		    password_len, text, sizeof(text));

		CHECK_BYTES(text, len, names[i].field);
		guard_free(name, name_len);
		guard_free(password, password_len);
	}
}

static const struct {
	const char *url, *field;
} urls[] = {
	{ "http://Aladdin:open%20sesame@h/",
	    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
	{ "https://Aladdin:open sesame@h:8443/x",
	    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
	{ "http://f@h/", "Basic Zjo=" },
	{ "https://f:@h/", "Basic Zjo=" },
	{ "http://:o@h/", "Basic Om8=" },
	{ "http://f:o:@h/", "Basic ZjpvOg==" },
	{ "http://f:o%3A@h/", "Basic ZjpvOg==" },
	{ "http://f:%@h/", "Basic Zjol" },
	{ "http://f:%0@h/", "Basic ZjolMA==" },
	{ "http://f:%zz@h/", "Basic Zjoleno=" },
	{ "http://f:%5E%7a@h/", "Basic Zjpeeg==" },
	{ "http://f%3ao:o@h/", "" },
	{ "http://h/", "" },
	{ "https://h/x@y:z", "" },
	{ "http://@h/", "" },
	{ "http://:@h/", "" },
};

static void
test_urls(void)
{
	char text[HTTP_CREDENTIALS_MAX];
	struct http_url u;

	check_case("RFC 3986, 3.2.1: what stands in front of the host");
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		size_t len;

		CHECK_INT(http_url_parse(&u, urls[i].url, strlen(urls[i].url),
		    NULL), 0);
		len = http_credentials_of_url(&u, text, sizeof(text));
		if (!CHECK_BYTES(text, len, urls[i].field))
			check_true(0, urls[i].url, __FILE__, __LINE__);
		http_url_free(&u);
	}
}

static void
test_room(void)
{
	static const char field[] = "Basic Zjpvbw==";
	static char longest[HTTP_URL_MAX];
	char text[HTTP_CREDENTIALS_MAX], *to;
	struct http_url u;

	check_case("writing stops where the room does, and says how much");
	for (size_t room = 0; room <= sizeof(field); room++) {
		size_t n = room < strlen(field) ? room : strlen(field);

		to = guard_copy("???????????????", room);
		CHECK_INT(http_credentials_basic("f", 1, "oo", 2, to, room),
		    strlen(field));
		CHECK(memcmp(to, field, n) == 0);
		guard_free(to, room);
	}
	memset(longest, 'x', sizeof(longest));
	memcpy(longest, "http://", 7);
	memcpy(longest + sizeof(longest) - 3, "@h/", 3);
	CHECK_INT(http_url_parse(&u, longest, sizeof(longest), NULL), 0);
	CHECK(http_credentials_of_url(&u, text, sizeof(text)) <= sizeof(text));
	CHECK(http_credentials_of_url(&u, text, sizeof(text)) > 10000);
	http_url_free(&u);
}

static const struct {
	const char *field;
	bool matches;
} fields[] = {
	{ "Basic Zjpvbw==", true },
	{ "BASIC   Zjpvbw==", true },
	{ "basic Zjpvbw==", true },
	{ "Basic Zjpvbw=", false },
	{ "Basic Zjpvbw", false },
	{ "Basic Zjpvbw===", false },
	{ "Basic Zjpvbg==", false },
	{ "Basic zjpvbw==", false },
	{ "Basic Zjpv bw==", false },
	{ "Basic\tZjpvbw==", false },
	{ "BasicZjpvbw==", false },
	{ "Basi", false },
	{ "Basic", false },
	{ "Basic ", false },
	{ "", false },
	{ "Digest Zjpvbw==", false },
	{ "Zjpvbw==", false },
};

static void
test_match(void)
{
	check_case("RFC 9110, 11.1: a server knows its user, the scheme in "
	    "any case");
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		size_t len = strlen(fields[i].field);
		char *copy = guard_copy(fields[i].field, len);

		if (!CHECK_INT(http_credentials_match(copy, len, "f", "oo"),
		    fields[i].matches))
			check_true(0, fields[i].field, __FILE__, __LINE__);
		guard_free(copy, len);
	}
}

int
main(void)
{
	test_names();
	test_urls();
	test_room();
	test_match();
	return check_done();
}
