/*
 * charset_label.c - from the label of a character set to its data.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "charset.h"
#include "charset_data.h"
#include "tag.h"

/* Whether one of the words is the label, in letters of either case. */
static int
html_charset_has_label(const char *words, const char *label, size_t len)
{
	size_t n;

	for (; *words != '\0'; words += n + strspn(words + n, " ")) {
		n = strcspn(words, " ");
		if (html_tag_same(label, len, words, n))
			return 1;
	}
	return 0;
}

const struct html_charset_info *
html_charset_find(const char *label, size_t len)
{
	static const size_t count = sizeof(html_charset_infos) /
	    sizeof(html_charset_infos[0]);
	const char *at = html_tag_skip_space(label, label + len);
	size_t i;

	len -= (size_t)(at - label);
	while (len > 0 && html_tag_is_space(at[len - 1]))
		len--;
	for (i = 0; i < count; i++)
		if (html_charset_has_label(html_charset_infos[i].labels, at,
		    len))
			return &html_charset_infos[i];
	return NULL;
}
