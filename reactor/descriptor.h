/*
 * descriptor.h - inherited descriptors (standard input and output, pipes,
 * terminals, files) as transports.
 *
 * Other processes share their flags, so they are never made non-blocking:
 * they are read only when ready, and written when writable, at most
 * PIPE_BUF bytes at once, which a writable pipe takes without blocking.
 * Regular files count as ready.  Writing to a pipe that nobody reads raises
 * SIGPIPE, which the program must ignore to be told -EPIPE instead.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_DESCRIPTOR_H
#define REACTOR_DESCRIPTOR_H

#include <stdbool.h>

#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Makes a transport of a descriptor to read from.  It is not closed at the
 * end unless close_it; the end of file is told as on every transport.
 */
int reactor_adopt_input(struct reactor *, int fd, bool close_it,
    struct protocol *);

/*
 * Makes a transport of a descriptor to write to; data_received is never
 * called.  When its readers have gone: connection_lost with -EPIPE.
 */
int reactor_adopt_output(struct reactor *, int fd, bool close_it,
    struct protocol *);

#ifdef __cplusplus
}
#endif

#endif
