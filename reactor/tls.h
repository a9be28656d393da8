/*
 * tls.h - TLS connections, as client and as server: a transport over another
 * transport.
 *
 *       protocol (yours)
 *           ^                  |
 *           | data_received    | transport_write        plaintext
 *       TLS: a transport for yours, and a protocol for the one below
 *           ^                  |
 *           | data_received    | transport_write        records
 *       stream (TCP, UNIX)
 *
 * All that transport.h promises holds for it.  Where TLS is different from a
 * socket:
 *
 * - connection_made comes after the handshake: certificate and name have been
 *   verified.  If that fails, connect_failed is called (connection_lost for
 *   a protocol without that function, also of a server), with an error of
 *   tls_settings.h.
 * - The end of the stream is close_notify, a record that nobody can forge.
 *   End of file without it is an end that somebody may have made: the
 *   connection is lost with REACTOR_TLS_E_TRUNCATED, after all that came
 *   before was shown.
 * - transport_half_close sends close_notify and FIN.  Reading goes on, but
 *   many peers take it for the end of both directions.
 * - The peer may send records that no protocol asked for, so a client lingers
 *   like a server: transport_lose_connection waits, for a short time, for the
 *   peer's end.
 * - transport_unsent counts plaintext before the handshake, records after it.
 * - The idle time of transport_set_timeout is that of the connection below.
 *
 * Copy: tls.h tls.c tls_engine.h tls_engine.c tls_words.h tls_words.c
 *     tls_settings.h tls_settings.c tls_library.h tls_library.c stream.h
 *     stream.c buffer.h buffer.c transport.h transport.c address.h address.c
 *     words.h words.c CORE(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_TLS_H
#define REACTOR_TLS_H

#include "tls_settings.h"
#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who is at the other end; all zero for a server.  Copied. */
struct reactor_tls_peer {
	const char *host;	/* a name, without port, or a numeric address;
				   its certificate must be for this */
	size_t host_len;
	uint16_t port;		/* for which sessions are kept */
	uint64_t timeout_ns;	/* of the handshake; 0: 30 s */
};

/*
 * Makes TLS for a protocol, over a connection that is still to be made:
 *
 *	below = reactor_tls_wrap(settings, &peer, &mine);
 *	error = reactor_connect(reactor, &address, NULL, below);
 *
 * The protocol that it returns is for one call of reactor_connect or
 * reactor_adopt_socket, or to be returned by a factory's build_protocol.  Its
 * protocol (yours) gets the TLS transport at once.  What it writes before
 * the handshake is done is kept, as for any transport; other functions of
 * transport.h may be called as soon as the connection below is begun.
 *
 * NULL when there is no memory.  Where the connection below could not be
 * begun, reactor_tls_discard frees what was made.
 */
struct protocol *reactor_tls_wrap(struct reactor_tls_settings *,
    const struct reactor_tls_peer *, struct protocol *);

/* Frees what reactor_tls_wrap returned and no transport was made for. */
void reactor_tls_discard(struct protocol *below);

/*
 * Starts TLS on a connection that is open, and may have carried plaintext
 * (STARTTLS, a proxy's CONNECT).  To be called by the protocol that has it,
 * also from within its functions.  From now on the old protocol is called no
 * more; the new one gets the TLS transport, and connection_made when the
 * handshake is done.  What the old one left over is taken for the first
 * bytes of TLS, and what it has written goes out before.
 *
 * `below` may be any transport but one of TLS: settings have one place for
 * records on their way.
 *
 * 0, or -ENOMEM, and then nothing has changed.
 */
int reactor_tls_start(struct reactor_tls_settings *,
    const struct reactor_tls_peer *, struct transport *below,
    struct protocol *);

/*
 * Fills in the facts (tls_settings.h) of a transport of this module; texts
 * are borrowed until the connection is lost.  False, and nothing is filled
 * in, for another transport, or before the handshake is done.
 */
bool reactor_tls_facts(
    const struct transport *, struct reactor_tls_facts *);

#ifdef __cplusplus
}
#endif

#endif
