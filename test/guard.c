/*
 * guard.c - mmap and mprotect behind guard.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _DEFAULT_SOURCE		/* MAP_ANONYMOUS */
#define _DARWIN_C_SOURCE
#include "guard.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t
guard_page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* Whole pages that hold len bytes, without the guard page. */
static size_t
guard_room(size_t len)
{
	return (len + guard_page() - 1) / guard_page() * guard_page();
}

char *
guard_copy(const void *at, size_t len)
{
	size_t room = guard_room(len);
	char *base = mmap(NULL, room + guard_page(), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (base == MAP_FAILED ||
	    mprotect(base + room, guard_page(), PROT_NONE) != 0)
		abort();
	if (len > 0)
		memcpy(base + room - len, at, len);
	return base + room - len;
}

void
guard_free(char *copy, size_t len)
{
	size_t room = guard_room(len);

	munmap(copy + len - room, room + guard_page());
}
