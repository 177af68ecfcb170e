#!/bin/sh
# tests/check/shutdown.sh - multihomed-shutdown, against a stand-in of vtysh.
#
# usage: shutdown.sh PREFIX   (where it was installed; see install.sh)
set -u

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
# It was installed below DESTDIR, which is not where it looks for multihomed.
script=$dir/multihomed-shutdown
sed "s|^program=.*|program=$1/sbin/multihomed|" \
    "$1/libexec/multihomed/multihomed-shutdown" >"$script"
bad=0

complain() {
	echo "multihomed-shutdown: $*" >&2
	bad=1
}

# The stand-in keeps each call as a line and each command as one below it.
cat >"$dir/vtysh" <<'EOF'
#!/bin/sh
dir=${0%/*}
echo "called" >>"$dir/calls"
for word; do
	echo "  $word" >>"$dir/calls"
done
case "$*" in
*'show running-config'*)
	cat "$dir/running"
	exit "$(cat "$dir/shows")"
	;;
esac
exit "$(cat "$dir/takes")"
EOF
cat >"$dir/systemctl" <<'EOF'
#!/bin/sh
cat "${0%/*}/system"
EOF
chmod +x "$dir/vtysh" "$dir/systemctl"
printf 'frr { vtysh = "%s/vtysh"; pathspace = edge; }\n' "$dir" >"$dir/conf"
cat >"$dir/running" <<'EOF'
frr version 8.4.4
!
interface gre0
 neighbor 192.0.2.99 remote-as 1
exit
!
router bgp 65000
 bgp router-id 192.0.2.1
 neighbor CUSTOMERS peer-group
 neighbor CUSTOMERS remote-as 65010
 neighbor 2001:db8:1::1 remote-as 65001
 neighbor 2001:db8:1::1 description one; shutdown message
 neighbor 2001:db8:2::1 remote-as 65002
 neighbor 2001:db8:2::1 shutdown message CHG-1 drained
 neighbor 192.0.2.7 peer-group CUSTOMERS
 neighbor gre1 interface remote-as external
 !
 address-family ipv6 unicast
  neighbor 2001:db8:1::1 activate
  neighbor 2001:db8:1::1 route-map RM-SHUTDOWN out
 exit-address-family
exit
!
router bgp 65009 vrf blue
 neighbor 2001:db8:1::1 remote-as 65001
exit
!
line vty
end
EOF
say='shutdown message this router goes down or reboots'
cat >"$dir/wanted" <<EOF
called
  -N
  edge
  -d
  bgpd
  -c
  show running-config
called
  -N
  edge
  -d
  bgpd
  -c
  configure terminal
  -c
  router bgp 65000
  -c
  neighbor 2001:db8:1::1 $say
  -c
  neighbor 192.0.2.7 $say
  -c
  neighbor gre1 $say
  -c
  router bgp 65009 vrf blue
  -c
  neighbor 2001:db8:1::1 $say
EOF

# run SHOWS TAKES WANTED ARG...: exit statuses of the stand-in and of ours.
run() {
	rm -f "$dir/calls"
	touch "$dir/calls"
	echo "$1" >"$dir/shows"
	echo "$2" >"$dir/takes"
	wanted=$3
	shift 3
	PATH=$dir:$PATH sh "$script" -c "$dir/conf" "$@" >"$dir/said" 2>&1
	code=$?
	[ "$code" -eq "$wanted" ] ||
	    complain "$* ends with $code, not $wanted: $(cat "$dir/said")"
}

run 0 0 0
diff -u "$dir/wanted" "$dir/calls" >&2 || complain "not what was to be said"
grep -q '4 neighbors' "$dir/said" || complain "does not count them"
grep -qE 'write|copy' "$dir/calls" && complain "it saves"

run 1 0 1
[ "$(grep -c called "$dir/calls")" -eq 1 ] || complain "goes on without FRR"
run 0 1 1

echo running >"$dir/system"
run 0 0 0 -s
[ -s "$dir/calls" ] && complain "a stop by hand tells the neighbors"
echo stopping >"$dir/system"
run 0 0 0 -s
cmp -s "$dir/wanted" "$dir/calls" || complain "-s does not tell them"
run 0 0 2 -x

# A drain has shut down all of them.
sed 's/^\( neighbor [^ ]*\) \(remote-as\|peer-group\|interface\) .*/&\
\1 shutdown/' "$dir/running" >"$dir/drained"
mv "$dir/drained" "$dir/running"
run 0 0 0
[ "$(grep -c called "$dir/calls")" -eq 1 ] || complain "drained, it speaks"

# An FRR that hangs does not keep the machine from going down.
cat >"$dir/vtysh" <<'EOF'
#!/bin/sh
exec sleep 60
EOF
began=$(date +%s)
run 0 0 1
[ $(($(date +%s) - began)) -le 10 ] || complain "it waits for a hung FRR"
exit $bad
