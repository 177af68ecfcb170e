#!/bin/sh
# A router's machine boots anew, as far as its FRR and multihomed can tell: both end, the
# kernel has another boot id, and they start from what was saved.
#
# usage: router ROUTER sh reboot.sh ROUTER [orderly|halt]  (its mounts are for what it starts)
#
# Both end at once, as when the power goes; orderly: one after another, as
# deploy/systemd and deploy/freebsd have a system stop them; halt: and nothing starts.
set -eu
router=$1
how=${2:-at_once}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cd "$root"
echo "$router goes down"

# watchfrr first and for certain, or it would start the others again by itself; and
# all are gone before one is started, whose sockets and locks they would hold.
end_frr() {	# end_frr DAEMON...
	for daemon; do
		pid=$(cat "/run/frr/$router/$daemon.pid" 2>/dev/null) || continue
		kill -9 "$pid" 2>/dev/null || continue
		while [ -d "/proc/$pid" ] &&
		    ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; do
			sleep 0.1
		done
	done
}

# multihomed, the last word to the neighbors, and FRR. An emulated processor may take
# longer for its few seconds of work.
stop_in_order() {
	sh "$here/multihomed.sh" end "$router"
	sed "s,^program=.*,program=build/multihomed,
s,^seconds=.*,seconds=60," deploy/multihomed-shutdown |
	    sh -s -- -c "tests/lab/conf/$router/multihomed.conf" || :
	end_frr watchfrr
	for daemon in bgpd staticd zebra; do
		sh "$here/frr.sh" stop "$router" "$daemon"
	done
}

case $how in
at_once) sh "$here/multihomed.sh" kill "$router" ;;
*) stop_in_order ;;
esac
end_frr watchfrr bgpd staticd zebra
for daemon in watchfrr bgpd staticd zebra; do
	rm -f "/run/frr/$router/$daemon.pid" "/run/frr/$router/$daemon.vty"
done
[ "$how" != halt ] || exit 0
cat /proc/sys/kernel/random/uuid >"/run/lab/boot-$router"
mount --bind "/run/lab/boot-$router" /proc/sys/kernel/random/boot_id
# The kernel's routes are gone too. Those of a zebra that was killed go with the nexthops
# that they name: with both, the kernel takes no order to delete them.
ip nexthop flush >/dev/null 2>&1 || :
ip -6 route flush proto bgp
sh "$here/frr.sh" boot "$router"
sh "$here/watched.sh" "$router"
sh "$here/multihomed.sh" launch "$router"
echo "$router is up"
