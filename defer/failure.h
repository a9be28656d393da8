/*
 * failure.h - why there is no value: a kind, words, and a cause.
 *
 * The kind is the address of a constant, and may have a parent.  There is no
 * central list of error numbers: each module declares its own kinds, and a
 * reader asks as precisely as needed:
 *
 *      const struct failure_kind dns_failure = {"dns", NULL};
 *      const struct failure_kind dns_no_server = {"no-dns", &dns_failure};
 *
 *      failure_is(f, &dns_failure)     any trouble with names
 *      failure_is(f, &dns_no_server)   just this one
 *
 * A failure never changes once others see it and may have many owners; a
 * `const struct failure *` is one reference.  Making one cannot fail: when
 * memory is out, it is that which becomes the failure.
 */
#ifndef DEFER_FAILURE_H
#define DEFER_FAILURE_H

#include "result.h"

#include <stdbool.h>
#include <stddef.h>

/* Constants; two kinds are the same if their addresses are. */
struct failure_kind {
	const char *name;			/* one word, for people */
	const struct failure_kind *parent;	/* the wider kind, or NULL */
};

/*
 * Read its members, and change none.  One may also be declared as a constant
 * with just a kind and a message (refs 0): it is never freed, and costs no
 * memory to fail with.
 */
struct failure {
	const struct failure_kind *kind;
	const char *message;		/* what happened; no end of line */
	const struct failure *cause;	/* what led to it, or NULL */
	struct result detail;		/* what the kind says, or nothing */
	long code;			/* a number that the kind defines */
	unsigned refs;			/* private; 0: a constant */
};

/* Memory is out.  Its one failure is a constant. */
extern const struct failure_kind failure_out_of_memory;
extern const struct failure failure_no_memory;

/*
 * A new failure, whose message is formatted as printf does (any length).
 * Never NULL: without memory it is &failure_no_memory.
 */
const struct failure *failure_new(const struct failure_kind *kind,
    const char *format, ...);

/*
 * To be used by its maker only, before anybody else has it; each returns f.
 * On &failure_no_memory they only free what they are given.  The cause and
 * the detail become the failure's own.
 */
const struct failure *failure_set_code(const struct failure *f, long code);
const struct failure *failure_set_cause(const struct failure *f,
    const struct failure *cause);
const struct failure *failure_set_detail(const struct failure *f,
    struct result detail);

/* One more reference; returns f. */
const struct failure *failure_ref(const struct failure *f);

/* Gives up one reference.  NULL is allowed. */
void failure_release(const struct failure *f);

/* True if f is of that kind, or of one below it.  NULL is of none. */
bool failure_is(const struct failure *f, const struct failure_kind *kind);

/*
 * The first of that kind among f, its cause, the cause's cause and so on;
 * borrowed from f; NULL if there is none.
 */
const struct failure *failure_find(const struct failure *f,
    const struct failure_kind *kind);

/*
 * Writes "kind: message, because kind: message ..." and a NUL, cut to size.
 * Returns how long the text is when it is not cut, as snprintf does.
 */
size_t failure_describe(const struct failure *f, char *text, size_t size);

#endif
