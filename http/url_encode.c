/*
 * url_encode.c - a table of classes, and the loop that looks into it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "url_private.h"

/* Bytes that are encoded in more than one part: Fragment, Query, ... */
enum {
	HTTP_URL_ENCODE_PU = HTTP_URL_IN_PATH | HTTP_URL_IN_USER,
	HTTP_URL_ENCODE_FPU = HTTP_URL_ENCODE_PU | HTTP_URL_IN_FRAGMENT,
	HTTP_URL_ENCODE_FQPU = HTTP_URL_ENCODE_FPU | HTTP_URL_IN_QUERY
};

static const unsigned char http_url_encode_classes[128] = {
	[' '] = HTTP_URL_ENCODE_FQPU,	['"'] = HTTP_URL_ENCODE_FQPU,
	['<'] = HTTP_URL_ENCODE_FQPU,	['>'] = HTTP_URL_ENCODE_FQPU,
	['`'] = HTTP_URL_ENCODE_FPU,	['\''] = HTTP_URL_IN_QUERY,
	['{'] = HTTP_URL_ENCODE_PU,		['}'] = HTTP_URL_ENCODE_PU,
	['^'] = HTTP_URL_ENCODE_PU,		['|'] = HTTP_URL_IN_USER,
	['['] = HTTP_URL_IN_USER,	[']'] = HTTP_URL_IN_USER,
	[':'] = HTTP_URL_IN_USER,	[';'] = HTTP_URL_IN_USER,
	['='] = HTTP_URL_IN_USER,	['@'] = HTTP_URL_IN_USER,
	['/'] = HTTP_URL_IN_USER | HTTP_URL_END,
	['\\'] = HTTP_URL_IN_USER | HTTP_URL_END,
	['?'] = HTTP_URL_ENCODE_PU | HTTP_URL_END,
	['#'] = HTTP_URL_ENCODE_PU | HTTP_URL_IN_QUERY | HTTP_URL_END |
	    HTTP_URL_HASH
};

/* The classes that a byte belongs to. */
static unsigned
http_url_class(char byte)
{
	unsigned char c = (unsigned char)byte;

	if (c < 0x20 || c > 0x7e)
		return HTTP_URL_CONTROL;
	return http_url_encode_classes[c];
}

const char *
http_url_until(const char *at, const char *end, unsigned stop)
{
	while (at < end && (http_url_class(*at) & stop) == 0)
		at++;
	return at;
}

size_t
http_url_encode(char *to, const char **at, const char *end, unsigned set,
    unsigned stop)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *from = *at;
	char *out = to;

	for (; from < end; from++) {
		unsigned class = http_url_class(*from);
		unsigned char c = (unsigned char)*from;

		if ((class & stop) != 0)
			break;
		if ((class & (set | HTTP_URL_CONTROL)) == 0) {
			*out++ = *from;
			continue;
		}
		*out++ = '%';
		*out++ = hex[c >> 4];
		*out++ = hex[c & 15];
	}
	*at = from;
	return (size_t)(out - to);
}
