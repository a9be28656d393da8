/*
 * system_config.h - the two files that tell a host how names are looked up.
 *
 * The only place in dns/ that touches the file system, and meant to be
 * called once, before the loop runs: it waits for the disk.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_SYSTEM_CONFIG_H
#define DNS_SYSTEM_CONFIG_H

#include "config.h"
#include "hosts.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Reads a resolv.conf (usually /etc/resolv.conf).  A file that is missing or
 * cannot be read says nothing; where no server is named, it is the one on
 * this host, 127.0.0.1.  -ENOMEM.
 */
int dns_system_config(struct dns_config *, const char *path);

/* Reads a hosts file (usually /etc/hosts) in the same way. */
int dns_system_hosts(struct dns_hosts *, const char *path);

#ifdef __cplusplus
}
#endif

#endif
