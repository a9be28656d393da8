/*
 * failure.c - the kinds, and which of them an error number is.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http_failure.h"

#include "../defer/deferred.h"
#include "body.h"
#include "head.h"
#include "inflate.h"
#include "request.h"
#include "url.h"

#include <errno.h>

const struct defer_failure_kind http_failure = {"http", NULL};
const struct defer_failure_kind http_bad_url = {"bad-url", &http_failure};
const struct defer_failure_kind http_timeout = {"timeout", &http_failure};
const struct defer_failure_kind http_reset = {"reset", &http_failure};
const struct defer_failure_kind http_tls = {"tls", &http_failure};
const struct defer_failure_kind http_bad_response = {
    "bad-response", &http_failure};
const struct defer_failure_kind http_too_large = {"too-large", &http_failure};
const struct defer_failure_kind http_too_many_redirects = {
	"too-many-redirects", &http_failure
};
const struct defer_failure_kind http_bad_status = {"status", &http_failure};

/* Whose error numbers there are; and the kind that most of them are. */
static const struct {
	const char *(*words)(int error);
	const struct defer_failure_kind *kind;
} http_failure_sources[] = {
	{ http_url_strerror, &http_bad_url },
	{ http_request_strerror, &http_failure },
	{ http_head_strerror, &http_bad_response },
	{ http_body_strerror, &http_bad_response },
	{ http_inflate_strerror, &http_bad_response }
};

const struct defer_failure *
http_failure_of(int error, const char *doing)
{
	size_t count = sizeof(http_failure_sources) /
	    sizeof(http_failure_sources[0]);
	const struct defer_failure_kind *kind = &http_bad_response;
	const char *words = NULL;

	for (size_t i = 0; words == NULL && i < count; i++) {
		words = http_failure_sources[i].words(error);
		kind = http_failure_sources[i].kind;
	}
	switch (error) {
	case -ENOMEM:
		return &defer_failure_no_memory;
	case -ECANCELED:
		return &deferred_was_cancelled;
	case -ENOTSUP:
		words = "a coding that is not understood";
		break;
	case -EMSGSIZE:
		words = "longer than allowed";
		/* FALLTHROUGH */
	case HTTP_HEAD_E_LARGE:
	case HTTP_HEAD_E_FIELDS:
	case HTTP_BODY_E_EXTRA:
		kind = &http_too_large;
		break;
	case HTTP_BODY_E_TRUNCATED:
	case HTTP_INFLATE_E_TRUNCATED:
		kind = &http_reset;
		break;
	default:
		break;
	}
	return defer_failure_new(kind, "%s: %s", doing,
	    words != NULL ? words : "failed");
}
