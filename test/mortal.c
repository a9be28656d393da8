/*
 * mortal.c - runs a program that dies when a file has so many bytes, or whose
 * disk is full then.
 *
 *      mortal kill BYTES FILE PROGRAM ARGUMENT ...
 *      mortal cut BYTES FILE PROGRAM ARGUMENT ...
 *      mortal full BYTES FILE PROGRAM ARGUMENT ...
 *
 * `kill` is SIGKILL soon after FILE has come to this size.  `cut` is death in
 * the middle of the write(2) that would go beyond it: the system writes as many
 * bytes as are allowed and then kills by SIGXFSZ.  With `full` that write fails
 * with an errno instead, as on a full disk.  These two hold for every file that
 * the program writes.  The exit status is that of PROGRAM, or 137 where it was
 * killed.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MORTAL_WRONG = 125, MORTAL_KILLED = 137 };

/* Becomes the program, with a limit on the size of files if there is one. */
static void
mortal_become(const char *how, rlim_t bytes, char **argv)
{
	struct rlimit limit = { .rlim_cur = bytes, .rlim_max = bytes };
	struct rlimit no_core = { .rlim_cur = 0, .rlim_max = 0 };

	if (strcmp(how, "kill") != 0 &&
	    (setrlimit(RLIMIT_CORE, &no_core) != 0 ||
	    setrlimit(RLIMIT_FSIZE, &limit) != 0))
		_exit(MORTAL_WRONG);
	signal(SIGXFSZ, strcmp(how, "full") == 0 ? SIG_IGN : SIG_DFL);
	execv(argv[0], argv);
	_exit(MORTAL_WRONG);
}

/* Waits until the file has so many bytes; true if the child has ended. */
static int
mortal_ended(pid_t child, const char *file, off_t bytes, int *status)
{
	const struct timespec nap = { .tv_nsec = 100000 };
	struct stat s;

	while (stat(file, &s) != 0 || s.st_size < bytes) {
		if (waitpid(child, status, WNOHANG) == child)
			return 1;
		nanosleep(&nap, NULL);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	int status = 0;
	long bytes = argc > 4 ? atol(argv[2]) : -1;
	pid_t child = bytes >= 0 ? fork() : -1;

	if (child < 0)
		return MORTAL_WRONG;
	if (child == 0)
		mortal_become(argv[1], (rlim_t)bytes, argv + 4);
	if (strcmp(argv[1], "kill") != 0) {
		if (waitpid(child, &status, 0) != child)
			return MORTAL_WRONG;
	} else if (!mortal_ended(child, argv[3], bytes, &status)) {
		kill(child, SIGKILL);
		if (waitpid(child, &status, 0) != child)
			return MORTAL_WRONG;
	}
	return WIFSIGNALED(status) ? MORTAL_KILLED : WEXITSTATUS(status);
}
