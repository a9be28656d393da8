/*
 * options.c - from tables of options to getopt_long, to --help, and to what
 * they set.
 *
 * getopt_long is the one thing here that is not POSIX; glibc, musl, the BSDs
 * and macOS all have it.  Its own messages differ between them, so it is
 * kept quiet and ours are printed.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../reactor/tls_library.h"

static const uint64_t options_second_ns = 1000000000;
static const uint64_t options_longest_s = 10 * 366 * 86400;

/* getopt_long returns this plus its place for a long option. */
enum { OPTIONS_FIRST = 256 };

/* All options of a program in one list. */
struct options {
	const struct program *program;
	size_t count;
	const struct options_row *rows[OPTIONS_MAX];
	void *to[OPTIONS_MAX];
	struct option table[OPTIONS_MAX + 1];
	char letters[2 * OPTIONS_MAX + 2];
};

/* ---- help ---- */

/* "  -c, --concurrency N      URLs in progress at once (64)" */
static void
options_describe(struct record *r, const struct options_row *row)
{
	const char *help = row->help;
	size_t from = r->len;

	if (row->letter != 0)
		record_addf(r, "  -%c, --%s", row->letter, row->name);
	else
		record_addf(r, "      --%s", row->name);
	if (row->value != NULL)
		record_addf(r, " %s", row->value);
	for (; *help != '\0'; from = r->len) {
		size_t len = strcspn(help, "\n");

		record_addf(r, "%*s", (int)(27 - (r->len - from)), "");
		record_add(r, help, len);
		record_add(r, "\n", 1);
		help += len + (help[len] != '\0');
	}
}

/* Prints the help: all options, the last two being --help and --version. */
static void
options_set_help(const struct options_use *u)
{
	const struct options *o = u->to;
	const struct program *p = u->program;
	struct record r = { .at = NULL };

	record_addf(&r, "usage: %s %s\n%s\n", p->name, p->synopsis, p->about);
	for (size_t i = 0; i < o->count; i++)
		options_describe(&r, o->rows[i]);
	record_addf(&r, "%s", p->statuses);
	program_say(&r);
}

/*
 * Names the TLS library that would be used, if the program has an option for
 * it, which may have been given.
 */
static void
options_add_tls(const struct options *o, struct record *r)
{
	struct reactor_tls_library library;
	char why[REACTOR_TLS_WHY];
	size_t i = 0;

	while (i < o->count && strcmp(o->rows[i]->name, "tls-library") != 0)
		i++;
	if (i == o->count)
		return;
	if (reactor_tls_library_open(&library, *(const char **)o->to[i],
	    why) != 0) {
		record_addf(r, "%s\n", why);
		return;
	}
	record_addf(r, "TLS by %s (%s)\n", library.name,
	    library.f.OpenSSL_version(0));
	reactor_tls_library_close(&library);
}

static void
options_set_version(const struct options_use *u)
{
	struct record r = { .at = NULL };

	record_addf(&r, "%s (Spindle) %s\n", u->program->name,
	    PROGRAM_VERSION);
	options_add_tls(u->to, &r);
	program_say(&r);
}

static const struct options_row options_common[] = {
	{ 0, "help", NULL, "prints this", options_set_help, 0, 0, 0 },
	{ 0, "version", NULL, "prints the version", options_set_version,
	    0, 0, 0 },
	{ .name = NULL }
};

/* ---- reading ---- */

static void
options_add(struct options *o, const struct options_set *set)
{
	size_t len = strlen(o->letters);

	for (const struct options_row *row = set->rows; row->name != NULL;
	    row++) {
		int needs = row->value != NULL ? required_argument :
		    no_argument;

		if (o->count == OPTIONS_MAX)
			abort();
		o->rows[o->count] = row;
		o->to[o->count] = (char *)set->to + row->offset;
		o->table[o->count] = (struct option){ row->name, needs, NULL,
		    OPTIONS_FIRST + (int)o->count };
		o->count++;
		if (row->letter != 0)
			o->letters[len++] = row->letter;
		if (row->letter != 0 && row->value != NULL)
			o->letters[len++] = ':';
	}
}

