/*
 * config.c - see config.h.
 *
 * Both files are lines of words.  Lines and words are cut off the text by
 * functions that never look beyond its length; so a line without an end, or
 * one with a NUL inside, is nothing special.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- lines and words ---- */

/* A piece of text, borrowed. */
struct dns_config_text {
	const char *at;
	size_t len;
};

static bool
dns_config_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The text up to the first c, or all of it. */
static struct dns_config_text
dns_config_until(struct dns_config_text text, char c)
{
	const char *end = memchr(text.at, c, text.len);

	if (end != NULL)
		text.len = (size_t)(end - text.at);
	return text;
}

/* Cuts the first line off *rest. */
static struct dns_config_text
dns_config_line(struct dns_config_text *rest)
{
	struct dns_config_text line = dns_config_until(*rest, '\n');
	size_t cut = line.len + (line.len < rest->len);	/* and its '\n' */

	rest->at += cut;
	rest->len -= cut;
	return line;
}

/* Cuts the first word off *line; of length 0 when there is none. */
static struct dns_config_text
dns_config_word(struct dns_config_text *line)
{
	struct dns_config_text word;

	while (line->len > 0 && dns_config_is_space(*line->at)) {
		line->at++;
		line->len--;
	}
	word.at = line->at;
	while (line->len > 0 && !dns_config_is_space(*line->at)) {
		line->at++;
		line->len--;
	}
	word.len = (size_t)(line->at - word.at);
	return word;
}

/* ---- resolv.conf ---- */

static bool
dns_config_is(struct dns_config_text word, const char *what)
{
	return word.len == strlen(what) &&
	    memcmp(word.at, what, word.len) == 0;
}

/*
 * Reads an option with a number, such as "ndots:2"; what is less than
 * `least` or more than `most`, or no number at all, is the nearest of them.
 */
static bool
dns_config_number(struct dns_config_text word, const char *name,
    unsigned least, unsigned most, unsigned *number)
{
	size_t at = strlen(name);

	if (word.len < at || memcmp(word.at, name, at) != 0)
		return false;
	*number = 0;
	for (; at < word.len && word.at[at] >= '0' && word.at[at] <= '9'; at++)
		if (*number <= most)
			*number = *number * 10 + (unsigned)(word.at[at] - '0');
	if (*number < least)
		*number = least;
	if (*number > most)
		*number = most;
	return true;
}

static void
dns_config_option(struct dns_config *c, struct dns_config_text word)
{
	unsigned seconds;

	if (dns_config_number(word, "ndots:", 0, 15, &c->ndots) ||
	    dns_config_number(word, "attempts:", 1, 5, &c->attempts))
		return;
	if (dns_config_number(word, "timeout:", 1, 30, &seconds))
		c->timeout_ns = seconds * UINT64_C(1000000000);
	else if (dns_config_is(word, "rotate"))
		c->rotate = true;
}

static void
dns_config_suffix(struct dns_config *c, struct dns_config_text word)
{
	struct dns_name *name = &c->suffixes[c->suffix_count];

	/* The root as a suffix would repeat what is asked anyway. */
	if (c->suffix_count < DNS_CONFIG_SUFFIXES &&
	    dns_name_from_text(name, word.at, word.len) == 0 &&
	    name->len > 1)
		c->suffix_count++;
}

/* Reads one line; of several search and domain lines the last counts. */
static void
dns_config_parse_line(struct dns_config *c, struct dns_config_text line)
{
	struct dns_config_text key = dns_config_word(&line), word;
	bool search = dns_config_is(key, "search") ||
	    dns_config_is(key, "domain");

	if (search)
		c->suffix_count = 0;
	for (;;) {
		word = dns_config_word(&line);
		if (word.len == 0 || *word.at == '#' || *word.at == ';')
			return;
		if (search) {
			c->searched = true;
			dns_config_suffix(c, word);
		} else if (dns_config_is(key, "options")) {
			dns_config_option(c, word);
		} else if (dns_config_is(key, "nameserver")) {
			(void)dns_config_add_server(c, word.at, word.len);
			return;
		}
	}
}

void
dns_config_init(struct dns_config *c)
{
	memset(c, 0, sizeof(*c));
	c->ndots = 1;
	c->timeout_ns = UINT64_C(5000000000);
	c->attempts = 2;
}

void
dns_config_parse(struct dns_config *c, const char *at, size_t len)
{
	struct dns_config_text rest = { at, len };

	while (rest.len > 0)
		dns_config_parse_line(c, dns_config_line(&rest));
}

void
dns_config_add_domain(struct dns_config *c, const char *host, size_t len)
{
	struct dns_config_text name = { host, len };
	size_t cut = dns_config_until(name, '.').len + 1;

	if (c->searched || cut >= len)
		return;
	name.at += cut;
	name.len -= cut;
	dns_config_suffix(c, name);
}

