#!/bin/sh
# tests/check/forbid.sh - calls that have no place in this program.
#
# Comments and string literals are cut before the search, so that the words
# may still be spoken of.
set -u

status=0

# The sources as FILE:LINE:CODE without comments and literals.
code() {
	find server clients -name '*.[ch]' | sort | xargs awk '
	FNR == 1 { inside = 0 }
	{
		text = $0
		if (inside) {
			if (!match(text, /\*\//))
				next
			text = substr(text, RSTART + 2)
			inside = 0
		}
		gsub(/\\\\/, "", text)
		gsub(/\\"/, "", text)
		gsub(/"[^"]*"/, "\"\"", text)
		gsub(/\/\*([^*]|\*[^\/])*\*\//, "", text)
		if (match(text, /\/\*/)) {
			text = substr(text, 1, RSTART - 1)
			inside = 1
		}
		print FILENAME ":" FNR ":" text
	}'
}

# forbid WHY PATTERN [FILES THAT MAY]: complains about each match.
forbid() {
	found=$(printf '%s\n' "$sources" | grep -E "$2" |
	    grep -vE "^(${3:-none}):")
	[ -n "$found" ] || return 0
	printf '%s\n' "$found" | sed "s|\$| <- $1|" >&2
	status=1
}

sources=$(code)
not_word='(^|[^A-Za-z0-9_])'

forbid 'no shell, no PATH search' \
    "$not_word(system|popen|execlp|execvp|execvpe|posix_spawnp)[[:space:]]*\("
forbid 'unbounded or unsafe: use base/buf, snprintf, base/number' \
    "$not_word(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|alloca)[[:space:]]*\("
forbid 'use base/crypto for randomness, mkstemp for files' \
    "$not_word(rand|srand|random|tmpnam|tempnam|mktemp)[[:space:]]*\("
forbid 'programs are started by base/run.c and the parent' \
    "$not_word(fork|vfork|execve|execv|execl|fexecve|posix_spawn)[[:space:]]*\(" \
    'server/base/run\.c|server/parent/[a-z_]*\.c|server/multihomed\.c'
forbid 'only base/compat asks which platform it is on' \
    '#[[:space:]]*if.*(__linux__|__FreeBSD__)' 'server/base/compat\.[ch]'
# The literal is "" here; a name or a call is what must not stand there.
forbid 'sqlite3_exec takes a literal; bind parameters' \
    'sqlite3_exec\([^,]*,[[:space:]]*[^" ]'
forbid 'asserts stay on' '#[[:space:]]*define[[:space:]]+NDEBUG'

found=$(find server clients tests -name '*.[ch]' | sort | while read -r f; do
	head -n 1 "$f" | grep -qE '^/\*' || echo "$f"
done)
if [ -n "$found" ]; then
	printf '%s\n' "$found" |
	    sed 's|$|:1: <- the first line says what the file is for|' >&2
	status=1
fi
exit $status
