#!/bin/sh
# mutants.sh - makes the product wrong in one place at a time, and sees
# whether a test notices.
#
#	sh test/mutants.sh TEST ...		after `make tests`
#
# TEST is a linked test (.run, .replay) or a script ("sh test/x_test.sh bin"),
# in which the word bin stands for the folder of the programs.  mutants.awk has
# the rules.  A mutant is one object, linked in front of the library of the
# tests (build/test.a), so nothing else is built again, and the sources and
# programs of this tree stay as they are.  First those tests run that are
# named after the file, then those of its folder, then all others whose
# program holds the object, then the scripts.  The first one that fails, and
# does so again, kills the mutant.  One whose object is that of the original
# is none; those in mutants.equivalent nobody can tell from the original.
#
# From the environment: N, how many (30); SEED (1), which: the same seed draws
# the same ones, as long as their lines stay; FOLDER, from where: folders or
# files, apart by blanks (all); PART, which part of the N: 1/2 is the first of
# two, each of which may run in a copy of the tree (1/1); LEAST, the share in
# percent that must be killed (85); SPARE (10), the seconds that a test may
# take beyond four times what it takes without a mutant; MEMORY, what it may
# use, in KiB (2000000, or "unlimited", as the address sanitizer needs); CC,
# CFLAGS, LDFLAGS, LDLIBS, TEST_ALLOC.
#
# Mutants that survive stand in build/mutants/survivors, as they would be
# written in mutants.equivalent.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.." || exit 1
place=build/mutants
tree=$place/tree
out=$place/output
us=$(printf '\037')
count=${N:-30}
seed=${SEED:-1}
compile="${CC:-cc} -std=c11 ${CFLAGS:-} -O1 -g0 -w"
link="${CC:-cc} ${CFLAGS:-} ${LDFLAGS:-} -pthread"
limit=
command -v timeout >/dev/null 2>&1 && limit='timeout -k 2'
trap 'exit 1' HUP INT TERM

# ---- running a test ----

# limited SECONDS COMMAND ...: its output goes to $out.  Without timeout(1)
# only the time of the processor is limited.
limited() {
	seconds=$1
	shift
	(
		ulimit -v "${MEMORY:-2000000}"
		ulimit -f 400000
		ulimit -c 0
		ulimit -t "$seconds"
		${limit:+$limit "$seconds"} "$@"
		exit $?	# not exec: this shell tells of a signal, in $out
	) >"$out" 2>&1 </dev/null
}

# verdict STATUS: why the test that has just run failed; nothing if it passed.
verdict() {
	case $1 in
	124 | 137 | 152 | 158) echo 'time limit' && return ;;
	esac
	awk -v status="$1" '
	/^not ok/ {
		sub(/^not ok [0-9]* *-* */, "")
		print
		failed = 1
		exit
	}
	/^ok/ { cases++ }
	/^1[.][.]/ { planned = substr($1, 4) + 0; whole = 1 }
	END {
		if (failed)
			exit
		if (status > 128)
			print "signal " (status - 128)
		else if (status > 0)
			print "exit status " status
		else if (!whole || planned != cases + 0)
			print "not all cases"
	}' "$out"
}

# The objects that a test adds to its own: a replay has a main of its own.
extra() {
	case $1 in
	*.replay) echo test/fuzz.o test/fuzz_replay.o ;;
	esac
}

# twice SECONDS COMMAND ...: leaves in $why why it failed, if it fails again:
# on a busy machine a test may fail without a mutant.
twice() {
	limited "$@"
	why=$(verdict $?)
	[ -n "$why" ] || return
	limited "$@"
	why=$(verdict $?)
}

# try TEST SECONDS OBJECT ...: links it and runs it; leaves why in $why.
try() {
	test=$1
	own=${test%.*}.to
	run=$place/test/${test##*/}	# a replay finds its corpus beside it
	seconds=$2
	shift 2
	why='not linked'
	if [ -n "$file" ] &&
	    grep -q "^#include \"../$file\"" "${test%.*}.c"; then
		own=$place/own.to	# the test has the whole file in it
		$compile ${TEST_ALLOC:-} -c -o "$own" "$tree/${test%.*}.c" \
		    >"$out" 2>&1 || return
		set --			# and no need of the object
	fi
	$link -o "$run" "$own" $(extra "$test") "$@" build/test.a \
	    ${LDLIBS:-} >"$out" 2>&1 || return
	twice "$seconds" "$run"
	rm -f "$run"
}

# ---- what is there before the first mutant ----

# The names of the objects in a test, and of the sources that it includes.
holds() {
	sed -n 's/^build\/test\.a(\([a-z_0-9]*\)\.t*o).*/ - \1/p' "$place/map"
	sed -n 's/^#include "\.\.\/.*\/\(.*\)\.c"/ - \1/p' "${1%.*}.c"
}

# Prints "TEST=SECONDS" for each test that passes as it is, and below it the
# objects that it holds, each with " -" in front.
measure() {
	for test in "$@"; do
		begun=$(date +%s)
		case $test in
		sh\ *)
			twice 300 $(script "$test")
			;;
		*)
			try "$test" 120 -Wl,-Map="$place/map"
			[ "$why" != 'not linked' ] || try "$test" 120
			;;
		esac
		if [ -n "$why" ]; then
			echo "left out, as it fails without a mutant:" \
			    "$test: $why" >&2
			continue
		fi
		echo "$test=$(($(date +%s) - begun))"
		[ ! -f "$place/map" ] || holds "$test" | sort -u
		rm -f "$place/map"
	done
}

