#!/bin/sh
# TCP-MD5 between vtbgp and Vultr is real: with another key the session stays down
# and the kernel counts what it refuses; with the right one it comes back.
. "$(dirname "$0")/testlib.sh"

set_key() {
	on vtbgp "vtysh -d bgpd -c 'configure terminal' -c 'router bgp 201379' \
	    -c 'neighbor 2001:19f0:ffff::1 password $1'" || fail "cannot set the key"
}
session() {
	neighbors vtbgp | grep "^2001:19f0:ffff::1 $1 " >/dev/null
}
count() {
	on vultr "cat /proc/net/netstat" | awk '/^TcpExt:/ {
		if (++n == 1) { for (i = 2; i <= NF; i++) name[i] = $i }
		else for (i = 2; i <= NF; i++) if (name[i] == "TCPMD5Failure") print $i }'
}
refused() {	# refused BEFORE: more than that by now
	[ "$(count)" -gt "$1" ]
}

expect "the session is not up before the test" session Established
before=$(count)
set_key something-else
within 20 "the kernel refused nothing signed with another key" refused "$before"
expect "the session is up with another key" eval '! session Established'
set_key your-shared-secret
within 60 "the session did not come back with the right key" session Established
