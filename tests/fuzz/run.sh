#!/bin/sh
# tests/fuzz/run.sh - run every fuzz target for a while.
#
# usage: run.sh SECONDS [NAME...]   (each NAME as in fuzz_NAME)
#
# Two at a time (FUZZ_JOBS). FUZZ_SEED makes a run take the same way again:
# `make check` sets it, so that a gate does not fail by chance; `make fuzz`
# takes a new way each time, to find what nobody has found yet. The seeds are in tests/fuzz/corpus/NAME; what a
# run learns stays in build/fuzz/corpus/NAME, and an input that breaks a
# target is left in build/fuzz/findings with the target's log. The last line
# is "fuzz: N passed, N failed, N skipped".
set -u

seconds=${1:?usage: run.sh SECONDS [NAME...]}
shift
build=${BUILD:-build}/fuzz
jobs=${FUZZ_JOBS:-2}
mkdir -p "$build/findings" "$build/log"
pids=

stop() {
	trap - INT TERM HUP
	# shellcheck disable=SC2086 # pids are words
	[ -z "$pids" ] || kill $pids 2>/dev/null
	exit 130
}
trap stop INT TERM HUP

fuzz_one() {
	seeds=tests/fuzz/corpus/$1
	learned=$build/corpus/$1
	mkdir -p "$learned"
	set -- "$1" "$learned"
	[ -d "$seeds" ] && set -- "$1" "$learned" "$seeds"
	name=$1
	shift
	options="-max_total_time=$seconds -timeout=10 -rss_limit_mb=2048"
	[ -z "${FUZZ_SEED:-}" ] || options="$options -seed=$FUZZ_SEED"
	[ -e "tests/fuzz/$name.dict" ] &&
	    options="$options -dict=tests/fuzz/$name.dict"
	# What the target itself logs is not looked at: only findings count.
	# shellcheck disable=SC2086 # options are words
	exec "$build/fuzz_$name" $options -print_final_stats=1 \
	    -artifact_prefix="$build/findings/$name-" "$@" \
	    >"$build/log/$name" 2>&1
}

if [ $# -eq 0 ]; then
	for src in tests/fuzz/fuzz_*.c; do
		[ -e "$src" ] || continue
		src=${src##*/fuzz_}
		set -- "$@" "${src%.c}"
	done
fi

passed=0 failed=0
while [ $# -gt 0 ]; do
	batch=
	pids=
	while [ $# -gt 0 ] && [ "$(echo "$batch" | wc -w)" -lt "$jobs" ]; do
		fuzz_one "$1" &
		pids="$pids $!"
		batch="$batch $1"
		shift
	done
	rest=$pids
	for name in $batch; do
		# shellcheck disable=SC2086 # the first of the words
		pid=$(set -- $rest; echo "$1")
		rest=${rest#" $pid"}
		wait "$pid"
		code=$?
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' \
		    "$build/log/$name")
		if [ "$code" -eq 0 ]; then
			printf '%-28s %12s inputs in %s s\n' "$name" \
			    "${runs:-?}" "$seconds"
			passed=$((passed + 1))
		else
			printf '%-28s failed (exit status %s)\n' "$name" "$code"
			tail -n 40 "$build/log/$name" | sed 's/^/    /'
			failed=$((failed + 1))
		fi
	done
done
echo "fuzz: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
