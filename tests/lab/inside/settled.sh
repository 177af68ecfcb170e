#!/bin/sh
# Waits until AS201379's two routers have all sessions, hobgp has the tables, and
# the internet sees the /48 through all four providers.
#
# usage: settled.sh FULL
set -u
# shellcheck source=inside/variant.sh
. "$LAB_ROOT/tests/lab/inside/variant.sh"
# shellcheck disable=SC2046  # three numbers
set -- "$1" $(expected)
[ "$2" -gt 0 ] || exit 0
if [ "$1" = 1 ]; then
	limit=900 anew=450 table=200000
else
	limit=400 anew=60 table=1500 # beside compilers it takes its time
fi
now=$(cut -d. -f1 /proc/uptime)
end=$((now + limit)) again=$((now + anew))

# established ROUTER: how many neighbors have sent at least one prefix
established() {
	vtysh -N "$1" -d bgpd -c 'show bgp ipv6 unicast summary established' 2>/dev/null |
	    awk '/^[0-9a-f]+:/ && $10 ~ /^[0-9]+$/ && $10 > 0 { n++ } END { print n + 0 }'
}
up() {	# ROUTER: how many sessions there are, with or without prefixes
	vtysh -N "$1" -d bgpd -c 'show bgp ipv6 unicast summary established' 2>/dev/null |
	    grep -cE '^[0-9a-f]+:'
}
received() {	# the smallest table of hobgp's three transit providers
	vtysh -N hobgp -d bgpd -c 'show bgp ipv6 unicast summary established' 2>/dev/null |
	    awk '/^[0-9a-f]+:/ && $3 != 201379 { if (min == "" || $10 < min) min = $10 }
		END { print min + 0 }'
}
seen() {	# through how many providers the internet sees the /48
	birdc -s /run/bird/inet.ctl show route 2a06:9801:1c::/48 table master6 2>/dev/null |
	    grep -c 'AS201379'
}

while :; do
	if [ "$(established hobgp)" -eq "$2" ] && [ "$(established vtbgp)" -eq "$3" ] &&
	    [ "$(received)" -ge "$table" ] && [ "$(seen)" -eq "$4" ]; then
		exit 0
	fi
	now=$(cut -d. -f1 /proc/uptime)
	# bgpd 8.4, loading slowly, asks for Vultr as a connected next hop before it
	# has read ebgp-multihop, and keeps to that: its routes stay out until the
	# session begins anew.
	if [ "$now" -ge "$again" ] && [ "$(up vtbgp)" -eq "$3" ] &&
	    [ "$(established vtbgp)" -lt "$3" ]; then
		vtysh -N vtbgp -c 'clear bgp ipv6 unicast *' >/dev/null 2>&1
		again=$end
	fi
	if [ "$now" -ge "$end" ]; then
		echo "hobgp $(established hobgp)/$2 vtbgp $(established vtbgp)/$3" \
		    "table $(received)/$table seen $(seen)/$4" >&2
		exit 1
	fi
	sleep 0.5
done