/* The place of the option that getopt_long means; count if there is none. */
static size_t
options_find(const struct options *o, int option)
{
	size_t i = 0;

	if (option >= OPTIONS_FIRST)
		return (size_t)(option - OPTIONS_FIRST);
	while (i < o->count && (option == 0 || o->rows[i]->letter != option))
		i++;
	return i;
}

/*
 * getopt_long has refused an argument and answered ':' (no value) or '?'.
 * optopt is the option if it is known, an unknown letter, or 0.
 */
static _Noreturn void
options_misused(const struct options *o, const char *argument, int answer)
{
	size_t i = options_find(o, optopt);

	if (i < o->count)
		program_usage(o->program, "option --%s %s", o->rows[i]->name,
		    answer == ':' ? "needs a value" : "takes no value");
	if (optopt != 0)
		program_usage(o->program, "unknown option -%c", optopt);
	program_usage(o->program, "unknown option %s", argument);
}

char **
options_read(const struct program *program, const struct options_set *set,
    int argc, char **argv)
{
	struct options o = { .program = program, .letters = ":" };
	size_t i;
	int option;

	for (; set->rows != NULL; set++)
		options_add(&o, set);
	options_add(&o, &(struct options_set){ options_common, &o });
	opterr = 0;
	while ((option = getopt_long(argc, argv, o.letters, o.table, NULL)) !=
	    -1) {
		if (option == ':' || option == '?')
			options_misused(&o, argv[optind - 1], option);
		i = options_find(&o, option);
		o.rows[i]->set(&(struct options_use){ program, o.rows[i],
		    o.to[i], optarg });
	}
	return argv + optind;
}

/* ---- values ---- */

void
options_set_flag(const struct options_use *u)
{
	*(bool *)u->to = true;
}

void
options_set_constant(const struct options_use *u)
{
	*(uint64_t *)u->to = u->row->min;
}

void
options_set_text(const struct options_use *u)
{
	*(const char **)u->to = u->value;
}

/* Takes decimal digits, at least one; returns what follows or NULL. */
static const char *
options_digits(const char *text, uint64_t *number)
{
	const char *at = text;

	for (*number = 0; *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (*number > (UINT64_MAX - digit) / 10)
			return NULL;
		*number = *number * 10 + digit;
	}
	return at > text ? at : NULL;
}

bool
options_parse_number(const char *text, uint64_t *number)
{
	const char *end = options_digits(text, number);

	return end != NULL && *end == '\0';
}

bool
options_parse_seconds(const char *text, uint64_t *time_ns)
{
	uint64_t seconds = 0, fraction = 0, unit = options_second_ns;
	const char *end = text;

	if (*text != '.')
		end = options_digits(text, &seconds);
	else if (text[1] == '\0')
		return false;
	if (end == NULL || seconds > options_longest_s)
		return false;
	if (*end == '.')
		for (end++; *end >= '0' && *end <= '9'; end++) {
			unit /= 10;	/* 0 behind the ninth digit */
			fraction += unit * (uint64_t)(*end - '0');
		}
	*time_ns = seconds * options_second_ns + fraction;
	return *end == '\0';
}

void
options_set_number(const struct options_use *u)
{
	uint64_t number;

	if (!options_parse_number(u->value, &number) ||
	    number < u->row->min || number > u->row->max)
		program_usage(u->program, "--%s takes a number from %llu to "
		    "%llu, not \"%s\"", u->row->name,
		    (unsigned long long)u->row->min,
		    (unsigned long long)u->row->max, u->value);
	*(uint64_t *)u->to = number;
}

void
options_set_delay(const struct options_use *u)
{
	if (!options_parse_seconds(u->value, u->to))
		program_usage(u->program, "--%s takes a time in seconds, such "
		    "as 0.1, not \"%s\"", u->row->name, u->value);
}

void
options_set_seconds(const struct options_use *u)
{
	uint64_t *time_ns = u->to;

	if (!options_parse_seconds(u->value, time_ns) || *time_ns == 0)
		program_usage(u->program, "--%s takes a time in seconds, such "
		    "as 2.5, not \"%s\"", u->row->name, u->value);
}
