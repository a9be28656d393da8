/*
 * list.h - circular, doubly linked lists whose links live in their members.
 *
 *      list <-> member <-> member <-> (back to list)
 *
 * An empty list, and a member that is in no list, is linked to itself; so
 * removing twice is harmless, and whether a member is linked can be asked.
 */
#ifndef REACTOR_LIST_H
#define REACTOR_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* A list's head, or the link that a member embeds. */
struct list {
	struct list *prev, *next;
};

/* An empty list, or a member that is in none.  Call before all else. */
static inline void
list_init(struct list *l)
{
	l->prev = l->next = l;
}

/* Of a list: it has no members.  Of a member: it is in no list. */
static inline bool
list_is_empty(const struct list *l)
{
	return l->next == l;
}

/* Puts a member that is in no list at the end. */
static inline void
list_append(struct list *l, struct list *member)
{
	member->prev = l->prev;
	member->next = l;
	l->prev->next = member;
	l->prev = member;
}

/* Takes a member out of whatever list it is in. */
static inline void
list_remove(struct list *member)
{
	member->prev->next = member->next;
	member->next->prev = member->prev;
	list_init(member);
}

/* Moves all members of `from` to the empty list `to`. */
static inline void
list_move(struct list *from, struct list *to)
{
	list_init(to);
	if (list_is_empty(from))
		return;
	*to = *from;
	to->next->prev = to->prev->next = to;
	list_init(from);
}

/* Takes the first member out and returns it, or NULL. */
static inline struct list *
list_take_first(struct list *l)
{
	struct list *first = l->next;

	if (first == l)
		return NULL;
	list_remove(first);
	return first;
}

#endif
