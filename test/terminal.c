/*
 * terminal.c - runs a program at a terminal of its own, and prints what it
 * shows there, with its line ends (CR LF).
 *
 *      terminal PROGRAM ARGUMENT ...
 *
 * Ends as the program ends; with 77 where there are no terminals.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TERMINAL_NONE = 77 };

/* In the new process: the terminal is all that it has. */
static void
terminal_run(const char *name, char **argv)
{
	int fd;

	setsid();
	fd = open(name, O_RDWR);
	for (int i = 0; i < 3; i++)
		if (dup2(fd, i) < 0)
			_exit(TERMINAL_NONE);
	execv(argv[0], argv);
	_exit(127);
}

/* Copies until the program has gone: then a read fails, or finds no more. */
static void
terminal_copy(int fd)
{
	char piece[4096];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0)
		if (write(STDOUT_FILENO, piece, (size_t)n) != n)
			return;
}

int
main(int argc, char **argv)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY), status = 0;
	pid_t pid;

	if (argc < 2 || fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0)
		return TERMINAL_NONE;
	pid = fork();
	if (pid == 0)
		terminal_run(ptsname(fd), argv + 1);
	if (pid < 0)
		return TERMINAL_NONE;
	terminal_copy(fd);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
}
