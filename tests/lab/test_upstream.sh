#!/bin/sh
# One call brings a provider up over a new GRE tunnel, to routes in use and NAT in
# place; one call takes it back, and not a byte is left of it.
# lab: no-route64
. "$(dirname "$0")/testlib.sh"
. "$(dirname "$0")/upstream.sh"

# The router's own address is what NAT rewrites to.
said=$(api PATCH /v1/router '{"router_address": ["2a06:9801:1c::1"]}') ||
    fail "the router's address cannot be set: $said"
on hobgp "vtysh -c 'write memory'" >/dev/null
sessions=$(neighbors hobgp)
before=$(configuration hobgp)
has "$before" 212895 && fail "route64 is there already"

# A plan does nothing.
plan=$(add_route64 "$MHCTL" --dry-run 2>&1) || fail "no plan: $plan"
expect "the plan does not tell of the tunnel: $plan" has "$plan" 198.51.100.46
expect "a plan has left something" \
    [ "$(residue "$before" "$(configuration hobgp)")" -eq 0 ]

said=$(add_route64 "$MHCTL" --reason "third provider" 2>&1) || fail "not added: $said"
link=$(on hobgp "ip -d link show gre1")
expect "no GRE tunnel: $link" has "$link" 'gre remote 198.51.100.46 local 198.51.100.10'
within 90 "route64's routes are not in use" in_use

# What hobgp itself sends by the tunnel goes out as its own address.
on route64 "nft 'add table ip6 wire; add chain ip6 wire f { type filter hook prerouting priority 0; };
	add rule ip6 wire f iifname gre-hobgp ip6 saddr 2a06:9801:1c::1 icmpv6 type echo-request counter;
	add rule ip6 wire f iifname gre-hobgp ip6 saddr 2001:db8:400::2 icmpv6 type echo-request counter'"
on hobgp "ip -6 route add 2001:4860:4860::8888 via 2001:db8:400::1 dev gre1;
	ping -c 3 -W 2 -I 2001:db8:400::2 2001:4860:4860::8888" >/dev/null
on hobgp "ip -6 route del 2001:4860:4860::8888 via 2001:db8:400::1 dev gre1"
on hobgp "ping -c 2 -W 2 -I 2001:db8:400::2 2001:db8:400::1" >/dev/null ||
    fail "the provider's own side does not answer"
wire=$(on route64 "nft list table ip6 wire; nft delete table ip6 wire")
expect "not translated: $wire" has "$wire" '2a06:9801:1c::1 icmpv6 .*packets [1-9]'
expect "the neighbor itself sees a translated address: $wire" \
    has "$wire" '2001:db8:400::2 icmpv6 .*packets 2 '

# It would be there after a reboot.
boot=$(on hobgp "cat /var/db/multihomed/hobgp/boot/*")
expect "the boot files know nothing of the tunnel" has "$boot" 198.51.100.46
expect "the boot files know nothing of NAT" has "$boot" snat

said=$("$MHCTL" --yes upstream remove route64 --reason "and away" 2>&1) ||
    fail "not removed: $said"
left=$(residue "$before" "$(configuration hobgp)")
[ "$left" -eq 0 ] || {
	configuration hobgp >"$LAB_DIR/after.txt"
	printf '%s\n' "$before" | diff - "$LAB_DIR/after.txt"
	fail "$left bytes are left behind"
}
after=$(neighbors hobgp)
expect "a session bounced: $sessions / $after" same_sessions "$sessions" "$after"
