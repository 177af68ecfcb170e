#!/bin/sh
# A router's machine boots anew, as far as its FRR and multihomed can tell: both end at
# once, the kernel has another boot id, and they start from what was saved.
#
# usage: router ROUTER sh reboot.sh ROUTER     (its mounts are for what it starts)
set -eu
router=$1
here=$(cd "$(dirname "$0")" && pwd)

sh "$here/multihomed.sh" kill "$router"
# watchfrr first and for certain, or it would start the others again by itself; and
# all are gone before one is started, whose sockets and locks they would hold.
for daemon in watchfrr bgpd staticd zebra; do
	pid=$(cat "/run/frr/$router/$daemon.pid" 2>/dev/null) || continue
	kill -9 "$pid" 2>/dev/null || continue
	while [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; do
		sleep 0.1
	done
done
for daemon in watchfrr bgpd staticd zebra; do
	rm -f "/run/frr/$router/$daemon.pid" "/run/frr/$router/$daemon.vty"
done
cat /proc/sys/kernel/random/uuid >"/run/lab/boot-$router"
mount --bind "/run/lab/boot-$router" /proc/sys/kernel/random/boot_id
# The kernel's routes are gone too.
ip -6 route flush proto bgp
sh "$here/frr.sh" boot "$router"
sh "$here/watched.sh" "$router"
sh "$here/multihomed.sh" launch "$router"
