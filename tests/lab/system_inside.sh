#!/bin/sh
# For test_system.sh: every kind of tunnel, and our rules, for real, in hobgp. It
# leaves the router as it was, byte for byte.
#
# usage: system_inside.sh PROBE BOOT   (system_probe and multihomed-boot)
set -u

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
program=$1
boot=$2

fail() {
	echo "$*"
	exit 1
}

probe() {
	"$program" "$dir" "$@" 2>/dev/null
}

# must WORD...: the operation succeeds
must() {
	probe "$@" >"$dir/out" || fail "$*: $(cat "$dir/out")"
}

# refused REASON WORD...: it fails, and that is why
refused() {
	reason=$1
	shift
	probe "$@" >"$dir/out" && fail "$* was not refused"
	grep -q -- "$reason" "$dir/out" || fail "$*: $(cat "$dir/out")"
}

# says PATTERN WORD...
says() {
	pattern=$1
	shift
	probe "$@" >"$dir/out" || fail "$*: $(cat "$dir/out")"
	grep -Eq -- "$pattern" "$dir/out" ||
	    fail "$*: no '$pattern' in: $(cat "$dir/out")"
}

# Everything that somebody could miss. Counters of rules and the order of the two
# sets of interfaces' addresses are no part of it.
picture() {
	ip -d link show
	ip address show
	ip route show table all
	ip -6 route show table all
	nft -s list ruleset
}

