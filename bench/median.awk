# median.awk - the median of measurements, for other scripts.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# Sorts value[key, 1..n], of which there is at least one, and returns the
# median.
function median(value, key, n,   i, j, v) {
	for (i = 2; i <= n; i++) {
		v = value[key, i]
		for (j = i - 1; j > 0 && value[key, j] > v; j--)
			value[key, j + 1] = value[key, j]
		value[key, j + 1] = v
	}
	v = value[key, int((n + 1) / 2)]
	return (v + value[key, int(n / 2) + 1]) / 2
}
