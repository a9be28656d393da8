/*
 * bare_tls.c - the bytes of the bare client, by TLS: libssl reads and writes
 * the descriptor itself (SSL_set_fd), and reads ahead, so that a record costs
 * one recv.  The server's certificate is verified; the last session that came
 * is given to each new connection.
 *
 * Needs libssl's headers (Debian: libssl-dev).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bare.h"

static SSL_CTX *wire_ctx;
static SSL_SESSION *wire_session;

/* Ends the program unless ok is 1, which libssl says if all is well. */
static void
wire_check(int ok, const char *what)
{
	if (ok == 1)
		return;
	fprintf(stderr, "bare_tls: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

/* The server gave a session: the newest is kept. */
static int
wire_keep(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	SSL_SESSION_free(wire_session);
	wire_session = session;
	return 1;
}

void
bare_wire_init(const char *ca, const char *host)
{
	signal(SIGPIPE, SIG_IGN);
	wire_ctx = SSL_CTX_new(TLS_client_method());
	wire_check(wire_ctx != NULL, "SSL_CTX_new");
	wire_check(ca != NULL && SSL_CTX_load_verify_locations(wire_ctx, ca,
	    NULL), "-t must name certificates to trust");
	wire_check(X509_VERIFY_PARAM_set1_ip_asc(
	    SSL_CTX_get0_param(wire_ctx), host), host);
	SSL_CTX_set_verify(wire_ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_read_ahead(wire_ctx, 1);
	SSL_CTX_set_session_cache_mode(wire_ctx,
	    SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(wire_ctx, wire_keep);
}

/* After a return of n <= 0: true if it only has to wait. */
static bool
wire_wait(SSL *ssl, int n)
{
	int error = SSL_get_error(ssl, n);

	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

static SSL *
wire_new(int fd)
{
	SSL *ssl = SSL_new(wire_ctx);

	wire_check(ssl != NULL, "SSL_new");
	wire_check(SSL_set_fd(ssl, fd), "SSL_set_fd");
	if (wire_session != NULL)
		wire_check(SSL_set_session(ssl, wire_session), "session");
	SSL_set_connect_state(ssl);
	return ssl;
}

bool
bare_wire_make(struct bare_peer *p)
{
	int n;

	if (p->tls == NULL)
		p->tls = wire_new(p->fd);
	ERR_clear_error();
	n = SSL_do_handshake(p->tls);
	wire_check(n == 1 || wire_wait(p->tls, n), "handshake");
	return n == 1;
}

void
bare_wire_send(struct bare_peer *p, const char *at, size_t len)
{
	ERR_clear_error();
	wire_check(SSL_write(p->tls, at, (int)len) == (int)len, "SSL_write");
}

ssize_t
bare_wire_recv(struct bare_peer *p, char *at, size_t room)
{
	int n;

	ERR_clear_error();
	n = SSL_read(p->tls, at, (int)room);
	if (n <= 0)
		wire_check(wire_wait(p->tls, n), "SSL_read");
	return n > 0 ? n : -1;
}

bool
bare_wire_pending(struct bare_peer *p)
{
	return p->tls != NULL && SSL_has_pending(p->tls);
}

void
bare_wire_close(struct bare_peer *p)
{
	SSL_shutdown(p->tls);	/* says close_notify, waits for nothing */
	SSL_free(p->tls);
	p->tls = NULL;
	close(p->fd);
}
