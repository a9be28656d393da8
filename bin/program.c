/*
 * program.c - what all the programs do alike.
 *
 * getopt_long is the one thing here that is not POSIX; glibc, musl, the BSDs
 * and macOS all have it.  Its own messages differ between them, so it is
 * kept quiet and ours are printed.
 */
#define _POSIX_C_SOURCE 200809L
#include "program.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM_VERSION "0.1"

static const uint64_t program_second_ns = 1000000000;
static const uint64_t program_longest_s = 10 * 366 * 86400;

/* Writes to standard output and ends the process, well if that worked. */
static _Noreturn void
program_say(struct record *r)
{
	int error = record_write(r, STDOUT_FILENO);

	record_free(r);
	exit(error == 0 ? PROGRAM_OK : PROGRAM_NO_OUTPUT);
}

static _Noreturn void
program_help(const struct program *p)
{
	struct record r = { .at = NULL };

	record_addf(&r, "usage: %s %s\n", p->name, p->synopsis);
	record_add(&r, p->help, strlen(p->help));
	program_say(&r);
}

static _Noreturn void
program_version(const struct program *p)
{
	struct record r = { .at = NULL };

	record_addf(&r, "%s (Spindle) %s\n", p->name, PROGRAM_VERSION);
	program_say(&r);
}

/* The line of options.[] with this value, or NULL. */
static const struct option *
program_find(const struct program *p, int value)
{
	for (const struct option *o = p->options; o->name != NULL; o++)
		if (o->val == value)
			return o;
	return NULL;
}

/* The option with the value of optopt was used in a wrong way. */
static _Noreturn void
program_misused(const struct program *p, const char *how)
{
	const struct option *o = program_find(p, optopt);

	if (optopt < PROGRAM_OPTION_HELP)
		program_usage(p, "option -%c %s", optopt, how);
	program_usage(p, "option --%s %s", o != NULL ? o->name : "?", how);
}

/* getopt_long did not understand: optopt tells which option, if known. */
static _Noreturn void
program_unknown(const struct program *p, char **argv)
{
	if (optopt == 0)
		program_usage(p, "unknown option %s", argv[optind - 1]);
	if (optopt >= PROGRAM_OPTION_HELP ||
	    strchr(p->letters, optopt) != NULL)
		program_misused(p, "takes no value");
	program_usage(p, "unknown option -%c", optopt);
}

int
program_option(const struct program *p, int argc, char **argv)
{
	int option;

	opterr = 0;
	option = getopt_long(argc, argv, p->letters, p->options, NULL);
	switch (option) {
	case PROGRAM_OPTION_HELP:
		program_help(p);
	case PROGRAM_OPTION_VERSION:
		program_version(p);
	case ':':
		program_misused(p, "needs a value");
	case '?':
		program_unknown(p, argv);
	default:
		return option;
	}
}

void
program_usage(const struct program *p, const char *format, ...)
{
	struct record r = { .at = NULL };
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	record_addf(&r, "%s: ", p->name);
	record_add_clean(&r, text, strlen(text));
	record_addf(&r, " (%s --help tells more)\n", p->name);
	(void)record_write(&r, STDERR_FILENO);
	exit(PROGRAM_USAGE);
}

/* Takes decimal digits, at least one; returns what follows or NULL. */
static const char *
program_digits(const char *text, uint64_t *number, int *error)
{
	*number = 0;
	*error = 0;
	if (*text < '0' || *text > '9')
		return NULL;
	for (; *text >= '0' && *text <= '9'; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (*number > (UINT64_MAX - digit) / 10)
			*error = -ERANGE;
		else
			*number = *number * 10 + digit;
	}
	return text;
}

int
program_parse_number(const char *text, uint64_t *number)
{
	int error;
	const char *end = program_digits(text, number, &error);

	if (end == NULL || *end != '\0')
		return -EINVAL;
	return error;
}

int
program_parse_seconds(const char *text, uint64_t *time_ns)
{
	uint64_t seconds = 0, fraction = 0, unit = program_second_ns;
	const char *end = text;
	int error = 0;

	if (*text != '.')
		end = program_digits(text, &seconds, &error);
	if (end == NULL || (end[0] == '.' && end == text && end[1] == '\0'))
		return -EINVAL;
	if (*end == '.')
		for (end++; *end >= '0' && *end <= '9'; end++) {
			unit /= 10;	/* 0 behind the ninth digit */
			fraction += unit * (uint64_t)(*end - '0');
		}
	if (*end != '\0')
		return -EINVAL;
	if (error != 0 || seconds > program_longest_s)
		return -ERANGE;
	*time_ns = seconds * program_second_ns + fraction;
	return 0;
}

uint64_t
program_number(const struct program *p, const char *option, const char *text,
    uint64_t min, uint64_t max)
{
	uint64_t number;

	if (program_parse_number(text, &number) != 0 || number < min ||
	    number > max)
		program_usage(p, "%s takes a number from %llu to %llu, not "
		    "\"%s\"", option, (unsigned long long)min,
		    (unsigned long long)max, text);
	return number;
}

uint64_t
program_seconds(const struct program *p, const char *option,
    const char *text)
{
	uint64_t time_ns;

	if (program_parse_seconds(text, &time_ns) != 0 || time_ns == 0)
		program_usage(p, "%s takes a time in seconds, such as 2.5, "
		    "not \"%s\"", option, text);
	return time_ns;
}

void
program_fail(const struct program *p, const char *subject, size_t len,
    const char *category, const char *what)
{
	struct record r = { .at = NULL };

	record_addf(&r, "%s: ", p->name);
	record_add_clean(&r, subject, len);
	record_addf(&r, ": %s: ", category);
	record_add_clean(&r, what, strlen(what));
	record_add(&r, "\n", 1);
	(void)record_write(&r, STDERR_FILENO);
	record_free(&r);
}

void
program_warn(const struct program *p, const char *subject, const char *what)
{
	struct record r = { .at = NULL };

	record_addf(&r, "%s: ", p->name);
	record_add_clean(&r, subject, strlen(subject));
	record_add(&r, ": ", 2);
	record_add_clean(&r, what, strlen(what));
	record_add(&r, "\n", 1);
	(void)record_write(&r, STDERR_FILENO);
	record_free(&r);
}

_Noreturn void
program_exit(const struct program *p, enum program_status status,
    const char *subject, const char *what)
{
	program_warn(p, subject, what);
	exit((int)status);
}
