/*
 * fuzz_replay.c - gives a fuzz target the inputs of its corpus, without a
 * fuzzer.
 *
 *	test/fuzz_x.replay		each file of test/corpus/x
 *	test/fuzz_x.replay FILE ...	these
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fuzz.h"

enum { REPLAY_MOST = 1 << 20, REPLAY_PATH = 4096 };

/* In memory that ends where the input does, so that tools see overruns. */
static void
replay_file(const char *path)
{
	static uint8_t bytes[REPLAY_MOST];
	FILE *f = fopen(path, "rb");
	size_t len;
	uint8_t *copy;

	check_case(path);
	if (!CHECK(f != NULL))
		return;
	len = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	copy = malloc(len > 0 ? len : 1);
	if (copy == NULL)
		abort();
	memcpy(copy, bytes, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

/* "test/fuzz_x.replay" has its corpus in "test/corpus/x". */
static void
replay_find_corpus(const char *program, char path[REPLAY_PATH])
{
	const char *slash = strrchr(program, '/');
	const char *base = slash != NULL ? slash + 1 : program;
	const char *name = strncmp(base, "fuzz_", 5) == 0 ? base + 5 : base;

	snprintf(path, REPLAY_PATH, "%.*scorpus/%.*s", (int)(base - program),
	    program, (int)strcspn(name, "."), name);
}

static void
replay_corpus(const char *program)
{
	char path[REPLAY_PATH], file[REPLAY_PATH + 300];
	struct dirent **entries;
	int i, count;

	replay_find_corpus(program, path);
	count = scandir(path, &entries, NULL, alphasort);
	for (i = 0; i < count; i++) {
		snprintf(file, sizeof(file), "%s/%s", path,
		    entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			replay_file(file);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		replay_file(argv[i]);
	if (argc <= 1)
		replay_corpus(argv[0]);
	return check_done();
}