# script COMMAND: with the programs that hold the mutant.
script() {
	echo "$1" | sed "s| bin\$| $place/bin|"
}

# programs [OBJECT]: links them all, with a mutant or without.
programs() {
	for program in scraper getpage resolve extract demosite; do
		main=bin/$program.o
		[ -f "$main" ] || continue
		[ "${file:-}" != "bin/$program.c" ] || main=
		case ${file:-} in
		bin/scraper.c | bin/getpage.c | bin/resolve.c | \
		    bin/extract.c | bin/demosite.c)
			[ -z "$main" ] || continue ;;
		esac
		$link -o "$place/bin/$program" $main "$@" build/spindle.a \
		    ${LDLIBS:-} >"$out" 2>&1 || return 1
	done
}

# A copy of the sources, to be spoilt; what is known of the tests is kept.
prepare() {
	rm -rf "$tree" "${place:?}/bin" "$place/original"
	mkdir -p "$tree" "$place/bin" "$place/test" "$place/original" || exit 1
	for folder in reactor defer dns http html bin test; do
		[ -d "$folder" ] || continue
		mkdir -p "$tree/$folder"
		cp -p "$folder"/*.[ch] "$tree/$folder" || exit 1
	done
	rm -rf "$place/test/corpus"
	[ ! -d test/corpus ] || cp -Rp test/corpus "$place/test" || exit 1
	file=
	programs || exit 1
	echo "$*" >"$place/asked"
	if [ -n "$(find build/test.a -newer "$place/tests" 2>&1)" ] ||
	    ! cmp -s "$place/asked" "$place/measured"; then
		echo "measuring the tests ..."
		measure "$@" >"$place/tests.new"
		mv "$place/tests.new" "$place/tests" &&
		    mv "$place/asked" "$place/measured" || exit 1
	fi
}

# ---- drawing ----

# All mutants of the files asked for.
candidates() {
	for part in ${FOLDER:-defer reactor dns http html bin}; do
		case $part in
		*.c) echo "$part" ;;
		*) ls "$part"/*.c ;;
		esac
	done | sort -u >"$place/files"
	awk -f test/mutants.awk $(cat "$place/files")
}

# Our part of the first $count, each rule in its turn, in the order of a number
# that is made of the seed and what the mutant is, not where it stands.
draw() {
	awk -v seed="$seed" '
	BEGIN {
		FS = OFS = "\037"
		for (i = 1; i < 256; i++)
			code[sprintf("%c", i)] = i
	}
	{
		what = seed FS $1 FS $2 FS $3 FS $6 FS $7
		what = what FS (++seen[what])
		hash = 1
		for (i = 1; i <= length(what); i++)
			hash = (hash * 16807 + code[substr(what, i, 1)]) % \
			    2147483647
		for (i = 0; i < 3; i++)
			hash = (hash * 16807 + 1) % 2147483647
		printf "%010d%s%s\n", hash, FS, $0
	}' | sort | awk '
	BEGIN { FS = OFS = "\037" }
	{ printf "%06d%s%s\n", ++turn[$4], FS, $0 }' | sort |
	    awk -v count="$count" -v part="${PART:-1/1}" '
	BEGIN { split(part, of, "/") }
	NR <= count && NR % of[2] == of[1] % of[2]' | cut -d "$us" -f 3-
}

# ---- one mutant ----

# describe: as in mutants.equivalent.
describe() {
	printf '%s: %s: %s\n- %s\n' "$file" "$name" "$rule" "$old"
	printf '%s\n' "$new" | tr '\036\t' '  ' |
	    sed 's/  */ /g; s/^ //; s/ $//; s/^/+ /'
}

# Whether mutants.equivalent has the description that is in $place/now.
is_equivalent() {
	awk '
	FNR == NR { want = want $0 "\n"; next }
	/^#/ { next }
	/^$/ { have = ""; next }
	{
		have = have $0 "\n"
		if (have == want)
			found = 1
	}
	END { exit !found }' "$place/now" test/mutants.equivalent
}

spoil() {
	NEW=$new awk -v first="$first" -v last="$last" '
	BEGIN { gsub(/\036/, "\n", ENVIRON["NEW"]); new = ENVIRON["NEW"] }
	NR == first { print new }
	NR < first || NR > last { print }' "$file" >"$tree/$file"
}

# object NAME: compiles the file as it is in $tree, once for each use.
object() {
	case $file in
	reactor/poller_kqueue.c)	# tests use the stand-in
		other='-Itest/kqueue -DPOLLER_WITH_KQUEUE'
		other="$other -Dpoller_kqueue=poller_kqueue_stand_in"
		;;
	*) other= ;;
	esac
	{
		$compile $other ${TEST_ALLOC:-} -c -o "$1.to" "$tree/$file" &&
		    $compile -c -o "$1.o" "$tree/$file"
	} >"$out" 2>&1
}

