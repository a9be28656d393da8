# mutants.awk - lists each place of C sources that can be made wrong by rule.
#
#	awk -f test/mutants.awk FILE.c ...
#
# Prints a line for each mutant, its fields separated by the byte 037: file,
# function, rule, first and last line of the place, what stands there, and
# what shall stand there, its lines separated by the byte 036.  A mutant has
# as many lines as the original.  The rules:
#
#	bound     a comparison is one off: < for <=
#	turn      a condition is turned round: == for !=, !x for x
#	logic     && for ||
#	constant  a number, a character or a truth value is another
#	omit      a statement is left out
#	release   the same, where it frees, cancels or closes something
#	return    the function returns here, with nothing
#	swap      two statements change places, if one may need the other,
#	          and they do not both free something
#
# Only bodies of functions count: no comments, strings, directives, tables
# and declarations without a value.  It reads the style of this house, not
# all of C; a mutant that is not C does not compile, and is not counted.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# The line, with as many blanks for comments and ~ for what is in quotes.
function masked(s,    i, c, two, out, quote) {
	if (!in_comment && s !~ /["'\/]/)
		return s
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		two = substr(s, i, 2)
		if (in_comment || (quote == "" && two == "/*")) {
			if (in_comment && two == "*/")
				in_comment = 0
			else if (!in_comment)
				in_comment = 1
			else {
				out = out " "
				continue
			}
			out = out "  "
			i++
		} else if (quote != "" && c == "\\") {
			out = out "~~"
			i++
		} else if (quote != "" && c != quote)
			out = out "~"
		else {
			if (c == "\"" || c == "'")
				quote = quote == "" ? c : ""
			out = out c
		}
	}
	return out
}

function trimmed(s) {
	gsub(/[ \t\036]+/, " ", s)
	gsub(/^ | $/, "", s)
	return s
}

function lines(from, to,    i, out) {
	out = raw[from]
	for (i = from + 1; i <= to; i++)
		out = out "\036" raw[i]
	return out
}

function mutant(rule, from, to, text) {
	printf "%s\037%s\037%s\037%d\037%d\037%s\037%s\n", file, name, rule,
	    from, to, trimmed(lines(from, to)), text
}

# Replaces len characters of line i at column at.
function put(rule, i, at, len, new) {
	mutant(rule, i, i, substr(raw[i], 1, at - 1) new \
	    substr(raw[i], at + len))
}

# ---- inside a line ----

function operators(i, code,    at, s, op) {
	s = code " "
	at = 1
	while (match(substr(s, at), / (<|<=|>|>=|==|!=|&&|\|\|) /)) {
		at += RSTART
		op = substr(s, at, RLENGTH - 2)
		if (op in off)
			put("bound", i, at, length(op), off[op])
		if (op in turned)
			put("turn", i, at, length(op), turned[op])
		if (op in other)
			put("logic", i, at, length(op), other[op])
	}
}

function conditions(i, code,    at) {
	for (at = 1; at < length(code); at++)
		if (substr(code, at, 2) ~ /![A-Za-z_(*]/)
			put("turn", i, at, 1, "")
	if (match(code, /^\t+(} else |else )?if \([^<>=!&|]*\)( \{)?$/)) {
		at = index(code, "if (")
		sub(/[ {]*$/, "", code)
		put("turn", i, at, length(code) - at + 1, "if (!" \
		    substr(raw[i], at + 3, length(code) - at - 2) ")")
	}
}

function constants(i, code,    at, s, word) {
	s = code
	at = 1
	while (match(substr(s, at), /'~+'|[A-Za-z0-9_.~]+/)) {
		at += RSTART - 1
		word = substr(raw[i], at, RLENGTH)
		if (word ~ /^'|^(0x[0-9A-Fa-f]+|[0-9]+)[uUlL]*$/)
			put("constant", i, at, RLENGTH, "(" word " + 1)")
		else if (word == "true" || word == "false")
			put("constant", i, at, RLENGTH,
			    word == "true" ? "false" : "true")
		at += RLENGTH
	}
}

# ---- whole statements ----

# What a statement of the kind that may be left out begins with.
function is_plain(code,    word) {
	word = code
	gsub(/^[\t(*]*(void\))?[*(+-]*/, "", word)
	if (word ~ /^(break|continue);/)
		return 1
	if (word ~ /^static_assert\(/ || !match(word, /^[a-z_][A-Za-z0-9_]*/))
		return 0
	return substr(word, RLENGTH + 1) ~ \
	    /^(\(|->|\[|\.|\+\+|--|;| ([-+*\/|&^%]|<<|>>)?= )/
}

function releases(code) {
	if (!match(code, /^\t+(\(void\))?[a-z_0-9>.-]*\(/))
		return 0
	code = substr(code, 1, RLENGTH)
	return code ~ /free|cancel|close|release|drop|remove|clear|stop/ ||
	    code ~ /forget|destroy|discard|detach/
}

# What the statement gives a value to, or "".
function target(s) {
	s = trimmed(s)
	if (match(s, / ([-+*\/|&^%]|<<|>>)?= /))
		return substr(s, 1, RSTART - 1)
	return match(s, /(\+\+|--);$/) ? substr(s, 1, RSTART - 1) : ""
}

function may_need(a, b,    to) {
	to = target(a)
	if (to == "")
		return a ~ /\(/ && (b ~ /\(/ && target(b) == "" ||
		    target(b) != "" && index(a, target(b)))
	return index(b, to) > 0
}

function left_out(from, to,    out, i) {
	out = raw[from]
	sub(/[^\t].*/, ";", out)
	for (i = from; i < to; i++)
		out = out "\036"
	return out
}

function indent(i) {
	match(raw[i], /^\t*/)
	return RLENGTH
}

# A value of the type of the running function, with a blank in front.
function nothing() {
	if (type ~ /\*/)
		return " 0"
	if (match(type, /struct [a-z_0-9]+/))
		return " (" substr(type, RSTART, RLENGTH) "){0}"
	return type ~ /(^| )void$/ ? "" : " 0"
}

function early(from,    line) {
	line = raw[from]
	if (indent(from) != 1 || line ~ /^\t(return|else|\}|case|break)/)
		return
	sub(/^\t/, "\treturn" nothing() "; ", line)
	mutant("return", from, from, line)
}

function statement(from, to, under,    a, b) {
	if (raw[from] ~ /^\t\t+return( |;)/ && code_of[from] !~ /^\t\t\t*~/)
		mutant("omit", from, to, left_out(from, to))
	if (!is_plain(code_of[from])) {
		last_from = 0
		return
	}
	mutant(releases(code_of[from]) ? "release" : "omit", from, to,
	    left_out(from, to))
	if (!under)
		early(from)
	a = lines(last_from, last_to)
	b = lines(from, to)
	if (!under && last_from && last_to == from - 1 &&
	    indent(last_from) == indent(from) && a != b &&
	    (may_need(a, b) || may_need(b, a)) &&
	    !(releases(code_of[last_from]) && releases(code_of[from])))
		mutant("swap", last_from, to, b "\036" a)
	last_from = under || b ~ /^\t+(break|continue);/ ? 0 : from
	last_to = to
}

# ---- a file ----

# One more line of a statement; `under` if an if without a brace is over it.
function statements(i, code,    t, first) {
	t = trimmed(code)
	if (t == "")
		return
	if (!open)
		start = i
	depth += gsub(/\(/, "(", code) - gsub(/\)/, ")", code)
	first = code_of[start]
	open = 0
	if (depth != 0)
		open = 1
	else if (t ~ /;$/) {
		statement(start, i, under)
		under = 0
	} else if (t ~ /[{}:]$/) {
		if (!under && first ~ /^\t(if|for|while|switch) \(/)
			early(start)
		under = last_from = 0
	} else if (first ~ /^\t+(\} )?(else|if|for|while|switch)( |$)/ &&
	    t ~ /(\)|else)$/) {
		if (!under && first ~ /^\t(if|for|while|switch) \(/)
			early(start)
		under = 1
		last_from = 0
	} else
		open = 1
}

function is_declaration(code) {
	if (code ~ /^\t+(return|goto|else|case) /)
		return 0
	while (sub(/^\t+(const|static|unsigned|struct|union) /, "\t", code))
		;
	return code ~ /^\t+enum / || code ~ /^\t+[a-z_0-9]+ [^=()]*;$/
}

function inside(i, code) {
	if (code ~ /^\t+static const .*\{$/)
		in_table = 1
	if (in_table || is_declaration(code)) {
		if (code ~ /;$/)
			in_table = 0
		return
	}
	operators(i, code)
	conditions(i, code)
	constants(i, code)
	statements(i, code)
}

function walk(    i, code, body) {
	in_comment = in_table = open = depth = under = last_from = body = 0
	for (i = 1; i <= count; i++)
		code_of[i] = masked(raw[i])
	for (i = 1; i <= count; i++) {
		code = code_of[i]
		sub(/[ \t]+$/, "", code)
		if (code ~ /^[ \t]*#/ || (i > 1 && raw[i - 1] ~ /\\$/))
			continue
		if (code ~ /^\{/) {
			body = 1
			open = depth = under = last_from = 0
		} else if (code ~ /^\}/)
			body = 0
		else if (body)
			inside(i, code)
		else if (match(code, /^[A-Za-z_0-9]+\(/)) {
			name = substr(code, 1, RLENGTH - 1)
			type = i > 1 ? code_of[i - 1] : ""
			sub(/[ \t]+$/, "", type)
		}
	}
}

BEGIN {
	off["<"] = "<="; off["<="] = "<"; off[">"] = ">="; off[">="] = ">"
	turned["<"] = ">="; turned[">="] = "<"
	turned[">"] = "<="; turned["<="] = ">"
	turned["=="] = "!="; turned["!="] = "=="
	other["&&"] = "||"; other["||"] = "&&"
}

FNR == 1 {
	if (NR > 1)
		walk()
	file = FILENAME
	count = 0
}
{
	raw[++count] = $0
}
END {
	if (count)
		walk()
}
