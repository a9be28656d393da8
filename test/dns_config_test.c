/*
 * dns_config_test.c - resolv.conf and hosts, well and badly written, and how
 * they are read from files.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dns/config.h"
#include "alloc.h"
#include "check.h"
#include "guard.h"

/* What a config says, in one line. */
static void
describe(const struct dns_config *c, char *text, size_t size)
{
	char name[DNS_NAME_TEXT];
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < c->server_count; i++)
		len += (size_t)snprintf(text + len, size - len, "%s ",
		    c->servers[i]);
	for (i = 0; i < c->suffix_count; i++) {
		dns_name_format(&c->suffixes[i], name);
		len += (size_t)snprintf(text + len, size - len, ".%s ", name);
	}
	snprintf(text + len, size - len, "%u %u %u%s", c->ndots,
	    (unsigned)(c->timeout_ns / 1000000000), c->attempts,
	    c->rotate ? " rotate" : "");
}

static const struct {
	const char *text, *want;
} config_rows[] = {
	{ "", "1 5 2" },
	{ "\n\n", "1 5 2" },
	{ "nameserver 192.0.2.1", "192.0.2.1 1 5 2" },
	{ "nameserver 192.0.2.1\r\nnameserver\t2001:db8::1 \r\n",
	    "192.0.2.1 2001:db8::1 1 5 2" },
	{ "nameserver fe80::1%eth0\n", "fe80::1%eth0 1 5 2" },
	{ "  nameserver 192.0.2.1 ; first\n", "192.0.2.1 1 5 2" },
	{ "# nameserver 192.0.2.1\n; nameserver 192.0.2.2\n", "1 5 2" },
	{ "nameserver # 192.0.2.1\n", "1 5 2" },
	{ "nameserver\n192.0.2.1\n", "1 5 2" },
	{ "nameservers 192.0.2.1\nnameserve 192.0.2.2\n", "1 5 2" },
	{ "search a.example B.example.\n", ".a.example .b.example 1 5 2" },
	{ "search a.example\nsearch b.example\n", ".b.example 1 5 2" },
	{ "domain a.example\nsearch\n", "1 5 2" },
	{ "search a.example\ndomain b.example\n", ".b.example 1 5 2" },
	{ "search a..b . ok.example\n", ".ok.example 1 5 2" },
	{ "search a b c d e f g h\n", ".a .b .c .d .e .f 1 5 2" },
	{ "options ndots:3 timeout:7 attempts:4 rotate\n", "3 7 4 rotate" },
	{ "options edns0 ndots:0 # rotate\n", "0 5 2" },
	{ "options ndots:99 timeout:99999999999999999999 attempts:99\n",
	    "15 30 5" },
	{ "options timeout:0 attempts:0 ndots:x ndots\n", "0 1 1" },
	{ "options ndots: timeout:\n", "0 1 2" },
	{ "options rotated xrotate\n", "1 5 2" },
	{ "nameserver 1\nnameserver 2\nnameserver 3\nnameserver 4\n"
	    "nameserver 5\nnameserver 6\nnameserver 7\nnameserver 8\n"
	    "nameserver 9\n", "1 2 3 4 5 6 7 8 1 5 2" },
};

static const struct {
	const char *text, *host, *want;
} domain_rows[] = {
	{ "", "box.Dom.t", ".dom.t 1 5 2" },
	{ "", "box.dom.t.", ".dom.t 1 5 2" },
	{ "options ndots:2\n", "box.t", ".t 2 5 2" },
	{ "", "box", "1 5 2" },
	{ "", "box.", "1 5 2" },
	{ "", "", "1 5 2" },
	{ "", ".dom", ".dom 1 5 2" },
	{ "", "box..", "1 5 2" },
	{ "", "box.a b", "1 5 2" },
	{ "search\n", "box.dom.t", ".dom.t 1 5 2" },
	{ "search .\n", "box.dom.t", "1 5 2" },
	{ "search a.example\n", "box.dom.t", ".a.example 1 5 2" },
	{ "domain a.example\n", "box.dom.t", ".a.example 1 5 2" },
};

