/*
 * input.h - the lines of a descriptor, as there is room for them.
 *
 * Lines are pushed to the user, who pauses the input when busy and resumes
 * it when not.  Nothing is read ahead but what one read(2) brought, so a
 * list of any length runs in constant memory.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_INPUT_H
#define BIN_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "../reactor/reactor.h"
#include "../reactor/transport.h"

/* Longest line in bytes, without the blanks around it. */
enum { INPUT_LINE_MAX = 8192 };

struct input;

/* What the user does.  Both are called from the loop. */
struct input_ops {
	/*
	 * A line, without blanks around it, its line end, and a byte order
	 * mark in front: not empty, no comment (#).  Of one longer than
	 * INPUT_LINE_MAX only the beginning, with `cut`: it must not be taken
	 * for the line.  Borrowed until the function returns.
	 */
	void (*line)(struct input *, const char *at, size_t len, bool cut);

	/* There are no more lines; error is 0 or a negative errno. */
	void (*ended)(struct input *, int error);
};

/* An input; it begins paused.  One that is all zero may be closed. */
struct input {
	const struct input_ops *ops;

	/* private */
	struct protocol protocol;
	bool paused, ended;
	size_t len;			/* of a line that has begun, so far */
	size_t trimmed;			/* without the blanks at its end */
	char line[INPUT_LINE_MAX];
};

/* Takes the lines of a descriptor, which stays open: 0 or -ENOMEM. */
int input_open(struct input *, struct reactor *, const struct input_ops *,
    int fd);

/* No line is handed over until input_resume. */
void input_pause(struct input *);
/* Lines are handed over again, from the loop. */
void input_resume(struct input *);

/* Ends the input for good; `ended` is not called any more. */
void input_close(struct input *);

#endif
