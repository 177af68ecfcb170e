#!/bin/sh
# tests/golden/run.sh - configurations against what "multihomed -n" says.
#
# usage: run.sh [-u]   (BUILD says where multihomed is; -u writes the answers)
#
# NAME.in with NAME.ok: accepted, and printed like that. NAME.in with NAME.err:
# refused with that message. What is printed must parse to the same again. The
# last line is "golden: N passed, N failed, N skipped".
set -u

cd "$(dirname "$0")/../.." || exit 1
program=${BUILD:-build}/multihomed
update=${1:-}
passed=0 failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# result NAME FILE-WITH-DIFFERENCES
result() {
	if [ -s "$2" ]; then
		echo "FAIL $1"
		cat "$2"
		failed=$((failed + 1))
	else
		echo "ok $1"
		passed=$((passed + 1))
	fi
}

# again NAME: what was printed into $work/out parses to itself.
again() {
	"$program" -n -c "$work/out" >"$work/out2" 2>&1
	diff -u "$work/out" "$work/out2" >"$work/diff"
	result "$1 (printed again)" "$work/diff"
}

[ -x "$program" ] || {
	echo "FAIL no $program"
	echo "golden: 0 passed, 1 failed, 0 skipped"
	exit 1
}

for in in tests/golden/*.in; do
	base=${in%.in}
	name=${base##*/}
	"$program" -n -c "$in" >"$work/out" 2>"$work/err"
	code=$?
	if [ "$update" = -u ]; then
		rm -f "$base.ok" "$base.err"
		if [ "$code" -eq 0 ]; then
			cp "$work/out" "$base.ok"
		else
			cp "$work/err" "$base.err"
		fi
	fi
	if [ -e "$base.ok" ]; then
		{
			diff -u "$base.ok" "$work/out"
			diff -u /dev/null "$work/err"
			[ "$code" -eq 0 ] || echo "exit status $code"
		} >"$work/diff"
		result "$name" "$work/diff"
		again "$name"
	else
		{
			diff -u "$base.err" "$work/err"
			diff -u /dev/null "$work/out"
			[ "$code" -eq 1 ] || echo "exit status $code"
		} >"$work/diff" 2>&1
		result "$name" "$work/diff"
	fi
done

# The sample is accepted, names every key, and names its true default: taking
# a line away changes nothing (paths that differ by platform apart).
sample=deploy/multihomed.conf.sample
"$program" -n -c "$sample" >"$work/out" 2>"$work/diff"
result sample "$work/diff"
again sample
: >"$work/empty"
"$program" -n -c "$work/empty" >"$work/defaults" 2>&1
# listen.unix is off unless given; where programs are depends on the build.
own='libexec_dir|mhctl =|unix =|vtysh =|config_file =|boot_dir ='
diff -u "$work/defaults" "$work/out" | grep '^[-+][^-+]' |
    grep -vE "$own" >"$work/diff"
result 'sample says the defaults' "$work/diff"
sed -n 's/^[[:space:]]*\([a-z_]*\) [={].*/\1/p' "$work/out" | sort -u |
    while read -r key; do
	grep -qE "^[[:space:]]*$key [={]" "$sample" || echo "sample: no $key"
	grep -qE "^\.It Ic ([a-z]*\.)?$key|^\.Ss $key" \
	    deploy/man/multihomed.conf.5 || echo "multihomed.conf.5: no $key"
    done >"$work/diff"
result 'every key is documented' "$work/diff"

echo "golden: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
