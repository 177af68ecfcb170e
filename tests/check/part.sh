#!/bin/sh
# tests/check/part.sh - run one part of the checks in the foreground.
#
# usage: part.sh PART   (MAKE: the make to build with; BUILD: default build)
#
# The last line printed is "PART: N passed, N failed, N skipped". A part that
# is one gate counts as one. Run from the root of the tree.
set -u

part=$1
make=${MAKE:-make}
build=${BUILD:-build}
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
python=/usr/bin/python3
[ -x $python ] || python=python3

build_it() {
	"$make" -j"$jobs" BUILD="$build" "$@"
}

# gate COMMAND...: the part is this one check.
gate() {
	if "$@"; then
		echo "$part: 1 passed, 0 failed, 0 skipped"
	else
		echo "$part: 0 passed, 1 failed, 0 skipped"
		exit 1
	fi
}

# skip WHY: for a tool this system does not have.
skip() {
	echo "skipped: $*"
	echo "$part: 0 passed, 0 failed, 1 skipped"
	exit 0
}

# fail WHY: the part could not even begin.
fail() {
	echo "$*" >&2
	echo "$part: 0 passed, 1 failed, 0 skipped"
	exit 1
}

# runner DIR: the directory's own runner prints the part's last line. It finds
# the programs with either name.
runner() {
	export BUILD="$build" MH_BUILD="$build"
	if [ -e "tests/$1/run.sh" ]; then
		sh "tests/$1/run.sh"
	elif [ -e "tests/$1/run.py" ]; then
		# shellcheck disable=SC2086 # the files are words
		"$python" "tests/$1/run.py" ${MH_ONLY:-}
	else
		fail "tests/$1 has no run.sh or run.py"
	fi
}

sources() {
	find server clients tests -name '*.[ch]' | sort
}

# clang 14 formats; another version has other opinions.
check_format() {
	for tool in clang-format-14 clang-format14 clang-format; do
		case $("$tool" --version 2>/dev/null) in
		*'version 14.'*)
			sources | xargs "$tool" --dry-run -Werror
			return
			;;
		esac
	done
	skip "no clang-format of version 14"
}

# What a script reads with "." is checked as a file of its own (SC1091), and
# dollars in single quotes are meant: they are awk's or an inner shell's.
check_shell() {
	find tools tests deploy .ci -type f | sort | while read -r f; do
		case $(head -n 1 "$f" | tr -d '\000') in
		'#!/bin/sh'* | '#!/usr/bin/env sh'* | '#!/bin/bash'* | \
		    '#!/usr/bin/env bash'*) echo "$f" ;;
		esac
	done | xargs shellcheck -e SC1091,SC2016
}

# Findings that are not errors are hints; tidy-one.sh keeps them quiet.
check_tidy() {
	other=linux
	[ "$(uname -s)" = Linux ] && other=freebsd
	find server clients -name '*.c' ! -path "server/system/$other/*" |
	    sort | xargs -n 1 -P "$jobs" sh tests/check/tidy-one.sh
}

# KNF declares at the top of a function and writes "continue" in empty loops.
check_cppcheck() {
	cppcheck --quiet --std=c11 --inline-suppr -j "$jobs" \
	    --library=tests/check/cppcheck.cfg \
	    --enable=warning,style,performance,portability \
	    --suppress=missingIncludeSystem --suppress=variableScope \
	    --suppress=redundantContinue --suppress=unusedStructMember \
	    --error-exitcode=1 \
	    -D__linux__ -Iserver -Iclients server clients
}

# Everything, with warnings as errors. The second compiler is driven by the
# second make, so that the Makefile is tried with both.
check_gcc() {
	command -v gcc >/dev/null || skip "no gcc"
	compiler=gcc
	if cc --version 2>/dev/null | grep -q 'Free Software Foundation'; then
		compiler=cc # what the build part has made stands
	else
		build=build/gcc
	fi
	build_it CC=$compiler WERROR=-Werror all tests
}

check_clang() {
	command -v clang >/dev/null || skip "no clang"
	command -v bmake >/dev/null && make=bmake
	build=build/clang
	build_it CC=clang WERROR=-Werror all tests
}

check_build() {
	build_it all tests
}

