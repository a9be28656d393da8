/*
 * url_encode.h - percent-encoding, as each part of a URL needs it.
 */
#ifndef HTTP_URL_ENCODE_H
#define HTTP_URL_ENCODE_H

#include <stddef.h>

/*
 * Classes of bytes, a bit each: the percent-encode sets of the URL Standard
 * (section 1.3), and what ends a part.
 */
enum http_url_class {
	HTTP_URL_CONTROL = 1,		/* encoded in every part */
	HTTP_URL_IN_FRAGMENT = 2,
	HTTP_URL_IN_QUERY = 4,
	HTTP_URL_IN_PATH = 8,
	HTTP_URL_IN_USER = 16,
	HTTP_URL_END = 32,		/* of a path segment: / \ ? # */
	HTTP_URL_HASH = 64		/* the end of a query */
};

/* The first byte of class `stop` from `at` on, or `end`. */
const char *http_url_until(const char *at, const char *end, unsigned stop);

/*
 * Copies the bytes from *at on, up to `end` or one of class `stop`, where it
 * leaves *at; those of class `set` it encodes.  `to` must have room for
 * three bytes for each.  Returns how many were written.
 */
size_t http_url_encode(char *to, const char **at, const char *end,
    unsigned set, unsigned stop);

#endif
