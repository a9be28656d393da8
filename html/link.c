/*
 * link.c - which tags lead to another page; see link.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "link.h"

#include <errno.h>
#include <string.h>

/* Whether `word` is one of the words, between spaces, of a value. */
static int
html_link_has_word(const char *at, size_t len, const char *word)
{
	const char *end = at + len, *from;

	while (at < end) {
		from = at = html_tag_skip_space(at, end);
		while (at < end && !html_tag_is_space(*at))
			at++;
		if (html_tag_same(from, (size_t)(at - from), word,
		    strlen(word)))
			return 1;
	}
	return 0;
}

/* Whether a MIME type, maybe with parameters, is that of a feed. */
static int
html_link_is_feed(const char *at, size_t len)
{
	const char *end = memchr(at, ';', len);

	if (end != NULL)
		len = (size_t)(end - at);
	return html_link_has_word(at, len, "application/rss+xml") ||
	    html_link_has_word(at, len, "application/atom+xml") ||
	    html_link_has_word(at, len, "application/feed+json");
}

/* What a <link> is, by its rel and type. */
static enum html_link_kind
html_link_relation(const struct html_scan_token *tag)
{
	const char *rel, *type;
	size_t rel_len, type_len;

	if (!html_scan_value(tag, "rel", &rel, &rel_len))
		return HTML_LINK_NONE;
	if (html_link_has_word(rel, rel_len, "canonical"))
		return HTML_LINK_CANONICAL;
	if (html_link_has_word(rel, rel_len, "next"))
		return HTML_LINK_NEXT;
	if (html_link_has_word(rel, rel_len, "alternate") &&
	    html_scan_value(tag, "type", &type, &type_len) &&
	    html_link_is_feed(type, type_len))
		return HTML_LINK_FEED;
	return HTML_LINK_NONE;
}

/*
 * The content of a refresh: "5; url='next.html'" (HTML 4.2.5.3).  Returns
 * whether it leads to another page.
 */
static int
html_link_refresh(struct html_link *link, const char *at, size_t len)
{
	const char *end = at + len, *p;
	unsigned long delay = 0;

	at = html_tag_skip_space(at, end);
	if (at == end || ((unsigned)*at - '0' > 9u && *at != '.'))
		return 0;
	for (; at < end && (unsigned)*at - '0' < 10u; at++)
		if (delay < 100000000)
			delay = delay * 10 + (unsigned long)(*at - '0');
	while (at < end && ((unsigned)*at - '0' < 10u || *at == '.'))
		at++;
	if (at == end || (*at != ';' && *at != ',' && !html_tag_is_space(*at)))
		return 0;
	at = html_tag_skip_space(at, end);
	at += at < end && (*at == ';' || *at == ',');
	at = html_tag_skip_space(at, end);
	if (end - at >= 3 && html_tag_same(at, 3, "url", 3)) {
		p = html_tag_skip_space(at + 3, end);
		if (p < end && *p == '=')
			at = html_tag_skip_space(p + 1, end);
	}
	if (at < end && (*at == '"' || *at == '\'')) {
		p = memchr(at + 1, *at, (size_t)(end - at - 1));
		at++;
		end = p != NULL ? p : end;
	}
	link->href = at;
	link->len = (size_t)(end - at);
	link->delay_s = delay;
	return at < end;
}

/* Which attribute of the tag has the URL; sets the kind. */
static const char *
html_link_attribute(struct html_link *link, const struct html_scan_token *tag)
{
	const char *at;
	size_t len;

	link->kind = HTML_LINK_NONE;
	switch (tag->tag->id) {
	case HTML_TAG_A:
		link->kind = HTML_LINK_A;
		break;
	case HTML_TAG_AREA:
		link->kind = HTML_LINK_AREA;
		break;
	case HTML_TAG_BASE:
		link->kind = HTML_LINK_BASE;
		break;
	case HTML_TAG_LINK:
		link->kind = html_link_relation(tag);
		break;
	case HTML_TAG_META:
		if (html_scan_value(tag, "http-equiv", &at, &len) &&
		    html_tag_same(at, len, "refresh", 7))
			link->kind = HTML_LINK_REFRESH;
		return "content";
	default:
		break;
	}
	return "href";
}

int
html_link_find(struct html_link *link, const struct html_scan_token *tag,
    struct html_text *text)
{
	const char *name = html_link_attribute(link, tag), *at;
	size_t len;

	if (link->kind == HTML_LINK_NONE ||
	    !html_scan_value(tag, name, &at, &len))
		return 0;
	if (html_text_value(text, &at, &len) < 0)
		return -ENOMEM;
	link->href = at;
	link->len = len;
	link->delay_s = 0;
	return link->kind != HTML_LINK_REFRESH ||
	    html_link_refresh(link, at, len);
}
