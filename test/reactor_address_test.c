/*
 * reactor_address_test.c - numeric addresses as text and back, and words for
 * errors.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/address.h"
#include "../reactor/words.h"
#include "check.h"
#include "guard.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* What is read, and how it is written; NULL: it is no address. */
static const struct {
	const char *text, *host, *full;
} table[] = {
	{ "192.0.2.1", "192.0.2.1", "192.0.2.1:7" },
	{ "192.0.2.1:53", "192.0.2.1", "192.0.2.1:53" },
	{ "0.0.0.0:0", "0.0.0.0", "0.0.0.0:0" },
	{ "255.255.255.255:65535", "255.255.255.255",
	    "255.255.255.255:65535" },
	{ "::", "::", "[::]:7" },
	{ "::1", "::1", "[::1]:7" },
	{ "2001:DB8:0:0:0::1", "2001:db8::1", "[2001:db8::1]:7" },
	{ "[2001:db8::1]", "2001:db8::1", "[2001:db8::1]:7" },
	{ "[2001:db8::1]:53", "2001:db8::1", "[2001:db8::1]:53" },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:7" },
	/* RFC 5952 sections 4.1, 4.2.2, 4.2.3, and 4.3. */
	{ "2001:0db8::0001", "2001:db8::1", "[2001:db8::1]:7" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
	    "[2001:db8:0:1:1:1:1:1]:7" },
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1", "[2001:0:0:1::1]:7" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1",
	    "[2001:db8::1:0:0:1]:7" },
	{ "ABCD:EF01:10:200:3000::", "abcd:ef01:10:200:3000::",
	    "[abcd:ef01:10:200:3000::]:7" },
	{ "1:0:0:0:0:0:0:0", "1::", "[1::]:7" },
	{ "0:0:1:0:0:0:0:0", "0:0:1::", "[0:0:1::]:7" },
	{ "0:1:1:1:1:1:1:0", "0:1:1:1:1:1:1:0", "[0:1:1:1:1:1:1:0]:7" },
	{ "::ffff:0.0.0.0", "::ffff:0.0.0.0", "[::ffff:0.0.0.0]:7" },
	{ "::ffff:0:1:2", "::ffff:0:1:2", "[::ffff:0:1:2]:7" },
	{ "1::ffff:192.0.2.1", "1::ffff:c000:201", "[1::ffff:c000:201]:7" },
	{ "1.20.0.100", "1.20.0.100", "1.20.0.100:7" },
	{ "fe80::1%9", "fe80::1%9", "[fe80::1%9]:7" },
	{ "[fe80::1%4294967295]:1", "fe80::1%4294967295",
	    "[fe80::1%4294967295]:1" },
	{ "", NULL, NULL },
	{ ":", NULL, NULL },
	{ "[]", NULL, NULL },
	{ "[", NULL, NULL },
	{ "[::1", NULL, NULL },
	{ "[::1]x", NULL, NULL },
	{ "[::1]:", NULL, NULL },
	{ "[::1]:65536", NULL, NULL },
	{ "[192.0.2.1]", NULL, NULL },
	{ "[192.0.2.1]:53", NULL, NULL },
	{ "192.0.2", NULL, NULL },
	{ "192.0.2.1.1", NULL, NULL },
	{ "192.0.2.256", NULL, NULL },
	{ "192.0.2.1:", NULL, NULL },
	{ "192.0.2.1:99999", NULL, NULL },
	{ "192.0.2.1:-1", NULL, NULL },
	{ "192.0.2.1:+1", NULL, NULL },
	{ "192.0.2.1:000001", NULL, NULL },
	{ "192.0.2.1 ", NULL, NULL },
	{ " 192.0.2.1", NULL, NULL },
	{ "0x7f.1", NULL, NULL },
	{ "2130706433", NULL, NULL },
	{ "localhost", NULL, NULL },
	{ "::1::", NULL, NULL },
	{ "1:2:3:4:5:6:7:8:9", NULL, NULL },
	{ "fe80::1%", NULL, NULL },
	{ "fe80::1%-1", NULL, NULL },
	{ "fe80::1%9x", NULL, NULL },
	{ "fe80::1%4294967296", NULL, NULL },
	{ "192.0.2.1%9", NULL, NULL },
};

