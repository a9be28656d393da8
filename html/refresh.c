/*
 * refresh.c - "0; url='/there'", step by step as the standard reads it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "refresh.h"

#include <string.h>

static bool
html_refresh_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static const char *
html_refresh_skip_spaces(const char *at, const char *end)
{
	while (at < end && html_refresh_is_space(*at))
		at++;
	return at;
}

/* Reads the time; a fraction is passed over.  NULL if there is none. */
static const char *
html_refresh_time(const char *at, const char *end, uint32_t *seconds)
{
	const char *start = at;
	uint32_t value = 0;

	for (; at < end && *at >= '0' && *at <= '9'; at++) {
		uint32_t digit = (uint32_t)(*at - '0');

		value = value > (UINT32_MAX - digit) / 10 ? UINT32_MAX :
		    value * 10 + digit;
	}
	if (at == start && (at == end || *at != '.'))
		return NULL;
	while (at < end && ((*at >= '0' && *at <= '9') || *at == '.'))
		at++;
	*seconds = value;
	return at;
}

/* Behind "url =", if that stands there; else where it was. */
static const char *
html_refresh_name(const char *at, const char *end)
{
	const char *n = at;

	for (const char *name = "url"; *name != '\0'; name++, n++)
		if (n == end || (*n | 0x20) != *name)
			return at;
	n = html_refresh_skip_spaces(n, end);
	if (n == end || *n != '=')
		return at;
	return html_refresh_skip_spaces(n + 1, end);
}

bool
html_refresh_read(struct html_refresh *r, const char *at, size_t len)
{
	const char *end = at + len, *quote;
	uint32_t seconds;

	at = html_refresh_time(html_refresh_skip_spaces(at, end), end,
	    &seconds);
	if (at == NULL || (at < end && *at != ';' && *at != ',' &&
	    !html_refresh_is_space(*at)))
		return false;
	at = html_refresh_skip_spaces(at, end);
	if (at < end && (*at == ';' || *at == ','))
		at++;
	at = html_refresh_name(html_refresh_skip_spaces(at, end), end);
	if (at < end && (*at == '"' || *at == '\'')) {
		quote = memchr(at + 1, *at, (size_t)(end - at) - 1);
		at++;
		if (quote != NULL)
			end = quote;
	}
	*r = (struct html_refresh){
		.seconds = seconds, .url = at, .url_len = (size_t)(end - at),
	};
	return true;
}