# tunnel NAME KIND INNER LOCAL REMOTE NEW-REMOTE
tunnel() {
	name=$1 kind=$2 inner=$3 local=$4 remote=$5 new=$6
	n=${name#t}
	must create "$name" "$kind" "$inner" "$local" "$remote"
	refused interface_taken create "$name" "$kind" "$inner" "$local" \
	    "$remote"
	must mtu "$name" 1380
	must describe "$name" "Customer #$n, of (us)"
	[ "$kind $inner" = "gif 4" ] || {
		must address-add "$name" "2001:db8:77:$n::1" - 64
		must address-add "$name" "2001:db8:78:$n::1" \
		    "2001:db8:78:$n::2" 128
	}
	[ "$kind $inner" = "gif 6" ] ||
	    must address-add "$name" "192.0.2.$((n * 4 + 1))" - 30
	must up "$name"
	must endpoints "$name" "$kind" "$inner" "$local" "$new"
	says "^link $name .* $local $new mtu 1380 up 'Customer #$n" links
	[ "$kind $inner" = "gif 4" ] || {
		says "^route .* $name\$" find "2001:db8:78:$n::2/128"
		says " 2001:db8:78:$n::1 peer 2001:db8:78:$n::2/128" links
	}
	must boot-link "$name"
}

check_tunnels() {
	six=2001:db8:1c19::1
	four=198.51.100.10
	tunnel t1 gre 0 $four 192.0.2.191 192.0.2.201
	tunnel t2 gif 6 $four 192.0.2.192 192.0.2.202
	tunnel t3 gif 4 $four 192.0.2.193 192.0.2.203
	tunnel t4 gif 0 $four 192.0.2.194 192.0.2.204
	tunnel t5 gre 0 $six 2001:db8::91 2001:db8::191
	tunnel t6 gif 6 $six 2001:db8::92 2001:db8::192
	tunnel t7 gif 4 $six 2001:db8::93 2001:db8::193
	tunnel t8 gif 0 $six 2001:db8::94 2001:db8::194
	refused interface_taken create gre0 gre 0 $four 192.0.2.99
	refused "File exists" create t9 gre 0 $four 192.0.2.201
	refused "another kind" endpoints t1 gif 6 $four 192.0.2.99
	must route-add 2001:db8:aaaa::/48 via 2001:db8:77:2::9
	refused route_exists route-add 2001:db8:aaaa::/48 dev t2
	must boot-route 2001:db8:aaaa::/48 via 2001:db8:77:2::9
}

# The machine is started anew: the boot files alone make the same again.
check_boot() {
	probe links >"$dir/links"
	for n in 1 2 3 4 5 6 7 8; do
		must destroy "t$n"
	done
	sh "$boot" "$dir/boot" || fail "multihomed-boot fails"
	probe links | diff "$dir/links" - || fail "another one after boot"
	says "^route 2001:db8:aaaa::/48 kind 1 2001:db8:77:2::9" \
	    find 2001:db8:aaaa::/48
	must route-remove 2001:db8:aaaa::/48 via 2001:db8:77:2::9
	for n in 1 2 3 4 5 6 7 8; do
		must destroy "t$n"
	done
}

reaches() {	# reaches SOURCE DESTINATION
	ping -6 -n -c 2 -W 2 -I "$1" "$2" >/dev/null 2>&1
}

# tracked PATTERN: is there a state with it?
tracked() {
	grep -q -- "$1" /proc/net/nf_conntrack
}

rules() {	# rules firewall|boot-firewall
	must "$1" router 2a06:9801:1c::1 prefix 2a06:9801:1c::/48 \
	    entry 0 0 - - - 2001:19f0:ffff::1 \
	    entry 2 0 gif0 198.51.100.10 203.0.113.10 - \
	    entry 2 1 gif1 198.51.100.10 203.0.113.20 2a06:9801:1c:fffe::2 \
	    entry 1 1 gre-ifog 198.51.100.10 198.51.100.44 2001:db8:300::1 \
	    entry 1 1 gre-lagrange 198.51.100.10 198.51.100.45 fd00:ca::1 \
	    entry 1 1 gre-route64 198.51.100.10 198.51.100.46 2001:db8:400::1
}

check_rules() {
	far=2606:4700:4700::1111
	nft list ruleset >"$dir/ruleset"
	nft flush ruleset
	reaches 2001:db8:300::2 $far && fail "an answer without NAT"
	rules firewall
	says "loaded 1 as_set 1" state
	reaches 2001:db8:300::2 $far || fail "no NAT of what the router sends"
	tracked "dst=2a06:9801:001c:0000:0000:0000:0000:0001" ||
	    fail "no state of it"
	reaches 2a06:9801:1c::1 $far || fail "the router's address: no answer"
	reaches 2001:db8:300::2 2001:db8:300::1 || fail "the peer: no answer"
	ping -6 -n -c 1 -W 2 ff02::1%gre-ifog >/dev/null 2>&1 ||
	    fail "multicast is translated"
	ip netns exec radon ping -6 -n -c 1 -W 2 $far >/dev/null ||
	    fail "transit: no answer"
	tracked "2a06:9801:001c:1000" && fail "transit has state"
	nft add rule inet multihomed incoming counter
	says "loaded 1 as_set 0" state
	rules boot-firewall
	nft delete table inet multihomed
	says "loaded 0 as_set 0" state
	sh "$boot" "$dir/boot" || fail "multihomed-boot fails"
	says "loaded 1 as_set 1" state
	must firewall
	must firewall
	nft -f "$dir/ruleset"
}

# A kind's first tunnel loads its module, which leaves a device of its own.
for kind in gre ip6gre sit ipip ip6tnl; do
	case $kind in
	ip6*) ip link add warm type "$kind" local 2001:db8::1 remote 2001:db8::2 ;;
	*) ip link add warm type "$kind" local 192.0.2.1 remote 192.0.2.2 ;;
	esac && ip link del warm
done

picture >"$dir/before"
check_tunnels
check_boot
for n in 1 2 3 4 5 6 7 8; do
	must boot-link-remove "t$n"
done
must boot-route-remove 2001:db8:aaaa::/48 via 2001:db8:77:2::9
check_rules
picture >"$dir/after"
diff "$dir/before" "$dir/after" >"$dir/diff" ||
    fail "left behind: $(cat "$dir/diff")"
echo "8 kinds of tunnels, boot files and rules"
