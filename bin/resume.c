/*
 * resume.c - reads the beginning of each line, and keeps a set of hashes.
 *
 * URLs are compared as JSON has them, so nothing need be decoded.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "resume.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"

enum { RESUME_FIRST_ROOM = 1024, RESUME_PIECE = 65536 };

/* With this each record begins. */
static const char resume_front[] = "{\"url\":\"";

/* ---- the set ---- */

/* The hash of a text; 0 is that of no text. */
static uint64_t
resume_hash(uint64_t digest)
{
	uint64_t hash = digest_end(digest);

	return hash != 0 ? hash : 1;
}

/* The place of a hash, or the free one where it belongs. */
static uint64_t *
resume_place(const struct resume *r, uint64_t hash)
{
	size_t i = (size_t)hash & (r->room - 1);

	while (r->hashes[i] != 0 && r->hashes[i] != hash)
		i = (i + 1) & (r->room - 1);
	return &r->hashes[i];
}

/* Doubles the places: 0 or -ENOMEM. */
static int
resume_grow(struct resume *r)
{
	struct resume old = *r;

	r->room = r->room > 0 ? 2 * r->room : RESUME_FIRST_ROOM;
	r->hashes = calloc(r->room, sizeof(*r->hashes));
	if (r->hashes == NULL) {
		*r = old;
		return -ENOMEM;
	}
	for (size_t i = 0; i < old.room; i++)
		if (old.hashes[i] != 0)
			*resume_place(r, old.hashes[i]) = old.hashes[i];
	free(old.hashes);
	return 0;
}

/* 0 or -ENOMEM. */
static int
resume_add(struct resume *r, uint64_t hash)
{
	uint64_t *place;

	if (r->count >= r->room / 4 * 3 && resume_grow(r) < 0)
		return -ENOMEM;
	place = resume_place(r, hash);
	r->count += *place == 0;
	*place = hash;
	return 0;
}

/* ---- the file ---- */

/* One byte of a line whose URL is not complete; not the line's end. */
static void
resume_read(struct resume *r, char c)
{
	size_t front = strlen(resume_front), column = r->column++;

	if (column == 0)
		r->digest = DIGEST_BEGIN;
	if (column < front) {
		r->other = c != resume_front[column];
	} else if (c == '"' && !r->escaped) {
		r->closed = true;
	} else {
		r->escaped = c == '\\' && !r->escaped;
		r->digest = digest_add(r->digest, &c, 1);
	}
}

/* A line is over: 0 or -ENOMEM. */
static int
resume_end_line(struct resume *r)
{
	int error = r->closed ? resume_add(r, resume_hash(r->digest)) : 0;

	r->column = 0;
	r->other = r->escaped = r->closed = false;
	return error;
}

int
resume_feed(struct resume *r, const char *at, size_t len)
{
	const char *end = at + len;
	int error = 0;

	while (at < end && error == 0) {
		/* Of most of a line nothing is wanted but its end. */
		if (r->other || r->closed)
			at = memchr(at, '\n', (size_t)(end - at));
		if (at == NULL)
			return 0;
		if (*at == '\n')
			error = resume_end_line(r);
		else
			resume_read(r, *at);
		at++;
	}
	return error;
}

/* Reads all of the file; *end is where its last whole line ends. */
static int
resume_load(struct resume *r, int fd, off_t *end)
{
	char *piece = malloc(RESUME_PIECE);
	int error = piece == NULL ? -ENOMEM : 0;
	off_t at = 0;
	ssize_t n = 1;

	while (error == 0 && n != 0) {
		n = read(fd, piece, RESUME_PIECE);
		if (n < 0 && errno != EINTR)
			error = -errno;
		for (ssize_t i = n; i > 0 && *end <= at; i--)
			if (piece[i - 1] == '\n')
				*end = at + i;
		if (n > 0 && error == 0)
			error = resume_feed(r, piece, (size_t)n);
		at += n > 0 ? n : 0;
	}
	free(piece);
	return error;
}

/* Locks, reads and mends it: 0 or a negative errno. */
static int
resume_take(struct resume *r, int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat s;
	off_t end = 0;
	int error;

	if (fstat(fd, &s) != 0)
		return -errno;
	if (!S_ISREG(s.st_mode))
		return -ESPIPE;
	if (fcntl(fd, F_SETLK, &lock) != 0)
		return -errno;
	error = resume_load(r, fd, &end);
	if (error == 0 && (ftruncate(fd, end) != 0 ||
	    lseek(fd, end, SEEK_SET) == -1))
		error = -errno;
	return error;
}

int
resume_open(struct resume *r, const char *file, int *fd)
{
	int error;

	*fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (*fd < 0)
		return -errno;
	error = resume_take(r, *fd);
	if (error == 0)
		return 0;
	resume_free(r);
	close(*fd);
	return error;
}

/* ---- who asks ---- */

bool
resume_has(struct resume *r, const char *url, size_t len)
{
	uint64_t hash;

	if (r->count == 0)
		return false;
	r->text.len = 0;
	record_add_json(&r->text, url, len);
	if (r->text.failed) {
		record_free(&r->text);
		return false;
	}
	/* Without the quotes. */
	hash = resume_hash(digest_add(DIGEST_BEGIN, r->text.at + 1,
	    r->text.len - 2));
	return *resume_place(r, hash) == hash;
}

void
resume_free(struct resume *r)
{
	free(r->hashes);
	record_free(&r->text);
	*r = (struct resume){ .hashes = NULL };
}
