/*
 * failure.c - the kinds, and which of them an error number is.
 */
#include "failure.h"

#include "../defer/deferred.h"
#include "body.h"
#include "head.h"
#include "inflate.h"
#include "request.h"
#include "url.h"

#include <errno.h>

const struct failure_kind http_failure = {"http", NULL};
const struct failure_kind http_bad_url = {"bad-url", &http_failure};
const struct failure_kind http_timeout = {"timeout", &http_failure};
const struct failure_kind http_reset = {"reset", &http_failure};
const struct failure_kind http_tls = {"tls", &http_failure};
const struct failure_kind http_bad_response = {"bad-response", &http_failure};
const struct failure_kind http_too_large = {"too-large", &http_failure};
const struct failure_kind http_too_many_redirects = {
	"too-many-redirects", &http_failure
};
const struct failure_kind http_bad_status = {"status", &http_failure};

/* The words for an error number of any file of this folder, or NULL. */
static const char *
http_failure_words(int error)
{
	const char *(*const ask[])(int) = {
		http_url_strerror, http_head_strerror, http_body_strerror,
		http_inflate_strerror, http_request_strerror,
	};
	const char *words = NULL;

	for (size_t i = 0; i < sizeof(ask) / sizeof(ask[0]); i++)
		if (words == NULL)
			words = ask[i](error);
	return words;
}

static const struct failure_kind *
http_failure_kind_of(int error)
{
	if (http_url_strerror(error) != NULL)
		return &http_bad_url;
	if (http_request_strerror(error) != NULL)
		return &http_failure;
	switch (error) {
	case HTTP_HEAD_E_LARGE:
	case HTTP_HEAD_E_FIELDS:
	case HTTP_BODY_E_EXTRA:
	case -EMSGSIZE:
		return &http_too_large;
	case HTTP_BODY_E_TRUNCATED:
	case HTTP_INFLATE_E_TRUNCATED:
		return &http_reset;
	default:
		return &http_bad_response;
	}
}

const struct failure *
http_failure_of(int error, const char *doing)
{
	const char *words = http_failure_words(error);

	if (error == -EMSGSIZE)
		words = "longer than allowed";
	if (error == -ENOTSUP)
		words = "a coding that is not understood";
	if (error == -ENOMEM)
		return &failure_no_memory;
	if (error == -ECANCELED)
		return &deferred_was_cancelled;
	return failure_new(http_failure_kind_of(error), "%s: %s", doing,
	    words != NULL ? words : "failed");
}
