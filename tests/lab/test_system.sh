#!/bin/sh
# The platform's code against a real kernel: tunnels of every kind, what is read of
# them, what the boot files make of them, NAT and stateless transit.
set -u
here=$(dirname "$0")
# shellcheck source=testlib.sh
. "$here/testlib.sh"
root=$(cd "$here/../.." && pwd)
probe=$root/${BUILD:-build}/tests/lab/system_probe
[ -x "$probe" ] || skip "no $probe: make tests"

out=$(on hobgp "sh $root/tests/lab/system_inside.sh $probe \
    $root/deploy/systemd/multihomed-boot") || fail "$out"
echo "$out"
