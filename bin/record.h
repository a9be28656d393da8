/*
 * record.h - one record of output: built up in memory, written at once.
 *
 * A record that leaves with a single write(2), of at most PIPE_BUF bytes, is
 * not torn apart by others that write to the same pipe.  And a record is
 * where text from the network becomes harmless: no title can move a
 * terminal's cursor, start a new line, or turn the direction of what follows.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_RECORD_H
#define BIN_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bytes to be written.  All zero is an empty record; its memory is kept for
 * the next one.  Once memory has run out, nothing more is added, and
 * record_write says so.
 */
struct record {
	char *at;		/* read only; not NUL-terminated */
	size_t len;		/* read only */
	size_t room;		/* private */
	bool failed;		/* read only: memory has run out */
};

/* Adds len bytes as they are. */
void record_add(struct record *, const char *at, size_t len);

/* Adds text of our own, up to its NUL. */
void record_add_text(struct record *, const char *text);

/* Adds a number in decimal digits. */
void record_add_number(struct record *, uint64_t);

/*
 * Adds what printf(3) would print; for text of our own only.  What every
 * record has is better added piece by piece: this costs a microsecond.
 */
void record_addf(struct record *, const char *format, ...);

/*
 * Adds text from elsewhere.  Control characters (C0, DEL, C1), line
 * separators, characters that change the direction of writing, and each
 * malformed piece of UTF-8 become U+FFFD.
 */
void record_add_clean(struct record *, const char *at, size_t len);

/*
 * The same, for a value that is one of a line: a tab or a line end, which
 * would divide or end it, becomes a blank.
 */
void record_add_value(struct record *, const char *at, size_t len);

/*
 * Adds text from elsewhere as a JSON string with its quotes (RFC 8259,
 * section 7).  What record_add_clean would replace is written as \u
 * followed by its number, so nothing is lost but malformed UTF-8.
 */
void record_add_json(struct record *, const char *at, size_t len);

/*
 * Writes the record to a blocking descriptor and empties it, also in
 * failure.  0, -ENOMEM, or an errno of write(2).
 */
int record_write(struct record *, int fd);

/* Frees the memory; the record is empty and may be used again. */
void record_free(struct record *);

#endif
