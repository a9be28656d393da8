#!/bin/sh
# install.sh - puts the programs, their manual pages and their completions in
# place, or takes them away again: exactly the same files.
#
#	sh bin/install.sh install HELP ROOT MAN PROGRAM ...
#	sh bin/install.sh uninstall HELP ROOT MAN PROGRAM ...
#
# ROOT is what has the folders bin and share, MAN what has man1 and man7.  HELP
# is a folder of the same programs that can be run here, where others than
# those to be installed can: pages and completions are made of what they print
# for --help.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
what=$1
help=$2
root=$3
man=$4
shift 4
here=$(dirname "$0")

# put MODE FILE PLACE: or takes away what is at that place.
put() {
	if [ "$what" = uninstall ]; then
		rm -f "$3"
	else
		mkdir -p "$(dirname "$3")" && install -m "$1" "$2" "$3"
	fi
}

# put_made PLACE PROGRAM AWK_ARGUMENT ...: what awk makes of its help.
put_made() {
	place=$1
	program=$help/$2
	shift 2
	if [ "$what" = install ]; then
		"$program" --help >"$made.help" || return 1
		awk "$@" <"$made.help" >"$made" || return 1
	fi
	put 644 "$made" "$place"
}

# completion SHELL PROGRAM PLACE
completion() {
	put_made "$root/share/$3" "$2" -v shell="$1" -f "$here/help.awk" \
	    -f "$here/complete.awk"
}

# What is made, before it is in place, and what it is made of.
made=$(mktemp "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -f "$made" "$made.help"' EXIT
trap 'exit 1' HUP INT TERM
for program in "$@"; do
	name=$(basename "$program")
	put 755 "$program" "$root/bin/$name" &&
	    put_made "$man/man1/$name.1" "$name" -f "$here/help.awk" \
		-f "$here/manual.awk" - "$here/$name.1" &&
	    completion bash "$name" "bash-completion/completions/$name" &&
	    completion zsh "$name" "zsh/site-functions/_$name" &&
	    completion fish "$name" "fish/vendor_completions.d/$name.fish" ||
	    exit 1
done
put 644 "$here/spindle-path.7" "$man/man7/spindle-path.7"
