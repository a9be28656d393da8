/*
 * extract.c - prints the title of a page at hand, its links, or what a path
 * matches: html/ as a filter, with no network at all.
 *
 * A page's <base> holds for all its links, even those in front of it; so
 * links are kept until the page has ended, and resolved then.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../html/extract.h"
#include "../http/url.h"
#include "program.h"

enum {
	EXTRACT_OPTION_TITLE = PROGRAM_OPTION_FREE,
	EXTRACT_OPTION_LINKS,
	EXTRACT_OPTION_BASE,
	EXTRACT_OPTION_CHARSET
};

static const struct option extract_options[] = {
	{ "title", no_argument, NULL, EXTRACT_OPTION_TITLE },
	{ "links", no_argument, NULL, EXTRACT_OPTION_LINKS },
	{ "base", required_argument, NULL, EXTRACT_OPTION_BASE },
	{ "charset", required_argument, NULL, EXTRACT_OPTION_CHARSET },
	PROGRAM_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

static const struct program extract_program = {
	.name = "extract",
	.synopsis = "[options] (--title | --links | PATH) [FILE]",
	.help =
"Prints a line for each fact of the HTML page in FILE or standard input:\n"
"the title, the links, or what PATH matches, say //h3/a/@href.\n\n"
"      --title          the title\n"
"      --links          the http and https links of a and area, resolved\n"
"      --base URL       where the page is from, to resolve links by\n"
"      --charset NAME   the character set; else the page itself tells\n"
"      --help, --version\n\n"
"Exit status: 0 something was found, 1 nothing was, 2 wrong usage, 4 the\n"
"output cannot be written.\n",
	.letters = ":",
	.options = extract_options,
};

/* The program. */
struct extract {
	struct html_extract_sink facts;
	struct html_extract_options want;
	const char *charset, *base;
	struct html_path *path;
	struct html_extract *page;
	struct record links;		/* each ended by NUL */
	struct record out;
	size_t found;
};

static struct extract *
extract_of_facts(struct html_extract_sink *facts)
{
	return (struct extract *)(void *)((char *)facts -
	    offsetof(struct extract, facts));
}

/* One line of output. */
static void
extract_line(struct extract *my, const char *at, size_t len)
{
	record_add_clean(&my->out, at, len);
	record_add(&my->out, "\n", 1);
	my->found++;
}

static int
extract_title(struct html_extract_sink *facts, const char *at, size_t len)
{
	if (len > 0)
		extract_line(extract_of_facts(facts), at, len);
	return 1;
}

static int
extract_match(struct html_extract_sink *facts, size_t path, const char *at,
    size_t len)
{
	(void)path;
	extract_line(extract_of_facts(facts), at, len);
	return 0;
}

static int
extract_link(struct html_extract_sink *facts, const struct html_link *link)
{
	struct extract *my = extract_of_facts(facts);

	if (link->kind == HTML_LINK_A || link->kind == HTML_LINK_AREA) {
		record_add(&my->links, link->href, link->len);
		record_add(&my->links, "", 1);
	}
	return 0;
}

/*
 * What links are relative to: the page's <base>, itself relative to --base.
 * Returns whether there is such a URL.
 */
static bool
extract_base(struct extract *my, struct http_url *base)
{
	struct http_url given = { .href = NULL };
	size_t len;
	const char *at = html_extract_base(my->page, &len);

	if (my->base != NULL &&
	    http_url_parse(&given, my->base, strlen(my->base), NULL) != 0)
		program_exit(&extract_program, PROGRAM_USAGE, my->base,
		    "not an absolute http or https URL");
	if (at != NULL && http_url_parse(base, at, len,
	    given.href != NULL ? &given : NULL) == 0) {
		http_url_free(&given);
		return true;
	}
	*base = given;
	return base->href != NULL;
}

