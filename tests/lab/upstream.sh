# shellcheck shell=sh
# The upstream that the tour, test_upstream.sh and figures.py add and remove.
# Sourced after testlib.sh.
route64=2001:db8:400::1

add_route64() {	# add_route64 CLIENT OPTION...
	client=$1
	shift
	"$client" upstream add route64 --remote-as 212895 --neighbor $route64 \
	    --local-address 2001:db8:400::2 --tunnel gre --local 198.51.100.10 \
	    --remote 198.51.100.46 --description Upstream-Route64-FRA \
	    --maximum-prefix 250000,90,30 --nat "$@"
}

in_use() {	# its routes are there, and some of them are the kernel's
	[ "$(received hobgp $route64)" -gt 1000 ] 2>/dev/null &&
	    [ "$(on hobgp "ip -6 route show proto bgp dev gre1 | wc -l")" -gt 0 ]
}
