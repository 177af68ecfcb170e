# shellcheck shell=sh
# For tests/lab/test_*.sh, which `lab test` runs in a lab that is up, one process a
# file. Exit 0 means passed, 77 skipped; the last line of output is the reason.
# Environment: LAB (the front end), LAB_API, MHCTL and MHCTL_CONTEXTS.

fail() {
	echo "$*"
	exit 1
}

skip() {
	echo "$*"
	exit 77
}

# on ROUTER COMMAND-LINE: runs it there
on() {
	"$LAB" run "$1" "$2"
}

# expect WHAT COMMAND...: fails with WHAT unless the command succeeds
expect() {
	what=$1
	shift
	"$@" || fail "$what"
}

# within SECONDS WHAT COMMAND...: tries until the command succeeds
within() {
	end=$(($(date +%s) + $1))
	what=$2
	shift 2
	until "$@"; do
		[ "$(date +%s)" -lt "$end" ] || fail "$what"
		sleep 0.2
	done
}

has() {	# has TEXT PATTERN
	printf '%s\n' "$1" | grep -Eq -- "$2"
}

# hops ROUTER DESTINATION: the names of the routers on the way, in one line
hops() {
	on "$1" "traceroute -q 1 -w 2 -m 8 $2" |
	    awk 'NR > 1 { printf "%s%s", sep, $2; sep = " " } END { print "" }'
}

# neighbors ROUTER: one line for each session: address, state, since when (seconds of
# the clock), prefixes received
neighbors() {
	on "$1" "vtysh -d bgpd -c 'show bgp ipv6 unicast summary json'" |
	    python3 -c '
import json, sys
for peer, of in sorted(json.load(sys.stdin)["peers"].items()):
    print(peer, of["state"], of["peerUptimeEstablishedEpoch"], of["pfxRcd"])'
}

# same_sessions BEFORE AFTER: answers of neighbors; none was reset in between. FRR
# computes "since" anew each time and may be a second off.
same_sessions() {
	printf '%s\n--\n%s\n' "$1" "$2" | awk '
		/^--$/ { second = 1; next }
		!second { state[$1] = $2; since[$1] = $3; n++; next }
		{
			if ($2 != state[$1] || $3 - since[$1] > 2 || since[$1] - $3 > 2)
				bad = 1
			n--
		}
		END { exit bad || n != 0 }'
}

# paths ROUTER: the AS paths by which a BIRD router sees the /48
paths() {
	on "$1" "birdc show route 2a06:9801:1c::/48 all" |
	    sed -n 's/^.*BGP.as_path: //p'
}

# configuration ROUTER: all that a change could leave behind, byte for byte. Counters of
# the packet filter and the numbers that the kernel gives to next hops are no
# configuration, and the routes of BGP come and go by themselves.
configuration() {
	on "$1" "vtysh -c 'show running-config'; cat /etc/frr/$1/frr.conf; ip addr;
	    ip -6 route show; ip route show; nft -s list ruleset;
	    cd /var/db/multihomed/$1/boot && tail -n +1 -- *" |
	    sed -e 's/ nhid [0-9]*//' -e '/ proto bgp /d'
}

# residue BEFORE AFTER: how many bytes differ, in lines that only one of them has
residue() {
	one=$(mktemp) two=$(mktemp)
	printf '%s\n' "$1" >"$one"
	printf '%s\n' "$2" >"$two"
	diff "$one" "$two" | sed -n 's/^[<>] //p' | wc -c
	rm -f "$one" "$two"
}

# received ROUTER ADDRESS: prefixes of an established session there, else nothing
received() {
	neighbors "$1" | awk -v peer="$2" '$1 == peer && $2 == "Established" { print $4 }'
}

# api METHOD PATH [JSON]: hobgp's answer; fails unless it is a 2xx
api() {
	python3 "$(dirname "$LAB")/lib/api.py" "$@"
}
