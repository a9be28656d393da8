# lint.awk - the rules of the house, as far as a program can see them.
#
# Called by lint.sh with all C files.  It is no C parser: it leans on the
# house's own layout, where the name of what is defined stands in column 0
# (or after its type there) and bodies open and close in column 0.
#
# In: codecs (of dns/ and http/; x stands for x_y, too), system_files (that
# may use more than POSIX), statics (mutable ones that are allowed), tables
# (files of data, of any length).  Each is a list of words.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

function complain_at(line, message) {
	print FILENAME ":" line ": " message
	found++
}

function complain(message) {
	complain_at(FNR, message)
}

# The words of a list as the keys of an array.
function words(list, set,   n, i, word) {
	n = split(list, word, " ")
	for (i = 1; i <= n; i++)
		set[word[i]] = 1
}

BEGIN {
	codec_count = split(codecs, codec_name, " ")
	words(system_files, is_system)
	words(statics, is_allowed)
	words(tables, is_table)
	# What the public names of a folder begin with.
	prefixes["reactor"] = "reactor|poller|protocol|transport"
	prefixes["defer"] = "defer|deferred|coroutine"
	prefixes["dns"] = "dns"
	prefixes["http"] = "http"
	prefixes["html"] = "html"
	words("reactor defer html dns http bin", is_house)
	# Printing, exiting and asking the environment: for bin/ alone.
	words("printf fprintf vprintf vfprintf puts fputs putchar fputc putc" \
	    " perror dprintf exit _exit _Exit abort getenv stdout stderr" \
	    " stdin", is_spoken)
	# Of the locale, or not in C11 and POSIX.1-2008, or hidden allocation.
	words("isalpha isdigit isalnum isspace isupper islower isxdigit" \
	    " ispunct isprint iscntrl tolower toupper setlocale strtod" \
	    " accept4 pipe2 dup3 getentropy getrandom arc4random" \
	    " arc4random_buf eventfd signalfd sendmmsg recvmmsg memmem" \
	    " memrchr strchrnul mempcpy asprintf vasprintf strlcpy strlcat" \
	    " strdup strndup getline open_memstream reallocarray" \
	    " explicit_bzero SOCK_NONBLOCK SOCK_CLOEXEC SO_NOSIGPIPE" \
	    " O_TMPFILE _GNU_SOURCE _DEFAULT_SOURCE _BSD_SOURCE" \
	    " _DARWIN_C_SOURCE _NETBSD_SOURCE __BSD_VISIBLE kqueue kevent" \
	    " EV_SET typeof __typeof__", is_foreign)
	is_type = "^(static )?(const )?(struct|union|enum)( [A-Za-z0-9_]+)?$"
	opens_type = "^(struct|union|enum)( [A-Za-z0-9_]+)?( [{]|$)"
	words("assert.h errno.h iconv.h inttypes.h limits.h stdarg.h" \
	    " stdbool.h stddef.h stdint.h stdlib.h string.h stdio.h", is_pure)
}

# Is this file, without its .c or .h, bytes in and facts out?
function is_codec(file,   i) {
	for (i = 1; i <= codec_count; i++)
		if (index(file "_", codec_name[i] "_") == 1)
			return 1
	return file ~ /^html\//
}

# Ends the file before: what can only be said at its end.
function finish_file() {
	if (lines > 1000 && !(last_file in is_table)) {
		print last_file ":" lines ": the file has more than 1,000 lines"
		found++
	}
	if (last_file != "" && !has_licence) {
		print last_file ":1: the file has no licence line"
		found++
	}
}

