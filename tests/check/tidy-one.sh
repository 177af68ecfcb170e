#!/bin/sh
# tests/check/tidy-one.sh - clang-tidy on one file; prints errors, not hints.
set -u

tidy=clang-tidy-14
command -v $tidy >/dev/null || tidy=clang-tidy14
command -v $tidy >/dev/null || tidy=clang-tidy
set -- "$1" -- -std=c11 -Iserver -Iclients -D_GNU_SOURCE '-DLIBEXECDIR=""' '-DBINDIR=""'
case $1 in
server/base/err.c) ;;
*) set -- "$@" -include tests/check/tidy.h ;;
esac
[ "$(uname -s)" = Linux ] || set -- "$@" -isystem /usr/local/include
out=$($tidy --quiet "$@" 2>/dev/null) && exit 0
printf '%s\n' "$out" | grep -A 5 -E '(error|fatal)[:,]' ||
    printf '%s: clang-tidy failed\n' "$1"
exit 1
