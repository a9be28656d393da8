#!/bin/sh
# copy_test.sh - every module can be copied: its header says which files, and
# these, in an empty folder, compile, link and run the module's example.
#
#	sh test/copy_test.sh [FOLDER | MODULE ...]
#
# A header says it in one line of its first comment, ` * Copy: x.h x.c`, in
# which CORE(f) stands for the files of the core of a folder (the table in its
# chapter) and ALL(f) for all its files.  What needs its own folder alone is
# copied flat; else each folder keeps its name.  Each source is compiled as
# C11 and each header included from C++17, without a warning; then the example,
# test/copy/MODULE.c, is linked with them and run.  Prints TAP, as check.h has
# it.  CC, CXX, CFLAGS, LDFLAGS and LDLIBS are taken from the environment.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
top=$PWD
LC_ALL=C
export LC_ALL
cc=${CC:-cc}
cxx=${CXX-c++}
command -v "${cxx:-none}" >/dev/null 2>&1 || {
	echo "# no C++ compiler: headers are not included from C++"
	cxx=
}
place=$(mktemp -d "${TMPDIR:-/tmp}/spindle.XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
number=0
failed=0
. test/loopback.sh

say() {
	number=$((number + 1))
	[ "$1" = ok ] || failed=1
	echo "$1 $number - $2"
}

# files FOLDER WORD ...: what the words of a note mean, as FOLDER/FILE lines.
files() {
	own=$1
	shift
	for word in "$@"; do
		folder=${word#*\(}
		folder=${folder%\)}
		case $word in
		CORE\(*)
			awk -v ask=core -f test/chapters.awk \
			    "$folder/README.md" |
			    sed "s,^\([^ ]*\).*,$folder/\1,"
			;;
		ALL\(*) ls "$folder"/*.[ch] ;;
		*) echo "$own/$word" ;;
		esac
	done | sort -u
}

# finds FILE ...: each header that they name in quotes lies where they look.
finds() {
	awk '/^#[ \t]*include[ \t]*"/ {
		split($0, word, "\"")
		path = FILENAME
		sub("[^/]*$", "", path)
		path = path word[2]
		if ((getline line <path) < 0) {
			print FILENAME ": no " path
			missing = 1
		}
		close(path)
	}
	END { exit missing }' "$@"
}

# build: compiles what lies in the current folder, and runs it.  Only what is
# in the folder can be found.  A source is compiled for the first module that
# has it; for all others it is enough that it finds its headers.
build() {
	# shellcheck disable=SC2046
	finds $(find . -name '*.[ch]') || return 1
	for file in *.c */*.c; do
		[ -f "$file" ] || continue
		made=$place/objects/${file%.c}.o
		if [ ! -f "$made" ]; then
			mkdir -p "${made%/*}"
			# shellcheck disable=SC2086
			$cc $CFLAGS -std=c11 -Wall -Wextra -Wpedantic \
			    -Werror -c -o "$made" "$file" || return 1
		fi
		ln -s "$made" "${file%.c}.o"
	done
	# shellcheck disable=SC2086,SC2046
	$cc $CFLAGS $LDFLAGS -o example $(find . -name '*.o') $LDLIBS ||
	    return 1
	./example >said || {
		echo "the example fails ($?)"
		cat said
		return 1
	}
}

# from_cplusplus HEADER: includes it, alone, from C++.
from_cplusplus() {
	[ -n "$cxx" ] || return 0
	echo "#include \"$1\"" >included.cpp
	$cxx -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only \
	    included.cpp
}

# try HEADER: copies what it says, and builds that.
try() {
	folder=${1%/*}
	module=${1##*/}
	module=${module%.h}
	words=$(awk -v ask=copy -f test/chapters.awk "$1")
	[ -n "$words" ] || {
		echo "there is no note on copying"
		return 1
	}
	[ -f "test/copy/$module.c" ] || {
		echo "there is no test/copy/$module.c"
		return 1
	}
	# The words are meant to be split.
	# shellcheck disable=SC2086
	list=$(files "$folder" $words)
	rm -rf "$place/empty"
	mkdir "$place/empty"
	header=$module.h
	case " $(echo "$list" | sed 's,/.*,,' | sort -u | tr '\n' ' ')" in
	" $folder ") ;;
	*) header=$folder/$module.h ;;
	esac
	for file in $list; do
		to=$place/empty/$file
		[ "$header" = "$folder/$module.h" ] ||
		    to=$place/empty/${file##*/}
		mkdir -p "${to%/*}"
		cp "$file" "$to" || return 1
	done
	cp "test/copy/$module.c" "$place/empty/example_$module.c"
	(cd "$place/empty" && build && from_cplusplus "$header")
}

for header in reactor/*.h defer/*.h html/*.h dns/*.h http/*.h; do
	case $header in
	reactor/loop.h | *_data.h) continue ;;
	esac
	name=${header##*/}
	name=${name%.h}
	[ $# -eq 0 ] || case " $* " in
	*" ${header%/*} "* | *" $name "*) ;;
	*) continue ;;
	esac
	if grep -q '127\.0\.0\.1' "test/copy/$name.c" 2>/dev/null &&
	    ! has_ipv4 "$place"; then
		say ok "${header%.h} can be copied $no_ipv4"
	elif try "$header" >"$place/log" 2>&1; then
		say ok "${header%.h} can be copied"
	else
		sed 's/^/# /' "$place/log" | head -n 20
		say 'not ok' "${header%.h} can be copied"
	fi
	cd "$top" || exit 1
done
echo "1..$number"
exit $failed
