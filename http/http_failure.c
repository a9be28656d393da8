/*
 * http_failure.c - the kinds, and which of them an error number is.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http_failure.h"

#include "../defer/control.h"
#include "body.h"
#include "head.h"
#include "inflate.h"
#include "request.h"
#include "url.h"

#include <errno.h>
#include <stddef.h>

const struct defer_failure_kind http_failure = {"http", NULL};
const struct defer_failure_kind http_bad_url = {"bad-url", &http_failure};
const struct defer_failure_kind http_timeout = {"timeout", &http_failure};
const struct defer_failure_kind http_reset = {"reset", &http_failure};
const struct defer_failure_kind http_tls = {"tls", &http_failure};
const struct defer_failure_kind http_bad_response = {
    "bad-response", &http_failure};
const struct defer_failure_kind http_too_large = {"too-large", &http_failure};
const struct defer_failure_kind http_too_many_redirects = {
    "too-many-redirects", &http_failure};
const struct defer_failure_kind http_bad_status = {"status", &http_failure};

/* Who has words for an error number, and the kind that most of them are. */
static const struct {
	const char *(*words)(int error);
	const struct defer_failure_kind *kind;
} http_failure_sources[] = {
	{ http_url_strerror, &http_bad_url },
	{ http_request_strerror, &http_failure },
	{ http_head_strerror, &http_bad_response },
	{ http_body_strerror, &http_bad_response },
	{ http_inflate_strerror, &http_bad_response },
};

/* Numbers of another kind, or without words in the sources above. */
static const struct {
	int error;
	const struct defer_failure_kind *kind;
	const char *words;		/* NULL: a source has them */
} http_failure_others[] = {
	{ HTTP_HEAD_E_LARGE, &http_too_large, NULL },
	{ HTTP_HEAD_E_FIELDS, &http_too_large, NULL },
	{ HTTP_BODY_E_EXTRA, &http_too_large, NULL },
	{ HTTP_BODY_E_TRUNCATED, &http_reset, NULL },
	{ HTTP_INFLATE_E_TRUNCATED, &http_reset, NULL },
	{ -EMSGSIZE, &http_too_large, "longer than allowed" },
	{ -ENOTSUP, &http_bad_response, "a coding that is not understood" },
};

const struct defer_failure *
http_failure_of(int error, const char *doing)
{
	size_t sources = sizeof(http_failure_sources) /
	    sizeof(http_failure_sources[0]);
	size_t others = sizeof(http_failure_others) /
	    sizeof(http_failure_others[0]);
	const struct defer_failure_kind *kind = &http_bad_response;
	const char *words = NULL;

	if (error == -ENOMEM)
		return &defer_failure_no_memory;
	if (error == -ECANCELED)
		return &deferred_was_cancelled;
	for (size_t i = 0; words == NULL && i < sources; i++) {
		words = http_failure_sources[i].words(error);
		kind = http_failure_sources[i].kind;
	}
	for (size_t i = 0; i < others; i++)
		if (http_failure_others[i].error == error) {
			kind = http_failure_others[i].kind;
			if (words == NULL)
				words = http_failure_others[i].words;
		}
	if (words == NULL)
		words = "failed";
	return doing == NULL ? defer_failure_new(kind, "%s", words) :
	    defer_failure_new(kind, "%s: %s", doing, words);
}
