/*
 * title.c - the title of a page; see title.h.
 *
 * The bytes are gathered as they are and decoded once, at the end, so that it
 * does not matter where a piece cut a reference or a character.
 */
#include "title.h"

void
html_title_reset(struct html_title *title)
{
	title->state = HTML_TITLE_NONE;
	title->text.len = title->raw.len = 0;
}

void
html_title_start(struct html_title *title)
{
	if (title->state == HTML_TITLE_NONE)
		title->state = HTML_TITLE_OPEN;
}

int
html_title_text(struct html_title *title, const struct html_scan_token *text)
{
	return html_text_add(&title->raw, text->at, text->len);
}

int
html_title_end(struct html_title *title)
{
	title->state = HTML_TITLE_KNOWN;
	return html_text_decode(&title->text, title->raw.at, title->raw.len,
	    HTML_TEXT_COLLAPSE);
}

void
html_title_free(struct html_title *title)
{
	html_text_free(&title->text);
	html_text_free(&title->raw);
}
