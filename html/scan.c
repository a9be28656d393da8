/*
 * scan.c - the tokenizer; see scan.h.
 *
 * The states of the standard fall into few here, because what matters is only
 * where things end.  Text, CDATA and comments are skipped by memchr to the
 * next byte that may end them; there a few bytes decide.  Tags, doctypes and
 * bogus comments are gathered up to their '>'.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "scan.h"

#include <errno.h>
#include <string.h>

/* The states; the last two are answers only. */
enum html_scan_state {
	HTML_SCAN_IN_TEXT,
	HTML_SCAN_IN_CDATA,
	HTML_SCAN_IN_COMMENT,
	HTML_SCAN_IN_TAG,		/* from here on: gathered up to '>' */
	HTML_SCAN_IN_DOCTYPE,
	HTML_SCAN_IN_BOGUS,		/* a comment, says the standard */
	HTML_SCAN_STAY,			/* this byte ends nothing */
	HTML_SCAN_UNDECIDED		/* more bytes are needed */
};

enum {
	HTML_SCAN_LOOK = 16,		/* "</textarea>" and room to spare */
	HTML_SCAN_AGAIN = 100		/* no kind of token: go on */
};

void
html_scan_init(struct html_scan *s)
{
	memset(&s->carry, 0, sizeof(s->carry));
	s->token.attrs = s->attrs;
	html_scan_reset(s);
}

void
html_scan_reset(struct html_scan *s)
{
	s->at = s->end = NULL;
	s->limited = s->cdata = s->finished = s->failed = false;
	s->want = HTML_SCAN_WANT_TEXT;
	s->state = HTML_SCAN_IN_TEXT;
	s->raw_of = NULL;
	s->carry.len = s->script = 0;
	memset(s->met, 0, sizeof(s->met));
}

void
html_scan_free(struct html_scan *s)
{
	html_text_free(&s->carry);
	html_scan_init(s);
}

void
html_scan_feed(struct html_scan *s, const char *at, size_t len)
{
	s->at = at;
	s->end = len > 0 ? at + len : at;
}

void
html_scan_finish(struct html_scan *s)
{
	s->at = s->end = NULL;
	s->finished = true;
}

/* ---- tokens, and what is carried from piece to piece ---- */

/* A token of text, or HTML_SCAN_AGAIN if it is not wanted or a comment's. */
static int
html_scan_text(struct html_scan *s, const char *at, size_t len)
{
	s->token.kind = HTML_SCAN_TEXT;
	s->token.at = at;
	s->token.len = len;
	s->token.raw = s->state == HTML_SCAN_IN_CDATA || (s->raw_of != NULL &&
	    s->raw_of->text != HTML_TAG_TEXT_RCDATA);
	return s->want == HTML_SCAN_WANT_TEXT &&
	    s->state != HTML_SCAN_IN_COMMENT ? HTML_SCAN_TEXT :
	    HTML_SCAN_AGAIN;
}

/* A token of another kind; behind it is text. */
static int
html_scan_found(struct html_scan *s, enum html_scan_kind kind)
{
	s->state = HTML_SCAN_IN_TEXT;
	s->carry.len = 0;
	s->token.kind = kind;
	return (int)kind;
}

/* Carries over len bytes more, as far as HTML_SCAN_CARRY. */
static int
html_scan_keep(struct html_scan *s, const char *at, size_t len)
{
	if (len > HTML_SCAN_CARRY - s->carry.len)
		len = HTML_SCAN_CARRY - s->carry.len;
	s->failed = html_text_add(&s->carry, at, len) < 0;
	return s->failed ? -ENOMEM : HTML_SCAN_MORE;
}

/*
 * A tag or doctype, of which this piece has the bytes from `from` on, ends at
 * `end`, or (NULL) in another piece.  Carries them over unless all of it is
 * in this piece.  Returns HTML_SCAN_AGAIN when all of it lies at token.base.
 */
static int
html_scan_gather(struct html_scan *s, const char *from, const char *end)
{
	s->at = end != NULL ? end : s->end;
	s->token.base = from;
	if (end != NULL && s->carry.len == 0)
		return HTML_SCAN_AGAIN;
	if (html_scan_keep(s, from, (size_t)(s->at - from)) < 0)
		return -ENOMEM;
	s->token.base = s->carry.at;
	return end != NULL ? HTML_SCAN_AGAIN : HTML_SCAN_MORE;
}

