/*
 * idna.h - host names in any language, as the DNS has them.
 *
 * The DNS compares names byte by byte and is asked in ASCII.  A name such as
 * "Bücher.example" therefore has one ASCII form, "xn--bcher-kva.example".
 * This is UTS 46 of Unicode 17.0, as the URL Standard asks for it (section
 * 3.3): non-transitional, CheckBidi, CheckJoiners, no CheckHyphens, no
 * UseSTD3ASCIIRules.  One thing is stricter: what the DNS has no room for is
 * refused.  No memory is allocated, and time is linear in the length.
 *
 * Copy: idna.h idna.c idna_data.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_IDNA_H
#define HTTP_IDNA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longest name without the dot at its end, and its longest label, in bytes
 * of ASCII (RFC 1035, section 2.3.4). */
enum { HTTP_IDNA_MAX = 253, HTTP_IDNA_LABEL_MAX = 63 };

/* Room for a name in ASCII, and for one in UTF-8: a dot at the end, and NUL. */
enum {
	HTTP_IDNA_ROOM = HTTP_IDNA_MAX + 2,
	HTTP_IDNA_UNICODE_ROOM = 4 * HTTP_IDNA_MAX + 2
};

/*
 * Why a name was refused.  The numbers lie outside those of errno, so that
 * one int can carry either.
 */
enum http_idna_error {
	HTTP_IDNA_E_CHARACTER = -2501,	/* disallowed, or not UTF-8 */
	HTTP_IDNA_E_PLACE = -2502,	/* allowed, but not at this place */
	HTTP_IDNA_E_ALABEL = -2503,	/* after xn-- stands no name */
	HTTP_IDNA_E_LENGTH = -2504	/* a label or the name is too long */
};

/*
 * Writes the ASCII form of the name of len bytes of UTF-8 at `at`, and NUL:
 * its length, or an enum http_idna_error, and then `to` has no meaning.  Its
 * A-labels (xn--) are checked as if they had been given decoded.  Labels may
 * be empty, and of ASCII characters all are allowed: what else a name must
 * not have is the caller's to refuse, and best in what was written, since
 * full-width letters, dots and signs have become ASCII there.
 */
int http_idna_to_ascii(char to[HTTP_IDNA_ROOM], const char *at, size_t len);

/*
 * Writes the same name in UTF-8, its A-labels decoded, and NUL: for people to
 * read.  Returns as above.
 */
int http_idna_to_unicode(char to[HTTP_IDNA_UNICODE_ROOM], const char *at,
    size_t len);

/* What an enum http_idna_error says, a constant; NULL for other numbers. */
const char *http_idna_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
