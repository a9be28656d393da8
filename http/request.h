/*
 * request.h - writes the head of a request (RFC 9112, section 3).
 *
 * What goes out is what the caller gave, or nothing: a byte that could end
 * the line and begin another field is refused, never mended.
 *
 * Copy: request.h request.c head.h head.c body.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why a request was not written.  Outside the numbers of errno. */
enum http_request_error {
	HTTP_REQUEST_E_METHOD = -2401,	/* method is not a token */
	HTTP_REQUEST_E_NAME = -2402,	/* field name is not a token */
	HTTP_REQUEST_E_VALUE = -2403,	/* control character in a value */
	HTTP_REQUEST_E_FRAMING = -2404,	/* field that the members decide */
	HTTP_REQUEST_E_HOST = -2405,	/* Host given twice */
	HTTP_REQUEST_E_LENGTH = -2406,	/* head too long */
	HTTP_REQUEST_E_TARGET = -2407	/* blank or control character in it */
};

/* A field of the caller's; both texts are borrowed. */
struct http_request_field {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};

/* What to ask for; everything in it is borrowed during the call. */
struct http_request {
	const char *method;	/* a token such as GET; case counts */
	size_t method_len;
	const char *target;	/* RFC 9112, section 3.2; often a path */
	size_t target_len;
	const char *authority;	/* for Host: name and port; may be empty */
	size_t authority_len;
	/*
	 * More fields.  User-Agent, Accept, Accept-Encoding and Host are
	 * written in any case: those given here replace the usual ones.
	 * Content-Length, Transfer-Encoding and Connection are refused, since
	 * the members below decide them.
	 */
	const struct http_request_field *fields;
	size_t field_count;
	bool close;		/* asks the server to close afterwards */
	bool has_body;		/* writes Content-Length: body_len */
	uint64_t body_len;
	/* Fields of this one request: each replaces all in `fields` that have
	 * its name, and stands behind the others. */
	const struct http_request_field *extra;
	size_t extra_count;
	bool absolute;		/* for a proxy: the target as http://... */
};

/*
 * Can these fields be sent with every request?  0, or the enum
 * http_request_error that http_request_write would return.
 */
int http_request_check(const struct http_request_field *, size_t count);

/*
 * Writes the head into the `room` bytes at `to`, not NUL-terminated, and
 * returns its length.  If that is more than `room`, what is at `to` is of no
 * use: try again with as much.  Or an enum http_request_error.
 */
int http_request_write(const struct http_request *, char *to, size_t room);

/* What an enum http_request_error says, a constant; else NULL. */
const char *http_request_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