/* ---- tags (13.2.5.8 and 32 to 40) ---- */

/* What a byte of a tag ends; or-ed together in the table below. */
enum html_scan_class {
	HTML_SCAN_ENDS_NAME = 1,	/* of the element */
	HTML_SCAN_ENDS_ATTR = 2,	/* the name of an attribute */
	HTML_SCAN_ENDS_BARE = 4,	/* a value without quotes */
	HTML_SCAN_IS_GAP = 8		/* may stand between attributes */
};

static const unsigned char html_scan_classes[256] = {
	['\t'] = 15, ['\n'] = 15, ['\f'] = 15, ['\r'] = 15, [' '] = 15,
	['/'] = HTML_SCAN_ENDS_NAME | HTML_SCAN_ENDS_ATTR | HTML_SCAN_IS_GAP,
	['='] = HTML_SCAN_ENDS_ATTR,
	['>'] = HTML_SCAN_ENDS_NAME | HTML_SCAN_ENDS_ATTR |
	    HTML_SCAN_ENDS_BARE,
};

static inline bool
html_scan_is(char c, unsigned classes)
{
	return (html_scan_classes[(unsigned char)c] & classes) != 0;
}

/* The first byte at or after p that is of one of the classes, or `end`. */
static inline const char *
html_scan_skip(const char *p, const char *end, unsigned classes)
{
	while (p < end && !html_scan_is(*p, classes))
		p++;
	return p;
}

/* Whether the tag whose name is in the token is to be handed out. */
static inline bool
html_scan_wants(const struct html_scan *s)
{
	return s->want != HTML_SCAN_WANT_NOTED || (!s->is_end &&
	    (s->token.tag->lists & HTML_TAG_IS_NOTED) != 0);
}

/*
 * Reads the value at p, which may begin with a quote.  Returns where to go on
 * behind it, or NULL when the bytes end first.
 */
static inline const char *
html_scan_attr_value(struct html_scan_attr *a, const char *base,
    const char *p, const char *end)
{
	bool is_quoted = p < end && (*p == '"' || *p == '\'');
	const char *value = is_quoted ? p + 1 : p;

	if (is_quoted)
		p = (const char *)memchr(value, *p, (size_t)(end - value));
	else
		p = html_scan_skip(p, end, HTML_SCAN_ENDS_BARE);
	if (p == NULL || p == end)
		return NULL;
	a->value = (uint32_t)(value - base);
	a->value_len = (uint32_t)(p - value);
	return p + is_quoted;
}

/* Reads the attribute at p; returns as html_scan_attr_value does. */
static inline const char *
html_scan_attr(struct html_scan_attr *a, const char *base, const char *p,
    const char *end)
{
	const char *name = p;

	/* The first byte belongs to the name, even '=' (13.2.5.32). */
	p = html_scan_skip(p + 1, end, HTML_SCAN_ENDS_ATTR);
	a->name = (uint32_t)(name - base);
	a->name_len = (uint32_t)(p - name);
	p = html_tag_skip_space(p, end);
	if (p == end)
		return NULL;
	if (*p == '=')
		return html_scan_attr_value(a, base,
		    html_tag_skip_space(p + 1, end), end);
	a->value = (uint32_t)(p - base);
	a->value_len = 0;
	return p;
}

/*
 * Reads all attributes from p on, of a tag that nobody wants only over them.
 * Returns where the tag ends, behind its '>', or NULL when the bytes end
 * first; then the attributes are those that were whole.
 */
static const char *
html_scan_attrs(struct html_scan *s, const char *p, const char *end)
{
	struct html_scan_token *t = &s->token;
	unsigned room = html_scan_wants(s) ? HTML_SCAN_ATTRS : 0;
	struct html_scan_attr spare, *a;
	bool slash, over = false;

	for (;;) {
		for (slash = false; p < end &&
		    html_scan_is(*p, HTML_SCAN_IS_GAP); p++)
			slash = *p == '/';
		if (p == end)
			return NULL;
		if (*p == '>')
			break;
		a = t->attr_count < room ? &s->attrs[t->attr_count] : &spare;
		p = html_scan_attr(a, t->base, p, end);
		if (p == NULL)
			return NULL;
		/* Of a cut tag there is no more than so much. */
		if (a != &spare && p - t->base < HTML_SCAN_CARRY)
			t->attr_count++;
		else
			over = room > 0;
	}
	/* Of a tag that never ends nothing counts, so nothing is missing. */
	s->limited |= over;
	t->self_closing = slash;
	return p + 1;
}

