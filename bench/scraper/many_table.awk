# many_table.awk - what many.awk says, as a table; `counts` are its columns.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
{
	if (!($1 in seen))
		order[++clients] = $1
	seen[$1]
	seconds[$1, $2] = $3
}

END {
	columns = split(counts, n, " ")
	printf "\nseconds for n pages of 100 ms each\n\n| n |"
	for (i = 1; i <= columns; i++)
		printf " %d |", n[i]
	printf "\n|---|"
	for (i = 1; i <= columns; i++)
		printf "---|"
	print ""
	for (c = 1; c <= clients; c++) {
		printf "| %s |", order[c]
		for (i = 1; i <= columns; i++)
			printf((order[c], n[i]) in seconds ? " %.2f |" : " |",
			    seconds[order[c], n[i]])
		print ""
	}
}
