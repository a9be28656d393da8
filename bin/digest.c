/*
 * digest.c - FNV-1a, and the last step of splitmix64, which spreads what
 * differs little over all bits.  These numbers must never change: machines
 * with different versions share lists by them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "digest.h"

uint64_t
digest_add(uint64_t digest, const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		digest = (digest ^ (unsigned char)at[i]) *
		    UINT64_C(1099511628211);
	return digest;
}

uint64_t
digest_end(uint64_t digest)
{
	digest = (digest ^ (digest >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	digest = (digest ^ (digest >> 27)) * UINT64_C(0x94D049BB133111EB);
	return digest ^ (digest >> 31);
}
