#!/bin/sh
# The reference network as network namespaces. Outer and inner addresses are those
# of the reference; interface names too, where Linux leaves them free.
#
#   inet    the IPv4 internet between them, the providers' exchange (bridge "ix"),
#           and every destination: it answers for all addresses of 2000::/3
#   vhost   the host that vtbgp runs on: fe80::1, one hop before Vultr's router
#
# usage: topology.sh   (as root, in a network namespace that may be changed)
set -eu
# shellcheck source=inside/variant.sh
. "$LAB_ROOT/tests/lab/inside/variant.sh"

# Few processes: under emulation each costs a tenth of a second.
routers="inet vhost hobgp vtbgp ifog lagrange route64 vultr radon"

cable() {	# cable NS1 IFNAME1 NS2 IFNAME2
	echo "link add $2 netns $1 type veth peer name $4 netns $3"
}

# Namespaces and the cables between them. Every router's uplink to the IPv4 internet
# is vtnet0, as on the real machines; the providers also meet at the exchange, ix0.
{
	for ns in $routers; do
		echo "netns add $ns"
	done
	for ns in hobgp ifog lagrange route64 radon vhost; do
		cable "$ns" vtnet0 inet "$ns"
	done
	for ns in ifog lagrange route64 vultr; do
		cable "$ns" ix0 inet "ix-$ns"
	done
	cable vtbgp vtnet0 vhost lan0
	cable vhost core0 vultr lan0
} | ip -batch -