FNR == 1 {
	finish_file()
	last_file = FILENAME
	split(FILENAME, part, "/")
	folder = part[1]
	house = folder in is_house
	base = part[2]
	if (house && base in base_owner && FILENAME !~ /README/)
		complain("`" base "` is also in " base_owner[base] "/")
	base_owner[base] = folder
	header = FILENAME ~ /\.h$/ && !(FILENAME in is_table)
	stem = FILENAME
	sub(/\.[ch]$/, "", stem)
	codec = is_codec(stem)
	in_comment = in_macro = depth = 0
	conditionals = for_cplusplus = 0
	declaration = kind = guard = type_head = ""
	comment_end = covered_end = name_line = 0
	if ($0 !~ /^\/\*/)
		complain("a file opens with a comment that says what it is for")
	has_licence = 0
}

/SPDX-License-Identifier: ISC/ { has_licence = 1 }

# The line without comments, and with its strings emptied.
function strip(line,   out, end) {
	out = ""
	while (line != "") {
		if (in_comment) {
			end = index(line, "*/")
			if (end == 0)
				return out
			in_comment = 0
			if (own_comment)
				comment_end = FNR
			line = substr(line, end + 2)
			continue
		}
		if (!match(line, /\/\*|\/\/|"|'/))
			return out line
		out = out substr(line, 1, RSTART - 1)
		line = substr(line, RSTART)
		if (line ~ /^\/\//)
			return out
		if (line ~ /^\/\*/) {
			in_comment = 1
			# A comment after code is not "directly above" anything.
			own_comment = out ~ /^[ \t]*$/
			line = substr(line, 3)
		} else if (match(line, /^"([^"\\]|\\.)*"/)) {
			out = out "\"\""
			line = substr(line, RLENGTH + 1)
		} else if (match(line, /^'([^'\\]|\\.)*'/)) {
			out = out "0"
			line = substr(line, RLENGTH + 1)
		} else {
			return out line
		}
	}
	return out
}

# ---- lines ----

function check_line(   line, at, column) {
	if ($0 ~ /[ \t]$/)
		complain("blanks at the end of the line")
	line = $0
	gsub(/[\200-\277]/, "", line)	# bytes to characters (UTF-8)
	column = 0
	while ((at = index(line, "\t")) > 0) {
		column += at - 1
		column += 8 - column % 8
		line = substr(line, at + 1)
	}
	if (column + length(line) > 80)
		complain("the line is longer than 80 columns")
}

# ---- the arrows ----

# folder of what is included -> is it allowed?
function may_include(to_folder, to_stem) {
	if (codec)
		return to_folder == folder && is_codec(to_stem)
	if (to_folder == folder || folder == "bin")
		return 1
	if (folder == "dns")
		return to_folder == "reactor" || to_folder == "defer"
	if (folder == "http")
		return to_folder == "reactor" || to_folder == "defer" ||
		    to_stem == "dns/dns_connect"
	return 0
}

function check_include(   target, n, piece) {
	if (match($0, /<[^>]*>/)) {
		target = substr($0, RSTART + 1, RLENGTH - 2)
		if (codec && !(target in is_pure))
			complain("a codec knows no system: <" target ">")
		if (target ~ /^(linux|asm)\// || target == "sys/epoll.h" ||
		    target == "sys/event.h")
			foreign("<" target ">")
		if (target == "ctype.h" || target == "locale.h")
			complain("the locale has no say here: <" target ">")
		return
	}
	match($0, /"[^"]*"/)
	target = substr($0, RSTART + 1, RLENGTH - 2)
	n = split(target, piece, "/")
	if (n == 1)
		target = folder "/" target
	else if (n == 3 && piece[1] == "..")
		target = piece[2] "/" piece[3]
	else {
		complain("include as \"x.h\" or \"../folder/x.h\": " target)
		return
	}
	piece[1] = target
	sub(/\/.*/, "", piece[1])
	sub(/\.h$/, "", target)
	if (!may_include(piece[1], target))
		complain("the arrows forbid " stem " to include " target ".h")
}

# ---- words ----

function foreign(what) {
	if (!(FILENAME in is_system))
		complain("not C11 nor POSIX.1-2008: " what)
}

function check_words(code,   n, i, word) {
	n = split(code, word, /[^A-Za-z0-9_]+/)
	for (i = 1; i <= n; i++) {
		if (word[i] in is_spoken && folder != "bin")
			complain("only bin/ prints, exits or asks the " \
			    "environment: " word[i])
		if (word[i] in is_foreign ||
		    word[i] ~ /^(epoll_|EPOLL|__builtin|__attribute|__GNUC)/ ||
		    word[i] ~ /^(__linux|__APPLE|__FreeBSD|__clang)/)
			foreign(word[i])
		if (word[i] == "_POSIX_C_SOURCE")
			complain("by this alone some BSDs hide htons and " \
			    "SA_RESTART: set _XOPEN_SOURCE to 700")
		if (word[i] == "goto" && word[i + 1] != "fail")
			complain("the only goto is `goto fail`")
	}
}

# ---- names ----

# Notes that this file defines `name`, at `line`; others may not.  A name
# that others can see (`is_public`) has the prefix of its folder.
function define(name, line, is_public,   bare) {
	if (!house || name == "main" || name ~ /^_[A-Z]/)
		return
	bare = tolower(name)
	sub(/^tag /, "", bare)
	if ((is_public || header) && bare != "" && (folder in prefixes) &&
	    bare !~ "^(" prefixes[folder] ")(_|$)")
		complain_at(line, "`" name "` has not the prefix of " \
		    folder "/")
	if (name in owner && owner[name] != FILENAME)
		complain_at(line, "`" name "` is defined in " owner[name])
	owner[name] = FILENAME
}

# All constants that a line of an enum's body names.
function define_constants(code,   n, i, piece) {
	n = split(code, piece, ",")
	for (i = 1; i <= n; i++)
		if (match(piece[i], /^[ \t]*[A-Za-z_][A-Za-z0-9_]*/)) {
			sub(/^[ \t]*/, "", piece[i])
			match(piece[i], /^[A-Za-z0-9_]*/)
			define(substr(piece[i], 1, RLENGTH), FNR)
		}
}

# A variable with its type, without initializer: is it one that changes?
function check_variable(text,   name, mutable, is_static) {
	if (text ~ /^[ \t]*extern/)
		return
	is_static = text ~ /^static /
	sub(/[ \t]*=.*/, "", text)
	while (sub(/[ \t]*\[[^][]*\][ \t]*$/, "", text))
		;
	if (match(text, /\([ \t]*\*[^)]*\)/)) {		# to a function
		name = substr(text, RSTART, RLENGTH)
		mutable = name !~ /const/
		gsub(/[()*]|const| |\[.*\]/, "", name)
	} else {
		name = text
		sub(/.*[^A-Za-z0-9_]/, "", name)
		mutable = text !~ /const/
		if (text ~ /\*/) {
			sub(/.*\*/, "", text)
			mutable = text !~ /const/
		}
	}
	if (depth == 0)
		define(name, name_line, !is_static)
	if (house && mutable && !(name in is_allowed))
		complain("a variable that outlives its function: " name)
}

