# manual.awk - fills the options of a program into its manual page.
#
#	scraper --help | awk -f bin/help.awk -f bin/manual.awk - bin/scraper.1
#
# They take the place of the line `.\" OPTIONS`, as rows of an mdoc list.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# Text, so that neither a dash nor the first character is taken for roff; a
# sentence begins on a line of its own, as roff wants it.
function manual_text(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	gsub(/[.] +/, "&\n", text)
	gsub(/ +\n/, "\n", text)
	return text ~ /^[.']/ ? "\\\\&" text : text
}

# The words of a value, none of which is a macro for mdoc.
function manual_value(value,   n, i, word, out) {
	if (value == "")
		return ""
	out = " Ar"
	n = split(value, word, " ")
	for (i = 1; i <= n; i++)
		out = out " \\&" word[i]
	return out
}

function option(letter, name, value, help,   row) {
	gsub(/-/, "\\-", name)
	row = "Fl \\-" name manual_value(value)
	if (letter != "")
		row = "Fl " letter " , " row
	rows = rows ".It " row "\n" manual_text(help) "\n"
}

/^\.\\" OPTIONS$/ {
	printf "%s", rows
	filled = 1
	next
}

{ print }

END {
	if (rows == "" || !filled) {
		print "manual.awk: no options or no place for them" | "cat 1>&2"
		exit 1
	}
}
