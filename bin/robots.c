/*
 * robots.c - reads robots.txt line by line, and matches paths.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "robots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Whom a group is for. */
enum { ROBOTS_US = 1, ROBOTS_EVERYBODY = 2 };

/* The longest Crawl-delay that is obeyed, in ns. */
static const uint64_t robots_longest_delay_ns = 60000000000;

/* ---- lines: small helpers ---- */

/* Text within a line. */
struct robots_text {
	const char *at;
	size_t len;
};

static bool
robots_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct robots_text
robots_trim(const char *at, size_t len)
{
	while (len > 0 && robots_is_blank(*at)) {
		at++;
		len--;
	}
	while (len > 0 && robots_is_blank(at[len - 1]))
		len--;
	return (struct robots_text){ at, len };
}

static bool
robots_is(struct robots_text t, const char *word)
{
	return t.len == strlen(word) && strncasecmp(t.at, word, t.len) == 0;
}

/* How many of these bytes a product token may have (section 2.2.1). */
static size_t
robots_token(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && ((at[n] >= 'a' && at[n] <= 'z') ||
	    (at[n] >= 'A' && at[n] <= 'Z') || at[n] == '_' || at[n] == '-'))
		n++;
	return n;
}

/* The same, but no longer than a name that is kept. */
static size_t
robots_agent(const char *at, size_t len)
{
	size_t n = robots_token(at, len);

	return n < ROBOTS_AGENT_MAX ? n : ROBOTS_AGENT_MAX - 1;
}

/* ---- lines: what they say ---- */

static void
robots_read_agent(struct robots_reader *r, struct robots_text value)
{
	size_t n = robots_agent(value.at, value.len);

	if (!r->naming)
		r->group = 0;
	r->naming = true;
	if (value.len > 0 && value.at[0] == '*' &&
	    (value.len == 1 || robots_is_blank(value.at[1])))
		r->group |= ROBOTS_EVERYBODY;
	if (n == 0 || !robots_is((struct robots_text){ value.at, n }, r->agent))
		return;
	r->group |= ROBOTS_US;
	r->named = true;
}

/* Makes room for len more bytes. */
static bool
robots_reserve(struct robots_reader *r, size_t len)
{
	size_t need = r->rules.len + len;
	size_t room = need > 2 * r->room ? need : 2 * r->room;
	char *fresh;

	if (r->failed || need <= r->room)
		return !r->failed;
	fresh = realloc(r->rules.rules, room);
	if (fresh == NULL) {
		r->failed = true;
		return false;
	}
	r->rules.rules = fresh;
	r->room = room;
	return true;
}

/* Adds a rule: its letter, its pattern, and the end of the line. */
static void
robots_add_rule(struct robots_reader *r, char letter, struct robots_text value)
{
	char *to;

	if (!robots_reserve(r, value.len + 2))
		return;
	to = r->rules.rules + r->rules.len;
	*to = letter;
	memcpy(to + 1, value.at, value.len);
	to[value.len + 1] = '\n';
	r->rules.len += value.len + 2;
}

/* A pattern begins with a slash or a star; an empty one says nothing. */
static void
robots_read_rule(struct robots_reader *r, char letter,
    struct robots_text value)
{
	r->naming = false;
	if (value.len == 0 || (*value.at != '/' && *value.at != '*') ||
	    (r->cut && letter == 'A'))
		return;
	/* Once we are named, what everybody may do does not matter. */
	if ((r->group & ROBOTS_US) != 0)
		robots_add_rule(r, letter, value);
	else if ((r->group & ROBOTS_EVERYBODY) != 0 && !r->named)
		robots_add_rule(r, letter == 'A' ? 'a' : 'd', value);
}

/* "10" or "0.5", in seconds; anything else is no delay. */
static uint64_t
robots_delay(struct robots_text t)
{
	uint64_t ns = 0, unit = 1000000000;
	size_t i = 0;

	for (; i < t.len && t.at[i] >= '0' && t.at[i] <= '9'; i++)
		if (ns <= robots_longest_delay_ns)
			ns = ns * 10 + unit * (uint64_t)(t.at[i] - '0');
	if (i < t.len && t.at[i] == '.')
		for (i++; i < t.len && t.at[i] >= '0' && t.at[i] <= '9'; i++) {
			unit /= 10;
			ns += unit * (uint64_t)(t.at[i] - '0');
		}
	if (i < t.len)
		return 0;
	return ns < robots_longest_delay_ns ? ns : robots_longest_delay_ns;
}

