#!/bin/sh
# tests/check/rcorder.sh - FreeBSD's rc starts and stops our scripts in order.
#
# usage: rcorder.sh   (run from the root of the tree)
#
# As rcorder(8) reads them, together with those that they name: FRR first, then
# the script with the last words, then multihomed; backwards when the machine
# goes down, which reaches the scripts with the keyword shutdown alone.
set -u

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
bad=0

complain() {
	echo "rc.d: $*" >&2
	bad=1
}

# The headers of FreeBSD's own scripts and of its port of FRR.
cat >"$dir/frr" <<'EOF'
# PROVIDE: frr dynamicrouting
# REQUIRE: netif routing
# KEYWORD: nojailvnet shutdown
EOF
cat >"$dir/NETWORKING" <<'EOF'
# PROVIDE: NETWORKING NETWORK
# REQUIRE: netif netwait netoptions routing ppp ipfw stf
EOF
cat >"$dir/FILESYSTEMS" <<'EOF'
# PROVIDE: FILESYSTEMS
# REQUIRE: root mountcritlocal cleanvar tmp
EOF
cp deploy/freebsd/multihomed deploy/freebsd/multihomed_shutdown "$dir"

# Pairs for tsort, "FIRST SECOND", of what each script provides.
pairs() {
	awk '
	sub(/^# (PROVIDE|REQUIRE|BEFORE):/, "& ") {
		n = split($0, word)
		for (i = 3; i <= n; i++)
			if (word[2] == "PROVIDE:")
				print "script:" name(FILENAME), word[i]
			else if (word[2] == "REQUIRE:")
				print word[i], "script:" name(FILENAME)
			else
				print "script:" name(FILENAME), word[i]
	}
	function name(path) {
		sub(/.*\//, "", path)
		return path
	}' "$dir"/*
	# Who is to come before what a script provides comes before the script.
	awk 'sub(/^# BEFORE:/, "") {
		me = FILENAME
		sub(/.*\//, "", me)
		for (i = 1; i <= NF; i++)
			print "script:" me, "script:" $i
	}' "$dir"/*
}

# before FIRST SECOND: the opposite would go in a circle.
before() {
	{ pairs; echo "script:$2 script:$1"; } | tsort >/dev/null 2>&1 &&
	    complain "nothing says that $1 starts before $2"
}

pairs | tsort >/dev/null || complain "they go in a circle"
before frr multihomed_shutdown
before multihomed_shutdown multihomed
before NETWORKING multihomed_shutdown
before FILESYSTEMS multihomed
for script in frr multihomed_shutdown multihomed; do
	grep -q '^# KEYWORD:.*shutdown' "$dir/$script" ||
	    complain "$script is not stopped when the machine goes down"
done
exit $bad
