#!/bin/sh
# installed_test.sh - mandoc takes the manual pages without a warning; bash,
# zsh and fish load the completions, and complete with them.  Prints TAP.
#
#	sh test/real/installed_test.sh [PROGRAMS]
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
bin=${1:-bin}
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need mandoc bash zsh fish timeout
work=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# Shells keep things at home.
HOME=$work
XDG_DATA_DIRS=$work/root/share
# fish completes only what it finds.
PATH=$work/root/bin:$PATH
export HOME XDG_DATA_DIRS PATH
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CONFIG_DIRS XDG_CACHE_HOME
programs='scraper getpage resolve extract demosite'
share=$work/root/share
# The list is meant to be split.
# shellcheck disable=SC2046
sh bin/install.sh install "$bin" "$work/root" "$share/man" \
    $(for program in $programs; do echo "$bin/$program"; done) || exit 1
mkdir "$work/files"
echo '<title>x</title>' >"$work/files/a page.html"

# remark FILE: shows it, if there is something.
remark() {
	sed 's/^/# /' "$1"
	[ ! -s "$1" ]
}

# limit COMMAND ...: not for ever.
limit() {
	timeout -k 5 60 "$@"
}

# lints PAGE
lints() {
	mandoc -T lint -W warning "$1" >"$work/log" 2>&1
	remark "$work/log"
}

# offers WORD: it is among the lines of the file "offered".
offers() {
	grep -qx -e "$1" "$work/offered" && return
	echo "# $1 is not offered, but:"
	head -n 20 "$work/offered" | sed 's/^/# /'
	return 1
}

# bash_offers OFFER WORD ...: to complete the last of the words.  It is an
# empty line where readline may offer names of files.
bash_offers() {
	wanted=$1
	shift
	bash --norc -c '. "$0" || exit 1
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	completion=$(complete -p "$1") || exit 1
	[[ $completion = *"-F _spindle_$1 "* ]] || exit 1
	_spindle_$1
	printf "%s\n" "${COMPREPLY[@]}"' \
	    "$share/bash-completion/completions/$1" "$@" >"$work/offered" &&
	    offers "$wanted"
}

# zsh_makes LINE LETTERS: what becomes of the letters when TAB is typed behind
# them, in a zsh that has a terminal; a function stands for the program.
cat >"$work/ask.zsh" <<'END'
zmodload zsh/zpty || exit 1
zpty shell "TERM=dumb PS1=one: zsh -f -i"
zpty -r shell got "*one:*"
zpty -w shell "fpath=('$1' \$fpath); autoload -U compinit; compinit -u -D"
zpty -w shell "${3%% *}() { print -r -- \"[\$*]\" }; PS1='tw''o:'"
zpty -r shell got "*two:*"
zpty -w shell "$3"$'\t'
zpty -r shell got "*\[*\]*"
[[ $got = *"[${2#* }]"* ]] && exit
print -r -- "# ${(q)got}"
exit 1
END
zsh_makes() {
	(cd "$work/files" && limit zsh -f "$work/ask.zsh" \
	    "$share/zsh/site-functions" "$1" "$2")
}

# fish_offers OFFER LINE
fish_offers() {
	(cd "$work/files" && limit fish -c "complete -C '$2'" |
	    sed 's/	.*//') >"$work/offered" 2>&1
	offers "$1"
}

for page in "$share"/man/man[17]/*; do
	check "mandoc: ${page##*/}" lints "$page"
done
for program in $programs; do
	check "bash: $program" bash_offers --version "$program" --ve
	check "zsh: $program" zsh_makes "$program --version" "$program --versi"
	check "fish: $program" fish_offers --version "$program --versi"
done
check 'bash: an option' bash_offers --cacert scraper --ca
check 'bash: a file' bash_offers '' scraper --output x
check 'bash: a file behind =' bash_offers '' scraper --output = -x
check 'zsh: an option' zsh_makes 'scraper --cacert' 'scraper --cac'
check 'zsh: a file' zsh_makes 'extract --title a page.html' 'extract --title a'
check 'zsh: a value' zsh_makes 'scraper -o a page.html' 'scraper -o a'
check 'fish: an option' fish_offers --cacert 'scraper --ca'
check 'fish: a value' fish_offers 'a page.html' 'scraper -o a'
check 'fish: a file' fish_offers 'a page.html' 'extract --title a'
finish
