/*
 * list.h - circular, doubly linked lists whose links live in their members.
 *
 *      list <-> member <-> member <-> (back to list)
 *
 * An empty list is linked to itself.  A member that is in no list is all
 * zero, or linked to itself: removing it twice is harmless, and one can ask
 * whether it is in a list.
 *
 * Copy: list.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_LIST_H
#define REACTOR_LIST_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A list's head, or the link that a member embeds. */
struct reactor_list {
	struct reactor_list *prev, *next;
};

/*
 * The struct `type` whose member `member` the pointer points to.  The
 * compiler warns when the pointer has another type than the member.
 */
#define reactor_container_of(pointer, type, member)			\
	((type *)((char *)(pointer) - offsetof(type, member) +		\
	    0 * sizeof((pointer) == &((type *)0)->member)))

/* Makes an empty list (call it first), or a member that is in none. */
static inline void
reactor_list_init(struct reactor_list *l)
{
	l->prev = l->next = l;
}

/* Of a list: it has no members.  Of a member: it is in no list. */
static inline bool
reactor_list_is_empty(const struct reactor_list *l)
{
	return l->next == l || l->next == NULL;
}

/* Puts a member that is in no list at the end. */
static inline void
reactor_list_append(struct reactor_list *l, struct reactor_list *member)
{
	member->prev = l->prev;
	member->next = l;
	l->prev->next = member;
	l->prev = member;
}

/* Takes a member out of whatever list it is in, if it is in one. */
static inline void
reactor_list_remove(struct reactor_list *member)
{
	if (member->next == NULL)
		return;
	member->prev->next = member->next;
	member->next->prev = member->prev;
	member->prev = member->next = NULL;
}

/* Moves all members of `from` to the empty list `to`. */
static inline void
reactor_list_move(struct reactor_list *from, struct reactor_list *to)
{
	reactor_list_init(to);
	if (reactor_list_is_empty(from))
		return;
	*to = *from;
	to->next->prev = to->prev->next = to;
	reactor_list_init(from);
}

/* Takes the first member out and returns it, or NULL. */
static inline struct reactor_list *
reactor_list_take_first(struct reactor_list *l)
{
	struct reactor_list *first = l->next;

	if (first == l)
		return NULL;
	reactor_list_remove(first);
	return first;
}

#ifdef __cplusplus
}
#endif

#endif
