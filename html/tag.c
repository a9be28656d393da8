/*
 * tag.c - from a name to an element; see tag.h.
 *
 * The first eight letters, as a number, times a factor that was searched for,
 * tell where to look: no two elements look in the same place.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tag.h"

#include "tag_data.h"

bool
html_tag_same(const char *at, size_t len, const char *word, size_t word_len)
{
	if (len != word_len)
		return false;
	while (len > 0 && html_tag_lower((unsigned char)at[len - 1]) ==
	    (unsigned char)word[len - 1])
		len--;
	return len == 0;
}

/* Eight bytes as one number, the first the lowest, on any machine. */
static inline uint64_t
html_tag_load(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;

	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	    (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	    (uint64_t)p[7] << 56;
}

/* Up to eight letters, made lower case and packed. */
static inline uint64_t
html_tag_word(const char *name, size_t len, size_t room)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t word = 0, low, upper;
	size_t i;

	if (room >= 8)
		word = html_tag_load(name);
	for (i = 0; room < 8 && i < len; i++)
		word |= (uint64_t)(unsigned char)name[i] << 8 * i;
	if (len < 8)
		word &= ((uint64_t)1 << 8 * len) - 1;
	/* In each byte the top bit tells: ASCII, 'A' or more, not over 'Z'. */
	low = word & ones * 0x7F;
	upper = ~word & (low + ones * (0x80 - 'A')) &
	    ~(low + ones * (0x7F - 'Z')) & ones * 0x80;
	return word | upper >> 2;
}

/* The hash of a name that is none of ours (FNV-1a). */
static uint32_t
html_tag_hash(const char *name, size_t len)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ html_tag_lower((unsigned char)name[i])) *
		    16777619u;
	return hash | 0x80000080u;
}

const struct html_tag *
html_tag_find(const char *name, size_t len, size_t room, uint32_t *hash)
{
	uint64_t word = html_tag_word(name, len, room);
	const struct html_tag *tag = &html_tag_all[html_tag_slots[
	    word * HTML_TAG_FACTOR >> HTML_TAG_SLOT_SHIFT]];

	*hash = tag->id;
	if (tag->word == word && tag->len == len && (len <= 8 ||
	    html_tag_same(name, len, tag->name, tag->len)))
		return tag;
	*hash = html_tag_hash(name, len);
	return &html_tag_all[0];
}

const struct html_tag *
html_tag_of(enum html_tag_id id)
{
	return &html_tag_all[id];
}