/*
 * It is no part of RFC 9309, so it ends no list of names (section 2.2.4).  The
 * first one counts: a second may be meant for names that were added since.
 */
static void
robots_read_delay(struct robots_reader *r, struct robots_text value)
{
	if ((r->group & ROBOTS_US) != 0 && r->rules.delay_ns == 0)
		r->rules.delay_ns = robots_delay(value);
	if ((r->group & ROBOTS_EVERYBODY) != 0 && r->everybodys_delay_ns == 0)
		r->everybodys_delay_ns = robots_delay(value);
}

/* A line is over, which may be empty. */
static void
robots_read_line(struct robots_reader *r)
{
	const char *at = r->line, *mark;
	size_t len = r->line_len;
	struct robots_text key, value;

	if (!r->begun && len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
		at += 3;
		len -= 3;
	}
	r->begun = true;
	mark = memchr(at, '#', len);
	if (mark != NULL) {
		len = (size_t)(mark - at);
		r->cut = false;
	}
	mark = memchr(at, ':', len);
	if (mark == NULL)
		return;
	key = robots_trim(at, (size_t)(mark - at));
	value = robots_trim(mark + 1, len - (size_t)(mark + 1 - at));
	if (robots_is(key, "user-agent"))
		robots_read_agent(r, value);
	else if (robots_is(key, "allow"))
		robots_read_rule(r, 'A', value);
	else if (robots_is(key, "disallow"))
		robots_read_rule(r, 'D', value);
	else if (robots_is(key, "crawl-delay"))
		robots_read_delay(r, value);
}

/* ---- the file ---- */

void
robots_begin(struct robots_reader *r, const char *agent)
{
	*r = (struct robots_reader){ .group = 0 };
	memcpy(r->agent, agent, robots_agent(agent, strlen(agent)));
}

static void
robots_end_line(struct robots_reader *r)
{
	robots_read_line(r);
	r->line_len = 0;
	r->cut = false;
}

bool
robots_feed(struct robots_reader *r, const char *at, size_t len)
{
	bool too_much = len > ROBOTS_SIZE_MAX - r->seen;

	if (too_much)
		len = ROBOTS_SIZE_MAX - r->seen;
	r->seen += len;
	for (size_t i = 0; i < len; i++) {
		if (at[i] == '\n' || at[i] == '\r')
			robots_end_line(r);
		else if (r->line_len < ROBOTS_LINE_MAX)
			r->line[r->line_len++] = at[i];
		else
			r->cut = true;
	}
	/* The line that the limit cuts is not all there. */
	if (too_much)
		r->cut = true;
	return !too_much;
}

/* Keeps the rules for everybody, as ours. */
static void
robots_adopt(struct robots *rules)
{
	for (size_t i = 0; i < rules->len; i++)
		if (i == 0 || rules->rules[i - 1] == '\n')
			rules->rules[i] = rules->rules[i] == 'a' ? 'A' : 'D';
}

/* Drops the rules for everybody: they came before we were named. */
static void
robots_drop_others(struct robots *rules)
{
	size_t from = 0, to = 0;

	while (from < rules->len) {
		char *at = rules->rules + from;
		char *end = memchr(at, '\n', rules->len - from);
		size_t n = (size_t)(end + 1 - at);

		if (*at == 'A' || *at == 'D') {
			memmove(rules->rules + to, at, n);
			to += n;
		}
		from += n;
	}
	rules->len = to;
}

/* Gives back memory that is not needed. */
static void
robots_shrink(struct robots *rules)
{
	char *fresh;

	if (rules->len == 0) {
		free(rules->rules);
		rules->rules = NULL;
		return;
	}
	fresh = realloc(rules->rules, rules->len);
	if (fresh != NULL)
		rules->rules = fresh;
}

int
robots_end(struct robots_reader *r, struct robots *rules)
{
	robots_end_line(r);
	*rules = (struct robots){ .rules = NULL };
	if (r->failed) {
		robots_drop(r);
		return -ENOMEM;
	}
	if (r->named) {
		robots_drop_others(&r->rules);
	} else {
		robots_adopt(&r->rules);
		r->rules.delay_ns = r->everybodys_delay_ns;
	}
	robots_shrink(&r->rules);
	*rules = r->rules;
	r->rules = (struct robots){ .rules = NULL };
	return 0;
}

void
robots_drop(struct robots_reader *r)
{
	robots_free(&r->rules);
}