# configure NAME < lines for ip(8): gives a router its host name (a UTS namespace),
# makes it forward, and runs the lines in it.
mkdir -p /run/lab/uts
configure() {
	: >"/run/lab/uts/$1"
	# shellcheck disable=SC2016  # $0 and $scope are the inner shell's
	left_out "$1.ip" | unshare --uts="/run/lab/uts/$1" ip netns exec "$1" sh -c '
		echo "$0" >/proc/sys/kernel/hostname
		cd /proc/sys/net
		echo 1 >ipv4/ip_forward
		echo 1 >ipv6/conf/all/forwarding
		for scope in all default; do
			echo 0 >ipv6/conf/$scope/accept_dad
		done
		for interface in ipv6/conf/*; do
			echo 0 >$interface/accept_dad
		done
		echo 0 >ipv6/icmp/ratelimit
		echo 1000000 >ipv6/route/max_size
		exec ip -batch -' "$1" || : >/run/lab/topology-failed
}

# The IPv4 internet.
configure inet <<. &
link set lo up
link set hobgp up
link set ifog up
link set lagrange up
link set route64 up
link set radon up
link set vhost up
link add ix type bridge mcast_snooping 0
link set ix up
link set ix-ifog up master ix
link set ix-lagrange up master ix
link set ix-route64 up master ix
link set ix-vultr up master ix
addr add 198.51.100.1/32 dev lo
addr add 203.0.113.1/32 dev lo
route add 198.51.100.10/32 dev hobgp
route add 198.51.100.44/32 dev ifog
route add 198.51.100.45/32 dev lagrange
route add 198.51.100.46/32 dev route64
route add 203.0.113.10/32 dev radon
route add 192.0.2.2/32 dev vhost
route add 203.0.113.20/32 via 192.0.2.2
addr add fe80::1/64 dev hobgp
addr add 2001:db8:1c19::2/64 dev hobgp
addr add 2001:db8:1ce::1/64 dev ix
route add 2001:db8:f480::/64 via 2001:db8:1ce::20
route add 2001:19f0:ffff::1/128 via 2001:db8:1ce::20
addr add 2606:4700:4700::1111/128 dev lo
addr add 2001:4860:4860::8888/128 dev lo
addr add 2620:fe::fe/128 dev lo
route add local 2000::/3 dev lo table main
.
# hobgp (core). gre0 is the kernel's own, so the GRE tunnels are named after whom
# they lead to; gif0 and gif1 are SIT here.
configure hobgp <<. &
link set lo up
link set vtnet0 up
addr add 198.51.100.10/32 dev vtnet0
route add 198.51.100.1/32 dev vtnet0
route add default via 198.51.100.1
addr add 2001:db8:1c19::1/64 dev vtnet0
route add default via fe80::1 dev vtnet0
addr add 2a06:9801:1c::1/64 dev lo
tunnel add gre-ifog mode gre local 198.51.100.10 remote 198.51.100.44 ttl 64
tunnel add gre-lagrange mode gre local 198.51.100.10 remote 198.51.100.45 ttl 64
tunnel add gre-route64 mode gre local 198.51.100.10 remote 198.51.100.46 ttl 64
tunnel add gif0 mode sit local 198.51.100.10 remote 203.0.113.10 ttl 64
tunnel add gif1 mode sit local 198.51.100.10 remote 203.0.113.20 ttl 64
link set gre-ifog up alias Transit-iFog-Frankfurt
link set gre-lagrange up alias Transit-Lagrange-UK
link set gre-route64 up alias Transit-route64-Frankfurt
link set gif0 up mtu 1480 alias Tunnel-to-Radon-Server
link set gif1 up mtu 1480 alias Tunnel-to-Vultr-Edge
addr add 2001:db8:300::2/126 dev gre-ifog
addr add fd00:ca::2/64 dev gre-lagrange
addr add 2001:db8:400::2/64 dev gre-route64
addr add 2a06:9801:1c:ffff::1 peer 2a06:9801:1c:ffff::2/128 dev gif0
addr add 2a06:9801:1c:fffe::1 peer 2a06:9801:1c:fffe::2/128 dev gif1
.

# The providers' ends.
provider() {	# provider NAME OUTER INNER EXCHANGE
	configure "$1" <<. &
link set lo up
link set vtnet0 up
link set ix0 up
addr add $2/32 dev vtnet0
route add 198.51.100.1/32 dev vtnet0
route add default via 198.51.100.1
tunnel add gre-hobgp mode gre local $2 remote 198.51.100.10 ttl 64
link set gre-hobgp up
addr add $3 dev gre-hobgp
addr add $4 dev ix0
route add default via 2001:db8:1ce::1
.
}
provider ifog 198.51.100.44 2001:db8:300::1/126 2001:db8:1ce::44/64
provider lagrange 198.51.100.45 fd00:ca::1/64 2001:db8:1ce::45/64
provider route64 198.51.100.46 2001:db8:400::1/64 2001:db8:1ce::46/64

# vtbgp (edge), the host under it, and Vultr's router two hops away.
configure vhost <<. &
link set lo up
link set vtnet0 up
link set lan0 up
link set core0 up
addr add 192.0.2.2/32 dev vtnet0
route add 203.0.113.1/32 dev vtnet0
route add default via 203.0.113.1
addr add 203.0.113.1/32 dev lan0
route add 203.0.113.20/32 dev lan0
addr add fe80::1/64 dev lan0
addr add 2001:db8:f480::1/64 dev lan0
route add 2a06:9801:1c::/48 via 2001:db8:f480::20
addr add fe80::a/64 dev core0
route add default via fe80::b dev core0
.
configure vultr <<. &
link set lo up
link set lan0 up
link set ix0 up
addr add 2001:db8:1ce::20/64 dev ix0
route add default via 2001:db8:1ce::1
addr add 2001:19f0:ffff::1/128 dev lo
addr add fe80::b/64 dev lan0
route add 2001:db8:f480::/64 via fe80::a dev lan0
.
configure vtbgp <<. &
link set lo up
link set vtnet0 up
addr add 203.0.113.20/23 dev vtnet0
route add default via 203.0.113.1
addr add 2001:db8:f480::20/64 dev vtnet0
route add default via fe80::1 dev vtnet0
route add 2001:19f0:ffff::1/128 via fe80::1 dev vtnet0
tunnel add gif0 mode sit local 203.0.113.20 remote 198.51.100.10 ttl 64
link set gif0 up mtu 1480 alias Uplink-to-hobgp
addr add 2a06:9801:1c:fffe::2 peer 2a06:9801:1c:fffe::1/128 dev gif0
route add 2a06:9801:1c::/48 dev gif0
.

# radon (downstream): no BGP, its /64 by way of hobgp.
configure radon <<. &
link set lo up
link set vtnet0 up
addr add 203.0.113.10/32 dev vtnet0
route add 203.0.113.1/32 dev vtnet0
route add default via 203.0.113.1
tunnel add gif0 mode sit local 203.0.113.10 remote 198.51.100.10 ttl 64
link set gif0 up mtu 1480
addr add 2a06:9801:1c:ffff::2 peer 2a06:9801:1c:ffff::1/128 dev gif0
addr add 2a06:9801:1c:1000::1/64 dev lo nodad
route add default dev gif0 src 2a06:9801:1c:1000::1
.

wait
[ ! -e /run/lab/topology-failed ] || exit 1
ip -n hobgp link show gif0 >/dev/null 2>&1 || exit 0
# The kernel adds the route to a tunnel's far end a moment after its address.
tries=0
until ip -n hobgp route add 2a06:9801:1c:1000::/64 via 2a06:9801:1c:ffff::2; do
	tries=$((tries + 1))
	[ "$tries" -le 50 ] || exit 1
	sleep 0.1
done
