# help.awk - reads what a program prints for --help, for manual.awk and
# complete.awk: so the table of its options is the one place where they stand.
#
# Calls option(letter, name, value, help) for each, in order; letter and value
# are "" where there is none, and help is one line.  Before the first, the
# variables program and synopsis are set.  Only the first file that awk is
# given is read so.  An option that does not fit into its columns ends it.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# Hands over the option that was gathered, if there is one.
function help_close() {
	if (help_name != "")
		option(help_letter, help_name, help_value, help_text)
	help_name = ""
}

NR == FNR && /^usage: / {
	program = $2
	synopsis = $0
	sub(/^usage: [^ ]* /, "", synopsis)
	next
}

# "  -c, --concurrency N      URLs in progress at once (64)"
NR == FNR && /^  (-[^-], |    )--[a-z]/ {
	help_close()
	if (substr($0, 27, 1) != " ") {
		print "help.awk: too wide: " $0 | "cat 1>&2"
		exit 1
	}
	help_letter = substr($0, 4, 1)
	sub(/ /, "", help_letter)
	help_value = substr($0, 9, 18)
	sub(/ +$/, "", help_value)
	help_name = help_value
	sub(/ .*/, "", help_name)
	help_value = substr(help_value, length(help_name) + 2)
	help_text = substr($0, 28)
	next
}

NR == FNR && help_name != "" && /^                           [^ ]/ {
	help_text = help_text " " substr($0, 28)
	next
}

{ help_close() }

NR == FNR { next }

END { help_close() }
