/*
 * journal.c - a journal that counts answers, and adds up how long it took to
 * get them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "journal.h"

struct tally {
	struct http_journal journal;	/* first: a journal is its tally */
	int answers;
	uint64_t blocked_ns;
};

static void
tally_told(struct http_journal *j, const struct http_journal_entry *e)
{
	struct tally *t = (struct tally *)j;

	t->answers += e->status != 0;
	t->blocked_ns += http_journal_blocked_ns(e);
}

int
main(void)
{
	struct tally t = { { tally_told }, 0, 0 };
	struct http_journal_entry e = { .status = 200, .content_type = "",
	    .address = "", .begun_ns = 10, .ended_ns = 30,
	    .timings = { .connect_ns = 4, .wait_ns = 5, .receive_ns = 6 } };

	/* This is what a client does with it. */
	t.journal.told(&t.journal, &e);
	e.status = 0;
	t.journal.told(&t.journal, &e);
	return t.answers == 1 && t.blocked_ns == 10 ? 0 : 1;
}
