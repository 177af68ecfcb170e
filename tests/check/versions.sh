#!/bin/sh
# tests/check/versions.sh - the main jobs on the FRR of other Debian releases.
#
# usage: versions.sh [SUITE...]   (BUILD: default build)
#
# Fetches each (tests/frr/fetch.sh) and runs the frr room's tests and some of
# the end-to-end tests on it; all suites at once, since a test waits more than
# it works. What cannot be fetched is skipped and says so. The last line is
# "versions: N passed, N failed, N skipped".
set -u

build=${BUILD:-build}
python=/usr/bin/python3
[ -x $python ] || python=python3
[ $# -gt 0 ] || set -- trixie forky
logs=$(mktemp -d) || exit 1
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM HUP

# room PROGRAM: of cmocka, on a real FRR; a word for the whole of it.
room() {
	out=$(sh tests/frr/run.sh "$build/tests/frr/$1" 2>&1)
	code=$?
	case $code$out in
	0skipped:*) echo "skip $1 $out" ;;
	0*) echo "ok $1" ;;
	*)
		printf '%s\n' "$out"
		echo "FAIL $1"
		;;
	esac
}

# some FILE [TEST...]: of the end-to-end tests.
some() {
	file=$1
	shift
	$python "tests/e2e/test_$file.py" "$@" >"$logs/$suite.part" 2>&1
	code=$?
	cat "$logs/$suite.part"
	[ $code -eq 0 ] || grep -q '^FAIL' "$logs/$suite.part" ||
		echo "FAIL $file ended with $code"
}

# on SUITE: everything, on one.
on() {
	suite=$1
	version=$(sh tests/frr/fetch.sh "$suite" 2>"$logs/$suite.why")
	case $? in
	0) ;;
	1)
		echo "skip $suite $(tail -n 1 "$logs/$suite.why")"
		return
		;;
	*)
		cat "$logs/$suite.why"
		echo "FAIL $suite could not be checked against Debian's keys"
		return
		;;
	esac
	echo "# FRR $version"
	export MH_FRR_ROOT="$build/frr-$suite" MH_BUILD="$build"
	room test_real_frr
	room test_real_edit
	some adoption
	some policy
	some edge
	some badday mgmtd_killed somebody_holds_the_lock
	some upstream a_whole_upstream_comes_and_goes a_host_route_and_multihop
	some keys the_peer_changes_in_time the_traffic_goes_first \
	    set_and_removed_in_one_call
	some drain the_whole_cycle_of_an_upstream layers_are_kept_apart \
	    frr_tells_where_it_can what_the_operator_says_stays
	some drain_strange taken_apart_by_hand
}

for suite in "$@"; do
	on "$suite" >"$logs/$suite" 2>&1 &
done
wait
for suite in "$@"; do
	echo "== $suite"
	sed "s/^\(ok\|FAIL\|skip\) /\1 $suite: /" "$logs/$suite"
done | tee "$logs/all"
passed=$(grep -c '^ok ' "$logs/all")
failed=$(grep -c '^FAIL ' "$logs/all")
skipped=$(grep -c '^skip ' "$logs/all")
echo "versions: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
