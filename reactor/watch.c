/*
 * watch.c - interest is marked here and told to the poller by the loop.
 */
#include "loop.h"

#include <errno.h>
#include <string.h>

void
watch_init(struct watch *w, struct reactor *r, int fd,
    const struct watch_ops *ops)
{
	*w = (struct watch){ .poll.fd = fd, .ops = ops, .reactor = r };
	list_init(&w->listed);
	list_init(&w->standing);
	list_append(&r->watches, &w->standing);
}

void
watch_want(struct watch *w, unsigned interest)
{
	if (w->closing || w->wanted == interest)
		return;
	w->wanted = (unsigned char)interest;
	if (!w->always && list_is_empty(&w->listed))
		list_append(&w->reactor->changed, &w->listed);
}

void
watch_always_ready(struct watch *w)
{
	if (w->closing || w->always)
		return;
	w->always = true;
	list_remove(&w->listed);
	list_append(&w->reactor->always, &w->listed);
}

void
watch_close(struct watch *w)
{
	if (w->closing)
		return;
	w->closing = true;
	w->wanted = 0;
	list_remove(&w->standing);
	list_remove(&w->listed);
	list_append(&w->reactor->closing, &w->listed);
}

void
watch_release(struct watch *w)
{
	if (!w->closing)
		w->keep_fd = true;
	watch_close(w);
}

int
reactor_watch_address(const struct watch *w, struct address *a,
    int (*ask)(const struct system *, int, struct sockaddr *, socklen_t *))
{
	if (w->poll.fd < 0)
		return -ENOTCONN;
	memset(a, 0, sizeof(*a));
	a->len = sizeof(a->u);
	return ask(w->reactor->system, w->poll.fd, &a->u.any, &a->len);
}
