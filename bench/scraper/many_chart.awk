# many_chart.awk - what many.awk says, as a chart (SVG): pages to the right,
# seconds upwards, both by powers of ten; readable in light and in dark.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
function log10(v) {
	return log(v) / log(10)
}

function x_of(n) {
	return left + (right - left) * log10(n) / 4
}

# From 0.05 s at the bottom.
function y_of(s) {
	return bottom - (bottom - top) * log10(s / 0.05) / 3.3
}

# What the label of a client is.
function label_of(name) {
	if (name == "scraper_sequential")
		return "scraper --sequential"
	if (name == "hand")
		return "by hand in C"
	if (name == "curl_multi")
		return "libcurl"
	if (name == "curl")
		return "curl --parallel"
	if (name == "scraper")
		return "scraper"
	return toupper(substr(name, 1, 1)) substr(name, 2)
}

function text(x, y, class, anchor, what) {
	printf "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" " \
	    "text-anchor=\"%s\">%s</text>\n", x, y, class, anchor, what
}

function line(x1, y1, x2, y2, class) {
	printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" " \
	    "class=\"%s\"/>\n", x1, y1, x2, y2, class
}

function begin(   light, dark, i) {
	split("#0b6e99 #b3261e #7a5195 #a65f00 #2e7d32 #00695c #555555 " \
	    "#ad1457", light, " ")
	split("#5cc8f5 #ff8a80 #cfa3e8 #ffb74d #81c784 #4db6ac #bbbbbb " \
	    "#f48fb1", dark, " ")
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" " \
	    "viewBox=\"0 0 760 420\" font-family=\"sans-serif\" " \
	    "font-size=\"13\" role=\"img\">"
	print "<title>Seconds for n pages of 100 ms each</title>"
	print "<style>"
	print ".back{fill:#fff}.word{fill:#222}.grid{stroke:#ddd}"
	print ".head{fill:#222;font-size:15px;font-weight:bold}"
	print "polyline{fill:none;stroke-width:2}"
	print "polyline.main{stroke-width:4}.bold{font-weight:bold}"
	for (i = 1; i <= 8; i++)
		printf ".l%d{stroke:%s}.f%d{fill:%s}\n", i, light[i], i,
		    light[i]
	print "@media (prefers-color-scheme:dark){"
	print ".back{fill:#14171a}.word,.head{fill:#e6e6e6}"
	print ".grid{stroke:#3a3f44}"
	for (i = 1; i <= 8; i++)
		printf ".l%d{stroke:%s}.f%d{fill:%s}\n", i, dark[i], i, dark[i]
	print "}</style>"
	print "<rect class=\"back\" width=\"760\" height=\"420\"/>"
	text(left, 24, "head", "start", "Seconds for n pages of 100 ms each")
}

function grid(   n, s) {
	for (n = 1; n <= 10000; n *= 10) {
		line(x_of(n), top, x_of(n), bottom, "grid")
		text(x_of(n), bottom + 18, "word", "middle", n)
	}
	for (s = 0.1; s < 11; s *= 10) {
		line(left, y_of(s), right, y_of(s), "grid")
		text(left - 8, y_of(s) + 4, "word", "end", s " s")
	}
	text((left + right) / 2, bottom + 38, "word", "middle", "n")
}

function draw(c,   i, k) {
	printf "<polyline class=\"l%d%s\" points=\"", c,
	    order[c] == "scraper" ? " main" : ""
	for (i = 1; i <= count[c]; i++)
		printf " %.1f,%.1f", x[c, i], y[c, i]
	print "\"/>"
	for (i = 1; i <= count[c]; i++)
		printf "<circle class=\"f%d\" cx=\"%.1f\" cy=\"%.1f\" " \
		    "r=\"%d\"/>\n", c, x[c, i], y[c, i],
		    order[c] == "scraper" ? 4 : 3
}

# Names beside the last points: from above to below, none on another.
function name_all(   c, i, best, used, at, last) {
	last = -100
	for (i = 1; i <= clients; i++) {
		best = 0
		for (c = 1; c <= clients; c++)
			if (!(c in used) && x[c, count[c]] > right - 1 &&
			    (!best || y[c, count[c]] < y[best, count[best]]))
				best = c
		if (!best)
			break
		used[best]
		at = y[best, count[best]]
		last = at > last + 16 ? at : last + 16
		text(right + 10, last + 4, "f" best " " (order[best] == \
		    "scraper" ? "bold" : ""), "start", label_of(order[best]))
	}
	for (c = 1; c <= clients; c++)
		if (!(c in used))
			text(x[c, count[c]] + 2, y[c, count[c]] - 10, "f" c,
			    "end", label_of(order[c]))
}

BEGIN {
	left = 60
	right = 590
	top = 44
	bottom = 366
}

{
	if (!($1 in number)) {
		number[$1] = ++clients
		order[clients] = $1
	}
	c = number[$1]
	x[c, ++count[c]] = x_of($2)
	y[c, count[c]] = y_of($3)
}

END {
	begin()
	grid()
	for (c = 1; c <= clients; c++)
		draw(c)
	name_all()
	print "</svg>"
}
