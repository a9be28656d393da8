/*
 * scraper_options.c - the options of scraper, and its --help.
 */
#define _POSIX_C_SOURCE 200809L
#include "scraper_options.h"

#include <string.h>
#include <unistd.h>

/* Values of the long options without a letter. */
enum {
	SCRAPER_OPTIONS_PER_HOST = NETWORK_OPTION_FREE,
	SCRAPER_OPTIONS_TITLES,
	SCRAPER_OPTIONS_ORDERED,
	SCRAPER_OPTIONS_SEQUENTIAL,
	SCRAPER_OPTIONS_RETRIES,
	SCRAPER_OPTIONS_PROGRESS,
	SCRAPER_OPTIONS_NO_PROGRESS
};

static const struct option scraper_options_table[] = {
	{ "concurrency", required_argument, NULL, 'c' },
	{ "per-host", required_argument, NULL, SCRAPER_OPTIONS_PER_HOST },
	{ "article", required_argument, NULL, 'a' },
	{ "titles", no_argument, NULL, SCRAPER_OPTIONS_TITLES },
	{ "json", no_argument, NULL, 'j' },
	{ "output", required_argument, NULL, 'o' },
	{ "ordered", no_argument, NULL, SCRAPER_OPTIONS_ORDERED },
	{ "sequential", no_argument, NULL, SCRAPER_OPTIONS_SEQUENTIAL },
	{ "retries", required_argument, NULL, SCRAPER_OPTIONS_RETRIES },
	{ "verbose", no_argument, NULL, 'v' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "progress", no_argument, NULL, SCRAPER_OPTIONS_PROGRESS },
	{ "no-progress", no_argument, NULL, SCRAPER_OPTIONS_NO_PROGRESS },
	NETWORK_OPTIONS,
	PROGRAM_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

const struct program scraper_options_program = {
	.name = "scraper",
	.synopsis = "[options] [URL ...]",
	.help =
"For each URL (given, or a line of standard input): fetches the page, takes\n"
"the link of its first article, fetches that, and prints its title.\n\n"
"  -c, --concurrency N      URLs in progress at once (64)\n"
"      --per-host N         connections to one host (6)\n"
"  -a, --article PATH       where the article's link is; repeatable, the\n"
"                           first that matches counts (//h3/a/@href,\n"
"                           //h2/a/@href, //h1/a/@href, //article//a/@href)\n"
"      --titles             no article: the title of each URL itself\n"
"  -j, --json               one JSON object a line\n"
"  -o, --output FILE        instead of standard output\n"
"      --ordered            in the order of the input\n"
"      --sequential         one URL after the other\n"
"      --retries N          tries more after a timeout, a broken connection,\n"
"                           status 5xx or 429 (1)\n"
	NETWORK_HELP
"  -v, --verbose; -q, --quiet\n"
"      --progress, --no-progress\n"
"      --help, --version\n\n"
"Exit status: 0 all done, 1 some URLs failed, 2 wrong usage, 3 all failed,\n"
"4 the output cannot be written.\n",
	.letters = ":c:a:jo:vq" NETWORK_LETTERS,
	.options = scraper_options_table,
};

/* Most steps that an extractor takes, of all paths together. */
enum { SCRAPER_OPTIONS_STEPS = 64 };

static const char *const scraper_options_paths[] = {
	"//h3/a/@href", "//h2/a/@href", "//h1/a/@href", "//article//a/@href",
};

static void
scraper_options_add_path(struct scraper_options *o, const char *text)
{
	const struct program *p = &scraper_options_program;
	struct html_path_error error = { .what = "no memory" };
	size_t steps = 0;

	if (o->path_count == SCRAPER_OPTIONS_PATHS)
		program_usage(p, "-a: more than %d paths",
		    SCRAPER_OPTIONS_PATHS);
	if (html_path_compile(&o->paths[o->path_count], text, strlen(text),
	    &error) != 0)
		program_usage(p, "-a \"%s\": %s at \"%s\"", text, error.what,
		    text + error.at);
	o->path_count++;
	for (size_t i = 0; i < o->path_count; i++)
		steps += o->paths[i]->step_count;
	if (steps > SCRAPER_OPTIONS_STEPS)
		program_usage(p, "-a: more than %d steps in all paths",
		    SCRAPER_OPTIONS_STEPS);
}

static void
scraper_options_set(struct scraper_options *o, int option, const char *value)
{
	const struct program *p = &scraper_options_program;

	switch (option) {
	case 'a':
		scraper_options_add_path(o, value);
		break;
	case 'c':
		o->concurrency = (size_t)program_number(p, "--concurrency",
		    value, 1, 1000000);
		break;
	case 'j':
		o->json = true;
		break;
	case 'o':
		o->output = value;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case SCRAPER_OPTIONS_PER_HOST:
		o->network.per_host = (unsigned)program_number(p,
		    "--per-host", value, 1, 10000);
		break;
	case SCRAPER_OPTIONS_TITLES:
		o->only_titles = true;
		break;
	case SCRAPER_OPTIONS_ORDERED:
		o->ordered = true;
		break;
	case SCRAPER_OPTIONS_SEQUENTIAL:
		o->concurrency = 1;
		break;
	case SCRAPER_OPTIONS_RETRIES:
		o->retries = (unsigned)program_number(p, "--retries", value,
		    0, 100);
		break;
	case SCRAPER_OPTIONS_PROGRESS:
		o->progress = SCRAPER_OPTIONS_ON;
		break;
	case SCRAPER_OPTIONS_NO_PROGRESS:
		o->progress = SCRAPER_OPTIONS_OFF;
		break;
	}
}

void
scraper_options_read(struct scraper_options *o, int argc, char **argv)
{
	const struct program *p = &scraper_options_program;
	size_t count = sizeof(scraper_options_paths) /
	    sizeof(scraper_options_paths[0]);
	int option;

	network_init(&o->network, p);
	o->network.per_host = 6;
	o->concurrency = 64;
	o->retries = 1;
	while ((option = program_option(p, argc, argv)) != -1)
		if (!network_option(&o->network, option, optarg))
			scraper_options_set(o, option, optarg);
	for (size_t i = 0, given = o->path_count; given == 0 && i < count; i++)
		scraper_options_add_path(o, scraper_options_paths[i]);
	o->form = o->json ? REPORT_JSON :
	    o->only_titles ? REPORT_TITLE : REPORT_ARTICLE;
	if (argv[optind] == NULL && isatty(STDIN_FILENO))
		program_usage(p, "no URL, and standard input is a terminal");
}

