/*
 * connection_read.h - what a connection does with the bytes that come.
 */
#ifndef HTTP_CONNECTION_READ_H
#define HTTP_CONNECTION_READ_H

#include <stddef.h>

struct http_connection;

/* data_received of a connection: returns how many bytes it used. */
size_t http_connection_read(struct http_connection *, const char *at,
    size_t len);

#endif