/* Reads the tag at `base` into the token; returns as html_scan_attrs does. */
static const char *
html_scan_tag(struct html_scan *s, const char *base, const char *end)
{
	struct html_scan_token *t = &s->token;
	const char *p;

	t->base = base;
	t->at = base + (s->is_end ? 2 : 1);
	p = html_scan_skip(t->at, end, HTML_SCAN_ENDS_NAME);
	t->len = p - t->at < HTML_SCAN_CARRY - 2 ? (size_t)(p - t->at) :
	    HTML_SCAN_CARRY - 2;
	t->attr_count = 0;
	if (!s->is_end || s->want != HTML_SCAN_WANT_NOTED)
		t->tag = html_tag_find(t->at, t->len, (size_t)(end - t->at),
		    &t->hash);
	return html_scan_attrs(s, p, end);
}

/* The tag that html_scan_tag has read is a token, if it is wanted. */
static int
html_scan_found_tag(struct html_scan *s)
{
	int kind = html_scan_found(s, s->is_end ? HTML_SCAN_END :
	    HTML_SCAN_START);

	if (!s->is_end && s->want == HTML_SCAN_WANT_NOTED)
		s->met[s->token.hash & 0xFF] = true;
	return html_scan_wants(s) ? kind : HTML_SCAN_AGAIN;
}

/*
 * A tag that the end of a piece cuts is gathered first and read then.  Until
 * then only its end is looked for: a '>' that is not in quotes.  Not every
 * quote begins a value; these states tell.
 */
enum html_scan_tag_state {
	HTML_SCAN_TAG_NAME,
	HTML_SCAN_TAG_GAP,
	HTML_SCAN_TAG_ATTR,		/* in or behind an attribute's name */
	HTML_SCAN_TAG_VALUE,		/* behind its '=' */
	HTML_SCAN_TAG_BARE,		/* in a value without quotes */
	HTML_SCAN_TAG_DOUBLE,		/* in one with double quotes */
	HTML_SCAN_TAG_SINGLE
};

/* For each state the next, by the byte: another, a space, / = " or '. */
static const unsigned char html_scan_tag_next[5][6] = {
	[HTML_SCAN_TAG_NAME] = { 0, 1, 1, 0, 0, 0 },
	[HTML_SCAN_TAG_GAP] = { 2, 1, 1, 2, 2, 2 },
	[HTML_SCAN_TAG_ATTR] = { 2, 2, 1, 3, 2, 2 },
	[HTML_SCAN_TAG_VALUE] = { 4, 3, 4, 4, 5, 6 },
	[HTML_SCAN_TAG_BARE] = { 4, 1, 4, 4, 4, 4 },
};

/*
 * Looks for the end of a tag that comes in pieces, of which this is the next,
 * and sets self_closing.  Returns where it ends, or NULL.
 */
static const char *
html_scan_tag_end(struct html_scan *s, const char *p, const char *end)
{
	static const char marks[] = "/=\"'";
	const char *mark;

	for (; p < end; p++) {
		if (s->tag_state >= HTML_SCAN_TAG_DOUBLE) {
			p = (const char *)memchr(p, s->tag_state ==
			    HTML_SCAN_TAG_DOUBLE ? '"' : '\'',
			    (size_t)(end - p));
			if (p == NULL)
				return NULL;
			s->tag_state = HTML_SCAN_TAG_GAP;
		} else if (*p == '>') {
			return p + 1;
		} else {
			mark = (const char *)memchr(marks, *p, 4);
			s->tag_state = html_scan_tag_next[s->tag_state][mark !=
			    NULL ? 2 + (mark - marks) : html_tag_is_space(*p)];
		}
		s->token.self_closing = *p == '/' &&
		    s->tag_state == HTML_SCAN_TAG_GAP;
	}
	return NULL;
}

/* In a tag that is cut, of which this piece has the bytes from `from` on. */
static int
html_scan_in_tag(struct html_scan *s, const char *from)
{
	int more = html_scan_gather(s, from, html_scan_tag_end(s, s->at,
	    s->end));

	if (more != HTML_SCAN_AGAIN)
		return more;
	html_scan_tag(s, s->token.base, s->carry.len > 0 ?
	    s->carry.at + s->carry.len : s->at);
	return html_scan_found_tag(s);
}

