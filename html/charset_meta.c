/*
 * charset_meta.c - the character set that a page declares in a <meta> tag,
 * found before anything is decoded (HTML 13.2.3.2).
 *
 * The standard's own reader for this is a tokenizer that takes scripts for
 * markup.  So is ours, as long as nobody calls html_scan_raw.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "charset.h"
#include "scan.h"

/*
 * The set that a value such as "text/html; charset=utf-8" names (HTML 2.5.4),
 * or NULL.
 */
static const struct html_charset_info *
html_charset_in_content(const char *at, size_t len)
{
	const char *end = at + len, *stop;

	for (;; at++) {
		if (end - at < 7)
			return NULL;
		if (!html_tag_same(at, 7, "charset", 7))
			continue;
		at = html_tag_skip_space(at + 7, end);
		if (at < end && *at == '=')
			break;
		at--;
	}
	at = html_tag_skip_space(at + 1, end);
	if (at < end && (*at == '"' || *at == '\'')) {
		stop = memchr(at + 1, *at, (size_t)(end - at - 1));
		if (stop == NULL)
			return NULL;
		at++;
	} else {
		for (stop = at; stop < end && *stop != ';' &&
		    !html_tag_is_space(*stop);)
			stop++;
	}
	return html_charset_find(at, (size_t)(stop - at));
}

/* The set that a start tag declares, or NULL. */
static const struct html_charset_info *
html_charset_in_meta(const struct html_scan_token *tag)
{
	const char *at;
	size_t len;

	if (tag->tag->id != HTML_TAG_META)
		return NULL;
	if (html_scan_value(tag, "charset", &at, &len))
		return html_charset_find(at, len);
	return html_scan_value(tag, "http-equiv", &at, &len) &&
	    html_tag_same(at, len, "content-type", 12) &&
	    html_scan_value(tag, "content", &at, &len) ?
	    html_charset_in_content(at, len) : NULL;
}

const struct html_charset_info *
html_charset_declared(const char *at, size_t len)
{
	const struct html_charset_info *info = NULL;
	struct html_scan scan;
	int found;

	html_scan_init(&scan);
	scan.want = HTML_SCAN_WANT_NOTED;
	html_scan_feed(&scan, at, len);
	while (info == NULL && (found = html_scan_next(&scan)) > 0)
		if (found == HTML_SCAN_START)
			info = html_charset_in_meta(&scan.token);
	html_scan_free(&scan);
	if (info == NULL)
		return NULL;
	/* If that were so, the tag could not have been read. */
	if (info->kind == HTML_CHARSET_UTF16LE ||
	    info->kind == HTML_CHARSET_UTF16BE)
		return html_charset_find("utf-8", 5);
	if (strcmp(info->name, "x-user-defined") == 0)
		return html_charset_find("windows-1252", 12);
	return info;
}
