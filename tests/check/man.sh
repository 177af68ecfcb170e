#!/bin/sh
# tests/check/man.sh - every option, command and key stands in its manual page.
#
# They are read from the programs' own tables, so that a new one cannot be
# forgotten; the keys must stand in the sample configuration too.
set -eu

bad=0

complain() {
	echo "$*" >&2
	bad=1
}

# The page's text without roff's escapes, its flags as they are typed.
text_of() {
	sed -e 's/\\f[A-Z]//g' -e 's/\\-/-/g' -e 's/\\&//g' \
	    -e 's/Fl Fl /--/g' -e 's/Fl -/--/g' -e 's/Fl /-/g' \
	    -e 's/ Cm / /g' "$1"
}

# has PAGE WORD: as a whole word.
has() {
	text_of "$1" |
	    grep -qE -e "(^|[^A-Za-z0-9_-])$2([^A-Za-z0-9_-]|\$)"
}

# some NAME WORD...: the table was really found.
some() {
	name=$1
	shift
	[ $# -gt 0 ] || complain "nothing found in $name: has it moved?"
}

page=deploy/man/multihomed.conf.5
sample=deploy/multihomed.conf.sample
keys=$(sed -n 's/^	[A-Z]*("\([a-z_.]*\)".*/\1/p' \
    server/parent/config_keys.c)
# shellcheck disable=SC2086 # words
some server/parent/config_keys.c $keys
for key in $keys; do
	# A key of a section is told under its section, by its last part.
	has "$page" "([a-z]+\\.)?${key##*.}" || complain "$page: no $key"
	grep -qE "(^|[^a-z_])${key##*.}[[:space:]]*[=:{]" "$sample" ||
	    complain "$sample: no $key"
done

page=deploy/man/multihomed.8
letters=$(sed -n 's/.*getopt(argc, argv, "\([A-Za-z:]*\)").*/\1/p' \
    server/multihomed.c | tr -d ':' | sed 's/./& /g')
# shellcheck disable=SC2086 # words
some server/multihomed.c $letters
for letter in $letters; do
	# In the synopsis, letters may stand together: -dfn.
	has "$page" "-[A-Za-z]*$letter" || complain "$page: no -$letter"
done
options=$(sed -n 's/.*"\(--[a-z-]*\)".*/\1/p' server/engine/token_*.c |
    sort -u)
# shellcheck disable=SC2086 # words
some 'server/engine/token_*.c' $options
for option in $options; do
	[ "$option" = --help ] || has "$page" "$option" ||
	    complain "$page: no $option"
done

page=deploy/man/mhctl.1
options=$(sed -n 's/.*X(ARGS_[A-Z_]*, *"\([a-z-]*\)".*/--\1/p' \
    clients/cli/args.h)
# shellcheck disable=SC2086 # words
some clients/cli/args.h $options
for option in $options; do
	has "$page" "$option" || complain "$page: no $option"
done
commands=$(sed -n 's/^	{ "\([a-z -]*\)", [0-9].*/\1/p' \
    clients/cli/command.c | tr ' ' '+')
# shellcheck disable=SC2086 # words
some clients/cli/command.c $commands
for command in $commands; do
	words=$(echo "$command" | tr '+' ' ')
	has "$page" "$words" || complain "$page: no command $words"
done

for page in deploy/man/*.[1-9]; do
	if command -v mandoc >/dev/null; then
		mandoc -T lint -W error "$page" || complain "$page: mandoc"
	fi
done
exit $bad
