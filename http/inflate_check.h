/*
 * inflate_check.h - the checksums of gzip and zlib, a piece at a time.
 */
#ifndef HTTP_INFLATE_CHECK_H
#define HTTP_INFLATE_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 (RFC 1952, section 8) of what gave `crc`, at first 0, and these. */
uint32_t http_inflate_crc(uint32_t crc, const unsigned char *at, size_t len);

/* Adler-32 (RFC 1950, section 9) likewise; at first 1. */
uint32_t http_inflate_adler(uint32_t adler, const unsigned char *at,
    size_t len);

#endif
