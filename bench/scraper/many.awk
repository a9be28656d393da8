# many.awk - from the measurements of many.sh to a line for each point:
# client, number of pages, median of the seconds that all of them took.
# median.awk comes with it.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
{
	split($2, what, ":")
	split($4, wall, "=")
	if (!($2 in count))
		order[++points] = $2
	seconds[$2, ++count[$2]] = wall[2] * what[2] / 1e6
}

END {
	for (i = 1; i <= points; i++) {
		split(order[i], what, ":")
		printf "%s %d %.4f\n", what[1], what[2],
		    median(seconds, order[i], count[order[i]])
	}
}
