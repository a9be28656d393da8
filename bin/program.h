/*
 * program.h - what all the programs do alike: options, help, and failures.
 *
 * --help and --version go to standard output and end with 0.  A wrong use is
 * one line on standard error and ends with PROGRAM_USAGE.  What goes wrong
 * with one URL is one line, "PROGRAM: URL: CATEGORY: what happened".
 */
#ifndef BIN_PROGRAM_H
#define BIN_PROGRAM_H

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* How a program can end. */
enum program_status {
	PROGRAM_OK = 0,
	PROGRAM_SOME_FAILED = 1,
	PROGRAM_USAGE = 2,
	PROGRAM_ALL_FAILED = 3,
	PROGRAM_NO_OUTPUT = 4		/* the output cannot be written */
};

/*
 * The values of long options that every program has; those of its own
 * without a letter begin at PROGRAM_OPTION_FREE.
 */
enum {
	PROGRAM_OPTION_HELP = 256,
	PROGRAM_OPTION_VERSION,
	PROGRAM_OPTION_FREE
};

/* What a program says of itself, and the options it has. */
struct program {
	const char *name;		/* "scraper" */
	const char *synopsis;		/* "[options] [URL ...]" */
	const char *help;		/* whole lines: what --help adds */
	const char *letters;		/* getopt's; begins with ":" */
	const struct option *options;	/* getopt_long's, ended by zeros */
};

/* The two lines that each table of long options ends with, before zeros. */
#define PROGRAM_OPTIONS \
	{ "help", no_argument, NULL, PROGRAM_OPTION_HELP }, \
	{ "version", no_argument, NULL, PROGRAM_OPTION_VERSION }

/*
 * The next option, as getopt_long has it (its argument in optarg), or -1
 * when there is none left and operands begin at argv[optind].  Help,
 * version and wrong options are dealt with here: they end the process.
 */
int program_option(const struct program *, int argc, char **argv);

/* Prints one line, "NAME: what (NAME --help tells more)", and exits. */
_Noreturn void program_usage(const struct program *, const char *format, ...);

/*
 * A count in decimal digits, at least min and at most max; `option` is the
 * name that a complaint gives.  Ends the process if it is not one.
 */
uint64_t program_number(const struct program *, const char *option,
    const char *text, uint64_t min, uint64_t max);

/*
 * A time in seconds, such as "30", "0.25" or ".5" in every locale, in
 * nanoseconds: more than 0 and at most ten years.  Ends the process if it
 * is not one.
 */
uint64_t program_seconds(const struct program *, const char *option,
    const char *text);

/*
 * Reads the same without complaint: -EINVAL if it is no number, -ERANGE if
 * it does not fit.  More than nine digits behind the point are dropped.
 */
int program_parse_number(const char *text, uint64_t *number);
int program_parse_seconds(const char *text, uint64_t *time_ns);

/*
 * Reports a failure: one line, one write.  `subject`, a URL, name or file,
 * and `what` are made harmless.
 */
void program_fail(const struct program *, const char *subject, size_t len,
    const char *category, const char *what);

/* Reports what has no category: "NAME: subject: what", made harmless. */
void program_warn(const struct program *, const char *subject,
    const char *what);

/* The same, and then ends the process. */
_Noreturn void program_exit(const struct program *, enum program_status,
    const char *subject, const char *what);

#endif
