/*
 * system_config.c - see system_config.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "system_config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Reads all of a file into *text, to be freed by the caller.  No file is an
 * empty one, with NULL.
 */
static int
dns_system_read(const char *path, char **text, size_t *len)
{
	FILE *file = fopen(path, "r");
	size_t room = 2048;
	char *larger;
	int error = 0;

	*text = NULL;
	*len = 0;
	if (file == NULL)
		return errno == ENOMEM ? -ENOMEM : 0;
	do {
		room *= 2;
		larger = room > *len ? realloc(*text, room) : NULL;
		if (larger == NULL) {
			free(*text);
			error = -ENOMEM;
			break;
		}
		*text = larger;
		*len += fread(*text + *len, 1, room - *len, file);
	} while (*len == room);
	fclose(file);
	return error;
}

int
dns_system_config(struct dns_config *c, const char *path)
{
	static const char here[] = "127.0.0.1";
	char *text;
	size_t len;
	int error = dns_system_read(path, &text, &len);

	dns_config_init(c);
	if (error < 0)
		return error;
	if (len > 0)
		dns_config_parse(c, text, len);
	free(text);
	if (c->server_count == 0)
		(void)dns_config_add_server(c, here, sizeof(here) - 1);
	return 0;
}

int
dns_system_hosts(struct dns_hosts *h, const char *path)
{
	char *text;
	size_t len;
	int error = dns_system_read(path, &text, &len);

	*h = (struct dns_hosts){ NULL, NULL, 0 };
	if (error < 0)
		return error;
	error = dns_hosts_parse(h, text, len);
	free(text);
	return error;
}
