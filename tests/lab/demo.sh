#!/bin/sh
# The tour: what multihomed is for, shown on the live lab. Every line but the
# headings and the sentences marked with "|" is what a program answers.
#
# usage: demo.sh      boots a lab for the tour and ends it afterwards
set -u
[ -n "${LAB_API:-}" ] || exec "$(dirname "$0")/lab" demo "$@"
. "$(dirname "$0")/testlib.sh"
. "$(dirname "$0")/upstream.sh"

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
destination=one.one.one.one

chapter() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
say() { printf '| %s\n' "$@"; }

# mhctl ARGUMENTS...: the client on this machine, its command line shown first
mhctl() {
	printf '\n%s$ mhctl%s' "$bold" ''
	for word; do
		case $word in
		*' '*) printf ' "%s"' "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '%s\n' "$plain"
	"$MHCTL" "$@" </dev/null 2>&1
}

# must ARGUMENTS...: mhctl has to succeed, or the tour is over
must() {
	mhctl "$@" || {
		echo "demo: mhctl $1 failed with status $?" >&2
		exit 1
	}
}

# typed ROUTER COMMAND: a command typed on a router
typed() {
	printf '\n%s%s# %s%s\n' "$bold" "$1" "$2" "$plain"
	on "$1" "$2"
}

way() { typed radon "traceroute -q 1 $destination"; }
sessions() { typed hobgp "vtysh -c 'show bgp ipv6 unicast summary' | sed -n '/^Neighbor/,\$p'"; }
goes_by() { hops radon "$destination" | grep -q "hobgp $1"; }
at_rest() { ! "$MHCTL" upstreams 2>&1 | grep -q 'interrupted change'; }
third() { typed vultr "birdc show route for 2a06:9801:1c::/48 all | grep -e unicast -e as_path"; }

# proof BEFORE AFTER: the same sessions, none of them reset
proof() {
	if same_sessions "$1" "$2"; then
		say "Every session is established since the same time as before: none was reset."
	else
		say "A session was reset! Before, then after (address, state, since):"
		echo "$1"
		echo "$2"
		exit 1
	fi
}

# third_sees PATTERN: waits until vultr does
third_sees() {
	within 20 "vultr does not see the /48 by $1" eval "paths vultr | grep -q '$1'"
}

chapter "The network"
cat <<'.'

   iFog AS209533   Lagrange AS209735   route64 AS212895       Vultr AS64515
         |                |                  |                  |
       GRE tunnel       GRE tunnel        GRE tunnel            | TCP-MD5
         +----------------+------------------+                  |
                        hobgp  ------- SIT tunnel, iBGP ------ vtbgp
                          |  core, AS201379                     edge
                     SIT tunnel
                        radon    a customer's server, in 2a06:9801:1c::/48

.
say "A small virtual machine runs these seven routers: FRR and BIRD, a Linux kernel's own" \
    "GRE and SIT tunnels, TCP-MD5 and nftables. multihomed runs on hobgp and vtbgp and reads" \
    "the configuration that somebody wrote there by hand. mhctl runs outside, on this machine," \
    "and talks to hobgp's API. The third provider, route64, is not connected yet."

chapter "1. What the operator sees first"
must status

chapter "2. The way out, before"
say "hobgp prefers what the edge offers (200) to what iFog offers (150). So a packet from" \
    "radon leaves through vtbgp and Vultr:"
way

chapter "3. What a change would do"
say "The wish: prefer iFog. First without doing it:"
must plan set-preference ifog 250
say "Nothing was changed; the sessions, to compare with later:"
sessions
before=$(neighbors hobgp)

chapter "4. The change"
must set-preference ifog 250 --reason "Vultr has a maintenance window tonight" --ticket CHG-1234
sessions
proof "$before" "$(neighbors hobgp)"

chapter "5. The way out, after"
within 20 "the packets did not move" goes_by ifog
way

chapter "6. And back"
must set-preference ifog 150 --reason "Maintenance is over" --ticket CHG-1234
within 20 "the packets did not move back" goes_by vtbgp
way

chapter "7. The way in: a prepend, as a third AS sees it"
say "Vultr hears our prefix from vtbgp, and from its fellow providers. Lagrange's path is long" \
    "on purpose. The paths by which Vultr's BIRD sees 2a06:9801:1c::/48:"
third
must set-prepend ifog 3 --reason "less traffic in by iFog"
third_sees '^209533 201379 201379 201379 201379$'
third
must set-prepend ifog 0 --reason "the way in as it was"
third_sees '^209533 201379$'
third
proof "$before" "$(neighbors hobgp)"

chapter "8. When a change fails halfway"
# FORCED FAILURE: another way to force one goes here, in place of the full disk.
# This one is real: the disk under FRR's configuration is full, so that
# saving cannot work, though FRR's "write memory" answers [OK]. Fails closed: the
# running configuration must be what it was.
say "The disk that holds FRR's configuration fills up. FRR's own \"write memory\" would say [OK]" \
    "and leave an empty file:"
running=$(on hobgp "vtysh -c 'show running-config'")
typed hobgp "dd if=/dev/zero of=/etc/frr/core.dump bs=64k 2>&1 | grep -v records; df /etc/frr"
if mhctl set-preference ifog 250 --reason "will not work"; then
	echo "demo: a change was made that cannot be saved" >&2
	exit 1
fi
if [ "$(on hobgp "vtysh -c 'show running-config'")" = "$running" ]; then
	say "hobgp's running configuration is, to the byte, what it was before."
else
	say "hobgp's running configuration is not what it was!"
	exit 1
fi
typed hobgp "rm -v /etc/frr/core.dump"
within 60 "the interrupted change is not finished" at_rest
proof "$before" "$(neighbors hobgp)"

chapter "9. A new provider, whole, with one call"
say "route64 waits at its end of a GRE tunnel. On hobgp there is neither tunnel nor neighbor," \
    "nor anything of them in FRR, in the packet filter or in the boot files:"
must router set --router-address 2a06:9801:1c::1 --reason "what NAT rewrites to"
on hobgp "vtysh -c 'write memory'" >/dev/null
typed hobgp "ip -d link show gre1; vtysh -c 'show running-config' | grep -c 212895"
clean=$(configuration hobgp)
say "First without doing it, then for real:"
add_route64 must --dry-run
add_route64 must --reason "a third provider" --ticket CHG-1240
within 90 "route64's routes are not in use" in_use
must upstreams
typed hobgp "ip -d link show gre1; ip -6 route show proto bgp dev gre1 | wc -l; nft list table inet multihomed"
proof "$before" "$(neighbors hobgp | grep -v "^2001:db8:400::1 ")"

chapter "10. And away again, with one call"
must --yes upstream remove route64 --reason "the trial is over" --ticket CHG-1240
left=$(residue "$clean" "$(configuration hobgp)")
say "show running-config, ip addr, ip route, nft list ruleset and the boot files, before and" \
    "after: $left bytes differ."
[ "$left" -eq 0 ] || exit 1

chapter "11. Out of service, proven, and back"
before=$(neighbors hobgp)
say "iFog has a maintenance. The traffic goes first, both ways; nothing is shut down:"
must --yes drain ifog --wait --reason "iFog's maintenance" --ticket CHG-1241
say "What iFog sees of us now, RFC 8326:"
typed ifog "vtysh -c 'show bgp ipv6 unicast 2a06:9801:1c::/48' | grep -i community"
must --yes undrain ifog --wait
proof "$before" "$(neighbors hobgp)"

chapter "12. Who did what, and why"
must audit
must audit verify

chapter "The state at the end is the state at the beginning"
must upstreams