/* Resolves and prints all links; one that leads nowhere is left out. */
static void
extract_links(struct extract *my)
{
	struct http_url base = { .href = NULL }, url;
	bool based = extract_base(my, &base);
	const char *at = my->links.at, *end = at + my->links.len;
	size_t len;

	for (; at != NULL && at < end; at += len + 1) {
		len = strlen(at);
		if (http_url_parse(&url, at, len, based ? &base : NULL) == 0) {
			extract_line(my, url.href, url.len);
			http_url_free(&url);
		}
	}
	http_url_free(&base);
}

/* Writes what has been found so far. */
static void
extract_write(struct extract *my)
{
	int error = record_write(&my->out, STDOUT_FILENO);

	if (error != 0)
		program_exit(&extract_program, PROGRAM_NO_OUTPUT,
		    "standard output", strerror(-error));
}

static void
extract_read(struct extract *my, int fd, const char *name)
{
	char piece[65536];
	int status = HTML_EXTRACT_MORE;
	ssize_t n = 1;

	html_extract_start(my->page, my->charset,
	    my->charset != NULL ? strlen(my->charset) : 0);
	while (status == HTML_EXTRACT_MORE && n != 0) {
		n = read(fd, piece, sizeof(piece));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			program_exit(&extract_program, PROGRAM_SOME_FAILED,
			    name, strerror(errno));
		status = n > 0 ?
		    html_extract_feed(my->page, piece, (size_t)n) :
		    html_extract_finish(my->page);
		extract_write(my);
	}
	if (status < 0)
		program_exit(&extract_program, PROGRAM_SOME_FAILED, name,
		    strerror(-status));
}

static void
extract_set_options(struct extract *my, int argc, char **argv)
{
	int option;

	while ((option = program_option(&extract_program, argc, argv)) != -1) {
		switch (option) {
		case EXTRACT_OPTION_TITLE:
			my->want.title = 1;
			break;
		case EXTRACT_OPTION_LINKS:
			my->want.links = 1;
			break;
		case EXTRACT_OPTION_BASE:
			my->base = optarg;
			break;
		default:
			my->charset = optarg;
			break;
		}
	}
	if (my->want.title && my->want.links)
		program_usage(&extract_program,
		    "--title and --links exclude each other");
}

/* Compiles PATH, if that is what was asked for. */
static void
extract_set_path(struct extract *my, const char *source)
{
	struct html_path_error error = { 0, NULL };
	int rc;

	if (source == NULL)
		program_usage(&extract_program,
		    "--title, --links or a path is needed");
	rc = html_path_compile(&my->path, source, strlen(source), &error);
	if (rc == -EINVAL)
		program_usage(&extract_program, "%s at byte %zu of the path",
		    error.what, error.at + 1);
	my->want.paths = (const struct html_path *const *)&my->path;
	my->want.path_count = 1;
}

int
main(int argc, char **argv)
{
	struct extract my = { .facts = { extract_title, extract_link,
	    extract_match } };
	const char *name = "standard input";
	int fd = STDIN_FILENO;

	extract_set_options(&my, argc, argv);
	if (!my.want.title && !my.want.links)
		extract_set_path(&my, argv[optind] != NULL ?
		    argv[optind++] : NULL);
	if (argv[optind] != NULL && argv[optind + 1] != NULL)
		program_usage(&extract_program, "there are too many operands");
	if (argv[optind] != NULL) {
		name = argv[optind];
		fd = open(name, O_RDONLY);
	}
	if (fd < 0)
		program_exit(&extract_program, PROGRAM_SOME_FAILED, name,
		    strerror(errno));
	my.page = html_extract_new(&my.want, &my.facts);
	if (my.page == NULL || (my.want.path_count > 0 && my.path == NULL))
		program_exit(&extract_program, PROGRAM_SOME_FAILED, name,
		    strerror(ENOMEM));
	extract_read(&my, fd, name);
	if (my.want.links)
		extract_links(&my);
	extract_write(&my);
	html_extract_free(my.page);
	html_path_free(my.path);
	record_free(&my.links);
	record_free(&my.out);
	return my.found > 0 ? PROGRAM_OK : PROGRAM_SOME_FAILED;
}
