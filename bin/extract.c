/*
 * extract.c - prints the title of a page at hand, its links, or what a path
 * matches: html/ as a filter, with no network at all.
 *
 * A page's <base> holds for all its links, even those in front of it; so
 * links are kept until the page has ended, and resolved then.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../html/charset.h"
#include "../html/extractor.h"
#include "../http/url.h"
#include "options.h"

static const struct program extract_program = {
	.name = "extract",
	.synopsis = "[options] (--title | --links | PATH) [FILE]",
	.about =
"Prints a line for each fact of the HTML page in FILE or standard input:\n"
"the title, the links, or what PATH matches, say //h3/a/@href.\n",
	.statuses = PROGRAM_PATHS
"\nExit status: 0 something was found, 1 nothing was, 2 wrong usage, or the\n"
"page cannot be read, 4 the output cannot be written.\n",
};

/* The program. */
struct extract {
	struct html_extractor_sink facts;	/* first: its address is ours */
	const char *charset;
	struct http_url given;		/* by --base; href NULL: it is not */
	bool title, only_links;
	struct html_path *path;
	struct html_extractor *page;
	struct record links;		/* each ended by NUL */
	struct record out;
	size_t found;
};

static void
extract_set_base(const struct options_use *u)
{
	struct http_url *url = u->to;

	http_url_free(url);
	if (http_url_parse(url, u->value, strlen(u->value), NULL) != 0)
		program_usage(u->program, "--base takes an absolute http or "
		    "https URL, not \"%s\"", u->value);
}

static void
extract_set_charset(const struct options_use *u)
{
	const char **charset = u->to;

	if (html_charset_find(u->value, strlen(u->value)) == NULL)
		program_usage(u->program, "--charset does not know \"%s\"",
		    u->value);
	*charset = u->value;
}

static const struct options_row extract_options[] = {
	{ 0, "title", NULL, "the title", options_set_flag,
	    offsetof(struct extract, title), 0, 0 },
	{ 0, "links", NULL, "the http and https links of a and area, resolved",
	    options_set_flag, offsetof(struct extract, only_links), 0, 0 },
	{ 0, "base", "URL", "where the page is from, to resolve links by",
	    extract_set_base, offsetof(struct extract, given), 0, 0 },
	{ 0, "charset", "NAME", "the character set; else the page itself tells",
	    extract_set_charset, offsetof(struct extract, charset), 0, 0 },
	{ .name = NULL }
};

/* One line of output. */
static void
extract_line(struct extract *my, const char *at, size_t len)
{
	record_add_value(&my->out, at, len);
	record_add(&my->out, "\n", 1);
	my->found++;
}

static bool
extract_title(struct html_extractor_sink *facts, const char *at, size_t len)
{
	if (len > 0)
		extract_line((struct extract *)facts, at, len);
	return true;
}

static bool
extract_match(struct html_extractor_sink *facts, size_t path, const char *at,
    size_t len)
{
	(void)path;
	extract_line((struct extract *)facts, at, len);
	return false;
}

static bool
extract_link(struct html_extractor_sink *facts, const struct html_link *link)
{
	struct extract *my = (struct extract *)facts;

	if (link->kind == HTML_LINK_A || link->kind == HTML_LINK_AREA) {
		record_add(&my->links, link->href, link->len);
		record_add(&my->links, "", 1);
	}
	return false;
}

/*
 * Reads a URL of the page, spelt in its character set, relative to another,
 * or NULL: 0 or an enum http_url_error.  One that leads nowhere is left out;
 * one that cannot be read is told.
 */
static int
extract_read_url(struct extract *my, struct http_url *url, const char *at,
    size_t len, const struct http_url *base)
{
	int error = html_extractor_address(my->page, &at, &len);

	if (error == 0)
		error = http_url_parse(url, at, len, base);

	program_check(&extract_program, PROGRAM_USAGE, "the links",
	    error == -ENOMEM ? error : 0);
	if (error != 0 && error != HTTP_URL_E_SCHEME &&
	    error != HTTP_URL_E_RELATIVE)
		program_fail(&extract_program, at, len, "bad-url",
		    http_url_strerror(error));
	return error;
}

