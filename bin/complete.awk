# complete.awk - makes the completion of a program for a shell.
#
#	scraper --help | awk -v shell=bash -f bin/help.awk -f bin/complete.awk
#
# The shells are bash, zsh and fish.  Names of files are offered for values
# that begin with FILE or CERT, and for operands if the synopsis has [FILE].
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# The text in single quotes, in which `escaped`, a class of characters, stand
# behind a backslash.  What ends a quote is written as the shell has it.
function complete_quote(text, escaped) {
	gsub(escaped, "\\\\&", text)
	if (shell == "fish")
		gsub(/'/, "\\'", text)
	else
		gsub(/'/, "'\\''", text)
	return "'" text "'"
}

function complete_bash(letter, name, value, is_file,   both) {
	both = "--" name
	if (letter != "")
		both = "-" letter " " both
	words = words " " both
	gsub(/ /, "|", both)
	if (is_file)
		files = files "|" both
	else if (value != "")
		others = others "|" both
}

# '(-o --output)'{-o+,--output=}'[instead of ...]:FILE:_files'
function complete_zsh(letter, name, value, help, is_file,   both, tail) {
	gsub(/:/, "\\:", value)
	gsub(/[][\\]/, "\\\\&", help)
	tail = complete_quote("[" help "]" (value == "" ? "" : \
	    ":" value ":" (is_file ? "_files" : " ")), "[\001]")
	both = "--" name (value == "" ? "" : "=")
	if (help ~ /repeatable/)
		both = "'*'" (letter == "" ? both : \
		    "{-" letter (value == "" ? "" : "+") "," both "}")
	else if (letter != "")
		both = "'(-" letter " --" name ")'{-" letter \
		    (value == "" ? "" : "+") "," both "}"
	rows = rows " \\\n\t" both tail
}

function complete_fish(letter, name, value, help, is_file) {
	rows = rows "complete -c " program (letter == "" ? "" : \
	    " -s " letter) " -l " name (value == "" ? "" : \
	    is_file ? " -r -F" : " -x") \
	    " -d " complete_quote(help, "[\\\\]") "\n"
}

function option(letter, name, value, help,   is_file) {
	is_file = value ~ /^(FILE|CERT)/
	if (shell == "bash")
		complete_bash(letter, name, value, is_file)
	else if (shell == "zsh")
		complete_zsh(letter, name, value, help, is_file)
	else
		complete_fish(letter, name, value, help, is_file)
	count++
}

# With --name=VALUE the words are "--name", "=" and the value.  Where nothing
# is answered, readline offers names of files, unless compopt forbids it.
function complete_end_bash() {
	print "_spindle_" program "()\n{"
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]}"
	print "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}"
	print "\tCOMPREPLY=()"
	print "\tif [ \"$cur\" = = ]; then"
	print "\t\tcur="
	print "\telif [ \"$prev\" = = ]; then"
	print "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}"
	print "\tfi"
	print "\tcase $prev in"
	if (files != "")
		print "\t" substr(files, 2) ")\n\t\treturn\n\t\t;;"
	if (others != "")
		print "\t" substr(others, 2) ")\n" \
		    "\t\tcompopt +o default 2>/dev/null\n" \
		    "\t\treturn\n\t\t;;"
	print "\tesac"
	print "\tcase $cur in"
	print "\t-*)\n\t\tCOMPREPLY=($(compgen -W '" substr(words, 2) \
	    "' -- \"$cur\"))\n\t\t;;"
	if (synopsis !~ /\[FILE\]/)
		print "\t*)\n\t\tcompopt +o default 2>/dev/null\n\t\t;;"
	print "\tesac\n}"
	print "complete -o default -F _spindle_" program " " program
}

# An operand for which nothing can be offered is left out: zsh would list it
# beside the only option that fits, and insert none.
function complete_end_zsh(   operand) {
	if (synopsis ~ /\[FILE\]/)
		operand = "file:_files"
	else if (synopsis ~ /URL/)
		operand = "URL:_urls"
	else if (synopsis ~ /NAME/)
		operand = "name:_hosts"
	print "#compdef " program "\n\n_arguments -s -S" rows \
	    (operand == "" ? "" : " \\\n\t'*:" operand "'")
}

END {
	if (count == 0)
		exit 1
	if (shell == "bash")
		complete_end_bash()
	else if (shell == "zsh")
		complete_end_zsh()
	else
		printf "%s%s", synopsis ~ /\[FILE\]/ ? "" : \
		    "complete -c " program " -f\n", rows
}
