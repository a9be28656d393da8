/*
 * transport.h - protocols and transports: how bytes meet the code that
 * understands them.
 *
 *       the kernel
 *           | bytes                   ^ bytes
 *           v                         |
 *       transport -- data_received --> protocol (yours)
 *           ^                         |
 *           +---- transport_write ----+
 *
 * A protocol is a table of functions and is embedded in your own struct.  A
 * transport is one connection: TCP, UNIX, an inherited descriptor, TLS.  It
 * belongs to the reactor, which frees it right after connection_lost or
 * connect_failed.
 *
 * Received bytes lie in one buffer that the whole reactor shares, so an
 * idle connection owns none.  data_received says how many it used.  The
 * others are the leftover: they alone are kept for their connection, and
 * are shown again.
 *
 * Copy: transport.h transport.c address.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_TRANSPORT_H
#define REACTOR_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "address.h"

#ifdef __cplusplus
extern "C" {
#endif

struct protocol;
struct reactor;
struct transport;

/*
 * What a protocol does.  The calls in the life of one connection:
 *
 *      connection_made  data_received ...  [read_closed]  connection_lost
 *   or connect_failed
 *
 * The last call of either line comes exactly once, and no call after it: the
 * protocol may free itself there.  All calls come from the loop, never from
 * inside a call of transport_*.
 */
struct protocol_ops {
	/* The connection is there: write to protocol->transport, say. */
	void (*connection_made)(struct protocol *);

	/*
	 * len > 0 bytes, borrowed until the function returns: first the
	 * leftover of the last call, then new ones.  Returns how many were
	 * used.  What is left over now is shown again with the next bytes;
	 * after transport_resume_reading even without new ones; and once
	 * more at the end of the stream.
	 */
	size_t (*data_received)(struct protocol *, const char *at,
	    size_t len);

	/*
	 * The connection is gone.  reason is 0 after an orderly end (the
	 * peer's, or transport_lose_connection), -ECONNABORTED after
	 * transport_abort_connection, -EMSGSIZE for a leftover beyond its
	 * limit, -ETIMEDOUT for a time limit, else the negative errno.
	 * transport_* may be called and does nothing.
	 */
	void (*connection_lost)(struct protocol *, int reason);

	/* ---- these may be NULL ---- */

	/*
	 * For protocols that connect: there is no connection.  error is a
	 * negative errno, -ECANCELED after transport_lose_connection or
	 * transport_abort_connection.  Without this function connection_lost
	 * is called instead.
	 */
	void (*connect_failed)(struct protocol *, int error);

	/*
	 * The peer sends no more, but may still read.  Without this function
	 * the end of file flushes what is written and closes.
	 */
	void (*read_closed)(struct protocol *);

	/* The unsent bytes have passed the high water mark: write less. */
	void (*write_paused)(struct protocol *);

	/*
	 * They have come down to the low water mark: write on.  Also when
	 * the peer reads no more, and what was unsent is dropped.
	 */
	void (*write_resumed)(struct protocol *);
};

/* What a user's struct embeds. */
struct protocol {
	const struct protocol_ops *ops;	/* set by who makes the protocol */
	struct transport *transport;	/* set by the reactor; it lives until
					   the last call has returned */
};

/* ---- what every transport can do ---- */

/*
 * Sends len bytes, or keeps a copy of what the kernel does not take now and
 * of all that is written before the connection is there.  An error is told
 * by connection_lost; if it says that the peer reads no more (-EPIPE,
 * -ECONNRESET), after all that had come from the peer was shown.  Does
 * nothing once the connection is lost or closing.
 */
void transport_write(struct transport *, const void *at, size_t len);

/* The same for at most 16 pieces that need not lie side by side. */
void transport_writev(struct transport *, const struct iovec *pieces,
    int count);

/* Bytes written and not yet taken by the kernel. */
size_t transport_unsent(const struct transport *);

/*
 * Reads no more, sends what was written, then closes; connection_lost
 * follows with reason 0.  Before the connection is there it is given up, and
 * what was written is dropped: connect_failed with -ECANCELED.  An accepted
 * connection lingers: it sends FIN and drops what still comes, for a short
 * time, so that the peer gets to read the last answer before a reset could
 * destroy it.
 */
void transport_lose_connection(struct transport *);

/* Drops everything and resets; connection_lost: -ECONNABORTED. */
void transport_abort_connection(struct transport *);

/* Sends what was written, once connected, and then FIN; reading goes on. */
void transport_half_close(struct transport *);

/*
 * Calls data_received no more until resumed, nor read_closed: what has come
 * is told in its order.  To pause twice is as once.
 */
void transport_pause_reading(struct transport *);

/* Goes on.  The leftover is shown again, even without new bytes. */
void transport_resume_reading(struct transport *);

/*
 * Loses the connection with -ETIMEDOUT when for so long no byte was
 * received or sent; 0, the default, means never.
 */
void transport_set_timeout(struct transport *, uint64_t timeout_ns);

/*
 * How large the leftover may be, in bytes; 64 KiB by default.  No more is
 * received than fits, and one byte: so a protocol that uses a message of up
 * to `limit` bytes whenever it sees a whole one keeps the limit.
 */
void transport_set_leftover_limit(struct transport *, size_t limit);

/*
 * Marks for write_paused (unsent above `high`) and write_resumed (at `low`
 * or below); 64 KiB and 0 by default.
 */
void transport_set_water_marks(struct transport *, size_t low, size_t high);

/*
 * Gives the connection to another protocol, which gets the leftover and all
 * later calls.  The old one is called no more.
 */
void transport_set_protocol(struct transport *, struct protocol *);

/* The two ends, numeric.  Negative errno when the connection is gone. */
int transport_local_address(struct transport *, struct reactor_address *);
int transport_remote_address(struct transport *, struct reactor_address *);

/*
 * Why the connection was lost, in words, for connection_lost and
 * connect_failed; borrowed until that call returns.  More than
 * reactor_strerror where the transport knows more (TLS).
 */
const char *transport_reason(struct transport *);

/* ---- how a transport is made: for those who write one ---- */

/*
 * The functions above, as a transport implements them.  protocol_changed is
 * called by transport_set_protocol, when t->protocol is the new one, and
 * marks_changed, which may be NULL, when the water marks are.
 */
struct transport_ops {
	void (*writev)(struct transport *, const struct iovec *, int count);
	size_t (*unsent)(const struct transport *);
	void (*lose_connection)(struct transport *);
	void (*abort_connection)(struct transport *);
	void (*half_close)(struct transport *);
	void (*pause_reading)(struct transport *);
	void (*resume_reading)(struct transport *);
	void (*protocol_changed)(struct transport *);
	void (*marks_changed)(struct transport *);
	void (*set_timeout)(struct transport *, uint64_t timeout_ns);
	int (*local_address)(struct transport *, struct reactor_address *);
	int (*remote_address)(struct transport *, struct reactor_address *);
	const char *(*reason)(struct transport *);
};

/* What every transport begins with. */
struct transport {
	const struct transport_ops *ops;
	struct protocol *protocol;
	size_t leftover_limit, low_water, high_water;	/* as they were set */
};

#ifdef __cplusplus
}
#endif

#endif
