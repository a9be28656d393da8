/*
 * tls_words.c - reads the names out of a subjectAltName.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tls_words.h"

#include <string.h>

#include "poller.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

int
main(void)
{
	static const unsigned char der[] = {
		0x30, 0x0e, 0x82, 0x06, 'a', '.', 't', 'e', 's', 't',
		0x87, 0x04, 192, 0, 2, 1
	};
	char text[64];

	reactor_tls_words_names(der, sizeof(der), text, sizeof(text));
	return strcmp(text, "a.test") != 0 &&
	    strcmp(text, "a.test, 192.0.2.1") != 0;
}
