/*
 * wire.h - the messages between scraper and its worker processes: what is to
 * be done, and what came of it.
 *
 *	scraper -- WIRE_URL, WIRE_LOOK, WIRE_PING ----> worker
 *	scraper <-- WIRE_DONE, WIRE_REQUEST, WIRE_PONG -- worker
 *
 * A message is a head of fixed size, and then its three texts.  Both ends are
 * one program on one machine, so numbers are as the machine has them.  All
 * the same nothing in a message is believed: a worker may have been misled by
 * what it has read from the network.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_WIRE_H
#define BIN_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../http/journal.h"
#include "category.h"
#include "record.h"

/* Most bytes of a detail, which is cut there, of a text, and of a request. */
enum {
	WIRE_DETAIL_MAX = 4096, WIRE_TEXT_MAX = 67108864,
	WIRE_REQUEST_MAX = 65536
};

/* What a message says. */
enum wire_kind {
	WIRE_URL,		/* the text is a URL, to be scraped */
	WIRE_LOOK,		/* tell what is in flight */
	WIRE_PING,		/* say that you are there: WIRE_PONG */
	WIRE_PONG,
	WIRE_DONE,		/* what came of a URL; the text is its record */
	WIRE_REQUEST		/* a request and its answer are over */
};

/* The head of a message, as it is sent.  Sizes are in bytes. */
struct wire_head {
	uint32_t kind;		/* enum wire_kind */
	uint32_t id;		/* of a URL, and of its WIRE_DONE */
	uint32_t category_len, detail_len, text_len;
	uint32_t failed;	/* 1: there was no memory for the text */
	/* What --stats counts; connections made since the last message. */
	uint64_t requests, answers, connections, bytes, elapsed_ns;
};

/* A message, to be sent or as it was received. */
struct wire_message {
	struct wire_head head;		/* sizes and `failed` are filled in */
	const char *category;		/* NULL: all went well */
	const char *detail;		/* NULL: as ""; received, never NULL */
	const struct record *text;	/* NULL: none */
};

/* Adds a message to those that are to be sent. */
void wire_add(struct record *out, const struct wire_message *);

/*
 * Adds a WIRE_REQUEST.  Its times need no change at the other end: the
 * monotonic clock is one for all processes of a machine.
 */
void wire_add_request(struct record *out, const struct http_journal_entry *);

/* What takes messages out of a stream of bytes.  All zero at first. */
struct wire_reader {
	/*
	 * Told of each message.  It is borrowed until the function returns,
	 * but the text's record may be taken: put an empty one in its place.
	 * Without memory for a text that record has `failed` set.
	 */
	void (*message)(struct wire_reader *, const struct wire_message *,
	    struct record *text);

	/*
	 * Told of each WIRE_REQUEST instead, which is borrowed.  Its numbers
	 * are such that no sum of its times overflows.  NULL: none may come.
	 */
	void (*request)(struct wire_reader *,
	    const struct http_journal_entry *);

	/* private */
	struct wire_head head;
	size_t got;			/* bytes of the message */
	char category[CATEGORY_TEXT];
	char detail[WIRE_DETAIL_MAX + 1];
	struct record text;
};

/*
 * Takes any piece of the stream.  0; or -EBADMSG for what is no message, or
 * -ENOMEM for a request: then nothing more can be read of this stream.
 */
int wire_feed(struct wire_reader *, const char *at, size_t len);

/* Frees the memory. */
void wire_free(struct wire_reader *);

#endif
