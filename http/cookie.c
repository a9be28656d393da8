/*
 * cookie.c - a cookie is read, kept or refused, and sent where it may go.
 *
 * The numbers in parentheses are sections of RFC 6265.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "cookie.h"

#include "date.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* No server's clock is before this file: 2026-01-01. */
static const int64_t http_cookie_epoch = 1767225600;

/* Bytes that are not the caller's to free. */
struct http_cookie_text {
	const char *at;
	size_t len;
};

/* What a Set-Cookie field says (5.2). */
struct http_cookie_words {
	struct http_cookie_text name, value, domain, path;
	int64_t expires;		/* by the jar's clock: INT64_MAX, not;
					   INT64_MIN, at once */
	bool has_max_age;		/* which is stronger than Expires */
	bool secure;
	bool host_only;			/* set by http_cookie_settle */
};

/* A cookie in a jar; the texts lie one behind the other. */
struct http_cookie {
	struct http_cookie *next;
	uint64_t number;		/* in the order of their making */
	int64_t expires;
	bool secure, host_only;
	struct http_cookie_text name, value, domain, path;
	char text[];
};

/* ---- texts ---- */

static bool
http_cookie_same(struct http_cookie_text a, struct http_cookie_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char
http_cookie_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + ('a' - 'A'));
	return c;
}

/* Whether a text is `lower`, or begins with that, but for case. */
static bool
http_cookie_begins(struct http_cookie_text t, const char *lower)
{
	size_t len = strlen(lower), i = 0;

	while (i < t.len && i < len && http_cookie_lower(t.at[i]) == lower[i])
		i++;
	return i == len;
}

static bool
http_cookie_is(struct http_cookie_text t, const char *lower)
{
	return t.len == strlen(lower) && http_cookie_begins(t, lower);
}

