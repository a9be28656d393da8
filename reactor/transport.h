/*
 * transport.h - protocols and transports: how bytes meet the code that
 * understands them.
 *
 *       the kernel
 *           | bytes                   ^ bytes
 *           v                         |
 *       transport  -- data_received -> protocol (yours)
 *           ^                         |
 *           +---- transport_write ----+
 *
 * A protocol is a table of functions and is embedded in your own struct.  A
 * transport (TCP, UNIX, an inherited descriptor, TLS) belongs to the
 * reactor, which frees it right after connection_lost or connect_failed.
 *
 * Received bytes lie in one buffer that the whole reactor shares, so an
 * idle connection owns none.  data_received says how many it used; only an
 * unused rest is kept for its connection.
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
 * What a protocol does.  The life of one connection:
 *
 *      connection_made  data_received*  [read_closed]  connection_lost
 *   or connect_failed
 *
 * The last call of either line comes exactly once, and nothing after it;
 * the protocol may free itself there.  No function is called from within a
 * call of transport_*: always from the loop.
 */
struct protocol_ops {
	/* The connection stands: protocol->transport may be written to. */
	void (*connection_made)(struct protocol *);

	/*
	 * len > 0 bytes, borrowed until the function returns: first those
	 * that were left unused, then new ones.  Returns how many were used.
	 * The rest is shown again with the next bytes; after a resume even
	 * without; and once more at the end of the stream.
	 */
	size_t (*data_received)(struct protocol *, const char *at,
	    size_t len);

	/*
	 * The connection is gone.  reason is 0 after an orderly end (the
	 * peer's, or transport_lose_connection), -ECONNABORTED after
	 * transport_abort_connection, -EMSGSIZE for a rest beyond its limit,
	 * -ETIMEDOUT for a time limit, else the negative errno.
	 * transport_* may be called and does nothing.
	 */
	void (*connection_lost)(struct protocol *, int reason);

	/* ---- the rest may be NULL ---- */

	/*
	 * For protocols that connect: there is no connection; error is a
	 * negative errno, -ECANCELED after transport_abort_connection.
	 * Without this function connection_lost is told instead.
	 */
	void (*connect_failed)(struct protocol *, int error);

	/*
	 * The peer sends no more, but may still read.  Without this function
	 * the end of file flushes what is written and closes.
	 */
	void (*read_closed)(struct protocol *);

	/* The unsent bytes have passed the high water mark: write less. */
	void (*write_paused)(struct protocol *);

	/* They have come down to the low water mark: go on. */
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
 * Sends len bytes, or keeps a copy of what the kernel does not take now.
 * Errors are told by connection_lost alone.  After the connection is lost
 * or being closed, nothing happens.
 */
void transport_write(struct transport *, const void *at, size_t len);

/* The same for up to 16 pieces that need not lie side by side. */
void transport_writev(struct transport *, const struct iovec *pieces,
    int count);

/* Bytes written and not yet taken by the kernel. */
size_t transport_unsent(const struct transport *);

/*
 * Reads no more, sends what was written, then closes; connection_lost
 * follows with reason 0.  An accepted connection lingers: it sends FIN and
 * drops what still comes, for a short time, so that the peer gets to read
 * the last answer before a reset could destroy it.
 */
void transport_lose_connection(struct transport *);

/* Drops everything and resets; connection_lost: -ECONNABORTED. */
void transport_abort_connection(struct transport *);

/* Sends what was written, once connected, and then FIN; reading goes on. */
void transport_half_close(struct transport *);

/* Calls data_received no more until resumed.  Calls do not nest. */
void transport_pause_reading(struct transport *);

/* Goes on; an unused rest is shown again, even without new bytes. */
void transport_resume_reading(struct transport *);

/*
 * Loses the connection with -ETIMEDOUT when for so long no byte was
 * received or sent; 0, the default, means never.
 */
void transport_set_timeout(struct transport *, uint64_t timeout_ns);

/* How large an unused rest may be, in bytes; 64 KiB by default. */
void transport_set_leftover_limit(struct transport *, size_t limit);

/*
 * Marks for write_paused (unsent above `high`) and write_resumed (at `low`
 * or below); 64 KiB and 0 by default.
 */
void transport_set_water_marks(struct transport *, size_t low, size_t high);

/*
 * Gives the connection to another protocol, which gets all later calls; an
 * unused rest goes along.  The old one hears nothing more.
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

/* The functions above, as a transport implements them. */
struct transport_ops {
	void (*writev)(struct transport *, const struct iovec *, int count);
	size_t (*unsent)(const struct transport *);
	void (*lose_connection)(struct transport *);
	void (*abort_connection)(struct transport *);
	void (*half_close)(struct transport *);
	void (*pause_reading)(struct transport *);
	void (*resume_reading)(struct transport *);
	void (*protocol_changed)(struct transport *);
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
