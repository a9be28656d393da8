/*
 * prescan.c - the character set that a page declares; see prescan.h.
 *
 * The standard's own algorithm, which is not the tokenizer: it knows comments
 * and attributes, but nothing of scripts, since it runs on bytes that mean
 * nothing yet.
 */
#include "prescan.h"

#include <string.h>

/* What is left of the bytes. */
struct html_prescan_reader {
	const char *at, *end;
};

/* Slices of the bytes; an attribute without a value has value_len 0. */
struct html_prescan_attr {
	const char *name, *value;
	size_t name_len, value_len;
};

/* What a meta tag has said so far. */
struct html_prescan_meta {
	int is_content_type, from_content;
	const char *label;
	size_t len;
};

static int
html_prescan_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Whether the bytes at `at` are `word`, in letters of either case. */
static int
html_prescan_same(const char *at, const char *end, const char *word)
{
	size_t i, len = strlen(word);

	if ((size_t)(end - at) < len)
		return 0;
	for (i = 0; i < len; i++) {
		char c = at[i];

		if ((unsigned)c - 'A' < 26u)
			c = (char)(c + 32);
		if (c != word[i])
			return 0;
	}
	return 1;
}

static void
html_prescan_skip_space(struct html_prescan_reader *r)
{
	while (r->at < r->end && html_prescan_is_space(*r->at))
		r->at++;
}

/* An attribute's value, behind the '='. */
static void
html_prescan_value(struct html_prescan_reader *r,
    struct html_prescan_attr *a)
{
	const char *close;

	html_prescan_skip_space(r);
	a->value = r->at;
	if (r->at < r->end && (*r->at == '"' || *r->at == '\'')) {
		a->value++;
		close = memchr(a->value, *r->at,
		    (size_t)(r->end - a->value));
		r->at = close != NULL ? close + 1 : r->end;
		a->value_len = close != NULL ?
		    (size_t)(close - a->value) : 0;
		return;
	}
	while (r->at < r->end && *r->at != '>' &&
	    !html_prescan_is_space(*r->at))
		r->at++;
	a->value_len = (size_t)(r->at - a->value);
}

/* The next attribute of a tag; 0 at its end ("get an attribute"). */
static int
html_prescan_attribute(struct html_prescan_reader *r,
    struct html_prescan_attr *a)
{
	while (r->at < r->end && (*r->at == '/' ||
	    html_prescan_is_space(*r->at)))
		r->at++;
	if (r->at == r->end || *r->at == '>')
		return 0;
	a->name = r->at++;
	while (r->at < r->end && *r->at != '=' && *r->at != '/' &&
	    *r->at != '>' && !html_prescan_is_space(*r->at))
		r->at++;
	a->name_len = (size_t)(r->at - a->name);
	a->value = r->at;
	a->value_len = 0;
	html_prescan_skip_space(r);
	if (r->at < r->end && *r->at == '=') {
		r->at++;
		html_prescan_value(r, a);
	}
	return 1;
}

/* The label in "text/html; charset=utf-8" (HTML 2.5.4); 0: none. */
static int
html_prescan_content(const char *at, size_t len, struct html_prescan_meta *m)
{
	struct html_prescan_reader r = { at, at + len };
	const char *from;
	char quote = '\0';

	for (;; r.at++) {
		if (r.at >= r.end)
			return 0;
		if (!html_prescan_same(r.at, r.end, "charset"))
			continue;
		r.at += strlen("charset");
		html_prescan_skip_space(&r);
		if (r.at < r.end && *r.at == '=')
			break;
		r.at--;
	}
	r.at++;
	html_prescan_skip_space(&r);
	if (r.at < r.end && (*r.at == '"' || *r.at == '\''))
		quote = *r.at++;
	for (from = r.at; r.at < r.end; r.at++)
		if (quote != '\0' ? *r.at == quote :
		    *r.at == ';' || html_prescan_is_space(*r.at))
			break;
	if (quote != '\0' && r.at == r.end)
		return 0;
	m->label = from;
	m->len = (size_t)(r.at - from);
	m->from_content = 1;
	return 1;
}

/* The attributes of a meta tag; 1 when they declare a character set. */
static int
html_prescan_meta(struct html_prescan_reader *r, const char **label,
    size_t *label_len)
{
	struct html_prescan_meta m = { 0, 0, NULL, 0 };
	struct html_prescan_attr a;

	while (html_prescan_attribute(r, &a)) {
		const char *end = a.name + a.name_len;

		if (a.name_len == 10 &&
		    html_prescan_same(a.name, end, "http-equiv"))
			m.is_content_type |= a.value_len == 12 &&
			    html_prescan_same(a.value, a.value + 12,
			    "content-type");
		else if (a.name_len == 7 && m.label == NULL &&
		    html_prescan_same(a.name, end, "content"))
			html_prescan_content(a.value, a.value_len, &m);
		else if (a.name_len == 7 &&
		    html_prescan_same(a.name, end, "charset") &&
		    (m.label == NULL || m.from_content)) {
			m.label = a.value;
			m.len = a.value_len;
			m.from_content = 0;
		}
	}
	*label = m.label;
	*label_len = m.len;
	return m.label != NULL && (!m.from_content || m.is_content_type);
}

static int
html_prescan_is_letter(const struct html_prescan_reader *r, int i)
{
	return r->at + i < r->end &&
	    ((unsigned)(unsigned char)r->at[i] | 0x20u) - 'a' < 26u;
}

/* Skips one construct that begins with '<' and is no meta tag. */
static void
html_prescan_skip(struct html_prescan_reader *r)
{
	int next = r->end - r->at > 1 ? r->at[1] : 0;
	struct html_prescan_attr a;

	if (next == '!' && html_prescan_same(r->at, r->end, "<!--")) {
		/* The dashes of "<!--" may be those of "-->" as well. */
		for (r->at += 2; r->at < r->end; r->at++)
			if (html_prescan_same(r->at, r->end, "-->"))
				return;
	} else if (html_prescan_is_letter(r, 1) ||
	    (next == '/' && html_prescan_is_letter(r, 2))) {
		while (r->at < r->end && *r->at != '>' &&
		    !html_prescan_is_space(*r->at))
			r->at++;
		while (html_prescan_attribute(r, &a))
			continue;
	} else if (next == '!' || next == '/' || next == '?') {
		r->at = memchr(r->at, '>', (size_t)(r->end - r->at));
		if (r->at == NULL)
			r->at = r->end;
	} else {
		r->at++;
	}
}

/* Whether a meta tag begins here: its name, and what ends that. */
static int
html_prescan_is_meta(const struct html_prescan_reader *r)
{
	return r->end - r->at > 5 && (r->at[5] == '/' ||
	    html_prescan_is_space(r->at[5])) &&
	    html_prescan_same(r->at, r->end, "<meta");
}

int
html_prescan(const char *at, size_t len, const char **label,
    size_t *label_len)
{
	struct html_prescan_reader r = { at, at + len };

	while (r.at < r.end) {
		r.at = memchr(r.at, '<', (size_t)(r.end - r.at));
		if (r.at == NULL)
			break;
		if (html_prescan_is_meta(&r)) {
			r.at += 5;
			if (html_prescan_meta(&r, label, label_len))
				return 1;
		} else {
			html_prescan_skip(&r);
		}
	}
	return 0;
}
