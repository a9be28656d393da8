/*
 * dns_name_test.c - names as text and on the wire, good and hostile.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <string.h>

#include "../dns/message.h"
#include "check.h"
#include "guard.h"

/* 63 octets. */
#define LABEL "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXY"

/* Labels, the root's not counted: 3 for www.example.com. */
static size_t
labels(const struct dns_name *n)
{
	size_t count = 0, at;

	for (at = 0; n->at[at] != 0; at += 1u + n->at[at])
		count++;
	CHECK_INT(at + 1, n->len);
	return count;
}

static void
test_text(void)
{
	static const struct {
		const char *text;
		int error;
		const char *back;	/* what it becomes as text again */
		size_t labels;
	} rows[] = {
		{ "example.com", 0, "example.com", 2 },
		{ "WWW.Example.COM.", 0, "www.example.com", 3 },
		{ "a", 0, "a", 1 },
		{ "_dmarc.x-y--z.9", 0, "_dmarc.x-y--z.9", 3 },
		{ "-a-.b", 0, "-a-.b", 2 },
		{ ".", 0, ".", 0 },
		{ "", -EINVAL, NULL, 0 },
		{ "..", -EINVAL, NULL, 0 },
		{ ".a", -EINVAL, NULL, 0 },
		{ "a..b", -EINVAL, NULL, 0 },
		{ "a..", -EINVAL, NULL, 0 },
		{ "a b", -EINVAL, NULL, 0 },
		{ "a/b", -EINVAL, NULL, 0 },
		{ "a\\.b", -EINVAL, NULL, 0 },
		{ "a:b", -EINVAL, NULL, 0 },
		{ "a\nb", -EINVAL, NULL, 0 },
		{ "b\303\274cher.example", -EINVAL, NULL, 0 },
		{ LABEL ".x", 0, NULL, 2 },
		{ LABEL "z.x", -EINVAL, NULL, 0 },
		/* 3 * 64 + 62 + 1 = 255 octets, the most there can be. */
		{ LABEL "." LABEL "." LABEL "."
		    "abcdefghijklmnopqrstuvwxyz0123456789-_abcdefghijklmnopq"
		    "rstuvw", 0, NULL, 4 },
		{ LABEL "." LABEL "." LABEL "."
		    "abcdefghijklmnopqrstuvwxyz0123456789-_abcdefghijklmnopq"
		    "rstuvwx", -EINVAL, NULL, 0 },
		{ LABEL "." LABEL "." LABEL "." LABEL, -EINVAL, NULL, 0 },
	};
	char text[DNS_NAME_TEXT], *guarded;
	struct dns_name n;
	size_t i, len;

	check_case("names as text");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		len = strlen(rows[i].text);
		guarded = guard_copy(rows[i].text, len);
		if (!CHECK_INT(dns_name_from_text(&n, guarded, len),
		    rows[i].error))
			check_str(rows[i].text, NULL, "row", __FILE__,
			    __LINE__);
		guard_free(guarded, len);
		if (rows[i].error != 0)
			continue;
		len = dns_name_format(&n, text);
		CHECK_INT(len, strlen(text));
		if (rows[i].back != NULL)
			CHECK_STR(text, rows[i].back);
		CHECK_INT(labels(&n), rows[i].labels);
	}
	CHECK_INT(dns_name_from_text(&n, "a\0b", 3), -EINVAL);
}

static struct dns_name
name(const char *text)
{
	struct dns_name n;

	CHECK_INT(dns_name_from_text(&n, text, strlen(text)), 0);
	return n;
}

static void
test_relations(void)
{
	struct dns_name n = name("www.example.com"), zone;
	struct dns_name longest = name(LABEL "." LABEL "." LABEL);

	check_case("names and zones");
	zone = name("Example.Com");
	CHECK(dns_name_is_within(&n, &zone));
	CHECK(!dns_name_is_within(&zone, &n));
	CHECK(dns_name_is_within(&n, &n));
	zone = name(".");
	CHECK(dns_name_is_within(&n, &zone));
	zone = name("ample.com");
	CHECK(!dns_name_is_within(&n, &zone));
	zone = name("www.example.co");
	CHECK(!dns_name_is_within(&n, &zone));
	zone = name("WWW.EXAMPLE.COM");
	CHECK(dns_name_equal(&n, &zone));
	zone = name("www.example.con");
	CHECK(!dns_name_equal(&n, &zone));

	check_case("names with a suffix");
	n = name("www");
	zone = name("example.com");
	CHECK_INT(dns_name_append(&n, &zone), 0);
	zone = name("www.example.com");
	CHECK(dns_name_equal(&n, &zone));
	zone = longest;
	n = name(&LABEL[1]);		/* 192 + 64 octets: one too many */
	CHECK_INT(dns_name_append(&longest, &n), -EINVAL);
	CHECK(dns_name_equal(&longest, &zone));
	n = name(&LABEL[2]);
	CHECK_INT(dns_name_append(&longest, &n), 0);
	CHECK_INT(longest.len, DNS_NAME_MAX);
}

