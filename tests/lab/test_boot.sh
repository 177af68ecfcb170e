#!/bin/sh
# The lab is what it says: all sessions, real tunnels, real TCP-MD5, the paths.
. "$(dirname "$0")/testlib.sh"

core=$(neighbors hobgp)
edge=$(neighbors vtbgp)
expect "hobgp has not four sessions: $core" \
    [ "$(echo "$core" | grep -c ' Established ')" -eq 4 ]
expect "vtbgp has not two sessions: $edge" \
    [ "$(echo "$edge" | grep -c ' Established ')" -eq 2 ]

# Tunnels, as the kernel describes them and as the wire carries them.
links=$(on hobgp "ip -d link show type gre; ip -d link show type sit")
for want in 'gre remote 198.51.100.44 local 198.51.100.10' \
    'gre remote 198.51.100.45 local 198.51.100.10' \
    'gre remote 198.51.100.46 local 198.51.100.10' \
    'remote 203.0.113.10 local 198.51.100.10' \
    'remote 203.0.113.20 local 198.51.100.10'; do
	expect "no tunnel: $want" has "$links" "$want"
done
on inet "nft 'add table ip wire; add chain ip wire f { type filter hook forward priority 0; };
	add rule ip wire f ip protocol gre counter; add rule ip wire f ip protocol 41 counter'"
on radon "ping -c 3 -W 2 2620:fe::fe" >/dev/null || fail "radon reaches nothing"
on hobgp "ping -c 3 -W 2 2001:db8:300::1" >/dev/null || fail "hobgp does not reach ifog"
wire=$(on inet "nft list table ip wire")
on inet "nft delete table ip wire"
expect "no GRE packets between the routers" \
    has "$wire" 'protocol (gre|47) counter packets [1-9]'
expect "no SIT packets between the routers" \
    has "$wire" 'protocol (ipv6|41) counter packets [1-9]'

# The packet filter is loaded and sees traffic.
rules=$(on hobgp "nft list table ip6 hand")
expect "transit is not stateless" has "$rules" 'counter packets [1-9].* notrack'

# The edge keeps BGP out of its kernel, the core does not.
expect "vtbgp has BGP routes in its kernel" \
    [ "$(on vtbgp "ip -6 route show proto bgp | wc -l")" -eq 0 ]
expect "hobgp has too few routes in its kernel" \
    [ "$(on hobgp "ip -6 route show proto bgp | wc -l")" -gt 2000 ]

# Preference 200 leads over the edge.
way=$(hops radon one.one.one.one)
expect "radon's way is $way" \
    [ "$way" = "hobgp vtbgp vultr-host vultr one.one.one.one" ]

# The other providers see the /48 by everyone, three AS hops of ours by Lagrange.
seen=$(paths vultr)
for want in '^201379$' '^209533 201379$' '^212895 201379$' \
    '^209735 201379 201379 201379$'; do
	expect "vultr does not see $want" has "$seen" "$want"
done
