#!/bin/sh
# fuzz.sh - gives each fuzz target random bytes for some seconds.
#
#	sh test/fuzz.sh TARGET REPLAY ...	one of them; "": all
#
# With clang's libFuzzer the targets are built once more in build/fuzz, with
# the address and undefined sanitizers, and begin with what is in
# test/corpus/x and the words of test/corpus/x.dict.  What they learn is kept
# in build/fuzz/learned/x for the next time; an input that fails a target is
# left in build/fuzz/found (`test/fuzz_x.replay FILE` repeats it).  Where
# there is no libFuzzer, the programs after TARGET replay what is there.
#
# From the environment: FUZZ_CC (clang), FUZZ_SECONDS for each target (60),
# FUZZ_RUNS at most (-1: any number), FUZZ_LEN (4096) bytes at most, FUZZ_JOBS
# at once (1), FUZZ_SEED, for the same run each time (0: another), FUZZ_ZLIB:
# not without a zlib.  FUZZ_PLAIN=1 leaves the sanitizers out, and builds in
# build/fuzz-plain: many times as fast, for millions of executions.  What is
# learned there, the next run with sanitizers is given, too.  FUZZ_COMPARE=0
# does not note comparisons, from which a fuzzer learns words; where x.dict has
# them all, as for html, it is four times as fast.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
top=$PWD
sanitizers=address,undefined
here=$top/build/fuzz
if [ "${FUZZ_PLAIN:-0}" = 1 ]; then
	sanitizers=
	here=$here-plain
	# glibc: what a play has freed is for the next, not for the kernel.
	MALLOC_TRIM_THRESHOLD_=1000000000 MALLOC_MMAP_THRESHOLD_=200000000
	export MALLOC_TRIM_THRESHOLD_ MALLOC_MMAP_THRESHOLD_
fi
[ "${FUZZ_COMPARE:-1}" != 0 ] || here=$here-blind
cc=${FUZZ_CC:-clang}
target=$1
shift
learned=$top/build/fuzz/learned
mkdir -p "$here/found" "$learned" || exit 1

# ---- without a fuzzer ----

echo 'int LLVMFuzzerTestOneInput(void);
int LLVMFuzzerTestOneInput(void) { return 0; }' >"$here/try.c"
if ! $cc "-fsanitize=${sanitizers:+$sanitizers,}fuzzer" "$here/try.c" \
    -o "$here/try" 2>/dev/null; then
	echo "$cc has no fuzzer here: the corpora alone"
	replays=
	for replay in "$@"; do
		case $target in
		'' | "$(basename "$replay" .replay | sed 's/fuzz_//')")
			replays="$replays $replay"
			;;
		esac
	done
	sh test/run.sh $replays
	exit
fi

# ---- with one ----

# The sources, for objects of their own; what has not changed stays.
for folder in reactor defer html dns http bin test test/kqueue \
    test/kqueue/sys; do
	mkdir -p "$here/$folder"
	cp -p "$folder"/*.[ch] "$here/$folder/" || exit 1
done
cp -p Makefile "$here/" || exit 1
flags='-O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all'
[ -n "$sanitizers" ] || flags='-O2 -g'
# What the simulated world compares is nothing to be learned from.
printf 'src:%s\n' 'test/*' reactor/timer.c >"$here/passed-over"
more="-fsanitize=${sanitizers:+$sanitizers,}fuzzer-no-link"
more="$more -fsanitize-coverage-ignorelist=$here/passed-over"
[ "${FUZZ_COMPARE:-1}" != 0 ] || more="$more -fno-sanitize-coverage=trace-cmp"
(cd "$here" && make -s -j2 CC="$cc" CFLAGS="$flags $more" \
    LDFLAGS="${sanitizers:+-fsanitize=$sanitizers}" fuzzers >log.make 2>&1) || {
	cat "$here/log.make"
	exit 1
}

# A libssl that hides nothing; what a fuzzer could learn from it is its own.
mkdir -p build
$cc -std=c11 -O2 -fPIC -shared -o build/libplain.so test/tls/plain.c || exit 1

# one TARGET: says in a line how much was tried, or shows what was found.
one() {
	corpus=$top/test/corpus/$1
	mkdir -p "$learned/$1"
	dict=
	[ ! -f "$corpus.dict" ] || dict=-dict=$corpus.dict
	"$here/test/fuzz_$1.fuzz" -max_total_time="${FUZZ_SECONDS:-60}" \
	    -runs="${FUZZ_RUNS:--1}" -max_len="${FUZZ_LEN:-4096}" -timeout=10 \
	    -rss_limit_mb=1000 -verbosity=0 -print_funcs=0 \
	    -seed="${FUZZ_SEED:-0}" -print_final_stats=1 $dict \
	    -artifact_prefix="$here/found/$1-" \
	    "$learned/$1" "$corpus" >"$here/log.$1" 2>&1 || {
		tail -n 60 "$here/log.$1"
		echo "$1: FAILED"
		return 1
	}
	awk -v name="$1" '/number_of_executed_units/ {
		print name ": " $2 " executions"
	}' "$here/log.$1"
}

status=0
running=0
pids=
for source in test/fuzz_*.c; do
	name=${source#test/fuzz_}
	name=${name%.c}
	[ "$name" != replay ] || continue
	[ -z "$target" ] || [ "$name" = "$target" ] || continue
	one "$name" &
	pids="$pids $!"
	running=$((running + 1))
	if [ "$running" -ge "${FUZZ_JOBS:-1}" ]; then
		for pid in $pids; do
			wait "$pid" || status=1
		done
		running=0
		pids=
	fi
done
for pid in $pids; do
	wait "$pid" || status=1
done
exit $status
