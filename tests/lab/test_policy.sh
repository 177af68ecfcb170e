#!/bin/sh
# The network does what the tour needs, asked by hand with vtysh: preference moves
# best paths between edge and iFog, a prepend is seen by a third AS, and no session
# notices.
. "$(dirname "$0")/testlib.sh"
ifog=2001:db8:300::1

in_map() {
	on hobgp "vtysh -c 'configure terminal' -c 'route-map RM-IFOG-BGPTUNNEL-IN permit 10' \
	    -c 'set local-preference $1' -c end -c 'clear bgp ipv6 unicast $ifog soft in'"
}
out_map() {
	on hobgp "vtysh -c 'configure terminal' -c 'route-map RM-IFOG-BGPTUNNEL-OUT permit 10' \
	    -c '$1' -c end -c 'clear bgp ipv6 unicast $ifog soft out'"
}
by() {	# by INTERFACE: how many of hobgp's kernel routes lead there
	on hobgp "ip -6 route show proto bgp dev $1 | wc -l"
}
moved() { [ "$(by gif1)" -lt "$((before - 300))" ]; }
restored() { [ "$(by gif1)" -eq "$before" ]; }
seen() { paths vultr | grep -q "$1"; }

sessions=$(neighbors hobgp)
before=$(by gif1)
expect "the edge has only $before best paths" [ "$before" -gt 600 ]

in_map 250
within 20 "fewer than 300 best paths moved to iFog" moved
way=$(hops radon one.one.one.one)
expect "at 250 the way is $way" [ "$way" = "hobgp ifog one.one.one.one" ]
in_map 150
within 20 "the best paths did not come back" restored
way=$(hops radon one.one.one.one)
expect "at 150 the way is $way" \
    [ "$way" = "hobgp vtbgp vultr-host vultr one.one.one.one" ]

out_map 'set as-path prepend 201379 201379 201379'
within 20 "vultr does not see the prepend" seen '^209533 201379 201379 201379 201379$'
out_map 'no set as-path prepend'
within 20 "vultr still sees the prepend" seen '^209533 201379$'

after=$(neighbors hobgp)
expect "a session bounced: $sessions / $after" same_sessions "$sessions" "$after"
