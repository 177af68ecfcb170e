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
