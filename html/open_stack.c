/*
 * open_stack.c - the motions on the stack of open elements: push, pop up to,
 * and search in the scopes of the standard (HTML 13.2.4.2).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
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
html_open_push(struct html_open *o, const struct html_tag *tag,
    uint32_t hash)
{
	struct html_open_frame *f = &o->frame[o->depth++];

	f->hash = hash;
	f->lists = tag->lists;
	f->id = tag->id;
	f->space = HTML_OPEN_IN_HTML;
	f->holds_html = f->ghost = 0;
	o->templates += tag->id == HTML_TAG_TEMPLATE;
}

void
html_open_imply(struct html_open *o, enum html_tag_id id)
{
	html_open_push(o, html_tag_of(id), id);
}

int
html_open_find(const struct html_open *o, unsigned id, unsigned lists,
    unsigned fence)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		const struct html_open_frame *f = &o->frame[i];

		if ((id != 0 && f->id == id) || (f->lists & lists))
			return i;
		if (f->lists & fence)
			break;
	}
	return HTML_OPEN_NONE;
}

void
html_open_close(struct html_open *o, unsigned id, unsigned lists,
    unsigned fence)
{
	int i = html_open_find(o, id, lists, fence);

	if (i != HTML_OPEN_NONE)
		html_open_pop_to(o, i);
}

void
html_open_take_off(struct html_open *o, unsigned id)
{
	int at = html_open_find(o, id, 0, HTML_OPEN_SCOPE), i;
	unsigned lists;

	if (at == HTML_OPEN_NONE)
		return;
	for (i = (int)o->depth - 1; i > at; i--) {
		lists = o->frame[i].lists;
		if (id == HTML_TAG_FORM ? !(lists & HTML_TAG_IS_IMPLIED) :
		    (lists & HTML_TAG_IS_SPECIAL) != 0)
			break;
	}
	if (i == at) {
		html_open_pop_to(o, at);
		return;
	}
	o->frame[at].ghost = 1;
	o->frame[at].id = HTML_TAG_OTHER;
	o->frame[at].lists = 0;
}
