/*
 * charset.h - the bytes of a page, in whatever character set, made UTF-8.
 *
 * The set is the one that a byte order mark shows, else the one of the
 * Content-Type, else the one of a <meta> in the first 1024 bytes, else that of
 * an XML declaration (HTML 13.2.3.2).  Without any of these the page is taken
 * for UTF-8 up to the first bytes that are not, and for windows-1252 from
 * there on.
 *
 * Without the first three the search for a <meta> goes on behind the first
 * 1024 bytes, to the end of the page (13.2.3.4).  ASCII is the same in all
 * sets, so it is given out meanwhile; from the first other byte on up to
 * HTML_CHARSET_HOLD bytes are held back.  A <meta> among them is in time for
 * the whole page.  A later one counts for what follows it.
 *
 * A page said to be UTF-8 is handed through as it is, so that nothing is
 * copied: text.h replaces what is not UTF-8 in the few places that are used.
 * UTF-16 and all sets of single bytes are decoded here; those of more bytes
 * by multibyte.h.
 *
 * Copy: charset.h charset.c charset_data.h multibyte.h multibyte.c
 *     multibyte_data.h scan.h scan.c tag.h tag.c tag_id_data.h tag_data.h
 *     text.h text.c entity_data.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_CHARSET_H
#define HTML_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "multibyte.h"
#include "scan.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many bytes of a page are searched for what it declares. */
#define HTML_CHARSET_HEAD 1024
/* Most bytes that wait for a later declaration. */
#define HTML_CHARSET_HOLD 16384

/* How a character set is decoded. */
enum html_charset_kind {
	HTML_CHARSET_UTF8,
	HTML_CHARSET_GUESS,		/* UTF-8, as long as it is that */
	HTML_CHARSET_UTF16LE,
	HTML_CHARSET_UTF16BE,
	HTML_CHARSET_SINGLE,		/* a byte is a character */
	HTML_CHARSET_MULTIBYTE		/* multibyte.h may know it */
};

/* A character set. */
struct html_charset_info {
	const char *name;		/* as the Encoding Standard has it */
	const char *labels;		/* with a space between two */
	enum html_charset_kind kind;
	const uint16_t *table;		/* of 128, for a single-byte set */
	enum html_multibyte_set multibyte;
};

/* Where the search for what a page declares has come to. */
enum html_charset_search {
	HTML_CHARSET_AT_HEAD,		/* the first bytes are gathered */
	HTML_CHARSET_IN_ASCII,		/* nothing but ASCII has come */
	HTML_CHARSET_IN_HOLD,		/* what has come is held back */
	HTML_CHARSET_BEHIND_HOLD,	/* too much has come, and is out */
	HTML_CHARSET_SETTLED		/* it has ended */
};

/* All private; all zero is a decoder without a page. */
struct html_charset {
	const struct html_charset_info *said;	/* by the header, or NULL */
	const struct html_charset_info *info;	/* NULL: not yet known */
	const struct html_charset_info *next;	/* from `end` on, or NULL */
	struct html_multibyte multibyte, encoder;
	const char *why;		/* what has decided for info */
	enum html_charset_search search;
	struct html_scan scan;		/* searches behind the first bytes */
	bool finished;
	const char *at, *end;		/* what is left to decode */
	const char *more, *more_end;	/* what comes after that */
	size_t head_len, cut_len;
	char head[HTML_CHARSET_HOLD];	/* what is held back */
	char cut[16];			/* the start of a cut character */
	char out[4096];
};

/* The set that a label names (Encoding Standard 4.2), or NULL. */
const struct html_charset_info *html_charset_find(const char *label,
    size_t len);

/*
 * The set that a page declares in the first <meta charset> or <meta
 * http-equiv=content-type> whose label is known, or NULL.  `at` are its first
 * bytes; a tag that they cut declares nothing.
 */
const struct html_charset_info *html_charset_declared(const char *at,
    size_t len);

/* At the start of a page; `label` is the Content-Type's, or NULL. */
void html_charset_start(struct html_charset *charset, const char *label,
    size_t len);

/*
 * Gives the next piece, which must stay until html_charset_next has returned
 * false.  Only to be called then, or first.
 */
void html_charset_feed(struct html_charset *charset, const char *at,
    size_t len);

/* The page ends here; html_charset_next gives out what was held back. */
void html_charset_finish(struct html_charset *charset);

/*
 * The next stretch of UTF-8: part of the piece, or of the decoder's memory,
 * borrowed until the next call.  Returns false when there is none.
 */
bool html_charset_next(struct html_charset *charset, const char **at,
    size_t *len);

/* The name of the set in use, NULL while it is not known. */
const char *html_charset_name(const struct html_charset *charset);

/*
 * What has decided for that set, in words (a constant), such as "a <meta> of
 * the page"; NULL while it is not known.
 */
const char *html_charset_why(const struct html_charset *charset);

/*
 * Makes the address *at of *len bytes, UTF-8 in a page of this set, one for a
 * URL parser that knows UTF-8 only: what is not ASCII in its query is
 * percent-encoded in the set (URL 1.3, "percent-encode after encoding"; what
 * the set does not have is written "%26%23NUMBER%3B").  Both then point into
 * the text, if there was anything to encode.  Returns 0 or -ENOMEM.
 */
int html_charset_query(struct html_charset *charset,
    struct html_text *text, const char **at, size_t *len);

/* Frees what a decoder owns. */
void html_charset_free(struct html_charset *charset);

#ifdef __cplusplus
}
#endif

#endif
