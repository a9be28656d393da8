# chapters.awk - reads what the chapters and headers say in fixed forms.
#
#	awk -v ask=core     -f chapters.awk README.md
#	awk -v ask=program  -f chapters.awk README.md
#	awk -v ask=compile  -f chapters.awk README.md
#	awk -v ask=output   -f chapters.awk README.md
#	awk -v ask=copy     -f chapters.awk HEADER
#
# core: the files of the first table behind "## The core", a line each, with
# "apart" behind those that do not count.  program: the first C block that has
# a function main.  compile: the indented line that follows it, from its
# compiler on.  output: the first block without a language behind that.  copy:
# the words of a header's note on copying, a line each.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

ask == "core" && /^## / { inside = $0 == "## The core"; table = 0 }
ask == "core" && inside && /^\|/ {
	table = 1
	apart = /\| *apart[^|]*\| *$/ ? " apart" : ""
	line = $0
	while (match(line, /\]\([a-z0-9_]+\.[ch]\)/)) {
		print substr(line, RSTART + 2, RLENGTH - 3) apart
		line = substr(line, RSTART + RLENGTH)
	}
	next
}
ask == "core" && table { exit }

ask ~ /^(program|compile|output)$/ && /^```/ {
	if (fenced) {
		fenced = 0
		if (block ~ /\nmain\(/ && !found) {
			found = 1
			if (ask == "program") {
				printf "%s", block
				exit
			}
		} else if (plain && found && ask == "output") {
			printf "%s", block
			exit
		}
	} else {
		fenced = 1
		plain = $0 == "```"
		block = ""
	}
	next
}
fenced { block = block $0 "\n" }
ask == "compile" && found && !fenced && /^    cc / {
	print substr($0, 5)
	exit
}

ask == "copy" && /^ \* Copy: / { inside = 1; sub(/^ \* Copy:/, " *     ") }
ask == "copy" && inside && !/^ \*     / { exit }
ask == "copy" && inside {
	for (i = 2; i <= NF; i++)
		print $i
}
