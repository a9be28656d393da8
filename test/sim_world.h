/*
 * sim_world.h - the insides of the simulated world, for its own files.
 *
 * The world is a queue of events, ordered by time: a segment arrives, a
 * datagram arrives, a connection is answered.  Files (what a descriptor
 * refers to) live until the world ends, so an event never dangles.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_SIM_WORLD_H
#define SPINDLE_TEST_SIM_WORLD_H

#include "sim.h"

enum { SIM_FDS = 2048, SIM_HOSTS = 16, SIM_QUEUE = 64, SIM_PIPE_BUF = 512 };

/* What a descriptor can refer to. */
enum sim_type {
	SIM_TCP,
	SIM_LISTENER,
	SIM_UDP,
	SIM_PIPE_READ,
	SIM_PIPE_WRITE,
	SIM_RESERVE
};

/* Bytes that have arrived. */
struct sim_bytes {
	char *at;
	size_t len, capacity;
};

/* A datagram that has arrived. */
struct sim_datagram {
	struct reactor_address from;
	size_t len;
	char *at;
};

/* An open file. */
struct sim_file {
	enum sim_type type;
	struct sim_file *next;		/* of all files of the world */
	bool open;			/* a descriptor refers to it */
	int family;
	struct reactor_address local, remote;	/* len 0: none */
	struct sim_file *peer;		/* TCP, pipe: the other end */
	struct sim_bytes received;
	size_t in_flight;		/* bytes on their way to here */
	uint64_t last_arrival_ns;	/* segments to here keep their order */
	int error;			/* SO_ERROR, positive */
	bool connecting, connected, fin_received, fin_sent, reset;
	bool reset_on_close;
	int syn_tries;
	/* Listener: connections to accept.  UDP: datagrams to receive. */
	int backlog;
	size_t queue_len;
	struct sim_file *pending[SIM_QUEUE];
	struct sim_datagram datagrams[SIM_QUEUE];
};

struct sim_event;
typedef void sim_event_fn(struct sim *, struct sim_event *);

/* Something that will happen to a file. */
struct sim_event {
	uint64_t at_ns, serial;
	sim_event_fn *happen;
	struct sim_file *file;		/* to which it happens */
	struct sim_file *other;
	struct reactor_address from, to;
	size_t len;
	char *at;			/* freed after it happened */
};

/* The world. */
struct sim {
	struct reactor_system system;		/* first: recovered by a cast */
	struct sim_options options;
	uint64_t now_ns, state, serial;
	struct sim_event **events;	/* a binary heap */
	size_t event_count, event_capacity;
	struct sim_file *files;
	struct sim_file *fds[SIM_FDS];
	struct poller_watch *watches[SIM_FDS];	/* by descriptor */
	unsigned wants[SIM_FDS];
	int open_fds, highest_fd;
	unsigned refused;	/* descriptors, by chance */
	uint16_t next_port;
	uint64_t waits;
	struct {
		struct reactor_address at;
		enum sim_host fate;
	} hosts[SIM_HOSTS];
	size_t host_count;
	struct sim_witness *witness;	/* or NULL */
	FILE *trace;			/* NULL: none */
	struct reactor_trace reactor_trace;
	struct reactor_event last_event;	/* that the reactor told of */
	char first_violation[160];
	unsigned overflows;	/* datagrams that a full queue has lost */
};

/* ---- sim.c: chance, time, descriptors ---- */

/* A one-way delay. */
uint64_t sim_latency(struct sim *);

/* Notes how a call for a descriptor ended: with a count, or an errno. */
void sim_note_call(struct sim *, const char *what, int fd, ssize_t result);

/* A rule is broken; the first one is kept. */
void sim_violate(struct sim *, const char *format, ...);

/* Plans an event; `bytes` (or NULL) are copied. */
struct sim_event *sim_plan(struct sim *, uint64_t at_ns, sim_event_fn *,
    struct sim_file *, const void *bytes, size_t len);

/* The time of the next event, or UINT64_MAX. */
uint64_t sim_next_event_ns(const struct sim *);

/* Lets all happen that is due. */
void sim_let_happen(struct sim *);

/* The world of a system table that is called: what is due happens first. */
struct sim *sim_of(const struct reactor_system *);

/* A new file, and a descriptor for one: the lowest, -EMFILE or -ENFILE. */
struct sim_file *sim_file_new(struct sim *, enum sim_type, int family);
int sim_fd_new(struct sim *, struct sim_file *);

/* The file of a descriptor if it is of that type, else NULL (-EBADF). */
struct sim_file *sim_file_of(struct sim *, int fd, enum sim_type);

/* What becomes of packets to an address. */
enum sim_host sim_fate(const struct sim *, const struct reactor_address *);

/* Appends to what was received. */
void sim_bytes_append(struct sim_bytes *, const char *at, size_t len);

/* Frees them. */
void sim_bytes_free(struct sim_bytes *);

/* Moves up to `len` bytes out. */
size_t sim_bytes_take(struct sim_bytes *, char *at, size_t len);

/* Whether a file bound to `bound` gets what is sent to `to`. */
bool sim_is_bound_to(const struct sim_file *, const struct reactor_address *to);

/* Port 0 of an address becomes one that was not used before. */
void sim_choose_port(struct sim *, struct reactor_address *);

/* Gives a file an address with a port nobody has, if it has none. */
void sim_bind_any(struct sim *, struct sim_file *);

/* ---- the system table: sim_system.c, sim_tcp.c and sim_udp.c ---- */

/* Fills in the functions for all, for streams, or for datagrams. */
void sim_fill(struct reactor_system *);
void sim_tcp_fill(struct reactor_system *);
void sim_tcp_fill_listen(struct reactor_system *);
void sim_udp_fill(struct reactor_system *);

/* Bytes that fit into a pipe, of which this is the end that is written. */
size_t sim_pipe_room(const struct sim *, const struct sim_file *);

/* What connect(2) does for streams. */
int sim_tcp_connect(
    struct sim *, struct sim_file *, const struct reactor_address *);

/* A reset travels to a file; and FIN, unless it has. */
void sim_tcp_send_reset(struct sim *, struct sim_file *to);
void sim_tcp_send_fin(struct sim *, struct sim_file *);

/* When the next segment to a file arrives: in order. */
uint64_t sim_tcp_arrival(struct sim *, struct sim_file *to);

/* What close(2) does to the connection. */
void sim_tcp_close(struct sim *, struct sim_file *);
void sim_listener_close(struct sim *, struct sim_file *);

/* POLLER_READ and POLLER_WRITE; *hung_up: error or both ways closed. */
unsigned sim_readiness(const struct sim *, const struct sim_file *,
    bool *hung_up);

#endif
