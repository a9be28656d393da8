#!/bin/sh
# lint_test.sh - plants one violation of each rule in a copy of the house and
# checks that lint.sh finds it.  Prints TAP, as check.h has it.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
copy=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' HUP INT TERM
number=0
failed=0
mkdir "$copy/house"
cp -R reactor defer html dns http bin test bench Makefile README.md LICENSE \
    "$copy/house" 2>/dev/null
house=$copy/house

say() {
	number=$((number + 1))
	[ "$1" = ok ] || failed=$((failed + 1))
	echo "$1 $number - $2"
}

# plant FILE:LINE WORDS <CODE: appends CODE to FILE, or makes it; lint must
# say WORDS of FILE:LINE, and must fail.  LINE counts from the code's first.
plant() {
	file=${1%:*}
	line=${1##*:}
	if [ -f "$house/$file" ]; then
		cp "$house/$file" "$copy/saved"
		line=$((line + $(wc -l <"$house/$file")))
	else
		rm -f "$copy/saved"
		printf '/* SPDX-License-Identifier: ISC */\n\n' \
		    >"$house/$file"
		line=$((line + 2))
	fi
	cat >>"$house/$file"
	if sh test/lint.sh "$house" >"$copy/out"; then
		say 'not ok' "$2 (lint did not fail)"
	elif grep -F "$file:$line: " "$copy/out" | grep -qF -e "$2"; then
		say ok "$2"
	else
		echo "# no such complaint about $file:$line"
		say 'not ok' "$2"
	fi
	if [ -f "$copy/saved" ]; then
		cp "$copy/saved" "$house/$file"
	else
		rm "$house/$file"
	fi
}

# A file that breaks nothing, with all that could be mistaken.
cat >"$house/reactor/planted.h" <<'EOT'
/*
 * planted.h - nothing wrong here: printf, epoll_wait and goto end, in words.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_PLANTED_H
#define REACTOR_PLANTED_H

#include "list.h"

#ifdef __cplusplus
extern "C" {
#endif

struct reactor_planted_other;

/* A number. */
enum { REACTOR_PLANTED_ONE = 1, REACTOR_PLANTED_TWO };

/* A function. */
typedef struct reactor_planted *(reactor_planted_fn)(int *(*)(int));

/* Something to say: "quoted /" or 'c'. */
struct reactor_planted {
	const char *text;
	void (*said)(struct reactor_planted *);
};

/* Two that belong together. */
extern const struct reactor_planted reactor_planted_first;
int reactor_planted_say(const struct reactor_planted *,
    const char *what);

/* A macro. */
#define REACTOR_PLANTED_ADD(a, b) \
	((a) + (b))

/* Adds. */
static inline int
reactor_planted_add(int a, int b)
{
	static const char *const names[] = { "{", "}" };

	return names[a] == NULL ? REACTOR_PLANTED_ADD(a, b) : '"';
}

#ifdef __cplusplus
}
#endif

#endif
EOT
sh test/lint.sh "$house" >"$copy/out"
if grep planted "$copy/out" | sed 's/^/# /' | grep .; then
	say 'not ok' 'a file in order is left alone'
else
	say ok 'a file in order is left alone'
fi
rm "$house/reactor/planted.h"

plant reactor/planted.c:1 'the arrows forbid' <<'EOT'
#include "../defer/deferred.h"
EOT
plant reactor/planted.c:1 'has not the prefix of reactor/' <<'EOT'
void
planted_function(void)
{
}
EOT
plant defer/planted.c:1 'has not the prefix of defer/' <<'EOT'
const int planted_variable = 1;
EOT
plant html/planted.h:2 'has not the prefix of html/' <<'EOT'
/* Documented. */
enum { PLANTED };
EOT
plant http/planted.h:2 'has not the prefix of http/' <<'EOT'
/* Documented. */
struct planted { int x; };
EOT
plant dns/planted.h:2 'has not the prefix of dns/' <<'EOT'
/* Documented. */
#define PLANTED 1
EOT
plant reactor/url.h:-1 'is also in' </dev/null
plant defer/planted.c:1 'the arrows forbid' <<'EOT'
#include "../reactor/reactor.h"
EOT
plant html/planted.c:1 'the arrows forbid' <<'EOT'
#include "../http/url.h"
EOT
plant http/url.c:1 'the arrows forbid' <<'EOT'
#include "client.h"
EOT
plant http/client.c:1 'the arrows forbid' <<'EOT'
#include "../html/extractor.h"
EOT
plant http/client.c:1 'the arrows forbid' <<'EOT'
#include "../dns/message.h"
EOT
plant dns/resolver.c:1 'the arrows forbid' <<'EOT'
#include "../http/url.h"
EOT
plant html/planted.c:1 'a codec knows no system' <<'EOT'
#include <sys/socket.h>
EOT
plant http/planted.c:1 'the locale has no say' <<'EOT'
#include <ctype.h>
EOT
plant bin/planted.c:1 'include as' <<'EOT'
#include "reactor/reactor.h"
EOT
printf '/*%81s\n' '*/' >"$copy/x"
plant reactor/planted.c:1 'longer than 80 columns' <"$copy/x"
printf '/*\t\t\t\t\t\t\t\t\t       */\n' >"$copy/x"
plant reactor/planted.c:1 'longer than 80 columns' <"$copy/x"
printf ':%80s\n' x >"$copy/x"
plant test/planted.sh:1 'longer than 80 columns' <"$copy/x"
printf '/* blank */ \n' >"$copy/x"
plant reactor/planted.c:1 'blanks at the end of the line' <"$copy/x"
{
	printf 'int\nplanted_long(void)\n{\n'
	awk 'BEGIN { for (i = 0; i < 56; i++) print "\t;" }'
	printf '\treturn 0;\n}\n'
} >"$copy/x"
plant defer/planted.c:61 'more than 60 lines' <"$copy/x"
awk 'BEGIN { for (i = 0; i < 999; i++) print "" }' >"$copy/x"
plant defer/planted.c:999 'more than 1,000 lines' <"$copy/x"
plant html/planted.h:1 'without a comment right above' <<'EOT'
int planted_undocumented(void);
EOT
plant html/planted.h:3 'without a comment right above' <<'EOT'
/* Too far away. */

