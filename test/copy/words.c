/*
 * words.c - an errno in words.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "words.h"

#include <errno.h>
#include <string.h>

int
main(void)
{
	return strcmp(reactor_strerror(-ECONNREFUSED), "connection refused");
}
