# timeline.awk - draws a trace of the loop (trace.h) as SVG: a row for each
# event, from top to bottom, and a column for each descriptor.
#
#	REACTOR_TRACE=trace bin/scraper URL
#	awk -f bin/timeline.awk trace >turns.svg
#
# The rows of one turn have one background; above them is how long the loop
# has waited for it.  A descriptor has a line from its first event to its
# last.  The variable `most` is how many events are drawn (400); of more
# descriptors than 13 the others share the last column.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

BEGIN {
	if (most == 0)
		most = 400
	column["-"] = 0
	name[0] = "the loop itself"
	columns = 1
	count = left = 0
}

# Other lines, such as messages on the same standard error, are passed over.
NF != 5 || $1 !~ /^[0-9.]+$/ || $2 !~ /^[0-9]+$/ ||
    $3 !~ /^(-|[0-9]+)$/ || $4 !~ /^[a-z_]+$/ || $5 !~ /^-?[0-9]+$/ { next }

{
	if (count >= most) {
		left++
		next
	}
	time[count] = $1
	turn[count] = $2
	what[count] = $4
	number[count] = $5
	if (!($3 in column)) {
		column[$3] = columns < 14 ? columns++ : 13
		name[column[$3]] = column[$3] == 13 ? "others" : \
		    "descriptor " $3
	}
	at[count] = column[$3]
	if (!(at[count] in first))
		first[at[count]] = count
	last[at[count]] = count
	count++
}

# The style of an event: what kind of thing happens.
function style(word) {
	if (word == "wait")
		return "wait"
	if (word == "interest")
		return "ask"
	if (word == "reap" || word ~ /(lost|closed|failed|stopped)$/)
		return "end"
	if (word ~ /(made|protocol|connect|accept)/)
		return "new"
	if (word ~ /(data|read|datagram|write)/)
		return "data"
	return "call"
}

# What a row says.
function words(i) {
	if (what[i] == "wait")
		return sprintf("waited %.1f ms: %d ready",
		    i > 0 ? time[i] - time[i - 1] : time[i], number[i])
	if (what[i] == "interest")
		return number[i] == 0 ? "interest in nothing" : \
		    "interest: " (number[i] % 2 ? "read" : "") \
		    (number[i] == 3 ? ", " : "") (number[i] >= 2 ? "write" : "")
	return what[i] (number[i] == 0 ? "" : " " number[i])
}

function x(c) {
	return c == 0 ? 108 : 292 + (c - 1) * 156
}

function y(i) {
	return top + i * high
}

END {
	high = 20
	top = 64
	width = x(columns) + 16
	height = y(count) + (left > 0 ? 36 : 16)
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" " \
	    "height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, height, width, \
	    height
	print "<style>"
	print "svg{--bg:#fff;--fg:#1f2430;--dim:#667080;--band:#f3f5f8;" \
	    "--line:#c3cad4;--wait:#e2e6ec;--ask:#dfe9fb;--new:#fde3c8;" \
	    "--data:#cfeeda;--call:#e9dcf8;--end:#fbd5d5;" \
	    "background:var(--bg);" \
	    "font:11px ui-monospace,SFMono-Regular,Menlo,Consolas," \
	    "'DejaVu Sans Mono',monospace}"
	print "@media(prefers-color-scheme:dark){svg{--bg:#14171c;" \
	    "--fg:#dde3ec;--dim:#8f9aab;--band:#1b1f26;--line:#3d4653;" \
	    "--wait:#2a303a;--ask:#23375c;--new:#5a3b18;--data:#1d4a2f;" \
	    "--call:#43305e;--end:#5c2a2a}}"
	print "text{fill:var(--fg)}.dim{fill:var(--dim)}" \
	    ".e{text-anchor:end}.h{font-weight:600}.bg{fill:var(--bg)}" \
	    ".band{fill:var(--band)}.life{stroke:var(--line);" \
	    "stroke-width:2}.wait{fill:var(--wait)}.ask{fill:var(--ask)}" \
	    ".new{fill:var(--new)}.data{fill:var(--data)}" \
	    ".call{fill:var(--call)}.end{fill:var(--end)}"
	print "</style>"
	printf "<rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n", width, \
	    height
	printf "<text class=\"dim e\" x=\"40\" y=\"%d\">turn</text>" \
	    "<text class=\"dim e\" x=\"98\" y=\"%d\">ms</text>\n", top - 14, \
	    top - 14
	# The bands of every other turn.
	for (i = 0; i < count; i = j) {
		for (j = i; j < count && turn[j] == turn[i]; j++)
			;
		if (turn[i] % 2 == 1)
			printf "<rect class=\"band\" x=\"8\" y=\"%d\" " \
			    "width=\"%d\" height=\"%d\"/>\n", y(i), \
			    width - 16, (j - i) * high
		printf "<text class=\"e\" x=\"40\" y=\"%d\">%d</text>\n", \
		    y(i) + 14, turn[i]
	}
	for (c = 0; c < columns; c++) {
		if (!(c in first))
			continue
		printf "<text class=\"h\" x=\"%d\" y=\"%d\">%s</text>\n", \
		    x(c) + 8, top - 14, name[c]
		printf "<path class=\"life\" d=\"M%d %dV%d\"/>\n", x(c) + 4, \
		    y(first[c]) + 10, y(last[c]) + 10
	}
	for (i = 0; i < count; i++) {
		if (i == 0 || time[i] != time[i - 1])
			printf "<text class=\"dim e\" x=\"98\" y=\"%d\">" \
			    "%.1f</text>\n", y(i) + 14, time[i]
		printf "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" " \
		    "height=\"%d\" rx=\"4\"/>", style(what[i]), x(at[i]), \
		    y(i) + 2, at[i] == 0 ? 176 : 148, high - 4
		printf "<text x=\"%d\" y=\"%d\">%s</text>\n", x(at[i]) + 8, \
		    y(i) + 14, words(i)
	}
	printf "<text class=\"h\" x=\"16\" y=\"26\">What the loop calls, " \
	    "and for which descriptor</text>\n"
	if (left > 0)
		printf "<text class=\"dim\" x=\"16\" y=\"%d\">and %d more " \
		    "events, which are not drawn</text>\n", height - 14, left
	print "</svg>"
}