/* Without the blanks around it. */
static struct http_cookie_text
http_cookie_trim(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	while (at < end && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return (struct http_cookie_text){ at, (size_t)(end - at) };
}

/* Cuts "name = value" in two; false, and all is the name, without a `=`. */
static bool
http_cookie_cut(const char *at, const char *end, struct http_cookie_text *name,
    struct http_cookie_text *value)
{
	const char *mark = at < end ? memchr(at, '=', (size_t)(end - at)) :
	    NULL;

	*name = http_cookie_trim(at, mark != NULL ? mark : end);
	*value = mark == NULL ? (struct http_cookie_text){ end, 0 } :
	    http_cookie_trim(mark + 1, end);
	return mark != NULL;
}

/* ---- what a field says ---- */

/* Seconds from now on; 0 or less is the past (5.2.2). */
static void
http_cookie_max_age(struct http_cookie_words *w, struct http_cookie_text t,
    int64_t now)
{
	int64_t age = 0;
	bool negative = t.len > 0 && t.at[0] == '-';
	size_t i = negative;

	if (i == t.len)
		return;
	for (; i < t.len; i++) {
		if (t.at[i] < '0' || t.at[i] > '9')
			return;
		if (age < INT64_MAX / 20)
			age = age * 10 + (t.at[i] - '0');
	}
	w->has_max_age = true;
	if (negative || age == 0)
		w->expires = INT64_MIN;
	else
		w->expires = age < INT64_MAX - now ? now + age : INT64_MAX;
}

/* A date, as far from now as it is from the server's own (5.2.1). */
static void
http_cookie_expires(struct http_cookie_words *w, struct http_cookie_text t,
    int64_t now, int64_t date)
{
	int64_t when = http_date_parse(t.at, t.len);

	if (when < 0 || w->has_max_age)
		return;
	if (when <= (date >= 0 ? date : http_cookie_epoch))
		w->expires = INT64_MIN;
	else if (date < 0 || when - date >= INT64_MAX - now)
		w->expires = INT64_MAX;
	else
		w->expires = now + (when - date);
}

/* One attribute; those that are not known are passed over. */
static void
http_cookie_attribute(struct http_cookie_words *w, const char *at,
    const char *end, int64_t now, int64_t date)
{
	struct http_cookie_text name, value;

	http_cookie_cut(at, end, &name, &value);
	if (value.len > HTTP_COOKIE_ATTRIBUTE)
		return;
	if (http_cookie_is(name, "secure"))
		w->secure = true;
	else if (http_cookie_is(name, "max-age"))
		http_cookie_max_age(w, value, now);
	else if (http_cookie_is(name, "expires"))
		http_cookie_expires(w, value, now, date);
	else if (http_cookie_is(name, "domain"))
		w->domain = value;
	else if (http_cookie_is(name, "path"))
		w->path = value;
}

/* A control character, which would be refused when it is sent. */
static bool
http_cookie_is_clean(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* Reads a field (5.2); false if it is no cookie. */
static bool
http_cookie_read(struct http_cookie_words *w, const char *at, size_t len,
    int64_t now, int64_t date)
{
	const char *end = at + len, *stop;

	*w = (struct http_cookie_words){ .expires = INT64_MAX };
	if (len == 0 || !http_cookie_is_clean(at, len))
		return false;
	stop = memchr(at, ';', len);
	if (!http_cookie_cut(at, stop != NULL ? stop : end, &w->name,
	    &w->value) || w->name.len == 0 ||
	    w->name.len + w->value.len > HTTP_COOKIE_MAX)
		return false;
	while (stop != NULL) {
		at = stop + 1;
		stop = at < end ? memchr(at, ';', (size_t)(end - at)) : NULL;
		http_cookie_attribute(w, at, stop != NULL ? stop : end, now,
		    date);
	}
	return true;
}

/* ---- where a cookie is for ---- */

static struct http_cookie_text
http_cookie_host(const struct http_url *u)
{
	struct http_cookie_text host;

	host.at = http_url_host(u, &host.len);
	return host;
}

static struct http_cookie_text
http_cookie_url_path(const struct http_url *u)
{
	return (struct http_cookie_text){ u->href + u->path,
	    (size_t)(u->query - u->path) };
}

/* The path up to its last slash, without that (5.1.4). */
static struct http_cookie_text
http_cookie_default_path(const struct http_url *u)
{
	struct http_cookie_text path = http_cookie_url_path(u);

	while (path.len > 1 && path.at[path.len - 1] != '/')
		path.len--;
	if (path.len > 1)
		path.len--;
	return path;
}

/* Whether the host lies within the domain, which is in any case (5.1.3). */
static bool
http_cookie_within(struct http_cookie_text host, struct http_cookie_text domain)
{
	const char *tail;

	if (domain.len == 0 || domain.len >= host.len)
		return false;
	tail = host.at + (host.len - domain.len);
	for (size_t i = 0; i < domain.len; i++)
		if (tail[i] != http_cookie_lower(domain.at[i]))
			return false;
	return tail[-1] == '.';
}

/* Whether a domain has two labels at least: a dot that is not its last. */
static bool
http_cookie_has_labels(struct http_cookie_text domain)
{
	return domain.len > 1 &&
	    memchr(domain.at, '.', domain.len - 1) != NULL;
}

/*
 * Which hosts the cookie is for, in w->domain (5.3, 4 to 6); false if the
 * server has no say about the domain that it names.
 */
static bool
http_cookie_settle_domain(struct http_cookie_words *w,
    const struct http_url *u)
{
	struct http_cookie_text host = http_cookie_host(u), domain = w->domain;

	if (domain.len > 0 && domain.at[0] == '.') {
		domain.at++;
		domain.len--;
	}
	w->host_only = domain.len == 0;
	w->domain = host;
	if (w->host_only)
		return true;
	if (domain.len == host.len) {
		for (size_t i = 0; i < host.len; i++)
			if (http_cookie_lower(domain.at[i]) != host.at[i])
				return false;
		w->host_only = u->host_kind != HTTP_URL_NAME ||
		    !http_cookie_has_labels(host);
		return true;
	}
	if (u->host_kind != HTTP_URL_NAME || !http_cookie_has_labels(domain) ||
	    !http_cookie_within(host, domain))
		return false;
	/* In lower case: the end of the host is the same text. */
	w->domain.at = host.at + (host.len - domain.len);
	w->domain.len = domain.len;
	return true;
}

/* Whether a server at this URL may set the cookie; settles for which URLs. */
static bool
http_cookie_settle(struct http_cookie_words *w, const struct http_url *u)
{
	bool whole_path = w->path.len == 1 && w->path.at[0] == '/';
	bool has_domain = w->domain.len > 0;

	if (!http_cookie_settle_domain(w, u))
		return false;
	if (w->path.len == 0 || w->path.at[0] != '/')
		w->path = http_cookie_default_path(u);
	if (w->secure && !u->https)
		return false;
	if (http_cookie_begins(w->name, "__secure-"))
		return w->secure;
	if (http_cookie_begins(w->name, "__host-"))
		return w->secure && !has_domain && whole_path;
	return true;
}

/* Whether a URL's path lies within a cookie's (5.1.4). */
static bool
http_cookie_path_matches(struct http_cookie_text cookie,
    struct http_cookie_text path)
{
	if (path.len < cookie.len ||
	    memcmp(path.at, cookie.at, cookie.len) != 0)
		return false;
	return path.len == cookie.len || cookie.at[cookie.len - 1] == '/' ||
	    path.at[cookie.len] == '/';
}

/* Whether the cookie is for this URL (5.4, 1). */
static bool
http_cookie_matches(const struct http_cookie *c, const struct http_url *u)
{
	struct http_cookie_text host = http_cookie_host(u);

	if (c->secure && !u->https)
		return false;
	if (!http_cookie_same(host, c->domain) &&
	    (c->host_only || !http_cookie_within(host, c->domain)))
		return false;
	return http_cookie_path_matches(c->path, http_cookie_url_path(u));
}

/* ---- a jar ---- */

/* What a cookie takes of a jar: "name=value; ". */
static size_t
http_cookie_size(const struct http_cookie *c)
{
	return c->name.len + c->value.len + 3;
}

/* Takes the cookie at this place out of its jar, and frees it. */
static void
http_cookie_remove(struct http_cookie_jar *jar, struct http_cookie **at)
{
	struct http_cookie *c = *at;

	*at = c->next;
	jar->count--;
	jar->bytes -= http_cookie_size(c);
	free(c);
}

void
http_cookie_jar_clear(struct http_cookie_jar *jar)
{
	while (jar->first != NULL)
		http_cookie_remove(jar, &jar->first);
	*jar = (struct http_cookie_jar){ .first = NULL };
}

/* Forgets what has expired. */
static void
http_cookie_expire(struct http_cookie_jar *jar, int64_t now)
{
	struct http_cookie **at = &jar->first;

	while (*at != NULL)
		if ((*at)->expires <= now)
			http_cookie_remove(jar, at);
		else
			at = &(*at)->next;
}

/* Where the oldest cookie is; the jar is not empty. */
static struct http_cookie **
http_cookie_oldest(struct http_cookie_jar *jar)
{
	struct http_cookie **oldest = &jar->first, **at;

	for (at = &jar->first; *at != NULL; at = &(*at)->next)
		if ((*at)->number < (*oldest)->number)
			oldest = at;
	return oldest;
}

/* Where the cookie of the same name, domain and path is; NULL: nowhere. */
static struct http_cookie **
http_cookie_find(struct http_cookie_jar *jar, const struct http_cookie *c)
{
	struct http_cookie **at = &jar->first;

	while (*at != NULL && (!http_cookie_same((*at)->name, c->name) ||
	    !http_cookie_same((*at)->domain, c->domain) ||
	    !http_cookie_same((*at)->path, c->path) ||
	    (*at)->host_only != c->host_only))
		at = &(*at)->next;
	return *at != NULL ? at : NULL;
}

/* Copies a text to *to, which moves behind it. */
static struct http_cookie_text
http_cookie_copy(char **to, struct http_cookie_text t)
{
	struct http_cookie_text copy = { *to, t.len };

	if (t.len > 0)
		memcpy(*to, t.at, t.len);
	*to += t.len;
	return copy;
}

/* A cookie of its own memory; NULL without. */
static struct http_cookie *
http_cookie_new(const struct http_cookie_words *w)
{
	struct http_cookie *c = malloc(sizeof(*c) + w->name.len +
	    w->value.len + w->domain.len + w->path.len);
	char *to;

	if (c == NULL)
		return NULL;
	*c = (struct http_cookie){
		.expires = w->expires, .secure = w->secure,
		.host_only = w->host_only,
	};
	to = c->text;
	c->name = http_cookie_copy(&to, w->name);
	c->value = http_cookie_copy(&to, w->value);
	c->domain = http_cookie_copy(&to, w->domain);
	c->path = http_cookie_copy(&to, w->path);
	return c;
}

/*
 * Puts a cookie into a jar, in its place, where there is room for it, and in
 * place of the one before it, whose age it has (5.3, 11).
 */
static void
http_cookie_put(struct http_cookie_jar *jar, struct http_cookie *c)
{
	struct http_cookie **at = http_cookie_find(jar, c);

	c->number = at != NULL ? (*at)->number : jar->number++;
	if (at != NULL)
		http_cookie_remove(jar, at);
	if (c->expires == INT64_MIN) {
		free(c);
		return;
	}
	while (jar->count > 0 && (jar->count == HTTP_COOKIE_JAR_MAX ||
	    jar->bytes + http_cookie_size(c) > HTTP_COOKIE_JAR_BYTES))
		http_cookie_remove(jar, http_cookie_oldest(jar));
	at = &jar->first;
	while (*at != NULL && ((*at)->path.len > c->path.len ||
	    ((*at)->path.len == c->path.len && (*at)->number < c->number)))
		at = &(*at)->next;
	c->next = *at;
	*at = c;
	jar->count++;
	jar->bytes += http_cookie_size(c);
}

/* Whether a Secure cookie of this name is there, which http may not touch. */
static bool
http_cookie_is_guarded(const struct http_cookie_jar *jar,
    const struct http_cookie_words *w, const struct http_url *u)
{
	const struct http_cookie *c = jar->first;

	while (c != NULL &&
	    (!c->secure || !http_cookie_same(c->name, w->name) ||
	    (!http_cookie_same(c->domain, w->domain) &&
	    !http_cookie_within(c->domain, w->domain) &&
	    !http_cookie_within(w->domain, c->domain)) ||
	    !http_cookie_path_matches(c->path, w->path)))
		c = c->next;
	return c != NULL && !u->https;
}

int
http_cookie_take(struct http_cookie_jar *jar, const struct http_url *u,
    const char *at, size_t len, int64_t now, int64_t date)
{
	struct http_cookie_words w;
	struct http_cookie *c;

	if (!http_cookie_read(&w, at, len, now, date) ||
	    !http_cookie_settle(&w, u) || http_cookie_is_guarded(jar, &w, u))
		return 0;
	c = http_cookie_new(&w);
	if (c == NULL)
		return -ENOMEM;
	http_cookie_expire(jar, now);
	http_cookie_put(jar, c);
	return 0;
}

/* ---- sending ---- */

size_t
http_cookie_write(struct http_cookie_jar *jar, const struct http_url *u,
    int64_t now, char *to, size_t room)
{
	size_t len = 0;

	http_cookie_expire(jar, now);
	for (const struct http_cookie *c = jar->first; c != NULL; c = c->next) {
		const struct http_cookie_text pieces[] = {
			{ "; ", len > 0 ? 2 : 0 }, c->name, { "=", 1 },
			c->value,
		};

		if (!http_cookie_matches(c, u))
			continue;
		for (size_t i = 0; i < 4; i++) {
			size_t left = len < room ? room - len : 0;
			size_t n = pieces[i].len < left ? pieces[i].len : left;

			if (n > 0)
				memcpy(to + len, pieces[i].at, n);
			len += pieces[i].len;
		}
	}
	return len;
}