/*
 * In a doctype or bogus comment, of which this piece has the bytes from
 * `from` on.  It ends at the next '>', even in quotes (13.2.5.41 and 53 to 68).
 */
static int
html_scan_in_doctype(struct html_scan *s, const char *from)
{
	struct html_scan_token *t = &s->token;
	const char *p = (const char *)memchr(s->at, '>',
	    (size_t)(s->end - s->at));
	int more = html_scan_gather(s, from, p != NULL ? p + 1 : NULL);

	if (more != HTML_SCAN_AGAIN)
		return more;
	if (s->state == HTML_SCAN_IN_BOGUS)
		return html_scan_found(s, HTML_SCAN_COMMENT);
	t->at = t->base + strlen("<!doctype");
	t->len = (s->carry.len > 0 ? s->carry.len : (size_t)(s->at - from)) -
	    strlen("<!doctype>");
	return html_scan_found(s, HTML_SCAN_DOCTYPE);
}

/* ---- what a byte begins or ends ---- */

/*
 * Whether the bytes begin with `word`, in which small letters stand for
 * letters in either case, and a space for any byte that ends a name.  Returns
 * `yes` if they do, HTML_SCAN_STAY if not, HTML_SCAN_UNDECIDED if they are too
 * few to tell.
 */
static enum html_scan_state
html_scan_begins(const char *p, size_t len, const char *word,
    enum html_scan_state yes)
{
	size_t i;

	for (i = 0; word[i] != '\0'; i++) {
		if (i == len)
			return HTML_SCAN_UNDECIDED;
		if (word[i] == ' ' ? !html_scan_is(p[i], HTML_SCAN_ENDS_NAME) :
		    p[i] != word[i] && html_tag_lower((unsigned char)p[i]) !=
		    (unsigned char)word[i])
			return HTML_SCAN_STAY;
	}
	return yes;
}

/*
 * What leads from one level of a script to another (13.2.5.15 to 31).  On
 * level 1, a comment of the script, its end tag still counts; on level 2, a
 * script in that comment, an end tag only ends that inner script.
 */
static const struct {
	unsigned from;
	const char *word;
	unsigned to;
} html_scan_levels[5] = {
	{ 0, "<!--", 1 }, { 1, "-->", 0 },
	{ 1, "<script ", 2 }, { 2, "</script ", 1 }, { 2, "-->", 0 },
};

/* Whether the byte at p begins the end tag of a script, or a new level. */
static enum html_scan_state
html_scan_decide_script(struct html_scan *s, const char *p, size_t len)
{
	enum html_scan_state to = HTML_SCAN_STAY;
	size_t i;

	if (s->script < 2)
		to = html_scan_begins(p, len, "</script ", HTML_SCAN_IN_TAG);
	for (i = 0; i < 5 && to == HTML_SCAN_STAY; i++)
		if (html_scan_levels[i].from == s->script)
			to = html_scan_begins(p, len, html_scan_levels[i].word,
			    HTML_SCAN_IN_TEXT);
	if (to != HTML_SCAN_IN_TEXT)
		return to;
	s->script = (uint8_t)html_scan_levels[i - 1].to;
	return HTML_SCAN_STAY;
}

/* Whether the byte at p begins the end tag of the raw text (13.2.5.9). */
static enum html_scan_state
html_scan_decide_raw(struct html_scan *s, const char *p, size_t len,
    size_t *used)
{
	char word[sizeof(s->raw_of->name) + 3] = "</";

	if (s->raw_of->text == HTML_TAG_TEXT_PLAINTEXT)
		return HTML_SCAN_STAY;
	s->is_end = true;
	*used = 2u + s->raw_of->len;
	if (s->raw_of->text == HTML_TAG_TEXT_SCRIPT)
		return html_scan_decide_script(s, p, len);
	memcpy(word + 2, s->raw_of->name, s->raw_of->len);
	word[*used] = ' ';
	return html_scan_begins(p, len, word, HTML_SCAN_IN_TAG);
}

/*
 * What leads from one state to another (13.2.5.6 and 41 to 71).  The first
 * word that fits counts.
 */