static void
test_config(void)
{
	struct dns_config c;
	char text[2048], *guarded;
	size_t i, len;

	check_case("resolv.conf");
	for (i = 0; i < sizeof(config_rows) / sizeof(config_rows[0]); i++) {
		len = strlen(config_rows[i].text);
		guarded = guard_copy(config_rows[i].text, len);
		dns_config_init(&c);
		dns_config_parse(&c, guarded, len);
		guard_free(guarded, len);
		describe(&c, text, sizeof(text));
		CHECK_STR(text, config_rows[i].want);
	}

	check_case("a NUL and a very long line");
	dns_config_init(&c);
	dns_config_parse(&c, "nameserver 1\0" "2\nnameserver 3", 27);
	memset(text, 'x', sizeof(text));
	memcpy(text, "nameserver ", 11);
	dns_config_parse(&c, text, sizeof(text));
	memcpy(text, "search xxxx", 11);
	dns_config_parse(&c, text, sizeof(text));
	describe(&c, text, sizeof(text));
	CHECK_STR(text, "3 1 5 2");

	check_case("the domain of this machine, if no line names another");
	for (i = 0; i < sizeof(domain_rows) / sizeof(domain_rows[0]); i++) {
		dns_config_init(&c);
		dns_config_parse(&c, domain_rows[i].text,
		    strlen(domain_rows[i].text));
		len = strlen(domain_rows[i].host);
		guarded = guard_copy(domain_rows[i].host, len);
		dns_config_add_domain(&c, guarded, len);
		guard_free(guarded, len);
		describe(&c, text, sizeof(text));
		CHECK_STR(text, domain_rows[i].want);
	}
	dns_config_init(&c);

	check_case("a server added");
	CHECK_INT(dns_config_add_server(&c, "", 0), -EINVAL);
	while (c.server_count < DNS_CONFIG_SERVERS)
		CHECK_INT(dns_config_add_server(&c, "192.0.2.1", 9), 0);
	CHECK_INT(dns_config_add_server(&c, "192.0.2.1", 9), -ENOSPC);
}

static const char hosts_text[] =
    "127.0.0.1\tLocalhost loopback\r\n"
    "# 192.0.2.1 comment\n"
    "192.0.2.2 two # not.this\n"
    "192.0.2.3 two#nor.this\n"
    "   2001:db8::2   Two.Example two two.\n"
    "192.0.2.9\n"
    "\n"
    "fe80::1%lo0 localhost\n"
    "FE80::2%Wlan0 UPPER\n"
    "192.0.2.4 last";

static void
check_hosts(const struct dns_hosts *h, const char *name, const char *want)
{
	const struct dns_hosts_entry *e;
	size_t count = dns_hosts_find(h, name, strlen(name), &e);
	char text[256] = "";

	for (; count > 0; count--, e++) {
		strncat(text, e->address, e->address_len);
		strcat(text, " ");
	}
	CHECK_STR(text, want);
}

