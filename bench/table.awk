# table.awk - measurements in, a table of medians out.
#
#	awk -v title=T -v metrics="a b" -v ratios="a" -f median.awk \
#	    -f table.awk FILE
#
# In: lines `ROUND CLIENT name=value ...`; round 0 is the warm-up and is
# dropped.  Out: for each client the median (min..max) of each metric, and
# for each of the ratios the median of the per-round ratios to the client
# that comes first, called "x".
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# With about four digits.
function short(v) {
	return sprintf(v < 10 ? "%.2f" : v < 100 ? "%.1f" : "%.0f", v)
}

BEGIN {
	metric_count = split(metrics, metric, " ")
	ratio_count = split(ratios, ratio, " ")
}

$1 > 0 {
	client = $2
	if (!(client in count))
		order[++clients] = client
	n = ++count[client]
	for (i = 3; i <= NF; i++) {
		split($i, pair, "=")
		value[client " " pair[1], n] = pair[2]
		if (client == order[1])
			first[pair[1], $1] = pair[2]
		base = first[pair[1], $1]
		if (base > 0)
			value[client " x " pair[1], n] = pair[2] / base
	}
}

END {
	if (clients == 0)
		exit
	printf "\n%s, %d rounds\n\n| |", title, count[order[1]]
	for (i = 1; i <= metric_count; i++)
		printf " %s |", metric[i]
	for (i = 1; i <= ratio_count; i++)
		printf " x %s |", ratio[i]
	printf "\n|---|"
	for (i = 1; i <= metric_count + ratio_count; i++)
		printf "---|"
	print ""
	for (c = 1; c <= clients; c++) {
		printf "| %s |", order[c]
		n = count[order[c]]
		for (i = 1; i <= metric_count; i++) {
			key = order[c] " " metric[i]
			m = median(value, key, n)
			printf " %s (%s..%s) |", short(m),
			    short(value[key, 1]), short(value[key, n])
		}
		for (i = 1; i <= ratio_count; i++)
			printf " %.2f |",
			    median(value, order[c] " x " ratio[i], n)
		print ""
	}
}
