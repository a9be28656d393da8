/*
 * urlopen.h - a page by blocking calls, as Python's urllib2 gets it.
 *
 * For the sequential programs, which are to be what one writes without an
 * event loop: a system call for each step, and the process sleeps in it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BENCH_URLOPEN_H
#define BENCH_URLOPEN_H

/*
 * parse(urlopen(url)).xpath(pattern)[0].text of the page at an http URL: the
 * first match, UTF-8, to be freed.  The page comes over a connection of its
 * own; redirects are not followed.  What goes wrong ends the program with
 * status 1, as an exception does that nobody catches.
 */
char *urlopen_text(const char *url, const char *pattern);

/* The same for the first link, made absolute. */
char *urlopen_link(const char *url, const char *pattern);

#endif
