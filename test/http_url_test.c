/*
 * http_url_test.c - URLs: what browsers read, we read the same way.
 *
 * A row is a base (or NULL), an input, and the URL as serialized; or the
 * error instead.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/url.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

static const char base[] = "http://h.example/a/b/c?q=1#f";

struct row {
	const char *base;
	const char *in;
	const char *out;	/* NULL: error */
	int error;
};

static const struct row plain[] = {
	{ NULL, "http://example.org", "http://example.org/", 0 },
	{ NULL, "HTTPS://EXAMPLE.Org/A?B#C", "https://example.org/A?B#C", 0 },
	{ NULL, "  http://a/\n ", "http://a/", 0 },
	{ NULL, "ht\ntp://a\t/b\r\nc", "http://a/bc", 0 },
	{ NULL, "\x01\x1fhttp://a/b\x01", "http://a/b", 0 },
	{ NULL, "http:a", "http://a/", 0 },
	{ NULL, "http:/a/b", "http://a/b", 0 },
	{ NULL, "http:\\\\a\\b\\..\\c", "http://a/c", 0 },
	{ NULL, "http:////a//b", "http://a//b", 0 },
	{ NULL, "http://a?", "http://a/?", 0 },
	{ NULL, "http://a#", "http://a/#", 0 },
	{ NULL, "http://a?x/../y#z?", "http://a/?x/../y#z?", 0 },
	{ NULL, "http://a.:80/", "http://a./", 0 },
	{ NULL, "ftp://a/", NULL, HTTP_URL_E_SCHEME },
	{ NULL, "javascript:alert(1)", NULL, HTTP_URL_E_SCHEME },
	{ NULL, "httpss://a", NULL, HTTP_URL_E_SCHEME },
	{ NULL, "htt://a", NULL, HTTP_URL_E_SCHEME },
	{ NULL, "a/b", NULL, HTTP_URL_E_RELATIVE },
	{ NULL, "//a/b", NULL, HTTP_URL_E_RELATIVE },
	{ NULL, "", NULL, HTTP_URL_E_RELATIVE },
	{ NULL, ":", NULL, HTTP_URL_E_RELATIVE },
	{ NULL, "1http://a", NULL, HTTP_URL_E_RELATIVE },
	{ NULL, "az09+-.AZ:b", NULL, HTTP_URL_E_SCHEME },
	{ NULL, "http:", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://", NULL, HTTP_URL_E_HOST },
	{ NULL, "http:///", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://?x", NULL, HTTP_URL_E_HOST },
};

static const struct row relative[] = {
	{ base, "", "http://h.example/a/b/c?q=1", 0 },
	{ base, "#x", "http://h.example/a/b/c?q=1#x", 0 },
	{ base, "?x", "http://h.example/a/b/c?x", 0 },
	{ base, "d", "http://h.example/a/b/d", 0 },
	{ base, "./d/.", "http://h.example/a/b/d/", 0 },
	{ base, "..", "http://h.example/a/", 0 },
	{ base, "../..", "http://h.example/", 0 },
	{ base, "../../../d", "http://h.example/d", 0 },
	{ base, "/d/./e/../f", "http://h.example/d/f", 0 },
	{ base, "\\d\\e", "http://h.example/d/e", 0 },
	{ base, "//i/d", "http://i/d", 0 },
	{ base, "/\\i/d", "http://i/d", 0 },
	{ base, "http:d", "http://h.example/a/b/d", 0 },
	{ base, "http:/d", "http://h.example/d", 0 },
	{ base, "http:?d", "http://h.example/a/b/c?d", 0 },
	{ base, "https:d", "https://d/", 0 },
	{ base, "%2e%2E/.%2e/d", "http://h.example/d", 0 },
	{ base, "%2e", "http://h.example/a/b/", 0 },
	{ base, ".../....", "http://h.example/a/b/.../....", 0 },
	{ base, "a:b", NULL, HTTP_URL_E_SCHEME },
	{ base, "mailto:x@y", NULL, HTTP_URL_E_SCHEME },
	{ base, "//", NULL, HTTP_URL_E_HOST },
	{ "https://u:p@h:8443/x", "y", "https://u:p@h:8443/y", 0 },
	{ "https://u:p@h:8443/x", "//i", "https://i/", 0 },
	{ "http://h/?a", "b", "http://h/b", 0 },
	{ "http://h", "?b", "http://h/?b", 0 },
	{ "http://h/a?b/c", "d", "http://h/d", 0 },
};

static const struct row encoded[] = {
	{ NULL, "http://a/ \"<>`{}^|\\'~%", "http://a/%20%22%3C%3E%60%7B%7D"
	    "%5E|/'~%", 0 },
	{ NULL, "http://a/?\"<>'`{}^|\\%zz", "http://a/?%22%3C%3E%27`{}^|"
	    "\\%zz", 0 },
	{ NULL, "http://a/#\"<>`'{}#?x", "http://a/#%22%3C%3E%60'{}#?x", 0 },
	{ NULL, "http://a/\xc3\xa9?\xc3\xa9#\xff", "http://a/%C3%A9?%C3%A9#"
	    "%FF", 0 },
	{ NULL, "http://a/b\x01\x7f", "http://a/b%01%7F", 0 },
	{ NULL, "http://u@a", "http://u@a/", 0 },
	{ NULL, "http://:@a", "http://a/", 0 },
	{ NULL, "http://@a", "http://a/", 0 },
	{ NULL, "http://:p@a", "http://:p@a/", 0 },
	{ NULL, "http://u:@a", "http://u@a/", 0 },
	{ NULL, "http://u@b:c@d:1@a", "http://u%40b:c%40d%3A1@a/", 0 },
	{ NULL, "http://u/:p@a", "http://u/:p@a", 0 },
	{ NULL, "http://u\x7f;=[]^|:p@a", "http://u%7F%3B%3D%5B%5D%5E%7C:p@a"
	    "/", 0 },
	{ NULL, "http://u@", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://u@/x", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://good.example\\@bad.example/",
	    "http://good.example/@bad.example/", 0 },
	{ NULL, "http://good.example#@bad.example/",
	    "http://good.example/#@bad.example/", 0 },
	{ NULL, "http://good.example?@bad.example/",
	    "http://good.example/?@bad.example/", 0 },
};

static const struct row hosts[] = {
	{ NULL, "http://ex%41mple%2Eorg", "http://example.org/", 0 },
	{ NULL, "http://a_b-c!$&'()*+,;=~", "http://a_b-c!$&'()*+,;=~/", 0 },
	{ NULL, "http://xn--mnchen-3ya.de", "http://xn--mnchen-3ya.de/", 0 },
	{ NULL, "http://XN--mnchen-3yA.de", "http://xn--mnchen-3ya.de/", 0 },
	{ NULL, "http://xn--fsqu00a.xn--0zwm56d/",
	    "http://xn--fsqu00a.xn--0zwm56d/", 0 },
	{ NULL, "http://xn--n3h/", "http://xn--n3h/", 0 },
	{ NULL, "http://xn--80akhbyknj4f.a", "http://xn--80akhbyknj4f.a/", 0 },
	{ NULL, "http://xn--strae-oqa.a", "http://xn--strae-oqa.a/", 0 },
	{ NULL, "http://xn--n28h", "http://xn--n28h/", 0 },
	{ NULL, "http://xn--3b-ww4c5e180e575a65lsy2b/",
	    "http://xn--3b-ww4c5e180e575a65lsy2b/", 0 },
	{ NULL, "http://axn--/", "http://axn--/", 0 },
	{ NULL, "http://xn-/", "http://xn-/", 0 },
	{ NULL, "http://xn--/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://a.xn--.b/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--./", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn---/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn---a/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--abc-/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--a/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--z/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--mnchen-3y/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--mnchen-3y_/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--99999999/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--a-9999999999999999999999999999999999999999/",
	    NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://./", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://../", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://.a/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a..b/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a../", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://%2e/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a./", "http://a./", 0 },
	{ NULL, "http://a b/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a%20b/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a%00b/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a%0d%0ab/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a%2Fb/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a%40b/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a%b/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a%/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a^b/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a<b>/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a:80", "http://a/", 0 },
	{ NULL, "https://a:443", "https://a/", 0 },
	{ NULL, "https://a:80", "https://a:80/", 0 },
	{ NULL, "http://a:", "http://a/", 0 },
	{ NULL, "http://a:0", "http://a:0/", 0 },
	{ NULL, "http://a:0008080", "http://a:8080/", 0 },
	{ NULL, "http://a:65535", "http://a:65535/", 0 },
	{ NULL, "http://a:65536", NULL, HTTP_URL_E_PORT },
	{ NULL, "http://a:99999999999999999999", NULL, HTTP_URL_E_PORT },
	{ NULL, "http://a:-1", NULL, HTTP_URL_E_PORT },
	{ NULL, "http://a:8x", NULL, HTTP_URL_E_PORT },
	{ NULL, "http://a:b:80", NULL, HTTP_URL_E_PORT },
	{ NULL, "http://::1", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://:80", NULL, HTTP_URL_E_HOST },
};

static const struct row addresses[] = {
	{ NULL, "http://127.0.0.1", "http://127.0.0.1/", 0 },
	{ NULL, "http://0x7f.1", "http://127.0.0.1/", 0 },
	{ NULL, "http://0X7F.0.0.1.", "http://127.0.0.1/", 0 },
	{ NULL, "http://017700000001", "http://127.0.0.1/", 0 },
	{ NULL, "http://2130706433", "http://127.0.0.1/", 0 },
	{ NULL, "http://4294967295", "http://255.255.255.255/", 0 },
	{ NULL, "http://1.65536", "http://1.1.0.0/", 0 },
	{ NULL, "http://1.2.65535", "http://1.2.255.255/", 0 },
	{ NULL, "http://0x", "http://0.0.0.0/", 0 },
	{ NULL, "http://%31%32%37.1", "http://127.0.0.1/", 0 },
	{ NULL, "http://1.2.3.4.example", "http://1.2.3.4.example/", 0 },
	{ NULL, "http://1.2.3.4a", "http://1.2.3.4a/", 0 },
	{ NULL, "http://4294967296", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://256.1.1.1", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://1.1.1.256", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://1.2.3.4.5", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://1..2", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://a.09", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://a.0x1f", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://1.2.3.99999999999999999999", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://[::1]", "http://[::1]/", 0 },
	{ NULL, "http://[::]:81", "http://[::]:81/", 0 },
	{ NULL, "http://[2001:DB8:0:0:1:0:0:1]", "http://[2001:db8::1:0:0:1]"
	    "/", 0 },
	{ NULL, "http://[2001:db8:0:1:1:1:1:1]", "http://[2001:db8:0:1:1:1:1"
	    ":1]/", 0 },
	{ NULL, "http://[1:2:3:4:5:6:7::]", "http://[1:2:3:4:5:6:7:0]/", 0 },
	{ NULL, "http://[1::]", "http://[1::]/", 0 },
	{ NULL, "http://[::ffff:1.2.3.4]", "http://[::ffff:102:304]/", 0 },
	{ NULL, "http://[1:2:3:4:5:6:1.2.3.4]", "http://[1:2:3:4:5:6:102:304]"
	    "/", 0 },
	{ NULL, "http://[", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[:]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1]a", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[:::]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[1:2]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[1:2:3:4:5:6:7:8:9]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[1:2:3:4:5:6:7:8::]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[1::2::3]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[12345::]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1%25eth0]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1%lo]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[:1::]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[1::2:]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1.2.3.4.]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1.2.3]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1.2.3.04]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1.2.3.256]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[::1.2.3.4:5]", NULL, HTTP_URL_E_IPV6 },
	{ NULL, "http://[1:2:3:4:5:6:7:1.2.3.4]", NULL, HTTP_URL_E_IPV6 },
};

/* Hosts that are not ASCII, many of them from the standard's own tests. */
static const struct row international[] = {
	{ NULL, "http://m\xc3\xbcnchen.de", "http://xn--mnchen-3ya.de/", 0 },
	{ NULL, "http://M%C3%9CNCHEN.de", "http://xn--mnchen-3ya.de/", 0 },
	{ NULL, "http://m%C3%BCnchen%2ede:8080/%C3%BC",
	    "http://xn--mnchen-3ya.de:8080/%C3%BC", 0 },
	{ NULL, "http://u:p@\xe4\xbd\xa0\xe5\xa5\xbd?\xe4\xbd\xa0",
	    "http://u:p@xn--6qq79v/?%E4%BD%A0", 0 },
	{ base, "//\xe4\xbd\xa0\xe5\xa5\xbd", "http://xn--6qq79v/", 0 },
	{ "http://\xe4\xbd\xa0\xe5\xa5\xbd/a", "b", "http://xn--6qq79v/b", 0 },
	{ NULL, "http://fa\xc3\x9f.ExAmPlE/", "http://xn--fa-hia.example/", 0 },
	{ NULL, "http://\xef\xbc\xa7\xef\xbd\x8f.com", "http://go.com/", 0 },
	{ NULL, "http://www.foo\xe3\x80\x82" "bar.com",
	    "http://www.foo.bar.com/", 0 },
	{ NULL, "http://a\xef\xbc\x8e", "http://a./", 0 },
	{ NULL, "http://GOO\xe2\x80\x8b\xe2\x81\xa0\xef\xbb\xbfgoo.com",
	    "http://googoo.com/", 0 },
	{ NULL, "http://a%C2%ADb", "http://ab/", 0 },
	/* Full-width digits, also of other radixes, make addresses. */
	{ NULL, "http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.1",
	    "http://127.0.0.1/", 0 },
	{ NULL, "http://\xef\xbc\x90\xef\xbc\xb8\xef\xbd\x83\xef\xbc\x90"
	    "\xef\xbc\x8e\xef\xbc\x90\xef\xbc\x92\xef\xbc\x95\xef\xbc\x90"
	    "\xef\xbc\x8e\xef\xbc\x90\xef\xbc\x91", "http://192.168.0.1/",
	    0 },
	{ NULL, "http://\xef\xbc\x91.256.1.1", NULL, HTTP_URL_E_IPV4 },
	{ NULL, "http://\xd9\x8a.1", NULL, HTTP_URL_E_IDN },
	{ NULL, "http://\xc3\xbc.1", NULL, HTTP_URL_E_IPV4 },
	/* A sign that is forbidden, also if mapping or an escape makes it. */
	{ NULL, "http://\xef\xbc\x85\xef\xbc\x94\xef\xbc\x91.com", NULL,
	    HTTP_URL_E_HOST },
	{ NULL, "http://%ef%bc%85%ef%bc%94%ef%bc%91.com", NULL,
	    HTTP_URL_E_HOST },
	{ NULL, "http://%ef%bc%85%ef%bc%90%ef%bc%90.com", NULL,
	    HTTP_URL_E_HOST },
	{ NULL, "http://a\xef\xbc\x8f" "b", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a\xe2\x84\x80" "b", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://\xc3\xbc%40a", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://\xc3\xbc.%40a", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://\xc3\xbc.a%00", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://\xc3\xbc.a%7F", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a%7F", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://\xc2\xa0\xc3\xbc", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://a<\xcc\xb8", "http://xn--a-ngo/", 0 },
	{ NULL, "http://a%3C%CC%B8", "http://xn--a-ngo/", 0 },
	/* No characters, or such that no name has. */
	{ NULL, "http://\xef\xb7\x90zyx.com", NULL, HTTP_URL_E_IDN },
	{ NULL, "http://%ef%b7%90zyx.com", NULL, HTTP_URL_E_IDN },
	{ NULL, "http://\xef\xbf\xbd", NULL, HTTP_URL_E_IDN },
	{ NULL, "http://m%FCnchen.de", NULL, HTTP_URL_E_IDN },
	{ NULL, "http://a\xc3", NULL, HTTP_URL_E_IDN },
	{ NULL, "http://a%C3%28", NULL, HTTP_URL_E_IDN },
	{ NULL, "http://\xe2\x80\xae" "a", NULL, HTTP_URL_E_IDN },
	{ NULL, "http://a.b.c.xn--pokxncvks/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://a.b.c.XN--pokxncvks/", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://xn--te\xc5\xa1la", NULL, HTTP_URL_E_ALABEL },
	{ NULL, "http://x%6E-%2Dzca", "http://xn--zca/", 0 },
	{ NULL, "http://xn--zca.\xc3\x9f", "http://xn--zca.xn--zca/", 0 },
	{ NULL, "http://ab--c.\xc3\x9f", "http://ab--c.xn--zca/", 0 },
	{ NULL, "http://a--b_%3d", "http://a--b_=/", 0 },
	{ NULL, "http://a--b%5b", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://\xc2\xad", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://%C2%AD/", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://x..\xc3\x9f", NULL, HTTP_URL_E_HOST },
	{ NULL, "http://[\xef\xbc\x9a\xef\xbc\x9a\xef\xbc\x91]", NULL,
	    HTTP_URL_E_IPV6 },
};

/* The parts lie one behind the other, and parsing again changes nothing. */
static void
check_whole(const struct http_url *u)
{
	struct http_url again;

	CHECK_INT(u->len, strlen(u->href));
	CHECK(u->host < u->host_end && u->host_end <= u->path);
	CHECK(u->path < u->query + (u->href[u->path] == '/'));
	CHECK(u->query <= u->fragment && u->fragment <= u->len);
	CHECK(u->href[u->path] == '/');
	if (!CHECK_INT(http_url_parse(&again, u->href, u->len, NULL), 0))
		return;
	CHECK_STR(again.href, u->href);
	CHECK(http_url_same_origin(&again, u));
	CHECK_INT(again.path, u->path);
	http_url_free(&again);
}

static void
check_row(const struct row *row)
{
	struct http_url above, u = { .href = NULL };
	size_t len = strlen(row->in);
	char *in = guard_copy(row->in, len);
	int rc;

	if (row->base != NULL)
		CHECK_INT(http_url_parse(&above, row->base,
		    strlen(row->base), NULL), 0);
	rc = http_url_parse(&u, in, len, row->base != NULL ? &above : NULL);
	if (row->out != NULL) {
		if (CHECK_INT(rc, 0) && CHECK_STR(u.href, row->out))
			check_whole(&u);
	} else {
		CHECK_INT(rc, row->error);
		CHECK(u.href == NULL);
		CHECK(http_url_strerror(rc) != NULL);
	}
	http_url_free(&u);
	if (row->base != NULL)
		http_url_free(&above);
	guard_free(in, len);
}

static void
check_rows(const char *name, const struct row *rows, size_t size)
{
	check_case(name);
	for (size_t i = 0; i < size / sizeof(*rows); i++)
		check_row(&rows[i]);
}

static void
test_parts(void)
{
	static const char in[] = "https://u:p@h.example:8443/a/b?q#f";
	struct http_url u, v;
	const char *at;
	size_t len;

	check_case("the parts of a URL, and a copy");
	CHECK_INT(http_url_parse(&u, in, strlen(in), NULL), 0);
	at = http_url_host(&u, &len);
	CHECK_BYTES(at, len, "h.example");
	at = http_url_authority(&u, &len);
	CHECK_BYTES(at, len, "h.example:8443");
	at = http_url_target(&u, &len);
	CHECK_BYTES(at, len, "/a/b?q");
	CHECK_STR(u.href + u.query, "?q#f");
	CHECK_STR(u.href + u.fragment, "#f");
	CHECK_INT(u.port, 8443);
	CHECK(u.https && u.host_kind == HTTP_URL_NAME);
	CHECK_INT(http_url_copy(&v, &u), 0);
	http_url_free(&u);
	http_url_free(&u);
	CHECK_STR(v.href, in);
	http_url_free(&v);
	CHECK_INT(http_url_parse(&u, "http://[::1]/", 13, NULL), 0);
	at = http_url_host(&u, &len);
	CHECK_BYTES(at, len, "::1");
	at = http_url_authority(&u, &len);
	CHECK_BYTES(at, len, "[::1]");
	CHECK(u.port == 80 && u.host_kind == HTTP_URL_IPV6);
	http_url_free(&u);
}

static void
test_origin(void)
{
	static const char *const others[] = { "https://a/", "http://a:81/",
	    "http://b/", "http://aa/", "http://a:443/", "https://a:80/" };
	struct http_url u, v;

	check_case("same origin: scheme, host and port");
	CHECK_INT(http_url_parse(&u, "http://a/", 9, NULL), 0);
	CHECK_INT(http_url_parse(&v, "http://x:y@A:80/b", 17, NULL), 0);
	CHECK(http_url_same_origin(&u, &v));
	http_url_free(&v);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		CHECK_INT(http_url_parse(&v, others[i], strlen(others[i]),
		    NULL), 0);
		CHECK(!http_url_same_origin(&u, &v));
		http_url_free(&v);
	}
	http_url_free(&u);
}

/* "http://" and n bytes of `fill`, then the text `end`. */
static int
parse_filled(size_t n, char fill, const char *end)
{
	static char text[5 * HTTP_URL_MAX];
	struct http_url u;
	int rc;

	memcpy(text, "http://", 7);
	memset(text + 7, fill, n);
	strcpy(text + 7 + n, end);
	rc = http_url_parse(&u, text, strlen(text), NULL);
	if (rc == 0)
		http_url_free(&u);
	return rc;
}

static void
test_limits(void)
{
	char label[63 + 1 + 63 + 1 + 63 + 1 + 61 + 2] = "";

	check_case("limits: labels, names, the whole");
	CHECK_INT(parse_filled(63, 'a', ".b/"), 0);
	CHECK_INT(parse_filled(64, 'a', ".b/"), HTTP_URL_E_HOST_LENGTH);
	memset(label, 'a', sizeof(label) - 2);
	label[63] = label[127] = label[191] = '.';
	CHECK_INT(strlen(label), HTTP_URL_HOST_MAX);
	CHECK_INT(parse_filled(0, 0, label), 0);
	CHECK_INT(parse_filled(1, 'a', label), HTTP_URL_E_HOST_LENGTH);
	label[HTTP_URL_HOST_MAX] = '.';
	CHECK_INT(parse_filled(0, 0, label), 0);
	label[HTTP_URL_HOST_MAX] = 'a';
	CHECK_INT(parse_filled(0, 0, label), HTTP_URL_E_HOST_LENGTH);
	CHECK_INT(parse_filled(HTTP_URL_MAX - 7, '@', ""), HTTP_URL_E_HOST);
	CHECK_INT(parse_filled(HTTP_URL_MAX - 6, '@', ""),
	    HTTP_URL_E_LENGTH);
	CHECK_INT(parse_filled(HTTP_URL_MAX - 8, '@', "a"),
	    HTTP_URL_E_LENGTH);
	CHECK_INT(parse_filled(HTTP_URL_MAX - 8, '/', "a"), 0);
	CHECK_INT(parse_filled(HTTP_URL_MAX - 7, '0', ""), 0);
	CHECK_INT(parse_filled(63, 'a', "\xef\xbc\x8e" "b"), 0);
	CHECK_INT(parse_filled(64, 'a', "\xef\xbc\x8e" "b"),
	    HTTP_URL_E_HOST_LENGTH);
	CHECK_INT(parse_filled(300, 'a', "%7F"), HTTP_URL_E_HOST);
	CHECK_INT(parse_filled(55, 'a', "\xc3\xbc"), 0);
	CHECK_INT(parse_filled(56, 'a', "\xc3\xbc"), HTTP_URL_E_HOST_LENGTH);
	CHECK_INT(parse_filled(HTTP_URL_MAX - 9, '.', "\xc3\xbc"),
	    HTTP_URL_E_HOST_LENGTH);
	CHECK_INT(parse_filled(3 * HTTP_URL_MAX, ' ', ""),
	    HTTP_URL_E_HOST);
}

/* What grows by two bytes when it is written, in URLs up to the limit. */
static void
test_limit_as_written(void)
{
	static char text[HTTP_URL_MAX];
	struct http_url u;

	check_case("limits: the whole, as it is written");
	memset(text, 'x', sizeof(text));
	memcpy(text, "http://a/\"", 10);
	CHECK_INT(http_url_parse(&u, text, HTTP_URL_MAX - 2, NULL), 0);
	CHECK_INT(u.len, HTTP_URL_MAX);
	CHECK_INT(strncmp(u.href, "http://a/%22x", 13), 0);
	http_url_free(&u);
	CHECK_INT(http_url_parse(&u, text, HTTP_URL_MAX - 1, NULL),
	    HTTP_URL_E_LENGTH);
}

static void
test_fragment(void)
{
	static char long_one[HTTP_URL_MAX + 1];
	struct http_url from, u;

	check_case("a fragment that is inherited");
	CHECK_INT(http_url_parse(&from, "http://a/#f", 11, NULL), 0);
	CHECK_INT(http_url_parse(&u, "http://b/?c", 11, NULL), 0);
	alloc_fail_at(0, 1);
	CHECK_INT(http_url_inherit_fragment(&u, &from), -ENOMEM);
	alloc_fail_at(-1, 0);
	CHECK_STR(u.href, "http://b/?c");
	CHECK_INT(http_url_inherit_fragment(&u, &from), 0);
	CHECK_STR(u.href, "http://b/?c#f");
	CHECK_INT(u.len, 13);
	CHECK_INT(u.fragment, 11);
	CHECK_INT(http_url_inherit_fragment(&u, &from), 0);
	CHECK_STR(u.href, "http://b/?c#f");
	http_url_free(&u);
	for (size_t over = 0; over < 2; over++) {
		size_t len = HTTP_URL_MAX - 2 + over;

		memset(long_one, 'x', len);
		memcpy(long_one, "http://b/", 9);
		CHECK_INT(http_url_parse(&u, long_one, len, NULL), 0);
		CHECK_INT(http_url_inherit_fragment(&u, &from), 0);
		CHECK_INT(u.len, over == 1 ? len : len + 2);
		http_url_free(&u);
	}
	http_url_free(&from);
}

static void
test_memory(void)
{
	struct http_url u = { .href = NULL }, v = { .href = NULL };
	long live = alloc_live();

	check_case("no memory: an error, and nothing changed");
	alloc_fail_at(0, 1);
	CHECK_INT(http_url_parse(&u, "http://a", 8, NULL), -ENOMEM);
	CHECK(u.href == NULL);
	alloc_fail_at(-1, 0);
	CHECK_INT(http_url_parse(&u, "http://a", 8, NULL), 0);
	alloc_fail_at(0, 1);
	CHECK_INT(http_url_copy(&v, &u), -ENOMEM);
	CHECK(v.href == NULL);
	alloc_fail_at(-1, 0);
	http_url_free(&u);
	CHECK_INT(alloc_live(), live);
	CHECK(http_url_strerror(0) == NULL);
	CHECK(http_url_strerror(HTTP_URL_E_ALABEL) != NULL);
	CHECK(http_url_strerror(HTTP_URL_E_ALABEL - 1) == NULL);
	CHECK_INT(http_url_parse(&u, "http://[::1\0]", 13, NULL),
	    HTTP_URL_E_IPV6);
}

int
main(void)
{
	check_rows("absolute URLs", plain, sizeof(plain));
	check_rows("relative URLs", relative, sizeof(relative));
	check_rows("percent-encoding, user and password", encoded,
	    sizeof(encoded));
	check_rows("hosts and ports", hosts, sizeof(hosts));
	check_rows("hosts that are not ASCII", international,
	    sizeof(international));
	check_rows("IPv4 and IPv6 addresses", addresses, sizeof(addresses));
	test_parts();
	test_origin();
	test_limits();
	test_limit_as_written();
	test_fragment();
	test_memory();
	return check_done();
}
