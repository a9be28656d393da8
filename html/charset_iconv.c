/*
 * charset_iconv.c - character sets by iconv(3); see charset_iconv.h.
 *
 * POSIX has iconv in the C library.  OpenBSD does not, macOS wants a library
 * to be named; with HTML_NO_ICONV, which is set for these, the functions are
 * there but know no set, and what is not ASCII becomes U+FFFD.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _POSIX_C_SOURCE 200809L
#include "charset_iconv.h"

#if defined(__OpenBSD__) || defined(__APPLE__) || defined(HTML_NO_ICONV)

void *
html_charset_iconv_open(const char *name)
{
	(void)name;
	return NULL;
}

size_t
html_charset_iconv_run(void *conversion, const char *from, size_t *len,
    char *to, size_t room)
{
	(void)conversion;
	(void)from;
	(void)to;
	(void)room;
	*len = 0;
	return 0;
}

void
html_charset_iconv_close(void *conversion)
{
	(void)conversion;
}

#else

#include <errno.h>
#include <iconv.h>
#include <string.h>

/* Browsers mean the former; not all libraries tell them apart. */
static const char *const html_charset_iconv_others[][2] = {
	{ "EUC-JP-MS", "EUC-JP" },
	{ "CP932", "SHIFT_JIS" },
};

void *
html_charset_iconv_open(const char *name)
{
	iconv_t conversion = iconv_open("UTF-8", name);

	for (size_t i = 0; i < 2 && conversion == (iconv_t)-1; i++)
		if (strcmp(name, html_charset_iconv_others[i][0]) == 0)
			conversion = iconv_open("UTF-8",
			    html_charset_iconv_others[i][1]);
	/* An iconv_t is a pointer everywhere, but -1 when it is none. */
	return conversion == (iconv_t)-1 ? NULL : (void *)conversion;
}

size_t
html_charset_iconv_run(void *conversion, const char *from, size_t *len,
    char *to, size_t room)
{
	/* The input is not written to; POSIX forgot to say so. */
	char *at = (char *)(size_t)from, *out = to;
	size_t left = *len;

	while (left > 0) {
		if (iconv((iconv_t)conversion, &at, &left, &out, &room) !=
		    (size_t)-1 || errno != EILSEQ)
			break;
		memcpy(out, "\xEF\xBF\xBD", 3);
		out += 3;
		room -= 3;
		at++;
		left--;
	}
	*len -= left;
	return (size_t)(out - to);
}

void
html_charset_iconv_close(void *conversion)
{
	iconv_close((iconv_t)conversion);
}

#endif
