/*
 * program.c - lines on standard output and standard error, exit statuses.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../reactor/words.h"

const char *
program_variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* They are opened the wrong way round: reading or writing fails as before. */
void
program_hold_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)open("/dev/null", fd == STDIN_FILENO ?
			    O_WRONLY : O_RDONLY);
}

void
program_say(struct record *r)
{
	int error = record_write(r, STDOUT_FILENO);

	record_free(r);
	exit(error == 0 ? PROGRAM_OK : PROGRAM_NO_OUTPUT);
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

void
program_fail(const struct program *p, const char *subject, size_t len,
    const char *category, const char *what)
{
	struct record r = { .at = NULL };

	record_addf(&r, "%s: ", p->name);
	record_add_clean(&r, subject, len);
	if (category != NULL)
		record_addf(&r, ": %s", category);
	record_add(&r, ": ", 2);
	record_add_clean(&r, what, strlen(what));
	record_add(&r, "\n", 1);
	(void)record_write(&r, STDERR_FILENO);
	record_free(&r);
}

void
program_warn(const struct program *p, const char *subject, const char *what)
{
	program_fail(p, subject, strlen(subject), NULL, what);
}

void
program_check(const struct program *p, enum program_status status,
    const char *subject, int error)
{
	if (error == 0)
		return;
	program_warn(p, subject, reactor_strerror(error));
	exit((int)status);
}

int
program_open_output(const struct program *p, const char **name)
{
	int fd;

	if (*name == NULL || strcmp(*name, "-") == 0) {
		*name = "standard output";
		return STDOUT_FILENO;
	}
	fd = open(*name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	program_check(p, PROGRAM_NO_OUTPUT, *name, fd < 0 ? -errno : 0);
	return fd;
}

void
program_empty_output(const struct program *p, const char *name, int fd)
{
	struct stat s;

	if (fd == STDOUT_FILENO || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode))
		return;
	program_check(p, PROGRAM_NO_OUTPUT, name,
	    ftruncate(fd, 0) != 0 ? -errno : 0);
}

void
program_check_output(const struct program *p, const char *name, int error)
{
	if (error == -EPIPE)
		exit(PROGRAM_NO_OUTPUT);
	program_check(p, PROGRAM_NO_OUTPUT, name, error);
}
