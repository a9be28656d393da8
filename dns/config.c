/*
 * config.c - see config.h.
 *
 * The file is lines of words.  Both are cut off by dns_config_cut, which
 * never looks beyond the length that it was given; a line without an end, or
 * one with a NUL inside, is nothing special.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <errno.h>
#include <string.h>

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

/* Cuts the first line off *rest. */
static struct dns_config_text
dns_config_line(struct dns_config_text *rest)
{
	struct dns_config_text line = *rest;
	const char *end = memchr(rest->at, '\n', rest->len);

	if (end != NULL)
		line.len = (size_t)(end - line.at);
	rest->at += line.len + (end != NULL);
	rest->len -= line.len + (end != NULL);
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

/* Deals with one line; the last of search and domain counts. */
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
