/*
 * http_watcher_test.c - who watches the heads is shown what was sent and what
 * was received, to the byte, and nothing else.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "check.h"
#include "http_rig.h"

/* All heads of one direction, one after the other. */
struct watched {
	char text[4096];
	size_t len;
	int heads;
};

struct watching {
	struct http_watcher watcher;
	struct watched of[2];		/* received, sent */
};

static void
watching_head(struct http_watcher *w, bool sent, const char *at, size_t len)
{
	struct watching *my = reactor_container_of(
	    w, struct watching, watcher);
	struct watched *to = &my->of[sent];

	to->heads++;
	if (CHECK(len < sizeof(to->text) - to->len)) {
		memcpy(to->text + to->len, at, len);
		to->len += len;
	}
}

#define MOVED "HTTP/1.1 302 Found\r\nLocation: /there\r\n"
#define HINTS "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
/* Line ends and blanks as no careful server has them. */
#define FOUND "HTTP/1.1 200 OK\nX:  odd \t\r\nContent-Length: 2\r\n\n"

/* A redirect, its content, and a page behind an interim answer. */
static void
watcher_redirect(size_t piece)
{
	const struct script_step steps[] = {
		{ MOVED "Content-Length: 4\r\n\r\naway", 0, piece,
		    SCRIPT_STAY },
		{ HINTS FOUND "hi", 0, piece, SCRIPT_STAY },
	};
	struct watching my = { .watcher = { watching_head } };
	struct http_client_options o = { .watcher = &my.watcher };
	struct rig rig;
	struct rig_got got;

	check_case(piece == 1 ? "a redirect and a page, byte by byte" :
	    "a redirect and a page");
	rig_open(&rig, &o);
	SCRIPT_PLAY(&rig.script, steps);
	rig_get(&rig, &got, "/here", NULL);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(my.of[true].heads, 2);
	CHECK_STR(my.of[true].text, rig.script.log);
	CHECK_INT(my.of[false].heads, 3);
	CHECK_STR(my.of[false].text, MOVED "Content-Length: 4\r\n\r\n"
	    HINTS FOUND);
	rig_clear(&got);
	rig_close(&rig);
}

/* A request that met a closing connection goes out twice, and is seen twice;
 * of what is sent with it only the head is. */
static void
watcher_again(void)
{
	static const struct script_step steps[] = {
		{ FOUND "hi", 0, 0, SCRIPT_STAY },
		{ "HTTP/1.1 408 Too late\r\n\r\n", 0, 0, SCRIPT_CLOSE },
		{ FOUND "hi", 0, 0, SCRIPT_STAY },
	};
	const struct http_get_options form = {
		.method = "PUT", .body = "a=b", .body_len = 3,
	};
	struct watching my = { .watcher = { watching_head } };
	struct http_client_options o = { .watcher = &my.watcher };
	struct rig rig;
	struct rig_got got;

	check_case("a request that is repeated, and its body");
	rig_open(&rig, &o);
	SCRIPT_PLAY(&rig.script, steps);
	rig_get(&rig, &got, "/", NULL);
	rig_clear(&got);
	my.of[true].len = 0;
	memset(my.of[true].text, 0, sizeof(my.of[true].text));
	rig_get(&rig, &got, "/put", &form);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(my.of[true].heads, 3);
	CHECK_INT(my.of[false].heads, 3);
	/* The last request with its body, and the two heads without. */
	CHECK_INT((long)my.of[true].len, (long)(rig.script.heard_len - 3) * 2);
	CHECK(memcmp(my.of[true].text, rig.script.heard,
	    rig.script.heard_len - 3) == 0);
	rig_clear(&got);
	rig_close(&rig);
}

/* A head that is refused, or never whole, is none. */
static void
watcher_none(void)
{
	static const struct script_step steps[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", 0, 0,
		    SCRIPT_STAY },
		{ "HTTP/1.1 200 OK\r\nX: y\r\n", 0, 0, SCRIPT_CLOSE },
	};
	struct watching my = { .watcher = { watching_head } };
	struct http_client_options o = { .watcher = &my.watcher };
	struct rig rig;
	struct rig_got got;

	check_case("a head that is none");
	rig_open(&rig, &o);
	SCRIPT_PLAY(&rig.script, steps);
	for (int i = 0; i < 2; i++) {
		rig_get(&rig, &got, "/", NULL);
		CHECK(got.page == NULL);
		rig_clear(&got);
	}
	CHECK_INT(my.of[true].heads, 2);
	CHECK_INT(my.of[false].heads, 0);
	rig_close(&rig);
}

int
main(void)
{
	watcher_redirect(0);
	watcher_redirect(1);
	watcher_again();
	watcher_none();
	return check_done();
}