void
robots_free(struct robots *rules)
{
	free(rules->rules);
	*rules = (struct robots){ .rules = NULL };
}

/* ---- paths ---- */

/*
 * A character of a path or a pattern: those that a URL may have as they are;
 * all others by their octet and this bit, whether percent-encoded or not.
 */
enum { ROBOTS_ENCODED = 256 };

static int
robots_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
robots_is_unreserved(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

/* Reserved in RFC 3986; * and $ are not, as patterns have a use for them. */
static bool
robots_is_reserved(int c)
{
	return c > 0 && strchr(":/?#[]@!&'()+,;=", c) != NULL;
}

/* Reads one character of at least one byte; returns how many it takes. */
static size_t
robots_read(int *c, const char *at, size_t len)
{
	int high = len > 2 && *at == '%' ? robots_hex(at[1]) : -1;
	int low = high >= 0 ? robots_hex(at[2]) : -1;

	if (low >= 0) {
		*c = high * 16 + low;
		if (!robots_is_unreserved(*c))
			*c |= ROBOTS_ENCODED;
		return 3;
	}
	*c = (unsigned char)*at;
	if (!robots_is_unreserved(*c) && !robots_is_reserved(*c))
		*c |= ROBOTS_ENCODED;
	return 1;
}

/*
 * Whether the characters are the same.  In a query : and / may be encoded or
 * not (the table of section 2.2.2).
 */
static bool
robots_same(int a, int b, bool in_query)
{
	if (in_query && (a == ':' || a == '/'))
		a |= ROBOTS_ENCODED;
	if (in_query && (b == ':' || b == '/'))
		b |= ROBOTS_ENCODED;
	return a == b;
}

/* A pattern that is matched against a path. */
struct robots_match {
	struct robots_text pattern, path;
	size_t query;			/* where the query begins */
	unsigned work;			/* comparisons so far, of all rules */
};

/* Whether the $ that ends a pattern is here. */
static bool
robots_at_end_mark(const struct robots_match *m, size_t p)
{
	return p + 1 == m->pattern.len && m->pattern.at[p] == '$';
}

/* Moves over one character, if the next ones are the same. */
static bool
robots_step(struct robots_match *m, size_t *p, size_t *t)
{
	size_t pattern_len, path_len;
	int a, b;

	m->work++;
	if (*t == m->path.len || robots_at_end_mark(m, *p))
		return false;
	pattern_len = robots_read(&a, m->pattern.at + *p,
	    m->pattern.len - *p);
	path_len = robots_read(&b, m->path.at + *t, m->path.len - *t);
	if (!robots_same(a, b, *t >= m->query))
		return false;
	*p += pattern_len;
	*t += path_len;
	return true;
}

/*
 * Whether the pattern matches the beginning of the path.  What stands between
 * two stars is looked for from left to right, and found at the first place
 * where it is; only the last star is gone back to.
 */
static bool
robots_matches(struct robots_match *m)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;
	int ignored;

	while (p < m->pattern.len && m->work < ROBOTS_WORK_MAX) {
		if (m->pattern.at[p] == '*') {
			star = ++p;
			from = t;
			continue;
		}
		if (t == m->path.len && robots_at_end_mark(m, p))
			return true;
		if (robots_step(m, &p, &t))
			continue;
		if (star == SIZE_MAX || from == m->path.len)
			return false;
		from += robots_read(&ignored, m->path.at + from,
		    m->path.len - from);
		p = star;
		t = from;
	}
	return true;
}

bool
robots_allows(const struct robots *rules, const char *target, size_t len)
{
	const char *mark = memchr(target, '?', len), *end;
	struct robots_match m = {
		.path = { target, len },
		.query = mark != NULL ? (size_t)(mark - target) : len,
	};
	bool allowed = true;
	size_t longest = 0;

	if (len == strlen("/robots.txt") &&
	    memcmp(target, "/robots.txt", len) == 0)
		return true;
	for (size_t i = 0; i < rules->len; i += m.pattern.len + 2) {
		const char *rule = rules->rules + i;

		end = memchr(rule, '\n', rules->len - i);
		m.pattern = (struct robots_text){
			rule + 1, (size_t)(end - rule - 1)
		};
		if (m.pattern.len < longest ||
		    (m.pattern.len == longest && *rule == 'D') ||
		    !robots_matches(&m))
			continue;
		longest = m.pattern.len;
		allowed = *rule == 'A';
	}
	return allowed && m.work < ROBOTS_WORK_MAX;
}
