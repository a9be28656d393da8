#!/bin/sh
# run.sh - all measurements, beside the peers that are found here.
# Each of the scripts that it runs says what it measures and how.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/.." || exit 1
status=0
for bench in bench/*/run.sh bench/http/tls.sh bench/scraper/many.sh \
    bench/scraper/early.sh bench/scraper/memory.sh; do
	echo
	echo "== $bench"
	sh "$bench" || status=1
done
exit $status
