#!/bin/sh
# A sample of the fault matrix with the real tools and tunnels; all of it is
# `make fault-matrix`.
# lab: no-route64
. "$(dirname "$0")/testlib.sh"

if [ -z "${LAB_FAULT_EVERY:-}" ]; then
	echo "part matrix has a sample without tunnels; LAB_FAULT_EVERY=29 for one here"
	exit 77
fi
root=$(cd "$(dirname "$0")/../.." && pwd)
on hobgp "cd '$root' && python3 tests/fault/matrix.py --place linux \
    --every '$LAB_FAULT_EVERY' --part 5" || fail "cells of the fault matrix are bad"
