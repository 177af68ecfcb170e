#!/bin/sh
# tests/frr/run.sh - the frr room against a real FRR on this machine.
#
# usage: run.sh PROGRAM   (build/tests/frr/test_real_frr; MH_FRR_ROOT: the tree
# of another FRR, from fetch.sh)
#
# zebra, staticd, bgpd and, from FRR 10 on, mgmtd run with the reference configuration in network,
# mount and process namespaces of their own, a second bgpd beside them plays
# the provider; all of it ends with this script, whatever happens. Without
# root, FRR, namespaces or ../shared it says so and exits 0.
set -u

lib=/usr/lib/frr

skip() {
	echo "skipped: $*"
	exit 0
}

# --- inside the namespaces ---------------------------------------------------

# give_addresses: eth-ifog here, eth-hobgp in the provider's namespace.
give_addresses() {
	ip link set lo up || return 1
	ip netns add ifog || return 1
	ip -n ifog link set lo up || return 1
	ip link add eth-ifog type veth peer name eth-hobgp netns ifog ||
		return 1
	ip link set eth-ifog up || return 1
	ip -n ifog link set eth-hobgp up || return 1
	ip addr add 2001:db8:300::2/64 dev eth-ifog nodad || return 1
	ip -n ifog addr add 2001:db8:300::1/64 dev eth-hobgp nodad
}

write_provider() {
	cat <<-'END'
	router bgp 209533
	 bgp router-id 192.0.2.1
	 no bgp ebgp-requires-policy
	 no bgp default ipv4-unicast
	 no bgp network import-check
	 neighbor 2001:db8:300::2 remote-as 201379
	 address-family ipv6 unicast
	  network 2600:1::/48
	  network 2600:2::/48
	  network 2600:3::/48
	  neighbor 2001:db8:300::2 activate
	 exit-address-family
	exit
	END
}

wait_for() {
	i=0
	while [ ! -S "$1" ]; do
		i=$((i + 1))
		[ "$i" -lt 100 ] || return 1
		sleep 0.1
	done
}

inside() {
	program=$1 conf=$2
	for dir in /run /etc/frr; do
		mount -t tmpfs tmpfs "$dir" || skip "no tmpfs over $dir"
	done
	[ -z "${MH_FRR_ROOT:-}" ] || sh tests/frr/mount.sh "$MH_FRR_ROOT" ||
		exit 1
	mkdir -p /run/frr/ifog /run/frr/work /run/netns /etc/frr/ifog
	cp "$conf" /etc/frr/frr.conf
	: >/etc/frr/vtysh.conf
	: >/etc/frr/ifog/vtysh.conf
	write_provider >/etc/frr/ifog/frr.conf
	chmod 700 /run/frr/work
	chown -R frr:frr /run/frr /etc/frr
	chown root /run/frr/work
	give_addresses 2>&1 || skip "no veth in a namespace of our own"
	daemons='zebra staticd bgpd'
	[ ! -x "$lib/mgmtd" ] || daemons="mgmtd $daemons"
	for name in $daemons; do
		"$lib/$name" -d -A 127.0.0.1 >/dev/null 2>&1
	done
	ip netns exec ifog "$lib/bgpd" -d -n -N ifog -A 127.0.0.1 \
		>/dev/null 2>&1
	for s in $daemons ifog/bgpd; do
		wait_for "/run/frr/$s.vty" || skip "FRR's $s does not start"
	done
	vtysh -N ifog -b >/dev/null 2>&1
	vtysh -b >/dev/null 2>&1
	"$program" /run/frr /usr/bin/vtysh
}

# --- outside -----------------------------------------------------------------

if [ "${1:-}" = --inside ]; then
	inside "$2" "$3"
	exit
fi
program=${1:-build/tests/frr/test_real_frr}
shared=${MH_SHARED:-../shared}
conf=$shared/reference/hobgp.frr.conf
[ "$(id -u)" -eq 0 ] || skip "not root"
for f in "$lib/bgpd" "$lib/zebra" "$lib/staticd" /usr/bin/vtysh; do
	[ -x "$f" ] || skip "no $f"
done
[ -r "$conf" ] || skip "no $conf (MH_SHARED names the folder)"
unshare -n -m -p -f --kill-child true 2>/dev/null ||
	skip "no namespaces of our own"
[ -x "$program" ] || {
	echo "no $program: make it first" >&2
	exit 1
}
# The first process of a process namespace takes all the others with it.
exec unshare -n -m -p -f --kill-child --mount-proc \
	timeout 120 sh "$0" --inside "$program" "$conf"
