/*
 * credentials.c - name, colon, password, in base64 (RFC 4648, section 4).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "credentials.h"

#include <stdint.h>
#include <string.h>

/* ---- base64 ---- */

/*
 * Where the text goes: to memory, as far as there is room; or it is compared
 * with what is there.
 */
struct http_credentials {
	char *to;
	size_t room;
	const char *like;		/* compare with this, of `room` bytes */
	unsigned differs;
	size_t len;			/* counts on without room */
	uint32_t bits;			/* of bytes not written yet */
	unsigned held;			/* how many bytes these are */
};

static void
http_credentials_put(struct http_credentials *out, char c)
{
	if (out->len < out->room && out->like != NULL)
		out->differs |= (unsigned)(out->like[out->len] ^ c);
	else if (out->len < out->room)
		out->to[out->len] = c;
	out->len++;
}

/* Writes `count` of the four characters that three bytes make. */
static void
http_credentials_put_group(struct http_credentials *out, unsigned count)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (unsigned i = 0; i < count; i++)
		http_credentials_put(out,
		    digits[out->bits >> (18 - 6 * i) & 63]);
	for (unsigned i = count; i < 4; i++)
		http_credentials_put(out, '=');
	out->bits = 0;
	out->held = 0;
}

static void
http_credentials_add(struct http_credentials *out, char c)
{
	out->bits |= (uint32_t)(unsigned char)c << (16 - 8 * out->held);
	if (++out->held == 3)
		http_credentials_put_group(out, 4);
}

static void
http_credentials_end(struct http_credentials *out)
{
	if (out->held > 0)
		http_credentials_put_group(out, out->held + 1);
}

/* ---- from name and password ---- */

static void
http_credentials_encode(struct http_credentials *out, const char *name,
    size_t name_len, const char *password, size_t password_len)
{
	for (size_t i = 0; i < name_len; i++)
		http_credentials_add(out, name[i]);
	http_credentials_add(out, ':');
	for (size_t i = 0; i < password_len; i++)
		http_credentials_add(out, password[i]);
	http_credentials_end(out);
}

/* The scheme, in front. */
static void
http_credentials_begin(struct http_credentials *out)
{
	for (const char *at = "Basic "; *at != '\0'; at++)
		http_credentials_put(out, *at);
}

size_t
http_credentials_basic(const char *name, size_t name_len,
    const char *password, size_t password_len, char *to, size_t room)
{
	struct http_credentials out = { .to = to, .room = room };

	if (name_len > 0 && memchr(name, ':', name_len) != NULL)
		return 0;
	http_credentials_begin(&out);
	http_credentials_encode(&out, name, name_len, password, password_len);
	return out.len;
}

/* ---- from a URL ---- */

static int
http_credentials_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that stands at *at, percent-encoded or not; moves behind it. */
static char
http_credentials_next(const char **at, const char *end)
{
	int high, low;

	if (**at == '%' && end - *at > 2) {
		high = http_credentials_hex((*at)[1]);
		low = http_credentials_hex((*at)[2]);
		if (high >= 0 && low >= 0) {
			*at += 3;
			return (char)(high * 16 + low);
		}
	}
	return *(*at)++;
}

size_t
http_credentials_of_url(const struct http_url *u, char *to, size_t room)
{
	struct http_credentials out = { .to = to, .room = room };
	const char *at = u->href + (u->https ? 8 : 7);
	const char *end = u->href + u->host - 1;	/* the at sign */
	bool named = false;		/* the colon behind the name was seen */
	char c;

	if (at >= end)
		return 0;
	http_credentials_begin(&out);
	while (at < end) {
		if (!named && *at == ':') {
			named = true;
			http_credentials_add(&out, *at++);
			continue;
		}
		c = http_credentials_next(&at, end);
		if (c == ':' && !named)
			return 0;
		http_credentials_add(&out, c);
	}
	if (!named)
		http_credentials_add(&out, ':');
	http_credentials_end(&out);
	return out.len;
}

/* ---- for a server ---- */

bool
http_credentials_match(const char *at, size_t len, const char *name,
    const char *password)
{
	static const char scheme[] = "basic";
	struct http_credentials out = { .to = NULL };
	size_t i = 0;

	while (i < len && i < 5 && (at[i] | 0x20) == scheme[i])
		i++;
	if (i < 5 || i == len || at[i] != ' ')
		return false;
	while (i < len && at[i] == ' ')
		i++;
	out.like = at + i;
	out.room = len - i;
	http_credentials_encode(&out, name, strlen(name), password,
	    strlen(password));
	return out.len == out.room && out.differs == 0;
}