# The object of the file as it is, to compare with.
original() {
	original=$place/original/$(echo "$file" | tr / _)
	[ -f "$original.o" ] && return
	cp -p "$file" "$tree/$file" && object "$original"
}

# The tests that hold the object, the likeliest first: "TEST SECONDS".
in_turn() {
	awk -v file="$file" '
	BEGIN {
		folder = base = file
		sub(/\/.*/, "", folder)
		sub(/.*\//, "", base)
		sub(/\.c$/, "", base)
	}
	function give() {
		if (test == "" || (known && !holds))
			return
		name = test
		sub(/.*\//, "", name)
		rank = test ~ /^sh / ? 4 : 3
		if (index(name, folder "_") == 1)
			rank = 2
		stem = name
		sub(/_test\.run$|\.replay$/, "", stem)
		sub("^(" folder "|fuzz)_", "", stem)
		if (index(stem, base) == 1 || index(base, stem) == 1 ||
		    index(name, base "_") == 1)
			rank = 1
		if (test ~ /^sh / && rank < 4)
			rank = folder == "bin" ? 3.5 : 4
		print rank, seconds, test
	}
	/^ - / { known = 1; holds = holds || $2 == base; next }
	{
		give()
		i = index($0, "=")
		test = substr($0, 1, i - 1)
		seconds = substr($0, i + 1)
		known = holds = 0
	}
	END { give() }' "$place/tests" | sort -k1,1n -k2,2n -k3 |
	    cut -d ' ' -f 2-
}

# Leaves in $fate what became of the mutant, and in $killer what killed it.
judge() {
	linked=
	in_turn >"$place/turn"
	while read -r seconds test <&4; do
		most=$((${SPARE:-10} + 4 * seconds))
		case $test in
		sh\ *)
			! cmp -s "$place/mutant.o" "$original.o" || continue
			if [ -z "$linked" ]; then
				programs "$place/mutant.o" || exit 1
				linked=1
			fi
			twice "$most" $(script "$test")
			;;
		*)
			try "$test" "$most" "$place/mutant.to"
			;;
		esac
		[ -n "$why" ] || continue
		fate=uncompiled
		[ "$why" != 'not linked' ] || return
		fate=killed
		test=${test##*/}
		killer="${test%%.*}: $why"
		return
	done 4<"$place/turn"
	fate=survived
}

# mutate: leaves what became of the mutant in $fate.
mutate() {
	fate=uncompiled
	original || return
	describe >"$place/now"
	fate=equivalent
	! is_equivalent || return
	spoil
	fate=uncompiled
	object "$place/mutant" || return
	fate=same
	cmp -s "$place/mutant.to" "$original.to" &&
	    cmp -s "$place/mutant.o" "$original.o" && return
	judge
}

# ---- all of them ----

report() {
	case $fate in
	killed) echo "killed $file:$first $rule, by $killer" ;;
	survived)
		echo "survived $file:$first $rule"
		sed 's/^/	/' "$place/now"
		{
			cat "$place/now"
			echo
		} >>"$place/survivors"
		;;
	*) echo "$fate $file:$first $rule" ;;
	esac
}

# The share of each folder; fails if that of all is too small.
table() {
	awk -v least="${LEAST:-85}" '
	function row(name, killed, survived, rest,    all) {
		all = killed + survived
		printf "%-8s %8d %8d %8s %8d\n", name, killed, survived, \
		    all ? sprintf("%.1f %%", 100 * killed / all) : "-", rest
	}
	{
		n[$1, $2]++
		mutants[$1]++
		sum[$2]++
	}
	END {
		print "folder     killed survived    share  not one"
		split("defer reactor dns http html bin", folders)
		for (i = 1; i <= 6; i++) {
			f = folders[i]
			if (!(f in mutants))
				continue
			rest = n[f, "same"] + n[f, "equivalent"]
			row(f, n[f, "killed"], n[f, "survived"], \
			    rest + n[f, "uncompiled"])
		}
		row("all", sum["killed"], sum["survived"], \
		    sum["same"] + sum["equivalent"] + sum["uncompiled"])
		print "not one: " sum["uncompiled"] + 0 " did not compile, " \
		    sum["same"] + 0 " gave the same object, " \
		    sum["equivalent"] + 0 " are in mutants.equivalent"
		all = sum["killed"] + sum["survived"]
		exit all > 0 && 100 * sum["killed"] < least * all
	}' "$place/fates"
}

prepare "$@"
: >"$place/survivors"
: >"$place/fates"
candidates >"$place/all" || exit 1
draw <"$place/all" >"$place/drawn"
echo "$(($(wc -l <"$place/drawn"))) of $(($(wc -l <"$place/all"))) mutants," \
    "seed $seed"
while IFS=$us read -r file name rule first last old new <&3; do
	mutate
	report
	echo "${file%%/*} $fate" >>"$place/fates"
	cp -p "$file" "$tree/$file"
done 3<"$place/drawn"
table
