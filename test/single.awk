# single.awk - joins headers and sources of the house into one of each kind.
#
# Called by single.sh, once for the header and once for the source:
#
#	awk -v part=h|c -v name=NAME -v what=TEXT -v version=TEXT \
#	    -v example=FILE -v headers=LIST -v sources=LIST -f single.awk
#
# In the header all system headers come first, then the files in the order in
# which they need each other, without their guards and their own includes.  In
# the source, what only the sources include (loop.h and the tables of data)
# stands where it is first needed, behind its system headers; functions that
# such a header declares become static.  It relies on the layout of the house:
# the name of a function that is defined stands in column 0, behind a line with
# its type.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# The file that `target`, as written in an include of `from`, means.
function resolve(target, from,   folder) {
	if (target ~ /^\.\.\//)
		return substr(target, 4)
	folder = from
	sub(/\/[^\/]*$/, "", folder)
	return folder "/" target
}

# Reads a file into text[file, 1 ...]; its length is size[file].
function load(file,   n, line) {
	if (file in size)
		return
	n = 0
	while ((getline line < file) > 0)
		text[file, ++n] = line
	if (n == 0) {
		print "single.awk: cannot read " file > "/dev/stderr"
		exit failed = 1
	}
	close(file)
	size[file] = n
}

# The name in the quotes of an include of our own, or nothing.
function own_include(line) {
	if (line !~ /^#include "/)
		return ""
	sub(/^#include "/, "", line)
	sub(/".*/, "", line)
	return line
}

# Appends to order[] the headers that `file` needs, then itself.
function visit(file,   i, target) {
	if (file in seen)
		return
	seen[file] = 1
	load(file)
	for (i = 1; i <= size[file]; i++) {
		target = own_include(text[file, i])
		if (target != "")
			visit(resolve(target, file))
	}
	order[++count] = file
}

# Marks the lines of a file that are not to be copied: guards, includes of
# ours, what is said to those who copy files, and the licence line.
function mark(file,   i, n, guard, line, copying) {
	n = size[file]
	for (i = 1; i <= n; i++) {
		line = text[file, i]
		if (own_include(line) != "")
			skip[file, i] = 1
		if (line ~ /^ \* Copy: /)
			copying = 1
		else if (line !~ /^ \*     /)
			copying = 0
		if (copying || line ~ /SPDX-License-Identifier/)
			skip[file, i] = 1
		if (file !~ /\.h$/)
			continue
		if (line ~ /^#include </)
			skip[file, i] = 1
		if (line ~ /^#ifndef [A-Z0-9_]+_H$/ && guard == "") {
			guard = substr(line, 9)
			skip[file, i] = skip[file, i + 1] = 1
		}
		if (line ~ /^#ifdef __cplusplus/)
			skip[file, i] = skip[file, i + 1] = \
			    skip[file, i + 2] = 1
	}
	if (guard != "") {
		while (text[file, n] !~ /^#endif/)
			n--
		skip[file, n] = 1
	}
}

# Notes the functions that a private header declares.
function note_internal(file,   i, name) {
	for (i = 1; i <= size[file]; i++) {
		name = text[file, i]
		if (name !~ /^[a-z].*[a-z0-9_]\(/ ||
		    name ~ /^(static|typedef|extern) ?/ ||
		    text[file, i - 1] ~ /^static /)
			continue
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
		internal[name] = 1
		starts[file, i] = 1
	}
}

# Prints a file without the marked lines; an empty line follows no other.
function copy(file,   i, line, name, held, holds, empty) {
	printf "\n/* ======== %s ======== */\n", file
	empty = 0
	for (i = 1; i <= size[file]; i++) {
		if ((file, i) in skip)
			continue
		line = text[file, i]
		# Of a comment that lost its last lines, the end.
		if (line == " *" && text[file, i + 1] ~ \
		    /^ \* (Copy: |Copyright )/)
			continue
		if (line ~ /^#define _[A-Z_]*SOURCE/)
			continue
		name = line
		sub(/\(.*/, "", name)
		if (starts[file, i])
			line = "static " line
		if (holds) {
			if (name in internal && line ~ /\(/ &&
			    held !~ /^static/)
				held = "static " held
			print held
			holds = 0
		}
		if (line == "" && empty)
			continue
		empty = line == ""
		if (file ~ /\.c$/ && line ~ /^[a-z][a-z0-9_ *]*$/) {
			held = line
			holds = 1
			continue
		}
		print line
	}
	if (holds)
		print held
}

# Prints a file as the text of a comment.
function quote(file,   line) {
	while ((getline line < file) > 0)
		print line == "" ? " *" : " * " line
	close(file)
}

# Prints the example as the text of a comment: without its first comment, with
# the others as // ones, and with this header in place of its own.
function quote_example(file,   line, inside, done) {
	while ((getline line < file) > 0) {
		if (!done && line ~ /^\/\*/)
			inside = 1
		if (inside) {
			if (line ~ /\*\//) {
				inside = 0
				done = 1
			}
			continue
		}
		if (line ~ /^#include "/) {
			if (!included)
				print " *      #include \"" name ".h\""
			included = 1
			continue
		}
		if (line ~ /^#define _[A-Z_]*SOURCE/) {
			print " *      " line
			continue
		}
		if (line ~ /\/\*.*\*\/[ \t]*$/) {
			sub(/[ \t]*\*\/[ \t]*$/, "", line)
			sub(/\/\*/, "//", line)
		}
		gsub(/\t/, "        ", line)
		print line == "" ? " *" : " *      " line
	}
	close(file)
}

function opening(file, about) {
	print "/*"
	print " * " file " - " about
	print " *"
	print " * Version " version ".  Made from the sources of Spindle by" \
	    " `make single`: change those."
	print " *"
}

# Each system header of the files from one in order[] to another, once.
function system_includes(first, last,   i, j, line, done) {
	for (i = first; i <= last; i++)
		for (j = 1; j <= size[order[i]]; j++) {
			line = text[order[i], j]
			if (line !~ /^#include </)
				continue
			sub(/>.*/, ">", line)
			if (!(line in done))
				print line
			done[line] = 1
		}
}

function write_header(   i, guard) {
	opening(name ".h", what)
	print " * To use it: compile " name ".c with the program.  For example:"
	print " *"
	quote_example(example)
	print " *"
	quote("LICENSE")
	print " */"
	guard = toupper(name) "_SINGLE_H"
	printf "#ifndef %s\n#define %s\n\n", guard, guard
	system_includes(1, count)
	print "\n#ifdef __cplusplus\nextern \"C\" {\n#endif"
	for (i = 1; i <= count; i++)
		copy(order[i])
	print "\n#ifdef __cplusplus\n}\n#endif\n\n#endif"
}

# What of the system has to be visible must be said before all includes.
# _GNU_SOURCE and its like show all; that of X/Open would hide the rest.
function feature_macros(   i, j, k, line, done, all) {
	for (i = 1; i <= source_count; i++)
		for (j = 1; j <= size[source[i]]; j++) {
			line = text[source[i], j]
			if (line !~ /^#define _[A-Z_]*SOURCE/ || line in done)
				continue
			done[line] = 1
			macro[++k] = line
			if (line ~ /_GNU_SOURCE/)
				all = 1
		}
	for (i = 1; i <= k; i++) {
		line = macro[i]
		if (all && line ~ /_XOPEN_SOURCE/)
			continue
		split(line, word, " ")
		print "#ifndef " word[2] "\n" line "\n#endif"
	}
}

function write_source(   i, j) {
	opening(name ".c", "the body of " name ".h")
	quote("LICENSE")
	print " */"
	feature_macros()
	print "#include \"" name ".h\""
	for (i = 1; i <= source_count; i++) {
		j = count
		visit(source[i])
		system_includes(j + 1, count - 1)
		while (++j < count) {
			note_internal(order[j])
			mark(order[j])
			copy(order[j])
		}
		mark(source[i])
		copy(source[i])
	}
}

BEGIN {
	header_count = split(headers, header, " ")
	source_count = split(sources, source, " ")
	for (i = 1; i <= header_count; i++)
		visit(header[i])
	for (i = 1; i <= count; i++)
		mark(order[i])
	for (i = 1; i <= source_count; i++)
		load(source[i])
	if (part == "h")
		write_header()
	else
		write_source()
}
