/*
 * descriptor.h - inherited descriptors (standard input and output, pipes,
 * terminals, files) as transports.
 *
 * Other processes share their flags, so they are never made non-blocking.
 * They are read when they are readable, and written when they are writable,
 * at most PIPE_BUF bytes at once: a writable pipe takes so much without
 * blocking.  Regular files count as ready.  A write to a pipe that nobody
 * reads raises SIGPIPE; the program must ignore that to be told -EPIPE.
 *
 * Copy: descriptor.h descriptor.c stream.h stream.c buffer.h buffer.c
 *     transport.h transport.c address.h address.c words.h words.c
 *     CORE(reactor)
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
 * Makes a transport of a descriptor to read from, which is closed at the end
 * if close_it is true.  connection_made comes from the loop, and the end of
 * file is told as on every transport.
 * 0, -ENOMEM, or -EEXIST when it is watched already: adopt a dup(2) of it.
 * After an error the descriptor stays open, and the protocol is not called.
 */
int reactor_adopt_input(struct reactor *, int fd, bool close_it,
    struct protocol *);

/*
 * The same for a descriptor to write to: data_received is never called.
 * That a pipe has no reader any more is noticed by the next write:
 * connection_lost says -EPIPE.
 */
int reactor_adopt_output(struct reactor *, int fd, bool close_it,
    struct protocol *);

#ifdef __cplusplus
}
#endif

#endif