# Runs the tests again with programs that the sanitizers watch. A finding in
# a child process whose end nobody asks about still leaves a file behind.
check_asan() {
	build=build/asan
	findings=$build/findings
	rm -rf "$findings"
	mkdir -p "$findings"
	# Written to by _mhhttp and _multihomed too.
	chmod 1777 "$findings"
	if ! "$make" -j"$jobs" asan-build; then
		fail "does not build with the sanitizers"
	fi
	passed=0 failed=0 skipped=0
	for name in unit golden parent http e2e; do
		echo "== $name"
		# Every path of the programs, not every case of each.
		only=
		[ "$name" != e2e ] || only='test_adoption.py test_policy.py
		    test_upstream.py test_router.py test_downstream.py
		    test_confirm.py test_drift.py test_badday.py'
		# What the sanitizers watch takes more of a processor.
		out=$(MH_SANITIZED=1 MH_ONLY=$only BUILD=$build MH_PART_BUILT=1 \
		    MH_E2E_JOBS=${MH_E2E_JOBS:-3} \
		    sh tests/check/part.sh "$name" 2>&1)
		printf '%s\n' "$out"
		eval "$(printf '%s\n' "$out" | sed -n "s/^$name: \
\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped\$/\
passed=\$((passed + \1)) failed=\$((failed + \2)) \
skipped=\$((skipped + \3)) told=$name/p" | tail -n 1)"
		[ "${told:-}" = "$name" ] || failed=$((failed + 1))
	done
	for file in "$findings"/*; do
		[ -e "$file" ] || continue
		failed=$((failed + 1))
		echo "== $file"
		head -n 40 "$file"
	done
	echo "asan: $passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
}

# cmocka programs on a real FRR; they skip in words, or count as cmocka does.
check_frr() {
	log=$(mktemp)
	code=0
	for program in test_real_frr test_real_edit; do
		sh tests/frr/run.sh "$build/tests/frr/$program" >>"$log" 2>&1 ||
			code=1
	done
	cat "$log"
	awk -v code=$code '
	/^skipped:/ { skipped++ }
	/^\[  PASSED  \] [0-9]+ test/ { passed += $4 }
	/^\[  FAILED  \] [0-9]+ test/ { failed += $4 }
	/^\[  SKIPPED \] [0-9]+ test/ { skipped += $4 }
	END {
		if ((code != 0 && !failed) || passed + failed + skipped == 0)
			failed++
		printf "frr: %d passed, %d failed, %d skipped\n", passed,
		    failed, skipped
		exit (failed > 0)
	}' "$log"
	code=$?
	rm -f "$log"
	return $code
}

# Tests that need programs build them first, unless the caller has.
built() {
	[ "${MH_PART_BUILT:-}" = 1 ] && return
	build_it "$@" || fail "does not build"
}

# The FreeBSD backend on stand-ins of its tools, for the tests of it.
built_for_freebsd() {
	[ "${MH_PART_BUILT:-}" = 1 ] && return
	"$make" -j"$jobs" SYSTEM=freebsd BUILD=build/fbsd all ||
	    fail "does not build for FreeBSD's tools"
}

# One test a place: its sample of the fault matrix, of some three minutes. No
# multiple of 3: there are nine faults to a step, and each must have its turn.
check_matrix() {
	passed=0 failed=0 skipped=0
	for sample in linux-native:7 freebsd:29; do
		place=${sample%:*}
		if out=$("$python" tests/fault/matrix.py --place "$place" \
		    --every "${FAULT_EVERY:-${sample#*:}}" 2>&1); then
			case $out in
			*'skip fault-matrix'*) skipped=$((skipped + 1)) ;;
			*) passed=$((passed + 1)) ;;
			esac
		else
			failed=$((failed + 1))
		fi
		printf '%s\n' "$out"
	done
	echo "matrix: $passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
}

case $part in
format) gate check_format ;;
layers) gate sh tests/check/layers.sh ;;
forbid) gate sh tests/check/forbid.sh ;;
shell) gate check_shell ;;
build) gate check_build ;;
names) built all; gate sh tests/check/names.sh ;;
man) built all; gate sh tests/check/man.sh ;;
tidy) gate check_tidy ;;
cppcheck) gate check_cppcheck ;;
contract) built all; gate sh tests/check/contract.sh ;;
openapi) gate sh tests/check/openapi.sh ;;
install)
	built all
	gate sh tests/check/install.sh
	;;
gcc) gate check_gcc ;;
clang) gate check_clang ;;
asan) check_asan ;;
frr) built tests; check_frr ;;
unit | golden | http) built all tests; runner "$part" ;;
e2e)
	built all tests
	built_for_freebsd
	runner e2e
	;;
versions)
	built all tests
	BUILD="$build" sh tests/check/versions.sh
	;;
parent)
	built all
	"$python" tests/parent/test_parent.py --build "$build"
	;;
cli)
	built all
	"$python" tests/cli/test_mhctl.py --mhctl "$build/mhctl"
	;;
fault)
	# Programs with named points at which they can be made to fail or die.
	build=build/fault
	built CPPFLAGS=-DMH_FAULT all
	# They wait for a new engine, or a new FRR, nearly all the time.
	MH_E2E_JOBS=${MH_E2E_JOBS:-4}
	export MH_E2E_JOBS
	runner fault
	;;
matrix)
	# A sample; make fault-matrix runs all of it.
	built all
	built_for_freebsd
	MH_BUILD=$build check_matrix
	;;
fakes) "$python" tests/fake/run.py ;;
lab) built all; "$python" tests/lab/lab test ;;
fuzz)
	built fuzzers
	FUZZ_SEED=${FUZZ_SEED:-1} sh tests/fuzz/run.sh "${FUZZ_SECONDS:-10}"
	;;
*) fail "part.sh: there is no part $part" ;;
esac
