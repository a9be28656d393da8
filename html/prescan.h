/*
 * prescan.h - the character set that a page declares in a <meta> tag, found
 * before anything is decoded (HTML 13.2.3.2).
 *
 * Copy along: nothing.
 */
#ifndef HTML_PRESCAN_H
#define HTML_PRESCAN_H

#include <stddef.h>

/* How many bytes of a page are worth looking at. */
#define HTML_PRESCAN_MAX 1024

/*
 * Looks at the first len bytes of a page.  Returns 1 and the label, borrowed
 * from `at`, of the first <meta charset> or <meta http-equiv=content-type>
 * that has one; 0 when there is none.
 */
int html_prescan(const char *at, size_t len, const char **label,
    size_t *label_len);

#endif
