/*
 * options.h - the options of a program as one table, which is both what is
 * parsed and what --help prints.
 *
 *      { 'c', "concurrency", "N", "URLs in progress at once (64)",
 *          options_set_number, offsetof(struct scraper_options, concurrency),
 *          1, 1000000 },
 *
 * Programs that have options in common share their rows: each set of rows
 * fills in a struct of its own.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_OPTIONS_H
#define BIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "program.h"

struct options_row;

/*
 * Most options that a program can have, of all sets together, with --help and
 * --version; options_read aborts one that has more.
 */
enum { OPTIONS_MAX = 64 };

/* One use of an option on the command line, for the option's function. */
struct options_use {
	const struct program *program;
	const struct options_row *row;
	void *to;			/* what is to be set */
	const char *value;		/* NULL if it takes none */
};

/* One option. */
struct options_row {
	char letter;			/* 0: it has none */
	const char *name;		/* without its dashes */
	const char *value;		/* what --help calls it; NULL: none */
	const char *help;		/* lines, with \n between them */

	/* Sets *to by the value; ends the process if it is wrong. */
	void (*set)(const struct options_use *);
	size_t offset;			/* of *to in the set's struct */
	uint64_t min, max;		/* of a number; min of a constant */
};

/* Rows, ended by zeros, and the struct that they fill in. */
struct options_set {
	const struct options_row *rows;
	void *to;
};

/*
 * Reads the command line as getopt_long does and returns the operands, ended
 * by NULL.  Sets are ended by zeros.  --help and --version go to standard
 * output and end the process with 0; a wrong option is a wrong use
 * (program.h).  Values stay where the arguments are.
 */
char **options_read(const struct program *, const struct options_set *,
    int argc, char **argv);

/* ---- functions for `set`; each names the type of *to ---- */

/* bool: true. */
void options_set_flag(const struct options_use *);

/* uint64_t: the row's min, which is the constant. */
void options_set_constant(const struct options_use *);

/* const char *: the value itself. */
void options_set_text(const struct options_use *);

/* uint64_t: a number in decimal digits, from min to max. */
void options_set_number(const struct options_use *);

/*
 * uint64_t, in nanoseconds: a time in seconds such as "30", "0.25" or ".5"
 * in every locale, more than 0 and at most ten years.
 */
void options_set_seconds(const struct options_use *);

/* The same, but 0 is a time, too. */
void options_set_delay(const struct options_use *);

/*
 * Read what the last three functions take: false if it is no number, or does
 * not fit.  Of a time, digits beyond the ninth behind the point are dropped.
 */
bool options_parse_number(const char *text, uint64_t *number);
bool options_parse_seconds(const char *text, uint64_t *time_ns);

#endif
