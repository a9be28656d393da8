/*
 * words.c - what an errno means, in words that are the same everywhere and
 * say what happened to a connection rather than to a call.
 */
#include <errno.h>
#include <string.h>

#include "reactor.h"

const char *
reactor_strerror(int error)
{
	switch (-error) {
	case 0:
		return "connection closed";
	case ECONNREFUSED:
		return "connection refused";
	case ECONNRESET:
	case EPIPE:
		return "connection reset by peer";
	case ECONNABORTED:
		return "connection aborted";
	case ECANCELED:
		return "cancelled";
	case ETIMEDOUT:
		return "timed out";
	case EHOSTUNREACH:
		return "no route to host";
	case ENETUNREACH:
		return "network unreachable";
	case ENETDOWN:
		return "network down";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	case EADDRINUSE:
		return "address in use";
	case EADDRNOTAVAIL:
		return "address not available";
	case EMSGSIZE:
		return "message too long";
	case ENOMEM:
		return "out of memory";
	case EACCES:
	case EPERM:
		return "permission denied";
	default:
		return strerror(-error);
	}
}