static void
test_hosts(void)
{
	static const char *const rows[][2] = {
		{ "localhost", "127.0.0.1 fe80::1%lo0 " },
		{ "LOCALHOST", "127.0.0.1 fe80::1%lo0 " },
		{ "loopback", "127.0.0.1 " },
		{ "two", "192.0.2.2 192.0.2.3 2001:db8::2 " },
		{ "two.example", "2001:db8::2 " },
		{ "TWO.example.", "2001:db8::2 " },
		{ "last", "192.0.2.4 " },
		{ "upper", "FE80::2%Wlan0 " }, { "Upper", "FE80::2%Wlan0 " },
		{ "not.this", "" }, { "comment", "" }, { "192.0.2.9", "" },
		{ "las", "" }, { "lastt", "" }, { "", "" }, { ".", "" },
	};
	char *guarded = guard_copy(hosts_text, sizeof(hosts_text) - 1);
	char longer[300];
	struct dns_hosts h;
	size_t i;

	check_case("hosts");
	CHECK_INT(dns_hosts_parse(&h, guarded, sizeof(hosts_text) - 1), 0);
	guard_free(guarded, sizeof(hosts_text) - 1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_hosts(&h, rows[i][0], rows[i][1]);
	memset(longer, 'x', sizeof(longer));
	longer[299] = '\0';
	check_hosts(&h, longer, "");
	dns_hosts_free(&h);
	check_hosts(&h, "two", "");
	CHECK_INT(dns_hosts_parse(&h, "a\0b c", 5), 0);
	check_hosts(&h, "b", "a ");
	dns_hosts_free(&h);

	check_case("hosts, cut off everywhere, and without memory");
	for (i = 0; i < sizeof(hosts_text); i++) {
		guarded = guard_copy(hosts_text, i);
		CHECK_INT(dns_hosts_parse(&h, guarded, i), 0);
		guard_free(guarded, i);
		dns_hosts_free(&h);
	}
	for (i = 0; i < 2; i++) {
		alloc_fail_at((long)i, 0);
		CHECK_INT(dns_hosts_parse(&h, hosts_text,
		    sizeof(hosts_text) - 1), -ENOMEM);
		check_hosts(&h, "two", "");
	}
	alloc_fail_at(-1, 0);
}

static void
test_files(void)
{
	static const char *const paths[] = {
		"/nonexistent/resolv.conf", "/dev/null/resolv.conf", "/",
	};
	struct dns_config c;
	struct dns_hosts h;
	size_t i;

	check_case("files that are not there");
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		memset(&c, 1, sizeof(c));
		CHECK_INT(dns_config_read(&c, paths[i]), 0);
		CHECK_INT(c.server_count, 0);
		CHECK_INT(c.attempts, 2);
		CHECK(!c.searched);
		CHECK_INT(dns_hosts_read(&h, paths[i]), 0);
		check_hosts(&h, "localhost", "");
		dns_hosts_free(&h);
	}
}

/* Linux has a file that opens and that cannot be read at its beginning. */
static void
test_broken_file(void)
{
	static const char path[] = "/proc/self/mem";
	FILE *file = fopen(path, "r");
	struct dns_config c;
	struct dns_hosts h;

	check_case("a file that cannot be read to its end");
	if (file == NULL)
		return;
	fclose(file);
	CHECK_INT(dns_config_read(&c, path), -EIO);
	CHECK_INT(c.server_count, 0);
	CHECK_INT(dns_hosts_read(&h, path), -EIO);
	check_hosts(&h, "localhost", "");
	CHECK_INT(alloc_live(), 0);
}

/* Larger than what is read at once. */
static void
test_large_file(void)
{
	char path[] = "/tmp/spindle.XXXXXX";
	struct dns_config c;
	struct dns_hosts h;
	FILE *file = NULL;
	int fd = mkstemp(path), i;

	check_case("a file, with and without memory");
	if (CHECK(fd >= 0))
		file = fdopen(fd, "w");
	if (!CHECK(file != NULL))
		return;
	for (i = 0; i < 1000; i++)
		fprintf(file, "192.0.2.%d name%d\n", i % 256, i);
	fclose(file);
	CHECK_INT(dns_hosts_read(&h, path), 0);
	check_hosts(&h, "name0", "192.0.2.0 ");
	check_hosts(&h, "name999", "192.0.2.231 ");
	check_hosts(&h, "name1000", "");
	dns_hosts_free(&h);
	alloc_fail_at(0, 0);
	CHECK_INT(dns_hosts_read(&h, path), -ENOMEM);
	alloc_fail_at(1, 0);
	CHECK_INT(dns_config_read(&c, path), -ENOMEM);
	alloc_fail_at(-1, 0);
	CHECK_INT(alloc_live(), 0);
	remove(path);
}

int
main(void)
{
	test_config();
	test_hosts();
	test_files();
	test_broken_file();
	test_large_file();
	return check_done();
}
