/*
 * rude.c - a server of TLS 1.3 that does what no server should: it makes its
 * handshake by libssl, and then records by hand.
 *
 *	cc -o rude test/tls/rude.c -lssl -lcrypto
 *	rude CERTIFICATE KEY		prints its port
 *
 * A client says in its first line what is to be done to it:
 *
 *	bytes N		answers with N records of one byte
 *	empty N		with N empty records, then "done"
 *	alert N		with alert N, as fatal
 *	warning N	with alert N, as a warning
 *	type N		with a record of type N
 *	garbage N	with a record of N bytes that was never encrypted
 *	handshake N	with a handshake message of type N
 *	keys N		with N changes of the key, each with a byte
 *	tickets N	with N tickets, then "done"
 *	cut N		with N bytes, and an end of file
 *
 * What ends well ends with close_notify.  It serves one client at a time
 * until it is killed.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ALERT = 21, HANDSHAKE = 22, DATA = 23, SECRET = 32 };

/* A connection, and the keys of what the server sends. */
struct rude {
	SSL *ssl;
	int fd;
	unsigned char secret[SECRET];
	unsigned char key[16], iv[12];
	unsigned long sequence;
};

static struct rude rude;

static void
rude_must(int held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "rude: %s\n", what);
	exit(1);
}

/* ---- records by hand ---- */

/* HKDF-Expand-Label (RFC 8446, section 7.1), one block of it. */
static void
rude_expand(const char *label, unsigned char *out, size_t len)
{
	unsigned char info[64], block[SECRET];
	unsigned block_len = sizeof(block);
	int used = snprintf((char *)info + 3, sizeof(info) - 5, "tls13 %s",
	    label);

	info[0] = 0;
	info[1] = (unsigned char)len;
	info[2] = (unsigned char)used;
	info[used + 3] = 0;
	info[used + 4] = 1;
	rude_must(HMAC(EVP_sha256(), rude.secret, SECRET, info,
	    (size_t)used + 5, block, &block_len) != NULL, "HMAC");
	memcpy(out, block, len);
}

/* libssl tells its secrets in lines of text. */
static void
rude_keys(const SSL *ssl, const char *line)
{
	const char *at = strrchr(line, ' ') + 1;
	unsigned byte;
	int i;

	(void)ssl;
	if (strncmp(line, "SERVER_TRAFFIC_SECRET_0 ", 24) != 0)
		return;
	for (i = 0; i < SECRET; i++) {
		rude_must(sscanf(at + i * 2, "%2x", &byte) == 1, "a secret");
		rude.secret[i] = (unsigned char)byte;
	}
	rude_expand("key", rude.key, sizeof(rude.key));
	rude_expand("iv", rude.iv, sizeof(rude.iv));
	rude.sequence = 0;
}

static void
rude_write(const void *at, size_t len)
{
	const char *from = at;
	ssize_t n;

	while (len > 0) {
		n = write(rude.fd, from, len);
		if (n <= 0)
			return;		/* the client has had enough */
		from += n;
		len -= (size_t)n;
	}
}

/* An encrypted record (RFC 8446, section 5.2). */
static void
rude_record(int type, const void *content, size_t len)
{
	unsigned char record[1024], nonce[12], inner[512];
	size_t body = len + 1 + 16;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n, i;

	record[0] = DATA;
	record[1] = record[2] = 3;
	record[3] = (unsigned char)(body >> 8);
	record[4] = (unsigned char)body;
	memcpy(inner, content, len);
	inner[len] = (unsigned char)type;
	memcpy(nonce, rude.iv, sizeof(nonce));
	for (i = 0; i < 8; i++)
		nonce[11 - i] ^= (unsigned char)(rude.sequence >> i * 8);
	rude.sequence++;
	rude_must(EVP_EncryptInit_ex(
	    c, EVP_aes_128_gcm(), NULL, rude.key, nonce) == 1 &&
	    EVP_EncryptUpdate(c, NULL, &n, record, 5) == 1 &&
	    EVP_EncryptUpdate(c, record + 5, &n, inner, (int)len + 1) == 1 &&
	    EVP_EncryptFinal_ex(c, record + 5 + n, &n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16,
	    record + 5 + len + 1) == 1, "encryption");
	EVP_CIPHER_CTX_free(c);
	rude_write(record, 5 + body);
}