int
dns_config_add_server(struct dns_config *c, const char *at, size_t len)
{
	char *text;

	if (len == 0 || len >= DNS_CONFIG_SERVER_TEXT ||
	    memchr(at, '\0', len) != NULL)
		return -EINVAL;
	if (c->server_count == DNS_CONFIG_SERVERS)
		return -ENOSPC;
	text = c->servers[c->server_count++];
	memcpy(text, at, len);
	text[len] = '\0';
	return 0;
}

/* ---- hosts ---- */

/*
 * Adds a name to the table, in lower case; as long as there is no table, it
 * is only counted.
 */
static void
dns_hosts_add(struct dns_hosts *h, struct dns_config_text name,
    struct dns_config_text address)
{
	const struct dns_hosts_entry entry = {
		name.at, address.at, name.len, address.len,
	};
	char *at = h->text + (name.at - h->text);
	size_t i;

	for (i = 0; i < name.len; i++)
		at[i] = (char)dns_name_lower((uint8_t)at[i]);
	if (h->entries != NULL)
		h->entries[h->count] = entry;
	h->count++;
}

/* Adds all names of the text; the first word of a line is their address. */
static void
dns_hosts_add_lines(struct dns_hosts *h, size_t len)
{
	struct dns_config_text rest = { h->text, len }, line, address, name;

	h->count = 0;
	while (rest.len > 0) {
		line = dns_config_until(dns_config_line(&rest), '#');
		address = dns_config_word(&line);
		name = dns_config_word(&line);
		while (name.len > 0) {
			dns_hosts_add(h, name, address);
			name = dns_config_word(&line);
		}
	}
}

/* Copies text, with a blank for each NUL. */
static char *
dns_hosts_copy(const char *at, size_t len)
{
	char *text = malloc(len);
	size_t i;

	for (i = 0; text != NULL && i < len; i++) {
		text[i] = at[i];
		if (at[i] == '\0')
			text[i] = ' ';
	}
	return text;
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
	memset(h, 0, sizeof(*h));
	if (len == 0)
		return 0;
	h->text = dns_hosts_copy(at, len);
	if (h->text == NULL)
		return -ENOMEM;
	dns_hosts_add_lines(h, len);	/* counts */
	if (h->count == 0)
		return 0;
	h->entries = calloc(h->count, sizeof(*h->entries));
	if (h->entries == NULL) {
		dns_hosts_free(h);
		return -ENOMEM;
	}
	dns_hosts_add_lines(h, len);
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
	/* The entries are ordered by length: most names are longer than all. */
	if (len > sizeof(lower) || h->count == 0 ||
	    len > h->entries[h->count - 1].name_len)
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

/* ---- the files ---- */

/* Tells whether an error says: there is no such file for us. */
static bool
dns_config_is_missing(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EISDIR ||
	    error == -ELOOP || error == -EACCES || error == -EPERM;
}

/* Reads what is left of a file into *text, which grows; *len: of it. */
static int
dns_config_load_open(FILE *file, char **text, size_t *len)
{
	size_t room = 2048;
	char *larger;

	do {
		room *= 2;
		larger = room > *len ? realloc(*text, room) : NULL;
		if (larger == NULL)
			return -ENOMEM;
		*text = larger;
		errno = 0;
		*len += fread(*text + *len, 1, room - *len, file);
	} while (*len == room);
	if (!ferror(file))
		return 0;
	return errno != 0 ? -errno : -EIO;
}

/*
 * Reads all of a file into *text, which the caller frees.  No file is an
 * empty one, with NULL; so is one that cannot be read to its end.
 */
static int
dns_config_load(const char *path, char **text, size_t *len)
{
	FILE *file = fopen(path, "r");
	int error = file == NULL ? -errno : 0;

	*text = NULL;
	*len = 0;
	if (file != NULL) {
		error = dns_config_load_open(file, text, len);
		fclose(file);
	}
	if (error < 0) {
		free(*text);
		*text = NULL;
		*len = 0;
	}
	return dns_config_is_missing(error) ? 0 : error;
}

int
dns_config_read(struct dns_config *c, const char *path)
{
	char *text, host[DNS_NAME_MAX + 1];
	size_t len;
	int error = dns_config_load(path, &text, &len);

	dns_config_init(c);
	if (len > 0)
		dns_config_parse(c, text, len);
	free(text);
	if (gethostname(host, sizeof(host)) == 0 &&
	    memchr(host, '\0', sizeof(host)) != NULL)
		dns_config_add_domain(c, host, strlen(host));
	return error;
}

int
dns_hosts_read(struct dns_hosts *h, const char *path)
{
	char *text;
	size_t len;
	int error = dns_config_load(path, &text, &len);

	memset(h, 0, sizeof(*h));
	if (error < 0)
		return error;
	error = dns_hosts_parse(h, text, len);
	free(text);
	return error;
}
