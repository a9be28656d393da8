/*
 * open_stack.c - the motions on the stack of open elements: push, pop up to,
 * and search in the scopes of the standard (HTML 13.2.4.2).
 */
#include "open_stack.h"

void
html_open_pop_to(struct html_open *o, int i)
{
	while ((int)o->depth > i || (o->depth > 0 && html_open_top(o)->ghost)) {
		o->depth--;
		if (o->frame[o->depth].id == HTML_TAG_TEMPLATE)
			o->templates--;
	}
	if (o->depth < o->fresh)
		o->fresh = o->depth;
}

void
html_open_push(struct html_open *o, unsigned id, uint32_t hash,
    unsigned lists)
{
	struct html_open_frame *f = &o->frame[o->depth++];

	f->hash = hash;
	f->lists = (uint16_t)lists;
	f->id = (uint8_t)id;
	f->space = HTML_OPEN_IN_HTML;
	f->holds_html = f->ghost = 0;
	o->templates += id == HTML_TAG_TEMPLATE;
}

void
html_open_imply(struct html_open *o, unsigned id)
{
	static const unsigned scope = HTML_TAG_IS_SCOPE | HTML_TAG_IS_SPECIAL;

	html_open_push(o, id, 0, id == HTML_TAG_HTML ? scope :
	    HTML_TAG_IS_SPECIAL);
}

int
html_open_find(const struct html_open *o, unsigned id, unsigned fence,
    unsigned fence2)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		const struct html_open_frame *f = &o->frame[i];

		if (f->id == id)
			return i;
		if ((f->lists & HTML_TAG_IS_SCOPE) ||
		    (f->id != HTML_TAG_OTHER &&
		    (f->id == fence || f->id == fence2)))
			return HTML_OPEN_NONE;
	}
	return HTML_OPEN_NONE;
}

int
html_open_find_list(const struct html_open *o, unsigned lists)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		if (o->frame[i].lists & lists)
			return i;
		if (o->frame[i].lists & HTML_TAG_IS_SCOPE)
			return HTML_OPEN_NONE;
	}
	return HTML_OPEN_NONE;
}

int
html_open_find_in_table(const struct html_open *o, unsigned id)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		unsigned is = o->frame[i].id;

		if (is == id)
			return i;
		if (is == HTML_TAG_TABLE || is == HTML_TAG_TEMPLATE ||
		    is == HTML_TAG_HTML)
			return HTML_OPEN_NONE;
	}
	return HTML_OPEN_NONE;
}

void
html_open_close(struct html_open *o, int i)
{
	if (i != HTML_OPEN_NONE)
		html_open_pop_to(o, i);
}

void
html_open_close_p(struct html_open *o)
{
	html_open_close(o, html_open_find(o, HTML_TAG_P, HTML_TAG_BUTTON, 0));
}

void
html_open_make_ghost(struct html_open *o, int i)
{
	o->frame[i].ghost = 1;
	o->frame[i].id = HTML_TAG_OTHER;
	o->frame[i].lists = 0;
}

void
html_open_end_format(struct html_open *o, unsigned id)
{
	int at = html_open_find(o, id, 0, 0);
	unsigned i;

	if (at == HTML_OPEN_NONE)
		return;
	for (i = (unsigned)at + 1; i < o->depth; i++) {
		if (o->frame[i].lists & HTML_TAG_IS_SPECIAL) {
			html_open_make_ghost(o, at);
			return;
		}
	}
	html_open_pop_to(o, at);
}