/* Reads the name at `pos` of a message; checks text or failure. */
static void
read_name(const char *message, size_t len, size_t pos, const char *want,
    size_t next)
{
	char *guarded = guard_copy(message, len);
	struct dns_reader r = { (const uint8_t *)guarded, len, pos, false };
	char text[DNS_NAME_TEXT];
	struct dns_name n;

	dns_read_name(&r, &n);
	CHECK_INT(r.failed, want == NULL);
	dns_name_format(&n, text);
	CHECK_STR(text, want == NULL ? "." : want);
	if (want != NULL)
		CHECK_INT(r.pos, next);
	guard_free(guarded, len);
}

#define HEADER "\0\0\0\0\0\0\0\0\0\0\0\0"
#define READ(bytes, pos, want, next) \
	read_name(HEADER bytes, sizeof(HEADER bytes) - 1, (pos), (want), (next))

static void
test_wire(void)
{
	check_case("names on the wire");
	READ("\0", 12, ".", 13);
	READ("\3WwW\1a\0", 12, "www.a", 19);
	READ("\1a\0\3www\300\14", 15, "www.a", 21);
	READ("\1a\0\300\14\300\17", 17, "a", 19);	/* two jumps */
	READ("\1a\0\1b\300\14\1c\300\17", 19, "c.b.a", 23);
	READ("\4a.b\\\1\377\0", 12, "a\\046b\\092.\\255", 20);
	READ("\1\0\1\n\0", 12, "\\000.\\010", 17);

	check_case("names that are refused");
	READ("", 12, NULL, 0);
	READ("\3ww", 12, NULL, 0);
	READ("\3www", 12, NULL, 0);			/* no end */
	READ("\1a\300", 12, NULL, 0);			/* half a pointer */
	READ("\300\14", 12, NULL, 0);			/* to itself */
	READ("\1a\300\14", 12, NULL, 0);		/* a loop */
	READ("\300\16\1a\0", 12, NULL, 0);		/* forwards */
	READ("\300\16\300\14", 14, NULL, 0);		/* in a circle */
	READ("\300\0", 12, NULL, 0);			/* into the header */
	READ("\300\13\0", 12, NULL, 0);
	READ("\377\377", 12, NULL, 0);			/* past the end */
	READ("\1a\0\1b\300\17", 15, NULL, 0);		/* into this name */
	READ("\100\0\0", 12, NULL, 0);			/* type 01 */
	READ("\200\0\0", 12, NULL, 0);			/* type 10 */
}

static void
test_long(void)
{
	uint8_t m[4096];
	struct dns_reader r = { m, sizeof(m), 0, false };
	struct dns_name n;
	size_t i;

	check_case("a label of 63 octets is one, of 64 it is not");
	memset(m, 0, sizeof(m));
	for (i = DNS_LABEL_MAX; i < DNS_LABEL_MAX + 2; i++) {
		m[12] = (uint8_t)i;
		r.pos = 12;
		dns_read_name(&r, &n);
		CHECK_INT(r.failed, i > DNS_LABEL_MAX);
	}

	check_case("127 labels are a name, 128 are not");
	r.failed = false;
	for (i = 0; i < 127; i++)
		memcpy(m + 12 + 2 * i, "\1a", 2);
	r.pos = 12;
	dns_read_name(&r, &n);
	CHECK(!r.failed);
	CHECK_INT(n.len, 255);
	CHECK_INT(labels(&n), 127);
	memcpy(m + 12 + 2 * i, "\1a", 2);
	r.pos = 12;
	dns_read_name(&r, &n);
	CHECK(r.failed);

	check_case("a chain of pointers may be as long as a name, no longer");
	memset(m, 0, sizeof(m));
	for (i = 1; i < 200; i++) {
		m[12 + 2 * i] = (uint8_t)(0xc0 | (12 + 2 * (i - 1)) >> 8);
		m[13 + 2 * i] = (uint8_t)(12 + 2 * (i - 1));
	}
	r.failed = false;
	r.pos = 12 + 2 * 127;
	dns_read_name(&r, &n);
	CHECK(!r.failed);
	r.pos = 12 + 2 * 128;
	dns_read_name(&r, &n);
	CHECK(r.failed);
}

int
main(void)
{
	test_text();
	test_relations();
	test_wire();
	test_long();
	return check_done();
}
