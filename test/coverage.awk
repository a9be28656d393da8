# coverage.awk - lines without test or reason, and the share of each folder.
#
#	awk -f test/coverage.awk coverage.reasons LINES FILE ...
#
# LINES has a line "file number run" for each line of code, run being 0 or 1;
# FILE ... are the sources; coverage.reasons says of itself how it is written.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

function complain(what) {
	print what
	wrong = 1
}

# A line without its white space in front and its tabs.
function bare(s) {
	gsub(/[ \t]+/, " ", s)
	sub(/^ /, "", s)
	return s
}

FNR == 1 {
	part++
	inside = ""
}

part == 1 && /^#/ {
	open = ""
}

part == 1 && /^$/ && open != "" {
	complain(open ": has no reason")
	open = ""
}

part == 1 && /^[^#]/ {
	listed[$0] = open = $0
}

part == 2 {
	run[$1, $2] = $3
}

part > 2 && /^[a-zA-Z_][a-zA-Z_0-9]*\(/ {
	inside = substr($0, 1, index($0, "(") - 1)
}

part > 2 && (FILENAME, FNR) in run {
	folder = substr(FILENAME, 1, index(FILENAME, "/") - 1)
	lines[folder]++
	name = FILENAME ": " inside ": " bare($0)
	there[name] = 1
	if (run[FILENAME, FNR])
		covered[folder]++
	else if (name in listed) {
		excused[folder]++
		used[name] = 1
	} else
		complain(FILENAME ":" FNR ": " bare($0))
}

function row(name, n, yes, excuse) {
	printf "%-8s %8d %8d %8s %8d %8d\n", name, n, yes, \
	    n ? sprintf("%.2f %%", 100 * yes / n) : "-", excuse, \
	    n - yes - excuse
}

END {
	if (open != "")
		complain(open ": has no reason")
	for (name in listed) {
		if (!(name in there))
			complain(name ": has a reason, but is not there")
		else if (!(name in used))
			print name ": has a reason, but was run"
	}
	print "folder      lines      run    share   reason     left"
	n = split("defer reactor dns http html bin", folders)
	for (i = 1; i <= n; i++) {
		f = folders[i]
		if (!(f in lines))
			continue
		row(f, lines[f], covered[f], excused[f])
		all += lines[f]
		yes += covered[f]
		excuse += excused[f]
	}
	row("all", all, yes, excuse)
	exit wrong
}
