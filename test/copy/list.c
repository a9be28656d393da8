/*
 * list.c - a queue of jobs that are linked through their own member.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "list.h"

struct job {
	int number;
	struct reactor_list link;
};

int
main(void)
{
	struct reactor_list queue, *first;
	struct job jobs[3];
	int i, order = 0;

	reactor_list_init(&queue);
	for (i = 0; i < 3; i++) {
		jobs[i].number = i + 1;
		reactor_list_init(&jobs[i].link);
		reactor_list_append(&queue, &jobs[i].link);
	}
	reactor_list_remove(&jobs[1].link);
	while ((first = reactor_list_take_first(&queue)) != NULL)
		order = order * 10 +
		    reactor_container_of(first, struct job, link)->number;
	return order == 13 ? 0 : 1;
}
