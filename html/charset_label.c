/*
 * charset_label.c - from the label of a character set to its data.
 */
#include "charset.h"

#include "charset_data.h"

/* A set of which nothing is known but ASCII. */
static const uint16_t html_charset_unknown[128] = { 0 };

/* Compares a label with a word in lower case; as memcmp orders them. */
static int
html_charset_compare(const char *at, size_t len, const char *word)
{
	size_t i;

	for (i = 0; i < len; i++) {
		int c = (unsigned char)at[i];

		if (c >= 'A' && c <= 'Z')
			c += 32;
		if (c != (unsigned char)word[i])
			return c - (unsigned char)word[i];
	}
	return word[len] == '\0' ? 0 : -1;
}

static int
html_charset_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

const struct html_charset_info *
html_charset_find(const char *label, size_t len)
{
	size_t low = 0, middle;
	size_t high = sizeof(html_charset_labels) /
	    sizeof(html_charset_labels[0]);
	int order;

	while (len > 0 && html_charset_is_space(*label)) {
		label++;
		len--;
	}
	while (len > 0 && html_charset_is_space(label[len - 1]))
		len--;
	/* Most pages are, and it is the first of the table. */
	if (html_charset_compare(label, len, "utf-8") == 0)
		return &html_charset_infos[0];
	while (low < high) {
		middle = low + (high - low) / 2;
		order = html_charset_compare(label, len,
		    html_charset_labels[middle].label);
		if (order == 0)
			return &html_charset_infos[
			    html_charset_labels[middle].info];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const uint16_t *
html_charset_table(const struct html_charset_info *info)
{
	return info->kind == HTML_CHARSET_SINGLE ?
	    html_charset_tables[info->table] : html_charset_unknown;
}
