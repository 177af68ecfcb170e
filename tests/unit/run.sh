#!/bin/sh
# tests/unit/run.sh - run the unit tests and add them up.
#
# usage: run.sh [NAME...]   (BUILD says where; each NAME as in test_NAME)
#
# One line a program; what a failing one printed follows it. A program that
# dies or prints no result counts as one failure. The last line is
# "unit: N passed, N failed, N skipped".
set -u

build=${BUILD:-build}
passed=0 failed=0 skipped=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
# The tests look for ../shared; a test that finds nothing there skips itself.
export CMOCKA_MESSAGE_OUTPUT=stdout

# count WORD: the number before WORD's tests in cmocka's last lines.
count() {
	n=$(sed -n "s/^\[  $1 *\] *\([0-9][0-9]*\) test.*/\1/p" "$log" |
	    awk '{ n += $1 } END { print n + 0 }')
	echo "${n:-0}"
}

if [ $# -eq 0 ]; then
	for src in tests/unit/test_*.c; do
		[ -e "$src" ] || continue
		src=${src##*/test_}
		set -- "$@" "${src%.c}"
	done
fi

for name in "$@"; do
	timeout 120 "$build/tests/unit/test_$name" >"$log" 2>&1
	code=$?
	p=$(count PASSED) f=$(count FAILED) s=$(count SKIPPED)
	if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then
		f=1
		echo "exit status $code" >>"$log"
	elif [ $((p + f + s)) -eq 0 ]; then
		f=1
		echo "no result printed" >>"$log"
	fi
	printf '%-28s %4d passed %3d failed %3d skipped\n' \
	    "$name" "$p" "$f" "$s"
	[ "$f" -eq 0 ] || sed 's/^/    /' "$log"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "unit: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