/* Resolves and prints all links, by the page's <base> or --base. */
static void
extract_links(struct extract *my)
{
	const struct http_url *given = my->given.href != NULL ? &my->given :
	    NULL;
	struct http_url base = { .href = NULL }, url;
	const char *at = my->links.at != NULL ? my->links.at : "";
	const char *end = at + my->links.len;
	size_t len;
	const char *base_at = html_extractor_base(my->page, &len);

	program_check(&extract_program, PROGRAM_USAGE, "the links",
	    my->links.failed ? -ENOMEM : 0);
	if (base_at != NULL &&
	    extract_read_url(my, &base, base_at, len, given) == 0)
		given = &base;
	for (; at < end; at += len + 1) {
		len = strlen(at);
		if (extract_read_url(my, &url, at, len, given) != 0)
			continue;
		extract_line(my, url.href, url.len);
		http_url_free(&url);
	}
	http_url_free(&base);
}

/* Writes what has been found so far. */
static void
extract_write(struct extract *my)
{
	program_check_output(&extract_program, "standard output",
	    record_write(&my->out, STDOUT_FILENO));
}

/* Tells of a limit that was met. */
static void
extract_tell(const struct extract *my, const char *name)
{
	const char *missing = html_extractor_missing(my->page);

	if (missing != NULL)
		program_fail(&extract_program, name, strlen(name), "missing",
		    missing);
}

static void
extract_read(struct extract *my, int fd, const char *name)
{
	char piece[65536];
	int status = HTML_EXTRACT_MORE;
	ssize_t n = 1;

	html_extractor_start(my->page, my->charset,
	    my->charset != NULL ? strlen(my->charset) : 0);
	while (status == HTML_EXTRACT_MORE && n != 0) {
		n = read(fd, piece, sizeof(piece));
		program_check(&extract_program, PROGRAM_USAGE, name,
		    n < 0 ? -errno : 0);
		status = n > 0 ?
		    html_extractor_feed(my->page, piece, (size_t)n) :
		    html_extractor_finish(my->page);
		extract_write(my);
	}
	program_check(&extract_program, PROGRAM_USAGE, name,
	    status < 0 ? status : 0);
	extract_tell(my, name);
}

/* Compiles PATH, if that is what was asked for. */
static void
extract_set_path(struct extract *my, const char *source)
{
	struct html_path_error error = { 0, "no memory" };

	if (source == NULL)
		program_usage(&extract_program,
		    "--title, --links or a path is needed");
	if (html_path_compile(&my->path, source, strlen(source), &error) == 0)
		return;
	if (access(source, F_OK) == 0)
		program_usage(&extract_program, "\"%s\" is a file: --title, "
		    "--links or a path comes before it", source);
	program_usage(&extract_program, "\"%s\" is no path: %s at \"%s\"",
	    source, error.what, source + error.at);
}

/* Reads the command line; returns the name of the file or NULL. */
static const char *
extract_read_options(struct extract *my, int argc, char **argv)
{
	const struct options_set sets[] = {
		{ extract_options, my }, { NULL, NULL },
	};
	char **operand = options_read(&extract_program, sets, argc, argv);

	if (my->title && my->only_links)
		program_usage(&extract_program,
		    "--title and --links exclude each other");
	if (!my->title && !my->only_links) {
		extract_set_path(my, *operand);
		operand++;
	}
	if (operand[0] != NULL && operand[1] != NULL)
		program_usage(&extract_program, "there are too many operands");
	return operand[0];
}

int
main(int argc, char **argv)
{
	const struct program *p = &extract_program;
	struct extract my = { .facts = { .title = extract_title,
	    .link = extract_link, .match = extract_match } };
	const char *name = extract_read_options(&my, argc, argv);
	struct html_extractor_options want = {
		.title = my.title, .links = my.only_links,
		.paths = (const struct html_path *const *)&my.path,
		.path_count = my.path != NULL,
	};
	bool is_file = name != NULL && strcmp(name, "-") != 0;
	int fd = is_file ? open(name, O_RDONLY) : STDIN_FILENO;

	if (!is_file)
		name = "standard input";
	program_check(p, PROGRAM_USAGE, name, fd < 0 ? -errno : 0);
	my.page = html_extractor_new(&want, &my.facts);
	program_check(p, PROGRAM_USAGE, name,
	    my.page == NULL ? -ENOMEM : 0);
	extract_read(&my, fd, name);
	if (my.only_links)
		extract_links(&my);
	extract_write(&my);
	html_extractor_free(my.page);
	html_path_free(my.path);
	http_url_free(&my.given);
	record_free(&my.links);
	record_free(&my.out);
	return my.found > 0 ? PROGRAM_OK : PROGRAM_SOME_FAILED;
}
