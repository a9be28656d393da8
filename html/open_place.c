/*
 * open_place.c - how an HTML start tag makes way for itself: what it closes,
 * and what was left out in front of it (HTML 13.2.6.4).
 *
 * The lists an element stands in (tag.h) drive most rules; the rest is a
 * switch.
 */
#include "open_stack.h"

/* <li>, <dd> and <dt> close the one before them. */
static void
html_open_close_item(struct html_open *o, unsigned id, unsigned other)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		const struct html_open_frame *f = &o->frame[i];

		if (f->id == id || f->id == other) {
			html_open_pop_to(o, i);
			return;
		}
		if ((f->lists & HTML_TAG_IS_SPECIAL) &&
		    f->id != HTML_TAG_ADDRESS && f->id != HTML_TAG_DIV &&
		    f->id != HTML_TAG_P)
			return;
	}
}

/*
 * A part of a table (13.2.6.4.9 to 15): closes what it cannot stand in and
 * opens what was left out above it.  Returns 0 outside a table.
 */
static int
html_open_table_part(struct html_open *o, unsigned id)
{
	int table = html_open_find_in_table(o, HTML_TAG_TABLE);
	int want = table, i;

	if (table == HTML_OPEN_NONE)
		return o->templates > 0;
	for (i = table + 1; i < (int)o->depth; i++) {
		unsigned is = o->frame[i].id;

		if ((id == HTML_TAG_TD || id == HTML_TAG_TH) &&
		    is == HTML_TAG_TR)
			want = i;
		if ((id == HTML_TAG_TR || id == HTML_TAG_TD ||
		    id == HTML_TAG_TH) && want == table &&
		    (is == HTML_TAG_TBODY || is == HTML_TAG_THEAD ||
		    is == HTML_TAG_TFOOT))
			want = i;
		if (id == HTML_TAG_COL && is == HTML_TAG_COLGROUP)
			want = i;
	}
	html_open_pop_to(o, want + 1);
	if (id == HTML_TAG_COL && want == table)
		html_open_imply(o, HTML_TAG_COLGROUP);
	if ((id == HTML_TAG_TR || id == HTML_TAG_TD || id == HTML_TAG_TH) &&
	    want == table)
		html_open_imply(o, HTML_TAG_TBODY);
	if ((id == HTML_TAG_TD || id == HTML_TAG_TH) &&
	    html_open_top(o)->id != HTML_TAG_TR)
		html_open_imply(o, HTML_TAG_TR);
	return 1;
}

/* The table whose rows and cells we stand between, not inside a cell. */
static int
html_open_find_bare_table(const struct html_open *o)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		switch (o->frame[i].id) {
		case HTML_TAG_TABLE:
			return i;
		case HTML_TAG_TD:
		case HTML_TAG_TH:
		case HTML_TAG_CAPTION:
		case HTML_TAG_TEMPLATE:
		case HTML_TAG_HTML:
			return HTML_OPEN_NONE;
		default:
			break;
		}
	}
	return HTML_OPEN_NONE;
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
		html_open_close_item(o, HTML_TAG_LI, HTML_TAG_LI);
		break;
	case HTML_TAG_DD:
	case HTML_TAG_DT:
		html_open_close_item(o, HTML_TAG_DD, HTML_TAG_DT);
		break;
	case HTML_TAG_A:
	case HTML_TAG_NOBR:
		html_open_end_format(o, id);
		break;
	case HTML_TAG_BUTTON:
	case HTML_TAG_SELECT:
		html_open_close(o, html_open_find(o, id, 0, 0));
		break;
	case HTML_TAG_OPTION:
	case HTML_TAG_OPTGROUP:
		if (html_open_top(o)->id == HTML_TAG_OPTION)
			html_open_pop_to(o, (int)o->depth - 1);
		break;
	case HTML_TAG_FORM:
		if (o->templates == 0 &&
		    html_open_find(o, HTML_TAG_FORM, 0, 0) != HTML_OPEN_NONE)
			return 0;
		break;
	case HTML_TAG_TABLE:
		html_open_close(o, html_open_find_bare_table(o));
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
		html_open_close_p(o);
	if ((tag->lists & HTML_TAG_IS_HEADING) && o->depth > 0 &&
	    (html_open_top(o)->lists & HTML_TAG_IS_HEADING))
		html_open_pop_to(o, (int)o->depth - 1);
	return 1;
}

int
html_open_foster(const struct html_open *o, const struct html_tag *tag)
{
	int parent = (int)o->fresh - 1;

	if (parent < 0 || (tag->lists & HTML_TAG_IS_TABLE))
		return parent;
	switch (o->frame[parent].id) {
	case HTML_TAG_TABLE:
	case HTML_TAG_TBODY:
	case HTML_TAG_THEAD:
	case HTML_TAG_TFOOT:
	case HTML_TAG_TR:
		break;
	default:
		return parent;
	}
	switch (tag->id) {
	case HTML_TAG_SCRIPT:
	case HTML_TAG_STYLE:
	case HTML_TAG_TEMPLATE:
	case HTML_TAG_FORM:
		return parent;
	default:
		return html_open_find_in_table(o, HTML_TAG_TABLE) - 1;
	}
}