static void
parse_table(void)
{
	char text[REACTOR_ADDRESS_TEXT], *copy;
	struct reactor_address a, again;
	size_t i, len;
	int error;

	check_case("numeric addresses");
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		len = strlen(table[i].text);
		copy = guard_copy(table[i].text, len);
		error = reactor_address_parse(&a, copy, len, 7);
		guard_free(copy, len);
		if (table[i].host == NULL) {
			if (!CHECK_INT(error, -EINVAL))
				CHECK_STR(table[i].text, "refused");
			continue;
		}
		if (!CHECK_INT(error, 0))
			continue;
		CHECK_STR(reactor_address_format(&a, text), table[i].host);
		CHECK_STR(reactor_address_format_port(&a, text), table[i].full);
		CHECK_INT(
		    reactor_address_parse(&again, text, strlen(text), 0), 0);
		CHECK(reactor_address_equal(&a, &again));
		reactor_address_set_port(&again, 8);
		CHECK_INT(reactor_address_port(&again), 8);
		CHECK(!reactor_address_equal(&a, &again));
	}
	CHECK_INT(reactor_address_parse(&a, "::1\0", 4, 0), -EINVAL);
}

static void
paths(void)
{
	char text[REACTOR_ADDRESS_TEXT], path[200];
	struct reactor_address a, b;

	check_case("paths");
	memset(path, 'x', sizeof(path));
	CHECK_INT(reactor_address_from_path(&a, "", 0), -EINVAL);
	CHECK_INT(reactor_address_from_path(&a, "a\0b", 3), -EINVAL);
	CHECK_INT(
	    reactor_address_from_path(&a, path, sizeof(path)), -ENAMETOOLONG);
	CHECK_INT(
	    reactor_address_from_path(&a, path, sizeof(a.u.local.sun_path)),
	    -ENAMETOOLONG);
	CHECK_INT(reactor_address_from_path(&a, path,
	    sizeof(a.u.local.sun_path) - 1), 0);
	CHECK_INT(reactor_address_from_path(&b, "/tmp/x", 6), 0);
	CHECK_INT(reactor_address_family(&b), AF_UNIX);
	CHECK_INT(reactor_address_port(&b), 0);
	CHECK_STR(reactor_address_format(&b, text), "/tmp/x");
	CHECK_STR(reactor_address_format_port(&b, text), "/tmp/x");
	CHECK(reactor_address_equal(&b, &b));
	CHECK(!reactor_address_equal(&a, &b));
	/* A kernel may fill a path to the brim, without a NUL. */
	memset(a.u.local.sun_path, 'y', sizeof(a.u.local.sun_path));
	CHECK_INT(strlen(reactor_address_format(&a, text)),
	    sizeof(a.u.local.sun_path));
	CHECK(reactor_address_equal(&a, &a));
	/* Two of none are not the same one. */
	memset(&a, 0, sizeof(a));
	CHECK(!reactor_address_equal(&a, &a));
}

static void
bytes(void)
{
	static const uint8_t ipv4[] = { 192, 0, 2, 1 };
	static const uint8_t ipv6[16] = { 0xfe, 0x80, [15] = 1 };
	char text[REACTOR_ADDRESS_TEXT];
	struct reactor_address a, b;

	check_case("bytes");
	reactor_address_from_bytes(&a, ipv4, 4, 0, 80);
	CHECK_STR(reactor_address_format_port(&a, text), "192.0.2.1:80");
	reactor_address_from_bytes(&b, ipv6, 16, 3, 80);
	CHECK_STR(reactor_address_format_port(&b, text), "[fe80::1%3]:80");
	CHECK(!reactor_address_equal(&a, &b));
	reactor_address_from_bytes(&a, ipv6, 16, 4, 80);
	CHECK(!reactor_address_equal(&a, &b));
}

static void
words(void)
{
	check_case("words for errors");
	CHECK_STR(reactor_strerror(-ECONNREFUSED), "connection refused");
	CHECK_STR(reactor_strerror(-ETIMEDOUT), "timed out");
	CHECK_STR(reactor_strerror(0), "connection closed");
	CHECK(reactor_strerror(-12345) != NULL);
}

int
main(void)
{
	parse_table();
	paths();
	bytes();
	words();
	return check_done();
}
