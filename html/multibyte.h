/*
 * multibyte.h - character sets of more than one byte, to UTF-8 and back.
 *
 * The work is done by iconv(3), where the C library has it.  Its tables are
 * not quite those of the Encoding Standard, so what differs is looked up in
 * multibyte_data.h first.  ISO-2022-JP is EUC-JP in other clothes, and decoded
 * as such.
 *
 * Copy: multibyte.h multibyte.c multibyte_data.h text.h text.c entity_data.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_MULTIBYTE_H
#define HTML_MULTIBYTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Most bytes of a letter that is encoded, with what leads to its mode. */
#define HTML_MULTIBYTE_MAX 8

/* The sets. */
enum html_multibyte_set {
	HTML_MULTIBYTE_NONE,
	HTML_MULTIBYTE_BIG5,
	HTML_MULTIBYTE_EUC_JP,
	HTML_MULTIBYTE_EUC_KR,
	HTML_MULTIBYTE_GBK,
	HTML_MULTIBYTE_GB18030,
	HTML_MULTIBYTE_ISO_2022_JP,
	HTML_MULTIBYTE_SHIFT_JIS
};

/* What bytes mean in ISO-2022-JP just now. */
enum html_multibyte_mode {
	HTML_MULTIBYTE_ASCII,
	HTML_MULTIBYTE_ROMAN,		/* but a yen sign and an overline */
	HTML_MULTIBYTE_KATAKANA,
	HTML_MULTIBYTE_KANJI		/* two bytes each */
};

/* A conversion; all zero is a closed one. */
struct html_multibyte {
	void *iconv;			/* an iconv_t; NULL: there is none */
	uint16_t *map;			/* the two bytes of each letter */
	enum html_multibyte_set set;
	enum html_multibyte_mode mode;
};

/*
 * Opens a conversion.  Returns false if the C library does not know the set.
 */
bool html_multibyte_open(struct html_multibyte *multibyte,
    enum html_multibyte_set set);

/*
 * Decodes up to *len bytes; in *len it says how many of them it has used, of
 * any 16 bytes at least one: what is left is the start of a character.  Bytes
 * that mean nothing become U+FFFD.  Returns how many bytes of UTF-8 there are
 * in `out`, which has room for at least 128.  The conversion must be open.
 */
size_t html_multibyte_decode(struct html_multibyte *multibyte, char *out,
    size_t room, const char *from, size_t *len);

/*
 * To be called once before the next two: decodes all pairs that there are, to
 * know which of them a letter is; not all libraries encode, and none quite as
 * the standard does.  It takes some 2 ms and 128 KiB.  Returns 0 or -ENOMEM.
 */
int html_multibyte_prepare(struct html_multibyte *multibyte);

/*
 * Encodes a letter as the standard's encoder does.  Returns how many bytes
 * there are in `out`, 0 when the set does not have the letter; nor has it,
 * here, what is four bytes in GB 18030.
 */
size_t html_multibyte_encode(struct html_multibyte *multibyte,
    char out[HTML_MULTIBYTE_MAX], uint32_t code);

/*
 * Goes back to ASCII, to be called at the end of what was encoded.  Returns
 * how many bytes there are in `out`, mostly 0.
 */
size_t html_multibyte_end(struct html_multibyte *multibyte,
    char out[HTML_MULTIBYTE_MAX]);

/* Closes a conversion; a second call does no harm. */
void html_multibyte_close(struct html_multibyte *multibyte);

#ifdef __cplusplus
}
#endif

#endif