static const struct {
	enum html_scan_state from;
	const char *word;
	enum html_scan_state to;
} html_scan_words[] = {
	{ HTML_SCAN_IN_TEXT, "<!doctype", HTML_SCAN_IN_DOCTYPE },
	{ HTML_SCAN_IN_TEXT, "<!-->", HTML_SCAN_IN_BOGUS },
	{ HTML_SCAN_IN_TEXT, "<!--->", HTML_SCAN_IN_BOGUS },
	{ HTML_SCAN_IN_TEXT, "<!--", HTML_SCAN_IN_COMMENT },
	{ HTML_SCAN_IN_TEXT, "<![CDATA[", HTML_SCAN_IN_CDATA },
	{ HTML_SCAN_IN_TEXT, "<!", HTML_SCAN_IN_BOGUS },
	{ HTML_SCAN_IN_TEXT, "<?", HTML_SCAN_IN_BOGUS },
	{ HTML_SCAN_IN_TEXT, "</>", HTML_SCAN_IN_TEXT },
	{ HTML_SCAN_IN_TEXT, "</", HTML_SCAN_IN_BOGUS },
	{ HTML_SCAN_IN_COMMENT, "-->", HTML_SCAN_IN_TEXT },
	{ HTML_SCAN_IN_COMMENT, "--!>", HTML_SCAN_IN_TEXT },
	{ HTML_SCAN_IN_CDATA, "]]>", HTML_SCAN_IN_TEXT },
};

/*
 * The state that the byte at p leads to.  *used becomes how many bytes lead
 * there; the new state begins behind them.  No answer takes more than
 * HTML_SCAN_LOOK bytes.
 */
static enum html_scan_state
html_scan_decide(struct html_scan *s, const char *p, size_t len,
    size_t *used)
{
	size_t i, count = sizeof(html_scan_words) / sizeof(html_scan_words[0]);
	enum html_scan_state to = HTML_SCAN_STAY;

	if (s->raw_of != NULL)
		return html_scan_decide_raw(s, p, len, used);
	s->is_end = len > 1 && p[1] == '/';
	*used = s->is_end ? 2 : 1;
	if (*p == '<' && len > *used && html_tag_is_letter(p[*used]))
		return HTML_SCAN_IN_TAG;
	for (i = 0; i < count && to == HTML_SCAN_STAY; i++) {
		if (html_scan_words[i].from != s->state ||
		    (html_scan_words[i].to == HTML_SCAN_IN_CDATA && !s->cdata))
			continue;
		to = html_scan_begins(p, len, html_scan_words[i].word,
		    html_scan_words[i].to);
		*used = to == HTML_SCAN_IN_BOGUS ? 2 :
		    strlen(html_scan_words[i].word);
	}
	return to;
}

/* Begins the state that was decided on; returns a token that ends by that. */
static int
html_scan_enter(struct html_scan *s, enum html_scan_state state)
{
	bool was_comment = s->state == HTML_SCAN_IN_COMMENT;

	s->state = (uint8_t)state;
	if (state == HTML_SCAN_IN_TAG) {
		s->tag_state = HTML_SCAN_TAG_NAME;
		s->raw_of = NULL;
		s->script = 0;
	}
	return was_comment ? html_scan_found(s, HTML_SCAN_COMMENT) :
	    HTML_SCAN_AGAIN;
}

/*
 * Bytes were carried over because they were too few to decide.  Decides with
 * those that have come since.
 */
static int
html_scan_open_carried(struct html_scan *s)
{
	size_t had = s->carry.len, got = (size_t)(s->end - s->at), used = 1;
	enum html_scan_state state;

	if (got > HTML_SCAN_LOOK - had)
		got = HTML_SCAN_LOOK - had;
	if (html_scan_keep(s, s->at, got) < 0)
		return -ENOMEM;
	state = html_scan_decide(s, s->carry.at, had + got, &used);
	if (state == HTML_SCAN_UNDECIDED) {
		s->at += got;
		return HTML_SCAN_AGAIN;
	}
	if (state == HTML_SCAN_STAY)
		used = 1;
	s->at += used > had ? used - had : 0;
	s->carry.len = used > had ? used : had;
	if (state >= HTML_SCAN_IN_TAG && state != HTML_SCAN_STAY)
		return html_scan_enter(s, state);
	/* Nothing of what was decided on is kept, only what is behind it. */
	s->byte = s->carry.at[0];
	s->carry.len -= used;
	memmove(s->carry.at, s->carry.at + used, s->carry.len);
	return state == HTML_SCAN_STAY ? html_scan_text(s, &s->byte, 1) :
	    html_scan_enter(s, state);
}