static void
rude_alert(int level, long number)
{
	unsigned char alert[] = {
		(unsigned char)level, (unsigned char)number
	};

	rude_record(ALERT, alert, sizeof(alert));
}

/* ---- what it does ---- */

static void
rude_empty(long count)
{
	while (count-- > 0)
		rude_record(DATA, "", 0);
	rude_record(DATA, "done\n", 5);
	rude_alert(1, 0);
}

static void
rude_garbage(long count)
{
	unsigned char head[] = { DATA, 3, 3, 0, (unsigned char)count };

	rude_write(head, sizeof(head));
	while (count-- > 0)
		rude_write("x", 1);
}

static void
rude_handshake(long type)
{
	unsigned char message[] = { (unsigned char)type, 0, 0, 4, 1, 2, 3, 4 };

	rude_record(HANDSHAKE, message, sizeof(message));
}

/* What libssl itself can do, a little at a time. */
static void
rude_politely(const char *what, long count)
{
	int keys = strcmp(what, "keys") == 0;
	int tickets = strcmp(what, "tickets") == 0;

	for (; count > 0; count--) {
		if (tickets)
			SSL_new_session_ticket(rude.ssl);
		if (keys)
			SSL_key_update(rude.ssl, SSL_KEY_UPDATE_REQUESTED);
		if (SSL_write(rude.ssl, "x", 1) <= 0)
			return;
	}
	if (strcmp(what, "cut") == 0)
		return;
	SSL_write(rude.ssl, "done\n", 5);
	SSL_shutdown(rude.ssl);
}

static void
rude_do(const char *what, long n)
{
	if (strcmp(what, "empty") == 0)
		rude_empty(n);
	else if (strcmp(what, "alert") == 0)
		rude_alert(2, n);
	else if (strcmp(what, "warning") == 0)
		rude_alert(1, n);
	else if (strcmp(what, "type") == 0)
		rude_record((int)n, "hello", 5);
	else if (strcmp(what, "garbage") == 0)
		rude_garbage(n);
	else if (strcmp(what, "handshake") == 0)
		rude_handshake(n);
	else
		rude_politely(what, n);
}

/* Until the client closes too, so that no reset destroys an answer. */
static void
rude_drain(void)
{
	char dropped[4096];

	shutdown(rude.fd, SHUT_WR);
	while (read(rude.fd, dropped, sizeof(dropped)) > 0)
		;
}

static void
rude_serve(SSL_CTX *context)
{
	char line[64] = "", what[16];
	long n;

	rude.ssl = SSL_new(context);
	SSL_set_fd(rude.ssl, rude.fd);
	if (SSL_accept(rude.ssl) == 1 &&
	    SSL_read(rude.ssl, line, sizeof(line) - 1) > 0 &&
	    sscanf(line, "%15s %ld", what, &n) == 2) {
		rude_do(what, n);
		rude_drain();
	}
	SSL_free(rude.ssl);
}

static SSL_CTX *
rude_context(const char *certificate, const char *key)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	rude_must(c != NULL &&
	    SSL_CTX_use_certificate_chain_file(c, certificate) == 1 &&
	    SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM) == 1 &&
	    SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) == 1 &&
	    SSL_CTX_set_ciphersuites(c, "TLS_AES_128_GCM_SHA256") == 1 &&
	    SSL_CTX_set_num_tickets(c, 0) == 1, "a context");
	SSL_CTX_set_keylog_callback(c, rude_keys);
	return c;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	SSL_CTX *context;

	rude_must(argc == 3, "CERTIFICATE KEY");
	context = rude_context(argv[1], argv[2]);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	rude_must(bind(listener, (struct sockaddr *)&at, len) == 0 &&
	    listen(listener, 64) == 0 &&
	    getsockname(listener, (struct sockaddr *)&at, &len) == 0,
	    "a port");
	signal(SIGPIPE, SIG_IGN);
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	while ((rude.fd = accept(listener, NULL, NULL)) >= 0) {
		rude_serve(context);
		close(rude.fd);
	}
	return 1;
}
