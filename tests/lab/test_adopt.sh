#!/bin/sh
# A tunnel that somebody made by hand is told, is not touched unless that is said,
# and is managed from then on; its session notices nothing.
. "$(dirname "$0")/testlib.sh"

mtu_is() { has "$(on hobgp 'ip -d link show gre-ifog')" "mtu $1 "; }
told() {
	"$MHCTL" --json interfaces | python3 -c '
import json, sys
for one in json.load(sys.stdin)["interfaces"]:
    if one["name"] == "gre-ifog":
        print(one["kind"], one["managed"], one["upstream"])'
}

sessions=$(neighbors hobgp)
mtu=$(on hobgp 'cat /sys/class/net/gre-ifog/mtu')
expect "told as: $(told)" [ "$(told)" = "gre hand ifog" ]
said=$("$MHCTL" upstream set ifog --mtu 1400 2>&1) &&
    fail "taken without a word: $said"
expect "refused without the reason: $said" has "$said" 'made by hand'
expect "touched all the same" mtu_is "$mtu"

said=$("$MHCTL" upstream set ifog --mtu 1400 --adopt 2>&1) ||
    fail "not adopted: $said"
expect "the MTU is another" mtu_is 1400
expect "told as: $(told)" [ "$(told)" = "gre multihomed ifog" ]
boot=$(on hobgp "cat /var/db/multihomed/hobgp/boot/links.batch")
expect "not at boot: $boot" has "$boot" 'gre-ifog.*1400'
# It is ours: nothing has to be said any more.
said=$("$MHCTL" upstream set ifog --mtu "$mtu" 2>&1) || fail "not set back: $said"
expect "the MTU is not as before" mtu_is "$mtu"
after=$(neighbors hobgp)
expect "a session bounced: $sessions / $after" same_sessions "$sessions" "$after"
