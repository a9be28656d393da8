/*
 * hosts.c - see hosts.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"

/*
 * Goes over all words of the text: the first of a line is the address of the
 * others.  Only counts those if there is no table yet.
 */
static void
dns_hosts_words(struct dns_hosts *h)
{
	struct dns_hosts_entry entry = { .address = NULL };
	const char *at = h->text;

	for (h->count = 0;; at += entry.name_len) {
		at += strspn(at, " \t\r");
		if (*at == '#')
			at += strcspn(at, "\n");
		if (*at == '\0')
			return;
		entry.name = at;
		entry.name_len = strcspn(at, " \t\r\n#");
		if (*at == '\n') {
			at++;
			entry.address = NULL;
		} else if (entry.address == NULL) {
			entry.address = at;
			entry.address_len = entry.name_len;
		} else {
			if (h->entries != NULL)
				h->entries[h->count] = entry;
			h->count++;
		}
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
	h->text = malloc(len + 1);
	if (h->text == NULL)
		return -ENOMEM;
	for (i = 0; i < len; i++) {
		h->text[i] = (char)dns_name_lower((uint8_t)at[i]);
		if (at[i] == '\0')
			h->text[i] = ' ';
	}
	h->text[len] = '\0';
	dns_hosts_words(h);
	if (h->count == 0)
		return 0;
	h->entries = calloc(h->count, sizeof(*h->entries));
	if (h->entries == NULL) {
		dns_hosts_free(h);
		return -ENOMEM;
	}
	dns_hosts_words(h);
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
