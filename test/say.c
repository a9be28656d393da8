/*
 * say.c - sends standard input to a port of the loopback, and prints what
 * comes back until the other side closes.  For tests of programs that listen.
 *
 *      say PORT
 *      say             prints a port that is free just now
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int
say_connect(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_port = htons((uint16_t)port);
	to.sin_addr.s_addr = htonl(0x7f000001);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return -1;
	return fd;
}

/* Prints a port that nobody else has at this moment; false in failure. */
static int
say_free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(0x7f000001);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return 0;
	printf("%u\n", (unsigned)ntohs(at.sin_port));
	return 1;
}

/* Copies all of one descriptor to another; false in failure. */
static int
say_copy(int from, int to)
{
	char buffer[4096];
	ssize_t len;

	while ((len = read(from, buffer, sizeof(buffer))) > 0)
		if (write(to, buffer, (size_t)len) != len)
			return 0;
	return len == 0;
}

int
main(int argc, char *argv[])
{
	int fd;

	if (argc < 2)
		return !say_free_port();
	fd = say_connect(atoi(argv[1]));
	if (fd < 0 || !say_copy(STDIN_FILENO, fd) ||
	    shutdown(fd, SHUT_WR) != 0 || !say_copy(fd, STDOUT_FILENO)) {
		perror("say");
		return 1;
	}
	return 0;
}