# ---- declarations ----

# A declaration begins on this line of a header.  Functions and variables
# that follow each other without an empty line may share a comment.
function check_documented(code) {
	if (!header || !house || code ~ /^(struct|union|enum) [A-Za-z0-9_]+;/)
		return
	documented = comment_end == FNR - 1 ||
	    (covered_end == FNR - 1 && code !~ opens_type)
	if (!documented)
		complain("a public declaration without a comment right above")
}

# What has been gathered in `declaration` ends with `;` or opens with `{`.
function close_declaration(ending,   text, name, is_static) {
	text = declaration
	declaration = ""
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	kind = ""
	if (text ~ /^}/) {		# what follows the body of a type
		text = type_head substr(text, 2)
		if (type_head != "" && text != type_head)
			check_variable(text)
		type_head = ""
	} else if (ending == "{" && text ~ is_type) {
		kind = text ~ /enum/ ? "enum" : "type"
		type_head = text
		if (match(text, /(struct|union|enum) /))
			define("tag " substr(text, RSTART + RLENGTH), name_line)
	} else if (ending == "{" && text ~ /\)$/) {
		kind = "function"
		is_static = text ~ /^static /
		sub(/ ?\(.*/, "", text)
		sub(/.*[ *]/, "", text)
		define(text, name_line, !is_static)
	} else if (text ~ /^typedef/) {
		if (text ~ /^typedef (struct|union|enum)[^(]*$/ && house)
			complain("no typedef of a struct, union or enum")
		if (match(text, /\( *\*[ a-z0-9_]+\)/))
			text = substr(text, RSTART, RLENGTH - 1)
		else
			sub(/ *\(.*/, "", text)
		sub(/.*[ *]/, "", text)
		define(text, name_line)
	} else if (text !~ /^(_Static_|(struct|union|enum) [A-Za-z0-9_]+$)/ &&
	    (text ~ /=/ || text !~ /\(/ || text ~ /^[^(]*\( *\*/))
		check_variable(text)
}

# Follows braces through the code of one line.
function parse(code,   at, c) {
	if (depth > 0 && code ~ /^[ \t]+static /) {
		c = code
		sub(/^[ \t]+/, "", c)
		sub(/[;={].*/, "", c)
		check_variable(c)
	}
	while (code ~ /[^ \t]/) {
		if (depth > 0) {
			if (!match(code, /[{}]/)) {
				if (kind == "enum")
					define_constants(code)
				return
			}
			c = substr(code, RSTART, 1)
			at = RSTART
			if (kind == "enum")
				define_constants(substr(code, 1, at - 1))
			depth += c == "{" ? 1 : -1
			code = substr(code, at + 1)
			if (depth > 0)
				continue
			if (kind == "function")
				end_function()
			declaration = kind == "function" ? "" : "}"
			kind = ""
			continue
		}
		if (declaration == "")
			begin_declaration(code)
		if (!match(code, /[{;]/)) {
			declaration = declaration " " code
			return
		}
		c = substr(code, RSTART, 1)
		at = RSTART
		declaration = declaration " " substr(code, 1, at - 1)
		code = substr(code, at + 1)
		close_declaration(c)
		if (c == "{")
			depth++
		else if (documented)
			covered_end = FNR
	}
}

function begin_declaration(code) {
	name_line = FNR
	check_documented(code)
}

function end_function() {
	if (FNR - name_line + 1 > 60)
		complain("the function has more than 60 lines")
}

# ---- the preprocessor ----

function check_directive(code,   name) {
	if (code ~ /^#[ \t]*include/) {
		if (house)
			check_include()
	} else if (code ~ /^#[ \t]*if/) {
		if (code ~ /__cplusplus/)
			for_cplusplus = 1
		else if (++conditionals > 1 && house &&
		    FILENAME != "reactor/system_posix.c")
			complain("one #if in a file, around all of it")
		if (code ~ /^#[ \t]*ifndef/)
			guard = $2
	} else if (code ~ /^#[ \t]*endif/) {
		for_cplusplus = 0
	} else if (code ~ /^#[ \t]*define/) {
		name = $2
		sub(/\(.*/, "", name)
		if (name == guard)
			return
		define(name, FNR)
		documented = comment_end == FNR - 1 || covered_end == FNR - 1
		if (header && house && !documented)
			complain("a public macro without a comment right above")
	}
}

{
	lines = FNR
	check_line()
	code = strip($0)
	if (in_macro || code ~ /^#/) {
		if (!in_macro)
			check_directive(code)
		if (house && code !~ /^#[ \t]*(include|if|elif)/)
			check_words(code)
		in_macro = $0 ~ /\\$/
		if (!in_macro && documented && code ~ /^#[ \t]*define|^[ \t]/)
			covered_end = FNR
	} else if (code ~ /[^ \t]/ && !for_cplusplus) {
		if (house)
			check_words(code)
		parse(code)
	}
}

END {
	finish_file()
	exit found > 0
}
