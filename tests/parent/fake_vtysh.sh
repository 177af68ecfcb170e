#!/bin/sh
# tests/parent/fake_vtysh.sh - vtysh's "write memory" on good and bad days.
#
# Beside it: "mode" says which day it is, frr/frr.conf is what it writes;
# its arguments go to vtysh.args, one a line. It writes as vtysh does: the old
# file is renamed to frr.conf.sav first.
here=$(dirname "$0")
conf=$here/frr/frr.conf
printf '%s\n' "$@" >"$here/vtysh.args"
env >"$here/vtysh.env"

renamed() {
	rm -f "$conf.sav"
	mv "$conf" "$conf.sav"
}

saved() {
	echo "Building Configuration..."
	echo "Integrated configuration saved to $conf"
	echo "[OK]"
}

case $(cat "$here/mode") in
good)
	renamed
	printf 'frr defaults traditional\nhostname new\nrouter bgp 65000\nexit\n' \
	    >"$conf"
	saved
	;;
empty) # a full disk
	renamed
	: >"$conf"
	saved
	;;
no_sav) # the same, without vtysh's own copy
	: >"$conf"
	saved
	;;
lost) # bgpd was dead
	renamed
	printf 'frr defaults traditional\nhostname new\n' >"$conf"
	saved
	;;
no_routes) # staticd was dead
	renamed
	grep -v '^ipv6 route' "$conf.sav" >"$conf"
	saved
	;;
fewer) # what bgpd alone has, and not all routes, went by good right
	renamed
	sed -e '/^route-map/d' -e '/^bgp/d' -e '/^ipv6 prefix-list/d' \
	    -e '/^ipv6 route 2001:db8:1:/d' -e '/^hostname/d' "$conf.sav" \
	    >"$conf"
	saved
	;;
cut)
	renamed
	printf 'router bgp 65000\nneighb' >"$conf"
	saved
	;;
elsewhere)
	saved
	;;
gone)
	renamed
	saved
	;;
refuse)
	echo "% Can't write" >&2
	exit 3
	;;
hang)
	renamed
	printf 'router b' >"$conf"
	sleep 60
	;;
killed)
	renamed
	kill -9 $$
	;;
esac
