/*
 * tunnel.h - a connection of TLS through a proxy: CONNECT (RFC 9110, section
 * 9.3.6).
 *
 *      resolve, connect ---> the proxy
 *      CONNECT example.org:443 ---> 200
 *      handshake of TLS, with example.org, through the proxy
 *      connection_made ---> yours
 *
 * The proxy sees the host's name and port, and how much is sent when; and
 * nothing of what is said, as long as the certificate is verified.
 *
 * Copy: tunnel.h tunnel.c proxy.h proxy.c credentials.h credentials.c
 *     http_failure.h http_failure.c sink.h idna.h idna.c idna_data.h url.h
 *     url.c request.h request.c head.h head.c body.h body.c inflate.h
 *     inflate.c
 *     ALL(reactor) ALL(defer) ALL(dns)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_TUNNEL_H
#define HTTP_TUNNEL_H

#include "../defer/deferred.h"
#include "../dns/dns_connect.h"
#include "proxy.h"
#include "sink.h"
#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Connects a protocol to the host of an https URL, through a proxy; `tls` of
 * the options is needed.  All else is as with dns_connect, but that the time
 * limit is one for the way to the proxy, and one for all that follows.
 *
 * The messages of its failures begin with "proxy".  The proxy's name may not
 * be found, nor a connection made: these are dns_connect's.  The proxy may
 * refuse: http_bad_status, with the status as code and no detail.  It may talk
 * no sense or break off: http_bad_response, http_reset, http_timeout.  And the
 * handshake may fail: dns_connect_tls, dns_connect_timeout.
 *
 * The watcher, which may be NULL, is shown what the proxy is asked and what it
 * answers.  The URL is only read during the call; proxy and watcher must stay,
 * as the protocol.
 */
struct deferred *http_tunnel_connect(struct dns_resolver *,
    const struct http_proxy *, const struct http_url *,
    const struct dns_connect_options *, struct http_watcher *,
    struct protocol *);

/*
 * The failure to connect to a proxy, from that of dns_connect, which it takes
 * and whose kind, code and cause it has: its message says that it is the
 * proxy's.
 */
const struct defer_failure *http_tunnel_proxy_failure(
    const struct http_proxy *, const struct defer_failure *);

#ifdef __cplusplus
}
#endif

#endif
