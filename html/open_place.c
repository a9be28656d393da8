/*
 * open_place.c - how an HTML start tag makes way for itself: what it closes,
 * and what was left out in front of it (HTML 13.2.6.4).
 *
 * The lists an element stands in (tag.h) drive most rules; the rest is a
 * switch.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "open_stack.h"

/*
 * A part of a table (13.2.6.4.9 to 15): closes what it cannot stand in and
 * opens what was left out above it.  Returns 0 outside a table.
 */
static int
html_open_table_part(struct html_open *o, unsigned id)
{
	int table = html_open_find(o, HTML_TAG_TABLE, 0,
	    HTML_OPEN_TABLE_SCOPE), in = table;
	int is_cell = id == HTML_TAG_TD || id == HTML_TAG_TH;

	if (table == HTML_OPEN_NONE)
		return o->templates > 0;
	if (id == HTML_TAG_TR)
		html_open_close(o, HTML_TAG_TR, 0, HTML_OPEN_TABLE_SCOPE);
	if (id == HTML_TAG_TR || is_cell)
		in = html_open_find(o, 0, HTML_TAG_IS_BARE, 0);
	if (id == HTML_TAG_COL)
		in = html_open_find(o, HTML_TAG_COLGROUP,
		    HTML_TAG_IS_TABLE_SCOPE, 0);
	html_open_pop_to(o, in + 1);
	if (id == HTML_TAG_COL && in == table)
		html_open_imply(o, HTML_TAG_COLGROUP);
	if ((id == HTML_TAG_TR || is_cell) && in == table)
		html_open_imply(o, HTML_TAG_TBODY);
	if (is_cell && html_open_top(o)->id != HTML_TAG_TR)
		html_open_imply(o, HTML_TAG_TR);
	return 1;
}

/* Closes what a start tag in the body closes; 0: the tag is ignored. */
static int
html_open_make_way(struct html_open *o, unsigned id)
{
	switch (id) {
	case HTML_TAG_HTML:
	case HTML_TAG_HEAD:
	case HTML_TAG_BODY:
	case HTML_TAG_FRAME:
	case HTML_TAG_FRAMESET:
		return 0;
	case HTML_TAG_LI:
		html_open_close(o, id, 0, HTML_TAG_IS_ITEM_WALL);
		break;
	case HTML_TAG_DD:
	case HTML_TAG_DT:
		html_open_close(o, 0, HTML_TAG_IS_TERM, HTML_TAG_IS_ITEM_WALL);
		break;
	case HTML_TAG_A:
	case HTML_TAG_NOBR:
		html_open_take_off(o, id);
		break;
	case HTML_TAG_BUTTON:
	case HTML_TAG_SELECT:
		html_open_close(o, id, 0, HTML_OPEN_SCOPE);
		break;
	case HTML_TAG_OPTION:
	case HTML_TAG_OPTGROUP:
		if (html_open_top(o)->id == HTML_TAG_OPTION)
			html_open_pop_to(o, (int)o->depth - 1);
		break;
	case HTML_TAG_FORM:
		if (o->templates == 0 &&
		    html_open_find(o, id, 0, HTML_OPEN_SCOPE) !=
		    HTML_OPEN_NONE)
			return 0;
		break;
	case HTML_TAG_TABLE:
		/* One that stands in a cell of another is nested. */
		html_open_close(o, id, 0, HTML_TAG_IS_CELL |
		    HTML_OPEN_TABLE_SCOPE);
		break;
	default:
		break;
	}
	return 1;
}

/* What may stand in a noscript in head (13.2.6.4.5). */
static int
html_open_in_noscript(unsigned id)
{
	return id == HTML_TAG_BASEFONT || id == HTML_TAG_BGSOUND ||
	    id == HTML_TAG_LINK || id == HTML_TAG_META ||
	    id == HTML_TAG_NOFRAMES || id == HTML_TAG_STYLE;
}

int
html_open_before_body(struct html_open *o, const struct html_tag *tag)
{
	unsigned top = o->depth > 0 ? html_open_top(o)->id : 0;

	if (tag->id == HTML_TAG_HTML)
		return o->depth == 0;
	if (o->depth == 0)
		html_open_imply(o, HTML_TAG_HTML);
	if (top == HTML_TAG_NOSCRIPT && !html_open_in_noscript(tag->id))
		html_open_pop_to(o, (int)o->depth - 1);
	if (tag->id == HTML_TAG_HEAD)
		return o->in_head++ == 0;
	if (!(tag->lists & HTML_TAG_IS_HEAD)) {
		html_open_pop_to(o, 1);
		o->in_body = 1;
		if (tag->id != HTML_TAG_BODY && tag->id != HTML_TAG_FRAMESET)
			html_open_imply(o, HTML_TAG_BODY);
		return 1;
	}
	if (html_open_top(o)->id != HTML_TAG_HTML)
		return 1;
	html_open_imply(o, HTML_TAG_HEAD);
	html_open_top(o)->ghost = o->in_head > 0;
	o->in_head = 1;
	return 1;
}

int
html_open_place(struct html_open *o, const struct html_tag *tag)
{
	if (tag->lists & HTML_TAG_IS_TABLE)
		return html_open_table_part(o, tag->id);
	if (!html_open_make_way(o, tag->id))
		return 0;
	if ((tag->lists & HTML_TAG_IS_CLOSES_P) &&
	    (tag->id != HTML_TAG_TABLE || !o->quirks))
		html_open_close(o, HTML_TAG_P, 0, HTML_OPEN_BUTTON_SCOPE);
	if ((tag->lists & HTML_TAG_IS_HEADING) && o->depth > 0 &&
	    (html_open_top(o)->lists & HTML_TAG_IS_HEADING))
		html_open_pop_to(o, (int)o->depth - 1);
	return 1;
}

int
html_open_foster(const struct html_open *o, const struct html_tag *tag)
{
	int parent = (int)o->fresh - 1;

	if (parent < 0 || (tag->lists & HTML_TAG_IS_TABLE) ||
	    !(o->frame[parent].lists & HTML_TAG_IS_BARE))
		return parent;
	switch (tag->id) {
	case HTML_TAG_SCRIPT:
	case HTML_TAG_STYLE:
	case HTML_TAG_TEMPLATE:
	case HTML_TAG_FORM:
		return parent;
	default:
		return html_open_find(o, HTML_TAG_TABLE, 0,
		    HTML_OPEN_TABLE_SCOPE) - 1;
	}
}
