# many.awk - from the measurements of many.sh to a line for each point:
# client, number of pages, median of the seconds that all of them took.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
{
	split($2, what, ":")
	split($4, wall, "=")
	if (!($2 in count))
		order[++points] = $2
	seconds[$2, ++count[$2]] = wall[2] * what[2] / 1e6
}

# Sorts seconds[key, 1..n] and returns the median.
function median(key, n,   i, j, v) {
	for (i = 2; i <= n; i++) {
		v = seconds[key, i]
		for (j = i - 1; j > 0 && seconds[key, j] > v; j--)
			seconds[key, j + 1] = seconds[key, j]
		seconds[key, j + 1] = v
	}
	v = seconds[key, int((n + 1) / 2)]
	return (v + seconds[key, int(n / 2) + 1]) / 2
}

END {
	for (i = 1; i <= points; i++) {
		split(order[i], what, ":")
		printf "%s %d %.4f\n", what[1], what[2],
		    median(order[i], count[order[i]])
	}
}
