/*
 * hosts.c - see hosts.h.
 */
#include "hosts.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"

static bool
dns_hosts_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\0';
}

/* The end of the word at `at`: space, comment, or `end`. */
static const char *
dns_hosts_word_end(const char *at, const char *end)
{
	while (at < end && !dns_hosts_is_space(*at) && *at != '#')
		at++;
	return at;
}

/* The next word of a line, or its end. */
static const char *
dns_hosts_word(const char *at, const char *end)
{
	while (at < end && dns_hosts_is_space(*at))
		at++;
	return at < end && *at == '#' ? end : at;
}

/* Adds the line's names; only counts them if there is no table yet. */
static void
dns_hosts_line(struct dns_hosts *h, const char *at, const char *end)
{
	struct dns_hosts_entry entry;

	entry.address = dns_hosts_word(at, end);
	at = dns_hosts_word_end(entry.address, end);
	entry.address_len = (size_t)(at - entry.address);
	for (;;) {
		entry.name = dns_hosts_word(at, end);
		if (entry.name == end)
			return;
		at = dns_hosts_word_end(entry.name, end);
		entry.name_len = (size_t)(at - entry.name);
		if (h->entries != NULL)
			h->entries[h->count] = entry;
		h->count++;
	}
}

/* Goes over all lines of the text. */
static void
dns_hosts_lines(struct dns_hosts *h, size_t len)
{
	const char *at = h->text, *end = at + len, *line_end;

	h->count = 0;
	while (at < end) {
		line_end = memchr(at, '\n', (size_t)(end - at));
		if (line_end == NULL)
			line_end = end;
		dns_hosts_line(h, at, line_end);
		at = line_end < end ? line_end + 1 : end;
	}
}

/* Orders names by length, then by octets. */
static int
dns_hosts_compare_names(const struct dns_hosts_entry *a,
    const struct dns_hosts_entry *b)
{
	if (a->name_len != b->name_len)
		return a->name_len < b->name_len ? -1 : 1;
	return memcmp(a->name, b->name, a->name_len);
}

/* Orders entries by name, equal ones as they stand in the file. */
static int
dns_hosts_compare(const void *left, const void *right)
{
	const struct dns_hosts_entry *a = left, *b = right;
	int order = dns_hosts_compare_names(a, b);

	return order != 0 ? order : (a->name > b->name) - (a->name < b->name);
}

int
dns_hosts_parse(struct dns_hosts *h, const char *at, size_t len)
{
	size_t i;

	memset(h, 0, sizeof(*h));
	if (len == 0)
		return 0;
	h->text = malloc(len);
	if (h->text == NULL)
		return -ENOMEM;
	for (i = 0; i < len; i++)
		h->text[i] = (char)dns_name_lower((uint8_t)at[i]);
	dns_hosts_lines(h, len);
	if (h->count == 0)
		return 0;
	h->entries = calloc(h->count, sizeof(*h->entries));
	if (h->entries == NULL) {
		dns_hosts_free(h);
		return -ENOMEM;
	}
	dns_hosts_lines(h, len);
	qsort(h->entries, h->count, sizeof(*h->entries), dns_hosts_compare);
	return 0;
}

size_t
dns_hosts_find(const struct dns_hosts *h, const char *name, size_t len,
    const struct dns_hosts_entry **first)
{
	char lower[DNS_NAME_MAX];
	struct dns_hosts_entry key = { .name = lower };
	size_t low = 0, high = h->count, middle, i;

	if (len > 0 && name[len - 1] == '.')
		len--;
	if (len > sizeof(lower) || h->count == 0)
		return 0;
	for (i = 0; i < len; i++)
		lower[i] = (char)dns_name_lower((uint8_t)name[i]);
	key.name_len = len;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (dns_hosts_compare_names(&h->entries[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*first = h->entries + low;
	while (high < h->count &&
	    dns_hosts_compare_names(&h->entries[high], &key) == 0)
		high++;
	return high - low;
}

void
dns_hosts_free(struct dns_hosts *h)
{
	free(h->text);
	free(h->entries);
	memset(h, 0, sizeof(*h));
}