struct planted_undocumented { int x; };
EOT
plant html/planted.h:3 'without a comment right above' <<'EOT'
/* Documented. */
extern const int planted_a;
enum planted_undocumented { PLANTED_B };
EOT
plant html/planted.h:1 'without a comment right above' <<'EOT'
extern const int planted_undocumented;
EOT
plant html/planted.h:1 'public macro without a comment' <<'EOT'
#define PLANTED_UNDOCUMENTED 1
EOT
cat >"$house/defer/planted_too.c" <<'EOT'
/* planted_too.c - what others define as well. */
static int
planted_function(void)
{
	return 0;
}
static const int planted_variable = 1, planted_second;
enum { PLANTED_CONSTANT };
struct planted_type { int x; };
#define PLANTED_MACRO 1
typedef int (*planted_typedef)(void);
EOT
plant html/planted.c:1 '`planted_function` is defined in' <<'EOT'
static void
planted_function(int a,
    int b)
{
}
EOT
plant html/planted.c:1 '`planted_variable` is defined in' <<'EOT'
static const char planted_variable[] = "x";
EOT
plant html/planted.c:2 '`PLANTED_CONSTANT` is defined in' <<'EOT'
enum planted_enum {
	PLANTED_ANOTHER, PLANTED_CONSTANT
};
EOT
plant html/planted.c:1 '`tag planted_type` is defined in' <<'EOT'
struct planted_type {
	int y;
};
EOT
plant html/planted.c:1 '`PLANTED_MACRO` is defined in' <<'EOT'
#define PLANTED_MACRO 1
EOT
plant html/planted.c:1 '`planted_typedef` is defined in' <<'EOT'
typedef struct planted *(*planted_typedef)(void);
EOT
rm "$house/defer/planted_too.c"
plant reactor/planted.c:4 'not C11 nor POSIX' <<'EOT'
static int
planted_accept(int fd)
{
	return accept4(fd, NULL, NULL, 0);
}
EOT
plant http/client.c:1 'not C11 nor POSIX' <<'EOT'
#include <sys/epoll.h>
EOT
plant bin/planted.c:1 'not C11 nor POSIX' <<'EOT'
#define _GNU_SOURCE
EOT
plant bin/planted.c:1 'some BSDs hide' <<'EOT'
#define _POSIX_C_SOURCE 200809L
EOT
plant dns/resolver.c:4 'not C11 nor POSIX' <<'EOT'
static char *
planted_copy(const char *a)
{
	return strdup(a);
}
EOT
plant defer/planted.c:1 'a variable that outlives' <<'EOT'
static int planted_count;
EOT
plant defer/planted.c:1 'a variable that outlives' <<'EOT'
const char *planted_pointer = "constant letters, changing pointer";
EOT
plant defer/planted.c:4 'a variable that outlives' <<'EOT'
static int
planted_next(void)
{
	static int count;

	return ++count;
}
EOT
plant bin/planted.c:1 'a variable that outlives' <<'EOT'
static void (*planted_hook)(int);
EOT
plant bin/planted.c:3 'a variable that outlives' <<'EOT'
static struct {
	int x;
} planted_struct;
EOT
plant bin/planted.c:3 'a variable that outlives' <<'EOT'
struct planted_type {
	int x;
} planted_struct = { 1 };
EOT
plant reactor/planted.c:4 'only bin/ prints' <<'EOT'
static void
planted_print(void)
{
	puts("hello");
}
EOT
plant dns/planted.c:4 'only bin/ prints' <<'EOT'
static void
planted_exit(void)
{
	exit(1);
}
EOT
plant http/client.c:4 'only bin/ prints' <<'EOT'
static const char *
planted_ask(void)
{
	return getenv("http_proxy");
}
EOT
plant reactor/planted.c:5 'the only goto' <<'EOT'
static void
planted_jump(void)
{
again:
	goto again;
}
EOT
plant reactor/planted.c:3 'one #if in a file' <<'EOT'
#ifdef A
#endif
#ifdef B
#endif
EOT
plant defer/planted.h:1 'no typedef of a struct' <<'EOT'
typedef struct planted { int x; } planted;
EOT
printf 'int planted;\n' >"$house/html/bare.c"
sh test/lint.sh "$house" | grep -q '^html/bare.c:1: a file opens' &&
    say ok 'a file opens with a comment' ||
    say 'not ok' 'a file opens with a comment'
rm "$house/html/bare.c"
mkdir "$house/common"
sh test/lint.sh "$house" | grep -q '^common:1: does not belong' &&
    say ok 'a folder that does not belong' ||
    say 'not ok' 'a folder that does not belong'
rmdir "$house/common"
mv "$house/html/README.md" "$copy" 2>/dev/null
sh test/lint.sh "$house" | grep -q '^html/README.md:1: .*no chapter' &&
    say ok 'a folder without its chapter' ||
    say 'not ok' 'a folder without its chapter'
echo "1..$number"
[ "$failed" -eq 0 ]
