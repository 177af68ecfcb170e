#!/bin/sh
# The whole fault matrix: Linux in the lab's machine, Linux without tunnels and
# FreeBSD's stand-ins here. FAULT_EVERY=N: each Nth cell only.
cd "$(dirname "$0")/../.." || exit 1
every=${FAULT_EVERY:-1}
python=/usr/bin/python3
status=0

LAB_INSTANCE=matrix
export LAB_INSTANCE
# shellcheck disable=SC2317  # the trap calls it
ended() { $python tests/lab/lab down; }
trap ended EXIT
trap 'exit 130' INT TERM HUP
$python tests/lab/lab up --variant no-route64 || exit 1
$python tests/lab/lab run hobgp \
    "cd '$PWD' && python3 tests/fault/matrix.py --place linux --every $every" || status=1
for place in linux-native freebsd; do
	$python tests/fault/matrix.py --place $place --every "$every" || status=1
done
exit $status
