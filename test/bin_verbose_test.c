/*
 * bin_verbose_test.c - heads as -v tells them: line by line, harmless, and
 * with no secret in them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/verbose.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "guard.h"

/* U+FFFD, for what could harm a terminal. */
#define BAD "\xef\xbf\xbd"

static const struct {
	const char *head;
	bool sent;
	const char *told;
} verbose_rows[] = {
	{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true,
	    "> GET / HTTP/1.1\n> Host: a\n>\n" },
	{ "HTTP/1.1 200 OK\nA: b\r\n\n", false,
	    "< HTTP/1.1 200 OK\n< A: b\n<\n" },
	{ "", true, "" },
	{ "no end", false, "< no end\n" },
	{ "\r\nHTTP/1.1 200 \r\n\r\n", false, "<\n< HTTP/1.1 200 \n<\n" },
	{ "A: \033[2J\tx\r y\r\n", false, "< A: " BAD "[2J" BAD "x" BAD
	    " y\n" },
	{ "A: \xe2\x80\xae" "evil \xff\n", false, "< A: " BAD "evil " BAD
	    "\n" },
	/* Passwords: the scheme stays. */
	{ "Authorization: Basic Zjpv\r\n", true,
	    "> Authorization: Basic (hidden)\n" },
	{ "authorization:Basic Zjpv\r\n", true,
	    "> authorization:Basic (hidden)\n" },
	{ "PROXY-AUTHORIZATION: \t Bearer x y\r\n", true,
	    "> PROXY-AUTHORIZATION: " BAD " Bearer (hidden)\n" },
	{ "Authorization: token\r\n", true, "> Authorization: (hidden)\n" },
	{ "Authorization: a;b\r\n", true, "> Authorization: (hidden)\n" },
	{ "Authorization:\r\n", true, "> Authorization:\n" },
	{ "Authorization: \r\n", true, "> Authorization: \n" },
	{ "Authorization: Basic \r\n", true, "> Authorization: Basic \n" },
	/* Cookies: the names stay, and what a site says of them. */
	{ "Cookie: a=b\r\n", true, "> Cookie: a=(hidden)\n" },
	{ "Cookie: a=b; c=d=e; f=; g;h\r\n", true, "> Cookie: a=(hidden); "
	    "c=(hidden); f=; (hidden);(hidden)\n" },
	{ "Cookie: a=b;\r\n", true, "> Cookie: a=(hidden);\n" },
	{ "Set-Cookie: a=b; Path=/; Secure\r\n", false,
	    "< Set-Cookie: a=(hidden); Path=/; Secure\n" },
	{ "Set-Cookie: a\r\n", false, "< Set-Cookie: (hidden)\n" },
	{ "Set-Cookie: a; x=y\r\n", false, "< Set-Cookie: (hidden); x=y\n" },
	{ "Set-Cookie:", false, "< Set-Cookie:\n" },
	/* A fold goes on with the secret of the line before, or with none. */
	{ "Set-Cookie: a=\r\n b\r\n\tc\r\nX: y\r\n z\r\n", false,
	    "< Set-Cookie: a=\n< (hidden)\n< (hidden)\n< X: y\n<  z\n" },
	/* Those are other fields. */
	{ "Cookies: a=b\r\nX-Cookie: a=b\r\nCookie\r\nCook", true,
	    "> Cookies: a=b\n> X-Cookie: a=b\n> Cookie\n> Cook\n" },
};

/*
 * What is written of a page, or of a head if that is NULL, to standard error,
 * which is a file meanwhile.
 */
static size_t
verbose_catch(const struct http_page *page, bool sent, const char *at,
    size_t len, char *to, size_t room)
{
	FILE *file = tmpfile();
	int error = dup(STDERR_FILENO);
	size_t got = 0;

	if (!CHECK(file != NULL && error >= 0))
		return 0;
	dup2(fileno(file), STDERR_FILENO);
	if (page != NULL)
		verbose_page(page);
	else
		verbose_head(NULL, sent, at, len);
	dup2(error, STDERR_FILENO);
	close(error);
	rewind(file);
	got = fread(to, 1, room - 1, file);
	fclose(file);
	to[got] = '\0';
	return got;
}

static void
test_page(void)
{
	const struct http_page page = {
		.status = 200, .address = "[::1]:80", .reused = true,
		.timings = { .name_ns = 1500000, .connect_ns = 20000000,
		    .wait_ns = UINT64_C(2000000000), .receive_ns = 399999 },
	};
	char got[256];

	check_case("a page as -v tells it");
	verbose_catch(&page, false, NULL, 0, got, sizeof(got));
	CHECK_STR(got, "* 200, by [::1]:80, used before: name 1.5 ms, "
	    "connect 20.0 ms, TLS 0.0 ms, wait 2000.0 ms, receive 0.3 ms\n");
}

int
main(void)
{
	size_t count = sizeof(verbose_rows) / sizeof(verbose_rows[0]);
	char told[512];

	check_case("heads as -v tells them");
	for (size_t i = 0; i < count; i++) {
		const char *head = verbose_rows[i].head;
		size_t len = strlen(head);
		char *copy = guard_copy(head, len);

		verbose_catch(NULL, verbose_rows[i].sent, copy, len, told,
		    sizeof(told));
		if (!CHECK_STR(told, verbose_rows[i].told))
			printf("# row %zu\n", i);
		guard_free(copy, len);
	}
	test_page();
	return check_done();
}