/* Decides at p, which may end the state. */
static int
html_scan_open(struct html_scan *s, const char *p)
{
	size_t used = 1;
	enum html_scan_state state = html_scan_decide(s, p,
	    (size_t)(s->end - p), &used);
	int found;

	if (state == HTML_SCAN_UNDECIDED) {
		s->at = s->end;
		return html_scan_keep(s, p, (size_t)(s->end - p));
	}
	if (state == HTML_SCAN_STAY) {
		s->at = p + 1;
		return html_scan_text(s, p, 1);
	}
	s->at = p + used;
	found = html_scan_enter(s, state);
	if (state == HTML_SCAN_IN_TAG)
		return html_scan_in_tag(s, p);
	return state > HTML_SCAN_IN_TAG ? html_scan_in_doctype(s, p) : found;
}

/* ---- from token to token ---- */

/* The next byte that may end the state, or NULL. */
static const char *
html_scan_find(const struct html_scan *s)
{
	static const char stops[] = { '<', ']', '-' };
	const char *p = s->at;

	if (s->script == 0)
		return (const char *)memchr(p, stops[s->state],
		    (size_t)(s->end - p));
	/* In comments of a script there are two. */
	while (p < s->end && *p != '<' && *p != '-')
		p++;
	return p < s->end ? p : NULL;
}

/*
 * In text, CDATA or a comment: goes to the next byte that may end it, and on
 * from there.  Most of a page takes the short way here: a tag that lies whole
 * in the piece, in plain text, is read at once.
 */
static int
html_scan_in_text(struct html_scan *s)
{
	const char *at = s->at, *p;

	if (s->carry.len > 0)
		return html_scan_open_carried(s);
	p = html_scan_find(s);
	s->at = p != NULL ? p : s->end;
	if (p == NULL || (p > at && s->want == HTML_SCAN_WANT_TEXT))
		return html_scan_text(s, at, (size_t)(s->at - at));
	if (s->raw_of != NULL || s->end - p < 3 || *p != '<')
		return html_scan_open(s, p);
	s->is_end = p[1] == '/';
	at = html_tag_is_letter(p[1 + s->is_end]) ?
	    html_scan_tag(s, p, s->end) : NULL;
	if (at == NULL)
		return html_scan_open(s, p);
	s->at = at;
	return html_scan_found_tag(s);
}

/* The end of the page, with what it cut short: text, or a comment. */
static int
html_scan_at_end(struct html_scan *s)
{
	size_t len = s->carry.len;

	s->carry.len = 0;
	if (s->state == HTML_SCAN_IN_COMMENT ||
	    s->state == HTML_SCAN_IN_BOGUS || (s->state == HTML_SCAN_IN_TEXT &&
	    s->raw_of == NULL && len > 1 && s->carry.at[1] == '!'))
		return html_scan_found(s, HTML_SCAN_COMMENT);
	return len > 0 && s->state <= HTML_SCAN_IN_CDATA ?
	    html_scan_text(s, s->carry.at, len) : HTML_SCAN_MORE;
}

int
html_scan_next(struct html_scan *s)
{
	int found = HTML_SCAN_AGAIN;

	if (s->failed)
		return -ENOMEM;
	while (found == HTML_SCAN_AGAIN) {
		if (s->at == s->end)
			found = s->finished ? html_scan_at_end(s) :
			    HTML_SCAN_MORE;
		else if (s->state <= HTML_SCAN_IN_COMMENT)
			found = html_scan_in_text(s);
		else if (s->state == HTML_SCAN_IN_TAG)
			found = html_scan_in_tag(s, s->at);
		else
			found = html_scan_in_doctype(s, s->at);
	}
	return found;
}

/* ---- what a caller says and asks of a tag ---- */

void
html_scan_raw(struct html_scan *s)
{
	const struct html_tag *tag = s->token.tag;

	s->script = 0;
	s->raw_of = tag->text != HTML_TAG_TEXT_DATA ? tag : NULL;
}

bool
html_scan_value(const struct html_scan_token *t, const char *name,
    const char **at, size_t *len)
{
	const struct html_scan_attr *a = t->attrs, *end = a + t->attr_count;
	size_t name_len = strlen(name);

	/* Of two with the same name the first counts (13.2.5.33). */
	for (; a < end; a++) {
		if (html_tag_same(t->base + a->name, a->name_len, name,
		    name_len)) {
			*at = t->base + a->value;
			*len = a->value_len;
			return true;
		}
	}
	return false;
}
