#!/bin/sh
# A router's machine boots anew, as far as its FRR and multihomed can tell: both end at
# once, the kernel has another boot id, and they start from what was saved.
#
# usage: router ROUTER sh reboot.sh ROUTER     (its mounts are for what it starts)
set -eu
router=$1
here=$(cd "$(dirname "$0")" && pwd)

sh "$here/multihomed.sh" kill "$router"
for daemon in watchfrr bgpd staticd zebra; do
	kill -9 "$(cat "/run/frr/$router/$daemon.pid")"
	rm -f "/run/frr/$router/$daemon.pid" "/run/frr/$router/$daemon.vty"
done
cat /proc/sys/kernel/random/uuid >"/run/lab/boot-$router"
mount --bind "/run/lab/boot-$router" /proc/sys/kernel/random/boot_id
# The kernel's routes are gone too.
ip -6 route flush proto bgp
sh "$here/frr.sh" boot "$router"
sh "$here/watched.sh" "$router"
sh "$here/multihomed.sh" launch "$router"
