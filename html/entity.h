/*
 * entity.h - character references (HTML 13.2.5.72 to 80).
 *
 * Copy along: entity_data.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_ENTITY_H
#define HTML_ENTITY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a reference stands for: one or two code points; the second is 0 for
 * most.
 */
struct html_entity {
	uint32_t first, second;
};

/*
 * Reads the reference that begins at `at`, behind its '&'; all that belongs
 * to it must be among the len bytes.  `in_value` asks for the rule of
 * attributes, where "&copy=1" is no reference.  Returns the bytes used, or 0
 * when the '&' stands for itself.
 */
size_t html_entity_read(struct html_entity *entity, const char *at,
    size_t len, int in_value);

#ifdef __cplusplus
}
#endif

#endif
