#!/bin/sh
# install_test.sh - what is installed is what the programs have, and can be
# taken away again.
#
#	sh test/install_test.sh [PROGRAMS]
#
# PROGRAMS (bin) is where they are.  That shells and mandoc understand what is
# installed is for test/real/installed_test.sh.  Prints TAP, as check.h has it.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
bin=${1:-bin}
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C
export LC_ALL
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
root="$place/a root"
programs='scraper getpage resolve extract demosite'
number=0
failed=0

# check NAME COMMAND ...: runs it, and says whether it succeeded.
check() {
	title=$1
	shift
	number=$((number + 1))
	if "$@" >"$place/log" 2>&1; then
		echo "ok $number - $title"
	else
		sed 's/^/# /' "$place/log" | head -n 20
		echo "not ok $number - $title"
		failed=1
	fi
}

# put install|uninstall
put() {
	# The list is meant to be split.
	# shellcheck disable=SC2046
	sh bin/install.sh "$1" "$bin" "$root" "$root/share/man" \
	    $(for name in $programs; do echo "$bin/$name"; done)
}

# Has the file what is wanted?  has FILE TEXT
has() {
	grep -qF -e "$2" "$1" || {
		echo "${1#"$root/"} has not: $2"
		return 1
	}
}

installs() {
	put install || return 1
	find "$root" -type f | sed 's/.*a root//' | sort >"$place/there"
	{
		for name in $programs; do
			echo "/bin/$name"
			echo "/share/bash-completion/completions/$name"
			echo "/share/fish/vendor_completions.d/$name.fish"
			echo "/share/man/man1/$name.1"
			echo "/share/zsh/site-functions/_$name"
		done
		echo /share/man/man7/spindle-path.7
	} | sort | diff - "$place/there"
}

# runs PROGRAM: the installed one.
runs() {
	"$root/bin/$1" --help >"$place/help" && [ -s "$place/help" ]
}

# The long names of all options of a program, as its help has them.
names() {
	"$bin/$1" --help | sed -n 's/^  .... *--\([a-z0-9-]*\).*/\1/p'
}

# describes PROGRAM: every option, in the manual and in all completions.
describes() {
	names "$1" >"$place/names"
	for must in help version; do
		grep -qx "$must" "$place/names" || return 1
	done
	while read -r name; do
		has "$root/share/man/man1/$1.1" \
		    "Fl \\-$(echo "$name" | sed 's/-/\\-/g')" &&
		    has "$root/share/bash-completion/completions/$1" \
			"--$name" &&
		    has "$root/share/zsh/site-functions/_$1" "--$name" &&
		    has "$root/share/fish/vendor_completions.d/$1.fish" \
			" -l $name " || return 1
	done <"$place/names"
}

# has_letters PROGRAM: and its letter, where it has one.
has_letters() {
	"$bin/$1" --help | sed -n \
	    's/^  -\(.\), --\([a-z0-9-]*\).*/\1 \2/p' >"$place/names"
	while read -r letter name; do
		dashed=$(echo "$name" | sed 's/-/\\-/g')
		has "$root/share/man/man1/$1.1" \
		    ".It Fl $letter , Fl \\-$dashed" &&
		    has "$root/share/bash-completion/completions/$1" \
			"-$letter --$name" &&
		    has "$root/share/zsh/site-functions/_$1" "{-$letter" &&
		    has "$root/share/fish/vendor_completions.d/$1.fish" \
			" -s $letter -l $name " || return 1
	done <"$place/names"
}

# explains PROGRAM: the sections that a manual page must have.
explains() {
	for section in NAME SYNOPSIS DESCRIPTION ENVIRONMENT 'EXIT STATUS' \
	    EXAMPLES; do
		has "$root/share/man/man1/$1.1" ".Sh $section" || return 1
	done
}

# The words for failures are in the manual of scraper, as in the chapter.
names_categories() {
	sed -n '/^## Failures/,/^## /s/^| `\([a-z0-9-]*\)` .*/\1/p' \
	    bin/README.md >"$place/names"
	[ "$(wc -l <"$place/names")" -gt 10 ] || return 1
	while read -r name; do
		has bin/scraper.1 ".It $name" || return 1
	done <"$place/names"
}

# Variables of the environment that the sources ask for.
names_variables() {
	sed -n -e 's/.*program_variable("\([A-Za-z_]*\)").*/\1/p' \
	    -e 's/.*getenv("\([A-Za-z_]*\)").*/\1/p' bin/*.c \
	    >"$place/names"
	[ -s "$place/names" ] || return 1
	while read -r name; do
		has bin/scraper.1 "$name" || return 1
	done <"$place/names"
}

# An option whose columns are too narrow is not left out in silence.
refuses() {
	printf 'usage: x [options]\n\n      --%s F  text\n' \
	    a-name-with-too-many-letters |
	    awk -v shell=fish -f bin/help.awk -f bin/complete.awk &&
	    return 1
	printf 'usage: x [options]\n\n      --help                 text\n' |
	    awk -v shell=fish -f bin/help.awk -f bin/complete.awk
}

uninstalls() {
	mkdir -p "$root/share/man/man1"
	echo strange >"$root/share/man/man1/stranger.1"
	put uninstall || return 1
	[ "$(find "$root" -type f)" = "$root/share/man/man1/stranger.1" ]
}

check 'what is installed' installs
for each in $programs; do
	check "$each runs" runs "$each"
	check "$each: its manual and completions have all options" \
	    describes "$each"
	check "$each: and their letters" has_letters "$each"
	check "$each: its manual has all sections" explains "$each"
done
check 'all categories are in the manual' names_categories
check 'all variables are in the manual' names_variables
check 'help that cannot be read is refused' refuses
check 'uninstalling removes what was installed, and only that' uninstalls
echo "1..$number"
exit $failed
