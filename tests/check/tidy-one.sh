#!/bin/sh
# tests/check/tidy-one.sh - clang-tidy on one file; prints errors, not hints.
#
# What was found to be fine is not looked at again while the file, all that it
# includes and the rules are the same to the byte: build/check/tidy has a file
# for each such state. Comments count, since NOLINT is one.
#
# TIDY_NODES: how far the analyzer follows a function's paths. A third of its
# own 225000 takes half the time; "make check-tidy TIDY_NODES=225000" is all.
set -u

tidy=clang-tidy-14
command -v $tidy >/dev/null || tidy=clang-tidy14
command -v $tidy >/dev/null || tidy=clang-tidy
cpp=clang-14
command -v $cpp >/dev/null || cpp=clang
file=$1
set -- -std=c11 -Iserver -Iclients -D_GNU_SOURCE '-DLIBEXECDIR=""' '-DBINDIR=""'
case $file in
server/base/err.c) ;;
*) set -- "$@" -include tests/check/tidy.h ;;
esac
set -- "$@" -Xclang -analyzer-config \
    -Xclang "max-nodes=${TIDY_NODES:-75000}"
[ "$(uname -s)" = Linux ] || set -- "$@" -isystem /usr/local/include

seen=build/check/tidy
state=
whole=$(mktemp) || exit 1
if $cpp -E -CC -dD "$@" "$file" >"$whole" 2>/dev/null; then
	state=$({ cat "$whole" .clang-tidy "$0"; echo "$*"; $tidy --version; } |
	    openssl dgst -sha256 -r)
	state=$seen/$(echo "$file" | tr / -).${state%% *}
fi
rm -f "$whole"
[ -z "$state" ] || [ ! -e "$state" ] || exit 0
if out=$($tidy --quiet "$file" -- "$@" 2>/dev/null); then
	mkdir -p "$seen"
	rm -f "$seen/$(echo "$file" | tr / -)".*
	[ -z "$state" ] || : >"$state"
	exit 0
fi
printf '%s\n' "$out" | grep -A 5 -E '(error|fatal)[:,]' ||
    printf '%s: clang-tidy failed\n' "$file"
exit 1
